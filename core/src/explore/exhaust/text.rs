//! A way as a text whose run goes it: every message waits for its line, timers are too long to
//! run out by themselves. Shown by playing it: what does not fail in the same way is no text.

use super::Way;
use super::way::Move;
use crate::declare::{Declaration, Unit};
use crate::protocols::{DECLARATIONS, Registered, find};
use crate::run::world_of;
use crate::scenario::ast::{Action, Kind, Name, Scenario};
use crate::scenario::parse;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Between two steps, and before the first, µs: longer than what a step brings about at once.
const PACE_US: u64 = 20_000;
/// A sync that never completes takes so many times that.
const LONG: u64 = 500;
/// So many seeds are tried where a power cut draws what survives it.
const SEEDS: u64 = 64;

/// The text of a way that a search of `text` from this time on has found; none where the
/// language cannot say it.
pub fn retell(text: &str, from_us: u64, way: &Way) -> Option<String> {
    let scenario = parse(text, DECLARATIONS).ok()?;
    let protocol = find(scenario.protocol())?;
    let seeds = if from_us == 0 { 1..=SEEDS } else { scenario.seed()..=scenario.seed() };
    seeds.into_iter().find_map(|seed| {
        let told = text_of(&scenario, protocol.declaration, from_us, way, seed)?;
        fails(&told, protocol, way.check).then_some(told)
    })
}

/// Whether it can be read, and its run fails this check before all others.
fn fails(text: &str, protocol: &Registered, check: u8) -> bool {
    let Ok(scenario) = parse(text, DECLARATIONS) else { return false };
    let Some(end_us) = scenario.end_us() else { return false };
    let mut world = world_of(&scenario, protocol);
    while world.violations().is_empty()
        && world.next_time().is_some_and(|next_us| next_us <= end_us)
        && world.step()
    {}
    world.violations().first().is_some_and(|violation| violation.check == check)
}

fn text_of(
    scenario: &Scenario,
    declaration: &Declaration,
    from_us: u64,
    way: &Way,
    seed: u64,
) -> Option<String> {
    let start_us = if from_us == 0 { PACE_US } else { from_us + 5 * PACE_US };
    let mut lines = head(scenario, declaration, from_us, seed);
    let first = scenario.clients().map(|client| client.name.number).max().unwrap_or(0);
    let client = |number: usize| Name { prefix: 'c', number: first + number as u16 };
    for number in 1..=way.calls.len() {
        let mut arrivals = way.moves.iter().filter_map(|step| match step {
            Move::Request(of, server) if *of == number => Some(server),
            _ => None,
        });
        if let Some(server) = arrivals.next() {
            lines.push(format!("client {} at {server}", client(number)));
        }
        if arrivals.next().is_some() {
            return None; // a retry comes when a client's patience ends, not when a line says so
        }
    }
    let asleep = from_us > 0;
    let mut timed = Vec::new();
    for sent in &way.messages {
        match (sent.from_before, sent.arrived) {
            (false, true) => lines.push(format!("hold {}", sent.name)),
            (false, false) => lines.push(format!("drop {}", sent.name)),
            (true, true) => timed.push((from_us, format!("hold {}", sent.name))),
            (true, false) => timed.push((from_us, format!("drop {}", sent.name))),
        }
    }
    for sync in &way.syncs {
        let steps = sync.ended.map_or(LONG, |ended| (ended - sync.begun) as u64);
        let before_us = start_us + sync.begun as u64 * PACE_US - 2_000;
        let (server, span_us) = (&sync.server, steps * PACE_US);
        timed.push((before_us, format!("disk {server} slow by {span_us}us")));
    }
    if asleep {
        timed.push((from_us, "latency 1ms".to_string()));
        timed.push((from_us, "heal".to_string()));
        timed.push((from_us, "suspend all".to_string()));
    }
    let mut at_us = start_us;
    let mut twice = None;
    for step in &way.moves {
        if let (Move::Deliver(message, false), Some(known)) = (step, twice)
            && *message == known
        {
            at_us += PACE_US; // both copies have arrived, one after the other
            continue;
        }
        if let Move::Sync(_) = step {
            at_us += PACE_US; // the disk is as slow as that
            continue;
        }
        let (server, line) = line_of(step, way, &client)?;
        if let Move::Deliver(message, true) = step {
            twice = Some(*message);
            let name = &way.messages.get(*message)?.name;
            timed.push((at_us - 500, format!("duplicate {name}")));
        }
        if asleep {
            timed.push((at_us - 1_000, format!("resume {server}")));
            timed.push((at_us + PACE_US / 2, format!("suspend {server}")));
        }
        timed.push((at_us, line));
        if let Move::Cut(server) = step {
            timed.push((at_us + 1_000, format!("restart {server}")));
        }
        at_us += PACE_US;
    }
    lines.extend(timed.into_iter().map(|(time_us, line)| format!("at {time_us}us {line}")));
    lines.push(format!("end {at_us}us"));
    let plain = declaration.checks.get(usize::from(way.check))?.plain.to_lowercase();
    lines.push(format!("expect violated {plain}"));
    let told = lines.join("\n") + "\n";
    // In the printer's words, times included.
    Some(parse(&told, DECLARATIONS).ok()?.to_string())
}

/// Whom a step is about, and the line that takes it.
fn line_of(step: &Move, way: &Way, client: &impl Fn(usize) -> Name) -> Option<(String, String)> {
    Some(match step {
        Move::Deliver(message, _) => {
            let name = &way.messages.get(*message)?.name;
            let to = name.split("->").nth(1)?.split(' ').next()?;
            (to.to_string(), format!("deliver {name}"))
        }
        Move::Timeout(server) => (server.clone(), format!("timeout {server}")),
        Move::Cut(server) => (server.clone(), format!("crash {server}")),
        Move::Boot(server) => (server.clone(), format!("restart {server}")),
        Move::Request(number, server) => {
            let call = way.calls.get(*number - 1)?;
            (server.clone(), format!("{} {call}", client(*number)))
        }
        // No line says these.
        Move::Beat(_) | Move::Sync(_) => return None,
    })
}

/// What the text begins with: up to the start what it said; from time 0 on only who is there.
fn head(scenario: &Scenario, declaration: &Declaration, from_us: u64, seed: u64) -> Vec<String> {
    let stays = |kind: &Kind| match kind {
        Kind::Protocol { .. } | Kind::Nodes(_) | Kind::Log { .. } | Kind::Failures(_) => true,
        Kind::Set { name, .. } => from_us > 0 || !is_span(declaration, name),
        Kind::At { time_us, .. } => from_us > 0 && *time_us <= from_us,
        Kind::Client { .. } | Kind::Network { .. } | Kind::Disk(_) | Kind::Timing(_) => from_us > 0,
        Kind::When { then: Action::Say(..), .. } => false,
        Kind::Seed(_) | Kind::Fate { .. } | Kind::When { .. } => from_us > 0,
        Kind::Blank | Kind::Title(_) | Kind::Chaos(_) | Kind::End(_) => false,
        Kind::Expect(_) | Kind::Always(_) | Kind::Never(_) => false,
    };
    let mut lines = alloc::vec!["scenario \"The shortest way\"".to_string()];
    let kept = scenario.statements.iter().filter(|statement| stays(&statement.kind));
    lines.extend(kept.map(ToString::to_string));
    if from_us == 0 {
        lines.push(format!("seed {seed}"));
        lines.push("latency 1ms".to_string());
        lines.push("disk 1us".to_string());
        lines.extend(scenario.clients().map(|client| format!("client {}", client.name)));
        for parameter in declaration.parameters {
            if is_span(declaration, parameter.name) {
                lines.push(format!("set {} {}us", parameter.name, parameter.range.1));
            }
        }
    }
    lines
}

fn is_span(declaration: &Declaration, name: &str) -> bool {
    let parameter = declaration.parameters.iter().find(|parameter| parameter.name == name);
    parameter.is_some_and(|p| matches!(p.unit, Unit::Duration | Unit::DurationRange))
}
