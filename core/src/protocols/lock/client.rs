//! A client: takes the locks that its operation needs, reads the files, works on them, looks at
//! its lease, writes them back, gives the locks back ("THIS CODE IS BROKEN", as Kleppmann 2016
//! says of just that, unless the store looks at tokens). All of it is lost in a crash.

use super::declare::event;
use super::message::{Ask, Message, Told, Turn};
use super::rules::Rules;
use super::{Config, Node, Timer};
use crate::fencing::{Lease, Rates, Token};
use crate::machine::Text;
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::files::{self, Answer, Command, File, Write};
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// A lock that the client has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Which.
    pub lock: Text,
    /// Its token.
    pub token: Token,
    /// How long it may count on it, by its own clock; none where locks do not end.
    pub lease: Option<Lease>,
    /// When the last renewal was asked for, µs, and its number.
    renewal: (u64, u64),
}

/// How far an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It asks for the lock at this place.
    Acquiring,
    /// It reads in order to write.
    Fetching,
    /// It works on what it has read.
    Working,
    /// It writes.
    Writing,
    /// It gives its locks back, and is done.
    Done,
    /// It gives its locks back, and starts over.
    Again,
    /// It waits before it starts over.
    Resting,
    /// It only reads.
    Reading,
    /// It claims a name.
    Claiming,
    /// It looks whether a name is free.
    Looking,
    /// It takes a name that it has found free.
    Putting,
}

/// The operation that is under way.
#[derive(Clone, Debug, Hash)]
struct Open {
    id: RequestId,
    command: Command,
    locks: Vec<Text>,
    attempt: u64,
    tries: u32,
    phase: Phase,
    /// When the lock that it waits for was asked for in this attempt, µs, question by question.
    asked_us: Vec<u64>,
    /// The service has said that it has to wait.
    settled: bool,
    held: Vec<Held>,
    read: Rc<[File]>,
}

/// A client's state.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    config: Rc<Config>,
    /// The server of the lock service that it speaks to.
    target: NodeId,
    queue: Vec<(RequestId, Command)>,
    open: Option<Open>,
}

impl Client {
    /// Speaks to `target` first.
    pub fn new(config: &Rc<Config>, target: NodeId) -> Client {
        Client { config: config.clone(), target, queue: Vec::new(), open: None }
    }

    /// The server of the lock service that it speaks to.
    pub fn target(&self) -> NodeId {
        self.target
    }

    /// The locks that it has.
    pub fn held(&self) -> &[Held] {
        self.open.as_ref().map_or(&[], |open| &open.held)
    }

    /// The locks that it relies on: from the answer until it gives them back.
    pub fn relies_on(&self) -> &[Held] {
        match self.phase() {
            Some(Phase::Acquiring | Phase::Fetching | Phase::Working | Phase::Writing) => {
                self.held()
            }
            _ => &[],
        }
    }

    /// How far its operation is.
    pub fn phase(&self) -> Option<Phase> {
        self.open.as_ref().map(|open| open.phase)
    }

    /// The lock that it asks for, and since when, with whose turn.
    pub fn asks_for(&self) -> Option<(&Text, Turn)> {
        let open = self.open.as_ref().filter(|open| open.phase == Phase::Acquiring)?;
        Some((open.locks.get(open.held.len())?, open.turn()))
    }

    /// The workload asks; one operation after the other.
    pub fn on_request(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        if self.open.is_some() {
            self.queue.push((id, command.clone()));
        } else {
            self.begin(id, command.clone(), cx);
        }
    }

    fn begin(&mut self, id: RequestId, command: Command, cx: &mut Context) {
        let locks = if self.config.locks { command.locks() } else { Vec::new() };
        let phase = match &command {
            Command::Read(_) => Phase::Reading,
            Command::Claim(..) if self.config.cas => Phase::Claiming,
            Command::Claim(..) => Phase::Looking,
            _ => Phase::Acquiring,
        };
        self.open = Some(Open {
            id,
            command,
            locks,
            attempt: 1,
            tries: 0,
            phase,
            asked_us: Vec::new(),
            settled: false,
            held: Vec::new(),
            read: Rc::new([]),
        });
        if phase == Phase::Acquiring { self.next_lock(cx) } else { self.send(cx) }
    }

    /// Goes to a phase and sends what belongs to it.
    fn enter(&mut self, phase: Phase, cx: &mut Context) {
        if let Some(open) = &mut self.open {
            (open.phase, open.tries, open.settled) = (phase, 0, false);
        }
        self.send(cx);
    }

    /// Sends what the phase asks, and again until it is answered.
    fn send(&mut self, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        open.tries += 1;
        if open.phase == Phase::Acquiring {
            open.asked_us.push(cx.now_us());
        }
        let (target, store) = (self.target, store(cx));
        match open.message() {
            Some(Message::ToStore(ask)) => cx.send(store, Message::ToStore(ask), WriteId::NONE),
            Some(message) => cx.send(target, message, WriteId::NONE),
            None => {}
        }
        cx.set_timer(Timer::Retry, self.config.retry_us);
    }

    /// The next lock that it lacks, or the files if it has all.
    fn next_lock(&mut self, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        open.asked_us.clear();
        let phase =
            if open.held.len() < open.locks.len() { Phase::Acquiring } else { Phase::Fetching };
        self.enter(phase, cx);
    }

    // ---- The lock service ----

    /// The lock service speaks.
    pub fn on_told(&mut self, from: NodeId, told: &Told, cx: &mut Context) {
        match told {
            Told::Granted { lock, turn, token, round } => {
                self.on_granted(from, lock, *turn, (*token, *round), cx);
            }
            Told::Renewed { lock, turn, round } => self.on_renewed(lock, *turn, *round),
            Told::Gone { lock, turn } => {
                if let Some(held) = self.held_in(lock, *turn) {
                    held.lease = held.lease.map(|_| Lease::asked_at(0, 0, Rates::EQUAL));
                }
            }
            Told::Wait { lock, turn } => {
                if self.asks_for() == Some((lock, *turn))
                    && let Some(open) = &mut self.open
                {
                    open.settled = true;
                }
            }
            Told::Deadlock { lock, turn } => {
                if self.asks_for() == Some((lock, *turn)) {
                    self.start_over(cx);
                }
            }
            Told::Released { lock, turn } => self.on_released(lock, *turn, cx),
            Told::Elsewhere(turn, hint) => self.on_elsewhere(from, *turn, *hint, cx),
            Told::Claimed(turn, won) => {
                if self.is_now(*turn, &[Phase::Claiming, Phase::Putting]) {
                    self.answer(Answer::Claimed(*won), cx);
                    self.next(cx);
                }
            }
            Told::Looked(turn, taken) => {
                if !self.is_now(*turn, &[Phase::Looking]) {
                } else if *taken {
                    self.answer(Answer::Claimed(false), cx);
                    self.next(cx);
                } else {
                    self.enter(Phase::Putting, cx);
                }
            }
        }
    }

    fn is_now(&self, turn: Turn, phases: &[Phase]) -> bool {
        self.open.as_ref().is_some_and(|open| open.turn() == turn && phases.contains(&open.phase))
    }

    fn held_in(&mut self, lock: &Text, turn: Turn) -> Option<&mut Held> {
        let open = self.open.as_mut().filter(|open| open.turn() == turn)?;
        open.held.iter_mut().find(|held| held.lock == *lock)
    }

    /// A lease as this client counts it: from when it was asked for, and shorter by what the
    /// service's clock may be the faster one (Gray and Cheriton 1989).
    fn lease(&self, asked_us: u64, cx: &Context) -> Lease {
        let rules = self.config.rules;
        let from_us = if rules.has(Rules::LEASE_FROM_ASKING) { asked_us } else { cx.now_us() };
        let bound_ppm = if rules.has(Rules::RATE_MARGIN) { self.config.drift_ppm } else { 0 };
        Lease::asked_at(from_us, self.config.lease_us, Rates { bound_ppm })
    }

    fn on_granted(
        &mut self,
        from: NodeId,
        lock: &Text,
        turn: Turn,
        (token, round): (Token, u64),
        cx: &mut Context,
    ) {
        let known = self.held_in(lock, turn).is_some();
        if known {
            return; // it came twice
        }
        if self.asks_for() != Some((lock, turn)) {
            // Of a turn that is over: nobody here would ever give it back.
            let release = Ask::Release { lock: lock.clone(), turn, token };
            cx.send(from, Message::Ask(release), WriteId::NONE);
            return;
        }
        // The lease began after this question had come: it counts from when that left.
        let asked_us = self
            .open
            .as_ref()
            .and_then(|open| open.asked_us.get((round as usize).saturating_sub(1)).copied());
        let asked_us = asked_us.unwrap_or(0);
        let lease = self.config.leases.then(|| self.lease(asked_us, cx));
        let Some(open) = &mut self.open else { return };
        open.held.push(Held { lock: lock.clone(), token, lease, renewal: (0, 0) });
        cx.mark(event::HOLD, None, 0, token.0);
        if self.config.keep_alive && self.config.leases {
            cx.set_timer(Timer::KeepAlive, self.config.lease_us / 3);
        }
        self.next_lock(cx);
    }

    /// Keeps its leases alive: asks long before they end.
    pub fn on_keep_alive(&mut self, cx: &mut Context) {
        let (now_us, target) = (cx.now_us(), self.target);
        if self.relies_on().is_empty() {
            return;
        }
        let Some(open) = &mut self.open else { return };
        let turn = open.turn();
        for held in &mut open.held {
            held.renewal = (now_us, held.renewal.1 + 1);
            let (lock, token, round) = (held.lock.clone(), held.token, held.renewal.1);
            let renew = Ask::Renew { lock, turn, token, round };
            cx.send(target, Message::Ask(renew), WriteId::NONE);
        }
        cx.set_timer(Timer::KeepAlive, self.config.lease_us / 3);
    }

    fn on_renewed(&mut self, lock: &Text, turn: Turn, round: u64) {
        let (rules, lease_us) = (self.config.rules, self.config.lease_us);
        let bound_ppm = if rules.has(Rules::RATE_MARGIN) { self.config.drift_ppm } else { 0 };
        let Some(held) = self.held_in(lock, turn) else { return };
        if held.renewal.1 == round {
            let by = Lease::asked_at(held.renewal.0, lease_us, Rates { bound_ppm });
            held.lease = held.lease.map(|lease| lease.renewed(by));
        }
    }

    fn on_released(&mut self, lock: &Text, turn: Turn, cx: &mut Context) {
        if !self.is_now(turn, &[Phase::Done, Phase::Again]) {
            return;
        }
        let Some(open) = &mut self.open else { return };
        open.held.retain(|held| held.lock != *lock);
        if open.held.is_empty() { self.after_release(cx) } else { self.send(cx) }
    }

    fn on_elsewhere(&mut self, from: NodeId, turn: Turn, hint: Option<NodeId>, cx: &mut Context) {
        let current = self.open.as_ref().is_some_and(|open| open.turn() == turn);
        if !current || from != self.target {
            return;
        }
        match hint {
            Some(hint) => {
                self.target = hint;
                if self.speaks_to_service() {
                    self.send(cx);
                }
            }
            None => cx.set_timer(Timer::Retry, self.config.retry_us / 4),
        }
    }

    fn speaks_to_service(&self) -> bool {
        !matches!(
            self.phase(),
            None | Some(
                Phase::Fetching | Phase::Working | Phase::Writing | Phase::Reading | Phase::Resting
            )
        )
    }

    // ---- The store ----

    /// The store speaks.
    pub fn on_stored(&mut self, told: &files::Told, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        let phase = open.phase;
        match told {
            files::Told::Fetched { id, attempt, files }
                if (*id, *attempt, phase) == (open.id, open.attempt, Phase::Fetching) =>
            {
                open.read = files.clone();
                open.phase = Phase::Working;
                let token = open.token();
                cx.cancel_timer(Timer::Retry);
                cx.mark(event::WORK, None, 0, token);
                cx.set_timer(Timer::Work, self.config.work_us);
            }
            files::Told::Written { id, files } if *id == open.id => {
                let locked = !open.held.is_empty();
                self.answer(Answer::Files(files.to_vec()), cx);
                if locked { self.enter(Phase::Done, cx) } else { self.next(cx) }
            }
            files::Told::Refused { id, attempt, token, .. }
                if (*id, *attempt) == (open.id, open.attempt) =>
            {
                cx.mark(event::REJECTED, None, 0, token.0);
                self.start_over(cx);
            }
            files::Told::Conflict { id, attempt } if (*id, *attempt) == (open.id, open.attempt) => {
                cx.mark(event::REJECTED, None, 0, 0);
                self.start_over(cx);
            }
            files::Told::Content { id, file } if *id == open.id => {
                self.answer(Answer::Files(alloc::vec![file.clone()]), cx);
                self.next(cx);
            }
            _ => {}
        }
    }

    /// It has worked on the files. It looks at its leases, and writes: what stands between the
    /// look and the write leaving can be as long as it likes.
    pub fn on_worked(&mut self, cx: &mut Context) {
        let now_us = cx.now_us();
        let Some(open) = self.open.as_ref().filter(|open| open.phase == Phase::Working) else {
            return;
        };
        let token = open.token();
        let over = |held: &Held| held.lease.is_some_and(|lease| !lease.holds_at(now_us));
        if self.config.look && open.held.iter().any(over) {
            cx.mark(event::LATE, None, 0, token);
            self.start_over(cx);
            return;
        }
        cx.mark(event::CHECK, None, 0, token);
        self.enter(Phase::Writing, cx);
    }

    // ---- Time, and the end of it ----

    /// No answer in time, or a rest is over.
    pub fn on_retry(&mut self, cx: &mut Context) {
        let most = self.config.tries;
        let Some(open) = &mut self.open else { return };
        match open.phase {
            Phase::Resting => self.next_lock(cx),
            Phase::Working => {}
            Phase::Done | Phase::Again if open.tries >= most => {
                open.held.clear();
                self.after_release(cx);
            }
            _ if open.tries >= most => self.give_up(cx),
            _ => {
                if !core::mem::take(&mut open.settled) && self.speaks_to_service() {
                    self.target = NodeId((self.target.0 + 1) % cx.servers().max(1));
                }
                self.send(cx);
            }
        }
    }

    /// What it has done so far counts for nothing: it gives its locks back and begins anew.
    fn start_over(&mut self, cx: &mut Context) {
        cx.cancel_timer(Timer::Work);
        let Some(open) = &mut self.open else { return };
        if open.held.is_empty() {
            open.phase = Phase::Again;
            self.after_release(cx);
        } else {
            self.enter(Phase::Again, cx);
        }
    }

    fn after_release(&mut self, cx: &mut Context) {
        let most = u64::from(self.config.tries);
        let Some(open) = &mut self.open else { return };
        if open.phase == Phase::Done {
            self.next(cx);
        } else if open.attempt >= most {
            self.give_up(cx);
        } else {
            open.attempt += 1;
            open.phase = Phase::Resting;
            let rest_us = cx.random(0, self.config.retry_us);
            cx.set_timer(Timer::Retry, rest_us);
        }
    }

    fn answer(&mut self, answer: Answer, cx: &mut Context) {
        if let Some(open) = &self.open
            && open.phase != Phase::Done
        {
            cx.reply(open.id, answer, WriteId::NONE);
        }
    }

    fn give_up(&mut self, cx: &mut Context) {
        if let Some(open) = &self.open {
            cx.give_up(open.id);
        }
        self.next(cx);
    }

    fn next(&mut self, cx: &mut Context) {
        for timer in [Timer::Retry, Timer::Work, Timer::KeepAlive] {
            cx.cancel_timer(timer);
        }
        self.open = None;
        if !self.queue.is_empty() {
            let (id, command) = self.queue.remove(0);
            self.begin(id, command, cx);
        }
    }
}

/// The store.
fn store(cx: &Context) -> NodeId {
    cx.services().next().unwrap_or(NodeId(0))
}

impl Open {
    fn turn(&self) -> Turn {
        Turn { operation: self.id.number, attempt: self.attempt }
    }

    /// Its first token, 0 without a lock.
    fn token(&self) -> u64 {
        self.held.first().map_or(0, |held| held.token.0)
    }

    fn token_of(&self, file: &Text) -> Token {
        let held = self.held.iter().find(|held| held.lock == *file);
        held.map_or(Token::NONE, |held| held.token)
    }

    /// What belongs to its phase.
    fn message(&self) -> Option<Message> {
        let (id, attempt, turn) = (self.id, self.attempt, self.turn());
        Some(match self.phase {
            Phase::Acquiring => {
                let lock = self.locks.get(self.held.len())?.clone();
                let round = self.asked_us.len() as u64;
                Message::Ask(Ask::Acquire { lock, turn, round })
            }
            Phase::Done | Phase::Again => {
                let held = self.held.last()?;
                let (lock, token) = (held.lock.clone(), held.token);
                Message::Ask(Ask::Release { lock, turn, token })
            }
            Phase::Fetching => {
                let files = self.command.locks();
                let files = files.iter().map(|file| (file.clone(), self.token_of(file))).collect();
                Message::ToStore(files::Ask::Fetch { id, attempt, files })
            }
            Phase::Writing => {
                let files = self.command.locks();
                let write = |(file, read): (&Text, &File)| Write {
                    file: file.clone(),
                    token: self.token_of(file),
                    from: read.edits,
                    content: read.edited(self.command.value()),
                };
                let writes = files.iter().zip(self.read.iter()).map(write).collect();
                Message::ToStore(files::Ask::Write { id, attempt, writes })
            }
            Phase::Reading => {
                let Command::Read(file) = &self.command else { return None };
                Message::ToStore(files::Ask::Read { id, file: file.clone() })
            }
            Phase::Claiming | Phase::Looking | Phase::Putting => {
                let Command::Claim(name, who) = &self.command else { return None };
                let (name, who) = (name.clone(), who.clone());
                Message::Ask(match self.phase {
                    Phase::Claiming => Ask::Claim { name, who, turn },
                    Phase::Looking => Ask::Look { name, who, turn },
                    _ => Ask::Put { name, who, turn },
                })
            }
            Phase::Working | Phase::Resting => return None,
        })
    }
}
