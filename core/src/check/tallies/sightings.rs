//! When each element of a set was seen and when not, in many reads: Jepsen's `set-full`.

use super::{Add, Outcome};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// One read of a whole set, with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRead {
    /// Place of the call in the history.
    pub called: u64,
    /// Place of the return.
    pub returned: u64,
    /// What it found; more than once is a duplicate.
    pub values: Vec<i64>,
}

/// What became of the elements of a set, each kind in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sightings {
    /// Seen by the last read that can tell.
    pub stable: Vec<i64>,
    /// Stable, but missing from a read called after it was known to be there.
    pub stale: Vec<i64>,
    /// Known to be there, and missing from the last read that can tell.
    pub lost: Vec<i64>,
    /// Neither: no read says anything about it.
    pub never_read: Vec<i64>,
    /// Found more than once by one read.
    pub duplicated: Vec<i64>,
    /// Found and nobody had tried to add it.
    pub unexpected: Vec<i64>,
}

impl Sightings {
    /// Whether nothing was lost, doubled or from nowhere; `stale` elements are allowed unless
    /// the set is to be linearizable. `None`: no element is stable, so nothing was checked.
    pub fn holds(&self, linearizable: bool) -> Option<bool> {
        let bad = !self.lost.is_empty()
            || !self.duplicated.is_empty()
            || !self.unexpected.is_empty()
            || (linearizable && !self.stale.is_empty());
        match (bad, self.stable.is_empty()) {
            (true, _) => Some(false),
            (false, true) => None,
            (false, false) => Some(true),
        }
    }
}

/// Follows each element through all reads. It is known to be there from the return of its
/// addition, or of the first read that found it; a read can tell of it from the call of its
/// addition on. What is never added with success nor found is left out. Takes as long as there
/// are pairs of elements and reads, as every read says something about every element.
pub fn set_full(adds: &[Add], reads: &[SetRead]) -> Sightings {
    let found: Vec<BTreeSet<i64>> =
        reads.iter().map(|read| read.values.iter().copied().collect()).collect();
    let mut sightings = Sightings::default();
    let mut elements: BTreeMap<i64, Add> = BTreeMap::new();
    for add in adds {
        elements.entry(add.value).or_insert(*add);
    }
    for (value, add) in &elements {
        let added = (add.outcome == Outcome::Ok).then_some(add.returned);
        let (mut known, mut present, mut absent) = (added, None, None);
        for (read, found) in reads.iter().zip(&found) {
            if found.contains(value) {
                known = Some(known.map_or(read.returned, |known| known.min(read.returned)));
                present = present.max(Some(read.called));
            } else if read.returned >= add.called {
                absent = absent.max(Some(read.called));
            }
        }
        let Some(known) = known else { continue };
        let kind = if present > absent {
            if absent > Some(known) {
                sightings.stale.push(*value);
            }
            &mut sightings.stable
        } else if absent > present && absent > Some(known) {
            &mut sightings.lost
        } else {
            &mut sightings.never_read
        };
        kind.push(*value);
    }
    let mut duplicated: BTreeSet<i64> = BTreeSet::new();
    for read in reads {
        let mut sorted = read.values.clone();
        sorted.sort_unstable();
        duplicated.extend(sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]));
    }
    sightings.duplicated = duplicated.into_iter().collect();
    let seen: BTreeSet<i64> = found.into_iter().flatten().collect();
    sightings.unexpected = seen.into_iter().filter(|value| !elements.contains_key(value)).collect();
    sightings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(value: i64, called: u64, returned: u64, outcome: Outcome) -> Add {
        Add { value, called, returned, outcome }
    }

    fn read(called: u64, returned: u64, values: &[i64]) -> SetRead {
        SetRead { called, returned, values: values.to_vec() }
    }

    #[test]
    fn each_way_to_go() {
        let adds = [
            add(1, 0, 1, Outcome::Ok),
            add(2, 2, 3, Outcome::Ok),
            add(3, 4, 0, Outcome::Info),
            add(4, 20, 21, Outcome::Ok),
            add(5, 6, 7, Outcome::Ok),
            add(6, 8, 0, Outcome::Info),
        ];
        let reads = [read(5, 9, &[1, 2, 5]), read(10, 11, &[1, 3]), read(12, 13, &[1, 3, 5])];
        let sightings = set_full(&adds, &reads);
        let expected = Sightings {
            stable: [1, 3, 5].to_vec(),
            stale: [5].to_vec(),
            lost: [2].to_vec(),
            never_read: [4].to_vec(),
            ..Sightings::default()
        };
        assert_eq!(sightings, expected);
        assert_eq!(sightings.holds(false), Some(false));
    }

    #[test]
    fn stale_is_fine_unless_linearizable() {
        let adds = [add(1, 0, 1, Outcome::Ok)];
        let stale = set_full(&adds, &[read(2, 3, &[]), read(4, 5, &[1])]);
        assert_eq!((stale.holds(false), stale.holds(true)), (Some(true), Some(false)));
        let concurrent = set_full(&adds, &[read(0, 1, &[]), read(4, 5, &[1])]);
        assert_eq!(concurrent.holds(true), Some(true));
        assert_eq!(set_full(&adds, &[]).holds(true), None);
        let odd = set_full(&adds, &[read(2, 3, &[1, 1, 7])]);
        assert_eq!((odd.duplicated, odd.unexpected), ([1].to_vec(), [7].to_vec()));
    }
}
