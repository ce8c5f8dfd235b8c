//! An acceptor: one promise for all slots (phase 1 b), a vote in each (phase 2 b), and the
//! leases that it grants (Chandra et al. 2007, §5.2).

use super::{Context, Role, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::multipaxos::message::{Accept, Ballot, Message, Record, Vote};
use crate::protocols::multipaxos::{Rules, event};

impl Server {
    /// Phase 1 (b): "it responds to the request with a promise not to accept any more
    /// proposals numbered less than n and with the highest-numbered proposal (if any) that it
    /// has accepted" (§2.2), here for each slot from `first` on: "a newly chosen leader
    /// executes phase 1 for infinitely many instances" (§3).
    pub(super) fn on_prepare(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        first: u64,
        cx: &mut Context,
    ) {
        if ballot < self.promised {
            self.refuse(from, ballot, cx);
            return;
        }
        if self.is_bound(from, cx) {
            cx.mark(event::LEASE_HELD, Some(from), ballot.0, 0);
            return;
        }
        if ballot > self.promised {
            self.advance(ballot, cx);
            if self.config.rules.has(Rules::PERSIST_PROMISE) {
                self.promise_write = cx.write(Record::Promised(ballot));
            }
            if from != cx.id() {
                self.reset_patience(cx);
            }
        }
        cx.mark(event::PROMISE, Some(from), ballot.0, 0);
        let votes = self.log.votes_from(first).collect();
        let writes = self.log.iter_from(first).map(|slot| slot.write).max();
        let after = self.promise_write.max(writes.unwrap_or(WriteId::NONE));
        self.send(from, Message::Promise(ballot, votes), after, cx);
    }

    /// Whether it has granted a lease to somebody else: as long as that lasts an acceptor handles
    /// nobody else's messages (Chandra et al. 2007, §5.2).
    pub(super) fn is_bound(&self, from: NodeId, cx: &Context) -> bool {
        let (until_us, of) = self.lease;
        let others = of.owner(cx.servers()) != Some(from);
        others && cx.now_us() < until_us && self.config.rules.has(Rules::KEEP_LEASE)
    }

    /// Phase 2 (b): "it accepts the proposal unless it has already responded to a prepare
    /// request having a number greater than n" (§2.2).
    pub(super) fn on_accept(&mut self, from: NodeId, accept: &Accept, cx: &mut Context) {
        let rules = self.config.rules;
        let ballot = accept.ballot;
        if ballot < self.promised && rules.has(Rules::KEEP_PROMISE) {
            self.refuse(from, ballot, cx);
            return;
        }
        self.follow(from, ballot, cx);
        self.learn_from_leader(from, ballot, accept.chosen, cx);
        let mut after = WriteId::NONE;
        for (slot, value) in (accept.first..).zip(accept.values.iter()) {
            let known = self.log.get(slot);
            let same = known.filter(|known| {
                known.accepted.as_ref().is_some_and(|(b, v)| *b == ballot && v == value)
            });
            if let Some(known) = same {
                after = after.max(known.write); // the network doubles messages
                continue;
            }
            let vote = Vote { slot, ballot, value: value.clone() };
            let mut write = WriteId::NONE;
            if rules.has(Rules::PERSIST_ACCEPTED) {
                let known = self.log.prefix();
                write = cx.write(Record::Accepted { vote: vote.clone(), known });
            }
            self.log.accept(&vote, write);
            after = after.max(write);
        }
        let count = accept.values.len() as u64;
        self.send(from, Message::Accepted(ballot, accept.first, count), after, cx);
    }

    /// The leader lives. Who answers grants it a lease: for so long by its own clock it
    /// promises nothing to others.
    pub(super) fn on_heartbeat(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        chosen: u64,
        sent_us: u64,
        cx: &mut Context,
    ) {
        if ballot < self.promised {
            self.refuse(from, ballot, cx);
            return;
        }
        self.follow(from, ballot, cx);
        if self.config.by_lease {
            self.lease = (cx.now_us() + self.config.lease_us, ballot);
        }
        // The lease is a word to the leader of this ballot: the promise must outlast a crash.
        let beat = Message::Beat(ballot, self.log.prefix(), sent_us);
        self.send(from, beat, self.promise_write, cx);
        self.learn_from_leader(from, ballot, chosen, cx);
    }

    /// Whoever acts in a ballot that it has not refused is its leader.
    fn follow(&mut self, from: NodeId, ballot: Ballot, cx: &mut Context) {
        if ballot > self.promised {
            self.advance(ballot, cx);
            // Accepting is a promise, and its record says so; a heartbeat leaves no other.
            if self.config.rules.has(Rules::PERSIST_PROMISE) {
                self.promise_write = cx.write(Record::Promised(ballot));
            }
        }
        if from != cx.id() && ballot == self.promised {
            if !matches!(self.role, Role::Follower(Some(leader)) if leader == from) {
                self.role = Role::Follower(Some(from));
            }
            self.reset_patience(cx);
        }
    }

    /// "It should probably inform the proposer" (§2.5).
    fn refuse(&mut self, from: NodeId, ballot: Ballot, cx: &mut Context) {
        cx.mark(event::REFUSE, Some(from), ballot.0, 0);
        self.send(from, Message::Nack(ballot, self.promised), self.promise_write, cx);
    }
}
