//! What must hold of mutual exclusion, checked after every handler for the process that it
//! touched. Lamport's conditions (1978): (I) who has the resource releases it before another
//! gets it, (II) requests are granted in the order in which they are made. Who is inside and
//! when it asked is all that is looked at, never a queue or a reply.

use super::Node;
use super::declare::check;
use super::message::Stamp;
use super::server::Want;
use crate::check::{Check, Violation};
use crate::process::{EffectOf, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;

/// The checks' state.
#[derive(Clone, Debug)]
pub struct Invariants {
    wants: Vec<Want>,
    /// The last request that was granted.
    granted: Option<Stamp>,
    /// How many were.
    entries: u64,
}

fn name(node: NodeId) -> alloc::string::String {
    format!("n{}", node.0 + 1)
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            wants: alloc::vec![Want::Nothing; usize::from(servers)],
            granted: None,
            entries: 0,
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        _fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Node::Server(server) = process else { return };
        let before = core::mem::replace(&mut self.wants[node.index()], server.want);
        let Want::Inside(stamp) = server.want else { return };
        if before == server.want {
            return;
        }
        let is_inside = |(_, want): &(NodeId, &Want)| matches!(want, Want::Inside(_));
        let mut others = (0..).map(NodeId).zip(&self.wants).filter(|(other, _)| *other != node);
        if let Some((other, _)) = others.find(is_inside) {
            let statement = format!("{} enters while {} is inside.", name(node), name(other));
            let nodes = alloc::vec![other, node];
            found
                .push(Violation { nodes, ..Violation::at_node(check::EXCLUSION, node, statement) });
        }
        if let Some(last) = self.granted.filter(|last| *last >= stamp) {
            let statement = format!(
                "{}, which asked at {}, enters after {}, which asked at {}.",
                name(node),
                stamp.time,
                name(last.node),
                last.time
            );
            let nodes = alloc::vec![last.node, node];
            found.push(Violation { nodes, ..Violation::at_node(check::ORDER, node, statement) });
        }
        self.granted = self.granted.max(Some(stamp));
        self.entries += 1;
    }

    fn ended(&mut self, node: NodeId, _records: &crate::chunks::Chunked<super::Started>) {
        if let Some(want) = self.wants.get_mut(node.index()) {
            *want = Want::Nothing;
        }
    }

    fn weight(&self, _later: Option<&Invariants>) -> usize {
        size_of_val(&*self.wants)
    }

    fn committed(&self) -> u64 {
        self.entries
    }
}
