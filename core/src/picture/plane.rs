//! Plane geometry: points, directions, distances, turns. y points down, as in SVG.
//! It has its own sine: that of a library comes with reductions for angles of any size,
//! which weigh more in the page than a tenth of a px is worth.

use libm::sqrt;

/// A point in a drawing.
pub(super) type Point = (f64, f64);

pub(super) fn distance(a: Point, b: Point) -> f64 {
    sqrt((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1))
}

/// Unit vector from a to b; upwards when both are one point.
pub(super) fn direction(a: Point, b: Point) -> Point {
    let length = distance(a, b);
    if length < 1e-6 { (0.0, -1.0) } else { ((b.0 - a.0) / length, (b.1 - a.1) / length) }
}

/// `from` moved by `along` times a vector.
pub(super) fn moved(from: Point, vector: Point, along: f64) -> Point {
    (from.0 + vector.0 * along, from.1 + vector.1 * along)
}

/// The right hand of a direction.
pub(super) fn right_of(d: Point) -> Point {
    (-d.1, d.0)
}

pub(super) fn middle(a: Point, b: Point) -> Point {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}

/// `x` kept between two bounds. (`clamp` panics with the numbers in words when the bounds
/// are crossed, and formatting floats would weigh more than this whole module.)
pub(super) fn within(x: f64, low: f64, high: f64) -> f64 {
    x.max(low).min(high)
}

/// The point of segment ab that is nearest to p.
pub(super) fn nearest(p: Point, a: Point, b: Point) -> Point {
    let length = distance(a, b);
    if length < 1e-9 {
        return a;
    }
    let d = direction(a, b);
    moved(a, d, within((p.0 - a.0) * d.0 + (p.1 - a.1) * d.1, 0.0, length))
}

/// The point on a circle at a share of the full turn from twelve, clockwise.
pub(super) fn around(center: Point, radius: f64, share: f64) -> Point {
    // The nearest quarter, and the rest of the turn between -1/8 and 1/8.
    let quarter = (share * 4.0 + 0.5) as i32;
    let x = (share - f64::from(quarter) / 4.0) * core::f64::consts::TAU;
    let q = x * x;
    let sin = x * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0)));
    let cos = 1.0 - q / 2.0 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0)));
    let (sin, cos) = match quarter & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    };
    (center.0 + radius * sin, center.1 - radius * cos)
}

/// Twice the area of a triangle, positive when it turns to the right.
fn cross(o: Point, a: Point, b: Point) -> f64 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// Convex hull: its corners in clockwise order, found by wrapping.
pub(super) fn hull(points: &[Point]) -> alloc::vec::Vec<Point> {
    let mut corners = alloc::vec::Vec::new();
    let first = points.iter().copied().reduce(|a, b| if b < a { b } else { a });
    let Some(first) = first else { return corners };
    let mut here = first;
    while corners.len() <= points.len() {
        corners.push(here);
        let mut next = here;
        for &p in points {
            let turn = cross(here, next, p);
            let further = distance(here, p) > distance(here, next);
            // What stands left of the way, or straight on and further, is the better corner.
            if turn < -1e-9 || turn <= 1e-9 && further {
                next = p;
            }
        }
        if next == first || next == here {
            break;
        }
        here = next;
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_agree_with_the_library() {
        for k in 0..=1000 {
            let share = f64::from(k) / 1000.0;
            let angle = core::f64::consts::TAU * share;
            let (x, y) = around((0.0, 0.0), 1.0, share);
            assert!((x - libm::sin(angle)).abs() < 1e-6 && (y + libm::cos(angle)).abs() < 1e-6);
        }
        assert_eq!(around((5.0, 5.0), 2.0, 0.0), (5.0, 3.0));
    }

    #[test]
    fn the_hull_holds_every_point() {
        let points = [(0.0, 0.0), (4.0, 0.0), (2.0, 0.0), (4.0, 4.0), (0.0, 4.0), (2.0, 2.0)];
        let corners = hull(&points);
        assert_eq!(corners.len(), 4);
        for p in points {
            for i in 0..corners.len() {
                assert!(cross(corners[i], corners[(i + 1) % corners.len()], p) >= 0.0);
            }
        }
        assert_eq!(hull(&[]), []);
        assert_eq!(hull(&[(1.0, 1.0), (1.0, 1.0)]), [(1.0, 1.0)]);
        assert_eq!(hull(&[(1.0, 1.0), (3.0, 1.0), (2.0, 1.0)]), [(1.0, 1.0), (3.0, 1.0)]);
    }

    #[test]
    fn the_nearest_point_of_a_segment_stays_on_it() {
        assert_eq!(nearest((5.0, 3.0), (0.0, 0.0), (10.0, 0.0)), (5.0, 0.0));
        assert_eq!(nearest((-5.0, 3.0), (0.0, 0.0), (10.0, 0.0)), (0.0, 0.0));
        assert_eq!(nearest((5.0, 3.0), (2.0, 2.0), (2.0, 2.0)), (2.0, 2.0));
    }
}
