//! Tests of commit wait: the paper's rules step by step, mistakes with the damage that they do,
//! random runs.

mod bugs;
mod clocks;
mod paper;
mod random;

use crate::protocols::testing::{play, violated};
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

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
