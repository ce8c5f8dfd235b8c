//! What is promised, under faults; and that each rule has its story.

use super::{catalogue, play, violated};
use crate::catalogue::CATALOGUE;
use crate::explore::{System, Trial, is_promised};
use crate::protocols::{DECLARATIONS, find};
use crate::run::Run;
use crate::scenario::parse;
use alloc::string::String;
use alloc::vec::Vec;

/// Violations of what is promised, and answers.
fn broken(text: &str) -> (Vec<String>, usize) {
    let run = play(text);
    let scenario = parse(text, DECLARATIONS).expect("parses");
    let promised = |check: u8| is_promised(&scenario, run.declaration(), usize::from(check));
    let found = run.violations().iter().filter(|v| promised(v.check));
    let answers = run.world().members.judged().answers as usize;
    (found.map(|violation| violation.statement.clone()).collect(), answers)
}

fn tries(protocol: &str, lines: &str, system: System, seeds: u64) -> usize {
    let mut answers = 0;
    for seed in 0..seeds {
        let trial = Trial { protocol, lines, bugs: &[], system, nodes: (3, 5) };
        let text = trial.text(seed);
        let (found, answered) = broken(&text);
        assert!(found.is_empty(), "{found:#?} in\n{text}");
        answers += answered;
    }
    answers
}

#[test]
fn leases_and_tokens_hold_within_the_fault_model() {
    let answers = tries("lock", "set keep-alive on", System::Calm, 12);
    assert!(answers > 300, "{answers}");
}

#[test]
fn tokens_keep_files_whole_whatever_happens() {
    let answers = tries("lock", "timing asynchronous", System::Wild, 12);
    assert!(answers > 200, "{answers}");
}

#[test]
fn compare_and_set_needs_no_locks() {
    let lines = "timing asynchronous\nset store versions\nset locks off";
    let answers = tries("lock", lines, System::Wild, 12);
    assert!(answers > 200, "{answers}");
}

#[test]
fn redlock_holds_while_clocks_behave() {
    let answers = tries("redlock", "set clock monotonic", System::Calm, 12);
    assert!(answers > 300, "{answers}");
}

/// Every rule has a scenario of the catalogue that breaks what it says, and is whole without it.
#[test]
fn every_mistake_has_its_story() {
    for protocol in ["lock", "redlock"] {
        let declaration = find(protocol).expect(protocol).declaration;
        for bug in declaration.bugs {
            let entry = CATALOGUE.iter().find(|entry| {
                let scenario = parse(entry.text, DECLARATIONS).expect(entry.name);
                scenario.protocol() == protocol && scenario.bugs().iter().any(|b| b == bug.name)
            });
            let entry = entry.unwrap_or_else(|| panic!("{protocol}: {} has no story", bug.name));
            assert!(!violated(&play(entry.text)).is_empty(), "{}", entry.name);
            let mended = entry.text.replace(&alloc::format!(" with bug {}", bug.name), "");
            let (found, _) = broken(&mended);
            assert!(found.is_empty(), "{}: {found:#?}", entry.name);
        }
    }
}

/// Every check of both rooms is violated by some scenario, but for assertions.
#[test]
fn every_check_can_fail() {
    for protocol in ["lock", "redlock"] {
        let mut seen: Vec<&str> = Vec::new();
        for entry in CATALOGUE {
            let run = Run::new(entry.text).expect(entry.name);
            if run.declaration().name == protocol {
                seen.extend(violated(&play(entry.text)));
            }
        }
        for check in find(protocol).expect(protocol).declaration.checks {
            assert!(
                seen.contains(&check.formal) || check.formal == "Assertions",
                "{}",
                check.plain
            );
        }
    }
}

/// The lock of a dead client is free again by itself where there are leases, and never else.
#[test]
fn a_lease_outlives_nobody() {
    let without = catalogue("lock-of-the-dead");
    assert_eq!(play(without).world().members.judged().answers, 0);
    let with = without.replace("set leases off\n", "");
    assert_eq!(play(&with).world().members.judged().answers, 1);
}

/// Two clients that take locks in one order never deadlock; in two orders without detection they
/// wait until the leases end, and for ever without leases.
#[test]
fn a_cycle_is_broken_or_stays() {
    let text = catalogue("deadlock");
    assert_eq!(play(text).world().members.judged().answers, 2);
    let ignored = text.replace("set lease 10s", "set leases off\nset deadlocks ignore");
    assert_eq!(play(&ignored).world().members.judged().answers, 0);
    let ordered = ignored.replace("both b a two", "both a b two");
    assert_eq!(play(&ordered).world().members.judged().answers, 2);
}
