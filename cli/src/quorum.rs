//! `quorum FILE`: whether a table of votes and commits, as etcd's raft has them, is right.

use crate::input;
use crate::output::out_line;
use crate::status::Status;
use happens_before_histories::quorum::{Report, table};
use std::path::PathBuf;

/// What to compute.
#[derive(clap::Args)]
pub struct Arguments {
    /// A table; - is standard input.
    file: PathBuf,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

/// Computes a table and tells where it differs.
pub fn run(arguments: &Arguments) -> Status {
    let Some(text) = input::read(&arguments.file) else { return Status::Unreadable };
    let report = match table(&text) {
        Ok(report) => report,
        Err(wrong) => {
            eprintln!("error: {}: {wrong}", arguments.file.display());
            return Status::Unreadable;
        }
    };
    if arguments.json {
        match serde_json::to_string(&report) {
            Ok(line) => out_line!("{line}"),
            Err(error) => eprintln!("error: {error}"),
        }
    } else {
        tell(&report);
    }
    if report.mismatches.is_empty() { Status::Holds } else { Status::Violated }
}

fn tell(report: &Report) {
    let Report { cases, committed, votes, mismatches } = report;
    for mismatch in mismatches {
        let (table, computed) = (&mismatch.table, &mismatch.computed);
        out_line!("line {}: the table says {table:?}, it is {computed:?}", mismatch.line);
    }
    let right = cases - mismatches.len();
    out_line!("{right} of {cases} cases agree: {votes} votes, {committed} commits");
}
