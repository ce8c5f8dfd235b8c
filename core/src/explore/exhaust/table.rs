//! Open addressing for fingerprints, and things kept once each. Nobody ever walks through a
//! table: its order means nothing.

use alloc::vec::Vec;

/// Small numbers by fingerprint.
#[derive(Default)]
pub(super) struct Table {
    /// 0 is free.
    keys: Vec<u64>,
    values: Vec<u32>,
    len: usize,
}

impl Table {
    /// The number of this fingerprint, which is `fresh` if there was none; whether it is new.
    pub(super) fn put(&mut self, key: u64, fresh: u32) -> (u32, bool) {
        if 8 * (self.len + 1) > 5 * self.keys.len() {
            self.grow();
        }
        let key = key.max(1);
        let place = self.place(key);
        if self.keys[place] == key {
            return (self.values[place], false);
        }
        (self.keys[place], self.values[place]) = (key, fresh);
        self.len += 1;
        (fresh, true)
    }

    /// The number of this fingerprint.
    pub(super) fn get(&self, key: u64) -> Option<u32> {
        let key = key.max(1);
        if self.keys.is_empty() {
            return None;
        }
        let place = self.place(key);
        (self.keys[place] == key).then(|| self.values[place])
    }

    /// Where it stands or would stand.
    fn place(&self, key: u64) -> usize {
        let mask = self.keys.len() - 1;
        let mut place = (key ^ (key >> 32)) as usize & mask;
        while self.keys[place] != 0 && self.keys[place] != key {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let size = (2 * self.keys.len()).max(1024);
        let keys = core::mem::replace(&mut self.keys, alloc::vec![0; size]);
        let values = core::mem::replace(&mut self.values, alloc::vec![0; size]);
        for (key, value) in keys.into_iter().zip(values) {
            if key != 0 {
                let place = self.place(key);
                (self.keys[place], self.values[place]) = (key, value);
            }
        }
    }
}

/// Fingerprints alone: 8 bytes each and what is free.
#[derive(Default)]
pub(super) struct Seen {
    keys: Vec<u64>,
    len: usize,
}

impl Seen {
    /// Adds one; whether it is new.
    pub(super) fn put(&mut self, key: u64) -> bool {
        if 4 * (self.len + 1) > 3 * self.keys.len() {
            self.grow();
        }
        let key = key.max(1);
        let place = self.place(key);
        let new = self.keys[place] == 0;
        self.keys[place] = key;
        self.len += usize::from(new);
        new
    }

    /// So many.
    pub(super) fn len(&self) -> u64 {
        self.len as u64
    }

    fn place(&self, key: u64) -> usize {
        let mask = self.keys.len() - 1;
        let mut place = (key ^ (key >> 32)) as usize & mask;
        while self.keys[place] != 0 && self.keys[place] != key {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let size = (2 * self.keys.len()).max(1024);
        let keys = core::mem::replace(&mut self.keys, alloc::vec![0; size]);
        for key in keys {
            if key != 0 {
                let place = self.place(key);
                self.keys[place] = key;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::mix;

    #[test]
    fn what_is_put_is_found_and_nothing_else() {
        let (mut table, mut seen) = (Table::default(), Seen::default());
        for k in 0..5_000 {
            assert_eq!(table.put(mix(k), k as u32), (k as u32, true));
            assert!(seen.put(mix(k)));
        }
        for k in 0..5_000 {
            assert_eq!(table.put(mix(k), 7), (k as u32, false));
            assert_eq!(table.get(mix(k)), Some(k as u32));
            assert!(!seen.put(mix(k)));
        }
        assert_eq!((table.get(mix(5_000)), seen.len()), (None, 5_000));
    }
}
