//! The rules that can be switched off one by one, and who really made that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// FIFO order: what comes early waits for what was sent before.
    pub const IN_SEQUENCE: u32 = 1;
    /// Causal order: a message waits for those that its sender had delivered.
    pub const AFTER_CAUSES: u32 = 1 << 1;
    /// Total order: a message waits until every process has been heard with a later time.
    pub const HEAR_ALL: u32 = 1 << 2;
    /// Total order: messages of the same time are ordered by their processes.
    pub const TIES: u32 = 1 << 3;
    /// What a process has broadcast is on disk before it leaves, and so is its number.
    pub const KEEP_SEQUENCE: u32 = 1 << 4;
    /// What has been received is not taken again.
    pub const ONCE: u32 = 1 << 5;
    /// What is acknowledged is on disk.
    pub const SYNC_BEFORE_ACK: u32 = 1 << 6;

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
        name: "as-it-comes",
        rule: Rules::IN_SEQUENCE,
        repair: prose("Wait for what was sent before"),
        about: prose("Messages of one sender are delivered as the network brings them."),
        source: prose("FIFO order"),
    },
    Bug {
        name: "deliver-on-receipt",
        rule: Rules::AFTER_CAUSES,
        repair: prose("Wait for the causes"),
        about: prose("A reply that is faster than its question is delivered before it."),
        source: prose("Birman, Schiper and Stephenson 1991, the delivery rule of CBCAST"),
    },
    Bug {
        name: "deliver-unheard",
        rule: Rules::HEAR_ALL,
        repair: prose("Wait for everybody's stamp"),
        about: prose("The earliest message known is delivered, and an earlier one comes later."),
        source: prose("Lamport 1978, rule 5(ii)"),
    },
    Bug {
        name: "ignore-ties",
        rule: Rules::TIES,
        repair: prose("Break ties by process"),
        about: prose("Messages of the same time are delivered as they come."),
        source: prose("Lamport 1978, the relation ⇒"),
    },
    Bug {
        name: "sequence-restarts",
        rule: Rules::KEEP_SEQUENCE,
        repair: prose("Keep the sequence on disk"),
        about: prose(
            "A process that starts again numbers its messages from 1: others take them for old ones.",
        ),
        source: prose("An actor's id used again: automerge/hypermerge #5"),
    },
    Bug {
        name: "deliver-twice",
        rule: Rules::ONCE,
        repair: prose("Take each message once"),
        about: prose("A message that the network doubles is delivered twice."),
        source: prose("Chapar's causal store, rocq-community/chapar #3: doubled packets"),
    },
    Bug {
        name: "ack-before-sync",
        rule: Rules::SYNC_BEFORE_ACK,
        repair: prose("Sync before acknowledging"),
        about: prose("After a power cut nobody sends again what was acknowledged and is gone."),
        source: prose("the same mistake in consensus: etcd #14370"),
    },
];
