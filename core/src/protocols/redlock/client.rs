//! A client of Redlock, step by step as the Redis documentation has it, and then the file: read,
//! change, look at the time, write.

use super::declare::event;
use super::message::{Message, Mine};
use super::{Config, Node, Rules, Timer};
use crate::fencing::{Lease, Rates, Token};
use crate::machine::Text;
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::files::{self, Answer, Command, File, Write};
use crate::renaming::PerNode;
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// How far an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It asks all instances.
    Locking,
    /// It reads in order to write.
    Fetching,
    /// It works on what it has read.
    Working,
    /// It writes.
    Writing,
    /// It waits before it starts over.
    Resting,
    /// It only reads.
    Reading,
}

#[derive(Clone, Debug, Hash)]
struct Open {
    id: RequestId,
    command: Command,
    attempt: u64,
    tries: u32,
    phase: Phase,
    /// Step 1: "it gets the current time".
    start_us: u64,
    /// What each instance has said.
    said: PerNode<Option<bool>>,
    validity: Option<Lease>,
    read: Rc<[File]>,
}

/// A client's state.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    config: Rc<Config>,
    queue: Vec<(RequestId, Command)>,
    open: Option<Open>,
}

impl Client {
    /// Idle.
    pub fn new(config: &Rc<Config>) -> Client {
        Client { config: config.clone(), queue: Vec::new(), open: None }
    }

    /// How far its operation is.
    pub fn phase(&self) -> Option<Phase> {
        self.open.as_ref().map(|open| open.phase)
    }

    /// The lock that it relies on, and until when by its own clock.
    pub fn relies_on(&self) -> Option<(Text, Lease)> {
        let open = self.open.as_ref()?;
        let Command::Edit(file, _) = &open.command else { return None };
        open.validity.map(|validity| (file.clone(), validity))
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
        let reads = matches!(command, Command::Read(_));
        self.open = Some(Open {
            id,
            command,
            attempt: 0,
            tries: 0,
            phase: Phase::Reading,
            start_us: 0,
            said: PerNode(Vec::new()),
            validity: None,
            read: Rc::new([]),
        });
        if reads { self.ask_store(Phase::Reading, cx) } else { self.lock(cx) }
    }

    /// Steps 1 and 2: the time, and then all instances "using the same key name and random value".
    fn lock(&mut self, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        open.attempt += 1;
        open.phase = Phase::Locking;
        open.start_us = cx.now_us();
        open.said = PerNode(alloc::vec![None; usize::from(cx.servers())]);
        let Some((file, mine)) = open.key() else { return };
        for node in (0..cx.servers()).map(NodeId) {
            cx.send(node, Message::Set(file.clone(), mine), WriteId::NONE);
        }
        cx.set_timer(Timer::Retry, self.config.retry_us);
    }

    /// An instance answers.
    pub fn on_said(&mut self, from: NodeId, mine: Mine, yes: bool, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        if open.phase != Phase::Locking || open.key().is_none_or(|(_, own)| own != mine) {
            return;
        }
        let Some(said) = open.said.get_mut(from.index()) else { return };
        *said = Some(yes);
        let majority = self.config.rules.has(Rules::MAJORITY);
        let of = open.said.len();
        let need = if majority { of / 2 + 1 } else { of.div_ceil(2).saturating_sub(1).max(1) };
        let count = |wanted: Option<bool>| open.said.iter().filter(|said| **said == wanted).count();
        if count(Some(true)) >= need {
            self.on_majority(cx);
        } else if count(Some(true)) + count(None) < need {
            self.fail(cx);
        }
    }

    /// Steps 3 and 4: "if the client was able to acquire the lock in the majority of the
    /// instances, and the total time elapsed to acquire the lock is less than lock validity
    /// time"; "its validity time is considered to be the initial validity time minus the time
    /// elapsed".
    fn on_majority(&mut self, cx: &mut Context) {
        let (now_us, ttl_us) = (cx.now_us(), self.config.ttl_us);
        let Some(open) = &mut self.open else { return };
        let elapsed = self.config.rules.has(Rules::ELAPSED);
        let from_us = if elapsed { open.start_us } else { now_us };
        let rates = Rates { bound_ppm: self.config.drift_ppm };
        let validity = Lease::asked_at(from_us, ttl_us, rates);
        if !validity.holds_at(now_us) {
            self.fail(cx);
            return;
        }
        open.validity = Some(validity);
        cx.mark(event::HOLD, None, 0, 0);
        self.ask_store(Phase::Fetching, cx);
    }

    /// Step 5: "it will try to unlock all the instances (even the instances it believed it was
    /// not able to lock)", and tries again "after a random delay".
    fn fail(&mut self, cx: &mut Context) {
        cx.mark(event::FAIL, None, 0, 0);
        self.start_over(cx);
    }

    fn start_over(&mut self, cx: &mut Context) {
        self.unlock(cx);
        let Some(open) = &mut self.open else { return };
        if open.attempt >= u64::from(self.config.tries) {
            cx.give_up(open.id);
            self.next(cx);
            return;
        }
        open.phase = Phase::Resting;
        let rest_us = cx.random(0, self.config.retry_us);
        cx.cancel_timer(Timer::Work);
        cx.set_timer(Timer::Retry, rest_us);
    }

    fn unlock(&mut self, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        open.validity = None;
        let Some((file, mine)) = open.key().filter(|_| open.attempt > 0) else { return };
        for node in (0..cx.servers()).map(NodeId) {
            cx.send(node, Message::Delete(file.clone(), mine), WriteId::NONE);
        }
    }

    fn ask_store(&mut self, phase: Phase, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        open.tries = if open.phase == phase { open.tries + 1 } else { 1 };
        open.phase = phase;
        let store = cx.services().next().unwrap_or(NodeId(0));
        if let Some(ask) = open.ask() {
            cx.send(store, Message::ToStore(ask), WriteId::NONE);
        }
        cx.set_timer(Timer::Retry, self.config.retry_us);
    }

    /// The store speaks.
    pub fn on_stored(&mut self, told: &files::Told, cx: &mut Context) {
        let Some(open) = &mut self.open else { return };
        match told {
            files::Told::Fetched { id, attempt, files }
                if (*id, *attempt, open.phase) == (open.id, open.attempt, Phase::Fetching) =>
            {
                open.read = files.clone();
                open.phase = Phase::Working;
                cx.cancel_timer(Timer::Retry);
                cx.mark(event::WORK, None, 0, 0);
                cx.set_timer(Timer::Work, self.config.work_us);
            }
            files::Told::Written { id, files } if *id == open.id => {
                cx.reply(*id, Answer::Files(files.to_vec()), WriteId::NONE);
                self.unlock(cx);
                self.next(cx);
            }
            files::Told::Conflict { id, attempt } if (*id, *attempt) == (open.id, open.attempt) => {
                self.start_over(cx);
            }
            files::Told::Content { id, file } if *id == open.id => {
                cx.reply(*id, Answer::Files(alloc::vec![file.clone()]), WriteId::NONE);
                self.next(cx);
            }
            _ => {}
        }
    }

    /// It has worked on the file, looks at the time that is left, and writes.
    pub fn on_worked(&mut self, cx: &mut Context) {
        let now_us = cx.now_us();
        let Some(open) = self.open.as_ref().filter(|open| open.phase == Phase::Working) else {
            return;
        };
        if open.validity.is_none_or(|validity| !validity.holds_at(now_us)) {
            cx.mark(event::LATE, None, 0, 0);
            self.start_over(cx);
            return;
        }
        cx.mark(event::CHECK, None, 0, 0);
        self.ask_store(Phase::Writing, cx);
    }

    /// No answer in time, or a rest is over.
    pub fn on_retry(&mut self, cx: &mut Context) {
        let Some(open) = &self.open else { return };
        match open.phase {
            Phase::Resting => self.lock(cx),
            Phase::Locking => self.fail(cx),
            Phase::Working => {}
            phase if open.tries < self.config.tries => self.ask_store(phase, cx),
            _ => {
                cx.give_up(open.id);
                self.unlock(cx);
                self.next(cx);
            }
        }
    }

    fn next(&mut self, cx: &mut Context) {
        cx.cancel_timer(Timer::Retry);
        cx.cancel_timer(Timer::Work);
        self.open = None;
        if !self.queue.is_empty() {
            let (id, command) = self.queue.remove(0);
            self.begin(id, command, cx);
        }
    }
}

impl Open {
    fn key(&self) -> Option<(Text, Mine)> {
        let Command::Edit(file, _) = &self.command else { return None };
        let (client, operation) = (self.id.client, self.id.number);
        Some((file.clone(), Mine { client, operation, attempt: self.attempt }))
    }

    fn ask(&self) -> Option<files::Ask> {
        let (id, attempt) = (self.id, self.attempt);
        match (&self.command, self.phase) {
            (Command::Read(file), _) => Some(files::Ask::Read { id, file: file.clone() }),
            (Command::Edit(file, _), Phase::Fetching) => {
                let files = Rc::new([(file.clone(), Token::NONE)]);
                Some(files::Ask::Fetch { id, attempt, files })
            }
            (Command::Edit(file, value), Phase::Writing) => {
                let read = self.read.first()?;
                let write = Write {
                    file: file.clone(),
                    token: Token::NONE,
                    from: read.edits,
                    content: read.edited(value),
                };
                Some(files::Ask::Write { id, attempt, writes: Rc::new([write]) })
            }
            _ => None,
        }
    }
}
