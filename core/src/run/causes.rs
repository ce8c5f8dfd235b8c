//! What happened before what in this run. See `crate::stamps`, which does it.

use super::Run;
use crate::stamps::{Relation, Stamps};
use crate::world::EventId;
use alloc::vec::Vec;
use core::cell::Ref;

impl Run {
    /// Stamps of all events up to the head, read when they are first asked for and read on when
    /// the run has gone on. An event's stamp never changes while the event stays.
    pub fn stamps(&self) -> Ref<'_, Stamps> {
        if self.stamps.borrow().known() != self.trace.len() {
            let mut stamps = self.stamps.borrow_mut();
            if stamps.known() == 0 {
                *stamps = Stamps::new(self.names.len());
            }
            stamps.extend(&self.trace);
        }
        self.stamps.borrow()
    }

    /// Whether event a happened before event b, through which messages, or after it, or neither.
    /// None if one of them is no event of a process (`anchor` gives one that stands for it).
    pub fn relation(&self, a: EventId, b: EventId) -> Option<Relation> {
        self.stamps().relation(a, b)
    }

    /// The causal past: for each node, in the order of `names`, the last event that can have
    /// influenced this one. Its own node's is the last event of its own step.
    pub fn past(&self, event: EventId) -> Option<Vec<Option<EventId>>> {
        self.stamps().past(event)
    }

    /// The causal future, as far as is known: for each node the first event that this one can
    /// have influenced. Its own node's is the first event of its own step.
    pub fn future(&self, event: EventId) -> Option<Vec<Option<EventId>>> {
        self.stamps().future(event)
    }

    /// The event of a process that stands for any event of the trace: for a loss the sending,
    /// for a crash the last step before it.
    pub fn anchor(&self, event: EventId) -> Option<EventId> {
        self.stamps().anchor(&self.trace, event)
    }
}
