//! What Paxos servers send each other and what they write to disk: two types that never mix
//! with volatile state.

use super::machine::{Chosen, Propose};
use crate::machine::Text;
use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;

/// The number of a proposal; 0 is before the first. See `Ballot::above`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot(pub u64);

impl Ballot {
    /// Before every ballot.
    pub const NONE: Ballot = Ballot(0);

    /// The first ballot of this proposer above another one. "Different proposers choose their
    /// numbers from disjoint sets of numbers" (§2.5): of n servers the k-th has k, k + n,
    /// k + 2n, ...
    pub fn above(self, node: NodeId, servers: u16) -> Ballot {
        let (servers, place) = (u64::from(servers.max(1)), u64::from(node.0));
        let rounds = (self.0 + servers - 1 - place) / servers;
        Ballot(rounds * servers + place + 1)
    }
}

/// A value that a client wants to be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// Whose it is.
    pub request: RequestId,
    /// What it says.
    pub text: Text,
}

/// A ballot and its value: what the paper calls a proposal.
pub type Proposal = (Ballot, Value);

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Phase 1 (a): a proposer asks for promises.
    Prepare(Ballot),
    /// Phase 1 (b): nothing below this ballot will be accepted; and what has been.
    Promise(Ballot, Option<Proposal>),
    /// Phase 2 (a): a proposer asks to accept.
    Accept(Ballot, Value),
    /// Phase 2 (b): it is accepted.
    Accepted(Ballot, Value),
    /// An acceptor tells the proposer of the first ballot of a promise to the second (§2.5).
    Nack(Ballot, Ballot),
    /// A learner tells the others (§2.3).
    Chosen(Ballot, Value),
    /// A client asks.
    Request(RequestId, Propose),
    /// A server answers a client.
    Reply(RequestId, Said<Chosen>),
}

/// What must survive a crash (§2.5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// A proposer has tried this ballot.
    Tried(Ballot),
    /// An acceptor has promised this ballot.
    Promised(Ballot),
    /// An acceptor has accepted this proposal.
    Accepted(Ballot, Value),
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
    /// What a learner has learned.
    pub const CHOSEN: u8 = 5;
    /// A client asks.
    pub const REQUEST: u8 = 6;
    /// Its answer.
    pub const REPLY: u8 = 7;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Prepare(_) => kind::PREPARE,
            Message::Promise(..) => kind::PROMISE,
            Message::Accept(..) => kind::ACCEPT,
            Message::Accepted(..) => kind::ACCEPTED,
            Message::Nack(..) => kind::NACK,
            Message::Chosen(..) => kind::CHOSEN,
            Message::Request(..) => kind::REQUEST,
            Message::Reply(..) => kind::REPLY,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::Prepare(ballot)
            | Message::Promise(ballot, _)
            | Message::Accept(ballot, _)
            | Message::Accepted(ballot, _)
            | Message::Nack(ballot, _)
            | Message::Chosen(ballot, _) => ballot.0,
            Message::Request(..) | Message::Reply(..) => 0,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }

    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let of = |value: &Value| 16 + value.text.len();
        let body = match self {
            Message::Prepare(_) => 8,
            Message::Nack(..) => 16,
            Message::Promise(_, accepted) => {
                16 + accepted.as_ref().map_or(0, |(_, value)| of(value))
            }
            Message::Accept(_, value) | Message::Accepted(_, value) | Message::Chosen(_, value) => {
                8 + of(value)
            }
            Message::Request(_, propose) => 24 + propose.0.len(),
            Message::Reply(_, Said::Result(chosen)) => 32 + chosen.0.len(),
            Message::Reply(_, Said::Elsewhere(_)) => 32,
        };
        (HEADER + body) as u32
    }
}
