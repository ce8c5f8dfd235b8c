//! What the drawing says to those who do not see it.

use super::pen::Pen;
use crate::declare::Family;
use crate::view::{Ghost, Gone, NodeView, Safety, StageView, Status};
use alloc::string::String;

/// "n3, leader of term 1, running"
pub(super) fn node(node: &NodeView) -> String {
    let mut pen = Pen::default();
    pen.raw(&node.name).raw(", ");
    if node.status == Status::Down {
        ails(pen.raw("down"), node);
        return pen.take();
    }
    if node.family == Family::Client {
        pen.raw("client, ");
        if !node.state.is_empty() {
            pen.raw(&node.state);
            if node.waiting_since_us.is_some() {
                pen.raw(", waiting, ");
            } else {
                pen.raw(" → ").raw(&node.answer).raw(", ");
            }
        }
    } else {
        if !node.role.is_empty() {
            pen.raw(&node.role).raw(if node.epoch_label.is_empty() { ", " } else { " of " });
        }
        if !node.epoch_label.is_empty() {
            pen.raw(&node.epoch_label).raw(", ");
        }
        if let Some(votes) = node.votes {
            pen.int(u64::from(votes.have)).raw(" of ").int(u64::from(votes.need));
            pen.raw(" votes needed, ");
        }
    }
    pen.raw(match node.status {
        Status::Paused => "paused",
        _ => "running",
    });
    ails(&mut pen, node);
    pen.take()
}

/// ", disk full"
fn ails(pen: &mut Pen, node: &NodeView) {
    for ail in &node.ails {
        pen.raw(", ").raw(&ail.words);
    }
}

/// The whole stage in a sentence: time and every node.
pub(super) fn stage(view: &StageView) -> String {
    let mut pen = Pen::default();
    let ms = view.time_us / 1000;
    pen.raw("At ").int(ms / 1000).raw(".");
    for place in [100, 10, 1] {
        pen.int(ms / place % 10);
    }
    pen.raw(" s: ");
    for (i, each) in view.nodes.iter().enumerate() {
        pen.raw(if i == 0 { "" } else { "; " }).raw(&node(each));
    }
    pen.raw(".").take()
}

/// "Logs, really committed: 1 to 4"
pub(super) fn head(view: &StageView) -> String {
    let mut pen = Pen::default();
    pen.raw(&view.rack);
    if view.committed > 0 {
        pen.raw(", really committed: 1 to ").int(view.committed);
    }
    pen.take()
}

/// "n3: entries 1 to 5, 4 committed, x = 3"
pub(super) fn row(node: &NodeView, place: usize, ghosts: &[Ghost]) -> String {
    let mut pen = Pen::default();
    pen.raw(&node.name).raw(": ");
    if node.cells.is_empty() {
        pen.raw("no entries");
    } else {
        let last = node.first + node.cells.len() as u64 - 1;
        pen.raw("entries ").int(node.first).raw(" to ").int(last);
        let known = node.cells.iter().take_while(|c| c.safety == Safety::Committed).count();
        if known > 0 {
            pen.raw(", committed to ").int(node.first + known as u64 - 1);
        }
    }
    if node.status == Status::Down {
        pen.raw(", as its disk has them");
    } else if !node.state.is_empty() {
        pen.raw(", ").raw(&node.state);
    }
    for (gone, word) in [(Gone::Lost, " lost"), (Gone::Overwritten, " overwritten")] {
        let here = |ghost: &&Ghost| usize::from(ghost.node) == place && ghost.gone == gone;
        let mut any = false;
        for ghost in ghosts.iter().filter(here) {
            pen.raw(if any { " " } else { ", " }).int(ghost.index);
            any = true;
        }
        if any {
            pen.raw(word);
        }
    }
    pen.take()
}
