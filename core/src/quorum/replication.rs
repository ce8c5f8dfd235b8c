//! Quorums that come in pairs: one for each phase of a protocol, or one for reads and one for
//! writes. What matters is which of them must meet.

use super::{Quorums, fewest_that_meet, majority, overlap};

/// The quorums of the two phases of Paxos. Those of different phases must meet, those of one
/// phase need not (Howard, Malkhi and Spiegelman, "Flexible Paxos", 2016).
///
/// ```
/// use happens_before::quorum::{Phases, Quorums, Take};
///
/// // Ten acceptors: a new leader asks eight, and each command then takes three.
/// let by_count = Phases { first: Quorums::any(8, 10), second: Quorums::any(3, 10) };
/// assert!(by_count.are_safe() && !by_count.second.meets(&by_count.second));
/// // The same with a grid: a row to lead, a column to decide.
/// let grid = |take| Quorums::grid(2, 5, take);
/// assert!(Phases { first: grid(Take::Row), second: grid(Take::Column) }.are_safe());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phases {
    /// Who must promise: the prepares of a new leader.
    pub first: Quorums,
    /// Who must accept: each command.
    pub second: Quorums,
}

impl Phases {
    /// The smallest first phase that is safe with a second one of `second` of so many.
    pub const fn with_second(second: u16, of: u16) -> Phases {
        let first = Quorums::any(fewest_that_meet(second, of), of);
        Phases { first, second: Quorums::any(second, of) }
    }

    /// Whether every quorum of the first phase meets every one of the second.
    pub fn are_safe(&self) -> bool {
        self.first.meets(&self.second)
    }
}

/// N replicas, of which R answer a read and W acknowledge a write (DeCandia et al., "Dynamo",
/// 2007, §4.5).
///
/// ```
/// use happens_before::quorum::Replication;
///
/// let usual = Replication::new(3, 2, 2).expect("R and W of 1 to N");
/// assert!(usual.reads_meet_writes() && usual.writes_meet());
/// assert_eq!((usual.reads_tolerate(), usual.writes_tolerate()), (1, 1));
/// // A read asks one replica: it may be the one that the write did not reach.
/// assert!(!Replication::new(3, 1, 2).expect("valid").reads_meet_writes());
/// ```
///
/// That reads meet writes is not linearizability: while a write is on its way, one reader may
/// see it and a later one may not (Kleppmann, "Designing Data-Intensive Applications", figure
/// 9-6). The rooms `dynamo` and `abd` show it, and what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Replication {
    n: u16,
    r: u16,
    w: u16,
}

impl Replication {
    /// N, R and W; none unless R and W are 1 to N.
    pub const fn new(n: u16, r: u16, w: u16) -> Option<Replication> {
        if r >= 1 && w >= 1 && r <= n && w <= n { Some(Replication { n, r, w }) } else { None }
    }

    /// R and W are majorities of N, which is at least 1.
    pub const fn majorities(n: u16) -> Replication {
        let n = if n == 0 { 1 } else { n };
        Replication { n, r: majority(n), w: majority(n) }
    }

    /// How many replicas.
    pub const fn n(self) -> u16 {
        self.n
    }

    /// How many answer a read.
    pub const fn r(self) -> u16 {
        self.r
    }

    /// How many acknowledge a write.
    pub const fn w(self) -> u16 {
        self.w
    }

    /// R + W > N: a read asks at least one replica of the last acknowledged write.
    pub const fn reads_meet_writes(self) -> bool {
        overlap(self.r, self.w, self.n)
    }

    /// 2W > N: of two acknowledged writes at least one replica has seen both.
    pub const fn writes_meet(self) -> bool {
        overlap(self.w, self.w, self.n)
    }

    /// How many of the replicas that acknowledged a write a read asks at least: R + W - N.
    pub const fn shared(self) -> u16 {
        (self.r + self.w).saturating_sub(self.n)
    }

    /// How many replicas may be down so that reads are answered: N - R.
    pub const fn reads_tolerate(self) -> u16 {
        self.n - self.r
    }

    /// How many replicas may be down so that writes are acknowledged: N - W.
    pub const fn writes_tolerate(self) -> u16 {
        self.n - self.w
    }

    /// The sets that answer a read.
    pub const fn reads(self) -> Quorums {
        Quorums::any(self.r, self.n)
    }

    /// The sets that acknowledge a write.
    pub const fn writes(self) -> Quorums {
        Quorums::any(self.w, self.n)
    }
}
