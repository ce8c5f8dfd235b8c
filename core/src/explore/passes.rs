//! The ways to make a failing text smaller, each as a list of proposals to be tried one after
//! the other. A proposal depends on the smallest text so far and on its place in the list
//! alone. Never plays a proposal.

use super::freeze::{
    chaos, is_rate, lines_of_triggers, rates, selectors, trigger_named, trigger_timed, workloads,
};
use super::names::{selector_mut, without_client, without_server};
use super::trial::{Hit, record};
use crate::protocols::Registered;
use crate::scenario::ast::*;
use alloc::vec::Vec;

/// One way to make a text smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// Lines after the violation.
    Tail,
    /// Away with whole causes: drawn faults, rates, triggers; first all of a sort.
    Causes,
    /// Drawn faults, written out.
    Chaos,
    /// Loss and duplication as fates of single messages.
    Rates,
    /// Lines that wait for an event, as lines with a time, or said more narrowly.
    Triggers,
    /// Names in place of selectors.
    Selectors,
    /// Faults, in halves, quarters, ... down to single lines.
    Faults,
    /// Clients.
    Clients,
    /// Regular work of clients as single requests.
    Workloads,
    /// Requests, as faults.
    Requests,
    /// Servers.
    Nodes,
    /// Another seed under which the violation comes much sooner.
    Seeds,
    /// Lines that set how things are: latency, disk, parameters, starting logs.
    Settings,
    /// Shorter waits between lines.
    Gaps,
    /// Rounder times.
    Times,
    /// Rounder spans and ranges.
    Values,
    /// An end soon after the violation.
    End,
}

/// Passes that are gone through again and again until none helps.
pub(super) struct Phase {
    passes: &'static [Pass],
    /// Each proposal is also tried under some other seeds: what is left may need other luck.
    elsewhere: bool,
}

/// First the text stays alive: `leader` means whoever leads, whatever else changes. Then it is
/// frozen and thinned out line by line; then what is left is made round.
pub(super) const PHASES: &[Phase] = &[
    Phase {
        passes: &[Pass::Tail, Pass::Causes, Pass::Faults, Pass::Clients, Pass::Nodes, Pass::Seeds],
        elsewhere: false,
    },
    Phase {
        passes: &[
            Pass::Causes,
            Pass::Faults,
            Pass::Clients,
            Pass::Nodes,
            Pass::Settings,
            Pass::Gaps,
            Pass::Seeds,
        ],
        elsewhere: true,
    },
    Phase {
        passes: &[
            Pass::Chaos,
            Pass::Tail,
            Pass::Causes,
            Pass::Rates,
            Pass::Triggers,
            Pass::Selectors,
            Pass::Faults,
            Pass::Clients,
            Pass::Workloads,
            Pass::Requests,
            Pass::Nodes,
            Pass::Settings,
        ],
        elsewhere: false,
    },
    Phase {
        passes: &[Pass::Faults, Pass::Requests, Pass::Clients, Pass::Nodes, Pass::Gaps],
        elsewhere: true,
    },
    Phase {
        passes: &[
            Pass::End,
            Pass::Tail,
            Pass::Triggers,
            Pass::Selectors,
            Pass::Faults,
            Pass::Clients,
            Pass::Requests,
            Pass::Nodes,
            Pass::Settings,
            Pass::Gaps,
            Pass::Times,
            Pass::Values,
        ],
        elsewhere: false,
    },
];

/// Seeds that are tried for a sooner violation.
const SEEDS: usize = 100;
/// The other seeds that are tried for one proposal may take about so many steps, and are at
/// least and at most so many.
const ELSEWHERE_STEPS: u64 = 20_000;
const ELSEWHERE: (u64, u64) = (3, 40);

/// Steps of rounding, µs, the roundest first.
const UNITS_US: &[u64] = &[1_000_000, 100_000, 10_000, 1_000];

/// A place in the list of proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Index of the phase.
    pub phase: usize,
    /// Index of the pass within it.
    pass: usize,
    /// Lines taken away at once; 0: not begun.
    size: usize,
    /// Place within the pass.
    at: usize,
    /// How many other seeds have been tried at this place, and how many are to be.
    seeds: (u64, u64),
}

impl Cursor {
    /// The beginning of a phase, for a text that takes so many steps to fail.
    pub fn of_phase(phase: usize, steps: u64) -> Cursor {
        let elsewhere = PHASES.get(phase).is_some_and(|phase| phase.elsewhere);
        let most = (ELSEWHERE_STEPS / steps.max(1)).clamp(ELSEWHERE.0, ELSEWHERE.1);
        let seeds = (0, if elsewhere { most } else { 0 });
        Cursor { phase, seeds, ..Cursor::default() }
    }

    /// The pass that it is in.
    pub fn pass(self) -> Option<Pass> {
        PHASES.get(self.phase)?.passes.get(self.pass).copied()
    }

    /// What comes when a proposal is of no use.
    pub fn rejected(self) -> Cursor {
        let (tried, most) = self.seeds;
        if tried < most && self.pass() != Some(Pass::Seeds) {
            return Cursor { seeds: (tried + 1, most), ..self };
        }
        self.skipped()
    }

    /// The next place.
    fn skipped(self) -> Cursor {
        Cursor { at: self.at + self.size.max(1), ..self.accepted() }
    }

    /// What comes when it is: the same place, where something else stands now.
    pub fn accepted(self) -> Cursor {
        Cursor { seeds: (0, self.seeds.1), ..self }
    }

    fn next_pass(self) -> Cursor {
        Cursor { pass: self.pass + 1, size: 0, at: 0, ..self.accepted() }
    }
}

/// The smallest text so far, and how it fails.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub scenario: Scenario,
    pub hit: Hit,
}

enum Proposal {
    Try(Scenario),
    Nothing,
    Over,
}

/// The next proposal at or behind a place, and its own place; none when the list is through.
pub(super) fn next(
    best: &Best,
    protocol: &Registered,
    mut cursor: Cursor,
) -> Option<(Cursor, Scenario)> {
    while let Some(pass) = cursor.pass() {
        let proposal = match class_of(pass) {
            Some(class) => chunk(&best.scenario, class, &mut cursor),
            None => propose(best, protocol, pass, cursor.at),
        };
        match proposal {
            Proposal::Try(scenario) if scenario != best.scenario => {
                return Some((cursor, elsewhere(scenario, cursor.seeds.0)));
            }
            Proposal::Try(_) | Proposal::Nothing => cursor = cursor.skipped(),
            Proposal::Over => cursor = cursor.next_pass(),
        }
    }
    None
}

/// The same with another seed, the `rank`-th from its own; 0 leaves it.
fn elsewhere(scenario: Scenario, rank: u64) -> Scenario {
    match rank {
        0 => scenario,
        rank => {
            let seed = (scenario.seed() % 1_000 + rank) % 1_000;
            with_seed(&scenario, seed)
        }
    }
}

fn propose(best: &Best, protocol: &Registered, pass: Pass, at: usize) -> Proposal {
    let scenario = &best.scenario;
    let whole = || record(scenario, protocol, best.hit.time_us);
    match pass {
        Pass::Tail if at == 0 => Proposal::Try(without_tail(scenario, best.hit.time_us)),
        Pass::Causes => without_cause(scenario, at),
        Pass::Chaos if at == 0 => Proposal::Try(chaos(scenario, protocol.declaration)),
        Pass::Rates if at == 0 && scenario.statements.iter().any(|s| is_rate(&s.kind)) => {
            Proposal::Try(rates(scenario, &whole()))
        }
        Pass::Triggers => propose_trigger(best, protocol, at),
        Pass::Selectors if at == 0 && has_selectors(scenario) => {
            Proposal::Try(selectors(scenario, &whole()))
        }
        Pass::Clients => match scenario.clients().nth(at).map(|client| client.name) {
            Some(name) => Proposal::Try(without_client(scenario, name)),
            None => Proposal::Over,
        },
        Pass::Workloads if at == 0 && works(scenario) => {
            Proposal::Try(workloads(scenario, &whole()))
        }
        Pass::Seeds if at < SEEDS => Proposal::Try(with_seed(scenario, at as u64 + 1)),
        Pass::Nodes => match scenario.nodes().checked_sub(at as u16) {
            Some(number) if number > 0 && scenario.nodes() > protocol.declaration.nodes.0 => {
                Proposal::Try(without_server(scenario, Name { prefix: 'n', number }))
            }
            _ => Proposal::Over,
        },
        Pass::Gaps => shorter_gap(scenario, at),
        Pass::Times => rounder_time(scenario, at),
        Pass::Values => rounder_value(scenario, at),
        Pass::End => sooner_end(best, at),
        _ => Proposal::Over,
    }
}

// ---- away with it, in chunks ----

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Fault,
    Request,
    Setting,
    Structure,
}

fn class_of(pass: Pass) -> Option<Class> {
    match pass {
        Pass::Faults => Some(Class::Fault),
        Pass::Requests => Some(Class::Request),
        Pass::Settings => Some(Class::Setting),
        _ => None,
    }
}

fn class(kind: &Kind) -> Class {
    match kind {
        Kind::At { action: Action::Request(..), .. } => Class::Request,
        Kind::At { .. } | Kind::Fate { .. } | Kind::When { .. } | Kind::Chaos(_) => Class::Fault,
        Kind::Network { law: Law::Loss(_) | Law::Duplicate(_) | Law::Reorder(_), .. } => {
            Class::Fault
        }
        Kind::Network { .. }
        | Kind::Disk(_)
        | Kind::Timing(_)
        | Kind::Failures(_)
        | Kind::Set { .. }
        | Kind::Log { .. } => Class::Setting,
        _ => Class::Structure,
    }
}

/// How many lines of a text are faults: what goes wrong, not who asks or how things are set.
pub fn fault_lines(scenario: &Scenario) -> usize {
    scenario.statements.iter().filter(|s| class(&s.kind) == Class::Fault).count()
}

/// Without `size` lines of a class, counted from the end: what is late disturbs least.
fn chunk(scenario: &Scenario, wanted: Class, cursor: &mut Cursor) -> Proposal {
    let of_class = |place: &usize| class(&scenario.statements[*place].kind) == wanted;
    let mut places: Vec<usize> = (0..scenario.statements.len()).filter(of_class).collect();
    places.reverse();
    if places.is_empty() {
        return Proposal::Over;
    }
    if cursor.size == 0 {
        cursor.size = places.len();
    }
    if cursor.at >= places.len() {
        if cursor.size == 1 {
            return Proposal::Over;
        }
        cursor.size = cursor.size.min(places.len()).div_ceil(2).min(cursor.size - 1);
        cursor.at = 0;
    }
    let gone = &places[cursor.at..(cursor.at + cursor.size).min(places.len())];
    let mut smaller = scenario.clone();
    for &place in gone {
        smaller.statements.remove(place);
    }
    Proposal::Try(smaller)
}

/// The same with another seed.
pub(super) fn with_seed(scenario: &Scenario, seed: u64) -> Scenario {
    let mut other = scenario.clone();
    other.statements.retain(|statement| !matches!(statement.kind, Kind::Seed(_)));
    let what_runs = |s: &Statement| matches!(s.kind, Kind::Protocol { .. });
    let at = other.statements.iter().position(what_runs).map_or(0, |place| place + 1);
    other.statements.insert(at, Statement { kind: Kind::Seed(seed), comment: None });
    other
}

/// Without all causes of a sort, or without one of them: chaos, rates, triggers.
fn without_cause(scenario: &Scenario, at: usize) -> Proposal {
    const SORTS: [fn(&Kind) -> bool; 3] =
        [|kind| matches!(kind, Kind::Chaos(_)), is_rate, |kind| matches!(kind, Kind::When { .. })];
    let mut smaller = scenario.clone();
    if let Some(sort) = SORTS.get(at) {
        smaller.statements.retain(|statement| !sort(&statement.kind));
        return Proposal::Try(smaller);
    }
    let is_cause = |place: &usize| SORTS.iter().any(|sort| sort(&scenario.statements[*place].kind));
    match (0..scenario.statements.len()).filter(is_cause).nth(at - SORTS.len()) {
        Some(place) => {
            smaller.statements.remove(place);
            Proposal::Try(smaller)
        }
        None => Proposal::Over,
    }
}

fn without_tail(scenario: &Scenario, until_us: u64) -> Scenario {
    let mut shorter = scenario.clone();
    let is_late = |kind: &Kind| matches!(kind, Kind::At { time_us, .. } if *time_us > until_us);
    shorter.statements.retain(|statement| !is_late(&statement.kind));
    shorter
}

// ---- said more narrowly ----

fn propose_trigger(best: &Best, protocol: &Registered, at: usize) -> Proposal {
    const WAYS: usize = 4;
    let lines = lines_of_triggers(&best.scenario);
    let Some(&line) = lines.get(at / WAYS) else { return Proposal::Over };
    let place = line as usize - 1;
    let mut other = best.scenario.clone();
    let recording = || record(&best.scenario, protocol, best.hit.time_us);
    match at % WAYS {
        0 => other = trigger_timed(&best.scenario, &recording(), line),
        1 => other = trigger_named(&best.scenario, &recording(), line),
        way => {
            if let Kind::When { again, by_us, .. } = &mut other.statements[place].kind {
                if way == 2 { *again = false } else { *by_us = None }
            }
        }
    }
    Proposal::Try(other)
}

fn has_selectors(scenario: &Scenario) -> bool {
    let named = |who: &Selector| matches!(who, Selector::Names(_));
    scenario.statements.iter().any(|statement| match &statement.kind {
        Kind::At { action: Action::Partition(groups), .. } => !groups.iter().all(named),
        Kind::At { action, .. } => selector_mut(&mut action.clone()).is_some_and(|who| !named(who)),
        _ => false,
    })
}

fn works(scenario: &Scenario) -> bool {
    scenario.clients().any(|client| client.every_us.is_some())
}

// ---- shorter and rounder ----

fn timed(scenario: &Scenario) -> Vec<(usize, u64)> {
    let time = |(place, statement): (usize, &Statement)| match statement.kind {
        Kind::At { time_us, .. } => Some((place, time_us)),
        _ => None,
    };
    scenario.statements.iter().enumerate().filter_map(time).collect()
}

/// All from one line on comes sooner: by most of the wait before it, or half, or a tenth.
fn shorter_gap(scenario: &Scenario, at: usize) -> Proposal {
    const LEFT_TENTHS: &[u64] = &[0, 1, 5, 9];
    const LEAST_US: u64 = 1_000;
    let lines = timed(scenario);
    let which = at / LEFT_TENTHS.len();
    let Some(&(_, time_us)) = lines.get(which) else { return Proposal::Over };
    let before_us = which.checked_sub(1).map_or(0, |k| lines[k].1);
    let gap_us = time_us - before_us;
    let left_us = gap_us * LEFT_TENTHS[at % LEFT_TENTHS.len()] / 10;
    if gap_us < LEAST_US {
        return Proposal::Nothing;
    }
    let mut sooner = scenario.clone();
    for statement in &mut sooner.statements {
        if let Kind::At { time_us: line_us, .. } = &mut statement.kind
            && *line_us >= time_us
        {
            *line_us -= gap_us - left_us;
        }
    }
    Proposal::Try(sooner)
}

fn round(value: u64, unit: u64) -> u64 {
    (value + unit / 2) / unit * unit
}

fn rounder_time(scenario: &Scenario, at: usize) -> Proposal {
    let lines = timed(scenario);
    let which = at / UNITS_US.len();
    let Some(&(place, time_us)) = lines.get(which) else { return Proposal::Over };
    // Only ever sooner, as with the gaps: so there is an end to it.
    let unit_us = UNITS_US[at % UNITS_US.len()];
    let rounded_us = time_us / unit_us * unit_us;
    if which.checked_sub(1).is_some_and(|before| rounded_us < lines[before].1) {
        return Proposal::Nothing;
    }
    let mut rounder = scenario.clone();
    if let Kind::At { time_us, .. } = &mut rounder.statements[place].kind {
        *time_us = rounded_us;
    }
    Proposal::Try(rounder)
}

/// The first proposal makes a range a single span; the others round.
fn rounder_value(scenario: &Scenario, at: usize) -> Proposal {
    let ways = UNITS_US.len() + 1;
    let Some(statement) = scenario.statements.get(at / ways) else { return Proposal::Over };
    let mut kind = statement.kind.clone();
    let way = at % ways;
    let change = |range: &mut Range| {
        if way == 0 {
            let middle = (range.low + range.high) / 2;
            *range = Range { low: middle, high: middle };
        } else {
            let unit = UNITS_US[way - 1];
            *range = Range { low: round(range.low, unit), high: round(range.high, unit) };
        }
    };
    let span = |us: &mut u64| {
        if way > 0 {
            *us = round(*us, UNITS_US[way - 1]).max(1);
        }
    };
    match &mut kind {
        Kind::Disk(range) | Kind::Set { value: Value::Duration(range), .. } => change(range),
        Kind::Network { law: Law::Latency(range, spread), .. } => {
            *spread = Spread::Uniform;
            change(range);
        }
        Kind::Client { every_us: Some(us), .. } => span(us),
        Kind::Fate { fate: Fate::Delay(us), .. } => span(us),
        Kind::At { action, .. } | Kind::When { then: action, .. } => {
            spans(action).into_iter().for_each(span);
        }
        _ => return Proposal::Nothing,
    }
    let mut rounder = scenario.clone();
    rounder.statements[at / ways].kind = kind;
    Proposal::Try(rounder)
}

/// All spans of time in an action, µs.
fn spans(action: &mut Action) -> Vec<&mut u64> {
    match action {
        Action::Pause(_, span_us) | Action::Suspend(_, span_us) => span_us.iter_mut().collect(),
        Action::Slow(_, by_us, span_us) => core::iter::once(by_us).chain(span_us).collect(),
        Action::Disk(_, DiskFault::Slow(by_us), span_us) => {
            core::iter::once(by_us).chain(span_us).collect()
        }
        Action::Disk(_, _, span_us) | Action::Clog { span_us, .. } => span_us.iter_mut().collect(),
        Action::Fate(Fate::Delay(by_us), _) => alloc::vec![by_us],
        _ => Vec::new(),
    }
}

fn sooner_end(best: &Best, at: usize) -> Proposal {
    let hit_us = best.hit.time_us;
    let unit_us = match UNITS_US.get(at) {
        Some(unit_us) => *unit_us,
        None if at == UNITS_US.len() => 1,
        None => return Proposal::Over,
    };
    let end_us = (hit_us + 1).next_multiple_of(unit_us);
    let far = |us: u64| us - hit_us > hit_us / 8;
    // Near already, or too far behind what is to be seen.
    let known = best.scenario.end_us().is_some_and(|known_us| !far(known_us.max(hit_us)));
    if known || unit_us > 1 && far(end_us) {
        return Proposal::Nothing;
    }
    let mut sooner = best.scenario.clone();
    sooner.statements.retain(|statement| !matches!(statement.kind, Kind::End(_)));
    sooner.statements.push(Statement { kind: Kind::End(end_us), comment: None });
    Proposal::Try(sooner)
}
