//! A Paxos server: "each process plays the role of proposer, acceptor, and learner" (Lamport,
//! "Paxos Made Simple", 2001, §2.5). Here: its state, its disk, and what learners do (§2.3);
//! phase 1 and phase 2 stand in `acceptor` and `proposer`. Each rule of safety is a named bit
//! of `Rules`. Never panics under any subset of them.

mod acceptor;
mod proposer;

use super::machine::{Chosen, Propose};
use super::message::{Ballot, Message, Proposal, Record, Value};
use super::{Config, Node, Rules, Timer, event};
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use crate::protocols::client::Said;
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// A learner counts the votes of at most so many ballots.
const BALLOTS_COUNTED: usize = 16;

/// What a proposer is doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// Nothing, or waiting for the end of its back-off.
    None,
    /// Phase 1 of this ballot: what each acceptor said, and how many of them count.
    Preparing(Ballot, Vec<Option<Option<Proposal>>>, u16),
    /// Phase 2 of this ballot.
    Proposing(Ballot, Value),
}

/// Who has accepted a proposal, as a learner hears of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// Its ballot.
    pub ballot: Ballot,
    /// Its value.
    pub value: Value,
    /// Acceptors.
    pub from: Vec<bool>,
    /// How many of them count.
    pub count: u16,
}

/// All that a server knows.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) config: Rc<Config>,
    // Acceptor, on disk: "the highest-numbered proposal that it has ever accepted and the
    // number of the highest-numbered prepare request to which it has responded" (§2.2).
    pub(super) promised: Ballot,
    pub(super) accepted: Option<Proposal>,
    promise_write: WriteId,
    accept_write: WriteId,
    // Proposer; the highest ballot that it has tried is on disk (§2.5).
    pub(super) tried: Ballot,
    tried_write: WriteId,
    /// The highest ballot that a refusal spoke of.
    heard: Ballot,
    pub(super) attempt: Attempt,
    /// Clients that wait, with what they propose.
    pub(super) waiting: Vec<Value>,
    // Learner.
    votes: Vec<Vote>,
    pub(super) chosen: Option<Proposal>,
    /// Answers to itself that wait for the disk.
    own: Vec<(WriteId, Message)>,
    pub(super) durable: WriteId,
}

impl Server {
    /// Starts from what the disk holds.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        let mut server = Server {
            config: config.clone(),
            promised: Ballot::NONE,
            accepted: None,
            promise_write: WriteId::NONE,
            accept_write: WriteId::NONE,
            tried: Ballot::NONE,
            tried_write: WriteId::NONE,
            heard: Ballot::NONE,
            attempt: Attempt::None,
            waiting: Vec::new(),
            votes: Vec::new(),
            chosen: None,
            own: Vec::new(),
            durable: cx.written(),
        };
        for stored in disk {
            match stored {
                Stored::Record(Record::Tried(ballot)) => server.tried = *ballot,
                Stored::Record(Record::Promised(ballot)) => server.promised = *ballot,
                Stored::Record(Record::Accepted(ballot, value)) => {
                    server.accepted = Some((*ballot, value.clone()));
                    if config.rules.has(Rules::ACCEPT_IS_A_PROMISE) {
                        server.promised = server.promised.max(*ballot);
                    }
                }
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(server)
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        let votes = self.votes.iter().map(|vote| size_of_val(&*vote.from)).sum::<usize>();
        let said = match &self.attempt {
            Attempt::Preparing(_, said, _) => size_of_val(&**said),
            _ => 0,
        };
        votes
            + said
            + size_of_val(&*self.votes)
            + size_of_val(&*self.waiting)
            + size_of_val(&*self.own)
    }

    /// Whether what it has accepted is synced.
    pub(super) fn accepted_is_on_disk(&self) -> bool {
        self.accept_write <= self.durable
    }

    // ---- what happens to it ----

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        self.handle(from, message, cx);
        self.hear_itself(cx);
    }

    fn handle(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            Message::Prepare(ballot) => self.on_prepare(from, *ballot, cx),
            Message::Promise(ballot, accepted) => self.on_promise(from, *ballot, accepted, cx),
            Message::Accept(ballot, value) => self.on_accept(from, *ballot, value, cx),
            Message::Accepted(ballot, value) => self.on_accepted(from, *ballot, value, cx),
            Message::Nack(ballot, promised) => self.on_nack(*ballot, *promised, cx),
            Message::Chosen(ballot, value) => {
                if self.chosen.is_none() {
                    cx.mark(event::LEARN, Some(from), ballot.0, 1);
                }
                self.learn(*ballot, value, cx);
            }
            Message::Request(id, propose) => self.on_client(*id, propose, cx),
            Message::Reply(..) => {}
        }
    }

    /// A proposer's patience or back-off is over.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        if timer == Timer::Round && !self.waiting.is_empty() {
            self.prepare(cx);
            self.hear_itself(cx);
        }
    }

    /// Records are synced: what it says to itself counts now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        self.hear_itself(cx);
    }

    /// A client proposes a value.
    fn on_client(&mut self, id: RequestId, propose: &Propose, cx: &mut Context) {
        let value = Value { request: id, text: propose.0.clone() };
        if let Some((_, chosen)) = self.chosen.clone() {
            self.answer(&value, &chosen, cx);
            return;
        }
        let is_new = self.waiting.iter().all(|known| known.request != id);
        let idle = self.waiting.is_empty();
        if is_new {
            self.waiting.push(value);
        }
        if idle {
            self.prepare(cx);
        }
    }

    // ---- learning a chosen value (§2.3) ----

    /// An acceptor has accepted. "The acceptors could respond with their acceptances to some
    /// set of distinguished learners" (§2.3): here to the proposer of the ballot.
    fn on_accepted(&mut self, from: NodeId, ballot: Ballot, value: &Value, cx: &mut Context) {
        if self.chosen.is_some() {
            return;
        }
        let rules = self.config.rules;
        let same = |vote: &Vote| {
            vote.value == *value && (vote.ballot == ballot || !rules.has(Rules::ONE_BALLOT))
        };
        let place = self.votes.iter().position(same).unwrap_or_else(|| {
            if self.votes.len() == BALLOTS_COUNTED {
                self.votes.remove(0);
            }
            let from = alloc::vec![false; usize::from(cx.servers())];
            self.votes.push(Vote { ballot, value: value.clone(), from, count: 0 });
            self.votes.len() - 1
        });
        let vote = &mut self.votes[place];
        let Some(said) = vote.from.get_mut(from.index()) else { return };
        if !core::mem::replace(said, true) || !rules.has(Rules::A_SET) {
            vote.count += 1;
        }
        if vote.count < self.quorum(cx) {
            return;
        }
        // "A value is chosen when a single proposal with that value has been accepted by a
        // majority of the acceptors" (§2.5).
        cx.mark(event::CHOSEN, None, ballot.0, 1);
        self.learn(ballot, value, cx);
        for peer in cx.peers() {
            cx.send(peer, Message::Chosen(ballot, value.clone()), WriteId::NONE);
        }
    }

    /// It knows what was chosen, and so do the clients that wait. Forgotten in a crash: "a
    /// learner can have a proposer issue a proposal" to find it out again (§2.3).
    fn learn(&mut self, ballot: Ballot, value: &Value, cx: &mut Context) {
        if self.chosen.is_some() {
            return;
        }
        self.chosen = Some((ballot, value.clone()));
        self.attempt = Attempt::None;
        self.votes.clear();
        cx.cancel_timer(Timer::Round);
        cx.applied(1, Some(value.request));
        for waits in core::mem::take(&mut self.waiting) {
            self.answer(&waits, value, cx);
        }
    }

    fn answer(&mut self, waits: &Value, chosen: &Value, cx: &mut Context) {
        let id = waits.request;
        cx.read_at(1, id);
        let reply = Message::Reply(id, Said::Result(Chosen(chosen.text.clone())));
        cx.send(id.client, reply, WriteId::NONE);
    }

    // ---- quorums, and messages to itself ----

    /// A majority of the acceptors.
    pub(super) fn quorum(&self, cx: &Context) -> u16 {
        self.config.quorum(cx.servers())
    }

    /// "An acceptor records its intended response in stable storage before actually sending
    /// the response" (§2.5).
    fn send(&mut self, to: NodeId, message: Message, after: WriteId, cx: &mut Context) {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_ANSWER);
        let after = if sync { after } else { WriteId::NONE };
        if to == cx.id() {
            self.own.push((after, message));
        } else {
            cx.send(to, message, after);
        }
    }

    /// What it says to itself needs no network, but the disk like any other answer.
    fn hear_itself(&mut self, cx: &mut Context) {
        while let Some(place) = self.own.iter().position(|(after, _)| *after <= self.durable) {
            let (_, message) = self.own.remove(place);
            self.handle(cx.id(), &message, cx);
        }
    }
}
