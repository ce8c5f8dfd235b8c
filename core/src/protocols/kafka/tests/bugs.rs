//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing, or no more than what
//! its settings do not promise.

use super::{play, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{System, Trial};
use crate::protocols::kafka::rules::BUGS;
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

/// Bug, what breaks, what is broken without it, the story.
const STORIES: &[(&str, &str, &[&str], &str)] = &[
    (
        // KIP-101, scenario 1: n3 has m2, but has not been told that it is committed; it is
        // started anew, and n2 dies before it has fetched m2 again.
        "truncate-to-high-water-mark",
        "Acknowledged survives",
        &[],
        "client c1 at n2
at 300ms c1 append log m1
at 600ms c1 append log m2
at 618ms kill n3
at 619ms restart n3
at 634ms crash n2",
    ),
    (
        // KIP-279: n2 and n3 lead alone in turn; n2's record of epoch 3 lies between n3's of 2
        // and 4.
        "one-epoch-lookup",
        "Log matching",
        &["Acknowledged survives", "Replica consistency"],
        "set acks leader
set unclean on
client c1 at n2
client c2 at n3
at 300ms c1 append log a
at 500ms crash n2
at 800ms c2 append log b
at 900ms crash n3
at 910ms restart n2
at 1300ms c1 append log c
at 1400ms crash n2
at 1410ms restart n3
at 1800ms c2 append log d
at 1900ms restart n2",
    ),
    (
        // n2 is cut off from n3 and from the controller, and goes on without n3.
        "shrink-unconfirmed",
        "Acknowledged survives",
        &[],
        "client c1 at n2
at 300ms partition n2 c1 | n1 n3
at 310ms c1 append log m",
    ),
    (
        // n3 leads, but was started anew and does not know yet that m is committed.
        "read-before-mark",
        "Linearizable",
        &[],
        "nodes 4
client c1 at n2
client c2 at n3
at 300ms c1 append log m
at 318ms kill n3
at 319ms restart n3
at 322ms crash n2
when leader of n3: crash n4
at 560ms c2 get log",
    ),
    (
        "append-twice",
        "Linearizable",
        &[],
        "set client-timeout 200ms
client c1 at n2
drop n2->c1 reply #1
at 300ms c1 append log m
at 1500ms c1 get log",
    ),
];

fn story(bug: &str, text: &str) -> Run {
    let patience = if text.contains("client-timeout") { "" } else { "set client-timeout 60s\n" };
    let nodes = if text.contains("nodes") { "" } else { "nodes 3\n" };
    let text: String = alloc::format!(
        "protocol kafka{bug}
{nodes}latency 5ms
disk 1ms
set heartbeat 50ms
set session-timeout 150ms
set replica-lag 150ms
{patience}{text}
end 2500ms"
    );
    play(&text)
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    let mut wrong_stories = Vec::new();
    for (bug, check, rest, text) in STORIES {
        let wrong = violated(&story(&alloc::format!(" with bug {bug}"), text));
        let right = violated(&story("", text));
        if !wrong.contains(check) || right != *rest {
            wrong_stories.push((bug, wrong, right));
        }
    }
    assert!(wrong_stories.is_empty(), "{wrong_stories:#?}");
    let told: Vec<&str> = STORIES.iter().map(|(bug, ..)| *bug).collect();
    let declared: Vec<&str> = BUGS.iter().map(|bug| bug.name).collect();
    assert_eq!(told, declared);
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..80 {
        let mut dice = Dice::new(seed, Purpose::Generate, 301);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(40)).map(|bug| bug.name).collect();
        let lines = *dice.pick(&[
            "set acks all",
            "set acks leader\nset unclean on",
            "set acks all\nset unclean on\nset flush async",
            "set acks all\nset min-insync 2\nset flush async",
        ]);
        let (protocol, system, nodes) = ("kafka", System::Wild, (2, 5));
        play(&Trial { protocol, lines, bugs: &bugs, system, nodes }.text(seed));
    }
}
