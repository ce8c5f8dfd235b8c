//! Broadcast in a group, with the order as a choice: none, FIFO, causal (Birman, Schiper and
//! Stephenson 1991), total (Lamport's stamps, 1978). The network may lose, double and reorder;
//! processes may crash and come back with their disks. The orders stand in `group`, links and
//! disk in `server`, what must hold in `check`.

mod check;
mod declare;
mod group;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use group::{Delivered, Group};
pub use message::{Item, Message, Post, Record};
pub use rules::Rules;
pub use server::Server;

use crate::declare::Declaration;
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::protocols::errand::{Done, Errand, Errands};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The field `delivered` names so many of the last messages.
const SHOWN: usize = 64;

/// The protocol.
pub struct Broadcast;

/// In which order messages are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// As they come.
    None,
    /// Those of one sender as it sent them.
    Fifo,
    /// After what caused them.
    Causal,
    /// In the same order everywhere.
    Total,
}

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// In which order messages are delivered.
    pub order: Order,
    /// Between two looks at what others don't have, µs.
    pub resend_us: u64,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the process it speaks to.
    pub first_servers: Vec<Option<NodeId>>,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's patience.
    Retry,
    /// What others don't have is sent again.
    Resend,
}

/// A process or a client.
#[derive(Clone, Debug)]
pub enum Node {
    /// n1, n2, ...
    Server(Box<Server>),
    /// Has its process broadcast.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Errand) -> Message {
        Message::Ask(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Errand;
    type Response = Done;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Ok(Node::Server(Box::new(Server::boot(config, disk, cx)?)));
        }
        let place = cx.id().0 - cx.servers();
        let first = config.first_servers.get(usize::from(place)).copied().flatten();
        let target = first.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::faithful(target, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), Message::Item(number, item)) => {
                server.on_item(from, *number, item, cx);
            }
            (Node::Server(server), Message::Received(upto)) => server.on_received(from, *upto),
            (Node::Server(server), Message::Ask(id, errand)) => {
                server.on_ask(from, *id, errand, cx);
            }
            (Node::Client(client), Message::Answer(id, said)) => {
                client.on_said(from, *id, said, cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Resend) => server.on_resend(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            _ => {}
        }
    }

    fn on_order(&mut self, _order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        if let (Node::Server(server), &[number]) = (self, arguments) {
            server.broadcast(number.to_string().as_str().into(), None, cx);
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Errand, cx: &mut Context<Self>) {
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
            Node::Server(server) => Face {
                state: u8::from(server.group.waits() > 0),
                epoch: u64::from(server.id().0) + 1,
            },
            Node::Client(_) => Face { state: 2, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => server.inspect(),
            Node::Client(client) => {
                let speaks = alloc::format!("n{}", client.target().0 + 1);
                let fields = alloc::vec![("speaks to".to_string(), speaks)];
                Inspection { fields, ..Inspection::default() }
            }
        }
    }

    fn cells(&self, most: usize) -> Cells {
        let Node::Server(server) = self else { return Cells::default() };
        let delivered = &server.group.delivered;
        let from = delivered.len().saturating_sub(most);
        let cell = |one: &Delivered| Cell {
            epoch: u64::from(one.origin.0) + 1,
            safety: Safety::Committed,
            label: one.text.to_string(),
        };
        Cells { first: from as u64 + 1, cells: delivered.iter_from(from).map(cell).collect() }
    }

    fn share(&mut self, earlier: &Self) {
        if let (Node::Server(server), Node::Server(earlier)) = (self, earlier) {
            server.group.share(&earlier.group);
        }
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        match (self, later) {
            (Node::Server(server), Some(Node::Server(later))) => server.weight(Some(later)),
            (Node::Server(server), _) => server.weight(None),
            (Node::Client(client), _) => client.weight(),
        }
    }
}

impl Server {
    fn inspect(&self) -> Inspection<Timer> {
        let delivered = &self.group.delivered;
        let last = delivered.iter_from(delivered.len().saturating_sub(SHOWN));
        let texts: Vec<String> = last.map(|one| one.text.to_string()).collect();
        let waits = self.group.waits();
        let counts: Vec<String> = self.group.vector().iter().map(ToString::to_string).collect();
        let mut fields = alloc::vec![
            ("delivered".to_string(), texts.join(" ")),
            ("count".to_string(), delivered.len().to_string()),
            ("by sender".to_string(), counts.join(" ")),
            ("waiting".to_string(), waits.to_string()),
        ];
        if self.config().order == Order::Total {
            fields.push(("clock".to_string(), self.group.clock().to_string()));
        }
        let state = match waits {
            0 => alloc::format!("{} delivered", delivered.len()),
            _ => alloc::format!("{} delivered, {waits} waiting", delivered.len()),
        };
        Inspection { state, fields, ..Inspection::default() }
    }
}

impl Protocol for Broadcast {
    type Process = Node;
    type Machine = Errands;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            order: match of(p::ORDER) {
                0 => Order::None,
                1 => Order::Fifo,
                2 => Order::Causal,
                _ => Order::Total,
            },
            resend_us: of(p::RESEND),
            patience: Patience {
                retry_us: of(p::CLIENT_TIMEOUT),
                pause_us: of(p::CLIENT_TIMEOUT) / 4,
                tries: of(p::CLIENT_TRIES) as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Errand> {
        Some(Errand::parse(call, fresh, true))
    }

    /// With total order everybody must be heard; else a process needs nobody.
    fn suffices(config: &Config, servers: u16, up: &[NodeId]) -> bool {
        config.order != Order::Total && !up.is_empty() || up.len() == usize::from(servers)
    }
}
