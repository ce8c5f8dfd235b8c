//! Sequential specifications of well-known objects. Users write theirs the same way.

mod effects;
mod map;
mod multi_register;
mod mutex;
mod queue;
mod register;
mod set;
mod stack;

pub use map::{Map, MapAction, MapInput, MapOutput};
pub use multi_register::{Access, MultiRegister};
pub use mutex::{Mutex, MutexInput, MutexOutput};
pub use queue::{Queue, QueueInput, QueueOutput};
pub use register::{Register, RegisterInput, RegisterOutput};
pub use set::{Set, SetInput, SetOutput};
pub use stack::{Stack, StackInput, StackOutput};

use alloc::string::{String, ToString};
use core::fmt::{Debug, Display};
use core::hash::Hash;

/// What can be a value or a key: anything that can be compared, hashed and shown.
pub trait Datum: Clone + Ord + Hash + Display + Debug {}

impl<T: Clone + Ord + Hash + Display + Debug> Datum for T {}

/// A value in words, or `nil`.
fn name<V: Datum>(value: Option<&V>) -> String {
    value.map_or_else(|| "nil".to_string(), V::to_string)
}

/// Pieces, one after another.
fn join(pieces: &[&str]) -> String {
    pieces.concat()
}

/// Values in words, within brackets.
fn list<'a, V: Datum + 'a>(values: impl Iterator<Item = &'a V>) -> String {
    let mut out = String::from("[");
    for value in values {
        if out.len() > 1 {
            out.push(' ');
        }
        out.push_str(&value.to_string());
    }
    out.push(']');
    out
}
