//! Tests of the Dynamo register: the paper's rules step by step, what it does not promise, and
//! mistakes with the damage that they do.

mod bugs;
mod paper;
mod random;
mod search;

use crate::protocols::testing::{play, violated};
