//! What the bank's branches and their clients send each other, and what is written to disk.

use crate::process::{RequestId, Wire};
use crate::protocols::client::Said;
use crate::protocols::errand::{Done, Errand};

/// A message; between branches with its number on its channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// On a channel from branch to branch: its number there, and what it says.
    Channel(u64, Body),
    /// A client asks.
    Request(RequestId, Errand),
    /// A branch answers.
    Reply(RequestId, Said<Done>),
}

/// What branches say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body {
    /// Money.
    Transfer(u64),
    /// The marker of the snapshot of this number.
    Marker(u64),
    /// A part of a snapshot, complete, for whoever began it.
    Report(Report),
    /// Only without the rule `MARKERS`: at this time of the wall clock, µs, everybody records.
    Appointment(u64, u64),
}

/// A branch's part of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Report {
    /// Number of the snapshot.
    pub snapshot: u64,
    /// What was in the branch.
    pub balance: u64,
    /// What was on its way to it.
    pub on_the_way: u64,
}

/// Indexes of the declaration's messages.
impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Channel(_, Body::Transfer(_)) => 0,
            Message::Channel(_, Body::Marker(_)) => 1,
            Message::Channel(_, Body::Report(_)) => 2,
            Message::Channel(_, Body::Appointment(..)) => 3,
            Message::Request(..) => 4,
            Message::Reply(..) => 5,
        }
    }
    fn epoch(&self) -> u64 {
        match self {
            Message::Channel(_, Body::Marker(snapshot) | Body::Appointment(snapshot, _)) => {
                *snapshot
            }
            Message::Channel(_, Body::Report(report)) => report.snapshot,
            _ => 0,
        }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Channel(_, Body::Transfer(amount)) => *amount,
            Message::Channel(_, Body::Report(report)) => report.balance + report.on_the_way,
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            Message::Channel(..) => 0,
        }
    }
}

/// That the branch has been opened: whoever finds it has lost what it knew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Opened;
