//! What brokers, the controller and clients send each other and what they write to disk.

use crate::machine::{Answer, Command};
use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;
pub use crate::protocols::epoch_log::Entry;
use alloc::rc::Rc;

/// A set of brokers, a bit for each node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Brokers(pub u64);

impl Brokers {
    /// Whether it holds this one.
    pub fn has(self, node: NodeId) -> bool {
        self.0 >> node.0.min(63) & 1 == 1
    }
    /// With this one.
    pub fn with(self, node: NodeId) -> Brokers {
        Brokers(self.0 | 1 << node.0.min(63))
    }
    /// Without this one.
    pub fn without(self, node: NodeId) -> Brokers {
        Brokers(self.0 & !(1 << node.0.min(63)))
    }
    /// Those in either.
    pub fn or(self, other: Brokers) -> Brokers {
        Brokers(self.0 | other.0)
    }
    /// How many.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
    /// All of them, by id.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        (0..64).map(NodeId).filter(move |node| self.has(*node))
    }
}

/// What the controller says of the partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Partition {
    /// The leader epoch: rises with every change of leader.
    pub epoch: u64,
    /// The leader, if there is one.
    pub leader: Option<NodeId>,
    /// The in-sync replicas.
    pub isr: Brokers,
    /// Rises with every change.
    pub version: u64,
}

/// A follower asks for records (the replica fetcher).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fetch {
    /// Leader epoch that the follower knows (KIP-320).
    pub epoch: u64,
    /// Its log end.
    pub end: u64,
}

/// What it gets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fetched {
    /// The leader's epoch.
    pub epoch: u64,
    /// The log end that was asked with.
    pub end: u64,
    /// Records behind it.
    pub entries: Rc<[Entry]>,
    /// The leader's high-water mark.
    pub mark: u64,
    /// The leader's log ends here, before what was asked for.
    pub out_of_range: Option<u64>,
}

/// OffsetsForLeaderEpoch (KIP-101): where does this epoch end?
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EpochRequest {
    /// Leader epoch that the follower knows.
    pub epoch: u64,
    /// The session of the broker that asks.
    pub session: u64,
    /// The epoch that it asks for: that of its last entry.
    pub asked: u64,
}

/// OffsetsForLeaderEpoch, the answer (KIP-101, with the epoch since KIP-279).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EpochEnd {
    /// The leader's epoch.
    pub epoch: u64,
    /// The session of the broker that asked: an answer to one before it may be out of date.
    pub session: u64,
    /// The epoch that was asked for.
    pub asked: u64,
    /// The largest epoch of the leader's log that is no larger.
    pub found: u64,
    /// Where that ends: index of its last entry.
    pub end: u64,
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A broker lives; its session.
    Alive(u64),
    /// The controller tells a broker of this session about the partition.
    Metadata(u64, Partition),
    /// A leader asks the controller to change the in-sync replicas (KIP-497).
    AlterIsr(Partition),
    /// OffsetsForLeaderEpoch (KIP-101).
    EpochRequest(EpochRequest),
    /// Its answer.
    EpochEnd(EpochEnd),
    /// A follower asks for records.
    Fetch(Fetch),
    /// It gets them.
    Fetched(Fetched),
    /// A client asks.
    Request(RequestId, Command),
    /// A broker answers a client.
    Reply(RequestId, Said<Answer>),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Alive(_) => 0,
            Message::Metadata(..) => 1,
            Message::AlterIsr(_) => 2,
            Message::EpochRequest(_) => 3,
            Message::EpochEnd(_) => 4,
            Message::Fetch(_) => 5,
            Message::Fetched(fetched) if fetched.entries.is_empty() => 6,
            Message::Fetched(_) => 7,
            Message::Request(..) => 8,
            Message::Reply(_, Said::Result(_)) => 9,
            Message::Reply(_, Said::Elsewhere(_)) => 10,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::Metadata(_, partition) | Message::AlterIsr(partition) => partition.epoch,
            Message::EpochRequest(request) => request.epoch,
            Message::EpochEnd(end) => end.epoch,
            Message::Fetch(fetch) => fetch.epoch,
            Message::Fetched(fetched) => fetched.epoch,
            Message::Alive(_) | Message::Request(..) | Message::Reply(..) => 0,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Fetch(fetch) => fetch.end,
            Message::Fetched(fetched) => fetched.end + fetched.entries.len() as u64,
            Message::EpochEnd(end) => end.end,
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }

    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let body = match self {
            Message::Fetched(fetched) => {
                32 + fetched.entries.iter().map(Entry::bytes).sum::<usize>()
            }
            Message::Request(_, command) => command.bytes(),
            _ => 32,
        };
        (HEADER + body) as u32
    }
}

/// What is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A record of the partition's log. Their epochs are the leader epoch sequence (KIP-101).
    Entry(Entry),
    /// The log ends before this index.
    Truncate(u64),
    /// A checkpoint of the high-water mark.
    Mark(u64),
    /// At the controller: what it has decided.
    Partition(Partition),
}
