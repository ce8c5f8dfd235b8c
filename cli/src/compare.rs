//! `compare FILE`: one text under several protocols, side by side. What is counted, and how a
//! text is switched, is decided in the library.

use crate::input;
use crate::output::out;
use crate::play::print_json;
use crate::seeds::{Seeds, seeds};
use crate::status::Status;
use happens_before::explore::{Column, side_by_side};
use happens_before::protocols::{PROTOCOLS, Registered, find};
use happens_before::run::Counts;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// The protocols that are compared unless others are named.
const USUAL: [&str; 3] = ["raft", "multipaxos", "primary-backup"];

/// What to play under which protocols.
#[derive(clap::Args)]
pub struct Arguments {
    /// A scenario; - is standard input.
    file: PathBuf,
    /// Protocols, as a text names them; raft, multipaxos and primary-backup without it.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    protocols: Vec<String>,
    /// Seeds, the second one not included; the text's own without it. Numbers are medians.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<Seeds>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary {
    status: Status,
    columns: Vec<Column>,
}

/// Plays the text under each protocol; fails if one of the runs violates a check.
pub fn run(arguments: &Arguments) -> Status {
    let Some(text) = input::read(&arguments.file) else { return Status::Unreadable };
    let Some(protocols) = protocols(&arguments.protocols) else { return Status::Unreadable };
    let seeds = arguments.seeds.map_or(Vec::new(), |seeds| (seeds.from..seeds.to).collect());
    let columns = match side_by_side(&text, &protocols, &seeds) {
        Ok(columns) => columns,
        Err(wrong) => {
            input::complain(&wrong, &text, &arguments.file.display().to_string());
            return Status::Unreadable;
        }
    };
    let status = match columns.as_slice() {
        all if all.iter().any(|column| column.violated > 0) => Status::Violated,
        all if all.iter().any(|column| column.unknown > 0) => Status::Unknown,
        _ => Status::Holds,
    };
    if arguments.json {
        return print_json(&Summary { status, columns }).max(status);
    }
    out!("{}", table(&columns));
    status
}

/// The named protocols; none, and a complaint on standard error, if one is not known.
fn protocols(names: &[String]) -> Option<Vec<&'static Registered>> {
    if names.is_empty() {
        return Some(USUAL.iter().filter_map(|name| find(name)).collect());
    }
    let known = |name: &String| {
        let found = find(name);
        if found.is_none() {
            let names: Vec<&str> = PROTOCOLS.iter().map(|known| known.declaration.name).collect();
            eprintln!("error: no protocol is called “{name}”. Possible: {}.", names.join(", "));
        }
        found
    };
    names.iter().map(known).collect()
}

/// A row of the table: its heading, and what stands in it.
type Row = (&'static str, fn(&Column) -> String);

const ROWS: [Row; 18] = [
    ("operations answered", |c| c.counts.answered.to_string()),
    ("operations given up", |c| c.counts.given_up.to_string()),
    ("messages between servers", |c| c.counts.messages.to_string()),
    ("  for each answer", |c| per_answer(c.counts.messages, &c.counts)),
    ("bytes between servers", |c| c.counts.bytes.to_string()),
    ("  for each answer", |c| per_answer(c.counts.bytes, &c.counts)),
    ("messages with clients", |c| c.counts.client_messages.to_string()),
    ("bytes with clients", |c| c.counts.client_bytes.to_string()),
    ("syncs of disks", |c| c.counts.syncs.to_string()),
    ("  for each answer", |c| per_answer(c.counts.syncs, &c.counts)),
    ("message delays, median (most)", |c| {
        format!("{} ({})", c.counts.rounds, c.counts.rounds_most)
    }),
    ("  syncs on that path", |c| c.counts.syncs_waited.to_string()),
    ("time to answer, median", |c| milliseconds(c.counts.wait)),
    ("longest wait", |c| milliseconds(c.counts.wait_longest)),
    ("time without service", |c| milliseconds(c.counts.unavailable)),
    ("  the longest span", |c| milliseconds(c.counts.unavailable_longest)),
    ("times a server began to lead", |c| c.counts.leaders.to_string()),
    ("runs that violate a check", |c| format!("{} of {}", c.violated, c.runs)),
];

fn per_answer(number: u64, counts: &Counts) -> String {
    match counts.answered {
        0 => "-".to_string(),
        answered => format!("{:.1}", number as f64 / answered as f64),
    }
}

fn milliseconds(us: u64) -> String {
    format!("{:.1} ms", us as f64 / 1_000.0)
}

fn table(columns: &[Column]) -> String {
    let mut out = format!("{:<31}", "");
    for column in columns {
        let _ = write!(out, "{:>18}", column.title);
    }
    out.push('\n');
    for (heading, cell) in ROWS {
        let _ = write!(out, "{heading:<31}");
        for column in columns {
            let _ = write!(out, "{:>18}", cell(column));
        }
        out.push('\n');
    }
    for column in columns.iter().filter(|column| column.aside > 0) {
        let Column { title, aside, .. } = column;
        let plural = if *aside == 1 { "line" } else { "lines" };
        let _ = writeln!(out, "{aside} {plural} of the text are comments under {title}");
    }
    out
}
