//! What Kafka's replication says of itself: names, numbers, sentences, and which promise holds
//! under which assumptions. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Check, Declaration, Family, FaultModel, Field, KEY_VALUE_OPERATIONS, OFF_ON, Promise, Role,
    Sign, State, Unit, beyond, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A broker leads.
    pub const LEADER: u8 = 0;
    /// A leader hears that it is none.
    pub const STEP_DOWN: u8 = 1;
    /// A leader takes a record.
    pub const APPEND: u8 = 2;
    /// A follower cuts its log.
    pub const TRUNCATE: u8 = 3;
    /// The leader's high-water mark moves.
    pub const COMMIT: u8 = 4;
    /// The leader hears of other in-sync replicas.
    pub const ISR: u8 = 5;
    /// The controller no longer hears a broker.
    pub const GONE: u8 = 6;
    /// The controller lets one lead that is not in sync.
    pub const UNCLEAN: u8 = 7;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// No epoch has two leaders.
    pub const EPOCHS: u8 = 0;
    /// Logs agree where index and epoch do.
    pub const LOG_MATCHING: u8 = 1;
    /// Replicas agree below the high-water mark.
    pub const CONSISTENCY: u8 = 2;
    /// What was acknowledged is in every later leader's log.
    pub const SURVIVES: u8 = 3;
    /// Committed is on the in-sync replicas.
    pub const DURABILITY: u8 = 4;
    /// The high-water mark of a broker never goes back.
    pub const MONOTONIC: u8 = 5;
}

/// Places of the parameters.
pub mod parameter {
    /// Between signs of life.
    pub const HEARTBEAT: usize = 0;
    /// A broker's session.
    pub const SESSION: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
    /// How long a follower may lag.
    pub const LAG: usize = 4;
    /// Between checkpoints of the high-water mark.
    pub const CHECKPOINT: usize = 5;
    /// For whom a producer waits.
    pub const ACKS: usize = 6;
    /// In-sync replicas that there must be.
    pub const MIN_INSYNC: usize = 7;
    /// Unclean elections.
    pub const UNCLEAN: usize = 8;
    /// When a record counts.
    pub const FLUSH: usize = 9;
}

use Field::{Index, Node, Term, To, Value};

const CLEAN: &[(&str, &str)] = &[("unclean", "off"), ("flush", "sync")];
const ALL: &[(&str, &str)] = &[("acks", "all"), ("unclean", "off"), ("flush", "sync")];

/// What holds when. As the controller never forgets and there is only one, none of it but the
/// last line needs time: a broker wrongly taken for dead is fenced by its epoch, since the
/// high-water mark moves only with the in-sync replicas that the controller knows.
///
/// - After an unclean election replicas in sync remove what a deposed leader, once it runs again,
///   still counts as theirs: there a high-water mark says nothing of disks.
/// - With `acks all`, clean elections and records on disk, what was acknowledged stays. With
///   `flush async`, as Kafka is run, it stays while the machines keep power.
/// - Clients see one copy only in a synchronous system: a leader that does not know yet that it
///   is deposed answers reads from what it has. Kafka does not promise more.
const PROMISES: &[Promise] = &[
    promise("Unique epochs", &[], "asynchronous"),
    promise("Log matching", &[], "asynchronous"),
    promise("Replica consistency", CLEAN, "asynchronous"),
    promise("Acknowledged survives", ALL, "asynchronous"),
    promise("Durability", CLEAN, "asynchronous"),
    promise("Monotonic state", CLEAN, "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
    promise("Linearizable", ALL, "synchronous"),
];

/// A broker that is taken for dead goes on answering.
const STALE: &str =
    "A leader that is taken for dead answers reads from what it has while another leads.";

/// Kafka's replication.
pub const DECLARATION: Declaration = Declaration {
    name: "kafka",
    title: "Kafka",
    version: 1,
    source: prose(
        "Apache Kafka's replication of a partition: Wang and others, Building a Replicated Logging \
             System with Apache Kafka, 2015; KIP-101; KIP-279; KIP-497",
    ),
    epoch: "epoch",
    rack: "Partition",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 30),
    states: &[
        State { name: "controller", family: Family::Store, shown: true },
        State { name: "following", family: Family::Follows, shown: false },
        State { name: "truncating", family: Family::Seeks, shown: true },
        State { name: "leader", family: Family::Leads, shown: true },
        State { name: "waiting", family: Family::Learns, shown: true },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("alive", Sign::Pulse, "heartbeat"),
        message("metadata", Sign::Grant, "who leads"),
        message("alter-isr", Sign::Ask, "in-sync replicas?"),
        message("epoch-request", Sign::Ask, "where does it end?"),
        message("epoch-end", Sign::Grant, "there"),
        message("fetch", Sign::Stored, "I have"),
        message("nothing", Sign::Pulse, "nothing new"),
        message("records", Sign::Carry, "entry"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
        message("redirect", Sign::Refuse, "refused"),
    ],
    events: &[
        event("leader", &[Node, Term, Index], "The controller has named it.", ""),
        event("step-down", &[Node, Term], "The controller has named another.", ""),
        event("append", &[Node, Term, Index], "A leader takes a record from a producer.", ""),
        event(
            "truncate",
            &[Node, Term, Index],
            "A follower removes records that its leader does not have.",
            "KIP-101, KIP-279",
        ),
        event(
            "commit",
            &[Node, Term, Index],
            "All in-sync replicas have it: the high-water mark moves.",
            "",
        ),
        event("isr", &[Node, Term, Value], "The in-sync replicas have changed.", "KIP-497"),
        event("gone", &[Node, To, Term], "The controller takes a silent broker for dead.", ""),
        event("unclean", &[Node, To, Term], "One leads that was not in sync.", ""),
    ],
    parameters: &[
        parameter(
            "heartbeat",
            Unit::Duration,
            (75_000, 75_000),
            (1_000, 10_000_000),
            "Between a broker's signs of life; how long a fetch waits for records.",
        ),
        parameter(
            "session-timeout",
            Unit::Duration,
            (250_000, 250_000),
            (2_000, 60_000_000),
            "How long the controller takes a silent broker for alive.",
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
            "replica-lag",
            Unit::Duration,
            (300_000, 300_000),
            (2_000, 60_000_000),
            "How long a follower may lag before it is no longer in sync.",
        ),
        parameter(
            "checkpoint",
            Unit::Duration,
            (500_000, 500_000),
            (1_000, 60_000_000),
            "Between checkpoints of the high-water mark.",
        ),
        parameter(
            "acks",
            Unit::Choice(&["all", "leader"]),
            (0, 0),
            (0, 1),
            "Who must have a record before its producer is answered: all in-sync replicas, or the leader.",
        ),
        parameter(
            "min-insync",
            Unit::Count,
            (1, 1),
            (1, 30),
            "With fewer in-sync replicas nothing is taken with acks all.",
        ),
        parameter(
            "unclean",
            OFF_ON,
            (0, 0),
            (0, 1),
            "Whether a replica that is not in sync may lead when no other can.",
        ),
        parameter(
            "flush",
            Unit::Choice(&["sync", "async"]),
            (0, 0),
            (0, 1),
            "Whether a record counts when it is on disk, or, as Kafka has it, in memory.",
        ),
    ],
    operations: KEY_VALUE_OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One leader per epoch", formal: "Unique epochs" },
        Check { plain: "Same index, same epoch: same log", formal: "Log matching" },
        Check { plain: "Replicas agree below the mark", formal: "Replica consistency" },
        Check { plain: "Acknowledged is not lost", formal: "Acknowledged survives" },
        Check { plain: "Committed is on all in sync", formal: "Durability" },
        Check { plain: "The mark never goes back", formal: "Monotonic state" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            beyond("wipe", "A replica in sync that forgets what it has may lead."),
            beyond("disk lies", "What counts must be on the disk."),
            beyond("disk slow", STALE),
            beyond("pause", STALE),
            beyond("suspend", STALE),
            beyond("slow", STALE),
            beyond("drift", STALE),
            beyond("partition", STALE),
            beyond("cut", STALE),
            beyond("clog", STALE),
            beyond("latency", STALE),
            beyond("loss", STALE),
            beyond("reorder", STALE),
            beyond("bandwidth", STALE),
            beyond("drop", STALE),
            beyond("hold", STALE),
            beyond("delay", STALE),
        ],
        live_while: prose(
            "The controller and an in-sync replica are up and connected to each other and to the client.",
        ),
    },
};
