//! Primary-backup replication as a protocol of this crate: leader and followers without
//! consensus. Its servers and clients behind one process, its parameters, its operations.
//! The rules stand in `server`, what must hold in `check`, and which promise holds in which
//! mode and under which assumptions in `declare`.

mod check;
mod declare;
mod explain;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use message::{Append, Appended, Message, Outcome, Record, Status, kind};
pub use rules::Rules;
pub use server::{Progress, Role, Server};

use crate::check::Violation;
use crate::declare::Declaration;
use crate::explore::exhaust::Explored;
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::protocols::epoch_log::Entry;
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Cause, Event, Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The field `log` names the epochs of so many last entries.
const EPOCHS_SHOWN: usize = 200;

/// The protocol.
pub struct PrimaryBackup;

/// When a client is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// All backups that count have it on disk.
    Sync,
    /// So many backups have it on disk.
    SemiSync,
    /// The primary has it on disk.
    Async,
}

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Between heartbeats, µs.
    pub heartbeat_us: u64,
    /// A server's patience with a silent one, µs.
    pub patience_us: (u64, u64),
    /// How long a server waits for the others' answers, µs.
    pub answers_us: u64,
    /// When a client is answered.
    pub mode: Mode,
    /// Backups that must have it in the mode `semi-sync`.
    pub acks: u16,
    /// Whether epochs are counted.
    pub epochs: bool,
    /// Whether the primary goes on without a silent backup.
    pub exclude: bool,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the server it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A backup's patience with a silent primary.
    Patience,
    /// The others have had time to answer.
    Answers,
    /// A primary's next heartbeat.
    Heartbeat,
    /// A client's patience.
    Retry,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Of the group.
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

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Server(server), DiskEvent::Durable(upto)) => server.on_durable(upto, cx),
            // What a later sync would say is not to be believed (Rebello et al. 2020).
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        let Node::Server(server) = self else { return Face { state: 3, epoch: 0 } };
        let state = match server.role {
            Role::Backup if server.in_sync => 0,
            Role::Backup => 4,
            Role::Asking(_) => 1,
            Role::Primary(_) => 2,
        };
        Face { state, epoch: server.epoch }
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
            if index <= self.commit {
                Safety::Committed
            } else if index <= durable_index {
                Safety::OnDisk
            } else {
                Safety::Written
            }
        };
        let cell = |(index, entry): (u64, &Entry)| Cell {
            epoch: entry.epoch,
            safety: safety(index),
            label: entry.command.as_ref().map_or(String::new(), |(_, command)| command.short()),
        };
        let first = self.log.first_of_last(most);
        Cells { first, cells: (first..).zip(self.log.iter_from(first)).map(cell).collect() }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let first = self.log.first_of_last(EPOCHS_SHOWN);
        let before = (first > 1).then(|| "…".to_string());
        let epochs = self.log.iter_from(first).map(|entry| entry.epoch.to_string());
        let epochs: Vec<String> = before.into_iter().chain(epochs).collect();
        let name = |node: Option<NodeId>| {
            node.map_or("none".to_string(), |node| alloc::format!("n{}", node.0 + 1))
        };
        let state = match &self.role {
            Role::Backup => "backup",
            Role::Asking(_) => "asking",
            Role::Primary(_) => "primary",
        };
        let in_sync = if self.in_sync { "yes" } else { "no" };
        let mut fields = alloc::vec![
            ("state".to_string(), state.to_string()),
            ("epoch".to_string(), self.epoch.to_string()),
            ("primary".to_string(), name(self.primary)),
            ("in-sync".to_string(), in_sync.to_string()),
            ("log".to_string(), epochs.join(" ")),
            ("commit".to_string(), self.commit.to_string()),
            ("applied".to_string(), self.replica.index.to_string()),
        ];
        if let Role::Primary(progress) = &self.role {
            let matched: Vec<String> = progress.iter().map(|p| p.matched.to_string()).collect();
            fields.push(("match".to_string(), matched.join(" ")));
        }
        fields.extend(self.replica.machine.entries());
        let arc = match self.role {
            Role::Backup => Some(Timer::Patience),
            Role::Asking(_) => Some(Timer::Answers),
            Role::Primary(_) => None,
        };
        let state = self.replica.machine.short();
        Inspection { arc, votes: None, note: "", state, fields }
    }
}

impl Protocol for PrimaryBackup {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    /// A primary asks no majority: whom it waits for is its mode's business.
    fn can_commit(_: &Node, _: u16, _: &[NodeId]) -> bool {
        true
    }

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place];
        let retry_us = of(p::CLIENT_TIMEOUT).0;
        Config {
            rules: Rules::without(setup.rules_off),
            heartbeat_us: of(p::HEARTBEAT).0,
            patience_us: of(p::PATIENCE),
            answers_us: of(p::ANSWERS).0,
            mode: match of(p::MODE).0 {
                0 => Mode::Sync,
                1 => Mode::SemiSync,
                _ => Mode::Async,
            },
            acks: of(p::ACKS).0 as u16,
            epochs: of(p::EPOCHS).0 == 1,
            exclude: of(p::EXCLUDE).0 == 1,
            patience: Patience {
                retry_us,
                pause_us: retry_us / 4,
                tries: of(p::CLIENT_TRIES).0 as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }

    fn starting_log(epochs: &[u64]) -> Vec<Record> {
        let last = epochs.last().copied().unwrap_or(0);
        let entries = epochs.iter().map(|&epoch| Record::Entry(Entry { epoch, command: None }));
        core::iter::once(Record::Epoch(last)).chain(entries).collect()
    }

    /// No quorum suffices: one that was left behind does not know what it lacks.
    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Patience)
    }

    fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        explain::explain(violation, trace, names)
    }
}

/// Servers take over in the order of their places: no two are alike.
impl Explored for PrimaryBackup {}
