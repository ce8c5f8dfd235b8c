//! Histories in the formats of other projects, read into events. What an event means to an
//! object is decided in `models`, what is linearizable in the core.

mod columns;
mod edn;
mod etcd;
mod jepsen;
mod json;
mod maelstrom;
#[cfg(test)]
mod tests;

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
    /// Jepsen's history.txt: process, type, function, value and error between tabs.
    HistoryTxt,
    /// A Jepsen history in JSON: an array of objects, or an object in each line.
    Json,
    /// Messages of a Maelstrom network, in JSON: `{"src", "dest", "body"}` in each line.
    Maelstrom,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 6] = [
        Format::Etcd,
        Format::PorcupineKv,
        Format::Edn,
        Format::HistoryTxt,
        Format::Json,
        Format::Maelstrom,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Etcd => "etcd",
            Format::PorcupineKv => "porcupine-kv",
            Format::Edn => "edn",
            Format::HistoryTxt => "history-txt",
            Format::Json => "json",
            Format::Maelstrom => "maelstrom",
        }
    }

    /// Whether a place in it is a line, counted from 1, or else the index of a record, from 0.
    pub fn counts_lines(self) -> bool {
        !matches!(self, Format::Edn | Format::Json)
    }

    /// What a text looks like, by how its first record begins: `INFO` is a console log; a quote
    /// behind the first brace is JSON, and that of Maelstrom if the record says `src` and
    /// `dest`; a process and a type are the columns of history.txt; a map with a `:key` is
    /// Porcupine's; all else is taken for EDN. An empty text is an empty log.
    pub fn guess(text: &str) -> Format {
        let text = without_mark(text);
        let first = text.lines().map(str::trim).find(|it| !it.is_empty() && !it.starts_with(';'));
        let first = first.unwrap_or_default();
        if first.is_empty() || first.starts_with("INFO") {
            Format::Etcd
        } else if json::looks_so(text) {
            if maelstrom::looks_so(text) { Format::Maelstrom } else { Format::Json }
        } else if columns::looks_so(first) {
            Format::HistoryTxt
        } else if first.starts_with('{') && first.contains(":key ") {
            Format::PorcupineKv
        } else {
            Format::Edn
        }
    }

    /// What a text says.
    ///
    /// # Errors
    /// If a record is not of this format.
    pub fn read(self, text: &str) -> Result<Reading, Unreadable> {
        let text = without_mark(text);
        let mut reading = Reading::default();
        match self {
            Format::Etcd => etcd::read(text, &mut reading)?,
            Format::PorcupineKv => {
                for (index, text) in text.lines().enumerate() {
                    let line = index + 1;
                    for record in edn::records(text).map_err(|wrong| wrong.in_line(line))? {
                        reading.push(jepsen::entry(&record.value, Place::of_line(line))?);
                    }
                }
            }
            Format::Edn => jepsen::read(edn::records(text)?, &mut reading)?,
            Format::HistoryTxt => {
                for (index, line) in text.lines().enumerate() {
                    if !line.trim().is_empty() {
                        reading.push(columns::entry(line, Place::of_line(index + 1))?);
                    }
                }
            }
            Format::Json => jepsen::read(json::records(text)?, &mut reading)?,
            Format::Maelstrom => maelstrom::read(text, &mut reading)?,
        }
        Ok(reading)
    }
}

/// Without the byte order mark that some editors write.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A record and the line in which it begins.
pub struct Record {
    line: usize,
    value: edn::Edn,
}

/// Where an event stands: its line, from 1, and what reports call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub index: usize,
}

impl Place {
    /// In a format whose records are lines.
    fn of_line(line: usize) -> Place {
        Place { line, index: line }
    }
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

impl Kind {
    /// The kind of Jepsen's `:type`.
    fn of(word: &str) -> Option<Kind> {
        match word {
            "invoke" => Some(Kind::Invoke),
            "ok" => Some(Kind::Ok),
            "fail" => Some(Kind::Fail),
            "info" => Some(Kind::Info),
            _ => None,
        }
    }
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
    /// Nanoseconds since the test began, where the file says so.
    pub time: Option<u64>,
}

/// What was done to the system and not asked of it: a line or record of the nemesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// So many events of clients stand before it.
    pub after: usize,
    /// Who did it: `nemesis`, mostly.
    pub process: String,
    /// Jepsen's nemeses say `info` when they begin and when they are done.
    pub kind: Kind,
    /// What was done: start, kill. Empty if nothing is said.
    pub function: String,
    pub value: Value,
    /// Nanoseconds since the test began, where the file says so.
    pub time: Option<u64>,
}

/// What a history holds, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What clients did.
    pub events: Vec<Event>,
    /// What befell the system meanwhile.
    pub faults: Vec<Fault>,
}

/// A record, read.
enum Entry {
    Event(Event),
    Fault(Fault),
}

impl Reading {
    fn push(&mut self, entry: Entry) {
        match entry {
            Entry::Event(event) => self.events.push(event),
            Entry::Fault(fault) => {
                self.faults.push(Fault { after: self.events.len(), ..fault });
            }
        }
    }
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
