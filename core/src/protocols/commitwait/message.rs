//! What travels, what is stored, what clients ask and are told.

use crate::clocks::Interval;
use crate::machine::{Machine, Text};
use crate::process::{RequestId, Wire};
use crate::scenario::ast::OperationCall;
use crate::world::WALL_START_US;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};
use core::hash::{Hash, Hasher};

/// A version of a key: its timestamp, µs of wall-clock time, and its value.
pub type Version = (u64, Text);

/// A key as it was at some timestamp; none: nothing had been written.
pub type Found = (Text, Option<Version>);

/// Between clients and servers. Timestamps are wall-clock time in µs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Write a value to a key.
    Write(RequestId, Text, Text),
    /// It is written, with this timestamp.
    Done(RequestId, u64),
    /// Read these keys as they are at this timestamp.
    Read(RequestId, Vec<Text>, u64),
    /// What they were.
    Values(RequestId, Vec<Found>),
}

impl Message {
    /// The operation that it is about.
    pub fn request(&self) -> RequestId {
        match self {
            Message::Write(id, ..)
            | Message::Done(id, _)
            | Message::Read(id, ..)
            | Message::Values(id, _) => *id,
        }
    }
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Write(..) => 0,
            Message::Done(..) => 1,
            Message::Read(..) => 2,
            Message::Values(..) => 3,
        }
    }
    fn number(&self) -> u64 {
        self.request().number
    }
}

/// What a server puts on its disk: a write with its timestamp. The highest timestamp that it has
/// given is that of the last record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Whose.
    pub request: RequestId,
    /// Its timestamp, µs.
    pub stamp: u64,
    /// The key.
    pub key: Text,
    /// Its new value.
    pub value: Text,
}

/// What a transaction does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Sets a key.
    Put(Text, Text),
    /// Reads keys, all at one timestamp.
    Read(Vec<Text>),
}

/// A transaction that a client is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction {
    /// What it does.
    pub wish: Wish,
    /// Tells it from all others.
    serial: Text,
}

impl Transaction {
    /// One of the declared operations; `fresh` stands for a value left out.
    pub fn parse(call: &OperationCall, fresh: u64) -> Option<Transaction> {
        let argument = |place: usize| -> Option<Text> {
            call.arguments.get(place).map(|text| text.as_str().into())
        };
        let serial: Text = fresh.to_string().as_str().into();
        let key = argument(0)?;
        let wish = match call.name.as_str() {
            "put" => Wish::Put(key, argument(1).unwrap_or_else(|| serial.clone())),
            "get" => Wish::Read(alloc::vec![key]),
            "snapshot" => {
                let other = argument(1)?;
                let same = other == key;
                Wish::Read(if same { alloc::vec![key] } else { alloc::vec![key, other] })
            }
            _ => return None,
        };
        Some(Transaction { wish, serial })
    }
}

impl Display for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wish {
            Wish::Put(key, value) => write!(f, "put {key} {value}"),
            Wish::Read(keys) => {
                f.write_str(if keys.len() == 1 { "get" } else { "snapshot" })?;
                keys.iter().try_for_each(|key| write!(f, " {key}"))
            }
        }
    }
}

/// What a client hears. What must hold of it the room's own checks say, not a search for one
/// order of all histories: to that search all answers are equal.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It is written, with this timestamp.
    Done(u64),
    /// What the keys were at this timestamp.
    Values(u64, Vec<Found>),
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
            Answer::Done(stamp) => stamp.hash(state),
            Answer::Values(at, found) => (at, found).hash(state),
        }
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done(stamp) => write!(f, "ok at {}", shown(*stamp)),
            Answer::Values(at, found) => {
                for (place, (key, version)) in found.iter().enumerate() {
                    let value = version.as_ref().map_or("nothing", |(_, value)| value);
                    write!(f, "{}{key} = {value}", if place > 0 { ", " } else { "" })?;
                }
                write!(f, " at {}", shown(*at))
            }
        }
    }
}

/// A machine that answers anything: every transaction is a history of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Anything;

impl Machine for Anything {
    type Command = Transaction;
    type Answer = Answer;
    fn apply(&mut self, _command: &Transaction) -> Answer {
        Answer::Done(0)
    }
    fn part<'a>(&self, command: &'a Transaction) -> &'a str {
        &command.serial
    }
}

/// A timestamp as µs since ten o'clock, when every run begins: true time is then virtual time.
pub fn since_start_us(stamp: u64) -> u64 {
    stamp.saturating_sub(WALL_START_US)
}

/// A span as people read it: "12.200ms".
pub fn span(us: u64) -> String {
    alloc::format!("{}.{:03}ms", us / 1_000, us % 1_000)
}

/// A timestamp as people read it, counted from when the run begins: "12.200ms".
pub fn shown(stamp: u64) -> String {
    let minus = if stamp < WALL_START_US { "-" } else { "" };
    minus.to_string() + &span(stamp.abs_diff(WALL_START_US))
}

/// What a node knows of the time: `TT.now()` (Corbett et al. 2012, table 1).
pub fn now(wall_us: u64, uncertainty_us: u64) -> Interval {
    Interval::around(wall_us, uncertainty_us)
}
