//! What travels, what clients ask and hear. Nothing is stored: a clock does not need a disk.

use crate::machine::Machine;
use crate::process::{RequestId, Wire};
use crate::scenario::Span;
use crate::stamps::wall_text;
use core::fmt::{self, Display};

/// What a client asks of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// What time it is.
    Time,
    /// To do something that takes so long, µs, and to say how long it took. Without a length:
    /// as long as the text sets.
    Task(Option<u64>),
}

impl Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Time => f.write_str("time"),
            Call::Task(None) => f.write_str("task"),
            Call::Task(Some(us)) => write!(f, "task {}", Span(*us)),
        }
    }
}

/// What it hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The node's wall clock, µs since midnight.
    Time(u64),
    /// So long the task took, says the node, µs.
    Took(i64),
}

impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Time(wall_us) => f.write_str(&wall_text(*wall_us)),
            Answer::Took(us) => duration(*us).fmt(f),
        }
    }
}

/// A duration as people write it: `50ms`, `-4950ms`.
pub fn duration(us: i64) -> impl Display {
    struct Signed(i64);
    impl Display for Signed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let sign = if self.0 < 0 { "-" } else { "" };
            write!(f, "{sign}{}", Span(self.0.unsigned_abs()))
        }
    }
    Signed(us)
}

/// Clocks are no copies of one object: what a client hears is judged by the room's own checks,
/// and this machine explains no answer but that at midnight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Midnight;

impl Machine for Midnight {
    type Command = Call;
    type Answer = Answer;
    fn apply(&mut self, _call: &Call) -> Answer {
        Answer::Time(0)
    }
    fn part<'a>(&self, _call: &'a Call) -> &'a str {
        ""
    }
}

/// Between nodes, and between nodes and clients. Times are wall clocks', µs since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// A node asks a source for the time (NTP's mode 3). The number stands for what NTP puts into
    /// the low bits of the origin timestamp: it tells two polls from each other that left at the
    /// same time by the clock.
    Poll {
        /// Counts the node's polls of this source.
        number: u64,
        /// t1: the node's clock.
        origin: u64,
    },
    /// The source answers (mode 4).
    Stamps {
        /// Of the poll.
        number: u64,
        /// t1, as the poll has it.
        origin: u64,
        /// t2: the source's clock when the poll came.
        received: u64,
        /// t3: the source's clock now.
        transmitted: u64,
    },
    /// A client asks.
    Ask(RequestId, Call),
    /// It is answered.
    Told(RequestId, Answer),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Poll { .. } => 0,
            Message::Stamps { .. } => 1,
            Message::Ask(..) => 2,
            Message::Told(..) => 3,
        }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Poll { number, .. } | Message::Stamps { number, .. } => *number,
            Message::Ask(id, _) | Message::Told(id, _) => id.number,
        }
    }
    fn bytes(&self) -> u32 {
        // An NTP packet of 48 bytes, and headers.
        76
    }
}
