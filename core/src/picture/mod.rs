//! The drawing of the stage at an instant, as SVG: layout, links, walls, nodes, rack, key,
//! and the numbers from which the page paints what moves. One drawing in one place: the
//! page, the poster in the HTML and a picture in a file are all made here.
//! Never measures text, never decides anything about a run.

mod frame;
mod labels;
mod layout;
mod moving;
mod pen;
mod place;
mod plane;
mod rack;
mod route;
mod signs;
pub mod spacetime;
mod stage;
mod style;
mod svg;
mod walls;
mod words;

pub use frame::{FRAME_HEADER, MESSAGE_STRIDE, TIMER_STRIDE, frame};
pub use layout::{Shape, Size};
pub use rack::{COLUMNS, first_column, legend};
pub use signs::{DOWN, HELD, LOST, Layer, PAUSED, Paint, SignDrawing, signs};
pub use style::style;
pub use svg::{document, poster};

use crate::declare::Declaration;
use crate::view::StageView;
use alloc::string::String;
use alloc::vec::Vec;
use layout::Layout;
use pen::Pen;

/// The inner markup of one `<g data-key>`; the page puts it in again when it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Group {
    /// "ring" or "rack".
    pub drawing: &'static str,
    /// "links", "walls", "node:n1", "accused", "head", "row:n1", "key".
    pub key: String,
    /// Inner markup.
    pub svg: String,
    /// Accessible name, empty for what is only decoration.
    pub label: String,
}

impl Group {
    /// Takes what a pen has drawn. `prefix` and `name` make the key.
    fn of(drawing: &'static str, prefix: &str, name: &str, pen: &mut Pen, label: String) -> Group {
        let svg = pen.take();
        let key = pen.raw(prefix).raw(name).take();
        Group { drawing, key, svg, label }
    }
}

/// Where a node stands, for what the page lays over it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NodePlace {
    /// `n3`
    pub name: String,
    /// Its centre.
    pub x: f64,
    /// Its centre.
    pub y: f64,
    /// Its radius, or half the side of a square.
    pub r: f64,
    /// Not a client.
    pub server: bool,
}

/// A link that is drawn, as a quadratic Bézier curve.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LinkPlace {
    /// One node.
    pub a: String,
    /// The other.
    pub b: String,
    /// Start, at a's ring.
    pub x0: f64,
    /// Start.
    pub y0: f64,
    /// Control point.
    pub cx: f64,
    /// Control point.
    pub cy: f64,
    /// End, at b's ring.
    pub x1: f64,
    /// End.
    pub y1: f64,
}

/// Both drawings of the stage.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Picture {
    /// Size of the ring's drawing.
    pub ring: Size,
    /// Size of the rack's drawing.
    pub rack: Size,
    /// Nodes in the order of the view.
    pub nodes: Vec<NodePlace>,
    /// Links that are drawn.
    pub links: Vec<LinkPlace>,
    /// Everything at rest, from below to above.
    pub groups: Vec<Group>,
}

/// Layout and all groups.
pub fn picture(view: &StageView, declaration: &Declaration, shape: Shape) -> Picture {
    let layout = Layout::new(view, shape);
    let nodes = view
        .nodes
        .iter()
        .zip(&layout.spots)
        .map(|(node, spot)| NodePlace {
            name: node.name.clone(),
            x: spot.at.0,
            y: spot.at.1,
            r: spot.r,
            server: spot.server,
        })
        .collect();
    let links = stage::pairs(view, &layout)
        .into_iter()
        .map(|(a, b)| {
            let [(x0, y0), (cx, cy), (x1, y1)] = route::link(&layout, a, b);
            let (a, b) = (view.nodes[a].name.clone(), view.nodes[b].name.clone());
            LinkPlace { a, b, x0, y0, cx, cy, x1, y1 }
        })
        .collect();
    Picture {
        ring: layout.ring,
        rack: layout.rack,
        nodes,
        links,
        groups: all(view, declaration, &layout),
    }
}

/// All groups, from below to above.
pub fn groups(view: &StageView, declaration: &Declaration, shape: Shape) -> Vec<Group> {
    all(view, declaration, &Layout::new(view, shape))
}

fn all(view: &StageView, declaration: &Declaration, layout: &Layout) -> Vec<Group> {
    let mut groups = stage::groups(view, layout);
    groups.extend(rack::groups(view, declaration, layout));
    groups
}

/// The class that carries an epoch's colours: five in a cycle, 0 is none yet.
fn epoch_class(epoch: u64) -> &'static str {
    match epoch.checked_sub(1).map(|e| e % 5) {
        None => "hb-e0",
        Some(0) => "hb-e1",
        Some(1) => "hb-e2",
        Some(2) => "hb-e3",
        Some(3) => "hb-e4",
        Some(_) => "hb-e5",
    }
}

#[cfg(test)]
mod tests;
