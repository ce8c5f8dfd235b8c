//! Cluster membership (dissertation ch. 4): which configuration a server uses, and how a
//! leader changes it.

use super::{Context, Role, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::raft::configuration::{Configuration, Servers, sorted};
use crate::protocols::raft::declare::{order, state};
use crate::protocols::raft::message::{Content, Entry};
use crate::protocols::raft::{ReadMode, Rules, event};
use crate::renaming::hash_set;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// "The algorithm waits a fixed number of rounds (such as 10)" (§4.2.1).
const ROUNDS_MOST: u32 = 10;

/// A change of the configuration that a leader was told to bring about, until it is in its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the next configuration entry says.
    to: Configuration,
    /// Servers that catch up before they are added (§4.2.1).
    joining: Servers,
    /// The round lasts until they have the log up to here.
    round_end: u64,
    /// Local time at which it began, µs.
    round_us: u64,
    /// Rounds begun.
    rounds: u32,
}

impl Hash for Change {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to.hash(state);
        hash_set(self.joining.iter(), state);
        (self.round_end, self.round_us, self.rounds).hash(state);
    }
}

impl Server {
    // ---- The configuration in use (§4.1) ----

    /// "A server always uses the latest configuration in its log, regardless of whether the
    /// entry is committed" (paper, §6; dissertation §4.1).
    pub(in crate::protocols::raft) fn configuration(&self) -> &Configuration {
        let (_, latest) = &self.configurations[self.configurations.len() - 1];
        latest
    }

    /// The other servers that a server asks for votes, or a leader sends entries to: those of
    /// its configuration, and those that catch up to be added to it.
    pub(super) fn peers(&self, cx: &Context) -> impl Iterator<Item = NodeId> + use<> {
        let (me, everyone) = (cx.id(), self.configuration().everyone());
        let joining = self.change.as_ref().map(|change| change.joining.clone());
        let known = everyone.clone();
        let joining = joining
            .into_iter()
            .flat_map(|joining| (0..joining.len()).map(move |place| joining[place]));
        let joining = joining.filter(move |server| known.binary_search(server).is_err());
        (0..everyone.len())
            .map(move |place| everyone[place])
            .chain(joining)
            .filter(move |&server| server != me)
    }

    /// Whether a leader sends entries to a server.
    pub(super) fn is_peer(&self, server: NodeId) -> bool {
        let joins = |change: &Change| change.joining.contains(&server);
        self.configuration().has(server) || self.change.as_deref().is_some_and(joins)
    }

    /// Whether a server whose election timeout elapses asks for votes: a voter does, a learner
    /// does not, and neither does one outside. One that the latest configuration leaves out
    /// does until that is committed: "it might still be needed until the C_new entry is
    /// committed" (§4.2.2).
    pub(super) fn may_campaign(&self, cx: &Context) -> bool {
        let latest_index = self.configuration_index();
        let before = || self.configuration_at(latest_index.saturating_sub(1)).votes(cx.id());
        self.configuration().votes(cx.id()) || (latest_index > self.commit_index && before())
    }

    /// Its state by the declaration, when it neither leads nor seeks votes: a voter follows.
    pub(in crate::protocols::raft) fn standing(&self) -> u8 {
        let now = self.configuration();
        match (now.votes(self.me), now.has(self.me)) {
            (true, _) => state::FOLLOWER,
            (false, true) => state::LEARNER,
            (false, false) => state::OUTSIDE,
        }
    }

    /// Index of the configuration in use; of the snapshot, or 0, when it stands in no entry.
    fn configuration_index(&self) -> u64 {
        self.configurations.last().map_or(0, |(index, _)| *index)
    }

    /// An entry at the end of the log: a configuration counts from here on.
    pub(super) fn push(&mut self, entry: Entry, write: WriteId) {
        if let Some(configuration) = entry.configuration() {
            self.configurations.push((self.log.last_index() + 1, configuration.clone()));
        }
        self.log.push(entry, write);
    }

    /// The log ends before `index`: "in this case, a server must be prepared to fall back to
    /// the previous configuration in its log" (§4.1).
    pub(super) fn cut(&mut self, index: u64) {
        self.log.truncate_from(index);
        // The first one stands for the snapshot, or for the start.
        let kept = self.configurations.iter().skip(1).filter(|(known, _)| *known < index).count();
        self.configurations.truncate(1 + kept);
    }

    /// The latest configuration as of an entry.
    pub(super) fn configuration_at(&self, index: u64) -> &Configuration {
        let behind = self.configurations.iter().skip(1);
        let known = behind.take_while(|(known, _)| *known <= index).count();
        &self.configurations[known].1
    }

    /// A snapshot up to `index` replaces the configurations up to there.
    pub(super) fn forget_configurations(&mut self, index: u64, latest: Configuration) {
        self.configurations.retain(|(known, _)| *known > index);
        self.configurations.insert(0, (index, latest));
    }

    // ---- What an operator wants ----

    /// An order to change the members: one server (§4.1), or any number of them by joint
    /// consensus (§4.3).
    pub(super) fn on_members_order(&mut self, order: u8, servers: &[u64], cx: &mut Context) {
        let now = self.configuration();
        let named = sorted(servers.iter().map(|&server| NodeId(server as u16)));
        let without = |of: &Servers| -> Vec<NodeId> {
            of.iter().copied().filter(|server| !named.contains(server)).collect()
        };
        let with = |of: &Servers| of.iter().chain(named.iter()).copied().collect::<Vec<_>>();
        let to = match order {
            order::ADD => Configuration::new(with(&now.voters), None, without(&now.learners)),
            order::REMOVE => Configuration::new(without(&now.voters), None, without(&now.learners)),
            order::LEARNER => Configuration::new(without(&now.voters), None, with(&now.learners)),
            _ => {
                let voters = now.voters.iter().copied();
                Configuration::new(voters, Some(named.clone()), without(&now.learners))
            }
        };
        let nothing = to == *now || to.joint.as_ref() == Some(&now.voters) || to.voters.is_empty();
        if !nothing && matches!(self.role, Role::Leader(_)) {
            self.begin_change(to, cx);
        }
    }

    // ---- The leader changes the configuration (§4.2, §4.3) ----

    /// Catches up who is new, then appends the configuration.
    fn begin_change(&mut self, to: Configuration, cx: &mut Context) {
        // One at a time: the next change begins when the one before is committed (§4.1).
        let busy = self.change.is_some()
            || self.configuration().joint.is_some()
            || self.configuration_index() > self.commit_index;
        // An entry that the target of a transfer lacks would take its votes from it.
        let hands_over = self.transfer_target().is_some();
        if hands_over || (busy && self.config.rules.has(Rules::ONE_CHANGE)) {
            cx.mark(event::BUSY, None, self.current_term, self.configuration_index());
            return;
        }
        let now = self.configuration();
        let new = |server: &NodeId| to.votes(*server) && !now.votes(*server);
        let joining = sorted(to.everyone().iter().copied().filter(new));
        let fresh: Vec<NodeId> = joining.iter().copied().filter(|&s| !now.has(s)).collect();
        let (round_end, round_us) = (self.log.last_index(), cx.now_us());
        self.change = Some(Box::new(Change { to, joining, round_end, round_us, rounds: 1 }));
        for server in fresh {
            cx.mark(event::CATCH_UP, Some(server), self.current_term, round_end);
            self.begin_with(server, cx);
        }
        self.advance_change(cx);
    }

    /// Nothing is known of a server that the leader sends entries to from here on.
    fn begin_with(&mut self, server: NodeId, cx: &mut Context) {
        let unknown = self.unknown_progress(cx);
        if let Role::Leader(all) = &mut self.role
            && server != cx.id()
            && let Some(progress) = all.get_mut(server.index())
        {
            *progress = unknown;
            self.send_entries(server, cx);
        }
    }

    /// Goes on with a change, as far as it can go now: asked whenever a follower has stored
    /// something or something is committed.
    pub(super) fn advance_change(&mut self, cx: &mut Context) {
        if !matches!(self.role, Role::Leader(_)) {
            return;
        }
        let committed = self.configuration_index() <= self.commit_index;
        let hands_over = self.transfer_target().is_some();
        if committed
            && !hands_over
            && let Some(new) = self.configuration().joint.clone()
        {
            // "Once C_old,new has been committed ... it is now safe for the leader to create a
            // log entry describing C_new" (§4.3).
            let learners = self.configuration().learners.clone();
            let to = Configuration::new(new.iter().copied(), None, learners.iter().copied());
            self.append_configuration(to, cx);
        } else if committed && !self.configuration().votes(cx.id()) {
            // "A leader that is removed from the configuration steps down once the C_new entry
            // is committed" (§4.2.2).
            cx.mark(event::LEAVE, None, self.current_term, self.configuration_index());
            self.become_follower(None, cx);
        } else if self.change.is_some()
            && !hands_over
            && self.has_own_commit(cx)
            && self.has_caught_up(cx)
            && let Some(change) = self.change.take()
        {
            self.append_configuration(change.to, cx);
        }
    }

    /// "A leader may not append a new configuration entry until it has committed an entry from
    /// its current term" (Ongaro on raft-dev, 2015): else two configurations that differ from
    /// the one before by one server each need have no server in common that knows of both.
    fn has_own_commit(&mut self, cx: &mut Context) -> bool {
        let own = |term: Option<u64>| term == Some(self.current_term);
        if !self.config.rules.has(Rules::OWN_TERM_CHANGE)
            || own(self.log.term_at(self.commit_index))
        {
            return true;
        }
        if !own(Some(self.log.last_term())) {
            self.append_entry(Content::Nothing, cx);
            self.send_new_entries(cx);
            self.count_own_disk(cx);
        }
        false
    }

    /// "The replication of entries to the new server is split into rounds. Each round replicates
    /// all the log entries present in the leader's log at the start of the round. ... If the last
    /// round lasts less than an election timeout, then the leader adds the new server to the
    /// cluster" (§4.2.1).
    fn has_caught_up(&mut self, cx: &mut Context) -> bool {
        let last_index = self.log.last_index();
        let (Some(change), Role::Leader(all)) = (&mut self.change, &self.role) else {
            return false;
        };
        let has = |server: &NodeId| all[server.index()].matched >= change.round_end;
        if !change.joining.iter().all(has) {
            return false;
        }
        if cx.now_us() - change.round_us < self.config.election_us.0 {
            return true;
        }
        (change.round_end, change.round_us) = (last_index, cx.now_us());
        change.rounds += 1;
        false
    }

    /// "Otherwise, the leader aborts the configuration change with an error": when the new
    /// server is too slow, or does not answer at all (§4.2.1). Asked with every heartbeat.
    pub(super) fn give_up_change(&mut self, cx: &mut Context) {
        let Some(change) = &self.change else { return };
        let patience_us = u64::from(ROUNDS_MOST) * self.config.election_us.1;
        let late = cx.now_us() - change.round_us > patience_us;
        if late || change.rounds > ROUNDS_MOST {
            cx.mark(event::GIVE_UP_CHANGE, None, self.current_term, change.round_end);
            self.change = None;
        }
    }

    /// "When the leader receives a request to add or remove a server ..., it appends the new
    /// configuration as an entry in its log and replicates that entry using the normal Raft
    /// mechanism. The new configuration takes effect on each server as soon as it is added to
    /// that server's log" (§4.1).
    fn append_configuration(&mut self, to: Configuration, cx: &mut Context) {
        let before = self.configuration().clone();
        let mark = if to.joint.is_some() { event::JOINT } else { event::CHANGE };
        self.append_entry(Content::Configuration(to.clone()), cx);
        cx.mark(mark, None, self.current_term, self.log.last_index());
        self.send_new_entries(cx);
        // Learners are added without a round before.
        for &server in to.learners.iter().filter(|&&server| !before.has(server)) {
            self.begin_with(server, cx);
        }
        self.count_own_disk(cx);
    }

    // ---- A leader's first entry ----

    /// Whether a leader begins its term with an entry without content: only an entry of its
    /// own term tells it what is committed (§5.4.2), and until then it may neither answer
    /// reads (dissertation §6.4) nor change the configuration (Ongaro 2015), nor can it finish a
    /// change that its predecessor has begun.
    pub(super) fn needs_no_op(&self) -> bool {
        let unsettled =
            self.configuration_index() > self.commit_index || self.configuration().joint.is_some();
        self.config.no_op || self.config.reads != ReadMode::Log || unsettled
    }
}
