//! What broadcast says of itself: names, numbers and sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Argument, Beyond, Check, Declaration, Family, FaultModel, Field, Operation, Order,
    OrderArgument, Role, Sign, State, Unit, beyond, choice, event, message, parameter, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A process broadcasts a message.
    pub const POST: u8 = 0;
    /// A process delivers a message.
    pub const DELIVER: u8 = 1;
    /// A message has come and must wait.
    pub const WAIT: u8 = 2;
    /// An item is sent again.
    pub const RESEND: u8 = 3;
    /// An item comes again.
    pub const DUPLICATE: u8 = 4;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// Delivered once, and only what was broadcast.
    pub const INTEGRITY: u8 = 0;
    /// By sender in the order of sending.
    pub const FIFO: u8 = 1;
    /// After what caused it.
    pub const CAUSAL: u8 = 2;
    /// Everywhere in the same order.
    pub const TOTAL: u8 = 3;
    /// Whoever lacks a message is owed it.
    pub const AGREEMENT: u8 = 4;
}

/// Places of the parameters.
pub mod parameter {
    /// In which order messages are delivered.
    pub const ORDER: usize = 0;
    /// Between two looks at what others don't have.
    pub const RESEND: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
}

use Field::{From, Index, Node, To, Value};

const BEYOND: &[Beyond] = &[
    beyond("wipe", "A process without its disk uses its numbers again, and has lost what it took."),
    beyond("disk lies", "What is acknowledged is never sent again: it must be on the disk."),
];

/// Broadcast.
pub const DECLARATION: Declaration = Declaration {
    name: "broadcast",
    title: "Broadcast",
    version: 1,
    source: prose(
        "Birman, Schiper and Stephenson, Lightweight Causal and Atomic Group Multicast, ACM \
         Transactions on Computer Systems 9(3), 1991; Lamport, Time, Clocks, and the Ordering of \
         Events in a Distributed System, Communications of the ACM 21(7), 1978",
    ),
    epoch: "sender",
    rack: "Delivered",
    cells: ["", "", "delivered"],
    roles: &[Role { prefix: 'n', name: "process" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 100),
    states: &[
        State { name: "process", family: Family::Follows, shown: false },
        State { name: "waiting", family: Family::Seeks, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("message", Sign::Carry, "message"),
        message("stamp", Sign::Pulse, "heard of it"),
        message("received", Sign::Stored, "received"),
        message("ask", Sign::Request, "request"),
        message("answer", Sign::Reply, "answer"),
    ],
    events: &[
        event("post", &[Node, Index], "A process broadcasts a message.", ""),
        event("deliver", &[Node, From, Index, Value], "A process delivers a message.", ""),
        event(
            "wait",
            &[Node, From, Index],
            "A message has come, and must wait for others.",
            "Birman, Schiper and Stephenson 1991; Lamport 1978",
        ),
        event("resend", &[Node, To, Index], "What was not acknowledged is sent again.", ""),
        event("duplicate", &[Node, From, Index], "What has been received comes again.", ""),
    ],
    parameters: &[
        choice(
            "order",
            Unit::Choice(&["none", "fifo", "causal", "total"]),
            "In which order messages are delivered.",
        ),
        parameter(
            "resend",
            Unit::Duration,
            (100_000, 100_000),
            (1_000, 60_000_000),
            "How often a process sends again what was not acknowledged.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (500_000, 500_000),
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
        name: "post",
        arguments: &[Argument::Value],
        about: prose(
            "The client's process broadcasts a text; once it delivers it itself it answers.",
        ),
    }],
    orders: &[Order {
        name: "broadcast",
        arguments: &[OrderArgument::Number],
        label: "Broadcast a number",
        about: prose("It broadcasts this number."),
    }],
    bugs: BUGS,
    checks: &[
        Check { plain: "Delivered once and only if broadcast", formal: "Integrity" },
        Check { plain: "By sender in the order of sending", formal: "FIFO order" },
        Check { plain: "After what caused it", formal: "Causal order" },
        Check { plain: "The same order everywhere", formal: "Total order" },
        Check { plain: "Whoever lacks it gets it again", formal: "Agreement" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: BEYOND,
        live_while: prose(
            "A message's sender is up and connected, or comes back; with total order everybody is.",
        ),
    },
};
