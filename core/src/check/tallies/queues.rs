//! What went into a queue and what came out, once all has been taken out.

use super::{Add, Outcome};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// What became of what was put into a queue. Each value stands as often as it applies, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueTally {
    /// Came out as often as it may.
    pub ok: Vec<i64>,
    /// Was put in with success and never came out.
    pub lost: Vec<i64>,
    /// Came out and nobody had tried to put it in.
    pub unexpected: Vec<i64>,
    /// Came out more often than anybody had tried to put it in: at-least-once delivery allows it.
    pub duplicated: Vec<i64>,
    /// Came out although nobody knew whether it had gone in.
    pub recovered: Vec<i64>,
}

impl QueueTally {
    /// Whether nothing was lost and nothing came from nowhere.
    pub fn holds(&self) -> bool {
        self.lost.is_empty() && self.unexpected.is_empty()
    }
}

/// Compares what was put in with what was taken out, in any order. The queue must have been
/// emptied, or what is left counts as lost. What failed to be put in and came out all the same
/// counts as recovered, as in Jepsen.
pub fn total_queue(puts: &[Add], taken: &[i64]) -> QueueTally {
    /// How often a value was tried, put in with success, taken out.
    #[derive(Default)]
    struct Counts {
        tried: usize,
        put: usize,
        taken: usize,
    }
    let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
    for put in puts {
        let counts = counts.entry(put.value).or_default();
        counts.tried += 1;
        counts.put += usize::from(put.outcome == Outcome::Ok);
    }
    for value in taken {
        counts.entry(*value).or_default().taken += 1;
    }
    let mut tally = QueueTally::default();
    for (value, Counts { tried, put, taken }) in counts {
        let ok = taken.min(tried);
        let over = if tried == 0 { &mut tally.unexpected } else { &mut tally.duplicated };
        over.extend(core::iter::repeat_n(value, taken - ok));
        tally.ok.extend(core::iter::repeat_n(value, ok));
        tally.lost.extend(core::iter::repeat_n(value, put.saturating_sub(taken)));
        tally.recovered.extend(core::iter::repeat_n(value, ok.saturating_sub(put)));
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_go() {
        let put = |value, outcome| Add { value, called: 0, returned: 0, outcome };
        let puts = [
            put(1, Outcome::Ok),
            put(2, Outcome::Ok),
            put(3, Outcome::Info),
            put(4, Outcome::Info),
            put(5, Outcome::Ok),
            put(5, Outcome::Ok),
        ];
        let tally = total_queue(&puts, &[1, 1, 3, 5, 9]);
        let expected = QueueTally {
            ok: [1, 3, 5].to_vec(),
            lost: [2, 5].to_vec(),
            unexpected: [9].to_vec(),
            duplicated: [1].to_vec(),
            recovered: [3].to_vec(),
        };
        assert_eq!(tally, expected);
        assert!(!tally.holds());
        assert!(total_queue(&puts, &[5, 1, 2, 5, 1]).holds());
    }
}
