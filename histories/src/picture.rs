//! What of a check is drawn: who did what from when to when, in which order it can have taken
//! effect, and where no order goes on. What is many stands in [`Columns`], what is said once in
//! [`Picture`], what is asked of a single operation in [`Look`]. Draws nothing.

mod faults;

use crate::inquiry::Inquiry;
use crate::models::{Call, Ending, Verdict};
use crate::report::Report;
use faults::{Band, bands};
use happens_before::check::linear::Decided;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of an operation's label.
const LABEL_MAX: usize = 80;

/// Last operations of an order whose states are said.
const STATES_SHOWN: usize = 8;

/// All operations, one a row; places are among all calls and returns of the source, from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Index in [`Picture::processes`].
    pub process: Vec<u32>,
    /// Index in [`Picture::keys`].
    pub key: Vec<u32>,
    /// Where it was called.
    pub call: Vec<u32>,
    /// Where it returned; the largest number if it never did.
    pub end: Vec<u32>,
    /// Line or index of the call in the source.
    pub call_at: Vec<u32>,
    /// Line or index of the return, or of the call of one that never returned.
    pub end_at: Vec<u32>,
    /// What became of it: 0 it returned, 1 it never returned, 2 it failed and was not judged.
    pub fate: Vec<u32>,
    /// What it does in a few words, one after another.
    pub labels: String,
    /// Where each label ends, in bytes.
    pub label_ends: Vec<u32>,
    /// When it was called, µs since the test began; not a number where nobody says.
    pub time: Vec<f64>,
}

/// One key, or all of an object without keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// In words; empty without keys.
    pub name: String,
    /// holds, violated, or undecided.
    pub verdict: &'static str,
    /// How many operations are judged.
    pub operations: usize,
}

/// An operation after which another state is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its row.
    pub operation: usize,
    /// The state after it.
    pub state: String,
}

/// An operation that could come next by its place and cannot by its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Its row.
    pub operation: usize,
    /// Why.
    pub reason: String,
}

/// An order that explains as many returns as any, and what it comes to grief on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Rows, in order.
    pub operations: Vec<usize>,
    /// The state before the first of `last`.
    pub before: String,
    /// Its last operations, with the states that they leave.
    pub last: Vec<Step>,
    /// What cannot come next.
    pub refused: Vec<Refusal>,
}

/// Why a history is bad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Index of its key.
    pub key: usize,
    /// Row of the operation whose return is the first that nothing explains.
    pub operation: usize,
    /// Why, in one sentence.
    pub sentence: String,
    /// With so many operations every order begins, that of each of `orders`.
    pub agreed: usize,
    /// Some of the orders that come furthest.
    pub orders: Vec<Order>,
    /// Rows of the few operations that are bad whatever else happened.
    pub shrunk: Vec<usize>,
}

/// What is said once.
#[derive(Serialize)]
pub struct Picture {
    /// The verdict as a heading.
    pub heading: String,
    /// The verdict in words.
    pub report: Report,
    /// What places in the source are called: line or operation.
    pub unit: &'static str,
    /// Names of those who called, in the order of their first calls.
    pub processes: Vec<String>,
    /// The keys, in the order of the parts.
    pub keys: Vec<Key>,
    /// In the order of their begins.
    pub faults: Vec<Band>,
    /// Why it is bad, if it is.
    pub bad: Option<Bad>,
}

/// A single operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Look {
    /// What was asked.
    pub asked: String,
    /// What came back; none if it never returned.
    pub answered: Option<String>,
    /// An order that takes it: the one that comes furthest, for a bad key.
    pub order: Vec<usize>,
    /// Its place in that order, from 1; none if no order is known that takes it.
    pub place: Option<usize>,
    /// The state before it in that order.
    pub before: Option<String>,
    /// The state after it.
    pub after: Option<String>,
}

impl Inquiry {
    /// All operations.
    pub fn columns(&self) -> Columns {
        let calls = &self.opened.calls;
        let processes = self.processes();
        let mut columns = Columns { key: self.keys.clone(), ..Columns::default() };
        let mut words: Vec<Option<(String, Option<String>)>> = calls.iter().map(|_| None).collect();
        for (operation, &row) in self.opened.judged.iter().enumerate() {
            words[row] = Some(self.opened.case.words(operation));
        }
        for (call, words) in calls.iter().zip(words) {
            let end = call.end.as_ref();
            let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            columns.process.push(processes[&call.event.process]);
            columns.call.push(place(call.order as usize));
            columns.end.push(end.map_or(u32::MAX, |(_, order)| place(*order as usize)));
            columns.call_at.push(place(call.event.place.index));
            let last = end.map_or(call.event.place, |(event, _)| event.place);
            columns.end_at.push(place(last.index));
            columns.fate.push(match call.ending() {
                Ending::Fail if words.is_none() => 2,
                Ending::Unknown => 1,
                Ending::Ok | Ending::Fail => 0,
            });
            let label = words.map_or_else(|| unjudged(call), label);
            columns.labels.extend(label.chars().take(LABEL_MAX));
            columns.label_ends.push(place(columns.labels.len()));
            columns.time.push(call.event.time.map_or(f64::NAN, |time_ns| time_ns as f64 / 1e3));
        }
        columns
    }

    /// What is said once. The orders that end at a violation are looked for when it is first
    /// asked for.
    pub fn picture(&mut self) -> Picture {
        if self.explanation.is_none() {
            self.explanation = self.opened.case.explain();
        }
        let mut processes: Vec<(u32, u64)> =
            self.processes().into_iter().map(|(process, index)| (index, process)).collect();
        processes.sort_unstable();
        let format = self.asked.format;
        let report = self.report();
        Picture {
            heading: report.heading(),
            report,
            unit: if format.counts_lines() { "line" } else { "operation" },
            processes: processes.iter().map(|(_, process)| process.to_string()).collect(),
            keys: self.keys(),
            faults: bands(&self.faults),
            bad: self.bad(),
        }
    }

    /// The rows of a key in an order that explains all its results; of the bad one in the order
    /// that comes furthest. Nothing if none is known.
    pub fn order(&self, key: usize) -> Vec<usize> {
        self.rows(&self.order_of(key))
    }

    /// A single operation, by its row; none of one that failed.
    pub fn look(&self, row: usize) -> Option<Look> {
        let operation = self.opened.judged.binary_search(&row).ok()?;
        let case = &self.opened.case;
        let key = self.keys[row] as usize;
        let mut order = self.order_of(key);
        if !order.contains(&operation) && case.part(key) == Decided::Refuted {
            order = case.furthest_with(operation).unwrap_or_default();
        }
        let index = order.iter().position(|&it| it == operation);
        let states = index.map(|index| case.states(&order[..=index], index));
        let mut states = states.into_iter().flatten();
        let (asked, answered) = case.words(operation);
        Some(Look {
            asked,
            answered,
            order: if index.is_some() { self.rows(&order) } else { Vec::new() },
            place: index.map(|index| index + 1),
            before: states.next(),
            after: states.next(),
        })
    }

    fn order_of(&self, key: usize) -> Vec<usize> {
        let first = || self.explanation.as_ref().and_then(|it| it.orders.first().cloned());
        match self.opened.case.part(key) {
            Decided::Explained => self.opened.case.order(key).unwrap_or_default(),
            Decided::Refuted => first().unwrap_or_default(),
            Decided::Undecided => Vec::new(),
        }
    }

    fn rows(&self, order: &[usize]) -> Vec<usize> {
        order.iter().map(|&operation| self.opened.judged[operation]).collect()
    }

    /// Number of each process, in the order of their first calls.
    fn processes(&self) -> BTreeMap<u64, u32> {
        let mut numbers = BTreeMap::new();
        for call in &self.opened.calls {
            let next = numbers.len() as u32;
            numbers.entry(call.event.process).or_insert(next);
        }
        numbers
    }

    fn keys(&self) -> Vec<Key> {
        let case = &self.opened.case;
        let key = |part: usize| {
            let operations = case.operations(part);
            let first = operations.first().map(|&it| &self.opened.calls[self.opened.judged[it]]);
            let key = first.and_then(|call| call.event.key.as_ref());
            Key {
                name: key.map_or_else(String::new, ToString::to_string),
                verdict: match case.part(part) {
                    Decided::Explained => "holds",
                    Decided::Refuted => "violated",
                    Decided::Undecided => "undecided",
                },
                operations: operations.len(),
            }
        };
        if case.parts() == 0 {
            let verdict = match case.judgement().verdict {
                Verdict::Holds(_) | Verdict::NothingToCheck => "holds",
                Verdict::Unknown(_) => "undecided",
                Verdict::Violated(_) => "violated",
            };
            let operations = self.opened.calls.len();
            return vec![Key { name: String::new(), verdict, operations }];
        }
        (0..case.parts()).map(key).collect()
    }

    fn bad(&self) -> Option<Bad> {
        let (violation, explanation) = (self.opened.case.violation()?, self.explanation.as_ref()?);
        let row = self.opened.judged[violation.operation];
        let key = self.keys[row] as usize;
        Some(Bad {
            key,
            operation: row,
            sentence: violation.sentence.clone(),
            agreed: explanation.agreed,
            orders: explanation
                .orders
                .iter()
                .map(|order| self.ending(key, order, violation.time))
                .collect(),
            shrunk: self.rows(&violation.shrunk),
        })
    }

    /// An order of a key with its last states, and what it refuses of what runs when it ends.
    fn ending(&self, key: usize, order: &[usize], time: u64) -> Order {
        let (case, judged) = (&self.opened.case, &self.opened.judged);
        let from = order.len().saturating_sub(STATES_SHOWN);
        let mut states = case.states(order, from).into_iter();
        let before = states.next().unwrap_or_default();
        let step = |(&operation, state)| Step { operation: judged[operation], state };
        let last: Vec<Step> = order[from..].iter().zip(states).map(step).collect();
        let leaves = last.last().map_or(&before, |step| &step.state);
        let taken: BTreeSet<usize> = order.iter().copied().collect();
        let waits = |&operation: &usize| {
            self.opened.calls[judged[operation]].order <= time && !taken.contains(&operation)
        };
        let refused = |operation: usize| {
            let (asked, answered) = case.words(operation);
            let reason = match answered {
                _ if case.fits(order, operation) => {
                    format!("{asked} could come next, but no order goes on from there")
                }
                Some(answered) => format!("{asked} {answered}, but this order leaves {leaves}"),
                None => format!("{asked} can do nothing: this order leaves {leaves}"),
            };
            Refusal { operation: judged[operation], reason }
        };
        let operations = case.operations(key).into_iter();
        let refused = operations.filter(waits).map(refused).collect();
        Order { operations: self.rows(order), before, last, refused }
    }
}

/// What an operation does, in a few words.
fn label((asked, answered): (String, Option<String>)) -> String {
    match answered.as_deref() {
        None | Some("succeeded") => asked,
        Some("was refused") => format!("{asked} refused"),
        Some(answered) => {
            let value = answered.strip_prefix("returned ").unwrap_or(answered);
            format!("{asked} → {value}")
        }
    }
}

/// What one that has no words of its own wanted and got, in those of the source.
fn unjudged(call: &Call) -> String {
    let key = call.event.key.as_ref().map(|key| format!("{key} ")).unwrap_or_default();
    let asked = format!("{} {key}{}", call.event.function, call.event.value);
    match call.answer() {
        Some(answer) if *answer != call.event.value => format!("{asked} → {answer}"),
        None if call.ending() == Ending::Fail => format!("{asked}, failed"),
        _ => asked,
    }
}

#[cfg(test)]
mod tests;
