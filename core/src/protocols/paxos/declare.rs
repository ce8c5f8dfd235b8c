//! What Paxos says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Argument, COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, Operation, Role, Sign,
    State, Unit, event, message, parameter, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A proposer begins a ballot.
    pub const PREPARE: u8 = 0;
    /// An acceptor promises.
    pub const PROMISE: u8 = 1;
    /// A proposer has a quorum of promises that leave the value to it.
    pub const PROPOSE: u8 = 2;
    /// A proposer has a quorum of promises, and one of them reports a value.
    pub const TAKE_OVER: u8 = 3;
    /// An acceptor accepts.
    pub const ACCEPT: u8 = 4;
    /// An acceptor refuses.
    pub const REFUSE: u8 = 5;
    /// A proposer hears of a higher ballot and gives its own up.
    pub const ABANDON: u8 = 6;
    /// A learner finds a quorum that has accepted.
    pub const CHOSEN: u8 = 7;
    /// A server is told what was chosen.
    pub const LEARN: u8 = 8;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// "Only a single value is chosen" (§2.1).
    pub const AGREEMENT: u8 = 0;
    /// "Only a value that has been proposed may be chosen" (§2.1).
    pub const VALIDITY: u8 = 1;
    /// P2b (§2.2).
    pub const P2B: u8 = 2;
    /// A ballot has one value (§2.2: "different proposals have different numbers").
    pub const ONE_PROPOSAL: u8 = 3;
    /// P1a (§2.2), also over restarts (§2.5).
    pub const PROMISES: u8 = 4;
    /// "A process never learns that a value has been chosen unless it actually has been"
    /// (§2.1), and that is: on a quorum of synced disks.
    pub const DURABILITY: u8 = 5;
}

use Field::{Node, Term, To};

/// Places of the parameters.
pub mod parameter {
    /// Wait after a refusal.
    pub const BACK_OFF: usize = 0;
    /// A proposer's patience with one ballot.
    pub const ROUND: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
}

/// Single-decree Paxos.
pub const DECLARATION: Declaration = Declaration {
    name: "paxos",
    title: "Paxos",
    version: 1,
    source: prose("Lamport, Paxos Made Simple, 2001, section 2"),
    epoch: "ballot",
    rack: "Accepted",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "acceptor", family: Family::Follows, shown: false },
        State { name: "preparing", family: Family::Seeks, shown: true },
        State { name: "proposing", family: Family::Leads, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("prepare", Sign::Ask, "prepare?"),
        message("promise", Sign::Grant, "promise"),
        message("accept", Sign::Carry, "accept?"),
        message("accepted", Sign::Stored, "accepted"),
        message("nack", Sign::Refuse, "refused"),
        message("chosen", Sign::Pulse, "chosen"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
    ],
    events: &[
        event(
            "prepare",
            &[Node, Term],
            "A proposer begins a ballot above all that it knows of.",
            "§2.2, phase 1 (a)",
        ),
        event(
            "promise",
            &[Node, To, Term],
            "An acceptor will accept nothing below this ballot, and says what it has accepted.",
            "§2.2, phase 1 (b)",
        ),
        event(
            "propose",
            &[Node, Term],
            "A majority has promised and reports nothing: the proposer is free to choose.",
            "§2.2, phase 2 (a)",
        ),
        event(
            "take-over",
            &[Node, Term],
            "A majority has promised: the proposer takes the value of the highest ballot reported.",
            "§2.2, phase 2 (a), P2c",
        ),
        event("accept", &[Node, To, Term], "An acceptor accepts.", "§2.2, phase 2 (b)"),
        event(
            "refuse",
            &[Node, To, Term],
            "An acceptor has promised a higher ballot.",
            "§2.2, P1a",
        ),
        event(
            "abandon",
            &[Node, Term],
            "A proposer gives its ballot up and waits before it tries a higher one.",
            "§2.5",
        ),
        event("chosen", &[Node, Term], "A majority has accepted in one ballot.", "§2.2, §2.3"),
        event("learn", &[Node, Term], "A server is told what was chosen.", "§2.3"),
    ],
    parameters: &[
        parameter(
            "back-off",
            Unit::DurationRange,
            (0, 200_000),
            (0, 60_000_000),
            "How long a refused proposer waits before its next ballot, drawn anew each time.",
        ),
        parameter(
            "round-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 60_000_000),
            "How long a proposer waits for a majority before it begins a higher ballot.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (500_000, 500_000),
            (1_000, 600_000_000),
            "How long a client waits before it asks the next server.",
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
        name: "propose",
        arguments: &[Argument::Value],
        about: prose("Proposes a value; the answer is the one that was chosen."),
    }],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One value is chosen", formal: "Agreement" },
        Check { plain: "Only what was proposed", formal: "Validity" },
        Check { plain: "Above what is chosen, the same value", formal: "P2b" },
        Check { plain: "One value per ballot", formal: "Distinct ballots" },
        Check { plain: "Promises are kept", formal: "P1a" },
        Check { plain: "Chosen is on disk", formal: "Durability" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: COMMON_BEYOND,
        live_while: prose("A majority is up and connected, and one proposer is left alone."),
    },
};
