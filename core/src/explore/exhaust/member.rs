//! One server in an untimed world, and what it does with one thing: the same handlers in the
//! same order as in a run (`world::Cast`), without a queue. A function of the server and the
//! input alone, so that it is computed once for each pair.

use super::{CommandOf, Explored, MessageOf, ProcessOf, RecordOf, TimerOf};
use crate::chunks::Chunked;
use crate::process::{
    Context, DiskEvent, Effect, EffectOf, NodeId, Process, RequestId, Role, Stored, WriteId,
};
use crate::renaming::hash_set;
use crate::world::WALL_START_US;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// A server.
pub(super) struct Member<P: Explored> {
    pub node: NodeId,
    /// None while it is down.
    pub process: Option<ProcessOf<P>>,
    /// It has broken an assumption, and does nothing more.
    pub halted: bool,
    pub records: Chunked<RecordOf<P>>,
    /// So many of them are synced.
    pub durable: u64,
    /// A sync is on its way up to here.
    pub syncing: Option<u64>,
    /// Records up to this one are gone.
    pub compacted: u64,
    /// Compactions that wait for a record to be synced: (that record, up to which).
    pub compactions: Vec<(u64, u64)>,
    /// Effects that wait for the disk.
    pub held: Vec<EffectOf<ProcessOf<P>>>,
    /// Armed timers.
    pub timers: Vec<TimerOf<P>>,
}

impl<P: Explored> Clone for Member<P> {
    fn clone(&self) -> Self {
        Member {
            node: self.node,
            process: self.process.clone(),
            halted: self.halted,
            records: self.records.clone(),
            durable: self.durable,
            syncing: self.syncing,
            compacted: self.compacted,
            compactions: self.compactions.clone(),
            held: self.held.clone(),
            timers: self.timers.clone(),
        }
    }
}

impl<P: Explored> Member<P> {
    /// Records written.
    pub(super) fn written(&self) -> u64 {
        self.records.len() as u64
    }

    /// What decides its future. What is synced may have come about in many ways: the protocol
    /// says what counts; what is not synced counts record by record, for any first part of it
    /// may survive.
    pub(super) fn tell<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
        self.process.hash(state);
        self.halted.hash(state);
        let (gone, synced) = (self.compacted as usize, self.durable as usize);
        if self.compactions.is_empty() {
            P::disk(&mut self.records.iter().take(synced).skip(gone), state);
        } else {
            // What will be gone is a place among all records.
            (&self.compactions, self.compacted, synced).hash(state);
            self.records.iter().take(synced).for_each(|record| record.hash(state));
        }
        self.written().saturating_sub(self.durable).hash(state);
        self.records.iter_from(synced).for_each(|record| record.hash(state));
        self.syncing.map(WriteId).hash(state);
        // They only leave: in which order makes no difference to what is in flight.
        hash_set(self.held.iter(), state);
        hash_set(self.timers.iter(), state);
    }

    /// Every word of it: for keeping it once.
    pub(super) fn tell_all<H: Hasher>(&self, state: &mut H) {
        (self.node, &self.process, self.halted, &self.records, self.durable).hash(state);
        (self.syncing, self.compacted, &self.compactions).hash(state);
        (&self.held, &self.timers).hash(state);
    }
}

/// One thing for a server to handle.
pub(super) enum Input<P: Explored> {
    Message(NodeId, Rc<MessageOf<P>>),
    Timer(TimerOf<P>),
    /// The sync that is on its way completes.
    Sync,
    /// Power is lost and comes back; so many unsynced records survive.
    Cut(u64),
    /// It boots.
    Boot,
}

/// What the checks are told, in its order.
pub(super) enum Call {
    Booted,
    Handled,
    Released,
    Ended,
}

/// What a server looked like when the checks were told.
pub(super) struct Moment<P: Explored> {
    pub call: Call,
    pub process: Option<ProcessOf<P>>,
    pub fresh: Vec<EffectOf<ProcessOf<P>>>,
    pub records: Chunked<RecordOf<P>>,
    pub durable: u64,
}

/// A handler's surroundings, the same for all of them.
pub(super) struct Setting<P: Explored> {
    pub config: Rc<<ProcessOf<P> as Process>::Config>,
    pub servers: u16,
    /// All clocks show this.
    pub now_us: u64,
    /// A sync takes place within the step that wrote.
    pub sync_at_once: bool,
}

/// A step under way.
pub(super) struct Doing<'a, P: Explored> {
    pub setting: &'a Setting<P>,
    pub member: Member<P>,
    fresh: Vec<EffectOf<ProcessOf<P>>>,
    /// What left for other servers.
    pub sent: Vec<(NodeId, MessageOf<P>)>,
    /// For the checks.
    pub moments: Vec<Moment<P>>,
    /// An assumption is broken.
    pub broken: Option<&'static str>,
    exits: bool,
}

impl<'a, P: Explored> Doing<'a, P> {
    /// Nothing yet.
    pub(super) fn new(setting: &'a Setting<P>, member: Member<P>) -> Doing<'a, P> {
        Doing {
            setting,
            member,
            fresh: Vec::new(),
            sent: Vec::new(),
            moments: Vec::new(),
            broken: None,
            exits: false,
        }
    }

    /// The server handles one thing, and what follows at once.
    pub(super) fn handle(&mut self, input: &Input<P>) {
        match input {
            Input::Message(from, message) => {
                self.call(|process, cx| process.on_message(*from, message, cx));
                self.settle();
            }
            Input::Timer(timer) => {
                self.member.timers.retain(|armed| armed != timer);
                self.call(|process, cx| process.on_timer(*timer, cx));
                self.settle();
            }
            Input::Sync => {
                if let Some(upto) = self.member.syncing.take() {
                    self.synced(upto);
                }
            }
            Input::Cut(keep) => {
                self.end(*keep);
                self.boot();
            }
            Input::Boot => self.boot(),
        }
        self.sync_all();
    }

    /// Effects that have waited since before the first step leave.
    pub(super) fn take_up(&mut self, fresh: Vec<EffectOf<ProcessOf<P>>>) {
        self.fresh = fresh;
        self.release();
        self.sync_all();
    }

    fn note(&mut self, call: Call) {
        self.moments.push(Moment {
            call,
            process: self.member.process.clone(),
            fresh: self.fresh.clone(),
            records: self.member.records.clone(),
            durable: self.member.durable,
        });
    }

    fn with_context<T>(
        &mut self,
        handler: impl FnOnce(&mut Option<ProcessOf<P>>, &mut Context<ProcessOf<P>>) -> T,
    ) -> T {
        let mut draws = 0;
        // The clock stands, and the k-th draw of a handler is always the same.
        let mut cx = Context {
            id: self.member.node,
            role: Role::Server,
            servers: self.setting.servers,
            services: 0,
            monotonic_us: self.setting.now_us,
            wall_us: WALL_START_US + self.setting.now_us,
            seed: 0,
            draw_key: 0,
            draws: &mut draws,
            written: self.member.written(),
            compacted: self.member.compacted,
            effects: &mut self.fresh,
        };
        let result = handler(&mut self.member.process, &mut cx);
        for effect in &self.fresh {
            match effect {
                Effect::Broken(name) if self.broken.is_none() => self.broken = Some(name),
                Effect::Exit(_) => self.exits = true,
                _ => {}
            }
        }
        if self.broken.is_some() {
            self.member.halted = true;
            self.fresh.clear();
        }
        result
    }

    fn call(&mut self, handler: impl FnOnce(&mut ProcessOf<P>, &mut Context<ProcessOf<P>>)) {
        self.with_context(|process, cx| {
            if let Some(process) = process {
                handler(process, cx);
            }
        });
        if self.member.process.is_some() {
            self.note(Call::Handled);
        }
    }

    fn boot(&mut self) {
        self.member.durable = self.member.written();
        self.compact();
        self.member.syncing = None;
        self.member.timers.clear();
        self.member.halted = false;
        let (first, records) = (self.member.compacted as usize, self.member.records.clone());
        let config = self.setting.config.clone();
        let refused = self.with_context(|process, cx| {
            let mut disk = records.iter_from(first).map(Stored::Record);
            let booted = P::Process::boot(cx, &config, &mut disk);
            let refused = booted.is_err();
            *process = booted.ok();
            refused
        });
        if self.member.process.is_some() {
            self.note(Call::Booted);
            self.note(Call::Handled);
        }
        self.exits |= refused;
        self.settle();
    }

    /// A handler has run: its effects leave, unless it ended the process.
    fn settle(&mut self) {
        if core::mem::take(&mut self.exits) {
            let keep = self.member.written() - self.member.durable;
            self.end(keep);
        } else {
            self.release();
        }
    }

    fn end(&mut self, keep: u64) {
        let member = &mut self.member;
        member.process = None;
        member.halted = false;
        member.held.clear();
        member.timers.clear();
        member.syncing = None;
        let written = member.durable + keep;
        member.records.truncate(written as usize);
        member.compactions.retain(|(at, _)| *at <= written);
        self.fresh.clear();
        self.note(Call::Ended);
    }

    fn release(&mut self) {
        for effect in core::mem::take(&mut self.fresh) {
            if effect.after().0 > self.member.durable {
                self.member.held.push(effect);
            } else {
                self.leave(effect);
            }
        }
        self.note(Call::Released);
        self.start_sync();
    }

    fn leave(&mut self, effect: EffectOf<ProcessOf<P>>) {
        match effect {
            // What goes to a client tells no server anything.
            Effect::Send { to, message, .. } if to.0 < self.setting.servers => {
                self.sent.push((to, message));
            }
            Effect::Write(record) => self.member.records.push(record),
            Effect::Compact { upto, at } => {
                self.member.compactions.push((at.0, upto.0));
                self.compact();
            }
            Effect::SetTimer(timer, _) if !self.member.timers.contains(&timer) => {
                self.member.timers.push(timer);
            }
            Effect::CancelTimer(timer) => self.member.timers.retain(|armed| *armed != timer),
            _ => {}
        }
    }

    /// What waited for records that are synced now: the old ones go.
    fn compact(&mut self) {
        let Member { durable, compacted, compactions, .. } = &mut self.member;
        for (_, upto) in compactions.extract_if(.., |(at, _)| *at <= *durable) {
            *compacted = upto.max(*compacted);
        }
    }

    fn start_sync(&mut self) {
        let written = self.member.written();
        if self.member.syncing.is_none() && written > self.member.durable {
            self.member.syncing = Some(written);
        }
    }

    fn synced(&mut self, upto: u64) {
        self.member.durable = upto;
        self.compact();
        for effect in core::mem::take(&mut self.member.held) {
            let frees = effect.after().0 <= upto;
            if frees { &mut self.fresh } else { &mut self.member.held }.push(effect);
        }
        if self.member.process.is_some() && !self.member.halted {
            self.call(|process, cx| process.on_disk(DiskEvent::Durable(WriteId(upto)), cx));
            self.settle();
        } else {
            self.fresh.clear();
        }
        self.start_sync();
    }

    /// With syncs at once nothing is left unsynced when a step is over.
    fn sync_all(&mut self) {
        while self.setting.sync_at_once
            && let Some(upto) = self.member.syncing.take()
        {
            self.synced(upto);
        }
    }
}

/// What a client asks: it is played no further.
pub(super) struct Ask<P: Explored> {
    pub client: NodeId,
    pub process: ProcessOf<P>,
    /// What its process does at the request.
    pub fresh: Vec<EffectOf<ProcessOf<P>>>,
    /// What it sends then, whomever to.
    pub message: Rc<MessageOf<P>>,
}

impl<P: Explored> Ask<P> {
    /// A client without a past asks this.
    pub(super) fn new(
        setting: &Setting<P>,
        client: NodeId,
        command: &CommandOf<P>,
    ) -> Option<Ask<P>> {
        let (mut draws, mut fresh) = (0, Vec::new());
        let mut cx = Context {
            id: client,
            role: Role::Client,
            servers: setting.servers,
            services: 0,
            monotonic_us: setting.now_us,
            wall_us: WALL_START_US + setting.now_us,
            seed: 0,
            draw_key: 0,
            draws: &mut draws,
            written: 0,
            compacted: 0,
            effects: &mut fresh,
        };
        let mut disk = core::iter::empty();
        let mut process = P::Process::boot(&mut cx, &setting.config, &mut disk).ok()?;
        process.on_request(RequestId { client, number: 1 }, command, &mut cx);
        let message = fresh.iter().find_map(|effect| match effect {
            Effect::Send { message, .. } => Some(Rc::new(message.clone())),
            _ => None,
        })?;
        Some(Ask { client, process, fresh, message })
    }
}
