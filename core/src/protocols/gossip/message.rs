//! What travels, what is stored, what clients want.

use crate::machine::{Machine, Text};
use crate::process::{NodeId, RequestId, Wire};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::fmt::{self, Display};
use litemap::LiteMap;

/// Orders the updates of a key: a count that goes up (Lamport 1978), and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// One more than any that its node had seen.
    pub count: u64,
    /// Who gave it.
    pub node: NodeId,
}

/// A key's value at a stamp; none is a death certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    /// Key.
    pub key: Text,
    /// When it was told.
    pub stamp: Stamp,
    /// What was told.
    pub value: Option<Text>,
    /// When, by the wall clock of whoever gave the stamp, µs: only the age of a death certificate
    /// is read off it.
    pub at_us: u64,
}

impl Update {
    fn bytes(&self) -> u32 {
        32 + self.key.len() as u32 + self.value.as_ref().map_or(0, |value| value.len() as u32)
    }
}

/// Several updates, shared by all copies of a message.
pub type Updates = Rc<[Update]>;

/// Between servers, and between clients and servers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Hot rumours for a partner; with `pull` it answers with its own.
    Push {
        /// The rumours.
        updates: Updates,
        /// It is to answer.
        pull: bool,
    },
    /// Asks a partner for its hot rumours.
    Pull,
    /// Answers that.
    Tell(Updates),
    /// Which of the rumours were news to whom they were told.
    Feedback(Rc<[(Stamp, bool)]>),
    /// Anti-entropy: all that a node has.
    Compare(Updates),
    /// What the partner has newer.
    Differ(Updates),
    /// A client asks.
    Request(RequestId, Call),
    /// A server answers.
    Reply(RequestId, Heard),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Push { .. } => 0,
            Message::Pull => 1,
            Message::Tell(_) => 2,
            Message::Feedback(_) => 3,
            Message::Compare(_) => 4,
            Message::Differ(_) => 5,
            Message::Request(..) => 6,
            Message::Reply(..) => 7,
        }
    }
    fn epoch(&self) -> u64 {
        match self {
            Message::Push { updates, .. }
            | Message::Tell(updates)
            | Message::Compare(updates)
            | Message::Differ(updates) => {
                updates.iter().map(|update| update.stamp.count).max().unwrap_or(0)
            }
            _ => 0,
        }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }
    fn bytes(&self) -> u32 {
        40 + match self {
            Message::Push { updates, .. }
            | Message::Tell(updates)
            | Message::Compare(updates)
            | Message::Differ(updates) => updates.iter().map(Update::bytes).sum(),
            Message::Feedback(known) => known.len() as u32 * 16,
            _ => 24,
        }
    }
}

/// On disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A node has learned this.
    Update(Update),
    /// It has forgotten all of a key.
    Forgotten(Text),
}

/// What a client wants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Sets a key at one node, from where it spreads.
    Tell(Text, Text),
    /// Deletes a key at one node, from where that spreads.
    Delete(Text),
    /// What this node has heard.
    Read(Text),
}

impl Call {
    /// The key.
    pub fn key(&self) -> &Text {
        match self {
            Call::Tell(key, _) | Call::Delete(key) | Call::Read(key) => key,
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Tell(key, value) => write!(f, "tell {key} {value}"),
            Call::Delete(key) => write!(f, "delete {key}"),
            Call::Read(key) => write!(f, "read {key}"),
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Heard {
    /// This node will tell it.
    Taken,
    /// What it has heard, if anything.
    Value(Option<Text>),
}

impl Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Heard::Taken => f.write_str("ok"),
            Heard::Value(None) => f.write_str("nothing"),
            Heard::Value(Some(value)) => f.write_str(value),
        }
    }
}

/// What a single copy would be; no client is promised that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Town(LiteMap<Text, Text>);

impl Machine for Town {
    type Command = Call;
    type Answer = Heard;
    fn apply(&mut self, call: &Call) -> Heard {
        match call {
            Call::Tell(key, value) => drop(self.0.insert(key.clone(), value.clone())),
            Call::Delete(key) => drop(self.0.remove(key)),
            Call::Read(key) => return Heard::Value(self.0.get(key).cloned()),
        }
        Heard::Taken
    }
    fn part<'a>(&self, call: &'a Call) -> &'a str {
        call.key()
    }
}

/// Those of some updates for which this holds.
pub(super) fn those<'a>(
    updates: impl Iterator<Item = &'a Update>,
    holds: impl Fn(&Update) -> bool,
) -> Updates {
    updates.filter(|update| holds(update)).cloned().collect::<Vec<_>>().into()
}
