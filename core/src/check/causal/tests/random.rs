//! Small random histories, checked against the definitions.

use super::super::{Action, History, Model, Op, Verdict, check};
use super::brute::holds;
use crate::draw::mix;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Up to six operations of up to three processes on up to two keys.
fn history(seed: u64) -> History {
    let mut count = mix(seed);
    let mut below = |bound: u64| {
        count = count.wrapping_add(1);
        (mix(count) >> 16) % bound
    };
    let ops = 2 + below(5);
    let (processes, keys) = (1 + below(3), 1 + below(2));
    // By key, what is ever written, so that reads may also come before.
    let mut values: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    let mut value = 0;
    let mut history = History::default();
    for _ in 0..ops {
        let (process, key) = (below(processes) as u32, below(keys) as u32);
        let action = if below(2) == 0 {
            value += 1;
            values.entry(key).or_default().push(value);
            Action::Write(value)
        } else {
            Action::Read(None)
        };
        history.ops.push(Op { process, key, action });
    }
    for op in &mut history.ops {
        let Action::Read(seen) = &mut op.action else { continue };
        let known = values.get(&op.key).map_or(&[][..], |values| values);
        *seen = match below(known.len() as u64 + 1) as usize {
            _ if below(200) == 0 => Some(99),
            0 => None,
            place => Some(known[place - 1]),
        };
    }
    history.ops.sort_by_key(|op| op.process);
    history
}

fn many(seeds: core::ops::Range<u64>, wide: usize) {
    let mut broken: BTreeMap<Model, u32> = BTreeMap::new();
    let mut all = 0;
    for seed in seeds {
        let history = history(seed);
        let report = check(&history, 100_000).unwrap_or_else(|twice| panic!("{seed}: {twice:?}"));
        all += 1;
        for model in Model::ALL {
            let expected = holds(&history, model, wide);
            let verdict = report.verdict(model);
            let same = match verdict {
                Verdict::Holds => expected,
                Verdict::Violated(_) => !expected,
                Verdict::Unknown => false,
            };
            assert!(same, "seed {seed}: {model:?} {expected}: {history:#?} {verdict:#?}");
            *broken.entry(model).or_default() += u32::from(!expected);
        }
    }
    // Every model is broken by some and kept by more than a few, and no two by the same ones.
    assert_eq!(broken.len(), Model::ALL.len());
    let mut counts: Vec<u32> = broken.values().copied().collect();
    assert!(counts.iter().all(|count| *count > all / 100 && *count < all * 9 / 10), "{broken:?}");
    counts.sort_unstable();
    counts.dedup();
    assert!(counts.len() == Model::ALL.len(), "{broken:?}");
}

#[test]
fn all_models_agree_with_the_definitions() {
    many(0..20_000, 4);
}

#[test]
#[ignore = "a million histories, minutes"]
fn a_million_agree() {
    many(1_000_000..1_950_000, 4);
    many(2_000_000..2_050_000, 6);
}
