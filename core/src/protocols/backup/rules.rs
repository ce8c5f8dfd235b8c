//! The rules that can be switched off one by one, and who really made that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $bit:literal),* $(,)?) => {
        impl Rules {
            $($(#[$doc])* pub const $name: u32 = 1 << $bit;)*
        }
    };
}

rules! {
    /// The highest log among those who answer takes over.
    COMPARE_LOGS = 0,
    /// Nothing is acknowledged before it is on disk.
    SYNC_BEFORE_ACK = 1,
    /// Where a log has another epoch than the primary's, it is cut there.
    COMPARE_EPOCHS = 2,
    /// The epoch is on disk before anything is said in it.
    PERSIST_EPOCH = 3,
    /// Who knows a higher epoch refuses the appends of a lower one.
    FENCE = 4,
    /// A primary that hears of a higher epoch is one no longer.
    STEP_DOWN = 5,
    /// A read takes its place in the log and is answered as a write is.
    READ_IN_LOG = 6,
    /// Nobody sees what is not acknowledged.
    HIDE_UNACKNOWLEDGED = 7,
    /// A command that was applied is not applied again.
    DEDUPLICATE = 8,
    /// Who was down takes over only when a primary has brought it up to date, or when all
    /// servers have said what they have.
    REJOIN_FIRST = 9,
    /// No two servers ever choose the same epoch.
    UNIQUE_EPOCHS = 10,
}

impl Rules {
    /// All rules but these.
    pub const fn without(off: u32) -> Rules {
        Rules(!off)
    }

    /// Whether a rule is on.
    pub const fn has(self, rule: u32) -> bool {
        self.0 & rule != 0
    }
}

/// What can be switched off by name.
pub const BUGS: &[Bug] = &[
    Bug {
        name: "promote-anyone",
        rule: Rules::COMPARE_LOGS,
        repair: prose("Promote the highest log"),
        about: prose("Whoever loses patience first takes over, however far behind it is."),
        source: prose("Orchestrator #83 and #88, which promoted a lagging MySQL replica"),
    },
    Bug {
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ACK,
        repair: prose("Sync before acknowledging"),
        about: prose("What was acknowledged is lost in a power cut."),
        source: prose("the same mistake in consensus: etcd #14370"),
    },
    Bug {
        name: "keep-divergent",
        rule: Rules::COMPARE_EPOCHS,
        repair: prose("Cut a log where its epoch differs"),
        about: prose("An old primary comes back and keeps entries that nobody else has."),
        source: prose("Kafka before KIP-101, scenario 2"),
    },
    Bug {
        name: "forget-epoch",
        rule: Rules::PERSIST_EPOCH,
        repair: prose("Keep the epoch on disk"),
        about: prose("A backup restarts in an older epoch and takes orders from its old primary."),
        source: prose("the same mistake in consensus: Raft figure 2"),
    },
    Bug {
        name: "no-fencing",
        rule: Rules::FENCE,
        repair: prose("Refuse lower epochs"),
        about: prose("A deposed primary goes on writing into its backups' logs."),
        source: prose("GitHub's incident of October 2018: the old side could not be fenced"),
    },
    Bug {
        name: "never-step-down",
        rule: Rules::STEP_DOWN,
        repair: prose("Step down for a higher epoch"),
        about: prose("A deposed primary goes on acknowledging after it was told."),
        source: prose("Budhiraja, Marzullo, Schneider and Toueg 1993, property Pb1"),
    },
    Bug {
        name: "read-locally",
        rule: Rules::READ_IN_LOG,
        repair: prose("Read through the log"),
        about: prose("A primary that does not know it is deposed answers reads by itself."),
        source: prose("the same mistake in consensus: Raft §8, etcd #741"),
    },
    Bug {
        name: "show-before-ack",
        rule: Rules::HIDE_UNACKNOWLEDGED,
        repair: prose("Show only what is acknowledged"),
        about: prose("A client reads a write that no backup has, and that a failover undoes."),
        source: prose("MySQL semi-synchronous replication before WL#6355 (AFTER_COMMIT)"),
    },
    Bug {
        name: "apply-twice",
        rule: Rules::DEDUPLICATE,
        repair: prose("Apply each command once"),
        about: prose("A retried command is applied again."),
        source: prose("the same mistake in consensus: Raft §8"),
    },
    Bug {
        name: "lead-after-restart",
        rule: Rules::REJOIN_FIRST,
        repair: prose("Rejoin before leading"),
        about: prose("A server that missed writes while it was down takes over with what it has."),
        source: prose("Skeen 1985, Determining the last process to fail"),
    },
    Bug {
        name: "same-epoch",
        rule: Rules::UNIQUE_EPOCHS,
        repair: prose("Give each server epochs of its own"),
        about: prose("Two servers that do not hear each other choose the same next epoch."),
        source: prose("the same mistake in Paxos: ballots that are not unique"),
    },
];
