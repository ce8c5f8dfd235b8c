//! Plays a text to see whether it fails in one given way, and records how it went. Never
//! judges by slower means, never keeps more than it is asked for.

use super::names::selector_mut;
use super::trials::is_promised;
use crate::process::NodeId;
use crate::protocols::Registered;
use crate::run::{EVENTS_MAX, PLAY_US, world_of};
use crate::scenario::ast::{Action, Name, Scenario, Selector};
use crate::world::{Event, EventId, LineClass, What, World};
use alloc::vec::Vec;

/// What must be violated for a run to fail in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aim {
    /// Index in the declaration's checks.
    pub check: u8,
    /// Checks that the original run violates before or with it: these may be violated, too.
    pub company: Vec<u8>,
    /// The original text promises that the check holds: so must each smaller one.
    pub promised: bool,
}

/// A run failed as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// When the check was violated, virtual µs.
    pub time_us: u64,
    /// Steps up to there.
    pub steps: u64,
}

/// How far a run is played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// Virtual µs.
    pub time_us: u64,
    /// Steps.
    pub steps: u64,
    /// On to the end after the violation: nothing else may be violated there either.
    pub whole: bool,
}

/// Plays a text; where it fails in the aimed way, if it does. Another violation first is
/// another failure. Also how many steps that took.
pub(super) fn trial(
    scenario: &Scenario,
    protocol: &Registered,
    aim: &Aim,
    limit: Limit,
) -> (Option<Hit>, u64) {
    if aim.promised && !is_promised(scenario, protocol.declaration, aim.check.into()) {
        return (None, 0);
    }
    let mut world = world_of(scenario, protocol);
    let until_us = scenario.end_us().unwrap_or(PLAY_US).min(limit.time_us);
    let mut hit = None;
    loop {
        world.kernel.out.clear();
        let steps = world.kernel.steps;
        let foreign = |check: u8| check != aim.check && !aim.company.contains(&check);
        if world.violations().iter().any(|violation| foreign(violation.check)) {
            return (None, steps);
        }
        if hit.is_none() && world.violations().iter().any(|v| v.check == aim.check) {
            hit = Some(Hit { time_us: world.kernel.now_us, steps });
        }
        if hit.is_some() && !limit.whole || steps >= limit.steps {
            return (hit, steps);
        }
        match world.next_time().filter(|&next_us| next_us <= until_us) {
            Some(_) => world.step(),
            None => return (hit, steps),
        };
    }
}

/// A run in full, as far as it was played.
pub(super) struct Recording {
    /// Its events.
    pub trace: Vec<Event>,
    /// The world at the end.
    pub world: World,
    /// What each line with a time did, in the order of their acting.
    pub lines: Vec<Acted>,
    /// Messages that others were let overtake: the event of their sending, and how much longer
    /// they took, µs.
    pub overtaken: Vec<(EventId, u64)>,
}

/// What a line with a time did.
pub(super) struct Acted {
    /// Its number in the text.
    pub line: u32,
    /// The same with names in place of selectors; none: it had no effect.
    pub action: Option<Action>,
}

/// Plays a text up to `until_us` and keeps everything.
pub(super) fn record(scenario: &Scenario, protocol: &Registered, until_us: u64) -> Recording {
    let mut world = world_of(scenario, protocol);
    let mut trace = core::mem::take(&mut world.kernel.out);
    let mut lines: Vec<Acted> = Vec::new();
    let mut overtaken = overtaken_from(0, &trace, &world);
    while let Some(next_us) = world.next_time().filter(|&next_us| next_us <= until_us) {
        if trace.len() >= EVENTS_MAX {
            break;
        }
        // At its time a line comes before all else.
        let rank = lines.len();
        let line = world.script().at.get(rank).filter(|line| line.time_us == next_us).cloned();
        // Whom a line means is decided at its own time.
        world.kernel.now_us = next_us;
        let meant = line.map(|line| (line.line, resolve(&world, &line.action, rank as u32)));
        let first = trace.len();
        world.step();
        trace.append(&mut world.kernel.out);
        overtaken.extend(overtaken_from(first, &trace, &world));
        let Some((number, action)) = meant else { continue };
        let skipped = |e: &Event| {
            e.what == What::Skipped && e.sub == LineClass::At as u8 && e.a == rank as u32
        };
        let action = if trace[first..].iter().any(skipped) {
            None
        } else {
            Some(touched(action, &trace, first as EventId, world.names()))
        };
        lines.push(Acted { line: number, action });
    }
    Recording { trace, world, lines, overtaken }
}

/// Of the messages sent by the last step, those that others are let overtake.
fn overtaken_from(first: usize, trace: &[Event], world: &World) -> Vec<(EventId, u64)> {
    let mut overtaken = Vec::new();
    for (id, event) in trace.iter().enumerate().skip(first) {
        if event.what != What::Send {
            continue;
        }
        let laws = world.kernel.links.laws_of(event.node, event.peer);
        if laws.reorder_ppm == 0 {
            continue;
        }
        let same_link =
            |e: &&Event| e.what == What::Send && (e.node, e.peer) == (event.node, event.peer);
        let now = trace[..=id].iter().rev().take_while(|e| e.time_us == event.time_us);
        let rank = now.filter(same_link).count() as u64;
        let by_us = world.kernel.overtaken_us(event.node, event.peer, rank, &laws);
        if by_us > 0 {
            overtaken.push((id as EventId, by_us));
        }
    }
    overtaken
}

/// Names in place of selectors, as they are resolved now.
fn resolve(world: &World, action: &Action, rank: u32) -> Action {
    let place = (LineClass::At, rank);
    let names = |who: &Selector| -> Vec<Name> {
        world.select(who, place).iter().map(|id| world.names()[id.index()]).collect()
    };
    let mut action = action.clone();
    if let Some(who) = selector_mut(&mut action) {
        *who = Selector::Names(names(who));
    } else if let Action::Partition(groups) = &mut action {
        let mut seen: Vec<Name> = Vec::new();
        for group in groups.iter_mut() {
            let mut members = names(group);
            members.retain(|name| !seen.contains(name));
            seen.extend(&members);
            *group = Selector::Names(members);
        }
        groups.retain(|group| *group != Selector::Names(Vec::new()));
    }
    action
}

/// Only those of an action's nodes that it did something to.
fn touched(mut action: Action, trace: &[Event], line: EventId, names: &[Name]) -> Action {
    let runs_out = matches!(action, Action::Timeout(_));
    if let (Some(Selector::Names(meant)), false) = (selector_mut(&mut action), runs_out) {
        let hit = befallen(trace, line);
        if !hit.is_empty() {
            meant.retain(|name| hit.iter().any(|id| names[id.index()] == *name));
        }
    }
    action
}

/// The nodes to which the line of this event did something.
pub(super) fn befallen(trace: &[Event], line: EventId) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    for event in &trace[line as usize..] {
        if event.time_us > trace[line as usize].time_us {
            break;
        }
        let done = matches!(
            event.what,
            What::Crash
                | What::Kill
                | What::Wipe
                | What::Restart
                | What::Pause
                | What::Suspend
                | What::Resume
                | What::Slow
                | What::Drift
                | What::Step
                | What::Slew
                | What::Disk
                | What::Timer
        );
        if event.cause == line && done && !nodes.contains(&event.node) {
            nodes.push(event.node);
        }
    }
    nodes
}
