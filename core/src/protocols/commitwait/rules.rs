//! The rules that can be switched off one by one, and what becomes of timestamps without them.

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
    /// A write is answered when its timestamp has certainly passed (Corbett et al. 2012, 4.1.2).
    COMMIT_WAIT = 0,
    /// Whether it has passed is asked of the whole interval, not of the clock's own reading.
    WAIT_OUT_UNCERTAINTY = 1,
    /// A timestamp is no earlier than the latest that true time may be.
    STAMP_LATEST = 2,
    /// A read at a timestamp waits until no write can get that one or an earlier one.
    SAFE_TIME = 3,
    /// A read at a timestamp returns what was written up to it, not what is newest.
    READ_AT_TIMESTAMP = 4,
    /// The highest timestamp given is known after a restart.
    REMEMBER_HIGHEST = 5,
    /// What is answered is on the disk.
    SYNC_BEFORE_ANSWER = 6,
    /// A write that is asked for again keeps its timestamp and is not done again.
    ONCE = 7,
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

const SPANNER: &str = prose("Corbett and others, Spanner, 2012, section 4.1.2");

/// What can be switched off by name.
pub const BUGS: &[Bug] = &[
    Bug {
        name: "no-commit-wait",
        rule: Rules::COMMIT_WAIT,
        repair: prose("Wait until the timestamp has passed"),
        about: prose("A write is done while its timestamp still lies ahead of other clocks."),
        source: SPANNER,
    },
    Bug {
        name: "wait-by-midpoint",
        rule: Rules::WAIT_OUT_UNCERTAINTY,
        repair: prose("Wait until the whole interval has passed it"),
        about: prose("A server waits until its own clock shows the timestamp: half as long."),
        source: SPANNER,
    },
    Bug {
        name: "stamp-earliest",
        rule: Rules::STAMP_LATEST,
        repair: prose("Take the latest that it may be"),
        about: prose("A write gets a time that may be over before the write was asked for."),
        source: SPANNER,
    },
    Bug {
        name: "read-before-safe",
        rule: Rules::SAFE_TIME,
        repair: prose("Wait until the timestamp is safe"),
        about: prose("A read at a timestamp is answered while writes may still get earlier ones."),
        source: prose("Corbett and others, Spanner, 2012, section 4.1.3"),
    },
    Bug {
        name: "read-newest",
        rule: Rules::READ_AT_TIMESTAMP,
        repair: prose("Read as of the timestamp"),
        about: prose("Each server answers with its newest value, whichever time was asked for."),
        source: prose("Corbett and others, Spanner, 2012, section 4.1.3"),
    },
    Bug {
        name: "forget-timestamp",
        rule: Rules::REMEMBER_HIGHEST,
        repair: prose("Read the highest timestamp from the disk"),
        about: prose("After a restart a server gives out a smaller timestamp than before."),
        source: SPANNER,
    },
    Bug {
        name: "answer-before-sync",
        rule: Rules::SYNC_BEFORE_ANSWER,
        repair: prose("Sync before answering"),
        about: prose("A power cut takes back what was answered."),
        source: prose(
            "Corbett and others, Spanner, 2012, section 4.2.1: commit records are logged",
        ),
    },
    Bug {
        name: "write-again",
        rule: Rules::ONCE,
        repair: prose("Keep the timestamp for the next try"),
        about: prose("A write that is asked for again is done again, with a later timestamp."),
        source: prose("Birrell and Nelson 1984: a call is identified, and done at most once"),
    },
];
