//! What the paper says, step by step: how timestamps are chosen, what waits and for how long.

use super::{answers, calm, violated};
use crate::protocols::commitwait::owner;

#[test]
fn a_write_waits_for_twice_the_uncertainty_and_not_for_the_disk_as_well() {
    // A slow disk is waited for at the same time, not afterwards.
    for (uncertainty_us, disk_us) in
        [(0, 100), (1_000, 100), (4_000, 100), (4_000, 6_000), (1_000, 6_000)]
    {
        let run = super::play(&alloc::format!(
            "protocol commit-wait\nlatency 500us\ndisk {disk_us}us\nset uncertainty \
             {uncertainty_us}us\nclient c1\nat 1ms c1 put x 1\nend 40ms"
        ));
        assert_eq!(answers(&run)[0].0, 1_000 + (2 * uncertainty_us + 1).max(disk_us));
    }
}

#[test]
fn a_timestamp_lies_above_all_that_the_server_has_given() {
    // All keys are n1's; its clock goes back by 7 ms between the first two writes.
    let run = calm(
        "nodes 1\nclient c1\nclient c2\nclient c3\nat 0us step n1 by 4ms\nat 1ms c1 put x 1\n\
         at 2ms step n1 by -7ms\nat 3ms c2 put y 2\nat 15ms c3 put z 3\nend 60ms\n\
         expect c1 stamp 9.500ms\nexpect c2 stamp 9.501ms\nexpect c3 stamp 16.500ms",
    );
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}

#[test]
fn the_highest_timestamp_survives_a_restart() {
    for stop in ["kill", "crash"] {
        let run = calm(&alloc::format!(
            "nodes 1\nclient c1\nclient c2\nat 0us step n1 by 4ms\nat 1ms c1 put x 1\n\
             at 2ms {stop} n1\nat 2ms step n1 by -8ms\nat 3ms restart n1\nat 4ms c2 put x 2\n\
             end 60ms\nexpect c2 stamp 9.501ms"
        ));
        assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
    }
}

#[test]
fn a_write_that_is_asked_for_again_after_a_restart_keeps_its_timestamp_and_its_wait() {
    let run = super::play(
        "protocol commit-wait\nnodes 1\nlatency 500us\ndisk 100us\nset client-timeout 5ms\n\
         client c1\nat 1ms c1 put x 1\nat 2ms kill n1\nat 3ms restart n1\nend 60ms\n\
         expect c1 stamp 5.500ms",
    );
    assert_eq!(answers(&run), [(9_001, "ok at 5.500ms".into())]);
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}

#[test]
fn a_read_of_the_present_waits_and_one_of_the_past_does_not() {
    let took = |staleness: &str| {
        let run = calm(&alloc::format!(
            "nodes 3\nset staleness {staleness}\nclient c1\nclient c2\nat 1ms c1 put x 1\n\
             at 20ms c2 snapshot x y\nend 60ms"
        ));
        answers(&run)[1].clone()
    };
    assert_eq!(took("0us"), (8_501, "x = 1, y = nothing at 24.000ms".into()));
    assert_eq!(took("4ms"), (4_501, "x = 1, y = nothing at 20.000ms".into()));
    assert_eq!(took("10ms"), (1_000, "x = 1, y = nothing at 14.000ms".into()));
    assert_eq!(took("19ms"), (1_000, "x = nothing, y = nothing at 5.000ms".into()));
}

#[test]
fn a_snapshot_sees_every_write_that_was_done_and_none_after_its_timestamp() {
    // c1's first write is done before c3 begins, its second gets 16.5 ms, after c3's 16 ms.
    let run = calm(
        "nodes 3\nclient c1\nclient c2\nclient c3\nat 1ms c1 put x 1\nat 11ms c2 put y 1\n\
         at 12ms c3 snapshot x y\nat 12ms c1 put x 2\nend 60ms\nexpect c1 stamp 16.500ms\n\
         expect c2 stamp 15.500ms\nexpect c3 stamp 16.000ms\nexpect c3 x 1\nexpect c3 y 1",
    );
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}

#[test]
fn what_is_read_is_on_the_disk() {
    // The read's timestamp is safe at 13.501 ms; what it returns is synced at 30.5 ms.
    let run = super::play(
        "protocol commit-wait\nnodes 1\nlatency 500us\ndisk 29ms\nset client-timeout 60s\n\
         client c1\nclient c2\nat 1ms c1 put x 1\nat 5ms c2 get x\nend 60ms",
    );
    assert!(violated(&run).is_empty());
    let took: alloc::vec::Vec<u64> = answers(&run).iter().map(|(took_us, _)| *took_us).collect();
    assert_eq!(took, [30_000, 26_000]);
}

#[test]
fn each_key_has_one_owner() {
    for servers in 1..=9 {
        for key in ["x", "y", "z", "account", "ü"] {
            assert!(owner(&key.into(), servers).0 < servers);
        }
    }
    let names = ["x", "y", "z"].map(|key| owner(&key.into(), 3).0);
    assert_eq!(names, [0, 1, 2]);
}
