//! The space-time diagram: what of a run is drawn in it, event by event, and its measures. The
//! page packs these records into columns and paints them on a canvas; a picture in a file is
//! made of the same. Reads only the trace and the declaration; which event happened before
//! which stands elsewhere.

#[cfg(test)]
mod tests;

use crate::declare::{Declaration, Field, Sign};
use crate::world::{Event, NO_NODE, What};
use alloc::vec::Vec;

/// The measures of the diagram, CSS px where nothing else is said.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Measures {
    /// Distance of two lanes where there is room.
    pub pitch: f64,
    /// And at least.
    pub least_pitch: f64,
    /// Height of a leader's bar.
    pub bar: f64,
    /// Height of a client's operation.
    pub operation: f64,
    /// Radius of an event.
    pub dot: f64,
    /// Half the side of a commit's square.
    pub square: f64,
    /// Length of an arrowhead.
    pub head: f64,
    /// Half its width.
    pub half_head: f64,
    /// An arrow ends so far before its lane.
    pub before_lane: f64,
    /// A lost one ends there, with a cross.
    pub lost_before: f64,
    /// Stroke of a message.
    pub stroke: f64,
    /// Of a pulse.
    pub thin: f64,
    /// Of a message in a causal past.
    pub bold: f64,
    /// Of one on the way from one event to another.
    pub path: f64,
    /// Dash of an answer.
    pub dash: f64,
    /// And the gap after it.
    pub dash_gap: f64,
    /// Where on its way a message has its sign, a share.
    pub sign_at: f64,
    /// Size of the sign, a share of that on stage.
    pub sign: f64,
    /// Signs are drawn while fewer messages than this are to be seen.
    pub signs_under: u32,
    /// Opacity of what is not in a chosen cone.
    pub pale: f64,
    /// Opacity of a partition's hatching.
    pub band: f64,
    /// Opacity of what is known beyond the playhead.
    pub ahead: f64,
    /// Above so many events for each px there are bands instead of events.
    pub dense: f64,
    /// A median flight is so wide when the diagram opens.
    pub flight: f64,
}

/// The one set of measures.
pub const MEASURES: Measures = Measures {
    pitch: 64.0,
    least_pitch: 24.0,
    bar: 11.0,
    operation: 8.0,
    dot: 3.0,
    square: 4.5,
    head: 8.0,
    half_head: 3.5,
    before_lane: 2.0,
    lost_before: 9.0,
    stroke: 1.5,
    thin: 1.0,
    bold: 2.0,
    path: 3.0,
    dash: 5.0,
    dash_gap: 3.0,
    sign_at: 0.45,
    sign: 0.74,
    signs_under: 60,
    pale: 0.26,
    band: 0.2,
    ahead: 0.35,
    dense: 2.0,
    flight: 96.0,
};

/// What an event is in the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Shape {
    /// Nothing of its own.
    None,
    /// A dot.
    Dot,
    /// Where a message begins.
    Send,
    /// Where a message ends.
    Receive,
    /// A message ends before its lane.
    Lost,
    /// A timer runs out.
    Timeout,
    /// The protocol names what happened.
    Mark,
    /// The protocol says that something is decided for good.
    Commit,
    /// A client begins an operation.
    Request,
    /// A client has its answer.
    Answer,
    /// A client stops waiting.
    GiveUp,
    /// A fault strikes a node, or ends.
    Fault,
    /// A check fails.
    Violated,
}

/// Words in a record.
pub const RECORD: usize = 8;

/// Marks with one of these names say that something is decided for good.
const DECISIONS: &[&str] = &["commit", "chosen", "decide", "decided"];

/// What an event is.
pub fn shape_of(event: &Event, declaration: &Declaration) -> Shape {
    if event.node == NO_NODE {
        return Shape::None;
    }
    match event.what {
        What::Send => Shape::Send,
        What::Receive => Shape::Receive,
        What::Lost => Shape::Lost,
        What::Timer => Shape::Timeout,
        What::Mark => {
            let mark = declaration.events.get(usize::from(event.sub));
            let decides = mark.is_some_and(|mark| DECISIONS.contains(&mark.name));
            if decides { Shape::Commit } else { Shape::Mark }
        }
        What::Request => Shape::Request,
        What::Answer => Shape::Answer,
        What::GiveUp => Shape::GiveUp,
        What::Violated => Shape::Violated,
        What::Crash
        | What::Kill
        | What::Restart
        | What::Pause
        | What::Resume
        | What::Wipe
        | What::Suspend
        | What::Exit => Shape::Fault,
        What::Boot | What::Durable | What::Failed | What::Told => Shape::Dot,
        _ => Shape::None,
    }
}

/// An answer, whose line is dashed.
pub const fn answers(sign: Sign) -> bool {
    matches!(sign, Sign::Grant | Sign::Refuse | Sign::Stored | Sign::Reply)
}

/// How the line of a message is: 0 plain, 1 dashed, 2 thin.
const fn line_of(sign: Sign) -> u32 {
    match sign {
        Sign::Pulse => 2,
        _ if answers(sign) => 1,
        _ => 0,
    }
}

/// The number that stands beside an event: the index or the value of a mark, what is printed
/// on a message; 0 for none.
fn number_of(event: &Event, declaration: &Declaration) -> u32 {
    if event.what != What::Mark {
        return event.b;
    }
    let mark = declaration.events.get(usize::from(event.sub));
    let says = |mark: &crate::declare::EventKind| {
        mark.fields.iter().any(|field| matches!(field, Field::Index | Field::Value))
    };
    if mark.is_some_and(says) { event.b } else { 0 }
}

/// An event as the page has it: time (low, high), cause, node and peer, what it is (shape, what
/// the protocol calls it, sign, line, each 8 bits), epoch, number, count on its link.
pub fn record(event: &Event, declaration: &Declaration) -> [u32; RECORD] {
    let shape = shape_of(event, declaration);
    let carried = matches!(shape, Shape::Send | Shape::Receive | Shape::Lost);
    // Of a lost message the kind stands at its sending.
    let kind = declaration.messages.get(usize::from(event.sub));
    let sign = kind.map(|kind| kind.sign).filter(|_| carried && shape != Shape::Lost);
    let [sign, line] = sign.map_or([0, 0], |sign| [sign as u32, line_of(sign)]);
    [
        event.time_us as u32,
        (event.time_us >> 32) as u32,
        event.cause,
        u32::from(event.node.0) | u32::from(event.peer.0) << 16,
        shape as u32 | u32::from(event.sub) << 8 | sign << 16 | line << 24,
        event.a,
        number_of(event, declaration),
        event.c,
    ]
}

/// Events, packed one record after the other.
pub fn records<'a>(events: impl Iterator<Item = &'a Event>, declaration: &Declaration) -> Vec<u32> {
    let mut packed = Vec::new();
    for event in events {
        packed.extend(record(event, declaration));
    }
    packed
}
