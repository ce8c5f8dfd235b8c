//! A log whose entries carry the epoch of the leader that made them, what such a log does to
//! the machine, and how a check follows it on a disk. Shared by the rooms in which a leader
//! replicates without a quorum; knows none of them, and nothing of leaders.

use crate::chunks::Chunked;
use crate::draw::{StableHasher, mix};
use crate::machine::{Answer, Command, KeyValue, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use alloc::rc::Rc;
use core::hash::{Hash, Hasher};
use litemap::LiteMap;

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Epoch of the leader that made it; 0 where nobody counts epochs.
    pub epoch: u64,
    /// The client's command and its session; none in a starting log.
    pub command: Option<(RequestId, Command)>,
}

impl Entry {
    /// About how many bytes it takes on the wire.
    pub fn bytes(&self) -> usize {
        16 + self.command.as_ref().map_or(0, |(_, command)| command.bytes())
    }
}

/// Entries by index 1..., each with the write that puts it on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    entries: Chunked<(Entry, WriteId)>,
}

impl Log {
    /// Index of the last entry, 0 when empty.
    pub fn last_index(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Epoch of the last entry, 0 when empty.
    pub fn last_epoch(&self) -> u64 {
        self.epoch_at(self.last_index()).unwrap_or(0)
    }

    /// Epoch of an entry; index 0 has epoch 0.
    pub fn epoch_at(&self, index: u64) -> Option<u64> {
        if index == 0 { Some(0) } else { self.get(index).map(|entry| entry.epoch) }
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
        self.iter_from(index).take(max).cloned().collect()
    }

    /// The last index whose write, and all before it, are on disk.
    pub fn durable_index(&self, durable: WriteId) -> u64 {
        self.entries.partition_point(|(_, write)| *write <= durable) as u64
    }

    /// First index of the entries of an epoch, and the first behind them; where it has none,
    /// twice the place where they would stand. Epochs rise along a log.
    pub fn range_of(&self, epoch: u64) -> (u64, u64) {
        let first = self.entries.partition_point(|(entry, _)| entry.epoch < epoch);
        let end = self.entries.partition_point(|(entry, _)| entry.epoch <= epoch);
        (first as u64 + 1, end as u64 + 1)
    }

    /// Index of the first of the last `most` entries.
    pub fn first_of_last(&self, most: usize) -> u64 {
        self.entries.len().saturating_sub(most) as u64 + 1
    }

    /// The entries from `index` on.
    pub fn iter_from(&self, index: u64) -> impl Iterator<Item = &Entry> {
        self.entries.iter_from((index.max(1) - 1) as usize).map(|(entry, _)| entry)
    }

    /// Whether one of the entries from `index` on holds this operation.
    pub fn holds(&self, id: RequestId, index: u64) -> bool {
        let of = |entry: &Entry| entry.command.as_ref().is_some_and(|(known, _)| *known == id);
        self.iter_from(index).any(of)
    }

    /// Takes over from another log the chunks that say the same.
    pub fn share(&mut self, other: &Log) {
        self.entries.share(&other.entries);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub fn weight(&self, later: Option<&Log>) -> usize {
        self.entries.weight(later.map(|later| &later.entries), |_| 0)
    }
}

/// The machine as a log has left it up to some index, and who was answered what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Replica {
    /// The machine.
    pub machine: KeyValue,
    /// Applied up to here.
    pub index: u64,
    /// Last command applied for each client, and its answer.
    sessions: LiteMap<NodeId, (u64, Answer)>,
}

impl Replica {
    /// Applies a client's command, with `once` not a second time; the answer if it is known.
    pub fn apply(&mut self, id: RequestId, command: &Command, once: bool) -> Option<Answer> {
        if once && let Some((last, answer)) = self.sessions.get(&id.client) {
            if id.number == *last {
                return Some(answer.clone());
            }
            if id.number < *last {
                return None;
            }
        }
        let answer = self.machine.apply(command);
        self.sessions.insert(id.client, (id.number, answer.clone()));
        Some(answer)
    }

    /// Whether an operation has been applied, or a later one of the same client; and the
    /// answer if it was the last one.
    pub fn answered(&self, id: RequestId) -> Option<Option<&Answer>> {
        let (last, answer) = self.sessions.get(&id.client)?;
        (id.number <= *last).then(|| (id.number == *last).then_some(answer))
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        self.machine.weight() + self.sessions.len() * size_of::<(NodeId, (u64, Answer))>()
    }
}

/// The log up to an entry, as one number.
pub fn chain(before: Option<&u64>, entry: &Entry) -> u64 {
    let mut hasher = StableHasher::with_state(mix(before.copied().unwrap_or(0)));
    entry.hash(&mut hasher);
    hasher.finish()
}

/// What a record does to the log on its disk.
pub enum Change<'a> {
    /// Adds an entry.
    Entry(&'a Entry),
    /// Removes all from this index on.
    Truncate(u64),
    /// Nothing.
    None,
}

/// The log as a disk holds it, synced or not, as a check follows it: chained hashes, each with
/// the position of its record.
#[derive(Clone, Debug, Default, Hash)]
pub struct OnDisk {
    log: Chunked<(u64, u64)>,
    /// Records that `log` covers.
    records: usize,
    /// So many of them hold every record that removes entries.
    settled: usize,
}

impl OnDisk {
    /// Brings it to these records: more of them than it covers, or the first of those.
    pub fn follow<R: Clone>(&mut self, records: &Chunked<R>, change: impl Fn(&R) -> Change<'_>) {
        if records.len() < self.settled {
            // What a lost record had removed is back: read all anew.
            *self = OnDisk::default();
        } else if records.len() < self.records {
            let kept = self.log.partition_point(|(_, write)| *write <= records.len() as u64);
            self.log.truncate(kept);
            self.records = records.len();
        }
        for (place, record) in (self.records..).zip(records.iter_from(self.records)) {
            match change(record) {
                Change::Entry(entry) => {
                    let hash = chain(self.log.last().map(|(hash, _)| hash), entry);
                    self.log.push((hash, place as u64 + 1));
                }
                Change::Truncate(index) => {
                    self.log.truncate((index as usize).max(1) - 1);
                    self.settled = place + 1;
                }
                Change::None => {}
            }
        }
        self.records = records.len();
    }

    /// The log up to `index` as one number, and the position of that entry's record.
    pub fn get(&self, index: u64) -> Option<(u64, u64)> {
        self.log.get((index as usize).checked_sub(1)?).copied()
    }

    /// Takes over from an earlier state the chunks that say the same.
    pub fn share(&mut self, earlier: &OnDisk) {
        self.log.share(&earlier.log);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub fn weight(&self, later: Option<&OnDisk>) -> usize {
        self.log.weight(later.map(|later| &later.log), |_| 0)
    }
}
