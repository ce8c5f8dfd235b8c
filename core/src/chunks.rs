//! A vector that is cheap to clone: full chunks are shared, only the tail is copied. What
//! grows with a run (logs, disks, histories) stands in it, so that a checkpoint of a long run
//! costs a pointer for each 64 items. Grows and shrinks at its end.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Items in a chunk.
const CHUNK: usize = 64;

/// See the file's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunked<T> {
    full: Vec<Rc<Vec<T>>>,
    tail: Vec<T>,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Chunked { full: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Clone> Chunked<T> {
    /// So many items.
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// No items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds at the end.
    pub fn push(&mut self, item: T) {
        self.tail.push(item);
        if self.tail.len() == CHUNK {
            self.full.push(Rc::new(core::mem::take(&mut self.tail)));
        }
    }

    /// Removes all from place `len` on.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        let kept = len / CHUNK;
        if kept < self.full.len() {
            self.tail.clear();
            self.tail.extend_from_slice(&self.full[kept][..len % CHUNK]);
            self.full.truncate(kept);
        } else {
            self.tail.truncate(len % CHUNK);
        }
    }

    /// The item at a place.
    pub fn get(&self, place: usize) -> Option<&T> {
        match self.full.get(place / CHUNK) {
            Some(chunk) => chunk.get(place % CHUNK),
            None => self.tail.get(place - self.full.len() * CHUNK),
        }
    }

    /// The item at a place, to change it; a shared chunk is copied first.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let full = self.full.len();
        match self.full.get_mut(place / CHUNK) {
            Some(chunk) => Rc::make_mut(chunk).get_mut(place % CHUNK),
            None => self.tail.get_mut(place - full * CHUNK),
        }
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All items in order, from either end.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.full.iter().flat_map(|chunk| chunk.iter()).chain(&self.tail)
    }

    /// Items from a place on.
    pub fn iter_from(&self, place: usize) -> impl Iterator<Item = &T> {
        (place..self.len()).filter_map(|place| self.get(place))
    }

    /// The first place at which `before` is false, when it is true up to there.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl<T: Clone> FromIterator<T> for Chunked<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut chunked = Chunked::default();
        for item in items {
            chunked.push(item);
        }
        chunked
    }
}

impl<T: Clone + Hash> Hash for Chunked<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.len() as u64);
        for item in self.iter() {
            item.hash(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Purpose, below, draw};

    #[test]
    fn it_does_what_a_vector_does_and_clones_do_not_see_each_other() {
        for seed in 0..200 {
            let mut plain: Vec<u64> = Vec::new();
            let mut chunked = Chunked::default();
            let mut kept = (plain.clone(), chunked.clone());
            for k in 0..600 {
                let drawn = draw(seed, Purpose::Generate, &[k]);
                match below(drawn, 40) {
                    0 => {
                        let len = below(drawn << 8, plain.len() as u64 + 5) as usize;
                        plain.truncate(len);
                        chunked.truncate(len);
                    }
                    1 => kept = (plain.clone(), chunked.clone()),
                    2 if !plain.is_empty() => {
                        let place = below(drawn << 8, plain.len() as u64) as usize;
                        plain[place] = k;
                        *chunked.get_mut(place).expect("in range") = k;
                    }
                    _ => {
                        plain.push(drawn);
                        chunked.push(drawn);
                    }
                }
                assert_eq!(chunked.len(), plain.len(), "seed {seed}, step {k}");
                assert_eq!(chunked.last(), plain.last(), "seed {seed}, step {k}");
            }
            assert!(chunked.iter().eq(&plain) && chunked.iter().rev().eq(plain.iter().rev()));
            assert!(kept.1.iter().eq(&kept.0), "seed {seed}: a clone has changed");
            assert!(chunked.iter_from(70).eq(plain.iter().skip(70)), "seed {seed}");
            assert_eq!(chunked.get(plain.len()), None);
        }
    }

    #[test]
    fn it_finds_the_border() {
        let chunked: Chunked<u64> = (0..1_000).collect();
        for border in [0, 1, 63, 64, 65, 640, 999, 1_000] {
            assert_eq!(chunked.partition_point(|&item| item < border), border as usize);
        }
    }
}
