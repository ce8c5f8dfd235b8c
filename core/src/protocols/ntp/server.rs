//! A node, source or host: tells the time, and does tasks that it measures by both of its clocks.

use super::declare::event;
use super::host::Host;
use super::message::{Answer, Call, Message};
use super::source::Source;
use super::{Config, Node, Rules, Timer};
use crate::process::{Context as Cx, NodeId, RequestId, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// What a node is for, besides tasks.
#[derive(Clone, Debug, Hash)]
pub enum Duty {
    /// It gives the time.
    Source(Source),
    /// It takes it.
    Host(Host),
}

/// A task that is being done, and what the clocks showed at its beginning, µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Task {
    id: RequestId,
    due_us: u64,
    wall_us: u64,
    monotonic_us: u64,
}

/// How long a task took by either clock, µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    /// By the wall clock: less than nothing, if that was set back.
    pub wall_us: i64,
    /// By the monotonic clock.
    pub monotonic_us: i64,
}

/// See the file's head. In memory only.
#[derive(Clone, Debug)]
pub struct Server {
    config: Rc<Config>,
    /// Source or host.
    pub duty: Duty,
    /// The first due first.
    tasks: Vec<Task>,
    /// The last task.
    pub measured: Option<Measured>,
}

impl core::hash::Hash for Server {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.duty.hash(state);
        self.tasks.hash(state);
        self.measured.hash(state);
    }
}

impl Server {
    /// The first nodes are sources.
    pub fn boot(config: &Rc<Config>, cx: &mut Cx<Node>) -> Server {
        let duty = if cx.id().0 < config.sources {
            Duty::Source(Source::new(config.processing_us))
        } else {
            Duty::Host(Host::boot(config, cx))
        };
        Server { config: config.clone(), duty, tasks: Vec::new(), measured: None }
    }

    /// The bits that are on.
    pub fn may_step(&self) -> bool {
        self.config.may_step
    }

    /// A node or a client speaks.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Cx<Node>) {
        match (message, &mut self.duty) {
            (Message::Poll { number, origin }, Duty::Source(source)) => {
                source.on_poll(from, *number, *origin, cx);
            }
            (Message::Stamps { number, origin, received, transmitted }, Duty::Host(host)) => {
                host.on_stamps(from, *number, (*origin, *received, *transmitted), cx);
            }
            (Message::Ask(id, call), _) => self.on_ask(*id, *call, cx),
            _ => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Cx<Node>) {
        match (timer, &mut self.duty) {
            (Timer::Poll, Duty::Host(host)) => host.on_poll_due(cx),
            (Timer::Answer, Duty::Source(source)) => source.on_due(cx),
            (Timer::Task, _) => self.on_task_due(cx),
            _ => {}
        }
    }

    fn on_ask(&mut self, id: RequestId, call: Call, cx: &mut Cx<Node>) {
        match call {
            Call::Time => {
                let told = Message::Told(id, Answer::Time(cx.wall_us()));
                cx.send(id.client, told, WriteId::NONE);
            }
            // Asked again while it is being done: it will be answered.
            Call::Task(_) if self.tasks.iter().any(|task| task.id == id) => {}
            Call::Task(length_us) => {
                let length_us = length_us.unwrap_or(self.config.task_us);
                let (wall_us, monotonic_us) = (cx.wall_us(), cx.now_us());
                let due_us = monotonic_us + length_us;
                let place = self.tasks.partition_point(|task| task.due_us <= due_us);
                self.tasks.insert(place, Task { id, due_us, wall_us, monotonic_us });
                cx.mark(event::BEGIN, Some(id.client), length_us, id.number);
                self.rest(cx);
            }
        }
    }

    fn on_task_due(&mut self, cx: &mut Cx<Node>) {
        let due = self.tasks.partition_point(|task| task.due_us <= cx.now_us());
        for task in self.tasks.drain(..due).collect::<Vec<_>>() {
            let measured = Measured {
                wall_us: cx.wall_us() as i64 - task.wall_us as i64,
                monotonic_us: (cx.now_us() - task.monotonic_us) as i64,
            };
            let by_monotonic = self.config.rules.has(Rules::MONOTONIC_DURATION);
            let took_us = if by_monotonic { measured.monotonic_us } else { measured.wall_us };
            self.measured = Some(measured);
            cx.mark(event::FINISH, Some(task.id.client), took_us.unsigned_abs(), task.id.number);
            let told = Message::Told(task.id, Answer::Took(took_us));
            cx.send(task.id.client, told, WriteId::NONE);
        }
        self.rest(cx);
    }

    fn rest(&self, cx: &mut Cx<Node>) {
        if let Some(next) = self.tasks.first() {
            cx.set_timer(Timer::Task, next.due_us.saturating_sub(cx.now_us()));
        }
    }

    /// Tasks that are being done.
    pub fn busy(&self) -> usize {
        self.tasks.len()
    }
}
