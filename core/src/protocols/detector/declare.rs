//! What the room declares: parameters, events, checks, promises.

use super::rules::BUGS;
use crate::declare::{
    Beyond, COMMON_BEYOND, Check, Declaration, Family, FaultModel, Field, Role, Sign, State, Unit,
    beyond, choice, event, message, parameter, promise, prose,
};

const OTHER: &[Field] = &[Field::Node, Field::To, Field::Index];
const OWN: &[Field] = &[Field::Node, Field::Index];

const fn late(fault: &'static str) -> Beyond {
    beyond(fault, "A fixed timeout takes whoever is late for dead.")
}

/// Failure detection.
pub(super) const DECLARATION: Declaration = Declaration {
    name: "detector",
    title: "Failure detection",
    version: 1,
    source: prose(
        "Chandra and Toueg, Unreliable Failure Detectors, 1996; Hayashibara et al., The φ Accrual \
         Failure Detector, 2004; Das, Gupta and Motivala, SWIM, 2002",
    ),
    epoch: "incarnation",
    rack: prose("Who lives"),
    cells: ["dead", "suspected", "alive"],
    roles: &[Role { prefix: 'n', name: "member" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 100),
    states: &[
        State { name: "member", family: Family::Follows, shown: false },
        State { name: "suspects", family: Family::Seeks, shown: true },
        State { name: "outvoted", family: Family::Learns, shown: true },
    ],
    messages: &[
        message("heartbeat", Sign::Pulse, "I live"),
        message("ping", Sign::Ask, "do you live?"),
        message("ack", Sign::Grant, "I do"),
    ],
    events: &[
        event("silent", OTHER, "A member has heard nothing of another for too long.", ""),
        event("hear", OTHER, "It hears it again.", ""),
        event("suspect", OTHER, "A member suspects another.", "SWIM §4.2"),
        event("dead", OTHER, "A member holds another for dead.", "SWIM §4.2"),
        event("alive", OTHER, "A higher incarnation says that it lives.", "SWIM §4.2"),
        event("refute", OWN, "A suspected member says that it lives.", "SWIM §4.2"),
        event(
            "step-down",
            OWN,
            "A member hears that a majority holds it for dead.",
            "Designing Data-Intensive Applications, chapter 8",
        ),
        event("return", OTHER, "There is no majority any more that holds it for dead.", ""),
    ],
    parameters: &[
        choice(
            "detector",
            Unit::Choice(&["heartbeat", "ping", "phi"]),
            "How a silence is measured.",
        ),
        choice(
            "verdict",
            Unit::Choice(&["alone", "majority", "refutable"]),
            "Who decides what a silence means.",
        ),
        parameter(
            "heartbeat",
            Unit::Duration,
            (75_000, 75_000),
            (1_000, 60_000_000),
            "Time between heartbeats, or pings.",
        ),
        parameter(
            "timeout",
            Unit::Duration,
            (250_000, 250_000),
            (1_000, 600_000_000),
            "How long a silence may be.",
        ),
        parameter(
            "threshold",
            Unit::Count,
            (80, 80),
            (1, 320),
            "Tenths of φ from which on phi suspects.",
        ),
        parameter(
            "window",
            Unit::Count,
            (100, 100),
            (2, 1_000),
            "How many intervals phi remembers.",
        ),
        parameter(
            "suspicion",
            Unit::Duration,
            (500_000, 500_000),
            (1_000, 600_000_000),
            "How long a suspected member has to refute that.",
        ),
    ],
    operations: &[],
    orders: &[],
    bugs: BUGS,
    checks: &[
        Check { plain: "Who is down is suspected by all", formal: "Completeness" },
        Check { plain: "Nobody who lives is suspected", formal: "Accuracy" },
        Check { plain: "Nobody who lives is held for dead", formal: "Confirmed in time" },
        Check { plain: "Only a suspect is held for dead", formal: "Suspected first" },
        Check { plain: "Who is dead stays dead", formal: "No resurrection" },
        Check { plain: "A majority decides who is dead", formal: "Majority" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[
        promise("Completeness", &[("detector", "heartbeat")], "synchronous"),
        promise("Completeness", &[("detector", "ping")], "synchronous"),
        promise("Accuracy", &[("detector", "heartbeat")], "synchronous"),
        promise("Accuracy", &[("detector", "ping")], "synchronous"),
        promise("Confirmed in time", &[("detector", "heartbeat")], "synchronous"),
        promise("Confirmed in time", &[("detector", "ping")], "synchronous"),
        promise("Suspected first", &[], "asynchronous"),
        promise("No resurrection", &[], "asynchronous"),
        promise("Majority", &[], "asynchronous"),
        promise("Assertions", &[], "asynchronous"),
    ],
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            COMMON_BEYOND[0],
            COMMON_BEYOND[1],
            late("loss"),
            late("drop"),
            late("hold"),
            late("delay"),
            late("cut"),
            late("partition"),
            late("clog"),
            late("latency"),
            late("reorder"),
            late("bandwidth"),
            late("order"),
            late("pause"),
            late("suspend"),
            late("slow"),
            late("drift"),
            late("disk slow"),
            late("disk full"),
            late("disk fails"),
        ],
        live_while: prose("Whoever is alive is heard in time."),
    },
};
