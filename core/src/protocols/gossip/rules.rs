//! The safety rules that can be switched off one by one, and who made that mistake. Sections
//! are those of Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987).

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
    /// What is deleted leaves a death certificate, which spreads as the value did (§2).
    DEATH_CERTIFICATE = 0,
    /// A death certificate is kept (§2: what comes after it was dropped rises again).
    KEEP_CERTIFICATE = 1,
    /// An update replaces only what is older (§1: the larger timestamp supersedes).
    NEWER_WINS = 2,
    /// A stamp is on disk before it travels: none is given twice.
    STAMPS_ON_DISK = 3,
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
        name: "no-tombstone",
        rule: Rules::DEATH_CERTIFICATE,
        repair: prose("Leave a death certificate"),
        about: prose("What is deleted here comes back from whoever still has it."),
        source: prose("Demers et al. §2: “the absence of an item does not spread”"),
    },
    Bug {
        name: "tombstone-too-soon",
        rule: Rules::KEEP_CERTIFICATE,
        repair: prose("Keep the death certificate"),
        about: prose("It is dropped after a while; one who was away brings the value back."),
        source: prose(
            "Cassandra's gc_grace_seconds: data resurrection when a repair comes later than that",
        ),
    },
    Bug {
        name: "old-over-new",
        rule: Rules::NEWER_WINS,
        repair: prose("Let the newer stamp win"),
        about: prose("Whatever arrives last wins, and old rumours arrive late."),
        source: prose("Demers et al. §1"),
    },
    Bug {
        name: "forget-stamps",
        rule: Rules::STAMPS_ON_DISK,
        repair: prose("Keep stamps on disk"),
        about: prose("Who restarts counts from 1 again: two updates share a stamp."),
        source: prose("automerge/hypermerge#5: an actor's numbers were given twice"),
    },
];
