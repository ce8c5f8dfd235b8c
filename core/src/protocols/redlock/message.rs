//! What Redlock's nodes send each other and what they write to disk.

use crate::machine::Text;
use crate::process::{NodeId, Wire};
use crate::protocols::files;

/// The random value that a client sets: nobody else's is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mine {
    /// Whose.
    pub client: NodeId,
    /// Number of its operation.
    pub operation: u64,
    /// Which try of that.
    pub attempt: u64,
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// SET lock value NX PX time.
    Set(Text, Mine),
    /// It is set.
    Yes(Mine),
    /// Somebody else's value stands there.
    No(Mine),
    /// Deletes the lock, if it holds this value.
    Delete(Text, Mine),
    /// To the store.
    ToStore(files::Ask),
    /// From it.
    Stored(files::Told),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Set(..) => 0,
            Message::Yes(_) => 1,
            Message::No(_) => 2,
            Message::Delete(..) => 3,
            Message::ToStore(files::Ask::Fetch { .. }) => 4,
            Message::Stored(files::Told::Fetched { .. }) => 5,
            Message::ToStore(files::Ask::Write { .. }) => 6,
            Message::Stored(files::Told::Written { .. }) => 7,
            Message::Stored(files::Told::Refused { .. } | files::Told::Conflict { .. }) => 8,
            Message::ToStore(files::Ask::Read { .. }) => 9,
            Message::Stored(files::Told::Content { .. }) => 10,
        }
    }
}

/// What is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A lock holds this value until that time of the clock, µs.
    Set(Text, Mine, u64),
    /// It holds none.
    Deleted(Text),
    /// Of the store.
    File(files::Record),
}
