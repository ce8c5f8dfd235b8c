//! As much of EDN as histories are written in: nil, truth values, numbers, strings, characters,
//! keywords, symbols, vectors, lists, maps, sets, tags (passed over), `#_` and `;`. Its own
//! parser, because tagged records of unknown types have to be tolerated and lines be known.

use super::{Record, Unreadable};
use happens_before::check::linear::Value;

/// How deep values may be nested.
const DEPTH_MAX: usize = 64;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edn {
    Nil,
    Bool(bool),
    Int(i64),
    /// A string, character, symbol, or a number that is no whole one of 64 bits.
    Text(String),
    /// Without its colon.
    Keyword(String),
    /// Vector or list; a set in the order of its elements.
    Sequence(Vec<Edn>),
    /// In the order of the keys.
    Map(Vec<(Edn, Edn)>),
}

impl Edn {
    /// The value of a key of a map, which is a keyword or a string.
    pub fn get(&self, name: &str) -> Option<&Edn> {
        let Edn::Map(entries) = self else { return None };
        let entry = entries.iter().find(|(key, _)| key.word() == Some(name));
        entry.map(|(_, value)| value)
    }

    /// A keyword or a string.
    pub fn word(&self) -> Option<&str> {
        match self {
            Edn::Text(word) | Edn::Keyword(word) => Some(word),
            _ => None,
        }
    }

    /// As a value that a register can hold.
    pub fn to_value(&self) -> Value {
        match self {
            Edn::Nil => Value::Nil,
            Edn::Bool(value) => Value::Bool(*value),
            Edn::Int(value) => Value::Int(*value),
            Edn::Text(word) | Edn::Keyword(word) => Value::Text(word.clone()),
            Edn::Sequence(values) => Value::List(values.iter().map(Edn::to_value).collect()),
            Edn::Map(entries) => {
                let pair =
                    |(key, value): &(Edn, Edn)| Value::List(vec![key.to_value(), value.to_value()]);
                Value::List(entries.iter().map(pair).collect())
            }
        }
    }
}

/// The records of a text: either the elements of one sequence, or values one after another.
pub fn records(text: &str) -> Result<Vec<Record>, Unreadable> {
    let mut reader = Reader { rest: text, line: 1, depth: 0 };
    reader.skip()?;
    let opener = reader.rest.chars().next();
    let sequence = opener == Some('(') || opener == Some('[') && !reader.is_at_event()?;
    let closer = match opener {
        Some('[') if sequence => Some(']'),
        Some('(') if sequence => Some(')'),
        _ => None,
    };
    let begin = reader.line;
    if sequence {
        reader.take();
    }
    let mut records = Vec::new();
    loop {
        reader.skip()?;
        let line = reader.line;
        match reader.rest.chars().next() {
            None if closer.is_some() => {
                let reason = format!("what begins in line {begin} is never closed");
                return Err(Unreadable::new(line, reason));
            }
            None => return Ok(records),
            next if next == closer => {
                reader.take();
                reader.skip()?;
                if reader.rest.is_empty() {
                    return Ok(records);
                }
                return Err(Unreadable::new(reader.line, "more follows after the end"));
            }
            Some(_) => records.push(Record { line, value: reader.value()? }),
        }
    }
}

/// The value that a text begins with, whatever follows.
pub fn first_value(text: &str) -> Result<Edn, Unreadable> {
    Reader { rest: text, line: 1, depth: 0 }.value()
}

#[derive(Clone)]
struct Reader<'a> {
    rest: &'a str,
    line: usize,
    depth: usize,
}

impl Reader<'_> {
    /// Whether a `[process type f value]` begins here, not a vector of those.
    fn is_at_event(&self) -> Result<bool, Unreadable> {
        let mut ahead = self.clone();
        ahead.take();
        ahead.skip()?;
        Ok(ahead.rest.starts_with(|c: char| c == ':' || c.is_ascii_digit()))
    }

    fn wrong<T>(&self, reason: impl Into<String>) -> Result<T, Unreadable> {
        Err(Unreadable::new(self.line, reason))
    }

    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        self.line += usize::from(next == '\n');
        Some(next)
    }

    /// Passes over white space, commas, comments and discarded values.
    fn skip(&mut self) -> Result<(), Unreadable> {
        loop {
            if self.rest.starts_with("#_") {
                self.rest = &self.rest[2..];
                self.value()?;
            } else if self.rest.starts_with(';') {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            } else if self.rest.starts_with(|c: char| c.is_whitespace() || c == ',') {
                self.take();
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Edn, Unreadable> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return self.wrong("values are nested too deeply");
        }
        self.skip()?;
        let value = self.bare_value();
        self.depth -= 1;
        value
    }

    fn bare_value(&mut self) -> Result<Edn, Unreadable> {
        match self.rest.chars().next() {
            None => self.wrong("the text ends where a value should be"),
            Some('[') => Ok(Edn::Sequence(self.sequence(']')?)),
            Some('(') => Ok(Edn::Sequence(self.sequence(')')?)),
            Some('{') => self.map(),
            Some('"') => self.string(),
            Some('#') => {
                self.take();
                if self.rest.starts_with('{') {
                    let mut values = self.sequence('}')?;
                    values.sort();
                    return Ok(Edn::Sequence(values));
                }
                // `##Inf` and its like are numbers. A tag says of which type the value is; the
                // value is enough.
                let tag = self.symbol();
                if tag.starts_with('#') { Ok(Edn::Text(tag.to_string())) } else { self.value() }
            }
            Some('\\') => self.character(),
            Some(closer @ (']' | ')' | '}')) => self.wrong(format!("{closer} closes nothing")),
            Some(_) => match self.symbol() {
                "" => self.wrong("this is no value"),
                symbol => Ok(atom(symbol)),
            },
        }
    }

    /// `\a`, `\newline`, `\u0041`: as a string of one character.
    fn character(&mut self) -> Result<Edn, Unreadable> {
        self.take();
        let Some(first) = self.take() else {
            return self.wrong("the text ends where a character should be");
        };
        let name = first.to_string() + self.symbol();
        let code = |digits: Option<&str>, radix| {
            digits.and_then(|it| u32::from_str_radix(it, radix).ok()).and_then(char::from_u32)
        };
        let known = match name.as_str() {
            "newline" => Some('\n'),
            "space" => Some(' '),
            "tab" => Some('\t'),
            "return" => Some('\r'),
            "formfeed" => Some('\u{c}'),
            "backspace" => Some('\u{8}'),
            name if name.len() == 5 => code(name.strip_prefix('u'), 16),
            _ => None,
        };
        Ok(Edn::Text(known.map_or(name, String::from)))
    }

    fn symbol(&mut self) -> &str {
        let ends = |c: char| c.is_whitespace() || ",;\"()[]{}".contains(c);
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (symbol, rest) = self.rest.split_at(end);
        self.rest = rest;
        symbol
    }

    fn sequence(&mut self, closer: char) -> Result<Vec<Edn>, Unreadable> {
        let begin = self.line;
        self.take();
        let mut values = Vec::new();
        loop {
            self.skip()?;
            if self.rest.is_empty() {
                return self.wrong(format!("what begins in line {begin} is never closed"));
            }
            if self.rest.starts_with(closer) {
                self.take();
                return Ok(values);
            }
            values.push(self.value()?);
        }
    }

    fn map(&mut self) -> Result<Edn, Unreadable> {
        let values = self.sequence('}')?;
        if values.len() % 2 != 0 {
            return self.wrong("a key of this map has no value");
        }
        let mut entries = Vec::new();
        let mut values = values.into_iter();
        while let (Some(key), Some(value)) = (values.next(), values.next()) {
            entries.push((key, value));
        }
        // One order for equal maps; the first of two equal keys stays the first.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Edn::Map(entries))
    }

    fn string(&mut self) -> Result<Edn, Unreadable> {
        let begin = self.line;
        self.take();
        let mut string = String::new();
        loop {
            match self.take() {
                None => {
                    return self.wrong(format!("the string of line {begin} is never closed"));
                }
                Some('"') => return Ok(Edn::Text(string)),
                Some('\\') => match self.take() {
                    Some('n') => string.push('\n'),
                    Some('t') => string.push('\t'),
                    Some('r') => string.push('\r'),
                    Some('b') => string.push('\u{8}'),
                    Some('f') => string.push('\u{c}'),
                    Some('u') => {
                        let code =
                            self.rest.get(..4).and_then(|it| u32::from_str_radix(it, 16).ok());
                        let Some(character) = code.and_then(char::from_u32) else {
                            return self.wrong("\\u needs four hex digits of a character");
                        };
                        string.push(character);
                        self.rest = &self.rest[4..];
                    }
                    Some(other) => string.push(other),
                    None => {}
                },
                Some(other) => string.push(other),
            }
        }
    }
}

/// What a symbol stands for.
fn atom(symbol: &str) -> Edn {
    match symbol {
        "nil" => Edn::Nil,
        "true" => Edn::Bool(true),
        "false" => Edn::Bool(false),
        symbol => match symbol.strip_prefix(':') {
            Some(keyword) => Edn::Keyword(keyword.to_string()),
            None => {
                let whole = symbol.strip_suffix('N').unwrap_or(symbol).parse();
                whole.map_or_else(|_| Edn::Text(symbol.to_string()), Edn::Int)
            }
        },
    }
}
