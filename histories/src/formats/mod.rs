//! Histories in the formats of other projects, read into events. What an event means to an
//! object is decided in `models`, what is linearizable in the core.

mod edn;
mod etcd;
mod jepsen;
mod json;

use edn::Edn;
use happens_before::check::linear::Value;
use std::fmt;

/// How a history is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Format {
    /// Console log of Jepsen's etcd test, as Porcupine and others pass it around.
    Etcd,
    /// Porcupine's key-value log: a map in each line.
    PorcupineKv,
    /// Jepsen's history.edn.
    Edn,
    /// A Jepsen history as a JSON array.
    Json,
}

impl Format {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Etcd => "etcd",
            Format::PorcupineKv => "porcupine-kv",
            Format::Edn => "edn",
            Format::Json => "json",
        }
    }

    /// Whether a place in it is a line, counted from 1, or else the index of a record, from 0.
    pub fn counts_lines(self) -> bool {
        matches!(self, Format::Etcd | Format::PorcupineKv)
    }

    /// What a text looks like.
    pub fn guess(text: &str) -> Format {
        let lines = text.lines().map(str::trim);
        let mut telling = lines.filter(|line| !line.is_empty() && !line.starts_with(';'));
        let first = telling.next().unwrap_or_default();
        let opened = first.trim_start_matches('[').trim_start();
        let second = opened.strip_prefix('{').map(str::trim_start);
        let quoted = |text: &str| text.starts_with('"');
        if first.is_empty() || first.starts_with("INFO") {
            Format::Etcd
        } else if second.is_some_and(quoted)
            || first == "["
                && telling.next().is_some_and(|line| {
                    line == "{" || line.strip_prefix('{').is_some_and(|line| quoted(line.trim()))
                })
        {
            Format::Json
        } else if first.starts_with('{') && first.contains(":key ") {
            Format::PorcupineKv
        } else {
            Format::Edn
        }
    }

    /// The events of a text.
    pub fn read(self, text: &str) -> Result<Vec<Event>, Unreadable> {
        match self {
            Format::Etcd => etcd::read(text),
            Format::PorcupineKv => {
                let mut events = Vec::new();
                for (index, line) in text.lines().enumerate() {
                    let line_number = index + 1;
                    for record in edn::records(line).map_err(|wrong| wrong.in_line(line_number))? {
                        let place = Place { line: line_number, index: line_number };
                        events.extend(jepsen::event(&record.value, place)?);
                    }
                }
                Ok(events)
            }
            Format::Edn => jepsen::events(edn::records(text)?),
            Format::Json => jepsen::events(json::records(text)?),
        }
    }
}

/// A record and the line in which it begins.
pub struct Record {
    line: usize,
    value: Edn,
}

/// Where an event stands: its line, from 1, and what reports call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub index: usize,
}

/// What an event says about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invoke,
    /// It has happened.
    Ok,
    /// It has not happened.
    Fail,
    /// It has, has not, or will happen.
    Info,
}

/// One line or record of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub place: Place,
    pub process: u64,
    pub kind: Kind,
    /// What is asked: read, write.
    pub function: String,
    pub key: Option<Value>,
    pub value: Value,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// From 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub reason: String,
}

impl Unreadable {
    pub(crate) fn new(line: usize, reason: impl Into<String>) -> Unreadable {
        Unreadable { line, reason: reason.into() }
    }

    /// Of a text that is itself one line of a longer one.
    fn in_line(mut self, line: usize) -> Unreadable {
        self.line = line;
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}
