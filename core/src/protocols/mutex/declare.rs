//! What the two algorithms say of themselves: names, numbers and sentences. Order matters:
//! indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, Operation, Order, Role, Sign, State,
    Unit, beyond, choice, event, message, parameter, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A process asks.
    pub const REQUEST: u8 = 0;
    /// A process acknowledges, or permits.
    pub const REPLY: u8 = 1;
    /// A process puts its permission off.
    pub const DEFER: u8 = 2;
    /// A process enters.
    pub const ENTER: u8 = 3;
    /// A process leaves.
    pub const LEAVE: u8 = 4;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// Lamport's condition I.
    pub const EXCLUSION: u8 = 0;
    /// Lamport's condition II.
    pub const ORDER: u8 = 1;
}

/// Indexes of `DECLARATION.orders`.
pub mod order {
    /// It asks for the resource.
    pub const ENTER: u8 = 0;
    /// It leaves.
    pub const LEAVE: u8 = 1;
}

/// Places of the parameters.
pub mod parameter {
    /// Whose algorithm.
    pub const ALGORITHM: usize = 0;
    /// How long a process stays inside.
    pub const STAY: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
}

use Field::{Index, Node, To};

const LOST: &str = "Nothing is sent again: whoever misses an answer waits for ever, and with \
                    Lamport's algorithm whoever misses a request may enter beside its sender.";
const GONE: &str = "Everybody must answer: while one is down nobody enters, and one that has \
                    forgotten who waits does not come back.";
const DISK: &str = "A process that cannot note that it has started ends.";

const BEYOND: &[Beyond] = &[
    beyond("loss", LOST),
    beyond("drop", LOST),
    beyond("cut", LOST),
    beyond("partition", LOST),
    beyond("crash", GONE),
    beyond("kill", GONE),
    beyond("wipe", GONE),
    beyond("disk fails", DISK),
    beyond("disk full", DISK),
    beyond("disk tears", DISK),
    beyond("disk corrupts", DISK),
    beyond("disk lies", DISK),
];

/// Mutual exclusion.
pub const DECLARATION: Declaration = Declaration {
    name: "mutex",
    title: "Mutual exclusion",
    version: 1,
    source: prose(
        "Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, Communications \
         of the ACM 21(7), 1978; Ricart and Agrawala, An Optimal Algorithm for Mutual Exclusion \
         in Computer Networks, Communications of the ACM 24(1), 1981",
    ),
    epoch: "",
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "process" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 100),
    states: &[
        State { name: "outside", family: Family::Follows, shown: false },
        State { name: "waiting", family: Family::Seeks, shown: true },
        State { name: "inside", family: Family::Leads, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("request", Sign::Ask, "request"),
        message("reply", Sign::Grant, "acknowledgement, permission"),
        message("release", Sign::Pulse, "release"),
        message("ask", Sign::Request, "client's request"),
        message("answer", Sign::Reply, "answer"),
    ],
    events: &[
        event("ask", &[Node, Index], "A process asks for the resource.", "Lamport's rule 1"),
        event(
            "reply",
            &[Node, To, Index],
            "Lamport: a process has queued a request. Ricart and Agrawala: it permits.",
            "Lamport's rule 2",
        ),
        event(
            "defer",
            &[Node, To, Index],
            "A process puts its permission off: it is inside, or waits since earlier.",
            "Ricart and Agrawala",
        ),
        event("enter", &[Node, Index], "A process has the resource.", "Lamport's rule 5"),
        event("leave", &[Node, Index], "A process releases it.", "Lamport's rule 3"),
    ],
    parameters: &[
        choice(
            "algorithm",
            Unit::Choice(&["lamport", "ricart-agrawala"]),
            "Whose algorithm the processes use.",
        ),
        parameter(
            "stay",
            Unit::Duration,
            (50_000, 50_000),
            (1, 600_000_000),
            "How long a process stays inside.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (2_000_000, 2_000_000),
            (1_000, 60_000_000),
            "How long a client waits before it asks its process again.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks before it gives an operation up.",
        ),
    ],
    operations: &[Operation {
        name: "enter",
        arguments: &[],
        about: prose("The client's process enters and leaves; that is the answer."),
    }],
    orders: &[
        Order {
            name: "enter",
            arguments: &[],
            label: "Ask for the resource",
            about: prose("It asks, enters, and leaves after its stay."),
        },
        Order {
            name: "leave",
            arguments: &[],
            label: "Leave",
            about: prose("It leaves at once, if it is inside."),
        },
    ],
    bugs: BUGS,
    checks: &[
        Check { plain: "One inside at a time", formal: "Mutual exclusion" },
        Check { plain: "Granted in the order of the stamps", formal: "Order of requests" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: BEYOND,
        live_while: prose("Every process is up and every message arrives."),
    },
};
