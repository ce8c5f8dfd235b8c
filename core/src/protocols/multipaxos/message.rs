//! What Multi-Paxos servers send each other and what they write to disk: two types that never
//! mix with volatile state.

use crate::machine::{Answer, Command};
use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;
use alloc::rc::Rc;
use alloc::string::String;

/// The number of a leader's attempt; 0 is before the first. See `Ballot::above`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot(pub u64);

impl Ballot {
    /// Before every ballot.
    pub const NONE: Ballot = Ballot(0);

    /// The first ballot of this server above another one: of n servers the k-th has k, k + n,
    /// k + 2n, ... ("Paxos Made Simple" §2.5: disjoint sets of numbers).
    pub fn above(self, node: NodeId, servers: u16) -> Ballot {
        let (servers, place) = (u64::from(servers.max(1)), u64::from(node.0));
        let rounds = (self.0 + servers - 1 - place) / servers;
        Ballot(rounds * servers + place + 1)
    }

    /// Whose it is.
    pub fn owner(self, servers: u16) -> Option<NodeId> {
        let place = self.0.checked_sub(1)? % u64::from(servers.max(1));
        Some(NodeId(place as u16))
    }
}

/// What a slot can hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// "A special no-op command that leaves the state unchanged" (§3).
    NoOp,
    /// A client's command and its session.
    Command(RequestId, Command),
}

impl Value {
    /// As short as a cell allows.
    pub fn short(&self) -> String {
        match self {
            Value::NoOp => "no-op".into(),
            Value::Command(_, command) => command.short(),
        }
    }

    /// Whose it is.
    pub fn request(&self) -> Option<RequestId> {
        match self {
            Value::NoOp => None,
            Value::Command(id, _) => Some(*id),
        }
    }
}

/// What an acceptor has accepted in one slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// From 1.
    pub slot: u64,
    /// In which ballot.
    pub ballot: Ballot,
    /// What.
    pub value: Value,
}

/// Phase 2 (a): the leader asks to accept these values, in slots from `first` on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Accept {
    /// The leader's ballot.
    pub ballot: Ballot,
    /// The first slot.
    pub first: u64,
    /// One for each slot.
    pub values: Rc<[Value]>,
    /// The leader knows what is chosen in all slots up to this one.
    pub chosen: u64,
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Phase 1 (a), for all slots from this one on at once (§3).
    Prepare(Ballot, u64),
    /// Phase 1 (b): nothing below this ballot will be accepted, and what has been.
    Promise(Ballot, Rc<[Vote]>),
    /// Phase 2 (a).
    Accept(Accept),
    /// Phase 2 (b): accepted in this ballot, from this slot on, so many.
    Accepted(Ballot, u64, u64),
    /// An acceptor tells the leader of the first ballot of a promise to the second.
    Nack(Ballot, Ballot),
    /// The leader lives: its ballot, what it knows as chosen, and its clock, µs.
    Heartbeat(Ballot, u64, u64),
    /// The answer; it gives the clock back.
    Beat(Ballot, u64, u64),
    /// A learner lacks what is chosen from this slot on.
    Missing(u64),
    /// What is chosen from this slot on, with the ballots in which it was proposed.
    Chosen(u64, Rc<[(Ballot, Value)]>),
    /// A client asks.
    Request(RequestId, Command),
    /// A server answers a client.
    Reply(RequestId, Said<Answer>),
}

/// What must survive a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// An acceptor has promised this ballot.
    Promised(Ballot),
    /// An acceptor has accepted; up to the slot `known` it knew what is chosen.
    Accepted {
        /// Slot, ballot, value.
        vote: Vote,
        /// The last slot of the prefix that is known as chosen.
        known: u64,
    },
    /// A learner was told what is chosen in a slot. Not a vote.
    Chosen(Vote),
}

/// Kinds, in the order of the declaration's messages.
pub mod kind {
    /// Phase 1 (a).
    pub const PREPARE: u8 = 0;
    /// Phase 1 (b).
    pub const PROMISE: u8 = 1;
    /// Phase 2 (a).
    pub const ACCEPT: u8 = 2;
    /// Phase 2 (b).
    pub const ACCEPTED: u8 = 3;
    /// A refusal.
    pub const NACK: u8 = 4;
    /// The leader lives.
    pub const HEARTBEAT: u8 = 5;
    /// Its answer.
    pub const BEAT: u8 = 6;
    /// A learner asks.
    pub const MISSING: u8 = 7;
    /// What it lacks.
    pub const CHOSEN: u8 = 8;
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
            Message::Prepare(..) => kind::PREPARE,
            Message::Promise(..) => kind::PROMISE,
            Message::Accept(..) => kind::ACCEPT,
            Message::Accepted(..) => kind::ACCEPTED,
            Message::Nack(..) => kind::NACK,
            Message::Heartbeat(..) => kind::HEARTBEAT,
            Message::Beat(..) => kind::BEAT,
            Message::Missing(..) => kind::MISSING,
            Message::Chosen(..) => kind::CHOSEN,
            Message::Request(..) => kind::REQUEST,
            Message::Reply(_, Said::Result(_)) => kind::REPLY,
            Message::Reply(_, Said::Elsewhere(_)) => kind::REDIRECT,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::Prepare(ballot, _)
            | Message::Promise(ballot, _)
            | Message::Accepted(ballot, ..)
            | Message::Nack(ballot, _)
            | Message::Heartbeat(ballot, ..)
            | Message::Beat(ballot, ..) => ballot.0,
            Message::Accept(accept) => accept.ballot.0,
            Message::Chosen(_, values) => values.last().map_or(0, |(ballot, _)| ballot.0),
            Message::Missing(_) | Message::Request(..) | Message::Reply(..) => 0,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Accept(accept) => accept.first + (accept.values.len() as u64).max(1) - 1,
            Message::Accepted(_, first, count) => first + count.max(&1) - 1,
            Message::Missing(slot) | Message::Prepare(_, slot) => *slot,
            Message::Chosen(first, values) => first + (values.len() as u64).max(1) - 1,
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }

    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let of = |value: &Value| match value {
            Value::NoOp => 8,
            Value::Command(_, command) => 8 + command.bytes(),
        };
        let body = match self {
            Message::Promise(_, votes) => {
                8 + votes.iter().map(|vote| 16 + of(&vote.value)).sum::<usize>()
            }
            Message::Accept(accept) => 24 + accept.values.iter().map(of).sum::<usize>(),
            Message::Chosen(_, values) => {
                8 + values.iter().map(|(_, value)| 8 + of(value)).sum::<usize>()
            }
            Message::Request(_, command) => command.bytes(),
            Message::Missing(_) => 8,
            Message::Prepare(..) | Message::Nack(..) => 16,
            Message::Accepted(..) | Message::Heartbeat(..) | Message::Beat(..) => 24,
            Message::Reply(_, Said::Result(answer)) => 32 + answer.bytes(),
            Message::Reply(_, Said::Elsewhere(_)) => 32,
        };
        (HEADER + body) as u32
    }
}
