//! A replica: for each register a tag and a value. It answers queries, takes what is newer, and
//! never asks anything itself.

use super::message::{Content, Message, Record, Tag};
use super::{Config, Node, Rules, event};
use crate::machine::Text;
use crate::process::{NodeId, Refusal, Stored, WriteId};
use alloc::rc::Rc;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// One register, as this replica has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Register {
    /// Of the newest write that it has heard of.
    pub tag: Tag,
    /// What was written.
    pub content: Content,
    /// The record that holds it: not more than this is acknowledged before.
    pub write: Option<u64>,
}

/// All that a replica knows.
#[derive(Clone, Debug, Hash)]
pub struct Replica {
    pub(super) config: Rc<Config>,
    /// By key.
    pub(super) registers: LiteMap<Text, Register>,
    pub(super) durable: WriteId,
}

impl Replica {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Replica, Refusal> {
        let mut registers: LiteMap<Text, Register> = LiteMap::new();
        for stored in disk {
            match stored {
                Stored::Record(Record::Stored(key, tag, content)) => {
                    let register = Register { tag: *tag, content: content.clone(), write: None };
                    registers.insert(key.clone(), register);
                }
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Record(Record::Used(_)) | Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(Replica { config: config.clone(), registers, durable: cx.written() })
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            // What it has in memory only may be told: whoever acts on it writes it to a
            // majority of disks first.
            Message::Query(round, key) => {
                let register = self.registers.get(key).cloned().unwrap_or_default();
                let answer = Message::Value(*round, register.tag, register.content);
                cx.send(from, answer, WriteId::NONE);
            }
            Message::Update(round, key, tag, content) => {
                let write = self.take(key, *tag, content, cx);
                let sync = self.config.rules.has(Rules::SYNC_BEFORE_ACK);
                let after = if sync { write } else { WriteId::NONE };
                cx.send(from, Message::Ack(*round, key.clone(), *tag), after);
            }
            Message::Value(..) | Message::Ack(..) => {}
        }
    }

    /// If the tag is higher than its own it takes tag and value, else it keeps what it has; either
    /// way it acknowledges. The record to wait for.
    fn take(&mut self, key: &Text, tag: Tag, content: &Content, cx: &mut Context) -> WriteId {
        let known = self.registers.get(key);
        let has = known.map_or(Tag::NONE, |register| register.tag);
        if tag <= has && (self.config.rules.has(Rules::KEEP_NEWER) || tag == has) {
            cx.mark(event::KEEP, None, has.number, u64::from(has.writer));
            return WriteId(known.and_then(|register| register.write).unwrap_or(0));
        }
        let write = cx.write(Record::Stored(key.clone(), tag, content.clone()));
        let register = Register { tag, content: content.clone(), write: Some(write.0) };
        self.registers.insert(key.clone(), register);
        cx.mark(event::STORE, None, tag.number, u64::from(tag.writer));
        write
    }

    /// The highest tag of all its registers.
    pub(super) fn highest(&self) -> Tag {
        self.registers.iter().map(|(_, register)| register.tag).max().unwrap_or_default()
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        self.registers.len() * size_of::<(Text, Register)>()
    }
}
