//! Which promises survive which system (timing and failures): what a protocol promises there is
//! kept on every seed, and what it does not promise can be lost. The tables with more seeds:
//! `cargo run --release -p happens-before-cli -- models PROTOCOL --seeds 0..1000`.

use happens_before::explore::{PROGRESS, Row, survey};

/// Plays a protocol in every system; what is promised is kept.
fn kept(protocol: &str, settings: &str, seeds: u64) -> Vec<Row> {
    let rows = survey(protocol, settings, 0..seeds);
    for row in &rows {
        for kept in &row.kept {
            assert!(
                !kept.promised || kept.broken == 0,
                "{protocol} {settings}: “{}” in {:?}, seed {:?}",
                row.promise,
                kept.system,
                kept.seed
            );
        }
    }
    rows
}

fn row<'a>(rows: &'a [Row], promise: &str) -> &'a Row {
    rows.iter().find(|row| row.promise == promise).expect("a promise of that name")
}

#[test]
fn consensus_is_safe_in_every_system_and_live_where_messages_arrive() {
    for (protocol, settings) in [("raft", ""), ("paxos", "")] {
        let rows = kept(protocol, settings, 24);
        for row in rows.iter().filter(|row| row.promise != PROGRESS) {
            assert!(row.kept.iter().all(|kept| kept.promised), "{protocol}: {}", row.promise);
        }
        let progress: Vec<bool> =
            row(&rows, PROGRESS).kept.iter().map(|kept| kept.promised).collect();
        assert_eq!(progress, [true, true, true, true, false, false], "{protocol}");
    }
}

#[test]
fn a_lease_is_promised_only_where_clocks_are() {
    let rows = kept("raft", "set reads lease", 16);
    let promised: Vec<bool> =
        row(&rows, "Clients see one copy").kept.iter().map(|kept| kept.promised).collect();
    assert_eq!(promised, [true, true, false, false, false, false]);
}

#[test]
fn without_consensus_a_wrong_suspicion_costs_acknowledged_writes() {
    let rows = kept("primary-backup", "set mode sync", 60);
    let lost: Vec<bool> =
        row(&rows, "One primary at a time").kept.iter().map(|kept| kept.broken > 0).collect();
    assert_eq!(lost, [false, false, true, true, true, true]);
    let rows = kept("primary-backup", "set mode async", 40);
    assert!(row(&rows, "Acknowledged is not lost").kept[3].broken > 0);
}
