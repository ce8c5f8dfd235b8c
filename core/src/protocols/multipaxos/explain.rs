//! Why a violation of Multi-Paxos came about, in one sentence with times, read off the trace.

use super::declare::event;
use crate::check::Violation;
use crate::world::{Cause, Event, What};
use alloc::format;
use alloc::string::String;

/// The cause of a violation: when the slot was chosen first, and who led since.
pub fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
    let before = &trace[..(violation.event as usize).min(trace.len())];
    let mark = |event: &Event, which: u8| event.what == What::Mark && event.sub == which;
    let chosen = before.iter().find(|event| {
        mark(event, event::CHOSEN) && violation.index > 0 && u64::from(event.b) == violation.index
    });
    let leader = before.iter().rev().find(|event| mark(event, event::LEADER));
    let who = |event: &Event| &names[event.node.index()];
    let mut sentence = chosen.map_or(String::new(), |chosen| {
        format!(
            "{} found slot {} chosen in ballot {} at {}. ",
            who(chosen),
            violation.index,
            chosen.a,
            at(chosen.time_us)
        )
    });
    if let Some(leader) = leader {
        sentence +=
            &format!("{} led ballot {} from {} on.", who(leader), leader.a, at(leader.time_us));
    }
    let time_us = chosen.or(leader).map(|event| event.time_us);
    Cause { sentence, time_us, arrows: alloc::vec::Vec::new() }
}

/// Virtual time as captions say it.
fn at(time_us: u64) -> String {
    format!("{}.{:03} s", time_us / 1_000_000, time_us / 1_000 % 1_000)
}
