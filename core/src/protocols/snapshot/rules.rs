//! The rules that can be switched off one by one.

use crate::declare::{Bug, prose};

/// A set of rules, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules(u32);

impl Rules {
    /// The marker goes along each channel before any further message does.
    pub const MARKER_FIRST: u32 = 1;
    /// What comes along a channel between the recording and the marker is the channel's state.
    pub const RECORD_CHANNELS: u32 = 1 << 1;
    /// Channels keep the order.
    pub const IN_ORDER: u32 = 1 << 2;
    /// Markers say when to record, not clocks.
    pub const MARKERS: u32 = 1 << 3;
    /// Whoever gets a marker first records before it takes anything else.
    pub const RECORD_AT_ONCE: u32 = 1 << 4;

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
        name: "marker-late",
        rule: Rules::MARKER_FIRST,
        repair: prose("Send the marker first"),
        about: prose(
            "A process records its state and sends its markers a little later: money that it sends \
             in between is counted here and there.",
        ),
        source: prose("Chandy and Lamport 1985, §3.2, the marker-sending rule"),
    },
    Bug {
        name: "forget-channels",
        rule: Rules::RECORD_CHANNELS,
        repair: prose("Record the channels"),
        about: prose("Only processes are recorded: money on its way is in no account."),
        source: prose("Chandy and Lamport 1985, §3.2, the marker-receiving rule"),
    },
    Bug {
        name: "overtaking",
        rule: Rules::IN_ORDER,
        repair: prose("Keep the order"),
        about: prose("Messages overtake markers, and markers messages."),
        source: prose("Chandy and Lamport 1985, §2: channels deliver messages in the order sent"),
    },
    Bug {
        name: "by-wall-clock",
        rule: Rules::MARKERS,
        repair: prose("Send markers"),
        about: prose("Everybody records when its own clock shows the appointed time."),
        source: prose("Chandy and Lamport 1985, §1: processes do not share clocks"),
    },
    Bug {
        name: "record-later",
        rule: Rules::RECORD_AT_ONCE,
        repair: prose("Record at the first marker"),
        about: prose(
            "A process that gets its first marker records a little later, with what it has been \
             sent since.",
        ),
        source: prose("Chandy and Lamport 1985, §3.2, the marker-receiving rule"),
    },
];
