//! What random runs of the protocols differ in: parameters, operations, the names of messages
//! and events. Only names and numbers; how they are put together stands in `generate`.

use super::generate::set;
use crate::declare::Declaration;
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::protocols::DECLARATIONS;
use crate::scenario::ast::{Kind, Name, OrderCall, OrderWord, Range, Selector, Timing, Value};
use alloc::string::ToString;
use alloc::vec::Vec;

/// A protocol's part of its random runs.
pub(super) struct Dialect {
    /// The word after `protocol`.
    pub protocol: &'static str,
    /// Steps that an operation takes with so many servers, by which a run's length is chosen.
    pub operation_steps: fn(u64) -> u64,
    /// Whether a leader sends heartbeats.
    pub heartbeats: bool,
    /// Adds the lines that set its parameters.
    pub parameters: fn(&Pace, u64, &mut Vec<Kind>),
    /// In most runs: features switched on, numbers that are not the default.
    pub features: fn(&Pace, &mut Dice, &mut Vec<Kind>),
    /// In some runs: an order, and to whom.
    pub order: fn(&mut Dice, u64) -> Option<(Selector, OrderCall)>,
    /// The only operation, with no argument but a value; empty: those of the key-value machine.
    pub operation: &'static str,
    /// Kinds of message between servers; none where they only answer clients. Such servers have
    /// no patience that could run out either.
    pub messages: &'static [&'static str],
    /// Kinds of message from a server to a client.
    pub answers: &'static [&'static str],
    /// Events at which a trigger may strike.
    pub events: &'static [&'static str],
    /// Others that are too rare to be picked as often.
    pub rare: &'static [&'static str],
    /// Of both those that come so often that a trigger strikes only once.
    pub frequent: &'static [&'static str],
}

/// What has been drawn when the parameters are.
pub(super) struct Pace {
    /// Latency, µs.
    pub latency: Range,
    /// How long a sync takes, µs.
    pub disk: Range,
    /// Time between heartbeats, µs.
    pub heartbeat_us: u64,
    /// A server's patience, µs.
    pub election: Range,
    /// Servers.
    pub nodes: u64,
}

/// All of them, Raft's first.
pub(super) const DIALECTS: &[Dialect] = &[
    Dialect {
        protocol: "raft",
        operation_steps: |nodes| 3 * nodes + 2,
        heartbeats: true,
        parameters: raft,
        features: raft_features,
        order: raft_order,
        operation: "",
        messages: &[
            "vote-request",
            "vote-granted",
            "append",
            "append",
            "stored",
            "stored",
            "heartbeat",
        ],
        answers: &["reply", "redirect"],
        events: &["election", "vote", "vote", "leader", "leader", "append", "commit"],
        rare: &["truncate", "refuse", "step-down"],
        frequent: &["append", "commit", "refuse"],
    },
    #[cfg(feature = "paxos")]
    Dialect {
        protocol: "paxos",
        // Nearly all are answered with what was chosen long ago: there and back.
        operation_steps: |_| 3,
        heartbeats: false,
        parameters: paxos,
        features: |_, _, _| {},
        order: |_, _| None,
        operation: "propose",
        messages: &["prepare", "promise", "promise", "accept", "accept", "accepted", "nack"],
        answers: &["reply"],
        events: &["prepare", "promise", "promise", "accept", "accept", "propose", "chosen"],
        rare: &["take-over", "refuse", "abandon", "learn"],
        frequent: &["refuse"],
    },
    #[cfg(feature = "multipaxos")]
    Dialect {
        protocol: "multipaxos",
        operation_steps: |nodes| 3 * nodes + 2,
        heartbeats: true,
        parameters: multipaxos,
        features: |_, _, _| {},
        order: |_, _| None,
        operation: "",
        messages: &["prepare", "promise", "accept", "accept", "accepted", "accepted", "heartbeat"],
        answers: &["reply", "redirect"],
        events: &["prepare", "promise", "promise", "leader", "leader", "propose", "chosen"],
        rare: &["take-over", "no-op", "step-down", "gap"],
        frequent: &["propose", "chosen", "gap"],
    },
    #[cfg(feature = "abd")]
    Dialect {
        protocol: "abd",
        operation_steps: |nodes| 6 * nodes + 2,
        heartbeats: false,
        parameters: |_, _, _| {},
        features: |_, _, _| {},
        order: |_, _| None,
        operation: "",
        messages: &[],
        answers: &["value", "ack"],
        events: &["store", "store", "choose", "write-back", "complete"],
        rare: &["keep", "ask-again"],
        frequent: &["keep", "complete", "ask-again"],
    },
    #[cfg(feature = "commit-wait")]
    Dialect {
        protocol: "commit-wait",
        operation_steps: |_| 6,
        heartbeats: false,
        parameters: commit_wait,
        features: |_, _, _| {},
        order: |_, _| None,
        operation: "",
        messages: &[],
        answers: &["done", "values"],
        events: &["stamp", "stamp", "commit", "commit", "serve"],
        rare: &["hold", "choose"],
        frequent: &["serve", "hold", "choose"],
    },
    #[cfg(feature = "dynamo")]
    Dialect {
        protocol: "dynamo",
        operation_steps: |nodes| 3 * nodes.min(4) + 3,
        heartbeats: false,
        parameters: dynamo,
        features: |_, _, _| {},
        order: |_, _| None,
        operation: "",
        messages: &["store", "store", "taken", "fetch", "have", "compare", "differ"],
        answers: &["written", "found"],
        events: &["put", "put", "written", "read", "siblings", "hint"],
        rare: &["repair", "delivered", "too-few", "compared"],
        frequent: &["compared", "read", "siblings"],
    },
];

impl Dialect {
    /// What the protocol declares.
    fn declaration(&self) -> Option<&'static Declaration> {
        DECLARATIONS.iter().copied().find(|known| known.name == self.protocol)
    }

    /// Kinds of message from a client to a server.
    pub fn asks(&self) -> Vec<&'static str> {
        let declared = self.declaration().map_or(&[][..], |known| known.messages);
        let names = declared.iter().map(|message| message.name);
        // Those that are neither an answer nor between servers; "request" almost everywhere.
        let all =
            names.filter(|name| !self.answers.contains(name) && !self.messages.contains(name));
        let all: Vec<&str> = all.collect();
        if all.contains(&"request") { alloc::vec!["request"] } else { all }
    }

    /// Whether clients can ask for this operation.
    pub fn knows(&self, operation: &str) -> bool {
        let declared = self.declaration().map_or(&[][..], |known| known.operations);
        declared.iter().any(|known| known.name == operation)
    }
}

/// The dialect of a protocol.
pub(super) fn dialect(protocol: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|known| known.protocol == protocol)
}

/// Whether a protocol has a dialect.
pub(super) fn speaks(protocol: &str) -> bool {
    dialect(protocol).is_some()
}

fn exactly(us: u64) -> Range {
    Range { low: us, high: us }
}

fn count(name: &str, value: u64) -> Kind {
    Kind::Set { name: name.to_string(), value: Value::Count(value) }
}

fn word(name: &str, word: &str) -> Kind {
    Kind::Set { name: name.to_string(), value: Value::Word(word.to_string()) }
}

fn server(number: u64) -> Name {
    Name { prefix: 'n', number: number as u16 }
}

/// What an operator tells Raft's leader, or whoever is asked by mistake.
fn raft_order(dice: &mut Dice, nodes: u64) -> Option<(Selector, OrderCall)> {
    let whom = if dice.percent(80) {
        Selector::Leader
    } else {
        Selector::Names(alloc::vec![server(dice.between(1, nodes))])
    };
    let one = |dice: &mut Dice| OrderWord::Node(server(dice.between(1, nodes)));
    let (name, arguments) = match dice.between(0, 9) {
        0 | 1 => ("snapshot", Vec::new()),
        2 | 3 => ("transfer", alloc::vec![one(dice)]),
        4 | 5 => ("add", alloc::vec![one(dice)]),
        6 => ("remove", alloc::vec![one(dice)]),
        7 => ("learner", alloc::vec![one(dice)]),
        _ => {
            let members = (1..=nodes).filter(|_| dice.percent(60)).map(server);
            let members: Vec<OrderWord> = members.map(OrderWord::Node).collect();
            ("members", if members.is_empty() { alloc::vec![one(dice)] } else { members })
        }
    };
    Some((whom, OrderCall { name: name.to_string(), arguments }))
}

/// The dissertation's features, each on in about half of the runs that have any.
fn raft_features(pace: &Pace, dice: &mut Dice, kinds: &mut Vec<Kind>) {
    for name in ["no-op", "pre-vote", "check-quorum"] {
        if dice.percent(50) {
            kinds.push(word(name, "on"));
        }
    }
    match dice.between(0, 9) {
        0..=3 => kinds.push(word("reads", "index")),
        4 | 5 => {
            // A lease relies on the clocks: nobody is suspended, none drifts.
            kinds.push(word("reads", "lease"));
            let bound_us = 2 * pace.latency.high;
            kinds.push(Kind::Timing(Timing::Synchronous { bound_us }));
        }
        _ => {}
    }
    if dice.percent(40) {
        kinds.push(count("batch", dice.between(1, 8)));
        kinds.push(count("in-flight", dice.between(1, 12)));
    }
}

fn raft(pace: &Pace, seed: u64, kinds: &mut Vec<Kind>) {
    kinds.push(set("heartbeat", exactly(pace.heartbeat_us)));
    kinds.push(set("election-timeout", pace.election));
    // A third of the runs compact their logs: now after every other entry, now rarely.
    let mut dice = Dice::new(seed, Purpose::Generate, 21);
    if dice.percent(35) {
        let every = *dice.pick(&[1, 2, 5, 10, 20, 60]);
        kinds.push(count("snapshot-every", every));
        kinds.push(count("snapshot-chunk", dice.between(1, 4)));
    }
    // In some runs not all servers are members from the start.
    if dice.percent(15) {
        kinds.push(count("members", dice.between(1, 3)));
    }
}

/// Back-offs from none at all to a few rounds; patience that mostly suffices for a round.
#[cfg(feature = "paxos")]
fn paxos(pace: &Pace, seed: u64, kinds: &mut Vec<Kind>) {
    let mut dice = Dice::new(seed, Purpose::Generate, 20);
    let round_us = 4 * pace.latency.high + 4 * pace.disk.high;
    let (low, high) = *dice.pick(&[(0, 0), (0, 50), (0, 100), (0, 300), (50, 150), (100, 600)]);
    kinds.push(set("back-off", Range { low: round_us * low / 100, high: round_us * high / 100 }));
    let patience_us = (round_us * dice.between(60, 300) / 100).max(1_000);
    kinds.push(set("round-timeout", exactly(patience_us)));
}

/// N, R and W of any size, in every mode.
#[cfg(feature = "dynamo")]
fn dynamo(pace: &Pace, seed: u64, kinds: &mut Vec<Kind>) {
    let mut dice = Dice::new(seed, Purpose::Generate, 24);
    kinds.push(count("n", dice.between(1, pace.nodes.min(5))));
    if dice.percent(50) {
        kinds.push(count("r", dice.between(0, pace.nodes.min(5))));
        kinds.push(count("w", dice.between(0, pace.nodes.min(5))));
    }
    let sometimes = |dice: &mut Dice, percent, name: &str, other: &str, kinds: &mut Vec<Kind>| {
        if dice.percent(percent) {
            kinds.push(word(name, other));
        }
    };
    let quorum = *dice.pick(&["strict", "strict", "as-set", "sloppy", "sloppy"]);
    kinds.push(word("quorum", quorum));
    if dice.percent(35) {
        kinds.push(word("conflicts", "last-write-wins"));
        // From clocks as fine as this world's to those of a file system: times may be equal.
        let step_us = *dice.pick(&[1, 1, 1_000, 100_000, 2_000_000]);
        kinds.push(set("resolution", exactly(step_us)));
    }
    sometimes(&mut dice, 30, "read-repair", "off", kinds);
    sometimes(&mut dice, 30, "anti-entropy", "off", kinds);
    let round_us = 2 * pace.latency.high + 2 * pace.disk.high;
    let silence_us = (round_us * dice.between(50, 300) / 100).max(1_000);
    kinds.push(set("silence", exactly(silence_us)));
    kinds.push(set("hand-off", exactly((round_us * dice.between(100, 800) / 100).max(1_000))));
    kinds.push(set("compare", exactly((round_us * dice.between(200, 1_500) / 100).max(1_000))));
}

/// Quorums of any size; leases in a third of the runs, with a bound that the clocks keep.
#[cfg(feature = "multipaxos")]
fn multipaxos(pace: &Pace, seed: u64, kinds: &mut Vec<Kind>) {
    kinds.push(set("heartbeat", exactly(pace.heartbeat_us)));
    kinds.push(set("election-timeout", pace.election));
    let mut dice = Dice::new(seed, Purpose::Generate, 23);
    if dice.percent(50) {
        kinds.push(count("phase-1-quorum", dice.between(0, pace.nodes)));
        kinds.push(count("phase-2-quorum", dice.between(0, pace.nodes)));
    }
    let lease_us = (pace.election.low * dice.between(50, 400) / 100).max(1_000);
    if dice.percent(35) {
        kinds.push(word("reads", "lease"));
        kinds.push(set("lease", exactly(lease_us)));
        // A random run's clocks run at 70% to 130%.
        kinds.push(count("clock-drift-bound", 900_000));
    }
}

/// Intervals from far narrower than a flight to far wider. In two thirds of the runs every clock
/// wanders within its interval; in the others nothing is said of time, and they wander beyond.
#[cfg(feature = "commit-wait")]
fn commit_wait(pace: &Pace, seed: u64, kinds: &mut Vec<Kind>) {
    let mut dice = Dice::new(seed, Purpose::Generate, 25);
    let uncertainty_us = (pace.latency.high * *dice.pick(&[5, 30, 100, 300, 1_000]) / 100).max(500);
    kinds.push(set("uncertainty", exactly(uncertainty_us)));
    if dice.percent(25) {
        kinds.push(set("staleness", exactly(uncertainty_us * dice.between(50, 400) / 100)));
    }
    let is_wild = dice.percent(33);
    if is_wild {
        kinds.push(Kind::Timing(Timing::Asynchronous));
    }
    // Changes of rate are rounded by a µs or two each: they need a little room.
    let most_us = if is_wild { 4 * uncertainty_us } else { uncertainty_us - 100 } as i64;
    let whom = (1..=pace.nodes).map(server).chain([Name { prefix: 'c', number: 1 }]);
    for name in whom {
        let pause_us = pace.latency.high * *dice.pick(&[5, 50, 150]);
        wander(&mut dice, name, most_us, pause_us, kinds);
    }
}

/// A clock is moved now and then, at once, slowly, or by its rate, and never further off than
/// `most_us`; `pause_us` is about the time between two moves.
#[cfg(feature = "commit-wait")]
fn wander(dice: &mut Dice, name: Name, most_us: i64, pause_us: u64, kinds: &mut Vec<Kind>) {
    use crate::scenario::ast::Action;
    let mut at = |time_us: u64, action| kinds.push(Kind::At { time_us, action });
    let who = || Selector::Names(alloc::vec![name]);
    let (mut off_us, mut time_us) = (0, 0);
    for _ in 0..dice.small(40) {
        let to_us = dice.between(0, 2 * most_us as u64) as i64 - most_us;
        let by_us = to_us - off_us;
        if by_us == 0 {
            continue;
        }
        match dice.between(0, 3) {
            0 | 1 => at(time_us, Action::Step(who(), by_us)),
            2 => {
                let ppm = dice.between(100_000, 500_000);
                at(time_us, Action::Slew(who(), by_us, ppm as u32));
                time_us += by_us.unsigned_abs() * 1_000_000 / ppm + 1;
            }
            _ => {
                // At this rate it is there when the rate is set right again.
                let ppm = dice.between(100_000, 500_000) as i32;
                at(time_us, Action::Drift(who(), if by_us < 0 { -ppm } else { ppm }));
                time_us += by_us.unsigned_abs() * 1_000_000 / ppm as u64;
                at(time_us, Action::Drift(who(), 0));
                time_us += 1;
            }
        }
        off_us = to_us;
        time_us += pause_us * dice.between(10, 400) / 100 + 1;
    }
}
