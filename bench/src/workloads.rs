//! What is measured. Each workload says what it found, too: a wrong verdict is a panic.

use crate::logs;
use crate::measure::{Line, megabytes, millis};
use happens_before::catalogue::CATALOGUE;
use happens_before::explore::{Extent, judge_run, random_text};
use happens_before::run::Run;
use happens_before_histories::{Options, check};
use std::path::PathBuf;
use todc_utils::linearizability::WGLChecker;
use todc_utils::specifications::etcd::{EtcdSpecification, history_from_log};

/// Who is measured, unless it is a peer.
const US: &str = "happens-before";

/// How a workload is measured.
pub struct How {
    /// Small and once.
    pub quick: bool,
    /// Where the histories that are checked are kept.
    pub keep: Option<PathBuf>,
}

/// A workload: its name, and what measures it.
pub type Workload = (&'static str, fn(&How) -> Vec<Line>);

/// All of them.
pub const ALL: &[Workload] = &[
    ("register-log", register_log),
    ("kv-50-clients-ok", kv_ok),
    ("kv-50-clients-bad", kv_bad),
    ("kv-50-clients-few-values", kv_few_values),
    ("list-append-20k", list_append),
    ("hundred-keys-100k", hundred_keys),
    ("raft-events", raft_events),
    ("seek", seek),
];

/// Times and memory of checks of texts, of which each has to come out so.
fn checks(
    how: &How,
    workload: &'static str,
    setting: &str,
    rounds: usize,
    verdict: &str,
    texts: &[String],
) -> Vec<Line> {
    let judged = |text: &String| {
        let report = check(text, &Options::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(report.verdict, verdict, "{workload}: {}", report.reason);
    };
    for (number, text) in texts.iter().enumerate() {
        let Some(folder) = &how.keep else { break };
        let file = folder.join(format!("{workload}, {setting}, {number}"));
        std::fs::write(&file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
    let rounds = (0..rounds).flat_map(|_| texts);
    let times = rounds.map(|text| millis(|| judged(text)).0).collect();
    let memory = texts.iter().map(|text| megabytes(|| judged(text)).0).collect();
    vec![
        Line::of(workload, setting, US, "ms", times),
        Line::of(workload, setting, US, "MB", memory),
    ]
}

fn register_log(how: &How) -> Vec<Line> {
    const WORKLOAD: &str = "register-log";
    let texts: Vec<String> =
        (0..if how.quick { 3 } else { 100 }).map(|seed| logs::register(seed, 85)).collect();
    let mut lines = checks(how, WORKLOAD, "170 lines", 3, "ok", &texts);
    let file = std::env::temp_dir().join(format!("happens-before-bench-{}", std::process::id()));
    let peer = |text: &String| {
        std::fs::write(&file, text).unwrap_or_else(|error| panic!("{error}"));
        let history = history_from_log(file.display().to_string());
        let (time, holds) = millis(|| WGLChecker::<EtcdSpecification>::is_linearizable(history));
        assert!(holds, "the peer does not agree");
        time
    };
    let peer =
        Line::of(WORKLOAD, "170 lines, read", "todc-utils", "ms", texts.iter().map(peer).collect());
    // Left over in a folder for what is left over.
    let _ = std::fs::remove_file(&file);
    let ratio = lines[0].median / peer.median;
    lines[0].ratio.insert(peer.subject, ratio);
    lines.push(peer);
    lines
}

fn kv(workload: &'static str, stale: u64, values: u64, how: &How) -> Vec<Line> {
    let seeds = if how.quick { 2 } else { 30 };
    let texts: Vec<String> =
        (0..seeds).map(|seed| logs::strings(seed, 50, 1_700, stale, values)).collect();
    let (verdict, keys) =
        if stale > 0 { ("violated", "9 of 10 keys bad") } else { ("ok", "10 keys") };
    checks(how, workload, &format!("{keys}, 1700 operations"), 1, verdict, &texts)
}

fn kv_ok(how: &How) -> Vec<Line> {
    kv("kv-50-clients-ok", 0, u64::MAX, how)
}

fn kv_bad(how: &How) -> Vec<Line> {
    kv("kv-50-clients-bad", 9, u64::MAX, how)
}

/// What can be there twice has to be searched.
fn kv_few_values(how: &How) -> Vec<Line> {
    let mut lines = kv("kv-50-clients-few-values", 0, 16, how);
    lines.extend(kv("kv-50-clients-few-values", 9, 16, how));
    lines
}

fn list_append(how: &How) -> Vec<Line> {
    const WORKLOAD: &str = "list-append-20k";
    let count = if how.quick { 500 } else { 20_000 };
    let rounds = if how.quick { 1 } else { 3 };
    let text = |stale| [logs::transactions(1, count, stale)];
    let mut lines = checks(how, WORKLOAD, "serializable", rounds, "ok", &text(0));
    lines.extend(checks(how, WORKLOAD, "stale reads", rounds, "violated", &text(20)));
    lines
}

fn hundred_keys(how: &How) -> Vec<Line> {
    const WORKLOAD: &str = "hundred-keys-100k";
    let count = if how.quick { 2_000 } else { 100_000 };
    let rounds = if how.quick { 1 } else { 3 };
    let text = |values| [logs::registers(1, 100, count, values)];
    let mut lines = checks(how, WORKLOAD, "five values", rounds, "ok", &text(5));
    lines.extend(checks(how, WORKLOAD, "unique values", rounds, "ok", &text(u64::MAX)));
    lines
}

fn raft_events(how: &How) -> Vec<Line> {
    const WORKLOAD: &str = "raft-events";
    let rounds = if how.quick { 1 } else { 9 };
    let mut hero = Vec::new();
    for _ in 0..rounds {
        let mut run = the_hero();
        let (time, _) = millis(|| run.advance(60_000_000));
        hero.push(run.steps() as f64 / time * 1e3);
    }
    let mut sweep = Vec::new();
    for seed in 0..if how.quick { 2 } else { 100 } {
        let text = random_text(seed, &[]);
        let (time, report) = millis(|| judge_run(&text, Extent::default()));
        let steps = report.map_or(0, |report| report.tally.steps);
        sweep.push(steps as f64 / time * 1e3);
    }
    vec![
        Line::of(WORKLOAD, "the first scenario, with story and checkpoints", US, "steps/s", hero),
        Line::of(WORKLOAD, "random runs of a sweep", US, "steps/s", sweep),
    ]
}

fn the_hero() -> Run {
    let entry = CATALOGUE.iter().find(|entry| entry.hero);
    let run = entry.map(|entry| Run::new(entry.text));
    run.and_then(Result::ok).unwrap_or_else(|| panic!("there is no first scenario"))
}

fn seek(how: &How) -> Vec<Line> {
    let mut run = the_hero();
    run.advance(60_000_000);
    let mut random = crate::clients::Random(1);
    let seeks = if how.quick { 10 } else { 400 };
    let times = (0..seeks)
        .map(|_| {
            let to = random.below(60_000_000);
            millis(|| run.seek(to)).0
        })
        .collect();
    vec![Line::of("seek", "anywhere in 60 s of the first scenario", US, "ms", times)]
}
