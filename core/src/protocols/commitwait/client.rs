//! A client: it asks the servers that own the keys, again when nothing comes, and chooses the
//! timestamps of its reads by its own clock.

use super::message::{Answer, Found, Message, Transaction, Wish, now, since_start_us};
use super::{Config, Node, Timer, event, owner};
use crate::machine::Text;
use crate::process::{Context as Cx, NodeId, RequestId, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A transaction on its way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Open {
    id: RequestId,
    wish: Wish,
    /// A read's timestamp, µs.
    at: u64,
    /// What servers have answered to a read.
    found: Vec<Found>,
    tries: u32,
    /// When it began, µs of the monotonic clock.
    since_us: u64,
}

/// See the file's head. In memory only.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    pub(super) config: Rc<Config>,
    pub(super) open: Option<Open>,
    queue: Vec<(RequestId, Transaction)>,
    /// Timestamp of the last transaction that was answered, and how long that took, µs.
    pub(super) last: Option<(u64, u64)>,
    /// What it read last.
    pub(super) read: Vec<Found>,
}

impl Client {
    /// Nothing asked yet.
    pub fn new(config: &Rc<Config>) -> Client {
        let config = config.clone();
        Client { config, open: None, queue: Vec::new(), last: None, read: Vec::new() }
    }

    /// The workload asks; one transaction after the other.
    pub fn on_request(&mut self, id: RequestId, transaction: &Transaction, cx: &mut Cx<Node>) {
        self.queue.push((id, transaction.clone()));
        if self.open.is_none() {
            self.next(cx);
        }
    }

    fn next(&mut self, cx: &mut Cx<Node>) {
        cx.cancel_timer(Timer::Retry);
        self.open = None;
        if self.queue.is_empty() {
            return;
        }
        let (id, transaction) = self.queue.remove(0);
        let wish = transaction.wish;
        let mut at = 0;
        if matches!(wish, Wish::Read(_)) {
            // No earlier than any write that ended before (Corbett et al. 2012, section 4.2.2),
            // but as long ago as is wanted.
            at = now(cx.wall_us(), self.config.uncertainty_us).latest;
            at = at.saturating_sub(self.config.staleness_us);
            cx.mark(event::CHOOSE, None, 0, since_start_us(at));
        }
        let since_us = cx.now_us();
        self.open = Some(Open { id, wish, at, found: Vec::new(), tries: 0, since_us });
        self.ask(cx);
    }

    /// Asks those that own what is still missing.
    fn ask(&mut self, cx: &mut Cx<Node>) {
        let Some(open) = &mut self.open else { return };
        open.tries += 1;
        match &open.wish {
            Wish::Put(key, value) => {
                let message = Message::Write(open.id, key.clone(), value.clone());
                cx.send(owner(key, cx.servers()), message, WriteId::NONE);
            }
            Wish::Read(keys) => {
                let known = |key: &&Text| open.found.iter().any(|(known, _)| known == *key);
                let missing: Vec<&Text> = keys.iter().filter(|key| !known(key)).collect();
                for server in (0..cx.servers()).map(NodeId) {
                    let owned = missing.iter().filter(|key| owner(key, cx.servers()) == server);
                    let keys: Vec<Text> = owned.map(|key| (*key).clone()).collect();
                    if !keys.is_empty() {
                        cx.send(server, Message::Read(open.id, keys, open.at), WriteId::NONE);
                    }
                }
            }
        }
        cx.set_timer(Timer::Retry, self.config.patience_us);
    }

    /// A server answers.
    pub fn on_message(&mut self, message: &Message, cx: &mut Cx<Node>) {
        let Some(open) = &mut self.open else { return };
        if message.request() != open.id {
            return; // the answer to an earlier one
        }
        let answer = match (message, &open.wish) {
            (Message::Done(_, stamp), Wish::Put(..)) => Answer::Done(*stamp),
            (Message::Values(_, found), Wish::Read(keys)) => {
                for (key, version) in found {
                    if !open.found.iter().any(|(known, _)| known == key) {
                        open.found.push((key.clone(), version.clone()));
                    }
                }
                if open.found.len() < keys.len() {
                    return;
                }
                // In the order in which they were asked for.
                let place = |key: &Text| keys.iter().position(|of| of == key).unwrap_or(0) as u64;
                crate::order::sort_by_key(&mut open.found, |(key, _)| (place(key), 0));
                self.read = open.found.clone();
                Answer::Values(open.at, open.found.clone())
            }
            _ => return,
        };
        let stamp = match &answer {
            Answer::Done(stamp) | Answer::Values(stamp, _) => *stamp,
        };
        self.last = Some((stamp, cx.now_us().saturating_sub(open.since_us)));
        cx.reply(open.id, answer, WriteId::NONE);
        self.next(cx);
    }

    /// No answer in time.
    pub fn on_retry(&mut self, cx: &mut Cx<Node>) {
        let Some(open) = &self.open else { return };
        if open.tries >= self.config.tries {
            cx.give_up(open.id);
            return self.next(cx);
        }
        self.ask(cx);
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.queue) + size_of_val(&*self.read)
    }
}
