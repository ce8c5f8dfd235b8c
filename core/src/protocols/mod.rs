//! The protocols, one room each; none knows another. Adding one is a folder, a line in
//! `registry!` and its scenarios.

#[cfg(feature = "abd")]
pub mod abd;
#[cfg(feature = "primary-backup")]
pub mod backup;
#[cfg(feature = "broadcast")]
pub mod broadcast;
#[cfg(any(feature = "mutex", feature = "snapshot"))]
pub mod channel;
pub mod client;
#[cfg(feature = "clocks")]
pub mod clocks;
#[cfg(feature = "commit-wait")]
pub mod commitwait;
#[cfg(feature = "detector")]
pub mod detector;
#[cfg(feature = "dynamo")]
pub mod dynamo;
#[cfg(feature = "echo")]
pub mod echo;
#[cfg(any(feature = "primary-backup", feature = "kafka"))]
pub mod epoch_log;
#[cfg(any(feature = "mutex", feature = "snapshot", feature = "broadcast"))]
pub mod errand;
#[cfg(any(feature = "lock", feature = "redlock"))]
pub mod files;
#[cfg(feature = "two-generals")]
pub mod generals;
#[cfg(feature = "gossip")]
pub mod gossip;
#[cfg(feature = "kafka")]
pub mod kafka;
#[cfg(feature = "lock")]
pub mod lock;
#[cfg(feature = "lww")]
pub mod lww;
#[cfg(feature = "multipaxos")]
pub mod multipaxos;
#[cfg(feature = "mutex")]
pub mod mutex;
#[cfg(feature = "ntp")]
pub mod ntp;
#[cfg(feature = "paxos")]
pub mod paxos;
#[cfg(feature = "raft")]
pub mod raft;
#[cfg(feature = "redlock")]
pub mod redlock;
#[cfg(feature = "rpc")]
pub mod rpc;
#[cfg(feature = "snapshot")]
pub mod snapshot;
#[cfg(test)]
pub(crate) mod testing;

use crate::declare::Declaration;
use crate::explore::exhaust::Explorer;
use crate::world::{Cast, Members, Protocol, Setup};
use alloc::boxed::Box;

/// A protocol as the rest of the crate sees it.
#[derive(Clone, Copy)]
pub struct Registered {
    /// What it declares.
    pub declaration: &'static Declaration,
    /// Its processes, none of them started.
    pub cast: fn(&Setup) -> Box<dyn Members>,
}

impl Registered {
    /// A protocol of this crate or of any other.
    pub const fn of<P: Protocol<Process: Clone>>() -> Registered {
        Registered { declaration: P::DECLARATION, cast: |setup| Box::new(Cast::<P>::new(setup)) }
    }
}

macro_rules! registry {
    ($($(#[$gate:meta])* $protocol:ty),* $(,)?) => {
        /// All protocols of this build.
        pub const PROTOCOLS: &[Registered] = &[
            $($(#[$gate])* Registered::of::<$protocol>()),*
        ];
        /// What all of them declare.
        pub const DECLARATIONS: &[&Declaration] = &[
            $($(#[$gate])* <$protocol as Protocol>::DECLARATION),*
        ];
    };
}

registry! {
    #[cfg(feature = "raft")]
    raft::Raft,
    #[cfg(feature = "paxos")]
    paxos::Paxos,
    #[cfg(feature = "multipaxos")]
    multipaxos::MultiPaxos,
    #[cfg(feature = "echo")]
    echo::Echo,
    #[cfg(feature = "primary-backup")]
    backup::PrimaryBackup,
    #[cfg(feature = "kafka")]
    kafka::Kafka,
    #[cfg(feature = "two-generals")]
    generals::TwoGenerals,
    #[cfg(feature = "abd")]
    abd::Abd,
    #[cfg(feature = "lock")]
    lock::LockService,
    #[cfg(feature = "redlock")]
    redlock::Redlock,
    #[cfg(feature = "rpc")]
    rpc::Rpc,
    #[cfg(feature = "gossip")]
    gossip::Gossip,
    #[cfg(feature = "detector")]
    detector::Detector,
    #[cfg(feature = "broadcast")]
    broadcast::Broadcast,
    #[cfg(feature = "mutex")]
    mutex::Mutex,
    #[cfg(feature = "snapshot")]
    snapshot::Snapshot,
    #[cfg(feature = "clocks")]
    clocks::Clocks,
    #[cfg(feature = "commit-wait")]
    commitwait::CommitWait,
    #[cfg(feature = "lww")]
    lww::LastWriteWins,
    #[cfg(feature = "ntp")]
    ntp::NetworkTime,
    #[cfg(feature = "dynamo")]
    dynamo::Dynamo,
}

/// Those that can be explored exhaustively.
pub const EXPLORERS: &[Explorer] = &[
    #[cfg(feature = "raft")]
    Explorer::of::<raft::Raft>(),
    #[cfg(feature = "paxos")]
    Explorer::of::<paxos::Paxos>(),
    #[cfg(feature = "multipaxos")]
    Explorer::of::<multipaxos::MultiPaxos>(),
    #[cfg(feature = "echo")]
    Explorer::of::<echo::Echo>(),
    #[cfg(feature = "primary-backup")]
    Explorer::of::<backup::PrimaryBackup>(),
];

/// The protocol of this name.
pub fn find(name: &str) -> Option<&'static Registered> {
    PROTOCOLS.iter().find(|protocol| protocol.declaration.name == name)
}
