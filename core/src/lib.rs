//! Happens-Before: distributed protocols as they are, and a deterministic world to run and
//! break them in. See `ARCHITECTURE.md` for the map.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

pub mod catalogue;
pub mod check;
pub mod chunks;
pub mod clocks;
pub mod declare;
pub mod detect;
mod dice;
pub mod draw;
pub mod explore;
pub mod export;
pub mod faults;
pub mod fencing;
pub mod machine;
pub mod order;
pub mod picture;
pub mod process;
pub mod protocols;
pub mod quorum;
pub mod recorded;
pub mod renaming;
pub mod run;
pub mod scenario;
pub mod stamps;
pub mod view;
pub mod world;
