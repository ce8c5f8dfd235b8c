//! Multi-Paxos as a protocol of this crate: its servers and clients behind one process, its
//! parameters, its operations. The rules of the papers stand in `server`, what must hold in
//! `check`.

mod check;
mod declare;
mod explain;
mod log;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use log::{Log, Slot};
pub use message::{Accept, Ballot, Message, Record, Value, Vote, kind};
pub use rules::Rules;
pub use server::{Leading, Preparing, Proposal, Role, Server};

use crate::check::Violation;
use crate::declare::Declaration;
use crate::explore::exhaust::Explored;
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
    WriteId,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::quorum::{fewest_that_meet, majority};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety, Votes};
use crate::world::{Cause, Event, Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The field `log` names so many last slots.
const SLOTS_SHOWN: usize = 200;

/// The protocol.
pub struct MultiPaxos;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Between heartbeats, µs.
    pub heartbeat_us: u64,
    /// Range of election timeouts, µs.
    pub election_us: (u64, u64),
    /// Promises and acceptances wanted; 0 for a majority.
    pub quorums: (u16, u16),
    /// Reads by lease.
    pub by_lease: bool,
    /// How long a lease is, µs.
    pub lease_us: u64,
    /// How much faster a clock may run than another, ppm.
    pub drift_ppm: u64,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the server it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
}

impl Config {
    /// How many of so many servers are a phase-1 and a phase-2 quorum: "quorums of different
    /// phases must intersect" (Howard et al. 2016, §3), so a phase-1 quorum that is set too
    /// small is raised.
    pub fn quorums(&self, servers: u16) -> (u16, u16) {
        let wanted = |set: u16| if set == 0 { majority(servers) } else { set.min(servers) };
        let (phase_1, phase_2) = (wanted(self.quorums.0), wanted(self.quorums.1));
        if self.rules.has(Rules::QUORUMS_MEET) {
            (phase_1.max(fewest_that_meet(phase_2, servers)), phase_2)
        } else {
            (phase_1, phase_2)
        }
    }
}

/// Multi-Paxos' timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A server's patience with a silent leader.
    Election,
    /// A leader's next heartbeat.
    Heartbeat,
    /// A client's patience.
    Retry,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Acceptor, learner, and leader if need be.
    Server(Server),
    /// Outside.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Command) -> Message {
        Message::Request(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Command;
    type Response = Answer;
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

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
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
            Node::Server(server) => match &server.role {
                Role::Follower(_) => Face { state: 0, epoch: server.promised.0 },
                Role::Preparing(preparing) => Face { state: 1, epoch: preparing.ballot.0 },
                Role::Leader(leading) => Face { state: 2, epoch: leading.ballot.0 },
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

    fn share(&mut self, earlier: &Self) {
        if let (Node::Server(server), Node::Server(earlier)) = (self, earlier) {
            server.log.share(&earlier.log);
        }
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        match (self, later) {
            (Node::Server(server), Some(Node::Server(later))) => server.weight(Some(later)),
            (Node::Server(server), _) => server.weight(None),
            (Node::Client(client), _) => client.weight(),
        }
    }

    fn cells(&self, most: usize) -> Cells {
        match self {
            Node::Server(server) => server.cells(most),
            Node::Client(_) => Cells::default(),
        }
    }
}

impl Server {
    /// An empty slot has ballot 0 and no label: a gap.
    fn cells(&self, most: usize) -> Cells {
        let first = self.log.first_of_last(most);
        let cell = |slot: &Slot| {
            let shown = slot.chosen.as_ref().or(slot.accepted.as_ref());
            let safety = match &slot.chosen {
                Some(_) => Safety::Committed,
                None if slot.write <= self.durable && slot.write != WriteId::NONE => Safety::OnDisk,
                None => Safety::Written,
            };
            Cell {
                epoch: shown.map_or(0, |(ballot, _)| ballot.0),
                safety,
                label: shown.map_or(String::new(), |(_, value)| value.short()),
            }
        };
        Cells { first, cells: self.log.iter_from(first).map(cell).collect() }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let first = self.log.first_of_last(SLOTS_SHOWN);
        let before = (first > 1).then(|| "…".to_string());
        let ballot = |slot: &Slot| {
            let shown = slot.accepted.as_ref().or(slot.chosen.as_ref());
            shown.map_or("-".to_string(), |(ballot, _)| ballot.0.to_string())
        };
        let slots = self.log.iter_from(first).map(ballot);
        let slots: Vec<String> = before.into_iter().chain(slots).collect();
        let (state, leader) = match &self.role {
            Role::Follower(leader) => ("follower", *leader),
            Role::Preparing(_) => ("preparing", None),
            Role::Leader(leading) => {
                ("leader", leading.ballot.owner(leading.leases_us.len() as u16))
            }
        };
        let name = |node: Option<NodeId>| {
            node.map_or("none".to_string(), |node| alloc::format!("n{}", node.0 + 1))
        };
        let mut fields = alloc::vec![
            ("state".to_string(), state.to_string()),
            ("ballot".to_string(), self.promised.0.to_string()),
            ("leader".to_string(), name(leader)),
            ("log".to_string(), slots.join(" ")),
            ("chosen".to_string(), self.log.prefix().to_string()),
            ("applied".to_string(), self.applied.to_string()),
        ];
        if let Role::Leader(leading) = &self.role {
            fields.push(("open".to_string(), leading.open.len().to_string()));
        }
        fields.extend(self.machine.entries());
        Inspection {
            arc: (!matches!(self.role, Role::Leader(_))).then_some(Timer::Election),
            votes: self.promises(),
            note: "",
            state: self.machine.short(),
            fields,
        }
    }

    fn promises(&self) -> Option<Votes> {
        let Role::Preparing(preparing) = &self.role else { return None };
        let of = preparing.said.len() as u16;
        let have = preparing.said.iter().flatten().count() as u16;
        Some(Votes { have, need: self.config.quorums(of).0, of })
    }
}

impl Protocol for MultiPaxos {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn can_commit(node: &Node, servers: u16, reached: &[NodeId]) -> bool {
        let Node::Server(server) = node else { return true };
        reached.len() >= usize::from(server.config.quorums(servers).1)
    }

    fn suffices(config: &Config, servers: u16, up: &[NodeId]) -> bool {
        let (phase_1, phase_2) = config.quorums(servers);
        up.len() >= usize::from(phase_1.max(phase_2))
    }

    fn config(setup: &Setup) -> Config {
        use declare::parameter::*;
        let of = |place: usize| setup.parameters[place];
        let retry_us = of(CLIENT_TIMEOUT).0;
        Config {
            rules: Rules::without(setup.rules_off),
            heartbeat_us: of(HEARTBEAT).0,
            election_us: of(ELECTION),
            quorums: (of(PHASE_1).0 as u16, of(PHASE_2).0 as u16),
            by_lease: of(READS).0 == 1,
            lease_us: of(LEASE).0,
            drift_ppm: of(DRIFT).0,
            patience: Patience {
                retry_us,
                pause_us: retry_us / 4,
                tries: of(CLIENT_TRIES).0 as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Election)
    }

    fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        explain::explain(violation, trace, names)
    }
}

/// Ballots belong to servers by their place, and the higher one wins: no two are alike.
impl Explored for MultiPaxos {}
