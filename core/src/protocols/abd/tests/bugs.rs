//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing.

use super::{play, violated};
use crate::draw::{Purpose, draw};
use crate::explore::random_text_of;
use crate::protocols::abd::rules::BUGS;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &[&str], &str)] = &[
    (
        // The write has reached n1 only. c2 hears n1 and n2, c3 then n2 and n3.
        "no-write-back",
        &["Durability", "Linearizable"],
        "nodes 3
client c1
client c2
client c3
hold c1->n2 update #1
hold c1->n3 update #1
at 10ms c1 put x 1
at 100ms partition n1 n2 c2 | n3
at 101ms c2 get x
at 200ms partition n1 | n2 n3 c3
at 201ms c3 get x",
    ),
    (
        // n2 and n3 acknowledge from memory, and lose it.
        "ack-before-sync",
        &["Durability", "Monotonic tags", "Linearizable"],
        "nodes 3
seed 1
client c1
client c2
at 1ms disk n2 n3 slow by 500ms
at 2ms cut c1--n1
at 10ms c1 put x 1
at 80ms crash n2 n3
at 90ms restart n2 n3
at 100ms c2 get x",
    ),
    (
        // Both ask before either has written: both choose 1. n1 keeps X, n2 and n3 keep Y.
        "tag-without-writer",
        &["Distinct tags", "Linearizable"],
        "nodes 3
client c1
client c2
client c3
client c4
delay c1->n2 update #1 by 10ms
delay c1->n3 update #1 by 10ms
at 10ms c1 put x X
at 11ms c2 put x Y
at 100ms partition n1 n2 c3 | n3
at 101ms c3 get x
at 200ms partition n1 | n2 n3 c4
at 201ms c4 get x
at 300ms heal
at 301ms partition n1 n3 c3 | n2
at 302ms c3 get x",
    ),
    (
        // n3 has missed the write; its answer comes first.
        "first-answer",
        &["Linearizable"],
        "nodes 3
client c1
client c2
drop c1->n3 update #1
delay n1->c2 value #1 by 10ms
delay n2->c2 value #1 by 10ms
at 10ms c1 put x 1
at 100ms c2 get x",
    ),
    (
        "half-is-enough",
        &["Durability", "Linearizable"],
        "nodes 4
client c1
client c2
at 1ms partition n1 n2 c1 | n3 n4 c2
at 10ms c1 put x 1
at 100ms c2 get x",
    ),
    (
        // c1 writes twice; c2, which counts for itself, writes its first.
        "write-without-query",
        &["Linearizable"],
        "nodes 3
client c1
client c2
at 10ms c1 put x 1
at 100ms c1 put x 2
at 200ms c2 put x 3
at 300ms c1 get x",
    ),
    (
        // The first update reaches n2 and n3 after the second write.
        "overwrite-newer",
        &["Monotonic tags", "Linearizable"],
        "nodes 5
client c1
client c2
hold c1->n2 update #1
hold c1->n3 update #1
at 10ms c1 put x 1
at 100ms partition n1 n2 n3 c2 | n4 n5
at 101ms c2 put x 2
at 200ms deliver c1->n2 update #1
at 200ms deliver c1->n3 update #1
at 300ms heal
at 301ms cut c1--n1
at 302ms c1 get x",
    ),
    (
        // Its first value reaches n1 only; it restarts and hears n2 and n3.
        "reuse-tag",
        &["Distinct tags", "Linearizable"],
        "nodes 3
client c1
client c2
drop c1->n2 update #1
drop c1->n3 update #1
at 10ms c1 put x 1
at 60ms kill c1
at 70ms restart c1
at 80ms cut c1--n1
at 81ms c1 put x 2
at 200ms partition n1 n2 c2 | n3
at 201ms c2 get x
at 300ms partition n1 | n2 n3 c2
at 301ms c2 get x",
    ),
    (
        // n1's acknowledgement counts for two.
        "count-twice",
        &["Durability", "Linearizable"],
        "nodes 3
client c1
client c2
duplicate n1->c1 ack #1
drop c1->n2 update #1
drop c1->n3 update #1
at 10ms c1 put x 1
at 100ms cut c2--n1
at 101ms c2 get x",
    ),
    (
        // n3 answers c2's first read late: before the write.
        "count-old-answers",
        &["Linearizable"],
        "nodes 3
client c1
client c2
hold n2->c2 value #1
hold n3->c2 value #1
set client-tries 1
set client-timeout 100ms
at 10ms c2 get x
at 20ms c1 put x 1
at 200ms cut c2->n1
at 200ms cut c2->n2
at 200ms cut c2->n3
at 210ms c2 get x
at 220ms deliver n2->c2 value #1
at 220ms deliver n3->c2 value #1",
    ),
];

fn tell(protocol: &str, story: &str) -> Run {
    let patience = if story.contains("set client-timeout") { "" } else { "set client-timeout 60s" };
    play(&alloc::format!(
        "protocol abd{protocol}\nlatency 10ms\ndisk 1ms\n{patience}\n{story}\nend 1s"
    ))
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    assert_eq!(STORIES.len(), BUGS.len());
    for (bug, checks, story) in STORIES {
        let wrong = tell(&alloc::format!(" with bug {bug}"), story);
        let broken = violated(&wrong);
        assert!(wrong.without_effect().is_empty(), "{bug}: {:?}", wrong.without_effect());
        for check in *checks {
            assert!(broken.contains(check), "{bug}: {broken:?}, not {check}");
        }
        let right = tell("", story);
        assert!(violated(&right).is_empty(), "{bug} mended: {:?}", right.violations());
    }
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..200 {
        let drawn = draw(seed, Purpose::Generate, &[78]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> place & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        play(&random_text_of("abd", seed, &names));
    }
}
