//! The rules that can be switched off one by one.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// A majority of the instances (step 3).
    pub const MAJORITY: u32 = 1;
    /// The time that it took is taken off what is left (steps 3 and 4).
    pub const ELAPSED: u32 = 1 << 1;
    /// A lock is deleted only by whose value it holds.
    pub const OWN_VALUE: u32 = 1 << 2;
    /// A lock survives the restart of an instance.
    pub const KEEP_LOCKS: u32 = 1 << 3;

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
        name: "two-suffice",
        rule: Rules::MAJORITY,
        repair: prose("Ask for more than half"),
        about: prose(
            "Less than half of the instances count as the lock: two clients have one each.",
        ),
        source: prose("Redis documentation, Distributed locks, step 3"),
    },
    Bug {
        name: "ignore-elapsed",
        rule: Rules::ELAPSED,
        repair: prose("Take off the time that it took"),
        about: prose("Answers that were long under way still count as a lock of full length."),
        source: prose("Redis documentation, Distributed locks, steps 3 and 4; Kleppmann 2016"),
    },
    Bug {
        name: "delete-anyone",
        rule: Rules::OWN_VALUE,
        repair: prose("Delete only one's own value"),
        about: prose("Who is late deletes the lock that another holds by now."),
        source: prose("Redis documentation of SETNX: C2 deletes the key that C1 has just set"),
    },
    Bug {
        name: "forget-locks",
        rule: Rules::KEEP_LOCKS,
        repair: prose("Keep locks on disk"),
        about: prose("An instance that restarts is free again: two majorities share it."),
        source: prose("Redis documentation, Distributed locks, on crash recovery and fsync"),
    },
];
