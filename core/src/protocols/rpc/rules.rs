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
    /// A key belongs to an operation, not to one try of it.
    KEY_PER_OPERATION = 0,
    /// A key says whose it is: two clients may use the same number.
    KEY_NAMES_CLIENT = 1,
    /// The table of keys is on disk, as what it protects is.
    TABLE_ON_DISK = 2,
    /// An effect and its key are one record: no power cut comes between them.
    ONE_RECORD = 3,
    /// A key is kept until its client begins another operation.
    KEEP_UNTIL_NEXT = 4,
    /// An answer leaves when the effect is on disk.
    SYNC_BEFORE_ANSWER = 5,
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
        name: "key-per-try",
        rule: Rules::KEY_PER_OPERATION,
        repair: prose("Keep the key for the next try"),
        about: prose("Each try has a key of its own, so the server takes a retry for a new wish."),
        source: prose("gocardless-pro-python#12: the key was made anew inside each attempt"),
    },
    Bug {
        name: "key-without-client",
        rule: Rules::KEY_NAMES_CLIENT,
        repair: prose("Let the key name the client"),
        about: prose("A client is given another client's answer, and nothing is done for it."),
        source: prose(
            "Truxify#2382: all unauthenticated clients shared one name; the draft of the \
             Idempotency-Key header warns of it",
        ),
    },
    Bug {
        name: "table-in-memory",
        rule: Rules::TABLE_ON_DISK,
        repair: prose("Keep the table on disk"),
        about: prose("A restart forgets the keys and keeps the effects: a retry counts again."),
        source: prose(
            "rabbitmq-message-deduplication#92: a persistent queue, and a cache that was not",
        ),
    },
    Bug {
        name: "two-records",
        rule: Rules::ONE_RECORD,
        repair: prose("Store both as one record"),
        about: prose("A power cut between the effect and its key leaves an effect without one."),
        source: prose(
            "NServiceBus#5557 had it the other way round: the key was stored, the effect was not",
        ),
    },
    Bug {
        name: "evict-early",
        rule: Rules::KEEP_UNTIL_NEXT,
        repair: prose("Keep a key until its client goes on"),
        about: prose("The table is full, the oldest key goes, and its client asks again."),
        source: prose(
            "Solaris' tunable rpcmod:cotsmaxdupreqs says what happens when the duplicate request \
             cache is too small; stregsystemet-rs#54 keeps 256 keys",
        ),
    },
    Bug {
        name: "answer-before-sync",
        rule: Rules::SYNC_BEFORE_ANSWER,
        repair: prose("Sync before answering"),
        about: prose("The client is told that it is done, and a power cut takes it back."),
        source: prose("etcd#14370: a single member answered before its disk had the entry"),
    },
];
