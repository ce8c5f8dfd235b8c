//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing, or no more than two
//! primaries that each believe.

use super::{play, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{System, Trial};
use crate::protocols::backup::rules::BUGS;
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

/// Bug, what breaks, what is broken without it, the story.
const STORIES: &[(&str, &str, &[&str], &str)] = &[
    (
        // n3 did not get the write, n2 did; n3 loses patience first.
        "promote-anyone",
        "Acknowledged survives",
        &[],
        "set mode semi-sync
client c1 at n1
drop n1->n3 append #1
at 200ms c1 put x 1
at 225ms crash n1
at 230ms timeout n3",
    ),
    ("ack-before-sync", "Durability", &[], "set mode async\nclient c1 at n1\nat 200ms c1 put x 1"),
    (
        // n1 comes back with an entry 1 that nobody else got; entry 2 is put on top of it.
        "keep-divergent",
        "Log matching",
        &[],
        "client c1 at n1
client c2 at n2
drop n1->n2 append #1
drop n1->n3 append #1
at 200ms c1 put x 1
at 207ms kill n1
at 210ms timeout n2
at 500ms c2 put x 2
at 700ms restart n1
at 900ms c2 put x 3",
    ),
    (
        // n2's own epoch is forgotten with everybody's memory of it; it takes the next again.
        "forget-epoch",
        "Unique epochs",
        &[],
        "log n1 1
log n2 1 1
log n3 1
drop n2->n1 append #1
at 100ms timeout n2
at 130ms kill n1 n2 n3
at 140ms restart n1 n2 n3
at 150ms timeout n2",
    ),
    (
        // The last words of a dead primary reach n3 long after n2 took over.
        "no-fencing",
        "Acknowledged survives",
        &[],
        "client c1 at n1
client c2 at n2
hold n1->n3 append #1
drop n1->n2 append #1
at 200ms c1 put x 1
at 206ms kill n1
at 210ms timeout n2
at 500ms c2 put x 2
at 700ms deliver n1->n3 append #1
at 720ms crash n2
at 730ms timeout n3",
    ),
    (
        // n1 was cut off and replaced; the cut is healed, it is told, and it goes on.
        "never-step-down",
        "Acknowledged survives",
        &["Pb1"],
        "set mode async
client c1 at n1
at 200ms partition n1 | n2 n3
at 210ms timeout n2
at 300ms heal
at 500ms c1 put x 1",
    ),
    (
        // n2 has the write, but does not know yet that it was acknowledged.
        "read-locally",
        "Linearizable",
        &[],
        "client c1 at n1
client c2 at n2
at 200ms c1 put x 1
at 219ms crash n1
at 220ms timeout n2
at 250ms c2 get x",
    ),
    (
        // c2 reads at n1 what n1 alone has; then n1 dies.
        "show-before-ack",
        "Linearizable",
        &[],
        "client c1 at n1
client c2 at n1
client c3 at n2
drop n1->n2 append #1
drop n1->n3 append #1
at 200ms c1 put x 1
at 210ms c2 get x
at 220ms crash n1
at 230ms timeout n2
at 300ms c3 get x",
    ),
    (
        "apply-twice",
        "Linearizable",
        &[],
        "set client-timeout 200ms
client c1 at n1
drop n1->c1 reply #1
at 200ms c1 append x a
at 800ms c1 get x",
    ),
    (
        // n3 was down when x was written, comes back, and finds itself alone.
        "lead-after-restart",
        "Acknowledged survives",
        &[],
        "client c1 at n1
at 100ms crash n3
at 400ms c1 put x 1
at 500ms crash n1 n2
at 510ms restart n3
at 520ms timeout n3",
    ),
    (
        // n2 takes over and dies; n3, which never heard of it, takes over next.
        "same-epoch",
        "Unique epochs",
        &[],
        "at 200ms partition n1 n2 | n3
at 205ms crash n1
at 210ms timeout n2
at 235ms kill n2
at 240ms timeout n3",
    ),
];

fn story(bug: &str, text: &str) -> Run {
    let has_log = text.contains("log n1");
    let start = if has_log { "" } else { "at 1ms timeout n1\n" };
    let patience = if text.contains("client-timeout") { "" } else { "set client-timeout 60s\n" };
    let text: String = alloc::format!(
        "protocol primary-backup{bug}
nodes 3
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 100ms..150ms
set answer-timeout 15ms
{patience}{start}{text}
end 1500ms"
    );
    let run = play(&text);
    assert!(run.without_effect().is_empty(), "{:?} in\n{text}", run.without_effect());
    run
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
        let mut dice = Dice::new(seed, Purpose::Generate, 300);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(30)).map(|bug| bug.name).collect();
        let lines = *dice.pick(&[
            "set mode sync",
            "set mode semi-sync\nset acks 2",
            "set mode async\nset epochs off",
            "set mode sync\nset exclude off\nset epochs off",
        ]);
        let (protocol, system, nodes) = ("primary-backup", System::Wild, (1, 5));
        play(&Trial { protocol, lines, bugs: &bugs, system, nodes }.text(seed));
    }
}
