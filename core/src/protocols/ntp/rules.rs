//! The rules that can be switched off one by one, and who makes that mistake.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// A duration is the difference of two readings of the monotonic clock.
    pub const MONOTONIC_DURATION: u32 = 1;
    /// A clock that is only to be led is never set.
    pub const ONLY_LEAD: u32 = 1 << 1;
    /// Of the last eight samples the one with the least delay counts.
    pub const CLOCK_FILTER: u32 = 1 << 2;
    /// What the source takes between receiving and answering is no part of the way.
    pub const BOTH_SOURCE_STAMPS: u32 = 1 << 3;
    /// An answer must be to the last poll, and to none twice.
    pub const ORIGIN_CHECK: u32 = 1 << 4;
    /// More than half of the sources must agree.
    pub const MAJORITY: u32 = 1 << 5;
    /// A node measures its own part of an exchange by its monotonic clock.
    pub const MONOTONIC_EXCHANGE: u32 = 1 << 6;

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
        name: "duration-by-wall-clock",
        rule: Rules::MONOTONIC_DURATION,
        repair: prose("Measure by the monotonic clock"),
        about: prose("A task takes less than no time when the wall clock is set back meanwhile."),
        source: prose(
            "Cloudflare, How and why the leap second affected Cloudflare DNS, 1 January 2017; Go \
             issue 12914",
        ),
    },
    Bug {
        name: "step-back",
        rule: Rules::ONLY_LEAD,
        repair: prose("Lead the clock, never set it"),
        about: prose("A clock that is ahead is set back, and shows the same times twice."),
        source: prose("RFC 5905, section 11.3: below the step threshold the clock is slewed"),
    },
    Bug {
        name: "no-filter",
        rule: Rules::CLOCK_FILTER,
        repair: prose("Take the sample with the least delay"),
        about: prose("Each answer counts, however long it was on its way in one direction."),
        source: prose("RFC 5905, section 10: the clock filter algorithm"),
    },
    Bug {
        name: "ignore-processing",
        rule: Rules::BOTH_SOURCE_STAMPS,
        repair: prose("Use when the source received, too"),
        about: prose("The time that the source spent on the answer is taken for a longer way."),
        source: prose("RFC 5905, section 8: four timestamps, not three"),
    },
    Bug {
        name: "any-origin",
        rule: Rules::ORIGIN_CHECK,
        repair: prose("Check the origin timestamp"),
        about: prose("A late answer to an earlier poll is taken for the answer to this one."),
        source: prose(
            "RFC 5905, section 8: bogus packets; ntpd let those pass that had a zero origin \
             (CVE-2015-8138, TALOS-2016-0077)",
        ),
    },
    Bug {
        name: "trust-one",
        rule: Rules::MAJORITY,
        repair: prose("Ask for a majority"),
        about: prose("The nearest source is believed, whatever all others say."),
        source: prose("Marzullo and Owicki 1983; RFC 5905, section 11.2.1: falsetickers"),
    },
    Bug {
        name: "exchange-across-step",
        rule: Rules::MONOTONIC_EXCHANGE,
        repair: prose("Measure the round trip by the monotonic clock"),
        about: prose("The clock is set between question and answer: half of the step is an error."),
        source: prose("RFC 5905, section 11.3: after a step all that was measured before is void"),
    },
];
