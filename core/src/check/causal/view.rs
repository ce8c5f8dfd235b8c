//! What one process can have seen. Its reads stand in one order, so a few rules decide whether
//! there is a view: whatever must come before a read must come before the write that it saw, if
//! it writes the same key; and when nothing more follows, there is a view if no cycle has come
//! about and no read of an initial value has a write to its key before it. (The argument is that
//! of Bouajjani et al. 2017 for causal memory, and does not depend on which order is kept.)

use super::graph::Before;
use super::{Facts, Model, Pattern, Verdict, words};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Whether all processes have views that keep the model's order.
pub(super) fn all(facts: &Facts, model: Model, budget: usize) -> Verdict {
    let shared = match model {
        Model::CausalMemory => facts.causes(),
        Model::MonotonicWrites => writes_in_order(facts),
        Model::WritesFollowReads => writes_after_reads(facts),
        Model::Pram => facts.processes.iter().flat_map(|ops| pairs(ops)).collect(),
        _ => Vec::new(),
    };
    let mut left = budget;
    for ops in &facts.processes {
        let reads: Vec<u32> = ops.iter().copied().filter(|op| facts.is_read(*op)).collect();
        let mut edges = shared.clone();
        if model == Model::ReadYourWrites {
            let Some(verdict) = own_writes(facts, ops, &mut left) else { return Verdict::Unknown };
            if verdict != Verdict::Holds {
                return verdict;
            }
            continue;
        }
        edges.extend(
            reads
                .iter()
                .filter_map(|read| facts.source[*read as usize].map(|source| (source, *read))),
        );
        edges.extend(pairs(&reads));
        match one(facts, &reads, edges, &mut left) {
            None => return Verdict::Unknown,
            Some(Fits::Yes) => {}
            Some(Fits::Initial(write, read)) => {
                let pattern = pattern(model, Pattern::WriteHBInitRead);
                return Verdict::Violated(words::initial(facts.history, pattern, write, read));
            }
            Some(Fits::Cycle(cycle)) => {
                let pattern = pattern(model, Pattern::CyclicHB);
                return Verdict::Violated(words::cycle(facts.history, pattern, cycle));
            }
        }
    }
    Verdict::Holds
}

/// The paper's patterns are those of causal memory.
fn pattern(model: Model, of_memory: Pattern) -> Pattern {
    if model == Model::CausalMemory { of_memory } else { Pattern::NoView }
}

fn pairs(ops: &[u32]) -> impl Iterator<Item = (u32, u32)> {
    ops.windows(2).map(|pair| (pair[0], pair[1]))
}

fn writes_in_order(facts: &Facts) -> Vec<(u32, u32)> {
    let mut edges = Vec::new();
    for ops in &facts.processes {
        let writes: Vec<u32> = ops.iter().copied().filter(|op| !facts.is_read(*op)).collect();
        edges.extend(pairs(&writes));
    }
    edges
}

/// Each write of a process after the writes that the process had read from. So that there are not
/// as many edges as pairs, each process has a chain of helpers, one for each of its reads, by way
/// of which they lead.
fn writes_after_reads(facts: &Facts) -> Vec<(u32, u32)> {
    let ops = facts.history.ops.len() as u32;
    let mut edges = Vec::new();
    for chain in &facts.processes {
        let mut last: Option<u32> = None;
        for op in chain {
            if !facts.is_read(*op) {
                edges.extend(last.map(|last| (last, *op)));
                continue;
            }
            let Some(source) = facts.source[*op as usize] else { continue };
            // A helper with the number of the read, behind all operations.
            let helper = ops + *op;
            edges.push((source, helper));
            edges.extend(last.map(|last| (last, helper)));
            last = Some(helper);
        }
    }
    edges
}

/// Whether a process has a view.
enum Fits {
    Yes,
    /// This write must come before this read of the initial value.
    Initial(u32, u32),
    Cycle(Vec<u32>),
}

/// Whether a process with these reads has a view that keeps these edges, to which those from the
/// writes that it reads from, and between its reads, belong. `None`: the budget ran out.
fn one(
    facts: &Facts,
    reads: &[u32],
    mut edges: Vec<(u32, u32)>,
    budget: &mut usize,
) -> Option<Fits> {
    let nodes = facts.history.ops.len() * 2;
    edges.sort_unstable();
    edges.dedup();
    loop {
        *budget = budget.checked_sub(nodes + edges.len())?;
        let before = Before::new(nodes, &edges);
        let known = edges.len();
        match overwritten(facts, reads, &before) {
            Ok(more) => edges.extend(more),
            Err((write, read)) => return Some(Fits::Initial(write, read)),
        }
        edges.sort_unstable();
        edges.dedup();
        if let Err(mut cycle) = Before::new(nodes, &edges).sorted() {
            cycle.retain(|op| (*op as usize) < facts.history.ops.len());
            return Some(Fits::Cycle(cycle));
        }
        if edges.len() == known {
            return Some(Fits::Yes);
        }
    }
}

/// Writes that must come before a read of their key come before the write it saw: these edges, as
/// few of them as say it all. Error: a write that must come before a read of the initial value.
pub(super) fn overwritten(
    facts: &Facts,
    reads: &[u32],
    before: &Before,
) -> Result<Vec<(u32, u32)>, (u32, u32)> {
    // By key, which writes come before the first reads of it so far, read by read.
    let mut arrived = alloc::vec![false; facts.history.ops.len() * 2];
    let mut waiting: BTreeMap<u32, (Vec<u32>, Option<u32>)> = BTreeMap::new();
    let mut edges = Vec::new();
    let mut open = Vec::new();
    for read in reads {
        open.push(*read);
        while let Some(op) = open.pop() {
            if core::mem::replace(&mut arrived[op as usize], true) {
                continue;
            }
            open.extend(before.of(op).iter().filter(|earlier| !arrived[**earlier as usize]));
            if (op as usize) < facts.history.ops.len() && !facts.is_read(op) {
                waiting.entry(facts.op(op).key).or_default().0.push(op);
            }
        }
        let (writes, last) = waiting.entry(facts.op(*read).key).or_default();
        match facts.source[*read as usize] {
            Some(source) => {
                let earlier = writes.drain(..).chain(*last).filter(|write| *write != source);
                edges.extend(earlier.map(|write| (write, source)));
                *last = Some(source);
            }
            None => {
                if let Some(write) = writes.first().copied().or(*last) {
                    return Err((write, *read));
                }
            }
        }
    }
    Ok(edges)
}

/// Read your writes, of one process. Its reads may stand in any order, but each after the
/// process's earlier writes, of which those to its key then come before the write that it saw.
/// So that there are not as many edges as pairs, a chain of helpers, one for each own write to a
/// key, stands for all of them up to that one.
fn own_writes(facts: &Facts, ops: &[u32], budget: &mut usize) -> Option<Verdict> {
    let count = facts.history.ops.len();
    let helper = |write: u32| write + count as u32;
    let mut own: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    // Place of each own write among those to its key, and up to where the later ones come before.
    let mut places: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    let mut edges = Vec::new();
    for op in ops {
        *budget = budget.checked_sub(1)?;
        let earlier = own.entry(facts.op(*op).key).or_default();
        if !facts.is_read(*op) {
            edges.push((*op, helper(*op)));
            edges.extend(earlier.last().map(|last| (helper(*last), helper(*op))));
            places.insert(*op, (earlier.len(), earlier.len() + 1));
            earlier.push(*op);
            continue;
        }
        let Some(source) = facts.source[*op as usize] else {
            let Some(write) = earlier.first() else { continue };
            let violation = words::initial(facts.history, Pattern::NoView, *write, *op);
            return Some(Verdict::Violated(violation));
        };
        let Some((place, covered)) = places.get_mut(&source) else {
            edges.extend(earlier.last().map(|last| (helper(*last), source)));
            continue;
        };
        edges.extend(place.checked_sub(1).map(|before| (helper(earlier[before]), source)));
        *budget = budget.checked_sub(earlier.len() - *covered)?;
        edges.extend(earlier[*covered..].iter().map(|later| (*later, source)));
        *covered = earlier.len();
    }
    *budget = budget.checked_sub(count)?;
    Some(match Before::new(count * 2, &edges).sorted() {
        Ok(_) => Verdict::Holds,
        Err(mut cycle) => {
            cycle.retain(|op| (*op as usize) < count);
            Verdict::Violated(words::cycle(facts.history, Pattern::NoView, cycle))
        }
    })
}
