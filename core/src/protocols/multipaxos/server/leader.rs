//! A leader: phase 1 once for all slots, what it takes over and where it fills gaps (§3),
//! phase 2 for each command, and the lease by which it reads.

use super::{Context, Leading, Preparing, Proposal, Role, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::multipaxos::message::{Accept, Ballot, Message, Value, Vote};
use crate::protocols::multipaxos::{Rules, Timer, event};
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

/// At most so many slots in one message.
pub(super) const SLOTS_MAX: usize = 64;

impl Server {
    // ---- Phase 1 (§2.2, §3) ----

    /// Its patience is over: it begins a ballot of its own, above all that it knows of.
    pub(super) fn prepare(&mut self, cx: &mut Context) {
        if self.is_bound(cx.id(), cx) {
            // Its own acceptor would not promise, and nothing would keep the number.
            self.reset_patience(cx);
            return;
        }
        let ballot = self.promised.max(self.heard).above(cx.id(), cx.servers());
        let first = self.log.prefix() + 1;
        let said = alloc::vec![None; usize::from(cx.servers())];
        self.role = Role::Preparing(Preparing { ballot, first, said });
        self.heard = self.heard.max(ballot);
        self.reset_patience(cx);
        cx.mark(event::PREPARE, None, ballot.0, first);
        // Its own acceptor first: that promise on disk keeps the number from being used again.
        self.handle(cx.id(), &Message::Prepare(ballot, first), cx);
        let after = self.promise_write;
        for peer in cx.peers() {
            self.send(peer, Message::Prepare(ballot, first), after, cx);
        }
    }

    pub(super) fn on_promise(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        votes: &Rc<[Vote]>,
        cx: &mut Context,
    ) {
        let need = usize::from(self.config.quorums(cx.servers()).0);
        let Role::Preparing(preparing) = &mut self.role else { return };
        if ballot != preparing.ballot {
            return;
        }
        let Some(said) = preparing.said.get_mut(from.index()) else { return };
        *said = Some(votes.clone());
        if preparing.said.iter().flatten().count() >= need {
            let preparing = preparing.clone();
            self.lead(&preparing, cx);
        }
    }

    /// A phase-1 quorum has promised. The leader proposes for each slot the value of the
    /// highest-numbered proposal that was reported, and a no-op in the gaps between (§3).
    fn lead(&mut self, preparing: &Preparing, cx: &mut Context) {
        let (ballot, first) = (preparing.ballot, preparing.first);
        let rules = self.config.rules;
        let reports: Vec<&Vote> = preparing.said.iter().flatten().flat_map(|v| v.iter()).collect();
        let mut last = reports.iter().map(|vote| vote.slot).max().unwrap_or(0).max(first - 1);
        if !rules.has(Rules::TAKE_OVER) {
            last = first - 1;
        }
        self.role = Role::Leader(Leading {
            ballot,
            next: last + 1,
            taken_over: last,
            open: LiteMap::new(),
            leases_us: alloc::vec![0; usize::from(cx.servers())],
        });
        cx.cancel_timer(Timer::Election);
        cx.mark(event::LEADER, None, ballot.0, last);
        let values: Vec<Value> = (first..=last)
            .map(|slot| {
                let known = self.log.get(slot).is_some_and(|slot| slot.accepted.is_some());
                let reported = self.reported_value(slot, &reports);
                let value = reported.filter(|_| known || rules.has(Rules::NO_OP_IN_GAPS));
                let mark = if value.is_some() { event::TAKE_OVER } else { event::NO_OP };
                cx.mark(mark, None, ballot.0, slot);
                value.unwrap_or(Value::NoOp)
            })
            .collect();
        for (place, values) in values.chunks(SLOTS_MAX).enumerate() {
            self.propose(first + (place * SLOTS_MAX) as u64, values, cx);
        }
        self.send_heartbeats(cx);
    }

    /// P2c: "v is the value of the highest-numbered proposal among all proposals numbered less
    /// than n accepted by the acceptors in S" (§2.2).
    fn reported_value(&self, slot: u64, reports: &[&Vote]) -> Option<Value> {
        let mut of_slot = reports.iter().filter(|vote| vote.slot == slot);
        let vote = if self.config.rules.has(Rules::HIGHEST_BALLOT) {
            of_slot.max_by_key(|vote| vote.ballot)
        } else {
            of_slot.next()
        };
        vote.map(|vote| vote.value.clone())
    }

    // ---- Phase 2 (§2.2, §3) ----

    /// Phase 2 (a) for these values, in slots from `first` on.
    pub(super) fn propose(&mut self, first: u64, values: &[Value], cx: &mut Context) {
        let (now_us, chosen) = (cx.now_us(), self.log.prefix());
        let Role::Leader(leading) = &mut self.role else { return };
        let ballot = leading.ballot;
        for (slot, value) in (first..).zip(values) {
            let accepted = alloc::vec![false; usize::from(cx.servers())];
            let proposal = Proposal { value: value.clone(), accepted, sent_us: now_us };
            leading.open.insert(slot, proposal);
        }
        let accept = Accept { ballot, first, values: values.into(), chosen };
        for peer in cx.peers() {
            self.send(peer, Message::Accept(accept.clone()), WriteId::NONE, cx);
        }
        self.send(cx.id(), Message::Accept(accept), WriteId::NONE, cx);
    }

    /// A phase-2 quorum has accepted a slot in this ballot: its value is chosen (§2.2).
    pub(super) fn on_accepted(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        first: u64,
        count: u64,
        cx: &mut Context,
    ) {
        let need = usize::from(self.config.quorums(cx.servers()).1);
        let own_only = self.config.rules.has(Rules::OWN_BALLOT);
        let mut chosen = Vec::new();
        let Role::Leader(leading) = &mut self.role else { return };
        let own = leading.ballot;
        if ballot != own && own_only {
            return;
        }
        for slot in first..first.saturating_add(count.min(SLOTS_MAX as u64)) {
            let Some(proposal) = leading.open.get_mut(&slot) else { continue };
            let Some(accepted) = proposal.accepted.get_mut(from.index()) else { continue };
            *accepted = true;
            if proposal.accepted.iter().filter(|accepted| **accepted).count() >= need {
                let Some(proposal) = leading.open.remove(&slot) else { continue };
                chosen.push((slot, proposal.value));
            }
        }
        for (slot, value) in chosen {
            cx.mark(event::CHOSEN, None, own.0, slot);
            self.log.choose(slot, own, &value);
            if slot > self.log.prefix() {
                cx.mark(event::GAP, None, own.0, slot);
            }
            self.execute_from(slot, cx);
        }
    }

    /// It lives. What may have got lost is proposed again, to those that have not accepted.
    pub(super) fn send_heartbeats(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Heartbeat, self.config.heartbeat_us);
        let (now_us, chosen) = (cx.now_us(), self.log.prefix());
        let patience_us = 2 * self.config.heartbeat_us;
        let (lease_us, me) = (self.config.lease_us, cx.id());
        let own_lease_us = self.lease_by(now_us);
        let Role::Leader(leading) = &mut self.role else { return };
        let ballot = leading.ballot;
        // Its own acceptor grants it a lease like any other.
        leading.leases_us[me.index()] = own_lease_us;
        let mut again = Vec::new();
        for (slot, proposal) in leading.open.iter_mut() {
            if now_us - proposal.sent_us >= patience_us && again.len() < SLOTS_MAX {
                proposal.sent_us = now_us;
                again.push((*slot, proposal.value.clone(), proposal.accepted.clone()));
            }
        }
        if self.config.by_lease {
            self.lease = (now_us + lease_us, ballot);
        }
        for node in (0..cx.servers()).map(NodeId) {
            for (slot, value, accepted) in &again {
                if !accepted[node.index()] {
                    let values = Rc::new([value.clone()]);
                    let accept = Accept { ballot, first: *slot, values, chosen };
                    self.send(node, Message::Accept(accept), WriteId::NONE, cx);
                }
            }
            if node != me {
                self.send(node, Message::Heartbeat(ballot, chosen, now_us), WriteId::NONE, cx);
            }
        }
    }

    /// An acceptor answers a heartbeat, and has granted a lease with it.
    pub(super) fn on_beat(&mut self, from: NodeId, ballot: Ballot, sent_us: u64, cx: &mut Context) {
        let sending = self.config.rules.has(Rules::LEASE_FROM_SENDING);
        let until_us = self.lease_by(if sending { sent_us } else { cx.now_us() });
        let Role::Leader(leading) = &mut self.role else { return };
        if ballot == leading.ballot
            && let Some(lease_us) = leading.leases_us.get_mut(from.index())
        {
            *lease_us = until_us.max(*lease_us);
        }
    }

    /// When a lease that began at this local time ends for the leader: earlier than for who
    /// granted it, by as much as its own clock may be the slower one.
    fn lease_by(&self, from_us: u64) -> u64 {
        let bound = self.config.rules.has(Rules::CLOCK_BOUND);
        let drift_ppm = if bound { self.config.drift_ppm } else { 0 };
        from_us + self.config.lease_us * 1_000_000 / (1_000_000 + drift_ppm)
    }

    /// Whether nobody else can have become leader: any phase-1 quorum has a member whose lease
    /// still lasts.
    pub(super) fn holds_lease(&self, cx: &Context) -> bool {
        let Role::Leader(leading) = &self.role else { return false };
        let need = cx.servers() + 1 - self.config.quorums(cx.servers()).0.min(cx.servers());
        let now_us = cx.now_us();
        let lasting = leading.leases_us.iter().filter(|&&until_us| now_us < until_us).count();
        let has_executed = self.applied >= leading.taken_over;
        self.config.by_lease
            && lasting >= usize::from(need)
            && (has_executed || !self.config.rules.has(Rules::READ_AFTER_TAKING_OVER))
    }

    // ---- giving up ----

    pub(super) fn on_nack(&mut self, ballot: Ballot, promised: Ballot, cx: &mut Context) {
        self.heard = self.heard.max(promised);
        let own = match &self.role {
            Role::Follower(_) => return,
            Role::Preparing(preparing) => preparing.ballot,
            Role::Leader(leading) => leading.ballot,
        };
        // "A proposer should abandon a proposal if some proposer has begun trying to issue a
        // higher-numbered one" (§2.5).
        if ballot == own && promised > own {
            self.step_down(cx);
        }
    }

    pub(super) fn step_down(&mut self, cx: &mut Context) {
        cx.mark(event::STEP_DOWN, None, self.promised.0, 0);
        cx.cancel_timer(Timer::Heartbeat);
        self.role = Role::Follower(None);
        self.reset_patience(cx);
    }
}
