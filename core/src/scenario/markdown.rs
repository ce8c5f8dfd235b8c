//! Scenarios in Markdown: the fenced blocks whose info string begins with `happens-before`.
//! Never reads anything else of Markdown than fences.

use alloc::string::String;
use alloc::vec::Vec;

/// What marks a block as ours.
const INFO: &str = "happens-before";

/// A fence that is open.
struct Fence<'a> {
    sign: char,
    length: usize,
    indent: &'a str,
    ours: bool,
    first: u32,
    content: String,
}

/// The content of every fenced `happens-before` block, with the number of its first line. A
/// block inside a block (shown, not meant) is none; a block without end goes to the end.
pub fn fenced(text: &str) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let mut open: Option<Fence> = None;
    for (number, line) in (1u32..).zip(text.lines()) {
        let Some(fence) = &mut open else {
            open = opening(number, line);
            continue;
        };
        if closes(fence, line) {
            found.extend(open.take().filter(|f| f.ours).map(|f| (f.first, f.content)));
        } else if fence.ours {
            // A block in a list is indented as a whole.
            fence.content.push_str(line.strip_prefix(fence.indent).unwrap_or(line.trim_start()));
            fence.content.push('\n');
        }
    }
    found.extend(open.filter(|f| f.ours).map(|f| (f.first, f.content)));
    found
}

/// The indent, sign and length of a fence, and what stands behind it.
fn fence(line: &str) -> Option<(&str, char, usize, &str)> {
    let rest = line.trim_start_matches([' ', '\t']);
    let indent = &line[..line.len() - rest.len()];
    let sign = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = rest.trim_start_matches(sign);
    let length = rest.len() - info.len();
    (length >= 3).then_some((indent, sign, length, info.trim()))
}

fn opening(number: u32, line: &str) -> Option<Fence<'_>> {
    let (indent, sign, length, info) = fence(line)?;
    if sign == '`' && info.contains('`') {
        // Code within a line.
        return None;
    }
    let name = info.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{')).next();
    let ours = name == Some(INFO);
    Some(Fence { sign, length, indent, ours, first: number + 1, content: String::new() })
}

fn closes(open: &Fence, line: &str) -> bool {
    fence(line).is_some_and(|(_, sign, length, info)| {
        sign == open.sign && length >= open.length && info.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(u32, String)> {
        fenced(text)
    }

    fn one(line: u32, content: &str) -> Vec<(u32, String)> {
        alloc::vec![(line, String::from(content))]
    }

    #[test]
    fn blocks_of_a_text() {
        assert_eq!(blocks("a\n```happens-before\nseed 1\n\n```\nb\n"), one(3, "seed 1\n\n"));
        assert_eq!(blocks("~~~ happens-before height=300\nseed 1\n~~~"), one(2, "seed 1\n"));
        assert_eq!(blocks("```happens-before\r\nseed 1\r\n```\r\n"), one(2, "seed 1\n"));
        assert_eq!(blocks("```happens-before\nseed 1"), one(2, "seed 1\n"), "without end");
        assert_eq!(blocks("- a\n  ```happens-before\n  seed 1\n  ```\n"), one(3, "seed 1\n"));
        assert_eq!(blocks("````happens-before\n```\n````\n"), one(2, "```\n"), "longer fence");
        assert_eq!(blocks("```happens-before\n```\n```happens-before\nb\n```").len(), 2);
    }

    #[test]
    fn what_is_no_block_of_ours() {
        for text in [
            "",
            "```rust\nhappens-before\n```\n",
            "```happens-before-not\nx\n```\n",
            "````markdown\n```happens-before\nx\n```\n````\n",
            "```happens-before``` in a line\nx\n",
            "``happens-before\nx\n``\n",
        ] {
            assert!(blocks(text).is_empty(), "{text}");
        }
    }
}
