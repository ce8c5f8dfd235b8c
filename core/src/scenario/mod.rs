//! The scenario language: text to data and back, and what is wrong with a text.

mod action;
pub mod ast;
mod chaos;
mod check;
mod cursor;
mod diagnose;
mod edit;
mod lex;
mod markdown;
mod model;
mod network;
mod parse;
mod print;
#[cfg(test)]
mod random;
mod read;
#[cfg(test)]
mod sample;
mod switch;
#[cfg(test)]
mod tests;
mod words;

pub use ast::*;
pub use chaos::{NEVER_DRAWN, expand};
pub use cursor::span_us;
pub use diagnose::Diagnostic;
pub use edit::{freeze_chaos, insert_action, parse_action, remove_bug, set_chaos, set_seed};
pub use markdown::fenced;
pub use parse::{LINES_MOST, parse};
pub use print::{Shift, Span};
pub use read::ClientLine;
pub use switch::{Aside, Switched, switch};
pub use words::{CHAOS, LINEARIZABLE, check_index, check_words, event, name};
