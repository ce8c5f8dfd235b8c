//! A node of the town: what it has heard, what of it is still hot, and its rounds. In the order
//! of Demers et al. (1987): anti-entropy (§1.3), rumour mongering (§1.4), deletion (§2).

use super::message::{Call, Heard, Message, Record, Stamp, Update, Updates, those};
use super::rules::Rules;
use super::{Config, Exchange, Node, Stop, Timer, event};
use crate::machine::Text;
use crate::process::{Context, NodeId, Refusal, RequestId, Stored};
use alloc::vec::Vec;

/// Something heard.
#[derive(Clone, Debug, Hash)]
pub struct Item {
    /// What.
    pub update: Update,
    /// A hot rumour: this node still tells it (Demers: infective). Else it has lost interest
    /// (removed).
    pub hot: bool,
    /// Contacts that counted against it.
    count: u64,
    /// In which of the node's rounds it was heard; it is told from the next one on.
    round: u64,
}

/// A server's state.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    config: Config,
    /// Everything heard, a key once.
    pub items: Vec<Item>,
    /// Rounds so far.
    pub round: u64,
    /// The highest count of a stamp that it has seen.
    count: u64,
    /// How often what it has heard has changed.
    pub changes: u64,
}

impl Server {
    pub(super) fn boot(
        config: Config,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context<Node>,
    ) -> Result<Server, Refusal> {
        let mut server = Server { config, items: Vec::new(), round: 0, count: 0, changes: 0 };
        for stored in disk {
            match stored {
                Stored::Record(Record::Update(update)) => {
                    server.put(update.clone());
                }
                Stored::Record(Record::Forgotten(key)) => {
                    server.items.retain(|item| item.update.key != *key);
                }
                Stored::Torn => break,
                Stored::Corrupt => return Err(Refusal("a record does not match its checksum")),
            }
        }
        // Rounds together are the papers' synchronous ones; apart is how machines are.
        let round_us = config.round_us;
        let first_us = if config.together {
            round_us - cx.now_us() % round_us
        } else {
            cx.random(1, round_us)
        };
        cx.set_timer(Timer::Round, first_us);
        Ok(server)
    }

    /// What it has of a key.
    pub fn find(&self, key: &str) -> Option<&Item> {
        self.items.iter().find(|item| &*item.update.key == key)
    }

    fn all(&self) -> Updates {
        those(self.items.iter().map(|item| &item.update), |_| true)
    }

    /// Hot rumours that it had when its round began.
    fn hot(&self) -> Updates {
        let hot = self.items.iter().filter(|item| item.hot && item.round < self.round);
        those(hot.map(|item| &item.update), |_| true)
    }

    /// Replaces what it has of the key.
    fn put(&mut self, update: Update) {
        self.count = self.count.max(update.stamp.count);
        self.changes += 1;
        let round = self.round;
        let item = Item { update, hot: true, count: 0, round };
        match self.items.iter_mut().find(|known| known.update.key == item.update.key) {
            Some(known) => *known = item,
            None => self.items.push(item),
        }
    }

    fn store(&mut self, update: &Update, cx: &mut Context<Node>) {
        if self.config.rules.has(Rules::STAMPS_ON_DISK) {
            cx.write(Record::Update(update.clone()));
        }
        self.put(update.clone());
    }

    // ---- clients ----

    pub(super) fn on_request(
        &mut self,
        from: NodeId,
        id: RequestId,
        call: &Call,
        cx: &mut Context<Node>,
    ) {
        let heard = match call {
            Call::Tell(key, value) => {
                self.originate(key, Some(value.clone()), event::TELL, cx);
                Heard::Taken
            }
            Call::Delete(key) if self.config.rules.has(Rules::DEATH_CERTIFICATE) => {
                self.originate(key, None, event::DELETE, cx);
                Heard::Taken
            }
            Call::Delete(key) => {
                cx.mark(event::DELETE, None, self.count, 0);
                self.forget(&key.clone(), cx);
                Heard::Taken
            }
            Call::Read(key) => {
                Heard::Value(self.find(key).and_then(|item| item.update.value.clone()))
            }
        };
        let after = cx.written();
        cx.send(from, Message::Reply(id, heard), after);
    }

    fn originate(&mut self, key: &Text, value: Option<Text>, kind: u8, cx: &mut Context<Node>) {
        let stamp = Stamp { count: self.count + 1, node: cx.id() };
        cx.mark(kind, None, stamp.count, stamp.count);
        let (key, at_us) = (key.clone(), cx.wall_us());
        self.store(&Update { key, stamp, value, at_us }, cx);
    }

    fn forget(&mut self, key: &Text, cx: &mut Context<Node>) {
        self.items.retain(|item| item.update.key != *key);
        self.changes += 1;
        cx.write(Record::Forgotten(key.clone()));
    }

    // ---- rounds ----

    pub(super) fn on_round(&mut self, cx: &mut Context<Node>) {
        cx.set_timer(Timer::Round, self.config.round_us);
        self.round += 1;
        self.drop_certificates(cx);
        if cx.servers() < 2 {
            return;
        }
        // Any of the others, each as likely as the next.
        let drawn = cx.random(0, u64::from(cx.servers()) - 2) as u16;
        let partner = NodeId(if drawn < cx.id().0 { drawn } else { drawn + 1 });
        let every = self.config.anti_entropy;
        let after = cx.written();
        // Not all in the same round: that would be a burst.
        if every > 0 && (self.round + u64::from(cx.id().0)).is_multiple_of(every) {
            cx.send(partner, Message::Compare(self.all()), after);
            return;
        }
        let updates = self.hot();
        match self.config.exchange {
            Exchange::Pull => cx.send(partner, Message::Pull, after),
            Exchange::Push if updates.is_empty() => {}
            Exchange::PushPull if updates.is_empty() => cx.send(partner, Message::Pull, after),
            exchange => {
                let pull = exchange == Exchange::PushPull;
                if !self.config.feedback {
                    updates.iter().for_each(|update| self.contact(update.stamp, cx));
                }
                cx.send(partner, Message::Push { updates, pull }, after);
            }
        }
    }

    /// Only where the rule `KEEP_CERTIFICATE` is off.
    fn drop_certificates(&mut self, cx: &mut Context<Node>) {
        if self.config.rules.has(Rules::KEEP_CERTIFICATE) {
            return;
        }
        let (now_us, life_us) = (cx.wall_us(), self.config.tombstone_us);
        let is_over = |item: &Item| {
            item.update.value.is_none() && item.update.at_us.saturating_add(life_us) <= now_us
        };
        while let Some(key) =
            self.items.iter().find(|item| is_over(item)).map(|item| item.update.key.clone())
        {
            cx.mark(event::DROP, None, self.count, 0);
            self.forget(&key, cx);
        }
    }

    // ---- what others say ----

    pub(super) fn on_push(
        &mut self,
        from: NodeId,
        updates: &Updates,
        pull: bool,
        cx: &mut Context<Node>,
    ) {
        let own = self.hot();
        self.hear(from, updates, event::LEARN, cx);
        if pull && !own.is_empty() {
            self.tell(from, own, cx);
        }
    }

    pub(super) fn on_pull(&mut self, from: NodeId, cx: &mut Context<Node>) {
        let own = self.hot();
        if !own.is_empty() {
            self.tell(from, own, cx);
        }
    }

    fn tell(&mut self, to: NodeId, updates: Updates, cx: &mut Context<Node>) {
        if !self.config.feedback {
            updates.iter().for_each(|update| self.contact(update.stamp, cx));
        }
        let after = cx.written();
        cx.send(to, Message::Tell(updates), after);
    }

    /// Takes what is newer; says what was news where somebody wants to know.
    pub(super) fn hear(
        &mut self,
        from: NodeId,
        updates: &Updates,
        kind: u8,
        cx: &mut Context<Node>,
    ) {
        let mut known: Vec<(Stamp, bool)> = Vec::new();
        for update in updates.iter() {
            let held = self.find(&update.key).map(|item| item.update.stamp);
            let newer = held.is_none_or(|held| update.stamp > held);
            let other = held != Some(update.stamp);
            known.push((update.stamp, newer));
            if newer || other && !self.config.rules.has(Rules::NEWER_WINS) {
                cx.mark(kind, Some(from), update.stamp.count, update.stamp.count);
                self.store(update, cx);
            }
        }
        let rumours = kind == event::LEARN;
        if self.config.feedback && rumours && self.config.stop != Stop::Never {
            let after = cx.written();
            cx.send(from, Message::Feedback(known.into()), after);
        }
    }

    pub(super) fn on_feedback(&mut self, known: &[(Stamp, bool)], cx: &mut Context<Node>) {
        for (stamp, news) in known {
            if !news {
                self.contact(*stamp, cx);
            }
        }
    }

    /// A contact that counts: every one if it is blind, the unnecessary ones with feedback
    /// (§1.4). After it a node may lose interest.
    fn contact(&mut self, stamp: Stamp, cx: &mut Context<Node>) {
        let after = self.config.stop_after;
        let same = |item: &&mut Item| item.update.stamp == stamp && item.hot;
        let Some(item) = self.items.iter_mut().find(same) else { return };
        item.count += 1;
        let tired = match self.config.stop {
            Stop::Never => false,
            Stop::Counter => item.count >= after,
            Stop::Coin => cx.random(1, after) == 1,
        };
        if tired {
            item.hot = false;
            cx.mark(event::TIRE, None, stamp.count, stamp.count);
        }
    }

    // ---- anti-entropy ----

    pub(super) fn on_compare(&mut self, from: NodeId, theirs: &Updates, cx: &mut Context<Node>) {
        let of = |key: &str| theirs.iter().find(|update| &*update.key == key);
        let newer = |own: &Update| of(&own.key).is_none_or(|update| update.stamp < own.stamp);
        let differ = those(self.items.iter().map(|item| &item.update), newer);
        self.hear(from, theirs, event::REPAIR, cx);
        if !differ.is_empty() {
            let after = cx.written();
            cx.send(from, Message::Differ(differ), after);
        }
    }

    /// About how many bytes it owns.
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.items)
    }
}
