//! Exhaustive exploration: from the state of a run at some time on, every order in which
//! messages arrive, timers run out, syncs complete and power fails, within stated bounds.
//!
//! The world is untimed. Whatever is in flight may arrive next, or never; any armed timer may
//! run out next. Clocks stand, the k-th draw of a handler is always the same. Links are whole.
//! A power cut takes the unsynced records but for any first part of them, and the server boots
//! at once: while it is down nothing happens to it, so that coming back later is coming back at
//! once and doing nothing. Clients are not played: a request arrives at any server as a step of
//! its own, each of a client and session of its own; what a server tells a client is forgotten.
//! So the protocol's invariants are judged and its assertions, not the clients' history.
//!
//! Processes and checks are those of every other run. The search goes breadth first, so that
//! the first violation has the shortest way.

mod hash;
mod member;
mod search;
mod start;
mod table;
#[cfg(all(test, feature = "raft", feature = "paxos"))]
mod tests;
mod text;
mod way;

pub use text::retell;
pub use way::{Move, Sent, Syncing};

use crate::declare::{self, Declaration};
use crate::machine::Machine;
use crate::process::Process;
use crate::protocols::{DECLARATIONS, find};
use crate::run::world_of;
use crate::scenario::ast::OperationCall;
use crate::scenario::{Diagnostic, parse};
use crate::world::{MachineOf, Protocol, World};
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

pub(crate) type ProcessOf<P> = <P as Protocol>::Process;
pub(crate) type MessageOf<P> = <ProcessOf<P> as Process>::Message;
pub(crate) type RecordOf<P> = <ProcessOf<P> as Process>::Record;
/// Parameters and rules of a protocol's processes.
pub type ConfigOf<P> = <ProcessOf<P> as Process>::Config;
pub(crate) type TimerOf<P> = <ProcessOf<P> as Process>::Timer;
/// A command of the machine that a protocol replicates.
pub type CommandOf<P> = <MachineOf<P> as Machine>::Command;

/// What exhaustive exploration asks of a protocol beyond what a run does.
pub trait Explored: Protocol<Process: Clone + Hash, Check: Hash> + Sized {
    /// Servers that differ by nothing but their names: no rule compares these or goes by their
    /// order, and what a process keeps for each is in a `PerNode` or a set. By default none.
    fn alike(config: &ConfigOf<Self>, servers: u16) -> Vec<u16> {
        let _ = (config, servers);
        Vec::new()
    }

    /// What synced records amount to: two disks that say the same here boot the same process,
    /// whatever records follow. By default every record counts.
    fn disk<H: Hasher>(records: &mut dyn Iterator<Item = &RecordOf<Self>>, state: &mut H) {
        records.for_each(|record| record.hash(state));
    }

    /// Whether a server may make another one campaign without its timer.
    fn incites(process: &ProcessOf<Self>) -> bool {
        let _ = process;
        false
    }

    /// Whether a message makes its receiver campaign.
    fn is_inciting(message: &MessageOf<Self>) -> bool {
        let _ = message;
        false
    }

    /// Whether a message in flight can change nothing any more, now or ever, but for what
    /// goes to clients: not at its receiver, and not by the answers to it.
    fn is_inert(message: &MessageOf<Self>, ends: &Ends<Self>) -> bool {
        let _ = (message, ends);
        false
    }
}

/// The two ends of a message, and what can still happen to them.
pub struct Ends<'a, P: Explored> {
    /// Sender; none while it is down, or if it is a client.
    pub from: Option<&'a ProcessOf<P>>,
    /// Receiver; none while it is down.
    pub to: Option<&'a ProcessOf<P>>,
    /// The place of the sender.
    pub sender: crate::process::NodeId,
    /// Nobody gets beyond this epoch any more.
    pub epochs_end: u64,
    /// Whether power can still fail.
    pub may_crash: bool,
}

/// How far to go. A step that would pass a bound is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Terms, ballots, ... beyond the highest at the start.
    pub epochs: u64,
    /// Client requests, each with a value of its own.
    pub requests: u8,
    /// Further arrivals of a request that has arrived before: what a retry does.
    pub retries: u8,
    /// Timers that run out and start a campaign: the one that `timeout` fires.
    pub campaigns: u8,
    /// Other timers of servers that run out.
    pub beats: u8,
    /// Power cuts.
    pub crashes: u8,
    /// Messages that arrive and stay in flight.
    pub duplicates: u8,
    /// A sync is a step of its own; else it is part of the step that writes.
    pub split_sync: bool,
    /// Steps from the start.
    pub depth: u32,
    /// States.
    pub states: u64,
    /// Take states for one that differ by the servers' names, where the protocol allows it.
    pub symmetry: bool,
    /// Drop messages that can change nothing any more.
    pub drop_inert: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            epochs: 2,
            requests: 1,
            retries: 0,
            campaigns: 2,
            beats: 0,
            crashes: 0,
            duplicates: 0,
            split_sync: false,
            depth: u32::MAX,
            states: 20_000_000,
            symmetry: true,
            drop_inert: true,
        }
    }
}

/// How a search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Different states reached.
    pub states: u64,
    /// The same, those that differ by names counted one by one.
    pub unreduced: u64,
    /// Steps tried that lead somewhere.
    pub steps: u64,
    /// Steps from the start to the last level, or to the violation.
    pub depth: u32,
    /// States on the last level that have not been looked at.
    pub waiting: u64,
}

/// What a search has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It goes on.
    Searching,
    /// Every state within the bounds holds.
    Clean,
    /// The bound on states or depth cut it off: nobody knows.
    CutOff,
    /// A check fails.
    Violated(Way),
}

/// The shortest way to a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Index in the declaration's checks.
    pub check: u8,
    /// What is wrong, one sentence.
    pub statement: String,
    /// The steps in words, in order.
    pub steps: Vec<String>,
    /// The same for a text.
    pub moves: Vec<Move>,
    /// Messages that they name, in the order in which they were sent.
    pub messages: Vec<Sent>,
    /// Where syncs are steps: each that has begun.
    pub syncs: Vec<Syncing>,
    /// The clients' requests by number, from 1.
    pub calls: Vec<OperationCall>,
}

/// A search, whatever its protocol.
pub trait Search {
    /// Looks at so many more states.
    fn advance(&mut self, states: u64);
    /// How far it is.
    fn count(&self) -> Count;
    /// What it has come to.
    fn outcome(&self) -> &Outcome;
}

/// What cannot be explored, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(pub String);

/// A search, or why there is none.
pub type Begun = Result<Box<dyn Search>, Unfit>;

/// A way into the typed search.
#[derive(Clone, Copy)]
pub struct Explorer {
    /// The protocol.
    pub declaration: &'static Declaration,
    /// Begins at a world's present state; `wanted` is the only check that ends the search.
    pub begin: fn(&World, &Bounds, wanted: Option<u8>) -> Begun,
}

impl Explorer {
    /// Of a protocol of this crate or of any other.
    pub const fn of<P: Explored>() -> Explorer {
        Explorer {
            declaration: P::DECLARATION,
            begin: |world, bounds, wanted| {
                let search = search::Space::<P>::new(world, bounds, wanted)?;
                Ok(Box::new(search))
            },
        }
    }
}

/// The explorer of a protocol of this crate.
pub fn explorer(protocol: &str) -> Option<&'static Explorer> {
    let mut known = crate::protocols::EXPLORERS.iter();
    known.find(|explorer| explorer.declaration.name == protocol)
}

/// Why a text cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSearch {
    /// What is wrong with it.
    Unreadable(Vec<Diagnostic>),
    /// No check is called so.
    NoCheck,
    /// Its state at that time cannot be explored.
    Unfit(Unfit),
}

/// Plays a text up to and including a time, µs, and begins a search there. With `check`, in
/// plain or formal words, only a violation of that one ends it.
///
/// # Errors
/// Why it cannot be explored.
pub fn begin(
    text: &str,
    from_us: u64,
    bounds: &Bounds,
    check: Option<&str>,
) -> Result<Box<dyn Search>, NoSearch> {
    let scenario = parse(text, DECLARATIONS).map_err(NoSearch::Unreadable)?;
    let name = scenario.protocol();
    let (Some(protocol), Some(explorer)) = (find(name), explorer(name)) else {
        return Err(NoSearch::Unfit(Unfit("No such protocol.".to_string())));
    };
    let called = |words: &str| {
        let known = protocol.declaration.checks.iter();
        let is_it = |check: &declare::Check| {
            check.plain.eq_ignore_ascii_case(words) || check.formal.eq_ignore_ascii_case(words)
        };
        known.clone().position(is_it).map(|place| place as u8)
    };
    let wanted = match check {
        Some(words) => Some(called(words).ok_or(NoSearch::NoCheck)?),
        None => None,
    };
    let mut world = world_of(&scenario, protocol);
    while world.next_time().is_some_and(|next_us| next_us <= from_us) && world.step() {}
    (explorer.begin)(&world, bounds, wanted).map_err(NoSearch::Unfit)
}
