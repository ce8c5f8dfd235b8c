//! The lines of a recording as data, in the words of `docs/trace.md`. What is not said is as
//! it was. Holds no logic.

use crate::declare::Declaration;
use crate::run::{Beat, FlagView, LineView, Verdict};
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// The first line.
#[derive(Serialize)]
pub struct Header<'a> {
    /// Always `FORMAT`.
    pub format: &'static str,
    /// Of the format.
    pub version: u32,
    /// Version of what wrote it.
    pub made_by: &'static str,
    /// What the protocol declares.
    pub protocol: &'static Declaration,
    /// The text that was played.
    pub scenario: &'a str,
    /// Its title.
    pub title: &'a str,
    /// As text: many readers of JSON cannot hold 64 bits.
    pub seed: String,
    /// So many nodes are servers.
    pub servers: u16,
    /// Names of nodes, servers first.
    pub nodes: &'a [String],
    /// Sets the default pace, virtual µs.
    pub median_flight: u64,
    /// What the rack says of its cells.
    pub rack_note: String,
}

/// One event.
#[derive(Serialize)]
pub struct EventLine<'a> {
    /// Its number, from 0 without gaps.
    pub id: u32,
    /// Virtual µs.
    pub t: u64,
    /// What happened, by its word.
    pub kind: &'static str,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<&'a str>,
    /// The other node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<&'a str>,
    /// Number of the event that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<u32>,
    /// The message's kind, the mark's event, the state, the check: by its declared name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// Term, ballot, ... .
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
    /// A log index or request number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Which of its kind on its link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// `up`, `paused` or `down`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The operation's number, from 0, in the order of beginnings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<u32>,
    /// The operation's request or answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Planned length of a lost flight, µs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned: Option<u32>,
    /// What else it carries, as the engine numbers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<u32>,
    /// How the stage looks from this event on, where it differs.
    #[serde(skip_serializing_if = "Change::is_empty")]
    pub now: Change<'a>,
}

/// What is different on stage.
#[derive(Default, PartialEq, Eq, Serialize)]
pub struct Change<'a> {
    /// Nodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeChange<'a>>,
    /// Messages in flight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flights: Vec<FlightChange>,
    /// Really committed indexes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committed: Option<u64>,
    /// Groups of the partition, as places of nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Vec<u16>>>,
    /// Cut directed links, as places of nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuts: Option<Vec<(u16, u16)>>,
    /// Clogged directed links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clogs: Option<Vec<(u16, u16)>>,
    /// Directed links with laws of their own, and these in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laws: Option<Vec<(u16, u16, String)>>,
}

impl Change<'_> {
    /// Nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Change::default()
    }
}

/// What is different of a node; an empty list stands for none.
#[derive(Default, PartialEq, Eq, Serialize)]
pub struct NodeChange<'a> {
    /// Its name.
    pub node: &'a str,
    /// `up`, `paused` or `down`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// What else is wrong with it: the fault's word, and how it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ails: Option<Vec<(&'static str, String)>>,
    /// How it is drawn, by the family's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<&'static str>,
    /// The word beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its epoch and how that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch: Option<(u64, String)>,
    /// Its timer: set at, due at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timer: Option<Vec<u64>>,
    /// Its votes: has, needs, of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<Vec<u16>>,
    /// The log index of its first cell; cells before that one are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// So many of the cells it had stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<usize>,
    /// Behind those come these: epoch, safety (`written`, `disk`, `committed`), label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<Vec<(u64, &'static str, String)>>,
    /// Its machine, or a client's last request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Since when a client waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Vec<u64>>,
    /// A client's last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// All that it says of itself, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<(String, String)>>,
}

/// Copies of a message in flight: all that there are from now on.
#[derive(PartialEq, Eq, Serialize)]
pub struct FlightChange {
    /// The event of its sending.
    pub id: u32,
    /// Each copy: ends at, planned at, and `arrives`, `lost`, `held` or `waits`.
    pub copies: Vec<(u64, u64, &'static str)>,
}

/// A violation and why.
#[derive(Serialize)]
pub struct ViolationLine {
    /// The check's plain name.
    pub check: String,
    /// When, virtual µs.
    pub t: u64,
    /// At which event.
    pub event: u32,
    /// What is wrong.
    pub statement: String,
    /// Nodes concerned, by their places.
    pub nodes: Vec<u16>,
    /// Cells concerned: node and index.
    pub cells: Vec<(u16, u64)>,
    /// Messages that did it: from, to.
    pub arrows: Vec<(u16, u16)>,
    /// Why it came about.
    pub cause: String,
    /// When that began, virtual µs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause_t: Option<u64>,
}

/// The last line.
#[derive(Serialize)]
pub struct End {
    /// Virtual µs up to which it was played.
    pub end: u64,
    /// Digest of the whole run.
    pub digest: String,
    /// Violations, the first of each check.
    pub violations: Vec<ViolationLine>,
    /// How each check and expectation stands.
    pub verdicts: Vec<Verdict>,
    /// Captions that were spoken.
    pub captions: Vec<Beat>,
    /// How many the text has.
    pub captions_total: usize,
    /// Faults on the timeline.
    pub flags: Vec<FlagView>,
    /// What became of each line of the text.
    pub lines: Vec<LineView>,
}
