//! What a coordinator does about silence (§4.6, §4.8.3): who has not answered in time is taken for
//! silent until it is heard of, and where the quorum is sloppy the next on the ring stand in.

use super::super::message::Message;
use super::super::{Quorum, event};
use super::coordinate::{Kind, Pending};
use super::{Context, Server};
use crate::machine::Text;
use crate::process::{NodeId, WriteId};
use alloc::vec::Vec;

impl Server {
    /// Somebody has been silent for too long.
    pub(super) fn on_patience(&mut self, cx: &mut Context) {
        let now_us = cx.now_us();
        let is_late = |pending: &&Pending| pending.silent_us <= now_us;
        let late: Vec<_> = self.pending.iter().filter(is_late).map(|pending| pending.op).collect();
        for op in late {
            self.notice_silence(op, cx);
            self.stand_in(op, cx);
        }
        let over = |pending: &Pending| pending.over_us <= now_us;
        while let Some(place) = self.pending.iter().position(over) {
            let pending = self.pending.remove(place);
            if !pending.is_answered {
                cx.mark(event::TOO_FEW, Some(pending.id.client), 0, u64::from(pending.count));
            }
            self.repair_stale(&pending, cx);
        }
        self.count_own(cx);
        self.wait(cx);
    }

    /// §4.8.3: "node A may consider node B failed if node B does not respond to node A's
    /// messages": a purely local notion.
    fn notice_silence(&mut self, op: super::Op, cx: &Context) {
        let Some(place) = self.pending.iter().position(|pending| pending.op == op) else { return };
        let mut asked = self.homes(&self.pending[place].key, cx);
        let pending = &mut self.pending[place];
        // Until somebody else is asked there is nothing to wait for but answers.
        pending.silent_us = u64::MAX;
        asked.extend(pending.asked.iter().map(|(_, other)| *other));
        asked.retain(|node| *node != cx.id() && !pending.from.contains(node));
        for node in asked {
            if !self.silent.contains(&node) {
                self.silent.push(node);
            }
        }
    }

    /// §4.6: "all read and write operations are performed on the first N healthy nodes from the
    /// preference list": the next on the ring stand in for those that are silent.
    pub(super) fn stand_in(&mut self, op: super::Op, cx: &mut Context) {
        let Some(place) = self.pending.iter().position(|pending| pending.op == op) else { return };
        if self.config.quorum != Quorum::Sloppy {
            return;
        }
        let key = self.pending[place].key.clone();
        for home in self.homes(&key, cx) {
            let pending = &self.pending[place];
            let works = |node: &NodeId| pending.from.contains(node) || !self.silent.contains(node);
            let has_one = pending.asked.iter().any(|(whose, other)| *whose == home && works(other));
            if works(&home) || has_one {
                continue;
            }
            let Some(other) = self.next_on_ring(pending, cx) else { break };
            let (now_us, silence_us) = (cx.now_us(), self.config.silence_us);
            let pending = &mut self.pending[place];
            pending.asked.push((home, other));
            pending.silent_us = now_us + silence_us;
            pending.over_us = pending.over_us.max(now_us + 2 * silence_us);
            let kind = pending.kind.clone();
            self.ask_to_stand_in(op, &key, kind, home, other, cx);
        }
        self.wait(cx);
    }

    /// The first that has not been asked: of those that are not silent, or else of all.
    fn next_on_ring(&self, pending: &Pending, cx: &Context) -> Option<NodeId> {
        let n = usize::from(self.config.n(cx.servers()));
        let others = || self.config.ring(&pending.key, cx.servers()).skip(n);
        let is_new = |node: &NodeId| pending.asked.iter().all(|(_, asked)| asked != node);
        let healthy = others().find(|node| is_new(node) && !self.silent.contains(node));
        healthy.or_else(|| others().find(is_new))
    }

    fn ask_to_stand_in(
        &mut self,
        op: super::Op,
        key: &Text,
        kind: Kind,
        home: NodeId,
        other: NodeId,
        cx: &mut Context,
    ) {
        match kind {
            Kind::Put(_, object) if other == cx.id() => {
                // It counts when both are on disk, the object and the hint.
                let write = self.hint(home, key, cx).max(self.stored(key));
                self.answer_itself(op, write, object);
            }
            Kind::Put(_, object) => {
                let store = Message::Store(op, key.clone(), object, Some(home));
                cx.send(other, store, self.settled(key));
            }
            Kind::Get(_) if other == cx.id() => {
                self.answer_itself(op, self.settled(key), self.object(key));
            }
            Kind::Get(_) => cx.send(other, Message::Fetch(op, key.clone()), WriteId::NONE),
        }
    }
}
