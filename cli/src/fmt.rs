//! `fmt FILE...`: the canonical text, as the library prints it.

use crate::input;
use crate::output::{out, out_line};
use crate::status::Status;
use happens_before::protocols::DECLARATIONS;
use happens_before::scenario::parse;
use std::path::{Path, PathBuf};

/// What to format, and where to.
#[derive(clap::Args)]
pub struct Arguments {
    /// Scenarios; - is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Only name the files that are not in canonical form; exit code 1 if there are any.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Write the files instead of printing the texts.
    #[arg(long)]
    write: bool,
}

/// Formats one file after the other; the worst counts.
pub fn run(arguments: &Arguments) -> Status {
    let statuses = arguments.files.iter().map(|file| format(file, arguments));
    statuses.max().unwrap_or(Status::Holds)
}

fn format(file: &Path, arguments: &Arguments) -> Status {
    let Some(text) = input::read(file) else { return Status::Unreadable };
    let canonical = match parse(&text, DECLARATIONS) {
        Ok(scenario) => scenario.to_string(),
        Err(wrong) => {
            input::complain(&wrong, &text, &file.display().to_string());
            return Status::Unreadable;
        }
    };
    if arguments.check {
        if canonical == text {
            return Status::Holds;
        }
        out_line!("{}", file.display());
        return Status::Violated;
    }
    if !arguments.write {
        out!("{canonical}");
        return Status::Holds;
    }
    match std::fs::write(file, canonical) {
        Ok(()) => Status::Holds,
        Err(error) => {
            eprintln!("error: cannot write {}: {error}", file.display());
            Status::Unreadable
        }
    }
}
