//! A run on file: JSON lines, one for each event, with what it changed on stage (see
//! `docs/trace.md`). `record` writes one, `Recorded` plays one: it can be watched, not changed,
//! and needs no code of the protocol. Never parses JSON itself: whoever reads the file does.

#[cfg(feature = "serde")]
mod line;
mod play;
mod read;
#[cfg(feature = "serde")]
mod write;

pub use play::{Recorded, Violated};
pub use read::{Value, Wrong};
#[cfg(feature = "serde")]
pub use write::{Extra, Line, record};

use crate::declare::{Family, Sign};
use crate::view::{Flight, Safety, Status};

/// What the first line says it is.
pub const FORMAT: &str = "happens-before-trace";

/// Raised when a file that was readable no longer is.
pub const VERSION: u32 = 1;

const STATUSES: [(Status, &str); 3] =
    [(Status::Up, "up"), (Status::Paused, "paused"), (Status::Down, "down")];
const SAFETIES: [(Safety, &str); 3] =
    [(Safety::Written, "written"), (Safety::OnDisk, "disk"), (Safety::Committed, "committed")];
const FATES: [(Flight, &str); 4] = [
    (Flight::Arrives, "arrives"),
    (Flight::Lost, "lost"),
    (Flight::Held, "held"),
    (Flight::Waits, "waits"),
];

// As the declaration in the first line has them.
const FAMILIES: [(Family, &str); 6] = [
    (Family::Follows, "Follows"),
    (Family::Seeks, "Seeks"),
    (Family::Leads, "Leads"),
    (Family::Learns, "Learns"),
    (Family::Client, "Client"),
    (Family::Store, "Store"),
];
const SIGNS: [(Sign, &str); 8] = [
    (Sign::Ask, "Ask"),
    (Sign::Grant, "Grant"),
    (Sign::Refuse, "Refuse"),
    (Sign::Carry, "Carry"),
    (Sign::Stored, "Stored"),
    (Sign::Pulse, "Pulse"),
    (Sign::Request, "Request"),
    (Sign::Reply, "Reply"),
];

#[cfg(feature = "serde")]
fn word_of<T: PartialEq>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(known, _)| known == value).map_or("", |(_, word)| word)
}

#[cfg(feature = "serde")]
fn status_word(status: Status) -> &'static str {
    word_of(&STATUSES, &status)
}

#[cfg(feature = "serde")]
fn safety_word(safety: Safety) -> &'static str {
    word_of(&SAFETIES, &safety)
}

#[cfg(feature = "serde")]
fn fate_word(fate: Flight) -> &'static str {
    word_of(&FATES, &fate)
}

#[cfg(feature = "serde")]
fn family_word(family: Family) -> &'static str {
    word_of(&FAMILIES, &family)
}
