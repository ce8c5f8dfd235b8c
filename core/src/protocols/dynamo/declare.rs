//! What the Dynamo register says of itself: names, numbers, sentences. Order matters: indexes
//! are used. Sections are those of the paper.

use super::rules::BUGS;
use crate::declare::{
    COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, Promise, REGISTER_OPERATIONS,
    Role, Sign, State, Unit, choice, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A coordinator takes a write.
    pub const PUT: u8 = 0;
    /// W have stored it.
    pub const WRITTEN: u8 = 1;
    /// R have answered a read.
    pub const READ: u8 = 2;
    /// Too few have answered.
    pub const TOO_FEW: u8 = 3;
    /// Versions stand beside each other.
    pub const SIBLINGS: u8 = 4;
    /// A read repairs.
    pub const REPAIR: u8 = 5;
    /// Kept on behalf of another.
    pub const HINT: u8 = 6;
    /// A hint is sent to whom it is for.
    pub const HAND_OFF: u8 = 7;
    /// It has arrived.
    pub const DELIVERED: u8 = 8;
    /// A comparison begins.
    pub const COMPARE: u8 = 9;
    /// It has ended.
    pub const COMPARED: u8 = 10;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// A dot has one version.
    pub const DOTS: u8 = 0;
    /// What a replica knows it goes on knowing.
    pub const MONOTONIC: u8 = 1;
    /// What is acknowledged is on W synced disks.
    pub const DURABILITY: u8 = 2;
    /// What is acknowledged is kept until it is replaced by who knew of it.
    pub const SURVIVES: u8 = 3;
    /// A read shows what was acknowledged before it began.
    pub const REGULAR: u8 = 4;
    /// A hint is kept until its server has it.
    pub const HANDOFF: u8 = 5;
    /// Replicas that have compared agree.
    pub const CONVERGENCE: u8 = 6;
}

/// Places of the parameters.
pub mod parameter {
    /// Replicas of a key.
    pub const N: usize = 0;
    /// Answers to a read.
    pub const R: usize = 1;
    /// Answers to a write.
    pub const W: usize = 2;
    /// Whose answers count.
    pub const QUORUM: usize = 3;
    /// What becomes of concurrent versions.
    pub const CONFLICTS: usize = 4;
    /// Whether reads repair.
    pub const READ_REPAIR: usize = 5;
    /// Whether replicas compare.
    pub const ANTI_ENTROPY: usize = 6;
    /// A coordinator's patience.
    pub const SILENCE: usize = 7;
    /// Between hand-offs.
    pub const HANDOFF: usize = 8;
    /// Between comparisons.
    pub const COMPARE: usize = 9;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 10;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 11;
    /// How fine timestamps are.
    pub const RESOLUTION: usize = 12;
}

use Field::{Index, Node, To};

/// What holds when. That clients see one copy is promised nowhere: not even where reads meet
/// writes (Kleppmann, "Designing Data-Intensive Applications", figure 9-6).
const PROMISES: &[Promise] = &[
    promise("Distinct dots", &[], "asynchronous"),
    promise("Monotonic replicas", &[], "asynchronous"),
    promise("Durability", &[], "asynchronous"),
    promise("Acknowledged survives", &[("conflicts", "siblings")], "asynchronous"),
    promise("Regularity", &[("quorum", "strict"), ("conflicts", "siblings")], "asynchronous"),
    promise("Handoff", &[], "asynchronous"),
    promise("Convergence", &[], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

/// A register in the manner of Dynamo.
pub const DECLARATION: Declaration = Declaration {
    name: "dynamo",
    title: "Dynamo register",
    version: 1,
    source: prose("DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, 2007"),
    epoch: "",
    rack: "Registers",
    cells: crate::declare::REGISTER_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "server", family: Family::Follows, shown: false },
        State { name: "holds hints", family: Family::Learns, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("put", Sign::Request, "write"),
        message("get", Sign::Request, "read"),
        message("written", Sign::Reply, "written"),
        message("found", Sign::Reply, "found"),
        message("store", Sign::Carry, "take this"),
        message("taken", Sign::Stored, "taken"),
        message("fetch", Sign::Ask, "what do you have?"),
        message("have", Sign::Grant, "this"),
        message("compare", Sign::Pulse, "compare"),
        message("differ", Sign::Carry, "where I have more"),
    ],
    events: &[
        event("put", &[Node, Index], "A coordinator gives a write its version.", "§4.5"),
        event("written", &[Node, To, Index], "W replicas have stored it.", "§4.5"),
        event("read", &[Node, To, Index], "R replicas have answered a read.", "§4.5"),
        event("too-few", &[Node, To, Index], "Fewer have answered than are needed.", "§4.5"),
        event(
            "siblings",
            &[Node, Index],
            "Versions of which none has seen another stand side by side.",
            "§4.4",
        ),
        event("repair", &[Node, To, Index], "A read brings a stale replica up to date.", "§5"),
        event("hint", &[Node, To], "A server stands in for one that is silent.", "§4.6"),
        event("hand-off", &[Node, To, Index], "It tries to hand over what is not its own.", "§4.6"),
        event("delivered", &[Node, To, Index], "It has: the hint can go.", "§4.6"),
        event("compare", &[Node, To, Index], "A replica tells another what it has.", "§4.7"),
        event("compared", &[Node, To, Index], "It has heard what the other had more.", "§4.7"),
    ],
    parameters: &[
        parameter("n", Unit::Count, (3, 3), (1, 100), "How many servers keep a key."),
        parameter(
            "r",
            Unit::Count,
            (0, 0),
            (0, 100),
            "How many must answer a read; 0 for a majority of N.",
        ),
        parameter(
            "w",
            Unit::Count,
            (0, 0),
            (0, 100),
            "How many must store a write; 0 for a majority of N.",
        ),
        choice(
            "quorum",
            Unit::Choice(&["strict", "as-set", "sloppy"]),
            "Whose answers count: those of the N servers that keep the key, with R raised until \
             reads meet writes; those, with R and W as they are set; or the first N that answer.",
        ),
        choice(
            "conflicts",
            Unit::Choice(&["siblings", "last-write-wins"]),
            "What becomes of versions of which none has seen another.",
        ),
        choice(
            "read-repair",
            Unit::Choice(&["on", "off"]),
            "Whether a read brings stale replicas up to date.",
        ),
        choice(
            "anti-entropy",
            Unit::Choice(&["on", "off"]),
            "Whether replicas compare what they have.",
        ),
        parameter(
            "silence",
            Unit::Duration,
            (100_000, 100_000),
            (1_000, 60_000_000),
            "How long a coordinator waits for a replica before another stands in; at least four \
             times as long it waits for all.",
        ),
        parameter(
            "hand-off",
            Unit::Duration,
            (200_000, 200_000),
            (1_000, 60_000_000),
            "Between two tries to hand over what is kept on behalf of another.",
        ),
        parameter(
            "compare",
            Unit::Duration,
            (500_000, 500_000),
            (1_000, 60_000_000),
            "Between two comparisons with another server.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (500_000, 500_000),
            (1_000, 600_000_000),
            "How long a client waits for an answer.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (1, 1),
            (1, 1_000),
            "How often a client asks, each time another server; who writes again may write twice.",
        ),
        parameter(
            "resolution",
            Unit::Duration,
            (1, 1),
            (1, 60_000_000),
            "How fine timestamps are: times within one such step are the same.",
        ),
    ],
    operations: REGISTER_OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One version per dot", formal: "Distinct dots" },
        Check { plain: "Replicas never forget a write", formal: "Monotonic replicas" },
        Check { plain: "Acknowledged is on W disks", formal: "Durability" },
        Check { plain: "Acknowledged is not lost", formal: "Acknowledged survives" },
        Check { plain: "Reads see acknowledged writes", formal: "Regularity" },
        Check { plain: "Hints are kept until delivered", formal: "Handoff" },
        Check { plain: "Replicas that compared agree", formal: "Convergence" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: COMMON_BEYOND,
        live_while: prose(
            "R or W of the servers that keep the key, or with a sloppy quorum any so many, are \
             up and connected to the coordinator.",
        ),
    },
};
