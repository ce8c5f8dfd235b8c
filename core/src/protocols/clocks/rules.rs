//! The rules that can be switched off one by one, and who makes that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// A receipt takes over what the message knows (Lamport 1978, IR2).
    pub const MAX_ON_RECEIVE: u32 = 1;
    /// A receipt is an event and counts as one (Mattern 1989, section 6).
    pub const COUNT_RECEIPT: u32 = 1 << 1;
    /// After a restart a clock goes on from its disk.
    pub const KEEP_COUNTER: u32 = 1 << 2;
    /// Vectors are compared entry by entry.
    pub const COMPARE_ENTRIES: u32 = 1 << 3;
    /// A hybrid stamp from too far in the future is refused.
    pub const REFUSE_FUTURE: u32 = 1 << 4;

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
        name: "no-max",
        rule: Rules::MAX_ON_RECEIVE,
        repair: prose("Take the greater number on receipt"),
        about: prose("A receipt may have a smaller number than the sending that caused it."),
        source: prose("Lamport 1978, IR2"),
    },
    Bug {
        name: "receipt-not-counted",
        rule: Rules::COUNT_RECEIPT,
        repair: prose("Count the receipt, too"),
        about: prose("A receipt may have the very stamp of the sending that caused it."),
        source: prose("Mattern 1989, section 6: a process counts before each of its events"),
    },
    Bug {
        name: "forget-counter",
        rule: Rules::KEEP_COUNTER,
        repair: prose("Go on from the disk"),
        about: prose("After a restart a process gives stamps that it has given before."),
        source: prose("Lamport 1978, IR1: the clock grows between any two events of a process"),
    },
    Bug {
        name: "compare-by-sum",
        rule: Rules::COMPARE_ENTRIES,
        repair: prose("Compare entry by entry"),
        about: prose("Of two concurrent events one is taken for the cause of the other."),
        source: prose("Mattern 1989, section 6: u ≤ v if it holds for every entry"),
    },
    Bug {
        name: "trust-fast-clock",
        rule: Rules::REFUSE_FUTURE,
        repair: prose("Refuse stamps from the future"),
        about: prose("One clock that is wrong becomes everybody's, and none goes back."),
        source: prose("YugabyteDB issue 10628: no guard against large jumps of the hybrid clock"),
    },
];
