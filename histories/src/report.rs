//! The verdict on a history, in words: what the command prints and the page shows.

use crate::formats::{Format, Reading, Unreadable};
use crate::inquiry::Inquiry;
use crate::models::{Consistency, Found, Judgement, Model, Question, Verdict};
use happens_before::check::linear::{Budget, Value};
use serde::Serialize;

/// What is asked of a check; what is not said is guessed from the text.
#[derive(Clone, Debug)]
pub struct Options {
    /// How it is written.
    pub format: Option<Format>,
    /// What it is judged against.
    pub model: Option<Model>,
    /// What it is asked to keep to.
    pub consistency: Option<Consistency>,
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
        Options { format: None, model: None, consistency: None, init: None, steps, bytes }
    }
}

/// The verdict on a history, and all that has to be said with it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// ok, violated, or unknown.
    pub verdict: &'static str,
    /// Line from 1, or index of the record from 0; none if it is not one return that is wrong.
    pub first_unexplained: Option<u64>,
    /// Whether no other key has an earlier one; unknown if the budget did not last.
    pub first_is_certain: bool,
    /// How many operations were judged.
    pub operations: usize,
    /// Anomalies found, as the literature names them, whether or not this consistency forbids
    /// them: G2-item, CyclicCO, lost.
    pub anomalies: Vec<String>,
    /// Consistency models that this history cannot have come from.
    pub ruled_out: Vec<String>,
    /// No result says anything about the state.
    pub nothing_to_check: bool,
    /// Why, in one sentence.
    pub reason: String,
    /// What there is to say beyond that, a line each: why each anomaly is one.
    pub explanation: Vec<String>,
    /// Where the few operations stand that are bad already.
    pub shrunk: Vec<u64>,
    /// Operations tried.
    pub steps: u64,
    /// How it is written.
    pub format: &'static str,
    /// What it is judged against.
    pub model: &'static str,
    /// What it was asked to keep to.
    pub consistency: String,
    /// What the object held at first.
    pub init: String,
    /// What nobody said and was taken for true, a phrase each.
    pub assumed: Vec<String>,
}

impl Report {
    /// The verdict as a heading: not linearizable; possible under snapshot isolation.
    pub fn heading(&self) -> String {
        let consistency = self.consistency.replace('-', " ");
        match (self.verdict, consistency.as_str()) {
            ("ok", "linearizable" | "serializable") => consistency,
            ("violated", "linearizable" | "serializable") => format!("not {consistency}"),
            (verdict @ ("ok" | "violated"), "tally") => verdict.to_string(),
            ("ok", _) => format!("possible under {consistency}"),
            ("violated", _) => format!("impossible under {consistency}"),
            (other, _) => other.to_string(),
        }
    }
}

/// Who brings a log with vector clocks is told what reads it.
fn or_a_log(mut wrong: Unreadable, text: &str) -> Unreadable {
    if crate::causal::has_clocks(text) {
        wrong
            .reason
            .push_str("; this looks like a log with vector clocks, which the command causal reads");
    }
    wrong
}

/// What is to be judged, with all guesses made.
pub struct Asked {
    pub format: Format,
    pub model: Model,
    pub consistency: Consistency,
    pub init: Value,
    pub budget: Budget,
    /// What nobody said and was taken for true, a phrase each.
    pub assumed: Vec<String>,
}

impl Asked {
    /// Reads a text, and guesses what is not said.
    pub fn of(text: &str, options: &Options) -> Result<(Asked, Reading), Unreadable> {
        let format = options.format.unwrap_or_else(|| Format::guess(text));
        let reading = format.read(text).map_err(|wrong| or_a_log(wrong, text))?;
        let events = &reading.events;
        let Some(model) = options.model.or_else(|| Model::guess(events)) else {
            let (line, function) =
                events.first().map_or((1, ""), |event| (event.place.line, event.function.as_str()));
            let reason = format!("no model has an operation called {function}; --model says which");
            return Err(Unreadable { line, reason });
        };
        let consistency = options.consistency.unwrap_or_else(|| model.usual(events));
        let init = start(options.init.as_deref(), model);
        let budget = Budget { steps: options.steps, bytes: options.bytes, ..Budget::default() };
        let guessed = |given: bool| if given { "" } else { " (guessed)" };
        let mut assumed = vec![
            format!("format {}{}", format.name(), guessed(options.format.is_some())),
            format!("model {}{}", model.name(), guessed(options.model.is_some())),
            format!("consistency {}{}", consistency.name(), guessed(options.consistency.is_some())),
        ];
        if model.has_start() {
            assumed.push(format!("at first {}{}", shown(&init), guessed(options.init.is_some())));
        }
        Ok((Asked { format, model, consistency, init, budget, assumed }, reading))
    }

    /// What its judge is asked.
    pub fn question(&self) -> Question<'_> {
        let Asked { format, model, consistency, ref init, budget, .. } = *self;
        Question { format, model, consistency, init, budget }
    }
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

/// What the object holds at first.
fn start(given: Option<&str>, model: Model) -> Value {
    match (given, given.map(str::parse)) {
        (None, _) if model == Model::Kv => Value::Text(String::new()),
        (None | Some("nil"), _) => Value::Nil,
        (_, Some(Ok(number))) => Value::Int(number),
        (Some(text), _) => Value::Text(text.to_string()),
    }
}

/// A value that an object holds at first, in words.
fn shown(init: &Value) -> String {
    if *init == Value::Text(String::new()) { "\"\"".to_string() } else { init.to_string() }
}

/// The report on what was asked.
pub fn report(judgement: Judgement, asked: &Asked) -> Report {
    let Asked { format, model, consistency, .. } = *asked;
    let place = if format.counts_lines() { "line" } else { "operation" };
    let mut report = Report {
        verdict: "ok",
        first_unexplained: None,
        first_is_certain: true,
        operations: judgement.operations,
        anomalies: judgement.anomalies,
        ruled_out: judgement.ruled_out,
        nothing_to_check: false,
        reason: String::new(),
        explanation: judgement.explanation,
        shrunk: Vec::new(),
        steps: judgement.steps,
        format: format.name(),
        model: model.name(),
        consistency: consistency.name(),
        init: shown(&asked.init),
        assumed: [asked.assumed.as_slice(), &judgement.assumed].concat(),
    };
    match judgement.verdict {
        Verdict::Holds(reason) => report.reason = reason,
        Verdict::NothingToCheck => {
            report.nothing_to_check = true;
            report.reason = "nothing to check: no result says anything about the state".to_string();
        }
        Verdict::Unknown(reason) => {
            report.verdict = "unknown";
            report.reason = reason;
        }
        Verdict::Violated(Found { at, first, sentence, shrunk }) => {
            report.verdict = "violated";
            report.first_unexplained = at;
            report.first_is_certain = first;
            report.reason = match at {
                Some(at) => format!("{place} {at}: {sentence}"),
                None => sentence,
            };
            report.shrunk = shrunk;
        }
    }
    report
}
