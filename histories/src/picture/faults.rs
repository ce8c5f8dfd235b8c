//! What befell the system, as bands: a nemesis says when it begins something and when it is done
//! with that, and later when it takes it back.

use crate::formats::Fault;
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

/// The bands, in the order of their begins.
pub fn bands(faults: &[Fault]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    // Those that last: who did them, what takes them back, and their band.
    let mut lasting: Vec<(&str, &str, Vec<String>, usize)> = Vec::new();
    for Fault { process, function, value, after, .. } in faults {
        let taken_back = |it: &&mut (&str, &str, Vec<String>, usize)| {
            it.0 == process && it.2.iter().any(|word| word == function)
        };
        if let Some((.., band)) = lasting.iter_mut().rev().find(taken_back) {
            bands[*band].to = Some(*after);
            continue;
        }
        // It is said twice: when it begins and when it is done.
        if lasting.iter().any(|it| it.0 == process && it.1 == function && bands[it.3].to.is_none())
        {
            continue;
        }
        let whom: String = value.to_string().chars().take(WHOM_MAX).collect();
        let name = if whom == "nil" { function.clone() } else { format!("{function} {whom}") };
        lasting.push((process, function, ends_of(function), bands.len()));
        bands.push(Band { name, from: *after, to: None });
    }
    // What nothing is known to take back is over when it was done: a band without a width.
    for (_, function, ends, band) in lasting {
        if ends.is_empty() && !function.is_empty() {
            let from = bands[band].from;
            bands[band].to.get_or_insert(from);
        }
    }
    bands
}

/// What takes something back, as Jepsen's nemeses call it.
fn ends_of(function: &str) -> Vec<String> {
    let word = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    match function {
        "start" => word(&["stop"]),
        "kill" | "crash" => word(&["start", "restart", "recover"]),
        "pause" => word(&["resume"]),
        "partition" => word(&["heal"]),
        other => match other.split_once("start-") {
            Some(("", rest)) => vec![format!("stop-{rest}")],
            _ => Vec::new(),
        },
    }
}
