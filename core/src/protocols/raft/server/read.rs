//! Reads without a place in the log (dissertation §6.4): by a read index that a round of
//! heartbeats confirms, or by a lease (§6.4.1). Where both fail, there is always the log.

use super::{Context, Role, Server};
use crate::machine::{Command, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::client::Said;
use crate::protocols::raft::message::Message;
use crate::protocols::raft::{Rules, event};
use alloc::vec::Vec;

/// How a leader answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadMode {
    /// As any command: through the log.
    Log,
    /// By a read index (dissertation §6.4).
    Index,
    /// By a lease, else by a read index (dissertation §6.4.1).
    Lease,
}

impl ReadMode {
    /// By its place among the words of the parameter `reads`.
    pub fn of(place: u64) -> ReadMode {
        match place {
            1 => ReadMode::Index,
            2 => ReadMode::Lease,
            _ => ReadMode::Log,
        }
    }
}

/// A read that waits for its answer.
#[derive(Clone, Debug, Hash)]
struct Waiting {
    id: RequestId,
    command: Command,
    /// "readIndex": the state machine must have got so far.
    index: u64,
    /// A round of heartbeats begun after it arrived.
    round: u64,
}

/// What a leader knows of the reads it was asked for; all of it ends with its term.
#[derive(Clone, Debug, Default, Hash)]
pub struct Reads {
    /// The last round of heartbeats begun, and the last one that a majority has answered.
    round: u64,
    confirmed: u64,
    /// Rounds not confirmed, and when they were sent by the own clock, µs.
    sent: Vec<(u64, u64)>,
    waiting: Vec<Waiting>,
    /// The lease ends at this time of the own clock, µs.
    lease_end_us: u64,
    /// It has told another server to take over: nobody keeps the promise behind the lease.
    handed_over: bool,
    /// Index of the no-op at the start of its term.
    term_start: u64,
}

impl Reads {
    /// Of a leader whose term starts with this entry.
    pub(super) fn of_term(term_start: u64) -> Reads {
        Reads { term_start, ..Reads::default() }
    }

    /// The last round of heartbeats begun; 0 before the first.
    pub(super) fn round(&self) -> u64 {
        self.round
    }

    /// So many reads wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// From here on in this term there is no lease.
    pub(super) fn end_lease(&mut self) {
        self.handed_over = true;
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        size_of::<Reads>() + size_of_val(&*self.sent) + size_of_val(&*self.waiting)
    }
}

impl Server {
    /// A client asks a leader to read (dissertation §6.4).
    pub(super) fn on_read(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        if !self.config.rules.has(Rules::READ_CONFIRMED) {
            self.answer_read(id, command, cx);
            return;
        }
        if self.reads.waiting.iter().any(|read| read.id == id) {
            return; // asked again: the answer is on its way
        }
        // 1. "If the leader has not yet marked an entry from its current term committed, it
        //    waits until it has done so."
        // 2. "The leader saves its current commit index in a local variable readIndex."
        let own_term = self.config.rules.has(Rules::READ_OWN_TERM);
        let term_start = if own_term { self.reads.term_start } else { 0 };
        let index = self.commit_index.max(term_start);
        if self.has_lease(cx) && index <= self.last_applied {
            self.answer_read(id, command, cx);
            return;
        }
        // 3. "It issues a new round of heartbeats and waits for their acknowledgments from a
        //    majority of the cluster."
        self.begin_round(cx);
        let round = self.reads.round;
        self.reads.waiting.push(Waiting { id, command: command.clone(), index, round });
        self.send_round(cx);
        self.count_rounds(cx);
    }

    /// Heartbeats that leave from now on belong to a new round.
    pub(super) fn begin_round(&mut self, cx: &Context) {
        self.reads.round += 1;
        self.reads.sent.push((self.reads.round, cx.now_us()));
    }

    fn send_round(&mut self, cx: &mut Context) {
        for peer in self.peers(cx) {
            let Role::Leader(all) = &self.role else { return };
            let progress = &all[peer.index()];
            let probing = progress.probing && progress.snapshot.is_none();
            let prev_index = if probing { progress.next - 1 } else { progress.matched };
            self.send_heartbeat(peer, prev_index, cx);
        }
    }

    /// A follower has answered something sent in this round.
    pub(super) fn on_round(&mut self, from: NodeId, round: u64, cx: &mut Context) {
        let told_apart = self.config.rules.has(Rules::READ_ROUNDS);
        let round = if told_apart { round } else { self.reads.round };
        let Role::Leader(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        progress.round = progress.round.max(round);
        self.count_rounds(cx);
    }

    /// The last round that a majority has answered, the leader among them.
    pub(super) fn count_rounds(&mut self, cx: &mut Context) {
        let Role::Leader(all) = &self.role else { return };
        let me = cx.id();
        let answered = |round: u64| {
            self.has_quorum(|server| server == me || all[server.index()].round >= round)
        };
        let confirmed = self.reads.sent.iter().rev().find(|(round, _)| answered(*round));
        let Some(&(round, sent_us)) = confirmed else { return };
        self.reads.confirmed = round;
        self.reads.sent.retain(|(other, _)| *other > round);
        let from_start = self.config.rules.has(Rules::LEASE_FROM_START);
        let start_us = if from_start { sent_us } else { cx.now_us() };
        self.reads.lease_end_us = self.reads.lease_end_us.max(start_us + self.lease_us());
        self.answer_reads(cx);
    }

    /// 4. "The leader waits for its state machine to advance at least as far as the readIndex."
    pub(super) fn answer_reads(&mut self, cx: &mut Context) {
        let (confirmed, applied) = (self.reads.confirmed, self.last_applied);
        let ready = |read: &Waiting| read.round <= confirmed && read.index <= applied;
        if !self.reads.waiting.iter().any(ready) {
            return;
        }
        let (now, later) = core::mem::take(&mut self.reads.waiting).into_iter().partition(ready);
        self.reads.waiting = later;
        let now: Vec<Waiting> = now;
        for read in now {
            self.answer_read(read.id, &read.command, cx);
        }
    }

    /// 5. "The leader issues the query against its state machine and replies to the client with
    ///    the results."
    fn answer_read(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        let answer = self.machine.apply(command);
        cx.read_at(self.last_applied, id);
        cx.mark(event::READ, None, self.current_term, self.last_applied);
        cx.send(id.client, Message::Reply(id, Said::Result(answer)), WriteId::NONE);
    }

    /// It leads no more: who waits for a read has to ask another.
    pub(super) fn refuse_reads(&mut self, cx: &mut Context) {
        for read in core::mem::take(&mut *self.reads).waiting {
            let said = Said::Elsewhere(self.leader);
            cx.send(read.id.client, Message::Reply(read.id, said), WriteId::NONE);
        }
    }

    // ---- Leases (§6.4.1) ----

    /// "The leader would extend its lease to start + election timeout / clock drift bound, since
    /// the followers shouldn't time out before then" (figure 6.3). Clocks show whole
    /// microseconds, the leader's and the follower's: one is taken off for each.
    fn lease_us(&self) -> u64 {
        let election_us = self.config.election_us.0;
        if !self.config.rules.has(Rules::LEASE_DRIFT_BOUND) {
            return election_us;
        }
        let bound_ppm = 1_000_000 + self.config.drift_ppm;
        (election_us.saturating_sub(1) * 1_000_000 / bound_ppm).saturating_sub(1)
    }

    /// "While the leader's lease is valid, it can serve read-only queries without additional
    /// communication": no handler ends before it has looked at the clock and at its state
    /// together, so a pause can delay the answer, but not make it one of another moment.
    fn has_lease(&self, cx: &Context) -> bool {
        self.config.reads == ReadMode::Lease
            && !self.reads.handed_over
            && cx.now_us() < self.reads.lease_end_us
    }
}
