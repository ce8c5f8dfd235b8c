//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing. In all of them n1
//! wants X, another wants Y, and the network sees to it that they miss each other.

use super::violated;
use crate::draw::{Purpose, draw};
use crate::explore::random_text_of;
use crate::protocols::paxos::rules::BUGS;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &[&str], &str)] = &[
    (
        // n3 promises ballot 2 to n2, restarts, and accepts n1's ballot 1.
        "forget-promise",
        &["P1a", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
hold n1->n3 accept #1
at 10ms c1 propose X
at 100ms c2 propose Y
at 134ms kill n3
at 135ms restart n3
at 136ms deliver n1->n3 accept #1",
    ),
    (
        // X is chosen by n1 and n3; n3 restarts and reports nothing to n2.
        "forget-accepted",
        &["Durability", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
at 10ms c1 propose X
at 90ms kill n3
at 91ms restart n3
at 100ms c2 propose Y",
    ),
    (
        // The same, but the power fails before the sync.
        "answer-before-sync",
        &["Durability", "Agreement"],
        "nodes 3
seed 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
at 1ms disk n3 slow by 500ms
at 10ms c1 propose X
at 90ms crash n3
at 91ms restart n3
at 100ms c2 propose Y",
    ),
    (
        "own-value",
        &["P2b", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
at 10ms c1 propose X
at 100ms c2 propose Y",
    ),
    (
        // n1 and n2 accept X in ballot 1, n3, n4 and n5 Y in ballot 3. n1 hears two X and one Y.
        "most-frequent",
        &["P2b", "Agreement"],
        "nodes 5
set round-timeout 250ms
client c1 at n1
client c3 at n3
at 10ms c1 propose X
at 35ms cut n1->n3
at 35ms cut n1->n4
at 35ms cut n1->n5
at 70ms partition n1 n2 | n3 n4 n5
at 80ms c3 propose Y
at 200ms heal
at 201ms cut n1--n4
at 201ms cut n1--n5",
    ),
    (
        "shared-ballots",
        &["Distinct ballots", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
at 10ms c1 propose X
at 12ms c2 propose Y",
    ),
    (
        // n2 and n3 accept X, n1 restarts before its own disk has it, and uses ballot 1 again.
        // A promise of the first time arrives.
        "reuse-ballot",
        &["Distinct ballots", "Agreement"],
        "nodes 3
seed 3
client c1 at n1
client c2 at n1
at 1ms disk n1 slow by 100ms
hold n3->n1 promise #1
drop n1->n2 prepare #2
drop n1->n3 prepare #2
at 10ms c1 propose X
at 200ms crash n1
at 210ms restart n1
at 220ms c2 propose Y
at 500ms deliver n3->n1 promise #1",
    ),
    (
        // n3 has promised and accepted ballot 2 when n1's ballot 1 arrives.
        "accept-below-promise",
        &["P1a", "Agreement"],
        "nodes 3
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
hold n1->n3 accept #1
at 10ms c1 propose X
at 100ms c2 propose Y
at 200ms deliver n1->n3 accept #1",
    ),
    (
        // n3 accepts ballot 2 without having promised it. Then ballot 1 arrives.
        "accept-without-promise",
        &["P1a", "P2b", "Agreement"],
        "nodes 5
client c1 at n1
client c2 at n2
client c3 at n5
drop n1->n2 accept #1
hold n1->n3 accept #1
drop n1->n4 accept #1
drop n1->n5 accept #1
drop n2->n1 prepare #1
drop n2->n3 prepare #1
drop n2->n1 accept #1
drop n2->n5 accept #1
drop n2->n5 chosen #1
drop n5->n2 prepare #1
drop n5->n4 prepare #1
at 10ms c1 propose X
at 100ms c2 propose Y
at 200ms deliver n1->n3 accept #1
at 230ms c3 propose Z",
    ),
    (
        "half-is-enough",
        &["Durability", "Agreement"],
        "nodes 4
client c1 at n1
client c2 at n3
at 1ms partition n1 n2 | n3 n4
at 10ms c1 propose X
at 12ms c2 propose Y",
    ),
    (
        // n3's promise of ballot 1 is late; n1 takes it for one of ballot 4.
        "count-old-promises",
        &["P2b", "Agreement"],
        "nodes 3
set round-timeout 150ms
client c1 at n1
client c2 at n2
at 1ms cut n1--n2
hold n3->n1 promise #1
drop n1->n3 prepare #2
at 10ms c1 propose X
at 40ms c2 propose Y
at 190ms deliver n3->n1 promise #1",
    ),
    (
        "count-twice",
        &["Durability", "Agreement"],
        "nodes 5
client c1 at n1
client c2 at n3
duplicate n2->n1 promise #1
duplicate n2->n1 accepted #1
at 1ms partition n1 n2 | n3 n4 n5
at 10ms c1 propose X
at 12ms c2 propose Y",
    ),
    (
        // n1 accepts X in ballot 1, n3 in ballot 4, and no ballot has two.
        "count-across-ballots",
        &["Durability", "Agreement"],
        "nodes 3
set round-timeout 150ms
client c1 at n1
client c2 at n2
drop n1->n2 accept #1
drop n1->n3 accept #1
drop n2->n1 prepare #1
drop n2->n1 accept #1
drop n2->n3 accept #1
drop n1->n2 prepare #2
drop n2->n3 prepare #2
drop n1->n2 accept #2
delay n2->n3 accept #2 by 20ms
at 10ms c1 propose X
at 60ms c2 propose Y
at 165ms timeout n2",
    ),
];

fn play(protocol: &str, story: &str) -> Run {
    let settings = ["set round-timeout 60s", "set back-off 60s"].map(|line| {
        match story.contains(&line[..9]) {
            true => "",
            false => line,
        }
    });
    let text: String = alloc::format!(
        "protocol paxos{protocol}
latency 10ms
disk 1ms
{}
{}
set client-timeout 60s
{story}
end 1s",
        settings[0],
        settings[1]
    );
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}

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
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..300 {
        let drawn = draw(seed, Purpose::Generate, &[77]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> place & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        let text = random_text_of("paxos", seed, &names);
        Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}")).finish();
    }
}
