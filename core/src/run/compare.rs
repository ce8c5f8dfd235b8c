//! Two runs of one beginning: where they part. Events are compared by what they say, not by
//! their numbers. Reads only the traces.

use super::{Run, tell::words_of};
use crate::world::{Event, What};
use alloc::string::String;

/// Where two runs part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Parting {
    /// The first instant at which they are not the same, virtual µs.
    pub time: u64,
    /// What happens next in the one; empty when nothing does for as far as it is known.
    pub here: String,
    /// What happens next in the other.
    pub there: String,
    /// So many events are the same.
    pub same: u32,
}

/// What an event says, whatever its number and its cause's; a line by what it does.
fn content(event: &Event) -> Event {
    let is_line = matches!(event.what, What::Line | What::Skipped);
    Event { cause: 0, a: if is_line { 0 } else { event.a }, ..*event }
}

/// Where two runs part, as far as both are known; none when they don't.
pub fn compare(here: &Run, there: &Run) -> Option<Parting> {
    let (a, b) = (here.all_events(), there.all_events());
    let same = a.iter().zip(b).take_while(|(a, b)| content(a) == content(b)).count();
    let known_us = here.head_us().min(there.head_us());
    let next = [a.get(same), b.get(same)].into_iter().flatten();
    let time = next.map(|event| event.time_us).min().filter(|&time_us| time_us <= known_us)?;
    let words = |run: &Run| {
        // A line is told by what it does.
        let events = &run.all_events()[same..];
        let told = events.iter().position(|event| event.what != What::Line)?;
        Some(words_of(run, (same + told) as u32))
    };
    let [here, there] = [here, there].map(|run| words(run).unwrap_or_default());
    Some(Parting { time, here, there, same: same as u32 })
}
