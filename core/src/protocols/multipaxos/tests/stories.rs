//! What the papers say of a stable leader, gaps, catching up, quorums and leases, as stories.

use super::{play, violated};
use crate::protocols::testing::field;
use alloc::string::ToString;

/// §3: slot 2 is chosen, slot 1 is not known to be: nothing is executed; the new leader finds
/// slot 2 reported and nothing for slot 1, which gets a no-op.
#[test]
fn a_gap_is_filled_with_a_no_op() {
    let run = play(
        "",
        "nodes 3
client c1 at n1
client c2 at n1
drop n1->n2 accept #1
drop n1->n3 accept #1
at 10ms timeout n1
at 50ms c1 put x 1
at 60ms c2 put y 2
at 95ms kill n1
at 110ms timeout n2",
    );
    assert!(violated(&run).is_empty(), "{:?}", run.violations());
    assert_eq!(field(&run, "n2", "log"), "2 2");
    assert_eq!(field(&run, "n2", "chosen"), "2");
    assert_eq!(field(&run, "n2", "x"), "", "slot 1 was lost with n1, and nobody was told");
    assert_eq!(field(&run, "n2", "y"), "2");
    let mut earlier = run;
    earlier.seek(94_000);
    assert_eq!(field(&earlier, "n1", "applied"), "0", "slot 2 waits for slot 1");
    assert_eq!(earlier.stage().committed, 0);
}

/// The stable leader does phase 2 only: one round trip and one sync for each command.
#[test]
fn a_stable_leader_needs_one_round_trip() {
    let run = play(
        "",
        "nodes 5
client c1 at n1
at 10ms timeout n1
at 100ms c1 put x 1
at 200ms c1 put x 2
at 300ms c1 put x 3
end 400ms",
    );
    let sent = |kind: &str| {
        let name = |k: &u8| run.declaration().messages[usize::from(*k)].name == kind;
        run.events().iter().filter(|e| e.what == crate::world::What::Send && name(&e.sub)).count()
    };
    assert_eq!((sent("prepare"), sent("promise")), (4, 4), "phase 1 once");
    assert_eq!((sent("accept"), sent("accepted")), (12, 12), "2 (n - 1) messages a command");
    assert_eq!(run.stage().committed, 3);
}

/// A learner that was cut off catches up, also over more slots than fit into one message.
#[test]
fn a_learner_catches_up() {
    let run = play(
        "",
        "nodes 3
set heartbeat 50ms
set client-timeout 200ms
client c1 at n1 every 5ms put x
at 10ms timeout n1
at 100ms cut n1--n3
at 100ms cut n2--n3
at 8s heal
end 9s",
    );
    assert!(violated(&run).is_empty(), "{:?}", run.violations());
    let chosen: u64 = field(&run, "n1", "chosen").parse().unwrap();
    let behind = chosen - field(&run, "n3", "chosen").parse::<u64>().unwrap();
    assert!(chosen > 150 && behind <= 3, "{chosen}, {behind} behind");
    let kinds = run.events().iter().filter(|event| event.what == crate::world::What::Send);
    let told = kinds.filter(|event| event.sub == super::super::kind::CHOSEN).count();
    assert!((3..20).contains(&told), "{told} messages");
}

/// Flexible Paxos: with phase-2 quorums of 2 of 5 commands need one follower, and a new leader
/// needs four.
#[test]
fn small_phase_2_quorums_need_large_phase_1_quorums() {
    let story = |quorum: u64, dead: &str| {
        alloc::format!(
            "nodes 5
set phase-2-quorum {quorum}
client c1 at n1
at 10ms timeout n1
at 60ms kill {dead}
at 70ms c1 put x 1
at 300ms kill n1
at 310ms timeout n2"
        )
    };
    // Three of five are dead: two still choose, but nobody can take over.
    let run = play("", &story(2, "n3 n4 n5"));
    assert_eq!((run.stage().committed, field(&run, "n2", "state")), (1, "preparing".to_string()));
    let run = play("", &story(0, "n3 n4 n5"));
    assert_eq!(run.stage().committed, 0, "a majority is three");
    let run = play("", &story(2, "n5"));
    assert_eq!(field(&run, "n2", "state"), "preparing", "three of four that it needs");
    let run = play("", &story(3, "n5"));
    assert_eq!(field(&run, "n2", "state"), "leader");
    assert!(violated(&run).is_empty());
}

/// A leader reads by its lease: no messages but the client's, and the right answer.
#[test]
fn a_leased_leader_answers_reads_alone() {
    let run = play(
        "",
        "nodes 3
set reads lease
set lease 400ms
client c1 at n1
at 420ms timeout n1
at 460ms c1 put x 1
at 560ms c1 get x
at 1010ms c1 get x
end 1200ms",
    );
    assert!(violated(&run).is_empty(), "{:?}", run.violations());
    assert_eq!(field(&run, "n1", "chosen"), "2", "the second read came after the lease");
    let answers: alloc::vec::Vec<_> = run.operations().iter().map(|op| op.answer.clone()).collect();
    assert_eq!(answers, ["ok", "1", "1"]);
}

/// After a restart everything known as chosen is executed again from the own disk.
#[test]
fn a_restart_recalls_what_was_chosen() {
    let run = play(
        "",
        "nodes 3
client c1 at n1
at 10ms timeout n1
at 50ms c1 put x 1
at 150ms c1 put x 2
at 250ms c1 put x 3
at 400ms kill n2
at 410ms restart n2
end 450ms",
    );
    assert_eq!(field(&run, "n2", "applied"), "2", "that of slot 3 came with no later record");
    assert_eq!(field(&run, "n2", "x"), "2");
}
