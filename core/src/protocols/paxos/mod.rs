//! Single-decree Paxos as a protocol of this crate: its servers and clients behind one
//! process, its parameters, its operation. The rules of the paper stand in `server`, what must
//! hold in `check`.

mod check;
mod declare;
mod explain;
mod explored;
mod machine;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use machine::{Chosen, Decree, Propose};
pub use message::{Ballot, Message, Proposal, Record, Value, kind};
pub use rules::Rules;
pub use server::{Attempt, Server, Vote};

use crate::check::Violation;
use crate::declare::Declaration;
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::quorum::majority;
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety, Votes};
use crate::world::{Cause, Event, Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
pub(crate) use declare::event;

/// The protocol.
pub struct Paxos;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Range of waits after a refusal, µs.
    pub back_off_us: (u64, u64),
    /// A proposer's patience with one ballot, µs.
    pub round_us: u64,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the server it speaks to first.
    pub first_servers: alloc::vec::Vec<Option<NodeId>>,
}

impl Config {
    /// A majority of so many servers.
    fn quorum(&self, servers: u16) -> u16 {
        if self.rules.has(Rules::MAJORITY) { majority(servers) } else { servers.div_ceil(2) }
    }
}

/// Paxos' timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A proposer's patience with a ballot, or its back-off.
    Round,
    /// A client's patience.
    Retry,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Proposer, acceptor and learner.
    Server(Server),
    /// Outside.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Propose) -> Message {
        Message::Request(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Propose;
    type Response = Chosen;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == crate::process::Role::Server {
            return Server::boot(config, disk, cx).map(Node::Server);
        }
        let place = usize::from(cx.id().0 - cx.servers());
        let first = config.first_servers.get(place).copied().flatten();
        let target = first.unwrap_or(NodeId(place as u16 % cx.servers().max(1)));
        Ok(Node::Client(Client::new(target, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), message) => server.on_message(from, message, cx),
            (Node::Client(client), Message::Reply(id, said)) => client.on_said(from, *id, said, cx),
            (Node::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match self {
            Node::Server(server) => server.on_timer(timer, cx),
            Node::Client(client) => client.on_retry(cx),
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Propose, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        let Node::Server(server) = self else { return };
        match event {
            DiskEvent::Durable(upto) => server.on_durable(upto, cx),
            DiskEvent::Failed(_) => cx.exit("a sync has failed"),
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Server(server) => match &server.attempt {
                Attempt::None => Face { state: 0, epoch: server.promised.0 },
                Attempt::Preparing(ballot, ..) => Face { state: 1, epoch: ballot.0 },
                Attempt::Proposing(ballot, _) => Face { state: 2, epoch: ballot.0 },
            },
            Node::Client(_) => Face { state: 3, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => server.inspect(),
            Node::Client(client) => Inspection {
                fields: alloc::vec![(
                    "speaks to".to_string(),
                    alloc::format!("n{}", client.target().0 + 1)
                )],
                ..Inspection::default()
            },
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => server.weight(),
            Node::Client(client) => client.weight(),
        }
    }

    fn cells(&self, _most: usize) -> Cells {
        let Node::Server(Server { accepted: Some((ballot, value)), .. }) = self else {
            return Cells::default();
        };
        let Node::Server(server) = self else { return Cells::default() };
        let safety = match &server.chosen {
            Some((_, chosen)) if chosen == value => Safety::Committed,
            _ if server.accepted_is_on_disk() => Safety::OnDisk,
            _ => Safety::Written,
        };
        let cell = Cell { epoch: ballot.0, safety, label: value.text.to_string() };
        Cells { first: 1, cells: alloc::vec![cell] }
    }
}

fn said(proposal: &Option<Proposal>) -> String {
    proposal
        .as_ref()
        .map_or("none".to_string(), |(ballot, value)| alloc::format!("{} {}", ballot.0, value.text))
}

impl Server {
    fn inspect(&self) -> Inspection<Timer> {
        let (state, ballot) = match &self.attempt {
            Attempt::None => ("acceptor", None),
            Attempt::Preparing(ballot, ..) => ("preparing", Some(ballot)),
            Attempt::Proposing(ballot, _) => ("proposing", Some(ballot)),
        };
        let chosen = self.chosen.as_ref().map(|(_, value)| value.text.to_string());
        let mut fields = alloc::vec![
            ("state".to_string(), state.to_string()),
            ("promised".to_string(), self.promised.0.to_string()),
            ("accepted".to_string(), said(&self.accepted)),
            ("chosen".to_string(), chosen.clone().unwrap_or("unknown".to_string())),
            ("tried".to_string(), self.tried.0.to_string()),
            ("waiting".to_string(), self.waiting.len().to_string()),
        ];
        if let Some(ballot) = ballot {
            fields.push(("ballot".to_string(), ballot.0.to_string()));
        }
        Inspection {
            arc: (!self.waiting.is_empty()).then_some(Timer::Round),
            votes: self.promises(),
            note: "",
            state: chosen.map_or(String::new(), |text| alloc::format!("chosen: {text}")),
            fields,
        }
    }

    /// Promises, or acceptances, that the proposer has.
    fn promises(&self) -> Option<Votes> {
        let votes = |have, of: usize| {
            let of = of as u16;
            Some(Votes { have, need: self.config.quorum(of), of })
        };
        match &self.attempt {
            Attempt::Preparing(_, said, count) => votes(*count, said.len()),
            _ => None,
        }
    }
}

impl Protocol for Paxos {
    type Process = Node;
    type Machine = Decree;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place];
        let retry_us = of(declare::parameter::CLIENT_TIMEOUT).0;
        Config {
            rules: Rules::without(setup.rules_off),
            back_off_us: of(declare::parameter::BACK_OFF),
            round_us: of(declare::parameter::ROUND).0,
            patience: Patience {
                retry_us,
                pause_us: retry_us / 4,
                tries: of(declare::parameter::CLIENT_TRIES).0 as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Propose> {
        let said = call.arguments.first().cloned().unwrap_or_else(|| fresh.to_string());
        Some(Propose(said.as_str().into()))
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Round)
    }

    fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        explain::explain(violation, trace, names)
    }
}
