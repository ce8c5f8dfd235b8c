//! Elections: a follower's patience, a candidate's campaign, a voter's answer (§5.2), and
//! whom it may vote for (§5.4.1). Of the dissertation: asking first whether one could win
//! (§9.6), leaving a leader in peace (§4.2.3), and a leader that nobody answers (§6.2).

use super::{Context, Role, Server};
use crate::process::NodeId;
use crate::protocols::raft::configuration::majority;
use crate::protocols::raft::message::{Later, Message, RequestVote, Vote};
use crate::protocols::raft::{ReadMode, Rules, Timer, event};
use crate::renaming::PerNode;

impl Server {
    // ---- Followers (§5.2) ----

    /// Of this leader, if it is known yet.
    pub(super) fn become_follower(&mut self, leader: Option<NodeId>, cx: &mut Context) {
        let led = matches!(self.role, Role::Leader(_));
        if led {
            cx.mark(event::STEP_DOWN, None, self.current_term, 0);
            cx.cancel_timer(Timer::Heartbeat);
            if self.config.check_quorum {
                cx.cancel_timer(Timer::Quorum);
            }
            if self.transfer.take().is_some() {
                cx.cancel_timer(Timer::Transfer);
            }
            self.reset_election_timer(cx);
        }
        self.role = Role::Follower;
        self.leader = leader;
        self.change = None;
        if led {
            self.refuse_reads(cx);
        }
    }

    /// "Election timeouts are chosen randomly from a fixed interval" (§5.2), anew each time.
    pub(super) fn reset_election_timer(&mut self, cx: &mut Context) {
        let (low_us, high_us) = self.config.election_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Election, delay_us);
    }

    /// The election timeout elapses.
    pub(super) fn on_election_timeout(&mut self, cx: &mut Context) {
        if !self.may_campaign(cx) {
            self.become_follower(None, cx);
            self.reset_election_timer(cx);
        } else if self.config.reads == ReadMode::Lease && self.heard_lately(cx) {
            // Its timer ran out early. By its clock the leader may still rely on it (§6.4.1).
            self.reset_election_timer(cx);
        } else if self.config.pre_vote {
            self.pre_campaign(cx);
        } else {
            self.campaign(false, cx);
        }
    }

    // ---- Leader stickiness (dissertation §4.2.3) ----

    /// "If a server receives a RequestVote request within the minimum election timeout of
    /// hearing from a current leader, it does not update its term or grant its vote." But "those
    /// RequestVote requests can include a special flag", when the leader hands over.
    pub(super) fn ignores(&self, from: NodeId, message: &Message, cx: &mut Context) -> bool {
        let Message::RequestVote(request) = message else { return false };
        let ignores = request.term > self.current_term && self.keeps_its_vote(request, cx);
        if ignores {
            cx.mark(event::IGNORE, Some(from), self.current_term, 0);
        }
        ignores
    }

    fn keeps_its_vote(&self, request: &RequestVote, cx: &Context) -> bool {
        // Who has given up on its leader may vote, unless that one's lease relies on it.
        let bound = self.hears_a_leader(cx)
            || self.config.reads == ReadMode::Lease && self.heard_lately(cx);
        self.config.check_quorum && bound && !request.transfer.0
    }

    /// It leads, or follows a leader that it has heard lately.
    fn hears_a_leader(&self, cx: &Context) -> bool {
        let follows = self.leader.is_some() && self.heard_lately(cx);
        matches!(self.role, Role::Leader(_)) || follows
    }

    /// Within the minimum election timeout.
    fn heard_lately(&self, cx: &Context) -> bool {
        let minimum_us = self.config.election_us.0;
        self.heard_us.is_some_and(|heard_us| cx.now_us() < heard_us + minimum_us)
    }

    /// A current leader speaks.
    pub(super) fn hear_leader(&mut self, cx: &Context) {
        self.heard_us = Some(cx.now_us());
    }

    /// A leader's lease relies on servers that heard it. One that restarts does not know when
    /// that was: as if it were now. One that never was in a term has heard nobody.
    pub(super) fn recall_promise(&mut self, cx: &Context) {
        let keeps = self.config.rules.has(Rules::RESTART_KEEPS_PROMISE);
        if keeps && self.config.reads == ReadMode::Lease && self.current_term > 0 {
            self.hear_leader(cx);
        }
    }

    // ---- Pre-vote (dissertation §9.6) ----

    /// "A candidate only increments its term if it first learns from a majority of the cluster
    /// that they would be willing to grant the candidate their votes."
    fn pre_campaign(&mut self, cx: &mut Context) {
        self.become_follower(None, cx);
        self.reset_election_timer(cx);
        let mut said = alloc::vec![None; usize::from(cx.servers())];
        said[cx.id().index()] = Some(true);
        self.role = Role::PreCandidate { said: PerNode(said) };
        cx.mark(event::PRE_VOTE, None, self.current_term, 0);
        let request = RequestVote { term: self.current_term + 1, ..self.request_vote(false) };
        let after = self.after(self.state_write);
        for peer in self.peers(cx) {
            cx.send(peer, Message::PreVote(request.clone()), after);
        }
        self.count_pre_votes(cx);
    }

    /// "... (if the candidate's log is sufficiently up-to-date, and the voters have not received
    /// heartbeats from a valid leader for at least a baseline election timeout)." Nothing
    /// changes at the voter.
    pub(super) fn on_pre_vote(&mut self, from: NodeId, request: &RequestVote, cx: &mut Context) {
        let free = request.term > self.current_term
            || request.term == self.current_term
                && self.voted_for.is_none_or(|voted| voted == from);
        let granted = free && self.is_up_to_date(request) && !self.hears_a_leader(cx);
        let term = if granted { request.term } else { self.current_term };
        let after = self.after(self.state_write);
        cx.send(from, Message::PreVoted(Vote { term, granted }), after);
    }

    pub(super) fn on_pre_voted(&mut self, from: NodeId, vote: &Vote, cx: &mut Context) {
        let asked = vote.term == self.current_term + 1 || !vote.granted;
        let Role::PreCandidate { said } = &mut self.role else { return };
        if let Some(answer) = said.get_mut(from.index()).filter(|_| asked) {
            *answer = Some(vote.granted);
            self.count_pre_votes(cx);
        }
    }

    fn count_pre_votes(&mut self, cx: &mut Context) {
        let Role::PreCandidate { said } = &self.role else { return };
        if self.has_quorum(|server| said[server.index()] == Some(true)) {
            self.campaign(false, cx);
        } else if !self.has_quorum(|server| said[server.index()] != Some(false)) {
            self.become_follower(None, cx);
        }
    }

    // ---- Check-quorum (dissertation §6.2) ----

    /// "A leader in Raft steps down if an election timeout elapses without a successful round of
    /// heartbeats to a majority of its cluster." Looks again when that can be at the earliest.
    pub(super) fn check_quorum(&mut self, cx: &mut Context) {
        let (me, now_us) = (cx.id(), cx.now_us());
        let Role::Leader(all) = &self.role else { return };
        let heard_us =
            |server: NodeId| if server == me { now_us } else { all[server.index()].heard_us };
        let times = (0..cx.servers()).map(|server| heard_us(NodeId(server)));
        let by_majority = |time_us: &u64| self.has_quorum(|server| heard_us(server) >= *time_us);
        let since_us = times.filter(by_majority).max().unwrap_or(0);
        let due_us = since_us + self.config.election_us.1;
        if due_us > now_us {
            cx.set_timer(Timer::Quorum, due_us - now_us);
        } else {
            cx.mark(event::NO_QUORUM, None, self.current_term, 0);
            self.become_follower(None, cx);
        }
    }

    // ---- Candidates (§5.2) ----

    /// "On conversion to candidate, start election: increment currentTerm, vote for self,
    /// reset election timer, send RequestVote RPCs to all other servers" (§5.2).
    pub(super) fn campaign(&mut self, transfer: bool, cx: &mut Context) {
        self.advance_term(self.current_term + 1, cx);
        self.vote_for(cx.id(), cx);
        self.reset_election_timer(cx);
        self.leader = None;
        let said = PerNode(alloc::vec![None; usize::from(cx.servers())]);
        self.role = Role::Candidate { said, votes: 0 };
        cx.mark(event::ELECTION, None, self.current_term, 0);
        let request = self.request_vote(transfer);
        let after = self.after(self.state_write);
        for peer in self.peers(cx) {
            cx.send(peer, Message::RequestVote(request.clone()), after);
        }
        // Its own vote counts like any other: once it is on disk.
        if after <= self.durable {
            self.count_vote(cx.id(), cx);
        }
    }

    fn request_vote(&self, transfer: bool) -> RequestVote {
        RequestVote {
            term: self.current_term,
            last_index: self.log.last_index(),
            last_term: self.log.last_term(),
            transfer: Later(transfer),
        }
    }

    // ---- RequestVote (§5.2, §5.4.1) ----

    /// RequestVote RPC, receiver implementation.
    pub(super) fn on_request_vote(
        &mut self,
        from: NodeId,
        request: &RequestVote,
        cx: &mut Context,
    ) {
        // 1. "Reply false if term < currentTerm" (§5.1).
        // 2. "If votedFor is null or candidateId, and candidate's log is at least as
        //    up-to-date as receiver's log, grant vote" (§5.2, §5.4).
        let granted = request.term == self.current_term
            && self.voted_for.is_none_or(|voted| voted == from)
            && self.is_up_to_date(request)
            && !self.keeps_its_vote(request, cx);
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

    pub(super) fn on_vote(&mut self, from: NodeId, vote: &Vote, cx: &mut Context) {
        if vote.term == self.current_term {
            if vote.granted { self.count_vote(from, cx) } else { self.count_refusal(from, cx) }
        }
    }

    /// "If votes received from majority of servers: become leader" (§5.2).
    pub(super) fn count_vote(&mut self, from: NodeId, cx: &mut Context) {
        let as_set = self.config.rules.has(Rules::VOTES_ARE_A_SET);
        let Role::Candidate { said, votes } = &mut self.role else { return };
        let Some(answer) = said.get_mut(from.index()) else { return };
        if *answer != Some(true) || !as_set {
            *answer = Some(true);
            *votes += 1;
        }
        let Role::Candidate { said, votes } = &self.role else { return };
        let elected = self.has_quorum(|server| said[server.index()] == Some(true));
        let counted = !as_set && usize::from(*votes) >= self.quorum(self.configuration().voting());
        if elected || counted {
            self.become_leader(cx);
        }
    }

    /// So many refuse that the rest is no majority: it has lost this election and waits for
    /// its own timeout like any follower. Not in the paper; etcd does the same.
    fn count_refusal(&mut self, from: NodeId, cx: &mut Context) {
        let Role::Candidate { said, .. } = &mut self.role else { return };
        let Some(answer) = said.get_mut(from.index()) else { return };
        answer.get_or_insert(false);
        let Role::Candidate { said, .. } = &self.role else { return };
        if !self.has_quorum(|server| said[server.index()] != Some(false)) {
            self.become_follower(None, cx);
        }
    }

    /// Whether those servers of which this holds are a quorum of the configuration: "a majority"
    /// wherever the figures say so.
    pub(in crate::protocols::raft) fn has_quorum(&self, holds: impl Fn(NodeId) -> bool) -> bool {
        let configuration = self.configuration();
        if configuration.joint.is_some() && !self.config.rules.has(Rules::JOINT_BOTH) {
            let everyone = configuration.everyone();
            let holding = everyone.iter().filter(|&&server| holds(server)).count();
            return holding >= self.quorum(configuration.voting());
        }
        configuration.has_quorum(|of| self.quorum(of), holds)
    }

    /// So many of so many are a quorum (§5.2).
    pub(in crate::protocols::raft) fn quorum(&self, of: usize) -> usize {
        if self.config.rules.has(Rules::MAJORITY) { majority(of) } else { of.div_ceil(2) }
    }
}
