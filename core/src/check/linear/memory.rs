//! What a search remembers: the states it met, each under a number, and the configurations it
//! has been in. Exact: hashes only find the place, contents are compared.

use super::hash::{hash, hash_words};
use alloc::vec::Vec;
use core::hash::Hash;

/// Open addressing: places hold numbers of entries, plus one; 0 is free. Three quarters full at
/// most.
#[derive(Clone, Debug, Default)]
struct Places {
    places: Vec<u32>,
    used: usize,
}

impl Places {
    /// The entry that is meant, or the place where its number belongs.
    fn find(&self, hash: u64, mut is_meant: impl FnMut(u32) -> bool) -> Result<u32, usize> {
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.places[place] {
                0 => return Err(place),
                found if is_meant(found - 1) => return Ok(found - 1),
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn put(&mut self, place: usize, entry: u32) {
        self.places[place] = entry + 1;
        self.used += 1;
    }

    /// Makes room for one more entry; `hash_of` tells where those that are there belong.
    fn make_room(&mut self, hash_of: impl Fn(u32) -> u64) {
        if (self.used + 1) * 4 <= self.places.len() * 3 {
            return;
        }
        let grown = alloc::vec![0; (self.places.len() * 2).max(16)];
        let old = core::mem::replace(&mut self.places, grown);
        for entry in old.into_iter().filter(|&entry| entry != 0) {
            if let Err(place) = self.find(hash_of(entry - 1), |_| false) {
                self.places[place] = entry;
            }
        }
    }

    fn weight(&self) -> usize {
        self.places.capacity() * size_of::<u32>()
    }
}

/// States, each kept once.
#[derive(Clone, Debug)]
pub struct States<S> {
    states: Vec<(u64, S)>,
    places: Places,
    owned: usize,
}

impl<S: Eq + Hash> States<S> {
    pub fn new() -> Self {
        States { states: Vec::new(), places: Places::default(), owned: 0 }
    }

    /// The number of a state, a new one if it was never met; `weight` is what it owns.
    pub fn number(&mut self, state: S, weight: impl FnOnce(&S) -> usize) -> u32 {
        let hash = hash(&state);
        let states = &self.states;
        self.places.make_room(|entry| states[entry as usize].0);
        let is_meant = |entry: u32| {
            let (its_hash, its_state) = &states[entry as usize];
            *its_hash == hash && *its_state == state
        };
        match self.places.find(hash, is_meant) {
            Ok(number) => number,
            Err(place) => {
                let number = self.states.len() as u32;
                self.owned += weight(&state);
                self.states.push((hash, state));
                self.places.put(place, number);
                number
            }
        }
    }

    /// The state of a number.
    pub fn get(&self, number: u32) -> &S {
        &self.states[number as usize].1
    }

    /// About how many bytes.
    pub fn weight(&self) -> usize {
        self.places.weight() + self.states.capacity() * size_of::<(u64, S)>() + self.owned
    }
}

/// Which operations have been linearized. Those that returned come first, in the order of their
/// calls, then the open ones: so what is kept of a configuration stays short, though open
/// operations may wait for ever.
#[derive(Clone, Debug)]
pub struct Linearized {
    words: Vec<u64>,
    /// Words of operations that returned.
    returned: usize,
    /// Words before this one are full.
    first: usize,
    /// Words of returned operations from this one on are empty.
    last: usize,
}

impl Linearized {
    pub fn new(returned: usize, open: usize) -> Self {
        let (returned, open) = (returned.div_ceil(64), open.div_ceil(64));
        Linearized { words: alloc::vec![0; returned + open], returned, first: 0, last: 0 }
    }

    /// The bit of the `n`-th open operation.
    pub fn open_bit(&self, n: usize) -> usize {
        self.returned * 64 + n
    }

    pub fn has(&self, bit: usize) -> bool {
        self.words[bit / 64] & 1 << (bit % 64) != 0
    }

    pub fn set(&mut self, bit: usize) {
        let word = bit / 64;
        self.words[word] |= 1 << (bit % 64);
        if word < self.returned {
            self.last = self.last.max(word + 1);
            while self.first < self.returned && self.words[self.first] == u64::MAX {
                self.first += 1;
            }
        }
    }

    pub fn clear(&mut self, bit: usize) {
        let word = bit / 64;
        self.words[word] &= !(1 << (bit % 64));
        if word < self.returned {
            self.first = self.first.min(word);
            while self.last > 0 && self.words[self.last - 1] == 0 {
                self.last -= 1;
            }
        }
    }

    /// Writes what tells this from every other set of the same history.
    fn write(&self, state: u32, record: &mut Vec<u64>) {
        let middle = self.words.get(self.first..self.last).unwrap_or_default();
        record.clear();
        record.push(u64::from(state) << 32 | self.first as u64);
        record.push(middle.len() as u64);
        record.extend_from_slice(middle);
        record.extend_from_slice(&self.words[self.returned..]);
    }
}

/// The configurations, (linearized operations, state), that have been visited.
#[derive(Clone, Debug, Default)]
pub struct Visited {
    words: Vec<u64>,
    /// Where each record begins.
    records: Vec<u64>,
    places: Places,
    fresh: Vec<u64>,
}

impl Visited {
    /// Whether this one is new; if so it is remembered.
    pub fn insert(&mut self, linearized: &Linearized, state: u32) -> bool {
        linearized.write(state, &mut self.fresh);
        let (words, records, fresh) = (&self.words, &self.records, &self.fresh);
        // A record's second word is how much is in its middle, so it ends where the next begins.
        let record = |entry: u32| {
            let begin = records[entry as usize] as usize;
            let end = records.get(entry as usize + 1).map_or(words.len(), |&end| end as usize);
            &words[begin..end]
        };
        self.places.make_room(|entry| hash_words(record(entry)));
        match self.places.find(hash_words(fresh), |entry| record(entry) == fresh.as_slice()) {
            Ok(_) => false,
            Err(place) => {
                let entry = self.records.len() as u32;
                self.records.push(self.words.len() as u64);
                self.words.extend_from_slice(&self.fresh);
                self.places.put(place, entry);
                true
            }
        }
    }

    /// About how many bytes.
    pub fn weight(&self) -> usize {
        self.places.weight() + (self.words.capacity() + self.records.capacity()) * 8
    }
}
