//! A Multi-Paxos server: "Paxos Made Simple" §3, with what the later papers add: a stable
//! leader that does phase 1 once for all slots, learners that catch up, sessions, leases,
//! quorums of two sizes. Here: its state, its disk, and what any message does. Acceptors stand
//! in `acceptor`, leaders in `leader`, learners and clients in `learner`. Each rule of safety
//! is a named bit of `Rules`. Never panics under any subset of them.

mod acceptor;
mod leader;
mod learner;

use super::log::Log;
use super::message::{Ballot, Message, Record, Value, Vote};
use super::{Config, Node, Rules, Timer};
use crate::machine::{Answer, KeyValue, Machine};
use crate::process::{NodeId, Refusal, Stored, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// What a server is at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// It has promised a ballot and waits for its leader, if it knows one.
    Follower(Option<NodeId>),
    /// Phase 1 of this ballot.
    Preparing(Preparing),
    /// Phase 2 of this ballot, slot by slot.
    Leader(Leading),
}

/// Phase 1, for all slots from `first` on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Preparing {
    /// Its ballot.
    pub ballot: Ballot,
    /// The first slot of which it does not know what is chosen.
    pub first: u64,
    /// What each acceptor reported.
    pub said: Vec<Option<Rc<[Vote]>>>,
}

/// What a leader knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leading {
    /// Its ballot.
    pub ballot: Ballot,
    /// The slot that the next command gets.
    pub next: u64,
    /// The last slot that it has taken over.
    pub taken_over: u64,
    /// Proposals that are not known as chosen yet.
    pub open: LiteMap<u64, Proposal>,
    /// Until when each acceptor's lease lasts by the own clock, µs.
    pub leases_us: Vec<u64>,
}

/// A leader's proposal for one slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proposal {
    /// What it proposes.
    pub value: Value,
    /// Who has accepted.
    pub accepted: Vec<bool>,
    /// Local time of the last sending, µs.
    pub sent_us: u64,
}

/// All that a server knows.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) config: Rc<Config>,
    // Acceptor, on disk: the promise, and what is accepted in `log`.
    pub(super) promised: Ballot,
    promise_write: WriteId,
    pub(super) log: Log,
    /// Until when it promises nothing to others, by the own clock, µs, and for whose ballot.
    lease: (u64, Ballot),
    // Leader.
    pub(super) role: Role,
    /// The highest ballot that a refusal spoke of.
    heard: Ballot,
    // Learner.
    pub(super) applied: u64,
    pub(super) machine: KeyValue,
    /// Last command executed for each client, and its answer.
    sessions: LiteMap<NodeId, (u64, Answer)>,
    /// When it may ask again for what it lacks, by the own clock, µs.
    ask_again_us: u64,
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
            promise_write: WriteId::NONE,
            log: Log::default(),
            lease: (0, Ballot::NONE),
            role: Role::Follower(None),
            heard: Ballot::NONE,
            applied: 0,
            machine: KeyValue::default(),
            sessions: LiteMap::new(),
            ask_again_us: 0,
            own: Vec::new(),
            durable: cx.written(),
        };
        let mut known = 0;
        for stored in disk {
            match stored {
                Stored::Record(Record::Promised(ballot)) => {
                    server.promised = server.promised.max(*ballot);
                }
                Stored::Record(Record::Accepted { vote, known: prefix }) => {
                    // "Known up to here" speaks of what was accepted or told before this.
                    server.recall(known, *prefix);
                    known = known.max(*prefix);
                    server.promised = server.promised.max(vote.ballot);
                    server.log.accept(vote, WriteId::NONE);
                }
                Stored::Record(Record::Chosen(vote)) => {
                    server.log.choose(vote.slot, vote.ballot, &vote.value);
                }
                // A record cut short was never acknowledged: nothing depends on it.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        server.execute(cx);
        // It may have granted a lease, which is nowhere on disk.
        if config.by_lease && config.rules.has(Rules::LEASE_OVER_RESTART) {
            server.lease = (cx.now_us() + config.lease_us, Ballot::NONE);
        }
        server.reset_patience(cx);
        Ok(server)
    }

    /// It knew what is chosen up to `upto`: what it had accepted there, or was told.
    fn recall(&mut self, from: u64, upto: u64) {
        for slot in from + 1..=upto {
            let accepted = self.log.get(slot).and_then(|known| known.accepted.clone());
            if let Some((ballot, value)) = accepted {
                self.log.choose(slot, ballot, &value);
            }
        }
    }

    /// About how many bytes it owns on the heap that a `later` state does not share.
    pub(super) fn weight(&self, later: Option<&Server>) -> usize {
        let role = match &self.role {
            Role::Follower(_) => 0,
            Role::Preparing(preparing) => size_of_val(&*preparing.said),
            Role::Leader(leading) => {
                let of = |proposal: &Proposal| size_of_val(&*proposal.accepted);
                size_of_val(&*leading.leases_us)
                    + leading.open.len() * size_of::<(u64, Proposal)>()
                    + leading.open.iter().map(|(_, proposal)| of(proposal)).sum::<usize>()
            }
        };
        let sessions = self.sessions.len() * size_of::<(NodeId, (u64, Answer))>();
        let own = size_of_val(&*self.own);
        self.log.weight(later.map(|later| &later.log))
            + role
            + sessions
            + own
            + self.machine.weight()
    }

    // ---- what happens to it ----

    /// Everything that arrives.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        self.handle(from, message, cx);
        self.hear_itself(cx);
    }

    fn handle(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            Message::Prepare(ballot, first) => self.on_prepare(from, *ballot, *first, cx),
            Message::Promise(ballot, votes) => self.on_promise(from, *ballot, votes, cx),
            Message::Accept(accept) => self.on_accept(from, accept, cx),
            Message::Accepted(ballot, first, count) => {
                self.on_accepted(from, *ballot, *first, *count, cx);
            }
            Message::Nack(ballot, promised) => self.on_nack(*ballot, *promised, cx),
            Message::Heartbeat(ballot, chosen, sent_us) => {
                self.on_heartbeat(from, *ballot, *chosen, *sent_us, cx);
            }
            Message::Beat(ballot, _, sent_us) => self.on_beat(from, *ballot, *sent_us, cx),
            Message::Missing(slot) => self.on_missing(from, *slot, cx),
            Message::Chosen(first, values) => self.on_chosen(from, *first, values, cx),
            Message::Request(id, command) => self.on_client(*id, command, cx),
            Message::Reply(..) => {}
        }
    }

    /// A timer runs out.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Context) {
        match (timer, &self.role) {
            (Timer::Election, Role::Follower(_) | Role::Preparing(_)) => self.prepare(cx),
            (Timer::Heartbeat, Role::Leader(_)) => self.send_heartbeats(cx),
            _ => {}
        }
        self.hear_itself(cx);
    }

    /// Records are synced: what it says to itself counts now.
    pub fn on_durable(&mut self, upto: WriteId, cx: &mut Context) {
        self.durable = upto;
        self.hear_itself(cx);
    }

    /// It has promised this ballot, or accepted in it: it is no leader of a lower one.
    fn advance(&mut self, ballot: Ballot, cx: &mut Context) {
        if ballot > self.promised {
            self.promised = ballot;
        }
        let own = match &self.role {
            Role::Follower(_) => return,
            Role::Preparing(preparing) => preparing.ballot,
            Role::Leader(leading) => leading.ballot,
        };
        if ballot > own {
            self.step_down(cx);
        }
    }

    /// A random while without a leader makes it want to be one: with equal patience two
    /// proposers would outbid each other (§2.4).
    pub(super) fn reset_patience(&mut self, cx: &mut Context) {
        let (low_us, high_us) = self.config.election_us;
        let delay_us = cx.random(low_us, high_us);
        cx.set_timer(Timer::Election, delay_us);
    }

    // ---- messages to itself ----

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
