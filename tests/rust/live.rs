//! Liveness in the manner of the VOPR: after the faults a drawn core is made whole, the rest stays
//! broken, and a client's operation that begins then must be answered within the bound that the
//! text states. Any number of runs:
//! `cargo run --release -p happens-before-cli -- sweep --live --seeds 0..20000`.

use crate::sweep::play_all;
use happens_before::explore::{demand_progress, random_scenario};

const RUNS: u64 = 300;

#[test]
fn a_core_makes_progress_whatever_is_left_broken() {
    let text = |seed| demand_progress(random_scenario(seed, &[])).to_string();
    let mut cores = 0;
    for (seed, report) in play_all(0..RUNS, text) {
        let next = seed + 1;
        assert!(
            report.holds() && !report.unknown,
            "seed {seed}: {:?} {:?} {:?}\n\
             happens-before sweep --live --seeds {seed}..{next} --print | happens-before run -",
            report.broken,
            report.violations,
            report.disagreements
        );
        cores += report.tally.times("faults", "heal core");
    }
    // Where a rotten disk keeps a server down for good, too few may be left.
    assert!(cores >= RUNS * 9 / 10, "{cores} cores in {RUNS} runs");
}
