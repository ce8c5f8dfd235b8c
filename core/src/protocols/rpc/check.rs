//! What clients may rely on, counted from outside: how often each operation has taken effect is
//! read off the servers' disks, what it was answered off the clients.

use super::message::{Call, Record, Total};
use super::{Node, checks};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;
use litemap::LiteMap;

/// One operation at its server.
#[derive(Clone, Debug, Default)]
struct Traced {
    /// The counter after each time that it took effect.
    effects: Vec<Total>,
    /// The client has been told.
    answered: bool,
}

/// How often each operation has taken effect, and which have been answered.
#[derive(Clone, Debug)]
pub struct Effects {
    servers: Vec<LiteMap<(u16, u64), Traced>>,
    /// A power cut may have taken back what was answered.
    shaken: Vec<bool>,
    /// Operations with an effect that have been answered.
    settled: u64,
}

fn place(id: RequestId) -> (u16, u64) {
    (id.client.0, id.number)
}

impl Effects {
    fn executed(&mut self, server: NodeId, id: RequestId, total: Total) -> usize {
        let Some(known) = self.servers.get_mut(server.index()) else { return 0 };
        if known.get(&place(id)).is_none() {
            known.insert(place(id), Traced::default());
        }
        let Some(traced) = known.get_mut(&place(id)) else { return 0 };
        traced.effects.push(total);
        traced.effects.len()
    }

    fn answered(&mut self, server: NodeId, id: RequestId, total: Total) -> Option<&'static str> {
        let known = self.servers.get_mut(server.index())?;
        let Some(traced) = known.get_mut(&place(id)) else {
            return Some("nothing was done for it");
        };
        traced.answered = true;
        (!traced.effects.contains(&total))
            .then_some("the counter was not that after any of its effects")
    }

    /// What was answered is still there after a power cut.
    fn kept(&mut self, server: NodeId, found: &mut Vec<Violation>) {
        let Some(known) = self.servers.get(server.index()) else { return };
        let lost = known.iter().find(|(_, traced)| traced.answered && traced.effects.is_empty());
        if let Some(((client, number), _)) = lost {
            let statement = format!(
                "Operation {number} of the client at place {client} was answered, and n{} has no \
                 trace of it.",
                server.0 + 1
            );
            found.push(Violation::at_node(checks::KEPT, server, statement));
        }
    }
}

impl Check<Node> for Effects {
    fn new(servers: u16) -> Effects {
        let of = |_| LiteMap::new();
        Effects {
            servers: (0..servers).map(of).collect(),
            shaken: alloc::vec![false; usize::from(servers)],
            settled: 0,
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        if let Some(shaken) = self.shaken.get_mut(node.index())
            && core::mem::take(shaken)
        {
            self.kept(node, found);
        }
        for effect in fresh {
            match (effect, process) {
                (Effect::Write(Record::Effect { id, total, .. }), Node::Server(_)) => {
                    let times = self.executed(node, *id, *total);
                    if times > 1 {
                        let statement = format!(
                            "Operation {} of c{} has taken effect {times} times at n{}.",
                            id.number,
                            (id.client.0 + 1).saturating_sub(self.servers.len() as u16),
                            node.0 + 1
                        );
                        found.push(Violation::at_node(checks::ONCE, node, statement));
                    }
                }
                (Effect::Reply { request, response, .. }, Node::Client(client)) => {
                    // A read leaves no trace by which it could be judged.
                    if client.last.is_some_and(|(call, _)| call == Call::Read) {
                        continue;
                    }
                    self.settled += 1;
                    if let Some(wrong) = self.answered(client.server, *request, *response) {
                        let statement = format!(
                            "Operation {} was answered {response}: {wrong}.",
                            request.number
                        );
                        found.push(Violation::at_node(checks::OWN, node, statement));
                    }
                }
                _ => {}
            }
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        let mut seen: LiteMap<(u16, u64), Vec<Total>> = LiteMap::new();
        for record in records.iter() {
            let Record::Effect { id, total, .. } = record else { continue };
            match seen.get_mut(&place(*id)) {
                Some(totals) => totals.push(*total),
                None => drop(seen.insert(place(*id), alloc::vec![*total])),
            }
        }
        for (at, traced) in known.iter_mut() {
            traced.effects = seen.remove(at).unwrap_or_default();
        }
        if let Some(shaken) = self.shaken.get_mut(node.index()) {
            *shaken = true;
        }
    }

    fn committed(&self) -> u64 {
        self.settled
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        self.servers.iter().map(|known| known.len() * size_of::<((u16, u64), Traced)>()).sum()
    }
}
