//! Where everything stands: sizes of the two drawings, places of nodes and clients.
//! A pure function of who is there, never of what happens, so nothing moves during a run.

use super::plane::{Point, around};
use crate::declare::Family;
use crate::view::{NodeView, StageView};
use alloc::vec::Vec;

/// The shape of the stage that is drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Ring and rack side by side, in a stage of 884 px.
    Wide,
    /// Ring above rack, in 390 px.
    Phone,
}

impl Shape {
    /// The shape of that name; everything but "phone" is wide.
    pub fn named(name: &str) -> Shape {
        if name == "phone" { Shape::Phone } else { Shape::Wide }
    }
}

/// Width and height of a drawing in px.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Size {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What a node's outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outline {
    Circle,
    /// A client, or a node too small for a circle.
    Square,
    /// A square with a double base line.
    Store,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub at: Point,
    /// Radius, or half the side of a square.
    pub r: f64,
    /// From the outline to the middle of the timer's track.
    pub gap: f64,
    pub server: bool,
    pub outline: Outline,
}

impl Spot {
    /// Radius of everything that belongs to the node.
    pub fn outer(&self) -> f64 {
        match self.outline {
            Outline::Circle => self.r + self.gap,
            // Half way between the inner and the outer circle of the square.
            _ => self.r * 1.25,
        }
    }
}

/// How much of a node's text has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Detail {
    /// Name and "term 1" inside.
    Full,
    /// Name and the bare number inside.
    Short,
    /// The number inside, the name beside.
    Beside,
    /// The number inside, the name on hover.
    Number,
    /// A square of 5 px.
    Dot,
}

/// The places of one stage.
pub(super) struct Layout {
    pub shape: Shape,
    pub ring: Size,
    pub rack: Size,
    pub center: Point,
    /// Lowest y of what is at rest; a message may pass a little below.
    pub floor: f64,
    pub spots: Vec<Spot>,
    /// Servers and services.
    pub servers: usize,
    /// Those among them that count for a quorum.
    pub voters: usize,
    pub detail: Detail,
    /// Servers stand in a grid, not in a ring.
    pub grid: bool,
}

/// Node radius, gap to its track, ring radius and what is written, by number of servers.
fn scale(shape: Shape, servers: usize) -> (f64, f64, f64, Detail) {
    match (shape, servers) {
        // A node at six o'clock must not reach the help line.
        (Shape::Wide, 2 | 4) => (38.0, 9.0, 142.0, Detail::Full),
        (Shape::Wide, ..=5) => (38.0, 9.0, 148.0, Detail::Full),
        (Shape::Wide, 6..=7) => (34.0, 9.0, 148.0, Detail::Full),
        (Shape::Wide, 8..=9) => (28.0, 9.0, 148.0, Detail::Full),
        (Shape::Wide, 10..=15) => (20.0, 6.0, 154.0, Detail::Short),
        (Shape::Wide, 16..=30) => (14.0, 3.0, 172.0, Detail::Beside),
        (Shape::Phone, ..=5) => (27.0, 9.0, 98.0, Detail::Full),
        (Shape::Phone, 6..=7) => (24.0, 7.0, 100.0, Detail::Short),
        (Shape::Phone, 8..=9) => (20.0, 6.0, 102.0, Detail::Short),
        (Shape::Phone, 10..=15) => (15.0, 3.0, 106.0, Detail::Beside),
        (Shape::Phone, 16..=30) => (9.0, 2.0, 122.0, Detail::Number),
        (_, 31..=100) => (9.0, 3.0, 0.0, Detail::Number),
        _ => (2.5, 0.0, 0.0, Detail::Dot),
    }
}

impl Layout {
    /// Places the nodes of a view.
    pub fn new(view: &StageView, shape: Shape) -> Layout {
        let servers = view.nodes.iter().filter(|n| n.family != Family::Client).count();
        let clients = view.nodes.len() - servers;
        // A store beside the servers does not count for a quorum.
        let beside = |n: &&NodeView| !matches!(n.family, Family::Client | Family::Store);
        let voters = view.nodes.iter().filter(beside).count();
        let (r, gap, radius, detail) = scale(shape, servers);
        let (ring, rack, center, floor) = match shape {
            Shape::Wide => ((580.0, 412.0), (296.0, 412.0), (318.0, 206.0), 400.0),
            Shape::Phone => ((390.0, 288.0), (390.0, 166.0), (205.0, 148.0), 288.0),
        };
        let mut layout = Layout {
            shape,
            ring: Size { width: ring.0, height: ring.1 },
            rack: Size { width: rack.0, height: rack.1 },
            center,
            floor,
            spots: Vec::with_capacity(view.nodes.len()),
            servers,
            voters: if voters == 0 { servers } else { voters },
            detail,
            grid: servers > 30,
        };
        let (mut server, mut client) = (0, 0);
        for node in &view.nodes {
            let spot = if node.family == Family::Client {
                client += 1;
                layout.client(client - 1, clients)
            } else {
                server += 1;
                let at = if layout.grid {
                    layout.in_grid(server - 1)
                } else {
                    layout.on_ring(server - 1, radius)
                };
                let outline = match node.family {
                    Family::Store => Outline::Store,
                    _ if detail == Detail::Dot => Outline::Square,
                    _ => Outline::Circle,
                };
                let r = if node.family == Family::Learns { r * 0.65 } else { r };
                Spot { at, r, gap, server: true, outline }
            };
            layout.spots.push(spot);
        }
        layout
    }

    /// Node 1 at twelve o'clock, then clockwise; a single node stands in the middle.
    fn on_ring(&self, i: usize, radius: f64) -> Point {
        if self.servers == 1 {
            return self.center;
        }
        around(self.center, radius, i as f64 / self.servers as f64)
    }

    /// Row by row, with the pitch that fills the drawing beside the clients.
    fn in_grid(&self, i: usize) -> Point {
        let left = if self.shape == Shape::Wide { 112.0 } else { 74.0 };
        let (width, height) = (self.ring.width - left - 16.0, self.floor - 16.0);
        let mut columns = 1;
        // The fewest columns at which square fields for all fit the height.
        while columns * ((columns as f64 * height / width) as usize) < self.servers {
            columns += 1;
        }
        let pitch = width / columns as f64;
        let (column, row) = (i % columns, i / columns);
        (left + (column as f64 + 0.5) * pitch, 8.0 + (row as f64 + 0.5) * pitch)
    }

    /// Clients stand at the left, the first at the bottom; many become small.
    fn client(&self, i: usize, clients: usize) -> Spot {
        let wide = self.shape == Shape::Wide;
        let (x, half) = if wide { (54.0, 20.0) } else { (34.0, 18.0) };
        let (bottom, top) = match (wide, clients) {
            (true, ..=3) => (338.0, 94.0),
            (true, _) => (338.0, 38.0),
            (false, _) => (242.0, 34.0),
        };
        let step = if clients > 1 { (bottom - top) / (clients - 1) as f64 } else { 0.0 };
        let (at, half) = if clients <= 4 {
            ((x, bottom - i as f64 * step), half)
        } else if clients <= 9 {
            ((x - 8.0, bottom - i as f64 * step), if wide { 14.0 } else { 11.0 })
        } else {
            // Columns of small squares, from the bottom left.
            let pitch = 16.0;
            let column = clients.div_ceil(((bottom - top) / pitch) as usize + 1).min(clients);
            let row = i / column;
            ((22.0 + (i % column) as f64 * pitch, bottom - row as f64 * pitch), 5.0)
        };
        Spot { at, r: half, gap: 0.0, server: false, outline: Outline::Square }
    }

    /// How far a message keeps from the line between the nodes, and from their rings.
    pub fn lane(&self) -> (f64, f64) {
        match self.detail {
            Detail::Full | Detail::Short => (11.0, 8.0),
            Detail::Beside => (5.0, 5.0),
            _ => (4.0, 3.0),
        }
    }
}
