//! What moves, as numbers for the canvas: where each message flies and which timers run.
//! The page interpolates between two calls; nothing here depends on the instant but who is
//! on the way.

use super::layout::{Layout, Shape};
use super::route;
use crate::declare::Family;
use crate::view::{Flight, MessageView, StageView, Status};
use alloc::vec::Vec;

/// Numbers before the first message: how many messages, how many timers.
pub const FRAME_HEADER: usize = 2;
/// id, sign, epoch, number, x0, y0, cx, cy, x1, y1, sent, planned, until, flight
/// (0 arrives, 1 lost at `until`, 2 held, 3 and more: waits at the end of its link, behind
/// so many less 3).
pub const MESSAGE_STRIDE: usize = 14;
/// node index, cx, cy, r, since, due
pub const TIMER_STRIDE: usize = 6;

/// Messages and timers, packed: header, messages, timers. Times are virtual µs.
pub fn frame(view: &StageView, shape: Shape) -> Vec<f64> {
    let layout = Layout::new(view, shape);
    let timers = timers(view);
    let length = view.messages.len() * MESSAGE_STRIDE + timers.len() * TIMER_STRIDE;
    let mut out = Vec::with_capacity(FRAME_HEADER + length);
    out.extend([0.0, timers.len() as f64]);
    let mut messages = 0.0;
    for m in &view.messages {
        let (from, to) = (usize::from(m.from), usize::from(m.to));
        if from.max(to) >= layout.spots.len() {
            continue;
        }
        let [(x0, y0), (cx, cy), (x1, y1)] = route::message(&layout, from, to);
        let flight = match m.flight {
            Flight::Arrives => 0.0,
            Flight::Lost => 1.0,
            Flight::Held => 2.0,
            Flight::Waits => 3.0 + before(view, m) as f64,
        };
        out.extend([f64::from(m.id), f64::from(m.sign as u8), m.epoch as f64, m.number as f64]);
        out.extend([x0, y0, cx, cy, x1, y1]);
        out.extend([m.sent_us as f64, m.planned_us as f64, m.until_us as f64, flight]);
        messages += 1.0;
    }
    out[0] = messages;
    for i in timers {
        let (spot, timer) = (&layout.spots[i], view.nodes[i].timer);
        let (since, due) = timer.map_or((0, 0), |t| (t.since_us, t.due_us));
        out.extend([i as f64, spot.at.0, spot.at.1, spot.r + spot.gap, since as f64, due as f64]);
    }
    out
}

/// How many messages wait at the end of the same link and were sent before this one.
pub(super) fn before(view: &StageView, m: &MessageView) -> usize {
    let earlier = |other: &&MessageView| {
        (other.from, other.to) == (m.from, m.to) && other.flight == Flight::Waits && other.id < m.id
    };
    view.messages.iter().filter(earlier).count()
}

/// Nodes whose timer has an arc: not on a leader, not on a node that is down.
pub(super) fn timers(view: &StageView) -> Vec<usize> {
    let runs = |i: &usize| {
        let n = &view.nodes[*i];
        let family = !matches!(n.family, Family::Leads | Family::Client);
        family && n.timer.is_some() && n.status != Status::Down
    };
    // In a large grid a node is a dot: no room for an arc.
    let servers = view.nodes.iter().filter(|n| n.family != Family::Client).count();
    if servers > 100 { Vec::new() } else { (0..view.nodes.len()).filter(runs).collect() }
}
