//! What the servers of a primary-backup group send each other and what they write to disk.

use crate::machine::{Answer, Command};
use crate::process::{RequestId, Wire};
use crate::protocols::client::Said;
pub use crate::protocols::epoch_log::Entry;
use alloc::rc::Rc;

/// The primary's log goes to a backup; without entries a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Append {
    /// The primary's epoch.
    pub epoch: u64,
    /// Index of the entry before the new ones.
    pub prev_index: u64,
    /// Its epoch.
    pub prev_epoch: u64,
    /// New entries.
    pub entries: Rc<[Entry]>,
    /// Acknowledged up to here.
    pub commit: u64,
    /// The backup has everything that was ever acknowledged, and nothing more is acknowledged
    /// without it: it may take over.
    pub in_sync: bool,
}

/// What became of an Append.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Appended {
    /// The backup's epoch.
    pub epoch: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// It answers a heartbeat.
    pub heartbeat: bool,
}

/// What became of an Append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The backup's log equals the primary's up to this index, on disk.
    Stored(u64),
    /// The entry before the new ones does not match; the backup's log may match from here.
    Refused {
        /// The `prev_index` that did not match.
        prev_index: u64,
        /// Try this one next.
        try_index: u64,
    },
    /// The sender's epoch is over.
    Fenced,
}

/// What a server has, for one that looks for a new primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// Its epoch.
    pub epoch: u64,
    /// Epoch of its last entry.
    pub last_epoch: u64,
    /// Index of its last entry.
    pub last_index: u64,
    /// It may take over.
    pub in_sync: bool,
    /// It is the primary.
    pub primary: bool,
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Primary to backup.
    Append(Append),
    /// Backup to primary.
    Appended(Appended),
    /// What have you? From a server of this epoch that hears no primary.
    Poll(u64),
    /// The answer.
    Status(Status),
    /// Your log is the highest: take over from the primary of this epoch.
    Appoint(u64),
    /// A client asks.
    Request(RequestId, Command),
    /// A server answers a client.
    Reply(RequestId, Said<Answer>),
}

/// Kinds, in the order of the declaration's messages.
pub mod kind {
    /// Entries.
    pub const APPEND: u8 = 0;
    /// Entries are on disk.
    pub const STORED: u8 = 1;
    /// The entry before does not match.
    pub const REFUSED: u8 = 2;
    /// The epoch is over.
    pub const FENCED: u8 = 3;
    /// An Append without entries.
    pub const HEARTBEAT: u8 = 4;
    /// Its answer.
    pub const BEAT: u8 = 5;
    /// What have you?
    pub const POLL: u8 = 6;
    /// The answer.
    pub const STATUS: u8 = 7;
    /// Take over.
    pub const APPOINT: u8 = 8;
    /// A client asks.
    pub const REQUEST: u8 = 9;
    /// Its answer.
    pub const REPLY: u8 = 10;
    /// Not here; perhaps there.
    pub const REDIRECT: u8 = 11;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Append(append) if append.entries.is_empty() => kind::HEARTBEAT,
            Message::Append(_) => kind::APPEND,
            Message::Appended(Appended { outcome: Outcome::Refused { .. }, .. }) => kind::REFUSED,
            Message::Appended(Appended { outcome: Outcome::Fenced, .. }) => kind::FENCED,
            Message::Appended(appended) if appended.heartbeat => kind::BEAT,
            Message::Appended(_) => kind::STORED,
            Message::Poll(_) => kind::POLL,
            Message::Status(_) => kind::STATUS,
            Message::Appoint(_) => kind::APPOINT,
            Message::Request(..) => kind::REQUEST,
            Message::Reply(_, Said::Result(_)) => kind::REPLY,
            Message::Reply(_, Said::Elsewhere(_)) => kind::REDIRECT,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::Append(append) => append.epoch,
            Message::Appended(appended) => appended.epoch,
            Message::Poll(epoch) | Message::Appoint(epoch) => *epoch,
            Message::Status(status) => status.epoch,
            Message::Request(..) | Message::Reply(..) => 0,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Append(append) if !append.entries.is_empty() => {
                append.prev_index + append.entries.len() as u64
            }
            Message::Appended(Appended { outcome: Outcome::Stored(index), .. }) => *index,
            Message::Status(status) => status.last_index,
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }

    /// Eight bytes for each number and for all flags together.
    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let body = match self {
            Message::Append(append) => 40 + append.entries.iter().map(Entry::bytes).sum::<usize>(),
            Message::Request(_, command) => command.bytes(),
            Message::Reply(_, Said::Result(answer)) => 32 + answer.bytes(),
            Message::Reply(_, Said::Elsewhere(_)) | Message::Status(_) => 32,
            Message::Appended(Appended { outcome: Outcome::Refused { .. }, .. }) => 32,
            Message::Appended(_) => 24,
            Message::Poll(_) | Message::Appoint(_) => 8,
        };
        (HEADER + body) as u32
    }
}

/// What is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The highest epoch that it knows.
    Epoch(u64),
    /// An entry at the end of the log.
    Entry(Entry),
    /// The log ends before this index.
    Truncate(u64),
}
