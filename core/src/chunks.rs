//! A vector that is cheap to clone: full chunks are shared, blocks of them as well, only the
//! end is copied. What grows with a run (logs, disks, histories) stands in it, so that a
//! checkpoint of a long run costs a pointer for each thousand items. Grows and shrinks at its
//! end.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Items in a chunk, and chunks in a block.
const CHUNK: usize = 32;
/// Items in a block.
const BLOCK: usize = CHUNK * CHUNK;

type Chunk<T> = Rc<Vec<T>>;

/// See the file's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunked<T> {
    blocks: Vec<Rc<Vec<Chunk<T>>>>,
    chunks: Vec<Chunk<T>>,
    tail: Vec<T>,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Chunked { blocks: Vec::new(), chunks: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Clone> Chunked<T> {
    /// So many items.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.chunks.len() * CHUNK + self.tail.len()
    }

    /// No items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds at the end.
    pub fn push(&mut self, item: T) {
        self.tail.push(item);
        if self.tail.len() == CHUNK {
            self.chunks.push(Rc::new(core::mem::take(&mut self.tail)));
        }
        if self.chunks.len() == CHUNK {
            self.blocks.push(Rc::new(core::mem::take(&mut self.chunks)));
        }
    }

    /// Takes the last item.
    pub fn pop(&mut self) -> Option<T> {
        let last = self.last()?.clone();
        self.truncate(self.len() - 1);
        Some(last)
    }

    /// Removes all from place `len` on.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        if len / BLOCK < self.blocks.len() {
            self.tail.clear();
            self.chunks.clear();
            self.chunks.extend_from_slice(&self.blocks[len / BLOCK]);
            self.blocks.truncate(len / BLOCK);
        }
        let kept = len % BLOCK / CHUNK;
        if kept < self.chunks.len() {
            self.tail.clear();
            self.tail.extend_from_slice(&self.chunks[kept][..len % CHUNK]);
            self.chunks.truncate(kept);
        } else {
            self.tail.truncate(len % CHUNK);
        }
    }

    /// The item at a place.
    pub fn get(&self, place: usize) -> Option<&T> {
        let behind = place.checked_sub(self.blocks.len() * BLOCK);
        let Some(behind) = behind else {
            return self.blocks[place / BLOCK][place % BLOCK / CHUNK].get(place % CHUNK);
        };
        match self.chunks.get(behind / CHUNK) {
            Some(chunk) => chunk.get(place % CHUNK),
            None => self.tail.get(behind - self.chunks.len() * CHUNK),
        }
    }

    /// The item at a place, to change it; a shared chunk is copied first.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        let Some(behind) = place.checked_sub(self.blocks.len() * BLOCK) else {
            let block = Rc::make_mut(&mut self.blocks[place / BLOCK]);
            return Rc::make_mut(&mut block[place % BLOCK / CHUNK]).get_mut(place % CHUNK);
        };
        let before = self.chunks.len() * CHUNK;
        match self.chunks.get_mut(behind / CHUNK) {
            Some(chunk) => Rc::make_mut(chunk).get_mut(place % CHUNK),
            None => self.tail.get_mut(behind - before),
        }
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len().checked_sub(1)?)
    }

    fn chunks(&self) -> impl DoubleEndedIterator<Item = &Chunk<T>> {
        self.blocks.iter().flat_map(|block| block.iter()).chain(&self.chunks)
    }

    /// All items in order, from either end.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks().flat_map(|chunk| chunk.iter()).chain(&self.tail)
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

impl<T: Clone + PartialEq> Chunked<T> {
    /// Takes over the chunks of an earlier state of the same thing that say what its own say:
    /// after a restart a log is read anew, and says for the most part what it said before.
    pub fn share(&mut self, earlier: &Self) {
        for (place, block) in self.blocks.iter_mut().enumerate() {
            match earlier.blocks.get(place) {
                Some(known) if Rc::ptr_eq(block, known) => {}
                Some(known) if block == known => *block = known.clone(),
                _ => {
                    let chunks = Rc::make_mut(block).iter_mut();
                    (place * CHUNK..).zip(chunks).for_each(|(k, chunk)| earlier.lend(k, chunk));
                }
            }
        }
        let first = self.blocks.len() * CHUNK;
        (first..).zip(&mut self.chunks).for_each(|(k, chunk)| earlier.lend(k, chunk));
    }

    fn lend(&self, k: usize, to: &mut Chunk<T>) {
        if let Some(known) = self.chunk(k)
            && !Rc::ptr_eq(to, known)
            && to == known
        {
            *to = known.clone();
        }
    }
}

/// Bytes of an `Rc<Vec>` without its items: two counts, the vector, what an allocator adds.
const RC_VEC: usize = 9 * size_of::<usize>();

impl<T: Clone> Chunked<T> {
    /// The `k`-th full chunk.
    fn chunk(&self, k: usize) -> Option<&Chunk<T>> {
        match self.blocks.get(k / CHUNK) {
            Some(block) => block.get(k % CHUNK),
            None => self.chunks.get(k - self.blocks.len() * CHUNK),
        }
    }

    /// About how many bytes it owns that a `later` state of the same thing does not share;
    /// `heap` gives those of an item beyond its own size.
    pub fn weight(&self, later: Option<&Self>, heap: impl Fn(&T) -> usize) -> usize {
        let of_items = |items: &[T]| size_of_val(items) + items.iter().map(&heap).sum::<usize>();
        let of_chunk = |k: usize, chunk: &Chunk<T>| {
            let other = later.and_then(|later| later.chunk(k));
            let shared = other.is_some_and(|other| Rc::ptr_eq(chunk, other));
            if shared { 0 } else { RC_VEC + of_items(chunk) }
        };
        let mut bytes = size_of_val(&*self.blocks) + size_of_val(&*self.chunks);
        for (place, block) in self.blocks.iter().enumerate() {
            let other = later.and_then(|later| later.blocks.get(place));
            if other.is_none_or(|other| !Rc::ptr_eq(block, other)) {
                let chunks = (place * CHUNK..).zip(block.iter());
                let apart: usize = chunks.map(|(k, chunk)| of_chunk(k, chunk)).sum();
                bytes += RC_VEC + CHUNK * size_of::<Chunk<T>>() + apart;
            }
        }
        let loose = (self.blocks.len() * CHUNK..).zip(&self.chunks);
        let apart: usize = loose.map(|(k, chunk)| of_chunk(k, chunk)).sum();
        bytes + apart + of_items(&self.tail)
    }
}

/// Bytes of a text on the heap, with its header and what an allocator adds.
pub fn text_weight(text: &str) -> usize {
    text.len() + 4 * size_of::<usize>()
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
        for seed in 0..60 {
            let mut plain: Vec<u64> = Vec::new();
            let mut chunked = Chunked::default();
            let mut kept = (plain.clone(), chunked.clone());
            for k in 0..3_000 {
                let drawn = draw(seed, Purpose::Generate, &[k]);
                match below(drawn, 200) {
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
    fn a_log_read_anew_shares_what_it_says_again() {
        for len in [0, 5, CHUNK, 700, BLOCK, 5_000] {
            let before: Chunked<u64> = (0..len as u64).collect();
            let own = before.weight(Some(&before.clone()), |_| 0);
            assert!(own <= 8 * (len / BLOCK + 2 * CHUNK + CHUNK), "{own} bytes for {len}");
            let mut again: Chunked<u64> = (0..len as u64 + 40).collect();
            let alone = before.weight(Some(&again), |_| 0);
            assert!(alone >= 8 * len, "{alone} bytes for {len}");
            again.share(&before);
            assert!(again.iter().copied().eq(0..len as u64 + 40), "{len}");
            let shared = before.weight(Some(&again), |_| 0);
            assert!(shared <= own + BLOCK, "{shared} of {alone} bytes for {len}");
        }
    }

    #[test]
    fn what_differs_is_not_shared() {
        let before: Chunked<u64> = (0..5_000).collect();
        let mut other = before.clone();
        for place in [3, 2_000, 4_999] {
            *other.get_mut(place).expect("in range") = 7;
        }
        let kept = other.clone();
        other.share(&before);
        assert!(other == kept, "sharing changes nothing");
        let weight = before.weight(Some(&other), |_| 0);
        assert!((2 * 8 * CHUNK..16 * BLOCK).contains(&weight), "{weight} bytes");
    }

    #[test]
    fn it_finds_the_border() {
        let chunked: Chunked<u64> = (0..1_000).collect();
        for border in [0, 1, 31, 32, 33, 640, 999, 1_000] {
            assert_eq!(chunked.partition_point(|&item| item < border), border as usize);
        }
    }
}
