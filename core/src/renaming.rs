//! How a state speaks of nodes and of disks, told to its hasher: so that exhaustive exploration
//! can hash it as if the servers had other names, and as if all that is on disk stood at one
//! place. Any other hasher takes a name or a position for a plain number.

use crate::process::NodeId;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};

/// What a marked number is. It travels as the upper half of an `i128`, which no state uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Tag {
    /// A node's place.
    Node = 0x6e6f_6465_b3a1_59c7,
    /// A position in this node's record log.
    Write = 0x7772_6974_e51d_8f25,
    /// Something for each node begins; its parts follow in any order.
    Open = 0x6f70_656e_94c6_2b71,
    /// One part is over.
    Next = 0x6e65_7874_47da_1e93,
    /// All parts are over.
    Close = 0x636c_6f73_d870_3ba9,
    /// What follows tells no two states apart.
    Aside = 0x6173_6964_2c8b_e647,
    /// From here on it does again.
    Back = 0x6261_636b_715f_d20b,
}

impl Tag {
    /// The mark and its number, if this is one.
    pub(crate) fn read(value: i128) -> Option<(Tag, u64)> {
        let all = [Tag::Node, Tag::Write, Tag::Open, Tag::Next, Tag::Close, Tag::Aside, Tag::Back];
        let high = (value >> 64) as u64;
        all.into_iter().find(|&tag| tag as u64 == high).map(|tag| (tag, value as u64))
    }

    /// Tells a hasher.
    pub(crate) fn mark<H: Hasher>(self, value: u64, state: &mut H) {
        state.write_i128(((self as u128) << 64 | u128::from(value)) as i128);
    }
}

/// One thing for each server, by its place. A plain vector would say the same, but its hash
/// could not be renamed: two states would be taken for one that are not the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerNode<T>(pub Vec<T>);

impl<T> Deref for PerNode<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for PerNode<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T: Hash> Hash for PerNode<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let of = |(place, item)| (NodeId(place as u16), item);
        hash_set(self.0.iter().enumerate().map(of), state);
    }
}

/// The hash of a set: a list of names in their order must be told so, for renamed it would
/// stand in another order.
pub fn hash_set<H: Hasher>(parts: impl ExactSizeIterator<Item: Hash>, state: &mut H) {
    Tag::Open.mark(parts.len() as u64, state);
    for part in parts {
        part.hash(state);
        Tag::Next.mark(0, state);
    }
    Tag::Close.mark(0, state);
}

/// What follows from the rest of a state, or only chooses the words of a message: two states
/// that differ in nothing else have the same future.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside<T>(pub T);

impl<T> Deref for Beside<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Beside<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Hash> Hash for Beside<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Tag::Aside.mark(0, state);
        self.0.hash(state);
        Tag::Back.mark(0, state);
    }
}
