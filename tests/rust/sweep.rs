//! A share of the random Raft runs: none breaks a check, the slower means agree with the
//! fast ones, and everything that can happen does. Any number of runs:
//! `cargo run --release -p happens-before-cli -- sweep --seeds 0..20000`.

use happens_before::explore::{Extent, HEADINGS, Report, Tally, judge_run, random_text};
use std::sync::atomic::{AtomicU64, Ordering};

/// As many as fit into about a minute on two cores.
const RUNS: u64 = 2_000;

/// Plays these seeds on all cores; every report with its seed, in order of seeds.
pub fn reports(seeds: std::ops::Range<u64>, bugs: &[String]) -> Vec<(u64, Report)> {
    play_all(seeds, |seed| random_text(seed, bugs))
}

/// Plays the texts of these seeds on all cores; every report with its seed, in order of seeds.
pub fn play_all(
    seeds: std::ops::Range<u64>,
    text: impl Fn(u64) -> String + Sync,
) -> Vec<(u64, Report)> {
    let next = AtomicU64::new(seeds.start);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut mine = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return mine;
            }
            let report = judge_run(&text(seed), Extent::of_seed(seed, true));
            mine.push((seed, report.expect("a random run is a text")));
        }
    };
    let mut all: Vec<(u64, Report)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    all.sort_by_key(|(seed, _)| *seed);
    all
}

#[test]
fn random_runs_hold_and_reach_everything() {
    let mut tally = Tally::default();
    for (seed, report) in reports(0..RUNS, &[]) {
        let next = seed + 1;
        assert!(
            report.holds() && !report.unknown,
            "seed {seed}: {:?} {:?}\n\
             happens-before sweep --seeds {seed}..{next} --print | happens-before run -",
            report.violations,
            report.disagreements
        );
        tally.merge(&report.tally);
    }
    println!("{} runs, {} steps, {} events", tally.runs, tally.steps, tally.events);
    for heading in HEADINGS {
        for (name, count) in tally.rows(heading) {
            println!("{heading:<12}{name:<26}{:>12}", count.times);
        }
    }
    assert!(tally.missing().is_empty(), "never happened: {:?}", tally.missing());
    let (steps, answered) = tally.median();
    assert!(steps >= 5_000 && answered >= 100, "the median run: {steps} steps, {answered} answers");
}
