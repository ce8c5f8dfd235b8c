//! What must hold, checked while the world runs: the trait of a protocol's invariants, and
//! the judgement of clients' histories, our own and those of other systems. Never changes what
//! it looks at.

pub mod causal;
mod history;
pub mod linear;
mod tags;
pub mod tallies;
pub mod transactions;

pub use history::{Verdict, Witness, search};
pub use tags::{Tag, Tags};

use crate::chunks::Chunked;
use crate::process::{EffectOf, NodeId, Process};
use crate::world::Kernel;
use alloc::string::String;
use alloc::vec::Vec;

/// A check that failed, once, at one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Index in the declaration's checks.
    pub check: u8,
    /// When, virtual µs.
    pub time_us: u64,
    /// At which event of the trace.
    pub event: u32,
    /// What is wrong, one sentence with the values involved.
    pub statement: String,
    /// The nodes concerned.
    pub nodes: Vec<NodeId>,
    /// The cells concerned: (node, log index).
    pub cells: Vec<(NodeId, u64)>,
    /// The epoch concerned, or 0.
    pub epoch: u64,
    /// The log index concerned, or 0.
    pub index: u64,
}

impl Violation {
    /// A violation at one node; the world adds time and event.
    pub fn at_node(check: u8, node: NodeId, statement: String) -> Violation {
        Violation {
            check,
            time_us: 0,
            event: 0,
            statement,
            nodes: alloc::vec![node],
            cells: Vec::new(),
            epoch: 0,
            index: 0,
        }
    }
}

/// The invariants of a protocol. Called after every handler for the node that was touched;
/// each rule looks only at what may have changed, so that a step costs the same in a long run.
/// What an invariant does not look at it leaves out.
pub trait Check<P: Process>: Clone {
    /// For a cluster of so many servers.
    fn new(servers: u16) -> Self;
    /// A process has started; `records` is its disk.
    fn booted(&mut self, node: NodeId, process: &P, records: &Chunked<P::Record>) {
        let _ = (node, process, records);
    }
    /// A handler has run; its effects have not left.
    fn handled(
        &mut self,
        node: NodeId,
        process: &P,
        fresh: &[EffectOf<P>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let _ = (node, process, fresh, kernel, found);
    }
    /// The effects have left; `records` is its disk, synced up to what `kernel` says.
    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<P::Record>,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let _ = (node, records, kernel, found);
    }
    /// The process has ended; `records` is what is left.
    fn ended(&mut self, node: NodeId, records: &Chunked<P::Record>) {
        let _ = (node, records);
    }
    /// Takes over from an earlier state the chunks that say what its own say.
    fn share(&mut self, earlier: &Self) {
        let _ = earlier;
    }
    /// About how many bytes it owns on the heap that a `later` state does not share.
    fn weight(&self, later: Option<&Self>) -> usize {
        let _ = later;
        0
    }
    /// How many indexes are really committed.
    fn committed(&self) -> u64 {
        0
    }
}

/// No invariants: what the clients see says it all.
impl<P: Process> Check<P> for () {
    fn new(_servers: u16) {}
}
