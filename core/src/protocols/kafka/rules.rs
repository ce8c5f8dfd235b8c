//! The rules that can be switched off one by one, and who really made that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// A follower asks the leader where its last epoch ends, and cuts its log there.
    pub const LEADER_EPOCH: u32 = 1;
    /// It goes back epoch by epoch until it finds one that both have.
    pub const EPOCH_LINEAGE: u32 = 1 << 1;
    /// The in-sync replicas change when the controller has said so, not before.
    pub const CONFIRM_ISR: u32 = 1 << 2;
    /// A new leader answers reads once its high-water mark has reached the log it began with.
    pub const READ_AFTER_MARK: u32 = 1 << 3;
    /// A record that was appended is not appended again.
    pub const DEDUPLICATE: u32 = 1 << 4;

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
        name: "truncate-to-high-water-mark",
        rule: Rules::LEADER_EPOCH,
        repair: prose("Cut where the leader's epoch ends"),
        about: prose(
            "A follower that starts again cuts its log at its own high-water mark, which is late.",
        ),
        source: prose("Kafka before 0.11; KIP-101, scenarios 1 and 2"),
    },
    Bug {
        name: "one-epoch-lookup",
        rule: Rules::EPOCH_LINEAGE,
        repair: prose("Go back to an epoch that both have"),
        about: prose(
            "A follower keeps records of an epoch that the leader never had, at the leader's offsets.",
        ),
        source: prose("Kafka before 2.0; KIP-279, KAFKA-6361"),
    },
    Bug {
        name: "shrink-unconfirmed",
        rule: Rules::CONFIRM_ISR,
        repair: prose("Wait for the controller"),
        about: prose(
            "A leader goes on without a lagging replica that may be elected in its place.",
        ),
        source: prose("KIP-497, ISR shrink"),
    },
    Bug {
        name: "read-before-mark",
        rule: Rules::READ_AFTER_MARK,
        repair: prose("Read when the high-water mark has caught up"),
        about: prose("Behind a change of leader the high-water mark that readers see goes back."),
        source: prose("Kafka before 2.2; KIP-207"),
    },
    Bug {
        name: "append-twice",
        rule: Rules::DEDUPLICATE,
        repair: prose("Number what a producer sends"),
        about: prose("A producer that asks again appends its record again."),
        source: prose("Kafka's producers without enable.idempotence"),
    },
];
