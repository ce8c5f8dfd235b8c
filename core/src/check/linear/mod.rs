//! Whether a history that was not made here is linearizable (Herlihy and Wing 1990): recorded
//! elsewhere, read from a file, judged against a sequential specification. The search is Wing
//! and Gong's (1993) with Lowe's memory of configurations (2017), on each part of the history
//! apart (Horn and Kroening 2015). It is driven in slices and stops within a budget. Where no value
//! can be there twice no search is needed (`unique`).
//!
//! Assumed: intervals are closed, so what returns at the time another is called is concurrent
//! with it; an operation that never returned may take effect at any time after its call, or
//! never. Our own runs are judged by [`search`](fn@super::search) and its witness, not by this.

mod hash;
mod history;
mod just_in_time;
mod layout;
mod memory;
mod part;
mod search;
mod shrink;
mod specification;
mod specifications;
mod unique;
mod value;
mod violation;

#[cfg(test)]
mod tests;

pub use history::{History, HistoryError, Operation, Return};
pub use just_in_time::JustInTime;
pub use search::{Budget, Decided, Progress, Search, Verdict};
pub use specification::{Effect, Outcomes, Specification};
pub use specifications::{
    Access, Datum, Map, MapAction, MapInput, MapOutput, MultiRegister, Mutex, MutexInput,
    MutexOutput, Queue, QueueInput, QueueOutput, Register, RegisterInput, RegisterOutput, Set,
    SetInput, SetOutput, Stack, StackInput, StackOutput,
};
pub use value::Value;
pub use violation::Violation;

/// The verdict on a history: advances a [`Search`] to its end.
pub fn check<S: Specification>(
    specification: S,
    history: History<S::Input, S::Output>,
    budget: Budget,
) -> Verdict {
    let mut search = Search::new(specification, history, budget);
    loop {
        if let Progress::Done(verdict) = search.advance(u64::MAX) {
            return verdict;
        }
    }
}
