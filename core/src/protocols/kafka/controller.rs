//! The controller: who leads the partition and which replicas are in sync. In Kafka its
//! decisions stand in ZooKeeper or in KRaft's own replicated log; here it is one node, n1, with
//! a disk. That is a simplification: while it is down nothing is decided, and nothing is lost.

use super::message::{Brokers, Message, Partition, Record};
use super::{Config, Node, Timer, event};
use crate::process::{NodeId, Stored, WriteId};
use crate::protocols::client::Said;
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// What the controller knows of a broker: its session, and when it was last heard of, µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Session {
    id: Option<u64>,
    heard_us: u64,
    alive: bool,
}

/// The controller's state.
#[derive(Clone, Debug, Hash)]
pub struct Controller {
    config: Rc<Config>,
    /// On disk.
    pub(super) partition: Partition,
    sessions: Vec<Session>,
    write: WriteId,
}

impl Controller {
    /// Starts from what the disk holds; every broker is taken for alive until it is not heard.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Controller, crate::process::Refusal> {
        let all = (1..cx.servers()).map(NodeId).fold(Brokers::default(), Brokers::with);
        let mut partition = Partition { isr: all, ..Partition::default() };
        for stored in disk {
            match stored {
                Stored::Record(Record::Partition(known)) => partition = *known,
                Stored::Record(_) | Stored::Torn => {}
                Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
            }
        }
        let session = Session { id: None, heard_us: cx.now_us(), alive: true };
        let sessions = alloc::vec![session; usize::from(cx.servers())];
        let write = WriteId::NONE;
        let mut controller = Controller { config: config.clone(), partition, sessions, write };
        cx.set_timer(Timer::Tick, config.heartbeat_us);
        // In an epoch of its own: while it was down the leader may have been started anew.
        match controller.partition.leader {
            None => controller.elect(None, cx),
            Some(_) => {
                let epoch = controller.partition.epoch + 1;
                controller.decide(Partition { epoch, ..controller.partition }, cx);
            }
        }
        Ok(controller)
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            Message::Alive(session) => self.on_alive(from, *session, cx),
            Message::AlterIsr(wanted) => self.on_alter_isr(from, *wanted, cx),
            Message::Request(id, _) => {
                let said = Said::Elsewhere(self.partition.leader);
                cx.send(id.client, Message::Reply(*id, said), WriteId::NONE);
            }
            _ => {}
        }
    }

    /// Brokers that have not been heard for a session are gone.
    pub fn on_tick(&mut self, cx: &mut Context) {
        cx.set_timer(Timer::Tick, self.config.heartbeat_us);
        for place in 1..self.sessions.len() {
            let session = &mut self.sessions[place];
            if session.alive && cx.now_us() - session.heard_us > self.config.session_us {
                session.alive = false;
                self.on_gone(NodeId(place as u16), cx);
            }
        }
    }

    fn on_alive(&mut self, from: NodeId, id: u64, cx: &mut Context) {
        let now_us = cx.now_us();
        let Some(session) = self.sessions.get_mut(from.index()) else { return };
        let restarted = session.id.is_some_and(|known| known != id);
        *session = Session { id: Some(id), heard_us: now_us, alive: true };
        if restarted && self.partition.leader == Some(from) {
            // Its memory is gone, and with it its leadership.
            self.elect(Some(from), cx);
        } else if self.partition.leader.is_none() {
            self.elect(None, cx);
        }
        self.tell(from, cx);
    }

    fn on_gone(&mut self, broker: NodeId, cx: &mut Context) {
        cx.mark(event::GONE, Some(broker), self.partition.epoch, 0);
        if self.partition.leader == Some(broker) {
            self.elect(Some(broker), cx);
        } else if self.partition.isr.has(broker) && self.partition.isr.count() > 1 {
            self.decide(
                Partition { isr: self.partition.isr.without(broker), ..self.partition },
                cx,
            );
        }
    }

    /// A leader from the in-sync replicas that live, the first by id; an unclean one when there
    /// is none and that is allowed. `without`: not this one if there is another.
    fn elect(&mut self, without: Option<NodeId>, cx: &mut Context) {
        let Partition { epoch, leader, isr, .. } = self.partition;
        let alive = |node: &NodeId| self.sessions[node.index()].alive;
        let other = isr.iter().filter(alive).find(|node| Some(*node) != without);
        let same = without.filter(|node| isr.has(*node) && alive(node));
        let elected = other.or(same);
        let brokers = (1..self.sessions.len() as u16).map(NodeId);
        let unclean = brokers.filter(|_| self.config.unclean).find(alive);
        let next = match (elected, unclean) {
            // Who is gone leaves the in-sync replicas, but for the last one.
            (Some(node), _) => {
                let gone = without.filter(|gone| *gone != node && !alive(gone));
                let isr = gone.map_or(isr, |gone| isr.without(gone));
                Partition { leader: Some(node), isr, ..self.partition }
            }
            (None, Some(node)) => {
                cx.mark(event::UNCLEAN, Some(node), epoch + 1, 0);
                let isr = Brokers::default().with(node);
                Partition { leader: Some(node), isr, ..self.partition }
            }
            (None, None) => Partition { leader: None, ..self.partition },
        };
        if next.leader.is_some() || leader.is_some() {
            self.decide(Partition { epoch: epoch + 1, ..next }, cx);
        }
    }

    /// A leader wants to change the in-sync replicas; only the current one may, and only on
    /// what it knows (KIP-497).
    fn on_alter_isr(&mut self, from: NodeId, wanted: Partition, cx: &mut Context) {
        let known = &self.partition;
        let current = wanted.epoch == known.epoch && known.leader == Some(from);
        if current && wanted.version == known.version && wanted.isr.has(from) {
            self.decide(Partition { isr: wanted.isr, ..self.partition }, cx);
        }
        self.tell(from, cx);
    }

    fn decide(&mut self, next: Partition, cx: &mut Context) {
        self.partition = Partition { version: self.partition.version + 1, ..next };
        self.write = cx.write(Record::Partition(self.partition));
        for broker in cx.peers() {
            self.tell(broker, cx);
        }
    }

    /// To the process that registered, not to one before it (KIP-380).
    fn tell(&self, broker: NodeId, cx: &mut Context) {
        if let Some(Session { id: Some(id), .. }) = self.sessions.get(broker.index()) {
            cx.send(broker, Message::Metadata(*id, self.partition), self.write);
        }
    }
}
