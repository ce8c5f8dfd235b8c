//! What the lock service says of itself: names, numbers, sentences, and which promise holds under
//! which assumptions. Order matters: indexes are used.

use super::message::kind;
use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, Given, MessageKind, OFF_ON, Promise,
    Role, Sign, State, Unit, choice, event, message, parameter, promise, prose,
};
use crate::protocols::files::OPERATIONS;
use crate::protocols::raft;
use crate::world::Protocol;

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A server of the service asks for votes.
    pub const ELECTION: u8 = 0;
    /// It leads.
    pub const LEADER: u8 = 1;
    /// It leads no more.
    pub const STEP_DOWN: u8 = 2;
    /// A command is in the leader's log.
    pub const APPEND: u8 = 3;
    /// It is committed.
    pub const COMMIT: u8 = 4;
    /// The service grants a lock.
    pub const GRANT: u8 = 5;
    /// A lease is over for the service.
    pub const EXPIRE: u8 = 6;
    /// A lock is given back.
    pub const RELEASE: u8 = 7;
    /// A lease begins again.
    pub const RENEW: u8 = 8;
    /// A client has to wait.
    pub const WAIT: u8 = 9;
    /// The wait-for graph has a cycle.
    pub const DEADLOCK: u8 = 10;
    /// A client has the lock.
    pub const HOLD: u8 = 11;
    /// A client has read the file and changes it.
    pub const WORK: u8 = 12;
    /// A client has looked at its lease and writes.
    pub const CHECK: u8 = 13;
    /// A client sees that its lease is over.
    pub const LATE: u8 = 14;
    /// A client's write is refused.
    pub const REJECTED: u8 = 15;
    /// The store has written.
    pub const WRITE: u8 = 16;
    /// The store refuses a token.
    pub const FENCE: u8 = 17;
    /// The store refuses a write of a file that has changed.
    pub const CONFLICT: u8 = 18;
    /// A name has got its owner.
    pub const CLAIM: u8 = 19;
}

/// What of Raft's events is told here, too.
pub fn event_of_raft(raft: u8) -> Option<u8> {
    const SAME: &[(u8, u8)] = &[
        (raft::event::ELECTION, event::ELECTION),
        (raft::event::LEADER, event::LEADER),
        (raft::event::STEP_DOWN, event::STEP_DOWN),
        (raft::event::APPEND, event::APPEND),
        (raft::event::COMMIT, event::COMMIT),
    ];
    SAME.iter().find(|(known, _)| *known == raft).map(|(_, own)| *own)
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// At most one client relies on a lease of a lock.
    pub const ONE_HOLDER: u8 = 0;
    /// No token twice.
    pub const UNIQUE: u8 = 1;
    /// Tokens rise.
    pub const MONOTONIC: u8 = 2;
    /// No older holder writes after a newer one.
    pub const FENCED: u8 = 3;
    /// Nobody overwrites what it has not read.
    pub const NO_LOST_UPDATE: u8 = 4;
    /// The store's highest token never goes back.
    pub const HIGHEST: u8 = 5;
    /// The newest holder is not refused.
    pub const NEWEST: u8 = 6;
    /// A victim was part of a deadlock.
    pub const REAL_DEADLOCK: u8 = 7;
}

/// Places of the parameters.
pub mod parameter {
    /// Time between heartbeats.
    pub const HEARTBEAT: usize = 0;
    /// A follower's patience.
    pub const ELECTION: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
    /// How long a lease is.
    pub const LEASE: usize = 4;
    /// How long a client works on a file.
    pub const WORK: usize = 5;
    /// How far the rates of clocks may lie apart.
    pub const DRIFT_BOUND: usize = 6;
    /// The first token.
    pub const FIRST_TOKEN: usize = 7;
    /// Whether locks end by themselves.
    pub const LEASES: usize = 8;
    /// What the store looks at.
    pub const STORE: usize = 9;
    /// Whether clients take locks at all.
    pub const LOCKS: usize = 10;
    /// Whether a client looks at its lease before it writes.
    pub const LOOK: usize = 11;
    /// Whether a client keeps its lease alive.
    pub const KEEP_ALIVE: usize = 12;
    /// Whether deadlocks are looked for.
    pub const DEADLOCKS: usize = 13;
    /// How a name is registered.
    pub const CLAIMS: usize = 14;
}

use Field::{From, Index, Node, Term, To};

const RAFT_KINDS: usize = kind::FIRST as usize;
const OWN: &[MessageKind] = &[
    message("acquire", Sign::Ask, "lock?"),
    message("grant", Sign::Grant, "lock and token"),
    message("wait", Sign::Refuse, "wait"),
    message("deadlock", Sign::Refuse, "deadlock"),
    message("renew", Sign::Pulse, "still here"),
    message("renewed", Sign::Pulse, "still yours"),
    message("gone", Sign::Refuse, "no longer yours"),
    message("release", Sign::Request, "lock back"),
    message("released", Sign::Reply, "lock is back"),
    message("elsewhere", Sign::Refuse, "ask another"),
    message("claim", Sign::Request, "name?"),
    message("claimed", Sign::Reply, "name"),
    message("fetch", Sign::Request, "read"),
    message("fetched", Sign::Reply, "file"),
    message("write", Sign::Carry, "write"),
    message("written", Sign::Stored, "written"),
    message("rejected", Sign::Refuse, "token too old"),
    message("conflict", Sign::Refuse, "has changed"),
    message("read", Sign::Request, "read"),
    message("content", Sign::Reply, "file"),
];

/// Raft's messages, then the room's own.
const fn messages() -> [MessageKind; RAFT_KINDS + OWN.len()] {
    let of_raft = <raft::Raft as Protocol>::DECLARATION.messages;
    let mut all = [OWN[0]; RAFT_KINDS + OWN.len()];
    let mut k = 0;
    while k < all.len() {
        all[k] = if k < RAFT_KINDS { of_raft[k] } else { OWN[k - RAFT_KINDS] };
        k += 1;
    }
    all
}
const MESSAGES: &[MessageKind] = &messages();

const LEASES: Given = &[("leases", "on")];
const BY_TOKENS: Given = &[("store", "tokens"), ("locks", "on")];
const BY_TOKENS_CLAIMS: Given = &[("store", "tokens"), ("locks", "on"), ("claims", "cas")];
const BY_VERSIONS: Given = &[("store", "versions")];
const BY_VERSIONS_CLAIMS: Given = &[("store", "versions"), ("claims", "cas")];

/// What holds when. Tokens are promised whatever happens to time; leases are not: they rely on
/// clocks, and on nothing else.
///
/// - Tokens come out of Raft's log: unique and monotonic in an asynchronous system. That they
///   are *available* is what the service's liveness says: a majority up and connected.
/// - At most one client relies on a lease while clocks keep within the bound on their rates and
///   no machine is suspended. Pauses, crashes and the network are no matter.
/// - A store that looks at tokens needs none of that: no update is lost whatever leases do. Nor
///   is one lost by compare-and-set, with locks or without.
const PROMISES: &[Promise] = &[
    promise("One holder", LEASES, "synchronous"),
    promise("Unique tokens", &[], "asynchronous"),
    promise("Monotonic tokens", &[], "asynchronous"),
    promise("Fenced", BY_TOKENS, "asynchronous"),
    promise("No lost update", BY_TOKENS, "asynchronous"),
    promise("No lost update", BY_VERSIONS, "asynchronous"),
    promise("Monotonic store", &[], "asynchronous"),
    promise("Newest is welcome", &[], "asynchronous"),
    promise("Linearizable", BY_TOKENS_CLAIMS, "asynchronous"),
    promise("Linearizable", BY_VERSIONS_CLAIMS, "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
];

/// A lock service on Raft.
pub const DECLARATION: Declaration = Declaration {
    name: "lock",
    title: "Lock service",
    version: 2,
    source: prose(
        "Kleppmann, Designing Data-Intensive Applications, 2017, chapter 8, figures 8-4 and 8-5; How \
             to do distributed locking, 2016; Gray and Cheriton, Leases, 1989",
    ),
    epoch: "term",
    rack: "Logs",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[Role { prefix: 's', name: "storage" }],
    nodes: (1, 100),
    states: &[
        State { name: "follower", family: Family::Follows, shown: false },
        State { name: "candidate", family: Family::Seeks, shown: true },
        State { name: "leader", family: Family::Leads, shown: true },
        State { name: "storage", family: Family::Store, shown: true },
        State { name: "client", family: Family::Client, shown: false },
        State { name: "waiting", family: Family::Client, shown: true },
        State { name: "holder", family: Family::Client, shown: true },
    ],
    messages: MESSAGES,
    events: &[
        event("election", &[Node, Term], "It hears no leader and asks for votes.", "Raft §5.2"),
        event("leader", &[Node, Term, Index], "A majority voted for it.", "Raft §5.2"),
        event("step-down", &[Node, Term], "It saw a higher term.", "Raft §5.1"),
        event("append", &[Node, Term, Index], "A command is in the leader's log.", "Raft §5.3"),
        event("commit", &[Node, Term, Index], "It is on a majority of disks.", "Raft §5.3"),
        event(
            "grant",
            &[Node, To, Index],
            "The service grants a lock; the token is in its log.",
            "DDIA chapter 8, figure 8-5",
        ),
        event(
            "expire",
            &[Node, To, Index],
            "A lease has ended by the service's clock: the lock is free.",
            "Gray and Cheriton 1989",
        ),
        event("release", &[Node, To, Index], "A lock is given back.", ""),
        event("renew", &[Node, To, Index], "A lease begins again.", "Gray and Cheriton 1989"),
        event("queue", &[Node, To], "Somebody holds the lock: the client waits.", ""),
        event(
            "deadlock",
            &[Node, To],
            "Whoever the client would wait for waits for the client: it is refused.",
            "",
        ),
        event("hold", &[Node, Index], "A client has the lock, and a token.", ""),
        event("work", &[Node, Index], "A client has read the file and changes it.", ""),
        event(
            "check",
            &[Node, Index],
            "A client has looked at its lease, is content, and writes.",
            "Kleppmann 2016",
        ),
        event(
            "late",
            &[Node, Index],
            "A client sees that its lease is over and does not write.",
            "",
        ),
        event("rejected", &[Node, Index], "A client learns that its token is too old.", ""),
        event("write", &[Node, From, Index], "The store has written.", ""),
        event(
            "fence",
            &[Node, From, Index],
            "The store has seen a higher token and refuses this one.",
            "DDIA chapter 8, figure 8-5",
        ),
        event("conflict", &[Node, From], "The file has changed since the client read it.", ""),
        event("claim", &[Node, To], "A name has got its owner.", "DDIA chapter 9"),
    ],
    parameters: &[
        parameter(
            "heartbeat",
            Unit::Duration,
            (75_000, 75_000),
            (1_000, 10_000_000),
            "Time between a leader's heartbeats.",
        ),
        parameter(
            "election-timeout",
            Unit::DurationRange,
            (150_000, 300_000),
            (2_000, 60_000_000),
            "How long a follower waits for a leader, drawn anew each time.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 600_000_000),
            "How long a client waits before it asks again.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks, and how often it starts over, before it gives up.",
        ),
        parameter(
            "lease",
            Unit::Duration,
            (1_000_000, 1_000_000),
            (1_000, 600_000_000),
            "How long a lock is given for.",
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
        parameter(
            "first-token",
            Unit::Count,
            (1, 1),
            (1, 1_000_000),
            "The token of the first grant.",
        ),
        choice("leases", Unit::Choice(&["on", "off"]), "Whether a lock ends by itself."),
        choice(
            "store",
            Unit::Choice(&["tokens", "versions"]),
            "What the store looks at before it writes: the token, or whether the file is still as it was read.",
        ),
        choice("locks", Unit::Choice(&["on", "off"]), "Whether clients take locks at all."),
        choice(
            "look",
            Unit::Choice(&["on", "off"]),
            "Whether a client looks at its lease before it writes.",
        ),
        choice("keep-alive", OFF_ON, "Whether a client keeps its lease alive while it works."),
        choice(
            "deadlocks",
            Unit::Choice(&["detect", "ignore"]),
            "Whether the service looks for cycles of who waits for whom.",
        ),
        choice(
            "claims",
            Unit::Choice(&["cas", "check-then-put"]),
            "How a name is registered: by compare-and-set, or by looking and then writing.",
        ),
    ],
    operations: OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One holder at a time", formal: "One holder" },
        Check { plain: "No token twice", formal: "Unique tokens" },
        Check { plain: "Tokens rise", formal: "Monotonic tokens" },
        Check { plain: "No older holder writes after a newer", formal: "Fenced" },
        Check { plain: "No update is lost", formal: "No lost update" },
        Check { plain: "The highest token never goes back", formal: "Monotonic store" },
        Check { plain: "The newest holder is not refused", formal: "Newest is welcome" },
        Check { plain: "Only real deadlocks are broken", formal: "Real deadlocks" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            Beyond {
                fault: "wipe",
                because: prose("What is on a disk was promised: votes, tokens, the highest seen."),
                given: &[],
            },
            Beyond {
                fault: "disk lies",
                because: prose("What is acknowledged must be on the disk."),
                given: &[],
            },
            Beyond {
                fault: "drift",
                because: prose("A lease relies on clocks whose rates keep within the bound."),
                given: LEASES,
            },
            Beyond {
                fault: "suspend",
                because: prose(
                    "The clock of a suspended machine stands still: its lease seems to last.",
                ),
                given: LEASES,
            },
        ],
        live_while: prose("A majority of the lock service and the store are up and connected."),
    },
};
