//! The search against a definition by brute force, and against small examples whose verdicts
//! are known.

mod agreement;
mod brute;
mod examples;
mod just_in_time;
mod objects;
mod unique;
