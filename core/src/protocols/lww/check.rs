//! What must hold of writes: against the order in which they really were made, and in which
//! clients came to see them.

use super::declare::check;
use super::message::{Answer, Message, Record, Taken};
use super::register::Register;
use super::{Kind, Node};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::clocks::Hlc;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What decides between two writes.
type Rank = (Hlc, NodeId);

/// What is known of a key.
#[derive(Clone, Debug, Default)]
struct Truth {
    /// For each replica, by the numbers of its writes: the highest rank up to there.
    ranks: Vec<Vec<Rank>>,
    /// The highest of those that were acknowledged, and whose.
    done: Option<(Rank, RequestId)>,
    /// What each replica has.
    states: Vec<Option<Register>>,
}

/// A write that a client has begun.
#[derive(Clone, Debug)]
struct Asked {
    key: Text,
    /// What had been acknowledged before.
    done: Option<(Rank, RequestId)>,
    /// Its rank, once a replica has taken it.
    rank: Option<Rank>,
}

/// The checks.
#[derive(Clone, Debug)]
pub struct Checks {
    replicas: usize,
    keys: LiteMap<Text, Truth>,
    /// By client, then number; those that have not been answered.
    asked: LiteMap<(NodeId, u64), Asked>,
}

fn key_of(request: RequestId) -> (NodeId, u64) {
    (request.client, request.number)
}

impl Checks {
    /// A write as people call it: clients stand behind the replicas.
    fn name(&self, request: RequestId) -> String {
        let client = request.client.index() + 1 - self.replicas.min(request.client.index());
        format!("operation {} of c{client}", request.number)
    }

    fn truth(&mut self, key: &Text) -> &mut Truth {
        let ranks = alloc::vec![Vec::new(); self.replicas];
        let states = alloc::vec![None; self.replicas];
        let new = Truth { ranks, states, done: None };
        self.keys.entry(key.clone()).or_insert(new)
    }

    /// A client asks or has its answer.
    fn client(&mut self, effect: &EffectOf<Node>) {
        match effect {
            Effect::Send { message: Message::Put(id, key, ..), .. }
                if !self.asked.contains_key(&key_of(*id)) =>
            {
                let done = self.truth(key).done;
                self.asked.insert(key_of(*id), Asked { key: key.clone(), done, rank: None });
            }
            Effect::Reply { request, response: Answer::Done, .. } => {
                let Some(asked) = self.asked.remove(&key_of(*request)) else { return };
                let Some(rank) = asked.rank else { return };
                let truth = self.truth(&asked.key);
                if truth.done.is_none_or(|(known, _)| known < rank) {
                    truth.done = Some((rank, *request));
                }
            }
            Effect::GiveUp(request) => {
                self.asked.remove(&key_of(*request));
            }
            _ => {}
        }
    }

    /// A replica has taken a write.
    fn taken(&mut self, at: NodeId, key: &Text, taken: &Taken, kind: Kind) -> Vec<(u8, String)> {
        let rank = (taken.time, at);
        let mut wrong = Vec::new();
        let own = self.name(taken.request);
        let truth = self.truth(key);
        let upto = |replica: &NodeId, count: u64| {
            let ranks = truth.ranks.get(replica.index())?;
            ranks.get(count.checked_sub(1)? as usize).copied()
        };
        let seen = taken.seen.iter().filter_map(|(replica, count)| upto(replica, count)).max();
        let orders = kind != Kind::Vector;
        if orders && seen.is_some_and(|seen| seen > rank) {
            let said = "has an earlier time than a write that its client had seen";
            wrong.push((check::CAUSAL, format!("The write of {own} {said}.")));
        }
        let ranks = &mut truth.ranks[at.index()];
        ranks.truncate(taken.count.saturating_sub(1) as usize);
        ranks.push(ranks.last().map_or(rank, |last| (*last).max(rank)));
        let Some(asked) = self.asked.get_mut(&key_of(taken.request)) else { return wrong };
        asked.rank = Some(rank);
        if let Some((_, by)) = asked.done.filter(|(done, _)| orders && *done > rank) {
            let statement = format!(
                "The write of {own} has an earlier time than that of {}, which was acknowledged \
                 before it began.",
                self.name(by),
            );
            wrong.push((check::REAL_TIME, statement));
        }
        wrong
    }

    /// A replica has a new state of a key.
    fn state(&mut self, at: NodeId, record: &Record, kind: Kind) -> Vec<(u8, String)> {
        let mut replaced = None;
        let truth = self.truth(&record.key);
        let mut wrong = Vec::new();
        let known = record.register.context();
        let text = record.register.text();
        if kind == Kind::Vector
            && let (Some(before), Some(taken)) = (&truth.states[at.index()], &record.taken)
        {
            let unseen = |write: &&&super::Write| write.count > taken.seen.get(&write.at);
            let kept = record.register.writes();
            let gone = |write: &&&super::Write| {
                !kept.iter().any(|kept| (kept.at, kept.count) == (write.at, write.count))
            };
            let before = before.writes();
            if let Some(write) = before.iter().filter(unseen).find(gone) {
                replaced = Some((taken.request, write.request));
            }
        }
        for (place, other) in truth.states.iter().enumerate() {
            let Some(other) = other.as_ref().filter(|_| place != at.index()) else { continue };
            if other.context() == known && !same_values(other, &record.register) {
                let statement = format!(
                    "n{} and n{} know the same writes to {}; one has {text}, the other {}.",
                    at.0 + 1,
                    place + 1,
                    record.key,
                    other.text(),
                );
                wrong.push((check::CONVERGENCE, statement));
                break;
            }
        }
        truth.states[at.index()] = Some(record.register.clone());
        if let Some((by, old)) = replaced {
            let (by, old) = (self.name(by), self.name(old));
            let statement = format!(
                "The write of {by} replaced that of {old}, of which its client had not heard."
            );
            wrong.push((check::LOST, statement));
        }
        wrong
    }
}

fn same_values(a: &Register, b: &Register) -> bool {
    let names = |register: &Register| -> Vec<(NodeId, u64)> {
        register.writes().iter().map(|write| (write.at, write.count)).collect()
    };
    names(a) == names(b)
}

impl Check<Node> for Checks {
    fn new(servers: u16) -> Checks {
        Checks { replicas: usize::from(servers), keys: LiteMap::new(), asked: LiteMap::new() }
    }

    fn booted(&mut self, node: NodeId, _process: &Node, records: &Chunked<Record>) {
        if node.index() >= self.replicas {
            return;
        }
        for (_, truth) in self.keys.iter_mut() {
            truth.states[node.index()] = None;
        }
        for record in records.iter() {
            let register = record.register.clone();
            self.truth(&record.key).states[node.index()] = Some(register);
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Node::Replica(replica) = process else {
            return fresh.iter().for_each(|effect| self.client(effect));
        };
        let kind = replica.config.kind;
        for effect in fresh {
            let Effect::Write(record) = effect else { continue };
            let mut wrong = Vec::new();
            if let Some(taken) = &record.taken {
                wrong = self.taken(node, &record.key, taken, kind);
            }
            wrong.extend(self.state(node, record, kind));
            let violation = |(check, statement)| Violation::at_node(check, node, statement);
            found.extend(wrong.into_iter().map(violation));
        }
    }
}
