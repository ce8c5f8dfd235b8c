//! What Redlock says of itself. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, Promise, Role, Sign, State, Unit,
    choice, event, message, parameter, promise, prose,
};
use crate::protocols::files::OPERATIONS;

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// An instance sets a lock.
    pub const SET: u8 = 0;
    /// A lock's time is over at an instance, which finds out when it is asked.
    pub const EXPIRE: u8 = 1;
    /// A client has a majority in time.
    pub const HOLD: u8 = 2;
    /// It hasn't.
    pub const FAIL: u8 = 3;
    /// It has read and works.
    pub const WORK: u8 = 4;
    /// It has looked at the time that is left, and writes.
    pub const CHECK: u8 = 5;
    /// It sees that none is left.
    pub const LATE: u8 = 6;
    /// The store has written.
    pub const WRITE: u8 = 7;
    /// The store refuses: the file has changed.
    pub const CONFLICT: u8 = 8;
    /// An instance deletes a lock.
    pub const DELETE: u8 = 9;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// At most one client relies on a lock.
    pub const ONE_HOLDER: u8 = 0;
    /// Nobody overwrites what it has not read.
    pub const NO_LOST_UPDATE: u8 = 1;
}

/// Places of the parameters.
pub mod parameter {
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 0;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 1;
    /// How long a lock is set for.
    pub const TTL: usize = 2;
    /// How long a client works on a file.
    pub const WORK: usize = 3;
    /// How far the rates of clocks may lie apart.
    pub const DRIFT_BOUND: usize = 4;
    /// By which clock instances count.
    pub const CLOCK: usize = 5;
    /// What the store looks at.
    pub const STORE: usize = 6;
}

use Field::{From, Node, To};

/// At most one client relies on a lock while the clocks behave: their rates keep within the
/// bound, no wall clock is set, no machine is suspended. That no update is lost is not promised
/// even then: a client may stand still between its look at the time and its write. Only a
/// store that compares keeps that.
const PROMISES: &[Promise] = &[
    promise("One holder", &[], "synchronous"),
    promise("No lost update", &[("store", "versions")], "asynchronous"),
    promise("Linearizable", &[("store", "versions")], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

const fn clock(fault: &'static str) -> Beyond {
    Beyond {
        fault,
        because: prose("How long a lock lasts is a matter of clocks, and of nothing else."),
        given: &[],
    }
}

/// Redlock.
pub const DECLARATION: Declaration = Declaration {
    name: "redlock",
    title: "Redlock",
    version: 2,
    source: prose(
        "Redis documentation, Distributed Locks with Redis; Kleppmann, How to do distributed locking, \
             2016",
    ),
    epoch: "",
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "instance" }, Role { prefix: 'c', name: "client" }],
    services: &[Role { prefix: 's', name: "storage" }],
    nodes: (1, 100),
    states: &[
        State { name: "free", family: Family::Follows, shown: false },
        State { name: "locked", family: Family::Follows, shown: true },
        State { name: "storage", family: Family::Store, shown: true },
        State { name: "client", family: Family::Client, shown: false },
        State { name: "asking", family: Family::Client, shown: true },
        State { name: "holder", family: Family::Client, shown: true },
    ],
    messages: &[
        message("set", Sign::Ask, "set the lock?"),
        message("yes", Sign::Grant, "set"),
        message("no", Sign::Refuse, "is set"),
        message("delete", Sign::Request, "lock back"),
        message("fetch", Sign::Request, "read"),
        message("fetched", Sign::Reply, "file"),
        message("write", Sign::Carry, "write"),
        message("written", Sign::Stored, "written"),
        message("conflict", Sign::Refuse, "has changed"),
        message("read", Sign::Request, "read"),
        message("content", Sign::Reply, "file"),
    ],
    events: &[
        event("set", &[Node, To], "An instance sets the lock for a client.", "steps 1 and 2"),
        event("expire", &[Node, To], "At an instance the lock's time is over.", ""),
        event("hold", &[Node], "A client has a majority, and time left.", "steps 3 and 4"),
        event("fail", &[Node], "A client has no majority, or no time left.", "step 5"),
        event("work", &[Node], "A client has read the file and changes it.", ""),
        event("check", &[Node], "A client has looked at its time, is content, and writes.", ""),
        event("late", &[Node], "A client sees that its time is over and does not write.", ""),
        event("write", &[Node, From], "The store has written.", ""),
        event("conflict", &[Node, From], "The file has changed since the client read it.", ""),
        event("delete", &[Node, To], "An instance deletes the lock.", ""),
    ],
    parameters: &[
        parameter(
            "client-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 600_000_000),
            "How long a client waits for the instances, or for the store.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client tries before it gives up.",
        ),
        parameter(
            "ttl",
            Unit::Duration,
            (1_000_000, 1_000_000),
            (1_000, 600_000_000),
            "How long a lock is set for.",
        ),
        parameter(
            "work",
            Unit::Duration,
            (50_000, 50_000),
            (0, 60_000_000),
            "How long a client works on a file between reading and writing it.",
        ),
        parameter(
            "clock-drift-bound",
            Unit::Count,
            (1_000, 1_000),
            (0, 1_000_000),
            "How much faster one clock may run than another, millionths.",
        ),
        choice(
            "clock",
            Unit::Choice(&["wall", "monotonic"]),
            "By which clock instances count: the time of day, as Redis did, or one that is never set.",
        ),
        choice(
            "store",
            Unit::Choice(&["unchecked", "versions"]),
            "What the store looks at before it writes: nothing, or whether the file is still as it was read.",
        ),
    ],
    operations: &[OPERATIONS[0], OPERATIONS[2]],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One holder at a time", formal: "One holder" },
        Check { plain: "No update is lost", formal: "No lost update" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            Beyond {
                fault: "wipe",
                because: prose("An instance that forgets a lock gives it away again."),
                given: &[],
            },
            Beyond {
                fault: "disk lies",
                because: prose("An instance that forgets a lock gives it away again."),
                given: &[],
            },
            Beyond { given: &[("clock", "wall")], ..clock("step") },
            Beyond { given: &[("clock", "wall")], ..clock("slew") },
            clock("drift"),
            clock("suspend"),
        ],
        live_while: prose("A majority of the instances and the store are up and connected."),
    },
};
