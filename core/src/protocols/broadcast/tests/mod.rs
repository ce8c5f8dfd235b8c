//! Broadcast as the orders define it: by brute force on small runs, by story for each mistake.

mod brute;
mod bugs;
mod stories;

use crate::protocols::testing::{play, violated};
