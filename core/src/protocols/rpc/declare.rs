//! What the room declares: parameters, events, checks, promises.

use super::rules::BUGS;
use crate::declare::{
    Argument, Beyond, COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, OFF_ON,
    Operation, Role, Sign, State, Unit, choice, event, message, parameter, promise, prose,
};

/// Remote procedure calls.
pub(super) const DECLARATION: Declaration = Declaration {
    name: "rpc",
    title: "Remote procedure call",
    version: 1,
    source: prose(
        "Birrell and Nelson, Implementing Remote Procedure Calls, 1984; Kleppmann, Designing \
         Data-Intensive Applications, 2017, chapter 8",
    ),
    epoch: "",
    rack: prose("Effects"),
    cells: crate::declare::REGISTER_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 9),
    states: &[
        State { name: "server", family: Family::Store, shown: false },
        State { name: "client", family: Family::Client, shown: false },
    ],
    messages: &[
        message("request", Sign::Request, "request"),
        message("reply", Sign::Reply, "reply"),
    ],
    events: &[
        event(
            "execute",
            &[Field::Node, Field::From, Field::Index],
            "The server does what is asked.",
            "Birrell and Nelson §3",
        ),
        event(
            "repeat",
            &[Field::Node, Field::From, Field::Index],
            "The server knows the key: it gives the answer of the first time.",
            "Viewstamped Replication Revisited §4.1",
        ),
        event(
            "stale",
            &[Field::Node, Field::From, Field::Index],
            "The key is older than the last one of this client, who has gone on.",
            "Viewstamped Replication Revisited §4.1",
        ),
        event(
            "timeout",
            &[Field::Node, Field::To, Field::Index],
            "The client has heard nothing. It cannot tell why.",
            "",
        ),
        event("retry", &[Field::Node, Field::To, Field::Index], "The client asks again.", ""),
    ],
    parameters: &[
        choice(
            "retry",
            Unit::Choice(&["never", "until-answered"]),
            "What a client does that hears nothing.",
        ),
        choice("keys", OFF_ON, "Whether a request carries a key by which a retry is known."),
        parameter(
            "client-timeout",
            Unit::Duration,
            (150_000, 150_000),
            (1_000, 60_000_000),
            "How long a client waits for an answer.",
        ),
        parameter(
            "client-tries",
            Unit::Count,
            (100, 100),
            (1, 100_000),
            "How often a client that retries asks before it gives an operation up.",
        ),
        parameter(
            "table-size",
            Unit::Count,
            (1, 1),
            (1, 1_000),
            "How many keys a server keeps that evicts early.",
        ),
    ],
    operations: &[
        Operation {
            name: "add",
            arguments: &[Argument::Value],
            about: prose("Adds a number to the server's counter; 1 if it is left out."),
        },
        Operation { name: "read", arguments: &[], about: prose("Reads the server's counter.") },
    ],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "No operation takes effect twice", formal: "At most once" },
        Check { plain: "What is answered has taken effect", formal: "At least once" },
        Check { plain: "An answer is one's own", formal: "Own answer" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[
        // A network may deliver a request twice: without keys that is promised by nobody. In the
        // fault model of `keys off` it does not.
        promise("At most once", &[("retry", "never"), ("keys", "off")], "synchronous"),
        promise("At most once", &[("keys", "on")], "asynchronous"),
        promise("At least once", &[], "asynchronous"),
        promise("Own answer", &[], "asynchronous"),
        promise("Assertions", &[], "asynchronous"),
    ],
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            COMMON_BEYOND[0],
            COMMON_BEYOND[1],
            Beyond {
                fault: "duplicate",
                because: prose("Without a key a request that comes twice is done twice."),
                given: &[("keys", "off")],
            },
        ],
        live_while: prose("The server that a client asks is up and connected."),
    },
};
