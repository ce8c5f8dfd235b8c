//! The rules that can be switched off one by one.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// Requests of the same time are ordered by their processes.
    pub const TIES: u32 = 1;
    /// Lamport's queue is in the order of the stamps.
    pub const QUEUE_BY_STAMP: u32 = 1 << 1;
    /// Lamport's process enters when it has heard something later from every other.
    pub const HEAR_ALL: u32 = 1 << 2;
    /// Channels keep the order (Lamport).
    pub const IN_ORDER: u32 = 1 << 3;
    /// Whoever wants the resource since earlier puts off its reply (Ricart and Agrawala).
    pub const DEFER: u32 = 1 << 4;
    /// A clock is set beyond every time that it hears of.
    pub const ADVANCE: u32 = 1 << 5;

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
        name: "ignore-ties",
        rule: Rules::TIES,
        repair: prose("Break ties by process"),
        about: prose("Of two requests of the same time neither waits for the other."),
        source: prose("Lamport 1978, the relation ⇒; Ricart and Agrawala 1981"),
    },
    Bug {
        name: "first-come",
        rule: Rules::QUEUE_BY_STAMP,
        repair: prose("Queue by stamp"),
        about: prose(
            "Each process queues requests as they reach it, and they reach each otherwise.",
        ),
        source: prose("Lamport 1978, rule 5(i)"),
    },
    Bug {
        name: "enter-unheard",
        rule: Rules::HEAR_ALL,
        repair: prose("Hear from everybody first"),
        about: prose("A process enters when it is the first of those that it knows of."),
        source: prose("Lamport 1978, rule 5(ii)"),
    },
    Bug {
        name: "overtaking",
        rule: Rules::IN_ORDER,
        repair: prose("Keep the order"),
        about: prose("A later acknowledgement overtakes an earlier request."),
        source: prose("Lamport 1978: messages are received in the order in which they are sent"),
    },
    Bug {
        name: "reply-while-wanting",
        rule: Rules::DEFER,
        repair: prose("Put the reply off"),
        about: prose("A process replies to a later request although it waits for the resource."),
        source: prose("Ricart and Agrawala 1981: the reply is deferred"),
    },
    Bug {
        name: "no-maximum",
        rule: Rules::ADVANCE,
        repair: prose("Set the clock beyond what it hears"),
        about: prose("Who asks later asks with a lower number, and passes those that wait."),
        source: prose("Lamport 1978, IR2; Ricart and Agrawala 1981: the highest sequence number"),
    },
];
