//! The language as a whole: what is wrong and where, round trips, damaged texts.

use super::random::Random;
use super::sample::{RAFT, TEXTS};
use super::words::{ACTIONS, STATEMENTS};
use super::*;
use alloc::format;
use alloc::string::{String, ToString};
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
                let reseeded = read(&set_seed(&text, &scenario, 7)).map(|s| s.seed());
                assert_eq!(reseeded, Ok(7), "seed {seed}\n{text:?}");
                let (with_heal, _) = insert_action(&text, &scenario, 1, &Action::Heal(None));
                assert!(read(&with_heal).is_ok(), "seed {seed}\n{text:?}");
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

/// Everything wrong with a line in a text that is else right, one indented line for each:
/// `column+length message / hint`.
fn wrong(line: &str) -> String {
    let text = format!("protocol raft\nnodes 5\nclient c1\n{line}\n");
    let mut out = format!("{line}\n");
    for d in read(&text).err().unwrap_or_default() {
        assert_eq!(d.line, 4, "{line}: {d:?}");
        out.push_str(&format!("    {}+{} {} / {}\n", d.column, d.length, d.message, d.hint));
    }
    out
}

#[test]
fn wrong_lines_are_told_exactly() {
    let golden = include_str!("wrong_lines.txt");
    let lines = golden.lines().filter(|line| !line.starts_with("    "));
    let told: String = lines.map(wrong).collect();
    for (told, expected) in told.lines().zip(golden.lines()) {
        assert_eq!(told, expected);
    }
    assert_eq!(told, golden);
}

/// `line:column+length message / hint` of everything wrong with a whole text.
fn told(text: &str) -> Vec<String> {
    let shown =
        |d: &Diagnostic| format!("{}:{}+{} {} / {}", d.line, d.column, d.length, d.message, d.hint);
    read(text).err().unwrap_or_default().iter().map(shown).collect()
}

#[test]
fn what_is_wrong_with_the_whole() {
    let none = ["1:1+1 this text names no protocol. / Add a line: protocol raft."];
    assert_eq!(told(""), none);
    assert_eq!(told("nodes 3\n"), none);
    assert_eq!(
        told("protocol rft\n"),
        ["1:10+3 no protocol is called “rft”. / Did you mean raft?"]
    );
    assert_eq!(
        told("protocol raft with bug forget-votes, x, x\n"),
        ["1:41+1 “x” is named twice. / Once is enough."]
    );
    assert_eq!(
        told("protocol raft with bug forget-votes, x\n"),
        [
            "1:24+12 no bug is called “forget-votes”. / Did you mean forget-vote?",
            "1:38+1 no bug is called “x”. / Possible here: forget-vote, forget-term, \
             commit-earlier-term."
        ]
    );
    assert_eq!(
        told("protocol raft\nseed 1\nseed 2\nlatency 1ms\nlatency n1->n2 1ms\nlatency 2ms\n"),
        [
            "3:1+4 line 2 already sets the seed. / Remove one of the two.",
            "6:1+7 line 4 already sets the latency. / Remove one of the two."
        ]
    );
}

#[test]
fn every_mistake_is_told_and_none_twice() {
    let text =
        "protocol raft\nnodes five\nclient c1 every\nat 1s crash n99\nat 2s c7 get x\nfoo 1\n";
    let places: Vec<(u32, u32)> =
        read(text).err().unwrap_or_default().iter().map(|d| (d.line, d.column)).collect();
    // Who is there is not known: the lines 4 and 5 are not blamed for the lines 2 and 3.
    assert_eq!(places, [(2, 7), (3, 16), (6, 1)]);
}

#[test]
fn a_protocol_that_has_little() {
    let mut small = RAFT;
    small.name = "echo";
    small.title = "Echo";
    small.nodes = (1, 1);
    small.starting_log = false;
    small.bugs = &[];
    small.roles = &RAFT.roles[..1];
    let told = |text: &str| -> Vec<String> {
        let wrong = parse(text, &[&RAFT, &small]).err().unwrap_or_default();
        wrong.into_iter().map(|d| format!("{}:{} {}", d.line, d.column, d.message)).collect()
    };
    assert_eq!(told("protocol echo\n"), ["1:1 Echo does not run on 3 nodes."]);
    let text = "protocol echo with bug x\nnodes 1\nlog n1 1\nclient c1\nat 1s crash n2\n";
    let expected = [
        "1:24 no bug is called “x”.",
        "3:5 Echo starts without logs.",
        "4:8 Echo has no clients.",
        "5:13 there is no n2.",
    ];
    assert_eq!(told(text), expected);
}

#[test]
fn a_text_has_an_end() {
    let text = format!("protocol raft\n{}", "at 1s heal\n".repeat(LINES_MOST - 1));
    assert!(read(&text).is_ok());
    assert_eq!(
        told(&format!("{text}# one more\n\n")),
        ["10001:1+1 a text has at most 10000 lines. / Leave out what is below."]
    );
    // Neither a long line nor a long word takes long.
    let names: String = (1..20_000).map(|k| format!(" n{k}")).collect();
    assert!(read(&format!("protocol raft\nat 1s crash{names}\n")).is_err());
    assert!(read(&format!("protocol raft\n{}", "x-".repeat(100_000))).is_err());
}

/// The reference keeps its word: its scenarios and single lines parse, no form is missing, and
/// the mistake that it shows is told so.
#[test]
fn the_reference_is_true() {
    let reference = include_str!("../../../docs/scenario.md");
    let whole = fenced(reference);
    assert!(!whole.is_empty());
    for (line, text) in &whole {
        assert!(read(text).is_ok(), "block at line {line}: {:?}", read(text));
    }
    let only_lines =
        reference.replace("```happens-before", "```").replace("```lines", "```happens-before");
    let mut said = Vec::new();
    for (block, lines) in fenced(&only_lines) {
        for line in lines.lines() {
            let text = format!("protocol raft\nnodes 5\nclient c1\n{line}\n");
            assert!(read(&text).is_ok(), "{line} (block at line {block}): {:?}", read(&text));
            said.push(String::from(line));
        }
    }
    for form in STATEMENTS {
        let begins = |line: &String| line.starts_with(form.word);
        let shown = said.iter().any(begins) || reference.contains(&format!("`{}", form.word));
        assert!(shown, "the reference does not show {}", form.word);
    }
    for form in ACTIONS {
        let acts = |line: &String| line.contains(&format!("s {}", form.word));
        assert!(said.iter().any(acts), "the reference does not show {}", form.word);
    }
    let text = format!("{}at 1800ms partion n1 | n2\nprotocol raft\n", "\n".repeat(11));
    let wrong = read(&text).err().unwrap_or_default();
    assert!(reference.contains(&wrong[0].render(&text, "minority.hb")));
}
