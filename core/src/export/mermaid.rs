//! A run as a Mermaid sequence diagram. A diagram is for the eye: it has few lines, and says what
//! it leaves out.

use super::is_fault;
use crate::declare::{Declaration, Sign};
use crate::run::{Run, seconds, words_of};
use crate::world::{Event, What};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// So many messages and notes are drawn. First pulses are left out, then what comes last.
pub const LINES_MAX: usize = 250;

/// The diagram, up to the run's cursor: a participant for each node, an arrow for each message
/// where it arrives, one with a cross where it is lost; notes for faults, for nodes that take an
/// active role, and for violations.
pub fn mermaid(run: &Run) -> String {
    let mut out = String::from("sequenceDiagram\n");
    for name in run.names() {
        out += &format!("    participant {name}\n");
    }
    let mut lines: Vec<Line> = Vec::new();
    for (id, event) in run.events().iter().enumerate() {
        lines.extend(line_of(run, id as u32, event));
    }
    let mut left_out: Vec<String> = Vec::new();
    if lines.len() > LINES_MAX {
        let before = lines.len();
        lines.retain(|line| !line.is_pulse);
        let pulses = before - lines.len();
        if pulses > 0 {
            left_out.push(format!("{pulses} pulses"));
        }
    }
    if let Some(line) = lines.get(LINES_MAX) {
        let (count, from) = (lines.len() - LINES_MAX, seconds(line.time_us));
        left_out.push(format!("{count} lines from {from} on"));
        lines.truncate(LINES_MAX);
    }
    for line in &lines {
        out += &format!("    {}\n", line.text);
    }
    if !left_out.is_empty() {
        let whom = everybody(run);
        out += &format!("    Note over {whom}: left out: {}\n", left_out.join(" and "));
    }
    out
}

struct Line {
    time_us: u64,
    /// Whether it is a message that only says that somebody is there.
    is_pulse: bool,
    text: String,
}

fn line_of(run: &Run, id: u32, event: &Event) -> Option<Line> {
    let declaration = run.declaration();
    let name = |node: crate::process::NodeId| run.names().get(node.index());
    let mut is_pulse = false;
    let text = match event.what {
        What::Receive | What::Lost => {
            // A loss says less of its message than the sending does.
            let sent = run.events().get(event.cause as usize).unwrap_or(event);
            let kind = declaration.messages.get(usize::from(sent.sub))?;
            is_pulse = kind.sign == Sign::Pulse;
            let (from, to, arrow) = match event.what {
                What::Receive => (event.peer, event.node, "->>"),
                _ => (event.node, event.peer, "-x"),
            };
            let label = format!("{}{}", kind.name, epoch(declaration, sent.a));
            format!("{}{arrow}{}: {}", name(from)?, name(to)?, plain(&label))
        }
        What::Face => {
            let state = declaration.states.get(usize::from(event.sub)).filter(|it| it.shown)?;
            let label = format!("{}{}", state.name, epoch(declaration, event.a));
            format!("Note over {}: {}", name(event.node)?, plain(&label))
        }
        What::Violated => {
            let check = declaration.checks.get(usize::from(event.sub))?;
            let label = format!("violated: {}", check.plain);
            format!("Note over {}: {}", everybody(run), plain(&label))
        }
        what if is_fault(what) => {
            let whom = match (name(event.node), name(event.peer)) {
                (Some(node), Some(peer)) if node != peer => format!("{node},{peer}"),
                (Some(node), _) => node.clone(),
                (None, _) => everybody(run),
            };
            let label = format!("{} {}", seconds(event.time_us), words_of(run, id));
            format!("Note over {whom}: {}", plain(&label))
        }
        _ => return None,
    };
    Some(Line { time_us: event.time_us, is_pulse, text })
}

/// The first and the last participant: a note over both is over all.
fn everybody(run: &Run) -> String {
    match run.names() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, .., last] => format!("{first},{last}"),
    }
}

fn epoch(declaration: &Declaration, number: u32) -> String {
    match declaration.epoch {
        "" => String::new(),
        word => format!(" ({word} {number})"),
    }
}

/// Without the signs that end a statement or begin an entity.
fn plain(text: &str) -> String {
    text.replace('#', "#35;").replace(';', ",").replace("#35,", "#35;").replace('\n', " ")
}
