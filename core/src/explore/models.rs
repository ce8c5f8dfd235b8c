//! Which promises survive which system: random runs of a protocol in each of the systems that a
//! text can name (synchronous, partially synchronous, asynchronous; crash-stop, crash-recovery),
//! with faults as bad as the system lets them be, and what of the declared checks was broken
//! there. At the end a core is made whole and asked for progress. Judges nothing itself.

use super::generate::random_scenario_of;
use super::live::ask_for_progress;
use super::sweep::{Extent, judge_run};
use super::trials::{System, Trial, promised_under};
use crate::declare::Declaration;
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::protocols::DECLARATIONS;
use crate::scenario::ast::*;
use crate::scenario::parse;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A system, by the words of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Words {
    /// `synchronous`, `partial` or `asynchronous`.
    pub timing: &'static str,
    /// `crash-stop` or `crash-recovery`.
    pub failures: &'static str,
}

/// All of them, the kindest first.
pub const SYSTEMS: [Words; 6] = [
    Words { timing: "synchronous", failures: "crash-stop" },
    Words { timing: "synchronous", failures: "crash-recovery" },
    Words { timing: "partial", failures: "crash-stop" },
    Words { timing: "partial", failures: "crash-recovery" },
    Words { timing: "asynchronous", failures: "crash-stop" },
    Words { timing: "asynchronous", failures: "crash-recovery" },
];

/// What became of a promise in a system.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Kept {
    /// The system.
    pub system: Words,
    /// Whether it is promised there.
    pub promised: bool,
    /// Runs in which it was broken.
    pub broken: u64,
    /// The first seed that broke it.
    pub seed: Option<u64>,
}

/// A promise of a protocol, and what became of it in each system.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Row {
    /// The check's plain name, or "Progress".
    pub promise: String,
    /// In the order of `SYSTEMS`.
    pub kept: Vec<Kept>,
}

/// The row of liveness: an operation that begins after the faults is answered in time.
pub const PROGRESS: &str = "Progress";

/// Plays these seeds of a protocol in every system. `settings` are `set` lines, the same for all.
pub fn survey(protocol: &str, settings: &str, seeds: core::ops::Range<u64>) -> Vec<Row> {
    let Some(declared) = DECLARATIONS.iter().find(|known| known.name == protocol) else {
        return Vec::new();
    };
    let names = declared.checks.iter().map(|check| check.plain).chain([PROGRESS]);
    let mut rows: Vec<Row> =
        names.map(|name| Row { promise: name.to_string(), kept: Vec::new() }).collect();
    for system in SYSTEMS {
        let mut tried: Vec<(u64, Option<u64>)> = alloc::vec![(0, None); rows.len()];
        let mut broke = |row: usize, seed: u64| {
            if let Some((times, first)) = tried.get_mut(row) {
                *times += 1;
                first.get_or_insert(seed);
            }
        };
        for seed in seeds.clone() {
            let text = system_text(protocol, settings, seed, system);
            let report = judge_run(&text, Extent::default()).unwrap_or_default();
            // A text that cannot be read shows nothing of any promise.
            let unread = report.digest.is_empty();
            for violation in report.violations.iter().chain(&report.beyond) {
                broke(usize::from(violation.check), seed);
            }
            if unread || !report.broken.is_empty() {
                broke(declared.checks.len(), seed);
            }
        }
        let scenario = parse(&system_text(protocol, settings, seeds.start, system), DECLARATIONS);
        let scenario = scenario.unwrap_or_default();
        for (place, (row, (broken, seed))) in rows.iter_mut().zip(tried).enumerate() {
            let promised = is_promised_in(&scenario, declared, place, system);
            row.kept.push(Kept { system, promised, broken, seed });
        }
    }
    rows
}

/// Progress needs a time after which messages arrive (Fischer, Lynch and Paterson 1985): with it,
/// and with as many servers as suffice, every protocol here promises it.
fn is_promised_in(scenario: &Scenario, declared: &Declaration, row: usize, system: Words) -> bool {
    if row == declared.checks.len() {
        return system.timing != "asynchronous";
    }
    promised_under(scenario, declared, row, system.timing, system.failures)
}

/// The random run of a seed in a system: its faults end, and a core is asked for progress.
pub fn system_text(protocol: &str, settings: &str, seed: u64, system: Words) -> String {
    let mut scenario = base(protocol, settings, seed);
    let stops = system.failures == "crash-stop";
    // Where time is promised, what a protocol takes for granted of wall clocks is so, too.
    let keeps_time = system.timing == "synchronous" && relies_on_wall_clocks(protocol);
    for statement in &mut scenario.statements {
        match &mut statement.kind {
            // Who stops for good must leave enough of the others.
            Kind::Chaos(chaos) => chaos.keep_majority |= stops,
            Kind::Failures(_) => statement.kind = Kind::Blank,
            Kind::At { action: Action::Step(..) | Action::Slew(..), .. } if keeps_time => {
                statement.kind = Kind::Blank;
            }
            // Somebody must be left to ask.
            Kind::At { action: Action::Crash(who) | Action::Kill(who), .. }
                if stops && names_a_client(who) =>
            {
                statement.kind = Kind::Blank;
            }
            _ => {}
        }
    }
    if stops {
        let kind = Kind::Failures(Failures::CrashStop);
        scenario.statements.push(Statement { kind, comment: None });
    }
    let timing = |bound_us: u64, gst_us: u64| match system.timing {
        "synchronous" => Timing::Synchronous { bound_us },
        "partial" => Timing::Partial { bound_us, gst_us },
        _ => Timing::Asynchronous,
    };
    ask_for_progress(scenario, timing).to_string()
}

/// Whether a protocol tolerates no wall clock that is set, whatever it is set to itself.
fn relies_on_wall_clocks(protocol: &str) -> bool {
    let declared = DECLARATIONS.iter().find(|known| known.name == protocol);
    let beyond = declared.map_or(&[][..], |known| known.faults.beyond);
    beyond.iter().any(|fault| fault.fault == "step" && fault.given.is_empty())
}

fn names_a_client(who: &Selector) -> bool {
    matches!(who, Selector::Names(names) if names.iter().any(|name| name.prefix == 'c'))
}

fn base(protocol: &str, settings: &str, seed: u64) -> Scenario {
    let mut dice = Dice::new(seed, Purpose::Generate, 30);
    // Both kinds of random run where both are known: they are bad in different ways.
    if dice.percent(50) || !super::dialect::speaks(protocol) {
        let system = System::Wild;
        let trial = Trial { protocol, lines: settings, bugs: &[], system, nodes: (2, 5) };
        if let Ok(scenario) = parse(&trial.text(seed), DECLARATIONS) {
            return scenario;
        }
    }
    let mut scenario = random_scenario_of(protocol, seed, &[]);
    let mut head = alloc::format!("protocol {protocol}\n");
    head.push_str(settings);
    let said = parse(&head, DECLARATIONS).unwrap_or_default();
    let name = |statement: &Statement| match &statement.kind {
        Kind::Set { name, .. } => Some(name.clone()),
        _ => None,
    };
    let set: Vec<Statement> = said.statements.into_iter().filter(|s| name(s).is_some()).collect();
    // One that is set here is not set twice; reads are as the settings say or the default.
    scenario.statements.retain(|statement| {
        name(statement).is_none_or(|known| {
            known != "reads" && !set.iter().any(|line| name(line).as_ref() == Some(&known))
        })
    });
    scenario.statements.extend(set);
    scenario
}
