//! What befell the system, as bands: a nemesis says when it begins something and when it is done
//! with that, and later when it takes it back.

use crate::formats::Fault;
use happens_before::check::linear::Value;
use serde::Serialize;

/// What was wrong with the system for a while: a band on the axis of calls and returns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    /// What it was, and to whom.
    pub name: String,
    /// So many calls and returns stand before it.
    pub from: usize,
    /// And before its end; none if it lasted.
    pub to: Option<usize>,
}

/// Characters of what is said of whom it befell.
const WHOM_MAX: usize = 40;

/// A band that may not be over.
struct Lasting<'a> {
    fault: &'a Fault,
    /// What takes it back.
    ends: Vec<String>,
    band: usize,
}

/// The bands, in the order of their begins.
pub fn bands(faults: &[Fault]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut lasting: Vec<Lasting> = Vec::new();
    for fault in faults {
        // It is said twice: when it begins, and when it is done and to whom.
        let again = lasting.iter().find(|it| {
            it.fault.process == fault.process
                && it.fault.function == fault.function
                && (it.fault.value == fault.value || it.fault.value == Value::Nil)
        });
        if let Some(it) = again {
            bands[it.band].name = name(fault);
            continue;
        }
        let is_back =
            |it: &Lasting| it.fault.process == fault.process && it.ends.contains(&fault.function);
        let named = |it: &Lasting| it.fault.value == fault.value;
        let any_named = lasting.iter().any(|it| is_back(it) && named(it));
        let (over, rest): (Vec<Lasting>, Vec<Lasting>) =
            lasting.into_iter().partition(|it| is_back(it) && (named(it) || !any_named));
        lasting = rest;
        if !over.is_empty() {
            over.iter().for_each(|it| bands[it.band].to = Some(fault.after));
            continue;
        }
        if ENDS.contains(&fault.function.as_str()) || fault.function.starts_with("stop-") {
            continue;
        }
        lasting.push(Lasting { fault, ends: ends_of(&fault.function), band: bands.len() });
        bands.push(Band { name: name(fault), from: fault.after, to: None });
    }
    // What nothing is known to take back is over when it was done: a band without a width.
    for it in lasting.iter().filter(|it| it.ends.is_empty()) {
        bands[it.band].to = Some(it.fault.after);
    }
    bands
}

/// What it was, and to whom.
fn name(Fault { function, value, .. }: &Fault) -> String {
    let whom: String = value.to_string().chars().take(WHOM_MAX).collect();
    let word = if function.is_empty() { "fault" } else { function };
    match value {
        Value::Nil => word.to_string(),
        // Our own runs say it in the words of their text.
        Value::Text(said) if said.starts_with(word) => whom,
        _ => format!("{word} {whom}"),
    }
}

/// What only takes back, and is no fault if there is none.
const ENDS: [&str; 5] = ["stop", "restart", "recover", "resume", "heal"];

/// What takes something back, as Jepsen's nemeses call it.
fn ends_of(function: &str) -> Vec<String> {
    let word = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    match function {
        "start" => word(&["stop"]),
        "kill" | "crash" => word(&["start", "restart", "recover"]),
        "pause" | "suspend" => word(&["resume"]),
        "partition" | "cut" | "clog" => word(&["heal"]),
        other => match other.split_once("start-") {
            Some(("", rest)) => vec![format!("stop-{rest}")],
            _ => Vec::new(),
        },
    }
}
