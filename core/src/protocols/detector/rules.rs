//! The safety rules that can be switched off one by one, and who made that mistake. Sections
//! are those of Das, Gupta and Motivala, "SWIM" (2002).

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
    /// Who hears that it is suspected says that it lives, with a higher incarnation (§4.2).
    REFUTE = 0,
    /// A suspicion never replaces the word that a member is dead (§4.2: Confirm overrides).
    DEAD_IS_FINAL = 1,
    /// A suspicion is of one incarnation, and runs out with it (§4.2).
    SUSPECT_INCARNATION = 2,
    /// More than half of all decide who is dead.
    MAJORITY = 3,
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
        name: "no-refutation",
        rule: Rules::REFUTE,
        repair: prose("Answer with a higher incarnation"),
        about: prose("One lost message, and a member that lives is dead for all."),
        source: prose("habitat#5581: incarnations fell back to 0; SWIM §4.2"),
    },
    Bug {
        name: "suspect-revives",
        rule: Rules::DEAD_IS_FINAL,
        repair: prose("Let the dead be dead"),
        about: prose("An old suspicion puts a member back on the list that is off it."),
        source: prose("atomix#962: an update that a member is suspect added it again"),
    },
    Bug {
        name: "suspicion-of-anyone",
        rule: Rules::SUSPECT_INCARNATION,
        repair: prose("Tie a suspicion to an incarnation"),
        about: prose("The suspicion of its former life kills a member that has come back."),
        source: prose("DAOS-19148: a rejoined rank was declared dead by an old suspicion"),
    },
    Bug {
        name: "half-decides",
        rule: Rules::MAJORITY,
        repair: prose("Ask for more than half"),
        about: prose("In a town cut into halves each half declares the other dead."),
        source: prose("Kleppmann, Designing Data-Intensive Applications, chapter 8"),
    },
];
