//! What primary-backup says of itself: names, numbers, sentences, and which promise holds
//! under which assumptions. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Check, Declaration, Family, FaultModel, Field, KEY_VALUE_OPERATIONS, OFF_ON, Promise, Role,
    Sign, State, Unit, beyond, event, message, parameter, promise, prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A server's patience runs out and it asks what the others have.
    pub const ELECTION: u8 = 0;
    /// A server takes over.
    pub const LEADER: u8 = 1;
    /// A primary learns of a higher epoch.
    pub const STEP_DOWN: u8 = 2;
    /// A primary takes a client's command into its log.
    pub const APPEND: u8 = 3;
    /// A server removes entries that differ from the primary's.
    pub const TRUNCATE: u8 = 4;
    /// A primary acknowledges.
    pub const COMMIT: u8 = 5;
    /// The entry before the new ones does not match.
    pub const REFUSE: u8 = 6;
    /// A backup refuses a primary of a lower epoch.
    pub const FENCE: u8 = 7;
    /// A primary goes on without a backup.
    pub const EXCLUDE: u8 = 8;
    /// A primary counts on a backup again.
    pub const ADMIT: u8 = 9;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// No two servers, and no server twice, lead in one epoch.
    pub const EPOCHS: u8 = 0;
    /// Pb1.
    pub const ONE_PRIMARY: u8 = 1;
    /// Logs agree.
    pub const LOG_MATCHING: u8 = 2;
    /// What was acknowledged is in every later primary's log.
    pub const SURVIVES: u8 = 3;
    /// Acknowledged means on the disks that the mode asks for.
    pub const DURABILITY: u8 = 4;
    /// Epochs never go back.
    pub const MONOTONIC: u8 = 5;
}

/// Places of the parameters.
pub mod parameter {
    /// Time between heartbeats.
    pub const HEARTBEAT: usize = 0;
    /// A backup's patience.
    pub const PATIENCE: usize = 1;
    /// A client's patience with one try.
    pub const CLIENT_TIMEOUT: usize = 2;
    /// A client's tries.
    pub const CLIENT_TRIES: usize = 3;
    /// How long answers are waited for.
    pub const ANSWERS: usize = 4;
    /// When a client is answered.
    pub const MODE: usize = 5;
    /// Backups that must have it in `semi-sync`.
    pub const ACKS: usize = 6;
    /// Whether epochs are counted.
    pub const EPOCHS: usize = 7;
    /// Whether silent backups are excluded.
    pub const EXCLUDE: usize = 8;
}

use Field::{From, Index, Node, Term, To, Value};

/// Late or lost is what the failure detector takes for dead.
const TAKEN_FOR_DEAD: &str = "A primary that is only slow or far away is taken for dead, and another takes over beside it. \
     Without a quorum nothing stops the two.";

const EPOCHS: &[(&str, &str)] = &[("epochs", "on")];
const SYNC: &[(&str, &str)] = &[("mode", "sync")];
const SYNC_EPOCHS: &[(&str, &str)] = &[("mode", "sync"), ("epochs", "on")];
const WRITE_ALL: &[(&str, &str)] = &[("mode", "sync"), ("epochs", "on"), ("exclude", "off")];
const ASYNC: &[(&str, &str)] = &[("mode", "async")];

/// What holds when. Everything that is not here is a hope.
///
/// - Epochs are unique and on disk, so whatever happens no two servers lead in the same one, and
///   an entry is known by its index and epoch. That is all that epochs give: they make the old
///   primary's writes recognisable, they do not keep it from acknowledging some.
/// - In `sync` the primary waits for every backup that it does not take for dead. Where the
///   failure detector never errs (a synchronous system) nothing acknowledged is lost and clients
///   see one copy; without epochs only as long as nobody comes back.
/// - In `sync` with `exclude off` it waits for every backup, dead or not. Then whoever takes over
///   has everything, also in an asynchronous system; and one crash stops all writes. A quorum of
///   all, as it were.
/// - In `semi-sync` with K acks an acknowledged write survives in a synchronous system as long as
///   at most K servers, the primary included, are down before it has been copied again. That is
///   a count of failures and not of their kind, so it is not in this table.
/// - In `async` nothing that was acknowledged is safe from the first crash.
const PROMISES: &[Promise] = &[
    promise("Unique epochs", EPOCHS, "asynchronous"),
    promise("Log matching", EPOCHS, "asynchronous"),
    promise("Log matching", &[], "synchronous").crash_stop(),
    promise("Monotonic state", &[], "asynchronous"),
    promise("Assertions", &[], "asynchronous"),
    // One that restarts while another is already taking over may take over as well: the epochs
    // then decide, but for a moment there are two.
    promise("Pb1", &[], "synchronous").crash_stop(),
    promise("Acknowledged survives", SYNC, "synchronous").crash_stop(),
    promise("Acknowledged survives", SYNC_EPOCHS, "synchronous"),
    promise("Acknowledged survives", WRITE_ALL, "asynchronous"),
    promise("Durability", SYNC, "synchronous").crash_stop(),
    promise("Durability", SYNC_EPOCHS, "synchronous"),
    promise("Durability", WRITE_ALL, "asynchronous"),
    promise("Durability", ASYNC, "asynchronous"),
    promise("Linearizable", SYNC, "synchronous").crash_stop(),
    promise("Linearizable", SYNC_EPOCHS, "synchronous"),
    promise("Linearizable", WRITE_ALL, "asynchronous"),
];

/// Primary-backup.
pub const DECLARATION: Declaration = Declaration {
    name: "primary-backup",
    title: "Primary-backup",
    version: 1,
    source: prose(
        "Budhiraja, Marzullo, Schneider and Toueg, The Primary-Backup Approach, 1993; Kleppmann, \
             Designing Data-Intensive Applications, 2017, chapter 5",
    ),
    epoch: "epoch",
    rack: "Logs",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 100),
    states: &[
        State { name: "backup", family: Family::Follows, shown: false },
        State { name: "asking", family: Family::Seeks, shown: true },
        State { name: "primary", family: Family::Leads, shown: true },
        State { name: "client", family: Family::Client, shown: false },
        State { name: "behind", family: Family::Learns, shown: true },
    ],
    messages: &[
        message("append", Sign::Carry, "entry"),
        message("stored", Sign::Stored, "on disk"),
        message("refused", Sign::Refuse, "refused"),
        message("fenced", Sign::Refuse, "refused"),
        message("heartbeat", Sign::Pulse, "heartbeat"),
        message("beat", Sign::Pulse, "heartbeat"),
        message("poll", Sign::Ask, "what have you?"),
        message("status", Sign::Grant, "what it has"),
        message("appoint", Sign::Grant, "take over"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
        message("redirect", Sign::Refuse, "refused"),
    ],
    events: &[
        event(
            "election",
            &[Node, Term, Index],
            "It hears no primary and asks what the others have.",
            "",
        ),
        event(
            "leader",
            &[Node, Term, Index],
            "It takes over: its log is the highest that it knows of.",
            "",
        ),
        event("step-down", &[Node, Term], "It hears of a higher epoch.", ""),
        event("append", &[Node, Term, Index], "A primary adds a client's command to its log.", ""),
        event(
            "truncate",
            &[Node, Term, Index],
            "Entries that differ from the primary's are removed.",
            "",
        ),
        event("commit", &[Node, Term, Index], "A primary acknowledges up to this entry.", ""),
        event(
            "refuse",
            &[Node, From, Term, Index],
            "The entry before the new ones does not match.",
            "",
        ),
        event("fence", &[Node, From, Term, Value], "A primary of a lower epoch is refused.", ""),
        event(
            "exclude",
            &[Node, To, Term, Index],
            "A primary takes a silent backup for dead and goes on.",
            "",
        ),
        event("admit", &[Node, To, Term, Index], "A primary counts on a backup again.", ""),
    ],
    parameters: &[
        parameter(
            "heartbeat",
            Unit::Duration,
            (75_000, 75_000),
            (1_000, 10_000_000),
            "Time between a primary's heartbeats.",
        ),
        parameter(
            "election-timeout",
            Unit::DurationRange,
            (200_000, 300_000),
            (2_000, 60_000_000),
            "How long a silent primary is taken for alive, drawn anew each time; a primary waits the longest of it for a backup.",
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
            "answer-timeout",
            Unit::Duration,
            (100_000, 100_000),
            (1_000, 60_000_000),
            "How long a server that hears no primary waits for the others' answers.",
        ),
        parameter(
            "mode",
            Unit::Choice(&["sync", "semi-sync", "async"]),
            (0, 0),
            (0, 2),
            "Which backups must have a write on disk before the client is answered: all, so many, none.",
        ),
        parameter(
            "acks",
            Unit::Count,
            (1, 1),
            (1, 100),
            "How many backups that are in the mode semi-sync.",
        ),
        parameter(
            "epochs",
            OFF_ON,
            (1, 1),
            (0, 1),
            "Whether primaries are told apart by epochs, and old ones fenced off.",
        ),
        parameter(
            "exclude",
            OFF_ON,
            (1, 1),
            (0, 1),
            "Whether the primary goes on without backups that it takes for dead.",
        ),
    ],
    operations: KEY_VALUE_OPERATIONS,
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "One primary per epoch", formal: "Unique epochs" },
        Check { plain: "One primary at a time", formal: "Pb1" },
        Check { plain: "Same index, same epoch: same log", formal: "Log matching" },
        Check { plain: "Acknowledged is not lost", formal: "Acknowledged survives" },
        Check { plain: "Acknowledged is on disk", formal: "Durability" },
        Check { plain: "Epochs never go back", formal: "Monotonic state" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: true,
    faults: FaultModel {
        beyond: &[
            beyond("wipe", "A server that forgets what it acknowledged may take over."),
            beyond("disk lies", "What is acknowledged must be on the disk."),
            beyond("disk slow", TAKEN_FOR_DEAD),
            beyond("pause", TAKEN_FOR_DEAD),
            beyond("suspend", TAKEN_FOR_DEAD),
            beyond("slow", TAKEN_FOR_DEAD),
            beyond("drift", TAKEN_FOR_DEAD),
            beyond("partition", TAKEN_FOR_DEAD),
            beyond("cut", TAKEN_FOR_DEAD),
            beyond("clog", TAKEN_FOR_DEAD),
            beyond("latency", TAKEN_FOR_DEAD),
            beyond("loss", TAKEN_FOR_DEAD),
            beyond("reorder", TAKEN_FOR_DEAD),
            beyond("bandwidth", TAKEN_FOR_DEAD),
            beyond("drop", TAKEN_FOR_DEAD),
            beyond("hold", TAKEN_FOR_DEAD),
            beyond("delay", TAKEN_FOR_DEAD),
        ],
        live_while: prose(
            "A server that has been up since the last primary was, or all of them, are up and connected; with exclude off all of them.",
        ),
    },
};
