use super::*;

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
