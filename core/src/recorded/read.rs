//! Reads a recording: lines that someone has parsed as JSON become a `Recorded`. Whatever a
//! file holds, the answer is a recording or a sentence about one line: never a panic, never a
//! recording whose numbers lead nowhere. Fields that it does not know it passes over.

use super::play::{Changes, InFlight, NodeChange, Recorded, Violated};
use super::{FAMILIES, FATES, FORMAT, SAFETIES, SIGNS, STATUSES, VERSION};
use crate::declare::{
    Check, Declaration, EventKind, FaultModel, LOG_CELLS, MessageKind, Role, State,
};
use crate::faults::FAULTS;
use crate::process::NodeId;
use crate::run::{
    Beat, EVENTS_MAX, FlagView, LineState, LineView, OperationState, OperationView, Outcome,
    Verdict,
};
use crate::view::{Ail, Cell, OwnLaw, TimerView, Votes};
use crate::world::{Event, NO_NODE, NONE, What};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A value of a JSON document, whoever parsed it.
pub trait Value: Sized {
    /// A member of an object; none where there is none or it is `null`.
    fn field(&self, name: &str) -> Option<Self>;
    /// The members of a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A text.
    fn text(&self) -> Option<String>;
    /// True or false.
    fn truth(&self) -> Option<bool>;
}

/// What is wrong with a file, and in which of its lines (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Wrong {
    /// The line.
    pub line: u32,
    /// What is wrong with it.
    pub message: String,
}

type Read<T> = Result<T, String>;

/// Most nodes that a file may have.
const NODES_MAX: usize = 2_000;

impl Recorded {
    /// A recording, from its lines in order; a line that is no JSON comes as what is wrong
    /// with it.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn read<V: Value>(lines: impl Iterator<Item = Read<V>>) -> Result<Recorded, Wrong> {
        let mut recorded: Option<Recorded> = None;
        for (number, line) in (1..).zip(lines) {
            let read = line.and_then(|line| match &mut recorded {
                None => header(&line).map(|header| recorded = Some(header)),
                Some(recorded) if line.field("end").is_some() => end(recorded, &line),
                Some(recorded) => event(recorded, &line),
            });
            read.map_err(|message| Wrong { line: number, message })?;
        }
        let mut recorded =
            recorded.ok_or_else(|| Wrong { line: 1, message: "The file is empty.".to_string() })?;
        recorded.seek(0);
        Ok(recorded)
    }
}

// ---- members ----

fn lacks(name: &str, what: &str) -> String {
    format!("“{name}” must be {what}.")
}

fn text<V: Value>(value: &V, name: &str) -> Read<String> {
    value.field(name).and_then(|field| field.text()).ok_or_else(|| lacks(name, "a text"))
}

fn text_or_empty<V: Value>(value: &V, name: &str) -> String {
    value.field(name).and_then(|field| field.text()).unwrap_or_default()
}

/// A whole number up to 2^53.
fn whole<V: Value>(value: &V) -> Option<u64> {
    let number = value.number()?;
    let whole = number as u64;
    ((0.0..=9_007_199_254_740_992.0).contains(&number) && whole as f64 == number).then_some(whole)
}

fn number<V: Value>(value: &V, name: &str) -> Read<u64> {
    value.field(name).and_then(|field| whole(&field)).ok_or_else(|| lacks(name, "a whole number"))
}

fn number_or<V: Value>(value: &V, name: &str, missing: u64) -> Read<u64> {
    if value.field(name).is_none() { Ok(missing) } else { number(value, name) }
}

fn small(number: u64, name: &str) -> Read<u32> {
    u32::try_from(number).map_err(|_| lacks(name, "below 2^32"))
}

fn items<V: Value>(value: &V, name: &str) -> Read<Vec<V>> {
    value.field(name).and_then(|field| field.items()).ok_or_else(|| lacks(name, "a list"))
}

fn items_or_none<V: Value>(value: &V, name: &str) -> Read<Vec<V>> {
    if value.field(name).is_none() { Ok(Vec::new()) } else { items(value, name) }
}

fn known<T: Copy>(table: &[(T, &str)], word: &str, name: &str) -> Read<T> {
    let found = table.iter().find(|(_, known)| *known == word);
    found.map(|(value, _)| *value).ok_or_else(|| format!("“{name}” may not be “{word}”."))
}

fn word<V: Value, T: Copy>(value: &V, name: &str, table: &[(T, &str)]) -> Read<T> {
    known(table, &text(value, name)?, name)
}

// ---- the first line ----

/// A file's declaration lives as long as the program: what is declared is constant everywhere.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn kept_list<V: Value, T>(
    value: &V,
    name: &str,
    read: impl Fn(&V) -> Read<T>,
) -> Read<&'static [T]> {
    let list = items_or_none(value, name)?.iter().map(read).collect::<Read<Vec<T>>>()?;
    Ok(Box::leak(list.into_boxed_slice()))
}

fn header<V: Value>(line: &V) -> Read<Recorded> {
    if line.field("format").and_then(|format| format.text()).as_deref() != Some(FORMAT) {
        return Err(format!("This is not a recording: its first line must say “{FORMAT}”."));
    }
    let version = number(line, "version")?;
    if version > u64::from(VERSION) {
        return Err(format!("The format's version {version} is newer than {VERSION}, read here."));
    }
    let protocol = line.field("protocol").ok_or_else(|| lacks("protocol", "an object"))?;
    let declaration: &'static Declaration = Box::leak(Box::new(declaration(&protocol)?));
    let names = items(line, "nodes")?;
    let names = names.iter().map(|name| name.text().ok_or_else(|| lacks("nodes", "texts")));
    let names = names.collect::<Read<Vec<String>>>()?;
    let servers = number(line, "servers")? as usize;
    if names.is_empty() || names.len() > NODES_MAX || servers > names.len() {
        return Err(format!("There must be 1 to {NODES_MAX} nodes, servers first."));
    }
    let mut recorded = Recorded::new(declaration, names, servers as u16);
    recorded.text = text_or_empty(line, "scenario");
    recorded.title = text_or_empty(line, "title");
    recorded.seed = text_or_empty(line, "seed");
    recorded.made_by = text_or_empty(line, "made_by");
    recorded.rack_note = text_or_empty(line, "rack_note");
    recorded.median_flight_us = number_or(line, "median_flight", 0)?;
    Ok(recorded)
}

fn declaration<V: Value>(protocol: &V) -> Read<Declaration> {
    let part = |name: &'static str| move |value: &V| text(value, name).map(kept);
    let optional = |name: &str| kept(text_or_empty(protocol, name));
    let state = |state: &V| {
        let shown = state.field("shown").and_then(|shown| shown.truth()).unwrap_or(false);
        Ok(State { name: part("name")(state)?, family: word(state, "family", &FAMILIES)?, shown })
    };
    let message = |message: &V| {
        let sign = word(message, "sign", &SIGNS)?;
        Ok(MessageKind { name: part("name")(message)?, sign, label: part("label")(message)? })
    };
    let event = |event: &V| {
        let (about, source) = (text_or_empty(event, "about"), text_or_empty(event, "source"));
        let (about, source) = (kept(about), kept(source));
        Ok(EventKind { name: part("name")(event)?, fields: &[], about, source, only_with: "" })
    };
    let check = |check: &V| {
        Ok(Check { plain: part("plain")(check)?, formal: kept(text_or_empty(check, "formal")) })
    };
    let states = kept_list(protocol, "states", state)?;
    if states.is_empty() {
        return Err(lacks("states", "a list of at least one state"));
    }
    Ok(Declaration {
        name: part("name")(protocol)?,
        title: part("title")(protocol)?,
        version: 1,
        source: optional("source"),
        epoch: optional("epoch"),
        rack: optional("rack"),
        cells: cells(protocol)?,
        roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
        services: &[],
        nodes: (1, NODES_MAX as u16),
        states,
        messages: kept_list(protocol, "messages", message)?,
        events: kept_list(protocol, "events", event)?,
        parameters: &[],
        operations: &[],
        orders: &[],
        bugs: &[],
        checks: kept_list(protocol, "checks", check)?,
        promises: &[],
        starting_log: false,
        faults: FaultModel { beyond: &[], live_while: "" },
    })
}

/// What the fills of cells mean: three words, or else those of a log.
fn cells<V: Value>(protocol: &V) -> Read<[&'static str; 3]> {
    let Some(words) = protocol.field("cells") else { return Ok(LOG_CELLS) };
    let words: Option<Vec<_>> =
        words.items().and_then(|words| words.iter().map(|word| word.text().map(kept)).collect());
    words.and_then(|words| words.try_into().ok()).ok_or_else(|| lacks("cells", "three texts"))
}

// ---- events ----

/// Every word of an event.
const KINDS: [What; 38] = [
    What::Told,
    What::Stable,
    What::Boot,
    What::Send,
    What::Receive,
    What::Lost,
    What::Timer,
    What::Durable,
    What::Request,
    What::Answer,
    What::GiveUp,
    What::Mark,
    What::Face,
    What::Line,
    What::Skipped,
    What::Crash,
    What::Kill,
    What::Restart,
    What::Pause,
    What::Resume,
    What::Partition,
    What::Cut,
    What::Heal,
    What::Drift,
    What::Deliver,
    What::Violated,
    What::Wipe,
    What::Suspend,
    What::Slow,
    What::Step,
    What::Slew,
    What::Clog,
    What::Disk,
    What::Law,
    What::Failed,
    What::Exit,
    What::Waits,
    What::Doubled,
];

fn event<V: Value>(recorded: &mut Recorded, line: &V) -> Read<()> {
    let id = number(line, "id")?;
    if id != recorded.events.len() as u64 {
        return Err(format!(
            "Event {} is missing: this line is event {id}.",
            recorded.events.len()
        ));
    }
    if recorded.events.len() >= EVENTS_MAX {
        return Err(format!("A run has at most {EVENTS_MAX} events."));
    }
    let time_us = number(line, "t")?;
    if recorded.events.last().is_some_and(|(last, _)| last.time_us > time_us) {
        return Err("Time runs back: events must stand in the order of their times.".to_string());
    }
    let kind = text(line, "kind")?;
    let what = KINDS.iter().find(|what| what.word() == kind);
    let what = *what.ok_or_else(|| format!("No event is called “{kind}”."))?;
    let cause = match line.field("cause") {
        None => NONE,
        Some(cause) => {
            let cause = whole(&cause).filter(|&cause| cause < id);
            cause.ok_or_else(|| lacks("cause", "an earlier event"))? as u32
        }
    };
    let mut event = Event {
        time_us,
        cause,
        a: small(number_or(line, "epoch", 0)?, "epoch")?,
        b: small(number_or(line, "number", 0)?, "number")?,
        c: small(number_or(line, "count", 0)?, "count")?,
        node: node(recorded, line, "node")?,
        peer: node(recorded, line, "peer")?,
        what,
        sub: 0,
    };
    details(recorded, line, &mut event)?;
    let change = line.field("now").map(|now| change(recorded, &now, id)).transpose()?;
    recorded.events.push((event, change.map(Box::new)));
    recorded.head_us = time_us;
    Ok(())
}

fn node<V: Value>(recorded: &Recorded, line: &V, name: &str) -> Read<NodeId> {
    let Some(value) = line.field(name) else { return Ok(NO_NODE) };
    let wanted = value.text().ok_or_else(|| lacks(name, "a node's name"))?;
    place(recorded, &wanted).map(NodeId)
}

fn place(recorded: &Recorded, name: &str) -> Read<u16> {
    let place = recorded.names.iter().position(|known| known == name);
    place.map(|place| place as u16).ok_or_else(|| format!("No node is called “{name}”."))
}

/// The place of a declared name.
fn declared<V: Value>(line: &V, names: impl Iterator<Item = &'static str>) -> Read<u8> {
    let wanted = text(line, "name")?;
    let mut names = names;
    let place = names.position(|name| name == wanted);
    let place = place.ok_or_else(|| format!("“{wanted}” is not declared in the first line."))?;
    u8::try_from(place).map_err(|_| "More than 256 are declared.".to_string())
}

fn details<V: Value>(recorded: &mut Recorded, line: &V, event: &mut Event) -> Read<()> {
    let declaration = recorded.declaration;
    match event.what {
        What::Send | What::Receive => {
            event.sub = declared(line, declaration.messages.iter().map(|kind| kind.name))?;
            if event.node == NO_NODE || event.peer == NO_NODE {
                return Err("A message needs “node” and “peer”.".to_string());
            }
        }
        What::Lost => {
            let sent = recorded.events.get(event.cause as usize);
            if sent.is_none_or(|(sent, _)| sent.what != What::Send) {
                return Err("“cause” of a lost message must be its sending.".to_string());
            }
            event.b = small(number_or(line, "planned", 0)?, "planned")?;
        }
        What::Mark => event.sub = declared(line, declaration.events.iter().map(|e| e.name))?,
        What::Violated => event.sub = declared(line, declaration.checks.iter().map(|c| c.plain))?,
        What::Face => {
            event.sub = declared(line, declaration.states.iter().map(|state| state.name))?;
            event.b = word(line, "status", &STATUSES)? as u32;
            if event.node == NO_NODE {
                return Err(lacks("node", "a node's name"));
            }
            recorded.faces.push(recorded.events.len() as u32);
        }
        What::Request | What::Answer | What::GiveUp => operation(recorded, line, event)?,
        _ => event.a = small(number_or(line, "detail", 0)?, "detail")?,
    }
    Ok(())
}

fn operation<V: Value>(recorded: &mut Recorded, line: &V, event: &mut Event) -> Read<()> {
    let place = number(line, "operation")?;
    event.a = small(place, "operation")?;
    let said = text_or_empty(line, "text");
    let time_us = event.time_us;
    if event.what == What::Request {
        if place != recorded.operations.len() as u64 || event.node == NO_NODE {
            return Err("Operations must be numbered in the order of their beginnings.".to_string());
        }
        recorded.operations.push(OperationView {
            client: recorded.names[event.node.index()].clone(),
            request: said,
            answer: String::new(),
            invoked: time_us,
            returned: None,
            state: OperationState::Open,
        });
        recorded.given_up_us.push(u64::MAX);
        return Ok(());
    }
    let operation = recorded.operations.get_mut(place as usize);
    let operation = operation.ok_or_else(|| format!("Operation {place} has not begun."))?;
    if event.what == What::Answer {
        operation.returned = Some(time_us);
        operation.answer = said;
        operation.state = OperationState::Answered;
    } else {
        operation.state = OperationState::GaveUp;
        recorded.given_up_us[place as usize] = time_us;
    }
    Ok(())
}

// ---- what an event changes on stage ----

fn change<V: Value>(recorded: &mut Recorded, now: &V, id: u64) -> Read<Changes> {
    let mut change = Changes::default();
    for value in items_or_none(now, "nodes")? {
        change.nodes.push(node_change(recorded, &value)?);
    }
    for value in items_or_none(now, "flights")? {
        let of = number(&value, "id")?;
        let sent = recorded.events.get(of as usize).map(|(event, _)| event.what);
        if sent != Some(What::Send) && of != id {
            return Err(format!("Flight {of} is not of a message that was sent."));
        }
        let copies = items(&value, "copies")?.iter().map(copy).collect::<Read<Vec<InFlight>>>()?;
        change.flights.push((of as u32, copies));
    }
    change.committed = now.field("committed").map(|_| number(now, "committed")).transpose()?;
    if now.field("groups").is_some() {
        let groups = items(now, "groups")?;
        let groups = groups.iter().map(|group| places(recorded, group));
        change.groups = Some(groups.collect::<Read<Vec<Vec<u16>>>>()?);
    }
    change.cuts = links(recorded, now, "cuts")?;
    change.clogs = links(recorded, now, "clogs")?;
    if now.field("laws").is_some() {
        let laws = items(now, "laws")?;
        let laws = laws.iter().map(|law| law_of(recorded, law));
        change.laws = Some(laws.collect::<Read<Vec<OwnLaw>>>()?);
    }
    Ok(change)
}

fn links<V: Value>(recorded: &Recorded, now: &V, name: &str) -> Read<Option<Vec<(u16, u16)>>> {
    if now.field(name).is_none() {
        return Ok(None);
    }
    let pairs = items(now, name)?;
    pairs.iter().map(|pair| pair_of(recorded, pair)).collect::<Read<Vec<_>>>().map(Some)
}

fn law_of<V: Value>(recorded: &Recorded, value: &V) -> Read<OwnLaw> {
    let parts = value.items().unwrap_or_default();
    let most = recorded.names.len() as u64;
    let place = |value: &V| whole(value).filter(|&place| place < most).map(|place| place as u16);
    let law = match parts.as_slice() {
        [from, to, words] => place(from).zip(place(to)).zip(words.text()),
        _ => None,
    };
    let law = law.map(|((from, to), words)| OwnLaw { from, to, words });
    law.ok_or_else(|| "A link's laws are [from, to, words].".to_string())
}

fn ail<V: Value>(value: &V) -> Read<Ail> {
    let parts = value.items().unwrap_or_default();
    let [fault, words] = parts.as_slice() else {
        return Err("What is wrong with a node is [fault, words].".to_string());
    };
    let fault = fault.text().unwrap_or_default();
    // A fault of a later vocabulary still has its words.
    let fault = FAULTS.iter().find(|known| known.word == fault).map_or("", |known| known.word);
    Ok(Ail { fault, words: words.text().unwrap_or_default() })
}

fn places<V: Value>(recorded: &Recorded, list: &V) -> Read<Vec<u16>> {
    let most = recorded.names.len() as u64;
    let place = |value: &V| {
        let place = whole(value).filter(|&place| place < most);
        place.map(|place| place as u16).ok_or_else(|| "There is no such node.".to_string())
    };
    list.items().ok_or_else(|| lacks("groups", "lists"))?.iter().map(place).collect()
}

fn pair_of<V: Value>(recorded: &Recorded, pair: &V) -> Read<(u16, u16)> {
    match places(recorded, pair)?.as_slice() {
        &[from, to] => Ok((from, to)),
        _ => Err("A link has two ends.".to_string()),
    }
}

fn copy<V: Value>(value: &V) -> Read<InFlight> {
    let parts = value.items().unwrap_or_default();
    let [until, planned, fate] = parts.as_slice() else {
        return Err("A copy in flight is [ends at, planned at, fate].".to_string());
    };
    let time = |value: &V| whole(value).ok_or_else(|| lacks("copies", "whole times"));
    let fate = fate.text().ok_or_else(|| lacks("copies", "ended by a fate"))?;
    let fate = known(&FATES, &fate, "fate")?;
    Ok(InFlight { until_us: time(until)?, planned_us: time(planned)?, fate })
}

fn numbers<V: Value>(value: &V, name: &str, count: usize) -> Read<Option<Option<Vec<u64>>>> {
    if value.field(name).is_none() {
        return Ok(None);
    }
    let list = items(value, name)?;
    let list: Option<Vec<u64>> = list.iter().map(whole).collect();
    match list {
        Some(list) if list.is_empty() => Ok(Some(None)),
        Some(list) if list.len() == count => Ok(Some(Some(list))),
        _ => Err(lacks(name, &format!("{count} whole numbers, or none"))),
    }
}

fn node_change<V: Value>(recorded: &mut Recorded, value: &V) -> Read<NodeChange> {
    let has = |name: &str| value.field(name).is_some();
    let said = |name: &str| has(name).then(|| text(value, name)).transpose();
    let node = place(recorded, &text(value, "node")?)?;
    let epoch = match value.field("epoch") {
        None => None,
        Some(epoch) => match epoch.items().unwrap_or_default().as_slice() {
            [number, label] => Some((whole(number).unwrap_or(0), label.text().unwrap_or_default())),
            _ => return Err(lacks("epoch", "a number and its words")),
        },
    };
    let timer = numbers(value, "timer", 2)?
        .map(|timer| timer.map(|t| TimerView { since_us: t[0], due_us: t[1] }));
    let votes = numbers(value, "votes", 3)?.map(|votes| {
        let part = |place: usize, v: &[u64]| u16::try_from(v[place]).unwrap_or(u16::MAX);
        votes.map(|v| Votes { have: part(0, &v), need: part(1, &v), of: part(2, &v) })
    });
    let first = has("first").then(|| number(value, "first")).transpose()?;
    let (count, was_first) = &mut recorded.cells[usize::from(node)];
    if let Some(first) = first {
        let gone = first.checked_sub(*was_first).and_then(|gone| usize::try_from(gone).ok());
        *count = gone.map_or(0, |gone| count.saturating_sub(gone));
        *was_first = first;
    }
    let cells = if has("cells") {
        let cells = items(value, "cells")?.iter().map(cell).collect::<Read<Vec<Cell>>>()?;
        let keep = number_or(value, "keep", 0)? as usize;
        if keep > *count {
            return Err(lacks("keep", "at most the number of cells before"));
        }
        *count = keep + cells.len();
        Some((keep, cells))
    } else {
        None
    };
    let fields = if has("fields") {
        let pair = |pair: &V| match pair.items().unwrap_or_default().as_slice() {
            [name, value] => name.text().zip(value.text()).ok_or_else(|| lacks("fields", "texts")),
            _ => Err(lacks("fields", "pairs of texts")),
        };
        Some(items(value, "fields")?.iter().map(pair).collect::<Read<Vec<(String, String)>>>()?)
    } else {
        None
    };
    let ails = if has("ails") {
        Some(items(value, "ails")?.iter().map(ail).collect::<Read<Vec<Ail>>>()?)
    } else {
        None
    };
    Ok(NodeChange {
        node,
        ails,
        status: has("status").then(|| word(value, "status", &STATUSES)).transpose()?,
        family: has("family").then(|| word(value, "family", &FAMILIES)).transpose()?,
        role: said("role")?,
        epoch,
        timer,
        votes,
        first,
        cells,
        state: said("state")?,
        waiting: numbers(value, "waiting", 1)?.map(|since| since.map(|since| since[0])),
        answer: said("answer")?,
        fields,
    })
}

fn cell<V: Value>(value: &V) -> Read<Cell> {
    let parts = value.items().unwrap_or_default();
    let [epoch, safety, label] = parts.as_slice() else {
        return Err("A cell is [epoch, safety, label].".to_string());
    };
    let safety = safety.text().ok_or_else(|| lacks("safety", "a text"))?;
    let label = label.text().ok_or_else(|| lacks("label", "a text"))?;
    let epoch = whole(epoch).ok_or_else(|| lacks("epoch", "a whole number"))?;
    Ok(Cell { epoch, safety: known(&SAFETIES, &safety, "safety")?, label })
}

// ---- the last line ----

fn end<V: Value>(recorded: &mut Recorded, line: &V) -> Read<()> {
    recorded.head_us = recorded.head_us.max(number(line, "end")?);
    recorded.digest = text_or_empty(line, "digest");
    for value in items_or_none(line, "violations")? {
        let violated = violated(recorded, &value)?;
        recorded.violations.push(violated);
    }
    for value in items_or_none(line, "verdicts")? {
        recorded.verdicts.push(verdict(&value)?);
    }
    for value in items_or_none(line, "captions")? {
        recorded.beats.push(Beat {
            time: number(&value, "time")?,
            line: small(number_or(&value, "line", 0)?, "line")?,
            text: text(&value, "text")?,
            under: text_or_empty(&value, "under"),
            event: small(number_or(&value, "event", 0)?, "event")?,
        });
    }
    recorded.beats_total = number_or(line, "captions_total", 0)? as usize;
    for value in items_or_none(line, "flags")? {
        recorded.flags.push(FlagView {
            time: number(&value, "time")?,
            label: text(&value, "label")?,
            line: small(number_or(&value, "line", 0)?, "line")?,
            played: false,
        });
    }
    for value in items_or_none(line, "lines")? {
        recorded.lines.push(line_view(&value)?);
    }
    Ok(())
}

fn violated<V: Value>(recorded: &Recorded, value: &V) -> Read<Violated> {
    let some = |name: &str| match value.field(name) {
        Some(list) => places(recorded, &list),
        None => Ok(Vec::new()),
    };
    let cell = |cell: &V| {
        let parts = cell.items().unwrap_or_default();
        let [node, index] = parts.as_slice() else { return Err(lacks("cells", "pairs")) };
        let most = recorded.names.len() as u64;
        let node = whole(node).filter(|&node| node < most).ok_or_else(|| lacks("cells", "nodes"));
        Ok((node? as u16, whole(index).ok_or_else(|| lacks("cells", "indexes"))?))
    };
    let arrows = items_or_none(value, "arrows")?;
    Ok(Violated {
        check: text(value, "check")?,
        time_us: number(value, "t")?,
        event: small(number(value, "event")?, "event")?,
        statement: text_or_empty(value, "statement"),
        nodes: some("nodes")?,
        cells: items_or_none(value, "cells")?.iter().map(cell).collect::<Read<Vec<_>>>()?,
        arrows: arrows.iter().map(|pair| pair_of(recorded, pair)).collect::<Read<Vec<_>>>()?,
        cause: text_or_empty(value, "cause"),
        cause_us: value.field("cause_t").map(|_| number(value, "cause_t")).transpose()?,
    })
}

const OUTCOMES: [(Outcome, &str); 4] = [
    (Outcome::Holds, "Holds"),
    (Outcome::Violated, "Violated"),
    (Outcome::Unknown, "Unknown"),
    (Outcome::Pending, "Pending"),
];

fn verdict<V: Value>(value: &V) -> Read<Verdict> {
    let is = |name: &str| value.field(name).and_then(|field| field.truth()).unwrap_or(false);
    Ok(Verdict {
        plain: text(value, "plain")?,
        formal: text_or_empty(value, "formal"),
        outcome: word(value, "outcome", &OUTCOMES)?,
        detail: text_or_empty(value, "detail"),
        expected: is("expected"),
        line: small(number_or(value, "line", 0)?, "line")?,
        fails: is("fails"),
    })
}

const LINE_STATES: [(LineState, &str); 5] = [
    (LineState::Header, "header"),
    (LineState::Played, "played"),
    (LineState::Ahead, "ahead"),
    (LineState::Skipped, "skipped"),
    (LineState::Standing, "standing"),
];

fn line_view<V: Value>(value: &V) -> Read<LineView> {
    Ok(LineView {
        state: word(value, "state", &LINE_STATES)?,
        at: value.field("at").map(|_| number(value, "at")).transpose()?,
        resolved: text_or_empty(value, "resolved"),
        reason: text_or_empty(value, "reason"),
        violated: value.field("violated").and_then(|field| field.truth()).unwrap_or(false),
        models: kept(text_or_empty(value, "models")),
        beyond: kept(text_or_empty(value, "beyond")),
    })
}
