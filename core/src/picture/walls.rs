//! Partitions: a straight hatched wall between a group and the rest, or a hatched border
//! around a group that no straight wall divides from the others.
//! Never decides who reaches whom; the view says that.

use super::layout::{Layout, Outline, Spot};
use super::pen::{Anchor, Pen};
use super::place::{Area, client_area, trouble};
use super::plane::{
    Point, around, direction, distance, hull, middle, moved, nearest, right_of, within,
};
use crate::view::StageView;
use alloc::vec::Vec;

const THICK: f64 = 12.0;
/// Distance of the walls' ends from the drawing's edge.
const INSET: f64 = 12.0;
/// tan 35°, the slant of the hatching to the wall.
const SLANT: f64 = 0.7;

/// A straight wall through `at`, `normal` pointing to the group.
pub(super) struct Wall {
    at: Point,
    normal: Point,
    /// Half the distance between the two sides.
    pub margin: f64,
}

impl Wall {
    /// Signed distance of a point, positive on the group's side.
    pub fn side(&self, p: Point) -> f64 {
        (p.0 - self.at.0) * self.normal.0 + (p.1 - self.at.1) * self.normal.1
    }
}

/// The wall with the largest margin: it halves the shortest way between the two hulls.
/// None when the hulls meet.
pub(super) fn separate(group: &[Point], rest: &[Point]) -> Option<Wall> {
    let (g, r) = (hull(group), hull(rest));
    let mut best: Option<(f64, Point, Point)> = None;
    let mut offer = |p: Point, q: Point| {
        let length = distance(p, q);
        // A hair's difference is not a reason to choose: the first of equals stays.
        if best.is_none_or(|(least, _, _)| length < least - 1e-6) {
            best = Some((length, p, q));
        }
    };
    for &p in &g {
        for i in 0..r.len() {
            offer(p, nearest(p, r[i], r[(i + 1) % r.len()]));
        }
    }
    for &q in &r {
        for i in 0..g.len() {
            offer(nearest(q, g[i], g[(i + 1) % g.len()]), q);
        }
    }
    let (length, p, q) = best?;
    if length < 1.0 {
        return None;
    }
    let wall = Wall { at: middle(p, q), normal: direction(q, p), margin: length / 2.0 };
    let apart = g.iter().all(|&p| wall.side(p) > 0.5) && r.iter().all(|&q| wall.side(q) < -0.5);
    apart.then_some(wall)
}

/// The two ends of the line through `at` within a rectangle.
fn clipped(at: Point, d: Point, [left, top, right, bottom]: [f64; 4]) -> (Point, Point) {
    let (mut from, mut to) = (-1e6, 1e6);
    for (p, v, low, high) in [(at.0, d.0, left, right), (at.1, d.1, top, bottom)] {
        if v.abs() > 1e-9 {
            let (a, b) = ((low - p) / v, (high - p) / v);
            from = f64::max(from, a.min(b));
            to = f64::min(to, a.max(b));
        }
    }
    (moved(at, d, from), moved(at, d, to))
}

/// Writes all walls of the partition in force; counts keep clear of the `taken` areas.
pub(super) fn write(pen: &mut Pen, view: &StageView, layout: &Layout, taken: &[Area]) {
    let places = |group: &[u16]| -> Vec<Point> {
        group.iter().filter_map(|&i| layout.spots.get(usize::from(i))).map(|s| s.at).collect()
    };
    if view.groups.len() < 2 {
        return;
    }
    let mut built: Vec<Wall> = Vec::new();
    for (i, group) in view.groups.iter().enumerate().skip(1) {
        let others: Vec<Point> = view
            .groups
            .iter()
            .enumerate()
            .filter(|(k, _)| *k != i)
            .flat_map(|(_, other)| places(other))
            .collect();
        let points = places(group);
        if points.is_empty() || others.is_empty() {
            continue;
        }
        match separate(&points, &others) {
            Some(wall) => {
                let other = (view.groups.len() == 2).then(|| servers(layout, &view.groups[0]));
                let (from, to) = ends(layout, &wall, &built);
                bar(pen, from, to, thickness(layout, &wall) / 2.0);
                let places = count_places(layout, &wall, (from, to), taken);
                count(pen, layout, servers(layout, group), places[0]);
                if let Some(other) = other {
                    count(pen, layout, other, places[1]);
                    grips(pen, from, to);
                }
                built.push(wall);
            }
            None => {
                // Of two groups that cross, the smaller is bordered.
                let two = view.groups.len() == 2;
                let first = two && view.groups[0].len() < group.len();
                border(pen, layout, if first { &view.groups[0] } else { group });
            }
        }
    }
}

fn servers(layout: &Layout, group: &[u16]) -> usize {
    let votes = |spot: &Spot| {
        spot.server && (spot.outline != Outline::Store || layout.voters == layout.servers)
    };
    group.iter().filter(|&&i| layout.spots.get(usize::from(i)).is_some_and(votes)).count()
}

/// "3 of 5", in ink when it is a majority.
fn count(pen: &mut Pen, layout: &Layout, n: usize, at: Point) {
    let class =
        if 2 * n > layout.voters { "hb-count hb-halo hb-fi" } else { "hb-count hb-halo hb-f2" };
    pen.open_label(class, (at.0, at.1 + 4.5), 13.0, Anchor::Middle);
    pen.int(n as u64).raw(" of ").int(layout.voters as u64).raw("</text>");
}

/// The part of a wall that is drawn: within the drawing, not through the group that an
/// earlier wall shuts off, and not over a client.
fn ends(layout: &Layout, wall: &Wall, built: &[Wall]) -> (Point, Point) {
    let d = right_of(wall.normal);
    let d = if d.0 < 0.0 || (d.0 == 0.0 && d.1 < 0.0) { (-d.0, -d.1) } else { d };
    let inside = [INSET + 8.0, INSET, layout.ring.width - INSET, layout.floor - INSET];
    let (mut from, mut to) = clipped(wall.at, d, inside);
    for earlier in built {
        let (a, b) = (earlier.side(from), earlier.side(to));
        if (a > 0.0) != (b > 0.0) {
            let meeting = moved(from, d, distance(from, to) * a / (a - b));
            *(if a > 0.0 { &mut from } else { &mut to }) = meeting;
        }
    }
    let length = distance(from, to);
    let mut start = 0.0;
    for (i, spot) in layout.spots.iter().enumerate() {
        if spot.server {
            continue;
        }
        let [left, top, right, bottom] = client_area(layout, i);
        let mut along = 0.0;
        // Clients stand at the left, where the wall begins.
        while along < length / 2.0 {
            let (x, y) = moved(from, d, along);
            if x > left - 10.0 && x < right + 10.0 && y > top - 10.0 && y < bottom + 10.0 {
                start = f64::max(start, along + 4.0);
            }
            along += 4.0;
        }
    }
    (moved(from, d, start), to)
}

/// The counts of a wall's two sides, near its right end, else near the left one, where
/// nothing is in the way. Returns the places of the group's count and of the other.
fn count_places(layout: &Layout, wall: &Wall, ends: (Point, Point), taken: &[Area]) -> [Point; 2] {
    let (from, to) = ends;
    let d = direction(from, to);
    let inwards = 22.0 * d.0.abs() + 9.0 * d.1.abs();
    let back = right_of(right_of(wall.normal));
    let beside = |along: f64, normal: Point| {
        let away = 22.0 * normal.0.abs() + 9.0 * normal.1.abs() + THICK / 2.0 + 3.0;
        moved(moved(from, d, along), normal, away)
    };
    let bad = |p: Point| {
        let area = [p.0 - 19.0, p.1 - 6.0, p.0 + 19.0, p.1 + 6.0];
        let meets = |other: &&Area| {
            area[0] < other[2] && area[2] > other[0] && area[1] < other[3] && area[3] > other[1]
        };
        trouble(layout, &area, usize::MAX) + 30.0 * taken.iter().filter(meets).count() as f64
    };
    let (mut best, mut least) = ([from, to], f64::MAX);
    for step in 0..10 {
        let shift = f64::from(step % 5) * 18.0 + inwards;
        let along = if step < 5 { distance(from, to) - shift } else { shift };
        let places = [beside(along, wall.normal), beside(along, back)];
        let sum = bad(places[0]) + bad(places[1]);
        if sum < least {
            (best, least) = (places, sum);
        }
    }
    best
}

/// Where nodes stand close a wall is thinner than the way between their rings.
fn thickness(layout: &Layout, wall: &Wall) -> f64 {
    let reach = layout.spots.iter().filter(|s| s.server).map(Spot::outer).fold(0.0, f64::max);
    within(2.0 * (wall.margin - reach - 1.0), 4.0, THICK)
}

/// What a hand takes hold of at the ends of the only wall, each with a target for a finger.
fn grips(pen: &mut Pen, from: Point, to: Point) {
    for end in [from, to] {
        pen.circle("hb-reach", end, 22.0).circle("hb-grip", end, 7.0);
    }
}

/// A bar with hatching at 35 degrees to it.
fn bar(pen: &mut Pen, from: Point, to: Point, half: f64) {
    let (d, length) = (direction(from, to), distance(from, to));
    let corner = |along: f64, across: f64| moved(moved(from, d, along), right_of(d), across);
    pen.raw("<path class=\"hb-wall\" d=\"M").point(corner(0.0, -half));
    for (along, across) in [(length, -half), (length, half), (0.0, half)] {
        pen.raw("L").point(corner(along, across));
    }
    pen.raw("Z\"/><path class=\"hb-hatch hb-si\" d=\"");
    let lean = 2.0 * half / SLANT;
    let mut along = 1.0;
    while along < length + lean {
        // A stroke rises from one long side to the other, cut off at both ends.
        let (a, b) = ((along - lean).max(0.0), along.min(length));
        let height = |x: f64| half - (x - (along - lean)) / lean * 2.0 * half;
        pen.stroke(corner(a, height(a)), corner(b, height(b)));
        along += 8.0;
    }
    pen.raw("\"/>");
}

/// Dotted hull with short hatching strokes across its border.
fn border(pen: &mut Pen, layout: &Layout, group: &[u16]) {
    let spots = || group.iter().filter_map(|&i| layout.spots.get(usize::from(i)));
    let grown = |more: f64| {
        let mut points = Vec::new();
        for spot in spots() {
            let r = if spot.outline == Outline::Circle { spot.outer() } else { spot.r * 1.4 };
            for k in 0..32 {
                points.push(around(spot.at, r + more, f64::from(k) / 32.0));
            }
        }
        hull(&points)
    };
    let outer = grown(4.0 + THICK);
    pen.raw("<path class=\"hb-border\" d=\"");
    for (i, &corner) in outer.iter().enumerate() {
        pen.raw(if i == 0 { "M" } else { "L" }).point(corner);
    }
    pen.raw("Z\"/>");
    pen.raw("<path class=\"hb-hatch hb-si\" d=\"");
    // Even strokes along the outer hull, leaning back by 35 degrees to it.
    let mut ahead = 0.0;
    for (i, &a) in outer.iter().enumerate() {
        let b = outer[(i + 1) % outer.len()];
        let (d, length) = (direction(a, b), distance(a, b));
        while ahead < length {
            let p = moved(moved(a, d, ahead), right_of(d), 2.0);
            let depth = THICK - 4.0;
            pen.stroke(p, moved(moved(p, d, depth / SLANT), right_of(d), depth));
            ahead += 9.0;
        }
        ahead -= length;
    }
    pen.raw("\"/>");
    let top = outer.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
    if let Some(top) = top {
        let n = servers(layout, group);
        let above = if top.1 > 18.0 { top.1 - 10.0 } else { top.1 + THICK + 12.0 };
        count(pen, layout, n, (top.0, above));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(n: usize) -> Vec<Point> {
        (0..n).map(|i| around((318.0, 206.0), 148.0, i as f64 / n as f64)).collect()
    }

    #[test]
    fn a_wall_leaves_all_of_each_group_on_its_side() {
        for n in 2..=15 {
            let places = ring(n);
            for first in 0..n {
                for length in 1..n {
                    let inside = |i: usize| (i + n - first) % n < length;
                    let (a, b): (Vec<_>, Vec<_>) = (0..n).partition(|&i| inside(i));
                    let at = |group: &[usize]| group.iter().map(|&i| places[i]).collect::<Vec<_>>();
                    let wall = separate(&at(&a), &at(&b)).expect("neighbours can be walled off");
                    assert!(a.iter().all(|&i| wall.side(places[i]) >= wall.margin - 1e-3));
                    assert!(b.iter().all(|&i| wall.side(places[i]) <= 1e-3 - wall.margin));
                }
            }
        }
    }

    #[test]
    fn crossing_groups_have_no_straight_wall() {
        let p = ring(5);
        assert!(separate(&[p[0], p[2]], &[p[1], p[3], p[4]]).is_none());
        assert!(separate(&[p[0], p[0]], &[p[0]]).is_none());
    }
}
