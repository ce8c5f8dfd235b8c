//! A proposer: phase 1 (a), what it makes of the promises (phase 2 a, P2c), and when it gives
//! up for another (§2.4).

use super::{Attempt, Context, Server};
use crate::process::NodeId;
use crate::protocols::paxos::message::{Ballot, Message, Proposal, Record, Value};
use crate::protocols::paxos::{Rules, Timer, event};
use alloc::vec::Vec;

impl Server {
    /// Phase 1 (a): "A proposer selects a proposal number n and sends a prepare request with
    /// number n to a majority of acceptors" (§2.2); here to all.
    pub(super) fn prepare(&mut self, cx: &mut Context) {
        let ballot = self.next_ballot(cx);
        self.tried = ballot;
        // "Each proposer remembers (in stable storage) the highest-numbered proposal it has
        // tried to issue, and begins phase 1 with a higher proposal number" (§2.5).
        if self.config.rules.has(Rules::PERSIST_TRIED) {
            self.tried_write = cx.write(Record::Tried(ballot));
        }
        let said = alloc::vec![None; usize::from(cx.servers())];
        self.attempt = Attempt::Preparing(ballot, said, 0);
        cx.set_timer(Timer::Round, self.config.round_us);
        cx.mark(event::PREPARE, None, ballot.0, 0);
        for node in (0..cx.servers()).map(NodeId) {
            self.send(node, Message::Prepare(ballot), self.tried_write, cx);
        }
    }

    fn next_ballot(&self, cx: &Context) -> Ballot {
        let rules = self.config.rules;
        // Its own acceptor's promise is no reason to forget what it has tried.
        let known = if rules.has(Rules::PERSIST_TRIED) {
            self.tried.max(self.heard).max(self.promised)
        } else {
            self.tried.max(self.heard)
        };
        if rules.has(Rules::DISJOINT_BALLOTS) {
            known.above(cx.id(), cx.servers())
        } else {
            Ballot(known.0 + 1)
        }
    }

    /// Phase 2 (a): "If the proposer receives a response to its prepare requests (numbered n)
    /// from a majority of acceptors, then it sends an accept request to each of those
    /// acceptors for a proposal numbered n with a value v" (§2.2); here to all.
    pub(super) fn on_promise(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        accepted: &Option<Proposal>,
        cx: &mut Context,
    ) {
        let quorum = self.quorum(cx);
        let rules = self.config.rules;
        let Attempt::Preparing(own, said, count) = &mut self.attempt else { return };
        let own = *own;
        if ballot != own && rules.has(Rules::OWN_BALLOT_PROMISES) {
            return;
        }
        let Some(answer) = said.get_mut(from.index()) else { return };
        if answer.is_none() || !rules.has(Rules::A_SET) {
            *count += 1;
        }
        *answer = Some(accepted.clone());
        if *count < quorum {
            return;
        }
        let reported: Vec<Proposal> = said.iter().flatten().flatten().cloned().collect();
        let Some(mine) = self.waiting.first().cloned() else { return };
        let (value, bound) = match self.reported_value(&reported) {
            Some(value) => (value, true),
            None => (mine, false),
        };
        let mark = if bound { event::TAKE_OVER } else { event::PROPOSE };
        cx.mark(mark, None, own.0, 1);
        self.attempt = Attempt::Proposing(own, value.clone());
        for node in (0..cx.servers()).map(NodeId) {
            self.send(node, Message::Accept(own, value.clone()), self.tried_write, cx);
        }
    }

    /// "... where v is the value of the highest-numbered proposal among the responses, or is
    /// any value if the responses reported no proposals" (§2.2, P2c).
    fn reported_value(&self, reported: &[Proposal]) -> Option<Value> {
        if !self.config.rules.has(Rules::TAKE_OVER) {
            return None;
        }
        let highest = reported.iter().max_by_key(|(ballot, _)| *ballot);
        if self.config.rules.has(Rules::HIGHEST_BALLOT) {
            return highest.map(|(_, value)| value.clone());
        }
        let times = |value: &Value| reported.iter().filter(|(_, other)| other == value).count();
        // Of equals the lowest ballot: the first that anyone accepted.
        let often = |(ballot, value): &&Proposal| (times(value), core::cmp::Reverse(*ballot));
        reported.iter().max_by_key(often).map(|(_, value)| value.clone())
    }

    /// A refusal: "a proposer should abandon a proposal if some proposer has begun trying to
    /// issue a higher-numbered one" (§2.5), and, so that two of them do not outbid each other
    /// for ever, wait a random while (§2.4: progress needs a distinguished proposer).
    pub(super) fn on_nack(&mut self, ballot: Ballot, promised: Ballot, cx: &mut Context) {
        self.heard = self.heard.max(promised);
        let own = match &self.attempt {
            Attempt::Preparing(own, ..) | Attempt::Proposing(own, _) => *own,
            Attempt::None => return,
        };
        if ballot != own {
            return;
        }
        cx.mark(event::ABANDON, None, own.0, 0);
        self.attempt = Attempt::None;
        let (low_us, high_us) = self.config.back_off_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Round, delay_us);
    }
}
