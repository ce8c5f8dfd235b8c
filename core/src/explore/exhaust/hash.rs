//! Fingerprints of parts of a state, under every renaming of the servers at once.
//!
//! Why two states with the same fingerprint may be taken for one: but for a chance of 2^-64 a
//! pair, they say the same after some renaming of the servers, and what is left out decides
//! nothing. Left out are (1) where on a disk a synced record stands: a process compares
//! positions only to learn whether something is synced, and sees "synced" for all of them;
//! (2) how a synced disk came to say what it says, as far as the protocol's `disk` merges it;
//! (3) what is `Beside`. Everything else is in it: processes, unsynced records one by one, what
//! waits for the disk, armed timers, what is in flight, what the checks remember, what is spent.

use crate::draw::mix;
use crate::renaming::Tag;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// All ways to rename these servers among each other; the first changes nothing. Others, and
/// clients, keep their names.
pub(super) fn renamings(servers: u16, alike: &[u16]) -> Vec<Vec<u16>> {
    let same: Vec<u16> = (0..servers).collect();
    let mut all = alloc::vec![same];
    // Every permutation is a product of one swap for each place.
    for (k, &place) in alike.iter().enumerate() {
        let known = all.len();
        for &other in &alike[..k] {
            for at in 0..known {
                let mut renamed = all[at].clone();
                renamed.swap(usize::from(place), usize::from(other));
                all.push(renamed);
            }
        }
    }
    all
}

/// Hashes as if the servers had other names and synced records no positions.
pub(super) struct Renamed<'a> {
    state: u64,
    names: &'a [u16],
    /// Synced up to this position.
    durable: u64,
    /// For each open set the hash before it and the sum of its parts.
    open: Vec<(u64, u64)>,
    /// Depth of what tells no states apart.
    aside: u32,
}

impl Renamed<'_> {
    /// Begins with a number that tells kinds of parts apart.
    pub(super) fn new(kind: u64, names: &[u16], durable: u64) -> Renamed<'_> {
        Renamed { state: mix(kind), names, durable, open: Vec::new(), aside: 0 }
    }

    fn tagged(&mut self, tag: Tag, number: u64) {
        match tag {
            Tag::Aside => self.aside += 1,
            Tag::Back => self.aside -= 1,
            _ if self.aside > 0 => {}
            Tag::Node => {
                let name = self.names.get(number as usize);
                self.write_u64(name.map_or(number, |&name| u64::from(name)));
            }
            Tag::Write => self.write_u64(number.saturating_sub(self.durable)),
            Tag::Open => {
                self.write_u64(number);
                self.open.push((self.state, 0));
            }
            Tag::Next => {
                if let Some((before, sum)) = self.open.last_mut() {
                    *sum = sum.wrapping_add(mix(self.state));
                    self.state = *before;
                }
            }
            Tag::Close => {
                if let Some((before, sum)) = self.open.pop() {
                    self.state = before;
                    self.write_u64(sum);
                }
            }
        }
    }
}

impl Hasher for Renamed<'_> {
    fn finish(&self) -> u64 {
        mix(self.state)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
        self.write_u64(bytes.len() as u64);
    }
    fn write_u64(&mut self, value: u64) {
        if self.aside == 0 {
            self.state = (self.state.rotate_left(23) ^ value).wrapping_mul(0x9fb2_1c65_1e98_df25);
            self.state ^= self.state >> 32;
        }
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }
    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
    fn write_u128(&mut self, value: u128) {
        self.write_u64(value as u64);
        self.write_u64((value >> 64) as u64);
    }
    fn write_i128(&mut self, value: i128) {
        match Tag::read(value) {
            Some((tag, number)) => self.tagged(tag, number),
            None => self.write_u128(value as u128),
        }
    }
}

/// Something's hash with every word in it: for keeping equal things once.
pub(super) fn exact(value: &impl Hash) -> u64 {
    let mut hasher = crate::draw::StableHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{NodeId, WriteId};
    use crate::renaming::{Beside, PerNode};

    fn renamed(value: &impl Hash, names: &[u16]) -> u64 {
        let mut hasher = Renamed::new(1, names, 5);
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn renamings_are_all_different_and_as_many_as_there_must_be() {
        for (alike, count) in
            [(&[0u16, 1, 2][..], 6), (&[1, 3], 2), (&[], 1), (&[0, 1, 2, 3, 4], 120)]
        {
            let mut all = renamings(5, alike);
            assert_eq!(all[0], [0, 1, 2, 3, 4]);
            assert_eq!(all.len(), count);
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count);
        }
    }

    #[test]
    fn a_renamed_state_has_the_hash_of_the_state_that_says_so() {
        let state = (PerNode(alloc::vec!['a', 'b', 'c']), Some(NodeId(1)), 1u16);
        // n1 becomes n2, n2 becomes n3, n3 becomes n1.
        let other = (PerNode(alloc::vec!['c', 'a', 'b']), Some(NodeId(2)), 1u16);
        assert_eq!(renamed(&state, &[1, 2, 0]), renamed(&other, &[0, 1, 2]));
        assert_ne!(renamed(&state, &[0, 1, 2]), renamed(&other, &[0, 1, 2]));
        let wrong = (PerNode(alloc::vec!['c', 'a', 'b']), Some(NodeId(2)), 2u16);
        assert_ne!(renamed(&state, &[1, 2, 0]), renamed(&wrong, &[0, 1, 2]), "a plain number");
    }

    #[test]
    fn synced_positions_are_one_and_what_stands_beside_is_none() {
        let same = [0, 1, 2];
        assert_eq!(renamed(&WriteId(3), &same), renamed(&WriteId(5), &same));
        assert_ne!(renamed(&WriteId(5), &same), renamed(&WriteId(6), &same));
        assert_eq!(renamed(&(Beside(1), 7), &same), renamed(&(Beside(2), 7), &same));
        assert_ne!(exact(&(Beside(1), 7)), exact(&(Beside(2), 7)));
    }
}
