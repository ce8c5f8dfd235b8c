//! Random runs: what is promised holds, every means of judging agrees, and all that can happen
//! does.

use crate::explore::{Extent, Tally, judge_run, random_text_of};

fn sweep(seeds: core::ops::Range<u64>) -> Tally {
    let mut all = Tally::default();
    for seed in seeds {
        let text = random_text_of("dynamo", seed, &[]);
        let report = judge_run(&text, Extent::of_seed(seed, true)).expect("parses");
        assert!(report.holds(), "seed {seed}: {report:?}\n{text}");
        all.merge(&report.tally);
    }
    all
}

#[test]
fn what_is_promised_holds() {
    assert!(sweep(0..60).steps > 100_000);
}

#[test]
#[ignore = "long"]
fn what_is_promised_holds_on_many_seeds_and_nothing_is_left_out() {
    let all = sweep(0..1_000);
    assert!(all.missing().is_empty(), "{:?}", all.missing());
    let (steps, answered) = all.median();
    assert!(steps >= 5_000 && answered >= 100, "{steps} steps, {answered} answers");
}
