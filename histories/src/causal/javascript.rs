//! Regular expressions as JavaScript writes them, brought into the dialect of the crate `regex`.
//! Its time is linear in the text whatever the expression: nothing a user types can hang. Hence
//! no lookaround and no backreferences; they are refused in words.

use regex::{Regex, RegexBuilder};

/// Longer expressions are refused.
const LENGTH_MAX: usize = 10_000;

/// White space, in JavaScript's eyes.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";
const WORD: &str = "0-9A-Za-z_";
const DIGIT: &str = "0-9";

/// An expression with JavaScript's flags `g` and `m`.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn compile(source: &str) -> Result<Regex, String> {
    if source.len() > LENGTH_MAX {
        return Err(format!("an expression has at most {LENGTH_MAX} bytes"));
    }
    let translated = Translator { rest: source, out: String::new() }.run()?;
    let compiled = RegexBuilder::new(&translated).multi_line(true).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the expression is too big".to_string(),
        // The last line says what; those before show the translated expression.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_string()
        }
    })
}

/// What an escape stands for.
enum Escape {
    Char(char),
    /// What stands between the brackets of a class, and whether it is excluded.
    Class(&'static str, bool),
    /// A boundary of words, or none.
    Boundary(bool),
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
}

impl Translator<'_> {
    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn run(mut self) -> Result<String, String> {
        // Whether something stands before that may be repeated.
        let mut repeatable = false;
        while let Some(next) = self.take() {
            let repeats = matches!(next, '*' | '+' | '?') || next == '{' && self.is_at_count();
            if repeats {
                if !repeatable {
                    return Err(format!("there is nothing that {next} could repeat"));
                }
                self.repeat(next);
                repeatable = false;
                continue;
            }
            repeatable = !matches!(next, '(' | '|' | '^' | '$');
            match next {
                '\\' => match self.escape(false)? {
                    Escape::Char(literal) => self.literal(literal),
                    Escape::Class(inside, excluded) => {
                        self.out += &format!("[{}{inside}]", if excluded { "^" } else { "" });
                    }
                    Escape::Boundary(there) => {
                        self.out += if there { r"(?-u:\b)" } else { r"(?-u:\B)" };
                        repeatable = false;
                    }
                },
                '.' => self.out += r"[^\n\r\u{2028}\u{2029}]",
                '[' => self.class()?,
                '(' => self.group()?,
                ')' | '|' | '^' | '$' => self.out.push(next),
                literal => self.literal(literal),
            }
        }
        Ok(self.out)
    }

    /// Behind a brace: whether it is one of `{2}`, `{2,}` and `{2,3}`. A bare one is itself.
    fn is_at_count(&self) -> bool {
        let Some((count, _)) = self.rest.split_once('}') else { return false };
        let (low, high) = count.split_once(',').unwrap_or((count, ""));
        let digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
        !low.is_empty() && digits(low) && digits(high)
    }

    fn repeat(&mut self, sign: char) {
        self.out.push(sign);
        if sign == '{' {
            let end = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
            self.out += &self.rest[..end];
            self.rest = &self.rest[end..];
        }
        if let Some(rest) = self.rest.strip_prefix('?') {
            self.out.push('?');
            self.rest = rest;
        }
    }

    /// Behind `(`.
    fn group(&mut self) -> Result<(), String> {
        self.out.push('(');
        let Some(rest) = self.rest.strip_prefix('?') else { return Ok(()) };
        if let Some(rest) = rest.strip_prefix(':') {
            self.out += "?:";
            self.rest = rest;
            return Ok(());
        }
        if ["=", "!", "<=", "<!"].iter().any(|sign| rest.starts_with(sign)) {
            return Err("lookahead and lookbehind cannot be used: match the text itself".into());
        }
        let name = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let is_word = |name: &str| {
            !name.is_empty() && name.chars().all(|it| it == '_' || it.is_ascii_alphanumeric())
        };
        let Some((name, rest)) = name.filter(|(name, _)| is_word(name)) else {
            return Err("after (? comes : or <name>, and a name is a word".to_string());
        };
        self.out += &format!("?<{name}>");
        self.rest = rest;
        Ok(())
    }

    /// Behind a backslash.
    fn escape(&mut self, in_class: bool) -> Result<Escape, String> {
        let Some(next) = self.take() else {
            return Err("a backslash at the end escapes nothing".to_string());
        };
        Ok(match next {
            'd' => Escape::Class(DIGIT, false),
            'D' => Escape::Class(DIGIT, true),
            'w' => Escape::Class(WORD, false),
            'W' => Escape::Class(WORD, true),
            's' => Escape::Class(SPACE, false),
            'S' => Escape::Class(SPACE, true),
            'b' if in_class => Escape::Char('\u{8}'),
            'b' => Escape::Boundary(true),
            'B' if !in_class => Escape::Boundary(false),
            'n' => Escape::Char('\n'),
            'r' => Escape::Char('\r'),
            't' => Escape::Char('\t'),
            'v' => Escape::Char('\u{b}'),
            'f' => Escape::Char('\u{c}'),
            '0' => Escape::Char('\0'),
            'x' => Escape::Char(self.code(2).unwrap_or('x')),
            'u' => Escape::Char(self.code(4).unwrap_or('u')),
            '1'..='9' | 'k' if !in_class => {
                return Err("references back to a group cannot be used".to_string());
            }
            other => Escape::Char(other),
        })
    }

    /// A character by so many hex digits; else the letter before stands for itself.
    fn code(&mut self, digits: usize) -> Option<char> {
        let code = self.rest.get(..digits)?;
        if !code.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
        self.rest = &self.rest[digits..];
        Some(code)
    }

    /// Behind `[`. In JavaScript `[]` matches nothing, `[^]` everything, and inside a class no
    /// sign but `]`, `\`, `-` and a leading `^` is special.
    fn class(&mut self) -> Result<(), String> {
        let excluded = self.rest.starts_with('^');
        if excluded {
            self.take();
        }
        if let Some(rest) = self.rest.strip_prefix(']') {
            self.rest = rest;
            self.out += if excluded { "(?s:.)" } else { r"[^\x00-\u{10FFFF}]" };
            return Ok(());
        }
        self.out += if excluded { "[^" } else { "[" };
        // A character that may begin a range, and whether a dash stands behind it.
        let mut pending: Option<(char, bool)> = None;
        loop {
            let Some(next) = self.take() else { return Err("a [ is never closed".to_string()) };
            if next == ']' {
                break;
            }
            let item = if next == '\\' { self.escape(true)? } else { Escape::Char(next) };
            pending = match (pending, item) {
                (Some((low, true)), Escape::Char(high)) => {
                    if low > high {
                        return Err(format!("the range {low}-{high} runs backwards"));
                    }
                    self.literal(low);
                    self.out.push('-');
                    self.literal(high);
                    None
                }
                (Some((low, false)), Escape::Char('-')) if next == '-' => Some((low, true)),
                (before, item) => {
                    self.settle(before);
                    match item {
                        Escape::Char(literal) => Some((literal, false)),
                        Escape::Class(inside, true) => {
                            self.out += &format!("[^{inside}]");
                            None
                        }
                        Escape::Class(inside, false) => {
                            self.out += inside;
                            None
                        }
                        Escape::Boundary(_) => None,
                    }
                }
            };
        }
        self.settle(pending);
        self.out.push(']');
        Ok(())
    }

    /// What begins no range stands for itself, and so does the dash behind it.
    fn settle(&mut self, pending: Option<(char, bool)>) {
        if let Some((literal, dash)) = pending {
            self.literal(literal);
            if dash {
                self.literal('-');
            }
        }
    }

    fn literal(&mut self, literal: char) {
        if literal.is_ascii_alphanumeric() || !literal.is_ascii() {
            self.out.push(literal);
        } else {
            self.out += &format!("\\x{:02X}", literal as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[track_caller]
    fn first(source: &str, text: &str, expected: Option<&str>) {
        let found = compile(source).unwrap();
        assert_eq!(found.find(text).map(|it| it.as_str()), expected, "{source}");
    }

    #[track_caller]
    fn refused(source: &str, reason: &str) {
        assert_eq!(compile(source).unwrap_err(), reason);
    }

    #[test]
    fn what_javascript_reads_otherwise() {
        first("{.*}", "a {\"n\": 1}", Some("{\"n\": 1}"));
        first("x{,3}", "xx{,3}", Some("x{,3}"));
        first("a{2}", "aaa", Some("aa"));
        first("a{2,}?b", "aaab", Some("aaab"));
        first(".*", "one\rtwo", Some("one"));
        first(r"\w+", "äab", Some("ab"));
        first(r"\s", "a\u{feff}", Some("\u{feff}"));
        first(r"\s", "\u{85}", None);
        first(r"\d+", "٣4", Some("4"));
        first(r"\bé", "é", None);
        first(r"[\w-.]+", "!a-b.c!", Some("a-b.c"));
        first("[[a&&b]+", "x[&ab", Some("[&ab"));
        first(r"[\]\\-]+", "a]\\-", Some("]\\-"));
        first("[^]", "\n", Some("\n"));
        first("[]", "a", None);
        first(r"[a-c\d]+", "xb2z", Some("b2"));
        first(r"\/\<\u0041\x42\q", "/<ABq", Some("/<ABq"));
        first("]}", "]}", Some("]}"));
        first("^b$", "a\nb\nc", Some("b"));
        first(r"[\b]", "\u{8}", Some("\u{8}"));
        first(r"a#b c", "a#b c", Some("a#b c"));
    }

    #[test]
    fn what_is_refused_says_why() {
        refused("(?=a)", "lookahead and lookbehind cannot be used: match the text itself");
        refused(r"(a)\1", "references back to a group cannot be used");
        refused("(?i)a", "after (? comes : or <name>, and a name is a word");
        refused("a**", "there is nothing that * could repeat");
        refused("|+", "there is nothing that + could repeat");
        refused("[z-a]", "the range z-a runs backwards");
        refused("[a", "a [ is never closed");
        refused("\\", "a backslash at the end escapes nothing");
        refused("(a", "unclosed group");
        refused("(?:a{1000}){1000}", "the expression is too big");
        refused(&"(".repeat(10_001), "an expression has at most 10000 bytes");
        assert!(compile(&"(".repeat(5_000)).is_err());
    }
}
