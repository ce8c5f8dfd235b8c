//! Log replication (§5.3) and what is committed (§5.4.2): the leader's side, a client's
//! command, the follower's side.

use super::read::Reads;
use super::{Context, Progress, Role, Server};
use crate::machine::{Command, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::client::Said;
use crate::protocols::raft::message::{
    AppendEntries, Appended, Content, Entry, Later, Message, Outcome, Record,
};
use crate::protocols::raft::{ReadMode, Rules, Timer, event};
use crate::renaming::PerNode;
use alloc::rc::Rc;

impl Server {
    // ---- Leaders (§5.2, §5.3) ----

    /// A majority has voted for it (§5.2).
    pub(super) fn become_leader(&mut self, cx: &mut Context) {
        if !self.config.rules.has(Rules::LEADER_APPEND_ONLY)
            && self.log.last_index() > self.commit_index
        {
            self.cut(self.commit_index + 1);
            cx.write(Record::Truncate(self.commit_index + 1));
        }
        // "nextIndex[] initialized to leader last log index + 1, matchIndex[] to 0" (figure 2).
        let unknown = self.unknown_progress(cx);
        self.role = Role::Leader(PerNode(alloc::vec![unknown; usize::from(cx.servers())]));
        self.leader = Some(cx.id());
        cx.cancel_timer(Timer::Election);
        cx.mark(event::LEADER, None, self.current_term, self.log.last_index());
        if self.config.check_quorum {
            cx.set_timer(Timer::Quorum, self.config.election_us.1);
        }
        if self.needs_no_op() {
            self.append_entry(Content::Nothing, cx);
            *self.reads = Reads::of_term(self.log.last_index());
        }
        // "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server".
        self.send_heartbeats(cx);
        self.count_own_disk(cx);
    }

    /// Of a server that has not answered yet: all that is there is sent as soon as it has.
    pub(super) fn unknown_progress(&self, cx: &Context) -> Progress {
        Progress {
            next: self.log.last_index() + 1,
            matched: 0,
            probing: true,
            sent_us: 0,
            heard_us: cx.now_us(),
            round: 0,
            snapshot: None,
        }
    }

    /// "Repeat during idle periods to prevent election timeouts" (§5.2).
    pub(super) fn send_heartbeats(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Heartbeat, self.config.heartbeat_us);
        if self.config.reads == ReadMode::Lease {
            self.begin_round(cx);
        }
        let (now_us, patience_us) = (cx.now_us(), 2 * self.config.heartbeat_us);
        for peer in self.peers(cx) {
            let Role::Leader(all) = &mut self.role else { return };
            let progress = &mut all[peer.index()];
            if progress.snapshot.is_some() && now_us - progress.sent_us >= patience_us {
                self.send_snapshot(peer, cx);
                continue;
            }
            let waits = progress.next > progress.matched + 1;
            if waits && !progress.probing && now_us - progress.sent_us >= patience_us {
                // Entries or their acknowledgement are lost: "the leader retries
                // AppendEntries RPCs indefinitely" (§5.3).
                progress.next = progress.matched + 1;
            }
            let probing = progress.probing && progress.snapshot.is_none();
            if probing || (waits && progress.next == progress.matched + 1 && !progress.probing) {
                self.send_entries(peer, cx);
            } else {
                let matched = progress.matched;
                self.send_heartbeat(peer, matched, cx);
            }
        }
        self.count_rounds(cx);
        self.give_up_change(cx);
    }

    /// An AppendEntries without entries. An entry that a snapshot has replaced can't be named by
    /// its term.
    pub(super) fn send_heartbeat(&mut self, peer: NodeId, prev_index: u64, cx: &mut Context) {
        let known = Some(prev_index).filter(|&index| index >= self.log.base());
        self.send_append(peer, known.unwrap_or(0), Rc::new([]), cx);
    }

    /// "If last log index >= nextIndex for a follower: send AppendEntries RPC with log entries
    /// starting at nextIndex" (§5.3). A batch of them, and no more than may be on their way to
    /// one follower (dissertation §10.2.2).
    pub(super) fn send_entries(&mut self, peer: NodeId, cx: &mut Context) {
        let Role::Leader(all) = &mut self.role else { return };
        let progress = &mut all[peer.index()];
        if progress.next <= self.log.base() {
            self.send_snapshot(peer, cx);
            return;
        }
        let prev_index = progress.next - 1;
        let room = if progress.probing { u64::MAX } else { progress.room(self.config.in_flight) };
        let entries = self.log.slice(progress.next, self.config.batch.min(room) as usize);
        progress.sent_us = cx.now_us();
        if !progress.probing {
            progress.next += entries.len() as u64;
        }
        self.send_append(peer, prev_index, entries, cx);
    }

    /// Invoked by leader to replicate log entries; also used as heartbeat (figure 2). The
    /// leader's own disk may still be writing the entries (dissertation §10.2.1).
    fn send_append(
        &mut self,
        peer: NodeId,
        prev_index: u64,
        entries: Rc<[Entry]>,
        cx: &mut Context,
    ) {
        let append = AppendEntries {
            term: self.current_term,
            prev_index,
            prev_term: self.log.term_at(prev_index).unwrap_or(0),
            entries,
            commit: self.commit_index,
            round: Later(self.reads.round()),
        };
        cx.send(peer, Message::AppendEntries(append), self.after(self.state_write));
    }

    /// "If command received from client: append entry to local log, respond after entry
    /// applied to state machine" (§5.3).
    pub(super) fn on_client(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        if !matches!(self.role, Role::Leader(_)) {
            let said = Said::Elsewhere(self.leader.filter(|&leader| leader != cx.id()));
            cx.send(id.client, Message::Reply(id, said), WriteId::NONE);
            return;
        }
        if self.config.rules.has(Rules::DEDUPLICATE)
            && let Some((last, answer)) = self.sessions.get(&id.client)
            && id.number <= *last
        {
            if id.number == *last {
                let reply = Message::Reply(id, Said::Result(answer.clone()));
                cx.send(id.client, reply, WriteId::NONE);
            }
            return;
        }
        if self.config.rules.has(Rules::DEDUPLICATE) && self.is_pending(id) {
            return; // on its way to being committed in this term
        }
        let reads = self.machine.only_reads(command);
        let aside =
            self.config.reads != ReadMode::Log || !self.config.rules.has(Rules::READ_CONFIRMED);
        if reads && aside {
            self.on_read(id, command, cx);
            return;
        }
        if self.transfer_target().is_some() {
            let reply = Message::Reply(id, Said::Elsewhere(None));
            cx.send(id.client, reply, WriteId::NONE);
            return;
        }
        self.append_entry(Content::Command(id, command.clone()), cx);
        cx.mark(event::APPEND, None, self.current_term, self.log.last_index());
        self.send_new_entries(cx);
        self.count_own_disk(cx);
    }

    /// A leader's next entry: on its way to its own disk, and it counts from here on.
    pub(super) fn append_entry(&mut self, content: Content, cx: &mut Context) {
        let entry = Entry { term: self.current_term, content };
        let write = cx.write(Record::Entry(entry.clone()));
        self.push(entry, write);
    }

    /// To those whose log is known to agree; the others are probed.
    pub(super) fn send_new_entries(&mut self, cx: &mut Context) {
        for peer in self.peers(cx) {
            let Role::Leader(all) = &self.role else { return };
            let progress = &all[peer.index()];
            if !progress.probing && progress.room(self.config.in_flight) > 0 {
                self.send_entries(peer, cx);
            }
        }
    }

    /// Whether this term's log holds the command and will answer it when it is applied.
    fn is_pending(&self, id: RequestId) -> bool {
        let unapplied = (self.last_applied + 1..=self.log.last_index()).rev();
        unapplied.filter_map(|index| self.log.get(index)).any(|entry| {
            entry.term == self.current_term && entry.command().is_some_and(|(known, _)| known == id)
        })
    }

    // ---- AppendEntries (§5.3) ----

    /// AppendEntries RPC, receiver implementation.
    pub(super) fn on_append_entries(
        &mut self,
        from: NodeId,
        append: &AppendEntries,
        cx: &mut Context,
    ) {
        let heartbeat = append.entries.is_empty();
        // 1. "Reply false if term < currentTerm" (§5.1).
        if append.term < self.current_term {
            let outcome = refusal(append.prev_index, 0, self.log.last_index() + 1);
            let round = Later(0);
            let appended = Appended { term: self.current_term, outcome, heartbeat, round };
            cx.send(from, Message::Appended(appended), self.after(self.state_write));
            return;
        }
        if !cx.ensure(!matches!(self.role, Role::Leader(_)), "raft.one_leader_per_term") {
            return;
        }
        // "If AppendEntries RPC received from new leader: convert to follower" (§5.2).
        self.become_follower(Some(from), cx);
        self.reset_election_timer(cx);
        self.hear_leader(cx);
        if !self.config.rules.has(Rules::KEEP_VOTE) {
            self.voted_for = None;
        }
        // 2. "Reply false if log doesn't contain an entry at prevLogIndex whose term matches
        //    prevLogTerm" (§5.3).
        let outcome = match self.conflict_before(append) {
            Some(refused) => {
                cx.mark(event::REFUSE, Some(from), self.current_term, append.prev_index);
                refused
            }
            None => {
                self.store(append, cx);
                Outcome::Stored(append.prev_index + append.entries.len() as u64)
            }
        };
        let after = match outcome {
            Outcome::Stored(index) => self.log.write_of(index),
            Outcome::Refused { .. } => WriteId::NONE,
        };
        let round = append.round;
        let appended = Appended { term: self.current_term, outcome, heartbeat, round };
        cx.send(from, Message::Appended(appended), self.after(after));
    }

    /// Rule 2: what speaks against the entry before the new ones, if anything does.
    fn conflict_before(&self, append: &AppendEntries) -> Option<Outcome> {
        let prev_index = append.prev_index;
        match self.log.term_at(prev_index) {
            // A snapshot has replaced it: it is committed, and so in every leader's log.
            None if prev_index < self.log.base() => None,
            None => Some(refusal(prev_index, 0, self.log.last_index() + 1)),
            Some(term)
                if term != append.prev_term && self.config.rules.has(Rules::CHECK_PREV_TERM) =>
            {
                // "the follower can include the term of the conflicting entry and the first
                // index it stores for that term" (§5.3).
                let first = self.log.range_of(term).map_or(prev_index, |(first, _)| first);
                Some(refusal(prev_index, term, first))
            }
            Some(_) => None,
        }
    }

    /// Rules 3 to 5.
    fn store(&mut self, append: &AppendEntries, cx: &mut Context) {
        let mut index = append.prev_index;
        if !self.config.rules.has(Rules::TRUNCATE_ON_CONFLICT) && !append.entries.is_empty() {
            self.truncate_from(index + 1, cx);
        }
        for entry in append.entries.iter() {
            index += 1;
            if index <= self.log.base() {
                continue; // a snapshot has replaced it
            }
            // 3. "If an existing entry conflicts with a new one (same index but different
            //    terms), delete the existing entry and all that follow it" (§5.3).
            if self.log.term_at(index).is_some_and(|term| term != entry.term) {
                self.truncate_from(index, cx);
            }
            // 4. "Append any new entries not already in the log".
            if index > self.log.last_index() {
                let write = cx.write(Record::Entry(entry.clone()));
                self.push(entry.clone(), write);
            }
        }
        // 5. "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last
        //    new entry)".
        let clamp = self.config.rules.has(Rules::CLAMP_COMMIT);
        let known = if clamp { index } else { self.log.last_index() };
        let commit = append.commit.min(known);
        if commit > self.commit_index {
            self.commit_index = commit;
            self.apply_committed(cx);
        }
    }

    fn truncate_from(&mut self, index: u64, cx: &mut Context) {
        let index = index.max(self.log.base() + 1);
        if index <= self.log.last_index() {
            cx.mark(event::TRUNCATE, None, self.current_term, index);
            self.cut(index);
            cx.write(Record::Truncate(index));
        }
    }

    /// The leader hears what became of an AppendEntries.
    pub(super) fn on_appended(&mut self, from: NodeId, appended: &Appended, cx: &mut Context) {
        let own_term = appended.term == self.current_term;
        if !own_term && self.config.rules.has(Rules::OWN_TERM_ACKS) {
            return;
        }
        if !self.is_peer(from) {
            return; // no longer a member
        }
        if own_term {
            self.on_round(from, appended.round.0, cx);
        }
        let Role::Leader(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        progress.heard_us = cx.now_us();
        match appended.outcome {
            Outcome::Stored(index) => self.on_stored(from, index, cx),
            // "If AppendEntries fails because of log inconsistency: decrement nextIndex and
            // retry" (§5.3), a whole term at a time.
            Outcome::Refused { prev_index, conflict_term, conflict_index } => {
                // What is known to match stays so for the whole term: a refusal of it is old.
                // A follower that has lost what it acknowledged (a wiped disk, one that lies) is
                // beyond the model, and is not repaired before the next term.
                let stale = progress.snapshot.is_some()
                    || prev_index <= progress.matched
                    || (progress.probing && prev_index != progress.next - 1);
                if stale || !own_term {
                    return;
                }
                let shared = self.log.range_of(conflict_term).filter(|_| conflict_term > 0);
                let next = shared.map_or(conflict_index, |(_, last)| last + 1);
                progress.next = next.min(prev_index.max(1)).max(progress.matched + 1);
                progress.probing = true;
                self.send_entries(from, cx);
            }
        }
    }

    /// A follower that agrees has all on its way to it that may be ("pipelining", dissertation
    /// §10.2.2).
    fn fill_window(&mut self, peer: NodeId, cx: &mut Context) {
        while let Role::Leader(all) = &self.role
            && !all[peer.index()].probing
            && all[peer.index()].next <= self.log.last_index()
            && all[peer.index()].room(self.config.in_flight) > 0
        {
            self.send_entries(peer, cx);
        }
    }

    /// "If successful: update nextIndex and matchIndex for follower" (§5.3).
    pub(super) fn on_stored(&mut self, from: NodeId, index: u64, cx: &mut Context) {
        let (base, last_index) = (self.log.base(), self.log.last_index());
        let Role::Leader(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        progress.matched = progress.matched.max(index.min(last_index));
        progress.next = progress.next.max(progress.matched + 1);
        if let Some(sending) = &progress.snapshot {
            // With the snapshot, or by entries that were on their way, it may have enough.
            if progress.matched < base.min(sending.snapshot.last_index) {
                return;
            }
            progress.snapshot = None;
        }
        if core::mem::take(&mut progress.probing) {
            progress.next = progress.matched + 1;
        }
        self.fill_window(from, cx);
        self.advance_commit(cx);
        self.hand_over(cx);
        if self.change.is_some() {
            self.advance_change(cx);
        }
    }

    // ---- Commitment (§5.3, §5.4.2) ----

    /// The leader's own disk counts like a follower's: up to what is synced.
    pub(super) fn count_own_disk(&mut self, cx: &mut Context) {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_ACK);
        let synced = self.log.durable_index(self.durable);
        let matched = if sync { synced } else { self.log.last_index() };
        if let Role::Leader(progress) = &mut self.role {
            progress[cx.id().index()].matched = matched;
            self.advance_commit(cx);
        }
    }

    /// "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and
    /// log[N].term == currentTerm: set commitIndex = N" (§5.3, §5.4).
    fn advance_commit(&mut self, cx: &mut Context) {
        let Role::Leader(progress) = &self.role else { return };
        let mut index = 0;
        for candidate in progress.iter().map(|p| p.matched) {
            let has = |server: NodeId| progress[server.index()].matched >= candidate;
            if candidate > self.commit_index.max(index) && self.has_quorum(has) {
                index = candidate;
            }
        }
        let own = self.log.term_at(index) == Some(self.current_term);
        if index > self.commit_index && (own || !self.config.rules.has(Rules::COMMIT_OWN_TERM)) {
            self.commit_index = index;
            cx.mark(event::COMMIT, None, self.current_term, index);
            self.apply_committed(cx);
            self.advance_change(cx);
        }
    }
}

impl Progress {
    /// So many more entries may be sent before it acknowledges some.
    fn room(&self, in_flight: u64) -> u64 {
        in_flight.saturating_sub(self.next - 1 - self.matched)
    }
}

fn refusal(prev_index: u64, conflict_term: u64, conflict_index: u64) -> Outcome {
    Outcome::Refused { prev_index, conflict_term, conflict_index }
}
