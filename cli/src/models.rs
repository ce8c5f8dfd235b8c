//! `models`: which promises of a protocol survive which system. What a system is, and what is
//! promised where, is decided in the library.

use crate::output::out;
use crate::play::print_json;
use crate::seeds::{Seeds, seeds};
use crate::status::Status;
use happens_before::explore::{Kept, Row, SYSTEMS, survey, system_text};
use happens_before::protocols::{PROTOCOLS, find};
use serde::Serialize;
use std::fmt::Write;

/// Which protocol, with what set.
#[derive(clap::Args)]
pub struct Arguments {
    /// A protocol, as a text names it.
    protocol: String,
    /// A line of the text, "set mode sync"; may be given more than once.
    #[arg(long, value_name = "LINE")]
    set: Vec<String>,
    /// Seeds, the second one not included.
    #[arg(long, value_name = "A..B", value_parser = seeds, default_value = "0..200")]
    seeds: Seeds,
    /// Only print the text of the first seed in this system: "partial crash-stop".
    #[arg(long, value_name = "WORDS")]
    print: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Summary {
    status: Status,
    rows: Vec<Row>,
}

/// Plays the protocol in every system; fails if something that is promised there was broken.
pub fn run(arguments: &Arguments) -> Status {
    if find(&arguments.protocol).is_none() {
        let names: Vec<&str> = PROTOCOLS.iter().map(|known| known.declaration.name).collect();
        let name = &arguments.protocol;
        eprintln!("error: no protocol is called “{name}”. Possible: {}.", names.join(", "));
        return Status::Unreadable;
    }
    let lines: Vec<String> = arguments.set.iter().map(|line| with_word(line)).collect();
    let seeds = arguments.seeds.from..arguments.seeds.to;
    if let Some(words) = &arguments.print {
        let named = SYSTEMS.iter().find(|s| format!("{} {}", s.timing, s.failures) == *words);
        let Some(system) = named else {
            eprintln!("error: no system is called “{words}”. For example: partial crash-stop.");
            return Status::Unreadable;
        };
        let text = system_text(&arguments.protocol, &lines.join("\n"), seeds.start, *system);
        out!("{text}");
        return Status::Holds;
    }
    let rows = survey(&arguments.protocol, &lines.join("\n"), seeds);
    let failed = rows.iter().flat_map(|row| &row.kept).any(|kept| kept.promised && kept.broken > 0);
    let status = if failed { Status::Violated } else { Status::Holds };
    if arguments.json {
        return print_json(&Summary { status, rows }).max(status);
    }
    out!("{}", table(&rows));
    status
}

/// `mode sync` is as good as `set mode sync`.
fn with_word(line: &str) -> String {
    if line.starts_with("set ") { line.to_string() } else { format!("set {line}") }
}

/// As Markdown: a column for each system.
fn table(rows: &[Row]) -> String {
    let mut out = String::from("| promise |");
    for system in SYSTEMS {
        let _ = write!(out, " {}, {} |", system.timing, system.failures);
    }
    out.push_str("\n|---|---|---|---|---|---|---|\n");
    for row in rows {
        let _ = write!(out, "| {} |", row.promise);
        for kept in &row.kept {
            let _ = write!(out, " {} |", cell(kept));
        }
        out.push('\n');
    }
    out
}

fn cell(kept: &Kept) -> String {
    match (kept.promised, kept.seed) {
        (true, None) => "kept".to_string(),
        (true, Some(seed)) => format!("BROKEN {} times, seed {seed}", kept.broken),
        (false, None) => "held, not promised".to_string(),
        (false, Some(seed)) => format!("lost {} times, seed {seed}", kept.broken),
    }
}
