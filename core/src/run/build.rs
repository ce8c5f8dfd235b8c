//! From a checked text to a world at time 0. Never judges the text.

use crate::declare::{Declaration, Parameter, Unit};
use crate::process::{NodeId, Role};
use crate::protocols::Registered;
use crate::scenario::ast::{Name, Scenario, Value};
use crate::view::Status;
use crate::world::{
    Clock, DiskState, Kernel, Links, Model, Node, Script, Setup, Wall, World, find, role_at,
};
use alloc::vec::Vec;

/// The run's nodes in order: servers, services, then clients as their lines stand.
pub fn names_of(scenario: &Scenario, declaration: &Declaration) -> Vec<Name> {
    let servers = (1..=scenario.nodes()).map(|number| Name { prefix: 'n', number });
    let services = (0..declaration.services()).map(|place| declaration.service(place));
    servers.chain(services).chain(scenario.clients().map(|client| client.name)).collect()
}

/// The world of a checked text, its nodes booted.
pub fn world_of(scenario: &Scenario, protocol: &Registered) -> World {
    let names = names_of(scenario, protocol.declaration);
    let (servers, services) = (scenario.nodes(), protocol.declaration.services());
    let setup = Setup {
        servers,
        services,
        clients: names.len() as u16 - servers - services,
        parameters: parameters_of(scenario, protocol.declaration),
        rules_off: rules_off(scenario, protocol.declaration),
        first_servers: scenario
            .clients()
            .map(|client| client.at.and_then(|name| find(&names, name)))
            .collect(),
    };
    let nodes = names.iter().enumerate().map(|(index, &name)| {
        let role = role_at(index, servers, services);
        fresh_node(name, role)
    });
    let links = links_of(scenario, &names);
    let mut kernel = Kernel::new(scenario.seed(), nodes.collect(), servers, links, scenario.disk());
    kernel.services = services;
    kernel.promise(Model { timing: scenario.timing(), failures: scenario.failures() });
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

fn fresh_node(name: Name, role: Role) -> Node {
    Node {
        name,
        role,
        status: Status::Down,
        halted: false,
        incarnation: 0,
        clock: Clock::new(),
        wall: Wall::default(),
        slow: (0, 0),
        busy_until_us: 0,
        parting: "",
        inbox: Vec::new(),
        effects_wait: false,
        pauses: 0,
        timers: Vec::new(),
        disk: DiskState::default(),
        draws: 0,
    }
}

/// The values of the declared parameters, in their order: (lowest, highest).
pub fn parameters_of(scenario: &Scenario, declaration: &Declaration) -> Vec<(u64, u64)> {
    let value = |parameter: &Parameter| match (scenario.parameter(parameter.name), parameter.unit) {
        (Some(Value::Count(count)), _) => (count, count),
        (Some(Value::Duration(range)), _) => (range.low, range.high),
        (Some(Value::Word(word)), Unit::Choice(words)) => {
            let place = words.iter().position(|known| *known == word).unwrap_or(0) as u64;
            (place, place)
        }
        _ => parameter.default,
    };
    declaration.parameters.iter().map(value).collect()
}

fn rules_off(scenario: &Scenario, declaration: &Declaration) -> u32 {
    let off = declaration.bugs.iter().filter(|bug| scenario.bugs().iter().any(|b| b == bug.name));
    off.fold(0, |rules, bug| rules | bug.rule)
}

fn links_of(scenario: &Scenario, names: &[Name]) -> Links {
    let mut links = Links::new(scenario.latency());
    for (link, law) in scenario.network() {
        let ends = link.map(|link| (find(names, link.from), find(names, link.to)));
        match ends {
            None => links.set(None, law),
            Some((Some(from), Some(to))) => links.set(Some((from, to)), law),
            Some(_) => {}
        }
    }
    links
}
