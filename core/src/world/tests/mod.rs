//! The world's own rules, shown with Raft: triggers between handler and release, pauses,
//! messages held and delayed.

mod adversary;
mod faults;
mod ledger;
mod model;

use crate::process::NodeId;
use crate::run::Run;
use crate::world::What;
use alloc::vec::Vec;

fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let failed: Vec<_> = run.finish().into_iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:#?} in\n{text}");
    run
}

/// Times of all events of a kind at a node, µs.
fn times(run: &Run, what: What, node: u16) -> Vec<u64> {
    let events = run.events().iter().filter(|e| e.what == what && e.node == NodeId(node));
    events.map(|event| event.time_us).collect()
}

#[test]
fn a_trigger_may_act_on_its_own_node() {
    // Its election timer runs out while its vote has not left: a second handler, whose writes
    // stand after those of the first, and whose term after the vote's.
    let run = play(
        "protocol raft
nodes 3
latency 5ms
disk 1ms
at 10ms timeout n1
when vote of n2: timeout n2
when election of n1 again: timeout n1
expect n2 term 2 at 18ms
expect n2 vote n2 at 18ms
expect leader n2 at 90ms
end 120ms",
    );
    assert_eq!(times(&run, What::Timer, 1)[0], times(&run, What::Receive, 1)[0]);
    assert!(run.steps() < 300, "an election that sets off itself ends");
}

#[test]
fn a_trigger_fires_before_effects_leave() {
    for (fault, heard) in [("crash n1", false), ("kill n1", false), ("pause n1 for 50ms", true)] {
        let run = play(&alloc::format!(
            "protocol raft
nodes 3
latency 5ms
disk 1ms
set election-timeout 1s..2s
at 10ms timeout n1
when leader of n1: {fault}
end 100ms"
        ));
        let beats = times(&run, What::Send, 0);
        let first = beats.iter().filter(|&&time_us| time_us > 15_000).min();
        assert_eq!(first.is_some(), heard, "{fault}");
        if let Some(&first) = first {
            assert_eq!(first, times(&run, What::Resume, 0)[0], "they leave when the pause ends");
        }
    }
}

#[test]
fn what_comes_during_a_pause_is_handled_after_it_in_order() {
    let run = play(
        "protocol raft
nodes 3
latency 5ms
set election-timeout 500ms..600ms
set heartbeat 50ms
at 10ms timeout n1
at 100ms pause n2 for 300ms
expect leader n1
expect n2 term 1
end 450ms",
    );
    let handled = times(&run, What::Receive, 1);
    let late = handled.iter().filter(|&&time_us| time_us == 400_000).count();
    assert!(late >= 5, "the heartbeats of 300 ms: {handled:?}");
    assert!(!handled.iter().any(|time_us| (100_000..400_000).contains(time_us)));
}

#[test]
fn a_held_message_stays_held_when_it_is_delayed() {
    let run = play(
        "protocol raft
nodes 3
latency 5ms
set election-timeout 2s..3s
hold n1->n2 vote-request #1
hold n1->n3 vote-request #1
at 10ms timeout n1
at 500ms delay n1->n2 vote-request #1 by 50ms
expect no leader at 900ms
at 1s deliver n1->n2 vote-request #1
expect leader n1
end 1200ms",
    );
    let times: Vec<u64> = run.events().iter().map(|event| event.time_us).collect();
    assert!(times.is_sorted(), "time never goes back");
}

#[test]
fn a_process_that_halts_is_down_until_it_is_restarted() {
    // n3 votes twice in term 1; the two leaders meet, and the first to hear of it halts.
    let text = "protocol raft with bug forget-vote
nodes 3
latency 5ms
disk 1ms
set election-timeout 10s..20s
at 1ms cut n1--n2
at 10ms timeout n1
at 50ms crash n3
at 60ms cut n1--n3
at 70ms restart n3
at 80ms timeout n2
at 200ms heal
expect n1 status halted at 400ms
expect n1 state leader at 190ms
expect leader n2 at 190ms
expect leader n2 at 400ms
never leader n3
at 500ms restart n1
at 500ms c1 put x
client c1 at n1
expect n1 status up at 501ms
expect n1 term 1 at 501ms
at 510ms timeout n1
expect leader n1
end 700ms";
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let verdicts = run.finish();
    assert!(run.without_effect().is_empty(), "{:?}", run.without_effect());
    let unmet: Vec<_> = verdicts.iter().filter(|v| v.formal.is_empty() && v.fails).collect();
    assert!(unmet.is_empty(), "{unmet:#?}");
}
