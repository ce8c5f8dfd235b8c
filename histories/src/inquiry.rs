//! A check that can be driven in slices, by a worker for example, and stopped, and allowed more.

use crate::case::Explanation;
use crate::formats::{Fault, Reading, Unreadable};
use crate::models::{Opened, open};
use crate::report::{Asked, Options, Report, report};
use happens_before::check::linear::{Budget, Decided};
use serde::Serialize;
use std::collections::BTreeMap;

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Operations tried.
    pub steps: u64,
    /// How many the budget allows.
    pub steps_max: u64,
    /// Parts, keys for example, for which an order was found.
    pub decided: usize,
    /// How many parts there are.
    pub parts: usize,
    /// Whether there is no more to do.
    pub done: bool,
}

/// The check of one history.
pub struct Inquiry {
    pub(crate) asked: Asked,
    pub(crate) opened: Opened,
    /// What befell the system meanwhile.
    pub(crate) faults: Vec<Fault>,
    /// The part, a key for example, of each operation.
    pub(crate) keys: Vec<u32>,
    /// Why it is bad, once that is known.
    pub(crate) explanation: Option<Explanation>,
    done: bool,
}

impl Inquiry {
    /// Reads a history; nothing is decided.
    ///
    /// # Errors
    /// If the text cannot be read in its format, or no model knows its operations.
    pub fn new(text: &str, options: &Options) -> Result<Inquiry, Unreadable> {
        let (asked, Reading { events, faults }) = Asked::of(text, options)?;
        let opened = open(events, &asked.question())?;
        let keys = keys(&opened);
        Ok(Inquiry { asked, opened, faults, keys, explanation: None, done: false })
    }

    /// Goes on for about so many steps. Whether there is more to do.
    pub fn advance(&mut self, steps: u64) -> bool {
        self.done = !self.opened.case.advance(steps);
        !self.done
    }

    /// Allows so many steps in all: what ended as unknown goes on where it stopped.
    pub fn raise(&mut self, steps: u64, bytes: usize) {
        self.asked.budget = Budget { steps, bytes, ..self.asked.budget };
        self.opened.case.raise(self.asked.budget);
        self.done = false;
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let case = &self.opened.case;
        let parts = case.parts();
        let decided = (0..parts).filter(|&part| case.part(part) == Decided::Explained).count();
        let steps_max = self.asked.budget.steps;
        Progress { steps: case.steps(), steps_max, decided, parts, done: self.done }
    }

    /// The verdict so far: unknown as long as there is more to do.
    pub fn report(&self) -> Report {
        report(self.opened.case.judgement(), &self.asked)
    }
}

/// The part of each operation. What has none, having failed or being a read that never returned,
/// belongs where its key is judged, or else to the first.
fn keys(Opened { calls, judged, case, .. }: &Opened) -> Vec<u32> {
    let mut keys = vec![None; calls.len()];
    let mut named = BTreeMap::new();
    for part in 0..case.parts() {
        for operation in case.operations(part) {
            let row = judged[operation];
            keys[row] = Some(part as u32);
            named.insert(&calls[row].event.key, part as u32);
        }
    }
    let key = |(row, key): (usize, Option<u32>)| {
        key.or_else(|| named.get(&calls[row].event.key).copied()).unwrap_or(0)
    };
    keys.into_iter().enumerate().map(key).collect()
}
