//! Reading the tokens of one line from left to right: the small values (names, times,
//! numbers, texts) and what to say when something else stands there. Also collects what the
//! line mentions, for `check` to judge against a declaration. Never looks at another line.

use super::ast::{Link, Name, OperationCall, OrderCall, Range, Value};
use super::diagnose::{Diagnostic, Place};
use super::lex::{Lexed, Sort, Token};
use super::print::Span;
use super::words;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The longest time a text can name: one hour.
pub(super) const LONGEST_US: u64 = 3_600_000_000;
/// The largest plain number but for seeds: counts, terms, indexes.
pub(super) const LARGEST: u64 = 1_000_000;

/// Something on a line that only a declaration or the rest of the text can judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    Protocol(String),
    Bug(String),
    Nodes(u16),
    Parameter(String),
    Setting(String, Value),
    Event(String),
    Message(String),
    Operation(OperationCall),
    Order(OrderCall),
    Check(String),
    /// A server or a client.
    Node(Name),
    Server(Name),
    Client(Name),
    NewClient(Name),
    StartingLog,
    /// A place-holder in a caption, and the event that the caption hangs on.
    Placeholder {
        event: Option<String>,
        field: String,
    },
}

/// A line being read.
pub(super) struct Cursor<'a> {
    pub line: u32,
    tokens: Vec<Token<'a>>,
    next: usize,
    end: u32,
    /// The event of the `when` that is being read.
    pub event: Option<String>,
    pub mentions: Vec<(Place, Mention)>,
}

type Read<T> = Result<T, Diagnostic>;

impl<'a> Cursor<'a> {
    pub(super) fn new(line: u32, lexed: Lexed<'a>) -> Self {
        let Lexed { tokens, end, .. } = lexed;
        Cursor { line, tokens, next: 0, end, event: None, mentions: Vec::new() }
    }

    pub(super) fn mention(&mut self, place: Place, what: Mention) {
        self.mentions.push((place, what));
    }

    /// The k-th token from here.
    pub(super) fn ahead(&self, k: usize) -> Option<Token<'a>> {
        self.tokens.get(self.next + k).copied()
    }

    pub(super) fn done(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Place of the next token, or behind the last one.
    pub(super) fn place(&self) -> Place {
        self.ahead(0).map_or(Place { column: self.end, length: 1 }, |token| token.place)
    }

    /// The word that comes k-th from here.
    pub(super) fn word_ahead(&self, k: usize) -> Option<&'a str> {
        self.ahead(k).filter(|token| token.sort == Sort::Word).map(|token| token.raw)
    }

    pub(super) fn comes(&self, sort: Sort) -> bool {
        self.ahead(0).is_some_and(|token| token.sort == sort)
    }

    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    /// Takes the next token if it is of this sort.
    pub(super) fn take(&mut self, sort: Sort) -> bool {
        let comes = self.comes(sort);
        self.next += usize::from(comes);
        comes
    }

    /// Takes the next token if it is this word.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let comes = self.word_ahead(0) == Some(word);
        self.next += usize::from(comes);
        comes
    }

    pub(super) fn wrong(
        &self,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(self.line, place, message, hint)
    }

    /// Something else stands here than what must, or nothing.
    pub(super) fn wanted(&self, what: &str, hint: impl Into<String>) -> Diagnostic {
        let message = match self.ahead(0) {
            None => format!("{what} is missing here."),
            Some(token) => format!("“{}” is not {what}.", shown(&token)),
        };
        self.wrong(self.place(), message, hint)
    }

    /// The line must be over.
    pub(super) fn finish(&self) -> Read<()> {
        let Some(token) = self.ahead(0) else { return Ok(()) };
        let message = format!("“{}” is too much here.", shown(&token));
        Err(self.wrong(token.place, message, "The line is complete without it."))
    }

    pub(super) fn keyword(&mut self, word: &str, hint: &str) -> Read<()> {
        if self.take_word(word) {
            return Ok(());
        }
        Err(self.wanted(&format!("the word “{word}”"), hint))
    }

    /// Any word, with its place.
    pub(super) fn word(&mut self, what: &str, hint: &str) -> Read<(&'a str, Place)> {
        match self.ahead(0) {
            Some(token) if token.sort == Sort::Word => {
                self.skip();
                Ok((token.raw, token.place))
            }
            _ => Err(self.wanted(what, hint)),
        }
    }

    /// A name such as `n3`.
    pub(super) fn name(&mut self) -> Read<Name> {
        match self.word_ahead(0).and_then(words::name) {
            Some(name) => {
                self.skip();
                Ok(name)
            }
            None => Err(self.wanted("the name of a node", "For example n1 or c1.")),
        }
    }

    /// A name that anything can have: server or client.
    pub(super) fn node(&mut self) -> Read<Name> {
        let place = self.place();
        let name = self.name()?;
        self.mention(place, Mention::Node(name));
        Ok(name)
    }

    pub(super) fn server(&mut self) -> Read<Name> {
        let place = self.place();
        let name = self.name()?;
        self.mention(place, Mention::Server(name));
        Ok(name)
    }

    /// Whether `n1->` or `n1--` comes.
    pub(super) fn link_comes(&self) -> bool {
        self.ahead(1).is_some_and(|token| matches!(token.sort, Sort::Arrow | Sort::Both))
    }

    /// `n1->n2`
    pub(super) fn link(&mut self) -> Read<Link> {
        let (from, to, both) = self.ends()?;
        if !both {
            return Ok(Link { from, to });
        }
        self.next -= 2;
        Err(self.wanted("an arrow", format!("One direction is meant: {from}->{to}.")))
    }

    /// `n1->n2` or `n1--n2`, and whether it is the second.
    pub(super) fn ends(&mut self) -> Read<(Name, Name, bool)> {
        let from = self.node()?;
        let both = self.comes(Sort::Both);
        if !both && !self.comes(Sort::Arrow) {
            return Err(self.wanted("-> or --", format!("For example {from}->n2.")));
        }
        self.skip();
        let place = self.place();
        let to = self.node()?;
        if from == to {
            let message = format!("{to} has no link to itself.");
            return Err(self.wrong(place, message, "A link joins two nodes."));
        }
        Ok((from, to, both))
    }

    /// A whole number within these bounds.
    pub(super) fn number(&mut self, what: &str, least: u64, most: u64) -> Read<u64> {
        let place = self.place();
        let digits = self.word_ahead(0).filter(|w| w.bytes().all(|b| b.is_ascii_digit()));
        let Some(digits) = digits else {
            return Err(self.wanted(what, format!("A whole number from {least} to {most}.")));
        };
        self.skip();
        let side = match digits.parse() {
            Ok(number) if number < least => "small",
            Ok(number) if number <= most => return Ok(number),
            _ => "large",
        };
        let message = format!("{digits} is too {side}.");
        Err(self.wrong(place, message, format!("Possible: {least} to {most}.")))
    }

    /// A time or a span of at least so much, µs.
    pub(super) fn time(&mut self, what: &str, least_us: u64) -> Read<u64> {
        let place = self.place();
        let Some(raw) = self.word_ahead(0) else {
            return Err(self.wanted(what, TIME_HINT));
        };
        let us = match span(raw) {
            Ok(us) => us,
            Err(Trouble::Other) => return Err(self.wanted(what, TIME_HINT)),
            Err(Trouble::Said(message, hint)) => return Err(self.wrong(place, message, hint)),
        };
        self.skip();
        if us < least_us {
            let least = Span(least_us);
            let message = format!("{raw} is too short here.");
            return Err(self.wrong(place, message, format!("At least {least}.")));
        }
        Ok(us)
    }

    /// A span that may be negative: whether it is, and its length in µs.
    pub(super) fn signed_time(&mut self, what: &str) -> Read<(bool, u64)> {
        let place = self.place();
        let Some(digits) = self.word_ahead(0).and_then(|raw| raw.strip_prefix('-')) else {
            return Ok((false, self.time(what, 0)?));
        };
        match span(digits) {
            Ok(us) => {
                self.skip();
                Ok((true, us))
            }
            Err(Trouble::Other) => Err(self.wanted(what, TIME_HINT)),
            Err(Trouble::Said(message, hint)) => Err(self.wrong(place, message, hint)),
        }
    }

    /// `20ms..40ms`, or one span as the range of one.
    pub(super) fn range(&mut self, what: &str, least_us: u64) -> Read<Range> {
        let first = self.place();
        let low = self.time(what, least_us)?;
        if !self.take(Sort::Dots) {
            return Ok(Range { low, high: low });
        }
        let last = self.place();
        let high = self.time(what, least_us)?;
        if low > high {
            let hint = format!("Did you mean {}?", Range { low: high, high: low });
            return Err(self.wrong(first.to(last), "the range ends before it begins.", hint));
        }
        Ok(Range { low, high })
    }

    /// A quoted text; its token too, for places inside it.
    pub(super) fn text(&mut self, what: &str) -> Read<Token<'a>> {
        match self.ahead(0) {
            Some(token) if token.sort == Sort::Text => {
                self.skip();
                Ok(token)
            }
            _ => Err(self.wanted(what, "Texts stand in quotes: \"...\".")),
        }
    }

    /// `1%`, `0.5%` in parts per million.
    pub(super) fn percent(&mut self) -> Read<u32> {
        let hint = "For example 1% or 0.5%, at most 100%.";
        let number = self.word_ahead(0).and_then(|word| word.strip_suffix('%'));
        let place = self.place();
        match number.map(|number| scaled(number, 4)) {
            Some(Some(ppm)) if ppm <= 1_000_000 => {
                self.skip();
                Ok(ppm as u32)
            }
            Some(Some(_)) => Err(self.wrong(place, "a probability ends at 100%.", hint)),
            _ => Err(self.wanted("a probability", hint)),
        }
    }
}

const TIME_HINT: &str = "For example 250us, 20ms or 1.5s.";

/// Why a word is no span of time.
enum Trouble {
    /// It does not look like one.
    Other,
    /// It nearly is: what is wrong, and what would be right.
    Said(String, String),
}

/// `250us`, `20ms`, `1.5s` in µs.
fn span(raw: &str) -> Result<u64, Trouble> {
    let unit_at = raw.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(raw.len());
    let (number, unit) = raw.split_at_checked(unit_at).unwrap_or((raw, ""));
    if !number.starts_with(|c: char| c.is_ascii_digit()) || number.matches('.').count() > 1 {
        return Err(Trouble::Other);
    }
    let digits = match unit {
        "us" | "µs" | "μs" => 0,
        "ms" => 3,
        "s" => 6,
        "" => {
            let hint = format!("Did you mean {raw}ms? Units: us, ms, s.");
            return Err(Trouble::Said(format!("{raw} has no unit."), hint));
        }
        _ => {
            let message = format!("no unit of time is called “{unit}”.");
            return Err(Trouble::Said(message, "Possible here: us, ms, s.".to_string()));
        }
    };
    let Some(us) = scaled(number, digits) else {
        let whole = number.bytes().all(|b| b.is_ascii_digit());
        if whole {
            return Err(too_long(raw));
        }
        let hint = "Virtual time counts whole microseconds.".to_string();
        return Err(Trouble::Said(format!("{raw} is finer than 1us."), hint));
    };
    if us > LONGEST_US { Err(too_long(raw)) } else { Ok(us) }
}

/// A span of time as a text has it, `20ms`, in µs; none if the word is none.
pub fn span_us(word: &str) -> Option<u64> {
    span(word).ok()
}

fn too_long(raw: &str) -> Trouble {
    Trouble::Said(format!("{raw} is too long."), "At most 3600s, one hour.".to_string())
}

/// A decimal number times a power of ten, if that is whole.
fn scaled(number: &str, digits: usize) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    let well_formed = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !well_formed(whole) || !well_formed(fraction) {
        return None;
    }
    let missing = digits.checked_sub(fraction.len())?;
    let unit = 10u64.pow(digits as u32);
    let part = match fraction {
        "" => 0,
        fraction => fraction.parse::<u64>().ok()? * 10u64.pow(missing as u32),
    };
    whole.parse::<u64>().ok()?.checked_mul(unit)?.checked_add(part)
}

/// A token as it stands in a message: not longer than a line's worth.
fn shown(token: &Token) -> String {
    let mut out: String = token.raw.chars().take(40).collect();
    if out.len() < token.raw.len() {
        out.push('…');
    }
    out
}
