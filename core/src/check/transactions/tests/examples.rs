//! Histories of the literature, and one for each anomaly, by hand.

use super::super::{
    Anomaly, Broken, History, Model, Op, Order, Outcome, Report, Rule, Shape, Transaction, check,
    weakest,
};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// One line a transaction, all concurrent and each of its own process: `ax1` appends 1 to x,
/// `rx12` reads [1 2], `rx` the empty list; `wx1` writes 1 to the register x, `gx1` reads it,
/// `gx` reads the initial value. A line that begins with `!` failed, with `?` nobody knows.
fn history(lines: &[&str]) -> History {
    let digit = |byte: &u8| i64::from(byte - b'0');
    let mut history = History::default();
    history.keys.extend(["x", "y", "z"].map(|name| name.to_string()));
    for (place, line) in lines.iter().enumerate() {
        let (outcome, words) = match line.as_bytes()[0] {
            b'!' => (Outcome::Fail, &line[1..]),
            b'?' => (Outcome::Info, &line[1..]),
            _ => (Outcome::Ok, *line),
        };
        let ops = words.split(' ').map(|word| {
            let bytes = word.as_bytes();
            let key = u32::from(bytes[1] - b'x');
            let values: Vec<i64> = bytes[2..].iter().map(digit).collect();
            match bytes[0] {
                b'a' => Op::Append { key, value: values[0] },
                b'r' => Op::List { key, values },
                b'w' => Op::Write { key, value: values[0] },
                _ => Op::Read { key, value: values.first().copied() },
            }
        });
        let (process, called) = (place as u64, place as u64);
        let transaction =
            Transaction { process, called, returned: 100 + called, outcome, ops: ops.collect() };
        history.transactions.push(transaction);
    }
    history
}

fn report(lines: &[&str]) -> Report {
    check(&history(lines)).unwrap_or_else(|broken| panic!("{broken:?}"))
}

/// What is found, by name, and the weakest models that it rules out.
fn found(lines: &[&str]) -> (Vec<&'static str>, Vec<Model>) {
    let report = report(lines);
    let mut names: Vec<&str> = report.counts.iter().map(|(anomaly, _)| anomaly.name()).collect();
    names.sort_unstable();
    (names, weakest(&report.ruled_out))
}

fn lines(report: &Report, shape: Shape, order: Order) -> Vec<String> {
    let finding = report.finding(Anomaly::Cycle(shape, order));
    finding.map(|finding| finding.lines.clone()).unwrap_or_default()
}

#[test]
fn cycles_by_their_names() {
    use Model::*;
    let view = [ConsistentView, RepeatableRead];
    assert_eq!(found(&["ax1 ay1", "ax2 ay2", "rx12 ry21"]).0, ["G0"]);
    assert_eq!(found(&["ax1 ry1", "ay1 rx1"]), (["G1c"].to_vec(), [ReadCommitted].to_vec()));
    assert_eq!(found(&["ax1 ay1", "rx1 ry"]), (["G-single"].to_vec(), view.to_vec()));
    assert_eq!(found(&["rx ay1", "ry ax1"]), (["G2-item"].to_vec(), [RepeatableRead].to_vec()));
    // Long fork: each reader sees one of the two writes and not the other.
    let fork = found(&["ax1", "ay1", "rx1 ry", "rx ry1"]);
    assert_eq!(
        fork,
        (["G-nonadjacent-item"].to_vec(), [RepeatableRead, SnapshotIsolation].to_vec())
    );
}

#[test]
fn snapshot_isolation_without_g_single() {
    // T1 ww T3, T1 wr T4, T2 rw T1, T3 rw T2, T3 rw T4, T4 rw T3.
    let report = report(&["ax2", "ay1 rx", "rz ry ax5", "az2 rx2"]);
    let names: Vec<&str> = report.counts.iter().map(|(anomaly, _)| anomaly.name()).collect();
    assert_eq!(names, ["G2-item"]);
    assert!(report.allows(Model::SnapshotIsolation) && !report.allows(Model::Serializable));
    assert_eq!(
        lines(&report, Shape::G2Item, Order::Data),
        [
            "T3 < T4, because T3 observed the initial nil of z, which T4 created by appending 2.",
            "T4 < T3, because T4 observed 2 as the last of x and not T3's append of 5, which came \
             later.",
            "So T3 comes before itself: a contradiction.",
        ]
    );
}

#[test]
fn orders_from_outside() {
    let mut stale = history(&["ax1", "rx"]);
    stale.transactions[0].returned = 1;
    stale.transactions[1].called = 2;
    let report = check(&stale).expect("keeps the rules");
    assert_eq!(weakest(&report.ruled_out), [Model::StrongSnapshotIsolation]);
    assert_eq!(
        lines(&report, Shape::GSingle, Order::RealTime),
        [
            "T2 < T1, because T2 observed the initial nil of x, which T1 created by appending 1.",
            "T1 < T2, because T1 returned at 1, before T2 was called at 2.",
            "So T2 comes before itself: a contradiction.",
        ]
    );
    stale.transactions[1].process = 0;
    let report = check(&stale).expect("keeps the rules");
    assert_eq!(weakest(&report.ruled_out), [Model::StrongSessionSnapshotIsolation]);
    // A return and a call at the same place are concurrent.
    stale.transactions[1].process = 1;
    stale.transactions[1].called = 1;
    assert!(check(&stale).expect("keeps the rules").allows(Model::StrictSerializable));
}

#[test]
fn what_is_no_cycle() {
    use Model::*;
    assert_eq!(found(&["!ax1", "rx1"]), (["G1a"].to_vec(), [ReadCommitted].to_vec()));
    assert!(found(&["ax1 ax2", "rx1", "rx12"]).0.contains(&"G1b"));
    assert_eq!(found(&["rx1"]), (["garbage-read"].to_vec(), [ReadCommitted].to_vec()));
    assert_eq!(found(&["ax1", "rx11"]).1, [ReadUncommitted]);
    assert!(found(&["ax1", "ax2", "rx12", "rx21"]).0.contains(&"incompatible-order"));
    assert!(found(&["!ax1", "ax2", "rx12"]).0.contains(&"dirty-update"));
    assert_eq!(found(&["ax1", "rx1 ax2 rx1"]).0, ["internal"]);
    assert_eq!(found(&["rx1 ax1"]).0, ["future-read"]);
    assert!(found(&["rx ax1", "rx ax2"]).0.contains(&"lost-update"));
    assert_eq!(
        report(&["rx ax1", "rx ax2"]).findings[0].lines,
        ["T1, T2 all read [] from x and then appended to it; only one of them can have been next."]
    );
    // One of unknown end that was seen has happened; one that was not may not have.
    assert_eq!(found(&["?ax1 ay1", "rx1 ry"]).0, ["G-single"]);
    assert_eq!(found(&["?ax1 ay1", "rx ry"]).0, [""; 0]);
}

#[test]
fn registers() {
    assert_eq!(found(&["wx1 wy1", "gx1 gy"]).0, ["G-single"]);
    assert_eq!(found(&["gx wy1", "gy wx1"]).0, ["G2-item"]);
    assert_eq!(found(&["wx1 gy1", "wy1 gx1"]).0, ["G1c"]);
    assert!(found(&["wx1", "gx1 wx2", "gx1 wx3"]).0.contains(&"lost-update"));
    assert_eq!(found(&["wx1 gx"]).0, ["internal"]);
    assert_eq!(found(&["gx1 wx1"]).0, ["future-read"]);
    assert_eq!(found(&["!wx1", "gx1"]).0, ["G1a"]);
    assert_eq!(found(&["wx1 wx2", "gx1"]).0, ["G1b"]);
    assert_eq!(found(&["wx1", "gx1 wx2", "gx2"]).0, [""; 0]);
}

#[test]
fn rules_of_the_input() {
    let rule = |lines: &[&str]| check(&history(lines)).map_err(|broken| broken.rule).err();
    let twice = check(&history(&["ax1", "ax1"])).expect_err("appended twice");
    let expected =
        Broken { rule: Rule::UniqueWrites, transactions: (0, 1), key: Some(0), value: Some(1) };
    assert_eq!(twice, expected);
    assert_eq!(rule(&["ax1", "gx1"]), Some(Rule::OneKind));
    let mut odd = history(&["ax1", "rx1"]);
    odd.transactions[1].returned = 0;
    assert_eq!(check(&odd).expect_err("returns too early").rule, Rule::ReturnAfterCall);
    odd.transactions[1].returned = 100;
    odd.transactions[1].process = 0;
    assert_eq!(check(&odd).expect_err("two at a time").rule, Rule::OneAtATime);
}

#[test]
fn nothing_to_check() {
    let report = report(&["ax1", "ax2"]);
    assert_eq!((report.reads, report.committed), (0, 2));
    assert_eq!(report.ruled_out, []);
}

/// A chain of a hundred thousand neither overflows a stack nor takes quadratic time.
#[test]
fn long_chains() {
    let mut long = History::default();
    for place in 0..100_000u64 {
        let value = place as i64;
        let ops = alloc::vec![
            Op::Read { key: 0, value: (value > 0).then_some(value) },
            Op::Write { key: 0, value: value + 1 },
        ];
        let (called, returned) = (2 * place, 2 * place + 1);
        let process = place % 7;
        let outcome = Outcome::Ok;
        long.transactions.push(Transaction { process, called, returned, outcome, ops });
    }
    let report = check(&long).expect("keeps the rules");
    assert_eq!((report.ruled_out.len(), report.reads), (0, 100_000));
    long.transactions[0].ops.push(Op::Read { key: 1, value: Some(1) });
    long.transactions[99_999].ops.push(Op::Write { key: 1, value: 1 });
    let report = check(&long).expect("keeps the rules");
    assert_eq!(weakest(&report.ruled_out), [Model::ReadCommitted]);
}
