//! The scenario language: text to data and back, and what is wrong with a text.

pub mod ast;
