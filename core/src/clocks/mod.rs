//! Clocks as plain data types: logical ones that count causes, hybrid ones that stay near the
//! wall, intervals that say how little they know, and the arithmetic by which real clocks are
//! set. They know no world: use one alone, in any program. Integers only; no time is ever read,
//! it is handed in.
//!
//! | type | compares | costs | source |
//! |---|---|---|---|
//! | [`Lamport`] | a → b gives a smaller number, not the other way round | 8 bytes | Lamport 1978 |
//! | [`VectorClock`] | a → b exactly if smaller | one count a process | Fidge 1988, Mattern 1989 |
//! | [`VersionVector`] | versions of one object | one count a replica | Parker et al. 1983 |
//! | [`Siblings`] | single writes, exactly | one count a replica, one for each value | Preguiça et al. 2010 |
//! | [`Hlc`] | as Lamport's, and near the wall clock | 12 bytes | Kulkarni et al. 2014 |
//! | [`Interval`] | certain order, or "don't know" | 16 bytes | Corbett et al. 2012 |
//! | [`Exchange`] | how far two clocks are apart | four readings | Mills, RFC 5905 |

mod dotted;
mod hybrid;
mod interval;
mod lamport;
mod physical;
#[cfg(test)]
mod tests;
mod vector;

pub use dotted::{Dot, DottedVersion, Siblings};
pub use hybrid::{Hlc, TooFarAhead};
pub use interval::Interval;
pub use lamport::{Lamport, Stamp};
pub use physical::{Exchange, Reading, berkeley, cristian, marzullo};
pub use vector::{VectorClock, VersionVector};
