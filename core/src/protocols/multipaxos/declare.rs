//! What Multi-Paxos says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, Given, KEY_VALUE_OPERATIONS, Promise,
    Role, Sign, State, Unit, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A server's patience runs out and it asks for promises.
    pub const PREPARE: u8 = 0;
    /// An acceptor promises.
    pub const PROMISE: u8 = 1;
    /// A server has a phase-1 quorum.
    pub const LEADER: u8 = 2;
    /// A leader, or who wanted to be one, hears of a higher ballot.
    pub const STEP_DOWN: u8 = 3;
    /// A new leader proposes again what was reported.
    pub const TAKE_OVER: u8 = 4;
    /// A new leader fills a gap.
    pub const NO_OP: u8 = 5;
    /// A leader gives a client's command a slot.
    pub const PROPOSE: u8 = 6;
    /// A leader finds a phase-2 quorum.
    pub const CHOSEN: u8 = 7;
    /// An acceptor refuses.
    pub const REFUSE: u8 = 8;
    /// A learner asks for what it lacks.
    pub const MISSING: u8 = 9;
    /// A command is chosen, but one before it is not known.
    pub const GAP: u8 = 10;
    /// A leader answers a read by its lease.
    pub const LEASE_READ: u8 = 11;
    /// An acceptor ignores a prepare because it has granted a lease.
    pub const LEASE_HELD: u8 = 12;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// "Only a single value is chosen", for each slot.
    pub const AGREEMENT: u8 = 0;
    /// P2b, for each slot.
    pub const P2B: u8 = 1;
    /// A ballot has one value in each slot.
    pub const ONE_PROPOSAL: u8 = 2;
    /// A ballot has one leader.
    pub const ONE_LEADER: u8 = 3;
    /// P1a, also over restarts.
    pub const PROMISES: u8 = 4;
    /// Who takes a value for chosen is right: it is on a phase-2 quorum of synced disks.
    pub const DURABILITY: u8 = 5;
    /// Commands are executed in the order of the slots, everywhere the same.
    pub const STATE_MACHINE: u8 = 6;
}

use Field::{From, Index, Node, Term, To};

/// Places of the parameters.
pub mod parameter {
    /// Time between heartbeats.
    pub const HEARTBEAT: usize = 0;
    /// Range of election timeouts.
    pub const ELECTION: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
    /// Promises that a leader needs.
    pub const PHASE_1: usize = 4;
    /// Acceptances that choose.
    pub const PHASE_2: usize = 5;
    /// How reads are answered.
    pub const READS: usize = 6;
    /// How long a lease is.
    pub const LEASE: usize = 7;
    /// How far clocks may differ.
    pub const DRIFT: usize = 8;
}

/// The places of the words of `reads`.
const READS: &[&str] = &["log", "lease"];

const LEASE: Given = &[("reads", "lease")];

/// Safety needs no time; but a lease relies on the clocks.
const PROMISES: &[Promise] = &[
    promise("Agreement", &[], "asynchronous"),
    promise("P2b", &[], "asynchronous"),
    promise("Distinct ballots", &[], "asynchronous"),
    promise("Election safety", &[], "asynchronous"),
    promise("P1a", &[], "asynchronous"),
    promise("Durability", &[], "asynchronous"),
    promise("State machine safety", &[], "asynchronous"),
    promise("Linearizable", &[("reads", "log")], "asynchronous"),
    promise("Linearizable", LEASE, "synchronous"),
    promise("Assertions", &[], "asynchronous"),
];

/// Multi-Paxos.
pub const DECLARATION: Declaration = Declaration {
    name: "multipaxos",
    title: "Multi-Paxos",
    version: 1,
    source: prose(
        "Lamport, Paxos Made Simple, 2001, section 3; Chandra, Griesemer and Redstone, Paxos Made \
         Live, 2007; van Renesse and Altinbuken, Paxos Made Moderately Complex, 2015; Howard, \
         Malkhi and Spiegelman, Flexible Paxos, 2016",
    ),
    epoch: "ballot",
    rack: "Slots",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "follower", family: Family::Follows, shown: false },
        State { name: "preparing", family: Family::Seeks, shown: true },
        State { name: "leader", family: Family::Leads, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("prepare", Sign::Ask, "prepare?"),
        message("promise", Sign::Grant, "promise"),
        message("accept", Sign::Carry, "accept?"),
        message("accepted", Sign::Stored, "accepted"),
        message("nack", Sign::Refuse, "refused"),
        message("heartbeat", Sign::Pulse, "heartbeat"),
        message("beat", Sign::Pulse, "heartbeat"),
        message("missing", Sign::Ask, "missing?"),
        message("chosen", Sign::Carry, "chosen"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
        message("redirect", Sign::Refuse, "refused"),
    ],
    events: &[
        event(
            "prepare",
            &[Node, Term, Index],
            "Its patience passed without a leader: it asks for promises, for all slots at once.",
            "§3",
        ),
        event(
            "promise",
            &[Node, To, Term],
            "An acceptor will accept nothing below this ballot, and says what it has accepted.",
            "§2.2, phase 1 (b)",
        ),
        event("leader", &[Node, Term, Index], "A phase-1 quorum has promised.", "§3"),
        event("step-down", &[Node, Term], "It heard of a higher ballot.", "§2.5"),
        event(
            "take-over",
            &[Node, Term, Index],
            "A new leader proposes again what a promise reports for a slot.",
            "§3, P2c",
        ),
        event(
            "no-op",
            &[Node, Term, Index],
            "A new leader fills a slot for which no promise reports anything.",
            "§3",
        ),
        event(
            "propose",
            &[Node, Term, Index],
            "A leader gives a client's command the next slot.",
            "§3",
        ),
        event(
            "chosen",
            &[Node, Term, Index],
            "A phase-2 quorum has accepted in the leader's ballot.",
            "§2.2",
        ),
        event(
            "refuse",
            &[Node, From, Term],
            "An acceptor has promised a higher ballot.",
            "§2.2, P1a",
        ),
        event(
            "missing",
            &[Node, To, Index],
            "A learner lacks what is chosen, and asks for it.",
            "Chandra et al. 2007, §4.2",
        ),
        event(
            "gap",
            &[Node, Term, Index],
            "A command is chosen, but not all before it: it waits.",
            "§3",
        ),
        event(
            "lease-read",
            &[Node, Term, Index],
            "A leader answers a read from its own state: it holds a lease.",
            "Chandra et al. 2007, §5.2",
        ),
        event(
            "lease-held",
            &[Node, From, Term],
            "An acceptor has granted a lease: it ignores another's prepare.",
            "Chandra et al. 2007, §5.2",
        ),
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
            "A server's patience with a silent leader, drawn anew each time.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 60_000_000),
            "How long a client waits before it asks the next server.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks before it gives an operation up.",
        ),
        parameter(
            "phase-1-quorum",
            Unit::Count,
            (0, 0),
            (0, 100),
            "Promises that a leader needs; 0 for a majority. Raised until it meets every phase-2 \
             quorum.",
        ),
        parameter(
            "phase-2-quorum",
            Unit::Count,
            (0, 0),
            (0, 100),
            "Acceptances that choose a value; 0 for a majority.",
        ),
        parameter(
            "reads",
            Unit::Choice(READS),
            (0, 0),
            (0, READS.len() as u64 - 1),
            "How reads are answered: through the log, or by a leader's lease, which relies on the \
             clocks.",
        ),
        parameter(
            "lease",
            Unit::Duration,
            (120_000, 120_000),
            (1_000, 60_000_000),
            "How long an acceptor that answers a heartbeat promises nothing to others.",
        ),
        parameter(
            "clock-drift-bound",
            Unit::Count,
            (10_000, 10_000),
            (0, 2_000_000),
            "How much faster one server's clock may run than another's, in millionths: what leases \
             rely on.",
        ),
    ],
    operations: KEY_VALUE_OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One value per slot", formal: "Agreement" },
        Check { plain: "Above what is chosen, the same value", formal: "P2b" },
        Check { plain: "One value per slot and ballot", formal: "Distinct ballots" },
        Check { plain: "One leader per ballot", formal: "Election safety" },
        Check { plain: "Promises are kept", formal: "P1a" },
        Check { plain: "Chosen is on disk", formal: "Durability" },
        Check { plain: "Everyone applies the same", formal: "State machine safety" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            Beyond {
                fault: "wipe",
                because: prose("What an acceptor has on its disk is what it promised."),
                given: &[],
            },
            Beyond {
                fault: "disk lies",
                because: prose("What is acknowledged must be on the disk."),
                given: &[],
            },
            Beyond {
                fault: "drift",
                because: prose(
                    "A lease relies on clocks that differ by no more than clock-drift-bound: by a slower one it outlives its leader.",
                ),
                given: LEASE,
            },
            Beyond {
                fault: "suspend",
                because: prose(
                    "A lease relies on a clock that runs: one that stood still does not know that the lease is over.",
                ),
                given: LEASE,
            },
        ],
        live_while: prose(
            "A phase-1 and a phase-2 quorum are up and connected for longer than an election takes.",
        ),
    },
};
