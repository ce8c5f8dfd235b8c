//! A Raft server: sections 5.1 to 5.4 of the extended paper (Ongaro and Ousterhout 2014),
//! figure 2 rule by rule, with client sessions (dissertation §6.3). Here: its state and the
//! rules for all servers. RequestVote stands in `election`, AppendEntries in `replication`; of
//! the dissertation reads (§6.4) in `read` and leadership transfer (§3.10) in `transfer`.
//! Each rule of safety is a named bit of `Rules`. Never panics under any subset of them.

mod election;
mod membership;
mod read;
mod replication;
mod snapshot;
mod transfer;

pub use membership::Change;
pub use read::ReadMode;
pub use snapshot::{Partial, Sending};

use super::configuration::Configuration;
use super::declare::order;
use super::log::Log;
use super::message::{Message, Record};
use super::snapshot::{Sessions, Snapshot};
use super::{Config, Node, Rules, Timer};
use crate::machine::{Answer, Command, KeyValue, Machine};
use crate::process::{NodeId, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use crate::renaming::PerNode;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use read::Reads;
use transfer::Transfer;

type Context<'a> = crate::process::Context<'a, Node>;

/// What a server is at the moment (figure 4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Passive.
    Follower,
    /// Looking for votes.
    Candidate {
        /// What each server said, itself included: whether it grants its vote.
        said: PerNode<Option<bool>>,
        /// Votes counted.
        votes: u16,
    },
    /// Handles client requests.
    Leader(PerNode<Progress>),
    /// Asking whether it could win (dissertation §9.6).
    PreCandidate {
        /// What each server said, itself included.
        said: PerNode<Option<bool>>,
    },
}

/// What a leader knows of one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// nextIndex: the next entry to send it.
    pub next: u64,
    /// matchIndex: known to be on its disk up to here.
    pub matched: u64,
    /// Where its log agrees is not known yet: one message at a time until it says so.
    pub probing: bool,
    /// Local time of the last entries sent, µs.
    pub sent_us: u64,
    /// Local time of its last answer, µs (dissertation §6.2).
    pub heard_us: u64,
    /// The last round of heartbeats that it answered (dissertation §6.4).
    pub round: u64,
    /// The snapshot that it is being sent instead (dissertation §5.1).
    pub snapshot: Option<Sending>,
}

/// Figure 2's state.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    me: NodeId,
    pub(super) config: Rc<Config>,
    // Persistent on all servers.
    pub(super) current_term: u64,
    pub(super) voted_for: Option<NodeId>,
    pub(super) log: Log,
    /// The configurations in the log, the last one in use: "the latest configuration in its
    /// log, regardless of whether the entry is committed" (dissertation §4.1).
    pub(super) configurations: Vec<(u64, Configuration)>,
    // Volatile on all servers.
    pub(super) commit_index: u64,
    pub(super) last_applied: u64,
    pub(super) role: Role,
    pub(super) leader: Option<NodeId>,
    pub(super) machine: KeyValue,
    /// Last command applied for each client, and its answer (dissertation §6.3).
    pub(super) sessions: Sessions,
    /// The latest snapshot: what the log before its first entry came to.
    pub(super) snapshot: Option<Rc<Snapshot>>,
    /// The write that makes the log before it needless, until it is on disk.
    compaction: Option<WriteId>,
    /// The chunks of a leader's snapshot that have arrived.
    partial: Option<Box<Partial>>,
    /// The write that holds the current term and vote.
    pub(super) state_write: WriteId,
    pub(super) durable: WriteId,
    /// Local time at which it last heard a current leader, µs (dissertation §4.2.3).
    heard_us: Option<u64>,
    /// What a leader knows of reads (dissertation §6.4).
    pub(super) reads: Box<Reads>,
    /// Leadership that it hands over (dissertation §3.10).
    transfer: Option<Transfer>,
    /// A change of the configuration that a leader is about to make (dissertation ch. 4).
    change: Option<Box<Change>>,
}

impl Server {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, crate::process::Refusal> {
        let mut server = Server {
            me: cx.id(),
            config: config.clone(),
            current_term: 0,
            voted_for: None,
            log: Log::default(),
            configurations: alloc::vec![(0, Configuration::first(config.members, cx.servers()))],
            commit_index: 0,
            last_applied: 0,
            role: Role::Follower,
            leader: None,
            machine: KeyValue::default(),
            sessions: Sessions::new(),
            snapshot: None,
            compaction: None,
            partial: None,
            state_write: WriteId::NONE,
            durable: cx.written(),
            heard_us: None,
            reads: Box::default(),
            transfer: None,
            change: None,
        };
        for (write, stored) in (cx.first_record().0..).map(WriteId).zip(disk) {
            match stored {
                // Written again behind a snapshot, it does not end the vote.
                Stored::Record(Record::Term(term)) if *term == server.current_term => {}
                Stored::Record(Record::Term(term)) => {
                    (server.current_term, server.voted_for) = (*term, None);
                }
                Stored::Record(Record::Vote(candidate)) => server.voted_for = Some(*candidate),
                Stored::Record(Record::Entry(entry)) => {
                    server.push(entry.clone(), write);
                }
                Stored::Record(Record::Truncate(index)) => server.cut(*index),
                Stored::Record(Record::Snapshot(snapshot, behind)) => {
                    server.read_snapshot(snapshot, behind, write);
                }
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                // Not torn but rotten: what stood there may have been acknowledged, and so may
                // what stands behind it (Alagappan et al., "Protocol-Aware Recovery", 2018).
                Stored::Corrupt if config.rules.has(Rules::ROT_IS_NOT_A_TORN_END) => {
                    return Err(crate::process::Refusal("a record is corrupt"));
                }
                Stored::Corrupt => break,
            }
        }
        // A log can't be ahead of its term, unless the rule that stores it is off.
        server.current_term = server.current_term.max(server.log.last_term());
        server.recall_promise(cx);
        server.reset_election_timer(cx);
        Ok(server)
    }

    /// Whether it acts as leader.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// The leader that it knows of.
    pub fn leader(&self) -> Option<NodeId> {
        self.leader
    }

    /// Its current term.
    pub fn term(&self) -> u64 {
        self.current_term
    }

    /// Its state machine, as far as it has applied its log.
    pub fn machine(&self) -> &KeyValue {
        &self.machine
    }

    /// About how many bytes it owns on the heap that a `later` state does not share.
    pub(super) fn weight(&self, later: Option<&Server>) -> usize {
        let role = match &self.role {
            Role::Follower => 0,
            Role::Candidate { said, .. } | Role::PreCandidate { said } => size_of_val(&**said),
            Role::Leader(progress) => size_of_val(&**progress),
        };
        let sessions = self.sessions.len() * size_of::<(NodeId, (u64, Answer))>();
        let log = self.log.weight(later.map(|later| &later.log));
        log + role + sessions + self.machine.weight() + self.reads.weight()
    }

    // ---- Rules for all servers (figure 2, §5.1, §5.3) ----

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        let term = crate::process::Wire::epoch(message);
        if self.ignores(from, message, cx) {
            return;
        }
        if term > self.current_term && !message.is_of_a_term_to_come() {
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
            Message::PreVote(request) => self.on_pre_vote(from, request, cx),
            Message::PreVoted(vote) => self.on_pre_voted(from, vote, cx),
            Message::TimeoutNow(term) => self.on_timeout_now(*term, cx),
            Message::InstallSnapshot(install) => self.on_install_snapshot(from, install, cx),
            Message::Installed(installed) => self.on_installed(from, installed, cx),
            Message::Reply(..) => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match (timer, &self.role) {
            // "If election timeout elapses without receiving AppendEntries RPC from current
            // leader or granting vote to candidate: convert to candidate" (§5.2).
            (
                Timer::Election,
                Role::Follower | Role::Candidate { .. } | Role::PreCandidate { .. },
            ) => {
                self.on_election_timeout(cx);
            }
            (Timer::Heartbeat, Role::Leader(_)) => self.send_heartbeats(cx),
            (Timer::Quorum, Role::Leader(_)) => self.check_quorum(cx),
            (Timer::Transfer, Role::Leader(_)) => self.abort_transfer(cx),
            _ => {}
        }
    }

    /// An operator's order.
    pub fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context) {
        match (order, arguments) {
            (order::TRANSFER, &[target]) => self.transfer_leadership(NodeId(target as u16), cx),
            (order::SNAPSHOT, _) => self.take_snapshot(cx),
            (order::ADD | order::REMOVE | order::LEARNER | order::MEMBERS, servers) => {
                self.on_members_order(order, servers, cx);
            }
            _ => {}
        }
    }

    /// "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]" (§5.3).
    fn apply_committed(&mut self, cx: &mut Context) {
        while self.last_applied < self.commit_index {
            let Some(entry) = self.log.get(self.last_applied + 1) else { break };
            let command = entry.command().map(|(id, command)| (id, command.clone()));
            self.last_applied += 1;
            if !self.config.rules.has(Rules::SNAPSHOT_ATOMIC) && self.snapshot_is_due() {
                self.take_snapshot(cx); // its index says applied, its state does not
            }
            cx.applied(self.last_applied, command.as_ref().map(|(id, _)| *id));
            let Some((id, command)) = command else { continue };
            let Some(answer) = self.apply(id, &command) else { continue };
            if matches!(self.role, Role::Leader(_)) {
                let reply = Message::Reply(id, Said::Result(answer));
                cx.send(id.client, reply, WriteId::NONE);
            }
        }
        self.answer_reads(cx);
        if self.snapshot_is_due() {
            self.take_snapshot(cx);
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

    // ---- Disk: term and vote, and what waits for them ----

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

    /// A sync has failed: nobody knows what is on disk, and a later sync would not say. The
    /// process ends and reads its disk again (Rebello et al. 2020).
    pub fn on_failed(&mut self, cx: &mut Context) {
        if self.config.rules.has(Rules::FAILED_SYNC_ENDS) {
            cx.exit("a sync has failed");
        }
    }

    /// Records are synced: own vote and own entries may count now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        self.compact_log();
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
