//! Small random histories, all kinds of isolation, checked against the definitions.

use super::super::{
    Anomaly, Because, Finding, History, Model, Op, Order, Outcome, Shape, Transaction, check,
};
use super::brute::{Keep, serializable, snapshot_isolation};
use crate::draw::mix;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Draws from a seed, one after another.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(1);
        (mix(self.0) >> 16) % bound
    }
}

/// A history as some store might make it: serial, by snapshots, without isolation, or of reads
/// out of thin air.
fn history(seed: u64, lists: bool) -> History {
    let mut draws = Draws(mix(seed));
    let transactions = 1 + draws.below(4);
    let keys = 1 + draws.below(3);
    let manner = draws.below(6);
    let mut history = History::default();
    let mut store: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    let (mut value, mut time) = (0, 0);
    let mut free: BTreeMap<u64, u64> = BTreeMap::new();
    for _ in 0..transactions {
        let process = draws.below(3);
        let outcome = match draws.below(12) {
            0 => Outcome::Fail,
            1 | 2 => Outcome::Info,
            _ => Outcome::Ok,
        };
        time += 1 + draws.below(3);
        let called = time.max(free.get(&process).map_or(0, |free| free + 1));
        let returned = called + draws.below(6);
        // One that does not know how its transaction ended does nothing more.
        let process = match outcome {
            Outcome::Info => 100 + history.transactions.len() as u64,
            _ => process,
        };
        free.insert(process, returned);
        let mut transaction = Transaction { process, called, returned, outcome, ops: Vec::new() };
        let old = store.clone();
        let mut own = store.clone();
        for _ in 0..1 + draws.below(4) {
            let key = draws.below(keys) as u32;
            if draws.below(2) == 0 {
                value += 1;
                own.entry(key).or_default().push(value);
                transaction.ops.push(match lists {
                    true => Op::Append { key, value },
                    false => Op::Write { key, value },
                });
                continue;
            }
            let mut seen = own.get(&key).cloned().unwrap_or_default();
            let odd = match manner {
                0 | 1 => false,
                2..=4 => draws.below(5) == 0,
                _ => true,
            };
            if odd {
                seen.truncate(draws.below(seen.len() as u64 + 1) as usize);
            }
            if manner == 4 && draws.below(12) == 0 {
                let length = seen.len() as u64;
                if length > 1 {
                    seen.swap(draws.below(length) as usize, draws.below(length) as usize);
                }
            }
            transaction.ops.push(match lists {
                true => Op::List { key, values: seen },
                false => Op::Read { key, value: seen.last().copied() },
            });
        }
        let happens = match outcome {
            Outcome::Ok => true,
            Outcome::Fail => manner == 3 && draws.below(4) == 0,
            Outcome::Info => draws.below(2) == 0,
        };
        if happens {
            store = own;
        }
        // The next one begins from an older state, as concurrent ones do.
        if manner >= 1 && draws.below(3) == 0 {
            let later: Vec<(u32, Vec<i64>)> = store
                .iter()
                .map(|(key, list)| {
                    let fresh = list.len() - old.get(key).map_or(0, |list| list.len());
                    (*key, list[list.len() - fresh..].to_vec())
                })
                .collect();
            let mut stale = old;
            if manner == 2 {
                for (key, fresh) in later {
                    if draws.below(2) == 0 {
                        stale.entry(key).or_default().extend(fresh);
                    }
                }
            }
            store = stale;
        }
        history.transactions.push(transaction);
    }
    // Calls in another order than the store's.
    if draws.below(3) == 0 {
        for (place, transaction) in history.transactions.iter_mut().enumerate() {
            transaction.process = 1000 + place as u64;
            let moved = draws.below(8);
            transaction.called += moved;
            transaction.returned += moved;
        }
    }
    history
}

/// How many histories had which verdicts.
#[derive(Default, Debug)]
struct Tally {
    serializable: u32,
    snapshot: u32,
    strict: u32,
    skew: u32,
    all: u32,
}

fn agree(seed: u64, lists: bool, tally: &mut Tally) {
    let history = history(seed, lists);
    let report = check(&history).unwrap_or_else(|broken| panic!("{seed}: {broken:?}"));
    assert_eq!(report.undecided, [], "seed {seed}");
    let pairs = [
        (Model::Serializable, Keep::Nothing),
        (Model::StrongSessionSerializable, Keep::Process),
        (Model::StrictSerializable, Keep::RealTime),
    ];
    let holds = pairs.map(|(model, keep)| {
        let holds = serializable(&history, keep);
        let allowed = report.allows(model);
        let same = if lists { holds == allowed } else { !holds || allowed };
        assert!(same, "seed {seed}: {model:?} {holds}: {history:#?} {report:#?}");
        holds
    });
    let pairs = [
        (Model::SnapshotIsolation, Keep::Nothing),
        (Model::StrongSessionSnapshotIsolation, Keep::Process),
        (Model::StrongSnapshotIsolation, Keep::RealTime),
    ];
    // What nobody read has no known order, and snapshot isolation has one all the same.
    let seen: Vec<i64> = history
        .transactions
        .iter()
        .flat_map(|by| &by.ops)
        .filter_map(|op| if let Op::List { values, .. } = op { Some(values) } else { None })
        .flatten()
        .copied()
        .collect();
    let whole = history.transactions.iter().flat_map(|by| &by.ops).all(|op| match op {
        Op::Append { value, .. } => seen.contains(value),
        _ => lists,
    });
    let snapshot = pairs.map(|(model, keep)| {
        let holds = holds[0] && keep == Keep::Nothing || snapshot_isolation(&history, keep);
        let allowed = report.allows(model);
        let same = if whole { holds == allowed } else { !holds || allowed };
        assert!(same, "seed {seed}: {model:?} {holds}: {history:#?} {report:#?}");
        holds
    });
    for finding in &report.findings {
        sound(&history, finding, seed);
    }
    tally.all += 1;
    tally.serializable += u32::from(holds[0]);
    tally.strict += u32::from(holds[2]);
    tally.snapshot += u32::from(snapshot[0]);
    tally.skew += u32::from(snapshot[0] && !holds[0]);
}

/// Whether a cycle closes, has the name that its edges give it, and each edge is true.
fn sound(history: &History, finding: &Finding, seed: u64) {
    let Anomaly::Cycle(shape, order) = finding.anomaly else {
        assert!(finding.cycle.is_empty() && finding.lines.len() == 1, "seed {seed}");
        return;
    };
    let steps = &finding.cycle;
    let (mut missed, mut observed, mut adjacent, mut outside) = (0, 0, false, Order::Data);
    for (place, step) in steps.iter().enumerate() {
        let next = &steps[(place + 1) % steps.len()];
        assert_eq!(step.to, next.from, "seed {seed}: {finding:#?}");
        let [from, to] = [step.from, step.to].map(|t| &history.transactions[t as usize]);
        let wrote = |by: &Transaction, key, value| {
            by.ops.contains(&Op::Append { key, value })
                || by.ops.contains(&Op::Write { key, value })
        };
        let read = |by: &Transaction, key: u32, value: Option<i64>| {
            by.ops.iter().any(|op| match op {
                Op::List { key: list, values } => {
                    *list == key
                        && match value {
                            Some(value) => values.contains(&value),
                            None => values.is_empty(),
                        }
                }
                Op::Read { key: register, value: seen } => *register == key && *seen == value,
                _ => false,
            })
        };
        let fine = match step.because {
            Because::Overwrote { key, before, after } => {
                wrote(from, key, before) && wrote(to, key, after)
            }
            Because::Observed { key, value } => {
                observed += 1;
                wrote(from, key, value) && read(to, key, Some(value))
            }
            Because::Missed { key, before, after } => {
                missed += 1;
                adjacent |= matches!(next.because, Because::Missed { .. });
                wrote(to, key, after) && read(from, key, before)
            }
            Because::Process => {
                outside = outside.max(Order::Process);
                from.process == to.process && from.returned < to.called
            }
            Because::RealTime => {
                outside = Order::RealTime;
                from.outcome == Outcome::Ok && from.returned < to.called
            }
        };
        assert!(fine, "seed {seed}: {step:?} {history:#?}");
    }
    let fits = match shape {
        Shape::G0 => missed == 0 && observed == 0,
        Shape::G1c => missed == 0 && observed > 0,
        Shape::GSingle => missed == 1,
        Shape::GNonadjacent => missed > 1 && !adjacent,
        Shape::G2Item => missed > 1 && adjacent,
    };
    assert!(fits && order == outside, "seed {seed}: {finding:#?}");
    assert_eq!(finding.lines.len(), steps.len() + 1, "seed {seed}");
}

fn many(seeds: core::ops::Range<u64>, lists: bool) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        agree(seed, lists, &mut tally);
    }
    // Neither verdict is rare, or the comparison would say little.
    let share = tally.all / 20;
    assert!(tally.serializable > share && tally.all - tally.serializable > share, "{tally:?}");
    assert!(tally.snapshot > tally.serializable && tally.strict < tally.serializable, "{tally:?}");
    tally
}

#[test]
fn lists_agree_with_the_definitions() {
    let tally = many(0..10_000, true);
    assert!(tally.skew > 20, "{tally:?}");
}

#[test]
fn registers_never_rule_out_what_is_there() {
    many(0..10_000, false);
}

#[test]
#[ignore = "a million histories, minutes"]
fn a_million_agree() {
    many(1_000_000..1_500_000, true);
    many(1_000_000..1_500_000, false);
}
