//! Why a violation of Raft came about, in one sentence with times, read off the trace.

use super::declare::{check, event};
use crate::check::Violation;
use crate::world::{Cause, Event, What};
use alloc::format;
use alloc::string::String;

/// The cause of a violation.
pub fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
    let before = &trace[..(violation.event as usize).min(trace.len())];
    let cause = match violation.check {
        check::ELECTION_SAFETY => double_vote(violation, before, names),
        _ => None,
    };
    cause.or_else(|| history_of_entry(violation, before, names)).unwrap_or_default()
}

/// Virtual time as captions say it.
fn at(time_us: u64) -> String {
    format!("{}.{:03} s", time_us / 1_000_000, time_us / 1_000 % 1_000)
}

/// A voter that gave its vote to two leaders of one term.
fn double_vote(violation: &Violation, trace: &[Event], names: &[String]) -> Option<Cause> {
    let of_term = |event: &&Event| {
        event.what == What::Mark
            && event.sub == event::VOTE
            && u64::from(event.a) == violation.epoch
    };
    let votes: alloc::vec::Vec<&Event> = trace.iter().filter(of_term).collect();
    for (place, second) in votes.iter().enumerate() {
        let twice = |first: &&&Event| first.node == second.node && first.peer != second.peer;
        let Some(first) = votes[..place].iter().find(twice) else { continue };
        let lost = trace.iter().find(|event| {
            event.node == second.node
                && matches!(event.what, What::Crash | What::Kill)
                && (first.time_us..=second.time_us).contains(&event.time_us)
        });
        let voter = &names[second.node.index()];
        let between = if lost.is_some() { ", lost that vote in a crash," } else { "" };
        return Some(Cause {
            sentence: format!(
                "{voter} voted for {} at {}{between} and voted for {} at {}.",
                names[first.peer.index()],
                at(first.time_us),
                names[second.peer.index()],
                at(second.time_us)
            ),
            time_us: Some(first.time_us),
            arrows: alloc::vec![(second.node.0, first.peer.0), (second.node.0, second.peer.0)],
        });
    }
    None
}

/// Who committed the entry, and who was elected since.
fn history_of_entry(violation: &Violation, trace: &[Event], names: &[String]) -> Option<Cause> {
    let mark = |event: &Event, which: u8| event.what == What::Mark && event.sub == which;
    let committed = trace.iter().find(|event| {
        mark(event, event::COMMIT) && violation.index > 0 && u64::from(event.b) >= violation.index
    });
    let elected = trace.iter().rev().find(|event| mark(event, event::LEADER));
    let fault = trace
        .iter()
        .rev()
        .find(|event| matches!(event.what, What::Crash | What::Kill | What::Partition | What::Cut));
    if let Some(committed) = committed {
        let who = &names[committed.node.index()];
        let mut sentence = format!(
            "{who} committed entry {} in term {} at {}",
            violation.index,
            committed.a,
            at(committed.time_us)
        );
        if let Some(elected) = elected.filter(|elected| elected.time_us > committed.time_us) {
            let leader = &names[elected.node.index()];
            sentence += &format!("; {leader} won term {} at {}", elected.a, at(elected.time_us));
        }
        sentence.push('.');
        return Some(Cause {
            sentence,
            time_us: Some(committed.time_us),
            arrows: alloc::vec::Vec::new(),
        });
    }
    let fault = fault?;
    let what = match fault.what {
        What::Crash => "crash",
        What::Kill => "kill",
        What::Partition => "partition",
        _ => "cut",
    };
    Some(Cause {
        sentence: format!("The last fault before it: a {what} at {}.", at(fault.time_us)),
        time_us: Some(fault.time_us),
        arrows: alloc::vec::Vec::new(),
    })
}
