//! A process's clock of the chosen kind, and the stamp that it gives an event.

use super::rules::Rules;
use crate::clocks::{Hlc, Lamport, VectorClock};
use crate::process::NodeId;
use crate::stamps::wall_text;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Which clock stamps the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClockKind {
    /// What the wall clock shows.
    Wall,
    /// Lamport's.
    Lamport,
    /// Fidge's and Mattern's.
    Vector,
    /// Hybrid.
    Hlc,
}

/// The stamp of an event, and the clock that gives the next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stamp {
    /// µs since midnight.
    Wall(u64),
    /// A number.
    Lamport(Lamport),
    /// A number for each process.
    Vector(VectorClock<NodeId>),
    /// Wall time and count.
    Hlc(Hlc),
}

impl Stamp {
    /// Before the first event.
    pub fn zero(kind: ClockKind) -> Stamp {
        match kind {
            ClockKind::Wall => Stamp::Wall(0),
            ClockKind::Lamport => Stamp::Lamport(Lamport::new()),
            ClockKind::Vector => Stamp::Vector(VectorClock::new()),
            ClockKind::Hlc => Stamp::Hlc(Hlc::default()),
        }
    }

    /// The stamp of an event of its own, or of a sending.
    pub fn tick(&mut self, own: NodeId, wall_us: u64) {
        match self {
            Stamp::Wall(time) => *time = wall_us,
            Stamp::Lamport(clock) => {
                clock.tick();
            }
            Stamp::Vector(clock) => clock.tick(own),
            Stamp::Hlc(clock) => {
                clock.tick(wall_us);
            }
        }
    }

    /// The stamp of a receipt.
    pub fn receive(&mut self, carried: &Stamp, own: NodeId, wall_us: u64, rules: Rules) {
        if !rules.has(Rules::MAX_ON_RECEIVE) {
            return self.tick(own, wall_us);
        }
        let counts = rules.has(Rules::COUNT_RECEIPT);
        match (self, carried) {
            (Stamp::Lamport(clock), Stamp::Lamport(carried)) if counts => {
                clock.receive(carried.now());
            }
            (Stamp::Lamport(clock), Stamp::Lamport(carried)) => *clock = (*clock).max(*carried),
            (Stamp::Vector(clock), Stamp::Vector(carried)) if counts => clock.receive(carried, own),
            (Stamp::Vector(clock), Stamp::Vector(carried)) => clock.merge(carried),
            (Stamp::Hlc(clock), Stamp::Hlc(carried)) if counts => {
                clock.receive(*carried, wall_us);
            }
            (Stamp::Hlc(clock), Stamp::Hlc(carried)) => {
                *clock = (*clock).max(*carried).max(Hlc::at(wall_us, 0));
            }
            (own_clock, _) => own_clock.tick(own, wall_us),
        }
    }

    /// How this event is related to that one, as far as the stamps say: numbers that are
    /// ordered are taken for an order of the events, as whoever sorts by them takes it.
    pub fn compare(&self, other: &Stamp, rules: Rules) -> Option<Ordering> {
        match (self, other) {
            (Stamp::Vector(a), Stamp::Vector(b)) if rules.has(Rules::COMPARE_ENTRIES) => {
                a.partial_cmp(b)
            }
            (Stamp::Vector(a), Stamp::Vector(b)) => Some(a.sum().cmp(&b.sum())),
            (Stamp::Lamport(a), Stamp::Lamport(b)) => Some(a.cmp(b)),
            (Stamp::Hlc(a), Stamp::Hlc(b)) => Some(a.cmp(b)),
            (Stamp::Wall(a), Stamp::Wall(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Whether it is smaller, by the meaning of such stamps.
    pub fn is_before(&self, other: &Stamp) -> bool {
        self.compare(other, Rules::without(0)) == Some(Ordering::Less)
    }

    /// As text: `7`; `[1 0 2]` for so many processes; a time of day.
    pub fn text(&self, processes: u16) -> String {
        match self {
            Stamp::Wall(us) => wall_text(*us),
            Stamp::Lamport(clock) => clock.now().to_string(),
            Stamp::Vector(clock) => {
                let counts = (0..processes).map(|node| clock.get(&NodeId(node)).to_string());
                alloc::format!("[{}]", counts.collect::<Vec<_>>().join(" "))
            }
            Stamp::Hlc(clock) if clock.count() == 0 => wall_text(clock.wall()),
            Stamp::Hlc(clock) => alloc::format!("{} +{}", wall_text(clock.wall()), clock.count()),
        }
    }
}
