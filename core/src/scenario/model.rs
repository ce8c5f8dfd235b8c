//! What a text says of the system that it runs on: `timing` and `failures`, read from tokens
//! and looked up.

use super::ast::{Failures, Kind, Scenario, Timing};
use super::cursor::Cursor;
use super::diagnose::{Diagnostic, suggest};
use alloc::format;

type Read<T> = Result<T, Diagnostic>;

/// `synchronous 50ms`, `partial 50ms gst 5s`, `asynchronous`
pub(super) fn timing(cursor: &mut Cursor) -> Read<Timing> {
    const POSSIBLE: [&str; 3] = ["synchronous", "partial", "asynchronous"];
    let (word, place) = cursor.word("a timing model", "For example: timing synchronous 50ms")?;
    match word {
        "asynchronous" => Ok(Timing::Asynchronous),
        "synchronous" => {
            Ok(Timing::Synchronous { bound_us: cursor.time("the longest time on the way", 1)? })
        }
        "partial" => {
            let bound_us = cursor.time("the longest time on the way", 1)?;
            cursor.keyword("gst", "For example: timing partial 50ms gst 5s")?;
            let gst_us = cursor.time("the global stabilisation time", 0)?;
            Ok(Timing::Partial { bound_us, gst_us })
        }
        _ => {
            let message = format!("no timing model is called “{word}”.");
            Err(cursor.wrong(place, message, suggest(word, &POSSIBLE)))
        }
    }
}

/// `crash-stop`, `crash-recovery`
pub(super) fn failures(cursor: &mut Cursor) -> Read<Failures> {
    let (word, place) = cursor.word("how processes fail", "For example: failures crash-stop")?;
    match word {
        "crash-stop" => Ok(Failures::CrashStop),
        "crash-recovery" => Ok(Failures::CrashRecovery),
        _ => {
            let message = format!("processes do not fail by “{word}”.");
            Err(cursor.wrong(place, message, suggest(word, &["crash-stop", "crash-recovery"])))
        }
    }
}

impl Scenario {
    /// What the system promises about time; none when the text does not say: then the
    /// network's laws and the lines are all there is.
    pub fn timing(&self) -> Option<Timing> {
        self.lines().find_map(|(_, kind)| match kind {
            Kind::Timing(timing) => Some(*timing),
            _ => None,
        })
    }

    /// How processes fail; they may come back unless said.
    pub fn failures(&self) -> Failures {
        let said = self.lines().find_map(|(_, kind)| match kind {
            Kind::Failures(failures) => Some(*failures),
            _ => None,
        });
        said.unwrap_or_default()
    }
}
