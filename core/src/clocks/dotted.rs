//! Dotted version vectors (Preguiça, Baquero, Almeida, Fonte and Gonçalves, "Dotted Version
//! Vectors: Logical Clocks for Optimistic Replication", 2010; the set of siblings as one clock:
//! Almeida, Baquero, Gonçalves, Preguiça and Fonte, "Scalable and Accurate Causality Tracking
//! for Eventually Consistent Stores", 2014).

use super::vector::VersionVector;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// One write: the `count`-th (from 1) that this replica has coordinated for the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot<R> {
    /// The replica.
    pub replica: R,
    /// 1...
    pub count: u64,
}

/// The clock of one version: the write that made it, and all that its writer had seen. The dot
/// stands apart because it need not follow on the vector: a client that had seen writes 1 and 2
/// of a replica may well be the one that makes its write 4.
///
/// ```
/// use happens_before::clocks::{Dot, DottedVersion, VersionVector};
///
/// // Two clients write through r; neither has seen the other's value.
/// let first = DottedVersion::new(Dot { replica: "r", count: 1 }, VersionVector::new());
/// let second = DottedVersion::new(Dot { replica: "r", count: 2 }, VersionVector::new());
/// assert_eq!(first.partial_cmp(&second), None, "a plain version vector says r:1 < r:2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DottedVersion<R> {
    /// The write.
    pub dot: Dot<R>,
    /// What its writer had seen.
    pub past: VersionVector<R>,
}

impl<R: Ord + Clone> DottedVersion<R> {
    /// The version that this write made, knowing this past.
    pub fn new(dot: Dot<R>, past: VersionVector<R>) -> DottedVersion<R> {
        DottedVersion { dot, past }
    }

    /// Whether its writer had seen that write.
    pub fn knows(&self, dot: &Dot<R>) -> bool {
        dot.count <= self.past.get(&dot.replica)
    }
}

impl<R: Ord + Clone> PartialOrd for DottedVersion<R> {
    /// In constant time: one version replaces another if its writer had seen that one's dot.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.dot == other.dot {
            return Some(Ordering::Equal);
        }
        match (other.knows(&self.dot), self.knows(&other.dot)) {
            (true, _) => Some(Ordering::Less),
            (_, true) => Some(Ordering::Greater),
            _ => None,
        }
    }
}

/// What a replica stores of one object: the values of which none has replaced another, each
/// with its dot, and all writes that are known. A client reads the values with the context, and
/// gives the context back when it writes: that says what its write replaces.
///
/// ```
/// use happens_before::clocks::{Siblings, VersionVector};
///
/// let mut cart = Siblings::new();
/// cart.write("n1", &VersionVector::new(), "milk");
/// let seen = cart.context();
/// cart.write("n1", &VersionVector::new(), "eggs"); // blind: it has seen nothing
/// assert!(cart.values().eq([&"milk", &"eggs"]));
/// cart.write("n1", &seen, "milk and flour"); // replaces what it had seen, and no more
/// assert!(cart.values().eq([&"eggs", &"milk and flour"]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Siblings<R, V> {
    /// All writes that are known. Of each replica they are the first so many.
    context: VersionVector<R>,
    /// In the order of their dots.
    values: Vec<(Dot<R>, V)>,
}

impl<R, V> Default for Siblings<R, V> {
    fn default() -> Self {
        Siblings { context: VersionVector::default(), values: Vec::new() }
    }
}

impl<R: Ord + Clone, V: Clone> Siblings<R, V> {
    /// Never written.
    pub const fn new() -> Siblings<R, V> {
        Siblings { context: VersionVector::new(), values: Vec::new() }
    }

    /// The values that none has replaced, in the order of their dots.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter().map(|(_, value)| value)
    }

    /// The values with the writes that made them.
    pub fn dots(&self) -> impl Iterator<Item = (&Dot<R>, &V)> {
        self.values.iter().map(|(dot, value)| (dot, value))
    }

    /// What a client has seen that reads now.
    pub fn context(&self) -> VersionVector<R> {
        self.context.clone()
    }

    /// Whether it knows this write, replaced or not.
    pub fn knows(&self, dot: &Dot<R>) -> bool {
        dot.count <= self.context.get(&dot.replica)
    }

    /// A client that has seen `seen` writes through this replica; gives the write's dot. Values
    /// that it had seen are replaced, all others stay as its siblings.
    pub fn write(&mut self, replica: R, seen: &VersionVector<R>, value: V) -> Dot<R> {
        // A context may come from another replica and be ahead of this one.
        let count = self.context.get(&replica).max(seen.get(&replica)) + 1;
        let dot = Dot { replica: replica.clone(), count };
        self.values.retain(|(known, _)| known.count > seen.get(&known.replica));
        self.context.merge(seen);
        self.context.set(replica, count);
        self.insert(dot.clone(), value);
        dot
    }

    /// What another replica stores comes in: a value goes if the other knows its write and has
    /// it no more.
    pub fn merge(&mut self, other: &Self) {
        let gone = |dot: &Dot<R>, there: &Self| there.knows(dot) && there.value_of(dot).is_none();
        let new: Vec<_> = other
            .values
            .iter()
            .filter(|(dot, _)| self.value_of(dot).is_none() && !gone(dot, self))
            .cloned()
            .collect();
        self.values.retain(|(dot, _)| !gone(dot, other));
        for (dot, value) in new {
            self.insert(dot, value);
        }
        self.context.merge(&other.context);
    }

    /// The value that this write made, if nothing has replaced it.
    pub fn value_of(&self, dot: &Dot<R>) -> Option<&V> {
        let place = self.values.binary_search_by(|(known, _)| known.cmp(dot));
        place.ok().map(|place| &self.values[place].1)
    }

    fn insert(&mut self, dot: Dot<R>, value: V) {
        let place = self.values.partition_point(|(known, _)| *known < dot);
        self.values.insert(place, (dot, value));
    }
}
