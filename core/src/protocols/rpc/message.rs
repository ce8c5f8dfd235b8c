//! What travels and what is stored.

use crate::machine::Machine;
use crate::process::{RequestId, Wire};
use core::fmt::{self, Display};

/// What a client wants of a server's counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Adds this much: to do it twice is another effect than once.
    Add(u64),
    /// Reads it.
    Read,
}

impl Call {
    /// How much it adds.
    pub fn amount(self) -> u64 {
        match self {
            Call::Add(amount) => amount,
            Call::Read => 0,
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Add(amount) => write!(f, "add {amount}"),
            Call::Read => f.write_str("read"),
        }
    }
}

/// The counter's value after an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Total(pub u64);

impl Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What each server has: a counter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counter(u64);

impl Machine for Counter {
    type Command = Call;
    type Answer = Total;
    fn apply(&mut self, call: &Call) -> Total {
        self.0 = self.0.saturating_add(call.amount());
        Total(self.0)
    }
    fn only_reads(&self, call: &Call) -> bool {
        *call == Call::Read
    }
    fn part<'a>(&self, _call: &'a Call) -> &'a str {
        ""
    }
}

/// An idempotency key: by it a server knows a retry when it sees one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose it is.
    pub client: u16,
    /// Which operation of that client; it goes up.
    pub number: u64,
}

/// Between a client and its server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Asks; the number of the try is for people only.
    Request {
        /// The operation.
        id: RequestId,
        /// From 1.
        attempt: u32,
        /// By which a retry can be told from a new operation, if the client sends one.
        key: Option<Key>,
        /// What is wanted.
        call: Call,
    },
    /// Answers.
    Reply {
        /// The operation.
        id: RequestId,
        /// What came of it.
        total: Total,
    },
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        u8::from(matches!(self, Message::Reply { .. }))
    }
    fn number(&self) -> u64 {
        let (Message::Request { id, .. } | Message::Reply { id, .. }) = self;
        id.number
    }
}

/// On a server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// An operation has taken effect; with its key, so that both are stored or neither is.
    Effect {
        /// Whose; only the checks read it.
        id: RequestId,
        /// Added to the counter.
        amount: u64,
        /// The counter after it.
        total: Total,
        /// The key, if it is stored with the effect.
        key: Option<Key>,
    },
    /// A key by itself: only where the rule `ONE_RECORD` is off.
    Entry {
        /// The key.
        key: Key,
        /// What its operation was answered.
        total: Total,
    },
}
