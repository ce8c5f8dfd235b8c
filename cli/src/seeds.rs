//! Which seeds to play, and the text of each. Never plays one.

use crate::input;
use happens_before::explore::{
    chaos_text, demand_progress, random_scenario_of, random_text_of, some_bugs,
};
use happens_before::protocols::{DECLARATIONS, find};
use happens_before::scenario::{Scenario, parse, set_chaos, set_seed};
use std::path::PathBuf;

/// Seeds are handed out, and noted as done, so many at a time.
const CHUNK: u64 = 100;
/// Whose runs are random unless said.
const RAFT: &str = "raft";

/// A range of seeds, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    pub from: u64,
    pub to: u64,
}

/// Every `of`-th seed of a range, beginning with the `which`-th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    pub which: u64,
    pub of: u64,
}

/// The whole range.
pub const ALL: Shard = Shard { which: 1, of: 1 };

/// Reads `0..1000`.
pub fn seeds(text: &str) -> Result<Seeds, String> {
    let two = text.split_once("..").and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match two {
        Some((from, to)) if from < to => Ok(Seeds { from, to }),
        _ => Err("two numbers, the second larger: 0..1000".to_string()),
    }
}

/// Reads `1/4`.
pub fn shard(text: &str) -> Result<Shard, String> {
    let two = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match two {
        Some((which, of)) if (1..=of).contains(&which) => Ok(Shard { which, of }),
        _ => Err("which of how many: 1/4".to_string()),
    }
}

impl Seeds {
    /// The range in pieces, in order.
    pub fn chunks(self) -> impl Iterator<Item = Seeds> {
        let piece = move |from: &u64| Some(from.saturating_add(CHUNK)).filter(|&at| at < self.to);
        std::iter::successors(Some(self.from), piece)
            .map(move |from| Seeds { from, to: from.saturating_add(CHUNK).min(self.to) })
    }

    /// Those seeds of a piece that fall to a shard of the whole range.
    pub fn of_shard(self, whole: Seeds, shard: Shard) -> impl Iterator<Item = u64> {
        (self.from..self.to).filter(move |seed| (seed - whole.from) % shard.of == shard.which - 1)
    }
}

/// What is played under every seed.
#[derive(clap::Args)]
pub struct Wanted {
    /// A scenario to play under every seed; without it every seed is a random run.
    pub file: Option<PathBuf>,
    /// The protocol of random runs.
    #[arg(long, value_name = "NAME", default_value = RAFT, conflicts_with_all = ["file", "catalogue"])]
    pub protocol: String,
    /// A bug to switch on in every random run; may be given more than once.
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub bug: Vec<String>,
    /// The faults of every random run end, a core is made whole, and progress is demanded.
    #[arg(long, conflicts_with_all = ["file", "catalogue"])]
    pub live: bool,
    /// The texts of the catalogue in turn, without their bugs, under chaos of every intensity.
    #[arg(long, conflicts_with_all = ["file", "bug"])]
    pub catalogue: bool,
    /// Switch a drawn set of bugs on in each of these: they may be violated, but nothing panics
    /// and no two ways of judging disagree.
    #[arg(long, requires = "catalogue")]
    pub any_rules: bool,
    /// Faults to add to the scenario, as behind `chaos` in a text: "intensity=5 crash partition".
    #[arg(long, value_name = "WORDS", requires = "file", num_args = 0..=1, default_missing_value = "")]
    pub chaos: Option<String>,
}

/// Where a seed's text comes from.
pub enum Source {
    /// A random run of this protocol with these bugs.
    Random { protocol: String, bugs: Vec<String>, live: bool },
    /// A text of the catalogue under chaos, perhaps with bugs.
    Catalogue { any_rules: bool },
    /// A text that can be read.
    Text(String),
}

impl Wanted {
    /// The source; none, and a complaint on standard error, when there is something wrong.
    pub fn source(&self) -> Option<Source> {
        match &self.file {
            None if self.catalogue => Some(Source::Catalogue { any_rules: self.any_rules }),
            Some(file) => self.text(file).map(Source::Text),
            None => self.random(),
        }
    }

    fn random(&self) -> Option<Source> {
        let Some(protocol) = find(&self.protocol) else {
            let names: Vec<&str> = DECLARATIONS.iter().map(|known| known.name).collect();
            eprintln!(
                "error: no protocol is called “{}”. Possible: {}.",
                self.protocol,
                names.join(", ")
            );
            return None;
        };
        let known = protocol.declaration.bugs;
        for name in &self.bug {
            if !known.iter().any(|bug| bug.name == name) {
                let names: Vec<&str> = known.iter().map(|bug| bug.name).collect();
                eprintln!("error: no bug is called “{name}”. Possible: {}.", names.join(", "));
                return None;
            }
        }
        let (protocol, bugs) = (self.protocol.clone(), self.bug.clone());
        Some(Source::Random { protocol, bugs, live: self.live })
    }

    fn text(&self, file: &std::path::Path) -> Option<String> {
        let text = input::read(file)?;
        let name = file.display().to_string();
        let scenario = readable(&text, &name)?;
        let Some(words) = &self.chaos else { return Some(text) };
        let line = format!("chaos {words}");
        let (troubled, _) = set_chaos(&text, &scenario, Some(line.trim_end()));
        readable(&troubled, "--chaos").map(|_| troubled)
    }

    /// The same in the words of a command.
    pub fn words(&self) -> String {
        let file = self.file.as_ref().map_or(String::new(), |file| format!(" {}", file.display()));
        let bugs: String = self.bug.iter().map(|bug| format!(" --bug {bug}")).collect();
        let chaos =
            self.chaos.as_ref().map_or(String::new(), |words| format!(" --chaos \"{words}\""));
        let catalogue = if self.catalogue { " --catalogue" } else { "" };
        let any_rules = if self.any_rules { " --any-rules" } else { "" };
        let protocol = match self.protocol.as_str() {
            RAFT => String::new(),
            other => format!(" --protocol {other}"),
        };
        let live = if self.live { " --live" } else { "" };
        format!("{file}{catalogue}{any_rules}{protocol}{live}{bugs}{chaos}")
    }
}

fn readable(text: &str, name: &str) -> Option<Scenario> {
    match parse(text, DECLARATIONS) {
        Ok(scenario) => Some(scenario),
        Err(wrong) => {
            input::complain(&wrong, text, name);
            None
        }
    }
}

impl Source {
    /// The text of a seed.
    pub fn text(&self, seed: u64) -> String {
        match self {
            Source::Random { protocol, bugs, live: false } => random_text_of(protocol, seed, bugs),
            Source::Random { protocol, bugs, live: true } => {
                demand_progress(random_scenario_of(protocol, seed, bugs)).to_string()
            }
            Source::Catalogue { any_rules: true } => chaos_text(seed, &some_bugs(seed)),
            Source::Catalogue { any_rules: false } => chaos_text(seed, &[]),
            // A text that has been parsed once can be parsed again.
            Source::Text(text) => match parse(text, DECLARATIONS) {
                Ok(scenario) => set_seed(text, &scenario, seed),
                Err(_) => text.clone(),
            },
        }
    }

    /// Every seed has its own text, drawn to reach all that can be reached.
    pub fn is_random(&self) -> bool {
        matches!(self, Source::Random { live: false, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_shards_cover_a_range_once() {
        let whole = seeds("7..260").expect("a range");
        for of in 1..=5 {
            let mut seen: Vec<u64> = (1..=of)
                .flat_map(|which| {
                    let shard = Shard { which, of };
                    whole.chunks().flat_map(move |piece| piece.of_shard(whole, shard))
                })
                .collect();
            seen.sort_unstable();
            assert_eq!(seen, (7..260).collect::<Vec<u64>>(), "{of} shards");
        }
        assert_eq!(seeds("0..18446744073709551615").expect("a range").chunks().take(3).count(), 3);
    }
}
