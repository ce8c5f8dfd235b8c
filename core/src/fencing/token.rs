//! Fencing tokens: numbers that rise with every grant.

use core::fmt;

/// "A number that increases every time a lock is granted" (DDIA, chapter 8, "Fencing tokens").
/// 0 is before every grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

impl Token {
    /// Older than every token that is ever given out.
    pub const NONE: Token = Token(0);
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Gives out tokens. What DDIA asks of them (chapter 8, "Correctness of an algorithm"):
///
/// - *unique*: no two requests get the same one;
/// - *monotonic*: if one request was answered before another began, its token is lower;
/// - *available*: who asks and does not crash gets an answer; here at once.
///
/// The last token given is all there is to remember: keep it on disk before a token leaves,
/// or in a replicated log. One who forgets it is neither unique nor monotonic any more.
///
/// ```
/// use happens_before::fencing::{Token, Tokens};
///
/// let mut tokens = Tokens::default();
/// assert_eq!(tokens.issue(), Token(1));
/// assert_eq!(tokens.issue(), Token(2));
///
/// // After a restart: from what was kept.
/// let mut tokens = Tokens::after(Token(2));
/// assert_eq!(tokens.issue(), Token(3));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tokens {
    last: Token,
}

impl Tokens {
    /// Goes on behind this one.
    pub const fn after(last: Token) -> Tokens {
        Tokens { last }
    }

    /// The next one.
    ///
    /// # Panics
    /// After 2^64 - 1 tokens: a counter that began anew would break every promise above.
    pub fn issue(&mut self) -> Token {
        self.last = Token(self.last.0.checked_add(1).expect("a token is left"));
        self.last
    }

    /// The last one given out: what has to survive a restart.
    pub fn last(&self) -> Token {
        self.last
    }
}
