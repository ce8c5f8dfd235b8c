//! `export FILE --as FORM`: a run as a text that other tools read.

use crate::input;
use crate::output::out;
use crate::status::Status;
use happens_before::export::{jepsen, mermaid, shiviz};
use happens_before::recorded::record;
use happens_before::run::{Run, Stop};
use happens_before::scenario::span_us;
use std::path::PathBuf;

/// What to write.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Form {
    /// A log of all processes with vector clocks; its first line tells ShiViz how to read it.
    Shiviz,
    /// What clients did, as a Jepsen history in EDN; faults are the nemesis's.
    Jepsen,
    /// A Mermaid sequence diagram, of bounded length.
    Mermaid,
    /// A recording, which the page plays (docs/trace.md).
    Json,
}

/// What to play and how far.
#[derive(clap::Args)]
pub struct Arguments {
    /// A scenario; - is standard input.
    file: PathBuf,
    /// What to write.
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
    /// Up to this time of the run, such as 1500ms; else to its end, or for 10 s.
    #[arg(long, value_name = "TIME", value_parser = time_of)]
    until: Option<u64>,
}

fn time_of(word: &str) -> Result<u64, String> {
    span_us(word).ok_or_else(|| "a time is written like 1500ms or 2s".to_string())
}

/// Plays a text and writes it in another form.
pub fn run(arguments: &Arguments) -> Status {
    let Some(mut run) = input::load(&arguments.file) else { return Status::Unreadable };
    match arguments.until {
        Some(until_us) => play_to(&mut run, until_us),
        None => drop(run.finish()),
    }
    match arguments.form {
        Form::Shiviz => out!("{}", shiviz(&run)),
        Form::Jepsen => out!("{}", jepsen(&run)),
        Form::Mermaid => out!("{}", mermaid(&run)),
        Form::Json => {
            let until_us = run.time_us();
            record(&mut run, until_us, None, &mut |line| match serde_json::to_string(line) {
                Ok(line) => out!("{line}\n"),
                Err(error) => eprintln!("error: {error}"),
            });
        }
    }
    Status::Holds
}

/// On to a time, whatever is violated on the way.
fn play_to(run: &mut Run, until_us: u64) {
    while run.time_us() < until_us {
        if matches!(run.advance(until_us), Stop::Budget | Stop::Ended) {
            return;
        }
    }
}
