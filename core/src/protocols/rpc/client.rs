//! The client. All that it can ever see is its own clock, its own wish, and an answer or none.

use super::message::{Call, Key, Message, Total};
use super::rules::Rules;
use super::{Config, Node, Timer, event};
use crate::process::{Context, NodeId, RequestId, WriteId};
use alloc::vec::Vec;

/// A client's state: all of it is lost in a crash.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    config: Config,
    /// The server whose counter it uses; it never asks another one.
    pub server: NodeId,
    /// The operation that it waits for, and how often it has asked.
    pub open: Option<(RequestId, Call, u32)>,
    /// The last operation that it was answered, and what.
    pub last: Option<(Call, Total)>,
    queue: Vec<(RequestId, Call)>,
}

/// Tries that share a number under the bug `key-per-try`.
const TRIES_MOST: u64 = 1_000_000;

impl Client {
    pub(super) fn new(config: Config, server: NodeId) -> Client {
        Client { config, server, open: None, last: None, queue: Vec::new() }
    }

    pub(super) fn on_request(&mut self, id: RequestId, call: Call, cx: &mut Context<Node>) {
        if self.open.is_some() {
            self.queue.push((id, call));
            return;
        }
        self.open = Some((id, call, 0));
        self.ask(cx);
    }

    pub(super) fn on_reply(&mut self, id: RequestId, total: Total, cx: &mut Context<Node>) {
        let Some((_, call, _)) = self.open.filter(|(open, ..)| *open == id) else {
            return; // it has stopped waiting for that one, or has had it
        };
        self.last = Some((call, total));
        cx.reply(id, total, WriteId::NONE);
        self.next(cx);
    }

    /// No answer in time. It cannot tell why.
    pub(super) fn on_timeout(&mut self, cx: &mut Context<Node>) {
        let Some((id, _, attempt)) = self.open else { return };
        cx.mark(event::TIMEOUT, Some(self.server), 0, id.number);
        if self.config.retries && attempt < self.config.tries {
            self.ask(cx);
            return;
        }
        cx.give_up(id);
        self.next(cx);
    }

    fn ask(&mut self, cx: &mut Context<Node>) {
        let Some((id, call, attempt)) = &mut self.open else { return };
        *attempt += 1;
        let (id, call, attempt) = (*id, *call, *attempt);
        if attempt > 1 {
            cx.mark(event::RETRY, Some(self.server), 0, u64::from(attempt));
        }
        let key = self.config.keys.then(|| self.key(id, attempt));
        cx.send(self.server, Message::Request { id, attempt, key, call }, WriteId::NONE);
        cx.set_timer(Timer::Patience, self.config.timeout_us);
    }

    /// The same for every try, and nobody else's.
    fn key(&self, id: RequestId, attempt: u32) -> Key {
        let rules = self.config.rules;
        let of_try = id.number * TRIES_MOST + u64::from(attempt);
        let per_operation = rules.has(Rules::KEY_PER_OPERATION);
        Key {
            client: if rules.has(Rules::KEY_NAMES_CLIENT) { id.client.0 } else { 0 },
            number: if per_operation { id.number } else { of_try },
        }
    }

    fn next(&mut self, cx: &mut Context<Node>) {
        cx.cancel_timer(Timer::Patience);
        self.open = None;
        if !self.queue.is_empty() {
            let (id, call) = self.queue.remove(0);
            self.open = Some((id, call, 0));
            self.ask(cx);
        }
    }
}
