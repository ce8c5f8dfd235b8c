//! The part of the world that knows no protocol: queue, clocks, links, disks' progress,
//! inboxes, trace, digest. Payloads are handles. Everything that decides the future of a
//! run, except the processes themselves, is here, and can be cloned.

use super::clock::{Clock, Wall};
use super::model::Model;
use super::network::{Flight, FlightFace, Links, PlannedFate};
use super::trace::{Event, EventId, NO_NODE, NONE, What};
use crate::chunks::Chunked;
use crate::draw::{Purpose, StableHasher, below, between, chance, draw};
use crate::process::{NodeId, RequestId, Role, WriteId};
use crate::scenario::ast::{Adversary, DiskFault, Name, Range};
use crate::view::Status;
use alloc::collections::BinaryHeap;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};
use core::hash::{Hash, Hasher};
use litemap::LiteMap;

/// A paused node keeps at most so many things waiting; what comes then is lost.
pub const INBOX_MAX: usize = 4_096;

/// The first setting of a timer has number 1.
pub const ANY_SETTING: u32 = 0;

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
        /// Counts how often it was set; `ANY_SETTING` for whichever is in force then.
        generation: u32,
    },
    /// Synced up to here.
    Durable(WriteId),
    /// A sync failed, from this record on.
    Failed(WriteId),
    /// An operator's order.
    Order {
        /// Its place in `Kernel::orders`.
        place: u32,
    },
    /// The workload's request.
    Request {
        /// Its place in the history.
        place: u32,
        /// The event of its beginning.
        event: EventId,
    },
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiskState {
    /// Records written.
    pub written: u64,
    /// Records synced, as far as the disk says.
    pub durable: u64,
    /// Records that are really on the medium: fewer than `durable` after a sync that lied.
    pub safe: u64,
    /// What is wrong with it, each with the lapse that ends it (see `Kernel::lapse`).
    pub faults: Vec<(DiskFault, u32)>,
    /// Records up to this one are gone: a later one made them needless.
    pub compacted: u64,
    /// Compactions that wait for a record to reach the medium: (that record, up to which).
    pub compactions: Vec<(u64, u64)>,
    /// Records that no longer match their checksum.
    pub rotten: Vec<u64>,
    /// Records that a failed sync should have stored: gone when the process is.
    pub holes: Vec<u64>,
    /// The process has not heard of the last sync's failure: nobody starts another before.
    pub failed: bool,
    /// A sync is on its way up to this record.
    pub syncing: Option<u64>,
    /// Syncs that a crash has called off carry an older number.
    pub session: u32,
    /// The events in which the last record was written, and the last of those that are being
    /// synced: what a sync goes back to.
    pub writers: (Option<EventId>, Option<EventId>),
}

impl DiskState {
    /// The parameter of a fault in force.
    pub fn fault(&self, wanted: impl Fn(&DiskFault) -> bool) -> Option<DiskFault> {
        self.faults.iter().map(|(fault, _)| *fault).find(wanted)
    }

    /// Whether this fault is in force.
    pub fn has(&self, fault: DiskFault) -> bool {
        self.fault(|known| *known == fault).is_some()
    }

    /// What waited for records that are on the medium now: the old ones go.
    pub fn compact(&mut self) {
        let safe = self.safe;
        for (_, upto) in self.compactions.extract_if(.., |(at, _)| *at <= safe) {
            self.compacted = self.compacted.max(upto);
        }
        let compacted = self.compacted;
        self.rotten.retain(|&record| record > compacted);
        self.holes.retain(|&record| record > compacted);
    }

    /// Whether a record has reached the medium. It may rot there afterwards: its checksum then
    /// keeps a careful process from starting without it.
    pub fn holds(&self, record: u64) -> bool {
        record <= self.safe && !self.holes.contains(&record)
    }
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
    /// Its wall clock.
    pub wall: Wall,
    /// Handling one thing takes so long, µs, until this lapse ends it.
    pub slow: (u64, u32),
    /// Until when it is busy with what it handled last, µs.
    pub busy_until_us: u64,
    /// Why its process has ended itself; empty when it has not.
    pub parting: &'static str,
    /// What waits while it is paused or its effects wait.
    pub inbox: Vec<Input>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// The global stabilisation time.
    Stable,
    /// Something that a line did for a span of time is over, if it is still that.
    Lapse {
        /// Which.
        lapse: u32,
    },
}

/// No two have the same sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    time_us: u64,
    sequence: u64,
    pending: Pending,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time_us, self.sequence).cmp(&(other.time_us, other.sequence))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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
    /// And so many after those are services.
    pub services: u16,
    /// Links.
    pub links: Links,
    /// How long a sync takes, µs.
    pub sync_us: Range,
    /// What the system promises.
    pub model: Model,
    /// Who holds back what would decide something.
    pub adversary: Adversary,
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
    /// Orders that servers have been given or have waiting: which, and its arguments.
    pub orders: Vec<(u8, Rc<[u64]>)>,
    /// Spans of time that lines have begun: slowness, faults of disks, clogs. 0 has no end.
    lapses: u32,
    digest: StableHasher,
    sequence: u64,
    queue: BinaryHeap<Reverse<Entry>>,
    pub(super) flights: Chunked<Option<Flight>>,
    pub(super) free: Chunked<u32>,
    /// Messages sent and their bytes, by link and kind.
    pub(super) counts: LiteMap<(u16, u16, u8), (u32, u64)>,
    /// For each link the last instant at which it was used, and how often in that µs.
    pub(super) bursts: LiteMap<(u16, u16), (u64, u64)>,
    /// When a link of limited bandwidth has put its last message on its way, µs.
    pub(super) busy_until: LiteMap<(u16, u16), u64>,
}

impl Kernel {
    /// A world at rest at time 0.
    pub fn new(seed: u64, nodes: Vec<Node>, servers: u16, links: Links, sync_us: Range) -> Kernel {
        Kernel {
            seed,
            now_us: 0,
            nodes,
            servers,
            services: 0,
            links,
            sync_us,
            model: Model::default(),
            adversary: Adversary::Off,
            fates: Vec::new(),
            cause: NONE,
            events: 0,
            steps: 0,
            out: Vec::new(),
            raised: Vec::new(),
            lapses: 0,
            digest: StableHasher::default(),
            sequence: 0,
            queue: BinaryHeap::new(),
            orders: Vec::new(),
            flights: Chunked::default(),
            free: Chunked::default(),
            counts: LiteMap::new(),
            bursts: LiteMap::new(),
            busy_until: LiteMap::new(),
        }
    }

    /// Whether this node is a client.
    pub fn is_client(&self, id: NodeId) -> bool {
        id.0 >= self.servers + self.services
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

    /// About how many bytes it owns that a `later` state of the same run does not share.
    pub fn weight(&self, later: &Kernel) -> usize {
        let of_node = |node: &Node| {
            let disk = &node.disk;
            size_of_val(&*node.inbox)
                + size_of_val(&*node.timers)
                + size_of_val(&*disk.faults)
                + size_of_val(&*disk.rotten)
                + size_of_val(&*disk.holes)
        };
        size_of_val(&*self.nodes)
            + self.nodes.iter().map(of_node).sum::<usize>()
            + self.links.weight()
            + size_of_val(&*self.fates)
            + size_of_val(&*self.out)
            + size_of_val(&*self.raised)
            + size_of_val(self.queue.as_slice())
            + self.flights.weight(Some(&later.flights), |_| 0)
            + self.free.weight(Some(&later.free), |_| 0)
            + self.counts.len() * size_of::<((u16, u16, u8), (u32, u64))>()
            + self.bursts.len() * size_of::<((u16, u16), (u64, u64))>()
            + self.busy_until.len() * size_of::<((u16, u16), u64)>()
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

    /// Records a given event.
    pub fn emit(&mut self, event: Event) -> EventId {
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
            Pending::Flight { slot, send } => self
                .flight(slot)
                .is_some_and(|f| f.face.send == send && f.until_us == time_us && f.held.is_none()),
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
            Pending::Tick { .. } | Pending::Stable | Pending::Lapse { .. } => true,
        }
    }

    /// A span of time begins; what ends it carries this number. 0 for one without an end.
    pub fn lapse(&mut self, span_us: Option<u64>) -> u32 {
        let Some(span_us) = span_us else { return 0 };
        self.lapses += 1;
        let lapse = self.lapses;
        self.schedule(self.now_us.saturating_add(span_us), Pending::Lapse { lapse });
        lapse
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
        if due_us == u64::MAX {
            return;
        }
        let incarnation = node.incarnation;
        let generation = timer.generation;
        self.schedule(due_us, Pending::Timer { node: id.0, slot, generation, incarnation });
    }

    /// Another clock rate from now on; its timers are due anew.
    pub fn drift(&mut self, id: NodeId, ppm: i32) {
        let now_us = self.now_us;
        self.node_mut(id).clock.drift(now_us, ppm);
        self.key_timers(id);
    }

    /// The clock stands from now on, or goes on; its timers are due anew.
    pub fn stand(&mut self, id: NodeId, stands: bool) {
        let now_us = self.now_us;
        let clock = &mut self.node_mut(id).clock;
        if clock.is_stopped() == stands {
            return;
        }
        if stands {
            clock.stop(now_us);
        } else {
            clock.go_on(now_us);
        }
        self.key_timers(id);
    }

    /// The wall clock is led by so much at `ppm`, or without a rate jumps; gives the event that
    /// says so, which is not recorded yet.
    pub fn move_wall(&mut self, id: NodeId, by_us: i64, ppm: Option<u32>) -> Event {
        let now_us = self.now_us;
        let node = self.node_mut(id);
        let what = match ppm {
            None => {
                node.wall.step(by_us);
                What::Step
            }
            Some(ppm) => {
                node.wall.slew(node.clock.local_us(now_us), by_us, ppm);
                What::Slew
            }
        };
        let (a, b) = (by_us as u32, (by_us >> 32) as u32);
        Event { a, b, c: ppm.unwrap_or(0), ..self.event(what, id) }
    }

    /// A process moves its own node's wall clock. The end of a slew that is over is no event.
    pub fn set_wall(&mut self, id: NodeId, by_us: i64, ppm: Option<u32>) {
        let node = self.node(id);
        let is_led = node.wall.left_us(node.clock.local_us(self.now_us)) != 0;
        if by_us == 0 && !(ppm.is_some() && is_led) {
            return;
        }
        let event = self.move_wall(id, by_us, ppm);
        self.emit(event);
        let raised = if ppm.is_some() { super::SLEW } else { super::STEP };
        self.raised.push((Raised::World(raised), id));
    }

    fn key_timers(&mut self, id: NodeId) {
        let node = self.node(id);
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
        let disk = &node.disk;
        if disk.syncing.is_some() || disk.failed || disk.written == disk.durable {
            return;
        }
        let upto = node.disk.written;
        let key = [node.key(), upto, u64::from(node.disk.session)];
        let span_us = between(draw(self.seed, Purpose::Sync, &key), range.low, range.high);
        let session = node.disk.session;
        let slow = node.disk.fault(|fault| matches!(fault, DiskFault::Slow(_)));
        let slow_us = slow.map_or(0, |fault| if let DiskFault::Slow(us) = fault { us } else { 0 });
        let span_us = span_us + slow_us;
        let disk = &mut self.node_mut(id).disk;
        disk.syncing = Some(upto);
        disk.writers.1 = disk.writers.0;
        self.schedule(self.now_us + span_us, Pending::Sync { node: id.0, session });
    }

    /// How many of the unsynced records survive a power cut, and whether the next is torn.
    pub fn draw_survivors(&self, id: NodeId) -> (u64, bool) {
        let node = self.node(id);
        let loose = node.disk.written - node.disk.safe;
        if loose > 0 && node.disk.has(DiskFault::Tears) {
            return (loose - 1, true);
        }
        let key = [node.key(), self.now_us, node.disk.written];
        let first = draw(self.seed, Purpose::Survival, &key);
        let kept = below(first, loose + 1);
        let torn = kept < loose && chance(crate::draw::mix(first), 500_000);
        (kept, torn)
    }
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
