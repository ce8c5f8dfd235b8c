//! What happened before what, on any run of any protocol: Lamport, vector and hybrid stamps of
//! its events, read off the trace. Knows no protocol and holds nothing that decides the future.
//!
//! An event here is a step of a process, in the sense of Lamport 1978: a handler is one atomic
//! step, and its effects leave together when it ends. So what begins it (a start, a receipt, a
//! timer, a word from the disk, an order, a request) and what it does (sendings, named events,
//! answers) have one stamp, and of two events of one step neither is before the other. One step
//! is before the next of its node, and a step that sends is before the one that receives. What
//! the environment does (crashes, cuts, clocks that are moved) is no event of any process and
//! has no stamp. A node is one process for all its life: what it did before a crash counts as
//! known after it, though it may have forgotten; happened-before says what can have influenced
//! what, not what did.
//!
//! Cost: reading is linear in the trace, once, and goes on where it stopped when the trace has
//! grown; 4 bytes an event and 60 a step. Up to `WIDE` nodes each step also keeps its vector
//! (4 bytes a node, 32 MB in all at most); beyond, a vector is made when it is asked for, in time
//! linear in the steps of its past, as are `relation`, `past` and `future` always.

mod relation;

pub use relation::{Hop, Relation};

use crate::clocks::{Hlc, Lamport, VectorClock};
use crate::process::NodeId;
use crate::world::{Clock, Event, EventId, NO_NODE, NONE, Wall, What};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Vectors are kept for runs of at most so many nodes.
pub const WIDE: usize = 32;

/// Vectors are kept while they have at most so many entries in all.
const ENTRIES_MAX: usize = 8_000_000;

/// Which stamps to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampKind {
    /// One number.
    Lamport,
    /// One number a node.
    Vector,
    /// A wall time and a count.
    Hlc,
}

impl StampKind {
    /// The kind of this word.
    pub fn of(word: &str) -> Option<StampKind> {
        match word {
            "lamport" => Some(StampKind::Lamport),
            "vector" => Some(StampKind::Vector),
            "hlc" => Some(StampKind::Hlc),
            _ => None,
        }
    }
}

/// A step of a process.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// What begins it.
    first: EventId,
    /// The last that it does, as far as is known.
    last: EventId,
    /// The sending of the message that it receives, or `NONE`.
    sent: EventId,
    /// Its place among its node's, from 1: its own entry in its vector.
    rank: u32,
    node: NodeId,
    lamport: Lamport,
    /// Its node's wall clock, µs.
    wall_us: u64,
    hlc: Hlc,
}

/// A node while the trace is read.
#[derive(Clone, Debug, Default)]
struct Lane {
    /// Its steps in order.
    steps: Vec<u32>,
    clock: Clock,
    wall: Wall,
}

/// Stamps of all events of a trace. See the file's head.
#[derive(Clone, Debug, Default)]
pub struct Stamps {
    lanes: Vec<Lane>,
    /// In the order in which they begin: a step comes after all that happened before it.
    steps: Vec<Step>,
    /// The step of each event, or `NONE`.
    step_of: Vec<u32>,
    /// Vectors of the first steps, one after the other.
    vectors: Vec<u32>,
}

impl Stamps {
    /// Of a run of so many nodes, servers and clients together.
    pub fn new(nodes: usize) -> Stamps {
        Stamps { lanes: alloc::vec![Lane::default(); nodes], ..Stamps::default() }
    }

    /// Of a whole trace.
    pub fn of(nodes: usize, trace: &[Event]) -> Stamps {
        let mut stamps = Stamps::new(nodes);
        stamps.extend(trace);
        stamps
    }

    /// Reads on: `trace` is what has been read and more.
    pub fn extend(&mut self, trace: &[Event]) {
        for (id, event) in trace.iter().enumerate().skip(self.step_of.len()) {
            let step = self.read(id as EventId, event);
            self.step_of.push(step);
        }
    }

    /// So many events have been read.
    pub fn known(&self) -> usize {
        self.step_of.len()
    }

    /// The step of an event that is being read.
    fn read(&mut self, id: EventId, event: &Event) -> u32 {
        let place = event.node.index();
        if event.node == NO_NODE || place >= self.lanes.len() {
            return NONE;
        }
        match event.what {
            What::Receive => self.begin(id, event, event.cause),
            What::Boot
            | What::Timer
            | What::Durable
            | What::Failed
            | What::Told
            | What::Request => self.begin(id, event, NONE),
            What::Send | What::Mark | What::Answer | What::GiveUp | What::Exit => {
                match self.lanes[place].steps.last() {
                    Some(&step) => {
                        self.steps[step as usize].last = id;
                        step
                    }
                    None => self.begin(id, event, NONE),
                }
            }
            _ => {
                self.set_clock(place, event);
                NONE
            }
        }
    }

    fn begin(&mut self, id: EventId, event: &Event, sent: EventId) -> u32 {
        let lane = &self.lanes[event.node.index()];
        let wall_us = lane.wall.show_us(lane.clock.local_us(event.time_us));
        let before = lane.steps.last().map(|&step| self.steps[step as usize]);
        let sender = self.step_of.get(sent as usize).filter(|&&step| step != NONE);
        let sender = sender.map(|&step| (step, self.steps[step as usize]));
        let (mut lamport, mut hlc) =
            before.map_or((Lamport::new(), Hlc::default()), |step| (step.lamport, step.hlc));
        match &sender {
            Some((_, sender)) => {
                lamport.receive(sender.lamport.now());
                hlc.receive(sender.hlc, wall_us);
            }
            None => {
                lamport.tick();
                hlc.tick(wall_us);
            }
        }
        let step = self.steps.len() as u32;
        let rank = before.map_or(0, |before| before.rank) + 1;
        let sent = if sender.is_some() { sent } else { NONE };
        let node = event.node;
        self.keep_vector(node, rank, sender.map(|(step, _)| step));
        self.lanes[node.index()].steps.push(step);
        self.steps.push(Step { first: id, last: id, sent, rank, node, lamport, wall_us, hlc });
        step
    }

    /// Adds the vector of the next step, while vectors are kept.
    fn keep_vector(&mut self, node: NodeId, rank: u32, sender: Option<u32>) {
        let width = self.lanes.len();
        let from = self.vectors.len();
        if width > WIDE || from != self.steps.len() * width || from + width > ENTRIES_MAX {
            return;
        }
        match self.lanes[node.index()].steps.last() {
            Some(&before) => {
                let before = before as usize * width;
                self.vectors.extend_from_within(before..before + width);
            }
            None => self.vectors.resize(from + width, 0),
        }
        if let Some(sender) = sender {
            let sender = sender as usize * width;
            for place in 0..width {
                let known = self.vectors[sender + place];
                let own = &mut self.vectors[from + place];
                *own = (*own).max(known);
            }
        }
        self.vectors[from + node.index()] = rank;
    }

    /// A clock is moved: the node's clocks are read as its process reads them.
    fn set_clock(&mut self, place: usize, event: &Event) {
        let Lane { clock, wall, .. } = &mut self.lanes[place];
        let time_us = event.time_us;
        let by_us = || (u64::from(event.b) << 32 | u64::from(event.a)) as i64;
        match event.what {
            What::Drift => clock.drift(time_us, event.a as i32),
            What::Suspend if !clock.is_stopped() => clock.stop(time_us),
            What::Resume | What::Crash | What::Kill if clock.is_stopped() => clock.go_on(time_us),
            What::Step => wall.step(by_us()),
            What::Slew => wall.slew(clock.local_us(time_us), by_us(), event.c),
            _ => {}
        }
    }

    fn step(&self, event: EventId) -> Option<&Step> {
        self.steps.get(*self.step_of.get(event as usize)? as usize)
    }

    // ---- stamps ----

    /// Whether an event belongs to a process, and hence has stamps.
    pub fn has(&self, event: EventId) -> bool {
        self.step(event).is_some()
    }

    /// The events of the step that an event belongs to: the first, which begins it, and the
    /// last. Events of other nodes may lie between them.
    pub fn step_of(&self, event: EventId) -> Option<(EventId, EventId)> {
        self.step(event).map(|step| (step.first, step.last))
    }

    /// Its Lamport number. None for what is no event of a process.
    pub fn lamport(&self, event: EventId) -> Option<u64> {
        self.step(event).map(|step| step.lamport.now())
    }

    /// Its hybrid stamp, µs.
    pub fn hlc(&self, event: EventId) -> Option<Hlc> {
        self.step(event).map(|step| step.hlc)
    }

    /// What its node's wall clock shows, µs since midnight.
    pub fn wall_us(&self, event: EventId) -> Option<u64> {
        self.step(event).map(|step| step.wall_us)
    }

    /// Its vector: for each node in order how many of its steps happened before or are this one.
    pub fn counts(&self, event: EventId) -> Option<Vec<u32>> {
        let step = *self.step_of.get(event as usize)?;
        (step != NONE).then(|| self.counts_of(step))
    }

    /// The same as a vector clock.
    pub fn vector(&self, event: EventId) -> Option<VectorClock<NodeId>> {
        let counts = self.counts(event)?.into_iter().enumerate();
        Some(counts.map(|(place, count)| (NodeId(place as u16), u64::from(count))).collect())
    }

    /// As text: `7`; `[1 0 2]`, in the order of the nodes; `10:00:00.012345 +3`.
    pub fn text(&self, event: EventId, kind: StampKind) -> Option<String> {
        match kind {
            StampKind::Lamport => self.lamport(event).map(|number| number.to_string()),
            StampKind::Vector => {
                let counts: Vec<String> =
                    self.counts(event)?.iter().map(ToString::to_string).collect();
                Some(format!("[{}]", counts.join(" ")))
            }
            StampKind::Hlc => {
                let hlc = self.hlc(event)?;
                let wall = wall_text(hlc.wall());
                Some(if hlc.count() == 0 { wall } else { format!("{wall} +{}", hlc.count()) })
            }
        }
    }

    /// The event of a process that stands for any event of the trace: itself; for what befalls a
    /// message its sending; for what befalls a node the last that its process did before. None
    /// for lines, for the network, and before a node's first step.
    pub fn anchor(&self, trace: &[Event], event: EventId) -> Option<EventId> {
        if self.has(event) {
            return Some(event);
        }
        let found = trace.get(event as usize)?;
        if let What::Lost | What::Waits | What::Doubled = found.what {
            return Some(found.cause).filter(|&cause| self.has(cause));
        }
        let steps = &self.lanes.get(found.node.index())?.steps;
        let before = |&step: &u32| self.steps[step as usize].first < event;
        let step = steps.partition_point(before).checked_sub(1)?;
        Some(self.steps[steps[step] as usize].first)
    }
}

/// Microseconds since midnight as a time of day.
pub fn wall_text(wall_us: u64) -> String {
    let (seconds, us) = (wall_us / 1_000_000, wall_us % 1_000_000);
    let (minutes, hours) = (seconds / 60 % 60, seconds / 3_600);
    format!("{hours:02}:{minutes:02}:{:02}.{us:06}", seconds % 60)
}
