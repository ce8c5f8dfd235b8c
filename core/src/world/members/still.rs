//! What exhaustive exploration reads of a run to begin with.

use super::Cast;
use crate::chunks::Chunked;
use crate::process::{EffectOf, NodeId, Process};
use crate::world::Protocol;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// What a node has of its own on the typed side.
pub struct Still<P: Process> {
    /// Its process.
    pub process: Option<P>,
    /// All records of its disk.
    pub records: Chunked<P::Record>,
    /// Timers by slot.
    pub timers: Vec<P::Timer>,
    /// Effects of a handler that have not left.
    pub fresh: Vec<EffectOf<P>>,
    /// Effects that wait for the disk.
    pub held: Vec<EffectOf<P>>,
}

impl<P: Protocol<Process: Clone>> Cast<P> {
    /// A copy of a node.
    pub fn still(&self, node: NodeId) -> Still<P::Process> {
        let member = &self.members[node.index()];
        Still {
            process: member.process.clone(),
            records: member.records.clone(),
            timers: member.timers.clone(),
            fresh: member.fresh.clone(),
            held: member.held.clone(),
        }
    }

    /// What a message in flight carries.
    pub fn message(&self, payload: u32) -> Option<&<P::Process as Process>::Message> {
        self.payloads.get(payload)
    }

    /// Parameters and rules.
    pub fn config(&self) -> Rc<<P::Process as Process>::Config> {
        self.config.clone()
    }

    /// What the checks remember.
    pub fn check(&self) -> &P::Check {
        &self.check
    }
}
