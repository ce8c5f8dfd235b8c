//! `digest FILE`: nothing but the 16 hex digits, for comparing with other machines.

use crate::input;
use crate::output::out_line;
use crate::status::Status;
use std::path::PathBuf;

/// What to play.
#[derive(clap::Args)]
pub struct Arguments {
    /// A scenario; - is standard input.
    file: PathBuf,
}

/// Plays a text to its end, or for 10 s, whatever is violated on the way.
pub fn run(arguments: &Arguments) -> Status {
    let Some(mut run) = input::load(&arguments.file) else { return Status::Unreadable };
    run.finish();
    out_line!("{}", run.digest());
    Status::Holds
}
