//! A bench for one server as a sans-I/O process: the test is its disk, its timers and all
//! other nodes. What it is told, what leaves it, and after which write.

mod bugs;
mod churn;
mod etcd;
mod extended;
mod membership;
mod mixed;
mod paper;
mod schedules;
mod snapshots;
mod stories;

use super::message::kind;
use super::*;
use crate::process::{Effect, EffectOf, Wire, WriteId};
use crate::protocols::client::Said;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);
const CLIENT: NodeId = NodeId(90);
/// A tenth of the shortest election timeout.
const TICK_US: u64 = 15_000;
const HEARTBEAT_US: u64 = 75_000;

/// Server n1, its disk and its timers; the test is the rest of the world.
struct Bench {
    server: Option<Server>,
    config: Rc<Config>,
    servers: u16,
    seed: u64,
    draws: u64,
    now_us: u64,
    records: Vec<Record>,
    durable: usize,
    held: Vec<EffectOf<Node>>,
    sent: Vec<(NodeId, Message)>,
    timers: Vec<(Timer, u64)>,
    broken: Vec<&'static str>,
    /// What a compaction would remove, and the record that it waits for.
    compactions: Vec<(u64, u64)>,
}

impl Bench {
    /// Booted from a synced disk with this term and entries of these terms.
    fn new(servers: u16, term: u64, log: &[u64]) -> Bench {
        Bench::with(servers, 0, 1, core::iter::once(Record::Term(term)).chain(entries_of(log)))
    }

    fn with(
        servers: u16,
        rules_off: u32,
        seed: u64,
        records: impl IntoIterator<Item = Record>,
    ) -> Bench {
        let config = Config {
            rules: Rules::without(rules_off),
            heartbeat_us: HEARTBEAT_US,
            election_us: (10 * TICK_US, 20 * TICK_US - 1),
            members: 0,
            no_op: false,
            snapshot_every: 0,
            snapshot_chunk: 2,
            patience: Patience { retry_us: 1, pause_us: 1, tries: 1 },
            first_servers: Vec::new(),
            pre_vote: false,
            check_quorum: false,
            reads: ReadMode::Log,
            drift_ppm: 0,
            batch: 64,
            in_flight: 256,
        };
        let records: Vec<Record> = records.into_iter().collect();
        let mut bench = Bench {
            server: None,
            config: Rc::new(config),
            servers,
            seed,
            draws: 0,
            now_us: 0,
            durable: records.len(),
            records,
            held: Vec::new(),
            sent: Vec::new(),
            timers: Vec::new(),
            broken: Vec::new(),
            compactions: Vec::new(),
        };
        bench.boot(false);
        bench
    }

    fn boot(&mut self, torn: bool) {
        let records = self.records.clone();
        let config = self.config.clone();
        self.durable = records.len();
        (self.server, self.held, self.timers) = (None, Vec::new(), Vec::new());
        self.with_context(|server, cx| {
            let tail = torn.then_some(Stored::Torn);
            let mut disk = records.iter().map(Stored::Record).chain(tail);
            *server = Server::boot(&config, &mut disk, cx).ok();
        });
    }

    /// A power cut that this many unsynced records survive, and a restart.
    fn crash(&mut self, survivors: usize) {
        self.records.truncate(self.durable + survivors);
        self.boot(true);
    }

    fn with_context(&mut self, act: impl FnOnce(&mut Option<Server>, &mut Context<Node>)) {
        let mut effects = Vec::new();
        let mut cx = Context {
            id: N1,
            role: crate::process::Role::Server,
            servers: self.servers,
            services: 0,
            monotonic_us: self.now_us,
            wall_us: self.now_us,
            seed: self.seed,
            draw_key: 0,
            draws: &mut self.draws,
            written: self.records.len() as u64,
            compacted: 0,
            effects: &mut effects,
        };
        act(&mut self.server, &mut cx);
        for effect in effects {
            match effect {
                Effect::Write(record) => self.records.push(record),
                Effect::SetTimer(timer, at_us) => {
                    self.timers.retain(|(known, _)| *known != timer);
                    self.timers.push((timer, at_us));
                }
                Effect::CancelTimer(timer) => self.timers.retain(|(known, _)| *known != timer),
                Effect::Broken(name) => self.broken.push(name),
                Effect::Compact { upto, at } => self.compactions.push((upto.0, at.0)),
                effect => self.held.push(effect),
            }
        }
        self.release();
    }

    fn release(&mut self) {
        for effect in core::mem::take(&mut self.held) {
            match effect {
                Effect::Send { after, .. } if after.0 > self.durable as u64 => {
                    self.held.push(effect);
                }
                Effect::Send { to, message, .. } => self.sent.push((to, message)),
                _ => {}
            }
        }
    }

    fn handle(&mut self, act: impl FnOnce(&mut Server, &mut Context<Node>)) {
        self.with_context(|server, cx| act(server.as_mut().expect("it booted"), cx));
    }

    /// A message arrives; what leaves without waiting for the disk.
    fn tell(&mut self, from: NodeId, message: Message) -> Vec<(NodeId, Message)> {
        self.handle(|server, cx| server.on_message(from, &message, cx));
        core::mem::take(&mut self.sent)
    }

    /// A message arrives and the disk keeps up; all that leaves.
    fn ask(&mut self, from: NodeId, message: Message) -> Vec<(NodeId, Message)> {
        self.handle(|server, cx| server.on_message(from, &message, cx));
        self.sync()
    }

    /// The disk has everything; what leaves because of that (and what left before).
    fn sync(&mut self) -> Vec<(NodeId, Message)> {
        self.durable = self.records.len();
        self.release();
        let upto = WriteId(self.durable as u64);
        self.handle(|server, cx| server.on_durable(upto, cx));
        core::mem::take(&mut self.sent)
    }

    fn fire(&mut self, timer: Timer) -> Vec<(NodeId, Message)> {
        self.timers.retain(|(known, _)| *known != timer);
        self.handle(|server, cx| server.on_timer(timer, cx));
        core::mem::take(&mut self.sent)
    }

    /// Candidate of the next term, its own vote synced.
    fn campaign(&mut self) -> Vec<(NodeId, Message)> {
        self.fire(Timer::Election);
        self.sync()
    }

    /// Leader of the next term.
    fn lead(&mut self) -> Vec<(NodeId, Message)> {
        let mut sent = self.campaign();
        for peer in 1..=self.servers / 2 {
            sent = self.ask(NodeId(peer), vote(self.term(), true));
        }
        assert!(matches!(self.s().role, Role::Leader(_)));
        sent
    }

    fn s(&self) -> &Server {
        self.server.as_ref().expect("it booted")
    }

    fn term(&self) -> u64 {
        self.s().current_term
    }

    fn log(&self) -> Vec<u64> {
        self.s().log.iter().map(|entry| entry.term).collect()
    }

    fn role(&self) -> &'static str {
        match self.s().role {
            Role::Follower => "follower",
            Role::Candidate { .. } => "candidate",
            Role::Leader(_) => "leader",
            Role::PreCandidate { .. } => "pre-candidate",
        }
    }

    fn progress(&self, peer: NodeId) -> Progress {
        match &self.s().role {
            Role::Leader(all) => all[peer.index()].clone(),
            _ => panic!("not a leader"),
        }
    }

    fn election_due_us(&self) -> Option<u64> {
        self.timers.iter().find(|(timer, _)| *timer == Timer::Election).map(|(_, at_us)| *at_us)
    }
}

fn entries_of(terms: &[u64]) -> Vec<Record> {
    terms.iter().map(|&term| Record::Entry(Entry::empty(term))).collect()
}

fn append(term: u64, prev: (u64, u64), entries: &[u64], commit: u64) -> Message {
    let entries = entries.iter().map(|&term| Entry::empty(term)).collect();
    let (prev_index, prev_term) = prev;
    Message::AppendEntries(AppendEntries {
        term,
        prev_index,
        prev_term,
        entries,
        commit,
        round: Later(0),
    })
}

fn request_vote(term: u64, (last_term, last_index): (u64, u64)) -> Message {
    Message::RequestVote(RequestVote { term, last_index, last_term, transfer: Later(false) })
}

fn vote(term: u64, granted: bool) -> Message {
    Message::Vote(Vote { term, granted })
}

fn stored(term: u64, index: u64) -> Message {
    let outcome = Outcome::Stored(index);
    Message::Appended(Appended { term, outcome, heartbeat: false, round: Later(0) })
}

fn refused(term: u64, prev_index: u64, conflict: (u64, u64)) -> Message {
    let (conflict_term, conflict_index) = conflict;
    let outcome = Outcome::Refused { prev_index, conflict_term, conflict_index };
    Message::Appended(Appended { term, outcome, heartbeat: false, round: Later(0) })
}

fn command(number: u64) -> Message {
    let id = RequestId { client: CLIENT, number };
    Message::Request(id, Command::Append("x".into(), "a".into()))
}

/// Whether the only answer grants the vote.
fn grants(sent: &[(NodeId, Message)]) -> bool {
    match sent {
        [(_, Message::Vote(vote))] => vote.granted,
        _ => panic!("one vote expected, not {sent:?}"),
    }
}

/// What the only answer says of an AppendEntries.
fn outcome(sent: &[(NodeId, Message)]) -> Outcome {
    match sent {
        [(_, Message::Appended(appended))] => appended.outcome,
        _ => panic!("one answer expected, not {sent:?}"),
    }
}

/// Receivers, previous index and number of entries of what a leader sends.
fn appends(sent: &[(NodeId, Message)]) -> Vec<(NodeId, u64, usize)> {
    let of = |(to, message): &(NodeId, Message)| match message {
        Message::AppendEntries(append) => Some((*to, append.prev_index, append.entries.len())),
        _ => None,
    };
    sent.iter().filter_map(of).collect()
}

fn kinds(sent: &[(NodeId, Message)]) -> Vec<u8> {
    sent.iter().map(|(_, message)| message.kind()).collect()
}
