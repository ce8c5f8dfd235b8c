//! What the room declares: parameters, events, checks, promises.

use super::rules::BUGS;
use crate::declare::{
    Argument, COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, OFF_ON, Operation,
    Role, Sign, State, Unit, choice, event, message, parameter, promise, prose,
};

const HEARD: &[Field] = &[Field::Node, Field::From, Field::Term, Field::Index];
const OWN: &[Field] = &[Field::Node, Field::Term, Field::Index];

/// Gossip.
pub(super) const DECLARATION: Declaration = Declaration {
    name: "gossip",
    title: "Gossip",
    version: 1,
    source: prose(
        "Demers et al., Epidemic Algorithms for Replicated Database Maintenance, 1987; Pittel, On \
         Spreading a Rumor, 1987; Karp et al., Randomized Rumor Spreading, 2000",
    ),
    epoch: "stamp",
    // A thousand rows would be no rack: what a node knows is its colour.
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "node" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 1_000),
    states: &[
        State { name: "unaware", family: Family::Follows, shown: false },
        State { name: "tells", family: Family::Leads, shown: false },
        State { name: "knows", family: Family::Follows, shown: false },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("push", Sign::Carry, "rumour"),
        message("pull", Sign::Ask, "any news?"),
        message("tell", Sign::Carry, "rumour, asked for"),
        message("feedback", Sign::Stored, "news, or known"),
        message("compare", Sign::Ask, "all that I have"),
        message("differ", Sign::Carry, "what is newer"),
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
    ],
    events: &[
        event("tell", OWN, "A client tells a node something.", "Demers et al. §1"),
        event("learn", HEARD, "A node hears a rumour that is news to it.", "Demers et al. §1.4"),
        event("tire", OWN, "A node loses interest in a rumour.", "Demers et al. §1.4"),
        event("delete", OWN, "A client has a key deleted.", "Demers et al. §2"),
        event("repair", HEARD, "A node gets by comparison what it lacked.", "Demers et al. §1.3"),
        event("drop", OWN, "A node drops a death certificate.", "Demers et al. §2.1")
            .only_with("tombstone-too-soon"),
    ],
    parameters: &[
        choice(
            "exchange",
            Unit::Choice(&["push", "pull", "push-pull"]),
            "Whether who knows tells, or everybody asks, or both.",
        ),
        choice(
            "stop",
            Unit::Choice(&["never", "counter", "coin"]),
            "When a node loses interest in a rumour.",
        ),
        choice("feedback", OFF_ON, "Whether only contacts count in which the rumour was known."),
        parameter(
            "stop-after",
            Unit::Count,
            (2, 2),
            (1, 1_000),
            "k: after so many contacts, or after each with probability 1/k.",
        ),
        parameter(
            "round",
            Unit::Duration,
            (100_000, 100_000),
            (1_000, 60_000_000),
            "How long a round takes.",
        ),
        choice(
            "rounds",
            Unit::Choice(&["together", "apart"]),
            "Whether all begin their rounds at the same times.",
        ),
        parameter(
            "anti-entropy",
            Unit::Count,
            (0, 0),
            (0, 10_000),
            "In every so manieth round a node compares all that it has; 0 is never.",
        ),
        parameter(
            "tombstone-life",
            Unit::Duration,
            (1_000_000, 1_000_000),
            (1_000, 600_000_000),
            "How long a death certificate is kept by a node that drops it too soon.",
        ),
        parameter(
            "client-timeout",
            Unit::Duration,
            (150_000, 150_000),
            (1_000, 60_000_000),
            "How long a client waits before it asks the next node.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (20, 20),
            (1, 1_000),
            "How often a client asks before it gives an operation up.",
        ),
    ],
    operations: &[
        Operation {
            name: "tell",
            arguments: &[Argument::Key, Argument::Value],
            about: prose("Sets a key at one node, from where it spreads."),
        },
        Operation {
            name: "delete",
            arguments: &[Argument::Key],
            about: prose("Deletes a key at one node, from where that spreads."),
        },
        Operation {
            name: "read",
            arguments: &[Argument::Key],
            about: prose("What one node has heard of a key."),
        },
    ],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "Nobody knows what nobody told", formal: "No creation" },
        Check { plain: "One stamp, one value", formal: "Unique stamps" },
        Check { plain: "No node goes back", formal: "Monotonic state" },
        Check { plain: "What is dead stays dead", formal: "No resurrection" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[
        promise("No creation", &[], "asynchronous"),
        promise("Unique stamps", &[], "asynchronous"),
        promise("Monotonic state", &[], "asynchronous"),
        promise("No resurrection", &[], "asynchronous"),
        promise("Assertions", &[], "asynchronous"),
    ],
    starting_log: false,
    faults: FaultModel {
        beyond: COMMON_BEYOND,
        live_while: prose(
            "Whoever knows is connected, now and then, with whoever does not, and has not lost \
             interest, or compares.",
        ),
    },
};
