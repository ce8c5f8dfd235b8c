//! What a sweep found, piece by piece, and the file that keeps it: one line of JSON for each
//! finished piece, so that a sweep that was stopped goes on, and the files of several shards
//! make one when they are put behind one another.

use crate::seeds::{Seeds, Shard};
use happens_before::explore::Tally;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// A failing seed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Failure {
    pub seed: u64,
    pub digest: String,
    pub events: u64,
    /// What is wrong, in words.
    pub what: Vec<String>,
    /// A command that plays this run.
    pub replay: String,
    /// The first violated check in words; empty if none is.
    pub check: String,
    /// A small text that fails in the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shrunk: Option<String>,
    /// Opens the small text in the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// All that a sweep found.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Found {
    pub tally: Tally,
    pub failures: Vec<Failure>,
    pub unknown: Vec<u64>,
}

impl Found {
    /// This, and what another piece found.
    pub fn merge(&mut self, other: Found) {
        self.tally.merge(&other.tally);
        self.failures.extend(other.failures);
        self.unknown.extend(other.unknown);
    }

    /// In the order of seeds, whoever played them.
    pub fn sort(&mut self) {
        self.failures.sort_by_key(|failure| failure.seed);
        self.unknown.sort_unstable();
    }
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Of which texts: a digest of that of the first seed.
    of: String,
    from: u64,
    to: u64,
    which: u64,
    shards: u64,
    #[serde(flatten)]
    found: Found,
}

impl Line {
    fn is(&self, of: &str, piece: Seeds, shard: Shard) -> bool {
        self.of == of
            && (self.from, self.to, self.which, self.shards)
                == (piece.from, piece.to, shard.which, shard.of)
    }
}

/// The file of a sweep, and what it knew.
pub struct Notes {
    of: String,
    known: Vec<Line>,
    file: Option<File>,
}

impl Notes {
    /// Opens a file of notes, or none; a complaint on standard error if that fails. `text` is
    /// that of the first seed: notes of other texts are left alone.
    pub fn open(path: Option<&Path>, text: &str) -> Option<Notes> {
        let of = fingerprint(text);
        let Some(path) = path else { return Some(Notes { of, known: Vec::new(), file: None }) };
        let complain = |error| eprintln!("error: cannot use {}: {error}", path.display());
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = file.map_err(complain).ok()?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(complain).ok()?;
        // A sweep that was stopped may have left half a line: that piece is played again.
        let known = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(complain).ok()?;
        }
        Some(Notes { of, known, file: Some(file) })
    }

    /// What is known of a piece: of this shard, or of all shards of some number together.
    pub fn of_piece(&self, piece: Seeds, shard: Shard) -> Option<Found> {
        let of_shard = |shard: Shard| {
            self.known.iter().find(|line| line.is(&self.of, piece, shard)).map(|line| &line.found)
        };
        if let Some(found) = of_shard(shard) {
            return Some(found.clone());
        }
        let others = self.known.iter().filter(|line| line.from == piece.from && shard.of == 1);
        for of in others.map(|line| line.shards) {
            let all: Option<Vec<&Found>> =
                (1..=of).map(|which| of_shard(Shard { which, of })).collect();
            if let Some(parts) = all {
                let mut sum = Found::default();
                parts.into_iter().for_each(|part| sum.merge(part.clone()));
                return Some(sum);
            }
        }
        None
    }

    /// Notes a finished piece.
    pub fn add(&mut self, piece: Seeds, shard: Shard, found: &Found) -> std::io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let line = Line {
            of: self.of.clone(),
            from: piece.from,
            to: piece.to,
            which: shard.which,
            shards: shard.of,
            found: found.clone(),
        };
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        file.write_all(text.as_bytes())
    }
}

/// Sixteen hex digits of a text and of the engine that plays it.
fn fingerprint(text: &str) -> String {
    use happens_before::draw::StableHasher;
    use std::hash::Hasher;
    let mut hasher = StableHasher::default();
    hasher.write(text.as_bytes());
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    format!("{:016x}", hasher.finish())
}
