//! What the papers say, step by step.

use super::{play, violated};
use alloc::string::String;

const CALM: &str = "latency 10ms\ndisk 1ms\nset client-timeout 60s\n";

fn answers(text: &str) -> alloc::vec::Vec<(u64, String)> {
    let run = play(text);
    let of = |op: &crate::world::Operation| {
        (op.returned_us.unwrap_or(0) - op.invoked_us, op.answer.clone())
    };
    run.world().members.history().iter().filter(|op| op.returned_us.is_some()).map(of).collect()
}

#[test]
fn every_operation_is_two_round_trips() {
    let got = answers(&alloc::format!(
        "protocol abd\nnodes 5\n{CALM}client c1\nat 10ms c1 put x 1\nat 100ms c1 get x\n\
         at 200ms c1 get y\nend 300ms"
    ));
    // Four flights; a writer's own disk and the replicas' disks, one after the other.
    assert_eq!(got[0], (42_000, "ok".into()));
    assert_eq!(got[1], (40_000, "1".into()), "what is written back is on the disks already");
    assert_eq!(got[2], (20_000, "nothing".into()), "there is nothing to write back");
}

#[test]
fn fewer_than_half_may_fail() {
    let text = |down: &str| {
        alloc::format!(
            "protocol abd\nnodes 5\n{CALM}client c1\nat 1ms crash {down}\nat 10ms c1 put x 1\n\
             at 200ms c1 get x\nend 400ms"
        )
    };
    assert_eq!(answers(&text("n1 n4")).len(), 2);
    assert_eq!(answers(&text("n1 n4 n5")).len(), 0);
}

#[test]
fn a_write_that_reached_one_replica_is_seen_by_both_readers_or_by_none() {
    // DDIA figure 9-6 with the write-back: case Q1.
    let text = |first: &str| {
        alloc::format!(
            "protocol abd\nnodes 3\n{CALM}client c1\nclient c2\nclient c3\n\
             drop c1->n2 update #1\ndrop c1->n3 update #1\nat 10ms c1 put x 1\n\
             at 100ms partition {first}\nat 101ms c2 get x\n\
             at 200ms partition n1 | n2 n3 c3\nat 201ms c3 get x\nend 400ms"
        )
    };
    let saw = |first: &str| {
        let got = answers(&text(first));
        [got[0].1.clone(), got[1].1.clone()]
    };
    assert_eq!(saw("n1 n2 c2 | n3"), ["1", "1"]);
    assert_eq!(saw("n2 n3 c2 | n1"), ["nothing", "nothing"]);
}

#[test]
fn a_write_of_which_nobody_knows_may_still_be_read() {
    // Case Q4: one acknowledgement, then the writer fails. Its result is unknown, not “failed”.
    let text = alloc::format!(
        "protocol abd\nnodes 3\n{CALM}client c1\nclient c2\n\
         drop c1->n2 update #1\ndrop c1->n3 update #1\nat 10ms c1 put x 1\n\
         at 70ms kill c1\nat 100ms c2 get x\nend 200ms"
    );
    let run = play(&text);
    assert!(violated(&run).is_empty());
    let mut history = run.world().members.history().iter();
    let (write, read) = (history.next().expect("a write"), history.next().expect("a read"));
    assert_eq!((write.returned_us, read.answer.as_str()), (None, "1"));
}

#[test]
fn a_writer_that_restarts_never_uses_a_tag_again() {
    let text = alloc::format!(
        "protocol abd\nnodes 3\n{CALM}client c1\ndrop c1->n1 update #1\ndrop c1->n2 update #1\n\
         drop c1->n3 update #1\nat 10ms c1 put x 1\nat 70ms kill c1\nat 80ms restart c1\n\
         at 90ms c1 put x 2\nend 200ms\nexpect n1 tag 2.4\nexpect n1 x 2"
    );
    let run = play(&text);
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}
