//! ShiViz logs: a regular expression finds the events in a text, with the named groups `host`,
//! `clock` (JSON: host to count) and `event`; all other named groups are fields. A second one,
//! the delimiter, splits a text into executions; its group `trace` is the label of what follows.

use super::javascript::compile;
use crate::formats::Unreadable;
use regex::Regex;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What ShiViz takes for the parser when nothing else is said.
pub const PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

/// The groups that a parser must have.
const GROUPS: [&str; 3] = ["host", "clock", "event"];

/// An event as the log has it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where its clock stands, from 1: whatever may be wrong with it is wrong there.
    pub line: usize,
    pub host: String,
    /// Without its zeros.
    pub clock: BTreeMap<String, u32>,
    pub text: String,
}

/// One run of a system.
#[derive(Clone, Debug)]
pub struct Execution {
    /// What the delimiter before it calls it; empty without one.
    pub label: String,
    /// Where its text begins, from 1.
    pub line: usize,
    pub entries: Vec<Entry>,
    /// So many lines hold text outside of all events; and the first of them.
    pub unmatched: usize,
    pub unmatched_first: Option<usize>,
}

/// How a log is to be read.
#[derive(Clone, Debug)]
pub struct Grammar {
    parser: Regex,
    delimiter: Option<Regex>,
}

impl Grammar {
    /// Of a parser and a delimiter.
    ///
    /// # Errors
    /// If one of them is no regular expression or lacks a group; the line is 1.
    pub fn new(parser: &str, delimiter: Option<&str>) -> Result<Grammar, Unreadable> {
        Grammar::in_lines(parser, delimiter, [1, 1])
    }

    fn in_lines(
        parser: &str,
        delimiter: Option<&str>,
        lines: [usize; 2],
    ) -> Result<Grammar, Unreadable> {
        let wrong = |what: &str, line: usize| {
            let what = what.to_string();
            move |why: String| Unreadable::new(line, format!("the {what}: {why}"))
        };
        let parser = compile(parser).map_err(wrong("parser", lines[0]))?;
        for group in GROUPS {
            if !parser.capture_names().flatten().any(|name| name == group) {
                let why = format!("it has no group (?<{group}>...)");
                return Err(wrong("parser", lines[0])(why));
            }
        }
        let delimiter = delimiter.filter(|it| !it.trim().is_empty());
        let delimiter = delimiter.map(compile).transpose().map_err(wrong("delimiter", lines[1]))?;
        Ok(Grammar { parser, delimiter })
    }
}

/// The executions of a log. Without a grammar the log brings its own in its first two lines, as
/// files that ShiViz opens do, or else ShiViz's default is taken.
///
/// # Errors
/// If the parser finds nothing, or a clock is none.
pub fn read(text: &str, grammar: Option<Grammar>) -> Result<Vec<Execution>, Unreadable> {
    let text = plain(text);
    let (grammar, from) = match grammar {
        Some(grammar) => (grammar, 0),
        None => carried(&text)?.map_or_else(|| Ok((Grammar::new(PARSER, None)?, 0)), Ok)?,
    };
    let mut executions: Vec<Execution> = Vec::new();
    let mut counter = Lines { text: &text, at: 0, line: 1 };
    for (label, begin, end) in pieces(&text, from, grammar.delimiter.as_ref()) {
        let line = counter.line_of(begin);
        if executions.iter().any(|known| known.label == label) {
            let reason =
                format!("two executions are called {label:?}; a label says which is meant");
            return Err(Unreadable::new(line, reason));
        }
        executions.push(execution(&text, label, begin..end, &grammar.parser, &mut counter)?);
    }
    if executions.is_empty() {
        return Err(Unreadable::new(counter.line_of(from), "there is no log, only white space"));
    }
    Ok(executions)
}

/// Ends of lines as a browser's text field has them, and no byte order mark.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The grammar that a log carries in its first two lines, and where the log begins then.
fn carried(text: &str) -> Result<Option<(Grammar, usize)>, Unreadable> {
    let mut lines = text.splitn(3, '\n');
    let (parser, delimiter) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if !GROUPS.iter().all(|group| parser.contains(&format!("(?<{group}>"))) {
        return Ok(None);
    }
    let whole = |source: &str| format!("^{source}$");
    let delimiter = (!delimiter.trim().is_empty()).then(|| whole(delimiter));
    let grammar = Grammar::in_lines(&whole(parser), delimiter.as_deref(), [1, 2])?;
    let log = lines.next().unwrap_or_default();
    Ok(Some((grammar, text.len() - log.len())))
}

/// The texts between delimiters that hold more than white space: label, begin, end.
fn pieces(text: &str, from: usize, delimiter: Option<&Regex>) -> Vec<(String, usize, usize)> {
    let mut cuts = vec![(String::new(), from, from)];
    for found in delimiter.iter().flat_map(|it| it.captures_iter(&text[from..])) {
        let all = found.get(0).map_or(0..0, |it| it.range());
        let label = found.name("trace").map_or_else(
            // Unnamed executions are counted.
            || cuts.len().to_string(),
            |it| it.as_str().to_string(),
        );
        cuts.push((label, from + all.start, from + all.end));
    }
    let ends = cuts.iter().skip(1).map(|(_, start, _)| *start).chain([text.len()]);
    let ends: Vec<usize> = ends.collect();
    let pieces = cuts.into_iter().zip(ends).map(|((label, _, begin), end)| (label, begin, end));
    pieces.filter(|&(_, begin, end)| !text[begin..end].trim().is_empty()).collect()
}

/// Counts lines of places that are asked for in order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, place: usize) -> usize {
        let passed = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        self.line += passed.iter().filter(|&&it| it == b'\n').count();
        self.at = self.at.max(place);
        self.line
    }
}

fn execution(
    text: &str,
    label: String,
    range: std::ops::Range<usize>,
    parser: &Regex,
    lines: &mut Lines,
) -> Result<Execution, Unreadable> {
    let line = lines.line_of(range.start);
    let (mut unmatched, mut unmatched_first) = (0, None);
    // Text from here to there is no event.
    let mut skip = |lines: &mut Lines, from: usize, to: usize| {
        let mut at = from;
        for part in text[from..to].split_inclusive('\n') {
            if !part.trim().is_empty() {
                unmatched += 1;
                unmatched_first = unmatched_first.or(Some(lines.line_of(at)));
            }
            at += part.len();
        }
    };
    let mut entries = Vec::new();
    let mut at = range.start;
    for found in parser.captures_iter(&text[range.clone()]) {
        let all = found.get(0).map_or(0..0, |it| it.range());
        let (begin, end) = (range.start + all.start, range.start + all.end);
        skip(lines, at, begin);
        at = end;
        let place = found.name("clock").map_or(begin, |it| range.start + it.start());
        let line = lines.line_of(place);
        let group = |name: &str| found.name(name).map_or("", |it| it.as_str());
        let host = group("host").to_string();
        let clock = clock(group("clock"), line)?;
        if !clock.contains_key(&host) {
            let reason = format!("the clock of an event of host {host:?} does not count {host:?}");
            return Err(Unreadable::new(line, reason));
        }
        entries.push(Entry { line, host, clock, text: group("event").to_string() });
    }
    skip(lines, at, range.end);
    if entries.is_empty() {
        let reason = "the parser matches nothing here: it must fit the log";
        return Err(Unreadable::new(line, reason));
    }
    Ok(Execution { label, line, entries, unmatched, unmatched_first })
}

/// A vector clock; TLA+ writes its quotes with backslashes.
fn clock(text: &str, line: usize) -> Result<BTreeMap<String, u32>, Unreadable> {
    let wrong = |reason: String| Unreadable::new(line, reason);
    let parsed: Result<Value, _> = serde_json::from_str(text);
    let parsed = parsed
        .or_else(|error| serde_json::from_str(&text.replace("\\\"", "\"")).map_err(|_| error));
    let shown: String = text.chars().take(60).collect();
    let Ok(Value::Object(entries)) = parsed else {
        return Err(wrong(format!("{shown:?} is no clock: that is JSON like {{\"a\": 1}}")));
    };
    let mut clock = BTreeMap::new();
    for (host, count) in entries {
        // To JavaScript 1.0 is 1.
        let whole = |count: &f64| count.fract() == 0.0 && (0.0..1e9).contains(count);
        let rounded = || count.as_f64().filter(whole).map(|count| count as u64);
        match count.as_u64().or_else(rounded).and_then(|count| u32::try_from(count).ok()) {
            Some(0) => {}
            Some(count) => drop(clock.insert(host, count)),
            None => {
                return Err(wrong(format!(
                    "the clock says {count} for {host:?}, which is no count"
                )));
            }
        }
    }
    Ok(clock)
}
