//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing.

use super::{play, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{System, Trial};
use crate::protocols::broadcast::rules::BUGS;
use crate::protocols::testing::{random_runs_find, random_runs_hold};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &str, &str)] = &[
    (
        "as-it-comes",
        "FIFO order",
        "set order fifo
delay n1->n2 message #1 by 200ms
at 100ms tell n1 broadcast 1
at 110ms tell n1 broadcast 2",
    ),
    (
        // n2 has heard 1 when it says 2; n3 hears 2 first.
        "deliver-on-receipt",
        "Causal order",
        "set order causal
delay n1->n3 message #1 by 200ms
at 100ms tell n1 broadcast 1
when deliver of n2: tell n2 broadcast 2",
    ),
    (
        "deliver-unheard",
        "Total order",
        "set order total
at 100ms tell n1 broadcast 1
at 100ms tell n2 broadcast 2",
    ),
    (
        "ignore-ties",
        "Total order",
        "set order total
at 100ms tell n1 broadcast 1
at 100ms tell n2 broadcast 2",
    ),
    (
        "sequence-restarts",
        "Agreement",
        "set order fifo
at 100ms tell n1 broadcast 1
at 300ms kill n1
at 310ms restart n1
at 400ms tell n1 broadcast 2",
    ),
    (
        "deliver-twice",
        "Integrity",
        "duplicate n1->n2 message #1
at 100ms tell n1 broadcast 1",
    ),
    (
        // n2 acknowledges from memory; the power fails before the sync, and few of the twenty
        // records are on the disk.
        "ack-before-sync",
        "Agreement",
        "set order fifo
at 1ms disk n2 slow by 500ms
at 100ms tell n1 broadcast 1
at 101ms tell n1 broadcast 2
at 102ms tell n1 broadcast 3
at 103ms tell n1 broadcast 4
at 104ms tell n1 broadcast 5
at 105ms tell n1 broadcast 6
at 106ms tell n1 broadcast 7
at 107ms tell n1 broadcast 8
at 108ms tell n1 broadcast 9
at 109ms tell n1 broadcast 10
at 110ms tell n1 broadcast 11
at 111ms tell n1 broadcast 12
at 112ms tell n1 broadcast 13
at 113ms tell n1 broadcast 14
at 114ms tell n1 broadcast 15
at 115ms tell n1 broadcast 16
at 116ms tell n1 broadcast 17
at 117ms tell n1 broadcast 18
at 118ms tell n1 broadcast 19
at 119ms tell n1 broadcast 20
at 200ms crash n2
at 205ms disk n2 sound
at 210ms restart n2",
    ),
];

fn story(bug: &str, text: &str) -> String {
    format!("protocol broadcast{bug}\nnodes 3\n{text}\nend 2s\n")
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    let mut wrong_stories = Vec::new();
    for (bug, check, text) in STORIES {
        let wrong = violated(&play(&story(&format!(" with bug {bug}"), text)));
        let right = violated(&play(&story("", text)));
        if !wrong.contains(check) || !right.is_empty() {
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
    random_runs_find("broadcast", BUGS, 0..200);
}

#[test]
fn random_runs_break_nothing() {
    random_runs_hold("broadcast", 0..60);
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Generate, 303);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(40)).map(|bug| bug.name).collect();
        let orders = ["set order none", "set order fifo", "set order causal", "set order total"];
        let lines = *dice.pick(&orders);
        let (protocol, system, nodes) = ("broadcast", System::Wild, (2, 5));
        play(&Trial { protocol, lines, bugs: &bugs, system, nodes }.text(seed));
    }
}
