//! Whether reads of a counter that only grows lie within what can have been added.

use super::Outcome;
use alloc::vec::Vec;

/// One operation on a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CounterOp {
    /// Adds so much.
    Add {
        /// How much.
        amount: u32,
        /// Place of the call in the history.
        called: u64,
        /// Place of the return; without meaning if the outcome is [`Outcome::Info`].
        returned: u64,
        /// How it ended.
        outcome: Outcome,
    },
    /// Reads, with an answer.
    Read {
        /// What it returned.
        value: i64,
        /// Place of the call in the history.
        called: u64,
        /// Place of the return.
        returned: u64,
    },
}

/// A read that no additions explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    /// Which operation, by place in what was given.
    pub op: usize,
    /// What it returned.
    pub value: i64,
    /// What had certainly been added when it was called.
    pub least: u64,
    /// What can have been added by its return.
    pub most: u64,
}

/// Reads that lie out of bounds; none is as it should be. At least what had been added with
/// success before the read was called, at most what had been asked for, and did not fail, before
/// it returned. At the same place of the history things are concurrent.
pub fn counter(ops: &[CounterOp]) -> Vec<OutOfBounds> {
    let (mut done, mut asked) = (Vec::new(), Vec::new());
    for op in ops {
        let CounterOp::Add { amount, called, returned, outcome } = *op else { continue };
        let amount = u64::from(amount);
        if outcome == Outcome::Ok {
            done.push((returned, amount));
        }
        if outcome != Outcome::Fail {
            asked.push((called, amount));
        }
    }
    let (done, asked) = (sums(done), sums(asked));
    let mut out = Vec::new();
    for (place, op) in ops.iter().enumerate() {
        let CounterOp::Read { value, called, returned } = *op else { continue };
        let least = sum(&done, |at| at < called);
        let most = sum(&asked, |at| at <= returned);
        if u64::try_from(value).map_or(true, |value| value < least || value > most) {
            out.push(OutOfBounds { op: place, value, least, most });
        }
    }
    out
}

/// Sums up to and with each place.
fn sums(mut amounts: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    amounts.sort_unstable();
    let mut sum = 0u64;
    for (_, amount) in &mut amounts {
        sum = sum.saturating_add(*amount);
        *amount = sum;
    }
    amounts
}

/// The sum over the places that count, which are the first ones.
fn sum(sums: &[(u64, u64)], counts: impl Fn(u64) -> bool) -> u64 {
    let count = sums.partition_point(|(at, _)| counts(*at));
    count.checked_sub(1).map_or(0, |last| sums[last].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_what_is_certain_and_what_is_possible() {
        let add = |amount, called, returned, outcome| CounterOp::Add {
            amount,
            called,
            returned,
            outcome,
        };
        let adds = [
            add(1, 0, 1, Outcome::Ok),
            add(2, 2, 9, Outcome::Ok),
            add(4, 3, 4, Outcome::Fail),
            add(8, 5, 0, Outcome::Info),
        ];
        let bounds = |value, called, returned| {
            let mut ops = adds.to_vec();
            ops.push(CounterOp::Read { value, called, returned });
            counter(&ops).first().map(|out| (out.op, out.least, out.most))
        };
        for fine in [1, 3, 9, 11] {
            assert_eq!(bounds(fine, 2, 6), None);
        }
        assert_eq!(bounds(0, 2, 6), Some((4, 1, 11)));
        assert_eq!(bounds(12, 2, 6), Some((4, 1, 11)));
        assert_eq!(bounds(4, 2, 4), Some((4, 1, 3)));
        assert_eq!(bounds(2, 10, 11), Some((4, 3, 11)));
        assert_eq!(bounds(-1, 0, 0), Some((4, 0, 1)));
        // At the same place: concurrent.
        assert_eq!(bounds(0, 1, 1), None);
        assert_eq!(bounds(9, 5, 5), None);
    }
}
