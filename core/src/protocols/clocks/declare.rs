//! What the processes say of themselves: names, numbers, sentences. Order matters: indexes are
//! used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, Given, OFF_ON, Order, OrderArgument,
    Promise, Role, Sign, State, Unit, choice, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A message is sent.
    pub const SEND: u8 = 0;
    /// A message is received.
    pub const RECEIVE: u8 = 1;
    /// Something that concerns nobody else.
    pub const LOCAL: u8 = 2;
    /// By its stamp the sending came after the receiver's event before.
    pub const FOLLOWS: u8 = 3;
    /// By its stamp it came before that.
    pub const OLD: u8 = 4;
    /// By its stamp neither.
    pub const CONCURRENT: u8 = 5;
    /// The stamp is from too far in the future.
    pub const REFUSE: u8 = 6;
}

/// Indexes of `DECLARATION.orders`.
pub mod order {
    /// To another process.
    pub const SEND: u8 = 0;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// a → b gives a smaller stamp.
    pub const CONDITION: u8 = 0;
    /// What is concluded from stamps is true.
    pub const STRONG: u8 = 1;
    /// A hybrid clock stays near the wall.
    pub const BOUND: u8 = 2;
}

/// Places of the parameters.
pub mod parameter {
    /// Which clock.
    pub const CLOCK: usize = 0;
    /// Whether it stands on the disk.
    pub const STORAGE: usize = 1;
    /// How often a process talks.
    pub const CHATTER: usize = 2;
    /// How far a stamp may be ahead.
    pub const MAX_OFFSET: usize = 3;
}

use Field::{From, Index, Node, To};

const CLOCK: Unit = Unit::Choice(&["lamport", "vector", "hlc", "wall"]);

const fn kept(check: &'static str, given: Given) -> Promise {
    promise(check, given, "asynchronous")
}

/// Wall clocks promise nothing: that is why there are logical ones. How near a hybrid clock is to
/// the wall depends on wall clocks that behave. A clock in memory lasts as long as its process.
const PROMISES: &[Promise] = &[
    kept("Clock condition", &[("clock", "lamport"), ("storage", "on")]),
    kept("Clock condition", &[("clock", "lamport")]).crash_stop(),
    kept("Clock condition", &[("clock", "vector"), ("storage", "on")]),
    kept("Clock condition", &[("clock", "vector")]).crash_stop(),
    kept("Clock condition", &[("clock", "hlc"), ("storage", "on")]),
    kept("Clock condition", &[("clock", "hlc")]).crash_stop(),
    kept("Strong clock condition", &[("clock", "vector"), ("storage", "on")]),
    kept("Strong clock condition", &[("clock", "vector")]).crash_stop(),
    promise("HLC bound", &[("clock", "hlc")], "synchronous"),
    kept("Assertions", &[]),
];

const fn forgets(fault: &'static str) -> Beyond {
    Beyond {
        fault,
        given: &[("storage", "off")],
        because: prose("A clock that is not on the disk begins again at nothing."),
    }
}

/// Logical clocks.
pub const DECLARATION: Declaration = Declaration {
    name: "clocks",
    title: "Logical clocks",
    version: 1,
    source: prose(
        "Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, 1978; Fidge \
             1988; Mattern, Virtual Time and Global States of Distributed Systems, 1989; Kulkarni \
             and others, Logical Physical Clocks, 2014",
    ),
    epoch: "",
    rack: "Stamps of events",
    cells: ["in memory", "on disk", ""],
    roles: &[Role { prefix: 'n', name: "process" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 9),
    states: &[State { name: "process", family: Family::Follows, shown: false }],
    messages: &[message("message", Sign::Carry, "message")],
    events: &[
        event("send", &[Node, To, Index], "A process sends a message with its stamp.", "IR1"),
        event("receive", &[Node, From, Index], "A process receives a message.", "IR2"),
        event("local", &[Node, Index], "Something happens at a process alone.", "IR1"),
        event(
            "follows",
            &[Node, From, Index],
            "By their stamps the receiver's event before came before the sending.",
            "",
        ),
        event(
            "old",
            &[Node, From, Index],
            "By their stamps the sending came before the receiver's event before, or with it.",
            "",
        ),
        event(
            "concurrent",
            &[Node, From, Index],
            "By their stamps neither came before the other.",
            "",
        ),
        event("refuse", &[Node, From], "A stamp is from too far in the future.", ""),
    ],
    parameters: &[
        choice("clock", CLOCK, "What stamps the events."),
        choice("storage", OFF_ON, "Whether a process keeps its clock on its disk."),
        parameter(
            "chatter",
            Unit::Duration,
            (0, 0),
            (0, 60_000_000),
            "About how long a process waits before it sends something of its own accord; 0: never.",
        ),
        parameter(
            "max-offset",
            Unit::Duration,
            (500_000, 500_000),
            (0, 3_600_000_000),
            "A hybrid stamp further ahead of the receiver's wall clock is refused.",
        ),
    ],
    operations: &[],
    orders: &[
        Order {
            name: "send",
            arguments: &[OrderArgument::Node],
            label: "Send a message to {n}",
            about: prose("An event: a message with its stamp leaves for that process."),
        },
        Order {
            name: "event",
            arguments: &[],
            label: "Do something",
            about: prose("An event that concerns no other process."),
        },
    ],
    bugs: BUGS,
    checks: &[
        Check { plain: "A cause has the smaller stamp", formal: "Clock condition" },
        Check { plain: "Stamps tell order from concurrency", formal: "Strong clock condition" },
        Check { plain: "Stamps stay near the wall clock", formal: "HLC bound" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            forgets("crash"),
            forgets("kill"),
            Beyond {
                fault: "wipe",
                given: &[],
                because: prose("A clock whose disk is lost begins again at nothing."),
            },
            Beyond {
                fault: "disk lies",
                given: &[],
                because: prose("Others may know of an event that the disk has not kept."),
            },
            Beyond {
                fault: "step",
                given: &[("clock", "hlc")],
                because: prose("A wall clock that goes back leaves the hybrid one ahead of it."),
            },
        ],
        live_while: prose("A process that is up."),
    },
};
