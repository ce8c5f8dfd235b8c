//! A client: one operation at a time, at a server that coordinates it. It remembers what it has
//! seen of each key, and says so when it writes (§4.3: the context). By default it asks once: who
//! asks another coordinator again may write twice.

use super::message::Message;
use super::object::{Dot, Object, Seen};
use super::{Config, Node, Timer};
use crate::machine::{Answer, Command, Text};
use crate::process::{Inspection, NodeId, RequestId, WriteId};
use alloc::rc::Rc;
use alloc::string::ToString;
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
    /// What it was told last: which write its own has become, and what there was.
    pub(super) told: Option<(Option<Dot>, Object)>,
    /// What it answered last to whoever asked it; none while it waits.
    answer: Option<Answer>,
    tries: u32,
    queue: Vec<(RequestId, Command)>,
}

impl Client {
    /// Speaks to `target`.
    pub fn new(config: &Rc<Config>, target: NodeId) -> Client {
        let config = config.clone();
        let (seen, queue) = (LiteMap::new(), Vec::new());
        Client { config, target, seen, open: None, told: None, answer: None, tries: 0, queue }
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        self.queue.push((id, command.clone()));
        if self.open.is_none() {
            self.next(cx);
        }
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, message: &Message, cx: &mut Context) {
        let (id, dot, object) = match message {
            Message::Written(id, dot, object) => (id, Some(*dot), object),
            Message::Found(id, object) => (id, None, object),
            _ => return,
        };
        let Some((_, command)) = self.open.take_if(|(open, _)| open == id) else { return };
        self.see(command.key(), object);
        self.told = Some((dot, object.clone()));
        let answer = match (&command, message) {
            (Command::Get(_), Message::Found(..)) => Answer::Value(object.answer()),
            _ => Answer::Done,
        };
        self.answer = Some(answer.clone());
        cx.reply(*id, answer, WriteId::NONE);
        cx.cancel_timer(Timer::Retry);
        self.next(cx);
    }

    /// Whatever is there now its next write of this key replaces.
    fn see(&mut self, key: &Text, object: &Object) {
        match self.seen.get_mut(key) {
            Some(seen) => seen.merge(&object.context()),
            None => drop(self.seen.insert(key.clone(), object.context())),
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
        (self.answer, self.tries) = (None, 0);
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

    /// What it shows of itself.
    pub(super) fn inspect(&self) -> Inspection<Timer> {
        let answer = self.answer.as_ref().map_or("none".to_string(), Answer::to_string);
        let fields = alloc::vec![
            ("speaks to".to_string(), alloc::format!("n{}", self.target.0 + 1)),
            ("answer".to_string(), answer),
        ];
        Inspection { fields, ..Inspection::default() }
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        let told = self.told.as_ref().map_or(0, |(_, object)| object.bytes());
        size_of_val(&*self.queue) + self.seen.len() * size_of::<(Text, Seen)>() + told
    }
}
