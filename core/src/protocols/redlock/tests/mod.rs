//! Redlock by the cases of the argument about it.

use crate::catalogue::CATALOGUE;
use crate::run::Run;
use alloc::vec::Vec;

fn violated(text: &str) -> Vec<&'static str> {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    run.finish();
    let checks = run.declaration().checks;
    run.violations().iter().map(|v| checks[usize::from(v.check)].formal).collect()
}

fn text(name: &str) -> &'static str {
    CATALOGUE.iter().find(|entry| entry.name == name).expect("in the catalogue").text
}

/// Cases F3: the clock of one of five, and a majority for each of two clients. By a clock that
/// is not set there is one holder.
#[test]
fn a_clock_that_is_set_makes_two_holders() {
    assert!(violated(text("redlock-clock")).contains(&"One holder"));
    let steady = text("redlock-clock").replace("set ttl 2s", "set ttl 2s\nset clock monotonic");
    assert!(!violated(&steady).contains(&"One holder"));
}

/// A pause needs no second holder to corrupt the file; a store that compares is not impressed.
#[test]
fn a_pause_passes_every_check_but_the_stores() {
    assert_eq!(violated(text("redlock-pause")), ["No lost update", "Linearizable"]);
    assert!(violated(text("redlock-compared")).is_empty());
}
