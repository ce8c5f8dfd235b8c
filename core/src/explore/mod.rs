//! Many runs: random texts, what a sweep over seeds exercised, and what it found. Never
//! starts a thread: that is for whoever calls.

#[cfg(feature = "raft")]
mod generate;
mod sweep;
mod tally;
mod twin;

#[cfg(feature = "raft")]
pub use generate::{random_scenario, random_text};
pub use sweep::{Extent, Report, STEPS_MAX, judge_run};
pub use tally::{Count, Counter, HEADINGS, Tally};
pub use twin::Twin;
