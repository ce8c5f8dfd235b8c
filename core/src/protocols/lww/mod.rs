//! A replicated register in which the last write wins, after Cassandra and DDIA chapter 8
//! (figure 8-3), and what it takes instead. Every replica takes writes, stamps them, stores them
//! and tells the others; of two writes the one with the later time stays. Which clock gives the
//! times is a choice: a wall clock, a Lamport clock, a hybrid clock; or none, and writes that do
//! not know of each other stay side by side (dotted version vectors, as in Riak).

mod check;
mod client;
mod declare;
mod message;
mod register;
mod rules;

pub use message::{Answer, Anything, Message, Record, Taken};
pub use register::{Context, Kind, Outcome, Register, Write};

use crate::clocks::Hlc;
use crate::machine::{Command, Text};
use crate::process::{
    Cells, Context as Cx, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::Patience;
use crate::scenario::ast::OperationCall;
use crate::stamps::wall_text;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use client::Client;
use declare::{event, parameter};
use litemap::LiteMap;
use rules::Rules;

/// The protocol.
pub struct LastWriteWins;

/// The same for every node of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    kind: Kind,
    anti_entropy_us: u64,
    patience: Patience,
    /// The replica of each client.
    homes: Vec<NodeId>,
    rules: Rules,
}

/// Timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client asks again.
    Retry,
    /// A replica tells another all that it has.
    AntiEntropy,
}

/// A replica.
#[derive(Clone, Debug)]
pub struct Replica {
    config: Rc<Config>,
    id: NodeId,
    clock: Hlc,
    registers: LiteMap<Text, Register>,
    /// The last write of each client that it took: one that is asked again is not done again.
    taken: LiteMap<NodeId, u64>,
}

impl core::hash::Hash for Replica {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.clock.hash(state);
        self.registers.iter().for_each(|register| register.hash(state));
        self.taken.iter().for_each(|taken| taken.hash(state));
    }
}

/// A replica or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Stores.
    Replica(Replica),
    /// Asks.
    Client(Client),
}

impl Replica {
    fn boot(
        cx: &mut Cx<Node>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Replica, Refusal> {
        let mut replica = Replica {
            config: config.clone(),
            id: cx.id(),
            clock: Hlc::default(),
            registers: LiteMap::new(),
            taken: LiteMap::new(),
        };
        for stored in disk {
            match stored {
                Stored::Record(record) => {
                    // No time that it gave is later than one that it stored.
                    for write in record.register.writes() {
                        replica.clock = replica.clock.max(write.time);
                    }
                    if let Some(taken) = &record.taken {
                        replica.clock = replica.clock.max(taken.time);
                        replica.taken.insert(taken.request.client, taken.request.number);
                    }
                    replica.registers.insert(record.key.clone(), record.register.clone());
                }
                // Nobody has heard of what it was to store.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        replica.rest(cx);
        Ok(replica)
    }

    fn rest(&self, cx: &mut Cx<Node>) {
        if self.config.anti_entropy_us > 0 && cx.servers() > 1 {
            cx.set_timer(Timer::AntiEntropy, self.config.anti_entropy_us);
        }
    }

    /// The time of a new write.
    fn stamp(&mut self, cx: &Cx<Node>) -> Hlc {
        match self.config.kind {
            Kind::Wall => self.clock = Hlc::at(cx.wall_us(), 0),
            Kind::Lamport => self.clock = Hlc::at(self.clock.wall() + 1, 0),
            Kind::Hlc => {
                self.clock.tick(cx.wall_us());
            }
            Kind::Vector => {}
        }
        self.clock
    }

    /// A message brings a time from elsewhere (Lamport's IR2; figure 5 of Kulkarni et al.).
    fn observe(&mut self, time: Hlc, cx: &Cx<Node>) {
        if !self.config.rules.has(Rules::OBSERVE) {
            return;
        }
        match self.config.kind {
            Kind::Lamport => self.clock = self.clock.max(time),
            Kind::Hlc => {
                self.clock.receive(time, cx.wall_us());
            }
            Kind::Wall | Kind::Vector => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Cx<Node>) {
        match message {
            Message::Put(id, key, value, seen, time) => {
                self.observe(*time, cx);
                self.put(*id, key, value, seen, cx);
            }
            Message::Get(id, key, time) => {
                self.observe(*time, cx);
                let register = self.registers.get(key);
                let value = register.map(Register::text).filter(|text| !text.is_empty());
                let seen = register.map_or_else(Context::new, Register::context);
                let value = value.map(|text| text.as_str().into());
                let answer = Message::Value(*id, key.clone(), value, seen, self.clock);
                cx.send(from, answer, cx.written());
            }
            Message::State(key, register, time) => {
                self.observe(*time, cx);
                self.merge(from, key, register, cx);
            }
            Message::Done(..) | Message::Value(..) => {}
        }
    }

    fn register(&mut self, key: &Text) -> Register {
        self.registers.get(key).cloned().unwrap_or_else(|| Register::new(self.config.kind))
    }

    /// A client writes: the write has its time, is stored, and goes to all others.
    fn put(&mut self, id: RequestId, key: &Text, value: &Text, seen: &Context, cx: &mut Cx<Node>) {
        let mut register = self.register(key);
        if self.taken.get(&id.client).is_none_or(|last| id.number > *last) {
            let (time, at) = (self.stamp(cx), self.id);
            let write = Write { value: value.clone(), time, at, count: 0, request: id };
            let (count, outcome) = register.write(seen, write, self.config.rules);
            let what = match outcome {
                Outcome::Beside => event::BESIDE,
                Outcome::Dropped => event::DROP,
                _ => event::WRITE,
            };
            cx.mark(what, Some(id.client), 0, count);
            self.taken.insert(id.client, id.number);
            self.registers.insert(key.clone(), register.clone());
            let taken = Some(Taken { request: id, time, count, seen: seen.clone() });
            cx.write(Record { key: key.clone(), register: register.clone(), taken });
            let state = Message::State(key.clone(), register.clone(), self.clock);
            for peer in cx.peers() {
                cx.send(peer, state.clone(), cx.written());
            }
        }
        let done = Message::Done(id, key.clone(), register.context(), self.clock);
        cx.send(id.client, done, cx.written());
    }

    /// What another replica stores comes in.
    fn merge(&mut self, from: NodeId, key: &Text, theirs: &Register, cx: &mut Cx<Node>) {
        let mut register = self.register(key);
        let before = register.clone();
        let outcome = register.merge(theirs, self.config.rules);
        if register == before {
            return;
        }
        match outcome {
            Outcome::Taken => cx.mark(event::TAKE, Some(from), 0, 0),
            Outcome::Dropped => cx.mark(event::DROP, Some(from), 0, 0),
            Outcome::Beside => cx.mark(event::BESIDE, Some(from), 0, 0),
            Outcome::Known => {}
        }
        self.registers.insert(key.clone(), register.clone());
        cx.write(Record { key: key.clone(), register, taken: None });
    }

    /// Tells one other, drawn, all that it has: what was lost on the way comes after all.
    fn tell_all(&mut self, cx: &mut Cx<Node>) {
        let others = u64::from(cx.servers()) - 1;
        let place = cx.random(0, others.saturating_sub(1)) as u16;
        let peer = NodeId(if place >= self.id.0 { place + 1 } else { place });
        for (key, register) in &self.registers {
            let state = Message::State(key.clone(), register.clone(), self.clock);
            cx.send(peer, state, cx.written());
        }
        self.rest(cx);
    }

    fn time_text(&self, time: Hlc) -> String {
        match self.config.kind {
            Kind::Wall => wall_text(time.wall()),
            Kind::Hlc => format!("{} +{}", wall_text(time.wall()), time.count()),
            Kind::Lamport => time.wall().to_string(),
            Kind::Vector => "none".to_string(),
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let pairs = self.registers.iter().map(|(key, register)| (key, register.text()));
        let mut fields: Vec<_> = pairs.map(|(key, text)| (key.to_string(), text)).collect();
        let state: Vec<String> =
            fields.iter().map(|(key, text)| format!("{key} = {text}")).collect();
        for (key, register) in &self.registers {
            for write in register.writes() {
                fields.push((format!("time of {key}"), self.time_text(write.time)));
            }
        }
        Inspection { state: state.join(", "), fields, ..Inspection::default() }
    }

    fn cells(&self, most: usize) -> Cells {
        let label = |(key, register): (&Text, &Register)| match register.writes().first() {
            Some(write) if matches!(self.config.kind, Kind::Wall | Kind::Hlc) => {
                let ms = write.time.wall() / 1_000 % 60_000;
                format!("{key} = {} @{}.{:03}", register.text(), ms / 1_000, ms % 1_000)
            }
            Some(write) if self.config.kind == Kind::Lamport => {
                format!("{key} = {} @{}", register.text(), write.time.wall())
            }
            _ => format!("{key} = {}", register.text()),
        };
        let cell = |pair| Cell { epoch: 0, safety: Safety::Written, label: label(pair) };
        Cells { first: 1, cells: self.registers.iter().take(most).map(cell).collect() }
    }
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Command;
    type Response = Answer;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Cx<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == Role::Server {
            return Replica::boot(cx, config, disk).map(Node::Replica);
        }
        let place = cx.client_place();
        let home = config.homes.get(usize::from(place)).copied();
        let home = home.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::new(home, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Cx<Self>) {
        match self {
            Node::Replica(replica) => replica.on_message(from, message, cx),
            Node::Client(client) => client.on_message(message, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            (Node::Replica(replica), Timer::AntiEntropy) => replica.tell_all(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Cx<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn face(&self) -> Face {
        Face { state: u8::from(matches!(self, Node::Client(_))), epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Replica(replica) => replica.inspect(),
            Node::Client(_) => Inspection::default(),
        }
    }

    fn cells(&self, most: usize) -> Cells {
        match self {
            Node::Replica(replica) => replica.cells(most),
            Node::Client(_) => Cells::default(),
        }
    }
}

impl Protocol for LastWriteWins {
    type Process = Node;
    type Machine = Anything;
    type Check = check::Checks;
    const DECLARATION: &'static crate::declare::Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let value = |place: usize| setup.parameters[place].0;
        let kind = match value(parameter::STAMPS) {
            0 => Kind::Wall,
            1 => Kind::Lamport,
            2 => Kind::Hlc,
            _ => Kind::Vector,
        };
        let own = |place: usize| NodeId(place as u16 % setup.servers.max(1));
        let homes = setup.first_servers.iter().enumerate();
        let retry_us = value(parameter::CLIENT_TIMEOUT);
        let tries = value(parameter::CLIENT_TRIES) as u32;
        Config {
            kind,
            anti_entropy_us: value(parameter::ANTI_ENTROPY),
            patience: Patience { retry_us, pause_us: retry_us, tries },
            homes: homes.map(|(place, home)| home.unwrap_or(own(place))).collect(),
            rules: Rules::without(setup.rules_off),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
            .filter(|command| matches!(command, Command::Put(..) | Command::Get(_)))
    }

    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }
}
