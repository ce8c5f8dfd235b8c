//! Logs with vector clocks, as ShiViz reads them, and traces of etcd's raft, whose messages give
//! them: what happened before what.

mod javascript;
mod log;
mod order;
mod raft;
#[cfg(test)]
mod tests;

use crate::formats::Unreadable;
use log::{Execution, Grammar};
use order::{EventId, Order};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many warnings are told; the others are counted.
const WARNINGS_MAX: usize = 20;

/// How a log is to be read, and what is asked of it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A regular expression of JavaScript with the groups `host`, `clock` and `event`. Without
    /// one the log's own first line is taken if it is one, or else ShiViz's default.
    pub parser: Option<String>,
    /// Another one, which splits the log into executions; its group `trace` is a label.
    pub delimiter: Option<String>,
    /// The label of the execution that is meant; else the first.
    pub execution: Option<String>,
    /// Two events, `host#n` each, whose relation is asked for.
    pub relation: Option<(String, String)>,
}

/// A host and how many events it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// How many.
    pub events: usize,
}

/// What ShiViz would accept and yet is not right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// From 1.
    pub line: usize,
    /// What is wrong, in a sentence.
    pub reason: String,
}

/// An event that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// `host#n`.
    pub name: String,
    /// Where its clock stands, from 1.
    pub line: usize,
    /// What the log says of it.
    pub text: String,
}

/// How two events are related.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The first.
    pub a: Named,
    /// The second.
    pub b: Named,
    /// `before` (a happened before b), `after`, `concurrent` or `same`.
    pub relation: &'static str,
}

/// What happened before what in one execution of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The label of this execution.
    pub execution: String,
    /// Labels of all.
    pub executions: Vec<String>,
    /// How many events it has.
    pub events: usize,
    /// Its hosts in the order in which they appear.
    pub hosts: Vec<Host>,
    /// How many edges between hosts ShiViz draws: an event has one from the last event of another
    /// host that its clock counts, if the clocks of its own host did not count that far before,
    /// and if no other event that it has such an edge from counts just as far.
    pub edges: usize,
    /// How many pairs of events there are.
    pub pairs: u64,
    /// Of how many neither happened before the other.
    pub concurrent: u64,
    /// Lines with text that is part of no event.
    pub unmatched_lines: usize,
    /// The relation that was asked for.
    pub relation: Option<Related>,
    /// Clocks that forget what their hosts must know; the first of them.
    pub warnings: Vec<Warning>,
    /// How many there are in all.
    pub warnings_total: usize,
}

/// Lines looked at to tell whether a text is such a log.
const LOOKED_AT: usize = 100;

/// Whether a text has vector clocks as ShiViz writes them, `{"host":1}`, in more than one line.
pub fn has_clocks(text: &str) -> bool {
    let clock = |line: &&str| {
        let (Some(begin), Some(end)) = (line.find('{'), line.rfind('}')) else { return false };
        let inside = line.get(begin..=end).unwrap_or_default();
        serde_json::from_str::<BTreeMap<String, u64>>(inside).is_ok_and(|it| !it.is_empty())
    };
    text.lines().take(LOOKED_AT).filter(clock).count() > 1
}

/// Reads a log and says what happened before what.
///
/// # Errors
/// If the expressions, the log or its clocks are wrong, or if there is no such execution or
/// event.
pub fn causal(text: &str, options: &Options) -> Result<Report, Unreadable> {
    let executions = match (&options.parser, &options.delimiter) {
        (None, None) if raft::looks_so(text) => vec![raft::read(text)?],
        (None, None) => log::read(text, None)?,
        (parser, delimiter) => {
            let parser = parser.as_deref().unwrap_or(log::PARSER);
            log::read(text, Some(Grammar::new(parser, delimiter.as_deref())?))?
        }
    };
    let labels: Vec<String> = executions.iter().map(|it| it.label.clone()).collect();
    let wanted = options.execution.as_ref();
    let Some(execution) =
        executions.iter().find(|it| wanted.is_none_or(|label| *label == it.label))
    else {
        let reason = format!("there is no such execution; there are: {labels:?}");
        return Err(Unreadable::new(1, reason));
    };
    // An execution that is not asked for may still be wrong.
    for other in &executions {
        if other.label != execution.label {
            Order::of(other)?;
        }
    }
    let order = Order::of(execution)?;
    report(execution, &order, labels, options)
}

fn report(
    execution: &Execution,
    order: &Order,
    executions: Vec<String>,
    options: &Options,
) -> Result<Report, Unreadable> {
    let find = |name: &str| -> Result<EventId, Unreadable> {
        order.named(name).ok_or_else(|| {
            let reason = format!(
                "there is no event {name}; they are called host#1, host#2, ... and the hosts are {}",
                order.hosts.join(", ")
            );
            Unreadable::new(execution.line, reason)
        })
    };
    let relation = match &options.relation {
        Some((a, b)) => {
            let (a, b) = (find(a)?, find(b)?);
            let named = |event: EventId| {
                let entry = order.events[event.host][event.place];
                let (name, text) = (order.name(event), entry.text.clone());
                Named { name, line: entry.line, text }
            };
            let relation = order.relation(a, b).word();
            Some(Related { a: named(a), b: named(b), relation })
        }
        None => None,
    };
    let (pairs, concurrent) = order.pairs();
    let hosts = order.hosts.iter().zip(&order.events);
    let hosts = hosts.map(|(name, events)| Host { name: name.to_string(), events: events.len() });
    let mut warnings: Vec<Warning> = Vec::new();
    if let Some(line) = execution.unmatched_first {
        let reason = match execution.unmatched {
            1 => "this line holds text that is part of no event".to_string(),
            count => format!("{count} lines hold text that is part of no event, this one first"),
        };
        warnings.push(Warning { line, reason });
    }
    let mut warnings_total = warnings.len();
    warnings_total += order.forgotten.len();
    for it in order.forgotten.iter().take(WARNINGS_MAX) {
        let (name, of) = (order.name(it.event), order.hosts[it.host]);
        let reason = format!(
            "the clock of {name} counts {} of {of}, but what it counts knows of {}: it has \
             forgotten what it must know",
            it.says, it.knows
        );
        warnings.push(Warning { line: it.line, reason });
    }
    Ok(Report {
        execution: execution.label.clone(),
        executions,
        events: order.len(),
        hosts: hosts.collect(),
        edges: order.edges().len(),
        pairs,
        concurrent,
        unmatched_lines: execution.unmatched,
        relation,
        warnings,
        warnings_total,
    })
}
