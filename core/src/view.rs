//! What can be seen of a run at one instant: plain data, made by `Run` when someone looks,
//! read by `picture`, the page and the tools. Never holds anything that decides the future.

use crate::declare::{Family, Sign};
use crate::world::{Event, What};
use alloc::string::String;
use alloc::vec::Vec;

/// Whether a node can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Status {
    /// Running.
    Up,
    /// Stopped, keeps its memory.
    Paused,
    /// Crashed or killed.
    Down,
}

/// How safe an entry is, as its node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Safety {
    /// In memory or handed to the disk.
    Written,
    /// Synced.
    OnDisk,
    /// Committed as far as this node knows.
    Committed,
}

/// One cell of the rack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cell {
    /// Its term.
    pub epoch: u64,
    /// How safe.
    pub safety: Safety,
    /// The command, short: "x = 3".
    pub label: String,
}

/// A timer that runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TimerView {
    /// When it was set, virtual µs.
    pub since_us: u64,
    /// When it is due, virtual µs.
    pub due_us: u64,
}

/// Votes or promises that a seeking node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Votes {
    /// So many.
    pub have: u16,
    /// So many are enough.
    pub need: u16,
    /// So many could vote.
    pub of: u16,
}

/// Something that is wrong with a node, besides that it is paused or down.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ail {
    /// Its word in `faults::FAULTS`; empty for why a process has ended itself.
    pub fault: &'static str,
    /// "disk slow by 20ms"
    pub words: String,
}

/// A direction of a link that has laws of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OwnLaw {
    /// Index of the sender in `StageView::nodes`.
    pub from: u16,
    /// Index of the receiver.
    pub to: u16,
    /// "200ms, loss 20%"
    pub words: String,
}

/// A node (server or client) at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NodeView {
    /// `n3`, `c1`
    pub name: String,
    /// Whether it can act.
    pub status: Status,
    /// What else is wrong with it.
    pub ails: Vec<Ail>,
    /// How its state is drawn.
    pub family: Family,
    /// The word beside the node, or empty: "leader", "leader, cannot commit".
    pub role: String,
    /// Term, ballot, ...; 0 is none yet. Clients have none.
    pub epoch: u64,
    /// "term 2"
    pub epoch_label: String,
    /// The timer whose arc is drawn; none on a leader.
    pub timer: Option<TimerView>,
    /// Votes of a seeking node.
    pub votes: Option<Votes>,
    /// Cells of its log from index `first`.
    pub cells: Vec<Cell>,
    /// Index of the first cell.
    pub first: u64,
    /// Its state machine in a few characters: "x = 3". For clients the last request: "put x 4".
    pub state: String,
    /// For clients: since when the request is unanswered, virtual µs.
    pub waiting_since_us: Option<u64>,
    /// For clients: the last answer, "ok".
    pub answer: String,
}

impl NodeView {
    /// Whether it is paused together with its clocks.
    pub fn suspended(&self) -> bool {
        self.ails.iter().any(|ail| ail.fault == "suspend")
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Flight {
    /// It will arrive at its `until_us`.
    Arrives,
    /// It is lost at its `until_us`, on the way.
    Lost,
    /// It waits in the network (held).
    Held,
    /// It waits at the end of its link: that is clogged, or an earlier one has to arrive first.
    Waits,
}

/// How far back lost messages are shown, virtual µs; the page shows them for 600 ms of its own.
const LOST_SHOWN_US: u64 = 1_000_000;
/// And how many events back.
const LOST_EVENTS: usize = 2_000;

/// The losses that a stage still shows among what happened, the last first, with their ids.
pub(crate) fn lost_lately<'a>(
    happened: impl DoubleEndedIterator<Item = &'a Event> + ExactSizeIterator,
    now_us: u64,
) -> impl Iterator<Item = (u32, &'a Event)> {
    let recent = happened.enumerate().rev().take(LOST_EVENTS);
    recent
        .take_while(move |(_, event)| event.time_us + LOST_SHOWN_US >= now_us)
        .filter(|(_, event)| event.what == What::Lost)
        .map(|(id, event)| (id as u32, event))
}

/// A message on the way at one instant, or lost less than a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageView {
    /// Its number in the run, stable.
    pub id: u32,
    /// Index of the sender in `StageView::nodes`.
    pub from: u16,
    /// Index of the receiver.
    pub to: u16,
    /// Index of its kind in the declaration.
    pub kind: u8,
    /// How it is drawn.
    pub sign: Sign,
    /// Its epoch; 0 for client messages.
    pub epoch: u64,
    /// The number printed on it (log index, request number); 0 prints none.
    pub number: u64,
    /// Sent at, virtual µs.
    pub sent_us: u64,
    /// Arrival planned when it was sent, virtual µs.
    pub planned_us: u64,
    /// When it arrives or is lost, virtual µs.
    pub until_us: u64,
    /// What becomes of it.
    pub flight: Flight,
    /// `n3->n1 append #4`
    pub name: String,
}

/// Who and what a violation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Accused {
    /// Nodes with a double red ring (indexes in `StageView::nodes`).
    pub nodes: Vec<u16>,
    /// Cells with a double red ring: (node, log index).
    pub cells: Vec<(u16, u64)>,
    /// Red arrows (from, to).
    pub arrows: Vec<(u16, u16)>,
}

/// How a cell went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Gone {
    /// With the memory of its node, or with its disk.
    Lost,
    /// A leader has another entry there.
    Overwritten,
}

/// A cell that was in a node's log a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ghost {
    /// Index of the node in `StageView::nodes`.
    pub node: u16,
    /// Index in its log.
    pub index: u64,
    /// Its term.
    pub epoch: u64,
    /// The command, short: "x = 3".
    pub label: String,
    /// How it went.
    pub gone: Gone,
}

/// The whole stage at one instant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StageView {
    /// Virtual µs.
    pub time_us: u64,
    /// Servers in order, then clients in order.
    pub nodes: Vec<NodeView>,
    /// Heading of the rack ("Logs"), empty when the protocol has none.
    pub rack: String,
    /// "the number in a cell is its term"
    pub rack_note: String,
    /// Really committed indexes (as the check counts them): 1..=this.
    pub committed: u64,
    /// Groups of the partition in force (indexes in `nodes`); empty when whole.
    pub groups: Vec<Vec<u16>>,
    /// Directed links that are cut, the partition's excluded.
    pub cuts: Vec<(u16, u16)>,
    /// Directed links that are clogged.
    pub clogs: Vec<(u16, u16)>,
    /// Directed links with laws of their own.
    pub laws: Vec<OwnLaw>,
    /// Messages in flight.
    pub messages: Vec<MessageView>,
    /// Cells that went a moment ago.
    pub ghosts: Vec<Ghost>,
    /// Set when a violation has been found at or before this instant.
    pub accused: Option<Accused>,
}
