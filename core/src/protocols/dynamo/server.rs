//! A Dynamo server: it keeps objects, on its own behalf or another's. Any of them coordinates
//! requests (§4.5). Here: its state, its disk, and what a replica does; coordination, what
//! becomes of the silent, and how replicas find together again, stand in `coordinate`,
//! `stand_in` and `repair`.

mod coordinate;
mod repair;
mod stand_in;

use super::message::{Message, Op, Record};
use super::object::Object;
use super::{Config, Node, Rules, Timer, event};
use crate::machine::Text;
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;
pub use coordinate::{Kind, Pending};
use litemap::LiteMap;
pub use repair::Hint;

type Context<'a> = crate::process::Context<'a, Node>;

/// An object and the record that holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    /// The object.
    pub object: Object,
    /// Position of the record; 0 for one that was there at the start.
    pub write: u64,
}

/// All that a server knows.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) config: Rc<Config>,
    /// By key.
    pub(super) store: LiteMap<Text, Kept>,
    /// What it keeps on behalf of others.
    pub(super) hints: Vec<Hint>,
    /// What it coordinates.
    pending: Vec<Pending>,
    /// Who did not answer in time, and has not been heard of since.
    silent: Vec<NodeId>,
    /// The last write of each client that it coordinated: the network may deliver one twice.
    written: LiteMap<NodeId, u64>,
    /// Rounds of comparison that it has begun.
    round: u64,
    pub(super) durable: WriteId,
}

impl Server {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        let mut server = Server {
            config: config.clone(),
            store: LiteMap::new(),
            hints: Vec::new(),
            pending: Vec::new(),
            silent: Vec::new(),
            written: LiteMap::new(),
            round: 0,
            durable: cx.written(),
        };
        for stored in disk {
            match stored {
                Stored::Record(Record::Object(key, object)) => {
                    server.store.insert(key.clone(), Kept { object: object.clone(), write: 0 });
                }
                Stored::Record(Record::Hint(home, key)) => server.add_hint(*home, key, 0),
                Stored::Record(Record::Delivered(home, key)) => {
                    server.hints.retain(|hint| (hint.home, &hint.key) != (*home, key));
                }
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        cx.set_timer(Timer::Handoff, config.handoff_us);
        if config.compares {
            cx.set_timer(Timer::Compare, config.compare_us);
        }
        Ok(server)
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        self.silent.retain(|node| *node != from);
        match message {
            Message::Put(id, key, value, seen) => self.on_put(*id, key, value, seen, cx),
            Message::Get(id, key) => self.on_get(*id, key, cx),
            Message::Store(op, key, object, on_behalf) => {
                self.on_store(from, *op, key, object, *on_behalf, cx);
            }
            Message::Taken(op) => self.on_taken(from, *op, cx),
            Message::Fetch(op, key) => {
                let object = self.object(key);
                cx.send(from, Message::Have(*op, object), self.settled(key));
            }
            Message::Have(op, object) => self.on_have(from, *op, object, cx),
            Message::Compare(round, objects) => self.on_compare(from, *round, objects, cx),
            Message::Differ(round, objects) => self.on_differ(from, *round, objects, cx),
            Message::Written(..) | Message::Found(..) => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match timer {
            Timer::Patience => self.on_patience(cx),
            Timer::Handoff => self.hand_off(cx),
            Timer::Compare => self.compare(cx),
            Timer::Retry => {}
        }
    }

    /// Records are synced: what it says to itself counts now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        self.count_own(cx);
    }

    // ---- what a replica does ----

    pub(super) fn object(&self, key: &Text) -> Object {
        let new = || Object::new(self.config.last_write_wins);
        self.store.get(key).map_or_else(new, |kept| kept.object.clone())
    }

    /// The record that must be on disk before anybody hears of what it keeps of a key: who has
    /// seen a dot takes it for that write for ever, and so it must not be given again.
    fn settled(&self, key: &Text) -> WriteId {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_SEND);
        if sync { self.stored(key) } else { WriteId::NONE }
    }

    /// The record that holds an object.
    fn stored(&self, key: &Text) -> WriteId {
        WriteId(self.store.get(key).map_or(0, |kept| kept.write))
    }

    /// Merges what comes in, and answers when it is on disk.
    fn on_store(
        &mut self,
        from: NodeId,
        op: Op,
        key: &Text,
        object: &Object,
        on_behalf: Option<NodeId>,
        cx: &mut Context,
    ) {
        let mut write = self.take(key, object, cx);
        if let Some(home) = on_behalf {
            write = write.max(self.hint(home, key, cx));
        }
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_ACK);
        cx.send(from, Message::Taken(op), if sync { write } else { WriteId::NONE });
    }

    /// Merges an object into its own; the record that holds the result.
    fn take(&mut self, key: &Text, object: &Object, cx: &mut Context) -> WriteId {
        let mut merged = self.object(key);
        if self.config.rules.has(Rules::MERGE) {
            merged.merge(object, self.config.rules.has(Rules::TOTAL_ORDER));
        } else {
            merged = object.clone();
        }
        if let Some(kept) = self.store.get(key)
            && kept.object == merged
        {
            return WriteId(kept.write);
        }
        if merged.count() > 1 {
            cx.mark(event::SIBLINGS, None, 0, merged.count());
        }
        self.keep(key, merged, cx)
    }

    /// Writes an object.
    fn keep(&mut self, key: &Text, object: Object, cx: &mut Context) -> WriteId {
        let write = cx.write(Record::Object(key.clone(), object.clone()));
        self.store.insert(key.clone(), Kept { object, write: write.0 });
        write
    }

    /// Keeps an object on behalf of another; the record that says so. §4.6: "the replica sent to
    /// D will have a hint in its metadata that suggests which node was the intended recipient".
    fn hint(&mut self, home: NodeId, key: &Text, cx: &mut Context) -> WriteId {
        let same = |hint: &&Hint| (hint.home, &hint.key) == (home, key);
        if let Some(known) = self.hints.iter().find(same) {
            return WriteId(known.write);
        }
        let write = cx.write(Record::Hint(home, key.clone()));
        cx.mark(event::HINT, Some(home), 0, 0);
        self.add_hint(home, key, write.0);
        write
    }

    fn add_hint(&mut self, home: NodeId, key: &Text, write: u64) {
        if self.hints.iter().all(|hint| (hint.home, &hint.key) != (home, key)) {
            self.hints.push(Hint { home, key: key.clone(), write, sent: None });
        }
    }

    /// Whether it coordinates, or has coordinated, this write of a client already.
    fn is_known(&mut self, id: RequestId) -> bool {
        let last = self.written.get(&id.client).copied().unwrap_or(0);
        if id.number > last {
            self.written.insert(id.client, id.number);
        }
        id.number <= last
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        let kept = self.store.iter().map(|(_, kept)| size_of::<Kept>() + 2 * kept.object.bytes());
        kept.sum::<usize>()
            + size_of_val(&*self.hints)
            + size_of_val(&*self.pending)
            + size_of_val(&*self.silent)
            + self.written.len() * size_of::<(NodeId, u64)>()
    }
}
