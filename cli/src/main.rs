//! The command `happens-before`: plays scenario texts and says whether they hold. One file for
//! each subcommand; what a run means is decided in the library, never here.

mod catalogue;
mod causal;
mod check;
mod compare;
mod digest;
mod exhaust;
mod explore;
mod export;
mod fmt;
mod found;
mod input;
mod models;
mod output;
mod play;
mod progress;
mod quorum;
mod run;
mod seeds;
mod status;
mod sweep;
mod test;

use clap::{Parser, Subcommand};
use status::Status;
use std::process::ExitCode;

/// Play, check and sweep scenarios of distributed protocols.
///
/// Exit codes: 0 everything holds, 1 something is violated or an expectation is not met,
/// 2 unknown because a budget ran out, 3 the input cannot be read.
#[derive(Parser)]
#[command(name = "happens-before", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play a scenario to its end, or for 10 s; print its story and its verdicts.
    Run(run::Arguments),
    /// Print the digest of a scenario: the same 16 hex digits wherever it is played.
    Digest(digest::Arguments),
    /// Play and judge every .hb file and every fenced happens-before block of Markdown.
    Test(test::Arguments),
    /// Play random runs, or one scenario under many seeds; tell what they exercised.
    Sweep(sweep::Arguments),
    /// Explore a scenario exhaustively within bounds; with --seeds, find a seed that breaks it and
    /// shrink its run to a small text.
    Explore(explore::Arguments),
    /// Play one scenario under several protocols, and set side by side what each run costs.
    Compare(compare::Arguments),
    /// Play a protocol in every system (timing, failures); tell which promises survive it.
    Models(models::Arguments),
    /// List the scenarios that come with this command: name, a tab, path in the repository.
    Catalogue(catalogue::Arguments),
    /// Tell whether a history recorded elsewhere is linearizable, serializable, causal, ...
    Check(check::Arguments),
    /// Tell what happened before what in a log with vector clocks, as ShiViz reads it.
    Causal(causal::Arguments),
    /// Compute a table of votes and commits, as etcd's raft tests its quorums, and compare.
    Quorum(quorum::Arguments),
    /// Write a run in a form that other tools read: ShiViz, Jepsen, Mermaid, a recording.
    Export(export::Arguments),
    /// Print a scenario in canonical form.
    Fmt(fmt::Arguments),
}

fn main() -> ExitCode {
    let status = match Cli::try_parse() {
        Ok(cli) => match cli.command {
            Command::Run(arguments) => run::run(&arguments),
            Command::Digest(arguments) => digest::run(&arguments),
            Command::Test(arguments) => test::run(&arguments),
            Command::Sweep(arguments) => sweep::run(&arguments),
            Command::Explore(arguments) => explore::run(&arguments),
            Command::Compare(arguments) => compare::run(&arguments),
            Command::Models(arguments) => models::run(&arguments),
            Command::Catalogue(arguments) => catalogue::run(&arguments),
            Command::Check(arguments) => check::run(&arguments),
            Command::Causal(arguments) => causal::run(&arguments),
            Command::Quorum(arguments) => quorum::run(&arguments),
            Command::Export(arguments) => export::run(&arguments),
            Command::Fmt(arguments) => fmt::run(&arguments),
        },
        Err(error) => {
            // Help and version come as errors, too, but are none.
            let status = if error.use_stderr() { Status::Unreadable } else { Status::Holds };
            error.print().map_or(Status::Unreadable, |()| status)
        }
    };
    status.into()
}
