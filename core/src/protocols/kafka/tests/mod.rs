//! Kafka's replication as its clients and its checks see it.

mod bugs;
mod promises;

use crate::protocols::testing::{play, violated};
use crate::run::Run;
use alloc::vec::Vec;

/// Plays a text whose expectations must all be met.
fn holds(text: &str) -> Run {
    let run = play(text);
    let failed: Vec<_> = run.verdicts().into_iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:#?} in\n{text}");
    assert!(run.without_effect().is_empty(), "{:?} in\n{text}", run.without_effect());
    run
}

#[test]
fn a_partition_takes_records_and_survives_its_leader() {
    holds(
        "protocol kafka
nodes 4
latency 20ms..40ms
client c1 every 100ms append x or get x
at 2s crash n2
at 4s restart n2
end 6s
expect leader n2 at 1s
expect leader n3 at 3s
expect n2 state following
expect n3 isr n2 n3 n4
expect linearizable
expect answered 20",
    );
}

#[test]
fn with_too_few_in_sync_nothing_is_taken() {
    holds(
        "protocol kafka
nodes 3
latency 20ms..40ms
set min-insync 2
client c1 at n2
at 500ms crash n3
at 1500ms c1 put x 1
at 2500ms restart n3
end 6s
expect answered 0 at 2400ms
expect n2 isr n2 n3
expect answered 1
expect linearizable",
    );
}

#[test]
fn while_the_controller_is_down_nobody_is_elected_and_nothing_is_lost() {
    holds(
        "protocol kafka
nodes 3
latency 20ms..40ms
client c1 every 200ms put x or get x
at 1s crash n1
at 1500ms crash n2
at 3s restart n1
end 6s
expect no leader at 2900ms
expect leader n3
expect linearizable
expect answered 8",
    );
}
