//! Eventual convergence: once nobody writes any more, all replicas come to the same.

use super::{Action, History, words};
use alloc::collections::BTreeMap;
use alloc::string::String;

/// Whether the last reads agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Convergence {
    /// For every key that was read by several they do.
    Agrees {
        /// How many keys that were.
        keys: usize,
    },
    /// Two last reads of one key differ.
    Differs {
        /// The two reads, by place in the history.
        ops: (u32, u32),
        /// The same in a plain sentence.
        sentence: String,
    },
    /// No key was read by several after its last write: nothing was checked.
    NothingToCompare,
}

/// Whether for every key the last reads of all processes agree, of those that come after the
/// key's last write. Here `ops` of the history must be in the order of time, each process must
/// read one replica, and between the last write and the last reads there must have been time
/// enough to spread it: that this was so is the caller's to know.
pub fn converged(history: &History) -> Convergence {
    let mut reads: BTreeMap<u32, BTreeMap<u32, (u32, Option<i64>)>> = BTreeMap::new();
    for (place, op) in history.ops.iter().enumerate() {
        let last = reads.entry(op.key).or_default();
        match op.action {
            Action::Write(_) => last.clear(),
            Action::Read(value) => drop(last.insert(op.process, (place as u32, value))),
        }
    }
    let mut keys = 0;
    for last in reads.values() {
        let mut last = last.values();
        let Some((first, value)) = last.next() else { continue };
        keys += usize::from(last.len() > 0);
        if let Some((other, _)) = last.find(|(_, other)| other != value) {
            let sentence = words::differ(history, *first, *other);
            return Convergence::Differs { ops: (*first, *other), sentence };
        }
    }
    if keys == 0 { Convergence::NothingToCompare } else { Convergence::Agrees { keys } }
}
