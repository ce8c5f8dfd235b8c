//! The server: a counter on disk, and beside it the table of keys. Of each client it holds the
//! last operation and its answer, as the client-table of Viewstamped Replication does (Liskov
//! and Cowling 2012, §4.1): a client begins its next operation when it has done with this one.

use super::message::{Call, Key, Message, Record, Total};
use super::rules::Rules;
use super::{Config, Node, event};
use crate::process::{Context, NodeId, Refusal, RequestId, Stored, WriteId};
use alloc::vec::Vec;

/// What was last done for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Whose, and which of its operations.
    pub key: Key,
    /// What it was answered.
    pub total: Total,
}

/// What a request is, seen from the table.
enum Known {
    /// Not there: to be done.
    New,
    /// Done: this was the answer.
    Done(Total),
    /// From before the last one: its client has gone on and waits no longer.
    Stale,
}

/// A server's state. The table is a copy of what its disk holds.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    config: Config,
    /// The counter.
    pub total: Total,
    /// At most one entry a client, the last used at the end.
    pub table: Vec<Entry>,
    /// Operations that have taken effect: their amount, the counter then, and where on disk.
    pub effects: Vec<(u64, Total, WriteId)>,
    /// The disk has said that it holds all up to here.
    pub durable: WriteId,
}

impl Server {
    pub(super) fn boot(
        config: Config,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Server, Refusal> {
        let (total, durable) = (Total(0), WriteId::NONE);
        let (table, effects) = (Vec::new(), Vec::new());
        let mut server = Server { config, total, table, effects, durable };
        for (place, stored) in (1..).zip(disk) {
            match stored {
                Stored::Record(Record::Effect { amount, total, key, .. }) => {
                    server.total = *total;
                    server.effects.push((*amount, *total, WriteId(place)));
                    if let Some(key) = *key {
                        server.remember(Entry { key, total: *total });
                    }
                }
                Stored::Record(Record::Entry { key, total }) => {
                    server.remember(Entry { key: *key, total: *total });
                }
                // It was being written when the power went: nobody was told of it.
                Stored::Torn => break,
                Stored::Corrupt => return Err(Refusal("a record does not match its checksum")),
            }
            server.durable = WriteId(place);
        }
        Ok(server)
    }

    pub(super) fn on_request(
        &mut self,
        from: NodeId,
        id: RequestId,
        key: Option<Key>,
        call: Call,
        cx: &mut Context<Node>,
    ) {
        let total = match self.known(key) {
            Known::New => self.execute(from, id, key, call, cx),
            Known::Done(total) => {
                cx.mark(event::REPEAT, Some(from), 0, id.number);
                total
            }
            Known::Stale => {
                cx.mark(event::STALE, Some(from), 0, id.number);
                return;
            }
        };
        let synced = self.config.rules.has(Rules::SYNC_BEFORE_ANSWER);
        let after = if synced { cx.written() } else { WriteId::NONE };
        cx.send(from, Message::Reply { id, total }, after);
    }

    fn known(&self, key: Option<Key>) -> Known {
        let Some(key) = key else { return Known::New };
        match self.table.iter().find(|entry| entry.key.client == key.client) {
            Some(entry) if entry.key.number == key.number => Known::Done(entry.total),
            Some(entry) if entry.key.number > key.number => Known::Stale,
            _ => Known::New,
        }
    }

    /// A read is done again each time: it has no effect that could be had twice.
    fn execute(
        &mut self,
        from: NodeId,
        id: RequestId,
        key: Option<Key>,
        call: Call,
        cx: &mut Context<Node>,
    ) -> Total {
        cx.mark(event::EXECUTE, Some(from), 0, id.number);
        let Call::Add(amount) = call else { return self.total };
        self.total = Total(self.total.0.saturating_add(amount));
        let total = self.total;
        let rules = self.config.rules;
        let stored = key.filter(|_| rules.has(Rules::TABLE_ON_DISK));
        let with = stored.filter(|_| rules.has(Rules::ONE_RECORD));
        let write = cx.write(Record::Effect { id, amount, total, key: with });
        if let (Some(key), None) = (stored, with) {
            cx.write(Record::Entry { key, total });
        }
        self.effects.push((amount, total, write));
        if let Some(key) = key {
            self.remember(Entry { key, total });
        }
        total
    }

    fn remember(&mut self, entry: Entry) {
        self.table.retain(|known| known.key.client != entry.key.client);
        self.table.push(entry);
        let most = self.config.table_size as usize;
        if !self.config.rules.has(Rules::KEEP_UNTIL_NEXT) && self.table.len() > most {
            self.table.remove(0);
        }
    }
}
