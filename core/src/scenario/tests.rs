//! The language as a whole: what is wrong and where, round trips, damaged texts.

use super::random::Random;
use super::sample::{RAFT, TEXTS};
use super::*;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

fn read(text: &str) -> Result<Scenario, Vec<Diagnostic>> {
    parse(text, &[&RAFT])
}

#[test]
fn every_sample_parses_and_printing_is_stable() {
    for text in TEXTS.iter().filter(|text| !text.is_empty()) {
        let scenario = read(text).unwrap_or_else(|wrong| panic!("{text}\n{wrong:#?}"));
        let printed = scenario.to_string();
        assert_eq!(read(&printed).as_ref(), Ok(&scenario), "{printed}");
        assert_eq!(read(&printed).map(|s| s.to_string()), Ok(printed));
    }
}

#[test]
fn a_statement_for_each_line() {
    let count = |text: &str| read(text).map(|s| s.statements.len());
    assert_eq!(count("protocol raft"), Ok(1));
    assert_eq!(count("protocol raft\n"), Ok(1));
    assert_eq!(count("protocol raft\n\n"), Ok(2));
    assert_eq!(count("\r\nprotocol raft\r\n# x\r\n"), Ok(3));
}

#[test]
fn canonical_forms() {
    let cases = [
        ("at 1.5s  pause n1 300ms", "at 1500ms pause n1 for 300ms"),
        ("at 0.0025s cut n1 — n2#why", "at 2.5ms cut n1--n2 # why"),
        ("latency 20ms .. 20ms", "latency 20ms"),
        ("when crash: say \"a\"", "when crash say \"a\""),
        ("expect Same index, same term: same log", "expect same index same term same log"),
        ("at 250us heal", "at 250us heal"),
        ("loss 0.50%", "loss 0.5%"),
        ("at 5ms drift n1 +500ppm", "at 5ms drift n1 500ppm"),
    ];
    for (line, canonical) in cases {
        let text = format!("protocol raft\n{line}\n");
        let scenario = read(&text).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"));
        let printed = scenario.statements[1].to_string();
        assert_eq!(printed, canonical);
    }
}

#[test]
fn two_thousand_random_scenarios_survive_print_and_parse() {
    for seed in 0..2_000 {
        let scenario = Random(seed).scenario();
        let text = scenario.to_string();
        match read(&text) {
            Ok(again) => assert_eq!(again, scenario, "seed {seed}\n{text}"),
            Err(wrong) => panic!("seed {seed}\n{}", wrong[0].render(&text, "random.hb")),
        }
    }
}

#[test]
fn a_hundred_thousand_damaged_texts() {
    let mut accepted = 0;
    for seed in 0..100_000 {
        let mut random = Random(seed);
        let text = *random.pick(TEXTS);
        let text = random.damage(text);
        match read(&text) {
            Ok(scenario) => {
                accepted += 1;
                let printed = scenario.to_string();
                assert_eq!(read(&printed).as_ref(), Ok(&scenario), "seed {seed}\n{text:?}");
            }
            Err(wrong) => {
                assert!(!wrong.is_empty(), "seed {seed}");
                let first = &wrong[0];
                assert!(first.line >= 1 && first.column >= 1 && first.length >= 1, "seed {seed}");
                assert!(!first.render(&text, "damaged.hb").is_empty());
            }
        }
    }
    assert!(accepted > 5_000, "the damage is too great to reach deep: {accepted}");
}
