//! A learner: how it hears what is chosen, how it catches up (Chandra et al. 2007, §3), in
//! which order it executes (§3), and what it tells clients.

use super::leader::SLOTS_MAX;
use super::{Context, Role, Server};
use crate::machine::{Answer, Command, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::client::Said;
use crate::protocols::multipaxos::message::{Ballot, Message, Record, Value, Vote};
use crate::protocols::multipaxos::{Rules, event};
use alloc::rc::Rc;
use alloc::vec::Vec;

impl Server {
    /// The leader of this ballot knows what is chosen up to a slot. What was accepted in its
    /// ballot is that: it proposes one value for a slot, and above a chosen one the same (P2b).
    /// What was accepted in another ballot need not be.
    pub(super) fn learn_from_leader(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        chosen: u64,
        cx: &mut Context,
    ) {
        if from == cx.id() {
            return; // a leader counts
        }
        let any_ballot = !self.config.rules.has(Rules::SAME_BALLOT);
        let mut slot = self.log.prefix() + 1;
        while slot <= chosen {
            let known = self.log.get(slot).and_then(|known| known.accepted.clone());
            let Some((accepted, value)) = known else { break };
            if accepted != ballot && !any_ballot && self.log.chosen(slot).is_none() {
                break;
            }
            self.log.choose(slot, accepted, &value);
            slot += 1;
        }
        let first = self.log.prefix() + 1;
        self.execute(cx);
        if first <= chosen && cx.now_us() >= self.ask_again_us {
            self.ask_for(from, cx);
        }
    }

    /// Asks for what it lacks, and then not for a while.
    fn ask_for(&mut self, from: NodeId, cx: &mut Context) {
        let first = self.log.prefix() + 1;
        self.ask_again_us = cx.now_us() + self.config.heartbeat_us;
        cx.mark(event::MISSING, Some(from), 0, first);
        self.send(from, Message::Missing(first), WriteId::NONE, cx);
    }

    /// A learner lacks slots: as many as fit into a message.
    pub(super) fn on_missing(&mut self, from: NodeId, first: u64, cx: &mut Context) {
        let last = self.log.prefix().min(first.saturating_add(SLOTS_MAX as u64 - 1));
        let values: Rc<[(Ballot, Value)]> =
            (first..=last).filter_map(|slot| self.log.chosen(slot).cloned()).collect();
        if !values.is_empty() {
            self.send(from, Message::Chosen(first, values), WriteId::NONE, cx);
        }
    }

    /// What is chosen, told by another learner. A leader, or who is about to be one, does not
    /// listen: it speaks of all that it knows as chosen as of its own ballot, and what was
    /// chosen in a later one may differ from what it proposes.
    pub(super) fn on_chosen(
        &mut self,
        from: NodeId,
        first: u64,
        values: &Rc<[(Ballot, Value)]>,
        cx: &mut Context,
    ) {
        if !matches!(self.role, Role::Follower(_)) {
            return;
        }
        for (slot, (ballot, value)) in (first..).zip(values.iter()) {
            if self.log.chosen(slot).is_some() {
                continue;
            }
            self.log.choose(slot, *ballot, value);
            // Not a vote; kept so that a restart need not ask again.
            if self.config.rules.has(Rules::PERSIST_ACCEPTED) {
                cx.write(Record::Chosen(Vote { slot, ballot: *ballot, value: value.clone() }));
            }
        }
        self.execute(cx);
        if values.len() == SLOTS_MAX {
            self.ask_for(from, cx); // there is more
        }
    }

    // ---- execution (§3) ----

    /// "The state machine can execute a command when it knows those of all lower slots" (after
    /// §3).
    pub(super) fn execute(&mut self, cx: &mut Context) {
        while let Some((_, value)) = self.log.chosen(self.applied + 1).cloned() {
            self.execute_slot(self.applied + 1, &value, cx);
        }
    }

    /// This slot has become known.
    pub(super) fn execute_from(&mut self, slot: u64, cx: &mut Context) {
        let jumps = slot > self.applied + 1 && !self.config.rules.has(Rules::IN_ORDER);
        if jumps && let Some((_, value)) = self.log.chosen(slot).cloned() {
            self.execute_slot(slot, &value, cx);
        }
        self.execute(cx);
    }

    fn execute_slot(&mut self, slot: u64, value: &Value, cx: &mut Context) {
        self.applied = slot;
        cx.applied(slot, value.request());
        let Value::Command(id, command) = value else { return };
        let Some(answer) = self.execute_once(*id, command) else { return };
        if matches!(self.role, Role::Leader(_)) {
            let reply = Message::Reply(*id, Said::Result(answer));
            cx.send(id.client, reply, WriteId::NONE);
        }
    }

    /// Executes a client's command once, however many slots hold it (van Renesse and
    /// Altinbuken 2015, §2).
    fn execute_once(&mut self, id: RequestId, command: &Command) -> Option<Answer> {
        if self.config.rules.has(Rules::DEDUPLICATE)
            && let Some((last, answer)) = self.sessions.get(&id.client)
            && id.number <= *last
        {
            return (id.number == *last).then(|| answer.clone());
        }
        let answer = self.machine.apply(command);
        self.sessions.insert(id.client, (id.number, answer.clone()));
        Some(answer)
    }

    // ---- clients ----

    /// A client asks: the leader gives its command the next slot (§3), or reads by its lease.
    pub(super) fn on_client(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        let Role::Leader(leading) = &self.role else {
            let leader = match &self.role {
                Role::Follower(leader) => leader.filter(|&leader| leader != cx.id()),
                _ => None,
            };
            let reply = Message::Reply(id, Said::Elsewhere(leader));
            cx.send(id.client, reply, WriteId::NONE);
            return;
        };
        let (ballot, next) = (leading.ballot, leading.next);
        let once = self.config.rules.has(Rules::DEDUPLICATE);
        if once
            && let Some((last, answer)) = self.sessions.get(&id.client)
            && id.number <= *last
        {
            if id.number == *last {
                let reply = Message::Reply(id, Said::Result(answer.clone()));
                cx.send(id.client, reply, WriteId::NONE);
            }
            return;
        }
        if self.machine.only_reads(command) && self.holds_lease(cx) {
            cx.mark(event::LEASE_READ, None, ballot.0, self.applied);
            cx.read_at(self.applied, id);
            let answer = self.machine.clone().apply(command);
            cx.send(id.client, Message::Reply(id, Said::Result(answer)), WriteId::NONE);
            return;
        }
        if once && self.is_pending(id) {
            return; // it will be answered when it is executed
        }
        if let Role::Leader(leading) = &mut self.role {
            leading.next += 1;
        }
        cx.mark(event::PROPOSE, None, ballot.0, next);
        let values: Vec<Value> = alloc::vec![Value::Command(id, command.clone())];
        self.propose(next, &values, cx);
    }

    /// Whether it has proposed this command, or knows it as chosen, and has not executed it.
    fn is_pending(&self, id: RequestId) -> bool {
        let Role::Leader(leading) = &self.role else { return false };
        let is_it = |value: &Value| value.request() == Some(id);
        let waits = self.log.iter_from(self.applied + 1).filter_map(|slot| slot.chosen.as_ref());
        leading.open.iter().any(|(_, proposal)| is_it(&proposal.value))
            || waits.map(|(_, value)| value).any(is_it)
    }
}
