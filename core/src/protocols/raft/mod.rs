//! Raft as a protocol of this crate: its servers and clients behind one process, its
//! parameters, its operations. The rules of the paper stand in `server`, the checks of
//! figure 3 in `check`.

mod check;
mod committed;
mod configuration;
mod declare;
mod explain;
mod explored;
mod log;
mod message;
mod rules;
mod server;
mod snapshot;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use configuration::Configuration;
pub use log::Log;
pub use message::{
    AppendEntries, Appended, Content, Entry, InstallSnapshot, Installed, Later, Message, Outcome,
    Record, RequestVote, Vote, kind,
};
pub use rules::Rules;
pub use server::{Partial, Progress, ReadMode, Role, Sending, Server};
pub use snapshot::{Item, Sessions, Snapshot};

use crate::check::Violation;
use crate::declare::Declaration;
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety, Votes};
use crate::world::{Cause, Event, Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The field `log` names the terms of so many last entries.
const TERMS_SHOWN: usize = 200;

/// The protocol.
pub struct Raft;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Between heartbeats, µs.
    pub heartbeat_us: u64,
    /// Range of election timeouts, µs.
    pub election_us: (u64, u64),
    /// So many servers, the first ones, are the initial configuration; 0: all.
    pub members: u16,
    /// A leader begins its term with an entry of its own (§8, dissertation §6.4).
    pub no_op: bool,
    /// A snapshot when so many entries are applied since the last one; 0: only when told.
    pub snapshot_every: u64,
    /// So many items of a snapshot travel in one message.
    pub snapshot_chunk: usize,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the server it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
    /// A server asks first whether it could win (dissertation §9.6).
    pub pre_vote: bool,
    /// A leader without a majority steps down (dissertation §6.2), and who hears a leader
    /// ignores candidates (§4.2.3).
    pub check_quorum: bool,
    /// How reads are answered (dissertation §6.4).
    pub reads: ReadMode,
    /// How much faster one clock may run than another, millionths (dissertation §6.4.1).
    pub drift_ppm: u64,
    /// Entries in one AppendEntries.
    pub batch: u64,
    /// Entries sent to one follower and not acknowledged.
    pub in_flight: u64,
}

/// Raft's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A server's patience with a silent leader.
    Election,
    /// A leader's next heartbeat.
    Heartbeat,
    /// A client's patience.
    Retry,
    /// When a leader must have heard a majority again (dissertation §6.2).
    Quorum,
    /// A leader's patience with the server it hands over to (dissertation §3.10).
    Transfer,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Of the cluster.
    Server(Server),
    /// Outside it.
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

    fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        if let Node::Server(server) = self {
            server.on_order(order, arguments, cx);
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
            DiskEvent::Failed(_) => server.on_failed(cx),
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Server(server) => {
                let state = match server.role {
                    Role::Follower => server.standing(),
                    Role::Candidate { .. } => 1,
                    Role::Leader(_) => 2,
                    Role::PreCandidate { .. } => 4,
                };
                Face { state, epoch: server.current_term }
            }
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
    fn cells(&self, most: usize) -> Cells {
        let durable_index = self.log.durable_index(self.durable);
        let safety = |index| {
            if index <= self.commit_index {
                Safety::Committed
            } else if index <= durable_index {
                Safety::OnDisk
            } else {
                Safety::Written
            }
        };
        let cell = |(index, entry): (u64, &Entry)| Cell {
            epoch: entry.term,
            safety: safety(index),
            label: match &entry.content {
                Content::Nothing => String::new(),
                Content::Command(_, command) => command.short(),
                Content::Configuration(configuration) => configuration.short(),
            },
        };
        let first = self.log.first_of_last(most);
        Cells { first, cells: (first..).zip(self.log.iter_from(first)).map(cell).collect() }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let first = self.log.first_of_last(TERMS_SHOWN);
        let before = (first > 1).then(|| "…".to_string());
        let terms = self.log.iter_from(first).map(|entry| entry.term.to_string());
        let terms: Vec<String> = before.into_iter().chain(terms).collect();
        let name = |node: Option<NodeId>| {
            node.map_or("none".to_string(), |node| alloc::format!("n{}", node.0 + 1))
        };
        let state = match &self.role {
            Role::Follower => declare::DECLARATION.states[usize::from(self.standing())].name,
            Role::Candidate { .. } => "candidate",
            Role::Leader(_) => "leader",
            Role::PreCandidate { .. } => "pre-candidate",
        };
        let mut fields = alloc::vec![
            ("state".to_string(), state.to_string()),
            ("term".to_string(), self.current_term.to_string()),
            ("vote".to_string(), name(self.voted_for)),
            ("leader".to_string(), name(self.leader)),
            ("log".to_string(), terms.join(" ")),
            ("commit".to_string(), self.commit_index.to_string()),
            ("applied".to_string(), self.last_applied.to_string()),
            ("members".to_string(), self.configuration().short()),
        ];
        if let Some(snapshot) = &self.snapshot {
            fields.push(("snapshot".to_string(), snapshot.last_index.to_string()));
        }
        if let Role::Leader(progress) = &self.role {
            let matched: Vec<String> = progress.iter().map(|p| p.matched.to_string()).collect();
            fields.push(("match".to_string(), matched.join(" ")));
            let next: Vec<String> = progress.iter().map(|p| p.next.to_string()).collect();
            fields.push(("next".to_string(), next.join(" ")));
            fields.push(("reading".to_string(), self.reads.waiting().to_string()));
        }
        if let Some(target) = self.transfer_target() {
            fields.push(("hands over to".to_string(), name(Some(target))));
        }
        fields.extend(self.machine.entries());
        Inspection {
            arc: (!matches!(self.role, Role::Leader(_))).then_some(Timer::Election),
            votes: self.votes(),
            note: "",
            state: self.machine.short(),
            fields,
        }
    }

    fn votes(&self) -> Option<Votes> {
        let votes = match &self.role {
            Role::Candidate { votes, .. } => *votes,
            Role::PreCandidate { said } => {
                said.iter().filter(|answer| **answer == Some(true)).count() as u16
            }
            _ => return None,
        };
        let of = self.configuration().voting() as u16;
        let need = self.quorum(usize::from(of)) as u16;
        Some(Votes { have: votes, need, of })
    }
}

impl Protocol for Raft {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place];
        let retry_us = of(declare::parameter::CLIENT_TIMEOUT).0;
        let reads = ReadMode::of(of(declare::parameter::READS).0);
        Config {
            rules: Rules::without(setup.rules_off),
            heartbeat_us: of(declare::parameter::HEARTBEAT).0,
            election_us: of(declare::parameter::ELECTION),
            members: of(declare::parameter::MEMBERS).0 as u16,
            no_op: of(declare::parameter::NO_OP).0 == 1,
            snapshot_every: of(declare::parameter::SNAPSHOT_EVERY).0,
            snapshot_chunk: of(declare::parameter::SNAPSHOT_CHUNK).0.max(1) as usize,
            patience: Patience {
                retry_us,
                pause_us: retry_us / 4,
                tries: of(declare::parameter::CLIENT_TRIES).0 as u32,
            },
            first_servers: setup.first_servers.clone(),
            pre_vote: of(declare::parameter::PRE_VOTE).0 == 1,
            // Leases rely on servers that ignore candidates while they hear a leader.
            check_quorum: of(declare::parameter::CHECK_QUORUM).0 == 1 || reads == ReadMode::Lease,
            reads,
            drift_ppm: of(declare::parameter::CLOCK_DRIFT_BOUND).0,
            batch: of(declare::parameter::BATCH).0,
            in_flight: of(declare::parameter::IN_FLIGHT).0,
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }

    fn starting_log(terms: &[u64]) -> Vec<Record> {
        let last = terms.last().copied().unwrap_or(0);
        let entries = terms.iter().map(|&term| Record::Entry(Entry::empty(term)));
        core::iter::once(Record::Term(last)).chain(entries).collect()
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Election)
    }

    /// A leader counts by the latest configuration in its log (dissertation §4.1).
    fn can_commit(node: &Node, _: u16, reached: &[NodeId]) -> bool {
        let Node::Server(server) = node else { return true };
        server.has_quorum(|member| reached.contains(&member))
    }

    fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        explain::explain(violation, trace, names)
    }
}
