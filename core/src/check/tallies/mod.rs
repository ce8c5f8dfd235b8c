//! Histories judged by counting, as Jepsen's checkers of the same names do: sets, queues,
//! counters, unique ids. They see only whether things got lost, doubled or out of bounds, in
//! time linear in the history but for sorting.

mod counters;
mod ids;
mod queues;
mod sets;
mod sightings;

pub use counters::{CounterOp, OutOfBounds, counter};
pub use ids::{Duplicate, unique_ids};
pub use queues::{QueueTally, total_queue};
pub use sets::{SetTally, set};
pub use sightings::{SetRead, Sightings, set_full};

/// How something that was asked for ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Ok,
    /// It did not happen.
    Fail,
    /// Nobody knows.
    Info,
}

/// Something added to a set, or put into a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Add {
    /// What.
    pub value: i64,
    /// Place of the call in the history.
    pub called: u64,
    /// Place of the return; without meaning if the outcome is [`Outcome::Info`].
    pub returned: u64,
    /// How it ended.
    pub outcome: Outcome,
}
