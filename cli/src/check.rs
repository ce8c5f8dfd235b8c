//! `check FILE`: whether a history that was recorded elsewhere is linearizable.

use crate::formats::models::{Found, Judgement, Model, judge};
use crate::formats::{Format, Unreadable};
use crate::input;
use crate::output::out_line;
use crate::status::Status;
use happens_before::check::linear::{Budget, Value};
use serde::Serialize;
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
    /// What a register, or each key, holds at first: a number, a word, or nil.
    #[arg(long)]
    init: Option<String>,
    /// How many operations the search may try before the verdict is unknown.
    #[arg(long, default_value_t = Budget::default().steps)]
    budget: u64,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

/// What is written with --json.
#[derive(Serialize)]
struct Report {
    verdict: &'static str,
    /// Line from 1, or index of the record from 0.
    first_unexplained: Option<u64>,
    /// Whether no other key has an earlier one; unknown if the budget did not last.
    first_is_certain: bool,
    operations: usize,
    /// Named anomalies of transactions: this model has none.
    anomalies: Vec<String>,
    nothing_to_check: bool,
    reason: String,
    /// Where the few operations stand that are bad already.
    shrunk: Vec<u64>,
    steps: u64,
    format: &'static str,
    model: &'static str,
    init: String,
    assumed: Vec<String>,
}

/// Reads, judges, tells.
pub fn run(arguments: &Arguments) -> Status {
    let Some(text) = input::read(&arguments.file) else { return Status::Unreadable };
    match check(&text, arguments) {
        Ok((status, report)) => {
            tell(&report, arguments.json);
            status
        }
        Err(wrong) => {
            eprintln!("error: {}: {wrong}", arguments.file.display());
            Status::Unreadable
        }
    }
}

fn check(text: &str, arguments: &Arguments) -> Result<(Status, Report), Unreadable> {
    let format = arguments.format.unwrap_or_else(|| Format::guess(text));
    let events = format.read(text)?;
    let Some(model) = arguments.model.or_else(|| Model::guess(&events)) else {
        let (line, function) =
            events.first().map_or((1, ""), |event| (event.place.line, event.function.as_str()));
        let reason = format!("no model has an operation called {function}; --model says which");
        return Err(Unreadable { line, reason });
    };
    let init = arguments.init.as_deref().map_or_else(
        || if model == Model::Kv { Value::Text(String::new()) } else { Value::Nil },
        |text| match (text, text.parse()) {
            ("nil", _) => Value::Nil,
            (_, Ok(number)) => Value::Int(number),
            (text, Err(_)) => Value::Text(text.to_string()),
        },
    );
    let budget = Budget { steps: arguments.budget, bytes: BYTES, ..Budget::default() };
    let judgement = judge(events, format, model, &init, budget)?;
    let guessed = |given: bool| if given { "" } else { " (guessed)" };
    let shown =
        if init == Value::Text(String::new()) { "\"\"".to_string() } else { init.to_string() };
    let mut assumed = vec![
        format!("format {}{}", format.name(), guessed(arguments.format.is_some())),
        format!("model {}{}", model.name(), guessed(arguments.model.is_some())),
    ];
    if matches!(model, Model::Register | Model::CasRegister | Model::Kv) {
        assumed.push(format!("at first {shown}{}", guessed(arguments.init.is_some())));
    }
    assumed.push("what failed has not happened".to_string());
    if format == Format::Etcd {
        assumed.push("a cas that failed saw another value".to_string());
    }
    assumed.push("what never returned may happen late or never".to_string());
    Ok(report(judgement, format, model, shown, assumed))
}

fn report(
    judgement: Judgement,
    format: Format,
    model: Model,
    init: String,
    assumed: Vec<String>,
) -> (Status, Report) {
    let Judgement { verdict, operations, steps } = judgement;
    let place = if format.counts_lines() { "line" } else { "operation" };
    let mut report = Report {
        verdict: "ok",
        first_unexplained: None,
        first_is_certain: true,
        operations,
        anomalies: Vec::new(),
        nothing_to_check: false,
        reason: String::new(),
        shrunk: Vec::new(),
        steps,
        format: format.name(),
        model: model.name(),
        init,
        assumed,
    };
    let status = match verdict {
        Ok(checked) => {
            report.nothing_to_check = !checked;
            report.reason = if checked {
                "some order explains every result".to_string()
            } else {
                "nothing to check: no result says anything about the state".to_string()
            };
            Status::Holds
        }
        Err(None) => {
            report.verdict = "unknown";
            report.reason = format!("the budget ran out after {steps} steps; --budget gives more");
            Status::Unknown
        }
        Err(Some(Found { at, first, sentence, shrunk })) => {
            report.verdict = "violated";
            report.first_unexplained = Some(at);
            report.first_is_certain = first;
            report.reason = format!("{place} {at}: {sentence}");
            report.shrunk = shrunk;
            Status::Violated
        }
    };
    (status, report)
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
    let verdict = match report.verdict {
        "ok" => "linearizable",
        "violated" => "not linearizable",
        other => other,
    };
    out_line!("{verdict}: {operations} operations, {steps} steps");
    out_line!("{reason}");
    if !report.first_is_certain {
        out_line!("another key may go wrong earlier: the budget for explanations ran out");
    }
    if !report.shrunk.is_empty() {
        let places: Vec<String> = report.shrunk.iter().map(u64::to_string).collect();
        out_line!("bad whatever else happened: {}", places.join(", "));
    }
    out_line!("assumed: {}", report.assumed.join("; "));
}
