//! What a line does to the world: faults, their ends, requests, fates of single messages.
//! Never draws from a stream, never looks ahead.

use super::kernel::ANY_SETTING;
use super::trace::{disk_code, law_code};
use super::{
    CLOG, CRASH, CUT, DISK, DRIFT, EXIT, HEAL, Held, Input, KILL, LineClass, Loss, PARTITION,
    PAUSE, Pending, PlannedFate, RESTART, RESUME, Raised, SLEW, SLOW, STEP, SUSPEND, Skip, WIPE,
    What, World, find,
};
use crate::declare::Family;
use crate::draw::{Purpose, below, draw};
use crate::process::NodeId;
use crate::quorum::majority;
use crate::scenario::ast::{
    Action, DiskFault, Fate, Law, Link, MessageName, Name, OrderCall, OrderWord, Selector,
};
use crate::view::Status;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Why a line has no effect, and whom that is about.
pub type Skipped = (Skip, Option<NodeId>);

type Done = Result<(), Skipped>;

impl World {
    /// Does one action.
    pub(super) fn execute(&mut self, action: &Action, class: LineClass, rank: u32) -> Done {
        let place = (class, rank);
        self.permitted(action)?;
        match action {
            Action::Crash(who) => self.each(who, place, |world, id| world.stop(id, What::Crash)),
            Action::Kill(who) => self.each(who, place, |world, id| world.stop(id, What::Kill)),
            Action::Wipe(who) => self.each(who, place, World::wipe),
            Action::Restart(who) => self.each(who, place, World::restart),
            Action::Pause(who, span_us) => {
                self.each(who, place, |world, id| world.pause(id, *span_us, false))
            }
            Action::Suspend(who, span_us) => {
                self.each(who, place, |world, id| world.pause(id, *span_us, true))
            }
            Action::Slow(who, by_us, span_us) => {
                self.each(who, place, |world, id| world.slow(id, *by_us, *span_us))
            }
            Action::Disk(who, fault, span_us) => {
                self.each(who, place, |world, id| world.harm_disk(id, *fault, *span_us))
            }
            Action::Step(who, by_us) => self.each(who, place, |world, id| {
                let event = world.kernel.move_wall(id, *by_us, None);
                world.fault(event, Some(STEP));
                Ok(())
            }),
            Action::Slew(who, by_us, ppm) => self.each(who, place, |world, id| {
                let event = world.kernel.move_wall(id, *by_us, Some(*ppm));
                world.fault(event, Some(SLEW));
                Ok(())
            }),
            Action::Resume(who) => self.each(who, place, World::end_pause),
            Action::Timeout(who) => self.each(who, place, World::run_out),
            Action::Adversary(adversary) => self.set_adversary(*adversary),
            Action::Tell(who, order) => self.tell(who, order, place),
            Action::Drift(who, ppm) => self.each(who, place, |world, id| {
                world.drift(id, *ppm);
                Ok(())
            }),
            Action::Network(link, law) => self.set_law(*link, *law),
            Action::Clog { a, b, both, span_us } => self.clog(*a, *b, *both, *span_us),
            Action::Cut { a, b, both } => self.cut(*a, *b, *both),
            Action::Heal(link) => self.heal(*link),
            Action::HealCore => self.heal_core(place),
            Action::Partition(groups) => self.partition(groups, place),
            Action::Request(client, call) => {
                let id = find(self.names(), *client).ok_or((Skip::Nobody, None))?;
                if self.kernel.node(id).standing() == Status::Down {
                    return Err((Skip::IsDown, Some(id)));
                }
                if let Some(input) = self.members.request(&mut self.kernel, id, call) {
                    self.arrive(id, input);
                }
                Ok(())
            }
            Action::Fate(fate, message) => self.befall(*fate, message, place),
            Action::Deliver(message) => self.deliver(message),
            Action::Say(..) => Ok(()),
        }
    }

    /// The nodes that a selector means now, in order.
    pub fn select(&self, who: &Selector, place: (LineClass, u32)) -> Vec<NodeId> {
        let servers = (0..self.kernel.servers).map(NodeId);
        let is_up = |id: &NodeId| self.kernel.node(*id).standing() != Status::Down;
        let leads = |id: &NodeId| {
            let face = self.members.face(*id).filter(|_| is_up(id));
            face.filter(|face| self.family(face.state) == Family::Leads)
        };
        // The highest epoch; of several the lowest id.
        let epoch = |id: &NodeId| leads(id).map(|face| (face.epoch, core::cmp::Reverse(*id)));
        let leader = servers.clone().filter(|id| leads(id).is_some()).max_by_key(epoch);
        match who {
            Selector::Names(names) => {
                names.iter().filter_map(|&name| find(self.names(), name)).collect()
            }
            Selector::Leader => leader.into_iter().collect(),
            Selector::OldLeader => {
                servers.filter(|id| leads(id).is_some() && Some(*id) != leader).collect()
            }
            Selector::Follower => {
                servers.filter(is_up).filter(|id| leads(id).is_none()).take(1).collect()
            }
            Selector::Majority => {
                servers.take(usize::from(majority(self.kernel.servers))).collect()
            }
            Selector::Random => {
                let up: Vec<NodeId> = servers.filter(is_up).collect();
                let key = [self.kernel.now_us, place.0 as u64, self.rank_of(place)];
                let drawn = draw(self.kernel.seed, Purpose::Selector, &key);
                up.get(below(drawn, up.len() as u64) as usize).copied().into_iter().collect()
            }
            Selector::All => servers.collect(),
        }
    }

    /// Servers hear an order; one that is down does not.
    fn tell(&mut self, who: &Selector, call: &OrderCall, place: (LineClass, u32)) -> Done {
        let declared = self.members.declaration().orders;
        let order = declared.iter().position(|order| order.name == call.name);
        let order = order.ok_or((Skip::Nobody, None))? as u8;
        let names = self.names.clone();
        let value = |word: &OrderWord| match word {
            OrderWord::Number(number) => Some(*number),
            OrderWord::Node(name) => find(&names, *name).map(|id| u64::from(id.0)),
        };
        let arguments: Option<Rc<[u64]>> = call.arguments.iter().map(value).collect();
        let arguments = arguments.ok_or((Skip::Nobody, None))?;
        self.each(who, place, |world, id| {
            if world.kernel.node(id).standing() == Status::Down {
                return Err((Skip::IsDown, Some(id)));
            }
            let input = Input::Order { place: world.kernel.orders.len() as u32 };
            world.kernel.orders.push((order, arguments.clone()));
            world.arrive(id, input);
            Ok(())
        })
    }

    /// A line's rank among those that act at its time: lines elsewhere do not move it.
    fn rank_of(&self, (class, rank): (LineClass, u32)) -> u64 {
        if class != LineClass::At {
            return u64::from(rank);
        }
        let before = self.script.at.iter().take(rank as usize).rev();
        before.take_while(|line| line.time_us == self.kernel.now_us).count() as u64
    }

    /// How a state is drawn.
    pub fn family(&self, state: u8) -> Family {
        self.members.declaration().states[usize::from(state)].family
    }

    /// Does something to each selected node; without effect only if it is so for all of them.
    fn each(
        &mut self,
        who: &Selector,
        place: (LineClass, u32),
        mut action: impl FnMut(&mut World, NodeId) -> Done,
    ) -> Done {
        let mut result = Err((Skip::Nobody, None));
        let cause = self.kernel.cause;
        for id in self.select(who, place) {
            // The line is the cause at each node, not what it did at the one before.
            self.kernel.cause = cause;
            let done = action(self, id);
            if result.is_err() {
                result = done;
            }
        }
        result
    }

    /// Records a fault: digest, trace, and the event that triggers may wait for.
    fn fault(&mut self, event: super::Event, raised: Option<u8>) {
        self.kernel.digest(&(event.time_us, event.what as u8, event.node, event.peer, event.a));
        self.kernel.emit(event);
        if let Some(world_event) = raised {
            self.kernel.raised.push((Raised::World(world_event), event.node));
        }
        if event.node != super::NO_NODE {
            self.note_face(event.node);
        }
    }

    /// Power cut or process death.
    fn stop(&mut self, id: NodeId, what: What) -> Done {
        if self.kernel.node(id).status == Status::Down {
            return Err((Skip::IsDown, Some(id)));
        }
        self.stop_because(id, what);
        Ok(())
    }

    /// A node that is up goes down.
    pub(super) fn stop_because(&mut self, id: NodeId, what: What) {
        let loose = self.kernel.node(id).disk.written - self.kernel.node(id).disk.safe;
        let crash = what == What::Crash;
        let (keep, torn) = if crash { self.kernel.draw_survivors(id) } else { (loose, false) };
        let node = self.kernel.node_mut(id);
        node.status = Status::Down;
        node.halted = false;
        node.effects_wait = false;
        if crash {
            node.disk.syncing = None;
            node.disk.session += 1;
        }
        let refused = what == What::Exit && self.members.face(id).is_none();
        self.kernel.stand(id, false);
        self.members.end(&mut self.kernel, id, keep, torn);
        let raised = match what {
            What::Crash => CRASH,
            What::Exit => EXIT,
            _ => KILL,
        };
        let event = super::Event { sub: u8::from(refused), ..self.kernel.event(what, id) };
        self.fault(event, Some(raised));
    }

    /// A node's clocks run at another rate.
    pub(super) fn drift(&mut self, id: NodeId, ppm: i32) {
        self.kernel.drift(id, ppm);
        let event = self.kernel.event(What::Drift, id);
        self.fault(super::Event { a: ppm as u32, ..event }, Some(DRIFT));
    }

    /// The disk is gone, and with it a process that runs.
    fn wipe(&mut self, id: NodeId) -> Done {
        if self.kernel.node(id).status != Status::Down {
            self.stop_because(id, What::Kill);
        }
        let disk = &mut self.kernel.node_mut(id).disk;
        let (session, faults) = (disk.session + 1, core::mem::take(&mut disk.faults));
        *disk = super::DiskState { session, faults, ..super::DiskState::default() };
        self.members.wipe(id);
        self.fault(self.kernel.event(What::Wipe, id), Some(WIPE));
        Ok(())
    }

    pub(super) fn slow(&mut self, id: NodeId, by_us: u64, span_us: Option<u64>) -> Done {
        if by_us == 0 && self.kernel.node(id).slow.0 == 0 {
            return Err((Skip::IsSo, Some(id)));
        }
        let lapse = self.kernel.lapse(span_us);
        self.kernel.node_mut(id).slow = (by_us, lapse);
        let event = self.kernel.event(What::Slow, id);
        self.fault(super::Event { a: by_us as u32, ..event }, Some(SLOW));
        Ok(())
    }

    pub(super) fn harm_disk(&mut self, id: NodeId, fault: DiskFault, span_us: Option<u64>) -> Done {
        match fault {
            DiskFault::Sound => {
                if self.kernel.node(id).disk.faults.is_empty() {
                    return Err((Skip::IsSound, Some(id)));
                }
                self.mend_disk(id, |_| true);
            }
            DiskFault::Corrupts(record) => {
                let disk = &mut self.kernel.node_mut(id).disk;
                let record = if record == 0 { disk.safe } else { record };
                if record <= disk.compacted || record > disk.safe {
                    return Err((Skip::NoRecord, Some(id)));
                }
                if disk.rotten.contains(&record) {
                    return Err((Skip::IsSo, Some(id)));
                }
                disk.rotten.push(record);
            }
            fault => {
                let lapse = self.kernel.lapse(span_us);
                let same = core::mem::discriminant(&fault);
                let faults = &mut self.kernel.node_mut(id).disk.faults;
                faults.retain(|(known, _)| core::mem::discriminant(known) != same);
                faults.push((fault, lapse));
            }
        }
        self.disk_event(id, fault, true);
        Ok(())
    }

    fn disk_event(&mut self, id: NodeId, fault: DiskFault, begins: bool) {
        let (sub, a) = disk_code(fault);
        let event = self.kernel.event(What::Disk, id);
        self.fault(super::Event { sub, a, b: u32::from(begins), ..event }, Some(DISK));
    }

    /// These faults of a disk are over. One that lied empties its cache to the medium.
    fn mend_disk(&mut self, id: NodeId, over: impl Fn(&(DiskFault, u32)) -> bool) {
        let disk = &mut self.kernel.node_mut(id).disk;
        let lied = disk.has(DiskFault::Lies);
        disk.faults.retain(|known| !over(known));
        if lied && !disk.has(DiskFault::Lies) {
            disk.safe = disk.durable;
            disk.compact();
        }
        if self.kernel.node(id).standing() != Status::Down {
            self.kernel.start_sync(id);
        }
    }

    /// A span of time is over: what it was for ends, unless something newer took its place.
    pub(super) fn end_lapse(&mut self, lapse: u32) {
        for id in self.kernel.ids() {
            if self.kernel.node(id).slow == (self.kernel.node(id).slow.0, lapse) {
                self.kernel.node_mut(id).slow = (0, 0);
                self.fault(self.kernel.event(What::Slow, id), Some(SLOW));
            }
            let of = |known: &&(DiskFault, u32)| known.1 == lapse;
            if let Some(&(fault, _)) = self.kernel.node(id).disk.faults.iter().find(of) {
                self.mend_disk(id, |known| known.1 == lapse);
                self.disk_event(id, fault, false);
            }
        }
        self.unclog(|clog| clog.2 == lapse);
    }

    pub(super) fn restart(&mut self, id: NodeId) -> Done {
        if self.kernel.node(id).standing() != Status::Down {
            return Err((Skip::IsUp, Some(id)));
        }
        if self.kernel.node(id).halted {
            // The process that halted goes now, and loses nothing that it wrote.
            let disk = &self.kernel.node(id).disk;
            let keep = disk.written - disk.safe;
            self.members.end(&mut self.kernel, id, keep, false);
        }
        self.fault(self.kernel.event(What::Restart, id), Some(RESTART));
        self.start(id);
        Ok(())
    }

    /// The process stops; with `suspend` the machine, and its clocks.
    fn pause(&mut self, id: NodeId, span_us: Option<u64>, suspend: bool) -> Done {
        let node = self.kernel.node_mut(id);
        match node.standing() {
            Status::Down => return Err((Skip::IsDown, Some(id))),
            Status::Paused => return Err((Skip::IsPaused, Some(id))),
            Status::Up => node.status = Status::Paused,
        }
        node.pauses += 1;
        let pauses = node.pauses;
        if let Some(span_us) = span_us {
            let until_us = self.kernel.now_us + span_us;
            self.kernel.schedule(until_us, Pending::Resume { node: id.0, pauses });
        }
        if suspend {
            self.kernel.stand(id, true);
            self.fault(self.kernel.event(What::Suspend, id), Some(SUSPEND));
        } else {
            self.fault(self.kernel.event(What::Pause, id), Some(PAUSE));
        }
        Ok(())
    }

    pub(super) fn end_pause(&mut self, id: NodeId) -> Done {
        if self.kernel.node(id).status != Status::Paused {
            return Err((Skip::NotPaused, Some(id)));
        }
        self.resume(id);
        Ok(())
    }

    /// A paused node goes on, with what waited for it first.
    pub(super) fn resume(&mut self, id: NodeId) {
        let node = self.kernel.node_mut(id);
        node.status = Status::Up;
        let waits = node.effects_wait || !node.inbox.is_empty();
        let (incarnation, busy_until_us) = (node.incarnation, node.busy_until_us);
        self.kernel.stand(id, false);
        self.fault(self.kernel.event(What::Resume, id), Some(RESUME));
        if waits {
            let wake_us = self.kernel.now_us.max(busy_until_us);
            self.kernel.schedule(wake_us, Pending::Wake { node: id.0, incarnation });
        }
    }

    fn run_out(&mut self, id: NodeId) -> Done {
        let none = (Skip::NoTimer, Some(id));
        if self.kernel.node(id).standing() == Status::Down {
            return Err((Skip::IsDown, Some(id)));
        }
        let slot = self.members.patience(id).ok_or(none)?;
        let timer = self.kernel.node(id).timers.get(usize::from(slot)).copied().ok_or(none)?;
        if !timer.armed {
            return Err(none);
        }
        // A handler whose effects wait may have set the timer anew: then it is that setting
        // that runs out, when they have left.
        let waits = self.kernel.node(id).effects_wait;
        let generation = if waits { ANY_SETTING } else { timer.generation };
        self.arrive(id, Input::Timer { slot, generation });
        Ok(())
    }

    fn cut(&mut self, a: Name, b: Name, both: bool) -> Done {
        let (Some(a), Some(b)) = (find(self.names(), a), find(self.names(), b)) else {
            return Err((Skip::Nobody, None));
        };
        let mut new = self.kernel.links.cut(a, b);
        if both {
            new |= self.kernel.links.cut(b, a);
        }
        if !new {
            return Err((Skip::IsCut, Some(a)));
        }
        let event = super::Event { peer: b, a: u32::from(both), ..self.kernel.event(What::Cut, a) };
        self.fault(event, Some(CUT));
        self.lose_what_is_cut();
        Ok(())
    }

    /// Another law of the network, for what is sent from now on.
    fn set_law(&mut self, link: Option<Link>, law: Law) -> Done {
        let (sub, a) = law_code(law);
        let mut event = super::Event { sub, a, ..self.kernel.event(What::Law, super::NO_NODE) };
        let ends = match link {
            None => None,
            Some(link) => {
                let ends = (find(self.names(), link.from), find(self.names(), link.to));
                let (Some(from), Some(to)) = ends else { return Err((Skip::Nobody, None)) };
                (event.node, event.peer) = (from, to);
                Some((from, to))
            }
        };
        self.kernel.links.set(ends, law);
        self.kernel.digest(&law);
        self.fault(event, None);
        Ok(())
    }

    fn clog(&mut self, a: Name, b: Name, both: bool, span_us: Option<u64>) -> Done {
        let (Some(a), Some(b)) = (find(self.names(), a), find(self.names(), b)) else {
            return Err((Skip::Nobody, None));
        };
        let lapse = self.kernel.lapse(span_us);
        let ways = [(a, b), (b, a)];
        for &(from, to) in ways.iter().take(1 + usize::from(both)) {
            let clogs = &mut self.kernel.links.clogs;
            clogs.retain(|clog| (clog.0, clog.1) != (from.0, to.0));
            clogs.push((from.0, to.0, lapse));
            let event = self.kernel.event(What::Clog, from);
            self.fault(super::Event { peer: to, a: 1, ..event }, Some(CLOG));
        }
        Ok(())
    }

    /// Clogs end, and what waited goes on; whether there were any.
    pub(super) fn unclog(&mut self, over: impl Fn(&(u16, u16, u32)) -> bool) -> bool {
        let clogs = &mut self.kernel.links.clogs;
        let ended: Vec<(u16, u16, u32)> = clogs.iter().filter(|clog| over(clog)).copied().collect();
        clogs.retain(|clog| !over(clog));
        for &(from, to, _) in &ended {
            let event = self.kernel.event(What::Clog, NodeId(from));
            self.fault(super::Event { peer: NodeId(to), ..event }, Some(CLOG));
            self.kernel.let_go(|flight| {
                (flight.from.0, flight.to.0) == (from, to) && flight.held == Some(Held::ByClog)
            });
        }
        !ended.is_empty()
    }

    /// Ends cuts, partition and clogs: all, or those of one link.
    fn heal(&mut self, link: Option<(Name, Name)>) -> Done {
        let links = &mut self.kernel.links;
        let healed = match link {
            None => {
                let was_whole = links.cuts.is_empty() && links.groups.is_empty();
                links.cuts.clear();
                links.groups.clear();
                self.unclog(|_| true) || !was_whole
            }
            Some((a, b)) => {
                let (Some(a), Some(b)) = (find(&self.names, a), find(&self.names, b)) else {
                    return Err((Skip::Nobody, None));
                };
                let before = links.cuts.len();
                links.cuts.retain(|&cut| cut != (a.0, b.0) && cut != (b.0, a.0));
                let fewer = links.cuts.len() < before;
                let there = |clog: &(u16, u16, u32)| {
                    (clog.0, clog.1) == (a.0, b.0) || (clog.0, clog.1) == (b.0, a.0)
                };
                self.unclog(there) || fewer
            }
        };
        if !healed {
            return Err((Skip::Whole, None));
        }
        self.fault(self.kernel.event(What::Heal, super::NO_NODE), Some(HEAL));
        Ok(())
    }

    fn partition(&mut self, groups: &[Selector], place: (LineClass, u32)) -> Done {
        let mut group_of = alloc::vec![0u16; self.kernel.nodes.len()];
        for (rank, who) in groups.iter().enumerate() {
            for id in self.select(who, place) {
                if group_of[id.index()] == 0 {
                    group_of[id.index()] = rank as u16 + 1;
                }
            }
        }
        for group in &mut group_of[..usize::from(self.kernel.servers)] {
            if *group == 0 {
                *group = groups.len() as u16;
            }
        }
        let mut named = group_of.iter().filter(|&&group| group != 0);
        let first = named.next();
        if named.all(|group| Some(group) == first) || self.kernel.links.groups == group_of {
            return Err((Skip::NotDivided, None));
        }
        self.kernel.digest(&group_of);
        self.kernel.links.groups = group_of;
        self.fault(self.kernel.event(What::Partition, super::NO_NODE), Some(PARTITION));
        self.lose_what_is_cut();
        Ok(())
    }

    /// A cut kills what is in flight on the link.
    pub(super) fn lose_what_is_cut(&mut self) {
        let links = &self.kernel.links;
        let severed = self.kernel.find_flights(|flight| !links.connected(flight.from, flight.to));
        for slot in severed {
            if let Some(flight) = self.kernel.land(slot) {
                self.lose(&flight, Loss::Cut);
            }
        }
    }

    /// Link, kind and count of a named message.
    pub(crate) fn message_key(&self, name: &MessageName) -> Option<(u16, u16, u8, u32)> {
        let from = find(self.names(), name.link.from)?;
        let to = find(self.names(), name.link.to)?;
        let kinds = self.members.declaration().messages;
        let kind = kinds.iter().position(|kind| kind.name == name.kind)?;
        Some((from.0, to.0, kind as u8, name.count))
    }

    fn flights_named(&self, message: (u16, u16, u8, u32)) -> Vec<u32> {
        self.kernel.find_flights(|flight| {
            (flight.from.0, flight.to.0, flight.face.kind, flight.face.count) == message
        })
    }

    /// The fate of a message in flight, or of one still to be sent.
    fn befall(&mut self, fate: Fate, name: &MessageName, place: (LineClass, u32)) -> Done {
        let message = self.message_key(name).ok_or((Skip::NoMessage, None))?;
        let slots = self.flights_named(message);
        if slots.is_empty() {
            if self.kernel.sent(message.0, message.1, message.2) >= message.3 {
                return Err((Skip::NoMessage, Some(NodeId(message.1))));
            }
            let line = (place.0 as u8, place.1);
            self.kernel.fates.push(PlannedFate { message, fate, used: false, line });
            return Ok(());
        }
        self.kernel.digest(&(self.kernel.now_us, fate, message));
        for slot in slots {
            let Some(flight) = self.kernel.flight_mut(slot) else { continue };
            match fate {
                Fate::Drop => {
                    if let Some(flight) = self.kernel.land(slot) {
                        self.lose(&flight, Loss::Dropped);
                    }
                }
                Fate::Hold => flight.held = Some(Held::ByLine),
                Fate::Delay(by_us) => {
                    flight.planned_us += by_us;
                    flight.until_us += by_us;
                    let until_us = flight.until_us;
                    if flight.held.is_none() {
                        self.kernel.redirect(slot, until_us);
                    }
                }
                Fate::Duplicate => {
                    let copy = *flight;
                    self.members.share(copy.payload);
                    self.kernel.launch(copy);
                }
            }
        }
        Ok(())
    }

    fn deliver(&mut self, name: &MessageName) -> Done {
        let message = self.message_key(name).ok_or((Skip::NoMessage, None))?;
        let slots = self.flights_named(message);
        if slots.is_empty() {
            return Err((Skip::NoMessage, Some(NodeId(message.1))));
        }
        let event = self.kernel.event(What::Deliver, NodeId(message.0));
        self.fault(super::Event { peer: NodeId(message.1), ..event }, None);
        for slot in slots {
            let now_us = self.kernel.now_us;
            if let Some(flight) = self.kernel.flight_mut(slot) {
                let until_us = now_us.max(flight.planned_us);
                self.kernel.redirect(slot, until_us);
            }
        }
        Ok(())
    }
}
