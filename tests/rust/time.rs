//! The rooms about time: the stamps that processes give themselves are those that a trace gives;
//! each rule switched off is caught and its mended twin is not; what a clock promises is kept in
//! random runs, and what it does not promise is lost in some.

use happens_before::catalogue::CATALOGUE;
use happens_before::explore::{Extent, System, Trial, judge_run, random_text_of};
use happens_before::protocols::{DECLARATIONS, find};
use happens_before::run::Run;
use happens_before::scenario::{parse, remove_bug};
use happens_before::stamps::StampKind;
use std::collections::BTreeSet;

fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}

fn violated(run: &Run) -> Vec<&'static str> {
    let checks = run.declaration().checks;
    run.violations().iter().map(|violation| checks[usize::from(violation.check)].formal).collect()
}

fn field(run: &Run, node: &str, name: &str) -> String {
    let fields = run.inspect(node).into_iter().flatten();
    fields.into_iter().find(|(field, _)| field == name).map(|(_, value)| value).unwrap_or_default()
}

#[test]
fn a_process_gives_itself_the_stamps_that_the_trace_gives() {
    for (clock, kind) in
        [("lamport", StampKind::Lamport), ("vector", StampKind::Vector), ("hlc", StampKind::Hlc)]
    {
        let text = format!(
            "protocol clocks\nnodes 4\nset clock {clock}\nset chatter 30ms\n\
             at 0ms drift n2 20000ppm\nat 0ms step n3 by 4ms\nend 3s\n"
        );
        let mut run = Run::new(&text).expect("a text");
        let mut compared = 0;
        while run.step() {
            let last = run.events().len() as u32 - 1;
            let node = run.events()[last as usize].node;
            let Some(name) = run.names().get(node.index()).cloned() else { continue };
            if let Some(read) = run.stamps().text(last, kind) {
                assert_eq!(field(&run, &name, "stamp"), read, "{clock}, event {last}");
                compared += 1;
            }
        }
        assert!(compared > 300, "{compared}");
    }
}

#[test]
fn each_mistake_has_a_story_that_its_mending_survives() {
    for protocol in ["clocks", "lww", "ntp"] {
        let declared = find(protocol).expect("a room").declaration;
        let mut told = BTreeSet::new();
        for entry in CATALOGUE {
            let scenario = parse(entry.text, DECLARATIONS).expect(entry.name);
            if scenario.protocol() != protocol || scenario.bugs().is_empty() {
                continue;
            }
            assert!(!violated(&play(entry.text)).is_empty(), "{}", entry.name);
            told.extend(scenario.bugs().to_vec());
            let mended = remove_bug(entry.text, &scenario, &scenario.bugs()[0]);
            assert_eq!(violated(&play(&mended)), [""; 0], "{}, mended", entry.name);
        }
        let all: BTreeSet<String> = declared.bugs.iter().map(|bug| bug.name.to_string()).collect();
        assert_eq!(told, all);
    }
}

/// The trials of a protocol with these lines, each with the checks that it violates.
fn trials<'a>(
    protocol: &'a str,
    lines: &'a str,
    seeds: u64,
    bugs: &'a [&'a str],
) -> impl Iterator<Item = Vec<&'static str>> + 'a {
    let trial = Trial { protocol, lines, bugs, system: System::Calm, nodes: (2, 5) };
    (0..seeds).map(move |seed| violated(&play(&trial.text(seed))))
}

#[test]
fn what_is_not_promised_is_lost() {
    for (protocol, lines, check) in [
        ("clocks", "set clock wall", "Clock condition"),
        ("lww", "set stamps wall", "Causal order"),
        ("lww", "set stamps wall", "Real-time order"),
        ("lww", "set stamps lamport", "Real-time order"),
    ] {
        let mut lost = trials(protocol, lines, 30, &[]);
        assert!(lost.any(|broken| broken.contains(&check)), "{lines}: {check}");
    }
}

#[test]
fn random_runs_find_the_mistakes() {
    for (protocol, lines, bug, check) in [
        ("clocks", "set clock lamport", "no-max", "Clock condition"),
        ("clocks", "set clock vector", "receipt-not-counted", "Clock condition"),
        ("clocks", "set clock lamport\nset storage on", "forget-counter", "Clock condition"),
        ("clocks", "set clock vector", "compare-by-sum", "Strong clock condition"),
        ("clocks", "set clock hlc", "trust-fast-clock", "HLC bound"),
        ("lww", "set stamps hlc", "ignore-carried-time", "Causal order"),
        ("lww", "set stamps vector", "replace-everything", "No lost update"),
    ] {
        let bugs = [bug];
        let mut found = trials(protocol, lines, 40, &bugs);
        assert!(found.any(|broken| broken.contains(&check)), "{bug}");
    }
}

#[test]
fn what_is_promised_is_kept() {
    let seeds = std::env::var("HAPPENS_BEFORE_TRIALS").ok().and_then(|n| n.parse().ok());
    for protocol in ["clocks", "lww", "ntp"] {
        for seed in 0..seeds.unwrap_or(60) {
            let text = random_text_of(protocol, seed, &[]);
            let report = judge_run(&text, Extent::of_seed(seed, false)).expect("a text");
            assert!(report.holds() && !report.unknown, "seed {seed}: {report:?} in\n{text}");
        }
    }
}
