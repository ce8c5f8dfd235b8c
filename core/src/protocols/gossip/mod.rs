//! Gossip: every round each node exchanges what it has heard with one other, drawn at random
//! (Demers et al., "Epidemic Algorithms for Replicated Database Maintenance", 1987). Push, pull
//! or both; rumours that are told until they are stale; anti-entropy, which compares all that
//! two nodes have; death certificates for what is deleted. How many rounds it takes until
//! everybody knows: Pittel, "On Spreading a Rumor", 1987, for push; Karp, Schindelhauer, Shenker
//! and Vöcking, "Randomized Rumor Spreading", 2000, for both.

mod check;
mod declare;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use message::{Call, Heard, Message, Record, Stamp, Town, Update};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::process::{
    Cells, Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::{Client, Patience, Said, Served};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use server::Server;

/// The protocol.
pub struct Gossip;

/// Who tells whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// Who knows tells a partner.
    Push,
    /// Everybody asks a partner.
    Pull,
    /// Both at once.
    PushPull,
}

/// When a node loses interest in a rumour (§1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    /// Never: it is told for ever.
    Never,
    /// After k contacts that count.
    Counter,
    /// After each contact that counts with probability 1/k.
    Coin,
}

/// What a text sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    rules: Rules,
    exchange: Exchange,
    stop: Stop,
    /// Only contacts count in which the rumour was no news.
    feedback: bool,
    stop_after: u64,
    round_us: u64,
    /// All rounds begin at the same times.
    together: bool,
    /// In every so manieth round a node compares all that it has; 0 is never.
    anti_entropy: u64,
    tombstone_us: u64,
    patience: Patience,
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Its next round.
    Round,
    /// A client's patience.
    Retry,
}

/// A server or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// One of the town.
    Server(Server),
    /// Tells one of them something.
    Client(Client<Node>),
}

/// Indexes of the declaration's events.
mod event {
    pub const TELL: u8 = 0;
    pub const LEARN: u8 = 1;
    pub const TIRE: u8 = 2;
    pub const DELETE: u8 = 3;
    pub const REPAIR: u8 = 4;
    pub const DROP: u8 = 5;
}

/// Indexes of the declaration's checks.
mod checks {
    pub const CREATION: u8 = 0;
    pub const STAMP: u8 = 1;
    pub const BACK: u8 = 2;
    pub const RESURRECTION: u8 = 3;
}

/// Indexes of the declaration's states.
mod state {
    pub const UNAWARE: u8 = 0;
    pub const TELLS: u8 = 1;
    pub const KNOWS: u8 = 2;
    pub const CLIENT: u8 = 3;
}

impl Served for Node {
    fn ask(id: RequestId, request: &Call) -> Message {
        Message::Request(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Call;
    type Response = Heard;
    type Timer = Timer;
    type Config = Configs;

    fn boot(
        cx: &mut Context<Self>,
        configs: &Rc<Configs>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Server::boot(configs.config, disk, cx).map(Node::Server);
        }
        let place = cx.client_place();
        let first = configs.first_servers.get(usize::from(place)).copied().flatten();
        let first = first.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::new(first, configs.config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), Message::Push { updates, pull }) => {
                server.on_push(from, updates, *pull, cx);
            }
            (Node::Server(server), Message::Pull) => server.on_pull(from, cx),
            (Node::Server(server), Message::Tell(updates)) => {
                server.hear(from, updates, event::LEARN, cx);
            }
            (Node::Server(server), Message::Feedback(known)) => server.on_feedback(known, cx),
            (Node::Server(server), Message::Compare(theirs)) => {
                server.on_compare(from, theirs, cx);
            }
            (Node::Server(server), Message::Differ(updates)) => {
                server.hear(from, updates, event::REPAIR, cx);
            }
            (Node::Server(server), Message::Request(id, call)) => {
                server.on_request(from, *id, call, cx);
            }
            (Node::Client(client), Message::Reply(id, heard)) => {
                client.on_said(from, *id, &Said::Result(heard.clone()), cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Round) => server.on_round(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, call: &Call, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, call, cx);
        }
    }

    fn face(&self) -> Face {
        let Node::Server(server) = self else { return Face { state: state::CLIENT, epoch: 0 } };
        let newest = server.items.iter().max_by_key(|item| item.update.stamp);
        let state = match newest {
            None => state::UNAWARE,
            Some(item) if item.hot => state::TELLS,
            Some(_) => state::KNOWS,
        };
        Face { state, epoch: newest.map_or(0, |item| item.update.stamp.count) }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let Node::Server(server) = self else { return Inspection::default() };
        let mut fields = alloc::vec![
            ("round".to_string(), server.round.to_string()),
            ("hot".to_string(), server.items.iter().filter(|item| item.hot).count().to_string()),
        ];
        let mut short = alloc::string::String::new();
        for item in &server.items {
            let value = item.update.value.as_deref().unwrap_or("deleted");
            if !short.is_empty() {
                short.push_str(", ");
            }
            short.push_str(&format!("{} = {value}", item.update.key));
            fields.push((item.update.key.to_string(), value.to_string()));
        }
        Inspection { arc: Some(Timer::Round), state: short, fields, ..Inspection::default() }
    }

    fn cells(&self, most: usize) -> Cells {
        let Node::Server(server) = self else { return Cells::default() };
        let cell = |item: &server::Item| Cell {
            epoch: item.update.stamp.count,
            safety: Safety::OnDisk,
            label: match &item.update.value {
                Some(value) => format!("{} = {value}", item.update.key),
                None => format!("{} †", item.update.key),
            },
        };
        Cells { first: 1, cells: server.items.iter().take(most).map(cell).collect() }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => server.weight(),
            Node::Client(client) => client.weight(),
        }
    }
}

/// What a text sets, and whom each client asks first.
#[derive(Clone, Debug)]
pub struct Configs {
    config: Config,
    first_servers: alloc::vec::Vec<Option<NodeId>>,
}

impl Protocol for Gossip {
    type Process = Node;
    type Machine = Town;
    type Check = check::Told;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Configs {
        let of = |place: usize| setup.parameters[place].0;
        let retry_us = of(8);
        let config = Config {
            rules: Rules::without(setup.rules_off),
            exchange: [Exchange::Push, Exchange::Pull, Exchange::PushPull][of(0).min(2) as usize],
            stop: [Stop::Never, Stop::Counter, Stop::Coin][of(1).min(2) as usize],
            feedback: of(2) == 1,
            stop_after: of(3),
            round_us: of(4),
            together: of(5) == 0,
            anti_entropy: of(6),
            tombstone_us: of(7),
            patience: Patience { retry_us, pause_us: retry_us / 4, tries: of(9) as u32 },
        };
        Configs { config, first_servers: setup.first_servers.clone() }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Call> {
        let key = call.arguments.first()?.as_str().into();
        match call.name.as_str() {
            "tell" => {
                let value = call.arguments.get(1).cloned().unwrap_or_else(|| fresh.to_string());
                Some(Call::Tell(key, value.as_str().into()))
            }
            "delete" => Some(Call::Delete(key)),
            "read" => Some(Call::Read(key)),
            _ => None,
        }
    }
}
