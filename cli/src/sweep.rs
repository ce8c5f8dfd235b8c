//! `sweep`: plays one random run for each seed, or one text under many seeds, on all cores;
//! tells what that exercised and which seeds fail. Fails as well when something that could
//! have happened never did. What a run means is decided in the library.

use crate::input;
use crate::play::print_json;
use crate::status::Status;
use happens_before::explore::{Extent, HEADINGS, Report, Tally, judge_run, random_text};
use happens_before::protocols::{DECLARATIONS, find};
use happens_before::scenario::{Span, parse, set_seed};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Failing seeds that are printed; `--json` tells all.
const PRINTED: usize = 10;

/// Which runs, and how to report.
#[derive(clap::Args)]
pub struct Arguments {
    /// A scenario to play under every seed; without it every seed is a random Raft run.
    file: Option<PathBuf>,
    /// Seeds, the second one not included.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Seeds,
    /// A bug to switch on in every random run; may be given more than once.
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    bug: Vec<String>,
    /// Stop at the first failing run.
    #[arg(long)]
    first: bool,
    /// Every N-th seed, beginning with the K-th: for several machines.
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Threads; all cores without it.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<usize>,
    /// Only print the texts.
    #[arg(long)]
    print: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug)]
struct Seeds {
    from: u64,
    to: u64,
}

#[derive(Clone, Copy, Debug)]
struct Shard {
    which: u64,
    of: u64,
}

/// The seeds of one shard, by their place.
#[derive(Clone, Copy)]
struct Mine {
    seeds: Seeds,
    shard: Shard,
}

impl Mine {
    fn at(self, place: u64) -> Option<u64> {
        let ahead = place.checked_mul(self.shard.of)?.checked_add(self.shard.which - 1)?;
        self.seeds.from.checked_add(ahead).filter(|&seed| seed < self.seeds.to)
    }

    fn count(self) -> u64 {
        (self.seeds.to - self.seeds.from)
            .saturating_sub(self.shard.which - 1)
            .div_ceil(self.shard.of)
    }
}

fn seeds(text: &str) -> Result<Seeds, String> {
    let two = text.split_once("..").and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match two {
        Some((from, to)) if from < to => Ok(Seeds { from, to }),
        _ => Err("two numbers, the second larger: 0..1000".to_string()),
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let two = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match two {
        Some((which, of)) if (1..=of).contains(&which) => Ok(Shard { which, of }),
        _ => Err("which of how many: 1/4".to_string()),
    }
}

/// Where a seed's text comes from.
enum Source {
    Random { bugs: Vec<String> },
    Text(String),
}

impl Source {
    fn text(&self, seed: u64) -> String {
        match self {
            Source::Random { bugs } => random_text(seed, bugs),
            // A text that has been parsed once can be parsed again.
            Source::Text(text) => match parse(text, DECLARATIONS) {
                Ok(scenario) => set_seed(text, &scenario, seed),
                Err(_) => text.clone(),
            },
        }
    }
}

/// A failing seed.
#[derive(Serialize)]
struct Failure {
    seed: u64,
    digest: String,
    events: u64,
    what: Vec<String>,
    replay: String,
}

/// All that a sweep found.
#[derive(Default)]
struct Found {
    tally: Tally,
    failures: Vec<Failure>,
    unknown: Vec<u64>,
}

#[derive(Serialize)]
struct Summary {
    seeds: String,
    status: Status,
    runs: u64,
    steps: u64,
    events: u64,
    median_steps: u64,
    median_answered: u64,
    exercised: BTreeMap<&'static str, BTreeMap<String, u64>>,
    missing: Vec<String>,
    unknown: Vec<u64>,
    failures: Vec<Failure>,
}

/// Plays every seed; the worst counts.
pub fn run(arguments: &Arguments) -> Status {
    let Some(source) = source(arguments) else { return Status::Unreadable };
    let Seeds { from, to } = arguments.seeds;
    let shard = arguments.shard.unwrap_or(Shard { which: 1, of: 1 });
    let mine = Mine { seeds: arguments.seeds, shard };
    if arguments.print {
        (0..).map_while(|place| mine.at(place)).for_each(|seed| print!("{}", source.text(seed)));
        return Status::Holds;
    }
    let found = play_all(mine, &source, arguments);
    let missing = if arguments.bug.is_empty() { found.tally.missing() } else { Vec::new() };
    let status = match &found {
        found if !found.failures.is_empty() || !missing.is_empty() => Status::Violated,
        found if !found.unknown.is_empty() => Status::Unknown,
        _ => Status::Holds,
    };
    let (median_steps, median_answered) = found.tally.median();
    let named = |heading: &str| {
        let rows = found.tally.rows(heading);
        rows.map(|(name, count)| (name.to_string(), count.times)).collect()
    };
    let summary = Summary {
        seeds: format!("{from}..{to}"),
        status,
        runs: found.tally.runs,
        steps: found.tally.steps,
        events: found.tally.events,
        median_steps,
        median_answered,
        exercised: HEADINGS.iter().map(|heading| (*heading, named(heading))).collect(),
        missing,
        unknown: found.unknown,
        failures: found.failures,
    };
    if arguments.json {
        return print_json(&summary).max(status);
    }
    print!("{}", table(&summary, &found.tally));
    status
}

fn source(arguments: &Arguments) -> Option<Source> {
    let Some(file) = &arguments.file else {
        let known = find("raft").map_or(&[][..], |raft| raft.declaration.bugs);
        for name in &arguments.bug {
            if !known.iter().any(|bug| bug.name == name) {
                let names: Vec<&str> = known.iter().map(|bug| bug.name).collect();
                eprintln!("error: no bug is called “{name}”. Possible: {}.", names.join(", "));
                return None;
            }
        }
        return Some(Source::Random { bugs: arguments.bug.clone() });
    };
    let text = input::read(file)?;
    match parse(&text, DECLARATIONS) {
        Ok(_) => Some(Source::Text(text)),
        Err(wrong) => {
            input::complain(&wrong, &text, &file.display().to_string());
            None
        }
    }
}

/// One thread on each core takes the next seed until none is left.
fn play_all(seeds: Mine, source: &Source, arguments: &Arguments) -> Found {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = arguments.threads.unwrap_or(cores).clamp(1, 4 * cores);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let all = Mutex::new(Found::default());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut mine = Found::default();
                while !stop.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(seed) = seeds.at(place) else { break };
                    progress(place, seeds.count());
                    play(seed, source, arguments, &mut mine);
                    if arguments.first && !mine.failures.is_empty() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
                if let Ok(mut all) = all.lock() {
                    all.tally.merge(&mine.tally);
                    all.failures.append(&mut mine.failures);
                    all.unknown.append(&mut mine.unknown);
                }
            });
        }
    });
    let mut found = all.into_inner().unwrap_or_default();
    found.failures.sort_by_key(|failure| failure.seed);
    found.unknown.sort_unstable();
    found
}

fn progress(done: u64, of: u64) {
    const STEP: u64 = 1_000;
    if done > 0 && done.is_multiple_of(STEP) {
        eprintln!("{done} of {of} runs");
    }
}

fn play(seed: u64, source: &Source, arguments: &Arguments, found: &mut Found) {
    let text = source.text(seed);
    let random = matches!(source, Source::Random { .. });
    match judge_run(&text, Extent::of_seed(seed, random)) {
        Ok(report) => {
            found.tally.merge(&report.tally);
            if !report.holds() {
                found.failures.push(failure(seed, &report, arguments));
            } else if report.unknown {
                found.unknown.push(seed);
            }
        }
        Err(wrong) => {
            input::complain(&wrong, &text, "the text of this seed");
            let what = vec!["its text cannot be read".to_string()];
            let replay = replay(seed, arguments);
            found.failures.push(Failure { seed, digest: String::new(), events: 0, what, replay });
        }
    }
}

fn failure(seed: u64, report: &Report, arguments: &Arguments) -> Failure {
    let violated = report
        .violations
        .iter()
        .map(|violation| format!("at {}: {}", Span(violation.time_us), violation.statement));
    let broken = report.broken.iter().map(|line| format!("does not hold: {line}"));
    let disagree = report.disagreements.iter().cloned();
    Failure {
        seed,
        digest: report.digest.clone(),
        events: report.tally.events,
        what: violated.chain(broken).chain(disagree).collect(),
        replay: replay(seed, arguments),
    }
}

/// A command that plays this one run again.
fn replay(seed: u64, arguments: &Arguments) -> String {
    let file = arguments
        .file
        .as_deref()
        .map_or(String::new(), |file: &Path| format!(" {}", file.display()));
    let bugs: String = arguments.bug.iter().map(|bug| format!(" --bug {bug}")).collect();
    let next = seed + 1;
    format!(
        "happens-before sweep{file} --seeds {seed}..{next}{bugs} --print | happens-before run -"
    )
}

/// What was exercised and what failed, for people.
fn table(summary: &Summary, tally: &Tally) -> String {
    let mut out = format!(
        "{} runs of seeds {}: {} steps, {} events\n\
         the median run: {} steps, {} answered operations\n",
        summary.runs,
        summary.seeds,
        summary.steps,
        summary.events,
        summary.median_steps,
        summary.median_answered
    );
    for heading in HEADINGS {
        for (name, count) in tally.rows(heading) {
            let never = if count.enabled > 0 && count.times == 0 { "  never" } else { "" };
            let _ = writeln!(out, "{heading:<12}{name:<26}{:>12}{never}", count.times);
        }
    }
    for failure in summary.failures.iter().take(PRINTED) {
        let _ = writeln!(out, "\nseed {}: {}", failure.seed, failure.what.join("; "));
        let _ = writeln!(out, "  {}", failure.replay);
    }
    let more = summary.failures.len().saturating_sub(PRINTED);
    if more > 0 {
        let _ = writeln!(out, "\nand {more} more");
    }
    for what in &summary.missing {
        let _ = writeln!(out, "\nit could have happened and never did: {what}");
    }
    let unknown = summary.unknown.len();
    let failing = summary.failures.len();
    let _ = writeln!(out, "\n{failing} runs fail, {unknown} are unknown");
    out
}
