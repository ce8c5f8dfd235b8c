//! Membership changes (dissertation ch. 4) in the world: single servers, learners, joint
//! consensus, leaders that leave. Case R19.

use super::event;
use super::stories::{field, play};
use crate::process::NodeId;
use crate::run::Run;
use crate::world::What;
use alloc::format;
use alloc::vec::Vec;

/// Quiet elections: only `timeout` begins one.
const QUIET: &str = "protocol raft
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set client-timeout 60s
client c1 at n1
at 5ms timeout n1
";

fn quiet(lines: &str) -> Run {
    play(&format!("{QUIET}{lines}"))
}

fn marks(run: &Run, which: u8) -> Vec<(NodeId, u32)> {
    let of = run.events().iter().filter(|event| event.what == What::Mark && event.sub == which);
    of.map(|event| (event.node, event.b)).collect()
}

#[test]
fn a_server_catches_up_before_it_votes() {
    let run = quiet(
        "nodes 4
set members 3
at 100ms c1 put x 1
at 200ms tell n1 add n4
expect n4 members n1 n2 n3 at 199ms
expect n1 members n1 n2 n3 n4
expect n4 members n1 n2 n3 n4
expect n4 x 1
expect n1 log 1 1
end 1s",
    );
    assert_eq!(marks(&run, event::CATCH_UP).len(), 1);
    assert_eq!(marks(&run, event::CHANGE), [(NodeId(0), 2)]);
    // Three of four decide from here on.
    quiet(
        "nodes 4
set members 3
at 100ms c1 put x 1
at 200ms tell n1 add n4
at 400ms kill n2 n3
at 500ms c1 put x 2
expect n1 commit 2
expect n4 commit 2
end 1s",
    );
}

#[test]
fn a_new_server_that_does_not_answer_is_not_added() {
    let run = play(
        "protocol raft
nodes 4
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 100ms..110ms
set no-op on
set members 3
at 5ms timeout n1
at 50ms crash n4
at 200ms tell leader add n4
expect n1 members n1 n2 n3
end 3s",
    );
    assert_eq!(marks(&run, event::GIVE_UP_CHANGE).len(), 1);
}

#[test]
fn who_is_no_member_never_asks_for_votes() {
    let run = play(
        "protocol raft
nodes 5
set members 3
latency 5ms
at 500ms tell leader learner n4
at 1s crash n1 n2
expect n4 state learner
expect n5 state outside
expect n5 term 0
end 4s",
    );
    let asked = marks(&run, event::ELECTION);
    assert!(asked.iter().all(|(node, _)| node.0 < 3), "{asked:?}");
}

#[test]
fn a_learner_has_the_log_and_no_vote() {
    quiet(
        "nodes 4
set members 3
at 100ms c1 put x 1
at 200ms tell n1 learner n4
at 300ms c1 put x 2
at 400ms kill n2 n3
at 500ms c1 put x 3
expect n4 members n1 n2 n3 + n4 at 399ms
expect n4 x 2 at 399ms
expect n1 commit 3 at 599ms
expect n4 log 1 1 1 1 at 599ms
at 600ms restart n2
at 700ms tell n1 add n4
expect n1 members n1 n2 n3 n4
expect n4 state follower
expect n4 x 3
end 1s",
    );
}

/// R19: "the leader replicates C_new without counting itself, and steps down once it commits".
#[test]
fn r19_a_leader_that_removes_itself_does_not_count_itself() {
    let run = quiet(
        "nodes 3
at 100ms c1 put x 1
at 200ms cut n1->n3
at 201ms tell n1 remove n1
expect leader n1 at 399ms
expect n1 commit 1 at 399ms
at 400ms heal
expect n1 state outside
expect n1 commit 2
expect n2 members n2 n3
at 600ms timeout n2
expect leader n2
expect n2 term 2
end 1s",
    );
    assert_eq!(marks(&run, event::LEAVE), [(NodeId(0), 2)]);
}

#[test]
fn one_change_at_a_time() {
    let run = quiet(
        "nodes 5
set members 3
at 100ms c1 put x 1
at 200ms tell n1 add n4
at 210ms tell n1 add n5
expect n1 members n1 n2 n3 n4
end 1s",
    );
    assert_eq!(marks(&run, event::BUSY).len(), 1);
}

#[test]
fn a_change_waits_for_an_entry_of_the_own_term() {
    // n1 has committed nothing in its term: it appends an entry without content first.
    let run = quiet(
        "nodes 3
at 100ms cut n1->n2
at 101ms cut n1->n3
at 110ms tell n1 remove n3
expect n1 log 1 at 199ms
at 200ms heal
expect n1 log 1 1
expect n2 members n1 n2
end 1s",
    );
    assert_eq!(marks(&run, event::CHANGE), [(NodeId(0), 2)]);
}

#[test]
fn a_configuration_that_is_overwritten_is_forgotten() {
    quiet(
        "nodes 4
set members 3
at 100ms c1 put x 1
at 200ms tell n1 remove n3
at 200ms cut n1->n2
at 200ms cut n1->n3
expect n1 members n1 n2 at 299ms
at 300ms timeout n2
at 400ms heal
at 450ms tell n2 snapshot
at 500ms tell n2 add n4
expect n1 members n1 n2 n3 n4
expect n3 members n1 n2 n3 n4
end 1s",
    );
}

// ---- joint consensus (§4.3) ----

const THREE_FOR_THREE: &str = "nodes 6
set members 3
at 100ms c1 put x 1
at 200ms tell n1 members n4 n5 n6
";

#[test]
fn three_for_three() {
    let run = quiet(&format!(
        "{THREE_FOR_THREE}expect n4 members n4 n5 n6
expect n5 members n4 n5 n6
expect n1 state outside at 599ms
expect n2 members n1 n2 n3 and n4 n5 n6 at 599ms
at 600ms timeout n5
expect leader n5
at 800ms crash n1 n2 n3
end 1s"
    ));
    assert_eq!(marks(&run, event::JOINT), [(NodeId(0), 2)]);
    assert_eq!(marks(&run, event::CHANGE), [(NodeId(0), 3)]);
    assert_eq!(marks(&run, event::LEAVE), [(NodeId(0), 3)]);
}

/// "Agreement requires separate majorities from both the old and new configurations."
#[test]
fn joint_configurations_need_both_majorities() {
    for (lost, committed) in [("n2 n3", 1), ("n5 n6", 1), ("n2 n6", 3)] {
        let run = quiet(&format!(
            "{THREE_FOR_THREE}when joint: kill {lost}
at 300ms c1 put x 2
expect n1 commit {committed}
end 1s"
        ));
        // Nor does either majority alone elect.
        let text = format!(
            "{QUIET}{THREE_FOR_THREE}when joint: kill {lost}
at 400ms kill n1
at 500ms timeout n4
end 1s"
        );
        let elected = play(&text);
        let led = marks(&elected, event::LEADER).len() > 1;
        assert_eq!(led, committed > 1, "{lost}");
        assert!(marks(&run, event::JOINT).len() == 1);
    }
}

/// A new leader ends what its predecessor has begun, with an entry of its own term first.
#[test]
fn a_new_leader_finishes_a_joint_change() {
    let run = quiet(&format!(
        "{THREE_FOR_THREE}at 230ms kill n1
expect n4 members n1 n2 n3 and n4 n5 n6 at 299ms
at 300ms timeout n4
expect leader n4
expect n4 members n4 n5 n6
end 1s"
    ));
    // Entry 2 is the joint one, 3 has no content.
    assert_eq!(marks(&run, event::CHANGE), [(NodeId(3), 4)]);
}

#[test]
fn members_outlive_a_restart_with_and_without_a_snapshot() {
    for snapshot in ["", "at 550ms tell n4 snapshot\nat 551ms tell n1 snapshot\n"] {
        let run = quiet(&format!(
            "nodes 4
set members 3
at 100ms c1 put x 1
at 200ms tell n1 add n4
at 400ms tell n1 remove n3
{snapshot}at 600ms crash n1 n2 n4
at 610ms restart all
at 700ms timeout n4
expect leader n4
expect n4 members n1 n2 n4
end 1s"
        ));
        assert_eq!(field(&run, "n1", "members"), "n1 n2 n4");
    }
}

#[test]
fn a_new_server_gets_the_snapshot_and_the_members_with_it() {
    let run = quiet(
        "nodes 4
set members 3
at 100ms c1 put x 1
at 150ms c1 append y a
at 200ms tell n1 snapshot
at 300ms tell n1 add n4
expect n4 snapshot 2
expect n4 y a
expect n4 members n1 n2 n3 n4
end 1s",
    );
    let installed = marks(&run, event::INSTALL);
    assert_eq!(installed, [(NodeId(3), 2)]);
}

#[test]
fn a_change_waits_for_a_transfer() {
    // The new configuration would be in the old leader's log only, and the target's log no
    // longer up to date: nobody could win for an election timeout.
    let told = "protocol raft
nodes 4
latency 20ms
set members 3
set no-op on
set election-timeout 400ms..600ms
client c1 at n1 every 50ms put x
at 10ms timeout n1
when timeout-now of n1: tell n1 learner n4
at 500ms tell n1 transfer n2
end 2s
expect leader n2 at 650ms
expect linearizable
";
    for seed in 0..5 {
        let run = play(&format!("seed {seed}\n{told}"));
        assert_eq!(marks(&run, event::BUSY).len(), 1, "seed {seed}: the change is refused");
    }
}
