//! What Raft says of itself: names, numbers, sentences. Order matters: indexes are used.

use super::rules::BUGS;
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, KEY_VALUE_OPERATIONS, OFF_ON, Order,
    OrderArgument, Promise, Role, Sign, State, Unit, choice, event, message, parameter, promise,
    prose,
};

/// Indexes of `DECLARATION.events`.
pub mod event {
    /// A server's patience runs out and it asks for votes.
    pub const ELECTION: u8 = 0;
    /// A server gives its vote.
    pub const VOTE: u8 = 1;
    /// A candidate has a majority.
    pub const LEADER: u8 = 2;
    /// A leader learns of a higher term.
    pub const STEP_DOWN: u8 = 3;
    /// A leader takes a client's command into its log.
    pub const APPEND: u8 = 4;
    /// A server removes entries that conflict.
    pub const TRUNCATE: u8 = 5;
    /// A leader finds an entry on a majority of disks.
    pub const COMMIT: u8 = 6;
    /// The consistency check fails.
    pub const REFUSE: u8 = 7;
    /// A server's patience runs out and it asks whether it could win.
    pub const PRE_VOTE: u8 = 8;
    /// A server hears a leader and ignores a RequestVote.
    pub const IGNORE: u8 = 9;
    /// A leader has not heard a majority for too long.
    pub const NO_QUORUM: u8 = 10;
    /// A leader answers a read from its own state.
    pub const READ: u8 = 11;
    /// A leader begins to hand over.
    pub const TRANSFER: u8 = 12;
    /// It tells the other to start an election.
    pub const TIMEOUT_NOW: u8 = 13;
    /// It takes too long: it goes on leading.
    pub const ABORT: u8 = 14;
    /// A server takes a snapshot.
    pub const SNAPSHOT: u8 = 15;
    /// A leader begins to send one.
    pub const SEND_SNAPSHOT: u8 = 16;
    /// A follower takes one over.
    pub const INSTALL: u8 = 17;
    /// A leader begins to bring a new server up to date.
    pub const CATCH_UP: u8 = 18;
    /// A leader appends a configuration.
    pub const CHANGE: u8 = 19;
    /// A leader appends two configurations at once.
    pub const JOINT: u8 = 20;
    /// A leader that the committed configuration leaves out steps down.
    pub const LEAVE: u8 = 21;
    /// A leader is asked for a change while another is under way.
    pub const BUSY: u8 = 22;
    /// A leader gives a change up.
    pub const GIVE_UP_CHANGE: u8 = 23;
}

/// Indexes of `DECLARATION.states`, of servers that neither lead nor seek votes.
pub mod state {
    /// A voter.
    pub const FOLLOWER: u8 = 0;
    /// A member without a vote.
    pub const LEARNER: u8 = 5;
    /// No member.
    pub const OUTSIDE: u8 = 6;
}

/// Indexes of `DECLARATION.checks`.
pub mod check {
    /// Figure 3.
    pub const ELECTION_SAFETY: u8 = 0;
    /// Figure 3.
    pub const LEADER_APPEND_ONLY: u8 = 1;
    /// Figure 3.
    pub const LOG_MATCHING: u8 = 2;
    /// Figure 3.
    pub const LEADER_COMPLETENESS: u8 = 3;
    /// Figure 3.
    pub const STATE_MACHINE_SAFETY: u8 = 4;
    /// Committed means on a quorum of synced logs.
    pub const DURABILITY: u8 = 5;
    /// Term, vote and commit index never go back.
    pub const MONOTONIC: u8 = 6;
}

use Field::{From, Index, Node, Term, To};

/// The words of the parameter `reads`, in the order of `ReadMode`.
const READS: &[&str] = &["log", "index", "lease"];

/// Places of the orders.
pub mod order {
    /// Hand leadership over.
    pub const TRANSFER: u8 = 0;
    /// Take a snapshot.
    pub const SNAPSHOT: u8 = 1;
    /// Add a voter.
    pub const ADD: u8 = 2;
    /// Remove a server.
    pub const REMOVE: u8 = 3;
    /// Add a server without a vote, or take its vote away.
    pub const LEARNER: u8 = 4;
    /// Go over to these voters.
    pub const MEMBERS: u8 = 5;
}

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
    /// Whether a leader begins its term with an entry.
    pub const NO_OP: usize = 4;
    /// So many servers are the initial configuration.
    pub const MEMBERS: usize = 5;
    /// Ask first whether one could win.
    pub const PRE_VOTE: usize = 6;
    /// A leader without a majority steps down; who hears a leader ignores candidates.
    pub const CHECK_QUORUM: usize = 7;
    /// How reads are answered.
    pub const READS: usize = 8;
    /// How much faster one clock may run than another.
    pub const CLOCK_DRIFT_BOUND: usize = 9;
    /// Entries in one AppendEntries.
    pub const BATCH: usize = 10;
    /// Entries sent and not acknowledged.
    pub const IN_FLIGHT: usize = 11;
    /// A snapshot after so many entries.
    pub const SNAPSHOT_EVERY: usize = 12;
    /// So many items of a snapshot in a message.
    pub const SNAPSHOT_CHUNK: usize = 13;
}

/// Safety needs no time (paper, §5.6); but a lease relies on the clocks (dissertation §6.4.1).
const PROMISES: &[Promise] = &[
    promise("Election safety", &[], "asynchronous"),
    promise("Leader append-only", &[], "asynchronous"),
    promise("Log matching", &[], "asynchronous"),
    promise("Leader completeness", &[], "asynchronous"),
    promise("State machine safety", &[], "asynchronous"),
    promise("Durability", &[], "asynchronous"),
    promise("Monotonic state", &[], "asynchronous"),
    promise("Linearizable", &[("reads", "log")], "asynchronous"),
    promise("Linearizable", &[("reads", "index")], "asynchronous"),
    promise("Linearizable", &[("reads", "lease")], "synchronous"),
    promise("Assertions", &[], "asynchronous"),
];

/// Raft.
pub const DECLARATION: Declaration = Declaration {
    name: "raft",
    title: "Raft",
    version: 1,
    source: prose(
        "Ongaro and Ousterhout, In Search of an Understandable Consensus Algorithm \
             (extended version), 2014",
    ),
    epoch: "term",
    rack: "Logs",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 1_000),
    states: &[
        State { name: "follower", family: Family::Follows, shown: false },
        State { name: "candidate", family: Family::Seeks, shown: true },
        State { name: "leader", family: Family::Leads, shown: true },
        State { name: "client", family: Family::Client, shown: false },
        State { name: "pre-candidate", family: Family::Seeks, shown: true },
        State { name: "learner", family: Family::Learns, shown: true },
        State { name: "outside", family: Family::Learns, shown: true },
    ],
    messages: &[
        message("vote-request", Sign::Ask, "vote?"),
        message("vote-granted", Sign::Grant, "granted"),
        message("vote-refused", Sign::Refuse, "refused"),
        message("append", Sign::Carry, "entry"),
        message("stored", Sign::Stored, "on disk"),
        message("refused", Sign::Refuse, "refused"),
        message("heartbeat", Sign::Pulse, "heartbeat"),
        message("beat", Sign::Pulse, "heartbeat"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
        message("redirect", Sign::Refuse, "refused"),
        message("pre-vote-request", Sign::Ask, "vote?"),
        message("pre-vote-granted", Sign::Grant, "granted"),
        message("pre-vote-refused", Sign::Refuse, "refused"),
        message("timeout-now", Sign::Request, "request"),
        message("snapshot", Sign::Carry, "snapshot"),
        message("received", Sign::Pulse, "received"),
        message("installed", Sign::Stored, "on disk"),
    ],
    events: &[
        event(
            "election",
            &[Node, Term],
            "Its election timeout passed without a leader: it asks for votes.",
            "§5.2",
        ),
        event(
            "vote",
            &[Node, To, Term],
            "It votes, once in a term, for a log at least as up-to-date as its own.",
            "§5.2, §5.4.1",
        ),
        event("leader", &[Node, Term, Index], "A majority voted for it.", "§5.2"),
        event(
            "step-down",
            &[Node, Term],
            "It saw a higher term, or no majority answers it.",
            "§5.1",
        ),
        event(
            "append",
            &[Node, Term, Index],
            "A leader adds a client's command to its log.",
            "§5.3",
        ),
        event(
            "truncate",
            &[Node, Term, Index],
            "Entries that conflict with the leader's are removed.",
            "§5.3",
        ),
        event(
            "commit",
            &[Node, Term, Index],
            "An entry of the leader's term is on a majority of disks.",
            "§5.3, §5.4.2",
        ),
        event(
            "refuse",
            &[Node, From, Term, Index],
            "The entry before the new ones does not match.",
            "§5.3",
        ),
        event(
            "pre-vote",
            &[Node, Term],
            "Its election timeout passed without a leader: it asks whether it could win.",
            "dissertation §9.6",
        ),
        event(
            "ignore",
            &[Node, From, Term],
            "It has heard a leader within the election timeout and ignores who asks for its vote.",
            "dissertation §4.2.3",
        ),
        event(
            "no-quorum",
            &[Node, Term],
            "For an election timeout no majority has answered it: it steps down.",
            "dissertation §6.2",
        ),
        event(
            "read",
            &[Node, Term, Index],
            "A leader answers a read from its own state.",
            "dissertation §6.4",
        ),
        event(
            "transfer",
            &[Node, To, Term],
            "A leader takes no more commands and brings the other's log up to date.",
            "dissertation §3.10",
        ),
        event(
            "timeout-now",
            &[Node, To, Term],
            "A leader tells the other, whose log is complete, to start an election.",
            "dissertation §3.10",
        ),
        event(
            "abort",
            &[Node, To, Term],
            "The other has not taken over within an election timeout: the leader goes on.",
            "dissertation §3.10",
        ),
        event(
            "snapshot",
            &[Node, Term, Index],
            "A server writes its state down and forgets the log up to there.",
            "§7; dissertation §5.1",
        ),
        event(
            "send-snapshot",
            &[Node, To, Term, Index],
            "A follower needs entries that the leader has forgotten: it gets a snapshot.",
            "§7; dissertation §5.1",
        ),
        event(
            "install",
            &[Node, From, Term, Index],
            "A follower takes the leader's snapshot for its own state.",
            "§7, figure 13",
        ),
        event(
            "catch-up",
            &[Node, To, Term, Index],
            "Before a server is added the leader sends it the log: until then it is no member.",
            "dissertation §4.2.1",
        ),
        event(
            "change",
            &[Node, Term, Index],
            "A leader appends a configuration, which counts from here on.",
            "dissertation §4.1",
        ),
        event(
            "joint",
            &[Node, Term, Index],
            "A leader appends the old and the new configuration: a majority of each decides.",
            "§6; dissertation §4.3",
        ),
        event(
            "leave",
            &[Node, Term, Index],
            "A configuration without the leader is committed: it steps down.",
            "§6; dissertation §4.2.2",
        ),
        event(
            "busy",
            &[Node, Term, Index],
            "A change of the members is under way: there is one at a time.",
            "dissertation §4.1",
        ),
        event(
            "give-up-change",
            &[Node, Term, Index],
            "The new server does not catch up: it is not added.",
            "dissertation §4.2.1",
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
            "A follower's patience, drawn anew each time.",
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
            "no-op",
            OFF_ON,
            (0, 0),
            (0, 1),
            "A leader begins its term with an entry of its own, and so learns what is committed.",
        ),
        parameter(
            "members",
            Unit::Count,
            (0, 0),
            (0, 1_000),
            "So many servers, the first ones, are members from the start; 0: all of them.",
        ),
        choice(
            "pre-vote",
            OFF_ON,
            "Whether a server asks first if it could win an election, and stays in its term until \
             a majority says so (dissertation §9.6).",
        ),
        choice(
            "check-quorum",
            OFF_ON,
            "Whether a leader steps down that has not heard a majority for an election timeout \
             (dissertation §6.2), and a server that hears a leader ignores candidates (§4.2.3): \
             the second without the first would keep a leader that nobody can answer.",
        ),
        choice(
            "reads",
            Unit::Choice(READS),
            "How reads are answered: through the log; by a read index that a round of heartbeats \
             confirms (dissertation §6.4); by a lease (§6.4.1), which implies check-quorum and \
             relies on the clocks.",
        ),
        parameter(
            "clock-drift-bound",
            Unit::Count,
            (10_000, 10_000),
            (0, 1_000_000),
            "How much faster one server's clock may run than another's, in millionths: what \
             leases rely on (dissertation §6.4.1).",
        ),
        parameter(
            "batch",
            Unit::Count,
            (64, 64),
            (1, 1_000),
            "Entries in one AppendEntries, at most (dissertation §10.2.2).",
        ),
        parameter(
            "in-flight",
            Unit::Count,
            (256, 256),
            (1, 10_000),
            "Entries on their way to one follower, sent and not acknowledged, at most: what comes \
             meanwhile waits and goes in one batch (dissertation §10.2.2).",
        ),
        parameter(
            "snapshot-every",
            Unit::Count,
            (0, 0),
            (0, 1_000_000),
            "A server takes a snapshot when it has applied so many entries; 0: when it is told.",
        ),
        parameter(
            "snapshot-chunk",
            Unit::Count,
            (16, 16),
            (1, 1_000_000),
            "So many keys and sessions of a snapshot travel in one message.",
        ),
    ],
    operations: KEY_VALUE_OPERATIONS,
    orders: &[
        Order {
            name: "transfer",
            arguments: &[OrderArgument::Node],
            label: "Hand over to {n}",
            about: prose(
                "The leader hands its leadership over to that server (dissertation §3.10).",
            ),
        },
        Order {
            name: "snapshot",
            arguments: &[],
            label: "Take a snapshot",
            about: prose("The server writes its state down and forgets the log up to there."),
        },
        Order {
            name: "add",
            arguments: &[OrderArgument::Node],
            label: "Add {n}",
            about: prose("The leader brings that server up to date and gives it a vote (§4.2.1)."),
        },
        Order {
            name: "remove",
            arguments: &[OrderArgument::Node],
            label: "Remove {n}",
            about: prose("The leader takes that server out of the cluster (§4.2.2)."),
        },
        Order {
            name: "learner",
            arguments: &[OrderArgument::Node],
            label: "Let {n} learn",
            about: prose("The leader sends that server the log, without a vote (§4.2.1)."),
        },
        Order {
            name: "members",
            arguments: &[OrderArgument::Nodes],
            label: "",
            about: prose("The leader goes over to these voters by joint consensus (§4.3)."),
        },
    ],
    bugs: BUGS,
    checks: &[
        Check { plain: "One leader per term", formal: "Election safety" },
        Check { plain: "A leader never rewrites its log", formal: "Leader append-only" },
        Check { plain: "Same index, same term: same log", formal: "Log matching" },
        Check { plain: "Committed stays committed", formal: "Leader completeness" },
        Check { plain: "Everyone applies the same", formal: "State machine safety" },
        Check { plain: "Acknowledged is on disk", formal: "Durability" },
        Check { plain: "Terms and votes never go back", formal: "Monotonic state" },
        Check { plain: "Clients see one copy", formal: "Linearizable" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: PROMISES,
    starting_log: true,
    faults: FaultModel {
        beyond: &[
            Beyond {
                fault: "wipe",
                because: prose(
                    "A server that forgets its vote and its log votes twice, and entries that it acknowledged are gone.",
                ),
                given: &[],
            },
            Beyond {
                fault: "disk lies",
                because: prose(
                    "What a server acknowledges must be on its disk: a power cut shows that it is not.",
                ),
                given: &[],
            },
            Beyond {
                fault: "drift",
                because: prose(
                    "A lease read relies on clocks that differ by no more than clock-drift-bound: by a slower one a lease outlives its leader.",
                ),
                given: &[("reads", "lease")],
            },
            Beyond {
                fault: "suspend",
                because: prose(
                    "A lease read relies on a clock that runs: one that stood still does not know that the lease is over.",
                ),
                given: &[("reads", "lease")],
            },
        ],
        live_while: prose("A majority is up and connected for longer than an election takes."),
    },
};
