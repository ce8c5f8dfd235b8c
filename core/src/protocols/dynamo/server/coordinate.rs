//! What a coordinator does (§4.5): it asks all N replicas of a key, and answers when W have
//! stored, or R have said what they have. What becomes of those that stay silent stands in
//! `stand_in`.

use super::super::message::{Message, Op};
use super::super::object::{Dot, Object, Seen, Version};

use super::super::{Rules, Timer, event};
use super::{Context, Server};
use crate::clocks::DottedVersion;
use crate::machine::Text;
use crate::process::{NodeId, RequestId, WriteId};
use alloc::vec::Vec;

/// What is coordinated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A write: which it is, and the object as it was right after it.
    Put(Dot, Object),
    /// A read: what replicas have said.
    Get(Vec<(NodeId, Object)>),
}

/// A client's request at its coordinator. All of it is lost in a crash: the client then knows
/// nothing of its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    pub(super) op: Op,
    pub(super) id: RequestId,
    pub(super) key: Text,
    pub(super) kind: Kind,
    /// Its own answer, which waits for the disk.
    pub(super) own: Option<(WriteId, Object)>,
    /// Who has answered; itself among them.
    pub(super) from: Vec<NodeId>,
    /// How many of them count.
    pub(super) count: u16,
    /// Stand-ins that have been asked, and for whom.
    pub(super) asked: Vec<(NodeId, NodeId)>,
    /// The client has been told.
    pub(super) is_answered: bool,
    /// Whoever is silent until then is stood in for, local µs.
    pub(super) silent_us: u64,
    /// It is forgotten then, local µs.
    pub(super) over_us: u64,
}

impl Server {
    /// §4.5: "the coordinator generates the vector clock for the new version and writes the new
    /// version locally. The coordinator then sends the new version ... to the N highest-ranked
    /// reachable nodes".
    pub(super) fn on_put(
        &mut self,
        id: RequestId,
        key: &Text,
        value: &Text,
        seen: &Seen,
        cx: &mut Context,
    ) {
        if self.is_known(id) {
            return;
        }
        let rules = self.config.rules;
        let mut object = self.object(key);
        let version = Version {
            clock: DottedVersion::new(object.next_dot(cx.id(), seen), seen.clone()),
            stamp_us: cx.wall_us() / self.config.resolution_us * self.config.resolution_us,
            request: id,
            text: value.clone(),
        };
        let dot = version.dot();
        if self.config.last_write_wins {
            let (stamp_us, writer) = tag(&version);
            cx.placed(stamp_us, writer, id);
        }
        let blindly = !rules.has(Rules::ONLY_WHAT_WAS_SEEN);
        object.add(version, blindly, rules.has(Rules::TOTAL_ORDER));
        if object.count() > 1 {
            cx.mark(event::SIBLINGS, None, 0, object.count());
        }
        let write = self.keep(key, object.clone(), cx);
        cx.mark(event::PUT, Some(id.client), 0, dot.count);
        let after = self.settled(key);
        let op = self.begin(id, key, Kind::Put(dot, object.clone()), cx);
        for home in self.homes(key, cx) {
            if home == cx.id() {
                self.answer_itself(op, write, object.clone());
            } else {
                cx.send(home, Message::Store(op, key.clone(), object.clone(), None), after);
            }
        }
        self.stand_in(op, cx);
        self.count_own(cx);
    }

    /// §4.5: "for a get() request, the coordinator requests all existing versions of data for
    /// that key from the N highest-ranked reachable nodes ..., and then waits for R responses".
    pub(super) fn on_get(&mut self, id: RequestId, key: &Text, cx: &mut Context) {
        if self.pending.iter().any(|pending| pending.id == id) {
            return;
        }
        let op = self.begin(id, key, Kind::Get(Vec::new()), cx);
        let homes = self.homes(key, cx);
        for home in homes {
            if home == cx.id() {
                self.answer_itself(op, self.settled(key), self.object(key));
            } else {
                cx.send(home, Message::Fetch(op, key.clone()), WriteId::NONE);
            }
        }
        self.stand_in(op, cx);
        self.count_own(cx);
    }

    /// What it says to itself needs no network, but the disk like any other answer.
    pub(super) fn answer_itself(&mut self, op: Op, write: WriteId, object: Object) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.op == op) {
            pending.own = Some((write, object));
        }
    }

    fn begin(&mut self, id: RequestId, key: &Text, kind: Kind, cx: &mut Context) -> Op {
        let op = Op(cx.random(1, u64::MAX >> 1));
        let now_us = cx.now_us();
        self.pending.push(Pending {
            op,
            id,
            key: key.clone(),
            kind,
            own: None,
            from: Vec::new(),
            count: 0,
            asked: Vec::new(),
            is_answered: false,
            silent_us: now_us + self.config.silence_us,
            over_us: now_us + 4 * self.config.silence_us,
        });
        self.wait(cx);
        op
    }

    /// The servers that keep a key: N of them, from its place on the ring on (§4.2).
    pub(in crate::protocols::dynamo) fn homes(&self, key: &Text, cx: &Context) -> Vec<NodeId> {
        self.config.ring(key, cx.servers()).take(usize::from(self.config.n(cx.servers()))).collect()
    }

    /// Its own answers count when what they speak of is on disk.
    pub(super) fn count_own(&mut self, cx: &mut Context) {
        let rules = self.config.rules;
        let mut ready = Vec::new();
        for pending in &mut self.pending {
            let waits = match pending.kind {
                Kind::Put(..) => rules.has(Rules::SYNC_BEFORE_ACK),
                Kind::Get(_) => true,
            };
            let durable = self.durable;
            if let Some((_, object)) = pending.own.take_if(|(write, _)| !waits || *write <= durable)
            {
                ready.push((pending.op, matches!(pending.kind, Kind::Put(..)), object));
            }
        }
        for (op, writes, object) in ready {
            if writes {
                self.on_taken(cx.id(), op, cx);
            } else {
                self.on_have(cx.id(), op, &object, cx);
            }
        }
    }

    /// A replica has stored.
    pub(super) fn on_taken(&mut self, from: NodeId, op: Op, cx: &mut Context) {
        let rules = self.config.rules;
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.op == op) else {
            self.on_delivered(from, op, cx);
            return;
        };
        if pending.from.contains(&from) && rules.has(Rules::A_SET) {
            return;
        }
        pending.from.push(from);
        pending.count += 1;
        // §4.5: "if at least W-1 nodes respond then the write is considered successful".
        if pending.count >= self.config.w(cx.servers()) && !pending.is_answered {
            pending.is_answered = true;
            let Kind::Put(dot, object) = &pending.kind else { return };
            let answer = Message::Written(pending.id, *dot, object.clone());
            cx.mark(event::WRITTEN, Some(pending.id.client), 0, u64::from(pending.count));
            cx.send(pending.id.client, answer, WriteId::NONE);
        }
        self.forget_complete(cx);
    }

    /// A replica has said what it has.
    pub(super) fn on_have(&mut self, from: NodeId, op: Op, object: &Object, cx: &mut Context) {
        let (r, last) = (self.config.r(cx.servers()), self.config.last_write_wins);
        let Some(pending) = self.pending.iter_mut().find(|pending| pending.op == op) else {
            return;
        };
        let Kind::Get(answers) = &mut pending.kind else { return };
        if answers.iter().any(|(known, _)| *known == from) {
            return;
        }
        answers.push((from, object.clone()));
        pending.from.push(from);
        pending.count += 1;
        if pending.count >= r && !pending.is_answered {
            pending.is_answered = true;
            let merged = merged(answers, last);
            let id = pending.id;
            if last {
                let (stamp_us, writer) = merged.versions().next().map_or((0, 0), tag);
                cx.placed(stamp_us, writer, id);
            }
            cx.mark(event::READ, Some(id.client), 0, merged.count());
            cx.send(id.client, Message::Found(id, merged), WriteId::NONE);
        }
        self.forget_complete(cx);
    }

    /// All replicas have answered: what a read found stale is repaired, and it is done with.
    fn forget_complete(&mut self, cx: &mut Context) {
        let n = self.config.n(cx.servers());
        let done = |pending: &Pending| pending.is_answered && pending.from.len() >= usize::from(n);
        while let Some(place) = self.pending.iter().position(done) {
            let pending = self.pending.remove(place);
            self.repair_stale(&pending, cx);
        }
    }

    /// §5: "if stale versions were returned in any of the responses, the coordinator updates
    /// those nodes with the latest version": read repair.
    pub(super) fn repair_stale(&mut self, pending: &Pending, cx: &mut Context) {
        let Kind::Get(answers) = &pending.kind else { return };
        if !self.config.read_repair {
            return;
        }
        let merged = merged(answers, self.config.last_write_wins);
        for (from, _) in answers.iter().filter(|(_, object)| *object != merged) {
            cx.mark(event::REPAIR, Some(*from), 0, merged.count());
            if *from == cx.id() {
                self.take(&pending.key, &merged, cx);
            } else {
                let store = Message::Store(pending.op, pending.key.clone(), merged.clone(), None);
                cx.send(*from, store, WriteId::NONE);
            }
        }
    }

    /// Sets its patience to the next thing that is due.
    pub(super) fn wait(&mut self, cx: &mut Context) {
        let due = |pending: &Pending| pending.silent_us.min(pending.over_us);
        match self.pending.iter().map(due).min() {
            Some(due_us) => {
                let now_us = cx.now_us();
                cx.set_timer(Timer::Patience, due_us.saturating_sub(now_us).max(1));
            }
            None => cx.cancel_timer(Timer::Patience),
        }
    }
}

/// What the answers come to: §4.4, "syntactic reconciliation".
fn merged(answers: &[(NodeId, Object)], last_write_wins: bool) -> Object {
    let mut merged = Object::new(last_write_wins);
    for (_, object) in answers {
        merged.merge(object, true);
    }
    merged
}

/// A version's place among all of its key, where the last write wins: time, then dot.
fn tag(version: &Version) -> (u64, u64) {
    let dot = version.dot();
    (version.stamp_us.max(1), u64::from(dot.replica.0) << 48 | dot.count)
}
