//! Liveness in the manner of the VOPR: after the faults a drawn core is made whole, the rest stays
//! broken, and a client's operation that begins then must be answered within the bound that the
//! text states. Any number of runs:
//! `cargo run --release -p happens-before-cli -- sweep --live --seeds 0..20000`.

use crate::sweep::play_all;
use happens_before::explore::{demand_progress, random_scenario_of};

const RUNS: u64 = 300;

#[test]
fn a_core_makes_progress_whatever_is_left_broken() {
    let cores = progress_of("raft", RUNS);
    // Where a rotten disk keeps a server down for good, too few may be left.
    assert!(cores >= RUNS * 9 / 10, "{cores} cores in {RUNS} runs");
}

/// Tokens are available: who asks the core for a lock gets it with its token, or the word that
/// it has to wait, and what it writes is answered.
#[test]
fn locks_registers_and_calls_are_served_by_a_core() {
    for protocol in ["lock", "abd", "rpc"] {
        let runs = RUNS / 10;
        let cores = progress_of(protocol, runs);
        assert!(cores >= runs / 2, "{protocol}: {cores} cores in {runs} runs");
    }
}

/// Asks so many random runs of a protocol for progress; how many cores were healed.
fn progress_of(protocol: &str, runs: u64) -> u64 {
    let text = |seed| demand_progress(random_scenario_of(protocol, seed, &[])).to_string();
    let mut cores = 0;
    for (seed, report) in play_all(0..runs, text) {
        let next = seed + 1;
        assert!(
            report.holds() && !report.unknown,
            "seed {seed}: {:?} {:?} {:?}\n\
             happens-before sweep --protocol {protocol} --live --seeds {seed}..{next} --print | happens-before run -",
            report.broken,
            report.violations,
            report.disagreements
        );
        cores += report.tally.times("faults", "heal core");
    }
    cores
}
