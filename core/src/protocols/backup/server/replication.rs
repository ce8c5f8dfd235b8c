//! How the log gets to the backups, and when a client is answered: in the mode `sync` when all
//! backups that count have it on disk, in `semi-sync` when so many have, in `async` when the
//! primary alone has.

use super::{Append, Context, Role, Server};
use crate::machine::{Command, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::backup::message::{Appended, Entry, Message, Outcome, Record};
use crate::protocols::backup::{Mode, Rules, Timer, event};
use crate::protocols::client::Said;
use alloc::rc::Rc;

/// At most so many entries in one Append.
const ENTRIES_MAX: usize = 64;

impl Server {
    // ---- The primary ----

    /// So that the backups know that it lives.
    pub(super) fn send_heartbeats(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Heartbeat, self.config.heartbeat_us);
        self.exclude_the_silent(cx);
        let (now_us, patience_us) = (cx.now_us(), 2 * self.config.heartbeat_us);
        for peer in cx.peers() {
            let Role::Primary(all) = &mut self.role else { return };
            let progress = &mut all[peer.index()];
            let waits = progress.next > progress.matched + 1;
            if waits && !progress.probing && now_us - progress.sent_us >= patience_us {
                // Entries or their acknowledgement are lost: once more.
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

    /// A backup that has not answered for as long as a backup waits for a primary is taken for
    /// dead: nothing waits for it any more. If it is not dead, that is the end of the promise.
    fn exclude_the_silent(&mut self, cx: &mut Context) {
        let (now_us, patience_us) = (cx.now_us(), self.config.patience_us.1);
        if !self.config.exclude {
            return;
        }
        for peer in cx.peers() {
            let Role::Primary(all) = &mut self.role else { return };
            let progress = &mut all[peer.index()];
            if progress.counted && now_us - progress.heard_us > patience_us {
                progress.counted = false;
                cx.mark(event::EXCLUDE, Some(peer), self.epoch, progress.matched);
            }
        }
        self.advance_commit(cx);
    }

    fn send_entries(&mut self, peer: NodeId, cx: &mut Context) {
        let Role::Primary(all) = &mut self.role else { return };
        let progress = &mut all[peer.index()];
        let prev_index = progress.next - 1;
        let entries = self.log.slice(progress.next, ENTRIES_MAX);
        progress.sent_us = cx.now_us();
        if !progress.probing {
            progress.next += entries.len() as u64;
        }
        self.send_append(peer, prev_index, entries, cx);
    }

    fn send_append(
        &mut self,
        peer: NodeId,
        prev_index: u64,
        entries: Rc<[Entry]>,
        cx: &mut Context,
    ) {
        let Role::Primary(all) = &self.role else { return };
        let progress = &all[peer.index()];
        let append = Append {
            epoch: self.epoch,
            prev_index,
            prev_epoch: self.log.epoch_at(prev_index).unwrap_or(0),
            entries,
            commit: self.commit,
            in_sync: progress.counted && progress.matched >= progress.joined,
        };
        cx.send(peer, Message::Append(append), self.after(WriteId::NONE));
    }

    /// "Clients send requests only to the primary"; it puts them in order.
    pub(super) fn on_client(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        if !self.leads() {
            let said = Said::Elsewhere(self.primary.filter(|&primary| primary != cx.id()));
            cx.send(id.client, Message::Reply(id, said), WriteId::NONE);
            return;
        }
        if self.has(Rules::DEDUPLICATE) {
            if let Some(answer) = self.replica.answered(id) {
                if let Some(answer) = answer.cloned() {
                    let reply = Message::Reply(id, Said::Result(answer));
                    cx.send(id.client, reply, WriteId::NONE);
                }
                return;
            }
            if self.is_pending(id) {
                return;
            }
        }
        if matches!(command, Command::Get(_)) && self.reads_by_itself(id, command, cx) {
            return;
        }
        let entry = Entry { epoch: self.epoch, command: Some((id, command.clone())) };
        let write = cx.write(Record::Entry(entry.clone()));
        self.log.push(entry, write);
        cx.mark(event::APPEND, None, self.epoch, self.log.last_index());
        for peer in cx.peers() {
            let Role::Primary(progress) = &self.role else { return };
            if !progress[peer.index()].probing {
                self.send_entries(peer, cx);
            }
        }
        self.advance_commit(cx);
    }

    /// With a rule off a read is answered from memory, without asking anyone.
    fn reads_by_itself(&self, id: RequestId, command: &Command, cx: &mut Context) -> bool {
        let hide = self.has(Rules::HIDE_UNACKNOWLEDGED);
        if hide && self.has(Rules::READ_IN_LOG) {
            return false;
        }
        let mut machine = self.replica.machine.clone();
        if !hide {
            let waiting = self.log.iter_from(self.replica.index + 1);
            for (_, command) in waiting.filter_map(|entry| entry.command.as_ref()) {
                machine.apply(command);
            }
        }
        let answer = machine.apply(command);
        cx.send(id.client, Message::Reply(id, Said::Result(answer)), WriteId::NONE);
        true
    }

    /// The primary hears what became of an Append.
    pub(super) fn on_appended(&mut self, from: NodeId, appended: &Appended, cx: &mut Context) {
        if appended.epoch != self.epoch {
            return; // of an earlier epoch; a higher one has made it a backup
        }
        let (last_index, now_us, joined) = (self.log.last_index(), cx.now_us(), self.commit);
        let Role::Primary(all) = &mut self.role else { return };
        let Some(progress) = all.get_mut(from.index()) else { return };
        progress.heard_us = now_us;
        match appended.outcome {
            Outcome::Stored(index) => {
                let index = index.min(last_index);
                progress.matched = progress.matched.max(index);
                progress.next = progress.next.max(progress.matched + 1);
                if core::mem::take(&mut progress.probing) {
                    progress.next = progress.matched + 1;
                }
                if !progress.counted {
                    // It lives: from now on nothing is acknowledged without it, and once it has
                    // what was, it may take over again.
                    progress.counted = true;
                    progress.joined = progress.joined.max(joined);
                    cx.mark(event::ADMIT, Some(from), self.epoch, progress.matched);
                }
                let behind = progress.next <= last_index;
                if behind {
                    self.send_entries(from, cx);
                }
                self.advance_commit(cx);
            }
            Outcome::Refused { prev_index, try_index } => {
                let stale = prev_index <= progress.matched
                    || (progress.probing && prev_index != progress.next - 1);
                if stale {
                    return;
                }
                progress.next = try_index.min(prev_index.max(1)).max(progress.matched + 1);
                progress.probing = true;
                self.send_entries(from, cx);
            }
            Outcome::Fenced => {}
        }
    }

    /// The highest index that may be acknowledged, by mode; never without the own disk.
    pub(super) fn advance_commit(&mut self, cx: &mut Context) {
        let Role::Primary(all) = &self.role else { return };
        let me = cx.id().index();
        let sync = self.has(Rules::SYNC_BEFORE_ACK);
        let synced = self.log.durable_index(self.durable);
        let own = if sync { synced } else { self.log.last_index() };
        let others = || all.iter().enumerate().filter(|(place, _)| *place != me).map(|(_, p)| p);
        let counted = || others().filter(|p| p.counted || !self.config.exclude);
        let index = match self.config.mode {
            Mode::Sync => counted().map(|p| p.matched).min().unwrap_or(own),
            Mode::SemiSync => {
                let mut matched: alloc::vec::Vec<u64> = counted().map(|p| p.matched).collect();
                matched.sort_unstable();
                // With fewer of them left it asks fewer, as MySQL's does after its timeout.
                let needed = usize::from(self.config.acks).min(matched.len());
                matched
                    .len()
                    .checked_sub(needed)
                    .and_then(|k| matched.get(k))
                    .copied()
                    .unwrap_or(own)
            }
            Mode::Async => own,
        };
        let index = index.min(own);
        if index > self.commit {
            self.commit = index;
            cx.mark(event::COMMIT, None, self.epoch, index);
            self.apply_committed(cx);
        }
    }

    /// On how many backups' disks an entry must be before it is acknowledged, and on whose in
    /// particular: what the check of durability asks.
    pub(in crate::protocols::backup) fn demands(&self, peer: usize) -> bool {
        let Role::Primary(all) = &self.role else { return false };
        all.get(peer).is_some_and(|p| p.counted || !self.config.exclude)
    }

    // ---- A backup ----

    /// The primary's log arrives.
    pub(super) fn on_append(&mut self, from: NodeId, append: &Append, cx: &mut Context) {
        let heartbeat = append.entries.is_empty();
        if append.epoch < self.epoch && self.has(Rules::FENCE) {
            cx.mark(event::FENCE, Some(from), self.epoch, append.epoch);
            let appended = Appended { epoch: self.epoch, outcome: Outcome::Fenced, heartbeat };
            cx.send(from, Message::Appended(appended), self.after(WriteId::NONE));
            return;
        }
        if self.leads() {
            return; // two primaries, and without epochs nothing says which of them is one
        }
        self.become_backup(Some(from), cx);
        self.reset_patience(cx);
        self.in_sync |= append.in_sync;
        let outcome = match self.conflict_before(append) {
            Some(refused) => {
                cx.mark(event::REFUSE, Some(from), self.epoch, append.prev_index);
                refused
            }
            None => {
                self.store(append, cx);
                Outcome::Stored(append.prev_index + append.entries.len() as u64)
            }
        };
        let after = match outcome {
            Outcome::Stored(index) => self.log.write_of(index),
            _ => WriteId::NONE,
        };
        let appended = Appended { epoch: append.epoch, outcome, heartbeat };
        cx.send(from, Message::Appended(appended), self.after(after));
    }

    /// Whether a log differs from the primary's at an index. Without epochs an entry that is
    /// there is taken for the right one: so two logs part for good, and nobody notices.
    fn differs(&self, index: u64, epoch: u64) -> bool {
        let known = self.log.epoch_at(index);
        self.has(Rules::COMPARE_EPOCHS) && known.is_some_and(|known| known != epoch)
    }

    /// What speaks against the entry before the new ones, if anything does.
    fn conflict_before(&self, append: &Append) -> Option<Outcome> {
        let prev_index = append.prev_index;
        if prev_index > self.log.last_index() {
            return Some(Outcome::Refused { prev_index, try_index: self.log.last_index() + 1 });
        }
        if self.differs(prev_index, append.prev_epoch) {
            let epoch = self.log.epoch_at(prev_index).unwrap_or(0);
            let (first, _) = self.log.range_of(epoch);
            return Some(Outcome::Refused { prev_index, try_index: first.min(prev_index) });
        }
        None
    }

    /// Keeps the new entries, cutting the log where it differs.
    fn store(&mut self, append: &Append, cx: &mut Context) {
        let mut index = append.prev_index;
        for entry in append.entries.iter() {
            index += 1;
            if self.differs(index, entry.epoch) {
                self.truncate_from(index, cx);
            }
            if index > self.log.last_index() {
                let write = cx.write(Record::Entry(entry.clone()));
                self.log.push(entry.clone(), write);
            }
        }
        let commit = append.commit.min(index);
        if commit > self.commit {
            self.commit = commit;
            self.apply_committed(cx);
        }
    }
}
