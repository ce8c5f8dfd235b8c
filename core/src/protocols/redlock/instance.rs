//! An instance: a lock is a key with a random value and a time to live. It knows no other.

use super::declare::event;
use super::message::{Message, Mine, Record};
use super::{Config, Node, Rules};
use crate::machine::Text;
use crate::process::{NodeId, Stored, WriteId};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// An instance's state.
#[derive(Clone, Debug, Hash)]
pub struct Instance {
    config: Rc<Config>,
    /// Place of the first client.
    clients_from: u16,
    /// By name: the value, and until when by its clock, µs.
    locks: LiteMap<Text, (Mine, u64)>,
}

impl Instance {
    /// From what is on disk.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &Context,
    ) -> Result<Instance, crate::process::Refusal> {
        let mut locks = LiteMap::new();
        for stored in disk {
            match stored {
                Stored::Record(Record::Set(name, mine, until_us)) => {
                    locks.insert(name.clone(), (*mine, *until_us));
                }
                Stored::Record(Record::Deleted(name)) => {
                    locks.remove(name);
                }
                Stored::Record(Record::File(_)) | Stored::Torn => {}
                Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
            }
        }
        if !config.rules.has(Rules::KEEP_LOCKS) {
            locks = LiteMap::new();
        }
        let clients_from = cx.servers() + cx.services().count() as u16;
        Ok(Instance { config: config.clone(), clients_from, locks })
    }

    /// Redis counted by the time of day (Kleppmann 2016).
    fn clock_us(&self, cx: &Context) -> u64 {
        if self.config.monotonic { cx.now_us() } else { cx.wall_us() }
    }

    /// Whether some lock is set, whether or not its time is over.
    pub fn is_locked(&self) -> bool {
        !self.locks.is_empty()
    }

    /// By name, for people: whose.
    pub fn fields(&self) -> Vec<(String, String)> {
        let of = |(name, (mine, _)): (&Text, &(Mine, u64))| {
            let place = mine.client.0.saturating_sub(self.clients_from) + 1;
            (name.to_string(), alloc::format!("c{place}"))
        };
        self.locks.iter().map(of).collect()
    }

    /// SET name value NX PX ttl.
    pub fn on_set(&mut self, from: NodeId, name: &Text, mine: Mine, cx: &mut Context) {
        let now_us = self.clock_us(cx);
        if let Some((held, until_us)) = self.locks.get(name).copied() {
            if held == mine {
                // Delivered twice: as if once.
                cx.send(from, Message::Yes(mine), cx.written());
                return;
            }
            if now_us < until_us {
                cx.send(from, Message::No(mine), WriteId::NONE);
                return;
            }
            cx.mark(event::EXPIRE, Some(held.client), 0, 0);
        }
        let until_us = now_us.saturating_add(self.config.ttl_us);
        self.locks.insert(name.clone(), (mine, until_us));
        let write = cx.write(Record::Set(name.clone(), mine, until_us));
        cx.mark(event::SET, Some(from), 0, 0);
        cx.send(from, Message::Yes(mine), write);
    }

    /// "Removes the key only if it exists and the value stored at the key is exactly the one I
    /// expect to be".
    pub fn on_delete(&mut self, from: NodeId, name: &Text, mine: Mine, cx: &mut Context) {
        let Some((held, _)) = self.locks.get(name).copied() else { return };
        if held == mine || !self.config.rules.has(Rules::OWN_VALUE) {
            self.locks.remove(name);
            cx.write(Record::Deleted(name.clone()));
            cx.mark(event::DELETE, Some(from), 0, 0);
        }
    }
}
