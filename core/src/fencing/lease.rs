//! Leases: locks that end by themselves. When the holder has to stop, and when the granter may
//! give again, if their clocks do not run at one rate.

use super::token::{Token, Tokens};

/// How far the rates of two clocks may lie apart: while one shows a million microseconds,
/// the other shows at most this many more. Nothing is assumed of what they show, only of how
/// fast they run; so a clock that is stepped must not be used for leases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rates {
    /// Millionths.
    pub bound_ppm: u64,
}

impl Rates {
    /// All clocks run alike.
    pub const EQUAL: Rates = Rates { bound_ppm: 0 };

    /// A span that the faster clock shows, as the slower one is sure to show it too early
    /// rather than too late: one microsecond is taken off for each clock, which show whole ones.
    pub const fn shortened_us(self, span_us: u64) -> u64 {
        let whole = span_us.saturating_sub(1) as u128 * 1_000_000;
        ((whole / (1_000_000 + self.bound_ppm as u128)) as u64).saturating_sub(1)
    }
}

/// A lease as its holder keeps it, in the time of the holder's own clock.
///
/// It begins when the question left, not when the answer came: the granter counts from some
/// moment between the two. And it is as much shorter as the granter's clock may be faster (Gray
/// and Cheriton 1989, §2: a holder's term is the server's, less the time that the grant was on
/// its way and an allowance for clocks).
///
/// It says when to *begin* nothing more. What has begun takes its time, and a process may
/// stand still between looking at its lease and doing what the lease allows: that is why a
/// store has to look at tokens.
///
/// ```
/// use happens_before::fencing::{Lease, Rates};
///
/// // Asked at 5 s for a lease of 2 s; clocks may differ by 1 %.
/// let lease = Lease::asked_at(5_000_000, 2_000_000, Rates { bound_ppm: 10_000 });
/// assert!(lease.holds_at(6_900_000));
/// assert!(!lease.holds_at(6_990_000), "a fast granter has given it away by now");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    end_us: u64,
}

impl Lease {
    /// Asked for at that time, for so long by the granter's clock.
    pub const fn asked_at(asked_us: u64, length_us: u64, rates: Rates) -> Lease {
        Lease { end_us: asked_us.saturating_add(rates.shortened_us(length_us)) }
    }

    /// Whether it still holds.
    pub const fn holds_at(&self, now_us: u64) -> bool {
        now_us < self.end_us
    }

    /// From when on it holds no longer.
    pub const fn end_us(&self) -> u64 {
        self.end_us
    }

    /// The later end counts: a renewal never shortens a lease.
    #[must_use]
    pub fn renewed(self, by: Lease) -> Lease {
        Lease { end_us: self.end_us.max(by.end_us) }
    }
}

/// A lock that somebody else holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The holder's token.
    pub token: Token,
    /// When its lease ends by the granter's clock.
    pub until_us: u64,
}

/// Who renews or releases does not hold it: its lease ended, or it never had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHeld;

/// One lock as its granter keeps it, in the time of the granter's own clock. A lease that has
/// ended is over without anybody saying so; a token is never given twice.
///
/// ```
/// use happens_before::fencing::{Lock, Token};
///
/// let mut lock = Lock::first_token(1);
/// let token = lock.acquire("ann", 0, 100).unwrap();
/// assert_eq!(lock.acquire("bob", 50, 100).unwrap_err().until_us, 100);
///
/// lock.renew(token, 60, 100).unwrap();
/// assert!(lock.acquire("bob", 159, 100).is_err());
/// assert_eq!(lock.acquire("bob", 160, 100), Ok(Token(2)));
/// assert!(lock.release(token, 170).is_err(), "it is bob's now");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock<O> {
    tokens: Tokens,
    holder: Option<(O, Token, u64)>,
}

impl<O: Clone + PartialEq> Lock<O> {
    /// Free; the first grant gets this token.
    pub const fn first_token(first: u64) -> Lock<O> {
        Lock { tokens: Tokens::after(Token(first.saturating_sub(1))), holder: None }
    }

    /// Who holds it at that time, with which token.
    pub fn holder(&self, now_us: u64) -> Option<(&O, Token)> {
        let held = self.holder.as_ref().filter(|(_, _, until_us)| now_us < *until_us);
        held.map(|(owner, token, _)| (owner, *token))
    }

    /// The last token given out: it has to survive a restart.
    pub fn last_token(&self) -> Token {
        self.tokens.last()
    }

    /// Gives it to `owner` for so long. Who holds it and asks again gets a new token.
    ///
    /// # Errors
    /// Somebody else holds it.
    pub fn acquire(&mut self, owner: O, now_us: u64, length_us: u64) -> Result<Token, Held> {
        if let Some((other, token, until_us)) = &self.holder
            && *other != owner
            && now_us < *until_us
        {
            return Err(Held { token: *token, until_us: *until_us });
        }
        let token = self.tokens.issue();
        self.holder = Some((owner, token, now_us.saturating_add(length_us)));
        Ok(token)
    }

    /// The lease with this token lasts so long from now on.
    ///
    /// # Errors
    /// It has ended.
    pub fn renew(&mut self, token: Token, now_us: u64, length_us: u64) -> Result<(), NotHeld> {
        match &mut self.holder {
            Some((_, held, until_us)) if *held == token && now_us < *until_us => {
                *until_us = (*until_us).max(now_us.saturating_add(length_us));
                Ok(())
            }
            _ => Err(NotHeld),
        }
    }

    /// Gives it back.
    ///
    /// # Errors
    /// Its lease had ended already: somebody else may hold it, and keeps it.
    pub fn release(&mut self, token: Token, now_us: u64) -> Result<(), NotHeld> {
        if self.holder(now_us).is_some_and(|(_, held)| held == token) {
            self.holder = None;
            return Ok(());
        }
        Err(NotHeld)
    }
}
