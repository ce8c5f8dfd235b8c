//! What was added to a set and what one read at the end found in it.

use super::{Add, Outcome};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// What became of what was added to a set, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetTally {
    /// Was added, or tried to be, and is there.
    pub ok: Vec<i64>,
    /// Was added with success and is not there.
    pub lost: Vec<i64>,
    /// Is there and nobody had tried to add it.
    pub unexpected: Vec<i64>,
    /// Is there although nobody knew whether it had been added.
    pub recovered: Vec<i64>,
}

impl SetTally {
    /// Whether nothing was lost and nothing came from nowhere.
    pub fn holds(&self) -> bool {
        self.lost.is_empty() && self.unexpected.is_empty()
    }
}

/// Compares what was added with a read after all additions had ended. Without such a read there
/// is nothing to check. What failed to be added and is there counts as recovered, as in Jepsen.
pub fn set(adds: &[Add], last_read: &[i64]) -> SetTally {
    let read: BTreeSet<i64> = last_read.iter().copied().collect();
    let tried: BTreeSet<i64> = adds.iter().map(|add| add.value).collect();
    let added = adds.iter().filter(|add| add.outcome == Outcome::Ok);
    let added: BTreeSet<i64> = added.map(|add| add.value).collect();
    let ok: Vec<i64> = read.intersection(&tried).copied().collect();
    SetTally {
        lost: added.difference(&read).copied().collect(),
        unexpected: read.difference(&tried).copied().collect(),
        recovered: ok.iter().copied().filter(|value| !added.contains(value)).collect(),
        ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_go() {
        let add = |value, outcome| Add { value, called: 0, returned: 0, outcome };
        let adds = [
            add(1, Outcome::Ok),
            add(2, Outcome::Ok),
            add(3, Outcome::Info),
            add(4, Outcome::Info),
        ];
        let tally = set(&adds, &[9, 3, 1]);
        let expected = SetTally {
            ok: [1, 3].to_vec(),
            lost: [2].to_vec(),
            unexpected: [9].to_vec(),
            recovered: [3].to_vec(),
        };
        assert_eq!(tally, expected);
        assert!(!tally.holds() && set(&adds, &[1, 2]).holds());
    }
}
