//! What is written beside a node: its role and votes, a name that has no room inside, a
//! client's request. Places follow from who stands where, so labels do not wander.

use super::layout::{Detail, Layout};
use super::pen::{Anchor, Pen};
use super::place::{self, Area, Placed};
use super::plane::Point;
use crate::declare::Family;
use crate::view::{NodeView, StageView, Status, Votes};
use alloc::string::String;
use alloc::vec::Vec;

/// Pitch of the vote dots.
const VOTE: f64 = 7.6;

/// How much two red rings add to a node's radius; 0 when it is not accused.
pub(super) fn red_rings(view: &StageView, layout: &Layout, i: usize) -> f64 {
    let accused =
        view.accused.as_ref().is_some_and(|a| a.nodes.iter().any(|&n| usize::from(n) == i));
    match accused {
        false => 0.0,
        true if layout.spots[i].r < 30.0 => 7.0,
        true => 10.0,
    }
}

/// Whether the votes stand inside the node, under its term.
pub(super) fn votes_inside(layout: &Layout, node: &NodeView) -> bool {
    layout.spots.first().is_some_and(|s| s.r >= 34.0) && seeks(node).is_some_and(|v| v.of <= 5)
}

/// Votes of a node that looks for them.
fn seeks(node: &NodeView) -> Option<Votes> {
    node.votes.filter(|_| node.family == Family::Seeks && node.status != Status::Down)
}

/// What else is wrong with a node takes at most so many lines.
const AILS: usize = 2;
/// Height of such a line.
const LINE: f64 = 14.0;

/// Role, what is wrong, votes under it, and where all stand.
struct Label<'a> {
    role: &'a str,
    ails: Vec<String>,
    votes: Option<Votes>,
    size: f64,
    placed: Placed,
}

/// The label of a server that has its name inside.
fn of_server<'a>(view: &'a StageView, layout: &Layout, i: usize) -> Option<Label<'a>> {
    let node = &view.nodes[i];
    let role = if node.status == Status::Down { "" } else { node.role.as_str() };
    let votes = seeks(node).filter(|_| !votes_inside(layout, node));
    let shown = layout.spots[i].server && layout.detail <= Detail::Short;
    // Around small nodes there is no room: there the badges stand alone.
    let ails = if layout.spots[i].r >= 34.0 { ails(node) } else { Vec::new() };
    if !shown || role.is_empty() && ails.is_empty() && votes.is_none() {
        return None;
    }
    let size = if layout.detail == Detail::Full { 14.0 } else { 12.0 };
    let widest = ails.iter().map(|words| place::width(words, 12.0)).fold(0.0, f64::max);
    let width = place::width(role, size).max(votes.map_or(0.0, votes_width)).max(widest);
    let lines = ails.len() + usize::from(!role.is_empty()) + usize::from(votes.is_some());
    let outer = layout.spots[i].outer() + red_rings(view, layout, i);
    let placed = place::beside(layout, i, outer, (width, LINE * lines as f64));
    Some(Label { role, ails, votes, size, placed })
}

/// What else is wrong with a node, in few lines.
fn ails(node: &NodeView) -> Vec<String> {
    let mut lines: Vec<String> = node.ails.iter().map(|ail| ail.words.clone()).collect();
    if lines.len() > AILS {
        let mut more = Pen::default();
        more.raw("and ").int((lines.len() - AILS + 1) as u64).raw(" more");
        lines.truncate(AILS - 1);
        lines.push(more.take());
    }
    lines
}

/// Where labels of servers stand, so that the counts of a wall keep clear of them.
pub(super) fn areas(view: &StageView, layout: &Layout) -> Vec<Area> {
    // Only walls ask.
    let nodes = if view.groups.len() < 2 { 0 } else { view.nodes.len() };
    (0..nodes).filter_map(|i| of_server(view, layout, i)).map(|l| l.placed.area).collect()
}

/// Writes what stands beside a node.
pub(super) fn write(pen: &mut Pen, view: &StageView, layout: &Layout, i: usize) {
    let (node, spot) = (&view.nodes[i], &layout.spots[i]);
    if !spot.server {
        return client(pen, view, layout, i);
    }
    if layout.detail == Detail::Beside {
        let outer = spot.outer() + red_rings(view, layout, i);
        let (at, anchor) = place::radial(layout, i, outer, true);
        pen.label("hb-role hb-halo hb-f2", at, 12.0, anchor, &node.name);
        if !node.role.is_empty() && node.status != Status::Down {
            let (at, anchor) = place::radial(layout, i, outer, false);
            pen.label("hb-role hb-halo hb-fi", at, 12.0, anchor, &node.role);
        }
    }
    let Some(label) = of_server(view, layout, i) else { return };
    let Placed { at, anchor, area } = label.placed;
    if !label.role.is_empty() {
        pen.label("hb-role hb-halo hb-fi", at, label.size, anchor, label.role);
    }
    let first = at.1 + if label.role.is_empty() { 0.0 } else { LINE };
    for (k, words) in label.ails.iter().enumerate() {
        let at = (at.0, first + k as f64 * LINE);
        pen.label("hb-note hb-halo hb-f2", at, 12.0, anchor, words);
    }
    if let Some(v) = label.votes {
        let half = votes_width(v) / 2.0;
        let x = match anchor {
            Anchor::Start => area[0] + half,
            Anchor::Middle => (area[0] + area[2]) / 2.0,
            Anchor::End => area[2] - half,
        };
        votes(pen, v, (x, area[3] - 6.0));
    }
}

/// Width of the row of votes.
fn votes_width(votes: Votes) -> f64 {
    f64::from(votes.of.min(15)) * VOTE + if votes.need < votes.of { 5.0 } else { 0.0 }
}

/// A dot for each vote, filled when it is there, and a bar where there are enough.
pub(super) fn votes(pen: &mut Pen, votes: Votes, (x, y): Point) {
    let left = x - votes_width(votes) / 2.0 + VOTE / 2.0;
    for k in 0..votes.of.min(15) {
        let class = if k < votes.have { "hb-vote hb-fl" } else { "hb-vote hb-fs" };
        let after_bar = if k >= votes.need { 5.0 } else { 0.0 };
        pen.circle(class, (left + f64::from(k) * VOTE + after_bar, y), 2.5);
    }
    if votes.need < votes.of.min(15) {
        let bar = left + (f64::from(votes.need) - 0.5) * VOTE + 2.5;
        let mut line = Pen::default();
        line.stroke((bar, y - 4.5), (bar, y + 4.5));
        pen.path("hb-need", &line.out);
    }
}

/// Under a client: its last request, and how long it waits or what the answer was.
fn client(pen: &mut Pen, view: &StageView, layout: &Layout, i: usize) {
    let (node, spot) = (&view.nodes[i], &layout.spots[i]);
    if spot.r < 18.0 || node.state.is_empty() || node.status == Status::Down {
        return;
    }
    let (x, y) = (spot.at.0 - spot.r, spot.at.1 + spot.r);
    let wide = spot.r >= 20.0;
    let base = if wide { y + 17.0 } else { y + 14.0 };
    pen.label("hb-no hb-halo hb-fi", (x, base), 12.0, Anchor::Start, &node.state);
    if !wide {
        return;
    }
    if let Some(since) = node.waiting_since_us {
        let ms = view.time_us.saturating_sub(since) / 1000;
        pen.open_label("hb-note hb-halo hb-f3", (x, y + 34.0), 13.0, Anchor::Start).raw("waiting ");
        if ms < 1000 {
            pen.int(ms).raw(" ms</text>");
        } else {
            pen.int(ms / 1000).raw(".").int(ms / 100 % 10).raw(" s</text>");
        }
    } else {
        pen.label("hb-note hb-halo hb-f3", (x, y + 34.0), 13.0, Anchor::Start, &node.answer);
    }
}
