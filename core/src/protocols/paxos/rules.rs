//! The safety rules that can be switched off one by one, and who made that mistake. Sections
//! are those of Lamport, "Paxos Made Simple" (2001).

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
    /// A proposer takes over the value of the responses (§2.2, P2c).
    TAKE_OVER = 3,
    /// Of several it takes that of the highest ballot (§2.2, P2c).
    HIGHEST_BALLOT = 4,
    /// No two proposers share a number (§2.5).
    DISJOINT_BALLOTS = 5,
    /// A proposer remembers on disk the highest ballot that it has tried (§2.5).
    PERSIST_TRIED = 6,
    /// Nothing below a promise is accepted (§2.2, P1a).
    KEEP_PROMISE = 7,
    /// Who accepts a ballot has thereby promised it (maxBal in Lamport's TLA+ specification).
    ACCEPT_IS_A_PROMISE = 8,
    /// Any two quorums have a member in common: a quorum is a majority (§2.2).
    MAJORITY = 9,
    /// A promise counts for its own ballot only (§2.2, phase 2 a).
    OWN_BALLOT_PROMISES = 10,
    /// An acceptor counts once (§2.2: "a set").
    A_SET = 11,
    /// A value is chosen by a majority in one ballot (§2.2).
    ONE_BALLOT = 12,
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
        about: prose("An acceptor that restarts accepts what it has promised not to accept."),
        source: prose("Paxos Made Simple §2.5"),
    },
    Bug {
        name: "forget-accepted",
        rule: Rules::PERSIST_ACCEPTED,
        repair: prose("Keep what is accepted on disk"),
        about: prose("An acceptor that restarts reports nothing of a value that may be chosen."),
        source: prose("Paxos Made Simple §2.5"),
    },
    Bug {
        name: "answer-before-sync",
        rule: Rules::SYNC_BEFORE_ANSWER,
        repair: prose("Sync before answering"),
        about: prose("A power cut takes back what an acceptor has promised or accepted."),
        source: prose("Paxos Made Simple §2.5: “before actually sending the response”"),
    },
    Bug {
        name: "own-value",
        rule: Rules::TAKE_OVER,
        repair: prose("Take over what has been accepted"),
        about: prose("A proposer proposes its own value although another may be chosen."),
        source: prose("Paxos Made Simple §2.2, P2c"),
    },
    Bug {
        name: "most-frequent",
        rule: Rules::HIGHEST_BALLOT,
        repair: prose("Take over the value of the highest ballot"),
        about: prose("A proposer takes the value that most promises report, not the latest."),
        source: prose("Paxos Made Simple §2.2, P2c"),
    },
    Bug {
        name: "shared-ballots",
        rule: Rules::DISJOINT_BALLOTS,
        repair: prose("Give each proposer numbers of its own"),
        about: prose("Two proposers propose different values with the same number."),
        source: prose("Paxos Made Simple §2.5"),
    },
    Bug {
        name: "reuse-ballot",
        rule: Rules::PERSIST_TRIED,
        repair: prose("Keep the highest number tried on disk"),
        about: prose("A proposer that restarts uses a number again, for another value."),
        source: prose("Paxos Made Simple §2.5; asked of phxpaxos, which is safe, in its #145"),
    },
    Bug {
        name: "accept-below-promise",
        rule: Rules::KEEP_PROMISE,
        repair: prose("Refuse what is below the promise"),
        about: prose("An acceptor accepts what it has promised to a later proposer to refuse."),
        source: prose("Paxos Made Simple §2.2, P1a"),
    },
    Bug {
        name: "accept-without-promise",
        rule: Rules::ACCEPT_IS_A_PROMISE,
        repair: prose("Raise the promise when accepting"),
        about: prose("A late accept of a lower ballot overwrites what is accepted, and chosen."),
        source: prose("Brooker 2021 on Paxos Made Simple; asked of Cassandra in its PR 1327"),
    },
    Bug {
        name: "half-is-enough",
        rule: Rules::MAJORITY,
        repair: prose("Ask more than half"),
        about: prose("Two halves choose without each other."),
        source: prose("Paxos Made Simple §2.2"),
    },
    Bug {
        name: "count-old-promises",
        rule: Rules::OWN_BALLOT_PROMISES,
        repair: prose("Count promises of the own ballot only"),
        about: prose("A late promise of an earlier ballot does not know what was accepted since."),
        source: prose("luohaha/MyPaxos #18"),
    },
    Bug {
        name: "count-twice",
        rule: Rules::A_SET,
        repair: prose("Count each acceptor once"),
        about: prose("One answer that the network delivers twice counts as two."),
        source: prose("Paxos Made Simple §2.2; the same in Raft: xraft #27"),
    },
    Bug {
        name: "count-across-ballots",
        rule: Rules::ONE_BALLOT,
        repair: prose("Count the acceptors of one ballot"),
        about: prose("A majority accepted the value, but in different ballots: it is not chosen."),
        source: prose("Paxos Made Simple §2.2"),
    },
];
