//! A remote procedure call and its retries: a client asks one server to add to a counter, and
//! hears an answer or nothing. What it may do then, and what the effect can be: at most once, at
//! least once, exactly once (Birrell and Nelson, "Implementing Remote Procedure Calls", 1984,
//! §3; Spector, "Performing Remote Operations Efficiently", 1982). Why no answer says nothing:
//! Kleppmann, "Designing Data-Intensive Applications" (2017), chapter 8, "Unreliable Networks".
//!
//! - `retry never`, `keys off`: the client asks once. The effect is had once or not at all.
//! - `retry until-answered`, `keys off`: it asks again. The effect is had once or more often.
//! - `keys on`: the server knows a retry by its key. With retries the effect is had exactly once.

mod check;
mod client;
mod declare;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use message::{Call, Counter, Key, Message, Record, Total};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use client::Client;
use server::Server;

/// The protocol.
pub struct Rpc;

/// What a text sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    rules: Rules,
    /// The client asks again.
    retries: bool,
    /// It sends a key with what it asks.
    keys: bool,
    timeout_us: u64,
    tries: u32,
    table_size: u64,
}

/// What `config` cannot say of one node: where its client asks.
#[derive(Clone, Debug)]
pub struct Configs {
    config: Config,
    first_servers: Vec<Option<NodeId>>,
}

/// The client's only timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// It has waited long enough.
    Patience,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Has a counter.
    Server(Server),
    /// Uses one.
    Client(Client),
}

/// Indexes of the declaration's events.
mod event {
    pub const EXECUTE: u8 = 0;
    pub const REPEAT: u8 = 1;
    pub const STALE: u8 = 2;
    pub const TIMEOUT: u8 = 3;
    pub const RETRY: u8 = 4;
}

/// Indexes of the declaration's checks.
mod checks {
    pub const ONCE: u8 = 0;
    pub const KEPT: u8 = 1;
    pub const OWN: u8 = 2;
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Call;
    type Response = Total;
    type Timer = Timer;
    type Config = Configs;

    fn boot(
        cx: &mut Context<Self>,
        configs: &Rc<Configs>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Server::boot(configs.config, disk).map(Node::Server);
        }
        let place = cx.client_place();
        let first = configs.first_servers.get(usize::from(place)).copied().flatten();
        let server = first.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::new(configs.config, server)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), Message::Request { id, key, call, .. }) => {
                server.on_request(from, *id, *key, *call, cx);
            }
            (Node::Client(client), Message::Reply { id, total }) => {
                client.on_reply(*id, *total, cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, _timer: Timer, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_timeout(cx);
        }
    }

    fn on_request(&mut self, id: RequestId, call: &Call, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, *call, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Server(server), DiskEvent::Durable(upto)) => server.durable = upto,
            (_, DiskEvent::Failed(_)) => cx.exit("a sync failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        Face { state: u8::from(matches!(self, Node::Client(_))), epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => Inspection {
                state: server.total.to_string(),
                fields: alloc::vec![
                    ("counter".to_string(), server.total.to_string()),
                    ("effects".to_string(), server.effects.len().to_string()),
                    ("keys".to_string(), server.table.len().to_string()),
                ],
                ..Inspection::default()
            },
            Node::Client(client) => {
                let waits = client.open.map_or("nothing".to_string(), |(_, call, attempt)| {
                    format!("{call}, try {attempt}")
                });
                let told =
                    client.last.map_or("nothing".to_string(), |(_, total)| total.to_string());
                Inspection {
                    arc: client.open.map(|_| Timer::Patience),
                    fields: alloc::vec![
                        ("waits for".to_string(), waits),
                        ("answered".to_string(), told),
                    ],
                    ..Inspection::default()
                }
            }
        }
    }

    /// One cell for each time that an operation took effect.
    fn cells(&self, most: usize) -> Cells {
        let Node::Server(server) = self else { return Cells::default() };
        let from = server.effects.len().saturating_sub(most);
        let cell = |(amount, _, write): &(u64, Total, crate::process::WriteId)| Cell {
            epoch: 0,
            safety: if *write <= server.durable { Safety::OnDisk } else { Safety::Written },
            label: format!("+{amount}"),
        };
        Cells { first: from as u64 + 1, cells: server.effects[from..].iter().map(cell).collect() }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => size_of_val(&*server.effects) + size_of_val(&*server.table),
            Node::Client(_) => 0,
        }
    }
}

impl Protocol for Rpc {
    type Process = Node;
    type Machine = Counter;
    type Check = check::Effects;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Configs {
        let of = |place: usize| setup.parameters[place].0;
        let config = Config {
            rules: Rules::without(setup.rules_off),
            retries: of(0) == 1,
            keys: of(1) == 1,
            timeout_us: of(2),
            tries: of(3) as u32,
            table_size: of(4),
        };
        Configs { config, first_servers: setup.first_servers.clone() }
    }

    fn request(call: &OperationCall, _fresh: u64) -> Option<Call> {
        match call.name.as_str() {
            "add" => {
                let amount = call.arguments.first().map_or(Ok(1), |amount| amount.parse());
                amount.ok().map(Call::Add)
            }
            "read" => Some(Call::Read),
            _ => None,
        }
    }

    /// Nobody stands in for another: a client's server must be up.
    fn suffices(_config: &Configs, servers: u16, up: &[NodeId]) -> bool {
        up.len() >= usize::from(servers)
    }
}
