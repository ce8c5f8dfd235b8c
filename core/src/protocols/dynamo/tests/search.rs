//! What nobody has scripted: a search over seeds finds that overlapping quorums are not one copy,
//! and that replicas whose faults are over become the same.

use super::{play, violated};
use crate::explore::{Extent, Shrink, judge_run, random_text_of};
use crate::run::Run;
use crate::scenario::{Action, Kind, parse};
use alloc::string::String;
use alloc::vec::Vec;

const ONE_COPY: &str = "clients see one copy";

/// One writer and two readers near their servers, a slow network between these, no faults.
fn a_plain_day(protocol: &str, seed: u64) -> String {
    let near = |client: u16| {
        alloc::format!("latency c{client}->n{client} 1ms\nlatency n{client}->c{client} 1ms\n")
    };
    alloc::format!(
        "protocol {protocol}\nnodes 3\nseed {seed}\nlatency 10ms..200ms\n{}{}{}disk 1ms\n\
         set client-timeout 10s\nclient c1 at n1 every 300ms put x\n\
         client c2 at n2 every 40ms get x\nclient c3 at n3 every 40ms get x\nend 3s",
        near(1),
        near(2),
        near(3)
    )
}

/// Clients did not see one copy, though each answer is one value, every read saw what had been
/// acknowledged before it began, and all else held.
fn is_found(run: &Run) -> bool {
    let mut answers = run.world().members.history().iter().map(|operation| &operation.answer);
    violated(run) == ["Linearizable"] && !answers.any(|answer| answer.contains('|'))
}

#[test]
fn a_search_over_seeds_finds_that_overlap_is_not_enough() {
    // R = W = 2 of N = 3, and nothing goes wrong but that messages take their time.
    for repair in ["on", "off"] {
        let text = |protocol| alloc::format!("{protocol}\nset read-repair {repair}");
        let found = |seed: &u64| is_found(&play(&a_plain_day(&text("dynamo"), *seed)));
        let seeds: Vec<u64> = (0..40).filter(found).collect();
        assert!(!seeds.is_empty(), "read repair {repair}: nothing found");
    }
}

#[test]
fn what_was_found_becomes_small_and_needs_no_fault() {
    let seed = (0..40).find(|&seed| is_found(&play(&a_plain_day("dynamo", seed)))).expect("one");
    let mut shrink = Shrink::new(&a_plain_day("dynamo", seed), Some(ONE_COPY)).expect("violated");
    while shrink.step() {}
    let text = shrink.text();
    let scenario = parse(&text, crate::protocols::DECLARATIONS).expect("a text");
    let does = |kind: &Kind| match kind {
        Kind::At { action, .. } => Some(action.clone()),
        _ => None,
    };
    let actions: Vec<Action> = scenario.lines().filter_map(|(_, kind)| does(kind)).collect();
    let asks = |action: &Action| matches!(action, Action::Request(..));
    assert!(actions.iter().all(asks) && (3..=4).contains(&actions.len()), "{text}");
    assert!(is_found(&play(&text)), "{text}");
}

#[test]
fn random_runs_find_it_too() {
    // Strict quorums, whatever faults and clocks: all else holds, and it is not one copy.
    let found = |seed: &u64| {
        let text = random_text_of("dynamo", *seed, &[]);
        text.contains("set quorum strict") && is_found(&play(&text))
    };
    assert!((0..300).any(|seed| found(&seed)));
}

#[test]
fn the_same_days_are_linearizable_where_readers_write() {
    for seed in 0..40 {
        let run = play(&a_plain_day("abd", seed));
        assert!(violated(&run).is_empty(), "seed {seed}: {:?}", run.violations());
    }
}

/// Two seconds of faults and writes; then all is well, and nobody asks any more.
fn faults_end(seed: u64, conflicts: &str) -> String {
    let mut text = alloc::format!(
        "protocol dynamo\nnodes {}\nseed {seed}\nlatency 5ms..30ms\ndisk 1ms..3ms\n\
         set quorum {}\nset conflicts {conflicts}\nset compare 100ms\n\
         client c1 at n1\nclient c2 at n2\nclient c3 at n3\n\
         chaos intensity=8 crash partition link until 2s\n",
        3 + seed % 3,
        ["strict", "as-set", "sloppy"][(seed / 3 % 3) as usize],
    );
    for step in 0..45 {
        let (client, key) = (1 + step % 3, ["x", "y"][(step / 3 % 2) as usize]);
        let word = if (seed + step).is_multiple_of(4) { "get" } else { "put" };
        text += &alloc::format!("at {}ms c{client} {word} {key}\n", 20 + 40 * step);
    }
    text + "at 2s heal\nat 2s restart all\nat 2s resume all\nend 4s"
}

#[test]
fn when_the_faults_are_over_all_replicas_become_the_same() {
    // Within a bound: what is under way ends within four times a coordinator's patience, hints
    // are handed over every 200 ms, and each server has compared with each other after four times
    // 100 ms. Two seconds are more than enough.
    let mut kept = 0;
    for seed in 0..60 {
        let conflicts = ["siblings", "last-write-wins"][(seed % 2) as usize];
        let run = play(&faults_end(seed, conflicts));
        for key in ["x", "y"] {
            let servers = 3 + seed % 3;
            let first = key.bytes().map(u64::from).sum::<u64>() % servers;
            let has = |step: u64| {
                let name = alloc::format!("n{}", 1 + (first + step) % servers);
                let fields = run.inspect(&name).expect("up");
                fields.into_iter().find(|(field, _)| field == key).map(|(_, value)| value)
            };
            assert_eq!((has(0), has(1)), (has(1), has(2)), "seed {seed}: {key}");
            kept += usize::from(has(0).is_some());
        }
    }
    assert!(kept > 100, "{kept} of 120 registers were written");
}

#[test]
fn random_runs_find_each_mistake() {
    for bug in super::super::rules::BUGS {
        let fails = |seed: &u64| {
            let text = random_text_of("dynamo", *seed, &[bug.name.into()]);
            judge_run(&text, Extent::default()).is_ok_and(|report| !report.violations.is_empty())
        };
        assert!((0..200).any(|seed| fails(&seed)), "{}", bug.name);
    }
}
