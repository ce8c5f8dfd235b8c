//! What clients and replicas send each other and what they write to disk: two types that never
//! mix with volatile state.

use crate::machine::Text;
use crate::process::Wire;
use alloc::string::String;

/// What orders writes: a number, and the name of the writer (Lynch and Shvartsman 1997).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Higher than any number that the writer has heard of; 0 before the first write.
    pub number: u64,
    /// The writer's node, counted from 1: breaks ties.
    pub writer: u16,
}

impl Tag {
    /// Before every write.
    pub const NONE: Tag = Tag { number: 0, writer: 0 };

    /// "3.2": the third number, from the second of all nodes.
    pub fn short(self) -> String {
        alloc::format!("{}.{}", self.number, self.writer)
    }
}

/// What a register holds: nothing before the first write.
pub type Content = Option<Text>;

/// The two phases of every operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Ask a majority what it has.
    Query,
    /// Tell a majority.
    Update,
}

/// One phase of one of a client's operations: an answer says to which it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Round {
    /// The operation's number at its client.
    pub request: u64,
    /// Which phase of it.
    pub phase: Phase,
}

/// Everything that travels, always between a client and a replica.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Phase 1: what do you have?
    Query(Round, Text),
    /// This.
    Value(Round, Tag, Content),
    /// Phase 2: take this, unless you have something newer.
    Update(Round, Text, Tag, Content),
    /// It has this tag or a higher one, on disk.
    Ack(Round, Text, Tag),
}

/// What must survive a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A replica has taken this for a register.
    Stored(Text, Tag, Content),
    /// A writer has used this number.
    Used(u64),
}

/// Kinds, in the order of the declaration's messages.
pub mod kind {
    /// Phase 1.
    pub const QUERY: u8 = 0;
    /// Its answer.
    pub const VALUE: u8 = 1;
    /// Phase 2.
    pub const UPDATE: u8 = 2;
    /// Its answer.
    pub const ACK: u8 = 3;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Query(..) => kind::QUERY,
            Message::Value(..) => kind::VALUE,
            Message::Update(..) => kind::UPDATE,
            Message::Ack(..) => kind::ACK,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::Query(..) => 0,
            Message::Value(_, tag, _) | Message::Update(_, _, tag, _) | Message::Ack(_, _, tag) => {
                tag.number
            }
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Query(round, _)
            | Message::Value(round, ..)
            | Message::Update(round, ..)
            | Message::Ack(round, ..) => round.request,
        }
    }

    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let of = |content: &Content| content.as_ref().map_or(0, |text| text.len());
        let body = match self {
            Message::Query(_, key) => 16 + key.len(),
            Message::Value(_, _, content) => 32 + of(content),
            Message::Update(_, key, _, content) => 32 + key.len() + of(content),
            Message::Ack(_, key, _) => 32 + key.len(),
        };
        (HEADER + body) as u32
    }
}
