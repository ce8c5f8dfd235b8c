//! `causal FILE`: what happened before what in a log with vector clocks.

use crate::input;
use crate::output::out_line;
use crate::status::Status;
use happens_before_histories::causal::{Options, Report, causal};
use std::path::PathBuf;

/// What to read, how, and what to ask of it.
#[derive(clap::Args)]
pub struct Arguments {
    /// A ShiViz log; - is standard input.
    file: PathBuf,
    /// A regular expression of JavaScript with the named groups host, clock and event; else the
    /// log's own first line, or ShiViz's default.
    #[arg(long, value_name = "RE", allow_hyphen_values = true)]
    parser: Option<String>,
    /// Another one that splits the log into executions; its group trace is their label.
    #[arg(long, value_name = "RE", allow_hyphen_values = true)]
    delimiter: Option<String>,
    /// The label of the execution that is meant; else the first.
    #[arg(long, value_name = "LABEL")]
    execution: Option<String>,
    /// How two events are related; an event is called host#n, n from 1.
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    relation: Option<Vec<String>>,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

/// Reads a log and tells of it.
pub fn run(arguments: &Arguments) -> Status {
    let Some(text) = input::read(&arguments.file) else { return Status::Unreadable };
    let relation = match arguments.relation.as_deref() {
        Some([a, b]) => Some((a.clone(), b.clone())),
        _ => None,
    };
    let options = Options {
        parser: arguments.parser.clone(),
        delimiter: arguments.delimiter.clone(),
        execution: arguments.execution.clone(),
        relation,
    };
    match causal(&text, &options) {
        Ok(report) if arguments.json => match serde_json::to_string(&report) {
            Ok(line) => out_line!("{line}"),
            Err(error) => eprintln!("error: {error}"),
        },
        Ok(report) => tell(&report),
        Err(wrong) => {
            eprintln!("error: {}: {wrong}", arguments.file.display());
            return Status::Unreadable;
        }
    }
    Status::Holds
}

fn tell(report: &Report) {
    let Report { events, hosts, edges, pairs, concurrent, .. } = report;
    let counts: Vec<String> =
        hosts.iter().map(|host| format!("{} {}", host.name, host.events)).collect();
    if report.executions.len() > 1 {
        let (execution, of) = (&report.execution, report.executions.len());
        out_line!("execution {execution:?}, one of {of}: {}", report.executions.join(", "));
    }
    out_line!("{events} events on {} hosts: {}", hosts.len(), counts.join(", "));
    out_line!("{edges} edge{} between hosts", if *edges == 1 { "" } else { "s" });
    out_line!("{concurrent} of {pairs} pairs are concurrent");
    if let Some(related) = &report.relation {
        let (a, b) = (&related.a.name, &related.b.name);
        for event in [&related.a, &related.b] {
            out_line!("{} (line {}): {}", event.name, event.line, event.text);
        }
        match related.relation {
            "before" => out_line!("{a} happened before {b}"),
            "after" => out_line!("{b} happened before {a}"),
            "concurrent" => out_line!("{a} and {b} are concurrent"),
            _ => out_line!("{a} and {b} are the same event"),
        }
    }
    for warning in &report.warnings {
        out_line!("warning: line {}: {}", warning.line, warning.reason);
    }
    let untold = report.warnings_total - report.warnings.len();
    if untold > 0 {
        out_line!("{untold} more warnings");
    }
}
