//! Commit wait: writes at several servers, each with a clock of its own, get timestamps that
//! nobody's real time contradicts, because clocks say how far off they may be and servers wait
//! that out (Corbett et al., "Spanner: Google's Globally-Distributed Database", 2012). Reads of
//! several servers at one timestamp see one state, and lock nothing.
//!
//! What is here of Spanner: TrueTime (section 3) as a wall clock and a declared bound; timestamps
//! of single-server writes and their commit wait (4.1.2, 4.2.1); reads at a timestamp (4.1.3,
//! 4.2.2). Replication by Paxos, two-phase commit and locks are not. What must hold stands in
//! `check`.

mod check;
mod client;
mod declare;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Checks;
pub use client::Client;
pub use message::{Answer, Anything, Found, Message, Record, Transaction, Version, Wish};
pub use rules::Rules;
pub use server::{Commit, Server};

use crate::declare::Declaration;
use crate::machine::Text;
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
pub(crate) use declare::event;
use message::{shown, span};

/// The protocol.
pub struct CommitWait;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// How far a clock may be off, µs.
    pub uncertainty_us: u64,
    /// How far back reads read, µs.
    pub staleness_us: u64,
    /// A client's patience with one try, µs.
    pub patience_us: u64,
    /// A client's tries.
    pub tries: u32,
}

/// Timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client asks again.
    Retry,
    /// A timestamp that a server waits for should have passed.
    Passed,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Owns keys.
    Server(Server),
    /// Reads and writes them.
    Client(Client),
}

/// The server that owns a key: its letters, added up, modulo the servers. With three servers x is
/// n1's, y is n2's and z is n3's.
pub fn owner(key: &Text, servers: u16) -> NodeId {
    let sum: u64 = key.bytes().map(u64::from).sum();
    NodeId((sum % u64::from(servers.max(1))) as u16)
}

impl Node {
    fn config(&self) -> &Config {
        match self {
            Node::Server(server) => &server.config,
            Node::Client(client) => &client.config,
        }
    }
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Transaction;
    type Response = Answer;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == Role::Client {
            return Ok(Node::Client(Client::new(config)));
        }
        Server::boot(config, disk, cx).map(Node::Server)
    }

    fn on_message(&mut self, _from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match self {
            Node::Server(server) => server.on_message(message, cx),
            Node::Client(client) => client.on_message(message, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Passed) => server.settle(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Transaction, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Server(server), DiskEvent::Durable(upto)) => server.durable = upto,
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        let state = match self {
            Node::Client(_) => 2,
            Node::Server(server) => {
                u8::from(!server.commits.is_empty() || !server.readers.is_empty())
            }
        };
        Face { state, epoch: 0 }
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
        match self {
            Node::Server(server) => server.cells(most),
            Node::Client(_) => Cells::default(),
        }
    }
}

fn field(name: &str, value: String) -> (String, String) {
    (name.to_string(), value)
}

impl Server {
    fn inspect(&self) -> Inspection<Timer> {
        let mut fields = alloc::vec![field("uncertainty", span(self.config.uncertainty_us))];
        if self.highest > 0 {
            fields.push(field("stamp", shown(self.highest)));
        }
        if let Some(waited_us) = self.waited_us {
            fields.push(field("waited", span(waited_us)));
        }
        fields.push(field("writes", self.commits.len().to_string()));
        fields.push(field("reads", self.readers.len().to_string()));
        let mut state = String::new();
        for (key, versions) in self.versions.iter() {
            let Some(newest) = versions.last() else { continue };
            if !state.is_empty() {
                state += ", ";
            }
            state += &alloc::format!("{key} = {}", newest.value);
            fields.push(field(key, newest.value.to_string()));
        }
        let waits = !self.commits.is_empty() || !self.readers.is_empty();
        Inspection { arc: waits.then_some(Timer::Passed), state, fields, ..Inspection::default() }
    }

    /// The last versions of all keys in the order of their timestamps.
    fn cells(&self, most: usize) -> Cells {
        let all = self.versions.iter().flat_map(|(key, list)| list.iter().map(move |v| (key, v)));
        let mut all: alloc::vec::Vec<_> = all.collect();
        crate::order::sort_by_key(&mut all, |(_, version)| (version.stamp, 0));
        let first = all.len().saturating_sub(most);
        let cell = |(key, version): &(&Text, &server::Version)| Cell {
            epoch: 0,
            safety: if version.write > self.durable {
                Safety::Written
            } else if self.commits.iter().any(|commit| commit.stamp == version.stamp) {
                Safety::OnDisk
            } else {
                Safety::Committed
            },
            label: alloc::format!("{key} = {} @{}", version.value, shown(version.stamp)),
        };
        Cells { first: first as u64 + 1, cells: all[first..].iter().map(cell).collect() }
    }
}

impl Client {
    fn inspect(&self) -> Inspection<Timer> {
        let mut fields = alloc::vec::Vec::new();
        if let Some((stamp, took_us)) = self.last {
            fields.push(field("stamp", shown(stamp)));
            fields.push(field("took", span(took_us)));
        }
        for (key, version) in &self.read {
            let value = version.as_ref().map_or("nothing", |(_, value)| value);
            fields.push(field(key, value.to_string()));
        }
        let arc = self.open.is_some().then_some(Timer::Retry);
        Inspection { arc, fields, ..Inspection::default() }
    }
}

impl Protocol for CommitWait {
    type Process = Node;
    type Machine = Anything;
    type Check = Checks;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            uncertainty_us: of(declare::parameter::UNCERTAINTY),
            staleness_us: of(declare::parameter::STALENESS),
            patience_us: of(declare::parameter::CLIENT_TIMEOUT),
            tries: of(declare::parameter::CLIENT_TRIES) as u32,
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Transaction> {
        Transaction::parse(call, fresh)
    }

    /// Nobody can stand in for the owner of a key.
    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }
}
