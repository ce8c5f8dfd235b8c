//! Why there is no progress: what a core lacks, read from what its servers show and from the
//! clients that wait. Only looks; the rules that are waited for stand in the protocol.

use crate::declare::Family;
use crate::process::NodeId;
use crate::view::Status;
use crate::world::World;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What is missing, in one sentence.
pub fn missing(world: &World) -> String {
    let kernel = &world.kernel;
    let name = |id: NodeId| world.names()[id.index()].to_string();
    let servers = || (0..kernel.servers).map(NodeId);
    let is_core = |id: &NodeId| kernel.links.groups.get(id.index()).is_none_or(|group| *group == 1);
    let up = |id: &NodeId| kernel.node(*id).standing() == Status::Up;
    let able: Vec<NodeId> = servers().filter(|id| is_core(id) && up(id)).collect();
    if !world.members.suffices(kernel.servers, &able) {
        let lacking = servers().filter(|id| !able.contains(id)).map(name);
        return format!("too few servers are up and connected: {} are not", list(lacking));
    }
    let shows = |id: NodeId| {
        let face = world.members.face(id)?;
        let state = world.members.declaration().states.get(usize::from(face.state))?;
        Some((state.family, format!("{} is {} in {}", name(id), state.name, face.epoch)))
    };
    let leads = |id: &&NodeId| shows(**id).is_some_and(|(family, _)| family == Family::Leads);
    let Some(leader) = able.iter().find(leads) else {
        let all = able.iter().filter_map(|&id| Some(shows(id)?.1));
        return format!("nobody leads: {}", list(all));
    };
    let waits = world
        .members
        .history()
        .iter()
        .find(|operation| operation.returned_us.is_none() && !operation.given_up);
    let waits = waits.map_or("no client asks".to_string(), |operation| {
        let since = super::look::seconds(operation.invoked_us);
        format!("{} waits for “{}” since {since}", name(operation.id.client), operation.request)
    });
    let committed = world.members.committed();
    format!("{} leads, {committed} are committed, but {waits}", name(*leader))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for item in items {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&item);
    }
    out
}
