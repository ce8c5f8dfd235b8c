//! The log of one server in memory: entries from index 1, each with the write that puts it
//! on disk. Knows nothing of leaders or terms' meaning.

use super::message::Entry;
use crate::chunks::Chunked;
use crate::process::WriteId;
use alloc::rc::Rc;

/// Entries by index 1...
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    entries: Chunked<(Entry, WriteId)>,
}

impl Log {
    /// Index of the last entry, 0 when empty.
    pub fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Term of the last entry, 0 when empty.
    pub fn last_term(&self) -> u64 {
        self.term_at(self.last_index()).unwrap_or(0)
    }

    /// Term of an entry; index 0 has term 0.
    pub fn term_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.get(index).map(|entry| entry.term) }
    }

    /// An entry.
    pub fn get(&self, index: u64) -> Option<&Entry> {
        self.entries.get((index as usize).checked_sub(1)?).map(|(entry, _)| entry)
    }

    /// The write that puts an entry on disk.
    pub fn write_of(&self, index: u64) -> WriteId {
        let place = (index as usize).checked_sub(1);
        place.and_then(|place| self.entries.get(place)).map_or(WriteId::NONE, |(_, write)| *write)
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry, write: WriteId) {
        self.entries.push((entry, write));
    }

    /// Removes all from `index` on.
    pub fn truncate_from(&mut self, index: u64) {
        self.entries.truncate((index.max(1) - 1) as usize);
    }

    /// At most `max` entries from `index` on.
    pub fn slice(&self, index: u64, max: usize) -> Rc<[Entry]> {
        let from = (index.max(1) - 1) as usize;
        self.entries.iter_from(from).take(max).map(|(entry, _)| entry.clone()).collect()
    }

    /// The last index whose write, and all before it, are on disk.
    pub fn durable_index(&self, durable: WriteId) -> u64 {
        self.entries.partition_point(|(_, write)| *write <= durable) as u64
    }

    /// First and last index of the entries of a term.
    pub fn range_of(&self, term: u64) -> Option<(u64, u64)> {
        let first = self.entries.partition_point(|(entry, _)| entry.term < term);
        let end = self.entries.partition_point(|(entry, _)| entry.term <= term);
        (first < end).then_some((first as u64 + 1, end as u64))
    }

    /// Index of the first of the last `most` entries.
    pub fn first_of_last(&self, most: usize) -> u64 {
        self.entries.len().saturating_sub(most) as u64 + 1
    }

    /// The entries from `index` on.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = &Entry> {
        self.entries.iter_from((index.max(1) - 1) as usize).map(|(entry, _)| entry)
    }

    /// Takes over from another log the chunks that say the same.
    pub fn share(&mut self, other: &Log) {
        self.entries.share(&other.entries);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub fn weight(&self, later: Option<&Log>) -> usize {
        self.entries.weight(later.map(|later| &later.entries), |_| 0)
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }
}
