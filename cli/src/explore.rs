//! `explore`: a scenario exhaustively within bounds (see `exhaust`), or by random search: finds
//! a seed that breaks it and shrinks its run to a small text that fails in the same way. The
//! threads are here; what a smaller text is, is decided in the library.

use crate::exhaust;
use crate::output::out;
use crate::progress::Progress;
use crate::seeds::{Seeds, Source, Wanted, seeds};
use crate::status::Status;
use happens_before::explore::{Extent, Hit, NoShrink, Proposal, Report, Shrink, judge_run};
use happens_before_test::link;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What to break, and how.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// Random search: seeds to search, the second one not included; 0..10000 where there is no
    /// file. A scenario's own seed is tried first.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<Seeds>,
    /// The check that must be violated, by its plain words; without it any.
    #[arg(long, value_name = "WORDS")]
    check: Option<String>,
    /// Random search: threads; all cores without it. The result does not depend on their number.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<usize>,
    #[command(flatten)]
    bounds: exhaust::Limits,
}

/// A small text that fails.
pub struct Small {
    /// The text.
    pub text: String,
    /// The check, in words.
    pub check: &'static str,
    /// When it is violated, virtual µs.
    pub time_us: u64,
    /// Lines of the text before and after, and lines of faults after.
    pub lines: (usize, usize, usize),
}

/// Finds, shrinks, prints the text; all else is told on standard error.
pub fn run(arguments: &Arguments) -> Status {
    let wanted = &arguments.wanted;
    if let (Some(file), None, None) = (&wanted.file, &wanted.chaos, arguments.seeds) {
        return exhaust::run(file, arguments.check.as_deref(), &arguments.bounds);
    }
    if arguments.bounds.are_given() {
        eprintln!(
            "error: bounds are for an exhaustive search: a file, and neither --seeds nor --chaos."
        );
        return Status::Unreadable;
    }
    let Some(source) = arguments.wanted.source() else { return Status::Unreadable };
    let threads = threads(arguments.threads);
    let Some((seed, text)) = find(arguments, &source, threads) else {
        let Seeds { from, to } = range(arguments);
        eprintln!("no violation under seeds {from}..{to}");
        return Status::Holds;
    };
    eprintln!("seed {seed} fails; shrinking");
    let small = match shrink(&text, arguments.check.as_deref(), threads) {
        Ok(small) => small,
        Err(NoShrink::NoCheck) => {
            eprintln!("error: no check is called so.");
            return Status::Unreadable;
        }
        Err(_) => return Status::Holds,
    };
    let (before, after, faults) = small.lines;
    eprintln!(
        "“{}” is violated; {before} lines became {after}, {faults} of them faults",
        small.check
    );
    eprintln!("watch it: {}", link(&small.text, small.time_us));
    out!("{}", small.text);
    Status::Violated
}

fn range(arguments: &Arguments) -> Seeds {
    arguments.seeds.unwrap_or(Seeds { from: 0, to: 10_000 })
}

/// All cores, or as many as asked for.
pub fn threads(wanted: Option<usize>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    wanted.unwrap_or(cores).clamp(1, 4 * cores)
}

/// The lowest failing seed, whoever finds it first; a scenario's own comes before all.
fn find(arguments: &Arguments, source: &Source, threads: usize) -> Option<(u64, String)> {
    if let Source::Text(text) = source
        && fails(text, arguments.check.as_deref())
    {
        let own = happens_before::run::Run::new(text).map_or(0, |run| run.scenario().seed());
        return Some((own, text.clone()));
    }
    let Seeds { from, to } = range(arguments);
    let next = AtomicU64::new(from);
    let lowest = AtomicU64::new(to);
    let progress = Mutex::new(Progress::new(to - from));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= lowest.load(Ordering::Relaxed) {
                        return;
                    }
                    let found = fails(&source.text(seed), arguments.check.as_deref());
                    if found {
                        lowest.fetch_min(seed, Ordering::Relaxed);
                    }
                    if let Ok(mut progress) = progress.lock() {
                        progress.done(found);
                    }
                }
            });
        }
    });
    let seed = lowest.into_inner();
    (seed < to).then(|| (seed, source.text(seed)))
}

fn fails(text: &str, check: Option<&str>) -> bool {
    let Ok(report) = judge_run(text, Extent::default()) else { return false };
    let Report { violations, beyond, .. } = report;
    match check {
        None => !violations.is_empty(),
        // A check that is asked for by name counts where it is not promised, too. Whether it is
        // the wanted one, shrinking knows.
        Some(_) => {
            let any = !violations.is_empty() || !beyond.is_empty();
            any && !matches!(Shrink::new(text, check), Err(NoShrink::Holds))
        }
    }
}

/// Shrinks a text on so many threads.
///
/// # Errors
/// Why it cannot be shrunk.
pub fn shrink(text: &str, check: Option<&str>, threads: usize) -> Result<Small, NoShrink> {
    let mut shrink = Shrink::new(text, check)?;
    while !shrink.progress().over {
        let proposals = shrink.ask(threads);
        let went: Vec<(Option<Hit>, u64)> = std::thread::scope(|scope| {
            let play = |proposal| scope.spawn(move || Proposal::play(proposal));
            let playing: Vec<_> = proposals.iter().map(play).collect();
            playing.into_iter().map(|thread| thread.join().unwrap_or((None, 0))).collect()
        });
        shrink.tell(proposals, &went);
    }
    let progress = shrink.progress();
    Ok(Small {
        text: shrink.text(),
        check: shrink.check(),
        time_us: shrink.time_us(),
        lines: (progress.before.lines, progress.now.lines, progress.now.faults),
    })
}
