//! What the register says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Argument, Check, Declaration, Family, FaultModel, Field, Operation, Promise, Role, Sign, State,
    Unit, beyond, choice, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A replica takes a write.
    pub const WRITE: u8 = 0;
    /// A write is dropped for one with a later time.
    pub const DROP: u8 = 1;
    /// A replica takes another's value.
    pub const TAKE: u8 = 2;
    /// Values stand side by side.
    pub const BESIDE: u8 = 3;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// What a client writes after it has seen a write stands above that write.
    pub const CAUSAL: u8 = 0;
    /// What begins after a write was acknowledged stands above that write.
    pub const REAL_TIME: u8 = 1;
    /// Only what a writer has seen is replaced.
    pub const LOST: u8 = 2;
    /// Who knows the same writes has the same values.
    pub const CONVERGENCE: u8 = 3;
}

/// Places of the parameters.
pub mod parameter {
    /// What stamps writes.
    pub const STAMPS: usize = 0;
    /// How often a replica tells another all.
    pub const ANTI_ENTROPY: usize = 1;
    /// A client's patience.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
}

use Field::{From, Index, Node};

const STAMPS: Unit = Unit::Choice(&["wall", "lamport", "hlc", "vector"]);

/// Times of logical clocks follow what clients have seen, not what happened first: of two writes
/// that do not know of each other the earlier may win. Only siblings lose neither.
const PROMISES: &[Promise] = &[
    promise("Causal order", &[("stamps", "lamport")], "asynchronous"),
    promise("Causal order", &[("stamps", "hlc")], "asynchronous"),
    promise("Causal order", &[("stamps", "vector")], "asynchronous"),
    promise("Real-time order", &[("stamps", "vector")], "asynchronous"),
    promise("No lost update", &[("stamps", "vector")], "asynchronous"),
    promise("Strong convergence", &[], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

/// The register.
pub const DECLARATION: Declaration = Declaration {
    name: "lww",
    title: "Last write wins",
    version: 1,
    source: prose(
        "Kleppmann, Designing Data-Intensive Applications, chapter 8, figure 8-3; Kulkarni and \
             others 2014; Preguiça and others, Dotted Version Vectors, 2010",
    ),
    epoch: "",
    rack: "Registers",
    cells: crate::declare::REGISTER_CELLS,
    roles: &[Role { prefix: 'n', name: "replica" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 9),
    states: &[
        State { name: "replica", family: Family::Store, shown: false },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("put", Sign::Request, "write"),
        message("get", Sign::Ask, "read"),
        message("done", Sign::Reply, "written"),
        message("value", Sign::Reply, "value"),
        message("state", Sign::Carry, "state of a key"),
    ],
    events: &[
        event("write", &[Node, From, Index], "A replica takes a client's write.", ""),
        event("drop", &[Node, From], "A value is dropped for one with a later time.", ""),
        event("take", &[Node, From], "A replica takes over what another has.", ""),
        event("beside", &[Node, From], "Values that do not know of each other are kept.", ""),
    ],
    parameters: &[
        choice("stamps", STAMPS, "What decides which of two writes stays."),
        parameter(
            "anti-entropy",
            Unit::Duration,
            (0, 0),
            (0, 60_000_000),
            "How often a replica tells one other, drawn, all that it has; 0: never.",
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
            "How often a client asks before it gives an operation up.",
        ),
    ],
    operations: &[
        Operation {
            name: "put",
            arguments: &[Argument::Key, Argument::Value],
            about: prose("Sets a key, knowing what this client has seen of it."),
        },
        Operation { name: "get", arguments: &[Argument::Key], about: prose("Reads a key.") },
    ],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "A write stands above what its client saw", formal: "Causal order" },
        Check { plain: "A later write is not dropped", formal: "Real-time order" },
        Check { plain: "Only what was seen is replaced", formal: "No lost update" },
        Check { plain: "Equal knowledge gives equal values", formal: "Strong convergence" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            beyond("wipe", "A replica that has lost its disk gives names to writes anew."),
            beyond("disk lies", "What is acknowledged must be on the disk."),
        ],
        live_while: prose("The replica that a client asks is up and connected."),
    },
};
