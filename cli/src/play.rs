//! A played scenario as the command reports it: what happened, what was said, what holds.
//! Shared by `run` and `test`. Decides nothing that the library does not.

use crate::output::out_line;
use crate::status::Status;
use happens_before::declare::Family;
use happens_before::run::{Outcome, PLAY_US, Run, Verdict};
use happens_before::view::Status as NodeStatus;
use happens_before::world::What;
use serde::Serialize;

/// What happened at a time.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Happening {
    /// A caption, and what stands under it.
    Caption { text: String, under: String },
    /// A line of the text acted, on these nodes.
    Line { action: String, resolved: String },
    /// A node took an active role: it asks for votes, it leads.
    Role { node: String, role: String, epoch: String },
    /// A check failed, for this reason.
    Violation { statement: String, cause: String },
}

/// A happening and its time.
#[derive(Serialize)]
pub struct Moment {
    pub time_us: u64,
    #[serde(flatten)]
    pub what: Happening,
}

/// A line that did not do what its author meant.
#[derive(Serialize)]
pub struct IdleLine {
    pub line: u32,
    pub why: String,
}

/// Everything about a played scenario.
#[derive(Serialize)]
pub struct Report {
    pub title: String,
    pub protocol: &'static str,
    pub nodes: u16,
    /// As text: many readers of JSON cannot hold 64 bits.
    pub seed: String,
    pub status: Status,
    pub ended_us: u64,
    pub events: u64,
    pub digest: String,
    pub story: Vec<Moment>,
    pub verdicts: Vec<Verdict>,
    pub without_effect: Vec<IdleLine>,
    pub unspoken: Vec<u32>,
}

/// Plays a run to its end and gathers what there is to say.
pub fn finish(run: &mut Run) -> Report {
    let verdicts = run.finish();
    let idle = |(line, why)| IdleLine { line, why };
    Report {
        title: run.scenario().title().to_string(),
        protocol: run.declaration().name,
        nodes: run.scenario().nodes(),
        seed: run.scenario().seed().to_string(),
        status: status(run, &verdicts),
        ended_us: run.time_us(),
        events: run.events().len() as u64,
        digest: run.digest(),
        story: story(run),
        without_effect: run.without_effect().into_iter().map(idle).collect(),
        unspoken: run.unspoken(),
        verdicts,
    }
}

fn status(run: &Run, verdicts: &[Verdict]) -> Status {
    let cut_short = run.time_us() < run.end_us().unwrap_or(PLAY_US);
    if verdicts.iter().any(|verdict| verdict.fails) {
        Status::Violated
    } else if cut_short || verdicts.iter().any(|v| v.outcome == Outcome::Unknown) {
        Status::Unknown
    } else {
        Status::Holds
    }
}

/// In order of time; at one instant what is said comes last.
fn story(run: &Run) -> Vec<Moment> {
    let mut story = roles(run);
    let lines = run.lines();
    for flag in run.flags() {
        let resolved = lines[flag.line as usize - 1].resolved.clone();
        let what = Happening::Line { action: flag.label, resolved };
        story.push(Moment { time_us: flag.time, what });
    }
    for violation in run.violations() {
        let cause = run.world().members.explain(violation, run.events(), run.names());
        let what =
            Happening::Violation { statement: violation.statement.clone(), cause: cause.sentence };
        story.push(Moment { time_us: violation.time_us, what });
    }
    for beat in run.beats().0 {
        let what = Happening::Caption { text: beat.text, under: beat.under };
        story.push(Moment { time_us: beat.time, what });
    }
    story.sort_by_key(|moment| moment.time_us);
    story.retain(|moment| moment.time_us <= run.time_us());
    story
}

/// Who began to seek or to lead, as the protocol calls it.
fn roles(run: &Run) -> Vec<Moment> {
    let declaration = run.declaration();
    let mut seen = vec![(u8::MAX, 0); run.names().len()];
    let mut story = Vec::new();
    for event in run.events().iter().filter(|event| event.what == What::Face) {
        let node = event.node.index();
        let up = event.b != NodeStatus::Down as u32;
        let face = if up { (event.sub, event.a) } else { (u8::MAX, 0) };
        let state = &declaration.states[usize::from(event.sub)];
        let active = matches!(state.family, Family::Seeks | Family::Leads);
        if std::mem::replace(&mut seen[node], face) != face && up && active {
            let what = Happening::Role {
                node: run.names()[node].clone(),
                role: state.name.to_string(),
                epoch: format!("{} {}", declaration.epoch, event.a).trim_start().to_string(),
            };
            story.push(Moment { time_us: event.time_us, what });
        }
    }
    story
}

/// Prints anything as JSON.
pub fn print_json(what: &impl Serialize) -> Status {
    match serde_json::to_string_pretty(what) {
        Ok(json) => {
            out_line!("{json}");
            Status::Holds
        }
        Err(error) => {
            eprintln!("error: cannot write JSON: {error}");
            Status::Unreadable
        }
    }
}
