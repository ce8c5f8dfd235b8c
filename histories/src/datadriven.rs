//! Tests as tables, as etcd's raft has them (the format of the Go package datadriven): a command
//! with arguments, lines of input, `----`, and the output that is expected, up to an empty line.

use crate::formats::Unreadable;

const SEPARATOR: &str = "----";

/// By key.
type Arguments<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// A command and its expected output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case<'a> {
    /// Of the command, from 1.
    pub line: usize,
    pub command: &'a str,
    /// `key=value`, `key=(value,value)` or a bare `key`.
    pub arguments: Arguments<'a>,
    /// Each with its line.
    pub output: Vec<(usize, &'a str)>,
}

/// The cases of a file. Lines with `#` in front are comments.
pub fn read(text: &str) -> Result<Vec<Case<'_>>, Unreadable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line)).peekable();
    let mut cases = Vec::new();
    while let Some((line, text)) = lines.next() {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let (command, arguments) = directive(text, line)?;
        // What a command is given.
        if !lines.any(|(_, text)| text.trim_end() == SEPARATOR) {
            let reason = format!("the command {command} has no {SEPARATOR} and output behind it");
            return Err(Unreadable::new(line, reason));
        }
        // Between two separators, output may have empty lines.
        let is_fenced = lines.next_if(|(_, text)| text.trim_end() == SEPARATOR).is_some();
        let mut output = Vec::new();
        let mut closed = !is_fenced;
        while let Some((line, text)) = lines.next() {
            if is_fenced && text.trim_end() == SEPARATOR {
                closed = lines.next_if(|(_, text)| text.trim_end() == SEPARATOR).is_some();
                if closed {
                    break;
                }
            } else if !is_fenced && text.trim().is_empty() {
                break;
            }
            output.push((line, text));
        }
        if !closed {
            let reason = format!("the output of {command} is never closed by two {SEPARATOR}");
            return Err(Unreadable::new(line, reason));
        }
        cases.push(Case { line, command, arguments, output });
    }
    Ok(cases)
}

/// What a line says: command and arguments.
fn directive(text: &str, line: usize) -> Result<(&str, Arguments<'_>), Unreadable> {
    let text = text.trim();
    let (command, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut arguments = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok((command, arguments));
        }
        let end = rest.find(|it: char| it == '=' || it.is_whitespace()).unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            arguments.push((key, Vec::new()));
            continue;
        };
        let values;
        if let Some(list) = value.strip_prefix('(') {
            let Some((list, behind)) = list.split_once(')') else {
                return Err(Unreadable::new(line, format!("the list of {key} is never closed")));
            };
            (values, rest) = (list, behind);
        } else {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (values, rest) = value.split_at(end);
        }
        let values = values.split(',').map(str::trim);
        arguments.push((key, values.filter(|it| !it.is_empty()).collect()));
    }
}
