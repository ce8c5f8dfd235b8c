//! `check FILE`: whether a history that was recorded elsewhere keeps to a consistency model.

use crate::input;
use crate::output::out_line;
use crate::status::Status;
use happens_before_histories::{Consistency, Format, Model, Options, Report, check};
use std::path::PathBuf;

/// What a search may hold in memory.
const BYTES: usize = 1 << 30;

/// What to check, and against what.
#[derive(clap::Args)]
pub struct Arguments {
    /// A history; - is standard input.
    file: PathBuf,
    /// How it is written; else that is guessed, and said.
    #[arg(long)]
    format: Option<Format>,
    /// What it is judged against; else that is guessed from its operations, and said.
    #[arg(long)]
    model: Option<Model>,
    /// What it is asked to keep to: linearizable, sequential, causal, pram, ... for reads and
    /// writes; serializable, snapshot-isolation, ... for transactions; tally. A wrong name lists
    /// them all. Else the strongest that is usual for its model, and said.
    #[arg(long)]
    consistency: Option<Consistency>,
    /// What a register, or each key, holds at first: a number, a word, or nil.
    #[arg(long)]
    init: Option<String>,
    /// How many operations the search may try before the verdict is unknown.
    #[arg(long, default_value_t = Options::default().steps)]
    budget: u64,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

/// Reads, judges, tells.
pub fn run(arguments: &Arguments) -> Status {
    let Some(text) = input::read(&arguments.file) else { return Status::Unreadable };
    let options = Options {
        format: arguments.format,
        model: arguments.model,
        consistency: arguments.consistency,
        init: arguments.init.clone(),
        steps: arguments.budget,
        bytes: BYTES,
    };
    match check(&text, &options) {
        Ok(report) => {
            tell(&report, arguments.json);
            match report.verdict {
                "ok" => Status::Holds,
                "violated" => Status::Violated,
                _ => Status::Unknown,
            }
        }
        Err(wrong) => {
            eprintln!("error: {}: {wrong}", arguments.file.display());
            Status::Unreadable
        }
    }
}

fn tell(report: &Report, json: bool) {
    if json {
        match serde_json::to_string(report) {
            Ok(line) => out_line!("{line}"),
            Err(error) => eprintln!("error: {error}"),
        }
        return;
    }
    let Report { operations, steps, reason, .. } = report;
    out_line!("{}: {operations} operations, {steps} steps", report.heading());
    out_line!("{reason}");
    for line in &report.explanation {
        out_line!("{line}");
    }
    if !report.first_is_certain {
        out_line!("another key may go wrong earlier: the budget for explanations ran out");
    }
    if !report.shrunk.is_empty() {
        let places: Vec<String> = report.shrunk.iter().map(u64::to_string).collect();
        out_line!("bad whatever else happened: {}", places.join(", "));
    }
    out_line!("assumed: {}", report.assumed.join("; "));
}
