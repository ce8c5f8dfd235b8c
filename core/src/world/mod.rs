//! The simulated world: one step after the other, in the order (time, lines before all else,
//! sequence). Knows no protocol; what a process does is behind `Members`.
//!
//! Prefix law: nothing before t depends on a line at or after t.

mod actions;
mod adversary;
mod clock;
mod kernel;
mod members;
mod model;
mod network;
mod protocol;
mod script;
#[cfg(test)]
mod tests;
mod trace;

pub use clock::{Clock, WALL_START_US, Wall};
pub use kernel::{
    DiskState, INBOX_MAX, Input, Kernel, Node, Operation, Pending, Raised, TimerSlot,
};
pub use members::Cast;
pub use model::Model;
pub use network::{Flight, FlightFace, Held, Laws, Links, PlannedFate, Printed};
pub use protocol::{
    Cause, Guard, Judged, MachineOf, Members, Protocol, Seen, Setup, role_at, trusting,
};
pub use script::{Script, WhenLine, Workload, find, raised_by};
pub use trace::{Event, EventId, LineClass, Loss, NO_NODE, NONE, Skip, What, law_code};

use crate::check::Violation;
use crate::declare::{WORLD_EVENTS, same};
use crate::draw::{Purpose, below, draw};
use crate::process::{Face, NodeId, WriteId};
use crate::scenario::ast::{Action, DiskFault, Name};
use crate::view::Status;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Goes up when the same text gives other events, whatever the protocol.
pub const VERSION: u32 = 1;

const fn world_event(name: &str) -> u8 {
    let mut place = 0;
    while place < WORLD_EVENTS.len() {
        if same(WORLD_EVENTS[place].name, name) {
            return place as u8;
        }
        place += 1;
    }
    panic!("not an event of the world");
}

pub(crate) const CRASH: u8 = world_event("crash");
pub(crate) const KILL: u8 = world_event("kill");
pub(crate) const RESTART: u8 = world_event("restart");
pub(crate) const PAUSE: u8 = world_event("pause");
pub(crate) const RESUME: u8 = world_event("resume");
pub(crate) const PARTITION: u8 = world_event("partition");
pub(crate) const CUT: u8 = world_event("cut");
pub(crate) const HEAL: u8 = world_event("heal");
pub(crate) const WIPE: u8 = world_event("wipe");
pub(crate) const SUSPEND: u8 = world_event("suspend");
pub(crate) const SLOW: u8 = world_event("slow");
pub(crate) const DISK: u8 = world_event("disk");
pub(crate) const CLOG: u8 = world_event("clog");
pub(crate) const STEP: u8 = world_event("step");
pub(crate) const SLEW: u8 = world_event("slew");
pub(crate) const DRIFT: u8 = world_event("drift");
pub(crate) const EXIT: u8 = world_event("exit");
pub(crate) const REQUEST: u8 = world_event("request");
pub(crate) const ANSWER: u8 = world_event("answer");
pub(crate) const GIVE_UP: u8 = world_event("give-up");
pub(crate) const LOST: u8 = world_event("lost");
pub(crate) const GST: u8 = world_event("gst");
pub(crate) const CORE: u8 = world_event("core");

/// Triggers may not set off more than this at one instant: a chain of triggers must end.
const TRIGGERS_PER_INSTANT: u32 = 1_000;

/// A world in the middle of a run.
pub struct World {
    /// The part without types.
    pub kernel: Kernel,
    /// The processes.
    pub members: Box<dyn Members>,
    script: Rc<Script>,
    names: Rc<[Name]>,
    /// The links before any line has touched them.
    whole: model::Whole,
    /// Next line with a time.
    at: usize,
    /// Triggers that have fired.
    fired: Vec<bool>,
    /// Operations begun by each workload's ticks.
    ticks: Vec<u64>,
    faces: Vec<(Option<Face>, Status)>,
    violations: Vec<Violation>,
    /// The instant of the last trigger, and how many have gone off at it.
    triggers: (u64, u32),
}

impl World {
    /// A world at time 0, its nodes booted. `logs` are starting disks.
    pub fn new(
        kernel: Kernel,
        members: Box<dyn Members>,
        script: Script,
        names: Rc<[Name]>,
        logs: &[(NodeId, Vec<u64>)],
    ) -> World {
        let nodes = kernel.nodes.len();
        let whole = Rc::new(kernel.links.clone());
        let mut world = World {
            kernel,
            whole,
            members,
            names,
            at: 0,
            fired: alloc::vec![false; script.when.len()],
            ticks: alloc::vec![0; script.workloads.len()],
            faces: alloc::vec![(None, Status::Down); nodes],
            script: Rc::new(script),
            violations: Vec::new(),
            triggers: (0, 0),
        };
        world.plan_fates();
        for (node, terms) in logs {
            world.members.prepare(&mut world.kernel, *node, terms);
        }
        for id in world.kernel.ids() {
            world.start(id);
        }
        for (place, workload) in world.script.clone().workloads.iter().enumerate() {
            let tick = Pending::Tick { workload: place as u16 };
            world.kernel.schedule(workload.every_us, tick);
        }
        world.end_step();
        world
    }

    fn plan_fates(&mut self) {
        let script = self.script.clone();
        for (rank, line) in script.fates.iter().enumerate() {
            if let Some(message) = self.message_key(&line.message) {
                let place = (LineClass::Fate as u8, rank as u32);
                let (from, to, kind, count) = message;
                let used = self.kernel.sent(from, to, kind) >= count;
                self.kernel.fates.push(PlannedFate { message, fate: line.fate, used, line: place });
            }
        }
    }

    /// A copy that goes on exactly as this world would, if its processes can be cloned.
    pub fn copy(&self) -> Option<World> {
        Some(World {
            kernel: self.kernel.clone(),
            members: self.members.copy()?,
            script: self.script.clone(),
            names: self.names.clone(),
            whole: self.whole.clone(),
            at: self.at,
            fired: self.fired.clone(),
            ticks: self.ticks.clone(),
            faces: self.faces.clone(),
            violations: self.violations.clone(),
            triggers: self.triggers,
        })
    }

    /// Takes over from an earlier state of the same run what says the same: a copy of this
    /// world then costs less beside one of that.
    pub fn lean_on(&mut self, earlier: &World) {
        self.kernel.flights.share(&earlier.kernel.flights);
        self.members.lean_on(&*earlier.members);
    }

    /// About how many bytes this world owns that a `later` one of the same run does not share.
    pub fn weight(&self, later: &World) -> usize {
        let lists = size_of_val(&*self.fired)
            + size_of_val(&*self.ticks)
            + size_of_val(&*self.faces)
            + size_of_val(&*self.violations);
        size_of::<World>()
            + lists
            + self.kernel.weight(&later.kernel)
            + self.members.weight(&*later.members)
    }

    /// A node's process, typed: for checks of one's own. None while it is down, or when the
    /// run is of another protocol.
    pub fn process_of<P: Protocol>(&self, node: NodeId) -> Option<&P::Process> {
        self.members.as_any().downcast_ref::<Cast<P>>()?.process(node)
    }

    /// Other lines from now on. Up to now both say the same: lines that only one of them has
    /// have not acted, and neither have those after them in their list.
    pub fn set_script(&mut self, script: Rc<Script>) {
        self.fired.resize(script.when.len(), false);
        self.script = script;
        let by_action = |fate: &PlannedFate| fate.line.0 != LineClass::Fate as u8;
        let planned_later: Vec<_> = self.kernel.fates.drain(..).filter(by_action).collect();
        self.plan_fates();
        self.kernel.fates.extend(planned_later);
    }

    /// The lines.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// The nodes' names.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// Violations so far, the first of each check.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// When the next step is due.
    pub fn next_time(&mut self) -> Option<u64> {
        let line = self.script.at.get(self.at).map(|line| line.time_us);
        match (line, self.kernel.next_time()) {
            (Some(line), Some(entry)) => Some(line.min(entry)),
            (line, entry) => line.or(entry),
        }
    }

    /// Handles the next line or queue entry; false when nothing is left.
    pub fn step(&mut self) -> bool {
        let entry = self.kernel.next_time();
        let line = self.script.at.get(self.at).map(|line| line.time_us);
        self.kernel.cause = NONE;
        match (line, entry) {
            (Some(line_us), entry) if entry.is_none_or(|entry_us| line_us <= entry_us) => {
                self.kernel.now_us = line_us;
                let rank = self.at as u32;
                let action = self.script.at[self.at].action.clone();
                self.at += 1;
                self.act(&action, LineClass::At, rank);
            }
            (_, Some(_)) => {
                if let Some(pending) = self.kernel.take_next() {
                    self.handle_pending(pending);
                }
            }
            _ => return false,
        }
        self.end_step();
        true
    }

    fn end_step(&mut self) {
        self.fire_triggers();
        self.kernel.steps += 1;
        for mut violation in self.members.take_violations() {
            if self.violations.iter().any(|known| known.check == violation.check) {
                continue;
            }
            let node = violation.nodes.first().copied().unwrap_or(NO_NODE);
            let mut event = self.kernel.event(What::Violated, node);
            event.sub = violation.check;
            violation.time_us = self.kernel.now_us;
            violation.event = self.kernel.emit(event);
            self.violations.push(violation);
        }
    }

    fn handle_pending(&mut self, pending: Pending) {
        match pending {
            Pending::Flight { slot, .. } => self.end_flight(slot),
            Pending::Timer { node, slot, generation, .. } => {
                self.arrive(NodeId(node), Input::Timer { slot, generation });
            }
            Pending::Sync { node, .. } => self.end_sync(NodeId(node)),
            Pending::Tick { workload } => self.tick(workload),
            Pending::Wake { node, .. } => self.wake(NodeId(node)),
            Pending::Resume { node, .. } => self.resume(NodeId(node)),
            Pending::Stable => self.stabilise(),
            Pending::Lapse { lapse } => self.end_lapse(lapse),
        }
    }

    fn end_flight(&mut self, slot: u32) {
        if let Some(flight) = self.kernel.flight_mut(slot).map(|flight| *flight)
            && let Some(held) = self.kernel.obstacle(&flight)
            && let Some(flight) = self.kernel.flight_mut(slot)
        {
            flight.held = Some(held);
            let (cause, peer, from) = (flight.face.send, flight.to, flight.from);
            let waits = Event { cause, peer, ..self.kernel.event(What::Waits, from) };
            self.kernel.emit(waits);
            return;
        }
        if self.holds_back(slot) {
            return;
        }
        let Some(flight) = self.kernel.land(slot) else { return };
        let receiver = self.kernel.node(flight.to);
        let loss = match flight.lost {
            Some(why) => Some(why),
            None if receiver.standing() == Status::Down => Some(Loss::Down),
            None if receiver.inbox.len() >= INBOX_MAX => Some(Loss::Full),
            None => None,
        };
        if let Some(why) = loss {
            self.lose(&flight, why);
            return;
        }
        let (from, payload, hash, face) = (flight.from, flight.payload, flight.hash, flight.face);
        self.arrive(flight.to, Input::Message { from, payload, hash, face });
    }

    /// A message will not arrive.
    fn lose(&mut self, flight: &Flight, why: Loss) {
        self.kernel.digest(&(self.kernel.now_us, flight.from, flight.to, why as u8));
        self.kernel.emit_loss(flight, why);
        self.members.free(flight.payload);
    }

    fn end_sync(&mut self, id: NodeId) {
        let disk = &mut self.kernel.node_mut(id).disk;
        let Some(upto) = disk.syncing.take() else { return };
        let input = if disk.has(DiskFault::Fails) || disk.has(DiskFault::Full) {
            // What could not be stored is clean to the system and gone from the medium: a
            // later sync passes over it.
            let lost = disk.durable + 1..=upto;
            disk.holes
                .extend(lost.filter(|record| !disk.holes.contains(record)).collect::<Vec<_>>());
            disk.failed = true;
            Input::Failed(WriteId(disk.durable + 1))
        } else {
            disk.durable = upto;
            if !disk.has(DiskFault::Lies) {
                disk.safe = upto;
                disk.compact();
            }
            Input::Durable(WriteId(upto))
        };
        if self.kernel.node(id).standing() != Status::Down {
            self.arrive(id, input);
        } else if matches!(input, Input::Failed(_)) {
            // The process has died meanwhile and hears nothing of it. The next one finds what
            // is there: not what this sync should have stored.
            let disk = &self.kernel.node(id).disk;
            let keep = disk.written - disk.safe;
            self.members.end(&mut self.kernel, id, keep, false);
        }
        if matches!(input, Input::Durable(_)) {
            self.kernel.start_sync(id);
        }
    }

    fn tick(&mut self, place: u16) {
        let script = self.script.clone();
        let workload = &script.workloads[usize::from(place)];
        self.ticks[usize::from(place)] += 1;
        let count = self.ticks[usize::from(place)];
        let next_us = self.kernel.now_us + workload.every_us;
        self.kernel.schedule(next_us, Pending::Tick { workload: place });
        let client = workload.client;
        if self.members.outstanding(client) > 0 || !self.kernel.node(client).ready() {
            return;
        }
        let key = [self.kernel.node(client).key(), count];
        let drawn = draw(self.kernel.seed, Purpose::Workload, &key);
        let which = below(drawn, workload.operations.len() as u64) as usize;
        if let Some(input) =
            self.members.request(&mut self.kernel, client, &workload.operations[which])
        {
            self.arrive(client, input);
        }
    }

    /// A node gets something to handle: now, or when it can.
    fn arrive(&mut self, id: NodeId, input: Input) {
        let node = self.kernel.node_mut(id);
        if !node.ready() || node.effects_wait || !node.inbox.is_empty() {
            node.inbox.push(input);
            return;
        }
        self.process(id, input);
        self.wake_later(id);
    }

    /// What came while the node was busy is next.
    fn wake_later(&mut self, id: NodeId) {
        let node = self.kernel.node(id);
        if !node.inbox.is_empty() && node.ready() && !node.effects_wait {
            let incarnation = node.incarnation;
            self.kernel.schedule(self.kernel.now_us, Pending::Wake { node: id.0, incarnation });
        }
    }

    /// A node handles one thing.
    fn process(&mut self, id: NodeId, input: Input) {
        let mut event = self.kernel.event(What::Receive, id);
        match input {
            Input::Message { from, face, .. } => {
                event.cause = face.send;
                event.peer = from;
                (event.sub, event.a, event.b) = (face.kind, face.epoch as u32, face.number as u32);
                event.c = face.count;
            }
            Input::Timer { slot, generation } => {
                let timers = &mut self.kernel.node_mut(id).timers;
                let Some(timer) = timers.get_mut(usize::from(slot)) else { return };
                let in_force = generation == kernel::ANY_SETTING || timer.generation == generation;
                if !timer.armed || !in_force {
                    return;
                }
                timer.armed = false;
                (event.what, event.sub) = (What::Timer, slot);
            }
            Input::Durable(upto) => {
                (event.what, event.a) = (What::Durable, upto.0 as u32);
                event.cause = self.kernel.node(id).disk.writers.1.unwrap_or(NONE);
            }
            Input::Failed(from) => (event.what, event.a) = (What::Failed, from.0 as u32),
            Input::Order { place } => {
                let order = self.kernel.orders.get(place as usize).map_or(0, |(order, _)| *order);
                (event.what, event.sub) = (What::Told, order);
            }
            Input::Request { .. } => {}
        }
        self.kernel.cause = match input {
            Input::Request { event, .. } => event,
            _ => self.kernel.emit(event),
        };
        self.kernel.digest(&(self.kernel.now_us, event.what as u8));
        self.members.handle(&mut self.kernel, id, input);
        self.settle(id);
    }

    /// Triggers look at what a handler did; then its effects leave, unless a trigger stopped
    /// the node in between. What a trigger gives this node to handle waits for that: one
    /// handler's effects never mix with another's. On a slow node they leave later.
    fn settle(&mut self, id: NodeId) {
        let node = self.kernel.node_mut(id);
        node.effects_wait = true;
        let incarnation = node.incarnation;
        if !node.parting.is_empty() {
            self.part(id);
            return;
        }
        self.fire_triggers();
        let until_us = self.kernel.now_us + self.kernel.node(id).slow.0;
        let node = self.kernel.node_mut(id);
        if node.incarnation == incarnation && node.status != Status::Down {
            node.busy_until_us = until_us;
        }
        if node.incarnation == incarnation && node.status == Status::Up {
            if node.slow.0 > 0 {
                self.kernel.schedule(until_us, Pending::Wake { node: id.0, incarnation });
            } else {
                self.kernel.node_mut(id).effects_wait = false;
                self.members.release(&mut self.kernel, id);
            }
        }
        self.note_face(id);
    }

    /// A process ends itself: what it did last is not done, what it wrote before survives.
    fn part(&mut self, id: NodeId) {
        self.stop_because(id, What::Exit);
        self.fire_triggers();
    }

    fn wake(&mut self, id: NodeId) {
        let now_us = self.kernel.now_us;
        let node = self.kernel.node_mut(id);
        if node.effects_wait && now_us < node.busy_until_us {
            return;
        }
        if core::mem::take(&mut node.effects_wait) {
            self.members.release(&mut self.kernel, id);
            self.note_face(id);
        } else if !self.kernel.node(id).inbox.is_empty() {
            let input = self.kernel.node_mut(id).inbox.remove(0);
            self.process(id, input);
        }
        self.wake_later(id);
    }

    /// Boots a node.
    fn start(&mut self, id: NodeId) {
        self.kernel.digest(&(self.kernel.now_us, What::Boot as u8, id));
        let node = self.kernel.node_mut(id);
        node.status = Status::Up;
        node.halted = false;
        node.effects_wait = false;
        if let Err(refusal) = self.members.boot(&mut self.kernel, id) {
            self.kernel.node_mut(id).parting = refusal.0;
        }
        self.settle(id);
        self.wake_later(id);
    }

    fn note_face(&mut self, id: NodeId) {
        let status = self.kernel.node(id).standing();
        let face = self.members.face(id).filter(|_| status != Status::Down);
        if self.faces[id.index()] == (face, status) {
            return;
        }
        self.faces[id.index()] = (face, status);
        let shown = face.unwrap_or(Face { state: 0, epoch: 0 });
        let mut event = self.kernel.event(What::Face, id);
        (event.sub, event.a, event.b) = (shown.state, shown.epoch as u32, status as u32);
        self.kernel.emit(event);
    }

    fn fire_triggers(&mut self) {
        while let Some((raised, id)) = take_first(&mut self.kernel.raised) {
            let script = self.script.clone();
            for (rank, line) in script.when.iter().enumerate() {
                let now_us = self.kernel.now_us;
                let due = line.event == raised
                    && line.of.is_none_or(|of| of == id)
                    && line.by_us.is_none_or(|by_us| now_us <= by_us)
                    && (line.again || !self.fired[rank]);
                if self.triggers.0 != now_us {
                    self.triggers = (now_us, 0);
                }
                if due && self.triggers.1 < TRIGGERS_PER_INSTANT {
                    self.triggers.1 += 1;
                    self.fired[rank] = true;
                    let cause = self.kernel.cause;
                    self.act(&line.action, LineClass::When, rank as u32);
                    self.kernel.cause = cause;
                }
            }
        }
    }

    /// What an action writes into the trace about the line it stands in.
    fn act(&mut self, action: &Action, class: LineClass, rank: u32) {
        let mut event = self.kernel.event(What::Line, NO_NODE);
        (event.sub, event.a) = (class as u8, rank);
        self.kernel.cause = self.kernel.emit(event);
        if let Err((why, node)) = self.execute(action, class, rank) {
            let mut event = self.kernel.event(What::Skipped, node.unwrap_or(NO_NODE));
            (event.sub, event.a, event.b) = (class as u8, rank, why as u32);
            self.kernel.emit(event);
        }
    }
}

fn take_first<T>(items: &mut Vec<T>) -> Option<T> {
    if items.is_empty() { None } else { Some(items.remove(0)) }
}
