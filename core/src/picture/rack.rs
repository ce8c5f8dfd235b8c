//! The rack: one row per server, columns aligned by index, and the key under it.
//! Which columns are seen is a pure function of the longest log, so that cells never slide.

use super::layout::{Layout, Shape, Size};
use super::pen::{Anchor, Pen};
use super::{Group, epoch_class, signs, words};
use crate::declare::{Declaration, Family, Sign};
use crate::view::{Cell, Ghost, Gone, NodeView, Safety, StageView, Status};
use alloc::string::String;
use alloc::vec::Vec;

/// Columns that are seen at once.
pub const COLUMNS: u64 = 7;

/// Index of the first column for a log of that length: the window jumps on by half when
/// the tail reaches its last column.
pub fn first_column(longest: u64) -> u64 {
    let jump = COLUMNS / 2;
    if longest < COLUMNS { 1 } else { 1 + ((longest - COLUMNS) / jump + 1) * jump }
}

/// Measures of the rows.
struct Rack<'a> {
    view: &'a StageView,
    wide: bool,
    /// First row's centre and the pitch of the rows.
    top: f64,
    pitch: f64,
    /// Left edge of the first cell, width of a cell, pitch of the columns.
    left: f64,
    cell: (f64, f64),
    column: f64,
    /// Where role dot, name and state stand.
    dot: f64,
    name: f64,
    state: f64,
    first: u64,
}

impl<'a> Rack<'a> {
    fn new(view: &'a StageView, layout: &Layout) -> Rack<'a> {
        let wide = layout.shape == Shape::Wide;
        let rows = layout.servers.max(1) as f64;
        let (room, widest, start) = if wide { (200.0, 40.0, 79.0) } else { (142.0, 28.0, 21.0) };
        let pitch = f64::min(room / rows, widest);
        let longest = view
            .nodes
            .iter()
            .map(|n| if n.cells.is_empty() { n.first.saturating_sub(1) } else { last(n) })
            .max()
            .unwrap_or(0);
        let tallest = if wide { 26.0 } else { 22.0 };
        let height = if pitch >= 12.0 { (pitch - 3.0).max(12.0) } else { pitch * 0.8 };
        let (left, width, column) = if wide { (44.0, 23.0, 27.0) } else { (66.0, 26.0, 30.0) };
        Rack {
            view,
            wide,
            top: start + pitch / 2.0,
            pitch,
            left,
            cell: (width, height.min(tallest)),
            column,
            dot: if wide { 6.0 } else { 28.0 },
            name: if wide { 20.0 } else { 42.0 },
            state: left + column * COLUMNS as f64 + 4.0,
            first: first_column(longest),
        }
    }

    /// Centre of the column of an index, if it is seen.
    fn column_x(&self, index: u64) -> Option<f64> {
        let k = index.checked_sub(self.first).filter(|&k| k < COLUMNS)?;
        Some(self.left + self.cell.0 / 2.0 + k as f64 * self.column)
    }
}

fn last(node: &NodeView) -> u64 {
    node.first + node.cells.len() as u64 - 1
}

/// All groups of the rack.
pub(super) fn groups(view: &StageView, declaration: &Declaration, layout: &Layout) -> Vec<Group> {
    let rack = Rack::new(view, layout);
    let mut pen = Pen::default();
    let mut groups = Vec::new();
    if !view.rack.is_empty() {
        head(&mut pen, &rack);
        groups.push(Group::of("rack", "head", "", &mut pen, words::head(view)));
        let servers = view.nodes.iter().enumerate().filter(|(_, n)| n.family != Family::Client);
        for (row, (i, node)) in servers.enumerate() {
            self::row(&mut pen, &rack, i, row);
            groups.push(Group::of(
                "rack",
                "row:",
                &node.name,
                &mut pen,
                words::row(node, i, &view.ghosts),
            ));
        }
    }
    if rack.wide {
        let rows = layout.servers as f64;
        let end = if view.rack.is_empty() { 32.0 } else { rack.top + rack.pitch * (rows - 0.5) };
        key(&mut pen, declaration, view, end);
    }
    groups.push(Group::of("rack", "key", "", &mut pen, String::new()));
    groups
}

/// Title, column numbers, and the mark over what is really committed.
fn head(pen: &mut Pen, rack: &Rack) {
    let base = if rack.wide {
        pen.open_label("hb-title hb-fi", (0.0, 48.0), 14.0, Anchor::Start).text(&rack.view.rack);
        if !rack.view.rack_note.is_empty() {
            pen.raw("<tspan class=\"hb-note hb-f3\" font-size=\"13\" dx=\"8\">");
            pen.text(&rack.view.rack_note).raw("</tspan>");
        }
        pen.raw("</text>");
        pen.label("hb-run hb-f3", (rack.state, 76.0), 12.0, Anchor::Start, "state");
        76.0
    } else {
        14.0
    };
    for index in rack.first..rack.first + COLUMNS {
        let Some(x) = rack.column_x(index) else { continue };
        let known = index <= rack.view.committed;
        pen.open_label(
            if known { "hb-no hb-fi" } else { "hb-run hb-f3" },
            (x, base),
            12.0,
            Anchor::Middle,
        );
        pen.int(index).raw("</text>");
    }
    // A line over all columns that are really committed, its point at the last of them.
    if let Some(x) = rack.column_x(rack.view.committed) {
        // Clear of the digits under it; on a phone there is less room above.
        let (y, point) = if rack.wide { (base - 16.5, 4.5) } else { (base - 13.0, 3.0) };
        let from = rack.left + 1.0;
        let mut d = Pen::default();
        d.stroke((from, y), (x + rack.cell.0 / 2.0 - 1.0, y));
        pen.path("hb-mark", &d.out);
        d.take();
        d.raw("M")
            .point((x - 4.5, y))
            .raw("H")
            .num(x + 4.5)
            .raw("L")
            .point((x, y + point))
            .raw("Z");
        pen.path("hb-fi", &d.out);
    }
}

/// One row: role, name, cells, state.
fn row(pen: &mut Pen, rack: &Rack, i: usize, row: usize) {
    let node = &rack.view.nodes[i];
    let y = rack.top + row as f64 * rack.pitch;
    pen.raw("<g class=\"").raw(epoch_class(node.epoch)).raw("\">");
    role_dot(pen, node, (rack.dot, y), (rack.pitch / 20.0).min(1.0));
    let down = node.status == Status::Down;
    let every = (13.0 / rack.pitch) as usize + 1;
    if row.is_multiple_of(every) {
        let size = if rack.pitch >= 20.0 { 14.0 } else { 12.0 };
        let class = if down { "hb-title hb-f3" } else { "hb-title hb-fi" };
        pen.label(class, (rack.name, y + size * 0.36), size, Anchor::Start, &node.name);
        let class = if down { "hb-run hb-f3" } else { "hb-run hb-f2" };
        // Of a node that is down only its disk is there.
        let kept = down && !node.cells.is_empty();
        let state = if kept { "on disk".into() } else { short_state(&node.state) };
        pen.label(class, (rack.state, y + 4.3), 12.0, Anchor::Start, &state);
    }
    snapshot(pen, rack, node, y);
    let end = if node.cells.is_empty() { node.first.saturating_sub(1) } else { last(node) };
    for index in rack.first..rack.first + COLUMNS {
        let Some(x) = rack.column_x(index) else { continue };
        let entry = index.checked_sub(node.first.max(1)).and_then(|k| node.cells.get(k as usize));
        let of_cell = |g: &&Ghost| usize::from(g.node) == i && g.index == index;
        let ghost = rack.view.ghosts.iter().find(of_cell);
        match entry {
            Some(entry) => {
                cell(pen, rack, entry, (x, y), down, ghost);
                let accused = rack.view.accused.as_ref().is_some_and(|a| {
                    a.cells.iter().any(|&(n, at)| usize::from(n) == i && at == index)
                });
                if accused {
                    for more in [4.0, 9.0] {
                        let size = (rack.cell.0 + more, rack.cell.1 + more);
                        pen.rect("hb-accused hb-thin", (x, y), size, 5.0 + more / 2.0);
                    }
                }
            }
            None if ghost.is_some() => {
                if let Some(ghost) = ghost {
                    self::ghost(pen, rack, ghost, (x, y));
                }
            }
            None if index > end => {
                pen.circle("hb-empty", (x, y), 1.2);
            }
            None => {}
        }
    }
    pen.raw("</g>");
}

/// What has room behind a row: "x = 3, y = 4" becomes "x=3 y=4", more is cut off.
fn short_state(state: &str) -> String {
    const ROOM: usize = 8;
    if state.chars().count() <= ROOM {
        return state.into();
    }
    let mut dense = String::new();
    for word in state.split(' ') {
        if word != "=" && !dense.is_empty() && !dense.ends_with('=') {
            dense.push(' ');
        }
        dense.push_str(word.trim_end_matches(','));
    }
    if dense.chars().count() <= ROOM {
        return dense;
    }
    dense.chars().take(ROOM - 1).chain(['…']).collect()
}

/// The node's shape in small.
fn role_dot(pen: &mut Pen, node: &NodeView, at: (f64, f64), scale: f64) {
    let class = if node.status == Status::Down {
        "hb-dot hb-off"
    } else {
        match node.family {
            Family::Leads => "hb-dot hb-leads",
            Family::Seeks => "hb-dot hb-seeks",
            Family::Store => "hb-dot hb-store",
            _ => "hb-dot hb-rests",
        }
    };
    let small = if node.family == Family::Learns { 0.7 } else { 1.0 };
    pen.circle(class, at, 5.0 * scale * small);
    if node.family == Family::Leads && node.status != Status::Down {
        pen.circle("hb-dot hb-fn hb-sl", at, 8.0 * scale);
    }
}

/// What was replaced by a snapshot, as one wide sunken cell.
fn snapshot(pen: &mut Pen, rack: &Rack, node: &NodeView, y: f64) {
    if node.first < 2 || node.first <= rack.first {
        return;
    }
    let until = (node.first - 1).min(rack.first + COLUMNS - 1);
    let columns = (until - rack.first) as f64;
    let width = rack.cell.0 + columns * rack.column;
    let x = rack.left + width / 2.0;
    pen.rect("hb-snapshot", (x, y), (width, rack.cell.1), 5.0);
    if rack.cell.1 >= 12.0 {
        pen.open_label("hb-no hb-f2", (x, y + 4.3), 12.0, Anchor::Middle);
        // One column has no room for the range, only for its end.
        if columns > 0.0 {
            pen.raw("1-");
        }
        pen.int(node.first - 1).raw("</text>");
    }
}

/// A cell. Those of a node that is down have no colour, as itself: they lie on its disk, and
/// nothing is known of them but that. A `ghost` is what stood there a moment ago.
fn cell(
    pen: &mut Pen,
    rack: &Rack,
    entry: &Cell,
    at: (f64, f64),
    down: bool,
    ghost: Option<&Ghost>,
) {
    let (class, text) = match entry.safety {
        Safety::Written => ("hb-cell hb-written", "hb-no hb-fi"),
        _ if down => ("hb-cell hb-disk hb-kept", "hb-no hb-f3"),
        Safety::OnDisk => ("hb-cell hb-disk", "hb-no hb-fi"),
        Safety::Committed => ("hb-cell hb-committed", "hb-no hb-fo"),
    };
    pen.raw("<g class=\"").raw(epoch_class(if down { 0 } else { entry.epoch })).raw("\">");
    let (width, height) = rack.cell;
    if height < 12.0 {
        pen.rect(class, at, (width - 1.0, (height - 1.0).max(1.0)), 0.0).raw("</g>");
        return;
    }
    // Outlines are drawn inside, so that all three are of one size.
    pen.rect(class, at, (width - 2.0, height - 2.0), 4.0);
    let old = ghost.map(|ghost| number(ghost.epoch, &ghost.label));
    let new = number(entry.epoch, &entry.label);
    // The old number beside the new one, where both have room.
    let shift = match &old {
        Some(old) if old.chars().count() == 1 && new.chars().count() == 1 => {
            digits(pen, text, (at.0 - 5.0, at.1), old);
            strike(pen, (at.0 - 8.5, at.1), (at.0 - 1.5, at.1));
            5.0
        }
        _ => 0.0,
    };
    digits(pen, text, (at.0 + shift, at.1), &new);
    pen.raw("</g>");
}

/// A cell that went a moment ago, and nothing came in its place.
fn ghost(pen: &mut Pen, rack: &Rack, ghost: &Ghost, at: (f64, f64)) {
    let (width, height) = rack.cell;
    let overwritten = ghost.gone == Gone::Overwritten;
    let class = if overwritten { "hb-cell hb-struck" } else { "hb-cell hb-lost" };
    pen.raw("<g class=\"").raw(epoch_class(ghost.epoch)).raw("\">");
    let size = (width - 2.0, (height - 2.0).max(1.0));
    pen.rect(class, at, size, if height < 12.0 { 0.0 } else { 4.0 });
    if height >= 12.0 {
        let text = if overwritten { "hb-no hb-fi" } else { "hb-no hb-f3" };
        digits(pen, text, at, &number(ghost.epoch, &ghost.label));
    }
    if overwritten {
        strike(pen, (at.0 - width / 2.0 - 1.0, at.1), (at.0 + width / 2.0 + 1.0, at.1));
    }
    pen.raw("</g>");
}

/// What is written in a cell: its term, else the begin of what its command writes.
fn number(epoch: u64, label: &str) -> String {
    if epoch > 0 {
        return Pen::default().int(epoch).take();
    }
    let (_, value) = label.split_once(" = ").unwrap_or(("", label));
    // Siblings: side by side where they fit, else how many.
    let siblings = value.split(" | ").count();
    let joined = value.replace(" | ", "|");
    if siblings > 1 && joined.chars().count() > 3 {
        return Pen::default().int(siblings as u64).raw("×").take();
    }
    // What follows the value, such as its timestamp, is for the words beside the picture.
    joined.split(' ').next().unwrap_or("").chars().take(3).collect()
}

fn digits(pen: &mut Pen, class: &str, at: (f64, f64), text: &str) {
    pen.label(class, (at.0, at.1 + 4.3), 12.0, Anchor::Middle, text);
}

fn strike(pen: &mut Pen, from: (f64, f64), to: (f64, f64)) {
    let mut line = Pen::default();
    line.stroke(from, to);
    pen.path("hb-strike", &line.out);
}

/// No line of the key stands lower.
const LOWEST: f64 = 400.0;
/// Between two lines of the key, px.
const PITCH: f64 = 21.0;
/// So many letters have room in a column of the key.
const LABEL: usize = 10;

/// Whether a badge of trouble is on stage.
fn troubled(view: &StageView, sign: usize) -> bool {
    let on = |node: &NodeView| match sign {
        signs::SUSPENDED => node.suspended(),
        _ => node.ails.iter().any(|ail| signs::of_fault(ail.fault) == Some(sign)),
    };
    sign == signs::CLOGGED && !view.clogs.is_empty() || view.nodes.iter().any(on)
}

/// Ghosts in the key.
const GHOSTS: [(Gone, &str, &str); 2] = [
    (Gone::Lost, "hb-cell hb-lost", "lost in crash"),
    (Gone::Overwritten, "hb-cell hb-struck", "overwritten"),
];

/// What the fills of cells, the shapes of messages and the badges on stage mean.
fn key(pen: &mut Pen, declaration: &Declaration, view: &StageView, end: f64) -> f64 {
    let cells = !view.rack.is_empty();
    const COLUMN: f64 = 92.0;
    let mut y = end + 23.0;
    pen.raw("<g class=\"hb-e1\">");
    let word = |pen: &mut Pen, x: f64, y: f64, text: &str| {
        pen.label("hb-note hb-f2", (x + 28.0, y + 4.5), 13.0, Anchor::Start, text);
    };
    if cells {
        let fills = ["hb-written", "hb-disk", "hb-committed"].into_iter().zip(declaration.cells);
        let named = fills.filter(|(_, text)| !text.is_empty());
        for (k, (class, text)) in named.enumerate() {
            let x = k as f64 * COLUMN;
            pen.open("g", "hb-cell").raw(">");
            pen.rect(class, (x + 10.0, y), (19.0, 17.0), 4.0).raw("</g>");
            word(pen, x, y, text);
        }
        let mut line = Pen::default();
        line.stroke((0.0, y + 17.0), (272.0, y + 17.0));
        pen.path("hb-rule", &line.out);
        y += 34.0;
    }
    const ORDER: [Sign; 8] = [
        Sign::Carry,
        Sign::Stored,
        Sign::Pulse,
        Sign::Ask,
        Sign::Grant,
        Sign::Refuse,
        Sign::Request,
        Sign::Reply,
    ];
    let mut written: Vec<(usize, &str)> = Vec::new();
    for sign in ORDER {
        for message in declaration.messages.iter().filter(|m| m.sign == sign) {
            let entry = (sign as usize, message.label);
            if !message.label.is_empty() && !written.contains(&entry) {
                written.push(entry);
            }
        }
    }
    written.extend(signs::TROUBLES.into_iter().filter(|(sign, _)| troubled(view, *sign)));
    // A label that is longer than its column takes two.
    let mut k = 0;
    let mut place = |label: &str| {
        let long = label.chars().count() > LABEL;
        if long && k % 3 == 2 {
            k += 1;
        }
        let at = ((k % 3) as f64 * COLUMN, y + (k / 3) as f64 * PITCH);
        k += if long { 2 } else { 1 };
        at
    };
    let mut lowest = y;
    for (sign, label) in written {
        let at = place(label);
        if at.1 > LOWEST {
            break;
        }
        lowest = at.1;
        signs::write(pen, sign, (at.0 + 10.0, at.1), 1.0, 5);
        word(pen, at.0, at.1, label);
    }
    // What is gone is explained while it is seen, behind all else: nothing moves for it.
    for (gone, class, label) in GHOSTS {
        if !view.ghosts.iter().any(|ghost| ghost.gone == gone) {
            continue;
        }
        let at = place(label);
        if at.1 > LOWEST {
            break;
        }
        lowest = at.1;
        pen.rect(class, (at.0 + 10.0, at.1), (19.0, 17.0), 4.0);
        if gone == Gone::Overwritten {
            strike(pen, (at.0 - 2.0, at.1), (at.0 + 22.0, at.1));
        }
        word(pen, at.0, at.1, label);
    }
    pen.raw("</g>");
    lowest
}

/// The key alone, for where it has no room beside the rack: its markup and size.
pub fn legend(view: &StageView, declaration: &Declaration) -> (String, Size) {
    let mut pen = Pen::default();
    let height = key(&mut pen, declaration, view, -8.0) + 16.0;
    (pen.take(), Size { width: 284.0, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_shortened_to_its_room() {
        assert_eq!(short_state("x = 13"), "x = 13");
        assert_eq!(short_state("x = 3, y = 4"), "x=3 y=4");
        assert_eq!(short_state("x = 3, y = 4, z = 5"), "x=3 y=4…");
    }

    #[test]
    fn a_cell_without_a_term_has_what_is_written() {
        assert_eq!(number(2, "x = 1"), "2");
        assert_eq!(number(0, "x = 1"), "1");
        assert_eq!(number(0, "x = older"), "old");
        assert_eq!(number(0, "no-op"), "no-");
        assert_eq!(number(0, "x = 1 @15500"), "1");
        assert_eq!(number(0, "x = 1 | 2"), "1|2");
        assert_eq!(number(0, "x = 10 | 20 | 30"), "3×");
    }

    #[test]
    fn the_window_jumps_by_half_when_the_tail_reaches_the_last_column() {
        let firsts: Vec<u64> = (0..15).map(first_column).collect();
        assert_eq!(firsts, [1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10]);
        for longest in 0..1000 {
            let first = first_column(longest);
            assert!(longest < first + COLUMNS, "the tail is seen");
            assert!(longest < COLUMNS || first + COLUMNS - longest <= COLUMNS / 2 + 1);
        }
    }
}
