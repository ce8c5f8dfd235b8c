//! `test PATH...`: plays and judges every scenario that a repository holds, so that its
//! documentation never lies. A scenario passes when everything in it is true: what must hold
//! holds, every line has an effect, every caption is spoken.

use crate::input;
use crate::output::{out, out_line};
use crate::play::{self, Report};
use crate::status::Status;
use happens_before::run::Run;
use happens_before::scenario::{Diagnostic, fenced};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where to look and how to report.
#[derive(clap::Args)]
pub struct Arguments {
    /// Files and folders; hidden folders, node_modules and target are left out.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// A scenario and where it stands.
struct Found {
    file: PathBuf,
    /// Line of the file on which the scenario begins, from 1.
    first: u32,
    text: String,
}

/// How one scenario did.
#[derive(Serialize)]
struct Result {
    file: PathBuf,
    line: u32,
    title: String,
    status: Status,
    digest: String,
    problems: Vec<Problem>,
}

/// What is wrong, and the line of the file that says so; 0 for the scenario as a whole.
#[derive(Serialize)]
struct Problem {
    line: u32,
    what: String,
}

/// Tests everything below the given paths; the worst counts.
pub fn run(arguments: &Arguments) -> Status {
    let mut files = Vec::new();
    let mut status = Status::Holds;
    for path in &arguments.paths {
        if let Err(error) = collect(path, &mut files) {
            eprintln!("error: cannot read {}: {error}", path.display());
            status = Status::Unreadable;
        }
    }
    let mut results = Vec::new();
    for file in files {
        match input::read(&file) {
            Some(text) => results.extend(scenarios(&file, &text).iter().map(test)),
            None => status = Status::Unreadable,
        }
    }
    if results.is_empty() && status == Status::Holds {
        eprintln!("error: no scenario found there");
        return Status::Unreadable;
    }
    let worst = results.iter().map(|result| result.status).max().unwrap_or(status);
    if arguments.json {
        return play::print_json(&results).max(worst).max(status);
    }
    for result in &results {
        out!("{}", tell(result));
    }
    let passed = results.iter().filter(|result| result.status == Status::Holds).count();
    out_line!("{passed} of {} scenarios pass", results.len());
    worst.max(status)
}

/// Files below a path, in order of their names.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        // A file that was named is wanted, whatever it is called.
        std::fs::metadata(path)?;
        files.push(path.to_path_buf());
        return Ok(());
    }
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(path)?.collect();
    let mut paths: Vec<PathBuf> = entries?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let skipped = name.starts_with('.') || name == "node_modules" || name == "target";
        if path.is_dir() && !path.is_symlink() && !skipped {
            collect(&path, files)?;
        } else if path.is_file() && (is_markdown(&path) || has_extension(&path, "hb")) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted))
}

fn is_markdown(path: &Path) -> bool {
    has_extension(path, "md") || has_extension(path, "markdown")
}

fn scenarios(file: &Path, text: &str) -> Vec<Found> {
    let found = |(first, text)| Found { file: file.to_path_buf(), first, text };
    if is_markdown(file) {
        fenced(text).into_iter().map(found).collect()
    } else {
        vec![found((1, text.to_string()))]
    }
}

fn test(found: &Found) -> Result {
    let mut result = Result {
        file: found.file.clone(),
        line: found.first,
        title: String::new(),
        status: Status::Unreadable,
        digest: String::new(),
        problems: Vec::new(),
    };
    match Run::new(&found.text) {
        Ok(mut run) => {
            let report = play::finish(&mut run);
            result.problems = problems(&report, found.first);
            result.status = match report.status {
                Status::Holds if !result.problems.is_empty() => Status::Violated,
                status => status,
            };
            result.title = report.title;
            result.digest = report.digest;
        }
        Err(wrong) => {
            result.problems = wrong.iter().map(|wrong| unreadable(wrong, found)).collect();
        }
    }
    result
}

fn unreadable(wrong: &Diagnostic, found: &Found) -> Problem {
    let Diagnostic { column, message, hint, .. } = wrong;
    let what = format!("column {column}: {message} {hint}");
    Problem { line: found.first + wrong.line - 1, what: what.trim_end().to_string() }
}

/// Everything that makes a scenario fail, in order of lines.
fn problems(report: &Report, first: u32) -> Vec<Problem> {
    let at = |line: u32| if line == 0 { 0 } else { first + line - 1 };
    let failed = report.verdicts.iter().filter(|verdict| verdict.fails).map(|verdict| Problem {
        line: at(verdict.line),
        what: format!("{}: {}", verdict.plain, verdict.detail),
    });
    let idle = report.without_effect.iter().map(|idle| Problem {
        line: at(idle.line),
        what: format!("this line has no effect: {}", idle.why),
    });
    let unspoken = report
        .unspoken
        .iter()
        .map(|&line| Problem { line: at(line), what: "this caption is never spoken".to_string() });
    let spent = (report.status == Status::Unknown)
        .then(|| Problem { line: 0, what: "a budget ran out before all was known".to_string() });
    let mut problems: Vec<Problem> = failed.chain(idle).chain(unspoken).chain(spent).collect();
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// One line for what passes, one more for each problem.
fn tell(result: &Result) -> String {
    let word = match result.status {
        Status::Holds => "ok",
        Status::Unknown => "unknown",
        Status::Violated | Status::Unreadable => "FAILED",
    };
    let file = result.file.display();
    let place = if result.line > 1 { format!("{file}:{}", result.line) } else { file.to_string() };
    let title = if result.title.is_empty() { String::new() } else { format!("  {}", result.title) };
    let mut out = format!("{word:<7} {place}{title}\n");
    for problem in &result.problems {
        let line = if problem.line == 0 { result.line } else { problem.line };
        out += &format!("        {file}:{line}: {}\n", problem.what);
    }
    out
}
