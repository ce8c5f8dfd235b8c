//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing. (The other rules
//! have theirs in the catalogue and in `stories`.)

use super::stories::violated;
use crate::draw::{Purpose, draw};
use crate::explore::random_text;
use crate::protocols::raft::rules::BUGS;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &str, &str)] = &[
    (
        // n1 leads without n2's vote; n2 takes its entry 3 after another entry 2.
        "ignore-prev-term",
        "Log matching",
        "nodes 3
log n1 1 1
log n2 1 2
log n3 1 1
client c1 at n1
at 10ms timeout n1
at 20ms timeout n1
at 100ms c1 put x",
    ),
    (
        // Of five servers n1 has its own vote and n2's, which the network delivers twice.
        "count-votes-twice",
        "Election safety",
        "nodes 5
at 1ms partition n1 n2 | n3 n4 n5
duplicate n2->n1 vote-granted #1
at 10ms timeout n1
at 10ms timeout n3",
    ),
    (
        "half-is-enough",
        "Election safety",
        "nodes 4
at 1ms partition n1 n2 | n3 n4
at 10ms timeout n1
at 10ms timeout n3",
    ),
    (
        // n3 has stale entries 2 and 3; the leader's entry 2 is lost on the way to it, the
        // heartbeat that says "2 is committed" is not.
        "commit-beyond-match",
        "State machine safety",
        "nodes 3
log n1 1
log n2 1
log n3 1 1 1
client c1 at n1
drop n1->n3 append #1
at 10ms timeout n1
at 100ms c1 put x",
    ),
    (
        "leader-rewrites",
        "Leader append-only",
        "nodes 3
log n1 1 1
log n2 1 1
log n3 1 1
at 10ms timeout n1",
    ),
    (
        // Entry 3 of term 3 is committed on n2 and n3; n1 has four entries of term 1.
        "longest-log-wins",
        "Leader completeness",
        "nodes 3
log n1 1 1 1 1
log n2 1 2
log n3 1 2
client c1 at n2
at 1ms partition n1 | n2 n3
at 10ms timeout n2
at 100ms c1 put x
at 200ms crash n2
at 210ms heal
at 220ms timeout n1
at 230ms timeout n1
at 240ms timeout n1",
    ),
    (
        // n3 votes for n1, hears it lead, and votes for n2 in the same term.
        "drop-vote",
        "Election safety",
        "nodes 3
at 1ms cut n1--n2
at 10ms timeout n1
at 100ms timeout n2",
    ),
];

fn play(protocol: &str, story: &str) -> Run {
    let text: String = alloc::format!(
        "protocol raft{protocol}
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set client-timeout 60s
{story}
end 1s"
    );
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    assert!(run.without_effect().is_empty(), "{:?} in\n{text}", run.without_effect());
    run
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    for (bug, check, story) in STORIES {
        let wrong = play(&alloc::format!(" with bug {bug}"), story);
        assert!(violated(&wrong).contains(check), "{bug}: {:?}", violated(&wrong));
        let right = play("", story);
        assert!(violated(&right).is_empty(), "{bug} mended: {:?}", right.violations());
    }
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..300 {
        let drawn = draw(seed, Purpose::Generate, &[77]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> place & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        let text = random_text(seed, &names);
        Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}")).finish();
    }
}
