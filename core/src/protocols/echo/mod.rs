//! Echo: a client sends a text, a server sends it back, the client asks again when nothing
//! comes. The smallest protocol there is: it shows what a room needs, and what a retry costs.

#[cfg(test)]
mod tests;

use crate::declare::{
    Argument, Check, Declaration, EventKind, Family, FaultModel, Field, MessageKind, Operation,
    Parameter, Role, Sign, State, Unit,
};
use crate::explore::exhaust::Explored;
use crate::machine::{Machine, Text};
use crate::process::{
    Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored, Wire, WriteId,
};
use crate::protocols::client::{Client, Patience, Said, Served};
use crate::scenario::ast::OperationCall;
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::{self, Display};

/// The protocol.
pub struct Echo;

/// A text on its way there or back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// There.
    Ask(RequestId, Shout),
    /// Back.
    Back(RequestId, Shout),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        u8::from(matches!(self, Message::Back(..)))
    }
    fn number(&self) -> u64 {
        let (Message::Ask(id, _) | Message::Back(id, _)) = self;
        id.number
    }
}

/// What a client shouts and hears.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shout(Text);

impl Display for Shout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A machine without a state: the answer is the question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mirror;

impl Machine for Mirror {
    type Command = Shout;
    type Answer = Shout;
    fn apply(&mut self, command: &Shout) -> Shout {
        command.clone()
    }
    fn part<'a>(&self, command: &'a Shout) -> &'a str {
        &command.0
    }
}

/// The client's patience.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Config {
    patience: Patience,
}

/// The client's only timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retry;

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Sends back what it gets; how often it has.
    Server(u64),
    /// Asks.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Shout) -> Message {
        Message::Ask(id, request.clone())
    }
    const RETRY: Retry = Retry;
}

const ECHO: u8 = 0;

impl Process for Node {
    type Message = Message;
    type Record = ();
    type Request = Shout;
    type Response = Shout;
    type Timer = Retry;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        _disk: &mut dyn Iterator<Item = Stored<'_, ()>>,
    ) -> Result<Self, Refusal> {
        Ok(match cx.role() {
            crate::process::Role::Server => Node::Server(0),
            _ => Node::Client(Client::new(NodeId(0), config.patience)),
        })
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(count), Message::Ask(id, text)) => {
                *count += 1;
                cx.mark(ECHO, Some(from), 0, *count);
                cx.applied(*count, Some(*id));
                cx.send(from, Message::Back(*id, text.clone()), WriteId::NONE);
            }
            (Node::Client(client), Message::Back(id, text)) => {
                client.on_said(from, *id, &Said::Result(text.clone()), cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, _timer: Retry, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_retry(cx);
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Shout, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn face(&self) -> Face {
        Face { state: u8::from(matches!(self, Node::Client(_))), epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Retry> {
        match self {
            Node::Server(count) => Inspection {
                state: alloc::format!("{count} echoes"),
                fields: alloc::vec![("echoes".to_string(), count.to_string())],
                ..Inspection::default()
            },
            Node::Client(_) => Inspection::default(),
        }
    }
}

/// Echo.
const DECLARATION: Declaration = Declaration {
    name: "echo",
    title: "Echo",
    version: 1,
    source: "Every network tutorial",
    epoch: "",
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "server", family: Family::Store, shown: false },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        MessageKind { name: "ask", sign: Sign::Request, label: "request" },
        MessageKind { name: "back", sign: Sign::Reply, label: "reply" },
    ],
    events: &[EventKind {
        name: "echo",
        fields: &[Field::Node, Field::From, Field::Index],
        about: "The server sends a text back.",
        source: "",
        only_with: "",
    }],
    parameters: &[
        Parameter {
            name: "client-timeout",
            unit: Unit::Duration,
            default: (150_000, 150_000),
            range: (1_000, 60_000_000),
            about: "How long a client waits before it asks again.",
        },
        Parameter {
            name: "client-tries",
            unit: Unit::Count,
            default: (20, 20),
            range: (1, 1_000),
            about: "How often a client asks before it gives an operation up.",
        },
    ],
    operations: &[Operation {
        name: "echo",
        arguments: &[Argument::Value],
        about: "Sends a text and waits for it.",
    }],
    orders: &[],
    bugs: &[],
    checks: &[
        Check { plain: "Clients hear what they said", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: &[],
        live_while: "The server that a client asks is up and connected.",
    },
};

impl Protocol for Echo {
    type Process = Node;
    type Machine = Mirror;
    type Check = ();
    const DECLARATION: &'static Declaration = &DECLARATION;

    fn config(setup: &Setup) -> Config {
        let retry_us = setup.parameters[0].0;
        let tries = setup.parameters[1].0 as u32;
        Config { patience: Patience { retry_us, pause_us: retry_us / 4, tries } }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Shout> {
        let said = call.arguments.first().cloned().unwrap_or_else(|| fresh.to_string());
        Some(Shout(said.as_str().into()))
    }
}

impl Explored for Echo {
    fn alike(_config: &Config, servers: u16) -> Vec<u16> {
        (0..servers).collect()
    }
}
