//! Sentences.

use super::cycles::{Because, Step};
use super::{History, Op};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A sentence under way.
pub(super) struct Sentence<'h> {
    history: &'h History,
    so_far: String,
}

/// Begins a sentence about a history.
pub(super) fn sentence(history: &History) -> Sentence<'_> {
    Sentence { history, so_far: String::new() }
}

impl Sentence<'_> {
    pub fn text(mut self, text: &str) -> Self {
        self.so_far.push_str(text);
        self
    }

    pub fn txn(self, place: u32) -> Self {
        self.text("T").text(&(u64::from(place) + 1).to_string())
    }

    pub fn key(self, key: u32) -> Self {
        let history = self.history;
        match history.keys.get(key as usize) {
            Some(name) => self.text(name),
            None => self.text(&key.to_string()),
        }
    }

    pub fn value(self, value: i64) -> Self {
        self.text(&value.to_string())
    }

    pub fn maybe(self, value: Option<i64>) -> Self {
        match value {
            Some(value) => self.value(value),
            None => self.text("nil"),
        }
    }

    /// A list; of a long one its end.
    pub fn values(self, values: &[i64]) -> Self {
        const SHOWN: usize = 12;
        let hidden = values.len().saturating_sub(SHOWN);
        let line = self.text(if hidden > 0 { "[... " } else { "[" });
        line.several(&values[hidden..], " ", |line, value| line.value(*value)).text("]")
    }

    /// Transactions, the first few of them.
    pub fn all(self, places: &[u32]) -> Self {
        const SHOWN: usize = 8;
        let shown = places.len().min(SHOWN);
        let line = self.several(&places[..shown], ", ", |line, place| line.txn(*place));
        line.text(if shown < places.len() { " and others" } else { "" })
    }

    fn several<T>(self, items: &[T], between: &str, one: fn(Self, &T) -> Self) -> Self {
        let mut line = self;
        for (place, item) in items.iter().enumerate() {
            line = one(line.text(if place > 0 { between } else { "" }), item);
        }
        line
    }

    pub fn done(self) -> String {
        self.so_far
    }
}

pub(super) fn aborted(history: &History, reader: u32, writer: u32, key: u32, value: i64) -> String {
    let line = sentence(history).txn(reader).text(" observed ").value(value).text(" in ").key(key);
    line.text(", which was written by ").txn(writer).text(", which did not happen.").done()
}

pub(super) fn intermediate(
    history: &History,
    reader: u32,
    writer: u32,
    key: u32,
    value: i64,
) -> String {
    let line = sentence(history).txn(reader).text(" observed ").value(value).text(" in ").key(key);
    line.text(", which was not ").txn(writer).text("'s last write there.").done()
}

pub(super) fn future(history: &History, by: u32, key: u32, value: i64) -> String {
    let line = sentence(history).txn(by).text(" observed ").value(value).text(" in ").key(key);
    line.text(" before it wrote that itself.").done()
}

/// A sentence for each edge of a cycle, and at the end what is wrong with that.
pub(super) fn cycle(history: &History, steps: &[Step]) -> Vec<String> {
    let mut lines: Vec<String> = steps.iter().map(|step| edge(history, step)).collect();
    if let Some(step) = steps.first() {
        let line = sentence(history).text("So ").txn(step.from).text(" comes before itself: ");
        lines.push(line.text("a contradiction.").done());
    }
    lines
}

fn edge(history: &History, step: &Step) -> String {
    let line = sentence(history).txn(step.from).text(" < ").txn(step.to).text(", because ");
    let appends = match step.because {
        Because::Process | Because::RealTime => false,
        Because::Overwrote { key, .. }
        | Because::Observed { key, .. }
        | Because::Missed { key, .. } => history.transactions[step.to as usize]
            .ops
            .iter()
            .chain(&history.transactions[step.from as usize].ops)
            .any(|op| matches!(op, Op::Append { key: list, .. } if *list == key)),
    };
    let (wrote, writing, write, to) = if appends {
        (" appended ", " by appending ", "'s append of ", " to ")
    } else {
        (" wrote ", " by writing ", "'s write of ", " to ")
    };
    let line = match step.because {
        Because::Overwrote { key, before, after } => {
            let line = line.txn(step.to).text(wrote).value(after).text(" after ");
            line.txn(step.from).text(wrote).value(before).text(to).key(key)
        }
        Because::Observed { key, value } => line
            .txn(step.to)
            .text(" observed ")
            .txn(step.from)
            .text(write)
            .value(value)
            .text(to)
            .key(key),
        Because::Missed { key, before: None, after } => {
            let line = line.txn(step.from).text(" observed the initial nil of ").key(key);
            line.text(", which ")
                .txn(step.to)
                .text(if appends { " created" } else { " replaced" })
                .text(writing)
                .value(after)
        }
        Because::Missed { key, before: Some(before), after } => {
            let line = line.txn(step.from).text(" observed ").value(before);
            let line = line.text(if appends { " as the last of " } else { " in " }).key(key);
            line.text(" and not ").txn(step.to).text(write).value(after).text(", which came later")
        }
        Because::Process => {
            let process = history.transactions[step.from as usize].process;
            let line = line.text("process ").text(&process.to_string()).text(" executed ");
            line.txn(step.from).text(" before ").txn(step.to)
        }
        Because::RealTime => {
            let returned = history.transactions[step.from as usize].returned;
            let called = history.transactions[step.to as usize].called;
            let line = line.txn(step.from).text(" returned at ").text(&returned.to_string());
            line.text(", before ").txn(step.to).text(" was called at ").text(&called.to_string())
        }
    };
    line.text(".").done()
}
