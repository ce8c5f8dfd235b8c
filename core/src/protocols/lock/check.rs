//! What must hold of locks, tokens and the store. What clients rely on is read from their own
//! state and their own clocks, what the store has written from what it writes: never from what
//! the lock service believes.

use super::declare::{check, event};
use super::message::Message;
use super::{Held, Node, Record, Turn};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::fencing::Token;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId};
use crate::protocols::files::{self, Found, Watch};
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What is known of a client that is up.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    relies_on: Vec<Held>,
    asks_for: Option<(Text, Turn)>,
    /// The highest token that anybody had of that lock when this client began to ask.
    floor: Token,
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    servers: u16,
    clients: LiteMap<NodeId, Known>,
    /// By lock: the highest token that a client has got.
    highest: LiteMap<Text, Token>,
    /// By lock and token: who got it. Only the last ones: a lower one that comes again is not
    /// monotonic, either.
    given: LiteMap<(Text, Token), (NodeId, Turn)>,
    store: Watch,
}

/// So many grants are remembered.
const GIVEN_MOST: usize = 256;

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers,
            clients: LiteMap::new(),
            highest: LiteMap::new(),
            given: LiteMap::new(),
            store: Watch::default(),
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        match process {
            Node::Client(client) => {
                let before = self.clients.get(&node).cloned().unwrap_or_default();
                let asks_for = client.asks_for().map(|(lock, turn)| (lock.clone(), turn));
                let mut now = Known { relies_on: client.relies_on().to_vec(), ..before.clone() };
                for held in &now.relies_on {
                    let known = |old: &Held| (&old.lock, old.token) == (&held.lock, held.token);
                    if !before.relies_on.iter().any(known) {
                        self.got(node, held, &before, found);
                    }
                }
                if asks_for != now.asks_for {
                    let highest = asks_for.as_ref().and_then(|(lock, _)| self.highest.get(lock));
                    now.floor = highest.copied().unwrap_or_default();
                    now.asks_for = asks_for;
                }
                let gained = now.relies_on != before.relies_on;
                self.clients.insert(node, now);
                if gained {
                    self.one_holder(node, kernel, found);
                }
            }
            Node::Store(storage) => self.of_store(node, storage, fresh, found),
            Node::Server(server) => {
                for effect in fresh {
                    let Effect::Mark(mark) = effect else { continue };
                    let Some(victim) = mark.peer.filter(|_| mark.event == event::DEADLOCK) else {
                        continue;
                    };
                    // A lock that is granted is not waited for, though the answer may not have come.
                    let waiting = |client: NodeId| {
                        let known = self.clients.get(&client)?;
                        let (lock, turn) = known.asks_for.as_ref()?;
                        let granted = server.holding(lock).owner == Some((client, *turn));
                        (!granted).then(|| lock.clone())
                    };
                    if !server.is_in_a_cycle(victim, waiting) {
                        let statement = format!(
                            "{} is refused as part of a deadlock that is none.",
                            self.name(victim)
                        );
                        found.push(Violation::at_node(check::REAL_DEADLOCK, victim, statement));
                    }
                }
            }
        }
    }

    /// What the store has written.
    fn committed(&self) -> u64 {
        self.store.count()
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        self.clients.remove(&node);
        if node.0 == self.servers {
            let files = records.iter().filter_map(|record| match record {
                Record::File(record) => Some(record),
                Record::Raft(_) => None,
            });
            self.store.ended(files);
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        self.given.len() * 64 + self.clients.len() * size_of::<Known>()
    }
}

impl Invariants {
    /// Clients come behind the servers and the store.
    fn name(&self, client: NodeId) -> alloc::string::String {
        format!("c{}", client.0.saturating_sub(self.servers))
    }

    /// A client has got a lock.
    fn got(&mut self, node: NodeId, held: &Held, before: &Known, found: &mut Vec<Violation>) {
        let Some((_, turn)) = before.asks_for.clone() else { return };
        let key = (held.lock.clone(), held.token);
        if let Some((other, _)) = self.given.get(&key).filter(|known| **known != (node, turn)) {
            let (a, b, token) = (self.name(*other), self.name(node), held.token);
            let statement = format!("{a} and {b} have got token {token} of {}.", held.lock);
            let nodes = alloc::vec![*other, node];
            found.push(Violation { nodes, ..Violation::at_node(check::UNIQUE, node, statement) });
        }
        if held.token <= before.floor {
            let statement = format!(
                "{} has got token {} of {}, though {} had been given before it asked.",
                self.name(node),
                held.token,
                held.lock,
                before.floor
            );
            found.push(Violation::at_node(check::MONOTONIC, node, statement));
        }
        if self.given.len() >= GIVEN_MOST {
            // The oldest of this lock, or of the first one.
            let oldest = self.given.iter().find(|((lock, _), _)| *lock == held.lock);
            let oldest = oldest.or(self.given.iter().next()).map(|(key, _)| key.clone());
            oldest.map(|key| self.given.remove(&key));
        }
        self.given.insert(key, (node, turn));
        let highest = self.highest.get(&held.lock).copied().unwrap_or_default();
        self.highest.insert(held.lock.clone(), highest.max(held.token));
    }

    /// Nobody else relies on a lock that this client relies on, each by its own clock.
    fn one_holder(&self, node: NodeId, kernel: &Kernel, found: &mut Vec<Violation>) {
        let Some(mine) = self.clients.get(&node) else { return };
        for (other, known) in self.clients.iter().filter(|(other, _)| **other != node) {
            for (ours, theirs) in mine
                .relies_on
                .iter()
                .flat_map(|ours| known.relies_on.iter().map(move |theirs| (ours, theirs)))
                .filter(|(ours, theirs)| ours.lock == theirs.lock)
            {
                let relies = |client: NodeId, held: &Held| {
                    let shows_us = kernel.node(client).clock.local_us(kernel.now_us);
                    held.lease.is_none_or(|lease| lease.holds_at(shows_us))
                };
                if relies(node, ours) && relies(*other, theirs) {
                    let statement = format!(
                        "{} relies on its lease of {} with token {}, and {} on its own with token {}.",
                        self.name(*other),
                        ours.lock,
                        theirs.token,
                        self.name(node),
                        ours.token
                    );
                    let nodes = alloc::vec![*other, node];
                    let violation = Violation::at_node(check::ONE_HOLDER, node, statement);
                    found.push(Violation { nodes, ..violation });
                }
            }
        }
    }

    fn of_store(
        &mut self,
        node: NodeId,
        storage: &files::Storage,
        fresh: &[EffectOf<Node>],
        found: &mut Vec<Violation>,
    ) {
        let mut report = |what: Found| {
            let (check, statement) = match what {
                Found::Older(statement) => (check::FENCED, statement),
                Found::Lost(statement) => (check::NO_LOST_UPDATE, statement),
                Found::Back(statement) => (check::HIGHEST, statement),
                Found::Newest(statement) => (check::NEWEST, statement),
            };
            found.push(Violation::at_node(check, node, statement));
        };
        for effect in fresh {
            match effect {
                Effect::Write(Record::File(record)) => self.store.written(record, &mut report),
                Effect::Send { message: Message::Stored(told), .. } => {
                    let names: Vec<Text> = storage.files().map(|(name, _)| name.clone()).collect();
                    self.store.told(&names, told, &mut report);
                }
                _ => {}
            }
        }
        self.store.seen(storage, &mut report);
    }
}
