//! Tests of the ABD register: the papers' rules step by step, and mistakes with the damage that
//! they do.

mod bugs;
mod paper;
mod random;

use crate::protocols::testing::{play, violated};
