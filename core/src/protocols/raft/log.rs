//! The log of one server in memory: entries from index 1, each with the write that puts it
//! on disk; those up to a snapshot's last are gone (dissertation §5.1). Knows nothing of
//! leaders or terms' meaning.

use super::message::Entry;
use crate::chunks::Chunked;
use crate::process::WriteId;
use alloc::rc::Rc;

/// Entries by index: from 1, or from the first behind a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Log {
    /// Index, term and write of the last entry that a snapshot has replaced, 0 if none has.
    base: (u64, u64, WriteId),
    entries: Chunked<(Entry, WriteId)>,
}

impl Default for Log {
    fn default() -> Self {
        Log { base: (0, 0, WriteId::NONE), entries: Chunked::default() }
    }
}

impl Log {
    /// Index of the last entry that a snapshot has replaced, 0 if none has.
    pub fn base(&self) -> u64 {
        self.base.0
    }

    /// The place of an entry that is there.
    fn place(&self, index: u64) -> Option<usize> {
        index.checked_sub(self.base.0 + 1).map(|place| place as usize)
    }

    /// Index of the last entry, 0 when there was none yet.
    pub fn last_index(&self) -> u64 {
        self.base.0 + self.entries.len() as u64
    }

    /// Term of the last entry, 0 when there was none yet.
    pub fn last_term(&self) -> u64 {
        self.term_at(self.last_index()).unwrap_or(0)
    }

    /// Term of an entry, if it is known; index 0 has term 0.
    pub fn term_at(&self, index: u64) -> Option<u64> {
        match index {
            0 => Some(0),
            _ if index == self.base.0 => Some(self.base.1),
            _ => self.get(index).map(|entry| entry.term),
        }
    }

    /// An entry.
    pub fn get(&self, index: u64) -> Option<&Entry> {
        self.entries.get(self.place(index)?).map(|(entry, _)| entry)
    }

    /// The write that puts an entry on disk; for those that a snapshot has replaced, the one
    /// that makes sure of them all.
    pub fn write_of(&self, index: u64) -> WriteId {
        match self.place(index) {
            _ if index == 0 => WriteId::NONE,
            Some(place) => self.entries.get(place).map_or(WriteId::NONE, |(_, write)| *write),
            None => self.base.2,
        }
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry, write: WriteId) {
        self.entries.push((entry, write));
    }

    /// Removes all from `index` on.
    pub fn truncate_from(&mut self, index: u64) {
        self.entries.truncate(self.place(index).unwrap_or(0));
    }

    /// A snapshot replaces all up to this index; what is behind it stays.
    pub fn compact(&mut self, index: u64, term: u64, write: WriteId) {
        let behind = self.place(index + 1).unwrap_or(0);
        self.entries = self.entries.iter_from(behind).cloned().collect();
        self.base = (index, term, write);
    }

    /// A snapshot up to this index replaces everything.
    pub fn reset(&mut self, index: u64, term: u64, write: WriteId) {
        *self = Log { base: (index, term, write), entries: Chunked::default() };
    }

    /// At most `max` entries from `index` on.
    pub fn slice(&self, index: u64, max: usize) -> Rc<[Entry]> {
        self.iter_from(index).take(max).cloned().collect()
    }

    /// The last index whose write, and all before it, are on disk.
    pub fn durable_index(&self, durable: WriteId) -> u64 {
        if self.base.2 > durable {
            return 0;
        }
        self.base.0 + self.entries.partition_point(|(_, write)| *write <= durable) as u64
    }

    /// First and last index of the entries of a term, of those that are there.
    pub fn range_of(&self, term: u64) -> Option<(u64, u64)> {
        let first = self.entries.partition_point(|(entry, _)| entry.term < term);
        let end = self.entries.partition_point(|(entry, _)| entry.term <= term);
        (first < end).then_some((self.base.0 + first as u64 + 1, self.base.0 + end as u64))
    }

    /// Index of the first of the last `most` entries.
    pub fn first_of_last(&self, most: usize) -> u64 {
        self.base.0 + self.entries.len().saturating_sub(most) as u64 + 1
    }

    /// The entries from `index` on.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = &Entry> {
        self.entries.iter_from(self.place(index).unwrap_or(0)).map(|(entry, _)| entry)
    }

    /// Takes over from another log the chunks that say the same.
    pub fn share(&mut self, other: &Log) {
        self.entries.share(&other.entries);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub fn weight(&self, later: Option<&Log>) -> usize {
        self.entries.weight(later.map(|later| &later.entries), |_| 0)
    }

    /// All entries that are there.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }
}
