//! Random runs: what is promised holds, in those that say nothing of time what needs none.

use crate::explore::{Extent, Tally, judge_run, random_text_of, survey};

fn sweep(seeds: core::ops::Range<u64>) -> (Tally, usize) {
    let mut all = Tally::default();
    let mut beyond = 0;
    for seed in seeds {
        let text = random_text_of("commit-wait", seed, &[]);
        let report = judge_run(&text, Extent::of_seed(seed, true)).expect("parses");
        assert!(report.holds() && !report.unknown, "seed {seed}: {report:?}\n{text}");
        let promised = !text.contains("timing asynchronous");
        assert!(!promised || report.beyond.is_empty(), "seed {seed}: {report:?}\n{text}");
        beyond += usize::from(!report.beyond.is_empty());
        all.merge(&report.tally);
    }
    (all, beyond)
}

#[test]
fn what_is_promised_holds() {
    let (all, beyond) = sweep(0..60);
    assert!(all.steps > 100_000);
    assert!(beyond > 5, "clocks beyond their bound break something in {beyond} runs");
}

#[test]
fn what_is_promised_in_a_system_is_kept_there() {
    for row in survey("commit-wait", "", 0..3) {
        for kept in &row.kept {
            assert!(!kept.promised || kept.broken == 0, "{}: {kept:?}", row.promise);
        }
        // What rests on clocks is promised where time is, and what rests on disks everywhere.
        let promised = row.kept.iter().filter(|kept| kept.promised).count();
        let by_clocks = ["Timestamps follow real time", "A snapshot is exact"];
        if by_clocks.contains(&row.promise.as_str()) {
            assert_eq!(promised, 2, "{}", row.promise);
        }
    }
}

#[test]
#[ignore = "long"]
fn what_is_promised_holds_on_many_seeds_and_nothing_is_left_out() {
    let (all, _) = sweep(0..1_000);
    assert!(all.missing().is_empty(), "{:?}", all.missing());
    let (steps, answered) = all.median();
    assert!(steps >= 5_000 && answered >= 100, "{steps} steps, {answered} answers");
}
