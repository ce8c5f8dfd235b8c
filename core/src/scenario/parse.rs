//! A text to data: each line judged alone here, then the whole by `check`. Reads every line,
//! so that all mistakes are told at once. Never panics, whatever the text.

use super::action::{action, fate_of, message_name};
use super::ast::*;
use super::check::{self, Line};
use super::cursor::{Cursor, LARGEST, Mention};
use super::diagnose::{Diagnostic, Place, nearest, suggest};
use super::lex::{Sort, lex};
use super::model;
use super::network;
use super::words::{self, ACTIONS, STATEMENTS};
use crate::declare::Declaration;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Most lines a text may have.
pub const LINES_MOST: usize = 10_000;
/// Most entries of a starting log.
const LOG_MOST: usize = 1_000;
/// Shortest time between two operations of a client, µs.
const EVERY_LEAST_US: u64 = 1_000;

type Read<T> = Result<T, Diagnostic>;

/// The scenario that a text says, or everything that is wrong with it, in order of lines.
pub fn parse(text: &str, protocols: &[&Declaration]) -> Result<Scenario, Vec<Diagnostic>> {
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for (k, source) in text.lines().enumerate() {
        let number = k as u32 + 1;
        if k >= LINES_MOST {
            let place = Place { column: 1, length: 1 };
            let message = format!("a text has at most {LINES_MOST} lines.");
            wrong.push(Diagnostic::new(number, place, message, "Leave out what is below."));
            break;
        }
        lines.push(line(number, source).unwrap_or_else(|diagnostic| {
            wrong.push(diagnostic);
            Line::unreadable(source)
        }));
    }
    wrong.extend(check::whole(&lines, protocols));
    if wrong.is_empty() {
        let statements = lines.into_iter().map(|line| line.statement).collect();
        return Ok(Scenario { statements });
    }
    crate::order::sort_by_key(&mut wrong, |d| (u64::from(d.line), u64::from(d.column)));
    Err(wrong)
}

/// What one line says by itself; none if it cannot be read.
pub(super) fn kind_of(source: &str) -> Option<Kind> {
    line(1, source).ok().map(|line| line.statement.kind)
}

/// One line by itself.
fn line(number: u32, source: &str) -> Read<Line> {
    let lexed = lex(number, source)?;
    let comment = lexed.comment.map(String::from);
    let mut cursor = Cursor::new(number, lexed);
    let head = cursor.place();
    let kind = if cursor.done() { Kind::Blank } else { kind(&mut cursor)? };
    cursor.finish()?;
    let statement = Statement { kind, comment };
    Ok(Line { statement, head, mentions: cursor.mentions, unreadable: None })
}

fn kind(cursor: &mut Cursor) -> Read<Kind> {
    let place = cursor.place();
    let (word, _) = cursor.word("the beginning of a line", "For example: at 900ms crash n1")?;
    match word {
        "scenario" => Ok(Kind::Title(cursor.text("a title")?.content())),
        "protocol" => protocol(cursor),
        "nodes" => {
            let place = cursor.place();
            let nodes = cursor.number("a number of nodes", 1, 1_000)? as u16;
            cursor.mention(place, Mention::Nodes(nodes));
            Ok(Kind::Nodes(nodes))
        }
        "seed" => Ok(Kind::Seed(cursor.number("a seed", 0, u64::MAX)?)),
        "duplicate" if !network::comes(cursor) => {
            Ok(Kind::Fate { fate: Fate::Duplicate, message: message_name(cursor)? })
        }
        "latency" | "loss" | "duplicate" | "reorder" | "bandwidth" | "order" => {
            let (link, law) = network::law(cursor, word)?;
            Ok(Kind::Network { link, law })
        }
        "chaos" => network::chaos(cursor).map(Kind::Chaos),
        "drop" | "hold" | "delay" => {
            let (fate, message) = fate_of(cursor, word)?;
            Ok(Kind::Fate { fate, message })
        }
        "disk" => Ok(Kind::Disk(cursor.range("the time of a sync", 0)?)),
        "timing" => model::timing(cursor).map(Kind::Timing),
        "failures" => model::failures(cursor).map(Kind::Failures),
        "set" => set(cursor),
        "client" => client(cursor),
        "log" => log(cursor),
        "at" => {
            let time_us = cursor.time("a time", 0)?;
            Ok(Kind::At { time_us, action: action(cursor)? })
        }
        "when" => when(cursor),
        "expect" => expect(cursor),
        "always" => Ok(Kind::Always(property(cursor)?)),
        "never" => Ok(Kind::Never(property(cursor)?)),
        "end" => Ok(Kind::End(cursor.time("a time", 1)?)),
        _ => Err(no_such_line(cursor, word, place)),
    }
}

/// Nothing begins with this word; perhaps an action without its time.
fn no_such_line(cursor: &Cursor, word: &str, place: Place) -> Diagnostic {
    let form = words::form_of(ACTIONS, word);
    if !form.is_empty() {
        let message = format!("“{word}” needs a time or an event.");
        return cursor.wrong(place, message, format!("For example: at 900ms {form}"));
    }
    let possible = words::heads(STATEMENTS);
    let message = format!("no line begins with “{word}”.");
    if nearest(word, &possible).is_none()
        && let Some(near) = nearest(word, &words::heads(ACTIONS))
    {
        let form = words::form_of(ACTIONS, near);
        return cursor.wrong(place, message, format!("Did you mean: at 900ms {form}"));
    }
    cursor.wrong(place, message, suggest(word, &possible))
}

fn protocol(cursor: &mut Cursor) -> Read<Kind> {
    let (name, place) = cursor.word("the name of a protocol", "For example: protocol raft")?;
    cursor.mention(place, Mention::Protocol(name.to_string()));
    let mut bugs: Vec<String> = Vec::new();
    if !cursor.done() {
        cursor.keyword("with", "For example: protocol raft with bug NAME")?;
        if !cursor.take_word("bugs") {
            cursor.keyword("bug", "For example: protocol raft with bug NAME")?;
        }
        loop {
            let (bug, place) = cursor.word("the name of a bug", "A bug has one word.")?;
            if bugs.iter().any(|known| known == bug) {
                let message = format!("“{bug}” is named twice.");
                return Err(cursor.wrong(place, message, "Once is enough."));
            }
            cursor.mention(place, Mention::Bug(bug.to_string()));
            bugs.push(bug.to_string());
            if !cursor.take(Sort::Comma) {
                break;
            }
        }
    }
    Ok(Kind::Protocol { name: name.to_string(), bugs })
}

fn set(cursor: &mut Cursor) -> Read<Kind> {
    let (name, place) = cursor.word("the name of a parameter", "For example: set NAME 75ms")?;
    cursor.mention(place, Mention::Parameter(name.to_string()));
    let first = cursor.place();
    let plain = cursor.word_ahead(0).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
    let alone = cursor.ahead(1).is_none();
    let begins = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase());
    let word = cursor.word_ahead(0).filter(|word| alone && begins(word));
    // A plain number may be a count; whether its parameter is a time, the declaration knows.
    let value = if plain {
        Value::Count(cursor.number("a value", 0, u64::MAX)?)
    } else if let Some(word) = word {
        let word = word.to_string();
        cursor.skip();
        Value::Word(word)
    } else {
        Value::Duration(cursor.range("a value", 0)?)
    };
    cursor.mention(first, Mention::Setting(name.to_string(), value.clone()));
    Ok(Kind::Set { name: name.to_string(), value })
}

fn client(cursor: &mut Cursor) -> Read<Kind> {
    let place = cursor.place();
    let name = cursor.name()?;
    cursor.mention(place, Mention::NewClient(name));
    let at = if cursor.take_word("at") { Some(cursor.server()?) } else { None };
    if cursor.done() {
        return Ok(Kind::Client { name, at, every_us: None, operations: Vec::new() });
    }
    // What a client does without saying how often would never happen.
    cursor.keyword("every", "For example: every 100ms put x")?;
    let every_us = Some(cursor.time("a span of time", EVERY_LEAST_US)?);
    let mut operations = Vec::new();
    loop {
        operations.push(operation(cursor)?);
        if !cursor.take_word("or") {
            break;
        }
    }
    Ok(Kind::Client { name, at, every_us, operations })
}

/// `put x 3`, up to `or` or the end.
pub(super) fn operation(cursor: &mut Cursor) -> Read<OperationCall> {
    let (name, place) = cursor.word("a client operation", "For example: put x 3")?;
    let mut arguments = Vec::new();
    let mut last = place;
    while !cursor.done() && cursor.word_ahead(0) != Some("or") {
        let hint = "Letters, digits, _ and - are possible.";
        let place = cursor.place();
        let fine = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if !cursor.word_ahead(0).is_some_and(|word| word.chars().all(fine)) {
            return Err(cursor.wanted("a key or value", hint));
        }
        let (word, _) = cursor.word("a key or value", hint)?;
        arguments.push(word.to_string());
        last = place;
    }
    let call = OperationCall { name: name.to_string(), arguments };
    cursor.mention(place.to(last), Mention::Operation(call.clone()));
    Ok(call)
}

fn log(cursor: &mut Cursor) -> Read<Kind> {
    let place = cursor.place();
    let node = cursor.server()?;
    cursor.mention(place, Mention::StartingLog);
    let mut terms = Vec::new();
    while terms.is_empty() || !cursor.done() {
        let place = cursor.place();
        let term = cursor.number("a term", 1, LARGEST)?;
        if terms.last().is_some_and(|before| *before > term) {
            let message = format!("the terms of a log never fall, but {term} does.");
            return Err(cursor.wrong(place, message, "For example: log n1 1 1 4"));
        }
        if terms.len() >= LOG_MOST {
            let message = format!("a starting log has at most {LOG_MOST} entries.");
            return Err(cursor.wrong(place, message, "Leave out the rest."));
        }
        terms.push(term);
    }
    Ok(Kind::Log { node, terms })
}

/// `EVENT [of NODE]`
fn event_name(cursor: &mut Cursor) -> Read<EventName> {
    let (name, place) = cursor.word("an event", "For example: crash")?;
    cursor.mention(place, Mention::Event(name.to_string()));
    let of = if cursor.take_word("of") { Some(cursor.node()?) } else { None };
    Ok(EventName { name: name.to_string(), of })
}

fn when(cursor: &mut Cursor) -> Read<Kind> {
    let event = event_name(cursor)?;
    cursor.event = Some(event.name.clone());
    let again = cursor.take_word("again");
    let by_us = if cursor.take_word("by") { Some(cursor.time("a time", 0)?) } else { None };
    if !cursor.take(Sort::Colon) && cursor.word_ahead(0) != Some("say") {
        let hint = format!("For example: when {}: crash n1", event.name);
        return Err(cursor.wanted("a colon before the action", hint));
    }
    Ok(Kind::When { event, again, by_us, then: action(cursor)? })
}

fn expect(cursor: &mut Cursor) -> Read<Kind> {
    if cursor.take_word("violated") {
        let check = check_name(cursor)?;
        let by_us = if cursor.take_word("by") { Some(cursor.time("a time", 0)?) } else { None };
        return Ok(Kind::Expect(Expectation::Violated(check, by_us)));
    }
    let property = property(cursor)?;
    if cursor.take_word("at") {
        return Ok(Kind::Expect(Expectation::At(property, cursor.time("a time", 0)?)));
    }
    if cursor.take_word("within") {
        let us = cursor.time("a span of time", 0)?;
        cursor.keyword("of", "For example: within 1s of crash")?;
        return Ok(Kind::Expect(Expectation::Within(property, us, event_name(cursor)?)));
    }
    Ok(Kind::Expect(Expectation::Finally(property)))
}

/// Whether the k-th token from here begins `at T`, `by T` or `within T`, or the line is over:
/// a check's name may itself contain such a word.
fn ends_property(cursor: &Cursor, k: usize) -> bool {
    let time = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    match cursor.word_ahead(k) {
        None => cursor.ahead(k).is_none(),
        Some("at" | "by" | "within") => cursor.word_ahead(k + 1).is_none_or(time),
        Some(_) => false,
    }
}

fn property(cursor: &mut Cursor) -> Read<Property> {
    if cursor.word_ahead(0).and_then(words::name).is_some() {
        return field(cursor);
    }
    let second = cursor.word_ahead(1);
    let counted = second.is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit()));
    match cursor.word_ahead(0) {
        Some("leader") if ends_property(cursor, 1) => {
            cursor.skip();
            Ok(Property::Leader(None))
        }
        Some("leader") if second.and_then(words::name).is_some() => {
            cursor.skip();
            Ok(Property::Leader(Some(cursor.server()?)))
        }
        Some("no") if second == Some("leader") && ends_property(cursor, 2) => {
            cursor.skip();
            cursor.skip();
            Ok(Property::NoLeader)
        }
        Some("progress") if ends_property(cursor, 1) => {
            cursor.skip();
            Ok(Property::Progress)
        }
        Some("committed") if counted => {
            cursor.skip();
            Ok(Property::Committed(cursor.number("an index", 0, LARGEST)?))
        }
        Some("answered") if counted => {
            cursor.skip();
            Ok(Property::Answered(cursor.number("a number of operations", 0, LARGEST)?))
        }
        _ => Ok(Property::Check(check_name(cursor)?)),
    }
}

/// `n1 log 1 1 2`; values that stand side by side are `n1 x 1 | 2`.
fn field(cursor: &mut Cursor) -> Read<Property> {
    let node = cursor.node()?;
    let hint = format!("For example: {node} term 2");
    let (field, _) = cursor.word("a field of the node", &hint)?;
    let mut value: Vec<&str> = Vec::new();
    while value.is_empty() || !ends_property(cursor, 0) {
        let beside = !value.is_empty() && cursor.take(Sort::Bar);
        value.push(if beside { "|" } else { cursor.word("a value", &hint)?.0 });
    }
    Ok(Property::Field { node, field: field.to_string(), value: value.join(" ") })
}

/// The words of a check, signs between them left out.
fn check_name(cursor: &mut Cursor) -> Read<String> {
    let first = cursor.place();
    let mut last = first;
    let mut name = String::new();
    while !ends_property(cursor, 0) {
        if cursor.take(Sort::Comma) || cursor.take(Sort::Colon) {
            continue;
        }
        let (word, place) = cursor.word("a word of a check", "Only words name a check.")?;
        name.push(' ');
        name.push_str(word);
        last = place;
    }
    let name = words::check_words(&name);
    if name.is_empty() {
        return Err(cursor.wanted("what must hold", "For example: one leader per term"));
    }
    cursor.mention(first.to(last), Mention::Check(name.clone()));
    Ok(name)
}
