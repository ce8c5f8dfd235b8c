//! What the room says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Argument, Beyond, Check, Declaration, Family, FaultModel, Field, Operation, Promise, Role,
    Sign, State, Unit, beyond, choice, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.states`.
pub mod state {
    /// A host that has agreed with its sources.
    pub const HOST: u8 = 0;
    /// One that has not.
    pub const UNSET: u8 = 1;
    /// A source of time.
    pub const SOURCE: u8 = 2;
    /// A client.
    pub const CLIENT: u8 = 3;
}

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A host takes an answer.
    pub const SAMPLE: u8 = 0;
    /// It counts less than an earlier one.
    pub const PASS_OVER: u8 = 1;
    /// An answer is thrown away.
    pub const BOGUS: u8 = 2;
    /// No majority agrees.
    pub const UNDECIDED: u8 = 3;
    /// A task begins.
    pub const BEGIN: u8 = 4;
    /// A task is done.
    pub const FINISH: u8 = 5;
    /// A source takes its time over an answer.
    pub const WORK: u8 = 6;
    /// A majority agrees, and did not before.
    pub const AGREE: u8 = 7;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// An offset is wrong by half the delay at most.
    pub const OFFSET: u8 = 0;
    /// A wall clock never goes back.
    pub const MONOTONE: u8 = 1;
    /// A duration is what has passed.
    pub const DURATION: u8 = 2;
    /// After an exchange the clocks agree.
    pub const AGREEMENT: u8 = 3;
}

/// Places of the parameters.
pub mod parameter {
    /// Step or slew.
    pub const CORRECTION: usize = 0;
    /// How many sources.
    pub const SOURCES: usize = 1;
    /// Poll interval.
    pub const POLL: usize = 2;
    /// Step threshold.
    pub const THRESHOLD: usize = 3;
    /// Rate of a slew.
    pub const SLEW_RATE: usize = 4;
    /// What a source takes.
    pub const PROCESSING: usize = 5;
    /// A task's length.
    pub const TASK: usize = 6;
    /// A client's patience.
    pub const CLIENT_TIMEOUT: usize = 7;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 8;
}

use Field::{From, Index, Node, Value};

/// None of it needs a bound on time: where nothing arrives nothing is claimed.
const PROMISES: &[Promise] = &[
    promise("Offset bound", &[], "asynchronous"),
    promise("Monotone wall clock", &[("correction", "slew")], "asynchronous"),
    promise("Durations", &[], "asynchronous"),
    promise("Agreement", &[], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

const NO_DISK: &str = "Nothing is stored here: there is nothing that a disk could do.";

const BEYOND: &[Beyond] = &[
    beyond("disk fails", NO_DISK),
    beyond("disk full", NO_DISK),
    beyond("disk tears", NO_DISK),
    beyond("disk corrupts", NO_DISK),
    beyond("disk lies", NO_DISK),
    beyond("disk slow", NO_DISK),
];

/// Clocks that are led.
pub const DECLARATION: Declaration = Declaration {
    name: "ntp",
    title: "Network time",
    version: 1,
    source: prose(
        "Mills, Internet Time Synchronization: the Network Time Protocol, 1991; Mills and others, \
         RFC 5905, 2010; Marzullo and Owicki, Maintaining the Time in a Distributed System, 1983",
    ),
    epoch: "",
    rack: "Delays, ms",
    cells: ["a sample", "", "counts"],
    roles: &[Role { prefix: 'n', name: "node" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 9),
    states: &[
        State { name: "host", family: Family::Follows, shown: false },
        State { name: "not set", family: Family::Seeks, shown: true },
        State { name: "source", family: Family::Store, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("poll", Sign::Ask, "what time is it?"),
        message("stamps", Sign::Carry, "three timestamps"),
        message("ask", Sign::Request, "client's request"),
        message("told", Sign::Reply, "answer"),
    ],
    events: &[
        event(
            "sample",
            &[Node, From, Index, Value],
            "A host takes an answer; its value is the delay in microseconds.",
            "RFC 5905, section 8",
        ),
        event(
            "pass-over",
            &[Node, From, Index, Value],
            "Another of the last eight samples had less delay: this one does not count.",
            "RFC 5905, section 10",
        ),
        event(
            "bogus",
            &[Node, From, Index],
            "What came is no answer to the last poll, or a clock was set in between.",
            "RFC 5905, section 8",
        ),
        event(
            "undecided",
            &[Node],
            "No more than half of the sources agree: the clock is left alone.",
            "RFC 5905, section 11.2.1",
        ),
        event("begin", &[Node, From, Index, Value], "A node begins a task.", ""),
        event("finish", &[Node, From, Index], "A task is done, and has been measured.", ""),
        event(
            "work",
            &[Node, From, Index],
            "A source has read when a poll came, and takes its time over the answer.",
            "",
        ),
        event(
            "agree",
            &[Node],
            "More than half of the sources agree, and did not before.",
            "RFC 5905, section 11.2.1",
        ),
    ],
    parameters: &[
        choice(
            "correction",
            Unit::Choice(&["step", "slew"]),
            "Whether a clock that is far off is set at once, or led in any case.",
        ),
        parameter(
            "sources",
            Unit::Count,
            (1, 1),
            (1, 7),
            "So many nodes, n1 first, give the time; at least one is left that takes it.",
        ),
        parameter(
            "poll",
            Unit::Duration,
            (1_000_000, 1_000_000),
            (1_000, 3_600_000_000),
            "Time between two polls.",
        ),
        parameter(
            "step-threshold",
            Unit::Duration,
            (128_000, 128_000),
            (0, 3_600_000_000),
            "A larger error is stepped, a smaller one slewed.",
        ),
        parameter(
            "slew-rate",
            Unit::Count,
            (500, 500),
            (1, 500_000),
            "How fast a clock is led, parts per million: 500 is what kernels do, chrony up to 83333.",
        ),
        parameter(
            "processing",
            Unit::DurationRange,
            (0, 0),
            (0, 60_000_000),
            "How long a source takes before it answers.",
        ),
        parameter(
            "task",
            Unit::Duration,
            (50_000, 50_000),
            (0, 3_600_000_000),
            "How long a task takes that is given no length.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (1_000_000, 1_000_000),
            (1_000, 3_600_000_000),
            "How long a client waits before it asks again.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (3, 3),
            (1, 1_000),
            "How often a client asks before it gives an operation up.",
        ),
    ],
    operations: &[
        Operation {
            name: "time",
            arguments: &[],
            about: prose("Asks a node what its wall clock shows."),
        },
        Operation {
            name: "task",
            arguments: &[Argument::Value],
            about: prose(
                "Has a node do something for so long, as `task 50ms`, and say how long it took.",
            ),
        },
    ],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "An offset is wrong by half the delay at most", formal: "Offset bound" },
        Check { plain: "A wall clock never goes back", formal: "Monotone wall clock" },
        Check { plain: "A duration is what has passed", formal: "Durations" },
        Check { plain: "After an exchange clocks agree", formal: "Agreement" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: BEYOND,
        live_while: prose("The node that a client asks is up and connected."),
    },
};
