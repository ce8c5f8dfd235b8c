//! Failure detection: who is dead, and who says so. Heartbeats or pings with a fixed timeout
//! (Chandra and Toueg, "Unreliable Failure Detectors for Reliable Distributed Systems", 1996),
//! or phi-accrual (Hayashibara et al. 2004), as `crate::detect` has them. What a silence leads to:
//! each decides alone, a majority decides (Kleppmann, "Designing Data-Intensive Applications",
//! chapter 8, "The Truth Is Defined by the Majority"), or a suspicion goes round that can be
//! refuted (Das, Gupta and Motivala, "SWIM", 2002, §4.2). Of SWIM that is the suspicion with its
//! incarnations; here everybody asks everybody, and nobody asks for somebody else.

mod check;
mod declare;
mod member;
mod message;
mod rules;
#[cfg(test)]
mod tests;

pub use member::Member;
pub use message::{Message, Nothing, Order, Record, Standing, View};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::process::{
    Cells, Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The protocol.
pub struct Detector;

/// How a silence is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Every period everybody says that it lives; a fixed timeout.
    Heartbeat,
    /// Every period everybody is asked; a fixed timeout for the answer.
    Ping,
    /// Heartbeats, and a timeout that follows from their intervals.
    Phi,
}

/// What follows from a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Each suspects for itself.
    Alone,
    /// More than half must find it silent.
    Majority,
    /// It is suspected, may refute that, and is dead if it does not.
    Refutable,
}

/// What a text sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    rules: Rules,
    kind: Kind,
    verdict: Verdict,
    period_us: u64,
    timeout_us: u64,
    /// In thousandths of φ.
    threshold: u32,
    window: u32,
    suspicion_us: u64,
}

/// What a member waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The next heartbeat or ping.
    Period,
    /// The next look at who is silent.
    Look,
}

/// Indexes of the declaration's events.
mod event {
    pub const SILENT: u8 = 0;
    pub const HEAR: u8 = 1;
    pub const SUSPECT: u8 = 2;
    pub const DEAD: u8 = 3;
    pub const ALIVE: u8 = 4;
    pub const REFUTE: u8 = 5;
    pub const STEP_DOWN: u8 = 6;
    pub const RETURN: u8 = 7;
}

/// Indexes of the declaration's checks.
mod checks {
    pub const COMPLETENESS: u8 = 0;
    pub const ACCURACY: u8 = 1;
    pub const CONFIRMED: u8 = 2;
    pub const INCARNATION: u8 = 3;
    pub const RESURRECTION: u8 = 4;
    pub const MAJORITY: u8 = 5;
}

impl Process for Member {
    type Message = Message;
    type Record = Record;
    type Request = Order;
    type Response = Order;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        Member::start(**config, disk, cx)
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        self.hear(from, message, cx);
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match timer {
            Timer::Period => self.on_period(cx),
            Timer::Look => self.look(cx),
        }
    }

    fn on_request(&mut self, _: RequestId, _: &Order, _: &mut Context<Self>) {}

    fn face(&self) -> Face {
        let state = if self.outvoted { 2 } else { u8::from(self.suspects() > 0) };
        Face { state, epoch: self.incarnation }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let of = |standing: Standing| -> String {
            let has = |(_, other): &(usize, &member::Other)| other.view.standing == standing;
            let those: Vec<String> = self
                .others
                .iter()
                .enumerate()
                .filter(has)
                .map(|(place, _)| format!("n{}", place + 1))
                .collect();
            if those.is_empty() { "none".to_string() } else { those.join(" ") }
        };
        Inspection {
            arc: Some(Timer::Period),
            state: format!("suspects {}, dead {}", of(Standing::Suspect), of(Standing::Dead)),
            fields: alloc::vec![
                ("incarnation".to_string(), self.incarnation.to_string()),
                ("suspects".to_string(), of(Standing::Suspect)),
                ("dead".to_string(), of(Standing::Dead)),
                ("outvoted".to_string(), if self.outvoted { "yes" } else { "no" }.to_string()),
            ],
            ..Inspection::default()
        }
    }

    /// A cell for each member: what this one holds of it.
    fn cells(&self, most: usize) -> Cells {
        let cell = |other: &member::Other| Cell {
            epoch: other.view.incarnation,
            safety: match other.view.standing {
                Standing::Alive => Safety::Committed,
                Standing::Suspect => Safety::OnDisk,
                Standing::Dead => Safety::Written,
            },
            label: match (other.view.standing, other.view.silent) {
                (Standing::Dead, _) => "dead",
                (Standing::Suspect, _) => "suspect",
                (Standing::Alive, true) => "silent",
                (Standing::Alive, false) => "alive",
            }
            .to_string(),
        };
        Cells { first: 1, cells: self.others.iter().take(most).map(cell).collect() }
    }
}

impl Protocol for Detector {
    type Process = Member;
    type Machine = Nothing;
    type Check = check::Watch;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            kind: [Kind::Heartbeat, Kind::Ping, Kind::Phi][of(0).min(2) as usize],
            verdict: [Verdict::Alone, Verdict::Majority, Verdict::Refutable][of(1).min(2) as usize],
            period_us: of(2),
            timeout_us: of(3),
            threshold: (of(4) * 100) as u32,
            window: of(5) as u32,
            suspicion_us: of(6),
        }
    }

    fn request(_call: &OperationCall, _fresh: u64) -> Option<Order> {
        None
    }
}
