//! What is known while answers come in: how a vote stands, and up to where a log is committed.

use super::{Members, Quorums};

/// How a vote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A quorum has granted it.
    Won,
    /// Too many have refused: whoever is silent yet can't change that.
    Lost,
    /// Neither, so far.
    Pending,
}

impl Quorums {
    /// How a vote stands that these have granted and those refused.
    ///
    /// ```
    /// use happens_before::quorum::{Outcome, Quorums};
    /// let majority = Quorums::majority(4);
    /// assert_eq!(majority.outcome([0, 1].into(), [2].into()), Outcome::Pending);
    /// assert_eq!(majority.outcome([0, 1].into(), [2, 3].into()), Outcome::Lost);
    /// ```
    pub fn outcome(&self, granted: Members, refused: Members) -> Outcome {
        if self.suffices(granted) {
            Outcome::Won
        } else if self.suffices(refused.others()) {
            Outcome::Pending
        } else {
            Outcome::Lost
        }
    }

    /// The highest log index that a quorum has, of the highest that each member is known to
    /// have; 0 if there is none (Ongaro and Ousterhout 2014, figure 2, rules for leaders).
    ///
    /// ```
    /// use happens_before::quorum::Quorums;
    /// assert_eq!(Quorums::majority(3).committed(&[12, 5, 0]), 5);
    /// ```
    pub fn committed(&self, indexes: &[u64]) -> u64 {
        let have = |index: u64| {
            let has = |&(_, &known): &(usize, &u64)| known >= index;
            indexes.iter().enumerate().filter(has).map(|(member, _)| member as u16).collect()
        };
        let reached = indexes.iter().copied().filter(|&index| self.suffices(have(index)));
        reached.max().unwrap_or(0)
    }
}
