//! A register in the manner of Dynamo (DeCandia et al., "Dynamo: Amazon's Highly Available
//! Key-value Store", 2007): N replicas of a key on a ring, R and W of them for a read and a write,
//! versions that stay beside each other or of which the last wins. Always writable, and not one
//! copy: what holds of it stands in `check`.

mod check;
mod client;
mod declare;
mod message;
mod object;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use client::Client;
pub use message::{Message, Objects, Op, Record, kind};
pub use object::{Dot, Object, Seen, Version};
pub use rules::Rules;
pub use server::{Hint, Kept, Kind, Pending, Server};

use crate::declare::Declaration;
use crate::machine::{Answer, Command, KeyValue, Text};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::quorum::{fewest_that_meet, majority};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
pub(crate) use declare::event;

/// The protocol.
pub struct Dynamo;

/// Whose answers make a quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quorum {
    /// Only the N servers that keep the key, and R is raised until reads meet writes.
    Strict,
    /// Only those; R and W as they are set, even if reads miss writes.
    AsSet,
    /// The first N that answer (§4.6).
    Sloppy,
}

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// N, R and W as they are set; 0 for a majority of N, for N for three.
    pub replication: (u16, u16, u16),
    /// Whose answers make a quorum.
    pub quorum: Quorum,
    /// Of several versions the one with the latest timestamp stays.
    pub last_write_wins: bool,
    /// Whether a read repairs what it finds stale.
    pub read_repair: bool,
    /// Whether replicas compare what they have.
    pub compares: bool,
    /// A coordinator's patience with silent replicas, µs.
    pub silence_us: u64,
    /// Between two tries to hand hints over, µs.
    pub handoff_us: u64,
    /// Between two comparisons, µs.
    pub compare_us: u64,
    /// A client's patience with one try, µs.
    pub retry_us: u64,
    /// A client's tries.
    pub tries: u32,
    /// How fine timestamps are, µs.
    pub resolution_us: u64,
    /// For each client the server it speaks to.
    pub first_servers: alloc::vec::Vec<Option<NodeId>>,
}

impl Config {
    /// How many of so many servers keep a key.
    pub fn n(&self, servers: u16) -> u16 {
        self.replication.0.clamp(1, servers.max(1))
    }

    /// How many must store a write.
    pub fn w(&self, servers: u16) -> u16 {
        let n = self.n(servers);
        if self.replication.2 == 0 { majority(n) } else { self.replication.2.min(n) }
    }

    /// How many must answer a read.
    pub fn r(&self, servers: u16) -> u16 {
        let n = self.n(servers);
        let set = if self.replication.1 == 0 { majority(n) } else { self.replication.1.min(n) };
        match self.quorum {
            Quorum::Strict => set.max(fewest_that_meet(self.w(servers), n)),
            Quorum::AsSet | Quorum::Sloppy => set,
        }
    }

    /// All servers, from a key's place on the ring on. A place is the sum of the key's bytes: in
    /// place of a hash, so that a person can work it out. That of x is n1's among two to six.
    pub fn ring(&self, key: &Text, servers: u16) -> impl Iterator<Item = NodeId> + use<> {
        let sum: u64 = key.bytes().map(u64::from).sum();
        let (first, servers) = ((sum % u64::from(servers.max(1))) as u16, servers);
        (0..servers).map(move |step| NodeId((first + step) % servers))
    }
}

/// Its timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A coordinator's patience with silent replicas.
    Patience,
    /// Hints are handed over.
    Handoff,
    /// Replicas compare what they have.
    Compare,
    /// A client's patience.
    Retry,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Keeps objects and coordinates.
    Server(Server),
    /// Outside.
    Client(Client),
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
        if cx.role() != Role::Client {
            return Server::boot(config, disk, cx).map(Node::Server);
        }
        let place = usize::from(cx.id().0 - cx.servers());
        let first = config.first_servers.get(place).copied().flatten();
        let target = first.unwrap_or(NodeId(place as u16 % cx.servers().max(1)));
        Ok(Node::Client(Client::new(config, target)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match self {
            Node::Server(server) => server.on_message(from, message, cx),
            Node::Client(client) => client.on_message(message, cx),
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
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Server(server) if server.hints.is_empty() => Face { state: 0, epoch: 0 },
            Node::Server(_) => Face { state: 1, epoch: 0 },
            Node::Client(_) => Face { state: 2, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => server.inspect(),
            Node::Client(client) => client.inspect(),
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => server.weight(),
            Node::Client(client) => client.weight(),
        }
    }

    fn cells(&self, most: usize) -> Cells {
        let Node::Server(server) = self else { return Cells::default() };
        let cell = |(key, kept): (&Text, &Kept)| Cell {
            epoch: 0,
            safety: if kept.write <= server.durable.0 { Safety::OnDisk } else { Safety::Written },
            label: alloc::format!("{key} = {}", kept.object.short()),
        };
        Cells { first: 1, cells: server.store.iter().take(most).map(cell).collect() }
    }
}

impl Server {
    fn inspect(&self) -> Inspection<Timer> {
        let hint = |hint: &Hint| alloc::format!("{} for n{}", hint.key, hint.home.0 + 1);
        let hints: alloc::vec::Vec<String> = self.hints.iter().map(hint).collect();
        let hints = if hints.is_empty() { "none".to_string() } else { hints.join(", ") };
        let mut fields = alloc::vec![("hints".to_string(), hints)];
        let mut state = String::new();
        for (key, kept) in self.store.iter() {
            let value = kept.object.short();
            if !state.is_empty() {
                state += ", ";
            }
            state += &alloc::format!("{key} = {value}");
            fields.push((key.to_string(), value));
        }
        Inspection { state, fields, ..Inspection::default() }
    }
}

impl Protocol for Dynamo {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            replication: (of(p::N) as u16, of(p::R) as u16, of(p::W) as u16),
            quorum: [Quorum::Strict, Quorum::AsSet, Quorum::Sloppy]
                .get(of(p::QUORUM) as usize)
                .copied()
                .unwrap_or(Quorum::Strict),
            last_write_wins: of(p::CONFLICTS) == 1,
            read_repair: of(p::READ_REPAIR) == 0,
            compares: of(p::ANTI_ENTROPY) == 0,
            silence_us: of(p::SILENCE),
            handoff_us: of(p::HANDOFF),
            compare_us: of(p::COMPARE),
            retry_us: of(p::CLIENT_TIMEOUT),
            tries: of(p::CLIENT_TRIES) as u32,
            resolution_us: of(p::RESOLUTION).max(1),
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }

    /// So that of each key enough of its servers are up; with a sloppy quorum, of any.
    fn suffices(config: &Config, servers: u16, up: &[NodeId]) -> bool {
        let (n, up) = (config.n(servers), up.len() as u16);
        let left = match config.quorum {
            Quorum::Sloppy => up,
            Quorum::Strict | Quorum::AsSet => n.saturating_sub(servers.saturating_sub(up)),
        };
        left >= config.r(servers).max(config.w(servers))
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Compare)
    }
}
