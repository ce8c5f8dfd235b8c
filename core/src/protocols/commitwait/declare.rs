//! What the room says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Argument, Beyond, Check, Declaration, Family, FaultModel, Field, Operation, Promise, Role,
    Sign, State, Unit, beyond, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A write gets its timestamp.
    pub const STAMP: u8 = 0;
    /// Its timestamp has passed.
    pub const COMMIT: u8 = 1;
    /// A client chooses the timestamp of its read.
    pub const CHOOSE: u8 = 2;
    /// A read waits.
    pub const HOLD: u8 = 3;
    /// A read is answered.
    pub const SERVE: u8 = 4;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// What ended before something else began has the smaller timestamp.
    pub const REAL_TIME: u8 = 0;
    /// A server's timestamps only rise.
    pub const MONOTONIC: u8 = 1;
    /// A read at a timestamp sees exactly the writes up to it.
    pub const SNAPSHOT: u8 = 2;
    /// A clock is no further off than was declared.
    pub const CLOCK: u8 = 3;
    /// What was answered stays.
    pub const DURABILITY: u8 = 4;
    /// A write is done once.
    pub const ONCE: u8 = 5;
}

/// Places of the parameters.
pub mod parameter {
    /// How far off a clock may be.
    pub const UNCERTAINTY: usize = 0;
    /// How far back reads read.
    pub const STALENESS: usize = 1;
    /// A client's patience.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
}

use Field::{From, Index, Node, Value};

/// What rests on the intervals holds while they hold the true time; what rests on the disk holds
/// whatever the clocks do.
const PROMISES: &[Promise] = &[
    promise("External consistency", &[], "synchronous"),
    promise("Consistent snapshot", &[], "synchronous"),
    promise("Clock uncertainty", &[], "synchronous"),
    promise("Monotonic timestamps", &[], "asynchronous"),
    promise("Durability", &[], "asynchronous"),
    promise("At most once", &[], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

const fn clock(fault: &'static str) -> Beyond {
    beyond(fault, "A clock further off than uncertainty makes its intervals lie.")
}

/// Commit wait.
pub const DECLARATION: Declaration = Declaration {
    name: "commit-wait",
    title: "Commit wait",
    version: 1,
    source: prose(
        "Corbett and others, Spanner: Google's Globally-Distributed Database, 2012, sections 3 \
             and 4; here each server owns its keys alone and a transaction writes one of them",
    ),
    epoch: "",
    rack: "Versions",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 9),
    states: &[
        State { name: "server", family: Family::Store, shown: false },
        State { name: "waits", family: Family::Store, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("write", Sign::Request, "write"),
        message("done", Sign::Reply, "written"),
        message("read", Sign::Ask, "read at a timestamp"),
        message("values", Sign::Reply, "values"),
    ],
    events: &[
        event(
            "stamp",
            &[Node, From, Index],
            "A write gets its timestamp, µs since the run began: the latest that it may be now.",
            "Corbett and others 2012, section 4.1.2: Start",
        ),
        event(
            "commit",
            &[Node, From, Index, Value],
            "A write's timestamp has passed for certain, after a wait of so many µs.",
            "Corbett and others 2012, section 4.1.2: Commit Wait",
        ),
        event(
            "choose",
            &[Node, Index],
            "A client chooses the timestamp of its read.",
            "Corbett and others 2012, section 4.2.2",
        ),
        event(
            "hold",
            &[Node, From, Index],
            "A read waits: a write could still get its timestamp or an earlier one.",
            "Corbett and others 2012, section 4.1.3",
        ),
        event(
            "serve",
            &[Node, From, Index, Value],
            "A read is answered with the versions of its timestamp, after a wait of so many µs.",
            "Corbett and others 2012, section 4.1.3",
        ),
    ],
    parameters: &[
        parameter(
            "uncertainty",
            Unit::Duration,
            (4_000, 4_000),
            (0, 60_000_000),
            "How far a clock may be off: what it shows, less this and plus this, holds the true time.",
        ),
        parameter(
            "staleness",
            Unit::Duration,
            (0, 0),
            (0, 60_000_000),
            "How long ago the timestamp lies at which reads read; 0: they see all that is done.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (150_000, 150_000),
            (1_000, 60_000_000),
            "How long a client waits before it asks again.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks before it gives a transaction up.",
        ),
    ],
    operations: &[
        Operation {
            name: "put",
            arguments: &[Argument::Key, Argument::Value],
            about: prose("Sets a key, at the server that owns it."),
        },
        Operation {
            name: "get",
            arguments: &[Argument::Key],
            about: prose("Reads a key at a timestamp."),
        },
        Operation {
            name: "snapshot",
            arguments: &[Argument::Key, Argument::Key],
            about: prose("Reads two keys, wherever they are, at one timestamp."),
        },
    ],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "Timestamps follow real time", formal: "External consistency" },
        Check { plain: "A server's timestamps only rise", formal: "Monotonic timestamps" },
        Check { plain: "A snapshot is exact", formal: "Consistent snapshot" },
        Check { plain: "The interval holds the true time", formal: "Clock uncertainty" },
        Check { plain: "What was answered stays", formal: "Durability" },
        Check { plain: "A write is done once", formal: "At most once" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            beyond("wipe", "What a server has on its disk is what it answered."),
            beyond("disk lies", "What is answered must be on the disk."),
            clock("drift"),
            clock("step"),
            clock("slew"),
            clock("suspend"),
        ],
        live_while: prose("The servers that own the keys are up and connected, and clocks run."),
    },
};
