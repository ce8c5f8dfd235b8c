//! `sweep`: plays one random run for each seed, or one text under many seeds, on all cores;
//! tells what that exercised and which seeds fail. Fails as well when something that could
//! have happened never did. What a run means is decided in the library.

use crate::explore::{shrink, threads};
use crate::found::{Failure, Found, Notes};
use crate::input;
use crate::output::out;
use crate::play::print_json;
use crate::progress::Progress;
use crate::seeds::{ALL, Seeds, Shard, Source, Wanted, seeds, shard};
use crate::status::Status;
use happens_before::explore::{Extent, HEADINGS, Report, Tally, judge_run};
use happens_before::protocols::find;
use happens_before::run::Run;
use happens_before::scenario::Span;
use happens_before_test::link;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Failing seeds that are printed; `--json` tells all.
const PRINTED: usize = 10;
/// Failing seeds that are shrunk, each of another check.
const SHRUNK: usize = 3;

/// Which runs, and how to report.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// Seeds, the second one not included.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Seeds,
    /// Stop at the first failing run.
    #[arg(long)]
    first: bool,
    /// Every N-th seed, beginning with the K-th: for several machines.
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Threads; all cores without it.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<usize>,
    /// A file that keeps what is done, a line for each piece: the same command goes on from
    /// there. Files of shards, put behind one another, make that of the whole.
    #[arg(long, value_name = "FILE", conflicts_with = "first")]
    resume: Option<PathBuf>,
    /// Failing runs are not shrunk.
    #[arg(long)]
    no_shrink: bool,
    /// Only print the texts.
    #[arg(long)]
    print: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
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
    let Some(source) = arguments.wanted.source() else { return Status::Unreadable };
    let Seeds { from, to } = arguments.seeds;
    let shard = arguments.shard.unwrap_or(ALL);
    if arguments.print {
        let texts = arguments.seeds.of_shard(arguments.seeds, shard).map(|seed| source.text(seed));
        texts.for_each(|text| out!("{text}"));
        return Status::Holds;
    }
    let Some(notes) = Notes::open(arguments.resume.as_deref(), &source.text(from)) else {
        return Status::Unreadable;
    };
    let Some(mut found) = play_all(shard, &source, arguments, notes) else {
        return Status::Unreadable;
    };
    if !arguments.no_shrink {
        shrink_some(&mut found, &source, threads(arguments.threads));
    }
    let planted = !arguments.wanted.bug.is_empty() || arguments.wanted.any_rules;
    let missing = if planted { Vec::new() } else { found.tally.missing() };
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
    out!("{}", table(&summary, &found.tally));
    status
}

/// Threads take the next piece until none is left; none if the notes cannot be written.
fn play_all(shard: Shard, source: &Source, arguments: &Arguments, notes: Notes) -> Option<Found> {
    let whole = arguments.seeds;
    let runs = (whole.to - whole.from).saturating_sub(shard.which - 1).div_ceil(shard.of);
    let pieces = Mutex::new(whole.chunks());
    let all = Mutex::new((Found::default(), notes, Progress::new(runs)));
    let (stop, broken) = (AtomicBool::new(false), AtomicBool::new(false));
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let next = pieces.lock().ok().and_then(|mut pieces| pieces.next());
            let Some(piece) = next else { return };
            let known = all.lock().ok().and_then(|all| all.1.of_piece(piece, shard));
            if let Some(known) = known
                && let Ok(mut all) = all.lock()
            {
                all.2.known(known.tally.runs);
                all.0.merge(known);
                continue;
            }
            let mut mine = Found::default();
            for seed in piece.of_shard(whole, shard) {
                let failed = mine.failures.len();
                play(seed, source, arguments, &mut mine);
                let failed = (mine.failures.len() - failed) as u64;
                if let Ok(mut all) = all.lock() {
                    all.2.done(failed > 0);
                }
                if arguments.first && failed > 0 {
                    stop.store(true, Ordering::Relaxed);
                }
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
            let Ok(mut all) = all.lock() else { return };
            if let Err(error) = all.1.add(piece, shard, &mine) {
                eprintln!("error: cannot note what is done: {error}");
                broken.store(true, Ordering::Relaxed);
                stop.store(true, Ordering::Relaxed);
            }
            all.0.merge(mine);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads(arguments.threads) {
            scope.spawn(work);
        }
    });
    let (mut found, ..) = all.into_inner().ok()?;
    found.sort();
    (!broken.into_inner()).then_some(found)
}

/// Shrinks the first failing run of each check.
fn shrink_some(found: &mut Found, source: &Source, threads: usize) {
    let mut checks: Vec<String> = Vec::new();
    for failure in &mut found.failures {
        let known = failure.check.is_empty() || checks.contains(&failure.check);
        if known || checks.len() >= SHRUNK {
            continue;
        }
        checks.push(failure.check.clone());
        if let Ok(small) = shrink(&source.text(failure.seed), None, threads) {
            failure.link = Some(link(&small.text, small.time_us));
            failure.shrunk = Some(small.text);
        }
    }
}

fn play(seed: u64, source: &Source, arguments: &Arguments, found: &mut Found) {
    let text = source.text(seed);
    match judge_run(&text, Extent::of_seed(seed, source.is_random())) {
        Ok(report) => {
            found.tally.merge(&report.tally);
            let may_be = arguments.wanted.any_rules && report.disagreements.is_empty();
            if !report.holds() && !may_be {
                let check = check_of(&text, &report);
                found.failures.push(failure(seed, &report, check, arguments));
            } else if report.unknown {
                found.unknown.push(seed);
            }
        }
        Err(wrong) => {
            input::complain(&wrong, &text, "the text of this seed");
            let what = vec!["its text cannot be read".to_string()];
            found.failures.push(Failure {
                seed,
                digest: String::new(),
                events: 0,
                what,
                replay: replay(seed, arguments),
                check: String::new(),
                shrunk: None,
                link: None,
            });
        }
    }
}

/// The first violated check in words; empty if none is.
fn check_of(text: &str, report: &Report) -> String {
    let Some(first) = report.violations.first() else { return String::new() };
    let protocol = Run::new(text).ok().and_then(|run| find(run.declaration().name));
    let checks = protocol.map_or(&[][..], |protocol| protocol.declaration.checks);
    checks.get(usize::from(first.check)).map_or("", |check| check.plain).to_string()
}

fn failure(seed: u64, report: &Report, check: String, arguments: &Arguments) -> Failure {
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
        check,
        shrunk: None,
        link: None,
    }
}

/// A command that plays this one run again.
fn replay(seed: u64, arguments: &Arguments) -> String {
    let (words, next) = (arguments.wanted.words(), seed + 1);
    format!("happens-before sweep{words} --seeds {seed}..{next} --print | happens-before run -")
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
        if !failure.check.is_empty() {
            let _ = writeln!(out, "  violated: {}", failure.check);
        }
        let _ = writeln!(out, "  {}", failure.replay);
        if let (Some(small), Some(link)) = (&failure.shrunk, &failure.link) {
            let _ = writeln!(out, "  a small text that fails in the same way:\n");
            for line in small.lines() {
                let _ = writeln!(out, "    {line}");
            }
            let _ = writeln!(out, "\n  watch it: {link}");
        }
    }
    let more = summary.failures.len().saturating_sub(PRINTED);
    if more > 0 {
        let _ = writeln!(out, "\nand {more} more");
    }
    for what in &summary.missing {
        let _ = writeln!(out, "\nit could have happened and never did: {what}");
    }
    for seed in summary.unknown.iter().take(PRINTED) {
        let _ = writeln!(out, "\nseed {seed}: a budget ran out before it was decided");
    }
    let unknown = summary.unknown.len();
    let failing = summary.failures.len();
    let _ = writeln!(out, "\n{failing} runs fail, {unknown} are unknown");
    out
}
