//! Shrinking: from a text that fails to a small one that fails in the same way, that is, with
//! the same check violated. Asks for proposals to be played and is told how they went, so that
//! threads, workers and slices of a page's time can all drive it; the result does not depend on
//! who does. Deterministic; never plays more than its budget.

use super::passes::{Best, Cursor, PHASES, Pass, fault_lines, next, with_seed};
use super::trial::{Aim, Hit, Limit, trial};
use super::trials::is_promised;
use crate::protocols::{PROTOCOLS, Registered, find};
use crate::run::{PLAY_US, world_of};
use crate::scenario::ast::*;
use crate::scenario::{Diagnostic, check_index, check_words, parse};
use crate::world::World;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Proposals that are played at most.
const PROPOSALS_MAX: u64 = 20_000;

/// Why a text cannot be shrunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoShrink {
    /// It cannot be read.
    Wrong(Vec<Diagnostic>),
    /// No check has this name.
    NoCheck,
    /// Its run does not violate the check.
    Holds,
}

/// A text being shrunk.
#[derive(Clone)]
pub struct Shrink {
    protocol: &'static Registered,
    aim: Aim,
    best: Best,
    before: Size,
    cursor: Cursor,
    changed: bool,
    over: bool,
    played: u64,
    steps: u64,
}

/// How large a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Size {
    /// All lines but blank ones.
    pub lines: usize,
    /// Lines of faults.
    pub faults: usize,
    /// Steps up to the violation.
    pub steps: u64,
}

impl Size {
    fn of(best: &Best) -> Size {
        let full = |statement: &&Statement| statement.kind != Kind::Blank;
        Size {
            lines: best.scenario.statements.iter().filter(full).count(),
            faults: fault_lines(&best.scenario),
            steps: best.hit.steps,
        }
    }
}

/// How far the shrinking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Progress {
    /// The text as given.
    pub before: Size,
    /// The smallest text so far.
    pub now: Size,
    /// Proposals played.
    pub played: u64,
    /// Steps that they took.
    pub steps: u64,
    /// Nothing makes it smaller, or the budget is spent.
    pub over: bool,
}

/// A text to be tried in place of the smallest one so far.
#[derive(Clone)]
pub struct Proposal {
    scenario: Scenario,
    cursor: Cursor,
    limit: Limit,
    aim: Aim,
    protocol: &'static Registered,
}

impl Proposal {
    /// Plays it: where it fails in the same way, if it does, and the steps that took.
    pub fn play(&self) -> (Option<Hit>, u64) {
        let (hit, steps) = trial(&self.scenario, self.protocol, &self.aim, self.limit);
        // What is accepted must be a text.
        let readable =
            |_: &Hit| parse(&self.scenario.to_string(), &[self.protocol.declaration]).is_ok();
        (hit.filter(readable), steps)
    }
}

impl Shrink {
    /// Begins to shrink a text by a check, named by its plain words; without one by the first
    /// promised check that its run violates, or by the first of any.
    ///
    /// # Errors
    /// Why it cannot be shrunk.
    pub fn new(text: &str, check: Option<&str>) -> Result<Shrink, NoShrink> {
        Shrink::among(text, check, PROTOCOLS)
    }

    /// The same for a text that names one of these protocols, of this crate or of any other.
    ///
    /// # Errors
    /// Why it cannot be shrunk.
    pub fn among(
        text: &str,
        check: Option<&str>,
        known: &'static [Registered],
    ) -> Result<Shrink, NoShrink> {
        let declarations: Vec<_> = known.iter().map(|protocol| protocol.declaration).collect();
        let scenario = parse(text, &declarations).map_err(NoShrink::Wrong)?;
        let named = |protocol: &&Registered| protocol.declaration.name == scenario.protocol();
        let protocol = known.iter().find(named).ok_or(NoShrink::NoCheck)?;
        let wanted = match check {
            Some(name) => Some(check_index(protocol.declaration, name).ok_or(NoShrink::NoCheck)?),
            None => None,
        };
        let before = scenario.clone();
        let scenario = plain(&scenario);
        let promised = |check: u8| is_promised(&scenario, protocol.declaration, usize::from(check));
        let world = play_until(&scenario, protocol, |world| match wanted {
            Some(check) => violates(world, check as u8),
            None => world.violations().iter().any(|violation| promised(violation.check)),
        });
        let violations = world.violations();
        let first = violations.iter().find(|violation| promised(violation.check));
        let check = match (wanted, first.or(violations.first())) {
            (Some(check), _) => check as u8,
            (None, first) => first.ok_or(NoShrink::Holds)?.check,
        };
        if !violates(&world, check) {
            return Err(NoShrink::Holds);
        }
        let company = violations.iter().map(|v| v.check).filter(|&known| known != check);
        let hit = Hit { time_us: world.kernel.now_us, steps: world.kernel.steps };
        let aim = Aim { check, company: company.collect(), promised: promised(check) };
        let before = Size::of(&Best { scenario: before, hit });
        Ok(Shrink {
            protocol,
            aim,
            best: Best { scenario, hit },
            before,
            cursor: Cursor::default(),
            changed: false,
            over: false,
            played: 0,
            steps: 0,
        })
    }

    /// Plain name of the check.
    pub fn check(&self) -> &'static str {
        self.protocol.declaration.checks[usize::from(self.aim.check)].plain
    }

    /// When it is violated in the smallest text so far, virtual µs.
    pub fn time_us(&self) -> u64 {
        self.best.hit.time_us
    }

    /// The next proposals, at most so many, as if each were of no use. They may be played in any
    /// order and at once. Empty when it is over.
    pub fn ask(&self, most: usize) -> Vec<Proposal> {
        let mut proposals = Vec::new();
        let mut cursor = self.cursor;
        while !self.over && proposals.len() < most {
            let Some((at, scenario)) = next(&self.best, self.protocol, cursor) else { break };
            proposals.push(Proposal {
                limit: self.limit(at),
                scenario,
                cursor: at,
                aim: self.aim.clone(),
                protocol: self.protocol,
            });
            cursor = at.rejected();
        }
        proposals
    }

    /// How far a proposal is played: somewhat longer than the smallest text so far.
    fn limit(&self, cursor: Cursor) -> Limit {
        let hit = self.best.hit;
        let pass = cursor.pass();
        if pass == Some(Pass::Seeds) {
            return Limit { time_us: u64::MAX, steps: hit.steps / 2, whole: false };
        }
        let time_us = hit.time_us + hit.time_us / 4 + 1_000;
        let near = self.best.scenario.end_us().is_some_and(|end_us| end_us <= time_us);
        let whole = near || pass == Some(Pass::End);
        Limit { time_us, steps: 4 * hit.steps + 10_000, whole }
    }

    /// How the proposals of `ask` went, in their order; those behind the first success do not
    /// count. None were left: one round is through.
    pub fn tell(&mut self, proposals: Vec<Proposal>, went: &[(Option<Hit>, u64)]) {
        if proposals.is_empty() {
            let phase = self.cursor.phase + usize::from(!self.changed);
            self.over |= phase == PHASES.len();
            self.changed = false;
            self.cursor = Cursor::of_phase(phase, self.best.hit.steps);
            return;
        }
        for (proposal, &(hit, steps)) in proposals.into_iter().zip(went) {
            self.played += 1;
            self.steps += steps;
            let Some(hit) = hit else {
                self.cursor = proposal.cursor.rejected();
                continue;
            };
            self.best = Best { scenario: proposal.scenario, hit };
            self.cursor = proposal.cursor.accepted();
            self.changed = true;
            break;
        }
        self.over |= self.played >= PROPOSALS_MAX;
    }

    /// Plays one proposal. False when it is over.
    pub fn step(&mut self) -> bool {
        let proposals = self.ask(1);
        let went: Vec<_> = proposals.iter().map(Proposal::play).collect();
        self.tell(proposals, &went);
        !self.over
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        Progress {
            before: self.before,
            now: Size::of(&self.best),
            played: self.played,
            steps: self.steps,
            over: self.over,
        }
    }

    /// The smallest text so far; it expects what it violates, so it holds as a scenario.
    pub fn text(&self) -> String {
        let mut scenario = self.best.scenario.clone();
        let world = play_until(&scenario, self.protocol, |_| false);
        let checks = self.protocol.declaration.checks;
        // All that are violated up to the end, the aim first.
        let mut violated: Vec<u8> = world.violations().iter().map(|v| v.check).collect();
        violated.sort_by_key(|&check| check != self.aim.check);
        let end = scenario.statements.iter().position(|s| matches!(s.kind, Kind::End(_)));
        let at = end.unwrap_or(scenario.statements.len());
        for check in violated.into_iter().rev() {
            let words = check_words(checks[usize::from(check)].plain);
            let kind = Kind::Expect(Expectation::Violated(words, None));
            scenario.statements.insert(at, Statement { kind, comment: None });
        }
        scenario.to_string()
    }
}

/// Only what decides the run: no captions, no comments, nothing that is expected.
fn plain(scenario: &Scenario) -> Scenario {
    let decides = |statement: &&Statement| match &statement.kind {
        Kind::Blank | Kind::Expect(_) | Kind::Always(_) | Kind::Never(_) => false,
        Kind::At { action, .. } | Kind::When { then: action, .. } => {
            !matches!(action, Action::Say(..))
        }
        _ => true,
    };
    let kept = scenario.statements.iter().filter(decides);
    let bare = kept.map(|statement| Statement { kind: statement.kind.clone(), comment: None });
    Scenario { statements: bare.collect() }
}

/// Whether the run of a text under this seed violates a check.
pub fn violates_under(scenario: &Scenario, seed: u64) -> bool {
    let Some(protocol) = find(scenario.protocol()) else { return false };
    let scenario = with_seed(scenario, seed);
    let world = play_until(&scenario, protocol, |world| !world.violations().is_empty());
    !world.violations().is_empty()
}

fn violates(world: &World, check: u8) -> bool {
    world.violations().iter().any(|violation| violation.check == check)
}

/// Plays a text until `enough`, or to its end.
fn play_until(
    scenario: &Scenario,
    protocol: &Registered,
    enough: impl Fn(&World) -> bool,
) -> World {
    let mut world = world_of(scenario, protocol);
    let until_us = scenario.end_us().unwrap_or(PLAY_US);
    loop {
        world.kernel.out.clear();
        let spent = world.kernel.steps >= super::STEPS_MAX || enough(&world);
        match world.next_time().filter(|&next_us| next_us <= until_us && !spent) {
            Some(_) => world.step(),
            None => return world,
        };
    }
}
