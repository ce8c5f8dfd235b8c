//! The ABD register as a protocol of this crate: "any wait-free algorithm based on atomic
//! registers can be emulated in a message-passing system" in which fewer than half fail (Attiya,
//! Bar-Noy and Dolev 1995). Clients run the two phases, replicas answer. What must hold stands
//! in `check`.

mod check;
mod client;
mod declare;
mod message;
mod replica;
mod rules;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use client::{Client, Open};
pub use message::{Content, Message, Phase, Record, Round, Tag, kind};
pub use replica::{Register, Replica};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::quorum::majority;
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
pub(crate) use declare::event;

/// The protocol.
pub struct Abd;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// A client's patience with one try, µs.
    pub retry_us: u64,
    /// A client's tries in one phase.
    pub tries: u32,
}

impl Config {
    /// A majority of so many replicas.
    fn quorum(&self, servers: u16) -> u16 {
        if self.rules.has(Rules::MAJORITY) { majority(servers) } else { servers.div_ceil(2) }
    }
}

/// Its only timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's patience.
    Retry,
}

/// A replica or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Keeps registers.
    Replica(Replica),
    /// Reads and writes them.
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
        if cx.role() == Role::Client {
            return Client::boot(config, disk).map(Node::Client);
        }
        Replica::boot(config, disk, cx).map(Node::Replica)
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match self {
            Node::Replica(replica) => replica.on_message(from, message, cx),
            Node::Client(client) => client.on_message(from, message, cx),
        }
    }

    fn on_timer(&mut self, _timer: Timer, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_retry(cx);
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Replica(replica), DiskEvent::Durable(upto)) => replica.durable = upto,
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Replica(replica) => Face { state: 0, epoch: replica.highest().number },
            Node::Client(client) => Face {
                state: match client.open.as_ref().map(|open| open.phase) {
                    None => 1,
                    Some(Phase::Query) => 2,
                    Some(Phase::Update) => 3,
                },
                epoch: 0,
            },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Replica(replica) => replica.inspect(),
            Node::Client(client) => client.inspect(),
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Replica(replica) => replica.weight(),
            Node::Client(client) => client.weight(),
        }
    }

    fn cells(&self, most: usize) -> Cells {
        let Node::Replica(replica) = self else { return Cells::default() };
        let cell = |(key, register): (&crate::machine::Text, &Register)| Cell {
            epoch: register.tag.number,
            safety: if register.write.unwrap_or(0) <= replica.durable.0 {
                Safety::OnDisk
            } else {
                Safety::Written
            },
            label: alloc::format!("{key} = {}", said(&register.content)),
        };
        Cells { first: 1, cells: replica.registers.iter().take(most).map(cell).collect() }
    }
}

fn said(content: &Content) -> String {
    content.as_ref().map_or("nothing".to_string(), ToString::to_string)
}

impl Replica {
    fn inspect(&self) -> Inspection<Timer> {
        let mut fields = alloc::vec![("tag".to_string(), self.highest().short())];
        let mut state = String::new();
        for (key, register) in self.registers.iter() {
            let value = said(&register.content);
            if !state.is_empty() {
                state += ", ";
            }
            state += &alloc::format!("{key} = {value}");
            fields.push((key.to_string(), value));
        }
        Inspection { state, fields, ..Inspection::default() }
    }
}

impl Client {
    fn inspect(&self) -> Inspection<Timer> {
        let mut fields = alloc::vec![("used".to_string(), self.used.to_string())];
        if let Some(open) = &self.open {
            let tag = if open.tag == Tag::NONE { "none".to_string() } else { open.tag.short() };
            fields.push(("doing".to_string(), open.command.to_string()));
            fields.push(("tag".to_string(), tag));
        }
        let arc = self.open.is_some().then_some(Timer::Retry);
        Inspection { arc, votes: self.votes(), fields, ..Inspection::default() }
    }
}

impl Protocol for Abd {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            retry_us: of(declare::parameter::CLIENT_TIMEOUT),
            tries: of(declare::parameter::CLIENT_TRIES) as u32,
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}
