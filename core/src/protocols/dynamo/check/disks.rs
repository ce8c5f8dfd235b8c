//! What servers keep, as the checks read it, and who has compared with whom.

use super::super::message::Record;
use super::super::object::{Object, Seen};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::NodeId;
use crate::renaming::Beside;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What is known of one server.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What it keeps, by key: as it wrote it last.
    pub objects: LiteMap<Text, Object>,
    /// Records of its disk that have been read.
    pub records: Beside<usize>,
    /// What records say it knows of a key, the newest last: what is synced of them is known to
    /// whoever boots from that disk.
    contexts: Vec<(Text, Seen, u64)>,
    /// For whom it has kept which key, and by which record.
    hints: Vec<(NodeId, Text, u64)>,
}

impl Known {
    /// One more record, at this position.
    pub fn take(&mut self, place: u64, record: &Record) {
        match record {
            Record::Object(key, object) => {
                self.contexts.push((key.clone(), object.context(), place));
            }
            Record::Hint(whose, key) => {
                let same = |(home, of, _): &(NodeId, Text, u64)| (home, of) == (whose, key);
                if !self.hints.iter().any(same) {
                    self.hints.push((*whose, key.clone(), place));
                }
            }
            // Its disk goes on holding the object.
            Record::Delivered(..) => {}
        }
    }

    /// The disk ends there now.
    pub fn forget_beyond(&mut self, len: u64) {
        self.contexts.retain(|(_, _, place)| *place <= len);
        self.hints.retain(|(_, _, place)| *place <= len);
        *self.records = len as usize;
    }

    /// Of synced records of a key the last says it all.
    pub fn forget_old(&mut self, on_disk: impl Fn(u64) -> bool) {
        let mut newer: Vec<Text> = Vec::new();
        let mut keep = alloc::vec![true; self.contexts.len()];
        for (place, (key, _, record)) in self.contexts.iter().enumerate().rev() {
            keep[place] = !newer.contains(key);
            if keep[place] && on_disk(*record) {
                newer.push(key.clone());
            }
        }
        let mut kept = keep.into_iter();
        self.contexts.retain(|_| kept.next().unwrap_or(true));
    }

    /// Whether its disk knows all that.
    pub fn has_all(&self, key: &Text, seen: &Seen, on_disk: impl Fn(u64) -> bool) -> bool {
        let knows = |(of, context, record): &(Text, Seen, u64)| {
            of == key && context.descends(seen) && on_disk(*record)
        };
        self.contexts.iter().any(knows)
    }

    /// Whether its disk says that it keeps a key for another, or has kept it until delivered.
    pub fn has_hint(&self, key: &Text, on_disk: impl Fn(u64) -> bool) -> bool {
        self.hints.iter().any(|(_, of, record)| of == key && on_disk(*record))
    }

    /// What the disk has, from its start: something has been lost. What a killed process has
    /// written is there, and synced only when it boots again: older records count until then.
    pub fn read_again(&mut self, records: &Chunked<Record>) {
        self.objects = LiteMap::new();
        self.contexts.clear();
        self.hints.clear();
        for (place, record) in (1..).zip(records.iter()) {
            self.take(place, record);
            if let Record::Object(key, object) = record {
                self.objects.insert(key.clone(), object.clone());
            }
        }
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        let of = |(_, object): (&Text, &Object)| size_of::<(Text, Object)>() + 2 * object.bytes();
        self.objects.iter().map(of).sum::<usize>()
            + size_of_val(&*self.contexts)
            + size_of_val(&*self.hints)
    }
}

/// Comparisons since the last thing that only some of a key's servers know.
#[derive(Clone, Debug, Default)]
pub struct Rounds {
    /// Counts such things.
    changes: u64,
    /// Comparisons on their way: who, with whom, which; and the changes before it.
    open: LiteMap<(NodeId, NodeId), (u64, u64)>,
    /// Pairs that have compared since.
    done: Vec<(NodeId, NodeId)>,
}

impl Rounds {
    /// There is something new: all over again.
    pub fn begin(&mut self) {
        self.changes += 1;
        self.done.clear();
    }

    /// One begins.
    pub fn starts(&mut self, node: NodeId, peer: Option<NodeId>, round: u64) {
        if let Some(peer) = peer {
            self.open.insert((node, peer), (round, self.changes));
        }
    }

    /// One ends: both have what either had when it began.
    pub fn ends(&mut self, node: NodeId, peer: Option<NodeId>, round: u64) {
        let Some(peer) = peer else { return };
        let pair = (node.min(peer), node.max(peer));
        let began = self.open.get(&(node, peer));
        if began == Some(&(round, self.changes)) && !self.done.contains(&pair) {
            self.done.push(pair);
        }
    }

    /// Whether all pairs of these have.
    pub fn all_among(&self, nodes: &[NodeId]) -> bool {
        let pair = |a: NodeId, b: NodeId| self.done.contains(&(a.min(b), a.max(b)));
        nodes.iter().all(|&a| nodes.iter().all(|&b| a == b || pair(a, b)))
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        size_of_val(&*self.done) + self.open.len() * size_of::<((NodeId, NodeId), (u64, u64))>()
    }
}
