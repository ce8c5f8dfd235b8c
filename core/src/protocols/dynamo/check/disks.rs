//! What servers keep, as the checks read it, and who has compared with whom.

use super::super::message::Record;
use super::super::object::Object;
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
}

impl Known {
    /// What the disk has, from its start: something has been lost.
    pub fn read_again(&mut self, records: &Chunked<Record>) {
        self.objects = LiteMap::new();
        for record in records.iter() {
            if let Record::Object(key, object) = record {
                self.objects.insert(key.clone(), object.clone());
            }
        }
    }

    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        let of = |(_, object): (&Text, &Object)| size_of::<(Text, Object)>() + 2 * object.bytes();
        self.objects.iter().map(of).sum()
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
