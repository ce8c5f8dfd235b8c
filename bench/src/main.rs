//! The benchmarks: how fast histories are judged and worlds are played, and what memory that
//! takes. The only place in the repository where wall time counts.

mod clients;
mod logs;
mod measure;
mod workloads;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use workloads::How;

/// Measure workloads; one line for each result.
#[derive(Parser)]
struct Arguments {
    /// Which ones; without a name, all.
    names: Vec<String>,
    /// One JSON object a line instead of columns.
    #[arg(long)]
    json: bool,
    /// Small and once: whether it works, not how fast.
    #[arg(long)]
    quick: bool,
    /// A folder for the histories that are checked, so that others can be measured by them.
    #[arg(long)]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let known = |name: &&String| workloads::ALL.iter().any(|(known, _)| known == name);
    if let Some(stranger) = arguments.names.iter().find(|name| !known(name)) {
        let names: Vec<&str> = workloads::ALL.iter().map(|(name, _)| *name).collect();
        eprintln!("error: there is no workload {stranger}; there is {}", names.join(", "));
        return ExitCode::from(3);
    }
    let how = How { quick: arguments.quick, keep: arguments.keep };
    for (name, measure) in workloads::ALL {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|wanted| wanted == name) {
            continue;
        }
        for line in measure(&how) {
            if arguments.json {
                match serde_json::to_string(&line) {
                    Ok(line) => println!("{line}"),
                    Err(error) => eprintln!("error: {error}"),
                }
                continue;
            }
            let ratio: String =
                line.ratio.iter().map(|(peer, ratio)| format!(" · {ratio:.2} of {peer}")).collect();
            println!(
                "{} ({}), {}: {:.3} {} ({:.3} to {:.3}){ratio}",
                line.workload,
                line.setting,
                line.subject,
                line.median,
                line.unit,
                line.min,
                line.max
            );
        }
    }
    ExitCode::SUCCESS
}
