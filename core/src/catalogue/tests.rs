use super::*;
use crate::declare::Sign;
use crate::explore::is_promised;
use crate::protocols::find as protocol;
use crate::run::Beat;
use crate::scenario::{Action, Kind, parse, remove_bug};

/// What fits on two lines of the stage, in characters.
const CAPTION_MOST: usize = 72;
const UNDER_MOST: usize = 140;

/// The longest that a story may last on screen, seconds.
const SCREEN_MOST: u64 = 90;
/// By default a median flight takes this long on screen, ms.
const FLIGHT_MS: u64 = 600;

fn play(entry: &Entry) -> Run {
    let mut run = Run::new(entry.text).unwrap_or_else(|wrong| {
        panic!("{}", wrong[0].render(entry.text, &format!("{}.hb", entry.name)))
    });
    run.finish();
    run
}

#[test]
fn every_scenario_keeps_its_word() {
    for entry in CATALOGUE {
        let run = play(entry);
        let name = entry.name;
        for verdict in run.verdicts() {
            assert!(!verdict.fails, "{name}: {} {}", verdict.plain, verdict.detail);
        }
        assert_eq!(run.without_effect(), [], "{name}: lines without effect");
        assert_eq!(run.unspoken(), [0u32; 0], "{name}: captions never spoken");
    }
}

#[test]
fn every_text_is_canonical_and_matches_its_entry() {
    for entry in CATALOGUE {
        let scenario = parse(entry.text, DECLARATIONS).expect(entry.name);
        assert_eq!(format!("{scenario}"), entry.text, "{}: happens-before fmt", entry.name);
        assert_eq!(scenario.title(), entry.title, "{}", entry.name);
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(entry.name.chars().all(kebab), "{}", entry.name);
        assert!(entry.about.ends_with('.') && !entry.about[..entry.about.len() - 1].contains(". "));
        let namesakes = CATALOGUE.iter().filter(|other| other.name == entry.name);
        assert_eq!(namesakes.count(), 1, "{}", entry.name);
        assert_eq!(super::find(entry.name), Some(entry));
    }
    assert_eq!(CATALOGUE.iter().filter(|entry| entry.hero).count(), 1);
}

#[test]
fn captions_fit_and_stories_are_short() {
    for entry in CATALOGUE {
        let run = play(entry);
        let mut last_us = 0;
        for beat in run.beats().0 {
            let Beat { text, under, .. } = &beat;
            assert!(text.chars().count() <= CAPTION_MOST, "{}: {text}", entry.name);
            assert!(under.chars().count() <= UNDER_MOST, "{}: {under}", entry.name);
            last_us = last_us.max(beat.time);
        }
        assert!(run.beats().1 > 0, "{}: says nothing", entry.name);
        // The hero has no end: it goes on for as long as someone watches.
        assert!(entry.hero || run.end_us().is_some(), "{}", entry.name);
        let length_us = run.end_us().unwrap_or(last_us);
        let screen_s = length_us * FLIGHT_MS / run.median_flight_us() / 1_000;
        assert!(screen_s <= SCREEN_MOST, "{}: {screen_s} s", entry.name);
    }
}

#[test]
fn a_mistake_is_what_breaks_the_rule() {
    for entry in CATALOGUE {
        let scenario = parse(entry.text, DECLARATIONS).expect(entry.name);
        if scenario.bugs().is_empty() {
            continue;
        }
        let mut text = String::from(entry.text);
        for bug in scenario.bugs() {
            let broken = parse(&text, DECLARATIONS).expect(entry.name);
            text = remove_bug(&text, &broken, bug);
        }
        let mut run = Run::new(&text).expect(entry.name);
        run.finish();
        let mended = parse(&text, DECLARATIONS).expect(entry.name);
        let promised = |check: u8| is_promised(&mended, run.declaration(), usize::from(check));
        let broken = run.violations().iter().find(|violation| promised(violation.check));
        assert!(broken.is_none(), "{}: {broken:?}", entry.name);
    }
}

#[test]
fn the_mistakes_that_must_be_caught_have_their_scenario() {
    let raft = protocol("raft").expect("raft").declaration;
    let scripted = |bug: &str| {
        CATALOGUE.iter().any(|entry| {
            parse(entry.text, DECLARATIONS).expect(entry.name).bugs().iter().any(|b| b == bug)
        })
    };
    for bug in [
        "commit-earlier-term",
        "forget-vote",
        "forget-term",
        "vote-for-anyone",
        "truncate-always",
        "ack-before-sync",
        "count-old-acks",
        "read-locally",
        "read-before-commit",
        "late-confirmation",
        "lease-without-bound",
        "lease-from-answer",
        "lease-after-transfer",
        "forget-promise",
    ] {
        assert!(raft.bugs.iter().any(|known| known.name == bug) && scripted(bug), "{bug}");
    }
}

/// The page opens on this instant, and its first minute is made for these times.
#[test]
fn the_hero_is_the_story_that_the_page_tells() {
    let hero = CATALOGUE.iter().find(|entry| entry.hero).expect("a hero");
    let scenario = parse(hero.text, DECLARATIONS).expect("parses");
    let crash =
        |kind: &Kind| matches!(kind, Kind::At { time_us: 900_000, action: Action::Crash(_) });
    assert!(scenario.lines().any(|(_, kind)| crash(kind)));

    let mut run = Run::new(hero.text).expect("parses");
    run.seek(425_000);
    let stage = run.stage();
    let squares = stage.messages.iter().filter(|m| m.sign == Sign::Carry && m.from == 2);
    assert_eq!(squares.count(), 4, "four squares leave n3");
    assert_eq!(
        run.beats().0.last().map(|beat| beat.text.clone()).unwrap_or_default(),
        "Five machines keep one log. n3 leads."
    );

    run.seek(575_000);
    assert!(run.beats().0.last().expect("a caption").text.starts_with("A write counts"));
    run.seek(900_000);
    assert_eq!(run.beats().0.last().expect("a caption").text, "n3 is dead. Nobody knows yet.");
    run.seek(1_250_000);
    let said: Vec<String> = run.beats().0.iter().rev().take(2).map(|b| b.text.clone()).collect();
    assert_eq!(said[1], "n1 asks for votes in term 2.");
    assert_eq!(said[0], "n1 leads term 2. Nothing committed was lost.");
    run.seek(1_650_000);
    assert_eq!(run.beats().0.last().expect("a caption").text, "n3 is back, one term behind.");
}

#[test]
fn digests_are_what_they_were() {
    assert_eq!(
        digests(),
        include_str!("digests.txt"),
        "the same texts give other events: if that is meant, raise the version and run\n\
         cargo run -q -p happens-before-cli -- catalogue --digests > {FOLDER}/digests.txt"
    );
}
