//! What the tests of all rooms do to a run.

use crate::declare::Bug;
use crate::explore::random_text_of;
use crate::run::Run;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

/// Plays a text to its end.
pub(crate) fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}

/// Formal names of the checks that a run violates, in the order in which they fail.
pub(crate) fn violated(run: &Run) -> Vec<&'static str> {
    let checks = run.declaration().checks;
    let mut names: Vec<&str> = Vec::new();
    for violation in run.violations() {
        let name = checks[usize::from(violation.check)].formal;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What a node says of itself under a name; empty if it does not.
pub(crate) fn field(run: &Run, node: &str, name: &str) -> String {
    let fields = run.inspect(node).unwrap_or_default();
    fields.into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

/// Within these seeds some random run of the protocol shows each mistake.
pub(crate) fn random_runs_find(protocol: &str, bugs: &[Bug], seeds: Range<u64>) {
    for bug in bugs {
        let shows = |&seed: &u64| {
            let text = random_text_of(protocol, seed, &[bug.name.to_string()]);
            !violated(&play(&text)).is_empty()
        };
        assert!(seeds.clone().any(|seed| shows(&seed)), "{} in {seeds:?}", bug.name);
    }
}

/// The random runs of these seeds, without a mistake, violate nothing.
pub(crate) fn random_runs_hold(protocol: &str, seeds: Range<u64>) {
    for seed in seeds {
        let text = random_text_of(protocol, seed, &[]);
        let run = play(&text);
        assert!(run.violations().is_empty(), "seed {seed}: {:?}\n{text}", run.violations());
    }
}
