//! What keeps two holders of one lock apart: tokens that rise with every grant, leases that end
//! by themselves, and a store that refuses who comes too late (Gray and Cheriton, "Leases",
//! 1989; Kleppmann, "How to do distributed locking", 2016; *Designing Data-Intensive
//! Applications*, chapter 8, figures 8-4 and 8-5). Plain data: no clock is read, nothing is
//! sent; whoever uses them passes the time of its own clock, µs.
//!
//! Figure 8-5, as it is drawn there:
//!
//! ```
//! use happens_before::fencing::{Lease, Lock, Rates, Store, Token};
//!
//! let mut lock = Lock::first_token(33);
//! let mut file = Store::new("");
//!
//! // Client 1 asks at 0 ms, by its own clock, and gets a lease of one second with token 33.
//! let first = lock.acquire("client 1", 2_000, 1_000_000).unwrap();
//! let lease = Lease::asked_at(0, 1_000_000, Rates::EQUAL);
//! assert_eq!(first, Token(33));
//!
//! // It stands still for longer than that. The lock is given again, with token 34.
//! let second = lock.acquire("client 2", 1_002_000, 1_000_000).unwrap();
//! assert_eq!(second, Token(34));
//! assert!(!lease.holds_at(1_500_000));
//!
//! // Client 2 writes. Client 1 wakes up and writes as well: it is refused.
//! assert!(file.write(second, "by client 2").is_ok());
//! assert_eq!(file.write(first, "by client 1").unwrap_err().seen, Token(34));
//! assert_eq!(*file.peek(), "by client 2");
//! ```

mod lease;
mod store;
#[cfg(test)]
mod tests;
mod token;

pub use lease::{Held, Lease, Lock, NotHeld, Rates};
pub use store::{Stale, Store};
pub use token::{Token, Tokens};
