//! Objects that cross to the page: names as TypeScript knows them.

use crate::json;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use happens_before::declare::Declaration;
use happens_before::run::{Beat, Outcome, Run, Verdict};
use happens_before::scenario::check_words;
use serde::Serialize;
use wasm_bindgen::prelude::JsValue;

/// A plain object; these types always serialize.
pub fn object<T: Serialize + ?Sized>(value: &T) -> JsValue {
    js_sys::JSON::parse(&json::written(value)).unwrap_or(JsValue::UNDEFINED)
}

/// What is said of a protocol all the time.
#[derive(Serialize)]
struct ProtocolView {
    name: &'static str,
    title: &'static str,
    rack: &'static str,
}

/// What the run is.
#[derive(Serialize)]
pub struct Description<'a> {
    title: &'a str,
    protocol: ProtocolView,
    subtitle: String,
    seed: String,
    nodes: &'a [String],
    servers: u16,
    median_flight: f64,
    bugs: &'a [String],
}

impl Description<'_> {
    /// Of a run.
    pub fn of(run: &Run) -> Description<'_> {
        let scenario = run.scenario();
        let &Declaration { name, title, rack, .. } = run.declaration();
        let bugs = scenario.bugs();
        let with =
            if bugs.is_empty() { String::new() } else { format!(" with bug {}", bugs.join(", ")) };
        let nodes = scenario.nodes();
        let plural = if nodes == 1 { "" } else { "s" };
        let seed = scenario.seed();
        Description {
            title: scenario.title(),
            protocol: ProtocolView { name, title, rack },
            subtitle: format!("{title}{with} · {nodes} node{plural} · seed {seed}"),
            seed: seed.to_string(),
            nodes: run.names(),
            servers: nodes,
            median_flight: run.median_flight_us() as f64,
            bugs,
        }
    }
}

/// A check or an expectation.
#[derive(Serialize)]
pub struct CheckView {
    plain: String,
    formal: String,
    state: &'static str,
    detail: String,
    expected: bool,
    line: Option<u32>,
}

impl CheckView {
    /// Of a verdict.
    pub fn of(verdict: Verdict) -> CheckView {
        CheckView {
            plain: verdict.plain,
            formal: verdict.formal,
            state: match verdict.outcome {
                Outcome::Holds => "holds",
                Outcome::Violated => "violated",
                Outcome::Unknown => "unknown",
                Outcome::Pending => "pending",
            },
            detail: verdict.detail,
            expected: verdict.expected,
            line: (verdict.line > 0).then_some(verdict.line),
        }
    }
}

/// Captions up to the cursor.
#[derive(Serialize)]
pub struct Beats {
    total: usize,
    position: usize,
    spoken: Vec<Beat>,
}

impl Beats {
    /// Of a run.
    pub fn of(run: &Run) -> Beats {
        let (spoken, total) = run.beats();
        // Of several at one instant only the last is seen. Each line counts once.
        let seen =
            |place: usize| spoken.get(place + 1).is_none_or(|next| next.time != spoken[place].time);
        let is_first = |(place, beat): &(usize, &Beat)| {
            let before = (0..*place).filter(|&earlier| seen(earlier));
            seen(*place) && before.map(|place| &spoken[place]).all(|e| e.line != beat.line)
        };
        let position = spoken.iter().enumerate().filter(is_first).count();
        Beats { total, position, spoken }
    }
}

#[derive(Serialize)]
struct Repair {
    bug: String,
    label: &'static str,
}

/// The first violation.
#[derive(Serialize)]
pub struct ViolationView {
    time: f64,
    event: u32,
    check: &'static str,
    statement: String,
    cause: String,
    cause_time: Option<f64>,
    repair: Option<Repair>,
    expected: bool,
}

impl ViolationView {
    /// Of a run.
    pub fn of(run: &Run) -> Option<ViolationView> {
        let (violation, cause) = run.violation()?;
        let declaration = run.declaration();
        let check = declaration.checks[usize::from(violation.check)];
        let bug = run.scenario().bugs().first();
        let repair = bug.and_then(|name| {
            let declared = declaration.bugs.iter().find(|bug| bug.name == name)?;
            Some(Repair { bug: name.clone(), label: declared.repair })
        });
        let name = check_words(check.plain);
        let expected = run
            .verdicts()
            .iter()
            .any(|verdict| check_words(&verdict.plain) == name && verdict.expected);
        Some(ViolationView {
            time: violation.time_us as f64,
            event: violation.event,
            check: check.plain,
            statement: violation.statement.clone(),
            cause: cause.sentence,
            cause_time: cause.time_us.map(|time_us| time_us as f64),
            repair,
            expected,
        })
    }
}
