//! The example histories of Bouajjani et al. 2017 that tell the models apart, and others by hand.

use super::super::{Action, Convergence, History, Model, Op, Pattern, Verdict, check, converged};
use alloc::string::ToString;
use alloc::vec::Vec;

/// One line a process: `wx1` writes 1 to x, `rx1` reads 1, `rx0` the initial value.
fn history(lines: &[&str]) -> History {
    let mut ops = Vec::new();
    for (process, line) in lines.iter().enumerate() {
        for word in line.split(' ') {
            let bytes = word.as_bytes();
            let key = u32::from(bytes[1] - b'x');
            let value = i64::from(bytes[2] - b'0');
            let action = match bytes[0] {
                b'w' => Action::Write(value),
                _ => Action::Read((value > 0).then_some(value)),
            };
            ops.push(Op { process: process as u32 + 1, key, action });
        }
    }
    History { ops, keys: ["x", "y", "z"].map(|name| name.to_string()).to_vec() }
}

/// Whether causal consistency, causal convergence, causal memory and sequential consistency hold.
fn verdicts(lines: &[&str]) -> [bool; 4] {
    let report = check(&history(lines), 1_000_000).expect("each value is written once");
    let models = [Model::Causal, Model::CausalConvergence, Model::CausalMemory, Model::Sequential];
    models.map(|model| *report.verdict(model) == Verdict::Holds)
}

fn violation(lines: &[&str], model: Model) -> (Pattern, alloc::string::String) {
    let report = check(&history(lines), 1_000_000).expect("each value is written once");
    match report.verdict(model) {
        Verdict::Violated(violation) => (violation.pattern, violation.sentence.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn causal_memory_but_not_convergence() {
    assert_eq!(verdicts(&["wx1 rx2", "wx2 rx1"]), [true, false, true, false]);
    let (pattern, sentence) = violation(&["wx1 rx2", "wx2 rx1"], Model::CausalConvergence);
    assert_eq!(pattern, Pattern::CyclicCF);
    assert_eq!(
        sentence,
        "P1's write of 1 to x (op 1) must come before P2's write of 2 to x (op 3), and that \
         before the first."
    );
}

#[test]
fn convergence_but_not_causal_memory() {
    let lines = ["wz1 wx1 wy1", "wx2 rz0 ry1 rx2"];
    assert_eq!(verdicts(&lines), [true, true, false, false]);
    assert_eq!(violation(&lines, Model::CausalMemory).0, Pattern::WriteHBInitRead);
}

#[test]
fn both_but_not_sequential() {
    let lines = ["wx1 ry0 wy1 rx1", "wx2 ry0 wy2 rx2"];
    assert_eq!(verdicts(&lines), [true, true, true, false]);
    assert_eq!(violation(&lines, Model::Sequential).0, Pattern::NoOrder);
}

#[test]
fn causal_alone() {
    assert_eq!(verdicts(&["wx1", "wx2 rx1 rx2"]), [true, false, false, false]);
}

#[test]
fn not_even_causal() {
    let lines = ["wx1 wy1", "ry1 wx2", "rx2 rx1"];
    assert_eq!(verdicts(&lines), [false; 4]);
    let (pattern, sentence) = violation(&lines, Model::Causal);
    assert_eq!(pattern, Pattern::WriteCORead);
    assert_eq!(
        sentence,
        "P2's write of 2 to x (op 4) comes after P1's write of 1 to x (op 1) and is among the \
         causes of P3's read of 1 from x (op 6), which saw the older one."
    );
}

#[test]
fn each_pattern_by_its_name() {
    assert_eq!(violation(&["rx1"], Model::Causal).0, Pattern::ThinAirRead);
    assert_eq!(violation(&["rx1 wy1", "ry1 wx1"], Model::Causal).0, Pattern::CyclicCO);
    assert_eq!(violation(&["wx1 wy1", "ry1 rx0"], Model::Causal).0, Pattern::WriteCOInitRead);
    // Each write to x comes before the other in what the last process saw.
    let lines = ["wx1", "wx2", "rx1 rx2 rx1"];
    assert_eq!(violation(&lines, Model::CausalMemory).0, Pattern::CyclicHB);
}

#[test]
fn session_guarantees_one_by_one() {
    let broken = |lines: &[&str]| -> Vec<Model> {
        let report = check(&history(lines), 1_000_000).expect("each value is written once");
        let broken = |model: &Model| matches!(report.verdict(*model), Verdict::Violated(_));
        Model::ALL[..4].iter().copied().filter(broken).collect()
    };
    assert_eq!(broken(&["wx1 rx0"]), [Model::ReadYourWrites]);
    let reads = [Model::MonotonicReads, Model::MonotonicWrites, Model::WritesFollowReads];
    assert_eq!(broken(&["wx1", "rx1 rx0"]), reads);
    assert_eq!(broken(&["wx1 wy1", "ry1 rx0"]), [Model::MonotonicWrites]);
    assert_eq!(broken(&["wx1", "rx1 wy1", "ry1 rx0"]), [Model::WritesFollowReads]);
}

#[test]
fn a_value_written_twice_and_a_budget_that_ends() {
    let twice = check(&history(&["wx1", "wx1"]), 1_000).expect_err("written twice");
    assert_eq!(twice.ops, (0, 1));
    let report = check(&history(&["wx1 ry0 wy1 rx1", "wx2 ry0 wy2 rx2"]), 3).expect("unique");
    assert_eq!(report.verdict(Model::Sequential), &Verdict::Unknown);
}

#[test]
fn last_reads() {
    // Here the order of the operations is that of time, and each line is later than the one before.
    let differ = converged(&history(&["wx1", "wx2", "rx1", "rx2"]));
    assert!(matches!(&differ, Convergence::Differs { ops: (2, 3), .. }), "{differ:?}");
    let agree = converged(&history(&["wx1", "rx0", "wx2", "rx2", "rx1 rx2"]));
    assert_eq!(agree, Convergence::Agrees { keys: 1 });
    assert_eq!(converged(&history(&["wx1", "rx1"])), Convergence::NothingToCompare);
}

/// Three processes that write in turn, each of which reads what the one before wrote.
#[test]
fn long_histories() {
    let mut ops = Vec::new();
    for round in 0..30_000u32 {
        let (process, key) = (round % 3, round % 5);
        let value = i64::from(round);
        ops.push(Op { process, key, action: Action::Write(value) });
        let action = Action::Read(Some(value));
        ops.push(Op { process: (process + 1) % 3, key, action });
    }
    let long = History { ops, keys: Vec::new() };
    let report = check(&long, 10_000_000).expect("each value is written once");
    for (model, verdict) in &report.verdicts {
        assert_eq!(verdict, &Verdict::Holds, "{model:?}");
    }
}
