//! A declaration and texts for the tests of the language: Raft's words without its behaviour.

use crate::declare::*;

const NODE: &[Field] = &[Field::Node, Field::Term];
const KEY: &[Argument] = &[Argument::Key];
const KEY_VALUE: &[Argument] = &[Argument::Key, Argument::Value];
const FROM_TO: &[Argument] = &[Argument::Key, Argument::Value, Argument::Value];

const fn message(name: &'static str, sign: Sign) -> MessageKind {
    MessageKind { name, sign, label: "" }
}

const fn marked(name: &'static str, fields: &'static [Field]) -> EventKind {
    EventKind { name, fields, about: "", source: "", only_with: "" }
}

const fn operation(name: &'static str, arguments: &'static [Argument]) -> Operation {
    Operation { name, arguments, about: "" }
}

const fn order(name: &'static str, arguments: &'static [OrderArgument]) -> Order {
    Order { name, arguments, label: "", about: "" }
}

const fn bug(name: &'static str, rule: u32) -> Bug {
    Bug { name, rule, repair: "", about: "", source: "" }
}

const fn check(plain: &'static str, formal: &'static str) -> Check {
    Check { plain, formal }
}

const fn parameter(name: &'static str, unit: Unit, low: u64, high: u64) -> Parameter {
    Parameter { name, unit, default: (low, high), range: (1_000, 10_000_000), about: "" }
}

/// Raft, as a text sees it.
pub static RAFT: Declaration = Declaration {
    name: "raft",
    title: "Raft",
    version: 1,
    source: "",
    epoch: "term",
    rack: "Logs",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (1, 9),
    states: &[State { name: "follower", family: Family::Follows, shown: false }],
    messages: &[
        message("vote-request", Sign::Ask),
        message("vote-granted", Sign::Grant),
        message("vote-refused", Sign::Refuse),
        message("append", Sign::Carry),
        message("heartbeat", Sign::Pulse),
        message("stored", Sign::Stored),
        message("refused", Sign::Refuse),
        message("beat", Sign::Pulse),
        message("request", Sign::Request),
        message("reply", Sign::Reply),
    ],
    events: &[
        marked("election", NODE),
        marked("vote", &[Field::Node, Field::Term, Field::To]),
        marked("leader", NODE),
        marked("step-down", NODE),
        marked("append", &[Field::Node, Field::Term, Field::Index]),
        marked("truncate", &[Field::Node, Field::Index]),
        marked("commit", &[Field::Node, Field::Index]),
        marked("refuse", NODE),
    ],
    parameters: &[
        parameter("heartbeat", Unit::Duration, 75_000, 75_000),
        parameter("election-timeout", Unit::DurationRange, 150_000, 300_000),
        parameter("client-timeout", Unit::Duration, 500_000, 500_000),
        Parameter {
            name: "batch",
            unit: Unit::Count,
            default: (64, 64),
            range: (1, 1_000),
            about: "",
        },
        Parameter { name: "pre-vote", unit: OFF_ON, default: (0, 0), range: (0, 1), about: "" },
    ],
    operations: &[
        operation("put", KEY_VALUE),
        operation("get", KEY),
        operation("cas", FROM_TO),
        operation("append", KEY_VALUE),
    ],
    orders: &[
        order("transfer", &[OrderArgument::Node]),
        order("members", &[OrderArgument::Nodes]),
        order("snapshot", &[]),
    ],
    bugs: &[bug("forget-vote", 0), bug("forget-term", 1), bug("commit-earlier-term", 2)],
    checks: &[
        check("One leader per term", "Election safety"),
        check("A leader never rewrites its log", "Leader append-only"),
        check("Same index, same term: same log", "Log matching"),
        check("Committed stays committed", "Leader completeness"),
        check("Everyone applies the same", "State machine safety"),
        check("Acknowledged is on disk", "Durability"),
        check("Clients see one copy", "Linearizable"),
    ],
    promises: &[],
    starting_log: true,
    faults: FaultModel { beyond: &[], live_while: "" },
};

/// Texts that parse, each form of line at least once.
pub const TEXTS: &[&str] = &[
    "scenario \"The leader dies mid-write\"\nprotocol raft\nnodes 5\nseed 42\nlatency 20ms..40ms\n\
     client c1 every 100ms put x\n\nwhen crash say \"{node} is dead. Nobody knows yet.\"\n\
     when leader say \"{node} leads term {term}.\"\nat 900ms  crash leader\n\
     at 1500ms partition n1 n2 | n3 n4 n5\nat 2500ms heal\nat 2800ms restart all\nend 4s\n\n\
     expect linearizable\nexpect leader within 1s of crash\n",
    "protocol raft with bug forget-vote, forget-term\nnodes 3\nset heartbeat 50ms\n\
     set election-timeout 150ms..300ms\nset batch 8\ndisk 1ms..3ms\nloss 1%\n\
     loss n1->n2 0.5%\nduplicate 2%\nduplicate n2->n3 0.25%\nlatency n1->n2 5ms\nexpect violated one leader per term by 2s\n",
    "protocol raft\nnodes 4\nlog n1 1 1 4\nlog n2 1 1 2 2\nclient c1\nclient c2 at n3 every 250ms put x or get x or cas x 1 2\n\
     at 1s c1 put x 100\nat 1234.568ms c2 get x\nend 3600s\n",
    "protocol raft # the real one\n# drop one\ndrop n3->n1 append #4 # the fourth\nhold n1->n2 vote-request #1\n\
     delay n1->n2 append #2 by 50ms\nduplicate n1->n2 append #3\nat 300ms hold n1->n3 heartbeat #9\n\
     at 900ms deliver n1->n3 heartbeat #9\nat 901ms drop n1->n3 append #1\nat 902ms delay n2->n1 stored #1 by 1ms\n",
    "protocol raft\nat 250us pause n1 for 300ms\nat 1ms pause n1 n2 20ms\nat 2ms pause leader\nat 3ms resume all\n\
     at 4ms kill random\nat 5ms restart n1\nat 6ms cut n1->n2\nat 7ms cut n2--n3\nat 8ms heal n2--n3\nat 9ms heal\n\
     at 10ms drift n2 -500ppm\nat 11ms timeout follower\nat 12ms partition leader | majority\nat 13ms crash old-leader\n",
    "protocol raft\nlatency 20ms..40ms heavy\nreorder 5%\nbandwidth 100KB/s\norder n1->n2 fifo\nchaos seed=7 intensity=5 crash pause keep-majority from 1s until 3s\n\
     at 1ms suspend n1 for 2s\nat 2ms slow leader by 5ms for 1s\nat 3ms slow n1 by 0s\nat 4ms wipe n2\nat 5ms disk n1 lies for 2s\nat 6ms disk n2 slow by 20ms\n\
     at 7ms disk all corrupts last\nat 8ms disk n3 corrupts 4\nat 9ms disk n1 sound\nat 10ms disk n1 tears\nat 11ms disk n1 full\nat 12ms disk n1 fails for 1s\n\
     at 13ms clog n1->n2 for 500ms\nat 14ms clog n1--n3\nat 15ms latency n1->n2 200ms\nat 16ms loss 10%\nat 17ms duplicate n1->n2 5%\nat 18ms bandwidth none\n\
     at 19ms order datagram\nat 20ms step n2 by -5s\nat 21ms slew n2 by 20ms\nat 22ms slew n2 by -20ms at 5000ppm\nat 23ms reorder n2->n3 1%\n",
    "protocol raft\nchaos intensity=3\n",
    "protocol raft\nchaos intensity=10 clock disk link partition beyond-model\n",
    "protocol raft\nclient c1\nwhen leader of n1: pause n1 for 300ms\nwhen leader again by 2s: crash leader\n\
     when commit of n2 again say \"index {index} at {node}\" \"under\"\nwhen request: c1 put y\n\
     at 0s say \"It begins \\\"now\\\".\" \"And: # is no comment.\"\n",
    "protocol raft\nexpect leader\nexpect leader n2 at 3s\nexpect no leader at 10ms\nexpect committed 5\nexpect answered 10 at 4s\n\
     expect n1 term 2\nexpect n1 log 1 1 2 at 2s\nexpect one leader per term within 1s of heal\n\
     always same index, same term: same log\nnever n3 role leader\nalways acknowledged is on disk\n",
    "\u{feff}scenario “Typographic”\r\nprotocol\u{a0}raft\r\nat 1s cut n1→n2\r\nat 2s cut n1—n3\r\nlatency 1ms…2ms\r\n",
    "",
    "\n\n   # only a comment\n#\nprotocol raft\n\n",
];
