//! The part of the world that knows no protocol: queue, clocks, links, disks' progress,
//! inboxes, trace, digest. Payloads are handles. Everything that decides the future of a
//! run, except the processes themselves, is here, and can be cloned.

use super::clock::Clock;
use super::trace::{Event, EventId, Loss, NO_NODE, NONE, What};
use crate::draw::{Purpose, StableHasher, below, between, chance, draw};
use crate::process::{NodeId, RequestId, Role, WriteId};
use crate::scenario::ast::{Fate, Name, Range};
use crate::view::Status;
use alloc::collections::{BinaryHeap, VecDeque};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::hash::{Hash, Hasher};
use litemap::LiteMap;

/// A paused node keeps at most so many things waiting; what comes then is lost.
pub const INBOX_MAX: usize = 4_096;

/// One thing for a node to handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A message.
    Message {
        /// Sender.
        from: NodeId,
        /// Handle of its content.
        payload: u32,
        /// Its content's hash.
        hash: u64,
        /// What travelled, for the trace.
        face: FlightFace,
    },
    /// A timer of this slot, if it still has this generation.
    Timer {
        /// Slot of the node's timers.
        slot: u8,
        /// Counts how often it was set.
        generation: u32,
    },
    /// Synced up to here.
    Durable(WriteId),
    /// The workload's request.
    Request {
        /// Its place in the history.
        place: u32,
        /// The event of its beginning.
        event: EventId,
    },
}

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

/// A timer of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerSlot {
    /// Set and not yet run out.
    pub armed: bool,
    /// Counts how often it was set.
    pub generation: u32,
    /// Local deadline, µs.
    pub deadline_us: u64,
    /// Virtual time of its setting, µs.
    pub since_us: u64,
}

/// Progress of a node's disk; the records themselves are typed and stand elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiskState {
    /// Records written.
    pub written: u64,
    /// Records synced.
    pub durable: u64,
    /// A sync is on its way up to this record.
    pub syncing: Option<u64>,
    /// Syncs that a crash has called off carry an older number.
    pub session: u32,
}

/// A node: a process, an inbox, clocks, a disk.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub role: Role,
    /// Whether it can act.
    pub status: Status,
    /// It halted itself: a violation, or a refusal to boot.
    pub halted: bool,
    /// Counts its boots.
    pub incarnation: u32,
    /// Its monotonic clock.
    pub clock: Clock,
    /// What waits while it is paused or its effects wait.
    pub inbox: VecDeque<Input>,
    /// Effects of a handler have not left: triggers are looking at them, or it was paused.
    pub effects_wait: bool,
    /// A pause ends by itself only if nothing else has touched it since.
    pub pauses: u32,
    /// Timers by slot.
    pub timers: Vec<TimerSlot>,
    /// Disk.
    pub disk: DiskState,
    /// Draws of this incarnation.
    pub draws: u64,
}

impl Node {
    /// Can handle something this instant.
    pub fn ready(&self) -> bool {
        self.status == Status::Up && !self.halted
    }

    /// How it looks from outside: a node that halted itself is as good as down.
    pub fn standing(&self) -> Status {
        if self.halted { Status::Down } else { self.status }
    }

    /// Stable under other nodes coming and going.
    pub fn key(&self) -> u64 {
        (u64::from(u32::from(self.name.prefix)) << 16) | u64::from(self.name.number)
    }
}

/// Something in the queue. What it names may be gone by then: see `is_alive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// A flight ends (arrives or is lost), if it still ends at this time.
    Flight {
        /// Where it stands.
        slot: u32,
        /// Its sending: tells it from a later one in that slot.
        send: EventId,
    },
    /// A timer is due, if it has not been set anew.
    Timer {
        /// Whose.
        node: u16,
        /// Which.
        slot: u8,
        /// Which setting of it.
        generation: u32,
        /// Of which start of the node.
        incarnation: u32,
    },
    /// A sync completes, if no crash has called it off.
    Sync {
        /// Whose disk.
        node: u16,
        /// Between which crashes.
        session: u32,
    },
    /// The workload's next operation.
    Tick {
        /// Which workload.
        workload: u16,
    },
    /// A node goes on with its inbox.
    Wake {
        /// Which.
        node: u16,
        /// Of which start.
        incarnation: u32,
    },
    /// A pause ends, if it is still that pause.
    Resume {
        /// Whose.
        node: u16,
        /// Which pause.
        pauses: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    time_us: u64,
    sequence: u64,
    pending: Pending,
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

/// A named event happened at a node: triggers look at these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// Index in `WORLD_EVENTS`.
    World(u8),
    /// Index in the declaration's events.
    Mark(u8),
}

/// The whole non-generic world. See the file's head.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// Seed of all draws.
    pub seed: u64,
    /// Virtual time, µs.
    pub now_us: u64,
    /// Nodes, servers first.
    pub nodes: Vec<Node>,
    /// So many of them are servers.
    pub servers: u16,
    /// Links.
    pub links: Links,
    /// How long a sync takes, µs.
    pub sync_us: Range,
    /// Fates by name.
    pub fates: Vec<PlannedFate>,
    /// Cause of what happens now.
    pub cause: EventId,
    /// Number of events so far.
    pub events: u32,
    /// Steps so far.
    pub steps: u64,
    /// Events not yet taken by whoever keeps the trace.
    pub out: Vec<Event>,
    /// Named events of this step that triggers have not seen.
    pub raised: Vec<(Raised, NodeId)>,
    digest: StableHasher,
    sequence: u64,
    queue: BinaryHeap<Reverse<Entry>>,
    flights: Vec<Option<Flight>>,
    free: Vec<u32>,
    /// Messages sent, by link and kind.
    counts: LiteMap<(u16, u16, u8), u32>,
    /// For each link the last instant at which it was used, and how often in that µs.
    bursts: LiteMap<(u16, u16), (u64, u64)>,
}

impl Kernel {
    /// A world at rest at time 0.
    pub fn new(seed: u64, nodes: Vec<Node>, servers: u16, links: Links, sync_us: Range) -> Kernel {
        Kernel {
            seed,
            now_us: 0,
            nodes,
            servers,
            links,
            sync_us,
            fates: Vec::new(),
            cause: NONE,
            events: 0,
            steps: 0,
            out: Vec::new(),
            raised: Vec::new(),
            digest: StableHasher::default(),
            sequence: 0,
            queue: BinaryHeap::new(),
            flights: Vec::new(),
            free: Vec::new(),
            counts: LiteMap::new(),
            bursts: LiteMap::new(),
        }
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// A node.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    /// All nodes' ids.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u16).map(NodeId)
    }

    // ---- digest and trace ----

    /// Adds content to the digest.
    pub fn digest(&mut self, content: &impl Hash) {
        content.hash(&mut self.digest);
    }

    /// The digest so far.
    pub fn digest_value(&self) -> u64 {
        self.digest.finish()
    }

    /// Records an event caused by what happens now.
    pub fn emit(&mut self, what: What, node: NodeId) -> EventId {
        self.emit_with(Event {
            time_us: self.now_us,
            cause: self.cause,
            a: 0,
            b: 0,
            c: 0,
            node,
            peer: NO_NODE,
            what,
            sub: 0,
        })
    }

    /// Records a given event.
    pub fn emit_with(&mut self, event: Event) -> EventId {
        let id = self.events;
        self.events += 1;
        self.out.push(event);
        id
    }

    /// An event with this world's time and cause, to be filled in.
    pub fn event(&self, what: What, node: NodeId) -> Event {
        Event {
            time_us: self.now_us,
            cause: self.cause,
            a: 0,
            b: 0,
            c: 0,
            node,
            peer: NO_NODE,
            what,
            sub: 0,
        }
    }

    // ---- queue ----

    /// Puts something into the queue; what is put first at one time comes first.
    pub fn schedule(&mut self, time_us: u64, pending: Pending) {
        self.sequence += 1;
        self.queue.push(Reverse(Entry { time_us, sequence: self.sequence, pending }));
    }

    /// Time of the next entry that still means something.
    pub fn next_time(&mut self) -> Option<u64> {
        while let Some(Reverse(entry)) = self.queue.peek() {
            if self.is_alive(&entry.pending, entry.time_us) {
                return Some(entry.time_us);
            }
            self.queue.pop();
        }
        None
    }

    /// Takes the next entry and moves the time to it.
    pub fn take_next(&mut self) -> Option<Pending> {
        self.next_time()?;
        let Reverse(entry) = self.queue.pop()?;
        self.now_us = entry.time_us;
        Some(entry.pending)
    }

    fn is_alive(&self, pending: &Pending, time_us: u64) -> bool {
        match *pending {
            Pending::Flight { slot, send } => self.flights[slot as usize]
                .is_some_and(|f| f.face.send == send && f.until_us == time_us && !f.held),
            Pending::Timer { node, slot, generation, incarnation } => {
                let node = &self.nodes[usize::from(node)];
                let timer = &node.timers.get(usize::from(slot));
                node.incarnation == incarnation
                    && node.standing() != Status::Down
                    && timer.is_some_and(|t| t.armed && t.generation == generation)
            }
            Pending::Sync { node, session } => {
                let disk = &self.nodes[usize::from(node)].disk;
                disk.session == session && disk.syncing.is_some()
            }
            Pending::Wake { node, incarnation } => {
                let node = &self.nodes[usize::from(node)];
                node.ready() && node.incarnation == incarnation
            }
            Pending::Resume { node, pauses } => {
                let node = &self.nodes[usize::from(node)];
                node.status == Status::Paused && node.pauses == pauses
            }
            Pending::Tick { .. } => true,
        }
    }

    // ---- timers and clocks ----

    /// Sets a timer by its local deadline, in place of the one in that slot.
    pub fn set_timer(&mut self, id: NodeId, slot: u8, deadline_us: u64) {
        let now_us = self.now_us;
        let node = self.node_mut(id);
        let place = usize::from(slot);
        if node.timers.len() <= place {
            let none = TimerSlot { armed: false, generation: 0, deadline_us: 0, since_us: 0 };
            node.timers.resize(place + 1, none);
        }
        let generation = node.timers[place].generation + 1;
        node.timers[place] = TimerSlot { armed: true, generation, deadline_us, since_us: now_us };
        self.key_timer(id, slot);
    }

    /// Forgets a timer.
    pub fn cancel_timer(&mut self, id: NodeId, slot: u8) {
        if let Some(timer) = self.node_mut(id).timers.get_mut(usize::from(slot)) {
            timer.armed = false;
        }
    }

    fn key_timer(&mut self, id: NodeId, slot: u8) {
        let node = self.node(id);
        let timer = node.timers[usize::from(slot)];
        let due_us = node.clock.due_us(timer.deadline_us).max(self.now_us);
        let incarnation = node.incarnation;
        let generation = timer.generation;
        self.schedule(due_us, Pending::Timer { node: id.0, slot, generation, incarnation });
    }

    /// Another clock rate from now on; its timers are due anew.
    pub fn drift(&mut self, id: NodeId, ppm: i32) {
        let now_us = self.now_us;
        let node = self.node_mut(id);
        node.clock.drift(now_us, ppm);
        for slot in 0..node.timers.len() as u8 {
            let timer = &mut self.node_mut(id).timers[usize::from(slot)];
            if timer.armed {
                timer.generation += 1;
                self.key_timer(id, slot);
            }
        }
    }

    // ---- disk ----

    /// The disk starts a sync of all that is written, if it is idle.
    pub fn start_sync(&mut self, id: NodeId) {
        let range = self.sync_us;
        let node = self.node(id);
        if node.disk.syncing.is_some() || node.disk.written == node.disk.durable {
            return;
        }
        let upto = node.disk.written;
        let key = [node.key(), upto, u64::from(node.disk.session)];
        let span_us = between(draw(self.seed, Purpose::Sync, &key), range.low, range.high);
        let session = node.disk.session;
        self.node_mut(id).disk.syncing = Some(upto);
        self.schedule(self.now_us + span_us, Pending::Sync { node: id.0, session });
    }

    /// How many of the unsynced records survive a power cut, and whether the next is torn.
    pub fn draw_survivors(&self, id: NodeId) -> (u64, bool) {
        let node = self.node(id);
        let loose = node.disk.written - node.disk.durable;
        let key = [node.key(), self.now_us, node.disk.written];
        let first = draw(self.seed, Purpose::Survival, &key);
        let kept = below(first, loose + 1);
        let torn = kept < loose && chance(crate::draw::mix(first), 500_000);
        (kept, torn)
    }

    // ---- network ----

    /// Sends: draws the message's fate and puts it on its way. Returns how many copies of the
    /// payload travel (0: none, a line dropped it or the link is cut and it is lost on the way
    /// counts as 1).
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
        let send = self.emit_with(Event {
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
        self.emit_with(Event {
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
        self.emit_with(Event {
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

/// One client operation: all that a checker needs, and its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Which.
    pub id: RequestId,
    /// Begun at, µs.
    pub invoked_us: u64,
    /// Ended at, µs; none while open (for ever, if the client gave up).
    pub returned_us: Option<u64>,
    /// The client has stopped waiting.
    pub given_up: bool,
    /// As text: "put x 3".
    pub request: alloc::string::String,
    /// The answer as text.
    pub answer: alloc::string::String,
}
