//! Random runs in which the members change all the time, by one server or by joint consensus,
//! with snapshots, leadership handed over, crashes, partitions and lost messages. Nothing may be
//! violated, and the protocol's own order must explain what clients saw.

use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{Extent, Tally, judge_run};
use alloc::format;
use alloc::string::String;

/// The text of the random run of this seed.
fn churning_text(seed: u64) -> String {
    let mut dice = Dice::new(seed, Purpose::Generate, 92);
    let nodes = *dice.pick(&[2, 3, 4, 4, 5, 5, 6, 7]);
    let low_ms = *dice.pick(&[2, 5, 10]);
    let heartbeat_ms = low_ms * dice.between(3, 10);
    let election_ms = heartbeat_ms * dice.between(2, 5);
    let mut text = format!(
        "protocol raft\nnodes {nodes}\nseed {seed}\nlatency {low_ms}ms..{}ms\ndisk 1ms..{}ms\n\
         set heartbeat {heartbeat_ms}ms\nset election-timeout {election_ms}ms..{}ms\n\
         set client-timeout {}ms\nset client-tries {}\nset members {}\n",
        low_ms * dice.between(1, 6),
        dice.between(2, 20),
        election_ms * dice.between(12, 25) / 10,
        low_ms * dice.between(8, 60),
        dice.between(3, 12),
        dice.between(1, nodes),
    );
    text += &format!("loss {}%\nduplicate {}%\n", dice.between(0, 8), dice.between(0, 8));
    for feature in ["pre-vote", "check-quorum", "no-op"] {
        if dice.percent(50) {
            text += &format!("set {feature} on\n");
        }
    }
    if dice.percent(60) {
        text += &format!("set snapshot-every {}\n", dice.between(1, 15));
        text += &format!("set snapshot-chunk {}\n", dice.between(1, 3));
    }
    for client in 1..=dice.between(1, 3) {
        let every_ms = low_ms * dice.between(4, 30);
        text += &format!("client c{client} every {every_ms}ms put x or append y 1 or get x\n");
    }
    let kinds = *dice.pick(&["crash", "crash partition", "partition link", "crash disk", "pause"]);
    text += &format!("chaos intensity={} {kinds}\n", dice.between(1, 8));
    let end_ms = election_ms * dice.between(20, 50);
    for _ in 0..dice.between(5, 60) {
        let at_ms = dice.between(0, end_ms);
        let node = dice.between(1, nodes);
        let whom = if dice.percent(90) { "leader".into() } else { format!("n{node}") };
        let other = dice.between(1, nodes);
        text += &match dice.between(0, 19) {
            0..=5 => format!("at {at_ms}ms tell {whom} add n{other}\n"),
            6..=8 => format!("at {at_ms}ms tell {whom} remove n{other}\n"),
            9 | 10 => format!("at {at_ms}ms tell {whom} learner n{other}\n"),
            11..=13 => {
                let named = (1..=nodes).filter(|k| *k == other || dice.percent(50));
                let members: String = named.map(|k| format!(" n{k}")).collect();
                format!("at {at_ms}ms tell {whom} members{members}\n")
            }
            14 => format!("at {at_ms}ms tell {whom} snapshot\n"),
            15 => format!("at {at_ms}ms tell {whom} transfer n{other}\n"),
            16 => format!("at {at_ms}ms timeout n{node}\n"),
            17 => format!("at {at_ms}ms partition leader | all\n"),
            18 => format!("at {at_ms}ms crash leader\n"),
            _ => format!("at {at_ms}ms heal\nat {at_ms}ms restart all\n"),
        };
    }
    text + &format!("end {end_ms}ms\n")
}

fn judge(seeds: core::ops::Range<u64>) {
    let mut tally = Tally::default();
    for seed in seeds {
        let text = churning_text(seed);
        let some = seed.is_multiple_of(8);
        let extent = Extent { search: some, twin: some, twice: some, ..Extent::default() };
        let report = judge_run(&text, extent)
            .unwrap_or_else(|wrong| panic!("seed {seed}: {wrong:#?} in\n{text}"));
        assert!(report.holds(), "seed {seed}: {report:#?} in\n{text}");
        tally.merge(&report.tally);
    }
    for event in ["change", "joint", "leave", "catch-up", "snapshot", "install", "busy"] {
        assert!(tally.times("events", event) > 0, "{event}: {:?}", tally.median());
    }
}

#[test]
fn members_come_and_go_and_nothing_is_lost() {
    judge(0..150);
}

/// Run by hand: `cargo test -p happens-before --lib churn -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn members_come_and_go_for_long() {
    judge(1_000..5_000);
}
