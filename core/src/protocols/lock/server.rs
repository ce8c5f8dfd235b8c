//! A server of the lock service: one of Raft's, with a lock keeper around it. Raft runs as it
//! is, inside; what it wants sent and written is handed on, what it answers stays here. A lock
//! is a key of its key-value machine, "34 @4 1.1" or "34 free", changed by compare-and-set: so
//! tokens come out of the replicated log, and each change has one winner. Who waits, and until
//! when a lease lasts, only the leader knows, by its own clock; a new leader lets every lease
//! run its full length (as etcd does since #4778).

mod claims;
mod graph;

use super::declare::{self, event};
use super::message::{Ask, Holding, Message, Record, Told, Turn};
use super::rules::Rules;
use super::{Config, Node, Timer};
use crate::fencing::Token;
use crate::machine::{Answer, Command, Text};
use crate::process::{Effect, NodeId, Process, Refusal, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use crate::protocols::raft;
use alloc::rc::Rc;
use alloc::vec::Vec;
use claims::Claiming;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// A client that waits for a lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waiter {
    /// Who.
    pub client: NodeId,
    /// Its turn.
    pub turn: Turn,
    /// Its last question.
    round: u64,
    /// When that came, by this server's clock, µs.
    asked_us: u64,
}

/// What a lock waits for: at most one command is on its way for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Pending {
    /// The key is made.
    Create,
    /// It is given to this client, whose last question had this number.
    Grant { client: NodeId, turn: Turn, token: Token, round: u64 },
    /// It is freed, because its lease has ended or because it is given back.
    Free { holder: Option<NodeId>, token: Token, tell: Option<(NodeId, Turn)> },
    /// The leader makes sure that it still is one before it renews the lease, or says again that
    /// it is granted.
    Renew { client: NodeId, turn: Turn, token: Token, round: u64, again: bool },
}

/// What a leader keeps of a lock in memory.
#[derive(Clone, Debug, Default, Hash)]
struct Lock {
    /// Until when the lease with this token lasts, by this server's clock, µs.
    lease: Option<(Token, u64)>,
    /// Number of the command on its way, and what it is for.
    pending: Option<(u64, Pending)>,
    /// Who waits, first come first served.
    waiting: Vec<Waiter>,
    /// Renewals and releases that wait for the command on its way.
    asked: Vec<(NodeId, Ask)>,
}

/// A server.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    raft: raft::Node,
    config: Rc<Config>,
    /// Place of the first client.
    clients_from: u16,
    /// The term that it leads; 0 when it does not. All below is of that term alone.
    term: u64,
    /// Commands proposed in it.
    proposed: u64,
    locks: LiteMap<Text, Lock>,
    claims: Vec<(u64, Claiming)>,
    /// Edges of the wait-for graph that a leader without `FRESH_EDGES` has ever seen.
    edges: Vec<(NodeId, NodeId)>,
    /// The last token that a leader without `TOKENS_REPLICATED` has given.
    counted: Token,
}

/// Answers of Raft to what this server proposed, by the proposal's number.
type Answers = Vec<(RequestId, Said<Answer>)>;

impl Server {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        let mut of_raft = disk.filter_map(|stored| match stored {
            Stored::Record(Record::Raft(record)) => Some(Stored::Record(record)),
            Stored::Record(Record::File(_)) => None,
            Stored::Torn => Some(Stored::Torn),
            Stored::Corrupt => Some(Stored::Corrupt),
        });
        let (mut booted, mut effects) = (Err(Refusal("")), Vec::new());
        cx.lend(&mut effects, |inner| {
            booted = raft::Node::boot(inner, &config.raft, &mut of_raft);
        });
        hand_on(effects, cx);
        Ok(Server {
            raft: booted?,
            config: config.clone(),
            clients_from: cx.servers() + cx.services().count() as u16,
            term: 0,
            proposed: 0,
            locks: LiteMap::new(),
            claims: Vec::new(),
            edges: Vec::new(),
            counted: Token(config.first_token.saturating_sub(1)),
        })
    }

    /// Raft inside.
    pub fn raft(&self) -> &raft::Node {
        &self.raft
    }

    fn server(&self) -> Option<&raft::Server> {
        match &self.raft {
            raft::Node::Server(server) => Some(server),
            raft::Node::Client(_) => None,
        }
    }

    /// Lets Raft do something, then does what follows for the locks.
    pub fn drive(
        &mut self,
        cx: &mut Context,
        act: impl FnOnce(&mut raft::Node, &mut crate::process::Context<raft::Node>),
    ) {
        let mut answers = self.within(cx, act);
        self.follow_leadership(cx);
        loop {
            for (id, said) in answers {
                self.on_answer(id, &said, cx);
            }
            answers = self.advance_all(cx);
            if answers.is_empty() {
                break;
            }
        }
        self.set_expiry(cx);
    }

    fn within(
        &mut self,
        cx: &mut Context,
        act: impl FnOnce(&mut raft::Node, &mut crate::process::Context<raft::Node>),
    ) -> Answers {
        let (raft, mut effects) = (&mut self.raft, Vec::new());
        cx.lend(&mut effects, |inner| act(raft, inner));
        hand_on(effects, cx)
    }

    /// Puts a command into Raft's log, or a read to its leader. Its number is higher than any
    /// that this server has used before: a server leads a term at most once.
    fn propose(&mut self, command: Command, cx: &mut Context) -> (u64, Answers) {
        self.proposed += 1;
        let number = (self.term << 24) + self.proposed;
        let id = RequestId { client: cx.id(), number };
        let message = raft::Message::Request(id, command);
        let me = cx.id();
        (number, self.within(cx, |raft, inner| raft.on_message(me, &message, inner)))
    }

    /// A new leader knows nothing yet of who waits; one that leads no more forgets.
    fn follow_leadership(&mut self, cx: &mut Context) {
        let term = self.server().filter(|raft| raft.leads()).map_or(0, raft::Server::term);
        if term != self.term {
            self.term = term;
            self.proposed = 0;
            self.locks = LiteMap::new();
            self.claims.clear();
            self.edges.clear();
            self.counted = Token(self.config.first_token.saturating_sub(1));
            cx.cancel_timer(Timer::Expire);
        }
    }

    // ---- Clients ----

    /// A client asks.
    pub fn on_ask(&mut self, from: NodeId, ask: &Ask, cx: &mut Context) {
        if self.term == 0 {
            let leader = self.server().and_then(raft::Server::leader);
            let hint = leader.filter(|&leader| leader != cx.id());
            tell(from, Told::Elsewhere(turn_of(ask), hint), cx);
            return;
        }
        match ask {
            Ask::Acquire { lock, turn, round } => self.on_acquire(from, lock, *turn, *round, cx),
            Ask::Renew { lock, .. } | Ask::Release { lock, .. } => {
                self.lock(lock).asked.push((from, ask.clone()));
            }
            Ask::Claim { .. } | Ask::Look { .. } | Ask::Put { .. } => {
                let answers = self.on_claim(from, ask, cx);
                for (id, said) in answers {
                    self.on_answer(id, &said, cx);
                }
            }
        }
        self.drive(cx, |_, _| {});
    }

    fn lock(&mut self, name: &Text) -> &mut Lock {
        self.locks.entry(name.clone()).or_default()
    }

    /// Who holds a lock, as far as this server has applied its log.
    pub fn holding(&self, name: &str) -> Holding {
        let value = self.server().and_then(|raft| raft.machine().get(name));
        Holding::parse(value.map_or("", |value| value), self.config.first_token)
    }

    fn exists(&self, name: &str) -> bool {
        self.server().is_some_and(|raft| raft.machine().get(name).is_some())
    }

    fn on_acquire(&mut self, from: NodeId, name: &Text, turn: Turn, round: u64, cx: &mut Context) {
        let holding = self.holding(name);
        if holding.owner == Some((from, turn)) {
            // Asked again: the answer was lost, or given by the leader before this one.
            let ask = Ask::Acquire { lock: name.clone(), turn, round };
            self.lock(name).asked.push((from, ask));
            return;
        }
        let asked_us = cx.now_us();
        let lock = self.lock(name);
        let known = lock.waiting.iter().position(|known| known.client == from);
        let is_new = known.is_none();
        match known {
            Some(place) => {
                let waiter = &mut lock.waiting[place];
                if (turn, round) >= (waiter.turn, waiter.round) {
                    (waiter.turn, waiter.round, waiter.asked_us) = (turn, round, asked_us);
                }
            }
            None => {
                lock.waiting.push(Waiter { client: from, turn, round, asked_us });
                self.note_edges(from, name);
            }
        }
        let Some((holder, _)) = holding.owner.filter(|(holder, _)| *holder != from) else { return };
        if self.config.deadlocks && self.would_deadlock(from, name) {
            self.lock(name).waiting.retain(|waiter| waiter.client != from);
            cx.mark(event::DEADLOCK, Some(from), 0, u64::from(holder.0));
            tell(from, Told::Deadlock { lock: name.clone(), turn }, cx);
            return;
        }
        if is_new {
            cx.mark(event::WAIT, Some(from), 0, holding.token.0);
        }
        tell(from, Told::Wait { lock: name.clone(), turn }, cx);
    }

    // ---- Locks ----

    /// The clock by which leases are counted.
    fn lease_clock_us(&self, cx: &Context) -> u64 {
        if self.config.rules.has(Rules::MONOTONIC_LEASE) { cx.now_us() } else { cx.wall_us() }
    }

    /// Whatever can be done now for any lock. Gives answers that came at once.
    fn advance_all(&mut self, cx: &mut Context) -> Answers {
        if self.term == 0 {
            return Answers::new();
        }
        self.adopt_leases(cx);
        let names: Vec<Text> = self.locks.iter().map(|(name, _)| name.clone()).collect();
        let mut answers = Answers::new();
        for name in names {
            answers.extend(self.advance(&name, cx));
        }
        answers
    }

    /// A leader lets every lease that it finds run its full length from now on: the one before
    /// it may have renewed it until it was replaced.
    fn adopt_leases(&mut self, cx: &mut Context) {
        let Some(raft) = self.server() else { return };
        let first = self.config.first_token;
        let held = raft.machine().pairs().filter(|(name, _)| !name.starts_with('@'));
        let held: Vec<(Text, Token)> = held
            .map(|(name, value)| (name.clone(), Holding::parse(value, first)))
            .filter(|(_, holding)| holding.owner.is_some())
            .map(|(name, holding)| (name, holding.token))
            .collect();
        let now_us = self.lease_clock_us(cx);
        let length_us = if self.config.rules.has(Rules::LEASES_OUTLIVE_LEADERS) {
            self.config.lease_us
        } else {
            0
        };
        for (name, token) in held {
            let lock = self.lock(&name);
            if lock.lease.is_none_or(|(known, _)| known != token) {
                lock.lease = Some((token, now_us.saturating_add(length_us)));
            }
        }
    }

    /// Whether the lease of this lock has ended by this server's clock.
    fn has_ended(&self, name: &Text, token: Token, cx: &Context) -> bool {
        let now_us = self.lease_clock_us(cx);
        let lease = self.locks.get(name).and_then(|lock| lock.lease);
        self.config.leases && lease.is_some_and(|(known, until)| known == token && now_us >= until)
    }

    fn advance(&mut self, name: &Text, cx: &mut Context) -> Answers {
        let stale_us = cx.now_us().saturating_sub(3 * self.config.retry_us);
        let lock = self.lock(name);
        if lock.pending.is_some() {
            return Answers::new();
        }
        // Who has not asked for so long waits no longer.
        lock.waiting.retain(|waiter| waiter.asked_us >= stale_us);
        let holding = self.holding(name);
        if let Some((holder, _)) = holding.owner
            && self.has_ended(name, holding.token, cx)
        {
            cx.mark(event::EXPIRE, Some(holder), 0, holding.token.0);
            return self.free(name, holding, None, cx);
        }
        if !self.lock(name).asked.is_empty() {
            let (from, ask) = self.lock(name).asked.remove(0);
            return self.on_holder(from, &ask, holding, cx);
        }
        let Some(waiter) = self.lock(name).waiting.first().cloned() else { return Answers::new() };
        if holding.owner.is_some() {
            return Answers::new();
        }
        if !self.exists(name) {
            // A compare-and-set needs something to compare.
            let empty = Command::Append(name.clone(), "".into());
            return self.start(name, Pending::Create, empty, cx);
        }
        let token = self.next_token(holding);
        let owner = Some((waiter.client, waiter.turn));
        let swap = self.swap(name, holding, Holding { token, owner });
        let Waiter { client, turn, round, .. } = waiter;
        self.start(name, Pending::Grant { client, turn, token, round }, swap, cx)
    }

    /// The next token is one more than the last in the replicated log.
    fn next_token(&mut self, holding: Holding) -> Token {
        if self.config.rules.has(Rules::TOKENS_REPLICATED) {
            return Token(holding.token.0 + 1);
        }
        self.counted = Token(self.counted.0 + 1);
        self.counted
    }

    fn swap(&self, name: &Text, from: Holding, to: Holding) -> Command {
        let value = self.server().and_then(|raft| raft.machine().get(name).cloned());
        let from = value.unwrap_or_else(|| from.text());
        Command::Cas { key: name.clone(), from, to: to.text() }
    }

    fn start(
        &mut self,
        name: &Text,
        pending: Pending,
        command: Command,
        cx: &mut Context,
    ) -> Answers {
        let (number, answers) = self.propose(command, cx);
        self.lock(name).pending = Some((number, pending));
        answers
    }

    fn free(
        &mut self,
        name: &Text,
        holding: Holding,
        tell: Option<(NodeId, Turn)>,
        cx: &mut Context,
    ) -> Answers {
        let swap = self.swap(name, holding, Holding { token: holding.token, owner: None });
        let holder = holding.owner.map(|(holder, _)| holder);
        self.start(name, Pending::Free { holder, token: holding.token, tell }, swap, cx)
    }

    /// A holder renews or gives back.
    fn on_holder(
        &mut self,
        from: NodeId,
        ask: &Ask,
        holding: Holding,
        cx: &mut Context,
    ) -> Answers {
        match ask {
            Ask::Release { lock, turn, .. } => {
                let owner = holding.owner == Some((from, *turn));
                // "Deletes the lock only if it is still its own": a late release changes nothing.
                let anyone = !self.config.rules.has(Rules::OWNER_RELEASES);
                if owner || (anyone && holding.owner.is_some()) {
                    return self.free(lock, holding, Some((from, *turn)), cx);
                }
                tell(from, Told::Released { lock: lock.clone(), turn: *turn }, cx);
            }
            Ask::Renew { lock, turn, token, round } => {
                if holding.owner != Some((from, *turn)) {
                    tell(from, Told::Gone { lock: lock.clone(), turn: *turn }, cx);
                } else if self.config.rules.has(Rules::RENEW_CONFIRMED) {
                    // A read by Raft's own rules: answered only by who has made sure, after the
                    // question came, that it still leads (dissertation §6.4).
                    let read = Command::Get(lock.clone());
                    let (client, turn, token, round) = (from, *turn, *token, *round);
                    let pending = Pending::Renew { client, turn, token, round, again: false };
                    return self.start(lock, pending, read, cx);
                } else {
                    self.renew(lock, from, *turn, *token, *round, cx);
                }
            }
            Ask::Acquire { lock, turn, round } if holding.owner == Some((from, *turn)) => {
                let read = Command::Get(lock.clone());
                let (client, turn, token, round) = (from, *turn, holding.token, *round);
                let pending = Pending::Renew { client, turn, token, round, again: true };
                return self.start(lock, pending, read, cx);
            }
            _ => {}
        }
        Answers::new()
    }

    fn renew(
        &mut self,
        name: &Text,
        client: NodeId,
        turn: Turn,
        token: Token,
        round: u64,
        cx: &mut Context,
    ) {
        let until_us = self.lease_clock_us(cx).saturating_add(self.config.lease_us);
        self.lock(name).lease = Some((token, until_us));
        cx.mark(event::RENEW, Some(client), 0, token.0);
        tell(client, Told::Renewed { lock: name.clone(), turn, round }, cx);
    }

    // ---- What Raft answers ----

    fn on_answer(&mut self, id: RequestId, said: &Said<Answer>, cx: &mut Context) {
        if let Some(place) = self.claims.iter().position(|(number, _)| *number == id.number) {
            let (_, claiming) = self.claims.remove(place);
            self.on_claim_answer(claiming, said, cx);
            return;
        }
        let is_it = |lock: &Lock| lock.pending.as_ref().is_some_and(|(n, _)| *n == id.number);
        let name = self.locks.iter().find(|(_, lock)| is_it(lock)).map(|(name, _)| name.clone());
        let Some(name) = name else { return };
        let Some((_, pending)) = self.lock(&name).pending.take() else { return };
        let Said::Result(answer) = said else { return };
        let done = matches!(answer, Answer::Swapped(true));
        match pending {
            Pending::Grant { client, turn, token, round } if done => {
                let until_us = self.lease_clock_us(cx).saturating_add(self.config.lease_us);
                let lock = self.lock(&name);
                lock.lease = Some((token, until_us));
                lock.waiting.retain(|waiter| waiter.client != client || waiter.turn > turn);
                cx.mark(event::GRANT, Some(client), 0, token.0);
                tell(client, Told::Granted { lock: name, turn, token, round }, cx);
            }
            Pending::Free { holder, token, tell: Some((client, turn)) } if done => {
                cx.mark(event::RELEASE, holder, 0, token.0);
                tell(client, Told::Released { lock: name, turn }, cx);
            }
            Pending::Renew { client, turn, token, round, again } => {
                // Nothing was on its way for this lock meanwhile: what is applied is what is.
                if self.holding(&name).owner != Some((client, turn)) {
                    tell(client, Told::Gone { lock: name, turn }, cx);
                } else if again {
                    let until_us = self.lease_clock_us(cx).saturating_add(self.config.lease_us);
                    self.lock(&name).lease = Some((token, until_us));
                    tell(client, Told::Granted { lock: name, turn, token, round }, cx);
                } else {
                    self.renew(&name, client, turn, token, round, cx);
                }
            }
            // Something of an earlier leader's came first: look again.
            _ => {}
        }
    }

    /// A lease may have ended.
    pub fn on_expire(&mut self, cx: &mut Context) {
        self.drive(cx, |_, _| {});
    }

    /// Wakes when the next lease ends.
    fn set_expiry(&mut self, cx: &mut Context) {
        if self.term == 0 || !self.config.leases {
            return;
        }
        let now_us = self.lease_clock_us(cx);
        let free = |lock: &&Lock| lock.pending.is_none();
        let ends =
            self.locks.iter().map(|(_, lock)| lock).filter(free).filter_map(|lock| lock.lease);
        let due = ends.map(|(_, until_us)| until_us).filter(|&until_us| until_us > now_us).min();
        match due {
            Some(until_us) => cx.set_timer(Timer::Expire, until_us - now_us),
            None => cx.cancel_timer(Timer::Expire),
        }
    }
}

/// Whose turn a question is.
pub fn turn_of(ask: &Ask) -> Turn {
    match ask {
        Ask::Acquire { turn, .. }
        | Ask::Renew { turn, .. }
        | Ask::Release { turn, .. }
        | Ask::Claim { turn, .. }
        | Ask::Look { turn, .. }
        | Ask::Put { turn, .. } => *turn,
    }
}

fn tell(client: NodeId, told: Told, cx: &mut Context) {
    cx.send(client, Message::Told(told), WriteId::NONE);
}

/// Raft's effects as this room's. What it answers to this server itself comes back. Its own
/// order of commands is not the clients': what they did is judged by the store's.
fn hand_on(effects: Vec<crate::process::EffectOf<raft::Node>>, cx: &mut Context) -> Answers {
    let mut answers = Answers::new();
    for effect in effects {
        match effect {
            Effect::Send { to, message: raft::Message::Reply(id, said), .. } if to == cx.id() => {
                answers.push((id, said));
            }
            Effect::Send { message: raft::Message::Reply(..), .. } => {}
            Effect::Send { to, message, after } => cx.send(to, Message::Raft(message), after),
            Effect::Write(record) => {
                cx.write(Record::Raft(record));
            }
            Effect::Compact { upto, at } => cx.compact(upto, at),
            Effect::SetTimer(timer, at_us) => {
                cx.set_timer(Timer::Raft(timer), at_us.saturating_sub(cx.now_us()));
            }
            Effect::CancelTimer(timer) => cx.cancel_timer(Timer::Raft(timer)),
            Effect::Mark(mark) => {
                if let Some(event) = declare::event_of_raft(mark.event) {
                    cx.mark(event, mark.peer, mark.epoch, mark.index);
                }
            }
            Effect::Exit(why) => cx.exit(why),
            Effect::Broken(name) => {
                cx.ensure(false, name);
            }
            Effect::StepClock(by_us) => cx.step_clock(by_us),
            Effect::SlewClock { by_us, ppm } => cx.slew_clock(by_us, ppm),
            Effect::Reply { .. }
            | Effect::GiveUp(_)
            | Effect::Applied { .. }
            | Effect::Read { .. }
            | Effect::Recovered(_)
            | Effect::Placed { .. } => {}
        }
    }
    answers
}

impl Server {
    /// Raft inside, to share chunks with an earlier state.
    pub(super) fn raft_mut(&mut self) -> &mut raft::Node {
        &mut self.raft
    }

    /// "34 c2": what a cell of the log says.
    pub(super) fn label(&self, holding: Holding) -> alloc::string::String {
        holding.short(self.clients_from)
    }
}
