//! The lock service as its figures, its checks and its clients see it.

mod figures;
mod promises;

use crate::protocols::testing::{play, violated};
use crate::run::Run;
use crate::world::What;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A scenario of the catalogue.
fn catalogue(name: &str) -> &'static str {
    let entry = crate::catalogue::CATALOGUE.iter().find(|entry| entry.name == name);
    entry.unwrap_or_else(|| panic!("no scenario {name}")).text
}

/// Some of the events in their order: "grant c1 33" is a grant to c1, "c1 pause" what the world
/// does to it.
fn told(run: &Run, names: &[&str]) -> Vec<String> {
    let world = run.world();
    let name = |node: crate::process::NodeId| {
        world.names().get(node.index()).map_or(String::new(), |name| format!("{name}"))
    };
    let line = |event: &crate::world::Event| match event.what {
        What::Mark => {
            let event_name = run.declaration().events[usize::from(event.sub)].name;
            let who = match event_name {
                "hold" | "work" | "check" | "late" | "rejected" => name(event.node),
                _ => name(event.peer),
            };
            names.contains(&event_name).then(|| format!("{event_name} {who} {}", event.b))
        }
        What::Pause => Some(format!("pause {}", name(event.node))),
        What::Resume => Some(format!("resume {}", name(event.node))),
        What::Answer => Some(format!("answer {}", name(event.node))),
        _ => None,
    };
    run.events().iter().filter_map(line).collect()
}
