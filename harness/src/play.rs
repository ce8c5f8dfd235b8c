//! One run of a test: played to its end or its first failure, with the checks of the text, of
//! the protocol and of the test; or played twice, event by event.

use crate::{Harness, Invariant};
use happens_before::check;
use happens_before::explore::{Counter, Tally};
use happens_before::run::{EVENTS_MAX, Outcome, PLAY_US, Run, seconds, words_of};
use happens_before::scenario::Diagnostic;
use happens_before::world::Protocol;

/// Machine steps that the search of a whole history may take.
const SEARCH_BUDGET: u64 = 2_000_000;

/// The name under which a run that cannot be repeated fails.
pub const REPEATABLE: &str = "The same seed gives the same run";

/// What went wrong in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The check's plain name: what a shrunk text must violate as well.
    pub check: String,
    /// What is wrong, in words.
    pub statement: String,
    /// When, virtual µs.
    pub time_us: u64,
    /// Only the search of the whole history found it.
    pub searched: bool,
}

/// A run that was played.
pub struct Played {
    /// Where it stopped.
    pub run: Run,
    /// What went wrong, if anything did.
    pub found: Option<Found>,
}

impl Played {
    /// What it exercised.
    pub fn tally(&self) -> Tally {
        let mut counter = Counter::new(self.run.declaration());
        self.run.all_events().iter().for_each(|event| counter.take(event));
        counter.finish(self.run.scenario(), self.run.world(), false)
    }
}

impl<P: Protocol> Harness<P> {
    /// Plays a text to its end or its first failure.
    pub(crate) fn play(&self, text: &str, search: bool) -> Result<Played, Vec<Diagnostic>> {
        let mut run = Run::among(text, Self::KNOWN)?;
        let until_us = run.end_us().unwrap_or(PLAY_US);
        let mut found = loop {
            if let Some(found) = self.broken(&run) {
                break Some(found);
            }
            let full = run.all_events().len() >= EVENTS_MAX;
            if full || run.next_time().is_none_or(|next_us| next_us > until_us) {
                break None;
            }
            if self.invariants.is_empty() {
                run.advance(until_us);
            } else {
                run.step();
            }
        };
        if found.is_none() {
            let verdicts = run.finish();
            let failed = verdicts.iter().find(|verdict| verdict.fails);
            found = failed.map(|verdict| unmet(&run, &verdict.plain, &verdict.detail));
        }
        if found.is_none() && search {
            let verdict = run.world().members.search(SEARCH_BUDGET);
            let expected =
                run.verdicts().iter().any(|verdict| verdict.outcome == Outcome::Violated);
            if verdict == check::Verdict::Violated && !expected {
                let statement = "No order explains the whole history.";
                let found_late = unmet(&run, linearizable(&run), statement);
                found = Some(Found { searched: true, ..found_late });
            }
        }
        Ok(Played { run, found })
    }

    /// The violation or the invariant that makes the run fail where it stands.
    fn broken(&self, run: &Run) -> Option<Found> {
        if !run.violations().is_empty() {
            let verdicts = run.verdicts();
            let checks = run.declaration().checks;
            let fails = |violation: &&check::Violation| {
                let plain = checks[usize::from(violation.check)].plain;
                verdicts.iter().any(|verdict| verdict.fails && verdict.plain == plain)
            };
            if let Some(violation) = run.violations().iter().find(fails) {
                return Some(Found {
                    check: checks[usize::from(violation.check)].plain.to_string(),
                    statement: violation.statement.clone(),
                    time_us: violation.time_us,
                    searched: false,
                });
            }
        }
        let world = run.world();
        let broken = |invariant: &Invariant| {
            let mut said = None;
            let panicked = crate::guard::guard(&mut || said = (invariant.holds)(world).err());
            let said = panicked.err().or(said)?;
            Some(unmet(run, &invariant.name, &said))
        };
        self.invariants.iter().find_map(broken)
    }

    /// Plays a text twice at once; the first event at which they part.
    pub(crate) fn parts(&self, text: &str) -> Result<Option<Found>, Vec<Diagnostic>> {
        let mut one = Run::among(text, Self::KNOWN)?;
        let mut two = Run::among(text, Self::KNOWN)?;
        let until_us = one.end_us().unwrap_or(PLAY_US);
        loop {
            if one.world().kernel.digest_value() != two.world().kernel.digest_value() {
                return Ok(Some(difference(&one, &two)));
            }
            let over = |run: &mut Run| run.next_time().is_none_or(|next_us| next_us > until_us);
            match (!over(&mut one) && one.step(), !over(&mut two) && two.step()) {
                (true, true) => {}
                (false, false) => return Ok(None),
                _ => return Ok(Some(difference(&one, &two))),
            }
        }
    }
}

/// The plain name of the check of what clients saw.
fn linearizable(run: &Run) -> &'static str {
    let check = run.declaration().checks.iter().find(|check| check.formal == "Linearizable");
    check.map_or("Linearizable", |check| check.plain)
}

fn unmet(run: &Run, check: &str, statement: &str) -> Found {
    Found {
        check: check.to_string(),
        statement: statement.to_string(),
        time_us: run.time_us(),
        searched: false,
    }
}

/// The first of the last events in which two runs differ, else the last: its content differs.
fn difference(one: &Run, two: &Run) -> Found {
    let (a, b) = (one.events(), two.events());
    let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let place = shared.min(a.len().max(b.len()) - 1);
    let after = match place.checked_sub(1) {
        Some(before) => format!("after {}", words_of(one, before as u32)),
        None => "at once".to_string(),
    };
    let words = |run: &Run| match run.events().get(place) {
        Some(_) => words_of(run, place as u32),
        None => "nothing more happens".to_string(),
    };
    let (first, second) = (words(one), words(two));
    let how = if first == second {
        format!("{first}, but with another content or other effects")
    } else {
        format!("once {first}, once {second}")
    };
    let time_us = a.get(place).or(b.get(place)).map_or(0, |event| event.time_us);
    Found {
        check: REPEATABLE.to_string(),
        statement: format!(
            "Two runs of one seed part at event {place}, at {}, {after}: {how}. A process may draw \
             only from its context; the order of a hash map, a clock, a thread or an address \
             makes every run another.",
            seconds(time_us)
        ),
        time_us,
        searched: false,
    }
}
