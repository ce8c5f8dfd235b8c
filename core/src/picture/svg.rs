//! Whole SVG pictures: the poster in the HTML, which the page takes over group by group,
//! and a file that stands alone.

use super::layout::{Layout, Shape, Size};
use super::pen::Pen;
use super::{all, moving, style, words};
use crate::declare::Declaration;
use crate::view::StageView;
use alloc::string::String;

/// Both drawings as inline `<svg>` elements with the page's own groups, and what moves in
/// the groups "timers" and "messages", so that a script can take over with no jump.
pub fn poster(view: &StageView, declaration: &Declaration, shape: Shape) -> String {
    let layout = Layout::new(view, shape);
    let mut pen = Pen::default();
    for (drawing, size) in [("ring", layout.ring), ("rack", layout.rack)] {
        pen.open("svg", "hb-picture").raw(" data-drawing=\"").raw(drawing).raw("\" viewBox=\"0 0 ");
        pen.num(size.width).raw(" ").num(size.height).raw("\"").attribute("width", size.width);
        pen.attribute("height", size.height).raw(" role=\"img\" aria-label=\"");
        if drawing == "ring" {
            pen.text(&words::stage(view));
        } else {
            pen.text(&view.rack);
        }
        pen.raw("\">");
        contents(&mut pen, view, declaration, &layout, drawing);
        pen.raw("</svg>");
    }
    pen.take()
}

/// The groups of one drawing.
fn contents(
    pen: &mut Pen,
    view: &StageView,
    declaration: &Declaration,
    layout: &Layout,
    drawing: &str,
) {
    for group in all(view, declaration, layout).iter().filter(|g| g.drawing == drawing) {
        pen.raw("<g data-key=\"").text(&group.key).raw("\">").raw(&group.svg).raw("</g>");
    }
    if drawing == "ring" {
        pen.raw("<g data-key=\"timers\">");
        moving::timers(pen, view, layout);
        pen.raw("</g><g data-key=\"messages\">");
        moving::messages(pen, view, layout);
        pen.raw("</g>");
    }
}

/// One file: ring and rack on the ground of the stage, with a light and a dark dress.
/// `title` stands above when it is not empty.
pub fn document(view: &StageView, declaration: &Declaration, shape: Shape, title: &str) -> String {
    let layout = Layout::new(view, shape);
    let head = if title.is_empty() { 12.0 } else { 56.0 };
    let (size, rack) = match shape {
        Shape::Wide => {
            (Size { width: 904.0, height: head + layout.ring.height + 12.0 }, (588.0, head))
        }
        Shape::Phone => {
            let below = head + layout.ring.height;
            let rows = if view.rack.is_empty() { 0.0 } else { layout.rack.height };
            (Size { width: layout.ring.width, height: below + rows + 12.0 }, (0.0, below))
        }
    };
    let mut pen = Pen::default();
    pen.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hb-picture\" viewBox=\"0 0 ");
    pen.num(size.width).raw(" ").num(size.height).raw("\"");
    pen.attribute("width", size.width).attribute("height", size.height);
    pen.raw(" role=\"img\" aria-label=\"").text(&words::stage(view)).raw("\"><style>");
    pen.raw(&style()).raw("</style>");
    pen.rect("hb-fs", (size.width / 2.0, size.height / 2.0), (size.width, size.height), 0.0);
    if !title.is_empty() {
        let anchor = super::pen::Anchor::Start;
        pen.label("hb-title hb-fi", (28.0, 38.0), 20.0, anchor, title);
    }
    for (drawing, at) in [("ring", (0.0, head)), ("rack", rack)] {
        if drawing == "rack" && view.rack.is_empty() && shape == Shape::Phone {
            continue;
        }
        pen.raw("<g transform=\"translate(").point(at).raw(")\">");
        contents(&mut pen, view, declaration, &layout, drawing);
        pen.raw("</g>");
    }
    pen.raw("</svg>\n").take()
}
