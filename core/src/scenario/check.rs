//! Judges what the lines of a text mention: against the protocol's declaration, and against
//! one another (a node that is not there, a seed set twice). Never judges the form of a line.

use super::ast::*;
use super::cursor::Mention;
use super::diagnose::{Diagnostic, Place, nearest, suggest};
use super::print::Span;
use super::words::{self, LINEARIZABLE};
use crate::declare::{Argument, Declaration, OrderArgument, Parameter, Unit, WORLD_EVENTS};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Nodes when a text does not say.
pub(super) const NODES: u16 = 3;
/// Largest number of a client.
const CLIENTS_MOST: u16 = 100;

/// A line as it was read.
pub(super) struct Line {
    pub statement: Statement,
    /// Its first word.
    pub head: Place,
    pub mentions: Vec<(Place, Mention)>,
    /// The first word of a line that could not be read: what it would have said is not
    /// missed elsewhere.
    pub unreadable: Option<String>,
}

impl Line {
    pub(super) fn unreadable(source: &str) -> Line {
        let first = source.split_whitespace().next().unwrap_or("");
        Line {
            statement: Statement { kind: Kind::Blank, comment: None },
            head: Place { column: 1, length: 1 },
            mentions: Vec::new(),
            unreadable: Some(first.to_string()),
        }
    }
}

/// What mentions are judged against; what is unknown is not judged.
pub(super) struct Context<'a> {
    pub declaration: Option<&'a Declaration>,
    pub nodes: Option<u16>,
    pub clients: Option<Vec<Name>>,
}

/// Everything wrong with lines that each have the right form.
pub(super) fn whole(lines: &[Line], protocols: &[&Declaration]) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    duplicates(lines, &mut wrong);
    let broken = |word: &str| lines.iter().any(|l| l.unreadable.as_deref() == Some(word));
    let numbered = || (1u32..).zip(lines);
    let protocol = numbered().find_map(|(number, line)| match &line.statement.kind {
        Kind::Protocol { name, .. } => Some((number, line, name)),
        _ => None,
    });
    let names: Vec<&str> = protocols.iter().map(|declaration| declaration.name).collect();
    if protocol.is_none() && !broken("protocol") {
        let place = Place { column: 1, length: 1 };
        let lines: Vec<String> = names.iter().map(|name| format!("protocol {name}")).collect();
        let hint = format!("Add a line: {}.", lines.join(", or "));
        wrong.push(Diagnostic::new(1, place, "this text names no protocol.", hint));
    }
    let declaration = protocol.and_then(|(_, _, name)| named(protocols, name));
    let nodes = lines.iter().find_map(|line| match line.statement.kind {
        Kind::Nodes(nodes) => Some(nodes),
        _ => None,
    });
    if let (None, Some(declaration), Some((number, line, _))) = (nodes, declaration, protocol)
        && !broken("nodes")
    {
        wrong.extend(nodes_in_range(declaration, NODES, number, line.head));
    }
    let clients = lines.iter().filter_map(|line| match line.statement.kind {
        Kind::Client { name, .. } => Some(name),
        _ => None,
    });
    let context = Context {
        declaration,
        nodes: if broken("nodes") { None } else { Some(nodes.unwrap_or(NODES)) },
        clients: if broken("client") { None } else { Some(clients.collect()) },
    };
    for (number, line) in numbered() {
        for (place, mention) in &line.mentions {
            let found = match mention {
                Mention::Protocol(name) if named(protocols, name).is_none() => {
                    unknown("protocol", name, names.iter().copied(), number, *place)
                }
                mention => judge(mention, &context, number, *place),
            };
            wrong.extend(found);
        }
    }
    wrong
}

fn named<'a>(protocols: &[&'a Declaration], name: &str) -> Option<&'a Declaration> {
    protocols.iter().find(|declaration| declaration.name == name).copied()
}

/// What may be said only once, as it stands behind "sets".
fn single(kind: &Kind) -> Option<String> {
    let of_link = |what: &str, link: &Option<Link>| match link {
        Some(link) => format!("the {what} of {link}"),
        None => format!("the {what}"),
    };
    match kind {
        Kind::Title(_) => Some("the title".to_string()),
        Kind::Protocol { .. } => Some("the protocol".to_string()),
        Kind::Nodes(_) => Some("the number of nodes".to_string()),
        Kind::Seed(_) => Some("the seed".to_string()),
        Kind::Network { link, law } => {
            let what = match law {
                Law::Latency(..) => "latency",
                Law::Loss(_) => "loss",
                Law::Duplicate(_) => "duplication",
                Law::Reorder(_) => "reordering",
                Law::Bandwidth(_) => "bandwidth",
                Law::Fifo(_) => "order",
            };
            Some(of_link(what, link))
        }
        Kind::Chaos(_) => Some("the chaos".to_string()),
        Kind::Disk(_) => Some("the disk".to_string()),
        Kind::Timing(_) => Some("the timing".to_string()),
        Kind::Failures(_) => Some("how processes fail".to_string()),
        Kind::Set { name, .. } => Some(name.clone()),
        Kind::Client { name, .. } => Some(format!("up {name}")),
        Kind::Log { node, .. } => Some(format!("the log of {node}")),
        Kind::End(_) => Some("the end".to_string()),
        _ => None,
    }
}

fn duplicates(lines: &[Line], wrong: &mut Vec<Diagnostic>) {
    let mut said: Vec<(String, u32)> = Vec::new();
    for (number, line) in (1u32..).zip(lines) {
        let Some(what) = single(&line.statement.kind) else { continue };
        match said.iter().find(|(earlier, _)| *earlier == what) {
            Some((_, first)) => {
                let message = format!("line {first} already sets {what}.");
                wrong.push(Diagnostic::new(number, line.head, message, "Remove one of the two."));
            }
            None => said.push((what, number)),
        }
    }
}

/// What is wrong with one thing that a line mentions.
pub(super) fn judge(
    mention: &Mention,
    context: &Context,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let declaration = context.declaration?;
    match mention {
        Mention::Node(name) | Mention::Server(name) | Mention::Client(name) => {
            node(mention, *name, context, line, place)
        }
        Mention::Bug(bug) => {
            let known = declaration.bugs.iter().map(|bug| bug.name);
            unknown("bug", bug, known, line, place)
        }
        Mention::Nodes(nodes) => nodes_in_range(declaration, *nodes, line, place),
        Mention::Parameter(name) => {
            let known = declaration.parameters.iter().map(|parameter| parameter.name);
            unknown("parameter", name, known, line, place)
        }
        Mention::Setting(name, value) => {
            let parameter = declaration.parameters.iter().find(|p| p.name == name)?;
            let (message, hint) = setting(parameter, value)?;
            Some(Diagnostic::new(line, place, message, hint))
        }
        Mention::Event(name) => {
            let events = declaration.events.iter().chain(WORLD_EVENTS);
            unknown("event", name, events.map(|event| event.name), line, place)
        }
        Mention::Message(kind) => {
            let known = declaration.messages.iter().map(|message| message.name);
            unknown("message", kind, known, line, place)
        }
        Mention::Order(call) => order(declaration, call, line, place),
        Mention::Operation(call) => operation(declaration, call, line, place),
        Mention::Check(name) => check(declaration, name, line, place),
        Mention::NewClient(name) => new_client(declaration, *name, line, place),
        Mention::StartingLog if !declaration.starting_log => {
            let message = format!("{} starts without logs.", declaration.title);
            Some(Diagnostic::new(line, place, message, "Remove this line."))
        }
        Mention::Placeholder { event, field } => {
            placeholder(declaration, event.as_deref(), field, line, place)
        }
        _ => None,
    }
}

/// A complaint if a word is not among the known ones.
fn unknown<'a>(
    what: &str,
    word: &str,
    known: impl Iterator<Item = &'a str>,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let known: Vec<&str> = known.collect();
    if known.contains(&word) {
        return None;
    }
    let message = format!("no {what} is called “{word}”.");
    Some(Diagnostic::new(line, place, message, suggest(word, &known)))
}

fn nodes_in_range(
    declaration: &Declaration,
    nodes: u16,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let (least, most) = declaration.nodes;
    if (least..=most).contains(&nodes) {
        return None;
    }
    let message = format!("{} does not run on {nodes} nodes.", declaration.title);
    Some(Diagnostic::new(line, place, message, format!("Possible: nodes {least} to {most}.")))
}

fn setting(parameter: &Parameter, value: &Value) -> Option<(String, String)> {
    let name = parameter.name;
    let (least, most) = parameter.range;
    let allowed = match parameter.unit {
        Unit::Choice(words) => {
            let Value::Word(word) = value else {
                let hint = format!("Possible: {}.", words.join(", "));
                return Some((format!("{name} takes a word."), hint));
            };
            let known = words.contains(&word.as_str());
            return (!known).then(|| (format!("{name} is never “{word}”."), suggest(word, words)));
        }
        Unit::Count => format!("{least} to {most}"),
        _ => format!("{} to {}", Span(least), Span(most)),
    };
    let low_high = match (parameter.unit, value) {
        (Unit::Count, Value::Count(count)) => Ok((*count, *count)),
        (Unit::Count, _) => Err("a plain number"),
        (Unit::Duration, Value::Duration(range)) if range.low == range.high => {
            Ok((range.low, range.high))
        }
        (_, Value::Count(count)) => {
            let hint = format!("Did you mean {count}ms? Possible: {allowed}.");
            return Some((format!("{count} has no unit."), hint));
        }
        (Unit::Duration, _) => Err("one span of time, such as 75ms"),
        (_, Value::Word(_)) => Err("a time or a range of times, such as 150ms..300ms"),
        (_, Value::Duration(range)) => Ok((range.low, range.high)),
    };
    match low_high {
        Err(wanted) => Some((format!("{name} takes {wanted}."), format!("Possible: {allowed}."))),
        Ok((low, high)) if low < least || high > most => {
            Some((format!("{value} is out of range for {name}."), format!("Possible: {allowed}.")))
        }
        Ok(_) => None,
    }
}

/// Whether a node is there, and is what it must be.
fn node(
    mention: &Mention,
    name: Name,
    context: &Context,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let (Some(nodes), Some(clients)) = (context.nodes, &context.clients) else { return None };
    // Without a declaration nobody knows the letter of a server.
    let letter = context.declaration?.roles.first()?.prefix;
    let servers =
        if nodes == 1 { format!("{letter}1") } else { format!("{letter}1 to {letter}{nodes}") };
    let is_server = name.prefix == letter && name.number <= nodes;
    let is_client = clients.contains(&name);
    let services = context.declaration.map_or(Vec::new(), |declaration| {
        (0..declaration.services()).map(|place| declaration.service(place)).collect::<Vec<_>>()
    });
    let is_service = services.contains(&name);
    let mut all: Vec<String> = Vec::new();
    if !matches!(mention, Mention::Client(_)) {
        all.push(servers);
    }
    if !matches!(mention, Mention::Server(_) | Mention::Client(_)) {
        all.extend(services.iter().map(Name::to_string));
    }
    if !matches!(mention, Mention::Server(_)) {
        all.extend(clients.iter().take(12).map(Name::to_string));
    }
    let possible = if all.is_empty() {
        format!("Add a line: client {name}")
    } else {
        format!("Possible here: {}.", all.join(", "))
    };
    let message = match mention {
        _ if !is_server && !is_service && !is_client => format!("there is no {name}."),
        Mention::Server(_) if is_service => format!("{name} is a service."),
        Mention::Server(_) if !is_server => format!("{name} is a client."),
        Mention::Client(_) if !is_client => format!("{name} is not a client."),
        _ => return None,
    };
    Some(Diagnostic::new(line, place, message, possible))
}

fn new_client(
    declaration: &Declaration,
    name: Name,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let Some(role) = declaration.roles.get(1) else {
        let message = format!("{} has no clients.", declaration.title);
        return Some(Diagnostic::new(line, place, message, "Remove this line."));
    };
    let known = declaration.roles.iter().skip(1).any(|role| role.prefix == name.prefix);
    if known && name.number <= CLIENTS_MOST {
        return None;
    }
    let message = format!("{name} is no name for a client.");
    let prefix = role.prefix;
    let hint = format!("Clients are {prefix}1 to {prefix}{CLIENTS_MOST}.");
    Some(Diagnostic::new(line, place, message, hint))
}

fn operation(
    declaration: &Declaration,
    call: &OperationCall,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let head = Place { length: call.name.chars().count() as u32, ..place };
    let Some(known) = declaration.operations.iter().find(|op| op.name == call.name) else {
        let known = declaration.operations.iter().map(|operation| operation.name);
        return unknown("operation", &call.name, known, line, head);
    };
    let mut form = known.name.to_string();
    for argument in known.arguments {
        form.push_str(match argument {
            Argument::Key => " KEY",
            Argument::Value => " [VALUE]",
        });
    }
    let keys = known.arguments.iter().rposition(|a| *a == Argument::Key).map_or(0, |k| k + 1);
    let message = if call.arguments.len() < keys {
        format!("{} needs a key.", known.name)
    } else if call.arguments.len() > known.arguments.len() {
        format!("{} takes no more than {} words.", known.name, known.arguments.len())
    } else {
        return None;
    };
    Some(Diagnostic::new(line, place, message, format!("Its form is: {form}")))
}

fn order(
    declaration: &Declaration,
    call: &OrderCall,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    if declaration.orders.is_empty() {
        let message = format!("{} takes no orders.", declaration.title);
        return Some(Diagnostic::new(line, place, message, "Remove this line."));
    }
    let Some(known) = declaration.orders.iter().find(|order| order.name == call.name) else {
        let known = declaration.orders.iter().map(|order| order.name);
        return unknown("order", &call.name, known, line, place);
    };
    let mut form = known.name.to_string();
    let mut given = call.arguments.iter();
    let mut fits = true;
    for argument in known.arguments {
        let (word, taken) = match argument {
            OrderArgument::Node => (" n3", matches!(given.next(), Some(OrderWord::Node(_)))),
            OrderArgument::Number => (" 5", matches!(given.next(), Some(OrderWord::Number(_)))),
            OrderArgument::Nodes => {
                let all = given.clone().all(|word| matches!(word, OrderWord::Node(_)));
                (" n1 n2 n3", given.by_ref().count() > 0 && all)
            }
        };
        form.push_str(word);
        fits &= taken;
    }
    if fits && given.next().is_none() {
        return None;
    }
    let message = format!("{} is told with other words.", known.name);
    Some(Diagnostic::new(line, place, message, format!("For example: {form}")))
}

fn check(declaration: &Declaration, name: &str, line: u32, place: Place) -> Option<Diagnostic> {
    if words::check_index(declaration, name).is_some() {
        return None;
    }
    let own: Vec<String> =
        declaration.checks.iter().map(|check| words::check_words(check.plain)).collect();
    let mut known: Vec<&str> = own.iter().map(String::as_str).collect();
    if words::check_index(declaration, LINEARIZABLE).is_some() {
        known.push(LINEARIZABLE);
    }
    known.extend(["progress", "leader", "no leader", "committed 5", "answered 10", "n1 term 2"]);
    let message = format!("no check is called “{name}”.");
    let hint = match nearest(name, &known) {
        Some(near) => format!("Did you mean {near}?"),
        None => suggest("", &known),
    };
    Some(Diagnostic::new(line, place, message, hint))
}

fn placeholder(
    declaration: &Declaration,
    event: Option<&str>,
    field: &str,
    line: u32,
    place: Place,
) -> Option<Diagnostic> {
    let Some(event) = event else {
        let message = format!("{{{field}}} belongs to no event.");
        let hint = "Only captions of `when EVENT say` have place-holders.";
        return Some(Diagnostic::new(line, place, message, hint));
    };
    // An unknown event is told of where it stands.
    let known = words::event(declaration, event)?;
    let names: Vec<&str> = known.fields.iter().map(|field| field.name()).collect();
    if names.contains(&field) {
        return None;
    }
    let message = format!("“{event}” has no {{{field}}}.");
    Some(Diagnostic::new(line, place, message, suggest(field, &names)))
}
