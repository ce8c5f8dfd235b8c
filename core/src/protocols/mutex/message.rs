//! What processes and their clients send each other, and what is written to disk.

use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;
use crate::protocols::errand::{Done, Errand};

/// When a request was made: Lamport's total order of events (1978, "Ordering the Events
/// Totally"): by clock, then by process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// The logical clock; Ricart and Agrawala's sequence number.
    pub time: u64,
    /// The process.
    pub node: NodeId,
}

/// A message; between processes with its number on its channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// From process to process: its number on the channel, and what it says.
    Channel(u64, Body),
    /// A client asks.
    Ask(RequestId, Errand),
    /// A process answers.
    Answer(RequestId, Said<Done>),
}

/// What processes say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// The sender wants the resource since this time.
    Request(u64),
    /// Lamport's acknowledgement, sent at this time of the sender's clock; Ricart and
    /// Agrawala's reply, which carries no time.
    Reply(u64),
    /// The sender has left, at this time of its clock. Lamport's only.
    Release(u64),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Channel(_, Body::Request(_)) => 0,
            Message::Channel(_, Body::Reply(_)) => 1,
            Message::Channel(_, Body::Release(_)) => 2,
            Message::Ask(..) => 3,
            Message::Answer(..) => 4,
        }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Channel(_, Body::Request(time) | Body::Reply(time) | Body::Release(time)) => {
                *time
            }
            Message::Ask(id, _) | Message::Answer(id, _) => id.number,
        }
    }
}

/// That the process has started: whoever finds it has lost what it knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Started;
