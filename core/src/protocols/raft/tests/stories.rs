//! Raft in the world: cases R13, R15, R16 and R21 as texts that anyone can play.

use super::event;
use crate::process::NodeId;
pub(super) use crate::protocols::testing::{field, violated};
use crate::run::Run;
use crate::world::What;
use alloc::string::ToString;
use alloc::vec::Vec;

/// Plays a text to its end; whatever it expects must hold.
pub(super) fn play(text: &str) -> Run {
    let run = play_unjudged(text);
    let failed: Vec<_> = run.verdicts().into_iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:#?} in\n{text}");
    run
}

/// Plays a text to its end; only each of its lines must act.
fn play_unjudged(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    run.finish();
    let idle = run.without_effect();
    assert!(idle.is_empty(), "{idle:?} in\n{text}");
    run
}

pub(super) fn number(run: &Run, node: &str, name: &str) -> u64 {
    field(run, node, name).parse().unwrap_or_else(|_| panic!("{node} has no number {name}"))
}

/// (term, voter, for whom) of all votes given up to the cursor.
fn votes(run: &Run) -> Vec<(u32, NodeId, NodeId)> {
    let is_vote = |what, sub| what == What::Mark && sub == event::VOTE;
    let votes = run.events().iter().filter(|event| is_vote(event.what, event.sub));
    votes.map(|event| (event.a, event.node, event.peer)).collect()
}

/// Figure 8 (a) and (b) on the disks: entry 2 of term 2 on n1 and n2, of term 3 on n5. Then n1
/// leads term 4 and brings its entry 2 to n3: (c) without an entry of term 4.
const FIGURE_8: &str = "
nodes 5
latency 5ms
disk 1ms
set election-timeout 30s..60s
set heartbeat 50ms
set client-timeout 60s
client c1 at n1
log n1 1 2
log n2 1 2
log n3 1
log n4 1
log n5 1 3
at 1ms partition n1 n2 n3 | n4 n5
at 2ms timeout n1
at 3ms timeout n1
expect leader n1 at 200ms
expect n1 term 4 at 200ms
expect n3 log 1 2 at 200ms
";

/// (d): the entry of term 4 reaches nobody, n1 dies, n5 wins term 5.
const FIGURE_8_D: &str = "
at 201ms cut n1--n2
at 202ms cut n1--n3
at 203ms c1 put x 4
at 220ms crash n1
at 230ms heal
at 300ms timeout n5
at 350ms timeout n5
at 900ms restart n1
end 1500ms
";

#[test]
fn r13_an_entry_of_an_earlier_term_is_not_committed_by_counting() {
    let run = play(&alloc::format!(
        "protocol raft{FIGURE_8}{FIGURE_8_D}
expect n1 match 2 2 2 0 0 at 200ms
expect n1 commit 0 at 200ms
expect n1 log 1 2 4 at 219ms
expect leader n5 at 800ms
expect n2 log 1 3 at 800ms
expect n3 log 1 3 at 800ms
expect n4 log 1 3 at 800ms
expect n1 log 1 3
expect n2 commit 0"
    ));
    let of_term_5: Vec<_> = votes(&run).into_iter().filter(|(term, ..)| *term == 5).collect();
    assert_eq!(of_term_5.len(), 3, "n2, n3 and n4 vote for n5");

    // The same with the rule off: entry 2 counts as committed and is overwritten.
    let text = alloc::format!("protocol raft with bug commit-earlier-term{FIGURE_8}{FIGURE_8_D}");
    let run = play_unjudged(&text);
    assert!(violated(&run).contains(&"Leader completeness"), "{:?}", violated(&run));
}

#[test]
fn r13_an_entry_of_the_own_term_commits_what_is_before_it() {
    // (e): the entry of term 4 reaches n2 and n3 before n1 dies.
    let run = play(&alloc::format!(
        "protocol raft{FIGURE_8}
at 205ms c1 put x 4
expect n1 commit 3 at 290ms
expect committed 3 at 290ms
at 300ms crash n1
at 310ms heal
at 320ms timeout n5
at 400ms timeout n5
at 500ms timeout n2
expect n2 log 1 2 4 at 450ms
never leader n5
expect leader n2
expect n5 log 1 2 4
end 1500ms"
    ));
    let for_n5: Vec<_> =
        votes(&run).into_iter().filter(|(_, _, candidate)| *candidate == NodeId(4)).collect();
    assert!(for_n5.iter().all(|(_, voter, _)| *voter == NodeId(3)), "only n4 votes for n5");
    assert!(!for_n5.is_empty());
}

#[test]
fn r15_a_minority_commits_nothing_and_loses_what_it_has() {
    let mut run = Run::new(
        "protocol raft
nodes 5
seed 3
latency 5ms..15ms
client c1 at n1 every 60ms put x
client c2 at n3 every 60ms put y
at 1ms timeout n1
at 1s partition n1 n2 | n3 n4 n5
at 2500ms heal
end 5s
always one leader per term
always everyone applies the same
expect linearizable
expect leader within 1s of partition
expect leader",
    )
    .expect("a text");

    run.seek(1_000_000);
    let (term, committed) = (number(&run, "n1", "term"), number(&run, "n1", "commit"));
    assert_eq!(field(&run, "n1", "state"), "leader");
    assert!(committed > 3);

    run.seek(2_499_000);
    let alone = number(&run, "n1", "commit");
    assert!(alone <= committed + 1, "only what was acknowledged before the cut arrived");
    assert_eq!((field(&run, "n1", "state"), number(&run, "n1", "term")), ("leader".into(), term));
    let log_alone = field(&run, "n1", "log");
    assert!(log_alone.split(' ').count() as u64 > alone, "it still takes commands");
    let others = ["n3", "n4", "n5"];
    let elected = others.iter().filter(|name| field(&run, name, "state") == "leader").count();
    assert!(elected == 1 && others.iter().all(|name| number(&run, name, "term") > term));
    assert!(others.iter().any(|name| number(&run, name, "commit") > committed + 3));

    run.seek(5_000_000);
    let names = ["n1", "n2", "n3", "n4", "n5"];
    let leaders = names.iter().filter(|name| field(&run, name, "state") == "leader").count();
    assert_eq!(leaders, 1);
    let applied = |name| {
        let commit = number(&run, name, "commit") as usize;
        let place = names.iter().position(|known| *known == name).expect("a node");
        let log = run.world().members.cells(NodeId(place as u16), usize::MAX).expect("it is up");
        log.cells[..commit].iter().map(|cell| cell.label.clone()).collect::<Vec<_>>()
    };
    let longest = names.iter().map(|name| applied(name)).max_by_key(Vec::len).expect("five");
    for name in names {
        assert!(longest.starts_with(&applied(name)), "{name} applied something else");
    }
    let suffix_terms =
        field(&run, "n1", "log").split(' ').filter(|t| **t == term.to_string()).count();
    assert_eq!(suffix_terms as u64, alone, "the uncommitted suffix of the old term is gone");
    assert!(run.finish().iter().all(|verdict| !verdict.fails), "{:#?}", run.verdicts());
}

#[test]
fn r16_an_isolated_node_counts_terms() {
    // Ten timeouts of 150 to 300 ms.
    let mut run = Run::new(
        "protocol raft
nodes 3
latency 5ms
at 1ms timeout n1
at 1s partition n1 n2 | n3
end 3250ms",
    )
    .expect("a text");
    run.seek(1_000_000);
    let before = number(&run, "n3", "term");
    run.seek(3_250_000);
    let grown = number(&run, "n3", "term") - before;
    assert!((8..=15).contains(&grown), "about one for each of ten timeouts, not {grown}");
    assert_eq!(
        (field(&run, "n3", "state"), number(&run, "n1", "term")),
        ("candidate".into(), before)
    );
}

#[test]
fn r16_a_node_one_entry_behind_is_refused_by_both() {
    let run = play(
        "protocol raft
nodes 3
latency 5ms
set election-timeout 1s..2s
log n1 1 1 1 1 1 1 1 1 1 1 1 1
log n2 1 1 1 1 1 1 1 1 1 1 1 1
log n3 1 1 1 1 1 1 1 1 1 1 1
at 100ms timeout n3
expect n3 state candidate at 110ms
expect n3 state follower at 150ms
never leader n3
expect leader within 5s of election
expect n3 log 1 1 1 1 1 1 1 1 1 1 1 1
end 6s",
    );
    assert!(votes(&run).iter().all(|(_, _, candidate)| *candidate != NodeId(2)));
}

/// The leader dies between the commit and its answer; the client asks the others.
const DIES_AFTER_COMMIT: &str = "
nodes 3
latency 5ms
client c1 at n1
at 1ms timeout n1
at 400ms c1 append x a
when commit of n1: crash n1
at 3s c1 get x
end 4s
";

/// The answer is lost; the client asks again, and is sent back to the same leader.
const ANSWER_LOST: &str = "
nodes 3
latency 5ms
client c1 at n1
at 1ms timeout n1
at 400ms c1 append x a
drop n1->c1 reply #1
at 3s c1 get x
end 4s
";

#[test]
fn r21_a_retried_command_is_applied_once() {
    for story in [DIES_AFTER_COMMIT, ANSWER_LOST] {
        let run =
            play(&alloc::format!("protocol raft{story}expect linearizable\nexpect answered 2"));
        let answers: Vec<_> = run.operations().into_iter().map(|o| o.answer).collect();
        assert_eq!(answers, ["ok", "a"], "{story}");

        let text = alloc::format!(
            "protocol raft with bug apply-twice{story}expect violated linearizable\nexpect answered 2"
        );
        let run = play(&text);
        let answers: Vec<_> = run.operations().into_iter().map(|o| o.answer).collect();
        assert_eq!(answers, ["ok", "aa"], "{story}");
        assert_eq!(violated(&run), ["Linearizable"]);
    }
}
