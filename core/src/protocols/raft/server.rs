//! A Raft server: sections 5.1 to 5.4 of the extended paper (Ongaro and Ousterhout 2014),
//! figure 2 rule by rule, with client sessions (dissertation §6.3). Each rule of safety is a
//! named bit of `Rules`. Never panics under any subset of them.

use super::log::Log;
use super::message::{AppendEntries, Appended, Entry, Message, Outcome, Record, RequestVote, Vote};
use super::{Config, Node, Rules, Timer, event};
use crate::machine::{Answer, Command, KeyValue, Machine};
use crate::process::{NodeId, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// At most so many entries in one AppendEntries.
const ENTRIES_MAX: usize = 64;

/// What a server is at the moment (figure 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Passive.
    Follower,
    /// Looking for votes.
    Candidate {
        /// What each server said, itself included: whether it grants its vote.
        said: Vec<Option<bool>>,
        /// Votes counted.
        votes: u16,
    },
    /// Handles client requests.
    Leader(Vec<Progress>),
}

/// What a leader knows of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// nextIndex: the next entry to send it.
    pub next: u64,
    /// matchIndex: known to be on its disk up to here.
    pub matched: u64,
    /// Where its log agrees is not known yet: one message at a time until it says so.
    pub probing: bool,
    /// Local time of the last entries sent, µs.
    pub sent_us: u64,
}

/// Figure 2's state.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) config: Rc<Config>,
    // Persistent on all servers.
    pub(super) current_term: u64,
    pub(super) voted_for: Option<NodeId>,
    pub(super) log: Log,
    // Volatile on all servers.
    pub(super) commit_index: u64,
    pub(super) last_applied: u64,
    pub(super) role: Role,
    pub(super) leader: Option<NodeId>,
    pub(super) machine: KeyValue,
    /// Last command applied for each client, and its answer (dissertation §6.3).
    sessions: LiteMap<NodeId, (u64, Answer)>,
    /// The write that holds the current term and vote.
    state_write: WriteId,
    pub(super) durable: WriteId,
}

impl Server {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, crate::process::Refusal> {
        let mut server = Server {
            config: config.clone(),
            current_term: 0,
            voted_for: None,
            log: Log::default(),
            commit_index: 0,
            last_applied: 0,
            role: Role::Follower,
            leader: None,
            machine: KeyValue::default(),
            sessions: LiteMap::new(),
            state_write: WriteId::NONE,
            durable: cx.written(),
        };
        for (place, stored) in disk.enumerate() {
            match stored {
                Stored::Record(Record::Term(term)) => {
                    (server.current_term, server.voted_for) = (*term, None);
                }
                Stored::Record(Record::Vote(candidate)) => server.voted_for = Some(*candidate),
                Stored::Record(Record::Entry(entry)) => {
                    server.log.push(entry.clone(), WriteId(place as u64 + 1));
                }
                Stored::Record(Record::Truncate(index)) => server.log.truncate_from(*index),
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
            }
        }
        // A log can't be ahead of its term, unless the rule that stores it is off.
        server.current_term = server.current_term.max(server.log.last_term());
        server.reset_election_timer(cx);
        Ok(server)
    }

    // ---- Rules for servers, all servers (figure 2) ----

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        let term = crate::process::Wire::epoch(message);
        if term > self.current_term {
            // "If RPC request or response contains term T > currentTerm: set currentTerm = T,
            // convert to follower" (§5.1).
            self.advance_term(term, cx);
            self.become_follower(None, cx);
        }
        match message {
            Message::RequestVote(request) => self.on_request_vote(from, request, cx),
            Message::Vote(vote) => self.on_vote(from, vote, cx),
            Message::AppendEntries(append) => self.on_append_entries(from, append, cx),
            Message::Appended(appended) => self.on_appended(from, appended, cx),
            Message::Request(id, command) => self.on_client(*id, command, cx),
            Message::Reply(..) => {}
        }
    }

    /// "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]" (§5.3).
    fn apply_committed(&mut self, cx: &mut Context) {
        while self.last_applied < self.commit_index {
            let Some(entry) = self.log.get(self.last_applied + 1) else { return };
            self.last_applied += 1;
            let command = entry.command.clone();
            cx.applied(self.last_applied, command.as_ref().map(|(id, _)| *id));
            let Some((id, command)) = command else { continue };
            let Some(answer) = self.apply(id, &command) else { continue };
            if matches!(self.role, Role::Leader(_)) {
                let reply = Message::Reply(id, Said::Result(answer));
                cx.send(id.client, reply, WriteId::NONE);
            }
        }
    }

    /// Applies a client's command once, however often the log holds it (§8, dissertation §6.3).
    fn apply(&mut self, id: RequestId, command: &Command) -> Option<Answer> {
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

    fn advance_term(&mut self, term: u64, cx: &mut Context) {
        self.current_term = term;
        self.voted_for = None;
        if self.config.rules.has(Rules::PERSIST_TERM) {
            self.state_write = cx.write(Record::Term(term));
        }
    }

    fn vote_for(&mut self, candidate: NodeId, cx: &mut Context) {
        self.voted_for = Some(candidate);
        if self.config.rules.has(Rules::PERSIST_VOTE) {
            self.state_write = cx.write(Record::Vote(candidate));
        }
    }

    /// What an answer waits for: the write it depends on, or nothing with that rule off.
    fn after(&self, write: WriteId) -> WriteId {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_ACK);
        if sync { write.max(self.state_write) } else { WriteId::NONE }
    }

    // ---- Followers (§5.2) ----

    fn become_follower(&mut self, leader: Option<NodeId>, cx: &mut Context) {
        if matches!(self.role, Role::Leader(_)) {
            cx.mark(event::STEP_DOWN, None, self.current_term, 0);
            cx.cancel_timer(Timer::Heartbeat);
            self.reset_election_timer(cx);
        }
        self.role = Role::Follower;
        self.leader = leader;
    }

    fn reset_election_timer(&mut self, cx: &mut Context) {
        let (low_us, high_us) = self.config.election_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Election, delay_us);
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match (timer, &self.role) {
            // "If election timeout elapses without receiving AppendEntries RPC from current
            // leader or granting vote to candidate: convert to candidate" (§5.2).
            (Timer::Election, Role::Follower | Role::Candidate { .. }) => self.campaign(cx),
            (Timer::Heartbeat, Role::Leader(_)) => self.send_heartbeats(cx),
            _ => {}
        }
    }

    // ---- Candidates (§5.2) ----

    /// "On conversion to candidate, start election: increment currentTerm, vote for self,
    /// reset election timer, send RequestVote RPCs to all other servers" (§5.2).
    fn campaign(&mut self, cx: &mut Context) {
        self.advance_term(self.current_term + 1, cx);
        self.vote_for(cx.id(), cx);
        self.reset_election_timer(cx);
        self.leader = None;
        let said = alloc::vec![None; usize::from(cx.servers())];
        self.role = Role::Candidate { said, votes: 0 };
        cx.mark(event::ELECTION, None, self.current_term, 0);
        let request = RequestVote {
            term: self.current_term,
            last_index: self.log.last_index(),
            last_term: self.log.last_term(),
        };
        let after = self.after(self.state_write);
        for peer in cx.peers() {
            cx.send(peer, Message::RequestVote(request.clone()), after);
        }
        // Its own vote counts like any other: once it is on disk.
        if after <= self.durable {
            self.count_vote(cx.id(), cx);
        }
    }

    /// RequestVote RPC, receiver implementation.
    fn on_request_vote(&mut self, from: NodeId, request: &RequestVote, cx: &mut Context) {
        // 1. "Reply false if term < currentTerm" (§5.1).
        // 2. "If votedFor is null or candidateId, and candidate's log is at least as
        //    up-to-date as receiver's log, grant vote" (§5.2, §5.4).
        let granted = request.term == self.current_term
            && self.voted_for.is_none_or(|voted| voted == from)
            && self.is_up_to_date(request);
        if granted {
            if self.voted_for != Some(from) {
                self.vote_for(from, cx);
            }
            self.reset_election_timer(cx);
            cx.mark(event::VOTE, Some(from), self.current_term, 0);
        }
        let after = self.after(self.state_write);
        cx.send(from, Message::Vote(Vote { term: self.current_term, granted }), after);
    }

    /// "If the logs have last entries with different terms, then the log with the later term
    /// is more up-to-date. If the logs end with the same term, then whichever log is longer is
    /// more up-to-date" (§5.4.1).
    fn is_up_to_date(&self, request: &RequestVote) -> bool {
        let theirs = (request.last_term, request.last_index);
        let mine = (self.log.last_term(), self.log.last_index());
        if !self.config.rules.has(Rules::UP_TO_DATE) {
            true
        } else if !self.config.rules.has(Rules::LAST_TERM_FIRST) {
            theirs.1 >= mine.1
        } else {
            theirs >= mine
        }
    }

    fn on_vote(&mut self, from: NodeId, vote: &Vote, cx: &mut Context) {
        if vote.term == self.current_term {
            if vote.granted { self.count_vote(from, cx) } else { self.count_refusal(from, cx) }
        }
    }

    /// "If votes received from majority of servers: become leader" (§5.2).
    fn count_vote(&mut self, from: NodeId, cx: &mut Context) {
        let quorum = self.quorum(cx);
        let as_set = self.config.rules.has(Rules::VOTES_ARE_A_SET);
        let Role::Candidate { said, votes } = &mut self.role else { return };
        let Some(said) = said.get_mut(from.index()) else { return };
        if *said != Some(true) || !as_set {
            *said = Some(true);
            *votes += 1;
        }
        if *votes >= quorum {
            self.become_leader(cx);
        }
    }

    /// So many refuse that the rest is no majority: it has lost this election and waits for
    /// its own timeout like any follower. Not in the paper; etcd does the same.
    fn count_refusal(&mut self, from: NodeId, cx: &mut Context) {
        let needed = usize::from(self.quorum(cx));
        let Role::Candidate { said, .. } = &mut self.role else { return };
        let Some(answer) = said.get_mut(from.index()) else { return };
        answer.get_or_insert(false);
        let can_win = said.iter().filter(|answer| **answer != Some(false)).count() >= needed;
        if !can_win {
            self.become_follower(None, cx);
        }
    }

    fn quorum(&self, cx: &Context) -> u16 {
        let servers = cx.servers();
        if self.config.rules.has(Rules::MAJORITY) { servers / 2 + 1 } else { servers.div_ceil(2) }
    }

    // ---- Leaders (§5.2, §5.3, §5.4) ----

    fn become_leader(&mut self, cx: &mut Context) {
        if !self.config.rules.has(Rules::LEADER_APPEND_ONLY)
            && self.log.last_index() > self.commit_index
        {
            self.log.truncate_from(self.commit_index + 1);
            cx.write(Record::Truncate(self.commit_index + 1));
        }
        // "nextIndex[] initialized to leader last log index + 1, matchIndex[] to 0" (figure 2).
        let next = self.log.last_index() + 1;
        let unknown = Progress { next, matched: 0, probing: true, sent_us: 0 };
        self.role = Role::Leader(alloc::vec![unknown; usize::from(cx.servers())]);
        self.leader = Some(cx.id());
        cx.cancel_timer(Timer::Election);
        cx.mark(event::LEADER, None, self.current_term, self.log.last_index());
        // "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server".
        self.send_heartbeats(cx);
        self.count_own_disk(cx);
    }

    fn send_heartbeats(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Heartbeat, self.config.heartbeat_us);
        let (now_us, patience_us) = (cx.now_us(), 2 * self.config.heartbeat_us);
        for peer in cx.peers() {
            let Role::Leader(all) = &mut self.role else { return };
            let progress = &mut all[peer.index()];
            let waits = progress.next > progress.matched + 1;
            if waits && !progress.probing && now_us - progress.sent_us >= patience_us {
                // Entries or their acknowledgement are lost: "the leader retries
                // AppendEntries RPCs indefinitely" (§5.3).
                progress.next = progress.matched + 1;
            }
            if progress.probing || (waits && progress.next == progress.matched + 1) {
                self.send_entries(peer, cx);
            } else {
                let matched = progress.matched;
                self.send_append(peer, matched, Rc::new([]), cx);
            }
        }
    }

    /// The entries from nextIndex on.
    fn send_entries(&mut self, peer: NodeId, cx: &mut Context) {
        let Role::Leader(all) = &mut self.role else { return };
        let progress = &mut all[peer.index()];
        let prev_index = progress.next - 1;
        let entries = self.log.slice(progress.next, ENTRIES_MAX);
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
        };
        cx.send(peer, Message::AppendEntries(append), self.after(self.state_write));
    }

    /// "If command received from client: append entry to local log, respond after entry
    /// applied to state machine" (§5.3).
    fn on_client(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
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
        let entry = Entry { term: self.current_term, command: Some((id, command.clone())) };
        let write = cx.write(Record::Entry(entry.clone()));
        self.log.push(entry, write);
        cx.mark(event::APPEND, None, self.current_term, self.log.last_index());
        for peer in cx.peers() {
            let Role::Leader(progress) = &self.role else { return };
            if !progress[peer.index()].probing {
                self.send_entries(peer, cx);
            }
        }
        self.count_own_disk(cx);
    }

    fn is_pending(&self, id: RequestId) -> bool {
        let unapplied = (self.last_applied + 1..=self.log.last_index()).rev();
        unapplied.filter_map(|index| self.log.get(index)).any(|entry| {
            entry.term == self.current_term
                && entry.command.as_ref().is_some_and(|(known, _)| *known == id)
        })
    }

    /// AppendEntries RPC, receiver implementation.
    fn on_append_entries(&mut self, from: NodeId, append: &AppendEntries, cx: &mut Context) {
        let heartbeat = append.entries.is_empty();
        // 1. "Reply false if term < currentTerm" (§5.1).
        if append.term < self.current_term {
            let outcome = refusal(append.prev_index, 0, self.log.last_index() + 1);
            let appended = Appended { term: self.current_term, outcome, heartbeat };
            cx.send(from, Message::Appended(appended), self.after(self.state_write));
            return;
        }
        if !cx.ensure(!matches!(self.role, Role::Leader(_)), "raft.one_leader_per_term") {
            return;
        }
        // "If AppendEntries RPC received from new leader: convert to follower" (§5.2).
        self.become_follower(Some(from), cx);
        self.reset_election_timer(cx);
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
        let appended = Appended { term: self.current_term, outcome, heartbeat };
        cx.send(from, Message::Appended(appended), self.after(after));
    }

    fn conflict_before(&self, append: &AppendEntries) -> Option<Outcome> {
        let prev_index = append.prev_index;
        match self.log.term_at(prev_index) {
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

    fn store(&mut self, append: &AppendEntries, cx: &mut Context) {
        let mut index = append.prev_index;
        if !self.config.rules.has(Rules::TRUNCATE_ON_CONFLICT) && !append.entries.is_empty() {
            self.truncate_from(index + 1, cx);
        }
        for entry in append.entries.iter() {
            index += 1;
            // 3. "If an existing entry conflicts with a new one (same index but different
            //    terms), delete the existing entry and all that follow it" (§5.3).
            if self.log.term_at(index).is_some_and(|term| term != entry.term) {
                self.truncate_from(index, cx);
            }
            // 4. "Append any new entries not already in the log".
            if index > self.log.last_index() {
                let write = cx.write(Record::Entry(entry.clone()));
                self.log.push(entry.clone(), write);
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
        if index <= self.log.last_index() {
            cx.mark(event::TRUNCATE, None, self.current_term, index);
            self.log.truncate_from(index);
            cx.write(Record::Truncate(index));
        }
    }

    fn on_appended(&mut self, from: NodeId, appended: &Appended, cx: &mut Context) {
        let own_term = appended.term == self.current_term;
        if !own_term && self.config.rules.has(Rules::OWN_TERM_ACKS) {
            return;
        }
        let last_index = self.log.last_index();
        let Role::Leader(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        match appended.outcome {
            // "If successful: update nextIndex and matchIndex for follower" (§5.3).
            Outcome::Stored(index) => {
                let index = index.min(last_index);
                progress.matched = progress.matched.max(index);
                progress.next = progress.next.max(progress.matched + 1);
                if core::mem::take(&mut progress.probing) {
                    progress.next = progress.matched + 1;
                }
                let behind = progress.next <= last_index;
                if behind {
                    self.send_entries(from, cx);
                }
                self.advance_commit(cx);
            }
            // "If AppendEntries fails because of log inconsistency: decrement nextIndex and
            // retry" (§5.3), a whole term at a time.
            Outcome::Refused { prev_index, conflict_term, conflict_index } => {
                // What is known to match stays so for the whole term: a refusal of it is old.
                let stale = prev_index <= progress.matched
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

    /// The leader's own disk counts like a follower's: up to what is synced.
    fn count_own_disk(&mut self, cx: &mut Context) {
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
        let quorum = usize::from(self.quorum(cx));
        let Role::Leader(progress) = &self.role else { return };
        let mut index = 0;
        for candidate in progress {
            let having = progress.iter().filter(|p| p.matched >= candidate.matched).count();
            if having >= quorum {
                index = index.max(candidate.matched);
            }
        }
        let own = self.log.term_at(index) == Some(self.current_term);
        if index > self.commit_index && (own || !self.config.rules.has(Rules::COMMIT_OWN_TERM)) {
            self.commit_index = index;
            cx.mark(event::COMMIT, None, self.current_term, index);
            self.apply_committed(cx);
        }
    }

    // ---- Disk ----

    /// Records are synced: own vote and own entries may count now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        let voted_for_self = self.voted_for == Some(cx.id()) && self.state_write <= upto;
        match &self.role {
            Role::Candidate { said, .. } if voted_for_self && said[cx.id().index()].is_none() => {
                self.count_vote(cx.id(), cx);
            }
            Role::Leader(_) => self.count_own_disk(cx),
            _ => {}
        }
    }
}

fn refusal(prev_index: u64, conflict_term: u64, conflict_index: u64) -> Outcome {
    Outcome::Refused { prev_index, conflict_term, conflict_index }
}
