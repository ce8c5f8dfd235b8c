//! A lock service on this project's own Raft, a store, and clients that need both: locks with
//! leases and fencing tokens (DDIA, chapter 8, figures 8-4 and 8-5; Kleppmann 2016). Here: the
//! nodes behind one process, parameters, operations. The keeper of the locks stands in `server`,
//! what clients do in `client`, what must hold in `check`, and which promise holds under which
//! assumptions in `declare`.

mod check;
mod client;
mod declare;
mod message;
mod rules;
mod server;
mod store;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use client::{Client, Held, Phase};
pub use message::{Ask, Holding, Message, Record, Told, Turn, kind};
pub use rules::Rules;
pub use server::{Server, Waiter};

use crate::declare::Declaration;
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::client::Patience;
use crate::protocols::files::{Answer, Command, Files, Storage};
use crate::protocols::raft;
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The protocol.
pub struct LockService;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Raft's own.
    pub raft: Rc<raft::Config>,
    /// For each client the server it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
    /// A client's patience with one try, µs.
    pub retry_us: u64,
    /// Its tries.
    pub tries: u32,
    /// How long a lease is, µs.
    pub lease_us: u64,
    /// How long a client works on a file, µs.
    pub work_us: u64,
    /// How much faster one clock may run than another, millionths.
    pub drift_ppm: u64,
    /// The token of the first grant.
    pub first_token: u64,
    /// Whether a lock ends by itself.
    pub leases: bool,
    /// Whether the store compares versions, not tokens.
    pub versions: bool,
    /// Whether clients take locks.
    pub locks: bool,
    /// Whether a client looks at its lease before it writes.
    pub look: bool,
    /// Whether a client keeps its lease alive.
    pub keep_alive: bool,
    /// Whether the service looks for deadlocks.
    pub deadlocks: bool,
    /// Whether names are registered by compare-and-set.
    pub cas: bool,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Raft's.
    Raft(raft::Timer),
    /// A leader's: the next lease ends.
    Expire,
    /// A client's patience.
    Retry,
    /// A client has worked long enough.
    Work,
    /// A client renews its leases.
    KeepAlive,
}

/// A server of the lock service, the store, or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Of the lock service.
    Server(Box<Server>),
    /// The store.
    Store(Storage),
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
        match cx.role() {
            crate::process::Role::Server => {
                let server = Server::boot(config, disk, cx)?;
                Ok(Node::Server(Box::new(server)))
            }
            crate::process::Role::Service => store::boot(config, disk, cx).map(Node::Store),
            crate::process::Role::Client => {
                let place = cx.client_place();
                let first = config.first_servers.get(usize::from(place)).copied().flatten();
                let target = first.unwrap_or(NodeId(place % cx.servers().max(1)));
                Ok(Node::Client(Client::new(config, target)))
            }
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), Message::Raft(message)) => {
                server.drive(cx, |raft, inner| raft.on_message(from, message, inner));
            }
            (Node::Server(server), Message::Ask(ask)) => server.on_ask(from, ask, cx),
            (Node::Store(storage), Message::ToStore(ask)) => store::on_ask(storage, from, ask, cx),
            (Node::Client(client), Message::Told(told)) => client.on_told(from, told, cx),
            (Node::Client(client), Message::Stored(told)) => client.on_stored(told, cx),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Raft(timer)) => {
                server.drive(cx, |raft, inner| raft.on_timer(timer, inner));
            }
            (Node::Server(server), Timer::Expire) => server.on_expire(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            (Node::Client(client), Timer::Work) => client.on_worked(cx),
            (Node::Client(client), Timer::KeepAlive) => client.on_keep_alive(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Server(server), _) => {
                server.drive(cx, |raft, inner| raft.on_disk(event, inner));
            }
            // What a later sync would say is not to be believed (Rebello et al. 2020).
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    /// A server's epoch is its term; a client's the token that it has, the store's the highest
    /// that it has seen.
    fn face(&self) -> Face {
        match self {
            Node::Server(server) => server.raft().face(),
            Node::Store(storage) => Face { state: 3, epoch: storage.highest_of_all().0 },
            Node::Client(client) => {
                let token = client.held().last().map_or(0, |held| held.token.0);
                let waits = client.asks_for().is_some();
                let state = if client.relies_on().is_empty() { 4 + u8::from(waits) } else { 6 };
                Face { state, epoch: token }
            }
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => {
                let seen = server.raft().inspect();
                Inspection {
                    arc: seen.arc.map(Timer::Raft),
                    votes: seen.votes,
                    note: seen.note,
                    state: seen.state,
                    fields: seen.fields,
                }
            }
            Node::Store(storage) => Inspection {
                state: storage.short(),
                fields: storage.fields(),
                ..Inspection::default()
            },
            Node::Client(client) => inspect(client),
        }
    }

    fn share(&mut self, earlier: &Self) {
        if let (Node::Server(server), Node::Server(earlier)) = (self, earlier) {
            server.share(earlier);
        }
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        match (self, later) {
            (Node::Server(server), Some(Node::Server(later))) => {
                server.raft().weight(Some(later.raft()))
            }
            (Node::Server(server), _) => server.raft().weight(None),
            (Node::Store(storage), _) => storage.shown().1.len() * 64,
            (Node::Client(_), _) => 64,
        }
    }

    fn cells(&self, most: usize) -> Cells {
        match self {
            Node::Server(server) => server.cells(most),
            Node::Store(storage) => {
                let (first, shown) = storage.shown();
                let skip = shown.len().saturating_sub(most);
                let cell = |(token, label): &(crate::fencing::Token, crate::machine::Text)| Cell {
                    epoch: token.0,
                    safety: Safety::Committed,
                    label: label.to_string(),
                };
                let cells = shown[skip..].iter().map(cell).collect();
                Cells { first: first + skip as u64, cells }
            }
            Node::Client(_) => Cells::default(),
        }
    }
}

impl Server {
    fn share(&mut self, earlier: &Server) {
        self.raft_mut().share(earlier.raft());
    }

    /// Raft's log, its cells saying what a lock's key becomes: "34 c2".
    fn cells(&self, most: usize) -> Cells {
        let mut cells = self.raft().cells(most);
        for cell in &mut cells.cells {
            let to = cell.label.split('→').nth(1).map(|value| Holding::parse(value, 0));
            cell.label = to.map_or(String::new(), |holding| self.label(holding));
        }
        cells
    }
}

fn inspect(client: &Client) -> Inspection<Timer> {
    let phase = match client.phase() {
        None => "idle",
        Some(Phase::Acquiring) => "asks for a lock",
        Some(Phase::Fetching) => "reads",
        Some(Phase::Working) => "works",
        Some(Phase::Writing) => "writes",
        Some(Phase::Done | Phase::Again) => "gives back",
        Some(Phase::Resting) => "rests",
        Some(Phase::Reading) => "only reads",
        Some(Phase::Claiming | Phase::Looking | Phase::Putting) => "claims",
    };
    let held = |held: &Held| match held.lease {
        Some(lease) => alloc::format!("{} until {} ms", held.token, lease.end_us() / 1_000),
        None => held.token.to_string(),
    };
    let mut fields = alloc::vec![
        ("does".to_string(), phase.to_string()),
        ("speaks to".to_string(), alloc::format!("n{}", client.target().0 + 1)),
    ];
    fields.extend(client.held().iter().map(|one| (one.lock.to_string(), held(one))));
    let tokens: Vec<String> = client.held().iter().map(|held| held.token.to_string()).collect();
    Inspection { state: tokens.join(", "), fields, ..Inspection::default() }
}

impl Protocol for LockService {
    type Process = Node;
    type Machine = Files;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place];
        let retry_us = of(p::CLIENT_TIMEOUT).0;
        let patience = Patience { retry_us, pause_us: retry_us / 4, tries: 1 };
        let raft = raft::Config {
            rules: raft::Rules::without(0),
            heartbeat_us: of(p::HEARTBEAT).0,
            election_us: of(p::ELECTION),
            members: 0,
            no_op: true,
            snapshot_every: 0,
            snapshot_chunk: 1,
            patience,
            first_servers: Vec::new(),
            pre_vote: false,
            check_quorum: false,
            reads: raft::ReadMode::Index,
            drift_ppm: 0,
            batch: 64,
            in_flight: 256,
        };
        Config {
            rules: Rules::without(setup.rules_off),
            raft: Rc::new(raft),
            first_servers: setup.first_servers.clone(),
            retry_us,
            tries: of(p::CLIENT_TRIES).0 as u32,
            lease_us: of(p::LEASE).0,
            work_us: of(p::WORK).0,
            drift_ppm: of(p::DRIFT_BOUND).0,
            first_token: of(p::FIRST_TOKEN).0,
            leases: of(p::LEASES).0 == 0,
            versions: of(p::STORE).0 == 1,
            locks: of(p::LOCKS).0 == 0,
            look: of(p::LOOK).0 == 0,
            keep_alive: of(p::KEEP_ALIVE).0 == 1,
            deadlocks: of(p::DEADLOCKS).0 == 0,
            cas: of(p::CLAIMS).0 == 0,
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(call, fresh)
    }

    fn patience() -> Option<Timer> {
        Some(Timer::Raft(raft::Timer::Election))
    }
}
