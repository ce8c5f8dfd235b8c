//! What is promised holds under random faults, of clocks above all.

use super::violated;
use crate::explore::{Extent, judge_run, random_text_of};
use crate::run::Run;
use alloc::vec::Vec;

#[test]
fn what_is_promised_holds_under_random_faults() {
    for seed in 0..80 {
        let text = random_text_of("ntp", seed, &[]);
        let report = judge_run(&text, Extent::of_seed(seed, true)).expect("parses");
        assert!(report.holds() && !report.unknown, "seed {seed}: {report:?} in\n{text}");
    }
}

#[test]
fn a_clock_that_may_be_set_goes_back_in_some_run() {
    let goes_back = |seed: u64| {
        let text = random_text_of("ntp", seed, &[]);
        let mut run = Run::new(&text).expect("parses");
        run.finish();
        let broken: Vec<&str> = violated(&run);
        assert!(broken.iter().all(|check| *check == "Monotone wall clock"), "seed {seed}");
        !broken.is_empty()
    };
    assert!((0..40).filter(|&seed| goes_back(seed)).count() > 3);
}
