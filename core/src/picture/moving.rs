//! Messages and timer arcs at one instant, as SVG for the poster and for files. The page
//! paints the same from `frame` on a canvas and takes over without a jump.

use super::layout::{Detail, Layout};
use super::pen::Pen;
use super::plane::{Point, around, distance};
use super::{epoch_class, frame, route, signs};
use crate::view::{Flight, MessageView, StageView};

/// Length of a message's tail in px.
const TAIL: f64 = 44.0;

/// Timer arcs: what is left, clockwise from twelve.
pub(super) fn timers(pen: &mut Pen, view: &StageView, layout: &Layout) {
    for i in frame::timers(view) {
        let Some(timer) = view.nodes[i].timer else { continue };
        let left = timer.due_us.saturating_sub(view.time_us) as f64;
        let share = left / timer.due_us.saturating_sub(timer.since_us).max(1) as f64;
        if share <= 0.0 {
            continue;
        }
        let spot = &layout.spots[i];
        let small = layout.detail >= Detail::Beside;
        let class = match (share < 0.25, small) {
            (true, false) => "hb-arc hb-soon",
            (false, false) => "hb-arc",
            (true, true) => "hb-arc hb-soon hb-thin",
            (false, true) => "hb-arc hb-thin",
        };
        let r = spot.r + spot.gap;
        if share >= 0.999 {
            pen.circle(class, spot.at, r);
            continue;
        }
        pen.open("path", class).raw(" d=\"M").point((spot.at.0, spot.at.1 - r)).raw("A");
        pen.num(r).raw(" ").num(r).raw(if share > 0.5 { " 0 1 1 " } else { " 0 0 1 " });
        pen.point(around(spot.at, r, share)).raw("\"/>");
    }
}

/// Whether a message is still to be seen: a lost one leaves its × for as long as its flight
/// would have taken.
fn seen(m: &MessageView, time_us: u64) -> bool {
    let flight = m.planned_us.saturating_sub(m.sent_us);
    time_us >= m.sent_us && (m.flight != Flight::Lost || time_us < m.until_us + flight)
}

/// Whether a message is on its way, not lost and not arrived.
pub(super) fn flies(m: &MessageView, time_us: u64) -> bool {
    time_us >= m.sent_us
        && (matches!(m.flight, Flight::Held | Flight::Waits) || time_us < m.until_us)
}

/// How small the cross of a lost message is among dots.
const LOST_IN_TOWN: f64 = 0.45;

/// Messages with their tails; many become small, very many dots, and all among nodes that are
/// dots themselves.
pub(super) fn messages(pen: &mut Pen, view: &StageView, layout: &Layout) {
    let many = view.messages.len();
    let town = layout.detail == Detail::Dot;
    for m in &view.messages {
        let (from, to) = (usize::from(m.from), usize::from(m.to));
        if from.max(to) >= layout.spots.len() || !seen(m, view.time_us) {
            continue;
        }
        let way = route::message(layout, from, to);
        let u = progress(m, view.time_us).min(farthest(view, m, &way));
        let at = route::point_at(&way, u);
        // Without an epoch a message is ink, as the canvas paints it.
        pen.raw("<g class=\"").raw(if m.epoch == 0 { "hb-ei" } else { epoch_class(m.epoch) });
        pen.raw("\">");
        let lost = m.flight == Flight::Lost && view.time_us >= m.until_us;
        if many <= 300 {
            tail(pen, &way, u);
        }
        if lost {
            signs::write(pen, signs::LOST, at, if town { LOST_IN_TOWN } else { 1.0 }, 0);
        } else if town || many > 300 {
            pen.circle("hb-fl", at, 2.0);
        } else {
            let scale = if many > 60 { 0.7 } else { 1.0 };
            signs::write(pen, m.sign as usize, at, scale, if many > 60 { 0 } else { m.number });
            if m.flight == Flight::Held {
                signs::write(pen, signs::HELD, (at.0 + 12.0, at.1 - 12.0), 0.7, 0);
            }
        }
        pen.raw("</g>");
    }
}

/// How far along its way a message is. A held one waits half way, a lost one where it was
/// when its fate fell.
fn progress(m: &MessageView, time_us: u64) -> f64 {
    let until = if m.flight == Flight::Lost { time_us.min(m.until_us) } else { time_us };
    let gone = until.saturating_sub(m.sent_us) as f64;
    let u = (gone / m.planned_us.saturating_sub(m.sent_us).max(1) as f64).min(1.0);
    if m.flight == Flight::Held { u.min(0.5) } else { u }
}

/// Px between two messages that wait at the end of a link.
const QUEUE: f64 = 13.0;

/// How far along its way a message may be: those that wait stand in a queue.
fn farthest(view: &StageView, m: &MessageView, way: &route::Curve) -> f64 {
    if m.flight != Flight::Waits {
        return 1.0;
    }
    let length = distance(way[0], way[1]) + distance(way[1], way[2]);
    (1.0 - QUEUE * (frame::before(view, m) as f64 + 0.5) / length.max(1.0)).max(0.3)
}

/// The last 44 px of the way behind a message.
fn tail(pen: &mut Pen, way: &route::Curve, u: f64) {
    let length = distance(way[0], way[1]) + distance(way[1], way[2]);
    let since = (u - TAIL / length.max(1.0)).max(0.0);
    if u - since < 0.01 {
        return;
    }
    let (start, control, end): (Point, Point, Point) =
        (route::point_at(way, since), route::blend(way, since, u), route::point_at(way, u));
    pen.open("path", "hb-tail").raw(" d=\"M").point(start).raw("Q").point(control).raw(" ");
    pen.point(end).raw("\"/>");
}
