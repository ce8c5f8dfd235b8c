//! A store that refuses who comes too late.

use super::token::Token;

/// Refused: somebody with a higher token has been here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The highest token seen.
    pub seen: Token,
}

/// One value that only the newest holder of a lock may change: "the storage server remembers
/// that it has already processed a write with a higher token number, and so it rejects the
/// request" (DDIA, chapter 8). Refused is only what is *lower* than the highest token seen: the
/// same holder may write again.
///
/// A holder that reads in order to write says its token when it reads, too (`read`). Otherwise
/// an older holder may write between the two, with no higher token seen yet, and the newer one
/// overwrites that without having seen it.
///
/// Value and highest token must survive a restart together: a store that forgets the token
/// welcomes everybody.
///
/// ```
/// use happens_before::fencing::{Store, Token};
///
/// let mut store = Store::new(0);
/// assert!(store.write(Token(34), 1).is_ok());
/// assert!(store.write(Token(34), 2).is_ok(), "the same holder again");
/// assert_eq!(store.write(Token(33), 3).unwrap_err().seen, Token(34));
///
/// // After a restart: from what was kept.
/// let mut store = Store::resume(*store.peek(), store.highest());
/// assert!(store.write(Token(33), 3).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store<V> {
    value: V,
    highest: Token,
}

impl<V> Store<V> {
    /// Nobody has been here.
    pub const fn new(value: V) -> Store<V> {
        Store { value, highest: Token::NONE }
    }

    /// As it was kept.
    pub const fn resume(value: V, highest: Token) -> Store<V> {
        Store { value, highest }
    }

    /// The highest token seen.
    pub fn highest(&self) -> Token {
        self.highest
    }

    /// Notes a token.
    ///
    /// # Errors
    /// It is lower than the highest seen.
    pub fn admit(&mut self, token: Token) -> Result<(), Stale> {
        if token < self.highest {
            return Err(Stale { seen: self.highest });
        }
        self.highest = token;
        Ok(())
    }

    /// Reads in order to write: whoever held the lock before is refused from now on.
    ///
    /// # Errors
    /// The token is lower than the highest seen.
    pub fn read(&mut self, token: Token) -> Result<&V, Stale> {
        self.admit(token)?;
        Ok(&self.value)
    }

    /// Writes.
    ///
    /// # Errors
    /// The token is lower than the highest seen; nothing is changed.
    pub fn write(&mut self, token: Token, value: V) -> Result<(), Stale> {
        self.admit(token)?;
        self.value = value;
        Ok(())
    }

    /// Reads only: no token is needed, and none is noted.
    pub fn peek(&self) -> &V {
        &self.value
    }
}
