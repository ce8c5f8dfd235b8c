//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing.

use super::{play, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{System, Trial};
use crate::protocols::mutex::rules::BUGS;
use crate::protocols::testing::random_runs_find;
use alloc::format;
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &str, &str)] = &[
    (
        "ignore-ties",
        "Mutual exclusion",
        "nodes 2
at 100ms tell n1 n2 enter",
    ),
    (
        // n1's request is slow on its way to n3; n3 queues n2's first, with a later time.
        "first-come",
        "Mutual exclusion",
        "nodes 3
latency 20ms
latency n1->n2 25ms
at 100ms tell n1 n2 enter",
    ),
    (
        "enter-unheard",
        "Mutual exclusion",
        "nodes 2
at 100ms tell n1 n2 enter",
    ),
    (
        // n1's acknowledgement of n2's request overtakes n1's own request.
        "overtaking",
        "Mutual exclusion",
        "nodes 2
latency 20ms
set stay 500ms
delay n1->n2 request #1 by 200ms
at 100ms tell n1 n2 enter",
    ),
    (
        "reply-while-wanting",
        "Mutual exclusion",
        "nodes 2
set algorithm ricart-agrawala
at 100ms tell n1 n2 enter",
    ),
    (
        // n2 asks second, and for the second time: n1 has asked before, with a higher number.
        "no-maximum",
        "Order of requests",
        "nodes 2
latency 20ms
set algorithm ricart-agrawala
set stay 10ms
at 100ms tell n1 enter
at 200ms tell n1 enter
at 300ms tell n2 enter",
    ),
];

fn story(bug: &str, text: &str) -> alloc::string::String {
    format!("protocol mutex{bug}\n{text}\nend 3s\n")
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
    random_runs_find("mutex", BUGS, 0..200);
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Generate, 302);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(40)).map(|bug| bug.name).collect();
        let lines = *dice.pick(&["set algorithm lamport", "set algorithm ricart-agrawala"]);
        let (protocol, system, nodes) = ("mutex", System::Wild, (2, 5));
        play(&Trial { protocol, lines, bugs: &bugs, system, nodes }.text(seed));
    }
}
