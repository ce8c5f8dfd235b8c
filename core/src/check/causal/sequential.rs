//! Sequential consistency (Lamport 1979): one order of all operations that keeps each process's
//! own, in which each read returns the last value written. Deciding that is NP-complete even
//! with unique values (Gibbons and Korach 1997), so this is a search, with memory and a budget.

use super::{Action, Facts, Pattern, Verdict, Violation};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

/// How far each process has come, and the last write of each key.
#[derive(Clone)]
struct State {
    done: Vec<u32>,
    last: BTreeMap<u32, u32>,
}

/// Looks for an order of all operations.
pub(super) fn search(facts: &Facts, budget: usize) -> Verdict {
    if as_it_stands(facts) {
        return Verdict::Holds;
    }
    let mut left = budget;
    let mut seen: BTreeSet<(Vec<u32>, Vec<u32>)> = BTreeSet::new();
    let first = State { done: alloc::vec![0; facts.processes.len()], last: BTreeMap::new() };
    let mut open = alloc::vec![first];
    while let Some(mut state) = open.pop() {
        let spent = read_on(facts, &mut state) + facts.processes.len() + state.last.len() + 1;
        match left.checked_sub(spent) {
            Some(rest) => left = rest,
            None => return Verdict::Unknown,
        }
        let ends = facts.processes.iter().zip(&state.done);
        if ends.clone().all(|(ops, done)| ops.len() == *done as usize) {
            return Verdict::Holds;
        }
        if !seen.insert((state.done.clone(), state.last.values().copied().collect())) {
            continue;
        }
        for (process, (ops, done)) in ends.enumerate() {
            let Some(op) = ops.get(*done as usize) else { continue };
            if facts.is_read(*op) {
                continue;
            }
            let mut next = state.clone();
            next.done[process] += 1;
            next.last.insert(facts.op(*op).key, *op);
            open.push(next);
        }
    }
    Verdict::Violated(Violation {
        pattern: Pattern::NoOrder,
        ops: Vec::new(),
        sentence: String::from("No single order of all operations explains what was read."),
    })
}

/// Whether the order in which the history lists the operations is such an order: often it is.
fn as_it_stands(facts: &Facts) -> bool {
    let mut last: BTreeMap<u32, u32> = BTreeMap::new();
    facts.source.iter().enumerate().all(|(place, source)| {
        let place = place as u32;
        let key = facts.op(place).key;
        if facts.is_read(place) {
            return last.get(&key) == source.as_ref();
        }
        last.insert(key, place);
        true
    })
}

/// Reads that fit come at once: they change nothing, so no order is lost. How many there were.
fn read_on(facts: &Facts, state: &mut State) -> usize {
    let mut reads = 0;
    for (ops, done) in facts.processes.iter().zip(&mut state.done) {
        while let Some(op) = ops.get(*done as usize)
            && let Action::Read(_) = facts.op(*op).action
            && facts.source[*op as usize] == state.last.get(&facts.op(*op).key).copied()
        {
            *done += 1;
            reads += 1;
        }
    }
    reads
}
