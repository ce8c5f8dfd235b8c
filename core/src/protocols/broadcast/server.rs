//! A process of the group: reliable links made of a network that loses, doubles and reorders,
//! and a disk that survives. What others are sent is sent again until they say that they have it
//! on disk; what comes is written, and taken once it is synced. The orders stand in `group`.

use super::group::Group;
use super::message::{Item, Message, Record};
use super::{Config, Node, Rules, Timer, event};
use crate::machine::Text;
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use crate::protocols::errand::{Done, Errand};
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// At most so many items are sent again to a process at a time.
const RESENT_MOST: u64 = 16;

/// What is known of another process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Peer {
    /// It has all of this process's items up to this one, it says.
    pub has: u64,
    /// Items up to this one have been sent some time ago.
    sent: u64,
    /// Of its items this process has all up to this one, on disk.
    got: u64,
    /// And these.
    early: Vec<u64>,
}

impl Peer {
    fn knows(&self, number: u64) -> bool {
        number <= self.got || self.early.contains(&number)
    }

    fn note(&mut self, number: u64) {
        if self.knows(number) {
            return;
        }
        self.early.push(number);
        while let Some(place) = self.early.iter().position(|&early| early == self.got + 1) {
            self.early.swap_remove(place);
            self.got += 1;
        }
    }
}

/// A process.
#[derive(Clone, Debug)]
pub struct Server {
    config: Rc<Config>,
    id: NodeId,
    pub(super) group: Group,
    pub(super) peers: Vec<Peer>,
    /// Written and not known to be synced: by position.
    pending: Vec<(WriteId, Record)>,
    /// The last operation of each client that this process has been asked for.
    asked: Vec<RequestId>,
}

impl Server {
    /// Starts from what is on disk: played again, it gives the state that was.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        let group = Group::new(cx.id(), cx.servers(), config.order, config.rules);
        let peers = alloc::vec![Peer::default(); usize::from(cx.servers())];
        let (pending, asked) = (Vec::new(), Vec::new());
        let mut server =
            Server { config: config.clone(), id: cx.id(), group, peers, pending, asked };
        for stored in disk {
            match stored {
                Stored::Record(record) => server.act(record),
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        // It does not know what others have of it.
        let sent = server.group.own.len() as u64;
        server.peers.iter_mut().for_each(|peer| peer.sent = sent);
        cx.set_timer(Timer::Resend, config.resend_us);
        Ok(server)
    }

    /// One input of the group, that is on disk.
    fn act(&mut self, record: &Record) {
        match record {
            Record::Posted(text, request) => {
                if let Some(id) = request {
                    self.note_asked(*id);
                }
                self.group.post(text.clone(), *request);
            }
            Record::Got(origin, number, item) => {
                if let Some(peer) = self.peers.get_mut(origin.index()) {
                    peer.note(*number);
                    self.group.take(*origin, *number, item);
                }
            }
        }
    }

    fn note_asked(&mut self, id: RequestId) {
        self.asked.retain(|known| known.client != id.client);
        self.asked.push(id);
    }

    // ---- what is asked ----

    /// A client asks; its operation is done once, however often it asks.
    pub fn on_ask(&mut self, client: NodeId, id: RequestId, errand: &Errand, cx: &mut Context) {
        let known = self.asked.iter().find(|known| known.client == id.client);
        if known.is_some_and(|known| known.number >= id.number) {
            if self.group.delivered.iter().any(|delivered| delivered.request == Some(id)) {
                cx.send(client, Message::Answer(id, Said::Result(Done)), WriteId::NONE);
            }
            return;
        }
        self.note_asked(id);
        self.broadcast(errand.said.clone(), Some(id), cx);
    }

    /// Broadcasts a text once it is on disk.
    pub fn broadcast(&mut self, text: Text, request: Option<RequestId>, cx: &mut Context) {
        let record = Record::Posted(text, request);
        if self.config.rules.has(Rules::KEEP_SEQUENCE) {
            let write = cx.write(record.clone());
            self.pending.push((write, record));
        } else {
            self.proceed(&record, cx);
        }
    }

    // ---- what comes ----

    /// An item of another process: it is taken and acknowledged once it is on disk.
    pub fn on_item(&mut self, from: NodeId, number: u64, item: &Item, cx: &mut Context) {
        let Some(peer) = self.peers.get(from.index()) else { return };
        let once = self.config.rules.has(Rules::ONCE);
        if once && peer.knows(number) {
            // The acknowledgement was lost, or is on its way.
            cx.mark(event::DUPLICATE, Some(from), 0, number);
            cx.send(from, Message::Received(peer.got), WriteId::NONE);
            return;
        }
        let is_it = |(_, record): &(WriteId, Record)| matches!(record, Record::Got(origin, known, _) if (*origin, *known) == (from, number));
        if once && self.pending.iter().any(is_it) {
            return; // it waits for the disk
        }
        let record = Record::Got(from, number, item.clone());
        let write = cx.write(record.clone());
        if self.config.rules.has(Rules::SYNC_BEFORE_ACK) {
            self.pending.push((write, record));
        } else {
            self.proceed(&record, cx);
        }
    }

    /// Records are on disk.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        let (ready, pending): (Vec<_>, Vec<_>) =
            core::mem::take(&mut self.pending).into_iter().partition(|(write, _)| *write <= upto);
        self.pending = pending;
        for (_, record) in ready {
            self.proceed(&record, cx);
        }
    }

    /// Acts on a record, and tells what came of it: new items to all, an acknowledgement to
    /// whoever sent it, answers to clients.
    fn proceed(&mut self, record: &Record, cx: &mut Context) {
        let (items, delivered) = (self.group.own.len(), self.group.delivered.len());
        let waited = self.group.waits();
        self.act(record);
        match record {
            Record::Posted(..) => cx.mark(event::POST, None, 0, items as u64 + 1),
            Record::Got(from, number, _) => {
                let got = self.peers[from.index()].got;
                cx.send(*from, Message::Received(got), WriteId::NONE);
                if self.group.waits() > waited {
                    cx.mark(event::WAIT, Some(*from), 0, *number);
                }
            }
        }
        for (place, one) in (delivered as u64 + 1..).zip(self.group.delivered.iter_from(delivered))
        {
            cx.mark(event::DELIVER, Some(one.origin), place, one.number);
            if let Some(id) = one.request {
                cx.send(id.client, Message::Answer(id, Said::Result(Done)), WriteId::NONE);
            }
        }
        for (number, item) in (items as u64 + 1..).zip(self.group.own.iter_from(items)) {
            for peer in cx.peers() {
                cx.send(peer, Message::Item(number, item.clone()), WriteId::NONE);
            }
        }
    }

    // ---- reliable links ----

    /// A process has all items up to this one.
    pub fn on_received(&mut self, from: NodeId, upto: u64) {
        let most = self.group.own.len() as u64;
        if let Some(peer) = self.peers.get_mut(from.index()) {
            peer.has = peer.has.max(upto.min(most));
        }
    }

    /// Sends again what others don't have, although it was sent before the last time.
    pub fn on_resend(&mut self, cx: &mut Context) {
        for node in cx.peers() {
            let peer = &mut self.peers[node.index()];
            let from = peer.has + 1;
            let upto = peer.sent.min(peer.has + RESENT_MOST);
            peer.sent = self.group.own.len() as u64;
            for number in from..=upto {
                let Some(item) = self.group.own.get(number as usize - 1) else { break };
                cx.mark(event::RESEND, Some(node), 0, number);
                cx.send(node, Message::Item(number, item.clone()), WriteId::NONE);
            }
        }
        cx.set_timer(Timer::Resend, self.config.resend_us);
    }

    /// In which order messages are delivered.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Its place in the run.
    pub(super) fn id(&self) -> NodeId {
        self.id
    }

    /// About how many bytes it owns on the heap that a later state does not share.
    pub(super) fn weight(&self, later: Option<&Server>) -> usize {
        let peers = self.peers.iter().map(|peer| size_of_val(&*peer.early)).sum::<usize>();
        self.group.weight(later.map(|later| &later.group))
            + size_of_val(&*self.peers)
            + peers
            + size_of_val(&*self.pending)
            + size_of_val(&*self.asked)
    }
}
