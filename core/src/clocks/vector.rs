//! Vector clocks (Fidge, "Timestamps in Message-Passing Systems That Preserve the Partial
//! Ordering", 1988; Mattern, "Virtual Time and Global States of Distributed Systems", 1989), and
//! version vectors (Parker et al., "Detection of Mutual Inconsistency in Distributed Systems",
//! 1983), which have the same shape and count other things.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// For each process, how many of its events are known. What is missing counts 0.
///
/// As an event's stamp: a happened before b exactly if a's vector is smaller than b's, and the
/// two are concurrent exactly if neither is (`partial_cmp` gives `None`).
///
/// ```
/// use happens_before::clocks::VectorClock;
///
/// let (mut a, mut b) = (VectorClock::new(), VectorClock::new());
/// a.tick("a");
/// let sent = a.clone(); // a's message carries this
/// b.tick("b");
/// assert_eq!(sent.partial_cmp(&b), None, "concurrent");
/// b.receive(&sent, "b");
/// assert!(sent < b);
/// assert_eq!((b.get(&"a"), b.get(&"b")), (1, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VectorClock<P> {
    /// By process; no count is 0.
    counts: Vec<(P, u64)>,
}

/// For each replica, how many of its updates an object has seen: a vector clock of which only
/// updates are events. One version replaces another if its vector is greater; of two that are
/// concurrent both are kept. One vector for each client or replica is exact; one vector for each
/// replica through which many clients write is not: see [`Siblings`](super::Siblings).
pub type VersionVector<R> = VectorClock<R>;

impl<P> Default for VectorClock<P> {
    fn default() -> Self {
        VectorClock { counts: Vec::new() }
    }
}

impl<P: Ord + Clone> VectorClock<P> {
    /// Nothing is known.
    pub const fn new() -> VectorClock<P> {
        VectorClock { counts: Vec::new() }
    }

    /// How many events of this process are known.
    pub fn get(&self, process: &P) -> u64 {
        self.place(process).map_or(0, |place| self.counts[place].1)
    }

    /// Sets the count of a process.
    pub fn set(&mut self, process: P, count: u64) {
        match (self.place(&process), count) {
            (Ok(place), 0) => drop(self.counts.remove(place)),
            (Ok(place), _) => self.counts[place].1 = count,
            (Err(_), 0) => {}
            (Err(place), _) => self.counts.insert(place, (process, count)),
        }
    }

    fn place(&self, process: &P) -> Result<usize, usize> {
        self.counts.binary_search_by(|(known, _)| known.cmp(process))
    }

    /// An event of this process alone, or a sending: its message carries the whole vector.
    pub fn tick(&mut self, own: P) {
        let count = self.get(&own) + 1;
        self.set(own, count);
    }

    /// The greater count of each process: the least vector that is not before either.
    pub fn merge(&mut self, other: &Self) {
        for (process, count) in &other.counts {
            if *count > self.get(process) {
                self.set(process.clone(), *count);
            }
        }
    }

    /// The receipt of a message that carries this vector: merge, then count the receipt.
    pub fn receive(&mut self, carried: &Self, own: P) {
        self.merge(carried);
        self.tick(own);
    }

    /// Whether it knows all that the other knows: it is equal or greater.
    pub fn descends(&self, other: &Self) -> bool {
        other.counts.iter().all(|(process, count)| *count <= self.get(process))
    }

    /// Neither knows all that the other knows.
    pub fn is_concurrent(&self, other: &Self) -> bool {
        self.partial_cmp(other).is_none()
    }

    /// The processes of which events are known, in order, and how many.
    pub fn iter(&self) -> impl Iterator<Item = (&P, u64)> {
        self.counts.iter().map(|(process, count)| (process, *count))
    }

    /// The sum of all counts. It grows with causality, as a Lamport clock does, and like that
    /// tells nothing about events that are not ordered.
    pub fn sum(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

impl<P: Ord + Clone> PartialOrd for VectorClock<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (other.descends(self), self.descends(other)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Less),
            (false, true) => Some(Ordering::Greater),
            (false, false) => None,
        }
    }
}

impl<P: Ord + Clone> FromIterator<(P, u64)> for VectorClock<P> {
    fn from_iter<I: IntoIterator<Item = (P, u64)>>(counts: I) -> Self {
        let mut vector = VectorClock::new();
        for (process, count) in counts {
            vector.set(process, count);
        }
        vector
    }
}
