//! The ring: links, walls, nodes and what accuses them, as SVG groups.
//! Never draws what moves (messages, timer arcs): see `moving`.

use super::layout::{Detail, Layout, Outline, Spot};
use super::pen::{Anchor, Pen};
use super::place;
use super::plane::{Point, direction, distance, moved, right_of};
use super::route;
use super::{Group, epoch_class, labels, moving, signs, walls};
use crate::declare::Family;
use crate::view::{NodeView, StageView, Status};
use alloc::string::String;
use alloc::vec::Vec;

/// Above this many servers links at rest would be a grey veil: only cuts are drawn.
const LINKS_UP_TO: usize = 15;
/// All groups of the ring, from below to above.
pub(super) fn groups(view: &StageView, layout: &Layout) -> Vec<Group> {
    let mut groups = Vec::with_capacity(view.nodes.len() + 3);
    let mut pen = Pen::default();
    links(&mut pen, view, layout);
    link_troubles(&mut pen, view, layout);
    groups.push(Group::of("ring", "links", "", &mut pen, String::new()));
    walls::write(&mut pen, view, layout, &labels::areas(view, layout));
    groups.push(Group::of("ring", "walls", "", &mut pen, String::new()));
    // Clients first: what is written under them must not cover a server.
    let (servers, clients): (Vec<usize>, Vec<usize>) =
        (0..view.nodes.len()).partition(|&i| layout.spots[i].server);
    for i in clients.into_iter().chain(servers) {
        let node = &view.nodes[i];
        self::node(&mut pen, view, layout, i);
        let label = super::words::node(node);
        groups.push(Group::of("ring", "node:", &node.name, &mut pen, label));
    }
    accused(&mut pen, view, layout);
    groups.push(Group::of("ring", "accused", "", &mut pen, String::new()));
    groups
}

/// How a link is, from its first node to its second and back.
fn works(view: &StageView, a: usize, b: usize) -> (bool, bool) {
    let group = |i: usize| view.groups.iter().position(|g| g.iter().any(|&m| usize::from(m) == i));
    if let (Some(x), Some(y)) = (group(a), group(b))
        && x != y
    {
        return (false, false);
    }
    let cut = |x: usize, y: usize| {
        view.cuts.iter().any(|&(from, to)| usize::from(from) == x && usize::from(to) == y)
    };
    (!cut(a, b), !cut(b, a))
}

/// Directions of links that are clogged or have laws of their own.
fn ailing(view: &StageView) -> impl Iterator<Item = (usize, usize)> {
    let clogs = view.clogs.iter().copied();
    let laws = view.laws.iter().map(|law| (law.from, law.to));
    clogs.chain(laws).map(|(from, to)| (usize::from(from), usize::from(to)))
}

/// Those and the ones that are cut.
fn marked(view: &StageView) -> impl Iterator<Item = (usize, usize)> {
    let cuts = view.cuts.iter().map(|&(from, to)| (usize::from(from), usize::from(to)));
    ailing(view).chain(cuts)
}

/// Every pair of nodes whose link is drawn.
pub(super) fn pairs(view: &StageView, layout: &Layout) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for a in 0..layout.spots.len() {
        for b in a + 1..layout.spots.len() {
            let shown = match (layout.spots[a].server, layout.spots[b].server) {
                (true, true) => {
                    layout.servers <= LINKS_UP_TO
                        || marked(view).any(|(x, y)| (x, y) == (a, b) || (x, y) == (b, a))
                }
                (true, false) => {
                    talks(view, b, a)
                        || ailing(view).any(|(x, y)| (x, y) == (a, b) || (x, y) == (b, a))
                }
                _ => false,
            };
            if shown {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// Whether a client is seen to deal with a server: a message between them is on the way,
/// or it waits, nothing of it is on the way, and there is one leader.
fn talks(view: &StageView, client: usize, server: usize) -> bool {
    let of_client = |m: &&crate::view::MessageView| {
        let ends = [usize::from(m.from), usize::from(m.to)];
        ends.contains(&client) && moving::flies(m, view.time_us)
    };
    let mut messages = view.messages.iter().filter(of_client).peekable();
    if messages.peek().is_some() {
        return messages.any(|m| usize::from(m.from) == server || usize::from(m.to) == server);
    }
    let leads = |n: &&NodeView| n.family == Family::Leads && n.status != Status::Down;
    view.nodes[client].waiting_since_us.is_some()
        && leads(&&view.nodes[server])
        && view.nodes.iter().filter(leads).count() == 1
        && works(view, client, server).0
}

fn curve(pen: &mut Pen, [a, c, b]: &route::Curve) {
    pen.raw("M").point(*a).raw("Q").point(*c).raw(" ").point(*b);
}

fn links(pen: &mut Pen, view: &StageView, layout: &Layout) {
    let (mut whole, mut cut, mut bars, mut arrows) =
        (Pen::default(), Pen::default(), Pen::default(), Pen::default());
    for (a, b) in pairs(view, layout) {
        let way = route::link(layout, a, b);
        let (to, back) = works(view, a, b);
        curve(if to && back { &mut whole } else { &mut cut }, &way);
        if to == back {
            continue;
        }
        // One way works: a bar across, then an open arrow the way that works.
        let (from, until) = if to { (way[0], way[2]) } else { (way[2], way[0]) };
        let (d, at) = (direction(from, until), route::point_at(&way, 0.5));
        let across = right_of(d);
        bars.stroke(moved(at, across, -7.0), moved(at, across, 7.0));
        let tip = moved(at, d, 18.0);
        let wing = |side: f64| moved(moved(tip, d, -7.0), across, side);
        arrows.raw("M").point(wing(6.0)).raw("L").point(tip).raw("L").point(wing(-6.0));
    }
    for (class, part) in [("hb-link", whole), ("hb-cut", cut), ("hb-bar", bars), ("hb-way", arrows)]
    {
        if !part.out.is_empty() {
            pen.path(class, &part.out);
        }
    }
}

/// Clogged links and those with laws of their own: a heavier line, words nearer to the sender,
/// a funnel at the receiver's end.
fn link_troubles(pen: &mut Pen, view: &StageView, layout: &Layout) {
    let way = |from: u16, to: u16| -> Option<route::Curve> {
        let (from, to) = (usize::from(from), usize::from(to));
        (from.max(to) < layout.spots.len()).then(|| route::link(layout, from, to))
    };
    for law in &view.laws {
        let Some(way) = way(law.from, law.to) else { continue };
        let mut d = Pen::default();
        curve(&mut d, &[way[0], route::blend(&way, 0.0, 0.5), route::point_at(&way, 0.5)]);
        pen.path("hb-own", &d.out);
        if layout.detail <= Detail::Short {
            let (x, y) = route::point_at(&way, 0.4);
            pen.label("hb-run hb-halo hb-f2", (x, y + 4.3), 12.0, Anchor::Middle, &law.words);
        }
    }
    for &(from, to) in &view.clogs {
        let Some(way) = way(from, to) else { continue };
        let length = distance(way[0], way[1]) + distance(way[1], way[2]);
        let u = 1.0 - 12.0 / length.max(24.0);
        signs::write(pen, signs::CLOGGED, route::point_at(&way, u), 0.8, 0);
    }
}

/// One node: track, outline by role, text, badge, label, red rings.
fn node(pen: &mut Pen, view: &StageView, layout: &Layout, i: usize) {
    let (node, spot) = (&view.nodes[i], &layout.spots[i]);
    pen.raw("<g class=\"").raw(epoch_class(node.epoch)).raw("\">");
    if layout.detail <= Detail::Number && spot.r < 16.0 || !spot.server && spot.r < 14.0 {
        // Too small to be read: the pointer tells.
        pen.raw("<title>").text(&super::words::node(node)).raw("</title>");
    }
    labels::write(pen, view, layout, i);
    body(pen, view, layout, i);
    let rings = labels::red_rings(view, layout, i);
    if rings > 0.0 {
        for more in [rings * 0.5, rings] {
            match spot.outline {
                Outline::Circle => pen.circle("hb-accused", spot.at, spot.outer() + more - 1.0),
                _ => pen.rect("hb-accused", spot.at, square(spot.r + more), 7.0 + more),
            };
        }
    }
    pen.raw("</g>");
}

fn square(half: f64) -> (f64, f64) {
    (2.0 * half, 2.0 * half)
}

/// The class of a node's outline, and of a plate or text on it.
fn classes(node: &NodeView) -> (&'static str, &'static str, bool) {
    if node.status == Status::Down {
        return ("hb-node hb-off", "hb-fs", false);
    }
    match node.family {
        Family::Seeks => ("hb-node hb-seeks", "hb-fs", false),
        Family::Leads => ("hb-node hb-leads", "hb-ff", true),
        Family::Client => ("hb-node hb-ink", "hb-fs", false),
        Family::Store => ("hb-node hb-store", "hb-fs", false),
        Family::Follows | Family::Learns => ("hb-node hb-rests", "hb-ft", false),
    }
}

fn body(pen: &mut Pen, view: &StageView, layout: &Layout, i: usize) {
    let (node, spot) = (&view.nodes[i], &layout.spots[i]);
    let (class, ground, on_fill) = classes(node);
    let (at, r) = (spot.at, spot.r);
    let small = r < 16.0 && spot.server;
    match spot.outline {
        Outline::Circle => {
            if node.status != Status::Down && node.timer.is_some() && node.family != Family::Leads {
                pen.circle(if small { "hb-track hb-thin" } else { "hb-track" }, at, r + spot.gap);
            }
            if on_fill {
                pen.circle("hb-crown", at, r + (spot.gap - 2.0).max(2.5));
            }
            pen.circle(class, at, r);
        }
        Outline::Square => {
            pen.rect(class, at, square(r), (r * 0.35).min(7.0));
        }
        Outline::Store => {
            let (left, right, low) = (at.0 - r, at.0 + r, at.1 + r * 0.8);
            pen.rect(class, at, (2.0 * r, 1.6 * r), 2.0);
            let mut line = Pen::default();
            line.stroke((left, low + 5.0), (right, low + 5.0));
            pen.path("hb-base", &line.out);
        }
    }
    if node.status == Status::Paused {
        hatching(pen, spot.outline, at, r, on_fill, false);
        if node.suspended() {
            hatching(pen, spot.outline, at, r, on_fill, true);
        }
    }
    if layout.detail != Detail::Dot || !spot.server {
        inner_text(pen, view, layout, i, ground, on_fill);
    }
    if r >= 12.0 {
        badges(pen, node, spot);
    }
}

/// Paused or down at the upper right; what is slow, a clock, a disk at the other corners.
fn badges(pen: &mut Pen, node: &NodeView, spot: &Spot) {
    let (at, r) = (spot.at, spot.r);
    let out = if spot.outline == Outline::Circle { r * 0.74 } else { r };
    let scale = if r < 18.0 { 0.7 } else { 1.0 };
    let mut badge = |sign: usize, x: f64, y: f64| {
        signs::write(pen, sign, (at.0 + x * out, at.1 + y * out), scale, 0);
    };
    match node.status {
        Status::Up => {}
        Status::Paused if node.suspended() => badge(signs::SUSPENDED, 1.0, -1.0),
        Status::Paused => badge(signs::PAUSED, 1.0, -1.0),
        Status::Down => badge(signs::DOWN, 1.0, -1.0),
    }
    for (sign, x, y) in
        [(signs::SLOW, -1.0, -1.0), (signs::CLOCK, -1.0, 1.0), (signs::DISK, 1.0, 1.0)]
    {
        if node.ails.iter().any(|ail| signs::of_fault(ail.fault) == Some(sign)) {
            badge(sign, x, y);
        }
    }
}

/// Lines at 45 degrees within the outline, or across those.
fn hatching(pen: &mut Pen, outline: Outline, at: Point, r: f64, on_fill: bool, across: bool) {
    let mut lines = Pen::default();
    let inner = r - 1.0;
    let step = if r < 16.0 { 4.0 } else { 6.0 };
    let count = (inner / step) as i32;
    for k in -count..=count {
        // Distance of the line from the centre, along the other diagonal.
        let off = f64::from(k) * step;
        let half = if outline == Outline::Circle {
            libm::sqrt((inner * inner - off * off).max(0.0))
        } else {
            // A square's diagonal lines are as long as its corner is far.
            (inner * core::f64::consts::SQRT_2 - off.abs()).max(0.0)
        };
        let s = core::f64::consts::FRAC_1_SQRT_2;
        let side = if across { -1.0 } else { 1.0 };
        let (cx, cy) = (at.0 + off * s, at.1 + side * off * s);
        let (dx, dy) = (half * s, side * half * s);
        lines.stroke((cx - dx, cy + dy), (cx + dx, cy - dy));
    }
    pen.path(if on_fill { "hb-hatch hb-so" } else { "hb-hatch hb-sl" }, &lines.out);
}

/// The name of a client that is large enough for it.
fn client_name(pen: &mut Pen, node: &NodeView, spot: &Spot, ground: &str, class: &str) {
    if spot.r < 10.0 {
        return;
    }
    let size = if spot.r >= 18.0 { 14.0 } else { 12.0 };
    if node.status == Status::Paused {
        pen.rect(ground, spot.at, (spot.r * 1.5, 16.0), 3.0);
    }
    let base = (spot.at.0, spot.at.1 + size * 0.36);
    pen.label(class, base, size, Anchor::Middle, &node.name);
}

/// Name, and under it "term 1" or "down"; on a plate where hatching would run through it.
fn inner_text(
    pen: &mut Pen,
    view: &StageView,
    layout: &Layout,
    i: usize,
    ground: &str,
    on_fill: bool,
) {
    let (node, spot) = (&view.nodes[i], &layout.spots[i]);
    let (x, y) = spot.at;
    let down = node.status == Status::Down;
    let (name_class, sub_class) = if down {
        ("hb-name hb-f3", "hb-sub hb-f3")
    } else if on_fill {
        ("hb-name hb-fo", "hb-sub hb-fo")
    } else {
        ("hb-name hb-fi", "hb-sub hb-f2")
    };
    if !spot.server {
        return client_name(pen, node, spot, ground, name_class);
    }
    let number = |pen: &mut Pen, y: f64| {
        if down {
            return;
        }
        if node.epoch > 0 {
            pen.open_label(sub_class, (x, y), 12.0, Anchor::Middle).int(node.epoch).raw("</text>");
        }
    };
    let size = if spot.r >= 34.0 {
        17.0
    } else if spot.r >= 27.0 {
        15.0
    } else {
        14.0
    };
    let plate = |pen: &mut Pen, height: f64, wide: f64| {
        if node.status == Status::Paused {
            pen.rect(ground, spot.at, (wide, height), 4.0);
        }
    };
    let learner = node.family == Family::Learns;
    match layout.detail {
        Detail::Full if !learner => {
            let sub = if down { "down" } else { node.epoch_label.as_str() };
            plate(pen, 2.0 * size + 2.0, (place::width(sub, 13.0) + 4.0).max(2.0 * size));
            let lift = if labels::votes_inside(layout, node) { 6.0 } else { 0.0 };
            // Alone, the name stands in the middle.
            let up = if sub.is_empty() { -size * 0.36 } else { 1.0 + lift };
            pen.label(name_class, (x, y - up), size, Anchor::Middle, &node.name);
            if !sub.is_empty() {
                let base = y + size * 0.9 - lift;
                pen.label(sub_class, (x, base), 12.0, Anchor::Middle, sub);
            }
            if let (Some(v), true) = (node.votes, labels::votes_inside(layout, node)) {
                labels::votes(pen, v, (x, y + spot.r * 0.62));
            }
        }
        Detail::Full | Detail::Short if spot.r >= 15.0 => {
            plate(pen, 26.0, 26.0);
            pen.label(name_class, (x, y - 1.0), size.min(14.0), Anchor::Middle, &node.name);
            number(pen, y + 12.0);
        }
        Detail::Dot => {}
        _ if spot.r >= 8.0 => {
            plate(pen, 12.0, 16.0);
            number(pen, y + 4.3);
        }
        _ => {}
    }
}

/// Red arrows of the messages that did it.
fn accused(pen: &mut Pen, view: &StageView, layout: &Layout) {
    let Some(accused) = &view.accused else { return };
    let mut d = Pen::default();
    for &(from, to) in &accused.arrows {
        let (from, to) = (usize::from(from), usize::from(to));
        let (Some(a), Some(b)) = (layout.spots.get(from), layout.spots.get(to)) else { continue };
        let ringed = |i: usize| labels::red_rings(view, layout, i);
        let way = direction(a.at, b.at);
        let start = moved(a.at, way, a.outer() + ringed(from) + 4.0);
        let end = moved(b.at, way, -(b.outer() + ringed(to) + 4.0));
        let wing = |side: f64| moved(moved(end, way, -10.0), right_of(way), side);
        d.stroke(start, end)
            .raw("M")
            .point(wing(6.5))
            .raw("L")
            .point(end)
            .raw("L")
            .point(wing(-6.5));
    }
    if !d.out.is_empty() {
        pen.path("hb-arrow", &d.out);
    }
}
