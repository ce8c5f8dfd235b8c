//! Sentences.

use super::{Action, History, Pattern, Violation};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// "P1's write of 3 to x (op 7)"; operations are counted from 1.
fn op(history: &History, place: u32) -> String {
    let op = &history.ops[place as usize];
    let mut text = String::from("P");
    text.push_str(&op.process.to_string());
    text.push_str(match op.action {
        Action::Write(_) => "'s write of ",
        Action::Read(_) => "'s read of ",
    });
    match op.action {
        Action::Write(value) | Action::Read(Some(value)) => text.push_str(&value.to_string()),
        Action::Read(None) => text.push_str("the initial nil"),
    }
    text.push_str(match op.action {
        Action::Write(_) => " to ",
        Action::Read(_) => " from ",
    });
    match history.keys.get(op.key as usize) {
        Some(name) => text.push_str(name),
        None => text.push_str(&op.key.to_string()),
    }
    text.push_str(" (op ");
    text.push_str(&(u64::from(place) + 1).to_string());
    text.push(')');
    text
}

fn sentence(parts: &[&str]) -> String {
    parts.concat()
}

pub(super) fn thin_air(history: &History, read: u32) -> Violation {
    let sentence = sentence(&[&op(history, read), " returned a value that nobody wrote."]);
    Violation { pattern: Pattern::ThinAirRead, ops: alloc::vec![read], sentence }
}

pub(super) fn initial(history: &History, pattern: Pattern, write: u32, read: u32) -> Violation {
    let (write_text, read_text) = (op(history, write), op(history, read));
    let sentence = sentence(&[&write_text, " must come before ", &read_text, "."]);
    Violation { pattern, ops: alloc::vec![write, read], sentence }
}

pub(super) fn stale(history: &History, source: u32, write: u32, read: u32) -> Violation {
    let [source_text, write_text, read_text] = [source, write, read].map(|at| op(history, at));
    let sentence = sentence(&[
        &write_text,
        " comes after ",
        &source_text,
        " and is among the causes of ",
        &read_text,
        ", which saw the older one.",
    ]);
    Violation { pattern: Pattern::WriteCORead, ops: alloc::vec![source, write, read], sentence }
}

/// A sentence of a cycle; of a long one its beginning.
pub(super) fn cycle(history: &History, pattern: Pattern, cycle: Vec<u32>) -> Violation {
    const SHOWN: usize = 12;
    let mut sentence = String::new();
    for (place, at) in cycle.iter().take(SHOWN).enumerate() {
        sentence.push_str(if place > 0 { " must come before " } else { "" });
        sentence.push_str(&op(history, *at));
    }
    sentence.push_str(match cycle.len() {
        0..=SHOWN => ", and that before the first.",
        _ => ", and so on, round to the first.",
    });
    Violation { pattern, ops: cycle, sentence }
}

pub(super) fn differ(history: &History, first: u32, other: u32) -> String {
    sentence(&["Last reads differ: ", &op(history, first), " and ", &op(history, other), "."])
}
