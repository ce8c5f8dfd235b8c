//! A source of time: it answers every poll with when that came and when the answer leaves. It
//! keeps nothing of who asks.

use super::declare::event;
use super::message::Message;
use super::{Node, Timer};
use crate::process::{Context as Cx, NodeId, WriteId};
use alloc::vec::Vec;

/// A poll that has come and is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    /// By the monotonic clock, µs.
    due_us: u64,
    from: NodeId,
    number: u64,
    origin: u64,
    received: u64,
}

/// See the file's head. In memory only.
#[derive(Clone, Debug, Hash)]
pub struct Source {
    /// How long an answer takes: shortest and longest, µs.
    processing_us: (u64, u64),
    /// The first due first.
    waiting: Vec<Waiting>,
}

impl Source {
    /// Takes so long over each answer, drawn.
    pub fn new(processing_us: (u64, u64)) -> Source {
        Source { processing_us, waiting: Vec::new() }
    }

    /// A poll comes: t2 is read.
    pub fn on_poll(&mut self, from: NodeId, number: u64, origin: u64, cx: &mut Cx<Node>) {
        let (low, high) = self.processing_us;
        let takes_us = if low == high { low } else { cx.random(low, high) };
        let received = cx.wall_us();
        let due_us = cx.now_us() + takes_us;
        let waiting = Waiting { due_us, from, number, origin, received };
        if takes_us == 0 {
            return answer(&waiting, cx);
        }
        cx.mark(event::WORK, Some(from), takes_us, number);
        let place = self.waiting.partition_point(|other| other.due_us <= due_us);
        self.waiting.insert(place, waiting);
        self.rest(cx);
    }

    /// What is due leaves.
    pub fn on_due(&mut self, cx: &mut Cx<Node>) {
        let due = self.waiting.partition_point(|waiting| waiting.due_us <= cx.now_us());
        for waiting in self.waiting.drain(..due).collect::<Vec<_>>() {
            answer(&waiting, cx);
        }
        self.rest(cx);
    }

    fn rest(&self, cx: &mut Cx<Node>) {
        if let Some(next) = self.waiting.first() {
            cx.set_timer(Timer::Answer, next.due_us.saturating_sub(cx.now_us()));
        }
    }

    /// Polls that wait for their answers.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

/// An answer leaves: t3 is read.
fn answer(waiting: &Waiting, cx: &mut Cx<Node>) {
    let Waiting { number, origin, received, .. } = *waiting;
    let stamps = Message::Stamps { number, origin, received, transmitted: cx.wall_us() };
    cx.send(waiting.from, stamps, WriteId::NONE);
}
