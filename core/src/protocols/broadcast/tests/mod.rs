//! Broadcast as the orders define it: by brute force on small runs, by story for each mistake.

mod brute;
mod bugs;
mod stories;

use crate::run::Run;
use alloc::vec::Vec;

/// Plays a text to its end.
fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}

/// The formal names of the checks that a run violates.
fn violated(run: &Run) -> Vec<&'static str> {
    let checks = run.declaration().checks;
    run.violations().iter().map(|v| checks[usize::from(v.check)].formal).collect()
}
