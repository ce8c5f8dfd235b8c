//! The safety rules that can be switched off one by one, and who made that mistake. Sections
//! are those of DeCandia et al., "Dynamo: Amazon's Highly Available Key-value Store" (2007).

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
    /// A replica acknowledges what is on its disk.
    SYNC_BEFORE_ACK = 0,
    /// A coordinator has a version on disk before anybody else hears of it: it must not give
    /// the same dot to another.
    SYNC_BEFORE_SEND = 1,
    /// A write replaces what its writer has seen, and nothing else (§4.4).
    ONLY_WHAT_WAS_SEEN = 2,
    /// A hint is kept until its server has it (§4.6).
    KEEP_HINTS = 3,
    /// What comes in is merged with what is there (§4.4).
    MERGE = 4,
    /// A replica counts once.
    A_SET = 5,
    /// Last-write-wins orders all versions, those of equal times, too.
    TOTAL_ORDER = 6,
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
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ACK,
        repair: prose("Sync before acknowledging"),
        about: prose("A power cut takes back what W replicas have acknowledged."),
        source: prose("A choice in §6.1 of the paper: write buffers trade durability for speed"),
    },
    Bug {
        name: "reuse-dot",
        rule: Rules::SYNC_BEFORE_SEND,
        repair: prose("Have a version on disk before sending it"),
        about: prose("A coordinator that forgets a write gives its number to the next one."),
        source: prose("basho/riak_kv issue 679, PR 1094"),
    },
    Bug {
        name: "replace-unseen",
        rule: Rules::ONLY_WHAT_WAS_SEEN,
        repair: prose("Replace only what the writer has seen"),
        about: prose("A write takes the place of one that its writer knew nothing of."),
        source: prose("§4.4"),
    },
    Bug {
        name: "forget-hint",
        rule: Rules::KEEP_HINTS,
        repair: prose("Keep a hint until it is delivered"),
        about: prose("A hint that is sent is taken for delivered."),
        source: prose("§4.6; hints dropped before delivery: scylladb issue 6877"),
    },
    Bug {
        name: "overwrite",
        rule: Rules::MERGE,
        repair: prose("Merge what comes in"),
        about: prose("A late message takes the place of what is newer."),
        source: prose("§4.4"),
    },
    Bug {
        name: "count-twice",
        rule: Rules::A_SET,
        repair: prose("Count each replica once"),
        about: prose("One acknowledgement that the network delivers twice counts as two."),
        source: prose("The same in Raft: xraft #27"),
    },
    Bug {
        name: "equal-stamps",
        rule: Rules::TOTAL_ORDER,
        repair: prose("Order versions of equal times, too"),
        about: prose("Of two versions of one instant each replica keeps the one it has."),
        source: prose("Shapiro et al. 2011: a last-writer-wins register needs a total order"),
    },
];
