//! The network: what is on its way, how links behave, and the fate of each message, drawn
//! by its own key. Payloads are handles; knows no protocol and never reads a content.

use super::kernel::{Kernel, Pending, Raised};
use super::trace::{Event, EventId, Loss, What};
use crate::draw::{Purpose, between, chance, draw};
use crate::process::NodeId;
use crate::scenario::ast::{Fate, Range};
use alloc::vec::Vec;
use litemap::LiteMap;

/// What is printed on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlightFace {
    /// Event of its sending.
    pub send: EventId,
    /// Kind.
    pub kind: u8,
    /// Epoch.
    pub epoch: u64,
    /// Number.
    pub number: u64,
    /// The count of its kind on its link, from 1.
    pub count: u32,
}

/// A message in the network.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Handle of its content.
    pub payload: u32,
    /// Its content's hash.
    pub hash: u64,
    /// What is printed on it.
    pub face: FlightFace,
    /// Sent at, µs.
    pub sent_us: u64,
    /// Arrival as planned at first, µs: what gives its speed on the way.
    pub planned_us: u64,
    /// When it arrives or is lost, µs.
    pub until_us: u64,
    /// Lost on the way, and why.
    pub lost: Option<Loss>,
    /// Waits for `deliver`.
    pub held: bool,
}

/// How links behave.
#[derive(Clone, Debug)]
pub struct Links {
    /// Latency of every link without its own, µs.
    pub latency: Range,
    /// Loss of every link without its own.
    pub loss_ppm: u32,
    /// Duplication of every link without its own.
    pub duplicate_ppm: u32,
    /// Links with their own latency.
    pub latency_of: LiteMap<(u16, u16), Range>,
    /// Links with their own loss.
    pub loss_of: LiteMap<(u16, u16), u32>,
    /// Links with their own duplication.
    pub duplicate_of: LiteMap<(u16, u16), u32>,
    /// Directed links that are cut.
    pub cuts: Vec<(u16, u16)>,
    /// Group of each node, from 1; 0 reaches everyone. Empty: no partition.
    pub groups: Vec<u16>,
}

impl Links {
    /// Whether a message can pass this instant.
    pub fn connected(&self, from: NodeId, to: NodeId) -> bool {
        !self.cuts.contains(&(from.0, to.0)) && !self.divided(from, to)
    }

    /// Cuts one direction; false when it is cut already.
    pub fn cut(&mut self, from: NodeId, to: NodeId) -> bool {
        let new = !self.cuts.contains(&(from.0, to.0));
        if new {
            self.cuts.push((from.0, to.0));
        }
        new
    }

    /// Whether the partition stands between two nodes.
    pub fn divided(&self, a: NodeId, b: NodeId) -> bool {
        match (self.groups.get(a.index()), self.groups.get(b.index())) {
            (Some(&a), Some(&b)) => a != 0 && b != 0 && a != b,
            _ => false,
        }
    }
}

/// The fate that a line gives to a message before it is sent.
#[derive(Clone, Debug)]
pub struct PlannedFate {
    /// Link, kind, count.
    pub message: (u16, u16, u8, u32),
    /// What befalls it.
    pub fate: Fate,
    /// Already befallen.
    pub used: bool,
    /// The line's class and rank, for the trace.
    pub line: (u8, u32),
}

/// The network carries at most so many messages at once; what comes then is lost. A storm of
/// duplicates ends here and not in the machine's memory.
pub const FLIGHTS_MAX: usize = 65_536;

impl Kernel {
    fn in_flight(&self) -> usize {
        self.flights.len() - self.free.len()
    }

    /// Sends: draws the message's fate and puts it on its way. Returns how many copies of the
    /// payload travel: one that will be lost on the way counts, one that a full network does
    /// not take in does not.
    pub fn send(
        &mut self,
        from: NodeId,
        to: NodeId,
        payload: u32,
        hash: u64,
        face: Printed,
    ) -> u32 {
        let count = self.sent(from.0, to.0, face.kind) + 1;
        self.counts.insert((from.0, to.0, face.kind), count);
        let send = self.emit(Event {
            peer: to,
            sub: face.kind,
            a: face.epoch as u32,
            b: face.number as u32,
            c: count,
            ..self.event(What::Send, from)
        });
        let (kind, epoch, number) = (face.kind, face.epoch, face.number);
        let face = FlightFace { send, kind, epoch, number, count };
        let plan = self.plan(from, to);
        let mut flight = Flight {
            from,
            to,
            payload,
            hash,
            face,
            sent_us: self.now_us,
            planned_us: self.now_us + plan.latency_us,
            until_us: self.now_us + plan.latency_us,
            lost: None,
            held: false,
        };
        if plan.lost {
            flight.lost = Some(Loss::Drawn);
            flight.until_us = self.now_us + plan.lost_after_us;
        }
        if !self.links.connected(from, to) {
            flight.lost = Some(Loss::Cut);
            flight.until_us = self.now_us + plan.latency_us / 2;
        }
        let mut twice = plan.twice && flight.lost.is_none();
        for rank in 0..self.fates.len() {
            if self.fates[rank].message == (from.0, to.0, kind, count) && !self.fates[rank].used {
                self.apply_fate(rank, &mut flight, &mut twice, plan.latency_us);
            }
        }
        if self.in_flight() >= FLIGHTS_MAX {
            self.emit_loss(&flight, Loss::Full);
            return 0;
        }
        self.launch(flight);
        if twice {
            let mut copy = flight;
            copy.planned_us = self.now_us + plan.second_us;
            copy.until_us = copy.planned_us;
            copy.held = false;
            self.launch(copy);
        }
        1 + u32::from(twice)
    }

    fn apply_fate(&mut self, rank: usize, flight: &mut Flight, twice: &mut bool, latency_us: u64) {
        self.fates[rank].used = true;
        let (class, line) = self.fates[rank].line;
        match self.fates[rank].fate {
            Fate::Drop => {
                flight.lost = Some(Loss::Dropped);
                flight.until_us = self.now_us + latency_us / 2;
                *twice = false;
            }
            Fate::Hold => flight.held = true,
            Fate::Duplicate => *twice = true,
            Fate::Delay(by_us) => {
                flight.planned_us += by_us;
                flight.until_us += by_us;
            }
        }
        self.emit(Event {
            sub: class,
            a: line,
            peer: flight.to,
            ..self.event(What::Line, flight.from)
        });
    }

    /// Puts a message on its way as it is.
    pub fn launch(&mut self, flight: Flight) {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.flights.push(None);
                self.flights.len() as u32 - 1
            }
        };
        self.flights[slot as usize] = Some(flight);
        if !flight.held {
            self.schedule(flight.until_us, Pending::Flight { slot, send: flight.face.send });
        }
    }

    /// All draws about one message, made whatever is switched on.
    fn plan(&mut self, from: NodeId, to: NodeId) -> Plan {
        let now_us = self.now_us;
        let pair = (from.0, to.0);
        let rank_in_us = match self.bursts.get(&pair) {
            Some(&(time_us, count)) if time_us == now_us => count + 1,
            _ => 1,
        };
        self.bursts.insert(pair, (now_us, rank_in_us));
        let key = [self.node(from).key(), self.node(to).key(), now_us, rank_in_us];
        let of =
            |rank: u64| draw(self.seed, Purpose::Message, &[key[0], key[1], key[2], key[3], rank]);
        let links = &self.links;
        let range = *links.latency_of.get(&pair).unwrap_or(&links.latency);
        let loss_ppm = *links.loss_of.get(&pair).unwrap_or(&links.loss_ppm);
        let duplicate_ppm = *links.duplicate_of.get(&pair).unwrap_or(&links.duplicate_ppm);
        let latency_us = between(of(0), range.low, range.high);
        Plan {
            latency_us,
            lost: chance(of(1), loss_ppm),
            lost_after_us: latency_us * between(of(2), 300, 800) / 1_000,
            twice: chance(of(3), duplicate_ppm),
            second_us: between(of(4), range.low, range.high),
        }
    }

    /// How many messages of a kind have been sent on a link.
    pub fn sent(&self, from: u16, to: u16, kind: u8) -> u32 {
        self.counts.get(&(from, to, kind)).copied().unwrap_or(0)
    }

    /// Messages in the network, in order of their slots.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter().flatten()
    }

    /// Takes a flight that has ended.
    pub fn land(&mut self, slot: u32) -> Option<Flight> {
        let flight = self.flights[slot as usize].take();
        if flight.is_some() {
            self.free.push(slot);
        }
        flight
    }

    /// Slots of all flights that `which` accepts.
    pub fn find_flights(&self, which: impl Fn(&Flight) -> bool) -> Vec<u32> {
        let wanted = |(slot, flight): (usize, &Option<Flight>)| {
            flight.as_ref().is_some_and(&which).then_some(slot as u32)
        };
        self.flights.iter().enumerate().filter_map(wanted).collect()
    }

    /// A flight by its slot.
    pub fn flight_mut(&mut self, slot: u32) -> Option<&mut Flight> {
        self.flights[slot as usize].as_mut()
    }

    /// A held or delayed flight ends at this time instead.
    pub fn redirect(&mut self, slot: u32, until_us: u64) {
        if let Some(flight) = self.flights[slot as usize].as_mut() {
            flight.held = false;
            flight.until_us = until_us;
            let send = flight.face.send;
            self.schedule(until_us, Pending::Flight { slot, send });
        }
    }

    /// Records that a message will not arrive.
    pub fn emit_loss(&mut self, flight: &Flight, why: Loss) {
        self.raised.push((Raised::World(crate::world::LOST), flight.from));
        self.emit(Event {
            cause: flight.face.send,
            peer: flight.to,
            sub: why as u8,
            a: flight.face.epoch as u32,
            b: (flight.planned_us - flight.sent_us) as u32,
            ..self.event(What::Lost, flight.from)
        });
    }
}

/// What is printed on a message that is being sent.
#[derive(Clone, Copy, Debug)]
pub struct Printed {
    /// Kind.
    pub kind: u8,
    /// Epoch.
    pub epoch: u64,
    /// Number.
    pub number: u64,
}

struct Plan {
    latency_us: u64,
    lost: bool,
    lost_after_us: u64,
    twice: bool,
    second_us: u64,
}
