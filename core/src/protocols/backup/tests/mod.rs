//! Primary-backup as its clients and its checks see it: what each mode promises is tried under
//! random faults where it holds, and broken on purpose where it does not.

mod bugs;
mod promises;

use crate::protocols::testing::{play, violated};
use crate::run::Run;
use alloc::string::String;
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
fn a_group_forms_works_and_survives_its_primary() {
    let text = |mode: &str| -> String {
        alloc::format!(
            "protocol primary-backup
nodes 3
latency 20ms..40ms
set mode {mode}
client c1 every 100ms put x or get x
at 2s crash n1
end 5s
expect linearizable
expect leader n1 at 1s
expect leader n2 at 3s
expect answered 15
expect committed 15"
        )
    };
    for mode in ["sync", "semi-sync", "async"] {
        holds(&text(mode));
    }
}

#[test]
fn who_was_down_comes_back_up_to_date() {
    holds(
        "protocol primary-backup
nodes 3
latency 20ms..40ms
client c1 every 100ms put x or get x
at 1s crash n3
at 2s restart n3
at 2200ms crash n1
at 3s restart n1
at 4s crash n2
end 6s
expect linearizable
expect n3 in-sync yes at 2900ms
expect n1 in-sync yes at 3900ms
expect answered 15",
    );
}

#[test]
fn after_a_total_failure_the_last_to_work_leads() {
    // n2 and n3 go first, n1 works alone, then all are down; n2 and n3 come back before n1.
    holds(
        "protocol primary-backup
nodes 3
latency 20ms..40ms
client c1 at n1
at 1s crash n2 n3
at 2s c1 put x 1
at 2500ms crash n1
at 3s restart n2 n3
at 5s restart n1
at 6s c1 get x
end 7s
expect answered 1 at 2400ms
expect no leader at 4900ms
expect leader n1 at 6s
expect linearizable
expect answered 2",
    );
}
