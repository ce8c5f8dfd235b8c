//! One run of a sweep: played to its end or its first violation, counted, and on a share of
//! the seeds judged by slower means that must agree: the whole history searched for an
//! order, the run played twice, the invariants by brute force.

use super::tally::{Counter, Tally};
use super::trials::is_promised;
use super::twin::Twin;
use crate::check::{Verdict, Violation};
use crate::protocols::{DECLARATIONS, Registered, find};
use crate::run::{Judge, PLAY_US, world_of};
use crate::scenario::ast::{Expectation, Kind, Property, Scenario};
use crate::scenario::{Diagnostic, parse};
use crate::world::{Event, LineClass, What, World};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A run of a sweep takes at most so many steps.
pub const STEPS_MAX: u64 = 5_000_000;

/// Machine steps that the search of a whole history may take.
const SEARCH_BUDGET: u64 = 2_000_000;

/// By what means a run is judged beside the checks that always run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// The text was drawn: everything declared must be reached by some seed.
    pub random: bool,
    /// Search the whole history for an order; must agree with the protocol's own.
    pub search: bool,
    /// Play it again; must give the same digest.
    pub twice: bool,
    /// The invariants by brute force; must agree with the incremental ones.
    pub twin: bool,
}

impl Extent {
    /// What a seed gets: every 16th a search, another 16th is played twice, every 64th has a
    /// twin.
    pub fn of_seed(seed: u64, random: bool) -> Extent {
        Extent {
            random,
            search: seed.is_multiple_of(16),
            twice: seed % 16 == 5,
            twin: seed % 64 == 10,
        }
    }
}

/// What a run of a sweep gave.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Its digest, 16 hex digits.
    pub digest: String,
    /// Violations at the step of the first one; those of checks that are not promised for the
    /// text do not count.
    pub violations: Vec<Violation>,
    /// Violations of checks that are not promised for the text.
    pub beyond: Vec<Violation>,
    /// `always` and `never` lines that do not hold.
    pub broken: Vec<String>,
    /// Two means that must agree and do not.
    pub disagreements: Vec<String>,
    /// A budget ran out: nobody knows.
    pub unknown: bool,
    /// What it exercised.
    pub tally: Tally,
}

impl Report {
    /// Nothing is wrong with it.
    pub fn holds(&self) -> bool {
        self.violations.is_empty() && self.broken.is_empty() && self.disagreements.is_empty()
    }
}

/// Plays a text to its end or its first violation.
///
/// # Errors
/// What is wrong with the text.
pub fn judge_run(text: &str, extent: Extent) -> Result<Report, Vec<Diagnostic>> {
    let scenario = parse(text, DECLARATIONS)?;
    let Some(protocol) = find(scenario.protocol()) else { return Err(Vec::new()) };
    let mut report = play(&scenario, protocol, extent);
    if extent.twice {
        let again = play(&scenario, protocol, Extent { twin: false, search: false, ..extent });
        if again.digest != report.digest {
            let both = format!("two runs: digest {}, then {}", report.digest, again.digest);
            report.disagreements.push(both);
        }
    }
    Ok(report)
}

fn play(scenario: &Scenario, protocol: &Registered, extent: Extent) -> Report {
    let mut world = world_of(scenario, protocol);
    let mut judge = Judge::new(&standing(scenario), protocol.declaration, &world);
    let mut counter = Counter::new(protocol.declaration);
    // The twin knows Raft's promises: it has nothing to say where they are not made.
    let complete = |check: &crate::declare::Check| check.formal == "Leader completeness";
    let has_twin = extent.twin && protocol.declaration.checks.iter().any(complete);
    let mut twin = has_twin.then(|| Twin::new(world.kernel.servers));
    let counts: Vec<bool> = (0..protocol.declaration.checks.len())
        .map(|check| is_promised(scenario, protocol.declaration, check))
        .collect();
    // Where one copy is not promised nobody needs to know whether the clients saw one.
    let one_copy = protocol.declaration.checks.iter().zip(&counts);
    let one_copy = one_copy.filter(|(check, _)| check.formal == "Linearizable").any(|(_, &c)| c);
    let counts = |violation: &&Violation| counts[usize::from(violation.check)];
    let mut disagreements = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    let end_us = scenario.end_us().unwrap_or(PLAY_US);
    let mut broken = false;
    let spent = loop {
        events.clear();
        events.append(&mut world.kernel.out);
        events.iter().for_each(|event| counter.take(event));
        if !judge.is_empty() {
            judge.after(&events, &world);
            broken = judge.verdicts(world.kernel.now_us, &world).iter().any(|v| v.fails);
        }
        if let Some(twin) = &mut twin {
            disagreements.extend(compare(twin, &world, &events));
        }
        let spent = world.kernel.steps >= STEPS_MAX;
        let violated = world.violations().iter().any(|violation| counts(&violation));
        if spent || broken || violated || !disagreements.is_empty() {
            break spent;
        }
        let next_us = world.next_time().filter(|&next_us| next_us <= end_us);
        judge.before(next_us.unwrap_or(end_us + 1), &world);
        match next_us {
            Some(_) => world.step(),
            None => break false,
        };
    };
    if extent.search && one_copy && world.violations().is_empty() {
        // The protocol's own order explained every answer, or an online search did.
        let found = world.members.search(SEARCH_BUDGET);
        if found == Verdict::Violated {
            disagreements.push("no order explains the whole history".to_string());
        }
    }
    let verdicts = judge.verdicts(world.kernel.now_us, &world);
    let unmet = verdicts.into_iter().filter(|v| v.line > 0 && v.fails).map(|verdict| {
        // What is missing follows the words of a line that asks for progress.
        let why = verdict.detail.split_once(": ").map(|(_, why)| why);
        why.map_or(verdict.plain.clone(), |why| format!("{}: {why}", verdict.plain))
    });
    Report {
        digest: format!("{:016x}", world.kernel.digest_value()),
        violations: world.violations().iter().filter(counts).cloned().collect(),
        beyond: world.violations().iter().filter(|v| !counts(v)).cloned().collect(),
        broken: unmet.collect(),
        disagreements,
        unknown: spent || one_copy && world.members.judged().unknown,
        tally: counter.finish(scenario, &world, extent.random),
    }
}

/// A sweep judges what must hold for every seed: not what a text expects of its own run, but
/// that a core makes progress.
fn standing(scenario: &Scenario) -> Scenario {
    let mut standing = scenario.clone();
    for statement in &mut standing.statements {
        let lives = matches!(
            &statement.kind,
            Kind::Expect(Expectation::Within(Property::Progress, _, event)) if event.name == "core"
        );
        if matches!(statement.kind, Kind::Expect(_)) && !lives {
            statement.kind = Kind::Blank;
        }
    }
    standing
}

/// The twin looks at who was touched; what it finds the incremental checks must have found,
/// and what they find of elections and of the committed history it must see as well.
fn compare(twin: &mut Twin, world: &World, events: &[Event]) -> Option<String> {
    let checks = world.members.declaration().checks;
    let formal = |check: u8| checks[usize::from(check)].formal;
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for event in events.iter().filter(|event| event.node.0 < world.kernel.servers) {
        if event.what == What::Boot {
            twin.forget(event.node);
        }
    }
    for event in events {
        if event.node.0 < world.kernel.servers && !seen.contains(&event.node) {
            seen.push(event.node);
            found.extend(twin.look(world, event.node));
        }
    }
    let known: Vec<&str> = world.violations().iter().map(|v| formal(v.check)).collect();
    if let Some(check) = found.iter().find(|check| !known.contains(check)) {
        return Some(format!("by brute force violated, incrementally not: {check}"));
    }
    let by_trigger = |e: &Event| e.what == What::Line && e.sub == LineClass::When as u8;
    twin.blind |= events.iter().any(by_trigger);
    let must_see = ["Election safety", "State machine safety"];
    let missed = known.iter().find(|check| must_see.contains(check));
    match missed {
        Some(check) if found.is_empty() && !twin.blind => {
            Some(format!("incrementally violated, by brute force not: {check}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::random_text;

    #[test]
    fn correct_code_holds_and_every_means_agrees() {
        let all = Extent { random: true, search: true, twice: true, twin: true };
        for seed in 0..4 {
            let report = judge_run(&random_text(seed, &[]), all).expect("parses");
            assert!(report.holds(), "seed {seed}: {report:?}");
            assert!(report.tally.steps > 100);
        }
    }

    #[test]
    fn a_line_that_must_always_hold_is_judged_and_one_of_this_run_is_not() {
        let text = "protocol raft\nseed 3\nend 2s\nexpect no leader\nalways no leader\n";
        let report = judge_run(text, Extent::default()).expect("parses");
        assert_eq!(report.broken, ["always no leader"]);
        let text = text.replace("always no leader\n", "");
        assert!(judge_run(&text, Extent::default()).expect("parses").holds());
    }

    #[test]
    fn a_line_that_never_acts_is_missed() {
        let text = "protocol raft\nseed 3\nend 2s\nat 1s crash n1\nat 3s kill n2\n";
        let report = judge_run(text, Extent::default()).expect("parses");
        assert_eq!(report.tally.missing(), ["faults: kill"]);
        assert_eq!(report.tally.times("faults", "crash"), 1);
    }
}
