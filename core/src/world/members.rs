//! The thin typed shim between the kernel and one protocol: it holds what has the
//! protocol's types (processes, messages, records, effects) behind one object-safe trait.
//! Never decides anything: it translates.

mod still;
mod weight;

use super::kernel::{Input, Kernel, Operation, Raised};
use super::network::Printed;
use super::protocol::{Cause, Guard, Judged, MachineOf, Members, Protocol, Seen, Setup, trusting};
use super::trace::{Event, NO_NODE, What};
use crate::check::{Check, Tags, Violation, Witness};
use crate::chunks::Chunked;
use crate::declare::Declaration;
use crate::draw::StableHasher;
use crate::machine::Machine;
use crate::process::{
    Cells, Context, DiskEvent, Effect, EffectOf, Face, Inspection, NodeId, Process, Refusal,
    RequestId, Stored, Wire,
};
use crate::scenario::ast::{DiskFault, OperationCall};
use alloc::boxed::Box;
use alloc::collections::BinaryHeap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::any::Any;
use core::cmp::Reverse;
use core::hash::{Hash, Hasher};

/// Contents of messages, each with the number of its copies that travel. The lowest free place
/// is taken first, and empty ones at the end go: after a storm of messages it is small again.
#[derive(Clone)]
struct Slab<T> {
    items: Vec<Option<(T, u32)>>,
    free: BinaryHeap<Reverse<u32>>,
}

impl<T> Slab<T> {
    fn new() -> Slab<T> {
        Slab { items: Vec::new(), free: BinaryHeap::new() }
    }

    fn get(&self, handle: u32) -> Option<&T> {
        self.items.get(handle as usize)?.as_ref().map(|(item, _)| item)
    }

    fn put(&mut self, item: T) -> u32 {
        if let Some(Reverse(handle)) = self.free.pop()
            && let Some(place) = self.items.get_mut(handle as usize)
        {
            *place = Some((item, 1));
            return handle;
        }
        // None is free, or the lowest lies behind the end, and so do all others.
        self.free.clear();
        self.items.push(Some((item, 1)));
        self.items.len() as u32 - 1
    }

    fn share(&mut self, handle: u32) {
        if let Some(Some((_, copies))) = self.items.get_mut(handle as usize) {
            *copies += 1;
        }
    }

    fn release(&mut self, handle: u32) {
        let Some(place) = self.items.get_mut(handle as usize) else { return };
        let Some((_, copies)) = place else { return };
        *copies -= 1;
        if *copies == 0 {
            *place = None;
            self.free.push(Reverse(handle));
        }
        while let Some(None) = self.items.last() {
            self.items.pop();
        }
        if self.items.is_empty() {
            self.free.clear();
        }
    }
}

/// What a node has of its own on the typed side.
struct Member<P: Protocol> {
    process: Option<P::Process>,
    records: Chunked<<P::Process as Process>::Record>,
    torn: bool,
    /// Timers by slot.
    timers: Vec<<P::Process as Process>::Timer>,
    /// Effects of a handler that have not left.
    fresh: Vec<EffectOf<P::Process>>,
    /// Effects that wait for the disk.
    held: Vec<EffectOf<P::Process>>,
    /// Places in the history of the requests given to this client, by their number.
    requests: Chunked<u32>,
    outstanding: u32,
}

impl<P: Protocol> Member<P> {
    /// What it does or is that its protocol does not declare: pictures and texts look there.
    fn undeclared(&self) -> Option<String> {
        let state = self.process.as_ref().map_or(0, |process| process.face().state);
        if usize::from(state) >= P::DECLARATION.states.len() {
            return Some(alloc::format!("state {state} is not declared"));
        }
        self.fresh.iter().find_map(|effect| {
            let (what, place, known) = match effect {
                Effect::Send { message, .. } => {
                    ("message kind", message.kind(), P::DECLARATION.messages.len())
                }
                Effect::Mark(mark) => ("event", mark.event, P::DECLARATION.events.len()),
                _ => return None,
            };
            (usize::from(place) >= known).then(|| alloc::format!("{what} {place} is not declared"))
        })
    }
}

impl<P: Protocol<Process: Clone>> Clone for Member<P> {
    fn clone(&self) -> Self {
        Member {
            process: self.process.clone(),
            records: self.records.clone(),
            torn: self.torn,
            timers: self.timers.clone(),
            fresh: self.fresh.clone(),
            held: self.held.clone(),
            requests: self.requests.clone(),
            outstanding: self.outstanding,
        }
    }
}

/// The typed side of a world.
pub struct Cast<P: Protocol> {
    config: Rc<<P::Process as Process>::Config>,
    members: Vec<Member<P>>,
    payloads: Slab<<P::Process as Process>::Message>,
    commands: Chunked<<MachineOf<P> as Machine>::Command>,
    answers: Chunked<Option<<MachineOf<P> as Machine>::Answer>>,
    history: Chunked<Operation>,
    fresh_value: u64,
    check: P::Check,
    witness: Witness<MachineOf<P>>,
    tags: Tags<MachineOf<P>>,
    violations: Vec<Violation>,
    judged: Judged,
    /// How to clone it, if that can be done.
    copy: fn(&Cast<P>) -> Option<Box<dyn Members>>,
    guard: Guard,
}

impl<P: Protocol<Process: Clone>> Clone for Cast<P> {
    fn clone(&self) -> Self {
        Cast {
            config: self.config.clone(),
            members: self.members.clone(),
            payloads: self.payloads.clone(),
            commands: self.commands.clone(),
            answers: self.answers.clone(),
            history: self.history.clone(),
            fresh_value: self.fresh_value,
            check: self.check.clone(),
            witness: self.witness.clone(),
            tags: self.tags.clone(),
            violations: self.violations.clone(),
            judged: self.judged,
            copy: self.copy,
            guard: self.guard,
        }
    }
}

/// Steps that one search for a linearization may take while a run is played.
const SEARCH_BUDGET: u64 = 200_000;

/// What runs with a context: not a generic, or each would bring a copy of all around it.
type Handler<'a, P> = &'a mut dyn FnMut(&mut Option<P>, &mut Context<P>);

impl<P: Protocol> Cast<P> {
    /// Nothing has started yet; a run of it goes back by its checkpoints.
    pub fn new(setup: &Setup) -> Cast<P>
    where
        P::Process: Clone,
    {
        Cast { copy: |cast| Some(Box::new(cast.clone())), ..Cast::guest(setup, trusting) }
    }

    /// The same for processes that cannot be cloned, or are not trusted: a run of it goes back
    /// by starting over.
    pub fn guest(setup: &Setup, guard: Guard) -> Cast<P> {
        let member = |_| Member {
            process: None,
            records: Chunked::default(),
            torn: false,
            timers: Vec::new(),
            fresh: Vec::new(),
            held: Vec::new(),
            requests: Chunked::default(),
            outstanding: 0,
        };
        Cast {
            config: Rc::new(P::config(setup)),
            members: (0..setup.servers + setup.services + setup.clients).map(member).collect(),
            payloads: Slab::new(),
            commands: Chunked::default(),
            answers: Chunked::default(),
            history: Chunked::default(),
            fresh_value: 0,
            check: P::Check::new(setup.servers),
            witness: Witness::default(),
            tags: Tags::default(),
            violations: Vec::new(),
            judged: Judged::default(),
            copy: |_| None,
            guard,
        }
    }

    /// A node's process; none while it is down.
    pub fn process(&self, node: NodeId) -> Option<&P::Process> {
        self.members.get(node.index())?.process.as_ref()
    }

    /// Runs one handler with a context and leaves its effects in `fresh`.
    fn with_context(&mut self, kernel: &mut Kernel, id: NodeId, handler: Handler<P::Process>) {
        let member = &mut self.members[id.index()];
        let node = &mut kernel.nodes[id.index()];
        let local_us = node.clock.local_us(kernel.now_us);
        let draw_key = (node.key() << 32) | u64::from(node.incarnation);
        let mut cx = Context {
            id,
            role: node.role,
            servers: kernel.servers,
            services: kernel.services,
            monotonic_us: local_us,
            wall_us: node.wall.show_us(local_us),
            seed: kernel.seed,
            draw_key,
            draws: &mut node.draws,
            written: node.disk.written,
            compacted: node.disk.compacted,
            effects: &mut member.fresh,
        };
        let mut call = || handler(&mut member.process, &mut cx);
        let mut broken = (self.guard)(&mut call).err();
        for effect in &member.fresh {
            match effect {
                Effect::Mark(mark) => kernel.raised.push((Raised::Mark(mark.event), id)),
                Effect::Broken(name) if broken.is_none() => broken = Some(name.to_string()),
                Effect::Exit(why) => node.parting = why,
                _ => {}
            }
        }
        if broken.is_none() {
            broken = member.undeclared();
        }
        if let Some(name) = broken {
            self.halt(kernel, id, &name);
        }
    }

    /// A boot that nobody sees: what it would do is thrown away.
    fn rehearse(&self, kernel: &Kernel, id: NodeId) -> Result<P::Process, Refusal> {
        let member = &self.members[id.index()];
        let node = kernel.node(id);
        let (mut draws, mut effects) = (0, Vec::new());
        let mut cx = Context {
            id,
            role: node.role,
            servers: kernel.servers,
            services: kernel.services,
            monotonic_us: 0,
            wall_us: 0,
            seed: 0,
            draw_key: 0,
            draws: &mut draws,
            written: member.records.len() as u64,
            compacted: node.disk.compacted,
            effects: &mut effects,
        };
        let (rotten, first) = (&node.disk.rotten, node.disk.compacted as usize);
        let kept = (first as u64 + 1..).zip(member.records.iter_from(first));
        let mut disk = kept.map(|(place, record)| {
            if rotten.contains(&place) { Stored::Corrupt } else { Stored::Record(record) }
        });
        let mut booted = Err(Refusal("the process panics on this disk"));
        let mut call = || booted = P::Process::boot(&mut cx, &self.config, &mut disk);
        match (self.guard)(&mut call) {
            Ok(()) => booted,
            Err(_) => Err(Refusal("the process panics on this disk")),
        }
    }

    /// Makes the disk ready to be booted from; whether its last record is torn. A process that
    /// starts in spite of a corrupt record cuts its log there.
    fn read_disk(&mut self, kernel: &mut Kernel, id: NodeId) -> Result<bool, Refusal> {
        let torn = core::mem::take(&mut self.members[id.index()].torn);
        let Some(&first) = kernel.node(id).disk.rotten.iter().min() else { return Ok(torn) };
        self.rehearse(kernel, id)?;
        let disk = &mut kernel.node_mut(id).disk;
        disk.rotten.clear();
        disk.written = first - 1;
        disk.safe = disk.safe.min(disk.written);
        self.members[id.index()].records.truncate(disk.written as usize);
        Ok(false)
    }

    fn checked(&mut self, kernel: &mut Kernel, id: NodeId) {
        let member = &self.members[id.index()];
        let Some(process) = &member.process else { return };
        let (check, found) = (&mut self.check, &mut self.violations);
        let mut call = || check.handled(id, process, &member.fresh, kernel, found);
        if let Err(why) = (self.guard)(&mut call) {
            self.halt(kernel, id, &why);
        }
    }

    fn halt(&mut self, kernel: &mut Kernel, id: NodeId, name: &str) {
        kernel.node_mut(id).halted = true;
        self.members[id.index()].fresh.clear();
        let check = const { P::DECLARATION.assertions() };
        let statement = alloc::format!("An assumption of the protocol is broken: {name}.");
        self.violations.push(Violation::at_node(check, id, statement));
    }

    fn leave(&mut self, kernel: &mut Kernel, id: NodeId, effect: EffectOf<P::Process>) {
        kernel.digest(&effect);
        match effect {
            Effect::Send { to, message, .. } => self.send(kernel, id, to, message),
            Effect::Write(record) => {
                self.members[id.index()].records.push(record);
                let writer = Some(kernel.cause);
                let disk = &mut kernel.node_mut(id).disk;
                disk.written += 1;
                disk.writers.0 = writer;
            }
            Effect::Compact { upto, at } => {
                let disk = &mut kernel.node_mut(id).disk;
                disk.compactions.push((at.0, upto.0));
                disk.compact();
            }
            Effect::SetTimer(timer, deadline_us) => {
                let slot = self.slot(id, timer);
                kernel.set_timer(id, slot, deadline_us);
            }
            Effect::CancelTimer(timer) => {
                let slot = self.slot(id, timer);
                kernel.cancel_timer(id, slot);
            }
            Effect::Reply { request, response, .. } => {
                self.returned(kernel, id, request, Some(response));
            }
            Effect::GiveUp(request) => self.returned(kernel, id, request, None),
            Effect::Applied { index, request } => {
                let command = request.and_then(|id| self.place_of(id).map(|place| (id, place)));
                self.witness.applied(index, command, &self.commands);
            }
            Effect::Recovered(positions) => self.witness.recovered(positions),
            Effect::Mark(mark) => {
                let (a, b) = (mark.epoch as u32, mark.index as u32);
                let peer = mark.peer.unwrap_or(NO_NODE);
                let event = Event { a, b, peer, sub: mark.event, ..kernel.event(What::Mark, id) };
                kernel.emit(event);
            }
            Effect::Read { index, request } => {
                if let Some(command) = self.place_of(request).and_then(|at| self.commands.get(at)) {
                    self.witness.read(index, request, command);
                }
            }
            Effect::Placed { number, writer, request } => {
                if let Some(place) = self.place_of(request) {
                    self.tags.placed(request, (number, writer), place, &self.commands);
                }
            }
            Effect::StepClock(by_us) => kernel.set_wall(id, by_us, None),
            Effect::SlewClock { by_us, ppm } => kernel.set_wall(id, by_us, Some(ppm)),
            Effect::Exit(_) | Effect::Broken(_) => {}
        }
    }

    fn send(
        &mut self,
        kernel: &mut Kernel,
        from: NodeId,
        to: NodeId,
        message: <P::Process as Process>::Message,
    ) {
        let mut hasher = StableHasher::default();
        message.hash(&mut hasher);
        let face = Printed {
            kind: message.kind(),
            epoch: message.epoch(),
            number: message.number(),
            bytes: message.bytes(),
        };
        let handle = self.payloads.put(message);
        match kernel.send(from, to, handle, hasher.finish(), face) {
            0 => self.free(handle),
            1 => {}
            _ => self.share(handle),
        }
    }

    fn slot(&mut self, id: NodeId, timer: <P::Process as Process>::Timer) -> u8 {
        let timers = &mut self.members[id.index()].timers;
        let place = timers.iter().position(|&known| known == timer).unwrap_or_else(|| {
            timers.push(timer);
            timers.len() - 1
        });
        place as u8
    }

    fn place_of(&self, id: RequestId) -> Option<usize> {
        let number = usize::try_from(id.number.checked_sub(1)?).ok()?;
        let requests = &self.members.get(id.client.index())?.requests;
        requests.get(number).map(|&place| place as usize)
    }

    fn returned(
        &mut self,
        kernel: &mut Kernel,
        id: NodeId,
        request: RequestId,
        response: Option<<MachineOf<P> as Machine>::Answer>,
    ) {
        let Some(place) = self.place_of(request) else { return };
        let Some(operation) = self.history.get_mut(place) else { return };
        if operation.returned_us.is_some() || operation.given_up {
            return;
        }
        let member = &mut self.members[id.index()];
        member.outstanding = member.outstanding.saturating_sub(1);
        let Some(answer) = response else {
            operation.given_up = true;
            self.witness.given_up(request);
            if let Some(command) = self.commands.get(place) {
                self.tags.given_up(request, command);
            }
            kernel.raised.push((Raised::World(super::GIVE_UP), id));
            let event = Event { a: place as u32, ..kernel.event(What::GiveUp, id) };
            kernel.emit(event);
            return;
        };
        operation.returned_us = Some(kernel.now_us);
        operation.answer = answer.to_string();
        kernel.raised.push((Raised::World(super::ANSWER), id));
        let event = Event { a: place as u32, ..kernel.event(What::Answer, id) };
        kernel.emit(event);
        self.judged.answers += 1;
        let machine = MachineOf::<P>::default();
        let part = self.commands.get(place).map_or("", |command| machine.part(command));
        let by_order = self.witness.returned_in(part, request, &answer);
        let by_tags = self.tags.returned(request, &answer, place, &self.commands);
        let explained = by_order || by_tags;
        if let Some(known) = self.answers.get_mut(place) {
            *known = Some(answer);
        }
        if !explained && !self.judged.unknown && !self.judged.violated {
            self.judge(id, place);
        }
    }

    /// The protocol's own order does not explain an answer: search for any order that does.
    /// Only what the operation touches has got a new answer to explain.
    fn judge(&mut self, client: NodeId, place: usize) {
        let (history, commands) = (&self.history, &self.commands);
        let (answers, only) = (&self.answers, Some(place));
        let search = crate::check::search::<MachineOf<P>>;
        match search(history, commands, answers, only, SEARCH_BUDGET) {
            crate::check::Verdict::Linearizable => {}
            crate::check::Verdict::Unknown => self.judged.unknown = true,
            crate::check::Verdict::Violated => {
                self.judged.violated = true;
                let Some(operation) = self.history.get(place) else { return };
                let statement = alloc::format!(
                    "No order explains what the clients saw: “{}” answered “{}”.",
                    operation.request,
                    operation.answer
                );
                if let Some(check) =
                    P::DECLARATION.checks.iter().position(|check| check.formal == "Linearizable")
                {
                    self.violations.push(Violation::at_node(check as u8, client, statement));
                }
            }
        }
    }
}

impl<P: Protocol> Members for Cast<P> {
    fn copy(&self) -> Option<Box<dyn Members>> {
        (self.copy)(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn lean_on(&mut self, earlier: &dyn Members) {
        if let Some(earlier) = earlier.as_any().downcast_ref() {
            self.share_with(earlier);
        }
    }

    fn weight(&self, later: &dyn Members) -> usize {
        self.weight_beyond(later.as_any().downcast_ref())
    }

    fn declaration(&self) -> &'static Declaration {
        P::DECLARATION
    }

    fn prepare(&mut self, kernel: &mut Kernel, node: NodeId, terms: &[u64]) {
        let records = P::starting_log(terms);
        let disk = &mut kernel.node_mut(node).disk;
        disk.written = records.len() as u64;
        (disk.durable, disk.safe) = (disk.written, disk.written);
        self.members[node.index()].records = records.into_iter().collect();
    }

    fn boot(&mut self, kernel: &mut Kernel, id: NodeId) -> Result<(), Refusal> {
        let node = kernel.node_mut(id);
        node.incarnation += 1;
        node.draws = 0;
        node.timers.clear();
        node.parting = "";
        node.disk.syncing = None;
        node.disk.session += 1;
        node.disk.failed = false;
        let incarnation = node.incarnation;
        kernel.digest(&(id, incarnation));
        let torn = self.read_disk(kernel, id)?;
        let disk = &mut kernel.node_mut(id).disk;
        disk.durable = disk.written;
        if !disk.has(DiskFault::Lies) {
            disk.safe = disk.written;
            disk.compact();
        }
        let first = disk.compacted as usize;
        let records = core::mem::take(&mut self.members[id.index()].records);
        let config = self.config.clone();
        let mut refusal = Ok(());
        self.with_context(kernel, id, &mut |process, cx| {
            let tail = torn.then_some(Stored::Torn);
            let mut disk = records.iter_from(first).map(Stored::Record).chain(tail);
            match P::Process::boot(cx, &config, &mut disk) {
                Ok(booted) => *process = Some(booted),
                Err(why) => refusal = Err(why),
            }
        });
        self.members[id.index()].records = records;
        let (a, b) = (incarnation, u32::from(torn));
        let event = Event { a, b, ..kernel.event(What::Boot, id) };
        kernel.cause = kernel.emit(event);
        let member = &self.members[id.index()];
        if let Some(process) = &member.process {
            self.check.booted(id, process, &member.records);
        }
        self.checked(kernel, id);
        refusal
    }

    fn handle(&mut self, kernel: &mut Kernel, id: NodeId, input: Input) {
        match input {
            Input::Message { from, payload, hash, .. } => {
                kernel.digest(&(id, from, hash));
                let Some(message) = self.payloads.get(payload).cloned() else { return };
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_message(from, &message, cx);
                    }
                });
                self.payloads.release(payload);
            }
            Input::Timer { slot, .. } => {
                let timer = self.members[id.index()].timers[usize::from(slot)];
                kernel.digest(&(id, timer));
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_timer(timer, cx);
                    }
                });
            }
            Input::Durable(upto) => {
                kernel.digest(&(id, upto));
                let member = &mut self.members[id.index()];
                for effect in core::mem::take(&mut member.held) {
                    let frees = effect.after() <= upto;
                    if frees { &mut member.fresh } else { &mut member.held }.push(effect);
                }
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_disk(DiskEvent::Durable(upto), cx);
                    }
                });
            }
            Input::Failed(from) => {
                kernel.digest(&(id, from, true));
                kernel.node_mut(id).disk.failed = false;
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_disk(DiskEvent::Failed(from), cx);
                    }
                });
            }
            Input::Order { place } => {
                let Some((order, arguments)) = kernel.orders.get(place as usize).cloned() else {
                    return;
                };
                kernel.digest(&(id, order, &*arguments));
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_order(order, &arguments, cx);
                    }
                });
            }
            Input::Request { place, .. } => {
                let place = place as usize;
                let Some(request) = self.history.get(place).map(|operation| operation.id) else {
                    return;
                };
                let Some(command) = self.commands.get(place).cloned() else { return };
                kernel.digest(&(id, request, &command));
                self.with_context(kernel, id, &mut |process, cx| {
                    if let Some(process) = process {
                        process.on_request(request, &command, cx);
                    }
                });
            }
        }
        self.checked(kernel, id);
    }

    fn release(&mut self, kernel: &mut Kernel, id: NodeId) {
        let mut effects = core::mem::take(&mut self.members[id.index()].fresh);
        let durable = kernel.node(id).disk.durable;
        for effect in effects.drain(..) {
            if effect.after().0 > durable {
                self.members[id.index()].held.push(effect);
            } else {
                self.leave(kernel, id, effect);
            }
        }
        let member = &mut self.members[id.index()];
        member.fresh = effects;
        self.check.released(id, &member.records, kernel, &mut self.violations);
        kernel.start_sync(id);
    }

    fn end(&mut self, kernel: &mut Kernel, id: NodeId, keep: u64, torn: bool) {
        let member = &mut self.members[id.index()];
        member.process = None;
        member.fresh.clear();
        member.held.clear();
        member.timers.clear();
        member.outstanding = 0;
        let disk = &mut kernel.node_mut(id).disk;
        disk.written = disk.safe + keep;
        // What a failed sync should have stored was never there; behind it something may be.
        while disk.written > disk.safe && disk.holes.contains(&disk.written) {
            disk.written -= 1;
        }
        let written = disk.written;
        disk.compactions.retain(|(at, _)| *at <= written);
        disk.durable = disk.durable.min(written);
        disk.rotten.append(&mut disk.holes);
        disk.rotten.retain(|&record| record <= written);
        member.records.truncate(written as usize);
        member.torn = torn;
        self.check.ended(id, &member.records);
        let mut inbox = core::mem::take(&mut kernel.node_mut(id).inbox);
        for input in inbox.drain(..) {
            if let Input::Message { payload, .. } = input {
                self.payloads.release(payload);
            }
        }
    }

    fn wipe(&mut self, id: NodeId) {
        let member = &mut self.members[id.index()];
        member.records.truncate(0);
        member.torn = false;
        self.check.ended(id, &member.records);
    }

    fn free(&mut self, payload: u32) {
        self.payloads.release(payload);
    }

    fn request(
        &mut self,
        kernel: &mut Kernel,
        client: NodeId,
        call: &OperationCall,
    ) -> Option<Input> {
        self.fresh_value += 1;
        let command = P::request(call, self.fresh_value)?;
        let member = &mut self.members[client.index()];
        let place = self.history.len() as u32;
        member.requests.push(place);
        member.outstanding += 1;
        let id = RequestId { client, number: member.requests.len() as u64 };
        self.history.push(Operation {
            id,
            invoked_us: kernel.now_us,
            returned_us: None,
            given_up: false,
            request: command.to_string(),
            answer: String::new(),
        });
        self.tags.invoked(id, &command);
        self.commands.push(command);
        self.answers.push(None);
        self.witness.invoked(id);
        kernel.raised.push((Raised::World(super::REQUEST), client));
        let event = Event { a: place, ..kernel.event(What::Request, client) };
        let event = kernel.emit(event);
        Some(Input::Request { place, event })
    }

    fn patience(&mut self, node: NodeId) -> Option<u8> {
        let timer = P::patience()?;
        Some(self.slot(node, timer))
    }

    fn face(&self, node: NodeId) -> Option<Face> {
        self.members[node.index()].process.as_ref().map(Process::face)
    }

    fn inspect(&self, node: NodeId) -> Option<Seen> {
        let member = &self.members[node.index()];
        let seen = member.process.as_ref()?.inspect();
        let slot = |timer| member.timers.iter().position(|&known| known == timer);
        Some(Inspection {
            arc: seen.arc.and_then(slot).map(|slot| slot as u8),
            votes: seen.votes,
            note: seen.note,
            state: seen.state,
            fields: seen.fields,
        })
    }

    fn cells(&self, node: NodeId, most: usize) -> Option<Cells> {
        Some(self.members[node.index()].process.as_ref()?.cells(most))
    }

    fn remains(&self, kernel: &Kernel, id: NodeId, most: usize) -> Cells {
        let process = self.rehearse(kernel, id);
        process.map_or(Cells::default(), |process| process.cells(most))
    }

    fn suffices(&self, servers: u16, up: &[NodeId]) -> bool {
        P::suffices(&self.config, servers, up)
    }

    fn history(&self) -> &Chunked<Operation> {
        &self.history
    }

    fn outstanding(&self, client: NodeId) -> u32 {
        self.members[client.index()].outstanding
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        core::mem::take(&mut self.violations)
    }

    fn share(&mut self, payload: u32) {
        self.payloads.share(payload);
    }

    fn can_commit(&self, leader: NodeId, servers: u16, reached: &[NodeId]) -> bool {
        self.process(leader).is_none_or(|process| P::can_commit(process, servers, reached))
    }

    fn committed(&self) -> u64 {
        self.check.committed()
    }

    fn judged(&self) -> Judged {
        self.judged
    }

    fn search(&self, budget: u64) -> crate::check::Verdict {
        let (history, commands) = (&self.history, &self.commands);
        crate::check::search::<MachineOf<P>>(history, commands, &self.answers, None, budget)
    }

    fn explain(&self, violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        P::explain(violation, trace, names)
    }
}
