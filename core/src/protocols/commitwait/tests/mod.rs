//! Tests of commit wait: the paper's rules step by step, mistakes with the damage that they do,
//! random runs.

mod bugs;
mod clocks;
mod paper;
mod random;

use crate::run::Run;
use alloc::string::String;
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

/// A calm network, with uncertainty of 4 ms.
fn calm(story: &str) -> Run {
    play(&alloc::format!(
        "protocol commit-wait\nlatency 500us\ndisk 100us\nset client-timeout 60s\n{story}"
    ))
}

/// How long each answered operation took, µs, and its answer.
fn answers(run: &Run) -> Vec<(u64, String)> {
    let history = run.world().members.history().iter();
    let of = |op: &crate::world::Operation| {
        Some((op.returned_us?.saturating_sub(op.invoked_us), op.answer.clone()))
    };
    history.filter_map(of).collect()
}
