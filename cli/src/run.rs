//! `run FILE`: the story of a run as text, then what holds.

use crate::input;
use crate::output::out;
use crate::play::{self, Happening, Moment, Report};
use crate::status::Status;
use happens_before::recorded::record;
use happens_before::run::{Outcome, Run, Verdict, seconds, words_of};
use happens_before::stamps::StampKind;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// What to play and how to tell it.
#[derive(clap::Args)]
pub struct Arguments {
    /// A scenario; - is standard input.
    file: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Also records the run in this file, which the page plays (see docs/trace.md).
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Instead of the story every event of every process, with its stamp: lamport, vector (in
    /// the order of the nodes) or hlc.
    #[arg(long, value_name = "KIND", value_parser = kind_of)]
    stamps: Option<StampKind>,
}

fn kind_of(word: &str) -> Result<StampKind, String> {
    StampKind::of(word).ok_or_else(|| "one of lamport, vector, hlc".to_string())
}

/// Plays a text and tells what happened.
pub fn run(arguments: &Arguments) -> Status {
    let Some(mut run) = input::load(&arguments.file) else { return Status::Unreadable };
    let report = play::finish(&mut run);
    if let Some(path) = &arguments.trace
        && let Err(error) = save_trace(&mut run, path)
    {
        eprintln!("error: cannot write {}: {error}", path.display());
        return Status::Unreadable;
    }
    if arguments.json {
        return play::print_json(&report).max(report.status);
    }
    if let Some(kind) = arguments.stamps {
        list(&run, kind);
    } else {
        out!("{}", tell(&report));
    }
    report.status
}

/// Records a run up to where it was played.
fn save_trace(run: &mut Run, path: &Path) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let mut outcome = Ok(());
    record(run, run.time_us(), None, &mut |line| {
        if outcome.is_ok() {
            outcome = serde_json::to_writer(&mut out, line)
                .map_err(std::io::Error::from)
                .and_then(|()| out.write_all(b"\n"));
        }
    });
    outcome.and_then(|()| out.flush())
}

/// Every event of a process: when, its stamp, what.
fn list(run: &Run, kind: StampKind) {
    let stamps = run.stamps();
    for (id, event) in run.events().iter().enumerate() {
        if let Some(stamp) = stamps.text(id as u32, kind) {
            out!("{:>9}  {stamp:<24}  {}\n", seconds(event.time_us), words_of(run, id as u32));
        }
    }
}

fn tell(report: &Report) -> String {
    let mut out = String::new();
    if !report.title.is_empty() {
        out += &format!("{}\n", report.title);
    }
    let Report { protocol, nodes, seed, .. } = report;
    let plural = if *nodes == 1 { "" } else { "s" };
    out += &format!("{protocol}, {nodes} node{plural}, seed {seed}\n\n");
    for moment in &report.story {
        out += &line_of(moment);
    }
    out += &format!("{:>9}  the end, {} events\n\n", seconds(report.ended_us), report.events);
    for verdict in &report.verdicts {
        out += &judge(verdict);
    }
    for idle in &report.without_effect {
        out += &format!("note: line {} had no effect: {}\n", idle.line, idle.why);
    }
    for line in &report.unspoken {
        out += &format!("note: the caption of line {line} was never spoken\n");
    }
    out += &format!("digest {}\n", report.digest);
    out
}

fn line_of(moment: &Moment) -> String {
    let what = match &moment.what {
        Happening::Caption { text, under } if under.is_empty() => format!("“{text}”"),
        Happening::Caption { text, under } => format!("“{text}”\n{:11}“{under}”", ""),
        Happening::Line { action, resolved } if resolved.is_empty() => format!("> {action}"),
        Happening::Line { action, resolved } => format!("> {action} ({resolved})"),
        Happening::Role { node, role, epoch } => format!("{node} is {role}, {epoch}"),
        Happening::Violation { statement, cause } => {
            format!("VIOLATED: {statement} {cause}").trim_end().to_string()
        }
    };
    format!("{:>9}  {what}\n", seconds(moment.time_us))
}

fn judge(verdict: &Verdict) -> String {
    let word = match verdict.outcome {
        Outcome::Holds => "holds",
        Outcome::Violated if verdict.expected => "expected",
        Outcome::Violated => "VIOLATED",
        Outcome::Unknown => "unknown",
        Outcome::Pending => "not due",
    };
    let formal = match verdict.formal.as_str() {
        "" => String::new(),
        formal => format!(" ({formal})"),
    };
    let detail = match verdict.detail.as_str() {
        "" => String::new(),
        detail => format!(": {detail}"),
    };
    format!("{word:>9}  {}{formal}{detail}\n", verdict.plain)
}
