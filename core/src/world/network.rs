//! The network: what is on its way, how links behave, and the fate of each message, drawn
//! by its own key. Payloads are handles; knows no protocol and never reads a content.

use super::kernel::{Kernel, Pending, Raised};
use super::trace::{Event, EventId, Loss, What};
use crate::draw::{Purpose, between, chance, draw, mix};
use crate::process::NodeId;
use crate::scenario::ast::{Fate, Law, Range, Spread, Timing};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Waits in the network.
    pub held: Option<Held>,
}

/// What a message in the network waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// For `deliver`.
    ByLine,
    /// For the end of a clog.
    ByClog,
    /// On a FIFO link for an earlier message, by the event of its sending.
    Behind(EventId),
}

/// The laws of one link.
#[derive(Clone, Copy, Debug)]
pub struct Laws {
    /// Time on the way, µs, and how it is spread.
    pub latency: (Range, Spread),
    /// Loss.
    pub loss_ppm: u32,
    /// Duplication.
    pub duplicate_ppm: u32,
    /// Reordering.
    pub reorder_ppm: u32,
    /// Bytes a second; 0 is no limit.
    pub bandwidth: u64,
    /// What was sent first arrives first.
    pub fifo: bool,
}

impl Laws {
    /// One law of each kind.
    pub fn each(&self) -> [Law; 6] {
        [
            Law::Latency(self.latency.0, self.latency.1),
            Law::Loss(self.loss_ppm),
            Law::Duplicate(self.duplicate_ppm),
            Law::Reorder(self.reorder_ppm),
            Law::Bandwidth(self.bandwidth),
            Law::Fifo(self.fifo),
        ]
    }

    fn set(&mut self, law: Law) {
        match law {
            Law::Latency(range, spread) => self.latency = (range, spread),
            Law::Loss(ppm) => self.loss_ppm = ppm,
            Law::Duplicate(ppm) => self.duplicate_ppm = ppm,
            Law::Reorder(ppm) => self.reorder_ppm = ppm,
            Law::Bandwidth(bytes) => self.bandwidth = bytes,
            Law::Fifo(fifo) => self.fifo = fifo,
        }
    }
}

/// How links behave.
#[derive(Clone, Debug)]
pub struct Links {
    /// Laws of every link, where it has none of its own.
    pub laws: Laws,
    /// Laws of single links, in the order of links: the last of a kind counts.
    own: LiteMap<(u16, u16), Vec<Law>>,
    /// Directed links that are clogged, each with the lapse that ends it.
    pub clogs: Vec<(u16, u16, u32)>,
    /// Directed links that are cut.
    pub cuts: Vec<(u16, u16)>,
    /// Group of each node, from 1; 0 reaches everyone. Empty: no partition.
    pub groups: Vec<u16>,
}

impl Links {
    /// Whole, and with these laws.
    pub fn new(latency: Range) -> Links {
        let laws = Laws {
            latency: (latency, Spread::Uniform),
            loss_ppm: 0,
            duplicate_ppm: 0,
            reorder_ppm: 0,
            bandwidth: 0,
            fifo: false,
        };
        Links { laws, own: LiteMap::new(), clogs: Vec::new(), cuts: Vec::new(), groups: Vec::new() }
    }

    /// About how many bytes they own on the heap.
    pub fn weight(&self) -> usize {
        let own = self.own.iter().map(|(_, laws)| size_of_val(&**laws));
        self.own.len() * size_of::<((u16, u16), Vec<Law>)>()
            + own.sum::<usize>()
            + size_of_val(&*self.clogs)
            + size_of_val(&*self.cuts)
            + size_of_val(&*self.groups)
    }

    /// Another law for all links, or for one direction of one.
    pub fn set(&mut self, link: Option<(NodeId, NodeId)>, law: Law) {
        let Some((from, to)) = link else {
            self.laws.set(law);
            return;
        };
        let pair = (from.0, to.0);
        let mut own = self.own.remove(&pair).unwrap_or_default();
        let same = |known: &Law| core::mem::discriminant(known) == core::mem::discriminant(&law);
        own.retain(|known| !same(known));
        own.push(law);
        self.own.insert(pair, own);
    }

    /// Between these nodes the laws are those of `whole` again; of all links, too.
    pub fn relax(&mut self, whole: &Links, between: &impl Fn(u16, u16) -> bool) {
        self.laws = whole.laws;
        let mut own = LiteMap::new();
        for (link, laws) in self.own.iter() {
            if !between(link.0, link.1) {
                own.insert(*link, laws.clone());
            }
        }
        for (link, laws) in whole.own.iter() {
            if between(link.0, link.1) {
                own.insert(*link, laws.clone());
            }
        }
        self.own = own;
    }

    /// The laws of one direction of one link.
    pub fn laws_of(&self, from: NodeId, to: NodeId) -> Laws {
        let mut laws = self.laws;
        for law in self.own.get(&(from.0, to.0)).into_iter().flatten() {
            laws.set(*law);
        }
        laws
    }

    /// Links that have laws of their own, with these.
    pub fn own(&self) -> impl Iterator<Item = ((u16, u16), &[Law])> {
        self.own.iter().map(|(link, laws)| (*link, laws.as_slice()))
    }

    /// Whether what is sent waits at the end of the link.
    pub fn clogged(&self, from: NodeId, to: NodeId) -> bool {
        self.clogs.iter().any(|&(a, b, _)| (a, b) == (from.0, to.0))
    }

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
        let link_and_kind = (from.0, to.0, face.kind);
        let (count, bytes) = self.counts.get(&link_and_kind).copied().unwrap_or_default();
        let count = count + 1;
        self.counts.insert(link_and_kind, (count, bytes + u64::from(face.bytes)));
        let send = self.emit(Event {
            peer: to,
            sub: face.kind,
            a: face.epoch as u32,
            b: face.number as u32,
            c: count,
            ..self.event(What::Send, from)
        });
        let (kind, epoch, number, bytes) = (face.kind, face.epoch, face.number, face.bytes);
        let face = FlightFace { send, kind, epoch, number, count };
        let plan = self.plan(from, to, bytes);
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
            held: None,
        };
        if let Some(latest_us) = self.model.latest_us(self.now_us) {
            flight.until_us = flight.until_us.min(latest_us);
            flight.planned_us = flight.until_us;
        }
        let bounded = self.model.bound_us(self.now_us).is_some();
        if plan.lost && !bounded {
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
            if plan.twice {
                let doubled = Event { cause: send, peer: to, ..self.event(What::Doubled, from) };
                self.emit(doubled);
            }
            let mut copy = flight;
            copy.planned_us = self.now_us + plan.second_us;
            if let Some(latest_us) = self.model.latest_us(self.now_us) {
                copy.planned_us = copy.planned_us.min(latest_us);
            }
            copy.until_us = copy.planned_us;
            copy.held = None;
            self.launch(copy);
        }
        1 + u32::from(twice)
    }

    fn apply_fate(&mut self, rank: usize, flight: &mut Flight, twice: &mut bool, latency_us: u64) {
        self.fates[rank].used = true;
        let (class, line) = self.fates[rank].line;
        let latest_us = self.model.latest_us(self.now_us);
        let bounded = self.model.bound_us(self.now_us).is_some();
        match self.fates[rank].fate {
            // In a synchronous system nothing is lost or late.
            Fate::Drop | Fate::Hold if bounded => {}
            Fate::Drop => {
                flight.lost = Some(Loss::Dropped);
                flight.until_us = self.now_us + latency_us / 2;
                *twice = false;
            }
            Fate::Hold => flight.held = Some(Held::ByLine),
            Fate::Duplicate => *twice = true,
            Fate::Delay(by_us) => {
                flight.until_us += by_us;
                flight.until_us = latest_us.map_or(flight.until_us, |us| us.min(flight.until_us));
                flight.planned_us = flight.until_us;
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
        if let Some(place) = self.flights.get_mut(slot as usize) {
            *place = Some(flight);
        }
        if flight.held.is_none() {
            self.schedule(flight.until_us, Pending::Flight { slot, send: flight.face.send });
        }
    }

    /// All draws about one message, made whatever is switched on.
    fn plan(&mut self, from: NodeId, to: NodeId, bytes: u32) -> Plan {
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
        let laws = self.links.laws_of(from, to);
        let (range, mut spread) = laws.latency;
        if self.model.timing == Some(Timing::Asynchronous) {
            // No bound: some take far longer than the range says.
            spread = Spread::Heavy;
        }
        let mut latency_us = spread_over(of(0), range, spread);
        latency_us += self.overtaken_us(from, to, rank_in_us, &laws);
        let second_us = spread_over(of(4), range, spread);
        let (lost, twice) = (chance(of(1), laws.loss_ppm), chance(of(3), laws.duplicate_ppm));
        let lost_after_us = latency_us * between(of(2), 300, 800) / 1_000;
        let sending_us = self.sending_us(pair, bytes, laws.bandwidth);
        Plan {
            latency_us: sending_us + latency_us,
            lost,
            lost_after_us: sending_us + lost_after_us,
            twice,
            second_us: sending_us + second_us,
        }
    }

    /// How much longer the `rank`-th message of this instant on a link waits on the way for others
    /// to overtake it, µs; mostly 0.
    pub fn overtaken_us(&self, from: NodeId, to: NodeId, rank: u64, laws: &Laws) -> u64 {
        let key = |which| [self.node(from).key(), self.node(to).key(), self.now_us, rank, which];
        let of = |which| draw(self.seed, Purpose::Message, &key(which));
        let longest_us = laws.latency.0.high;
        // So long that what is sent within the next flight or two arrives first.
        let wait_us = || between(of(6), longest_us, 3 * longest_us);
        if chance(of(5), laws.reorder_ppm) { wait_us() } else { 0 }
    }

    /// How long it takes to put a message on the wire of a link with this bandwidth, after all
    /// that was sent there before, µs.
    fn sending_us(&mut self, pair: (u16, u16), bytes: u32, bandwidth: u64) -> u64 {
        if bandwidth == 0 {
            return 0;
        }
        let begins_us = self.busy_until.get(&pair).copied().unwrap_or(0).max(self.now_us);
        let ends_us = begins_us + (u64::from(bytes) * 1_000_000).div_ceil(bandwidth);
        self.busy_until.insert(pair, ends_us);
        ends_us - self.now_us
    }

    /// What an arriving message has still to wait for.
    pub fn obstacle(&self, flight: &Flight) -> Option<Held> {
        if flight.lost.is_some() {
            return None;
        }
        if self.links.clogged(flight.from, flight.to) {
            return Some(Held::ByClog);
        }
        if !self.links.laws_of(flight.from, flight.to).fifo {
            return None;
        }
        let earlier = self.flights().filter(|other| {
            (other.from, other.to) == (flight.from, flight.to)
                && other.lost.is_none()
                && other.face.send < flight.face.send
        });
        earlier.map(|other| other.face.send).max().map(Held::Behind)
    }

    /// Messages that wait for this go on now, in the order of their sending.
    pub fn let_go(&mut self, waits: impl Fn(&Flight) -> bool) {
        let mut slots = self.find_flights(waits);
        let send = |slot: &u32| self.flight(*slot).map_or(0, |flight| flight.face.send);
        crate::order::sort_by_key(&mut slots, |slot| (u64::from(send(slot)), u64::from(*slot)));
        for slot in slots {
            self.redirect(slot, self.now_us);
        }
    }

    /// How many messages of a kind have been sent on a link.
    pub fn sent(&self, from: u16, to: u16, kind: u8) -> u32 {
        self.counts.get(&(from, to, kind)).map_or(0, |(count, _)| *count)
    }

    /// All that was sent, by link and kind: how many messages, and their bytes.
    pub fn traffic(&self) -> impl Iterator<Item = ((u16, u16, u8), (u32, u64))> {
        self.counts.iter().map(|(key, sent)| (*key, *sent))
    }

    /// Messages in the network, in order of their slots.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter().flatten()
    }

    /// Takes a flight that has ended; what waited behind it goes on.
    pub fn land(&mut self, slot: u32) -> Option<Flight> {
        let flight = self.flights.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        if self.links.laws_of(flight.from, flight.to).fifo {
            self.let_go(|other| other.held == Some(Held::Behind(flight.face.send)));
        }
        Some(flight)
    }

    /// Slots of all flights that `which` accepts.
    pub fn find_flights(&self, which: impl Fn(&Flight) -> bool) -> Vec<u32> {
        let wanted = |(slot, flight): (usize, &Option<Flight>)| {
            flight.as_ref().is_some_and(&which).then_some(slot as u32)
        };
        self.flights.iter().enumerate().filter_map(wanted).collect()
    }

    /// A flight by its slot.
    pub fn flight(&self, slot: u32) -> Option<&Flight> {
        self.flights.get(slot as usize)?.as_ref()
    }

    /// A flight by its slot.
    pub fn flight_mut(&mut self, slot: u32) -> Option<&mut Flight> {
        self.flights.get_mut(slot as usize)?.as_mut()
    }

    /// A held or delayed flight ends at this time instead.
    pub fn redirect(&mut self, slot: u32, until_us: u64) {
        if let Some(flight) = self.flight_mut(slot) {
            flight.held = None;
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
    /// Bytes on the wire.
    pub bytes: u32,
}

/// Scales one draw to a latency, µs.
fn spread_over(drawn: u64, range: Range, spread: Spread) -> u64 {
    let span_us = range.high - range.low;
    match spread {
        Spread::Uniform => between(drawn, range.low, range.high),
        Spread::Normal => {
            let bits = mix(drawn);
            let sum: u64 = (0..4).map(|k| bits >> (16 * k) & 0xffff).sum();
            range.low + (u128::from(span_us) * u128::from(sum) / (4 * 0xffff)) as u64
        }
        Spread::Heavy => {
            // A pair of zero bits comes once in four: the excess doubles so often.
            let doublings = (mix(drawn).trailing_zeros() / 2).min(6);
            range.low + ((between(drawn, range.low, range.high) - range.low) << doublings)
        }
    }
}

struct Plan {
    latency_us: u64,
    lost: bool,
    lost_after_us: u64,
    twice: bool,
    second_us: u64,
}
