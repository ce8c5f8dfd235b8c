//! Random runs with every feature mixed: how reads are answered, pre-vote, check-quorum,
//! windows, leadership handed over, clocks that drift within the declared bound, and chaos.
//! Nothing may be violated, and the protocol's own order must explain what clients saw.

use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{Extent, judge_run};
use alloc::format;
use alloc::string::String;

/// The text of the random run of this seed.
fn mixed_text(seed: u64) -> String {
    let mut dice = Dice::new(seed, Purpose::Generate, 91);
    let nodes = *dice.pick(&[1, 2, 3, 3, 3, 3, 4, 5, 5, 5]);
    let low_ms = *dice.pick(&[2, 5, 10]);
    let wide = *dice.pick(&[1, 2, 4, 10]);
    let heartbeat_ms = low_ms * dice.between(3, 10);
    let election_ms = heartbeat_ms * dice.between(2, 5);
    let mut text = format!(
        "protocol raft\nnodes {nodes}\nseed {seed}\nlatency {low_ms}ms..{}ms\n\
         set heartbeat {heartbeat_ms}ms\nset election-timeout {election_ms}ms..{}ms\n\
         set client-timeout {}ms\nset client-tries {}\n",
        low_ms * wide,
        election_ms * dice.between(11, 25) / 10,
        low_ms * wide * dice.between(4, 30),
        dice.between(2, 12),
    );
    text += &format!("loss {}%\nduplicate {}%\n", dice.between(0, 6), dice.between(0, 6));
    let reads = *dice.pick(&["log", "index", "index", "lease", "lease", "lease"]);
    let switch = |on: bool| if on { "on" } else { "off" };
    text += &format!("set reads {reads}\nset pre-vote {}\n", switch(dice.percent(50)));
    text += &format!("set check-quorum {}\n", switch(dice.percent(50)));
    text += &format!("set batch {}\nset in-flight {}\n", dice.between(1, 5), dice.between(1, 8));
    if dice.percent(40) {
        text += &format!("set snapshot-every {}\n", dice.between(2, 30));
    }
    let slow_ppm = dice.between(0, 300_000);
    let fast_ppm = dice.between(0, 300_000);
    let bound_ppm = (1_000_000 + fast_ppm) * 1_000_000 / (1_000_000 - slow_ppm) - 1_000_000 + 1;
    text += &format!("set clock-drift-bound {bound_ppm}\n");
    for client in 1..=dice.between(2, 4) {
        let every_ms = low_ms * dice.between(4, 30);
        let writes = *dice.pick(&["put x", "append x 1", "put x or cas x 1 2"]);
        text += &format!("client c{client} every {every_ms}ms {writes} or get x or get x\n");
    }
    let kinds = *dice.pick(&["crash", "crash partition", "partition link", "crash partition link"]);
    let more = *dice.pick(&["", " disk"]);
    text += &format!("chaos intensity={} {kinds}{more}\n", dice.between(1, 9));
    let end_ms = election_ms * dice.between(20, 60);
    for _ in 0..dice.between(0, 25) {
        let at_ms = dice.between(0, end_ms);
        let node = dice.between(1, nodes);
        text += &match dice.between(0, 9) {
            0..=3 => format!("at {at_ms}ms tell leader transfer n{node}\n"),
            4 => format!("at {at_ms}ms timeout n{node}\n"),
            5 => format!("at {at_ms}ms drift n{node} -{slow_ppm}ppm\n"),
            6 => format!("at {at_ms}ms drift n{node} {fast_ppm}ppm\n"),
            7 => format!("at {at_ms}ms pause leader for {}ms\n", dice.between(1, 2 * election_ms)),
            8 => format!("at {at_ms}ms partition leader | all\n"),
            _ => format!("at {at_ms}ms heal\n"),
        };
    }
    text + &format!("end {end_ms}ms\n")
}

fn judge(seeds: core::ops::Range<u64>) {
    let mut steps = 0;
    let mut reads = 0;
    for seed in seeds {
        let text = mixed_text(seed);
        let extent = Extent { search: seed.is_multiple_of(8), ..Extent::default() };
        let report = judge_run(&text, extent)
            .unwrap_or_else(|wrong| panic!("seed {seed}: {wrong:#?} in\n{text}"));
        assert!(report.holds(), "seed {seed}: {report:#?} in\n{text}");
        steps += report.tally.steps;
        reads += report.tally.times("events", "read");
    }
    assert!(steps > 0 && reads > 0, "{steps} steps, {reads} reads");
}

#[test]
fn every_feature_at_once_breaks_nothing() {
    judge(0..120);
}

/// Run by hand: `cargo test -p happens-before --lib mixed -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn every_feature_at_once_breaks_nothing_for_long() {
    judge(1_000..5_000);
}
