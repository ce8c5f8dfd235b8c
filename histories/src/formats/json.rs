//! Jepsen histories as JSON: an array of objects, or objects one after another.

use super::edn::Edn;
use super::{Record, Unreadable};
use serde_json::Value;

/// Whether a text begins as JSON records do: a brace and a quote, or a bracket before these.
pub fn looks_so(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix('[').map_or(text, str::trim_start);
    text.strip_prefix('{').is_some_and(|text| text.trim_start().starts_with('"'))
}

/// The records of a text.
pub fn records(text: &str) -> Result<Vec<Record>, Unreadable> {
    let mut records = Vec::new();
    for record in elements(text) {
        let (line, value) = record?;
        records.push(Record { line, value: to_edn(&value) });
    }
    Ok(records)
}

/// The elements of an array, or the values one after another, each with the line in which it
/// begins.
pub fn elements(text: &str) -> impl Iterator<Item = Result<(usize, Value), Unreadable>> {
    let mut elements = Elements { rest: text, line: 1, state: State::Start };
    std::iter::from_fn(move || {
        let next = elements.next();
        if !matches!(next, Some(Ok(_))) {
            elements.rest = "";
            elements.state = State::Values;
        }
        next
    })
}

/// Where in an array the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// There is no array around the values.
    Values,
    /// In the array that begins in this line, before an element.
    Before(usize),
    /// Behind an element.
    Behind(usize),
}

/// Splits a text into values without reading them.
struct Elements<'a> {
    rest: &'a str,
    line: usize,
    state: State,
}

impl Elements<'_> {
    /// Passes over white space, then over this character if it stands there.
    fn pass(&mut self, wanted: Option<char>) -> bool {
        let rest = self.rest.trim_start();
        self.line += newlines(&self.rest[..self.rest.len() - rest.len()]);
        let passed = wanted.and_then(|wanted| rest.strip_prefix(wanted));
        self.rest = passed.unwrap_or(rest);
        passed.is_some()
    }

    fn next(&mut self) -> Option<Result<(usize, Value), Unreadable>> {
        if self.state == State::Start {
            self.pass(None);
            let line = self.line;
            self.state = if self.pass(Some('[')) { State::Before(line) } else { State::Values };
        }
        let mut wanted = false;
        if let State::Behind(begin) = self.state {
            self.state = State::Before(begin);
            wanted = self.pass(Some(','));
            if !wanted && !self.rest.is_empty() && !self.rest.starts_with(']') {
                return Some(self.wrong("a comma is missing between two elements"));
            }
        }
        if let State::Before(begin) = self.state {
            if !wanted && self.pass(Some(']')) {
                self.pass(None);
                let more = !self.rest.is_empty();
                return more.then(|| self.wrong("more follows after the end"));
            }
            self.pass(None);
            if self.rest.is_empty() {
                return Some(self.wrong(&format!("what begins in line {begin} is never closed")));
            }
            self.state = State::Behind(begin);
        }
        self.pass(None);
        (!self.rest.is_empty()).then(|| self.value())
    }

    fn wrong<T>(&self, reason: &str) -> Result<T, Unreadable> {
        Err(Unreadable::new(self.line, reason))
    }

    fn value(&mut self) -> Result<(usize, Value), Unreadable> {
        let line = self.line;
        let (text, rest) = self.rest.split_at(length(self.rest));
        let value = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            // The line is said apart, and counted from the beginning of the text.
            let what = message.split(" at line ").next().unwrap_or(&message);
            Unreadable::new(line + error.line().max(1) - 1, what)
        })?;
        self.line += newlines(text);
        self.rest = rest;
        Ok((line, value))
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|&it| it == b'\n').count()
}

/// How many bytes the value takes that begins here; at least one.
fn length(text: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0u32, false, false);
    for (place, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            if !in_string && depth == 0 {
                return place + 1;
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth <= 1 => return (place + usize::from(depth == 1)).max(1),
            b']' | b'}' => depth -= 1,
            b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return place.max(1),
            _ => {}
        }
    }
    text.len()
}

/// As EDN: a key is a string. A number beyond 64 bits is rounded, as most readers of JSON do.
pub fn to_edn(value: &Value) -> Edn {
    match value {
        Value::Null => Edn::Nil,
        Value::Bool(value) => Edn::Bool(*value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Edn::Text(number.to_string()), Edn::Int)
        }
        Value::String(text) => Edn::Text(text.clone()),
        Value::Array(values) => Edn::Sequence(values.iter().map(to_edn).collect()),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| (Edn::Text(key.clone()), to_edn(value));
            Edn::Map(entries.iter().map(entry).collect())
        }
    }
}
