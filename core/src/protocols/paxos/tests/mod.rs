//! Paxos under test: one server on a bench whose test is all others, the paper's cases, the
//! mistakes, and random runs.

mod bugs;
mod paper;

use crate::protocols::testing::violated;
