//! What the world asks of a protocol, and the object-safe face behind which the kernel's
//! driver sees it. Only names and shapes: what is done with them stands in `members`.

use super::kernel::{Input, Kernel, Operation};
use super::trace::Event;
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::declare::Declaration;
use crate::machine::Machine;
use crate::process::{Cells, Face, Inspection, NodeId, Process, Refusal, Role};
use crate::quorum::majority;
use crate::scenario::ast::OperationCall;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::any::Any;
use core::fmt::Display;

/// The machine that a protocol replicates.
pub type MachineOf<P> = <P as Protocol>::Machine;

/// What a text sets for a protocol.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Number of servers.
    pub servers: u16,
    /// Number of services.
    pub services: u16,
    /// Number of clients.
    pub clients: u16,
    /// Values of the declared parameters, in their order: (lowest, highest).
    pub parameters: Vec<(u64, u64)>,
    /// Bits of the rules that are off.
    pub rules_off: u32,
    /// For each client the server it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
}

/// A protocol: its processes, its checks, what it declares.
pub trait Protocol: 'static {
    /// Servers and clients.
    type Process: Process<
            Request = <Self::Machine as Machine>::Command,
            Response = <Self::Machine as Machine>::Answer,
        >;
    /// What its clients believe that they talk to.
    type Machine: Machine<Command: Display, Answer: Display>;
    /// Its invariants.
    type Check: Check<Self::Process>;
    /// Everything else that it says of itself.
    const DECLARATION: &'static Declaration;
    /// Parameters and rules as its processes want them.
    fn config(setup: &Setup) -> <Self::Process as Process>::Config;
    /// A client operation; `fresh` stands for a value that the text leaves out.
    fn request(call: &OperationCall, fresh: u64) -> Option<<Self::Machine as Machine>::Command>;
    /// The records of a disk that starts with entries of these terms, where the declaration
    /// allows that.
    fn starting_log(terms: &[u64]) -> Vec<<Self::Process as Process>::Record> {
        let _ = terms;
        Vec::new()
    }
    /// Whether these servers, up and connected, suffice to make progress: a quorum of each kind.
    fn suffices(config: &<Self::Process as Process>::Config, servers: u16, up: &[NodeId]) -> bool {
        let _ = config;
        up.len() >= usize::from(majority(servers))
    }
    /// The timer that `timeout` makes run out.
    fn patience() -> Option<<Self::Process as Process>::Timer> {
        None
    }
    /// Whether a leader that reaches these of so many servers, itself among them, can commit:
    /// of one that can't it is said.
    fn can_commit(process: &Self::Process, servers: u16, reached: &[NodeId]) -> bool {
        let _ = process;
        reached.len() >= usize::from(majority(servers))
    }
    /// Why a violation came about: reads only the trace.
    fn explain(violation: &Violation, trace: &[Event], names: &[String]) -> Cause {
        let _ = (violation, trace, names);
        Cause::default()
    }
}

/// How the world calls into a protocol's code: straight, or by a harness that turns a panic
/// into words. Gives what went wrong; the node then halts, as at a broken assumption.
pub type Guard = fn(&mut dyn FnMut()) -> Result<(), String>;

/// A guard that trusts: what panics, panics.
pub fn trusting(call: &mut dyn FnMut()) -> Result<(), String> {
    call();
    Ok(())
}

/// Why a violation came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// One sentence.
    pub sentence: String,
    /// When it began, µs.
    pub time_us: Option<u64>,
    /// Messages that did it (from, to).
    pub arrows: Vec<(u16, u16)>,
}

/// A node's inspection without types: the arc as a timer slot.
pub type Seen = Inspection<u8>;

/// What the kernel's driver asks of the typed side.
pub trait Members {
    /// A copy with its own state, if the processes can be cloned.
    fn copy(&self) -> Option<Box<dyn Members>>;
    /// The typed side itself, a `Cast`.
    fn as_any(&self) -> &dyn Any;
    /// Takes over from an earlier state of the same run what says the same.
    fn lean_on(&mut self, earlier: &dyn Members);
    /// About how many bytes it owns that a `later` state of the same run does not share.
    fn weight(&self, later: &dyn Members) -> usize;
    /// The declaration.
    fn declaration(&self) -> &'static Declaration;
    /// Writes the records of a starting log.
    fn prepare(&mut self, kernel: &mut Kernel, node: NodeId, terms: &[u64]);
    /// Starts a node from its disk.
    ///
    /// # Errors
    /// Its process won't start.
    fn boot(&mut self, kernel: &mut Kernel, node: NodeId) -> Result<(), Refusal>;
    /// The process handles one thing; its effects wait.
    fn handle(&mut self, kernel: &mut Kernel, node: NodeId, input: Input);
    /// The effects of a handler leave.
    fn release(&mut self, kernel: &mut Kernel, node: NodeId);
    /// The process is gone; with `keep` of its unsynced records surviving, the next torn.
    fn end(&mut self, kernel: &mut Kernel, node: NodeId, keep: u64, torn: bool);
    /// The disk of a node that is down is empty.
    fn wipe(&mut self, node: NodeId);
    /// A payload's copy is gone.
    fn free(&mut self, payload: u32);
    /// A workload's operation at a client begins; the input by which its process hears of it.
    fn request(
        &mut self,
        kernel: &mut Kernel,
        client: NodeId,
        call: &OperationCall,
    ) -> Option<Input>;
    /// The slot of the timer that `timeout` makes run out, if it is known.
    fn patience(&mut self, node: NodeId) -> Option<u8>;
    /// What is shown of a node all the time; none when it is down.
    fn face(&self, node: NodeId) -> Option<Face>;
    /// What is shown when someone looks; none when it is down.
    fn inspect(&self, node: NodeId) -> Option<Seen>;
    /// The end of a node's log; none when it is down.
    fn cells(&self, node: NodeId, most: usize) -> Option<Cells>;
    /// What the disk of a node that is down would give it back: the end of its log.
    fn remains(&self, kernel: &Kernel, node: NodeId, most: usize) -> Cells;
    /// Whether these servers, up and connected, suffice to make progress.
    fn suffices(&self, servers: u16, up: &[NodeId]) -> bool;
    /// Client operations so far.
    fn history(&self) -> &Chunked<Operation>;
    /// Operations of this client that have not ended.
    fn outstanding(&self, client: NodeId) -> u32;
    /// Takes the violations found since the last call.
    fn take_violations(&mut self) -> Vec<Violation>;
    /// One more copy of a payload travels.
    fn share(&mut self, payload: u32);
    /// Whether a leader that reaches these of so many servers can commit.
    fn can_commit(&self, leader: NodeId, servers: u16, reached: &[NodeId]) -> bool;
    /// Really committed indexes.
    fn committed(&self) -> u64;
    /// Whether the clients' history could be judged, and how far: (judged, searched).
    fn judged(&self) -> Judged;
    /// Searches for an order that explains the whole history, spending at most `budget`.
    fn search(&self, budget: u64) -> crate::check::Verdict;
    /// Why a violation came about.
    fn explain(&self, violation: &Violation, trace: &[Event], names: &[String]) -> Cause;
}

/// How the clients' history stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Answers seen.
    pub answers: u64,
    /// The budget ran out before an answer could be explained.
    pub unknown: bool,
    /// No order explains an answer. What is wrong stays wrong: nothing more is searched.
    pub violated: bool,
}

/// Roles of a run's nodes: servers, then services, then clients.
pub fn role_at(index: usize, servers: u16, services: u16) -> Role {
    match index {
        _ if index < usize::from(servers) => Role::Server,
        _ if index < usize::from(servers + services) => Role::Service,
        _ => Role::Client,
    }
}
