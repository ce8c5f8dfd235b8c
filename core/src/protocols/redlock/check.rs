//! What should hold: one holder, no update lost. What clients rely on is read from their own
//! state and their own clocks.

use super::Node;
use super::declare::check;
use super::message::Record;
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::fencing::Lease;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId};
use crate::protocols::files::{Found, Watch};
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;
use litemap::LiteMap;

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    servers: u16,
    relies_on: LiteMap<NodeId, (Text, Lease)>,
    store: Watch,
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants { servers, relies_on: LiteMap::new(), store: Watch::default() }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        match process {
            Node::Client(client) => {
                let now = client.relies_on();
                let before = self.relies_on.remove(&node);
                let Some(mine) = now else { return };
                self.relies_on.insert(node, mine.clone());
                if before.as_ref() != Some(&mine) {
                    self.one_holder(node, &mine, kernel, found);
                }
            }
            Node::Store(_) => {
                let mut report = |what: Found| {
                    if let Found::Lost(statement) = what {
                        found.push(Violation::at_node(check::NO_LOST_UPDATE, node, statement));
                    }
                };
                for effect in fresh {
                    if let Effect::Write(Record::File(record)) = effect {
                        self.store.written(record, &mut report);
                    }
                }
            }
            Node::Instance(_) => {}
        }
    }

    /// What the store has written.
    fn committed(&self) -> u64 {
        self.store.count()
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        self.relies_on.remove(&node);
        if node.0 == self.servers {
            let files = records.iter().filter_map(|record| match record {
                Record::File(record) => Some(record),
                _ => None,
            });
            self.store.ended(files);
        }
    }
}

impl Invariants {
    fn one_holder(
        &self,
        node: NodeId,
        mine: &(Text, Lease),
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let name = |client: NodeId| format!("c{}", client.0.saturating_sub(self.servers));
        for (other, (lock, lease)) in self.relies_on.iter().filter(|(other, _)| **other != node) {
            let shows_us = kernel.node(*other).clock.local_us(kernel.now_us);
            if *lock == mine.0 && lease.holds_at(shows_us) {
                let statement =
                    format!("{} and {} rely on the lock of {lock}.", name(*other), name(node));
                let nodes = alloc::vec![*other, node];
                let violation = Violation::at_node(check::ONE_HOLDER, node, statement);
                found.push(Violation { nodes, ..violation });
            }
        }
    }
}
