//! Ways between nodes: links and the paths of messages, as quadratic Bézier curves.
//! A way that would run under a third node bows around it. Never depends on the instant,
//! only on where nodes stand.

use super::layout::{Layout, Outline};
use super::plane::{Point, direction, distance, middle, moved, nearest, right_of};
use libm::sqrt;

/// From, control, to. Straight when the control point is the middle.
pub(super) type Curve = [Point; 3];

/// How far a bowed way keeps from a third node.
const CLEARANCE: f64 = 16.0;

/// The curve's point at `u`.
pub(super) fn point_at(curve: &Curve, u: f64) -> Point {
    blend(curve, u, u)
}

/// The blossom of the curve: its point at `u` for u = v, the control point of the piece
/// from `u` to `v` otherwise.
pub(super) fn blend([a, c, b]: &Curve, u: f64, v: f64) -> Point {
    let (p, q, r) = ((1.0 - u) * (1.0 - v), u * (1.0 - v) + v * (1.0 - u), u * v);
    (p * a.0 + q * c.0 + r * b.0, p * a.1 + q * c.1 + r * b.1)
}

/// Smallest distance from the curve to any third node's outer edge.
fn clearance(layout: &Layout, curve: &Curve, a: usize, b: usize) -> f64 {
    const PIECES: usize = 12;
    let mut least = f64::MAX;
    for (i, spot) in layout.spots.iter().enumerate() {
        if i == a || i == b {
            continue;
        }
        let mut from = curve[0];
        for k in 1..=PIECES {
            let to = point_at(curve, k as f64 / PIECES as f64);
            least = least.min(distance(spot.at, nearest(spot.at, from, to)) - spot.outer());
            from = to;
        }
    }
    least
}

/// The curve between the centres of two nodes; the same for both directions.
fn center_line(layout: &Layout, a: usize, b: usize) -> Curve {
    let (p, q) = (layout.spots[a].at, layout.spots[b].at);
    let straight = [p, middle(p, q), q];
    // In a grid every way passes under others.
    if layout.grid || clearance(layout, &straight, a, b) >= 2.0 {
        return straight;
    }
    let side = right_of(direction(p, q));
    let away =
        (straight[1].0 - layout.center.0) * side.0 + (straight[1].1 - layout.center.1) * side.1;
    // A client's way bows outwards, servers keep inside their ring, if that is no detour.
    let outwards = !(layout.spots[a].server && layout.spots[b].server);
    let first = if (away >= 0.0) == outwards { 1.0 } else { -1.0 };
    let (mut best, mut most) = (straight, f64::MIN);
    for (sign, bonus) in [(first, 10.0), (-first, 0.0)] {
        for step in 1..=45 {
            // Free of third nodes is good, far out is not.
            let far = f64::from(step);
            if CLEARANCE - 0.35 * far + bonus < most {
                break;
            }
            let curve = [p, moved(straight[1], side, sign * far * 8.0), q];
            let seen = trimmed(layout, &curve, a, b);
            if outside(layout, point_at(&seen, 0.5)) {
                break;
            }
            let worth = clearance(layout, &seen, a, b).min(CLEARANCE) - 0.35 * far + bonus;
            if worth > most {
                (best, most) = (curve, worth);
            }
        }
    }
    best
}

/// Too near the drawing's edge for a bow that messages follow.
fn outside(layout: &Layout, (x, y): Point) -> bool {
    const EDGE: f64 = 15.0;
    x < 4.0 || y < EDGE || x > layout.ring.width - EDGE || y > layout.ring.height - EDGE
}

/// How far from a node's centre its outline is, looking along a direction.
fn edge(layout: &Layout, i: usize, d: Point) -> f64 {
    let spot = &layout.spots[i];
    match spot.outline {
        Outline::Circle => spot.outer(),
        _ => spot.r / d.0.abs().max(d.1.abs()),
    }
}

/// The centre line in the order of its nodes, whichever direction is asked for.
fn ordered(layout: &Layout, from: usize, to: usize) -> Curve {
    let [p, c, q] = center_line(layout, from.min(to), from.max(to));
    if from <= to { [p, c, q] } else { [q, c, p] }
}

/// A centre line as it is seen as a link: from ring to ring.
fn trimmed(layout: &Layout, [p, c, q]: &Curve, a: usize, b: usize) -> Curve {
    let (out, back) = (direction(*p, *c), direction(*q, *c));
    let (start, end) = (edge(layout, a, out) + 4.0, edge(layout, b, back) + 4.0);
    let (start, end) = fitted(start, end, distance(*p, *q) - 8.0);
    [moved(*p, out, start), *c, moved(*q, back, end)]
}

/// The curve of a link.
pub(super) fn link(layout: &Layout, a: usize, b: usize) -> Curve {
    trimmed(layout, &ordered(layout, a, b), a, b)
}

/// The path of a message: edge to edge, right of the line (traffic keeps right), stopping
/// before the ring.
pub(super) fn message(layout: &Layout, from: usize, to: usize) -> Curve {
    let [p, c, q] = ordered(layout, from, to);
    let (lane, stop) = layout.lane();
    // The lane cuts the circle of radius `edge + stop` a little before its foremost point.
    let reach = |i: usize, d: Point| {
        let radius = edge(layout, i, d) + stop;
        sqrt((radius * radius - lane * lane).max(0.0))
    };
    let (out, back) = (direction(p, c), direction(c, q));
    let (start, end) = fitted(reach(from, out), reach(to, back), distance(p, q) - 12.0);
    let start = moved(moved(p, out, start), right_of(out), lane);
    let end = moved(moved(q, back, -end), right_of(back), lane);
    let straight = distance(c, middle(p, q)) < 1e-6;
    // A client's bow has little room: both directions stay near its line.
    let both = layout.spots[from].server && layout.spots[to].server;
    let across = if both { lane } else { 6.0 - lane };
    let control =
        if straight { middle(start, end) } else { moved(c, right_of(direction(p, q)), across) };
    [start, control, end]
}

/// Two margins that together leave something of the way.
fn fitted(a: f64, b: f64, room: f64) -> (f64, f64) {
    if a + b <= room { (a, b) } else { (room.max(0.0) * a / (a + b), room.max(0.0) * b / (a + b)) }
}
