//! The table of signs: what a message, a mark or a badge looks like, as SVG path data in a
//! 20x20 box centred at 0,0. SVG and the canvas (`Path2D`) read this one table, so a still
//! and the moving page are the same drawing. A tenth kind of message needs a
//! drawing that people can tell from these nine, in grey too.

use super::pen::{Anchor, Pen};

/// A colour by its part. `Fill`, `On` and `Line` are those of the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Paint {
    /// Nothing.
    None,
    /// The epoch's fill.
    Fill,
    /// What stands on the epoch's fill.
    On,
    /// The epoch's outline.
    Line,
    /// The ground of the stage.
    Stage,
    /// Ink.
    Ink,
    /// The quiet outline of a badge.
    Edge,
    /// Red: violated, and nothing else.
    Bad,
    /// What stands on red.
    OnBad,
}

impl Paint {
    /// Its class as a fill and as a stroke.
    const fn classes(self) -> (&'static str, &'static str) {
        match self {
            Paint::None => ("hb-fn", ""),
            Paint::Fill => ("hb-ff", " hb-sf"),
            Paint::On => ("hb-fo", " hb-so"),
            Paint::Line => ("hb-fl", " hb-sl"),
            Paint::Stage => ("hb-fs", " hb-ss"),
            Paint::Ink => ("hb-fi", " hb-si"),
            Paint::Edge => ("hb-fe", " hb-se"),
            Paint::Bad => ("hb-fb", " hb-sb"),
            Paint::OnBad => ("hb-fc", " hb-sc"),
        }
    }
}

/// One path of a sign, painted after those before it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Layer {
    /// SVG path data.
    pub d: &'static str,
    /// What it is filled with.
    pub fill: Paint,
    /// What its outline is drawn with; round caps and joins.
    pub stroke: Paint,
    /// Width of the outline.
    pub width: f64,
}

/// A sign.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SignDrawing {
    /// Its name.
    pub name: &'static str,
    /// Its width in px.
    pub size: f64,
    /// What its number is written with; `None` when it never carries one.
    pub number: Paint,
    /// Its paths, from below to above.
    pub layers: &'static [Layer],
}

const fn layer(d: &'static str, fill: Paint, stroke: Paint, width: f64) -> Layer {
    Layer { d, fill, stroke, width }
}

const CIRCLE: &str = "M9 0A9 9 0 1 1-9 0A9 9 0 1 1 9 0Z";
const DISC: &str = "M9.5 0A9.5 9.5 0 1 1-9.5 0A9.5 9.5 0 1 1 9.5 0Z";
const CROSS: &str = "M-3.2-3.2L3.2 3.2M3.2-3.2L-3.2 3.2";
const CROSS_WIDE: &str = "M-5-5L5 5M5-5L-5 5";
const TICK: &str = "M-4.2.4L-1.3 3.3L4.3-3";
const TICK_SMALL: &str = "M-3.3.2L-.9 2.6L3.5-2.3";
const SQUARE: &str = "M-5-9H5A4 4 0 0 1 9-5V5A4 4 0 0 1 5 9H-5A4 4 0 0 1-9 5V-5A4 4 0 0 1-5-9Z";
const SQUARE_SMALL: &str = "M-3.5-7H3.5A3.5 3.5 0 0 1 7-3.5V3.5A3.5 3.5 0 0 1 3.5 7H-3.5A3.5 3.5 0 0 1-7 3.5V-3.5A3.5 3.5 0 0 1-3.5-7Z";
const DIAMOND: &str = "M0-10L10 0L0 10L-10 0Z";
const BARS: &str = "M-3-3.6V3.6M3-3.6V3.6";

/// The first eight are the kinds of messages in the order of `declare::Sign`.
const SIGNS: &[SignDrawing] = &[
    SignDrawing {
        name: "ask",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(CIRCLE, Paint::Stage, Paint::Line, 2.0),
            layer("M-2.5-2.1A2.5 2.5 0 1 1 0 .4V1.5M0 4.4V4.5", Paint::None, Paint::Line, 1.9),
        ],
    },
    SignDrawing {
        name: "grant",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(CIRCLE, Paint::Fill, Paint::Line, 2.0),
            layer(TICK, Paint::None, Paint::On, 2.2),
        ],
    },
    SignDrawing {
        name: "refuse",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(CIRCLE, Paint::Stage, Paint::Line, 2.0),
            layer(CROSS, Paint::None, Paint::Line, 2.2),
        ],
    },
    SignDrawing {
        name: "carry",
        size: 20.0,
        number: Paint::On,
        layers: &[layer(SQUARE, Paint::Fill, Paint::Line, 2.0)],
    },
    SignDrawing {
        name: "stored",
        size: 16.0,
        number: Paint::None,
        layers: &[
            layer(SQUARE_SMALL, Paint::Stage, Paint::Line, 2.0),
            layer(TICK_SMALL, Paint::None, Paint::Line, 2.0),
        ],
    },
    SignDrawing {
        name: "pulse",
        size: 10.0,
        number: Paint::None,
        layers: &[layer("M4 0A4 4 0 1 1-4 0A4 4 0 1 1 4 0Z", Paint::Fill, Paint::Line, 2.0)],
    },
    SignDrawing {
        name: "request",
        size: 20.0,
        number: Paint::Stage,
        layers: &[layer(DIAMOND, Paint::Ink, Paint::Ink, 1.5)],
    },
    SignDrawing {
        name: "reply",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(DIAMOND, Paint::Stage, Paint::Ink, 2.0),
            layer(TICK_SMALL, Paint::None, Paint::Ink, 2.0),
        ],
    },
    SignDrawing {
        name: "lost",
        size: 12.0,
        number: Paint::None,
        layers: &[
            layer(CROSS_WIDE, Paint::None, Paint::Stage, 6.5),
            layer(CROSS_WIDE, Paint::None, Paint::Line, 2.6),
        ],
    },
    SignDrawing {
        name: "held",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(DISC, Paint::Stage, Paint::Edge, 1.0),
            layer(BARS, Paint::None, Paint::Ink, 2.4),
        ],
    },
    SignDrawing {
        name: "paused",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(DISC, Paint::Stage, Paint::Edge, 1.0),
            layer(BARS, Paint::None, Paint::Ink, 2.4),
        ],
    },
    SignDrawing {
        name: "down",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(DISC, Paint::Stage, Paint::Edge, 1.0),
            layer("M-3.8-3.8L3.8 3.8M3.8-3.8L-3.8 3.8", Paint::None, Paint::Ink, 2.4),
        ],
    },
    SignDrawing {
        name: "violated",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer("M-4-9.5H4L9.5-4V4L4 9.5H-4L-9.5 4V-4Z", Paint::Bad, Paint::None, 0.0),
            layer(CROSS, Paint::None, Paint::OnBad, 2.2),
        ],
    },
    SignDrawing {
        name: "unknown",
        size: 20.0,
        number: Paint::None,
        layers: &[
            layer(
                // A dashed circle, as arcs of 30 degrees with gaps of the same size.
                "M9 0A9 9 0 0 1 7.8 4.5M4.5 7.8A9 9 0 0 1 0 9M-4.5 7.8A9 9 0 0 1-7.8 4.5M-9 0A9 9 0 0 1-7.8-4.5M-4.5-7.8A9 9 0 0 1 0-9M4.5-7.8A9 9 0 0 1 7.8-4.5",
                Paint::None,
                Paint::Ink,
                1.6,
            ),
            layer("M-2.5-2.1A2.5 2.5 0 1 1 0 .4V1.5M0 4.4V4.5", Paint::None, Paint::Ink, 1.9),
        ],
    },
    SignDrawing {
        name: "holds",
        size: 16.0,
        number: Paint::None,
        layers: &[layer("M-6 .5L-2 4.5L6-4.5", Paint::None, Paint::Ink, 2.0)],
    },
    badge("suspended", &[BADGE, layer("M-3.4-3.4H3.4V3.4H-3.4Z", Paint::Ink, Paint::Ink, 1.0)]),
    badge(
        "slow",
        // An hourglass.
        &[BADGE, layer("M-3.6-4.6H3.6L-3.6 4.6H3.6Z", Paint::Ink, Paint::Ink, 1.2)],
    ),
    badge(
        "clock",
        &[
            BADGE,
            layer("M5.2 0A5.2 5.2 0 1 1-5.2 0A5.2 5.2 0 1 1 5.2 0Z", Paint::None, Paint::Ink, 1.5),
            layer("M0-3.2V0L2.3 1.5", Paint::None, Paint::Ink, 1.5),
        ],
    ),
    badge(
        "disk",
        &[
            BADGE,
            layer(
                "M-4.4-3A4.4 1.9 0 1 1 4.4-3A4.4 1.9 0 1 1-4.4-3V3A4.4 1.9 0 0 0 4.4 3V-3",
                Paint::None,
                Paint::Ink,
                1.5,
            ),
        ],
    ),
    badge(
        "clogged",
        // A funnel.
        &[BADGE, layer("M-4.8-4.2H4.8L1.3.4V4.6H-1.3V.4Z", Paint::Ink, Paint::Ink, 1.0)],
    ),
];

/// The ground of a badge.
const BADGE: Layer = layer(DISC, Paint::Stage, Paint::Edge, 1.0);

const fn badge(name: &'static str, layers: &'static [Layer]) -> SignDrawing {
    SignDrawing { name, size: 20.0, number: Paint::None, layers }
}

/// Index of the × of a lost message.
pub const LOST: usize = 8;
/// Index of the mark on a held message.
pub const HELD: usize = 9;
/// Index of the badge of a paused node.
pub const PAUSED: usize = 10;
/// Index of the badge of a node that is down.
pub const DOWN: usize = 11;

/// Index of the badge of a node that stands with its clocks.
pub const SUSPENDED: usize = 15;
/// Index of the badge of a slow node.
pub const SLOW: usize = 16;
/// Index of the badge of a clock that is wrong.
pub const CLOCK: usize = 17;
/// Index of the badge of a disk that something is wrong with.
pub const DISK: usize = 18;
/// Index of the badge at the end of a clogged link.
pub const CLOGGED: usize = 19;

/// Badges that the key explains while they are on stage.
pub(super) const TROUBLES: [(usize, &str); 5] = [
    (SUSPENDED, "suspended"),
    (SLOW, "slow"),
    (CLOCK, "clock"),
    (DISK, "disk"),
    (CLOGGED, "clogged"),
];

/// The badge of a fault that does not stop a node.
pub(super) fn of_fault(word: &str) -> Option<usize> {
    match word {
        "" | "suspend" => None,
        "slow" => Some(SLOW),
        "drift" | "step" | "slew" => Some(CLOCK),
        _ => Some(DISK),
    }
}

/// All signs; `frame` names one by its index.
pub fn signs() -> &'static [SignDrawing] {
    SIGNS
}

/// Writes a sign at a place; `number` 0 prints none.
pub(super) fn write(pen: &mut Pen, sign: usize, at: (f64, f64), scale: f64, number: u64) {
    let Some(drawing) = SIGNS.get(sign) else { return };
    pen.raw("<g transform=\"translate(").point(at).raw(")");
    if scale < 1.0 {
        pen.raw(" scale(").num(scale).raw(")");
    }
    pen.raw("\">");
    for layer in drawing.layers {
        pen.raw("<path class=\"").raw(layer.fill.classes().0).raw(layer.stroke.classes().1);
        pen.raw("\"");
        if layer.stroke != Paint::None {
            pen.attribute("stroke-width", layer.width);
        }
        pen.raw(" d=\"").raw(layer.d).raw("\"/>");
    }
    if number > 0 && drawing.number != Paint::None {
        let class = if drawing.number == Paint::On { "hb-no hb-fo" } else { "hb-no hb-fs" };
        pen.open_label(class, (0.0, 4.3), 12.0, Anchor::Middle).int(number).raw("</text>");
    }
    pen.raw("</g>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::Sign;

    #[test]
    fn the_first_signs_are_those_of_the_declaration() {
        let names = [
            (Sign::Ask, "ask"),
            (Sign::Grant, "grant"),
            (Sign::Refuse, "refuse"),
            (Sign::Carry, "carry"),
            (Sign::Stored, "stored"),
            (Sign::Pulse, "pulse"),
            (Sign::Request, "request"),
            (Sign::Reply, "reply"),
        ];
        for (sign, name) in names {
            assert_eq!(signs()[sign as usize].name, name);
        }
        assert_eq!(signs()[LOST].name, "lost");
        assert_eq!(signs()[HELD].name, "held");
        assert_eq!(signs()[PAUSED].name, "paused");
        assert_eq!(signs()[DOWN].name, "down");
        for (sign, name) in TROUBLES {
            assert_eq!(signs()[sign].name, name);
        }
    }

    #[test]
    fn a_sign_without_a_number_prints_none() {
        let mut pen = Pen::default();
        write(&mut pen, Sign::Pulse as usize, (0.0, 0.0), 1.0, 4);
        assert!(!pen.out.contains("<text"));
        write(&mut pen, Sign::Carry as usize, (0.0, 0.0), 1.0, 4);
        assert!(pen.out.contains(">4</text>"));
    }
}
