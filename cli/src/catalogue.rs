//! `catalogue`: the scenarios that come with the command, for people and scripts.

use crate::output::{out, out_line};
use crate::status::Status;
use happens_before::catalogue::{self, CATALOGUE, FOLDER};

/// How to list.
#[derive(clap::Args)]
pub struct Arguments {
    /// Titles and texts, too, as JSON.
    #[arg(long)]
    json: bool,
    /// Play each and print its digest instead of its path, as the file of digests has it.
    #[arg(long, conflicts_with = "json")]
    digests: bool,
}

/// One scenario per line: its name, a tab, its path from the root of the repository.
pub fn run(arguments: &Arguments) -> Status {
    if arguments.json {
        return crate::play::print_json(&CATALOGUE);
    }
    if arguments.digests {
        out!("{}", catalogue::digests());
        return Status::Holds;
    }
    for entry in CATALOGUE {
        out_line!("{}\t{FOLDER}/{}.hb", entry.name, entry.name);
    }
    Status::Holds
}
