//! The table of promises, tried: under random faults nothing that is promised there is broken,
//! and what is not promised can be.

use crate::explore::{System, Trial, promised_under};
use crate::protocols::DECLARATIONS;
use crate::run::Run;
use crate::scenario::parse;
use alloc::string::String;
use alloc::vec::Vec;

/// What a number of seeds gave: each formal name of a check that was violated, with the first
/// seed and how often; and operations answered.
struct Tried {
    broken: Vec<(&'static str, u64, u64)>,
    answered: u64,
}

impl Tried {
    fn names(&self) -> Vec<&'static str> {
        self.broken.iter().map(|(name, ..)| *name).collect()
    }
}

/// Plays seeds; a broken promise stops.
fn trial(lines: &str, system: System, seeds: core::ops::Range<u64>, nodes: (u64, u64)) -> Tried {
    let trial = Trial { protocol: "kafka", lines, bugs: &[], system, nodes };
    let mut tried = Tried { broken: Vec::new(), answered: 0 };
    let (timing, failures) = match system {
        System::Calm => ("synchronous", "crash-recovery"),
        System::Wild => ("asynchronous", "crash-recovery"),
    };
    for seed in seeds {
        let text = trial.text(seed);
        let scenario = parse(&text, DECLARATIONS).expect("a text");
        let mut run = Run::new(&text).expect("a text");
        run.finish();
        let checks = run.declaration().checks;
        for violation in run.violations() {
            let check = usize::from(violation.check);
            let promised = promised_under(&scenario, run.declaration(), check, timing, failures);
            let shown: String = text.lines().collect::<Vec<_>>().join("\n");
            assert!(!promised, "seed {seed}: {} {violation:?}\n{shown}", checks[check].formal);
            let name = checks[check].formal;
            match tried.broken.iter_mut().find(|(known, ..)| *known == name) {
                Some((.., times)) => *times += 1,
                None => tried.broken.push((name, seed, 1)),
            }
        }
        let answers = run.operations();
        tried.answered +=
            answers.iter().filter(|operation| !operation.answer.is_empty()).count() as u64;
    }
    tried
}

/// Runs of each kind; `HAPPENS_BEFORE_TRIALS` asks for more.
const RUNS: u64 = 150;

fn seeds() -> core::ops::Range<u64> {
    let wanted = option_env!("HAPPENS_BEFORE_TRIALS").and_then(|number| number.parse().ok());
    0..wanted.unwrap_or(RUNS)
}

#[test]
fn acks_all_keeps_everything_in_the_declared_system() {
    let tried = trial("set acks all", System::Calm, seeds(), (2, 5));
    assert_eq!(tried.names(), [""; 0], "all of it is promised");
    assert!(tried.answered > 20 * RUNS);
}

#[test]
fn acks_all_keeps_what_is_acknowledged_whatever_the_network_does() {
    let tried = trial("set acks all", System::Wild, seeds(), (3, 5));
    assert!(tried.names().iter().all(|name| *name == "Linearizable"), "{:?}", tried.broken);
    assert!(tried.answered > 5 * RUNS);
}

#[test]
fn every_setting_keeps_what_leader_epochs_give() {
    for lines in [
        "set acks leader",
        "set acks leader\nset unclean on",
        "set acks all\nset unclean on\nset flush async",
    ] {
        trial(lines, System::Wild, 0..80, (3, 5));
    }
}

#[test]
fn acks_leader_and_unclean_elections_lose_records() {
    let tried = trial("set acks leader\nset unclean on", System::Calm, seeds(), (3, 4));
    assert!(tried.names().contains(&"Acknowledged survives"), "{:?}", tried.broken);
}
