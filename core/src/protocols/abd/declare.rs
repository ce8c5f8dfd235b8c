//! What the ABD register says of itself: names, numbers, sentences. Order matters: indexes are
//! used.

use super::rules::BUGS;
use crate::declare::{
    COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, REGISTER_OPERATIONS, Role, Sign,
    State, Unit, event, message, parameter, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A writer has chosen its tag.
    pub const CHOOSE: u8 = 0;
    /// A reader writes back.
    pub const WRITE_BACK: u8 = 1;
    /// A replica takes a newer value.
    pub const STORE: u8 = 2;
    /// A replica keeps what it has.
    pub const KEEP: u8 = 3;
    /// An operation is done.
    pub const COMPLETE: u8 = 4;
    /// A client asks again.
    pub const ASK_AGAIN: u8 = 5;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// A tag has one value.
    pub const ONE_VALUE: u8 = 0;
    /// What a replica has acknowledged it keeps, and it never goes back.
    pub const MONOTONIC: u8 = 1;
    /// What an operation wrote or returned is on a majority of synced disks.
    pub const DURABILITY: u8 = 2;
}

/// Places of the parameters.
pub mod parameter {
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 0;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 1;
}

use Field::{Index, Node, Term};

/// The register of Attiya, Bar-Noy and Dolev, with many writers.
pub const DECLARATION: Declaration = Declaration {
    name: "abd",
    title: "ABD register",
    version: 1,
    source: prose(
        "Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems, 1995; \
         many writers: Lynch and Shvartsman 1997; crash-recovery: Guerraoui and Levy 2004",
    ),
    epoch: "tag",
    rack: "Registers",
    cells: crate::declare::REGISTER_CELLS,
    roles: &[Role { prefix: 'n', name: "replica" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "replica", family: Family::Follows, shown: false },
        State { name: "client", family: Family::Client, shown: false },
        State { name: "asking", family: Family::Client, shown: true },
        State { name: "telling", family: Family::Client, shown: true },
    ],
    messages: &[
        message("query", Sign::Ask, "what do you have?"),
        message("value", Sign::Grant, "this"),
        message("update", Sign::Carry, "take this"),
        message("ack", Sign::Stored, "taken"),
    ],
    events: &[
        event(
            "choose",
            &[Node, Term],
            "A writer has heard a majority and chooses a higher tag.",
            "Lynch and Shvartsman 1997",
        ),
        event(
            "write-back",
            &[Node, Term],
            "A reader tells a majority what it is about to return.",
            "Attiya, Bar-Noy and Dolev 1995",
        ),
        event("store", &[Node, Term, Index], "A replica takes a newer value.", ""),
        event("keep", &[Node, Term, Index], "A replica has this value, or a newer one.", ""),
        event("complete", &[Node, Term], "A majority has it: the operation is done.", ""),
        event(
            "ask-again",
            &[Node, Term],
            "A client asks those again that have not answered: the tag stays the same.",
            "",
        ),
    ],
    parameters: &[
        parameter(
            "client-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 600_000_000),
            "How long a client waits before it asks those again that have not answered.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks in one phase before it gives an operation up.",
        ),
    ],
    operations: REGISTER_OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One value per tag", formal: "Distinct tags" },
        Check { plain: "Replicas never go back", formal: "Monotonic tags" },
        Check { plain: "Answered is on a majority of disks", formal: "Durability" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: COMMON_BEYOND,
        live_while: prose("A majority is up and connected to the client. No clock matters."),
    },
};
