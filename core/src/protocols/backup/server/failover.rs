//! How a primary is replaced: patience runs out, the server asks the others what they have,
//! and after a while the highest log among those who answered takes over. Nobody promises
//! anything by answering: it is a question, not a vote.

use super::{Context, Progress, Role, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::backup::message::{Message, Status};
use crate::protocols::backup::{Rules, Timer, event};

impl Server {
    /// A silent primary is taken for dead after a time drawn anew each time. This is the
    /// failure detector: it cannot tell a dead primary from a slow or a distant one.
    pub(super) fn reset_patience(&mut self, cx: &mut Context) {
        let (low_us, high_us) = self.config.patience_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Patience, delay_us);
    }

    fn status(&self) -> Status {
        Status {
            epoch: self.epoch,
            last_epoch: self.log.last_epoch(),
            last_index: self.log.last_index(),
            in_sync: self.in_sync,
            primary: self.leads(),
        }
    }

    /// It hears no primary: what do the others have?
    pub(super) fn ask_around(&mut self, cx: &mut Context) {
        self.primary = None;
        cx.mark(event::ELECTION, None, self.epoch, self.log.last_index());
        let mut answers = alloc::vec![None; usize::from(cx.servers())];
        answers[cx.id().index()] = Some(self.status());
        self.role = Role::Asking(answers);
        cx.set_timer(Timer::Answers, self.config.answers_us);
        let after = self.after(WriteId::NONE);
        for peer in cx.peers() {
            cx.send(peer, Message::Poll(self.epoch), after);
        }
        self.decide_if_complete(cx);
    }

    /// Another server looks for a primary.
    pub(super) fn on_poll(&mut self, from: NodeId, cx: &mut Context) {
        cx.send(from, Message::Status(self.status()), self.after(WriteId::NONE));
    }

    /// An answer.
    pub(super) fn on_status(&mut self, from: NodeId, status: Status, cx: &mut Context) {
        let Role::Asking(answers) = &mut self.role else { return };
        if status.primary && status.epoch >= self.epoch {
            // There is one after all; its next heartbeat will come.
            self.become_backup(Some(from), cx);
            return;
        }
        if let Some(answer) = answers.get_mut(from.index()) {
            *answer = Some(status);
        }
        self.decide_if_complete(cx);
    }

    fn decide_if_complete(&mut self, cx: &mut Context) {
        let Role::Asking(answers) = &self.role else { return };
        if answers.iter().all(Option::is_some) {
            self.decide(cx);
        }
    }

    /// Who takes over: of those who answered and are in sync the one with the highest log, the
    /// first of equals. Who was down knows nothing of what happened meanwhile; so where nobody
    /// is in sync, all servers must have answered: one of them was the last to work (Skeen
    /// 1985), and it has everything.
    pub(super) fn decide(&mut self, cx: &mut Context) {
        let Role::Asking(answers) = &self.role else { return };
        let complete = answers.iter().all(Option::is_some);
        let answered =
            || (0..).map(NodeId).zip(answers).filter_map(|(who, of)| Some((who, (*of)?)));
        let any_in_sync = answered().any(|(_, status)| status.in_sync);
        let may_lead = |status: &Status| status.in_sync || (complete && !any_in_sync);
        let height = |status: &Status| (status.last_epoch, status.last_index);
        let highest = answered()
            .filter(|(_, status)| may_lead(status))
            .min_by_key(|(who, status)| (core::cmp::Reverse(height(status)), *who));
        let Some((mut best, _)) = highest else {
            self.become_backup(None, cx);
            return;
        };
        if !self.has(Rules::COMPARE_LOGS) && (self.in_sync || complete) {
            best = cx.id();
        }
        if best == cx.id() {
            self.take_over(cx);
        } else {
            cx.send(best, Message::Appoint(self.epoch), self.after(WriteId::NONE));
            self.become_backup(None, cx);
        }
    }

    /// Another server found this one's log the highest. If it has heard of a later epoch
    /// since, that is over.
    pub(super) fn on_appoint(&mut self, epoch: u64, cx: &mut Context) {
        if !self.leads() && epoch == self.epoch {
            self.take_over(cx);
        }
    }

    /// It is the primary from now on, in an epoch of its own.
    fn take_over(&mut self, cx: &mut Context) {
        if self.config.epochs {
            let epoch = self.next_epoch(cx);
            self.enter(epoch, cx);
        }
        let last_index = self.log.last_index();
        let unknown = Progress {
            next: last_index + 1,
            matched: 0,
            probing: true,
            sent_us: 0,
            heard_us: cx.now_us(),
            counted: true,
            joined: last_index,
        };
        self.role = Role::Primary(alloc::vec![unknown; usize::from(cx.servers())]);
        self.in_sync = true;
        self.primary = Some(cx.id());
        cx.cancel_timer(Timer::Patience);
        cx.cancel_timer(Timer::Answers);
        cx.mark(event::LEADER, None, self.epoch, last_index);
        self.send_heartbeats(cx);
        self.advance_commit(cx);
    }

    /// Nobody agrees on an epoch here, so that two servers must not choose the same one: each
    /// has every n-th for itself.
    fn next_epoch(&self, cx: &Context) -> u64 {
        let next = self.epoch + 1;
        if !self.has(Rules::UNIQUE_EPOCHS) {
            return next;
        }
        let (servers, mine) = (u64::from(cx.servers()).max(1), u64::from(cx.id().0));
        let ahead = (mine + servers - (next - 1) % servers) % servers;
        next + ahead
    }
}
