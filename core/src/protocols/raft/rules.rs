//! The safety rules that can be switched off one by one, and who really made that mistake.

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
    /// votedFor is on disk (figure 2, §5.2).
    PERSIST_VOTE = 0,
    /// currentTerm is on disk (figure 2).
    PERSIST_TERM = 1,
    /// No vote for a candidate whose log is behind (§5.4.1).
    UP_TO_DATE = 2,
    /// Only entries of the leader's own term are committed by counting (§5.4.2).
    COMMIT_OWN_TERM = 3,
    /// Entries are removed only where they conflict (§5.3).
    TRUNCATE_ON_CONFLICT = 4,
    /// Nothing is acknowledged before it is on disk (figure 2: "updated on stable storage").
    SYNC_BEFORE_ACK = 5,
    /// The consistency check compares the term, not just the index (§5.3).
    CHECK_PREV_TERM = 6,
    /// A command that was applied is not applied again (§8, dissertation §6.3).
    DEDUPLICATE = 7,
    /// A voter counts once (§5.2).
    VOTES_ARE_A_SET = 8,
    /// A quorum is more than half (§5.2).
    MAJORITY = 9,
    /// commitIndex goes no further than the last entry known to match (figure 2, rule 5).
    CLAMP_COMMIT = 10,
    /// A leader never changes its own entries (figure 3).
    LEADER_APPEND_ONLY = 11,
    /// "Up-to-date" looks at the last term before the length (§5.4.1).
    LAST_TERM_FIRST = 12,
    /// A vote is kept for the whole term (§5.2).
    KEEP_VOTE = 13,
    /// Acknowledgements of an earlier term are not counted (§5.1).
    OWN_TERM_ACKS = 14,
    /// A failed sync ends the process (Rebello et al. 2020).
    FAILED_SYNC_ENDS = 15,
    /// A record that does not match its checksum is not taken for a torn end of the log
    /// (Alagappan et al. 2018).
    ROT_IS_NOT_A_TORN_END = 16,
    /// A leader asks a majority before it answers a read from its own state (§8, dissertation
    /// §6.4).
    READ_CONFIRMED = 17,
    /// A leader answers reads only when it has committed an entry of its term (§8, dissertation
    /// §6.4, step 1).
    READ_OWN_TERM = 18,
    /// Only a round of heartbeats begun after a read arrived confirms it (dissertation §6.4,
    /// step 3).
    READ_ROUNDS = 19,
    /// A lease is as much shorter than an election timeout as clocks may differ (dissertation
    /// §6.4.1: "election timeout / clock drift bound").
    LEASE_DRIFT_BOUND = 20,
    /// A lease begins when the heartbeats were sent, not when they were answered (dissertation
    /// §6.4.1, figure 6.3: "start").
    LEASE_FROM_START = 21,
    /// A leader that hands over has no lease any more (dissertation §6.4.1).
    TRANSFER_ENDS_LEASE = 22,
    /// A server that restarts may have promised not to vote yet, and waits.
    RESTART_KEEPS_PROMISE = 23,
    /// Sessions are part of a snapshot (dissertation §6.3).
    SNAPSHOT_SESSIONS = 24,
    /// The configuration is part of a snapshot (§7, dissertation §5.1).
    SNAPSHOT_CONFIGURATION = 25,
    /// Entries behind a snapshot that the log agrees with are kept (figure 13, rule 6).
    KEEP_MATCHING = 26,
    /// A snapshot older than what is committed changes nothing (OpenRaft PR 543).
    SNAPSHOT_FORWARD = 27,
    /// A snapshot's index and its state are of the same moment (dissertation §5.1).
    SNAPSHOT_ATOMIC = 28,
    /// While two configurations are joint, each of them must agree (§6, dissertation §4.3).
    JOINT_BOTH = 29,
    /// One change of the configuration at a time (dissertation §4.1).
    ONE_CHANGE = 30,
    /// A leader changes the configuration only when it has committed an entry of its own term
    /// (Ongaro on raft-dev, 2015).
    OWN_TERM_CHANGE = 31,
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
        name: "forget-vote",
        rule: Rules::PERSIST_VOTE,
        repair: prose("Keep votes on disk"),
        about: prose(
            "A voter that restarts has forgotten its vote and votes again in the same term.",
        ),
        source: prose("Raft figure 2; TiKV #8381"),
    },
    Bug {
        name: "forget-term",
        rule: Rules::PERSIST_TERM,
        repair: prose("Keep the term on disk"),
        about: prose("A voter restarts in an older term and votes again in one it has voted in."),
        source: prose("Raft figure 2"),
    },
    Bug {
        name: "vote-for-anyone",
        rule: Rules::UP_TO_DATE,
        repair: prose("Vote only for logs that are up to date"),
        about: prose("A candidate that lacks committed entries can win."),
        source: prose("Raft §5.4.1"),
    },
    Bug {
        name: "commit-earlier-term",
        rule: Rules::COMMIT_OWN_TERM,
        repair: prose("Commit only entries of the own term"),
        about: prose("An entry of an earlier term counts as committed and is overwritten later."),
        source: prose("Raft §5.4.2, figure 8"),
    },
    Bug {
        name: "truncate-always",
        rule: Rules::TRUNCATE_ON_CONFLICT,
        repair: prose("Remove entries only where they conflict"),
        about: prose("A late, shorter AppendEntries removes entries already acknowledged."),
        source: prose("Raft §5.3; willemt/raft PR 118"),
    },
    Bug {
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ACK,
        repair: prose("Sync before acknowledging"),
        about: prose("What was acknowledged is lost in a power cut."),
        source: prose("Raft figure 2; etcd #14370"),
    },
    Bug {
        name: "ignore-prev-term",
        rule: Rules::CHECK_PREV_TERM,
        repair: prose("Compare the previous entry's term"),
        about: prose("Entries are appended after an entry that the leader does not have."),
        source: prose("Raft §5.3"),
    },
    Bug {
        name: "apply-twice",
        rule: Rules::DEDUPLICATE,
        repair: prose("Apply each command once"),
        about: prose("A retried command is applied again."),
        source: prose("Raft §8; dissertation §6.3"),
    },
    Bug {
        name: "count-votes-twice",
        rule: Rules::VOTES_ARE_A_SET,
        repair: prose("Count each voter once"),
        about: prose("One vote that the network delivers twice counts as two."),
        source: prose("xraft #27, akka-raft #45"),
    },
    Bug {
        name: "half-is-enough",
        rule: Rules::MAJORITY,
        repair: prose("Ask more than half"),
        about: prose("Two halves of the cluster decide without each other."),
        source: prose("Raft §5.2"),
    },
    Bug {
        name: "commit-beyond-match",
        rule: Rules::CLAMP_COMMIT,
        repair: prose("Commit no further than what matches"),
        about: prose("A follower takes its own stale entries for committed ones."),
        source: prose("Raft figure 2, AppendEntries rule 5"),
    },
    Bug {
        name: "leader-rewrites",
        rule: Rules::LEADER_APPEND_ONLY,
        repair: prose("Leaders only append"),
        about: prose("A new leader throws away its own uncommitted entries."),
        source: prose("Raft figure 3"),
    },
    Bug {
        name: "longest-log-wins",
        rule: Rules::LAST_TERM_FIRST,
        repair: prose("Compare the last term before the length"),
        about: prose("A long log of an old term beats a short one that holds committed entries."),
        source: prose("Raft §5.4.1; Students' Guide to Raft"),
    },
    Bug {
        name: "drop-vote",
        rule: Rules::KEEP_VOTE,
        repair: prose("Keep the vote for the whole term"),
        about: prose(
            "A voter that hears a leader forgets its vote and gives it again in that term.",
        ),
        source: prose("Camunda #5356"),
    },
    Bug {
        name: "count-old-acks",
        rule: Rules::OWN_TERM_ACKS,
        repair: prose("Count acknowledgements of the own term only"),
        about: prose("An acknowledgement of an earlier term counts for entries overwritten since."),
        source: prose("Students' Guide to Raft"),
    },
    Bug {
        name: "sync-again",
        rule: Rules::FAILED_SYNC_ENDS,
        repair: prose("End the process when a sync fails"),
        about: prose(
            "After a failed sync the next one succeeds, though the first one's records are gone.",
        ),
        source: prose("PostgreSQL's fsync failure of 2018; Rebello et al. 2020"),
    },
    Bug {
        name: "rot-is-torn",
        rule: Rules::ROT_IS_NOT_A_TORN_END,
        repair: prose("Tell a corrupt record from a torn one"),
        about: prose(
            "A server cuts its log at a rotten record, and with it what it has acknowledged.",
        ),
        source: prose("ZooKeeper and LogCabin, as found by Alagappan et al. 2018"),
    },
    Bug {
        name: "read-locally",
        rule: Rules::READ_CONFIRMED,
        repair: prose("Ask a majority before answering a read"),
        about: prose(
            "A leader answers reads from its own state and asks nobody whether it still leads.",
        ),
        source: prose("Raft §8; dissertation §6.4; Consul #54"),
    },
    Bug {
        name: "read-before-commit",
        rule: Rules::READ_OWN_TERM,
        repair: prose("Commit an entry of the own term before reading"),
        about: prose(
            "A new leader does not know yet what is committed, and reads behind what clients were told.",
        ),
        source: prose("Dissertation §6.4; etcd #7331, TiKV #9239"),
    },
    Bug {
        name: "late-confirmation",
        rule: Rules::READ_ROUNDS,
        repair: prose("Tell the rounds of heartbeats apart"),
        about: prose("A late answer to an earlier round of heartbeats confirms a later read."),
        source: prose("etcd #20418, mended by #21399"),
    },
    Bug {
        name: "lease-without-bound",
        rule: Rules::LEASE_DRIFT_BOUND,
        repair: prose("Shorten the lease by what clocks may differ"),
        about: prose("A lease as long as the election timeout, by a clock that runs slow."),
        source: prose("Dissertation §6.4.1; TiKV PR 1127"),
    },
    Bug {
        name: "lease-from-answer",
        rule: Rules::LEASE_FROM_START,
        repair: prose("Count the lease from when the heartbeats were sent"),
        about: prose("A lease begins when an answer arrives, however long that was under way."),
        source: prose("Dissertation §6.4.1, figure 6.3"),
    },
    Bug {
        name: "lease-after-transfer",
        rule: Rules::TRANSFER_ENDS_LEASE,
        repair: prose("End the lease when leadership is handed over"),
        about: prose("A leader hands over and still answers reads by its lease."),
        source: prose("Dissertation §6.4.1; raft-rs #234, etcd-io/raft #99"),
    },
    Bug {
        name: "forget-promise",
        rule: Rules::RESTART_KEEPS_PROMISE,
        repair: prose("Wait an election timeout after a restart before voting"),
        about: prose(
            "A voter that restarts has forgotten that it heard a leader, and votes within its lease.",
        ),
        source: prose("TiKV #15035"),
    },
    Bug {
        name: "snapshot-without-sessions",
        rule: Rules::SNAPSHOT_SESSIONS,
        repair: prose("Keep the clients' sessions in snapshots"),
        about: prose(
            "Who starts from a snapshot does not know what a client has had applied, and applies its retry again.",
        ),
        source: prose("Dissertation §6.3"),
    },
    Bug {
        name: "snapshot-without-members",
        rule: Rules::SNAPSHOT_CONFIGURATION,
        repair: prose("Keep the configuration in snapshots"),
        about: prose("Who starts from a snapshot takes the first members for the present ones."),
        source: prose("Raft §7"),
    },
    Bug {
        name: "snapshot-drops-log",
        rule: Rules::KEEP_MATCHING,
        repair: prose("Keep the entries behind a matching snapshot"),
        about: prose(
            "A follower that takes a snapshot over throws away what it has acknowledged behind it.",
        ),
        source: prose("Raft figure 13, rule 6; etcd #1837, #1763"),
    },
    Bug {
        name: "snapshot-goes-back",
        rule: Rules::SNAPSHOT_FORWARD,
        repair: prose("Ignore a snapshot older than the own state"),
        about: prose("A late, older snapshot sets a server back."),
        source: prose("OpenRaft PR 543; hashicorp/raft #248"),
    },
    Bug {
        name: "index-before-state",
        rule: Rules::SNAPSHOT_ATOMIC,
        repair: prose("Store the index and the state together"),
        about: prose(
            "What is stored says that an entry is applied, and its effect is missing: after a restart it is skipped.",
        ),
        source: prose("etcd #13766 and its postmortem"),
    },
    Bug {
        name: "joint-by-one-majority",
        rule: Rules::JOINT_BOTH,
        repair: prose("Ask a majority of each configuration"),
        about: prose("While two configurations are joint, a majority of all of them decides."),
        source: prose("Raft §6; dissertation §4.3"),
    },
    Bug {
        name: "two-changes-at-once",
        rule: Rules::ONE_CHANGE,
        repair: prose("Finish one change before the next"),
        about: prose(
            "A second server is added before the first is: the old majority and the new one have nobody in common.",
        ),
        source: prose("Dissertation §4.1"),
    },
    Bug {
        name: "change-before-commit",
        rule: Rules::OWN_TERM_CHANGE,
        repair: prose("Commit an entry of the own term before a change"),
        about: prose(
            "A new leader changes the members while an earlier, uncommitted change may still win.",
        ),
        source: prose("Ongaro on raft-dev, 2015"),
    },
];
