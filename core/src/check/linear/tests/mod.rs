//! The search against a definition by brute force, and against small examples whose verdicts
//! are known.

mod agreement;
mod brute;
mod examples;
mod objects;
mod unique;
