//! What travels, what is stored, what clients ask and hear.

use super::register::{Context, Register};
use crate::clocks::Hlc;
use crate::machine::{Command, Machine, Text};
use crate::process::{RequestId, Wire};
use core::fmt;
use core::hash::{Hash, Hasher};

/// Between clients and replicas, and between replicas. Each carries its sender's time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Write a value; the client has seen this of the key.
    Put(RequestId, Text, Text, Context, Hlc),
    /// Read a key.
    Get(RequestId, Text, Hlc),
    /// It is written; this is known of the key now.
    Done(RequestId, Text, Context, Hlc),
    /// A key's values, and what they stand for.
    Value(RequestId, Text, Option<Text>, Context, Hlc),
    /// What a replica stores under a key.
    State(Text, Register, Hlc),
}

impl Message {
    /// The operation that it is about.
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Message::Put(id, ..)
            | Message::Get(id, ..)
            | Message::Done(id, ..)
            | Message::Value(id, ..) => Some(*id),
            Message::State(..) => None,
        }
    }
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Put(..) => 0,
            Message::Get(..) => 1,
            Message::Done(..) => 2,
            Message::Value(..) => 3,
            Message::State(..) => 4,
        }
    }
    fn number(&self) -> u64 {
        self.request().map_or(0, |id| id.number)
    }
}

/// What a replica puts on its disk: a key's new state, and the write that made it, if it took it
/// itself: with what its client had seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The key.
    pub key: Text,
    /// All that is stored under it.
    pub register: Register,
    /// The write.
    pub taken: Option<Taken>,
}

/// A write that a replica has taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Taken {
    /// Whose.
    pub request: RequestId,
    /// Its time.
    pub time: Hlc,
    /// Its number at this replica.
    pub count: u64,
    /// What its client had seen.
    pub seen: Context,
}

/// What a client hears. Such registers do not promise to look like one copy, so whoever searches
/// for one order must not find fault with any answer: all are equal.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is written.
    Done,
    /// The values, or none.
    Value(Option<Text>),
}

impl PartialEq for Answer {
    fn eq(&self, _other: &Answer) -> bool {
        true
    }
}

impl Eq for Answer {}

impl Hash for Answer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The digest tells answers apart all the same.
        match self {
            Answer::Done => 0u8.hash(state),
            Answer::Value(value) => value.hash(state),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done => f.write_str("ok"),
            Answer::Value(None) => f.write_str("nothing"),
            Answer::Value(Some(value)) => f.write_str(value),
        }
    }
}

/// A machine that answers anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Anything;

impl Machine for Anything {
    type Command = Command;
    type Answer = Answer;
    fn apply(&mut self, _command: &Command) -> Answer {
        Answer::Done
    }
    fn part<'a>(&self, command: &'a Command) -> &'a str {
        command.key()
    }
}
