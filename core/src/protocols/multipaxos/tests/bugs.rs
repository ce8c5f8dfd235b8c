//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing. In most of them n1
//! leads first and another server replaces it behind its back.

use super::{play, violated};
use crate::draw::{Purpose, draw};
use crate::explore::random_text_of;
use crate::protocols::multipaxos::rules::BUGS;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &[&str], &str)] = &[
    (
        // n3 promises ballot 2 to n2, restarts, and accepts from n1 in ballot 1.
        "forget-promise",
        &["P1a", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 10ms timeout n1
at 100ms cut n1--n2
at 110ms timeout n2
at 145ms kill n3
at 146ms restart n3
at 147ms c1 put x 1
at 170ms c2 put x 2",
    ),
    (
        "forget-accepted",
        &["Durability", "State machine safety"],
        "nodes 3
client c1 at n1
client c2 at n2
at 10ms timeout n1
at 50ms c1 put x 1
at 100ms partition n1 c1 | n2 n3 c2
at 101ms kill n2 n3
at 102ms restart n2 n3
at 110ms timeout n2
at 200ms c2 put x 2",
    ),
    (
        "ack-before-sync",
        &["Durability", "State machine safety"],
        "nodes 3
seed 3
client c1 at n1
client c2 at n2
at 10ms timeout n1
at 40ms disk n2 n3 slow by 500ms
at 50ms c1 put x 1
at 100ms partition n1 c1 | n2 n3 c2
at 101ms crash n2 n3
at 102ms restart n2 n3
at 110ms timeout n2
at 200ms c2 put x 2
end 3s",
    ),
    (
        "ignore-accepted",
        &["P2b", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 10ms timeout n1
at 50ms c1 put x 1
at 100ms kill n1
at 110ms timeout n2
at 200ms c2 put x 2",
    ),
    (
        // n1 alone has 1 of ballot 1, n2 and n3 have chosen 2 in ballot 2. n3 hears n1 first.
        "any-ballot",
        &["P2b", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
drop n1->n2 accept #1
drop n1->n3 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 90ms partition n1 c1 | n2 n3 c2
at 100ms timeout n2
at 150ms c2 put x 2
at 250ms heal
at 251ms cut n2--n1
at 251ms cut n2--n3
at 260ms timeout n3",
    ),
    (
        "no-op-over",
        &["P2b", "Agreement"],
        "nodes 3
client c1 at n1
drop n1->n3 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 100ms kill n1
at 110ms timeout n3",
    ),
    (
        "skip-gap",
        &["State machine safety"],
        "nodes 3
client c1 at n1
client c2 at n1
drop n1->n2 accept #1
drop n1->n3 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 60ms c2 put x 2",
    ),
    (
        // n3 has 1 of ballot 1; the others have chosen 2 in ballot 2, and say “slot 1 is chosen”.
        "learn-stale",
        &["State machine safety"],
        "nodes 5
set heartbeat 100ms
client c1 at n1
client c2 at n2
drop n1->n2 accept #1
drop n1->n4 accept #1
drop n1->n5 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 90ms partition n1 n3 c1 | n2 n4 n5 c2
at 100ms timeout n2
at 150ms c2 put x 2
at 250ms heal",
    ),
    (
        "apply-twice",
        &["Linearizable"],
        "nodes 3
set client-timeout 200ms
client c1 at n1
drop n1->c1 reply #1
at 10ms timeout n1
at 50ms c1 append x a
at 500ms c1 get x",
    ),
    (
        "quorums-do-not-meet",
        &["P2b", "Agreement"],
        "nodes 4
set phase-1-quorum 2
set phase-2-quorum 2
client c1 at n1
client c2 at n3
drop n1->n3 accept #1
drop n1->n4 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 90ms partition n1 n2 c1 | n3 n4 c2
at 100ms timeout n3
at 150ms c2 put x 2",
    ),
    (
        "accept-below-promise",
        &["P1a", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 10ms timeout n1
at 100ms cut n1--n2
at 110ms timeout n2
at 147ms c1 put x 1
at 170ms c2 put x 2",
    ),
    (
        // n2 has accepted 1 in ballot 1. n1 proposes 2 in ballot 6 when that answer arrives.
        "count-old-accepts",
        &["Durability"],
        "nodes 5
client c1 at n1
client c2 at n3
drop n1->n3 accept #1
drop n1->n4 accept #1
drop n1->n5 accept #1
hold n2->n1 accepted #1
drop n3->n4 accept #1
drop n3->n5 accept #1
drop n1->n2 prepare #2
drop n1->n2 accept #2
drop n1->n4 accept #2
drop n1->n5 accept #2
at 10ms timeout n1
at 50ms c1 put x 1
at 90ms partition n1 n2 c1 | n3 n4 n5 c2
at 100ms timeout n3
at 130ms c2 put x 2
at 195ms kill n1
at 196ms restart n1
at 200ms heal
at 210ms timeout n1
at 240ms deliver n2->n1 accepted #1",
    ),
    (
        // The answers to n1's first heartbeat come when n2 has long replaced it.
        "lease-from-answer",
        &["Linearizable"],
        "nodes 3
set reads lease
set lease 400ms
client c1 at n1
client c2 at n2
delay n2->n1 beat #1 by 700ms
delay n3->n1 beat #1 by 700ms
drop n2->n1 prepare #1
drop n2->n1 heartbeat #1
drop n2->n1 accept #1
drop n2->n1 accept #2
at 420ms timeout n1
at 450ms c1 put x 1
at 860ms timeout n2
at 910ms c2 put x 2
at 1170ms c1 get x
end 2s",
    ),
    (
        "break-lease",
        &["Linearizable"],
        "nodes 3
set reads lease
set lease 400ms
client c1 at n1
client c2 at n2
drop n2->n1 prepare #1
drop n2->n1 heartbeat #1
drop n2->n1 accept #1
drop n2->n1 accept #2
at 420ms timeout n1
at 450ms c1 put x 1
at 500ms timeout n2
at 540ms c2 put x 2
at 610ms c1 get x
end 2s",
    ),
    (
        // n1's clock runs at 70%: its 400 ms are 571 ms for the others.
        "lease-without-bound",
        &["Linearizable"],
        "nodes 3
set reads lease
set lease 400ms
set clock-drift-bound 1000000
client c1 at n1
client c2 at n2
drop n2->n1 prepare #1
drop n2->n1 heartbeat #1
drop n2->n1 accept #1
drop n2->n1 accept #2
at 1ms drift n1 -300000ppm
at 610ms timeout n1
at 640ms c1 put x 1
at 1045ms timeout n2
at 1070ms c2 put x 2
at 1120ms c1 get x
end 2s",
    ),
    (
        "forget-lease",
        &["Linearizable"],
        "nodes 3
set reads lease
set lease 400ms
client c1 at n1
client c2 at n2
drop n2->n1 prepare #1
drop n2->n1 heartbeat #1
drop n2->n1 accept #1
drop n2->n1 accept #2
at 420ms timeout n1
at 450ms c1 put x 1
at 485ms kill n2 n3
at 486ms restart n2 n3
at 500ms timeout n2
at 540ms c2 put x 2
at 610ms c1 get x
end 2s",
    ),
    (
        // n2 leads and holds a lease, but what it has taken over is not chosen again yet.
        "read-too-early",
        &["Linearizable"],
        "nodes 3
set reads lease
set lease 400ms
client c1 at n1
client c2 at n2
delay n2->n3 accept #1 by 300ms
at 420ms timeout n1
at 450ms c1 put x 1
at 510ms kill n1
at 960ms timeout n2
at 1010ms c2 get x
end 2s",
    ),
];

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    assert_eq!(STORIES.len(), BUGS.len());
    for (bug, checks, story) in STORIES {
        let wrong = play(&alloc::format!(" with bug {bug}"), story);
        let broken = violated(&wrong);
        assert!(wrong.without_effect().is_empty(), "{bug}: {:?}", wrong.without_effect());
        for check in *checks {
            assert!(broken.contains(check), "{bug}: {broken:?}, not {check}");
        }
        let right = play("", story);
        assert!(violated(&right).is_empty(), "{bug} mended: {:?}", right.violations());
    }
}

#[test]
fn a_ballot_led_twice_is_seen() {
    let story = "nodes 3
at 10ms timeout n1
at 100ms kill n1 n2 n3
at 101ms restart n1 n2 n3
at 110ms timeout n1";
    assert!(violated(&play(" with bug forget-promise", story)).contains(&"Election safety"));
    assert!(violated(&play("", story)).is_empty());
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..300 {
        let drawn = draw(seed, Purpose::Generate, &[77]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> place & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        let text = random_text_of("multipaxos", seed, &names);
        Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}")).finish();
    }
}
