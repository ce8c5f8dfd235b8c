//! Operations of registers and strings as effects on a register that never holds the same value
//! twice, if they are that.

use super::super::specification::Effect;
use alloc::vec::Vec;

/// What an operation does to a register; `None` in the place of a value is nil.
pub enum Touch<'a, V> {
    /// It reads this.
    Reads(Option<&'a V>),
    /// It writes this.
    Writes(Option<&'a V>),
    /// It finds the first and writes the second.
    Swaps(Option<&'a V>, Option<&'a V>),
}

/// The same with numbers for values; none if a value is written twice, or written and there at
/// first.
pub fn of_register<V: Ord>(start: Option<&V>, touches: &[Touch<V>]) -> Option<Vec<Effect>> {
    let written = touches.iter().filter_map(|touch| match touch {
        Touch::Reads(_) => None,
        Touch::Writes(value) | Touch::Swaps(_, value) => Some(*value),
    });
    let mut values: Vec<(Option<&V>, u32)> = written.zip(1..).collect();
    values.push((start, Effect::START));
    values.sort_unstable();
    if values.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return None;
    }
    let number = |value: &Option<&V>| {
        let place = values.binary_search_by(|(known, _)| known.cmp(value));
        place.map_or(Effect::NOWHERE, |place| values[place].1)
    };
    let effect = |touch: &Touch<V>| match touch {
        Touch::Reads(value) => Effect::Reads(number(value)),
        Touch::Writes(value) => Effect::Writes(number(value)),
        Touch::Swaps(from, to) => Effect::Swaps(number(from), number(to)),
    };
    Some(touches.iter().map(effect).collect())
}

/// What an operation does to a string.
pub enum Edit<'a> {
    /// It reads this; `None` is nil.
    Reads(Option<&'a str>),
    /// It writes this.
    Writes(&'a str),
    /// It writes what is there, followed by this.
    Appends(&'a str),
}

/// The same with numbers for strings, where strings can be cut into what was written and
/// appended in one way only: none if one of those is empty, stands twice, or is the beginning of
/// another.
///
/// An append that is to be seen in what was read finds what stands before it there. One that is
/// nowhere to be seen may have found anything.
pub fn of_string(start: Option<&str>, edits: &[Edit]) -> Option<Vec<Effect>> {
    let mut strings = Strings { pieces: Vec::new(), states: alloc::vec![None; edits.len()] };
    for (index, edit) in edits.iter().enumerate() {
        match edit {
            Edit::Reads(_) => {}
            Edit::Writes(text) | Edit::Appends(text) => strings.pieces.push((text, index as u32)),
        }
    }
    let first = start.unwrap_or_default();
    strings.pieces.extend((!first.is_empty()).then_some((first, Effect::NOWHERE)));
    strings.pieces.sort_unstable();
    let begins = |pair: &[(&str, u32)]| pair[1].0.starts_with(pair[0].0);
    let is_empty = strings.pieces.first().is_some_and(|(text, _)| text.is_empty());
    if is_empty || strings.pieces.windows(2).any(begins) {
        return None;
    }
    let mut effects = alloc::vec![Effect::Hidden; edits.len()];
    for (index, edit) in edits.iter().enumerate() {
        if let Edit::Reads(text) = edit {
            let value = match text {
                None if start.is_none() => Some(Effect::START),
                // What was appended to nil is not empty.
                Some("") if start.is_none() => None,
                None => None,
                Some(text) => strings.value(text, first, edits),
            };
            effects[index] = Effect::Reads(value.unwrap_or(Effect::NOWHERE));
        }
    }
    for (index, edit) in edits.iter().enumerate() {
        match (edit, strings.states[index]) {
            (Edit::Writes(_), _) => effects[index] = Effect::Writes(number(index as u32)),
            (Edit::Appends(_), Some(before)) => {
                effects[index] = Effect::Swaps(before, number(index as u32));
            }
            _ => {}
        }
    }
    Some(effects)
}

/// The number of the string that an edit leaves.
fn number(edit: u32) -> u32 {
    edit + 1
}

struct Strings<'a> {
    /// What was written and appended, sorted, with whose it is.
    pieces: Vec<(&'a str, u32)>,
    /// By edit: the string to which it was appended, where that was seen.
    states: Vec<Option<u32>>,
}

impl Strings<'_> {
    /// The number of a string that was read; none if it cannot have been there.
    fn value(&mut self, text: &str, first: &str, edits: &[Edit]) -> Option<u32> {
        let (mut value, mut rest) = (Effect::START, text);
        if let Some(after) = text.strip_prefix(first) {
            rest = after;
        }
        let at_first = rest.len() + first.len() == text.len();
        let mut begins = true;
        while !rest.is_empty() {
            let (piece, edit) = self.piece(rest)?;
            rest = &rest[piece.len()..];
            match edits[edit as usize] {
                Edit::Writes(_) if begins && (first.is_empty() || !at_first) => {}
                Edit::Appends(_) if !begins || at_first => {
                    let known = self.states[edit as usize].get_or_insert(value);
                    if *known != value {
                        return None;
                    }
                }
                _ => return None,
            }
            value = number(edit);
            begins = false;
        }
        (at_first || !begins).then_some(value)
    }

    /// The piece with which a text begins.
    fn piece(&self, text: &str) -> Option<(&str, u32)> {
        let after = self.pieces.partition_point(|(piece, _)| *piece <= text);
        let (piece, edit) = self.pieces[after.checked_sub(1)?];
        (text.starts_with(piece) && edit != Effect::NOWHERE).then_some((piece, edit))
    }
}
