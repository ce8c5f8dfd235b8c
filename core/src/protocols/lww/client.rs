//! A client: it stays with one replica, asks again when nothing comes, and remembers what it has
//! seen of each key: that goes along with its next write.

use super::message::{Answer, Message};
use super::{Node, Timer};
use crate::clocks::Hlc;
use crate::machine::{Command, Text};
use crate::process::{Context as Cx, NodeId, RequestId, WriteId};
use crate::protocols::client::Patience;
use alloc::vec::Vec;

/// See the file's head. In memory only.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    home: NodeId,
    patience: Patience,
    open: Option<(RequestId, Command)>,
    tries: u32,
    queue: Vec<(RequestId, Command)>,
    seen: Vec<(Text, super::register::Context)>,
    /// The latest time that it has heard.
    time: Hlc,
}

impl Client {
    /// Speaks to this replica.
    pub fn new(home: NodeId, patience: Patience) -> Client {
        Client {
            home,
            patience,
            open: None,
            tries: 0,
            queue: Vec::new(),
            seen: Vec::new(),
            time: Hlc::default(),
        }
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, command: &Command, cx: &mut Cx<Node>) {
        self.queue.push((id, command.clone()));
        if self.open.is_none() {
            self.next(cx);
        }
    }

    fn next(&mut self, cx: &mut Cx<Node>) {
        cx.cancel_timer(Timer::Retry);
        self.open = (!self.queue.is_empty()).then(|| self.queue.remove(0));
        self.tries = 0;
        self.ask(cx);
    }

    fn ask(&mut self, cx: &mut Cx<Node>) {
        let Some((id, command)) = &self.open else { return };
        let known = self.seen.iter().find(|(key, _)| key == command.key());
        let seen = known.map_or_else(Default::default, |(_, seen)| seen.clone());
        let message = match command {
            Command::Put(key, value) => {
                Message::Put(*id, key.clone(), value.clone(), seen, self.time)
            }
            other => Message::Get(*id, other.key().clone(), self.time),
        };
        self.tries += 1;
        cx.send(self.home, message, WriteId::NONE);
        cx.set_timer(Timer::Retry, self.patience.retry_us);
    }

    /// The replica answers.
    pub fn on_message(&mut self, message: &Message, cx: &mut Cx<Node>) {
        let Some((open, _)) = &self.open else { return };
        if message.request() != Some(*open) {
            return; // the answer to an earlier try
        }
        let open = *open;
        let (key, seen, time, answer) = match message {
            Message::Done(_, key, seen, time) => (key, seen, time, Answer::Done),
            Message::Value(_, key, value, seen, time) => {
                (key, seen, time, Answer::Value(value.clone()))
            }
            _ => return,
        };
        match self.seen.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => known.merge(seen),
            None => self.seen.push((key.clone(), seen.clone())),
        }
        self.time = self.time.max(*time);
        cx.reply(open, answer, WriteId::NONE);
        self.next(cx);
    }

    /// No answer in time.
    pub fn on_retry(&mut self, cx: &mut Cx<Node>) {
        let Some((open, _)) = &self.open else { return };
        if self.tries >= self.patience.tries {
            cx.give_up(*open);
            return self.next(cx);
        }
        self.ask(cx);
    }
}
