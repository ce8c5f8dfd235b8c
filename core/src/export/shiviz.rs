//! A run as a ShiViz log: what each process did, with its vector clock.

use crate::run::{Run, words_of};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The first line: ShiViz reads its parser there, and no delimiter in the second.
const PARSER: &str = r"(?<time>\S+) (?<host>\S+) (?<clock>{[^}]*}) (?<event>.*)";

/// So much of what a step does is told; the rest is counted.
const TOLD_MAX: usize = 6;

/// The log, up to the run's cursor. An event is a step of a process, as in `stamps`: what begins
/// it and what it does stand in one line. What the environment does is no event of a process and
/// is not in it.
///
/// Open the file in ShiViz: its first two lines say how it is to be read.
pub fn shiviz(run: &Run) -> String {
    let stamps = run.stamps();
    let names = run.names();
    let events = run.events();
    let mut steps: Vec<(u32, Vec<u32>)> = Vec::new();
    // The place in `steps` of each node's latest.
    let mut latest: Vec<Option<usize>> = alloc::vec![None; names.len()];
    for id in 0..events.len() as u32 {
        let Some((first, _)) = stamps.step_of(id) else { continue };
        let node = events[id as usize].node.index();
        match latest[node] {
            Some(step) if steps[step].0 == first => steps[step].1.push(id),
            _ => {
                latest[node] = Some(steps.len());
                steps.push((first, alloc::vec![id]));
            }
        }
    }
    let mut out = format!("{PARSER}\n\n");
    for (first, does) in steps {
        let event = &events[first as usize];
        let Some(counts) = stamps.counts(first) else { continue };
        let entries = counts.iter().zip(names).filter(|(count, _)| **count > 0);
        let entries: Vec<String> =
            entries.map(|(count, name)| format!("\"{name}\":{count}")).collect();
        let host = &names[event.node.index()];
        let mut told: Vec<String> =
            does.iter().take(TOLD_MAX).map(|&id| said(run, host, id)).collect();
        if does.len() > TOLD_MAX {
            told.push(format!("and {} more", does.len() - TOLD_MAX));
        }
        let (time_us, told) = (event.time_us, told.join("; "));
        out += &format!("{time_us}us {host} {{{}}} {told}\n", entries.join(","));
    }
    out
}

/// What an event says, without the name of its own node in front.
fn said(run: &Run, host: &str, id: u32) -> String {
    let words = words_of(run, id);
    let rest = words.strip_prefix(host).unwrap_or(&words);
    String::from(rest.trim_start_matches([':', ' ']))
}
