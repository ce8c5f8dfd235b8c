//! The safety rules that can be switched off one by one, and who made that mistake. Sections
//! without a name are those of Lamport, "Paxos Made Simple" (2001).

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
    /// A promise is on disk (§2.5).
    PERSIST_PROMISE = 0,
    /// What was accepted is on disk (§2.5).
    PERSIST_ACCEPTED = 1,
    /// An acceptor records its response before it sends it (§2.5).
    SYNC_BEFORE_ANSWER = 2,
    /// A new leader proposes again what the promises report, slot by slot (§3).
    TAKE_OVER = 3,
    /// Of several reports it takes that of the highest ballot (§2.2, P2c).
    HIGHEST_BALLOT = 4,
    /// A no-op goes only where no promise reports anything (§3).
    NO_OP_IN_GAPS = 5,
    /// Commands are executed in the order of their slots (§3).
    IN_ORDER = 6,
    /// What a learner has accepted is what is chosen only if it did so in the leader's ballot.
    SAME_BALLOT = 7,
    /// A command that was executed is not executed again (van Renesse and Altinbuken 2015, §2).
    DEDUPLICATE = 8,
    /// Any phase-1 quorum meets any phase-2 quorum (Howard et al. 2016).
    QUORUMS_MEET = 9,
    /// Nothing below a promise is accepted (§2.2, P1a).
    KEEP_PROMISE = 10,
    /// A leader counts acceptances of its own ballot only (§2.2).
    OWN_BALLOT = 11,
    /// A lease begins when the leader asks for it, not when it hears the answer.
    LEASE_FROM_SENDING = 12,
    /// Who has granted a lease promises nothing to others meanwhile (Chandra et al. 2007, §5.2).
    KEEP_LEASE = 13,
    /// A leader's lease is as much shorter as clocks may differ (Chandra et al. 2007, §5.2).
    CLOCK_BOUND = 14,
    /// After a restart an acceptor waits as long as a lease it may have granted.
    LEASE_OVER_RESTART = 15,
    /// A new leader reads locally only when it has executed what it has taken over.
    READ_AFTER_TAKING_OVER = 16,
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
        name: "forget-promise",
        rule: Rules::PERSIST_PROMISE,
        repair: prose("Keep promises on disk"),
        about: prose("An acceptor that restarts accepts from a leader that was replaced."),
        source: prose("Paxos Made Simple §2.5"),
    },
    Bug {
        name: "forget-accepted",
        rule: Rules::PERSIST_ACCEPTED,
        repair: prose("Keep what is accepted on disk"),
        about: prose("An acceptor that restarts reports nothing of what may be chosen."),
        source: prose("Paxos Made Simple §2.5"),
    },
    Bug {
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ANSWER,
        repair: prose("Sync before answering"),
        about: prose("What was acknowledged is lost in a power cut."),
        source: prose("Paxos Made Simple §2.5: “before actually sending the response”"),
    },
    Bug {
        name: "ignore-accepted",
        rule: Rules::TAKE_OVER,
        repair: prose("Propose again what the promises report"),
        about: prose("A new leader gives its own commands slots that may be taken."),
        source: prose("Paxos Made Simple §3"),
    },
    Bug {
        name: "any-ballot",
        rule: Rules::HIGHEST_BALLOT,
        repair: prose("Take over the value of the highest ballot"),
        about: prose("A new leader takes the first report of a slot, not the latest."),
        source: prose("Paxos Made Simple §2.2, P2c; a merge of that kind: OCons PR 21"),
    },
    Bug {
        name: "no-op-over",
        rule: Rules::NO_OP_IN_GAPS,
        repair: prose("Put no-ops only where nobody reports anything"),
        about: prose("A new leader fills what its own log lacks, though others have accepted it."),
        source: prose("Paxos Made Simple §3"),
    },
    Bug {
        name: "skip-gap",
        rule: Rules::IN_ORDER,
        repair: prose("Execute in the order of the slots"),
        about: prose("A chosen command is executed before those of lower slots."),
        source: prose("Paxos Made Simple §3"),
    },
    Bug {
        name: "learn-stale",
        rule: Rules::SAME_BALLOT,
        repair: prose("Ask for what was not accepted in the leader's ballot"),
        about: prose("A learner takes what it accepted from an old leader for what is chosen."),
        source: prose("Paxos Made Simple §2.3; the same in Raft: figure 2, AppendEntries rule 5"),
    },
    Bug {
        name: "apply-twice",
        rule: Rules::DEDUPLICATE,
        repair: prose("Execute each command once"),
        about: prose("A retried command gets a second slot and is executed again."),
        source: prose("van Renesse and Altinbuken 2015, §2"),
    },
    Bug {
        name: "quorums-do-not-meet",
        rule: Rules::QUORUMS_MEET,
        repair: prose("Let every phase-1 quorum meet every phase-2 quorum"),
        about: prose(
            "Quorums as small as they are set: a new leader does not hear of what is chosen.",
        ),
        source: prose("Howard, Malkhi and Spiegelman 2016"),
    },
    Bug {
        name: "accept-below-promise",
        rule: Rules::KEEP_PROMISE,
        repair: prose("Refuse what is below the promise"),
        about: prose("An acceptor accepts from a leader that was replaced."),
        source: prose("Paxos Made Simple §2.2, P1a"),
    },
    Bug {
        name: "count-old-accepts",
        rule: Rules::OWN_BALLOT,
        repair: prose("Count acceptances of the own ballot only"),
        about: prose("A late acceptance of an earlier ballot counts for another value."),
        source: prose("Paxos Made Simple §2.2; for promises: luohaha/MyPaxos #18"),
    },
    Bug {
        name: "lease-from-answer",
        rule: Rules::LEASE_FROM_SENDING,
        repair: prose("Count the lease from when it was asked for"),
        about: prose("A lease begins when an answer arrives, however long that was under way."),
        source: prose(
            "Chandra, Griesemer and Redstone 2007, §5.2; the rule as told in YugabyteDB #16",
        ),
    },
    Bug {
        name: "break-lease",
        rule: Rules::KEEP_LEASE,
        repair: prose("Promise nothing to others while a lease runs"),
        about: prose("A new leader writes while the old one still reads by its lease."),
        source: prose("Chandra, Griesemer and Redstone 2007, §5.2; riak_ensemble PR 41"),
    },
    Bug {
        name: "lease-without-bound",
        rule: Rules::CLOCK_BOUND,
        repair: prose("Shorten the lease by what clocks may differ"),
        about: prose("A leader whose clock runs slow reads by a lease that is over."),
        source: prose("Chandra, Griesemer and Redstone 2007, §5.2; TiKV #964 for Raft"),
    },
    Bug {
        name: "forget-lease",
        rule: Rules::LEASE_OVER_RESTART,
        repair: prose("Wait for one lease after a restart"),
        about: prose("An acceptor that restarts has forgotten that it granted a lease."),
        source: prose("Chandra, Griesemer and Redstone 2007, §5.2"),
    },
    Bug {
        name: "read-too-early",
        rule: Rules::READ_AFTER_TAKING_OVER,
        repair: prose("Execute what was taken over before reading"),
        about: prose("A new leader reads before it has executed what its predecessor answered."),
        source: prose("the same in Raft: etcd #7331"),
    },
];
