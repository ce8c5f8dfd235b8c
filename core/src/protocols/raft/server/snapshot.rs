//! Log compaction (dissertation ch. 5, extended paper §7): a server's own snapshots, and
//! InstallSnapshot (figure 5.3; figure 13 of the paper), the leader's side and the follower's.

use super::{Context, Role, Server};
use crate::process::{NodeId, WriteId};
use crate::protocols::raft::Rules;
use crate::protocols::raft::configuration::Configuration;
use crate::protocols::raft::event;
use crate::protocols::raft::message::{Entry, InstallSnapshot, Installed, Message, Record};
use crate::protocols::raft::snapshot::{Item, Snapshot, items_of};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A snapshot on its way to a follower.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sending {
    /// What is sent, even when the leader has a newer one by now.
    pub snapshot: Rc<Snapshot>,
    /// So many items have arrived, as far as the leader knows.
    pub offset: u64,
}

/// A snapshot of which a follower has the first chunks: lost when it restarts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Partial {
    /// Index and term of the last entry it replaces.
    last: (u64, u64),
    items: Vec<Item>,
}

impl Server {
    // ---- Own snapshots (§5.1) ----

    /// "Each server takes snapshots independently, covering just the committed entries in its
    /// log" (paper, §7), here when so many have been applied since the last one.
    pub(super) fn snapshot_is_due(&self) -> bool {
        let every = self.config.snapshot_every;
        every > 0 && self.last_applied >= self.snapshot_index() + every
    }

    fn snapshot_index(&self) -> u64 {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.last_index)
    }

    /// The state after the last applied entry replaces the log up to there, as soon as it is on
    /// disk.
    pub(in crate::protocols::raft) fn take_snapshot(&mut self, cx: &mut Context) {
        let index = self.last_applied;
        let Some(last_term) = self.log.term_at(index).filter(|_| index > self.snapshot_index())
        else {
            return; // nothing was applied since the last one
        };
        let with_sessions = self.config.rules.has(Rules::SNAPSHOT_SESSIONS);
        let snapshot = Rc::new(Snapshot {
            last_index: index,
            last_term,
            configuration: self.configuration_for_snapshot(index, cx),
            items: items_of(&self.machine, with_sessions.then_some(&self.sessions)),
        });
        cx.mark(event::SNAPSHOT, None, self.current_term, index);
        self.save_snapshot(&snapshot, self.log.slice(index + 1, usize::MAX), cx);
        self.snapshot = Some(snapshot);
        self.compaction = Some(cx.written());
    }

    /// "Once a server completes writing a snapshot, it may delete all log entries up through
    /// the last included index" (§7).
    pub(super) fn compact_log(&mut self) {
        let Some(snapshot) = &self.snapshot else { return };
        if self.compaction.is_none_or(|at| at > self.durable) {
            return;
        }
        let (index, configuration) = (snapshot.last_index, snapshot.configuration.clone());
        let write = self.log.write_of(index);
        self.log.compact(index, snapshot.last_term, write);
        self.forget_configurations(index, configuration);
        self.compaction = None;
    }

    fn configuration_for_snapshot(&self, index: u64, cx: &Context) -> Configuration {
        if self.config.rules.has(Rules::SNAPSHOT_CONFIGURATION) {
            self.configuration_at(index).clone()
        } else {
            Configuration::first(self.config.members, cx.servers())
        }
    }

    /// A snapshot goes to disk as one record with the entries behind it, and term and vote
    /// after that; all that is older goes as soon as these are there. Whenever the power fails,
    /// the disk holds the old records, or the old and some of the new, or the new: each of them
    /// says the same.
    fn save_snapshot(&self, snapshot: &Rc<Snapshot>, behind: Rc<[Entry]>, cx: &mut Context) {
        let before = cx.written();
        cx.write(Record::Snapshot(snapshot.clone(), behind));
        if self.config.rules.has(Rules::PERSIST_TERM) {
            cx.write(Record::Term(self.current_term));
        }
        if let Some(candidate) =
            self.voted_for.filter(|_| self.config.rules.has(Rules::PERSIST_VOTE))
        {
            cx.write(Record::Vote(candidate));
        }
        cx.compact(before, cx.written());
    }

    /// A snapshot is read from disk: it replaces everything before it, the entries that were
    /// behind it follow.
    pub(super) fn read_snapshot(&mut self, snapshot: &Rc<Snapshot>, behind: &[Entry], at: WriteId) {
        self.restore(snapshot);
        self.log.reset(snapshot.last_index, snapshot.last_term, at);
        self.configurations = alloc::vec![(snapshot.last_index, snapshot.configuration.clone())];
        for entry in behind {
            self.push(entry.clone(), at);
        }
    }

    fn restore(&mut self, snapshot: &Rc<Snapshot>) {
        (self.machine, self.sessions) = snapshot.state();
        self.commit_index = snapshot.last_index;
        self.last_applied = snapshot.last_index;
        self.snapshot = Some(snapshot.clone());
        self.compaction = None;
    }

    // ---- InstallSnapshot, the leader (figure 5.3) ----

    /// "The leader must occasionally send snapshots to followers that lag behind", when it "has
    /// already discarded the next log entry that it needs to send" (paper §7): one chunk, the
    /// next when its answer comes, the same again when none does.
    pub(super) fn send_snapshot(&mut self, peer: NodeId, cx: &mut Context) {
        let Some(latest) = self.snapshot.clone() else { return };
        let Role::Leader(all) = &mut self.role else { return };
        let progress = &mut all[peer.index()];
        if progress.snapshot.is_none() {
            cx.mark(event::SEND_SNAPSHOT, Some(peer), self.current_term, latest.last_index);
        }
        let sending = progress.snapshot.get_or_insert(Sending { snapshot: latest, offset: 0 });
        let (snapshot, offset) = (sending.snapshot.clone(), sending.offset);
        (progress.probing, progress.sent_us) = (true, cx.now_us());
        let behind = snapshot.items.iter().skip(offset as usize);
        let data: Rc<[Item]> = behind.take(self.config.snapshot_chunk).cloned().collect();
        let install = InstallSnapshot {
            term: self.current_term,
            last_index: snapshot.last_index,
            last_term: snapshot.last_term,
            configuration: snapshot.configuration.clone(),
            offset,
            done: offset + data.len() as u64 == snapshot.items.len() as u64,
            data,
        };
        cx.send(peer, Message::InstallSnapshot(install), self.after(self.state_write));
    }

    /// The leader hears how far a follower is.
    pub(super) fn on_installed(&mut self, from: NodeId, installed: &Installed, cx: &mut Context) {
        if installed.term != self.current_term || !self.is_peer(from) {
            return;
        }
        if let Role::Leader(all) = &mut self.role
            && let Some(progress) = all.get_mut(from.index())
        {
            progress.heard_us = cx.now_us();
        }
        if installed.done {
            // Its log agrees with the leader's up to the snapshot's last entry.
            self.on_stored(from, installed.last_index, cx);
            return;
        }
        let Role::Leader(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        let Some(sending) = &mut progress.snapshot else { return };
        if sending.snapshot.last_index != installed.last_index {
            return;
        }
        let further = installed.received > sending.offset;
        // It may have fewer than it had: it was restarted. The next heartbeat sends them again.
        sending.offset = installed.received;
        if further {
            self.send_snapshot(from, cx);
        }
    }

    // ---- InstallSnapshot, the receiver (figure 5.3) ----

    /// InstallSnapshot RPC, receiver implementation.
    pub(super) fn on_install_snapshot(
        &mut self,
        from: NodeId,
        install: &InstallSnapshot,
        cx: &mut Context,
    ) {
        // 1. "Reply immediately if term < currentTerm".
        if install.term < self.current_term {
            self.answer_install(from, install, 0, false, self.state_write, cx);
            return;
        }
        if !cx.ensure(!matches!(self.role, Role::Leader(_)), "raft.one_leader_per_term") {
            return;
        }
        self.become_follower(Some(from), cx);
        self.hear_leader(cx);
        self.reset_election_timer(cx);
        // It has all of that already: an older snapshot changes nothing.
        let forward = self.config.rules.has(Rules::SNAPSHOT_FORWARD);
        if install.last_index <= self.commit_index && forward {
            let after = self.log.write_of(install.last_index);
            self.answer_install(from, install, 0, true, after, cx);
            return;
        }
        // 2. "Create new snapshot file if first chunk (offset is 0)": here by what the snapshot
        //    covers, because chunks come in any order and twice; any chunk of another one
        //    begins a new file, and what was lost by that is sent again.
        let last = (install.last_index, install.last_term);
        let partial = match &mut self.partial {
            Some(partial) if partial.last == last => partial,
            other => other.insert(Box::new(Partial { last, items: Vec::new() })),
        };
        // 3. "Write data into snapshot file at given offset".
        if partial.items.len() as u64 == install.offset {
            partial.items.extend_from_slice(&install.data);
        }
        // 4. "Reply and wait for more data chunks if done is false".
        let received = partial.items.len() as u64;
        if !install.done || received != install.offset + install.data.len() as u64 {
            self.answer_install(from, install, received, false, WriteId::NONE, cx);
            return;
        }
        let snapshot = Rc::new(Snapshot {
            last_index: install.last_index,
            last_term: install.last_term,
            configuration: install.configuration.clone(),
            items: core::mem::take(&mut partial.items).into(),
        });
        self.partial = None;
        self.install(&snapshot, cx);
        self.answer_install(from, install, received, true, cx.written(), cx);
    }

    /// Rules 5 to 8.
    fn install(&mut self, snapshot: &Rc<Snapshot>, cx: &mut Context) {
        let (index, term) = (snapshot.last_index, snapshot.last_term);
        cx.mark(event::INSTALL, self.leader, self.current_term, index);
        // 6. "If existing log entry has same index and term as snapshot's last included entry,
        //    retain log entries following it and reply": here the machine is set as well, which
        //    says the same, because only a snapshot beyond the commit index gets here.
        let matches = self.log.term_at(index) == Some(term);
        if matches && self.config.rules.has(Rules::KEEP_MATCHING) {
            // 5. "Save snapshot file, discard any existing or partial snapshot with a smaller
            //    index".
            let write = self.log.write_of(index);
            self.save_snapshot(snapshot, self.log.slice(index + 1, usize::MAX), cx);
            self.log.compact(index, term, write);
            self.forget_configurations(index, snapshot.configuration.clone());
        } else {
            // 7. "Discard the entire log".
            self.save_snapshot(snapshot, Rc::new([]), cx);
            self.log.reset(index, term, cx.written());
            self.configurations = alloc::vec![(index, snapshot.configuration.clone())];
        }
        // 8. "Reset state machine using snapshot contents (and load snapshot's cluster
        //    configuration)".
        self.restore(snapshot);
    }

    fn answer_install(
        &self,
        to: NodeId,
        install: &InstallSnapshot,
        received: u64,
        done: bool,
        after: WriteId,
        cx: &mut Context,
    ) {
        let (term, last_index) = (self.current_term, install.last_index);
        let installed = Installed { term, last_index, received, done };
        cx.send(to, Message::Installed(installed), self.after(after));
    }
}
