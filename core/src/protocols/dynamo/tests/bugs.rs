//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing that is promised.

use super::{play, violated};
use crate::draw::{Purpose, draw};
use crate::explore::random_text_of;
use crate::protocols::dynamo::rules::BUGS;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &[&str], &str)] = &[
    (
        // One is enough, and that one acknowledges from memory.
        "ack-before-sync",
        &["Durability", "Acknowledged survives"],
        "nodes 3
seed 3
client c1 at n1
set w 1
set anti-entropy off
at 1ms disk n1 slow by 500ms
at 10ms c1 put x 1
at 80ms crash n1
at 90ms restart n1",
    ),
    (
        // n1 sends its first write before it is on disk, forgets it, and makes another first one.
        "reuse-dot",
        &["Distinct dots"],
        "nodes 3
seed 3
client c1 at n1
client c2 at n1
set anti-entropy off
at 1ms disk n1 slow by 500ms
at 10ms c1 put x 1
at 60ms crash n1
at 70ms restart n1
at 80ms c2 put x 2",
    ),
    (
        "replace-unseen",
        &["Acknowledged survives", "Regularity"],
        "nodes 3
client c1 at n1
client c2 at n2
client c3 at n3
at 10ms c1 put x 1
at 100ms c2 put x 2
at 300ms c3 get x",
    ),
    (
        // n3 is away; n4 keeps x for it, sends it once, into the void, and forgets.
        "forget-hint",
        &["Handoff"],
        "nodes 4
client c1 at n1
set quorum sloppy
set w 3
set hand-off 200ms
set anti-entropy off
at 1ms partition n1 n2 n4 | n3
at 10ms c1 put x 1",
    ),
    (
        // The first write reaches n3 after the second, which had seen it.
        "overwrite",
        &["Monotonic replicas"],
        "nodes 3
client c1 at n1
set anti-entropy off
hold n1->n3 store #1
at 10ms c1 put x 1
at 100ms c1 put x 2
at 200ms deliver n1->n3 store #1",
    ),
    (
        // n2's acknowledgement counts for two.
        "count-twice",
        &["Durability"],
        "nodes 3
client c1 at n1
set w 3
set anti-entropy off
duplicate n2->n1 taken #1
drop n1->n3 store #1
at 10ms c1 put x 1",
    ),
    (
        // Both coordinators take a write in the same microsecond.
        "equal-stamps",
        &["Convergence"],
        "nodes 3
client c1 at n1
client c2 at n2
set conflicts last-write-wins
set compare 50ms
at 10ms c1 put x 1
at 10ms c2 put x 2",
    ),
];

fn tell(protocol: &str, story: &str) -> Run {
    play(&alloc::format!("protocol dynamo{protocol}\nlatency 10ms\ndisk 1ms\n{story}\nend 1s"))
}

/// What is promised of those texts: everything but that clients see one copy.
fn broken(run: &Run) -> Vec<&'static str> {
    violated(run).into_iter().filter(|check| *check != "Linearizable").collect()
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    assert_eq!(STORIES.len(), BUGS.len());
    for (bug, checks, story) in STORIES {
        let wrong = tell(&alloc::format!(" with bug {bug}"), story);
        let broken_by_it = violated(&wrong);
        assert!(wrong.without_effect().is_empty(), "{bug}: {:?}", wrong.without_effect());
        for check in *checks {
            assert!(broken_by_it.contains(check), "{bug}: {broken_by_it:?}, not {check}");
        }
        let right = tell("", story);
        assert!(broken(&right).is_empty(), "{bug} mended: {:?}", right.violations());
    }
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..200 {
        let drawn = draw(seed, Purpose::Generate, &[79]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> place & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        play(&random_text_of("dynamo", seed, &names));
    }
}
