//! Random search finds Raft's mistakes: with one rule off, some seed breaks a check by name.
//! The mistakes that need more luck than a minute holds are shown by the scripted scenarios
//! of the catalogue; every hunt can go on by
//! `cargo run --release -p happens-before-cli -- sweep --seeds 0..20000 --bug NAME --first`.

use crate::sweep::reports;
use happens_before::explore::Report;
use happens_before::protocols::find;

/// Runs that a hunt may take, and how many of them are played at once.
const RUNS: u64 = 1_024;
const BATCH: u64 = 16;

/// The formal names of the checks that a report says are violated.
fn violated(report: &Report) -> Vec<&'static str> {
    let checks = find("raft").expect("registered").declaration.checks;
    report.violations.iter().map(|v| checks[usize::from(v.check)].formal).collect()
}

/// The first seed that breaks a check with this bug on: (seed, events, checks).
fn hunt(bug: &str) -> Option<(u64, u64, Vec<&'static str>)> {
    let bugs = [bug.to_string()];
    let mut events = 0;
    for from in (0..RUNS).step_by(BATCH as usize) {
        for (seed, report) in reports(from..from + BATCH, &bugs) {
            events += report.tally.events;
            assert!(report.disagreements.is_empty(), "seed {seed}: {:?}", report.disagreements);
            if !report.violations.is_empty() {
                return Some((seed, events, violated(&report)));
            }
        }
    }
    None
}

/// A hunt must end with one of these checks.
fn found(bug: &str, expected: &[&str]) {
    let Some((seed, events, checks)) = hunt(bug) else {
        panic!("{bug}: no check is violated in {RUNS} runs");
    };
    println!("{bug}: seed {seed}, {events} events, {checks:?}");
    assert!(checks.iter().any(|check| expected.contains(check)), "{bug}, seed {seed}: {checks:?}");
}

const ELECTION: &str = "Election safety";
const APPEND_ONLY: &str = "Leader append-only";
const MATCHING: &str = "Log matching";
const COMPLETENESS: &str = "Leader completeness";
const MACHINE: &str = "State machine safety";
const DURABILITY: &str = "Durability";
const MONOTONIC: &str = "Monotonic state";
const LINEARIZABLE: &str = "Linearizable";

#[test]
fn forgotten_votes_make_two_leaders() {
    found("forget-vote", &[ELECTION]);
}

#[test]
fn forgotten_terms_make_two_leaders_or_two_logs() {
    found("forget-term", &[ELECTION, MATCHING]);
}

#[test]
fn votes_for_anyone_lose_committed_entries() {
    found("vote-for-anyone", &[COMPLETENESS]);
}

#[test]
fn entries_of_earlier_terms_are_committed_and_lost() {
    found("commit-earlier-term", &[COMPLETENESS, MACHINE]);
}

#[test]
fn removing_without_conflict_loses_what_was_acknowledged() {
    found("truncate-always", &[DURABILITY, COMPLETENESS]);
}

#[test]
fn acknowledging_before_the_sync_is_seen_on_the_disks() {
    found("ack-before-sync", &[DURABILITY]);
}

#[test]
fn the_previous_term_matters() {
    found("ignore-prev-term", &[MATCHING]);
}

#[test]
fn clients_see_what_is_applied_twice() {
    // The machine that the checks keep applies it once: whichever of the two sees it first.
    found("apply-twice", &[LINEARIZABLE, MACHINE]);
}

#[test]
fn a_vote_that_counts_twice_elects_who_lacks_entries() {
    found("count-votes-twice", &[COMPLETENESS, ELECTION]);
}

#[test]
fn half_a_cluster_elects_a_second_leader() {
    found("half-is-enough", &[ELECTION, DURABILITY]);
}

#[test]
fn stale_entries_are_taken_for_committed() {
    found("commit-beyond-match", &[MACHINE]);
}

#[test]
fn a_leader_that_rewrites_its_log_is_seen() {
    found("leader-rewrites", &[APPEND_ONLY]);
}

#[test]
fn a_short_log_of_a_later_term_is_overruled() {
    found("longest-log-wins", &[COMPLETENESS, MACHINE]);
}

#[test]
fn a_vote_that_changes_is_seen() {
    found("drop-vote", &[MONOTONIC]);
}

#[test]
fn a_sync_tried_again_is_seen_on_the_disks() {
    found("sync-again", &[DURABILITY]);
}
