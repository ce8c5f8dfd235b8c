use super::*;
use alloc::format;

const TEXT: &str = "scenario \"smoke\"\nprotocol raft\nnodes 5\nseed 7\nclient c1 every 100ms put x\nat 900ms crash leader\nat 1600ms restart all\nend 4s\nexpect linearizable\n";

#[test]
fn a_leader_is_elected_dies_and_is_replaced() {
    let mut run = Run::new(TEXT).expect("parses");
    let verdicts = run.finish();
    let failed: Vec<_> = verdicts.iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(run.world().members.committed() > 10, "{}", run.world().members.committed());
    assert!(run.world().members.judged().answers > 10);
}

#[test]
fn a_node_that_is_down_shows_what_its_disk_holds() {
    let mut run = Run::new(TEXT).expect("parses");
    run.seek(1_000_000);
    let stage = run.stage();
    let down = stage.nodes.iter().find(|node| node.status == crate::view::Status::Down);
    let cells = &down.expect("the leader has crashed").cells;
    assert!(!cells.is_empty(), "it had committed entries");
    assert!(cells.iter().all(|cell| cell.safety == crate::view::Safety::OnDisk));
}

#[test]
fn a_client_that_is_down_waits_for_nothing() {
    let mut run = Run::new(TEXT).expect("parses");
    let waits = |run: &Run| run.stage().nodes[5].waiting_since_us.is_some();
    while !waits(&run) {
        assert!(run.step(), "the client asks sooner or later");
    }
    run.act("crash c1").expect("a line");
    run.step();
    assert!(!waits(&run));
}

#[test]
fn a_run_of_frozen_chaos_is_the_same_run() {
    for (seed, intensity) in [(1, 1), (2, 5), (3, 10), (4, 10)] {
        let text = format!(
            "protocol raft\nnodes 5\nseed {seed}\nclient c1 every 100ms put x\n\
             at 900ms crash leader\nchaos intensity={intensity} beyond-model\nat 900ms restart all\n\
             when leader again: pause random for 20ms\nend 3s\n"
        );
        let mut drawn = Run::new(&text).expect("parses");
        drawn.finish();
        let scenario = drawn.scenario();
        let frozen = crate::scenario::freeze_chaos(&text, scenario, drawn.declaration());
        let mut written = Run::new(&frozen.expect("there is chaos")).expect("parses");
        written.finish();
        assert_eq!(written.digest(), drawn.digest(), "seed {seed}");
        assert_eq!(written.all_events(), drawn.all_events(), "seed {seed}");
    }
}
