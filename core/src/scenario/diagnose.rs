//! What is wrong with a text, said so that its author can mend it: the place, what was
//! found, and what would be right. Never decides what is wrong; that is for `parse` and `check`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write;

/// Where on a line something stands. Counts characters (not bytes) from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub column: u32,
    pub length: u32,
}

impl Place {
    /// From the beginning of this one to the end of `last`.
    pub(super) fn to(self, last: Place) -> Place {
        Place { column: self.column, length: last.column + last.length - self.column }
    }
}

/// One mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diagnostic {
    /// Line, from 1.
    pub line: u32,
    /// Column of the first wrong character, from 1.
    pub column: u32,
    /// How many characters are wrong; at least 1, also behind the end of a line.
    pub length: u32,
    /// What is wrong, to be read after "Line 12, column 11: ".
    pub message: String,
    /// What would be right.
    pub hint: String,
}

impl Diagnostic {
    pub(super) fn new(
        line: u32,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let Place { column, length } = place;
        Diagnostic { line, column, length, message: message.into(), hint: hint.into() }
    }

    /// As a compiler prints it: message, place, the line itself with what is wrong underlined.
    pub fn render(&self, text: &str, file_name: &str) -> String {
        let source = text.split('\n').nth(self.line.saturating_sub(1) as usize).unwrap_or("");
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let mut out = format!("error: {}\n", self.message);
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{margin}--> {file_name}:{}:{}", self.line, self.column);
        let _ = writeln!(out, "{margin} |");
        // A tab would shift the carets: one blank for each character.
        let plain: String =
            source.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let _ = writeln!(out, "{number} | {}", plain.trim_end());
        let indent = " ".repeat(self.column.saturating_sub(1) as usize);
        let _ = writeln!(out, "{margin} | {indent}{}", "^".repeat(self.length.max(1) as usize));
        if !self.hint.is_empty() {
            let _ = writeln!(out, "{margin} = {}", self.hint);
        }
        out
    }
}

/// What stands behind a wrong word: the nearest right one, or all that are possible.
pub(super) fn suggest(word: &str, possible: &[&str]) -> String {
    match nearest(word, possible) {
        Some(near) => format!("Did you mean {near}?"),
        None if possible.is_empty() => "There are none.".to_string(),
        None => format!("Possible here: {}.", possible.join(", ")),
    }
}

/// The candidate that differs from `word` least, if at most a third of it differs. The first
/// of equals.
pub(super) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word: Vec<char> = word.chars().map(|c| c.to_ascii_lowercase()).take(100).collect();
    let mut best: Option<(usize, &str)> = None;
    for &candidate in candidates {
        let letters: Vec<char> = candidate.chars().collect();
        let allowed = (letters.len() / 3).max(1);
        if letters.len().abs_diff(word.len()) > allowed {
            continue;
        }
        let distance = edit_distance(&word, &letters);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Fewest insertions, deletions, replacements and swaps of neighbours that make `a` into `b`
/// (the "optimal string alignment" distance).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = core::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word() {
        let words = ["crash", "kill", "partition", "cut"];
        assert_eq!(nearest("partion", &words), Some("partition"));
        assert_eq!(nearest("carsh", &words), Some("crash"), "a swap counts once");
        assert_eq!(nearest("CUT", &words), Some("cut"), "case does not count");
        assert_eq!(nearest("explode", &words), None);
        assert_eq!(suggest("explode", &words), "Possible here: crash, kill, partition, cut.");
        assert_eq!(suggest("kil", &words), "Did you mean kill?");
        assert_eq!(suggest("x", &[]), "There are none.");
    }

    #[test]
    fn rendering() {
        let wrong = Diagnostic::new(
            2,
            Place { column: 11, length: 7 },
            "no action is called “partion”.",
            "Did you mean partition?",
        );
        let text = "protocol raft\r\nat 1800ms\tpartion n1 | n2\r\n";
        let expected = "\
error: no action is called “partion”.
 --> a.hb:2:11
  |
2 | at 1800ms partion n1 | n2
  |           ^^^^^^^
  = Did you mean partition?
";
        assert_eq!(wrong.render(text, "a.hb"), expected);
    }
}
