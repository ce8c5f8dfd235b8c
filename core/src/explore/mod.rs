//! Many runs: random texts, what a sweep over seeds exercised, and what it found. Never
//! starts a thread: that is for whoever calls.

#[cfg(feature = "raft")]
mod catalogue;
#[cfg(feature = "raft")]
mod dialect;
pub mod exhaust;
mod freeze;
#[cfg(feature = "raft")]
mod generate;
#[cfg(feature = "raft")]
mod live;
#[cfg(feature = "raft")]
mod models;
mod names;
mod passes;
mod shrink;
mod side;
mod sweep;
mod tally;
mod trial;
mod trials;
mod twin;

#[cfg(feature = "raft")]
pub use catalogue::{chaos_scenario, chaos_text, some_bugs};
pub use freeze::{Frozen, freeze};
#[cfg(feature = "raft")]
pub use generate::{random_scenario, random_scenario_of, random_text, random_text_of};
#[cfg(feature = "raft")]
pub use live::demand_progress;
#[cfg(feature = "raft")]
pub use models::{Kept, PROGRESS, Row, SYSTEMS, Words, survey, system_text};
pub use shrink::{NoShrink, Progress, Proposal, Shrink, Size, violates_under};
pub use side::{Column, side_by_side};
pub use sweep::{Extent, Report, STEPS_MAX, judge_run};
pub use tally::{Count, Counter, HEADINGS, Tally};
pub use trial::Hit;
pub use trials::{System, Trial, is_promised, promised_under};
pub use twin::Twin;
