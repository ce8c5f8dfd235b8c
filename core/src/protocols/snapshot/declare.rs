//! What the bank and its snapshots say of themselves: names, numbers and sentences. Order
//! matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, CUT, Check, Declaration, Family, FaultModel, Field, LEAVES, Operation, Order,
    OrderArgument, Role, Sign, State, TAKEN, Unit, beyond, event, message, parameter, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A snapshot begins.
    pub const SNAPSHOT: u8 = 0;
    /// A process records its state.
    pub const RECORD: u8 = 1;
    /// A process has recorded its state and all its channels.
    pub const COMPLETE: u8 = 2;
    /// All parts are with whoever began.
    pub const TOTAL: u8 = 3;
    /// Money leaves.
    pub const TRANSFER: u8 = 4;
    /// Money comes.
    pub const RECEIVE: u8 = 5;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// Nothing is received before the cut that is sent after it.
    pub const CONSISTENT: u8 = 0;
    /// What is recorded is what was there.
    pub const STATE: u8 = 1;
    /// Money is neither made nor lost.
    pub const CONSERVED: u8 = 2;
}

/// Indexes of `DECLARATION.orders`.
pub mod order {
    /// A snapshot.
    pub const SNAPSHOT: u8 = 0;
    /// Money for another branch.
    pub const TRANSFER: u8 = 1;
}

/// Places of the parameters.
pub mod parameter {
    /// What each branch has at the start.
    pub const MONEY: usize = 0;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 1;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 2;
}

use Field::{From, Index, Node, To, Value};

const LOST: &str = "The paper's channels lose nothing: what is lost is money.";
const GONE: &str = "The paper's processes do not fail: what a branch has is in memory.";
const DISK: &str = "A branch that cannot note that it is open ends.";

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

/// Snapshots of a bank.
pub const DECLARATION: Declaration = Declaration {
    name: "snapshot",
    title: "Distributed snapshot",
    version: 1,
    source: prose(
        "Chandy and Lamport, Distributed Snapshots: Determining Global States of Distributed \
         Systems, ACM Transactions on Computer Systems 3(1), 1985",
    ),
    epoch: "snapshot",
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "branch" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 100),
    states: &[
        State { name: "branch", family: Family::Store, shown: false },
        State { name: "recording", family: Family::Seeks, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("transfer", Sign::Carry, "money"),
        message("marker", Sign::Ask, "marker"),
        message("report", Sign::Grant, "what was recorded"),
        message("appointment", Sign::Pulse, "record at this time"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
    ],
    events: &[
        event("snapshot", &[Node, Index], "A process begins a snapshot.", ""),
        event(
            CUT,
            &[Node, From, Index, Value],
            "A process records its state and sends a marker along each channel.",
            "§3.2",
        ),
        event(
            "complete",
            &[Node, Index, Value],
            "A process has its state and that of all incoming channels.",
            "§3.3",
        ),
        event("total", &[Node, Index, Value], "Whoever began has all parts.", "§3.3"),
        event(LEAVES, &[Node, To, Index, Value], "A branch sends money.", ""),
        event(TAKEN, &[Node, From, Index, Value], "Money arrives.", ""),
    ],
    parameters: &[
        parameter(
            "money",
            Unit::Count,
            (100, 100),
            (1, 1_000_000),
            "What each branch has at the start.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 60_000_000),
            "How long a client waits for one try.",
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
            name: "transfer",
            arguments: &[],
            about: prose("A branch sends some of its money to another, both drawn."),
        },
        Operation {
            name: "snapshot",
            arguments: &[],
            about: prose("A branch begins a snapshot of the whole bank."),
        },
    ],
    orders: &[
        Order {
            name: "snapshot",
            arguments: &[],
            label: "Take a snapshot",
            about: prose("It begins a snapshot of the whole bank."),
        },
        Order {
            name: "transfer",
            arguments: &[OrderArgument::Node, OrderArgument::Number],
            label: "Send money to {n}",
            about: prose("It sends so much to another branch, at most what it has."),
        },
    ],
    bugs: BUGS,
    checks: &[
        Check { plain: "The cut is consistent", formal: "Consistent cut" },
        Check { plain: "What is recorded was there", formal: "Recorded state" },
        Check { plain: "No money is made or lost", formal: "Conservation" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: BEYOND,
        live_while: prose("Every branch is up and every message arrives."),
    },
};
