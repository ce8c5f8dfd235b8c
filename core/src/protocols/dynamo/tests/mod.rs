//! Tests of the Dynamo register: the paper's rules step by step, what it does not promise, and
//! mistakes with the damage that they do.

mod bugs;
mod paper;
mod random;
mod search;

use crate::run::Run;
use alloc::vec::Vec;

/// Formal names of the checks that a run violates, each once.
fn violated(run: &Run) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for violation in run.violations() {
        let name = run.declaration().checks[usize::from(violation.check)].formal;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A text played to its end.
fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}
