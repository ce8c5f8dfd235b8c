//! An acceptor: what it promises (phase 1 b) and what it accepts (phase 2 b), §2.2.

use super::{Context, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::paxos::message::{Ballot, Message, Record, Value};
use crate::protocols::paxos::{Rules, event};

impl Server {
    /// Phase 1 (b): "If an acceptor receives a prepare request with number n greater than that
    /// of any prepare request to which it has already responded, then it responds to the
    /// request with a promise not to accept any more proposals numbered less than n and with
    /// the highest-numbered proposal (if any) that it has accepted" (§2.2).
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, cx: &mut Context) {
        if ballot < self.promised {
            self.refuse(from, ballot, cx);
            return;
        }
        // The same request twice gets the same promise: the network may double messages.
        if ballot > self.promised {
            self.promised = ballot;
            if self.config.rules.has(Rules::PERSIST_PROMISE) {
                self.promise_write = cx.write(Record::Promised(ballot));
            }
        }
        cx.mark(event::PROMISE, Some(from), ballot.0, 0);
        let promise = Message::Promise(ballot, self.accepted.clone());
        self.send(from, promise, self.promise_write.max(self.accept_write), cx);
    }

    /// Phase 2 (b): "If an acceptor receives an accept request for a proposal numbered n, it
    /// accepts the proposal unless it has already responded to a prepare request having a
    /// number greater than n" (§2.2).
    pub(super) fn on_accept(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        value: &Value,
        cx: &mut Context,
    ) {
        let rules = self.config.rules;
        if ballot < self.promised && rules.has(Rules::KEEP_PROMISE) {
            self.refuse(from, ballot, cx);
            return;
        }
        if self.accepted.as_ref().is_none_or(|known| *known != (ballot, value.clone())) {
            self.accepted = Some((ballot, value.clone()));
            if rules.has(Rules::PERSIST_ACCEPTED) {
                self.accept_write = cx.write(Record::Accepted(ballot, value.clone()));
            }
        }
        // Having accepted n it must not accept less: what it reports is the highest it has
        // ever accepted. The record of one says both.
        if rules.has(Rules::ACCEPT_IS_A_PROMISE) && ballot > self.promised {
            self.promised = ballot;
        }
        cx.mark(event::ACCEPT, Some(from), ballot.0, 1);
        self.send(from, Message::Accepted(ballot, value.clone()), self.accept_write, cx);
    }

    /// "If an acceptor ignores a prepare or accept request because it has already received a
    /// prepare request with a higher number, then it should probably inform the proposer"
    /// (§2.5).
    fn refuse(&mut self, from: NodeId, ballot: Ballot, cx: &mut Context) {
        cx.mark(event::REFUSE, Some(from), ballot.0, 0);
        // It promises nothing: it need not wait for the disk.
        self.send(from, Message::Nack(ballot, self.promised), WriteId::NONE, cx);
    }
}
