//! A store of files beside a lock service: what clients do with a lock once they have it (DDIA,
//! chapter 8: "a client first needs to read the file, make some changes, and write it back").
//! Shared by the rooms of locks: the machine that clients believe in, the store's rules, and
//! what must hold of it. Sends nothing: the room does.

mod machine;
mod store;
mod watch;

pub use machine::{Answer, Command, File, Files, OPERATIONS};
pub use store::{Ask, Guard, Outcome, Record, Storage, Told, Write};
pub use watch::{Found, Watch};
