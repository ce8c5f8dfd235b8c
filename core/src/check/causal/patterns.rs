//! The bad patterns of causal consistency and of causal convergence (Bouajjani et al. 2017).

use super::graph::Before;
use super::{Facts, Pattern, Verdict, words};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// CC: CyclicCO, WriteCOInitRead, WriteCORead.
pub(super) fn causal(facts: &Facts, budget: usize) -> Verdict {
    let edges = facts.causes();
    let before = Before::new(facts.history.ops.len(), &edges);
    let order = match before.sorted() {
        Ok(order) => order,
        Err(cycle) => {
            return Verdict::Violated(words::cycle(facts.history, Pattern::CyclicCO, cycle));
        }
    };
    let width = facts.processes.len();
    if facts.history.ops.len().saturating_mul(width) > budget {
        return Verdict::Unknown;
    }
    let past = Past::new(facts, &before, &order, width);
    for (place, op) in facts.history.ops.iter().enumerate() {
        let read = place as u32;
        if !facts.is_read(read) {
            continue;
        }
        // Of each process only its last write that the read knows of can be the worst.
        for process in 0..width {
            let Some(write) = past.last_write(read, process, op.key) else { continue };
            match facts.source[place] {
                None => {
                    let pattern = Pattern::WriteCOInitRead;
                    let violation = words::initial(facts.history, pattern, write, read);
                    return Verdict::Violated(violation);
                }
                Some(source) if source != write && past.knows(write, source) => {
                    return Verdict::Violated(words::stale(facts.history, source, write, read));
                }
                Some(_) => {}
            }
        }
    }
    Verdict::Holds
}

/// CCv, given CC: CyclicCF.
pub(super) fn convergence(facts: &Facts, budget: usize) -> Verdict {
    let mut edges = facts.causes();
    let ops = facts.history.ops.len();
    if (ops + edges.len()).saturating_mul(facts.processes.len()) > budget {
        return Verdict::Unknown;
    }
    let before = Before::new(ops, &edges);
    for process in &facts.processes {
        let reads: Vec<u32> = process.iter().copied().filter(|op| facts.is_read(*op)).collect();
        match super::view::overwritten(facts, &reads, &before) {
            Ok(more) => edges.extend(more),
            Err((write, read)) => {
                let pattern = Pattern::WriteCOInitRead;
                return Verdict::Violated(words::initial(facts.history, pattern, write, read));
            }
        }
    }
    match Before::new(ops, &edges).sorted() {
        Ok(_) => Verdict::Holds,
        Err(cycle) => Verdict::Violated(words::cycle(facts.history, Pattern::CyclicCF, cycle)),
    }
}

/// How many operations of each process are among the causes of each operation, itself included.
struct Past {
    counts: Vec<u32>,
    width: usize,
    /// Process and place in it of each operation.
    places: Vec<(u32, u32)>,
    /// By process and key, the places of its writes and who they are.
    writes: BTreeMap<(u32, u32), Vec<(u32, u32)>>,
}

impl Past {
    fn new(facts: &Facts, before: &Before, order: &[u32], width: usize) -> Past {
        let ops = facts.history.ops.len();
        let mut places = alloc::vec![(0, 0); ops];
        let mut writes: BTreeMap<(u32, u32), Vec<(u32, u32)>> = BTreeMap::new();
        for (process, chain) in facts.processes.iter().enumerate() {
            for (place, op) in chain.iter().enumerate() {
                places[*op as usize] = (process as u32, place as u32);
                if !facts.is_read(*op) {
                    let key = (process as u32, facts.op(*op).key);
                    writes.entry(key).or_default().push((place as u32, *op));
                }
            }
        }
        let mut counts = alloc::vec![0u32; ops * width];
        for op in order {
            let row = *op as usize * width;
            for earlier in before.of(*op) {
                let other = *earlier as usize * width;
                for process in 0..width {
                    counts[row + process] = counts[row + process].max(counts[other + process]);
                }
            }
            let (process, place) = places[*op as usize];
            counts[row + process as usize] = place + 1;
        }
        Past { counts, width, places, writes }
    }

    /// Whether the second is among the causes of the first.
    fn knows(&self, op: u32, cause: u32) -> bool {
        let (process, place) = self.places[cause as usize];
        self.counts[op as usize * self.width + process as usize] > place
    }

    /// The last write of a process to a key among the causes of a read.
    fn last_write(&self, read: u32, process: usize, key: u32) -> Option<u32> {
        let writes = self.writes.get(&(process as u32, key))?;
        let known = self.counts[read as usize * self.width + process];
        let count = writes.partition_point(|(place, _)| *place < known);
        let (_, write) = writes.get(count.checked_sub(1)?)?;
        Some(*write)
    }
}
