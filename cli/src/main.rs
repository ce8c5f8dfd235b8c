//! The command `happens-before`: plays scenario texts and says whether they hold.

use clap::Parser;

/// Play, check and sweep scenarios of distributed protocols.
#[derive(Parser)]
#[command(name = "happens-before", version)]
struct Cli {}

fn main() {
    Cli::parse();
}
