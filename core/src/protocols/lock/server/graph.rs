//! The wait-for graph, kept by the leader for all locks: an edge from who waits to who holds.
//! A cycle is a deadlock: nobody in it will ever give back what the others wait for (Coffman
//! et al. 1971). Whoever would close one is refused, and has to give back what it holds.

use super::{Rules, Server, Text};
use crate::process::NodeId;
use alloc::vec::Vec;

impl Server {
    /// Whom this client waits for.
    fn waits_for(&self, client: NodeId) -> Vec<NodeId> {
        let waits = self
            .locks
            .iter()
            .filter(|(_, lock)| lock.waiting.iter().any(|waiter| waiter.client == client))
            .filter_map(|(name, _)| self.holding(name).owner)
            .map(|(holder, _)| holder);
        let kept = self.edges.iter().filter(|(from, _)| *from == client).map(|(_, to)| *to);
        waits.chain(kept).filter(|holder| *holder != client).collect()
    }

    /// Keeps an edge that nobody will ever remove.
    pub(super) fn note_edges(&mut self, client: NodeId, name: &Text) {
        if self.config.rules.has(Rules::FRESH_EDGES) {
            return;
        }
        if let Some((holder, _)) = self.holding(name).owner {
            self.edges.push((client, holder));
        }
    }

    /// Whether who holds this lock waits, through however many others, for `client`.
    pub(super) fn would_deadlock(&self, client: NodeId, name: &Text) -> bool {
        let mut reached: Vec<NodeId> = Vec::new();
        let holder = self.holding(name).owner.map(|(holder, _)| holder);
        let mut next: Vec<NodeId> = holder.into_iter().collect();
        while let Some(node) = next.pop() {
            if node == client {
                return true;
            }
            if !reached.contains(&node) {
                reached.push(node);
                next.extend(self.waits_for(node));
            }
        }
        false
    }

    /// The same by what really is: nothing of what a leader remembers of earlier waits.
    pub fn is_in_a_cycle(&self, client: NodeId, waiting: impl Fn(NodeId) -> Option<Text>) -> bool {
        let holder = |name: &Text| self.holding(name).owner.map(|(holder, _)| holder);
        let mut node = client;
        for _ in 0..64 {
            let Some(next) = waiting(node).and_then(|name| holder(&name)) else { return false };
            if next == client {
                return true;
            }
            node = next;
        }
        false
    }
}
