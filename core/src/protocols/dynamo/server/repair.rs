//! How replicas find together again: hints are handed to whom they are for (§4.6), and replicas
//! compare what they have (§4.7). The paper compares by Merkle trees, which saves bytes; here
//! whole objects are sent.

use super::super::message::{Message, Objects, Op, Record};
use super::super::object::Object;
use super::super::{Rules, Timer, event};
use super::{Context, Server};
use crate::machine::Text;
use crate::process::{NodeId, WriteId};

/// That an object is kept on behalf of another server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// Whose it is.
    pub home: NodeId,
    /// Which.
    pub key: Text,
    /// Position of the record that says so; 0 for one that was there at the start.
    pub write: u64,
    /// What was sent there last.
    pub sent: Option<(Op, Object)>,
}

impl Server {
    /// §4.6: "upon detecting that A has recovered, D will attempt to deliver the replica to A":
    /// here it tries again and again.
    pub(super) fn hand_off(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Handoff, self.config.handoff_us);
        for place in 0..self.hints.len() {
            let (home, key) = (self.hints[place].home, self.hints[place].key.clone());
            let (op, object) = (Op(cx.random(1, u64::MAX >> 1)), self.object(&key));
            cx.mark(event::HAND_OFF, Some(home), 0, object.count());
            self.hints[place].sent = Some((op, object.clone()));
            cx.send(home, Message::Store(op, key.clone(), object, None), self.settled(&key));
            if !self.config.rules.has(Rules::KEEP_HINTS) {
                cx.write(Record::Delivered(home, key));
            }
        }
        if !self.config.rules.has(Rules::KEEP_HINTS) {
            self.hints.clear();
        }
    }

    /// "Once the transfer succeeds, D may delete the object" (§4.6). It deletes the hint; the
    /// object stays, or a later write here might be given the dot of an earlier one.
    pub(super) fn on_delivered(&mut self, from: NodeId, op: Op, cx: &mut Context) {
        let sent = |hint: &super::Hint| {
            hint.home == from && hint.sent.as_ref().is_some_and(|(known, _)| *known == op)
        };
        let Some(place) = self.hints.iter().position(sent) else { return };
        let key = self.hints[place].key.clone();
        let now = self.object(&key);
        // What has come since has not been delivered.
        if self.hints[place].sent.as_ref().is_some_and(|(_, object)| *object == now) {
            self.hints.remove(place);
            cx.write(Record::Delivered(from, key));
            cx.mark(event::DELIVERED, Some(from), 0, now.count());
        }
    }

    /// Its objects of keys that both keep.
    fn shared(&self, with: NodeId, cx: &Context) -> Objects {
        let both = |key: &Text| {
            let homes = self.homes(key, cx);
            homes.contains(&with) && homes.contains(&cx.id())
        };
        let store = self.store.iter().filter(|(key, _)| both(key));
        store.map(|(key, kept)| (key.clone(), kept.object.clone())).collect()
    }

    /// The record that must be on disk before anybody hears of all that it keeps.
    fn all_settled(&self, cx: &Context) -> WriteId {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_SEND);
        if sync { cx.written() } else { WriteId::NONE }
    }

    /// One peer after the other.
    pub(super) fn compare(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Compare, self.config.compare_us);
        if cx.servers() < 2 {
            return;
        }
        self.round += 1;
        let steps = (self.round % u64::from(cx.servers() - 1)) as u16;
        let peer = NodeId((cx.id().0 + 1 + steps) % cx.servers());
        // No answer to an earlier one, from before a restart, is taken for an answer to this.
        let round = cx.random(1, u64::MAX >> 1);
        cx.mark(event::COMPARE, Some(peer), 0, round);
        cx.send(peer, Message::Compare(round, self.shared(peer, cx)), self.all_settled(cx));
    }

    /// Takes what is new, and answers with what the other does not have.
    pub(super) fn on_compare(
        &mut self,
        from: NodeId,
        round: u64,
        objects: &Objects,
        cx: &mut Context,
    ) {
        for (key, object) in objects {
            self.take(key, object, cx);
        }
        let mut mine = self.shared(from, cx);
        mine.retain(|own| !objects.contains(own));
        cx.send(from, Message::Differ(round, mine), self.all_settled(cx));
    }

    /// Takes what the other had more.
    pub(super) fn on_differ(
        &mut self,
        from: NodeId,
        round: u64,
        objects: &Objects,
        cx: &mut Context,
    ) {
        for (key, object) in objects {
            self.take(key, object, cx);
        }
        cx.mark(event::COMPARED, Some(from), 0, round);
    }
}
