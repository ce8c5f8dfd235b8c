//! The verdict on a history, in words: what the command prints and the page shows.

use crate::formats::{Event, Format, Unreadable};
use crate::inquiry::Inquiry;
use crate::models::{Found, Judgement, Model};
use happens_before::check::linear::{Budget, Value};
use serde::Serialize;

/// What is asked of a check; what is not said is guessed from the text.
#[derive(Clone, Debug)]
pub struct Options {
    /// How it is written.
    pub format: Option<Format>,
    /// What it is judged against.
    pub model: Option<Model>,
    /// What a register, or each key, holds at first: a number, a word, or nil.
    pub init: Option<String>,
    /// How many operations the search may try before the verdict is unknown.
    pub steps: u64,
    /// About how many bytes it may hold.
    pub bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        let Budget { steps, bytes, .. } = Budget::default();
        Options { format: None, model: None, init: None, steps, bytes }
    }
}

/// The verdict on a history, and all that has to be said with it.
#[derive(Serialize)]
pub struct Report {
    /// ok, violated, or unknown.
    pub verdict: &'static str,
    /// Line from 1, or index of the record from 0.
    pub first_unexplained: Option<u64>,
    /// Whether no other key has an earlier one; unknown if the budget did not last.
    pub first_is_certain: bool,
    /// How many operations were judged.
    pub operations: usize,
    /// Named anomalies of transactions: this model has none.
    pub anomalies: Vec<String>,
    /// No result says anything about the state.
    pub nothing_to_check: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// Where the few operations stand that are bad already.
    pub shrunk: Vec<u64>,
    /// Operations tried.
    pub steps: u64,
    /// How it is written.
    pub format: &'static str,
    /// What it is judged against.
    pub model: &'static str,
    /// What the object held at first.
    pub init: String,
    /// What nobody said and was taken for true, a phrase each.
    pub assumed: Vec<String>,
}

/// What is to be judged, with all guesses made.
pub struct Asked {
    pub format: Format,
    pub model: Model,
    pub init: Value,
    pub budget: Budget,
    /// What nobody said and was taken for true, a phrase each.
    pub assumed: Vec<String>,
}

impl Asked {
    /// Reads a text, and guesses what is not said.
    pub fn of(text: &str, options: &Options) -> Result<(Asked, Reading), Unreadable> {
        let format = options.format.unwrap_or_else(|| Format::guess(text));
        let reading = format.read(text)?;
        let events = &reading.events;
        let Some(model) = options.model.or_else(|| Model::guess(&events)) else {
            let (line, function) =
                events.first().map_or((1, ""), |event| (event.place.line, event.function.as_str()));
            let reason = format!("no model has an operation called {function}; --model says which");
            return Err(Unreadable { line, reason });
        };
        let init = options.init.as_deref().map_or_else(
            || if model == Model::Kv { Value::Text(String::new()) } else { Value::Nil },
            |text| match (text, text.parse()) {
                ("nil", _) => Value::Nil,
                (_, Ok(number)) => Value::Int(number),
                (text, Err(_)) => Value::Text(text.to_string()),
            },
        );
        let budget = Budget { steps: options.steps, bytes: options.bytes, ..Budget::default() };
        let guessed = |given: bool| if given { "" } else { " (guessed)" };
        let mut assumed = vec![
            format!("format {}{}", format.name(), guessed(options.format.is_some())),
            format!("model {}{}", model.name(), guessed(options.model.is_some())),
        ];
        if matches!(model, Model::Register | Model::CasRegister | Model::Kv) {
            assumed.push(format!("at first {}{}", shown(&init), guessed(options.init.is_some())));
        }
        assumed.push("what failed has not happened".to_string());
        if format == Format::Etcd {
            assumed.push("a cas that failed saw another value".to_string());
        }
        assumed.push("what never returned may happen late or never".to_string());
        Ok((Asked { format, model, init, budget, assumed }, events))
    }
}

/// A value that an object holds at first, in words.
fn shown(init: &Value) -> String {
    if *init == Value::Text(String::new()) { "\"\"".to_string() } else { init.to_string() }
}

/// Reads a history and judges it.
///
/// # Errors
/// If the text cannot be read in its format, or no model knows its operations.
pub fn check(text: &str, options: &Options) -> Result<Report, Unreadable> {
    let mut inquiry = Inquiry::new(text, options)?;
    while inquiry.advance(u64::MAX) {}
    Ok(inquiry.report())
}

/// The report on what was asked.
pub fn report(judgement: Judgement, asked: &Asked) -> Report {
    let Judgement { verdict, operations, steps } = judgement;
    let Asked { format, model, .. } = asked;
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
        init: shown(&asked.init),
        assumed: asked.assumed.clone(),
    };
    match verdict {
        Ok(checked) => {
            report.nothing_to_check = !checked;
            report.reason = if checked {
                "some order explains every result".to_string()
            } else {
                "nothing to check: no result says anything about the state".to_string()
            };
        }
        Err(None) => {
            report.verdict = "unknown";
            report.reason = format!("the budget ran out after {steps} steps; --budget gives more");
        }
        Err(Some(Found { at, first, sentence, shrunk })) => {
            report.verdict = "violated";
            report.first_unexplained = Some(at);
            report.first_is_certain = first;
            report.reason = format!("{place} {at}: {sentence}");
            report.shrunk = shrunk;
        }
    }
    report
}
