//! The system's word about time and failures, and the core that is made whole.

use super::play;
use crate::process::NodeId;
use crate::run::{LineState, Outcome, Run};
use crate::view::Status;
use crate::world::{Loss, What};
use alloc::format;
use alloc::vec::Vec;

const STORMY: &str = "protocol raft
nodes 3
latency 5ms..90ms heavy
loss 20%
reorder 20%
set election-timeout 400ms..600ms
client c1 every 100ms put x
chaos seed=3 intensity=9 partition pause link clock
end 6s
";

/// How long each message that was sent in this span took, µs; none if it was lost.
fn flights(run: &Run, from_us: u64, to_us: u64) -> Vec<Option<u64>> {
    let sent = run.events().iter().enumerate().filter(|(_, event)| {
        event.what == What::Send && event.time_us >= from_us && event.time_us < to_us
    });
    let arrival = |(send, event): (usize, &crate::world::Event)| {
        let ends = run.events()[send..].iter().find(|later| {
            later.cause == send as u32 && (later.what == What::Receive || later.what == What::Lost)
        });
        ends.map(|end| {
            let arrived = end.what == What::Receive || end.sub == Loss::Down as u8;
            arrived.then(|| end.time_us - event.time_us)
        })
    };
    sent.filter_map(arrival).collect()
}

#[test]
fn in_a_synchronous_system_all_arrives_within_the_bound() {
    let run = play(&format!("{STORMY}timing synchronous 30ms\nexpect committed 20\n"));
    let took = flights(&run, 0, 5_900_000);
    assert!(took.len() > 300);
    assert!(took.iter().all(|took| took.is_some_and(|us| us <= 30_000)), "{took:?}");
    // The same storm without the word.
    let wild = Run::new(STORMY).map(|mut run| {
        run.finish();
        flights(&run, 0, 5_900_000)
    });
    let wild = wild.expect("parses");
    assert!(wild.iter().any(Option::is_none) && wild.iter().flatten().any(|&us| us > 90_000));
}

#[test]
fn from_the_stabilisation_time_on_a_system_is_synchronous() {
    let run = play(&format!(
        "{STORMY}at 2900ms partition n1 | n2 | n3\nat 2950ms pause n2\n\
         timing partial 30ms gst 3s\nexpect progress within 1500ms of gst\n"
    ));
    let before = flights(&run, 0, 2_900_000);
    assert!(before.iter().any(Option::is_none), "before it messages are lost");
    assert!(before.iter().flatten().any(|&us| us > 30_000), "or late");
    let after = flights(&run, 3_000_000, 5_900_000);
    assert!(after.len() > 100);
    assert!(after.iter().all(|took| took.is_some_and(|us| us <= 30_000)), "{after:?}");
    // What was on its way then counts as sent then.
    let latest = run.events().iter().filter(|event| {
        event.what == What::Receive
            && event.time_us > 3_030_000
            && event.cause < run.events().len() as u32
    });
    let sent = |event: &crate::world::Event| run.events()[event.cause as usize];
    assert!(latest.map(sent).all(|send| send.what != What::Send || send.time_us >= 3_000_000));
}

#[test]
fn an_asynchronous_system_promises_nothing() {
    let text = "protocol echo\nnodes 1\nlatency 10ms..20ms\nclient c1 every 30ms echo\nend 20s\n";
    let run = play(&format!("{text}timing asynchronous\n"));
    let took = flights(&run, 0, 15_000_000);
    assert!(took.iter().flatten().any(|&us| us > 60_000), "some take far longer than the range");
    let run = play(text);
    assert!(flights(&run, 0, 15_000_000).iter().flatten().all(|&us| us <= 20_000));
}

#[test]
fn with_crash_stop_nobody_comes_back() {
    let text = "protocol raft\nnodes 3\nat 100ms crash n1\nat 300ms restart n1\nend 1s\n";
    let run = play(&format!("{text}failures crash-stop\nexpect n1 status down\n"));
    let line = run.lines()[3].clone();
    assert_eq!(
        (line.state, line.reason.as_str()),
        (LineState::Skipped, "with failures crash-stop who is down stays down")
    );
    assert!(run.without_effect().is_empty(), "it is meant to have none");
    play(&format!("{text}failures crash-recovery\nexpect n1 status up\n"));
}

#[test]
fn a_core_is_whole_and_the_rest_is_left_broken() {
    let (mut rests, mut broken) = (0, 0);
    for seed in 0..60 {
        let text = format!(
            "protocol raft\nnodes 5\nseed {seed}\nlatency 5ms..10ms\nclient c1 every 50ms put x\n\
             chaos intensity=10 until 2200ms\nat 2900ms crash n1 n2\nat 3s heal core\nend 8s\n\
             expect progress within 4s of core\n"
        );
        let run = play(&text);
        let kernel = &run.world().kernel;
        let groups = &kernel.links.groups;
        let member = |id: u16| groups.get(usize::from(id)).is_none_or(|group| *group == 1);
        let core: Vec<u16> = (0..5).filter(|&id| member(id)).collect();
        assert!(core.len() >= 3, "seed {seed}: {groups:?}");
        assert!(core.iter().all(|&id| kernel.node(NodeId(id)).standing() == Status::Up));
        for id in (0..5).filter(|id| !core.contains(id)) {
            rests += 1;
            broken += usize::from(kernel.node(NodeId(id)).standing() != Status::Up);
            assert!(core.iter().all(|&member| !kernel.links.connected(NodeId(id), NodeId(member))));
        }
    }
    assert!(rests > 60 && broken > 5, "the rest is not mended: {rests}, {broken}");
}

#[test]
fn a_core_that_cannot_be_made_is_said_so() {
    let text = "protocol raft\nnodes 3\nfailures crash-stop\nclient c1\nat 1s crash n1 n2\n\
                at 2s heal core\nend 3s\n";
    let mut run = Run::new(text).expect("parses");
    run.finish();
    assert_eq!(run.lines()[5].reason, "too few servers can be made whole");
}

#[test]
fn no_progress_is_a_verdict_that_says_what_is_missing() {
    // Nobody asks the core for anything until it is too late.
    let text = "protocol raft\nnodes 3\nlatency 5ms\nclient c1\nat 1s heal core\n\
                at 1100ms partition n1 | n2 | n3\nat 1200ms c1 put x 1\nend 4s\n\
                expect progress within 2s of core\n";
    let mut run = Run::new(text).expect("parses");
    let verdicts = run.finish();
    let verdict = verdicts.iter().find(|v| v.plain.starts_with("expect progress")).expect("there");
    assert_eq!(verdict.outcome, Outcome::Violated);
    assert!(
        verdict.detail.ends_with("too few servers are up and connected: n2, n3 are not"),
        "{}",
        verdict.detail
    );
}
