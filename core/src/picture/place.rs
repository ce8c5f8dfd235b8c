//! Finds a place for a label: outward from the ring where there is room, never over a node
//! or another label's fixed place. Widths are estimated, as nothing here can measure text.

use super::layout::Layout;
use super::pen::Anchor;
use super::plane::{Point, direction, distance, within};

/// A rectangle: left, top, right, bottom.
pub(super) type Area = [f64; 4];

/// Estimated width of a line of text in the sans face.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.54
}

/// Where a label stands: the anchor point of its first base line.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub at: Point,
    pub anchor: Anchor,
    pub area: Area,
}

/// How an area overlaps what is fixed: nodes and the drawing's edge. 0 is free.
pub(super) fn trouble(layout: &Layout, area: &Area, own: usize) -> f64 {
    let [left, top, right, bottom] = *area;
    let mut sum = 0.0;
    let outside = [2.0 - left, 0.0 - top, right - layout.ring.width + 2.0, bottom - layout.floor];
    for amount in outside {
        if amount > 1.0 {
            sum += 40.0 + amount;
        }
    }
    for (i, spot) in layout.spots.iter().enumerate() {
        let nearest = (within(spot.at.0, left, right), within(spot.at.1, top, bottom));
        let inside = spot.outer() + 2.0 - distance(nearest, spot.at);
        if inside > 0.0 {
            sum += inside;
        }
        // A client's request stands under it.
        if !spot.server && i != own {
            let [x0, y0, x1, y1] = client_area(layout, i);
            if left < x1 && right > x0 && top < y1 && bottom > y0 {
                sum += 12.0;
            }
        }
    }
    sum
}

/// Where a client and what is written under it stand.
pub(super) fn client_area(layout: &Layout, i: usize) -> Area {
    let spot = &layout.spots[i];
    let ((x, y), r) = (spot.at, spot.r);
    let (right, below) = if r >= 20.0 {
        (x + 72.0, 38.0)
    } else if r >= 18.0 {
        (x + 36.0, 20.0)
    } else {
        (x + r, 0.0)
    };
    [x - r, y - r, right, y + r + below]
}

/// The place of a name right outside the ring, or of a role right inside it.
pub(super) fn radial(layout: &Layout, node: usize, outer: f64, outwards: bool) -> (Point, Anchor) {
    let at = layout.spots[node].at;
    let out = direction(layout.center, at);
    let sign = if outwards { 1.0 } else { -1.0 };
    let (dx, dy) = (sign * out.0, sign * out.1);
    let anchor = if dx.abs() < 0.35 {
        Anchor::Middle
    } else if dx > 0.0 {
        Anchor::Start
    } else {
        Anchor::End
    };
    // Half a line lower for the base line; above and below need that much room too.
    let away = outer + 4.0 + 6.0 * dy.abs();
    ((at.0 + dx * away, at.1 + dy * away + 4.5), anchor)
}

/// Places a block of `size` (width, height) for a node whose drawing ends at `outer`.
pub(super) fn beside(layout: &Layout, node: usize, outer: f64, (w, h): (f64, f64)) -> Placed {
    let spot = &layout.spots[node];
    let (x, y) = spot.at;
    let out = direction(layout.center, spot.at);
    let side = if out.0 < -0.2 { -1.0 } else { 1.0 };
    // Half way up at the side; further round as the ring turns.
    let slant = (outer * 0.86 + 7.0, outer * 0.56);
    let below = (0.0, outer + 4.0 + h / 2.0);
    let above = (0.0, -outer - 4.0 - h / 2.0);
    let upper = (side * slant.0, -slant.1);
    let lower = (side * slant.0, slant.1);
    let level = (side * (outer + 7.0), 0.0);
    let outward = (side * (outer * out.0.abs() + 8.0), out.1 * (outer + 8.0));
    let inward = (-side * (outer + 7.0), 0.0);
    let order: [Point; 6] = if out.1 < -0.85 {
        [upper, (-upper.0, upper.1), above, level, below, inward]
    } else if out.1 > 0.6 {
        [below, lower, level, (-lower.0, lower.1), inward, above]
    } else {
        [outward, level, below, above, inward, lower]
    };
    let mut best: Option<(f64, Placed)> = None;
    for (dx, dy) in order {
        let (anchor, left) = if dx.abs() < 1.0 {
            (Anchor::Middle, x - w / 2.0)
        } else if dx > 0.0 {
            (Anchor::Start, x + dx)
        } else {
            (Anchor::End, x + dx - w)
        };
        let area = [left, y + dy - h / 2.0, left + w, y + dy + h / 2.0];
        let trouble = trouble(layout, &area, node);
        if best.is_none_or(|(least, _)| trouble < least) {
            let placed = Placed { at: (x + dx, area[1] + 11.0), anchor, area };
            best = Some((trouble, placed));
        }
        if trouble == 0.0 {
            break;
        }
    }
    best.map_or(Placed { at: (x, y), anchor: Anchor::Middle, area: [x, y, x, y] }, |(_, placed)| {
        placed
    })
}
