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

/// Node, index, term, how it went.
type Seen = (u16, u64, u64, crate::view::Gone);

fn ghosts_of(run: &Run) -> Vec<Seen> {
    let ghosts = run.stage().ghosts;
    ghosts.iter().map(|ghost| (ghost.node, ghost.index, ghost.epoch, ghost.gone)).collect()
}

/// At these times ghosts are there or not, whichever way one comes to them.
fn ghosts_are(text: &str, at: &[(u64, &[Seen])]) {
    let mut to_and_fro = Run::new(text).expect("parses");
    to_and_fro.finish();
    for way in [at.iter().collect::<Vec<_>>(), at.iter().rev().collect()] {
        for &&(time_us, expected) in &way {
            to_and_fro.seek(time_us);
            assert_eq!(ghosts_of(&to_and_fro), expected, "at {time_us} µs");
            let mut fresh = Run::new(text).expect("parses");
            fresh.seek(time_us);
            assert_eq!(ghosts_of(&fresh), expected, "at {time_us} µs, played once");
        }
    }
}

#[test]
fn what_a_leader_overwrites_is_a_ghost_for_a_moment() {
    let text = include_str!("../catalogue/old-leader-returns.hb");
    let mut run = Run::new(text).expect("parses");
    run.finish();
    let declared = run.declaration().events.iter().position(|e| e.name == crate::declare::TRUNCATE);
    let is_it = |e: &&Event| e.what == What::Mark && Some(usize::from(e.sub)) == declared;
    let at = run.all_events().iter().find(is_it).expect("n3's entry is overwritten").time_us;
    let gone = [(2, 1, 1, crate::view::Gone::Overwritten)];
    // 30 ms is the median flight, 600 ms of 1 s on screen.
    ghosts_are(text, &[(at - 1, &[]), (at, &gone), (at + 49_999, &gone), (at + 50_000, &[])]);
    run.seek(at);
    assert_eq!(run.fades_us(), Some(at + 50_000));
}

#[test]
fn what_a_crash_loses_is_a_ghost_for_a_moment() {
    let text = include_str!("../catalogue/not-yet-on-disk.hb");
    let lost = crate::view::Gone::Lost;
    let (both, entry) = ([(1, 1, 1, lost), (0, 1, 1, lost)], |run: &Run| {
        run.stage().nodes.iter().map(|node| node.cells.len()).collect::<Vec<_>>()
    });
    let mut run = Run::new(text).expect("parses");
    run.seek(404_999);
    assert_eq!(entry(&run), [1, 1, 0, 0]);
    run.seek(405_000);
    assert_eq!(entry(&run), [0, 0, 0, 0]);
    ghosts_are(text, &[(404_999, &[]), (405_000, &both), (454_999, &both), (455_000, &[])]);
    // They boot again within that moment: what was lost stays lost.
    run.seek(440_000);
    assert_eq!(run.stage().nodes[0].status, crate::view::Status::Up);
    assert_eq!(ghosts_of(&run), both);
}

#[test]
fn another_text_forgets_the_ghosts_of_the_old_one() {
    let text = include_str!("../catalogue/not-yet-on-disk.hb");
    let mut run = Run::new(text).expect("parses");
    run.seek(410_000);
    assert!(!ghosts_of(&run).is_empty());
    run.edit(&text.replace("405ms crash", "405ms kill")).expect("parses");
    assert!(ghosts_of(&run).is_empty(), "a killed process loses nothing that it wrote");
    run.edit(text).expect("parses");
    assert!(!ghosts_of(&run).is_empty());
}

#[test]
fn only_who_needs_others_cannot_commit_alone() {
    let role = |text: &str, at_us: u64, node: usize| {
        let mut run = Run::new(text).expect("parses");
        run.seek(at_us);
        run.stage().nodes[node].role.clone()
    };
    let backup = include_str!("../catalogue/split-brain.hb");
    assert_eq!(role(backup, 750_000, 0), "primary", "it goes on alone");
    let raft = include_str!("../catalogue/minority-leader.hb");
    assert_eq!(role(raft, 1_200_000, 2), "leader, cannot commit");
}
