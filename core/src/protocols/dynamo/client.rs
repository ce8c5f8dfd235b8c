//! A client: one operation at a time, at a server that coordinates it. It remembers what it has
//! seen of each key, and says so when it writes (§4.3: the context). By default it asks once: who
//! asks another coordinator again may write twice.

use super::message::Message;
use super::object::{Object, Seen};
use super::{Config, Node, Timer};
use crate::machine::{Answer, Command, Text};
use crate::process::{NodeId, RequestId, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// All that a client knows; a crash takes it.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    pub(super) config: Rc<Config>,
    /// The server it speaks to.
    pub(super) target: NodeId,
    /// What it has seen, by key.
    pub(super) seen: LiteMap<Text, Seen>,
    pub(super) open: Option<(RequestId, Command)>,
    /// Whose answer it had last.
    pub(super) answered_by: NodeId,
    tries: u32,
    queue: Vec<(RequestId, Command)>,
}

impl Client {
    /// Speaks to `target`.
    pub fn new(config: &Rc<Config>, target: NodeId) -> Client {
        let config = config.clone();
        let (seen, queue) = (LiteMap::new(), Vec::new());
        Client { config, target, seen, open: None, answered_by: target, tries: 0, queue }
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        self.queue.push((id, command.clone()));
        if self.open.is_none() {
            self.next(cx);
        }
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        let (Message::Written(id, object) | Message::Found(id, object)) = message else { return };
        let Some((_, command)) = self.open.take_if(|(open, _)| open == id) else { return };
        self.answered_by = from;
        self.see(command.key(), object);
        let answer = match (&command, message) {
            (Command::Get(_), Message::Found(..)) => Answer::Value(object.answer()),
            _ => Answer::Done,
        };
        cx.reply(*id, answer, WriteId::NONE);
        cx.cancel_timer(Timer::Retry);
        self.next(cx);
    }

    /// Whatever is there now its next write of this key replaces.
    fn see(&mut self, key: &Text, object: &Object) {
        match self.seen.get_mut(key) {
            Some(seen) => seen.merge(&object.seen),
            None => drop(self.seen.insert(key.clone(), object.seen.clone())),
        }
    }

    /// No answer in time: it asks another, or gives up and knows nothing of the outcome.
    pub fn on_retry(&mut self, cx: &mut Context) {
        let Some((id, _)) = &self.open else { return };
        if self.tries >= self.config.tries {
            cx.give_up(*id);
            self.open = None;
            self.next(cx);
            return;
        }
        self.target = NodeId((self.target.0 + 1) % cx.servers().max(1));
        self.ask(cx);
    }

    fn next(&mut self, cx: &mut Context) {
        if self.queue.is_empty() {
            return;
        }
        self.open = Some(self.queue.remove(0));
        self.tries = 0;
        self.ask(cx);
    }

    fn ask(&mut self, cx: &mut Context) {
        let Some((id, command)) = &self.open else { return };
        let message = match command {
            Command::Put(key, value) => {
                let seen = self.seen.get(key).cloned().unwrap_or_default();
                Message::Put(*id, key.clone(), value.clone(), seen)
            }
            command => Message::Get(*id, command.key().clone()),
        };
        self.tries += 1;
        cx.send(self.target, message, WriteId::NONE);
        cx.set_timer(Timer::Retry, self.config.retry_us);
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.queue) + self.seen.len() * size_of::<(Text, Seen)>()
    }
}
