//! Elections: a follower's patience, a candidate's campaign, a voter's answer (§5.2), and
//! whom it may vote for (§5.4.1).

use super::{Context, Role, Server};
use crate::process::NodeId;
use crate::protocols::raft::configuration::majority;
use crate::protocols::raft::message::{Message, RequestVote, Vote};
use crate::protocols::raft::{Rules, Timer, event};

impl Server {
    // ---- Followers (§5.2) ----

    /// Of this leader, if it is known yet.
    pub(super) fn become_follower(&mut self, leader: Option<NodeId>, cx: &mut Context) {
        if matches!(self.role, Role::Leader(_)) {
            cx.mark(event::STEP_DOWN, None, self.current_term, 0);
            cx.cancel_timer(Timer::Heartbeat);
            self.reset_election_timer(cx);
        }
        self.role = Role::Follower;
        self.leader = leader;
    }

    /// "Election timeouts are chosen randomly from a fixed interval" (§5.2), anew each time.
    pub(super) fn reset_election_timer(&mut self, cx: &mut Context) {
        let (low_us, high_us) = self.config.election_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Election, delay_us);
    }

    // ---- Candidates (§5.2) ----

    /// "On conversion to candidate, start election: increment currentTerm, vote for self,
    /// reset election timer, send RequestVote RPCs to all other servers" (§5.2).
    pub(super) fn campaign(&mut self, cx: &mut Context) {
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
        for peer in self.peers(cx) {
            cx.send(peer, Message::RequestVote(request.clone()), after);
        }
        // Its own vote counts like any other: once it is on disk.
        if after <= self.durable {
            self.count_vote(cx.id(), cx);
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
    pub(super) fn has_quorum(&self, holds: impl Fn(NodeId) -> bool) -> bool {
        self.configuration().has_quorum(|of| self.quorum(of), holds)
    }

    /// So many of so many are a quorum (§5.2).
    pub(in crate::protocols::raft) fn quorum(&self, of: usize) -> usize {
        if self.config.rules.has(Rules::MAJORITY) { majority(of) } else { of.div_ceil(2) }
    }
}
