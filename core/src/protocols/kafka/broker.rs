//! A broker's replica of the partition (Kafka's documentation, "Replication"; KIP-101, KIP-279).
//! Here: its state, what it learns from the controller, and what its log does to the machine.
//! The leader's side stands in `leader`, the follower's in `follower`.

mod follower;
mod leader;

use super::message::{Message, Partition, Record};
use super::{Config, Node, Rules, Timer, event};
use crate::machine::Command;
use crate::process::{NodeId, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use crate::protocols::epoch_log::{Log, Replica};
use alloc::rc::Rc;
pub use leader::Leading;

type Context<'a> = crate::process::Context<'a, Node>;

/// The controller.
const CONTROLLER: NodeId = NodeId(0);

/// What a broker is at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nobody has told it who leads.
    Waiting,
    /// Asks the leader where its log has to end: the epoch that it asks for.
    Truncating(u64),
    /// Fetches from the leader.
    Following,
    /// Takes what clients send.
    Leader(Leading),
}

/// A broker's state.
#[derive(Clone, Debug, Hash)]
pub struct Broker {
    pub(super) config: Rc<Config>,
    // On disk.
    pub(super) log: Log,
    // In memory, now and then on disk.
    /// The high-water mark: known to be on all in-sync replicas up to here.
    pub(super) mark: u64,
    checkpoint: u64,
    // In memory.
    pub(super) role: Role,
    pub(super) partition: Partition,
    pub(super) replica: Replica,
    session: u64,
    last_write: WriteId,
    pub(super) durable: WriteId,
}

impl Broker {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Broker, crate::process::Refusal> {
        let mut broker = Broker {
            config: config.clone(),
            log: Log::default(),
            mark: 0,
            checkpoint: 0,
            role: Role::Waiting,
            partition: Partition::default(),
            replica: Replica::default(),
            session: cx.random(1, u64::MAX - 1),
            last_write: WriteId::NONE,
            durable: cx.written(),
        };
        for (place, stored) in disk.enumerate() {
            match stored {
                Stored::Record(Record::Entry(entry)) => {
                    broker.log.push(entry.clone(), WriteId(place as u64 + 1));
                }
                Stored::Record(Record::Truncate(index)) => broker.log.truncate_from(*index),
                Stored::Record(Record::Mark(mark)) => broker.mark = *mark,
                Stored::Record(Record::Partition(_)) | Stored::Torn => {}
                Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
            }
        }
        broker.mark = broker.mark.min(broker.log.last_index());
        broker.checkpoint = broker.mark;
        broker.apply(cx);
        cx.send(CONTROLLER, Message::Alive(broker.session), WriteId::NONE);
        cx.set_timer(Timer::Tick, config.heartbeat_us);
        cx.set_timer(Timer::Checkpoint, config.checkpoint_us);
        Ok(broker)
    }

    /// About how many bytes it owns on the heap that a `later` state does not share.
    pub(super) fn weight(&self, later: Option<&Broker>) -> usize {
        let role = if let Role::Leader(leading) = &self.role { leading.weight() } else { 0 };
        self.log.weight(later.map(|later| &later.log)) + role + self.replica.weight()
    }

    pub(super) fn has(&self, rule: u32) -> bool {
        self.config.rules.has(rule)
    }

    /// Whether it acts as the leader.
    pub(super) fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            Message::Metadata(session, partition) if *session == self.session => {
                self.on_metadata(*partition, cx);
            }
            Message::EpochRequest(request) => self.on_epoch_request(from, request, cx),
            Message::EpochEnd(end) => self.on_epoch_end(end, cx),
            Message::Fetch(fetch) => self.on_fetch(from, fetch, cx),
            Message::Fetched(fetched) => self.on_fetched(fetched, cx),
            Message::Request(id, command) => self.on_client(*id, command, cx),
            _ => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match timer {
            Timer::Tick => {
                cx.set_timer(Timer::Tick, self.config.heartbeat_us);
                cx.send(CONTROLLER, Message::Alive(self.session), WriteId::NONE);
                self.lead_on(cx);
            }
            Timer::Fetch => self.ask_leader(cx),
            Timer::Checkpoint => {
                // "replica.high.watermark.checkpoint.interval.ms": now and then.
                cx.set_timer(Timer::Checkpoint, self.config.checkpoint_us);
                if self.mark > self.checkpoint {
                    self.checkpoint = self.mark;
                    cx.write(Record::Mark(self.mark));
                }
            }
            Timer::Retry => {}
        }
    }

    /// Records are synced: the leader's own may count now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        self.advance_mark(cx);
    }

    /// The controller has decided (LeaderAndIsr).
    fn on_metadata(&mut self, partition: Partition, cx: &mut Context) {
        if partition.version <= self.partition.version && self.partition.version > 0 {
            return;
        }
        let same_epoch = partition.epoch == self.partition.epoch;
        self.partition = partition;
        if same_epoch {
            self.on_isr(cx);
            return;
        }
        if self.leads() {
            cx.mark(event::STEP_DOWN, None, partition.epoch, 0);
        }
        match partition.leader {
            Some(leader) if leader == cx.id() => self.become_leader(cx),
            Some(_) => self.become_follower(cx),
            None => self.role = Role::Waiting,
        }
    }

    /// The end of its log as far as it may count: what is on disk, or with `flush async` what
    /// is in memory, as Kafka has it.
    pub(super) fn own_end(&self) -> u64 {
        let synced = self.log.durable_index(self.durable);
        if self.config.flush { synced } else { self.log.last_index() }
    }

    /// What an answer waits for.
    fn after(&self, write: WriteId) -> WriteId {
        if self.config.flush { write } else { WriteId::NONE }
    }

    /// Applies what lies below the high-water mark; a leader answers its clients.
    fn apply(&mut self, cx: &mut Context) {
        while self.replica.index < self.mark {
            let Some(entry) = self.log.get(self.replica.index + 1) else { return };
            self.replica.index += 1;
            let command = entry.command.clone();
            cx.applied(self.replica.index, command.as_ref().map(|(id, _)| *id));
            let Some((id, command)) = command else { continue };
            let once = self.has(Rules::DEDUPLICATE);
            let Some(answer) = self.replica.apply(id, &command, once) else { continue };
            if self.leads() {
                cx.send(id.client, Message::Reply(id, Said::Result(answer)), WriteId::NONE);
            }
        }
    }

    /// Removes all records behind `end`. What lay below the high-water mark was committed: with
    /// the rules on and clean elections none of that is ever removed.
    fn truncate_to(&mut self, end: u64, cx: &mut Context) {
        if end >= self.log.last_index() {
            return;
        }
        cx.mark(event::TRUNCATE, None, self.partition.epoch, end + 1);
        self.log.truncate_from(end + 1);
        self.last_write = cx.write(Record::Truncate(end + 1));
        if end < self.mark {
            self.mark = end;
            self.checkpoint = self.checkpoint.min(end);
            cx.write(Record::Mark(end));
        }
        if end < self.replica.index {
            self.replica = Replica::default();
            self.apply(cx);
        }
    }

    /// A client asks; only the leader answers.
    fn on_client(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        let too_few = self.config.acks_all && self.partition.isr.count() < self.config.min_insync;
        if !self.leads() || (too_few && !matches!(command, Command::Get(_))) {
            let hint = self.partition.leader.filter(|leader| *leader != cx.id());
            let said = Said::Elsewhere(hint);
            cx.send(id.client, Message::Reply(id, said), WriteId::NONE);
        } else if matches!(command, Command::Get(_)) {
            self.on_read(id, command, cx);
        } else {
            self.on_produce(id, command, cx);
        }
    }
}
