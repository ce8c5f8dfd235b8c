//! Why a promise of primary-backup was broken, in one sentence with times, read off the trace.

use super::declare::event;
use crate::check::Violation;
use crate::world::{Cause, Event, What};
use alloc::format;
use alloc::string::String;

/// The cause of a violation: who took over before it, what was acknowledged, what fault came
/// first.
pub fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
    let before = &trace[..(violation.event as usize).min(trace.len())];
    let mark = |event: &Event, which: u8| event.what == What::Mark && event.sub == which;
    let name = |event: &Event| names.get(event.node.index()).map_or("?", String::as_str);
    let took_over = before.iter().rev().find(|event| mark(event, event::LEADER));
    let acknowledged = before.iter().find(|event| {
        mark(event, event::COMMIT) && violation.index > 0 && u64::from(event.b) >= violation.index
    });
    let fault = before
        .iter()
        .rev()
        .find(|event| matches!(event.what, What::Crash | What::Kill | What::Partition | What::Cut));
    let mut sentence = String::new();
    if let Some(event) = acknowledged {
        let at = at(event.time_us);
        sentence += &format!("{} acknowledged entry {} at {at}", name(event), violation.index);
    }
    if let Some(event) = took_over {
        let also = if sentence.is_empty() { "" } else { "; " };
        sentence += &format!("{also}{} took over at {}", name(event), at(event.time_us));
    }
    if let Some(event) = fault.filter(|_| took_over.is_some()) {
        let what = match event.what {
            What::Crash => "a crash",
            What::Kill => "a kill",
            What::Partition => "a partition",
            _ => "a cut",
        };
        sentence += &format!(", after {what} at {}", at(event.time_us));
    }
    if !sentence.is_empty() {
        sentence.push('.');
    }
    let time_us = acknowledged.or(fault).map(|event| event.time_us);
    Cause { sentence, time_us, arrows: alloc::vec::Vec::new() }
}

/// Virtual time as captions say it.
fn at(time_us: u64) -> String {
    format!("{}.{:03} s", time_us / 1_000_000, time_us / 1_000 % 1_000)
}
