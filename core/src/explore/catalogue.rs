//! Chaotic runs of the catalogue, one for each seed: a text of the catalogue without what it
//! expects and without its bugs, under a `chaos` line of every intensity. Stays inside the
//! protocol's fault model: a violation found here is a real one.

use super::generate::CHAOS_KINDS;
use crate::catalogue::CATALOGUE;
use crate::declare::{Argument, Operation};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::faults;
use crate::protocols::DECLARATIONS;
use crate::scenario::ast::*;
use crate::scenario::parse;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A chaotic run is that long, µs.
const END_US: u64 = 32_000_000;

/// The text of the chaotic run of this seed, with these bugs switched on.
pub fn chaos_text(seed: u64, bugs: &[String]) -> String {
    chaos_scenario(seed, bugs).to_string()
}

/// Texts with more nodes than this are left out.
const NODES_MOST: u16 = 100;

/// The chaotic run of this seed: every text of the catalogue in turn, every intensity in turn.
pub fn chaos_scenario(seed: u64, bugs: &[String]) -> Scenario {
    let many = CATALOGUE.len() as u64;
    let mut dice = Dice::new(seed, Purpose::Generate, 100);
    // A town of a thousand takes as long as all others together: the next one instead.
    let from = (seed % many) as usize;
    let texts = CATALOGUE.iter().cycle().skip(from).take(CATALOGUE.len());
    let mut scenarios = texts.map(|entry| parse(entry.text, DECLARATIONS).unwrap_or_default());
    let small = |scenario: &Scenario| scenario.nodes() <= NODES_MOST;
    let mut scenario = scenarios.find(small).unwrap_or_default();
    let protocol = DECLARATIONS.iter().find(|known| known.name == scenario.protocol());
    let text = scenario.clone();
    let tolerated =
        |fault| protocol.is_some_and(|protocol| faults::tolerated(fault, protocol, &text));
    let keep = |statement: &Statement| {
        let decides = match &statement.kind {
            Kind::Expect(_)
            | Kind::Always(_)
            | Kind::Never(_)
            | Kind::End(_)
            | Kind::Title(_)
            | Kind::Chaos(_)
            | Kind::Seed(_) => false,
            Kind::At { action, .. } | Kind::When { then: action, .. } => {
                !matches!(action, Action::Say(..))
                    && faults::of_action(action).is_none_or(tolerated)
            }
            fate @ Kind::Fate { .. } => faults::of_line(fate).is_none_or(tolerated),
            _ => true,
        };
        decides && statement.kind != Kind::Blank
    };
    scenario.statements.retain(keep);
    for statement in &mut scenario.statements {
        statement.comment = None;
        if let Kind::Protocol { name, bugs: known } = &mut statement.kind {
            // Given are Raft's: another protocol has as many of its own.
            *known = match name.as_str() {
                "raft" => bugs.to_vec(),
                _ if bugs.is_empty() => Vec::new(),
                other => some_bugs_of(other, seed),
            };
        }
    }
    let number = scenario.clients().count() as u16 + 1;
    let operations = protocol.map_or(&[][..], |protocol| protocol.operations);
    let line = |kind| Statement { kind, comment: None };
    let busy = client(&mut dice, number, operations);
    if !operations.is_empty() {
        scenario.statements.push(line(busy));
    }
    scenario.statements.push(line(Kind::Seed(seed)));
    scenario.statements.push(line(Kind::Chaos(chaos(&mut dice, seed / many))));
    scenario.statements.push(line(Kind::End(END_US)));
    scenario
}

/// A set of Raft's bugs, drawn anew for every seed.
pub fn some_bugs(seed: u64) -> Vec<String> {
    some_bugs_of("raft", seed)
}

fn some_bugs_of(protocol: &str, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed, Purpose::Generate, 101);
    let share = *dice.pick(&[5, 20, 50, 90]);
    let all = crate::protocols::find(protocol).map_or(&[][..], |found| found.declaration.bugs);
    all.iter().filter(|_| dice.percent(share)).map(|bug| bug.name.to_string()).collect()
}

/// One more client that keeps the cluster busy.
fn client(dice: &mut Dice, number: u16, declared: &[Operation]) -> Kind {
    // A value left out is a fresh number.
    let call = |operation: &Operation| {
        let keys = operation.arguments.iter().filter(|argument| **argument == Argument::Key);
        OperationCall {
            name: operation.name.to_string(),
            arguments: keys.zip(["x", "y"]).map(|(_, key)| key.to_string()).collect(),
        }
    };
    let operations = declared.iter().filter(|known| known.name != "cas").map(call).collect();
    let name = Name { prefix: 'c', number: 50 + number };
    Kind::Client { name, at: None, every_us: Some(dice.between(20_000, 200_000)), operations }
}

fn chaos(dice: &mut Dice, round: u64) -> Chaos {
    // Half of the runs draw from everything, the others from a few kinds (swarm testing).
    let all = dice.percent(50);
    let kinds = CHAOS_KINDS.into_iter().filter(|_| dice.percent(40)).collect();
    Chaos {
        seed: None,
        intensity: (round % 10) as u8 + 1,
        kinds: if all { Vec::new() } else { kinds },
        keep_majority: dice.percent(50),
        beyond_model: false,
        from_us: 0,
        until_us: None,
    }
}
