//! A server of a primary-backup group: Budhiraja, Marzullo, Schneider and Toueg, "The
//! Primary-Backup Approach" (1993). One primary puts the clients' commands in order and sends
//! its log to the backups; when they hear nothing from it they take it for dead and one of them
//! takes over. Nobody votes. So all rests on that belief being right: where it is wrong, two
//! primaries work side by side. Here: the state, and the rules for all. How a primary
//! replicates stands in `replication`, how one is replaced in `failover`.
//! Each rule is a named bit of `Rules`. Never panics under any subset of them.

mod failover;
mod replication;

use super::message::{Append, Message, Record, Status};
use super::{Config, Node, Rules, Timer, event};
use crate::process::{NodeId, RequestId, Stored, Wire, WriteId};
use crate::protocols::client::Said;
use crate::protocols::epoch_log::{Log, Replica};
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// What a server is at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Keeps what the primary sends.
    Backup,
    /// Hears no primary and asks the others what they have: their answers by server.
    Asking(Vec<Option<Status>>),
    /// Puts commands in order.
    Primary(Vec<Progress>),
}

/// What a primary knows of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The next entry to send it.
    pub next: u64,
    /// Known to be on its disk up to here.
    pub matched: u64,
    /// Where its log agrees is not known yet: one message at a time until it says so.
    pub probing: bool,
    /// Local time of the last entries sent, µs.
    pub sent_us: u64,
    /// Local time of its last word, µs.
    pub heard_us: u64,
    /// The primary counts on it: it is not taken for dead.
    pub counted: bool,
    /// From here on nothing is acknowledged without it.
    pub joined: u64,
}

/// A server's state.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) config: Rc<Config>,
    // On disk.
    pub(super) epoch: u64,
    pub(super) log: Log,
    // In memory.
    pub(super) role: Role,
    /// It may take over: it has had everything since it was started.
    pub(super) in_sync: bool,
    /// Acknowledged up to here, as far as it knows.
    pub(super) commit: u64,
    pub(super) replica: Replica,
    /// Whom it takes for the primary.
    pub(super) primary: Option<NodeId>,
    /// The write that holds the epoch.
    epoch_write: WriteId,
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
            epoch: 0,
            log: Log::default(),
            role: Role::Backup,
            // While it was down the others may have gone on without it.
            in_sync: !config.rules.has(Rules::REJOIN_FIRST),
            commit: 0,
            replica: Replica::default(),
            primary: None,
            epoch_write: WriteId::NONE,
            durable: cx.written(),
        };
        for (place, stored) in disk.enumerate() {
            match stored {
                Stored::Record(Record::Epoch(epoch)) => server.epoch = *epoch,
                Stored::Record(Record::Entry(entry)) => {
                    server.log.push(entry.clone(), WriteId(place as u64 + 1));
                }
                Stored::Record(Record::Truncate(index)) => server.log.truncate_from(*index),
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                // What stood there may have been acknowledged (Alagappan et al. 2018).
                Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
            }
        }
        // A log can't be ahead of its epoch, unless the rule that stores it is off.
        server.epoch = server.epoch.max(server.log.last_epoch());
        server.reset_patience(cx);
        Ok(server)
    }

    /// About how many bytes it owns on the heap that a `later` state does not share.
    pub(super) fn weight(&self, later: Option<&Server>) -> usize {
        let role = match &self.role {
            Role::Backup => 0,
            Role::Asking(answers) => size_of_val(&**answers),
            Role::Primary(progress) => size_of_val(&**progress),
        };
        self.log.weight(later.map(|later| &later.log)) + role + self.replica.weight()
    }

    pub(super) fn has(&self, rule: u32) -> bool {
        self.config.rules.has(rule)
    }

    // ---- Rules for all ----

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        let epoch = message.epoch();
        let stays = self.leads() && !self.has(Rules::STEP_DOWN);
        if epoch > self.epoch && !stays {
            // The generation clock (Joshi, Patterns of Distributed Systems, 2023): whoever
            // hears of a higher epoch is in it from then on.
            if self.leads() && matches!(message, Message::Append(_)) {
                // Another took over: it may lack what that one has acknowledged since.
                self.in_sync = !self.has(Rules::REJOIN_FIRST);
            }
            self.enter(epoch, cx);
            self.become_backup(None, cx);
        }
        match message {
            Message::Append(append) => self.on_append(from, append, cx),
            Message::Appended(appended) => self.on_appended(from, appended, cx),
            Message::Poll(_) => self.on_poll(from, cx),
            Message::Status(status) => self.on_status(from, *status, cx),
            Message::Appoint(epoch) => self.on_appoint(*epoch, cx),
            Message::Request(id, command) => self.on_client(*id, command, cx),
            Message::Reply(..) => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match (timer, &self.role) {
            (Timer::Patience, Role::Backup) => self.ask_around(cx),
            (Timer::Answers, Role::Asking(_)) => self.decide(cx),
            (Timer::Heartbeat, Role::Primary(_)) => self.send_heartbeats(cx),
            _ => {}
        }
    }

    /// Whether it acts as the primary.
    pub(super) fn leads(&self) -> bool {
        matches!(self.role, Role::Primary(_))
    }

    /// Whether it is the primary and the others may hear of it: its epoch is on disk.
    pub(super) fn is_announced(&self) -> bool {
        self.leads() && self.epoch_write <= self.durable
    }

    /// Is in this epoch from now on, on disk before it says so.
    fn enter(&mut self, epoch: u64, cx: &mut Context) {
        self.epoch = epoch;
        if self.has(Rules::PERSIST_EPOCH) {
            self.epoch_write = cx.write(Record::Epoch(epoch));
        }
    }

    /// Of this primary, if it is known yet.
    fn become_backup(&mut self, primary: Option<NodeId>, cx: &mut Context) {
        if self.leads() {
            cx.mark(event::STEP_DOWN, None, self.epoch, 0);
            cx.cancel_timer(Timer::Heartbeat);
        }
        if !matches!(self.role, Role::Backup) {
            cx.cancel_timer(Timer::Answers);
            self.role = Role::Backup;
            self.reset_patience(cx);
        }
        self.primary = primary;
    }

    /// What an answer waits for: the write it depends on, or nothing with that rule off.
    fn after(&self, write: WriteId) -> WriteId {
        let sync = self.has(Rules::SYNC_BEFORE_ACK);
        if sync { write.max(self.epoch_write) } else { WriteId::NONE }
    }

    /// Records are synced: the primary's own entries may count now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        if self.leads() {
            self.advance_commit(cx);
        }
    }

    /// Applies what is acknowledged; the primary answers its clients.
    fn apply_committed(&mut self, cx: &mut Context) {
        while self.replica.index < self.commit {
            let Some(entry) = self.log.get(self.replica.index + 1) else { return };
            self.replica.index += 1;
            let command = entry.command.clone();
            cx.applied(self.replica.index, command.as_ref().map(|(id, _)| *id));
            let Some((id, command)) = command else { continue };
            let once = self.has(Rules::DEDUPLICATE);
            let Some(answer) = self.replica.apply(id, &command, once) else { continue };
            if self.leads() {
                let reply = Message::Reply(id, Said::Result(answer));
                cx.send(id.client, reply, WriteId::NONE);
            }
        }
    }

    /// Removes entries. If some of them were applied (their acknowledgement was worth nothing)
    /// the machine is made anew from what is left.
    fn truncate_from(&mut self, index: u64, cx: &mut Context) {
        if index > self.log.last_index() {
            return;
        }
        cx.mark(event::TRUNCATE, None, self.epoch, index);
        self.log.truncate_from(index);
        cx.write(Record::Truncate(index));
        self.commit = self.commit.min(index.max(1) - 1);
        if index <= self.replica.index {
            self.replica = Replica::default();
            self.apply_committed(cx);
        }
    }

    /// The operation waits in the log to be acknowledged.
    fn is_pending(&self, id: RequestId) -> bool {
        self.log.holds(id, self.replica.index + 1)
    }
}
