//! One line cut into tokens with their places. Takes the forms that editors and messengers
//! make of a text (typographic quotes, dashes and arrows, non-breaking spaces) as the plain
//! ones. Never knows what a word means.

use super::diagnose::{Diagnostic, Place};
use alloc::string::String;
use alloc::vec::Vec;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Anything without blanks and signs: `crash`, `20ms`, `n3`, `-500ppm`.
    Word,
    /// `"..."`
    Text,
    /// A text that never ends; `lex` gives none away.
    OpenText,
    /// `->`
    Arrow,
    /// `--`
    Both,
    /// `..`
    Dots,
    /// `|`
    Bar,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `=`
    Equals,
    /// `#4` behind a message's kind.
    Count,
}

/// A piece of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub sort: Sort,
    /// As written; texts with their quotes.
    pub raw: &'a str,
    /// First byte, counted in the line.
    pub start: usize,
    pub place: Place,
}

impl Token<'_> {
    /// First byte after it.
    pub(super) fn end(&self) -> usize {
        self.start + self.raw.len()
    }

    /// The characters of a quoted text with the place of each, quotes and escapes taken off.
    pub(super) fn characters(&self) -> Vec<(u32, char)> {
        let inner = self.raw.chars().zip(self.place.column..).skip(1);
        let inner: Vec<(u32, char)> = inner.map(|(c, column)| (column, c)).collect();
        let inner = &inner[..inner.len().saturating_sub(1)];
        let mut out = Vec::with_capacity(inner.len());
        let mut k = 0;
        while k < inner.len() {
            let escaped = inner[k].1 == '\\'
                && inner.get(k + 1).is_some_and(|(_, c)| matches!(c, '"' | '\\'));
            k += usize::from(escaped);
            let (column, c) = inner[k];
            out.push((column, if is_blank(c) || c.is_control() { ' ' } else { c }));
            k += 1;
        }
        out
    }

    /// The content of a quoted text.
    pub(super) fn content(&self) -> String {
        self.characters().into_iter().map(|(_, c)| c).collect()
    }
}

/// The tokens of a line and what stands behind `#`.
pub(super) struct Lexed<'a> {
    pub tokens: Vec<Token<'a>>,
    pub comment: Option<&'a str>,
    /// Column behind the last token: where something missing is missing.
    pub end: u32,
}

/// Blank in any script, and the marks without width that come along when text is copied.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// Cuts a line into tokens. The one thing that can be wrong here is a text without its end.
pub(super) fn lex(number: u32, line: &str) -> Result<Lexed<'_>, Diagnostic> {
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    let mut lexed = Lexed { tokens: Vec::new(), comment: None, end: 1 };
    let mut k = 0;
    while k < chars.len() {
        let c = chars[k].1;
        if is_blank(c) {
            k += 1;
            continue;
        }
        if c == '#' && !begins_count(&chars[k..], &lexed.tokens) {
            lexed.comment = line.get(chars[k].0 + 1..).map(|rest| rest.trim_matches(is_blank));
            break;
        }
        let (sort, length) = token_at(&chars[k..]);
        let start = chars[k].0;
        let after = chars.get(k + length).map_or(line.len(), |(byte, _)| *byte);
        let place = Place { column: k as u32 + 1, length: length as u32 };
        if sort == Sort::OpenText {
            let message = "this text has no end.";
            return Err(Diagnostic::new(number, place, message, "Close it with \"."));
        }
        lexed.tokens.push(Token { sort, raw: line.get(start..after).unwrap_or(""), start, place });
        lexed.end = place.column + place.length;
        k += length;
    }
    Ok(lexed)
}

/// Sort and number of characters of the token that begins here; at least one.
fn token_at(chars: &[(usize, char)]) -> (Sort, usize) {
    let at = |k: usize| chars.get(k).map(|(_, c)| *c);
    match (chars[0].1, at(1)) {
        ('"' | '“' | '”' | '„', _) => match text_length(chars) {
            Some(length) => (Sort::Text, length),
            None => (Sort::OpenText, chars.len()),
        },
        ('-', Some('>')) => (Sort::Arrow, 2),
        ('→', _) => (Sort::Arrow, 1),
        ('-', Some('-')) => (Sort::Both, 2),
        ('–' | '—', _) => (Sort::Both, 1),
        ('.', Some('.')) => (Sort::Dots, 2),
        ('…', _) => (Sort::Dots, 1),
        ('|', _) => (Sort::Bar, 1),
        (':', _) => (Sort::Colon, 1),
        (',', _) => (Sort::Comma, 1),
        ('=', _) => (Sort::Equals, 1),
        ('#', _) => (Sort::Count, 1 + digits(&chars[1..])),
        _ => {
            let goes_on = |k: usize| match at(k) {
                None | Some('"' | '“' | '”' | '„' | '→' | '–' | '—' | '…') => false,
                Some('|' | ':' | ',' | '=' | '#') => false,
                Some('-') => !matches!(at(k + 1), Some('>' | '-')),
                Some('.') => at(k + 1) != Some('.'),
                Some(c) => !is_blank(c),
            };
            (Sort::Word, (1..).find(|k| !goes_on(*k)).unwrap_or(1))
        }
    }
}

/// Characters of the text that begins here, quotes included. What a typographic quote opens,
/// any quote closes.
fn text_length(chars: &[(usize, char)]) -> Option<usize> {
    let closes = |c: char| c == '"' || chars[0].1 != '"' && matches!(c, '“' | '”');
    let mut k = 1;
    while k < chars.len() {
        match chars[k].1 {
            '\\' => k += 1,
            c if closes(c) => return Some(k + 1),
            _ => {}
        }
        k += 1;
    }
    None
}

/// `#` opens a comment, except the `#4` right behind the kind of a message: `-> n1 append #4`.
fn begins_count(chars: &[(usize, char)], before: &[Token]) -> bool {
    let [.., arrow, to, kind] = before else { return false };
    let ends = |c: Option<&(usize, char)>| c.is_none_or(|(_, c)| is_blank(*c) || *c == ':');
    let many = digits(&chars[1..]);
    arrow.sort == Sort::Arrow
        && to.sort == Sort::Word
        && kind.sort == Sort::Word
        && kind.raw.starts_with(char::is_alphabetic)
        && many > 0
        && ends(chars.get(1 + many))
}

fn digits(chars: &[(usize, char)]) -> usize {
    chars.iter().take_while(|(_, c)| c.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn words(line: &str) -> Vec<String> {
        let lexed = lex(1, line).expect("lexes");
        let mut out: Vec<String> =
            lexed.tokens.iter().map(|t| format!("{}:{}", t.place.column, t.raw)).collect();
        out.extend(lexed.comment.map(|c| format!("#{c}")));
        out
    }

    #[test]
    fn tokens_with_their_columns() {
        assert_eq!(
            words("at 1.5s  cut n1->n2"),
            ["1:at", "4:1.5s", "10:cut", "14:n1", "16:->", "18:n2"]
        );
        assert_eq!(words("20ms..40ms"), ["1:20ms", "5:..", "7:40ms"]);
        assert_eq!(words("heal n1--n2"), ["1:heal", "6:n1", "8:--", "10:n2"]);
        assert_eq!(words("drift n2 -500ppm"), ["1:drift", "7:n2", "10:-500ppm"]);
        assert_eq!(words("a|b:c,d"), ["1:a", "2:|", "3:b", "4::", "5:c", "6:,", "7:d"]);
        assert_eq!(words(""), [""; 0]);
    }

    #[test]
    fn a_count_is_no_comment() {
        assert_eq!(
            words("n3->n1 append #4 # 5"),
            ["1:n3", "3:->", "5:n1", "8:append", "15:#4", "#5"]
        );
        assert_eq!(words("crash n1 #1 why"), ["1:crash", "7:n1", "#1 why"]);
        assert_eq!(words("latency n1->n2 5ms #1 slow").last().unwrap(), "#1 slow");
        assert_eq!(words("say \"a # b\" # c"), ["1:say", "5:\"a # b\"", "#c"]);
    }

    #[test]
    fn typographic_forms_are_the_plain_ones() {
        assert_eq!(words("say\u{a0}“a b”"), ["1:say", "5:“a b”"]);
        assert_eq!(words("\u{feff}cut n1→n2"), ["2:cut", "6:n1", "8:→", "9:n2"]);
        assert_eq!(words("cut n1—n2\r"), ["1:cut", "5:n1", "7:—", "8:n2"]);
        let content = |line| lex(1, line).expect("lexes").tokens[0].content();
        assert_eq!(content("“a b\""), "a b");
        assert_eq!(content("„a b“"), "a b");
        assert_eq!(content("\"he said “a” \\\"b\\\" \\\\ c\\d\""), "he said “a” \"b\" \\ c\\d");
        assert_eq!(content("\"a\u{a0}b\""), "a b");
    }

    #[test]
    fn a_text_must_end() {
        for line in ["say \"", "say \"abc", "say \"a\\\"", "say “a", "say \"a”", "say „"] {
            let wrong = lex(7, line).err().expect(line);
            assert_eq!((wrong.line, wrong.column), (7, 5), "{line}");
            assert_eq!(wrong.length as usize, line.chars().count() - 4, "{line}");
        }
    }
}
