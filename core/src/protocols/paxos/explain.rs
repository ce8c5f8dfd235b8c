//! Why a violation of Paxos came about, in one sentence with times, read off the trace.

use super::declare::event;
use crate::check::Violation;
use crate::world::{Cause, Event, What};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The cause of a violation.
pub fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
    let before = &trace[..(violation.event as usize).min(trace.len())];
    let proposed = |event: &&Event| {
        event.what == What::Mark && matches!(event.sub, event::PROPOSE | event::TAKE_OVER)
    };
    let proposals: Vec<&Event> = before.iter().filter(proposed).collect();
    let [.., first, last] = proposals.as_slice() else { return Cause::default() };
    let says = |proposal: &Event| {
        let free =
            if proposal.sub == event::PROPOSE { "its own value" } else { "a reported value" };
        format!(
            "{} proposed {free} in ballot {} at {}",
            names[proposal.node.index()],
            proposal.a,
            at(proposal.time_us)
        )
    };
    Cause {
        sentence: format!("{}, {}.", says(first), says(last)),
        time_us: Some(first.time_us),
        arrows: Vec::new(),
    }
}

/// Virtual time as captions say it.
fn at(time_us: u64) -> String {
    format!("{}.{:03} s", time_us / 1_000_000, time_us / 1_000 % 1_000)
}
