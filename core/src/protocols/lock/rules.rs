//! The rules that can be switched off one by one, and who made the mistake.

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
    /// The store looks at tokens (DDIA, chapter 8, figure 8-5).
    CHECK_TOKENS = 0,
    /// The store keeps the highest token over a restart.
    KEEP_HIGHEST = 1,
    /// Who reads in order to write shows its token, too.
    FENCE_READS = 2,
    /// The same token again is welcome (cases F1).
    EQUAL_IS_WELCOME = 3,
    /// Lower tokens are refused, not higher ones.
    LOWER_IS_REFUSED = 4,
    /// Tokens come from the replicated log, not from a leader's memory.
    TOKENS_REPLICATED = 5,
    /// A lease is counted by a clock that never jumps.
    MONOTONIC_LEASE = 6,
    /// A lease is counted from when the client asked (Gray and Cheriton 1989).
    LEASE_FROM_ASKING = 7,
    /// The holder allows for clocks that run at other rates (Gray and Cheriton 1989).
    RATE_MARGIN = 8,
    /// A lock is given back only by its holder.
    OWNER_RELEASES = 9,
    /// A lease is renewed only by a leader that has made sure that it still is one.
    RENEW_CONFIRMED = 10,
    /// A new leader lets every lease run its full length (Gray and Cheriton 1989).
    LEASES_OUTLIVE_LEADERS = 11,
    /// Who waits no longer is no longer in the wait-for graph.
    FRESH_EDGES = 12,
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
        name: "ignore-tokens",
        rule: Rules::CHECK_TOKENS,
        repair: prose("Refuse old tokens"),
        about: prose("The store takes every write: who still believes in an old lease overwrites."),
        source: prose("DDIA chapter 8, figure 8-4"),
    },
    Bug {
        name: "forget-highest",
        rule: Rules::KEEP_HIGHEST,
        repair: prose("Keep the highest token on disk"),
        about: prose("A store that restarts has forgotten the highest token and takes any."),
        source: prose("DDIA chapter 8: what the store has seen it has to remember"),
    },
    Bug {
        name: "unfenced-read",
        rule: Rules::FENCE_READS,
        repair: prose("Show the token when reading, too"),
        about: prose(
            "An older holder writes after the newer one has read and before it writes: nothing higher has been seen.",
        ),
        source: prose("Follows from DDIA chapter 8: only writes are fenced in figure 8-5"),
    },
    Bug {
        name: "reject-equal",
        rule: Rules::EQUAL_IS_WELCOME,
        repair: prose("Refuse only what is lower"),
        about: prose("The holder itself is refused when it comes a second time."),
        source: prose("DDIA chapter 8: a token is older or it is not"),
    },
    Bug {
        name: "compare-backwards",
        rule: Rules::LOWER_IS_REFUSED,
        repair: prose("Refuse what is lower, not what is higher"),
        about: prose("The store takes old tokens and refuses new ones."),
        source: prose("DDIA chapter 8, figure 8-5"),
    },
    Bug {
        name: "tokens-from-memory",
        rule: Rules::TOKENS_REPLICATED,
        repair: prose("Take the next token from the replicated log"),
        about: prose("Each leader counts by itself: after a failover tokens begin anew."),
        source: prose("Kleppmann 2016: a counter on one node would not be sufficient"),
    },
    Bug {
        name: "wall-clock-lease",
        rule: Rules::MONOTONIC_LEASE,
        repair: prose("Count leases by the monotonic clock"),
        about: prose("A wall clock that is stepped forward ends every lease at once."),
        source: prose("Kleppmann 2016, of Redlock: Redis used gettimeofday"),
    },
    Bug {
        name: "lease-from-answer",
        rule: Rules::LEASE_FROM_ASKING,
        repair: prose("Count the lease from when it was asked for"),
        about: prose("A holder counts its lease from the answer, however long that was under way."),
        source: prose("Gray and Cheriton 1989; etcd #11456"),
    },
    Bug {
        name: "lease-without-margin",
        rule: Rules::RATE_MARGIN,
        repair: prose("Shorten the lease by what clocks may differ"),
        about: prose("A holder with a slow clock trusts its lease when the service gives it away."),
        source: prose("Gray and Cheriton 1989"),
    },
    Bug {
        name: "release-anyone",
        rule: Rules::OWNER_RELEASES,
        repair: prose("Let only the holder give the lock back"),
        about: prose("A late release frees the lock of somebody else."),
        source: prose("Redis documentation of SETNX: C2 deletes the key that C1 has just set"),
    },
    Bug {
        name: "renew-unconfirmed",
        rule: Rules::RENEW_CONFIRMED,
        repair: prose("Ask a majority before a lease is renewed"),
        about: prose("A leader that was replaced renews leases that the new one lets run out."),
        source: prose("etcd #15247"),
    },
    Bug {
        name: "expire-at-failover",
        rule: Rules::LEASES_OUTLIVE_LEADERS,
        repair: prose("Wait a whole lease after a failover"),
        about: prose("A new leader takes leases that it did not give for ended."),
        source: prose("etcd #2660, mended by #4778"),
    },
    Bug {
        name: "stale-edges",
        rule: Rules::FRESH_EDGES,
        repair: prose("Drop an edge when its wait is over"),
        about: prose(
            "The wait-for graph keeps who waits no longer: it shows a deadlock where none is.",
        ),
        source: prose("A phantom deadlock"),
    },
];
