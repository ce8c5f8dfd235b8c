//! The rules that can be switched off one by one, and who makes that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// Equal times are ordered by the replicas that gave them.
    pub const TIES_BY_REPLICA: u32 = 1;
    /// A logical clock takes over what a client brings from elsewhere.
    pub const OBSERVE: u32 = 1 << 1;
    /// A write replaces what its client has seen, and no more.
    pub const REPLACE_SEEN_ONLY: u32 = 1 << 2;

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
        name: "tie-by-arrival",
        rule: Rules::TIES_BY_REPLICA,
        repair: prose("Order equal times by replica"),
        about: prose("Of two writes with one time each replica keeps the one that it got first."),
        source: prose("Shapiro and others 2011, specification 8: timestamps are unique"),
    },
    Bug {
        name: "ignore-carried-time",
        rule: Rules::OBSERVE,
        repair: prose("Take over the client's time"),
        about: prose("A logical clock does not move on when a client brings a later time."),
        source: prose("Lamport 1978, IR2"),
    },
    Bug {
        name: "replace-everything",
        rule: Rules::REPLACE_SEEN_ONLY,
        repair: prose("Replace what the client has seen"),
        about: prose("A write replaces a sibling that its client has never seen."),
        source: prose("Jepsen: Riak with last-write-wins in place of siblings, 2013"),
    },
];
