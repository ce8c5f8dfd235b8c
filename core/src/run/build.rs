//! From a checked text to a world at time 0. Never judges the text.

use crate::declare::Declaration;
use crate::process::NodeId;
use crate::protocols::Registered;
use crate::scenario::ast::{Kind, Link, Name, Scenario, Value};
use crate::view::Status;
use crate::world::{Clock, DiskState, Kernel, Links, Node, Script, Setup, World, find, role_at};
use alloc::vec::Vec;
use litemap::LiteMap;

/// The run's nodes in order: servers, then clients as their lines stand.
pub fn names_of(scenario: &Scenario) -> Vec<Name> {
    let servers = (1..=scenario.nodes()).map(|number| Name { prefix: 'n', number });
    servers.chain(scenario.clients().map(|client| client.name)).collect()
}

/// The world of a checked text, its nodes booted.
pub fn world_of(scenario: &Scenario, protocol: &Registered) -> World {
    let names = names_of(scenario);
    let servers = scenario.nodes();
    let setup = Setup {
        servers,
        clients: names.len() as u16 - servers,
        parameters: parameters_of(scenario, protocol.declaration),
        rules_off: rules_off(scenario, protocol.declaration),
        first_servers: scenario
            .clients()
            .map(|client| client.at.and_then(|name| find(&names, name)))
            .collect(),
    };
    let nodes = names.iter().enumerate().map(|(index, &name)| fresh_node(name, index, servers));
    let links = links_of(scenario, &names);
    let kernel = Kernel::new(scenario.seed(), nodes.collect(), servers, links, scenario.disk());
    let script = Script::new(scenario, protocol.declaration, &names);
    let mut logs = Vec::new();
    for index in 0..servers {
        let terms = scenario.starting_log(names[usize::from(index)]);
        if !terms.is_empty() {
            logs.push((NodeId(index), terms.to_vec()));
        }
    }
    World::new(kernel, (protocol.cast)(&setup), script, names.into(), &logs)
}

fn fresh_node(name: Name, index: usize, servers: u16) -> Node {
    Node {
        name,
        role: role_at(index, servers),
        status: Status::Down,
        halted: false,
        incarnation: 0,
        clock: Clock::new(),
        inbox: Vec::new(),
        effects_wait: false,
        pauses: 0,
        timers: Vec::new(),
        disk: DiskState::default(),
        draws: 0,
    }
}

fn parameters_of(scenario: &Scenario, declaration: &Declaration) -> Vec<(u64, u64)> {
    let value = |name, default| match scenario.parameter(name) {
        Some(Value::Count(count)) => (count, count),
        Some(Value::Duration(range)) => (range.low, range.high),
        None => default,
    };
    declaration
        .parameters
        .iter()
        .map(|parameter| value(parameter.name, parameter.default))
        .collect()
}

fn rules_off(scenario: &Scenario, declaration: &Declaration) -> u32 {
    let off = declaration.bugs.iter().filter(|bug| scenario.bugs().iter().any(|b| b == bug.name));
    off.fold(0, |rules, bug| rules | bug.rule)
}

fn links_of(scenario: &Scenario, names: &[Name]) -> Links {
    let nowhere = Name { prefix: ' ', number: 0 };
    let mut links = Links {
        latency: scenario.latency(nowhere, nowhere),
        loss_ppm: scenario.loss_ppm(nowhere, nowhere),
        duplicate_ppm: scenario.duplicate_ppm(nowhere, nowhere),
        latency_of: LiteMap::new(),
        loss_of: LiteMap::new(),
        duplicate_of: LiteMap::new(),
        cuts: Vec::new(),
        groups: Vec::new(),
    };
    let pair = |link: &Link| Some((find(names, link.from)?.0, find(names, link.to)?.0));
    for (_, kind) in scenario.lines() {
        match kind {
            Kind::Latency { link: Some(link), range } => {
                if let Some(pair) = pair(link) {
                    links.latency_of.insert(pair, *range);
                }
            }
            Kind::Loss { link: Some(link), ppm } => {
                if let Some(pair) = pair(link) {
                    links.loss_of.insert(pair, *ppm);
                }
            }
            Kind::Duplicate { link: Some(link), ppm } => {
                if let Some(pair) = pair(link) {
                    links.duplicate_of.insert(pair, *ppm);
                }
            }
            _ => {}
        }
    }
    links
}
