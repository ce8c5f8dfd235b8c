//! What processes and their clients send each other, and what is written to disk.

use crate::machine::Text;
use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;
use crate::protocols::errand::{Done, Errand};
use alloc::rc::Rc;

/// What a process tells all others: its items are numbered from 1, and each other process gets
/// all of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A message that is broadcast.
    Post(Post),
    /// Total order: the sender has heard of a message; what it sends from now on is later than
    /// this time.
    Stamp(u64),
}

/// A message that is broadcast.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Post {
    /// What it says.
    pub text: Text,
    /// Total order: Lamport's time.
    pub time: u64,
    /// Causal order: by process, how many of its messages the sender has delivered, this one of
    /// its own included.
    pub vector: Rc<[u64]>,
}

/// A message of the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// An item of the sender, with its number.
    Item(u64, Item),
    /// The sender has all items of the receiver up to this one.
    Received(u64),
    /// A client asks.
    Ask(RequestId, Errand),
    /// A process answers.
    Answer(RequestId, Said<Done>),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Item(_, Item::Post(_)) => 0,
            Message::Item(_, Item::Stamp(_)) => 1,
            Message::Received(_) => 2,
            Message::Ask(..) => 3,
            Message::Answer(..) => 4,
        }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Item(number, _) | Message::Received(number) => *number,
            Message::Ask(id, _) | Message::Answer(id, _) => id.number,
        }
    }
    fn bytes(&self) -> u32 {
        match self {
            Message::Item(_, Item::Post(post)) => {
                64 + post.text.len() as u32 + 8 * post.vector.len() as u32
            }
            _ => 64,
        }
    }
}

/// What is written to disk: everything that decides what is delivered, in the order in which it
/// came. Played again it gives the same state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// This process was asked to broadcast a text, by a client or by an operator.
    Posted(Text, Option<RequestId>),
    /// An item of another process, with its number.
    Got(NodeId, u64, Item),
}
