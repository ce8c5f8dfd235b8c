//! Logical clocks: processes that send each other messages and stamp their events with the
//! clock that is chosen (Lamport 1978; Fidge 1988 and Mattern 1989; Kulkarni et al. 2014), or
//! with what their wall clocks show. There is nothing else to it: what the stamps are good for,
//! and what not, is what one sees.
//!
//! A start, an order, a timer and a receipt are one event each; what is sent at it carries its
//! stamp. That is how `crate::stamps` counts, too, so that both give the same stamps.

mod check;
mod declare;
mod rules;
mod stamp;

pub use stamp::{ClockKind, Stamp};

use crate::machine::{Machine, Text};
use crate::process::{
    Cells, Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored, Wire,
    WriteId,
};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use declare::{event, parameter};
use rules::Rules;

/// The protocol.
pub struct Clocks;

/// A message: nothing but the stamp of its sending.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// The sending's stamp.
    pub stamp: Stamp,
    /// Which of the sender's events it is, from 1. Nobody decides by it: the checks tell by it
    /// what really happened before.
    pub event: u64,
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        0
    }
    fn number(&self) -> u64 {
        match &self.stamp {
            Stamp::Lamport(clock) => clock.now(),
            _ => self.event,
        }
    }
}

/// What a process keeps on its disk: its clock after an event, and that event's number.
pub type Record = (Stamp, u64);

/// The chosen clock, and how often they talk of their own accord.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Config {
    clock: ClockKind,
    storage: bool,
    chatter_us: u64,
    max_offset_us: u64,
    rules: Rules,
}

/// The time to say something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chatter;

/// What a process has concluded at its last receipt about its own event before and the sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conclusion {
    /// Its own event before, by its number.
    pub own: u64,
    /// The sender.
    pub from: NodeId,
    /// The sending, by its number.
    pub sent: u64,
    /// Own event against the sending; none is concurrent.
    pub order: Option<Ordering>,
}

/// A process.
#[derive(Clone, Debug, Hash)]
pub struct Node {
    config: Config,
    id: NodeId,
    /// So many processes.
    of: u16,
    /// The stamp of the last event.
    stamp: Stamp,
    /// Events so far, those of earlier lives included if they are known.
    events: u64,
    /// What the wall clock showed at the last event, µs.
    wall_us: u64,
    concluded: Option<Conclusion>,
    /// The last stamps, oldest first, as the rack shows them.
    shown: Vec<String>,
}

/// The rack shows so many events.
const SHOWN: usize = 64;

impl Node {
    /// Another event: `stamp` is its stamp by now.
    fn counted(&mut self, cx: &mut Context<Self>) {
        self.events += 1;
        self.wall_us = cx.wall_us();
        if self.shown.len() == SHOWN {
            self.shown.remove(0);
        }
        self.shown.push(self.stamp.text(self.of));
        if self.config.storage {
            cx.write((self.stamp.clone(), self.events));
        }
    }

    fn own_event(&mut self, cx: &mut Context<Self>) {
        self.stamp.tick(self.id, cx.wall_us());
        self.counted(cx);
    }

    /// What it sends waits for its disk, so that nobody knows of an event that it may forget.
    fn send(&mut self, to: NodeId, cx: &mut Context<Self>) {
        self.own_event(cx);
        cx.mark(event::SEND, Some(to), 0, self.number());
        let message = Message { stamp: self.stamp.clone(), event: self.events };
        let after = if self.config.storage { cx.written() } else { WriteId::NONE };
        cx.send(to, message, after);
    }

    /// The number that captions print.
    fn number(&self) -> u64 {
        match &self.stamp {
            Stamp::Lamport(clock) => clock.now(),
            _ => self.events,
        }
    }

    fn talk_later(&self, cx: &mut Context<Self>) {
        if self.config.chatter_us > 0 {
            let delay_us = cx.random(1, 2 * self.config.chatter_us);
            cx.set_timer(Chatter, delay_us);
        }
    }

    fn is_too_far_ahead(&self, carried: &Stamp, wall_us: u64) -> bool {
        let Stamp::Hlc(carried) = carried else { return false };
        self.config.rules.has(Rules::REFUSE_FUTURE)
            && carried.wall().saturating_sub(wall_us) > self.config.max_offset_us
    }
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Nothing;
    type Response = Nothing;
    type Timer = Chatter;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        let mut node = Node {
            config: **config,
            id: cx.id(),
            of: cx.servers(),
            stamp: Stamp::zero(config.clock),
            events: 0,
            wall_us: cx.wall_us(),
            concluded: None,
            shown: Vec::new(),
        };
        for stored in disk {
            match stored {
                Stored::Record((stamp, events)) => {
                    node.events = *events;
                    if config.rules.has(Rules::KEEP_COUNTER) {
                        node.stamp = stamp.clone();
                    }
                }
                // The event that it was for has had no effect: no message was sent.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("the clock's record is corrupt")),
            }
        }
        if cx.role() == Role::Server {
            node.own_event(cx);
            node.talk_later(cx);
        }
        Ok(node)
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        if self.is_too_far_ahead(&message.stamp, cx.wall_us()) {
            cx.mark(event::REFUSE, Some(from), 0, message.event);
            return;
        }
        let order = self.stamp.compare(&message.stamp, self.config.rules);
        let (own, sent) = (self.events, message.event);
        self.stamp.receive(&message.stamp, self.id, cx.wall_us(), self.config.rules);
        self.counted(cx);
        self.concluded = Some(Conclusion { own, from, sent, order });
        cx.mark(event::RECEIVE, Some(from), 0, self.number());
        match order {
            Some(Ordering::Less) => cx.mark(event::FOLLOWS, Some(from), 0, self.number()),
            Some(Ordering::Greater) => cx.mark(event::OLD, Some(from), 0, self.number()),
            _ => cx.mark(event::CONCURRENT, Some(from), 0, self.number()),
        }
    }

    fn on_timer(&mut self, _timer: Chatter, cx: &mut Context<Self>) {
        self.talk_later(cx);
        let others = u64::from(self.of - 1);
        if others == 0 || cx.random(0, 9) == 0 {
            self.own_event(cx);
            return cx.mark(event::LOCAL, None, 0, self.number());
        }
        let place = cx.random(0, others - 1) as u16;
        self.send(NodeId(if place >= self.id.0 { place + 1 } else { place }), cx);
    }

    fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        match (order, arguments.first()) {
            (declare::order::SEND, Some(&to)) if to != u64::from(self.id.0) => {
                self.send(NodeId(to as u16), cx);
            }
            _ => {
                self.own_event(cx);
                cx.mark(event::LOCAL, None, 0, self.number());
            }
        }
    }

    fn on_request(&mut self, _: RequestId, _: &Nothing, _: &mut Context<Self>) {}

    fn face(&self) -> Face {
        Face { state: 0, epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Chatter> {
        let stamp = self.stamp.text(self.of);
        let concluded = self.concluded.map(|known| match known.order {
            Some(Ordering::Less) => "later",
            Some(Ordering::Greater) => "earlier",
            _ => "concurrent",
        });
        Inspection {
            state: stamp.clone(),
            fields: alloc::vec![
                ("stamp".to_string(), stamp),
                ("events".to_string(), self.events.to_string()),
                ("last".to_string(), concluded.unwrap_or("none").to_string()),
            ],
            ..Inspection::default()
        }
    }

    fn cells(&self, most: usize) -> Cells {
        let skipped = self.shown.len().saturating_sub(most);
        let first = self.events - self.shown.len() as u64 + skipped as u64 + 1;
        let safety = if self.config.storage { Safety::OnDisk } else { Safety::Written };
        let cell = |label: &String| Cell { epoch: 0, safety, label: label.clone() };
        Cells { first, cells: self.shown[skipped..].iter().map(cell).collect() }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        self.shown.len() * 48 + 16 * usize::from(self.of)
    }
}

/// What never happens: nobody asks a process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nothing(Text);

impl fmt::Display for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No state: there are no clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoMachine;

impl Machine for NoMachine {
    type Command = Nothing;
    type Answer = Nothing;
    fn apply(&mut self, command: &Nothing) -> Nothing {
        command.clone()
    }
    fn part<'a>(&self, command: &'a Nothing) -> &'a str {
        &command.0
    }
}

impl Protocol for Clocks {
    type Process = Node;
    type Machine = NoMachine;
    type Check = check::Checks;
    const DECLARATION: &'static crate::declare::Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let value = |place: usize| setup.parameters[place].0;
        let clock = match value(parameter::CLOCK) {
            0 => ClockKind::Lamport,
            1 => ClockKind::Vector,
            2 => ClockKind::Hlc,
            _ => ClockKind::Wall,
        };
        Config {
            clock,
            storage: value(parameter::STORAGE) == 1,
            chatter_us: value(parameter::CHATTER),
            max_offset_us: value(parameter::MAX_OFFSET),
            rules: Rules::without(setup.rules_off),
        }
    }

    fn request(_call: &OperationCall, _fresh: u64) -> Option<Nothing> {
        None
    }
}
