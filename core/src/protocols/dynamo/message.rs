//! What travels and what is written to disk: two types that never mix with volatile state.

use super::object::{Dot, Object, Seen, servers};
use crate::machine::Text;
use crate::process::{NodeId, RequestId, Wire};
use alloc::vec::Vec;

/// A coordinator's operation: a drawn number, so that no answer to an earlier one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Op(pub u64);

/// Keys with what is kept of them.
pub type Objects = Vec<(Text, Object)>;

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A client writes, and says what it has seen (§4.3: `put(key, context, object)`).
    Put(RequestId, Text, Text, Seen),
    /// A client reads.
    Get(RequestId, Text),
    /// It is written, as this write; and this is what there was right after it.
    Written(RequestId, Dot, Object),
    /// This is what there is.
    Found(RequestId, Object),
    /// Take this; if another's name is given, on behalf of it (§4.6).
    Store(Op, Text, Object, Option<NodeId>),
    /// It is on disk.
    Taken(Op),
    /// What do you have?
    Fetch(Op, Text),
    /// This.
    Have(Op, Object),
    /// All that I have of keys that we both keep (§4.7); a drawn number says which round.
    Compare(u64, Objects),
    /// Where I have more.
    Differ(u64, Objects),
}

/// What must survive a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// All that is kept of a key.
    Object(Text, Object),
    /// It is kept on behalf of this server.
    Hint(NodeId, Text),
    /// That server has it.
    Delivered(NodeId, Text),
}

/// Kinds, in the order of the declaration's messages.
pub mod kind {
    /// A client writes.
    pub const PUT: u8 = 0;
    /// A client reads.
    pub const GET: u8 = 1;
    /// Answer to a write.
    pub const WRITTEN: u8 = 2;
    /// Answer to a read.
    pub const FOUND: u8 = 3;
    /// To a replica.
    pub const STORE: u8 = 4;
    /// Its answer.
    pub const TAKEN: u8 = 5;
    /// To a replica.
    pub const FETCH: u8 = 6;
    /// Its answer.
    pub const HAVE: u8 = 7;
    /// Anti-entropy.
    pub const COMPARE: u8 = 8;
    /// Its answer.
    pub const DIFFER: u8 = 9;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Put(..) => kind::PUT,
            Message::Get(..) => kind::GET,
            Message::Written(..) => kind::WRITTEN,
            Message::Found(..) => kind::FOUND,
            Message::Store(..) => kind::STORE,
            Message::Taken(..) => kind::TAKEN,
            Message::Fetch(..) => kind::FETCH,
            Message::Have(..) => kind::HAVE,
            Message::Compare(..) => kind::COMPARE,
            Message::Differ(..) => kind::DIFFER,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Put(id, ..)
            | Message::Get(id, _)
            | Message::Written(id, ..)
            | Message::Found(id, _) => id.number,
            Message::Store(_, _, object, _) | Message::Have(_, object) => object.count(),
            Message::Compare(..) | Message::Differ(..) => 0,
            Message::Taken(_) | Message::Fetch(..) => 0,
        }
    }

    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let all = |objects: &Objects| {
            objects.iter().map(|(key, object)| key.len() + object.bytes()).sum::<usize>()
        };
        let body = match self {
            Message::Put(_, key, value, seen) => 16 + key.len() + value.len() + 16 * servers(seen),
            Message::Get(_, key) => 16 + key.len(),
            Message::Written(_, _, object) => 32 + object.bytes(),
            Message::Found(_, object) => 16 + object.bytes(),
            Message::Store(_, key, object, _) => 16 + key.len() + object.bytes(),
            Message::Taken(_) => 8,
            Message::Fetch(_, key) => 8 + key.len(),
            Message::Have(_, object) => 8 + object.bytes(),
            Message::Compare(_, objects) | Message::Differ(_, objects) => 8 + all(objects),
        };
        (HEADER + body) as u32
    }
}
