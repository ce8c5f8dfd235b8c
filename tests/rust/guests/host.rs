//! What both guests have in common: a server that applies what the guest has decided to a
//! key-value machine, once for each operation, and answers its clients; and the check that all
//! servers apply the same. Knows neither guest.

use happens_before::check::{Check, Violation};
use happens_before::chunks::Chunked;
use happens_before::declare::{
    self, Declaration, Family, MessageKind, Parameter, Sign, State, Unit,
};
use happens_before::machine::{Answer, Command, KeyValue, Machine};
use happens_before::process::{
    Cells, Context, DiskEvent, Effect, EffectOf, Face, Inspection, NodeId, Process, Refusal,
    RequestId, Role, Stored, Wire, WriteId,
};
use happens_before::protocols::client::{Client, Patience, Said, Served};
use happens_before::view::Cell;
use happens_before::world::{Kernel, Setup};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::rc::Rc;

/// How often a guest's clock ticks, µs.
pub const TICK_US: u64 = 10_000;

/// A client's command on its way through a guest's log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub id: RequestId,
    pub command: Command,
}

/// A real implementation.
pub trait Guest: Sized + 'static {
    type Packet: Wire;
    type Record: Clone + Debug + Hash;
    /// Its place in the servers' states: (state, term or ballot).
    fn face(&self) -> Face;
    fn boot(cx: &mut Context<Node<Self>>, records: Vec<Self::Record>) -> Self;
    fn receive(&mut self, from: NodeId, packet: &Self::Packet, cx: &mut Context<Node<Self>>);
    fn tick(&mut self, cx: &mut Context<Node<Self>>);
    fn durable(&mut self, upto: WriteId, cx: &mut Context<Node<Self>>);
    /// Takes an entry into its log or says who may.
    fn propose(&mut self, entry: Entry, cx: &mut Context<Node<Self>>)
    -> Result<(), Option<NodeId>>;
    /// Writes and sends what it wants to; what has been decided since the last call, by index.
    fn settle(&mut self, cx: &mut Context<Node<Self>>) -> Vec<(u64, Option<Entry>)>;
    /// Its log as people see it.
    fn cells(&self) -> Vec<Cell>;
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message<K> {
    Ask(RequestId, Command),
    Tell(RequestId, Said<Answer>),
    Guest(K),
}

/// The guest's own kinds come behind these.
pub const KINDS: [MessageKind; 3] = [
    MessageKind { name: "request", sign: Sign::Request, label: "request" },
    MessageKind { name: "reply", sign: Sign::Reply, label: "reply" },
    MessageKind { name: "redirect", sign: Sign::Refuse, label: "refused" },
];

impl<K: Wire> Wire for Message<K> {
    fn kind(&self) -> u8 {
        match self {
            Message::Ask(..) => 0,
            Message::Tell(_, Said::Result(_)) => 1,
            Message::Tell(_, Said::Elsewhere(_)) => 2,
            Message::Guest(packet) => packet.kind(),
        }
    }
    fn epoch(&self) -> u64 {
        if let Message::Guest(packet) = self { packet.epoch() } else { 0 }
    }
    fn number(&self) -> u64 {
        match self {
            Message::Ask(id, _) | Message::Tell(id, _) => id.number,
            Message::Guest(packet) => packet.number(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    Tick,
    Retry,
}

pub struct Server<G> {
    guest: G,
    store: KeyValue,
    /// The last operation of each client and its answer.
    sessions: BTreeMap<NodeId, (u64, Answer)>,
    /// Operations that a client waits for here.
    waiting: Vec<RequestId>,
    applied: u64,
}

pub enum Node<G: Guest> {
    Server(Box<Server<G>>),
    Client(Client<Node<G>>),
}

impl<G: Guest> Served for Node<G> {
    const RETRY: Timer = Timer::Retry;
    fn ask(id: RequestId, request: &Command) -> Message<G::Packet> {
        Message::Ask(id, request.clone())
    }
}

impl<G: Guest> Server<G> {
    fn ask(&mut self, id: RequestId, command: &Command, cx: &mut Context<Node<G>>) {
        match self.sessions.get(&id.client) {
            Some((last, answer)) if *last == id.number => {
                let told = Message::Tell(id, Said::Result(answer.clone()));
                cx.send(id.client, told, WriteId::NONE);
            }
            Some((last, _)) if *last > id.number => {} // an old copy
            _ => match self.guest.propose(Entry { id, command: command.clone() }, cx) {
                Ok(()) if self.waiting.contains(&id) => {}
                Ok(()) => self.waiting.push(id),
                Err(hint) => {
                    cx.send(id.client, Message::Tell(id, Said::Elsewhere(hint)), WriteId::NONE);
                }
            },
        }
    }

    fn settle(&mut self, cx: &mut Context<Node<G>>) {
        for (index, entry) in self.guest.settle(cx) {
            cx.ensure(index == self.applied + 1, "what is decided comes in order");
            self.applied = index;
            cx.applied(index, entry.as_ref().map(|entry| entry.id));
            let Some(Entry { id, command }) = entry else { continue };
            let last = self.sessions.get(&id.client);
            if last.is_some_and(|(last, _)| *last >= id.number) {
                continue;
            }
            let answer = self.store.apply(&command);
            self.sessions.insert(id.client, (id.number, answer.clone()));
            if self.waiting.contains(&id) {
                self.waiting.retain(|waits| *waits != id);
                cx.send(id.client, Message::Tell(id, Said::Result(answer)), WriteId::NONE);
            }
        }
    }
}

impl<G: Guest> Process for Node<G> {
    type Message = Message<G::Packet>;
    type Record = G::Record;
    type Request = Command;
    type Response = Answer;
    type Timer = Timer;
    type Config = Patience;

    fn boot(
        cx: &mut Context<Self>,
        patience: &Rc<Patience>,
        disk: &mut dyn Iterator<Item = Stored<'_, G::Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == Role::Client {
            let first = u64::from(cx.servers()) - 1;
            let target = NodeId(cx.random(0, first) as u16);
            return Ok(Node::Client(Client::new(target, **patience)));
        }
        let mut records = Vec::new();
        for stored in disk {
            match stored {
                Stored::Record(record) => records.push(record.clone()),
                Stored::Torn => {} // nothing left that waited for it
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        let guest = G::boot(cx, records);
        let (store, sessions) = (KeyValue::default(), BTreeMap::new());
        let waiting = Vec::new();
        let mut server = Box::new(Server { guest, store, sessions, waiting, applied: 0 });
        cx.set_timer(Timer::Tick, TICK_US);
        server.settle(cx);
        Ok(Node::Server(server))
    }

    fn on_message(&mut self, from: NodeId, message: &Message<G::Packet>, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Client(client), Message::Tell(id, said)) => client.on_said(from, *id, said, cx),
            (Node::Server(server), Message::Ask(id, command)) => {
                server.ask(*id, command, cx);
                server.settle(cx);
            }
            (Node::Server(server), Message::Guest(packet)) => {
                server.guest.receive(from, packet, cx);
                server.settle(cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            (Node::Server(server), Timer::Tick) => {
                cx.set_timer(Timer::Tick, TICK_US);
                server.guest.tick(cx);
                server.settle(cx);
            }
            _ => {}
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
            DiskEvent::Durable(upto) => {
                server.guest.durable(upto, cx);
                server.settle(cx);
            }
            DiskEvent::Failed(_) => cx.exit("a sync failed"),
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Server(server) => server.guest.face(),
            Node::Client(_) => Face { state: 0, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => Inspection {
                state: server.store.short(),
                fields: vec![("applied".to_string(), server.applied.to_string())],
                ..Inspection::default()
            },
            Node::Client(_) => Inspection::default(),
        }
    }

    fn cells(&self, most: usize) -> Cells {
        let Node::Server(server) = self else { return Cells::default() };
        let mut cells = server.guest.cells();
        let before = cells.len().saturating_sub(most);
        Cells { first: before as u64 + 1, cells: cells.split_off(before) }
    }
}

/// Everyone applies the same; where a guest promises it, one leader in a term.
#[derive(Clone, Debug)]
pub struct Agreement {
    history: Vec<Option<RequestId>>,
    leaders: BTreeMap<u64, NodeId>,
    servers: u16,
}

/// The place of the leading state.
pub const LEADS: u8 = 2;

pub const STATES: &[State] = &[
    State { name: "follower", family: Family::Follows, shown: false },
    State { name: "candidate", family: Family::Seeks, shown: true },
    State { name: "leader", family: Family::Leads, shown: true },
];

pub const CHECKS: &[declare::Check] = &[
    declare::Check { plain: "One leader per term", formal: "Election safety" },
    declare::Check { plain: "Everyone applies the same", formal: "State machine safety" },
    declare::Check { plain: "Clients see one copy", formal: "Linearizable" },
    declare::Check { plain: "Assumptions hold", formal: "Assertions" },
];

impl<G: Guest> Check<Node<G>> for Agreement {
    fn new(servers: u16) -> Agreement {
        Agreement { history: Vec::new(), leaders: BTreeMap::new(), servers }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node<G>,
        fresh: &[EffectOf<Node<G>>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let face = process.face();
        if node.0 < self.servers && face.state == LEADS {
            let first = *self.leaders.entry(face.epoch).or_insert(node);
            if first != node {
                let said =
                    format!("Two leaders in {}: n{} and n{}.", face.epoch, first.0 + 1, node.0 + 1);
                found.push(Violation {
                    nodes: vec![first, node],
                    ..Violation::at_node(0, node, said)
                });
            }
        }
        for effect in fresh {
            let Effect::Applied { index, request } = effect else { continue };
            let place = *index as usize - 1;
            match self.history.get(place) {
                Some(known) if known != request => {
                    let said = format!(
                        "n{} applies {request:?} at {index}, where {known:?} was applied.",
                        node.0 + 1
                    );
                    found.push(Violation::at_node(1, node, said));
                }
                Some(_) => {}
                None => self.history.push(*request),
            }
        }
    }

    fn released(&mut self, _: NodeId, _: &Chunked<G::Record>, _: &Kernel, _: &mut Vec<Violation>) {}

    fn committed(&self) -> u64 {
        self.history.len() as u64
    }
}

pub const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "client-timeout",
        unit: Unit::Duration,
        default: (250_000, 250_000),
        range: (1_000, 60_000_000),
        about: "How long a client waits before it asks the next server.",
    },
    Parameter {
        name: "client-tries",
        unit: Unit::Count,
        default: (20, 20),
        range: (1, 1_000),
        about: "How often a client asks before it gives an operation up.",
    },
];

pub fn patience(setup: &Setup) -> Patience {
    let retry_us = setup.parameters[0].0;
    Patience { retry_us, pause_us: retry_us / 4, tries: setup.parameters[1].0 as u32 }
}

pub const fn declared(name: &'static str, messages: &'static [MessageKind]) -> Declaration {
    Declaration {
        states: STATES,
        checks: CHECKS,
        parameters: PARAMETERS,
        rack: "Logs",
        cells: happens_before::declare::LOG_CELLS,
        ..Declaration::minimal(name, messages)
    }
}
