//! Orders that come from outside the data: a process does one thing after another, and what was
//! called after something returned comes after it.

use super::graph::{Edge, Graph, ON, PROCESS, REAL_TIME};
use super::validate::{Observed, by_process};
use super::{History, Outcome};
use alloc::vec::Vec;

fn edge(from: u32, to: u32, kind: u8) -> Edge {
    Edge { from, to, kind, key: 0, before: None, after: None }
}

/// Each committed transaction before the next one of its process.
pub(super) fn processes(history: &History, seen: &Observed, graph: &mut Graph) {
    let mut last: Option<u32> = None;
    for place in by_process(history) {
        let transaction = &history.transactions[place as usize];
        if !seen.committed[place as usize] {
            continue;
        }
        if let Some(last) = last
            && history.transactions[last as usize].process == transaction.process
        {
            graph.add(edge(last, place, PROCESS));
        }
        last = Some(place);
    }
}

/// Each committed transaction before all that were called after its return: a chain of helpers
/// in the order of time, so that there are only as many edges as events.
pub(super) fn real_time(history: &History, seen: &Observed, graph: &mut Graph) {
    // At the same place calls come first: such a return and call are concurrent.
    let mut events: Vec<(u64, bool, u32)> = Vec::new();
    for (place, transaction) in history.transactions.iter().enumerate() {
        if !seen.committed[place] {
            continue;
        }
        events.push((transaction.called, false, place as u32));
        if transaction.outcome == Outcome::Ok {
            events.push((transaction.returned, true, place as u32));
        }
    }
    events.sort_unstable();
    let mut helper: Option<u32> = None;
    // Somebody has been called since: who returns from now on is not before them.
    let mut closed = true;
    for (_, returns, place) in events {
        if !returns {
            if let Some(helper) = helper {
                graph.list.push(edge(helper, place, ON));
            }
            closed = true;
            continue;
        }
        if closed {
            let fresh = graph.helper();
            if let Some(helper) = helper {
                graph.list.push(edge(helper, fresh, ON));
            }
            helper = Some(fresh);
            closed = false;
        }
        if let Some(helper) = helper {
            graph.list.push(edge(place, helper, REAL_TIME));
        }
    }
}
