//! What a replica stores under a key, and how two replicas' states of it become one.

use super::rules::Rules;
use crate::clocks::{Hlc, Siblings, VersionVector};
use crate::machine::Text;
use crate::process::{NodeId, RequestId};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What stamps writes, and hence what becomes of two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The wall clock of the replica that takes the write. The later time wins.
    Wall,
    /// Its Lamport clock. The greater number wins.
    Lamport,
    /// Its hybrid clock. The greater stamp wins.
    Hlc,
    /// Nothing: a write replaces what its client has seen, and stands beside all else.
    Vector,
}

/// What is known of a key: for each replica how many of its writes.
pub type Context = VersionVector<NodeId>;

/// A write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    /// Its value.
    pub value: Text,
    /// Its time: µs and a count, or only a number.
    pub time: Hlc,
    /// The replica that took it, which breaks ties.
    pub at: NodeId,
    /// Which of that replica's writes to the key it is, from 1.
    pub count: u64,
    /// Whose.
    pub request: RequestId,
}

impl Write {
    /// The last write wins: by time, then by replica.
    pub fn is_later(&self, other: &Write, rules: Rules) -> bool {
        if rules.has(Rules::TIES_BY_REPLICA) {
            (self.time, self.at) > (other.time, other.at)
        } else {
            self.time > other.time
        }
    }
}

/// A key's values. Where the last write wins, `known` counts the writes that the one value is
/// the outcome of: nobody decides by it, but checks and clients can tell what was lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Register {
    /// The last write wins.
    Last {
        /// All writes that have come here.
        known: Context,
        /// The one that has won.
        write: Option<Write>,
    },
    /// A dotted version vector set.
    Siblings(Siblings<NodeId, Write>),
}

/// What became of a write or of what another replica sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing in it is new.
    Known,
    /// It is what is stored now.
    Taken,
    /// What is stored has a later time: it is dropped.
    Dropped,
    /// It stands beside what was stored.
    Beside,
}

impl Register {
    /// Never written.
    pub fn new(kind: Kind) -> Register {
        match kind {
            Kind::Vector => Register::Siblings(Siblings::new()),
            _ => Register::Last { known: Context::new(), write: None },
        }
    }

    /// All writes that are known here.
    pub fn context(&self) -> Context {
        match self {
            Register::Last { known, .. } => known.clone(),
            Register::Siblings(siblings) => siblings.context(),
        }
    }

    /// What is stored.
    pub fn writes(&self) -> Vec<&Write> {
        match self {
            Register::Last { write, .. } => write.iter().collect(),
            Register::Siblings(siblings) => siblings.values().collect(),
        }
    }

    /// Takes a write whose client has seen `seen`; sets its number.
    pub fn write(&mut self, seen: &Context, mut new: Write, rules: Rules) -> (u64, Outcome) {
        match self {
            Register::Last { known, write } => {
                new.count = known.get(&new.at) + 1;
                let count = new.count;
                known.set(new.at, count);
                if write.as_ref().is_some_and(|old| !new.is_later(old, rules)) {
                    return (count, Outcome::Dropped);
                }
                *write = Some(new);
                (count, Outcome::Taken)
            }
            Register::Siblings(siblings) => {
                let mut seen = seen.clone();
                if !rules.has(Rules::REPLACE_SEEN_ONLY) {
                    seen.merge(&siblings.context());
                }
                new.count = siblings.context().get(&new.at).max(seen.get(&new.at)) + 1;
                let dot = siblings.write(new.at, &seen, new);
                let beside = siblings.values().count() > 1;
                (dot.count, if beside { Outcome::Beside } else { Outcome::Taken })
            }
        }
    }

    /// What another replica stores comes in.
    pub fn merge(&mut self, other: &Register, rules: Rules) -> Outcome {
        if self.context().descends(&other.context()) {
            return Outcome::Known;
        }
        match (self, other) {
            (Register::Last { known, write }, Register::Last { known: theirs, write: new }) => {
                let is_news = |new: &Write| new.count > known.get(&new.at);
                let news = new.as_ref().is_some_and(is_news);
                known.merge(theirs);
                let wins = |new: &Write| write.as_ref().is_none_or(|old| new.is_later(old, rules));
                if new.as_ref().is_some_and(wins) {
                    write.clone_from(new);
                    Outcome::Taken
                } else if news {
                    Outcome::Dropped
                } else {
                    Outcome::Known
                }
            }
            (Register::Siblings(siblings), Register::Siblings(theirs)) => {
                siblings.merge(theirs);
                let beside = siblings.values().count() > 1;
                if beside { Outcome::Beside } else { Outcome::Taken }
            }
            _ => Outcome::Known,
        }
    }

    /// "1 | 2".
    pub fn text(&self) -> String {
        let values: Vec<String> =
            self.writes().iter().map(|write| write.value.to_string()).collect();
        values.join(" | ")
    }
}
