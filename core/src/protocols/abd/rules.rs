//! The safety rules that can be switched off one by one, and who made that mistake.

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
    /// A reader writes back what it is about to return (Attiya, Bar-Noy and Dolev 1995).
    WRITE_BACK = 0,
    /// A replica acknowledges what is on its disk (Guerraoui and Levy 2004).
    SYNC_BEFORE_ACK = 1,
    /// A tag holds its writer's name (Lynch and Shvartsman 1997).
    WRITER_IN_TAG = 2,
    /// Of several answers the one with the highest tag counts.
    HIGHEST_TAG = 3,
    /// A quorum is a majority: any two have a replica in common.
    MAJORITY = 4,
    /// A writer asks for the highest tag before it chooses its own.
    QUERY_FIRST = 5,
    /// A replica keeps what it has against an older update.
    KEEP_NEWER = 6,
    /// A writer remembers on disk the numbers that it has used (Guerraoui and Levy 2004).
    PERSIST_NUMBER = 7,
    /// A replica counts once.
    A_SET = 8,
    /// An answer counts for the phase and the operation that asked for it.
    OWN_ROUND = 9,
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
        name: "no-write-back",
        rule: Rules::WRITE_BACK,
        repair: prose("Write back what is read"),
        about: prose("A later reader may miss what an earlier one has already seen."),
        source: prose(
            "Attiya, Bar-Noy and Dolev 1995; made optional in palantir/cassandra PR 422, argued \
             against in scylladb PR 29387",
        ),
    },
    Bug {
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ACK,
        repair: prose("Sync before acknowledging"),
        about: prose("A power cut takes back what a replica has acknowledged."),
        source: prose("Guerraoui and Levy 2004"),
    },
    Bug {
        name: "tag-without-writer",
        rule: Rules::WRITER_IN_TAG,
        repair: prose("Put the writer into the tag"),
        about: prose("Two writers choose the same number, and replicas keep what came first."),
        source: prose("Lynch and Shvartsman 1997"),
    },
    Bug {
        name: "first-answer",
        rule: Rules::HIGHEST_TAG,
        repair: prose("Take the highest tag of a majority"),
        about: prose("The first replica to answer may be the one that missed the last write."),
        source: prose("Attiya, Bar-Noy and Dolev 1995"),
    },
    Bug {
        name: "half-is-enough",
        rule: Rules::MAJORITY,
        repair: prose("Ask more than half"),
        about: prose("Two halves read and write without each other."),
        source: prose("Attiya, Bar-Noy and Dolev 1995: n > 2f"),
    },
    Bug {
        name: "write-without-query",
        rule: Rules::QUERY_FIRST,
        repair: prose("Ask for the highest tag before writing"),
        about: prose("Right for a single writer; with two, one's count lags behind the other's."),
        source: prose("Lynch and Shvartsman 1997, against Attiya, Bar-Noy and Dolev 1995"),
    },
    Bug {
        name: "overwrite-newer",
        rule: Rules::KEEP_NEWER,
        repair: prose("Keep what is newer"),
        about: prose("A late update of an old value takes the place of a newer one."),
        source: prose("Attiya, Bar-Noy and Dolev 1995"),
    },
    Bug {
        name: "reuse-tag",
        rule: Rules::PERSIST_NUMBER,
        repair: prose("Keep used numbers on disk"),
        about: prose("A writer that restarts gives a second value the tag of its first."),
        source: prose("Guerraoui and Levy 2004: a writer logs before it sends"),
    },
    Bug {
        name: "count-twice",
        rule: Rules::A_SET,
        repair: prose("Count each replica once"),
        about: prose("One answer that the network delivers twice counts as two."),
        source: prose("The same in Raft: xraft #27"),
    },
    Bug {
        name: "count-old-answers",
        rule: Rules::OWN_ROUND,
        repair: prose("Count answers of this phase only"),
        about: prose("A late answer to an earlier operation counts for this one."),
        source: prose("The same in Paxos: luohaha/MyPaxos #18"),
    },
];
