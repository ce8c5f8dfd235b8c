//! Paxos under test: one server on a bench whose test is all others, the paper's cases, the
//! mistakes, and random runs.

mod bugs;
mod paper;

use crate::run::Run;
use alloc::vec::Vec;

/// The formal names of the checks that a run violates.
fn violated(run: &Run) -> Vec<&'static str> {
    let checks = super::declare::DECLARATION.checks;
    run.violations().iter().map(|known| checks[usize::from(known.check)].formal).collect()
}
