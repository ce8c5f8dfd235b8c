//! The declared promises of the protocols without consensus, tried over many random runs: what
//! holds in the declared system, what in a wild one, and each mistake hunted. More of them:
//! `HAPPENS_BEFORE_TRIALS=5000 cargo test --release -p happens-before-tests promises -- --nocapture`.

use happens_before::declare::Check;
use happens_before::explore::{System, Trial, promised_under};
use happens_before::protocols::{DECLARATIONS, find};
use happens_before::run::Run;
use happens_before::scenario::parse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs of each row.
const RUNS: u64 = 100;

/// What one run gave: steps, answers, violated checks.
struct Given {
    seed: u64,
    events: u64,
    answers: u64,
    violated: Vec<(usize, bool)>,
}

fn play(trial: &Trial, seed: u64) -> Given {
    let text = trial.text(seed);
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:?} in\n{text}"));
    run.finish();
    let scenario = parse(&text, DECLARATIONS).expect("a text");
    let timing = if trial.system == System::Wild { "asynchronous" } else { "synchronous" };
    let promised = |check: usize| {
        promised_under(&scenario, run.declaration(), check, timing, "crash-recovery")
    };
    let violated = run.violations().iter().map(|violation| usize::from(violation.check));
    let violated = violated.map(|check| (check, promised(check))).collect();
    let answers = run.operations().iter().filter(|operation| !operation.answer.is_empty()).count();
    Given { seed, events: run.all_events().len() as u64, answers: answers as u64, violated }
}

fn all(trial: &Trial, seeds: u64) -> Vec<Given> {
    let next = AtomicU64::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return mine;
            }
            mine.push(play(trial, seed));
        }
    };
    let mut all: Vec<Given> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    all.sort_by_key(|given| given.seed);
    all
}

fn runs() -> u64 {
    std::env::var("HAPPENS_BEFORE_TRIALS").ok().and_then(|n| n.parse().ok()).unwrap_or(RUNS)
}

fn checks(protocol: &str) -> &'static [Check] {
    find(protocol).expect("registered").declaration.checks
}

/// A row of the table: no promise is broken; which other checks are, and how often.
fn row(protocol: &str, lines: &str, system: System, nodes: (u64, u64)) {
    let given = all(&Trial { protocol, lines, bugs: &[], system, nodes }, runs());
    let mut broken: BTreeMap<&str, u64> = BTreeMap::new();
    for run in &given {
        for &(check, promised) in &run.violated {
            let name = checks(protocol)[check].formal;
            assert!(!promised, "{protocol} {lines:?} {system:?}, seed {}: {name}", run.seed);
            *broken.entry(name).or_default() += 1;
        }
    }
    let events: u64 = given.iter().map(|run| run.events).sum();
    let answers: u64 = given.iter().map(|run| run.answers).sum();
    let lines = lines.replace('\n', ", ");
    println!(
        "{protocol} | {lines} | {system:?} | {} runs, {events} events, {answers} answers | {broken:?}",
        given.len()
    );
}

#[test]
fn promises_of_primary_backup() {
    for system in [System::Calm, System::Wild] {
        for lines in [
            "set mode sync",
            "set mode sync\nset exclude off",
            "set mode semi-sync",
            "set mode async",
            "set mode async\nset epochs off",
        ] {
            row("primary-backup", lines, system, (2, 5));
        }
    }
}

#[test]
fn promises_of_kafka() {
    for system in [System::Calm, System::Wild] {
        for lines in [
            "set acks all",
            "set acks all\nset min-insync 2",
            "set acks all\nset flush async",
            "set acks leader",
            "set acks leader\nset unclean on",
        ] {
            row("kafka", lines, system, (3, 5));
        }
    }
}

/// Where each mistake is hunted: settings under which what it breaks is promised.
const HUNTS: &[(&str, &str, &str, System)] = &[
    ("primary-backup", "ack-before-sync", "set mode sync", System::Calm),
    ("primary-backup", "apply-twice", "set mode sync", System::Wild),
    ("primary-backup", "forget-epoch", "set mode sync\nset exclude off", System::Wild),
    ("primary-backup", "keep-divergent", "set mode sync", System::Calm),
    ("primary-backup", "lead-after-restart", "set mode sync", System::Calm),
    ("primary-backup", "never-step-down", "set mode sync\nset exclude off", System::Wild),
    ("primary-backup", "no-fencing", "set mode sync\nset exclude off", System::Wild),
    ("primary-backup", "promote-anyone", "set mode sync", System::Calm),
    ("primary-backup", "read-locally", "set mode sync", System::Calm),
    ("primary-backup", "same-epoch", "set mode sync\nset exclude off", System::Wild),
    ("primary-backup", "show-before-ack", "set mode sync", System::Calm),
    ("kafka", "append-twice", "set acks all", System::Calm),
    ("kafka", "one-epoch-lookup", "set acks leader\nset unclean on", System::Wild),
    ("kafka", "read-before-mark", "set acks all", System::Calm),
    ("kafka", "shrink-unconfirmed", "set acks all", System::Wild),
    ("kafka", "truncate-to-high-water-mark", "set acks all", System::Calm),
];

#[test]
fn promises_are_broken_by_mistakes() {
    let budget = runs().max(300);
    let mut missed = Vec::new();
    for &(protocol, bug, lines, system) in HUNTS {
        let bugs = [bug];
        let trial = Trial { protocol, lines, bugs: &bugs, system, nodes: (2, 4) };
        let mut events = 0;
        let mut found = None;
        for seed in 0..budget {
            let run = play(&trial, seed);
            events += run.events;
            if let Some((check, _)) = run.violated.iter().find(|(_, promised)| *promised) {
                found = Some((seed, checks(protocol)[*check].formal));
                break;
            }
        }
        match found {
            Some((seed, check)) => println!("| {bug} | {seed} | {events} | {check} |"),
            None => missed.push((bug, events)),
        }
    }
    println!("not in {budget} runs: {missed:?}");
    assert!(missed.len() <= 4, "{missed:?}");
}
