//! What happened: fixed-size records, append-only, with causes. Happens-before is read off
//! them: program order at a node, and send before receive. Holds nothing that decides the
//! future.

use crate::process::NodeId;
use crate::scenario::ast::{DiskFault, Law};

/// Number of an event: its place in the trace.
pub type EventId = u32;

/// No cause, no peer.
pub const NONE: u32 = u32::MAX;
/// No other node.
pub const NO_NODE: NodeId = NodeId(u16::MAX);

/// What kind of thing happened. The meaning of `a`, `b`, `c`, `sub` stands at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum What {
    /// A process starts; a = incarnation, b = 1 if its last record was torn.
    Boot,
    /// A message leaves: node to peer; sub = kind, a = epoch, b = number, c = count of its
    /// kind on its link.
    Send,
    /// A message is handled; cause = its Send; fields as there.
    Receive,
    /// A message will not arrive; cause = its Send; node, peer, a as there; sub = `Loss`, b =
    /// the flight's planned length in µs.
    Lost,
    /// A timer runs out; sub = slot.
    Timer,
    /// Records are synced; cause = where the last of them was written, a = up to which.
    Durable,
    /// A client begins an operation; a = place in the history.
    Request,
    /// A client has its answer; a = place in the history.
    Answer,
    /// A client stops waiting; a = place in the history.
    GiveUp,
    /// The protocol names what happened; sub = event, a = epoch, b = index, peer.
    Mark,
    /// What is shown of a node changes; sub = state, a = epoch, b = `Status` as number.
    Face,
    /// A line acts; sub = `LineClass`, a = rank within its class.
    Line,
    /// A line has no effect; sub = `LineClass`, a = rank, b = `Skip`, peer = concerned node.
    Skipped,
    /// Power cut.
    Crash,
    /// Process death.
    Kill,
    /// Boots again.
    Restart,
    /// Stops.
    Pause,
    /// Goes on.
    Resume,
    /// The network falls into groups.
    Partition,
    /// A link is cut: node to peer.
    Cut,
    /// Cuts and partition are undone.
    Heal,
    /// A clock runs at another rate; a = ppm as i32.
    Drift,
    /// A held message goes on.
    Deliver,
    /// A check fails; sub = check.
    Violated,
    /// The disk is gone, and the process with it.
    Wipe,
    /// The machine stops, its clocks too.
    Suspend,
    /// Handling takes longer; a = by how much, µs, 0 when that is over.
    Slow,
    /// The wall clock jumps; a and b = the low and the high half of an i64 of µs.
    Step,
    /// The wall clock is led; a and b as at Step, c = ppm.
    Slew,
    /// What is sent on the link waits: node to peer; a = 0 when that is over.
    Clog,
    /// Something is wrong with the disk; sub = `disk_code`, a = its parameter, b = 0 when that
    /// is over.
    Disk,
    /// Another law of the network: node to peer, or of all; sub = `law_code`, a = its parameter.
    Law,
    /// A sync fails; a = from which record on.
    Failed,
    /// The process ends itself, or will not start from its disk (sub = 1).
    Exit,
    /// A message waits at the end of its link, which is clogged or keeps the order: node to
    /// peer; cause = its Send.
    Waits,
    /// A message is drawn to arrive twice: node to peer; cause = its Send.
    Doubled,
    /// A server hears an operator's order; sub = which.
    Told,
    /// The system keeps its word from now on: the global stabilisation time has come, or a
    /// core is healed (sub = 1).
    Stable,
}

impl What {
    /// Its word, as recordings and reports have it.
    pub const fn word(self) -> &'static str {
        match self {
            What::Boot => "boot",
            What::Send => "send",
            What::Receive => "receive",
            What::Lost => "lost",
            What::Timer => "timer",
            What::Told => "told",
            What::Stable => "stable",
            What::Durable => "durable",
            What::Request => "request",
            What::Answer => "answer",
            What::GiveUp => "give-up",
            What::Mark => "mark",
            What::Face => "face",
            What::Line => "line",
            What::Skipped => "skipped",
            What::Crash => "crash",
            What::Kill => "kill",
            What::Restart => "restart",
            What::Pause => "pause",
            What::Resume => "resume",
            What::Partition => "partition",
            What::Cut => "cut",
            What::Heal => "heal",
            What::Drift => "drift",
            What::Deliver => "deliver",
            What::Violated => "violated",
            What::Wipe => "wipe",
            What::Suspend => "suspend",
            What::Slow => "slow",
            What::Step => "step",
            What::Slew => "slew",
            What::Clog => "clog",
            What::Disk => "disk",
            What::Law => "law",
            What::Failed => "failed",
            What::Exit => "exit",
            What::Waits => "waits",
            What::Doubled => "doubled",
        }
    }
}

/// Why a message is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Loss {
    /// Drawn.
    Drawn,
    /// The link is cut.
    Cut,
    /// A line drops it.
    Dropped,
    /// The receiver is down.
    Down,
    /// The receiver's inbox or the network is full.
    Full,
}

/// The lists that lines stand in; within a list they keep their rank when others are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum LineClass {
    /// `at` lines, by time then place.
    At,
    /// `when` lines, by place.
    When,
    /// Fates of messages, by place.
    Fate,
}

/// Why a line has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Skip {
    /// Nobody matches the selector.
    Nobody,
    /// The node is down already.
    IsDown,
    /// The node is up already.
    IsUp,
    /// The node is paused already.
    IsPaused,
    /// The node is not paused.
    NotPaused,
    /// The node is down and has no timers.
    NoTimer,
    /// The link is cut already.
    IsCut,
    /// There is nothing to heal.
    Whole,
    /// No such message is in flight.
    NoMessage,
    /// The groups leave the network as it is.
    NotDivided,
    /// The disk has no such record.
    NoRecord,
    /// There is nothing wrong with the disk.
    IsSound,
    /// It is so already.
    IsSo,
    /// In a synchronous system nothing is lost, late or slow.
    IsSynchronous,
    /// Processes fail for good.
    IsStopped,
    /// No servers are left that would suffice.
    NoCore,
}

/// What is wrong with a disk, as a number in the trace.
pub fn disk_code(fault: DiskFault) -> (u8, u32) {
    match fault {
        DiskFault::Lies => (0, 0),
        DiskFault::Fails => (1, 0),
        DiskFault::Full => (2, 0),
        DiskFault::Tears => (3, 0),
        DiskFault::Slow(us) => (4, us as u32),
        DiskFault::Corrupts(record) => (5, record as u32),
        DiskFault::Sound => (6, 0),
    }
}

/// A law of the network, as a number in the trace.
pub fn law_code(law: Law) -> (u8, u32) {
    match law {
        Law::Latency(range, _) => (0, range.high as u32),
        Law::Loss(ppm) => (1, ppm),
        Law::Duplicate(ppm) => (2, ppm),
        Law::Reorder(ppm) => (3, ppm),
        Law::Bandwidth(bytes) => (4, bytes as u32),
        Law::Fifo(fifo) => (5, u32::from(fifo)),
    }
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Virtual time, µs.
    pub time_us: u64,
    /// The event that caused it, or `NONE`.
    pub cause: EventId,
    /// See `What`.
    pub a: u32,
    /// See `What`.
    pub b: u32,
    /// See `What`.
    pub c: u32,
    /// Where, or `NO_NODE`.
    pub node: NodeId,
    /// The other node, or `NO_NODE`.
    pub peer: NodeId,
    /// What.
    pub what: What,
    /// See `What`.
    pub sub: u8,
}

const _: () = assert!(size_of::<Event>() == 32, "the bound on a trace's memory counts on it");
