//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing.

use super::{play, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{System, Trial};
use crate::protocols::snapshot::rules::BUGS;
use crate::protocols::testing::{random_runs_find, random_runs_hold};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &[&str], &str)] = &[
    (
        // The 10 leave after n1 has recorded, and arrive before the marker.
        "marker-late",
        &["Consistent cut", "Conservation"],
        "at 100ms tell n1 snapshot
at 105ms tell n1 transfer n2 10",
    ),
    (
        "forget-channels",
        &["Recorded state", "Conservation"],
        "at 100ms tell n2 transfer n1 10
at 110ms tell n1 snapshot",
    ),
    (
        // The 10 overtake the marker.
        "overtaking",
        &["Consistent cut", "Conservation"],
        "delay n1->n2 marker #1 by 100ms
at 100ms tell n1 snapshot
at 105ms tell n1 transfer n2 10",
    ),
    (
        // n2's clock is behind: it records after the 10 have come that n1 sent after recording.
        "by-wall-clock",
        &["Consistent cut", "Conservation"],
        "at 50ms step n2 by -100ms
at 100ms tell n1 snapshot
at 210ms tell n1 transfer n2 10",
    ),
    (
        "record-later",
        &["Consistent cut", "Conservation"],
        "at 100ms tell n1 snapshot
at 105ms tell n1 transfer n2 10",
    ),
];

fn story(bug: &str, text: &str) -> String {
    format!("protocol snapshot{bug}\nnodes 2\nlatency 20ms\n{text}\nend 1s\n")
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    let mut wrong_stories = Vec::new();
    for (bug, checks, text) in STORIES {
        let wrong = violated(&play(&story(&format!(" with bug {bug}"), text)));
        let right = violated(&play(&story("", text)));
        if !checks.iter().all(|check| wrong.contains(check)) || !right.is_empty() {
            wrong_stories.push((bug, wrong, right));
        }
    }
    assert!(wrong_stories.is_empty(), "{wrong_stories:#?}");
    let told: Vec<&str> = STORIES.iter().map(|(bug, ..)| *bug).collect();
    let declared: Vec<&str> = BUGS.iter().map(|bug| bug.name).collect();
    assert_eq!(told, declared);
}

#[test]
fn random_runs_find_each_mistake() {
    random_runs_find("snapshot", BUGS, 0..200);
}

#[test]
fn random_runs_break_nothing() {
    random_runs_hold("snapshot", 0..60);
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Generate, 304);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(40)).map(|bug| bug.name).collect();
        let (protocol, system, nodes) = ("snapshot", System::Wild, (2, 5));
        play(&Trial { protocol, lines: "", bugs: &bugs, system, nodes }.text(seed));
    }
}
