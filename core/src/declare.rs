//! What a protocol says of itself: parameters, client operations, roles, messages, checks,
//! bugs, fault model. Parser, page, completion and docs all read this one declaration.
//! Never holds behaviour: only names, numbers and sentences.

use crate::scenario::ast::Name;

/// A sentence that only explains: left out of a build without the feature `prose`.
pub const fn prose(text: &'static str) -> &'static str {
    if cfg!(feature = "prose") { text } else { "" }
}

/// The unit in which a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Unit {
    /// A span of virtual time, `75ms`.
    Duration,
    /// A range of spans, `150ms..300ms`; a single span is the range of one.
    DurationRange,
    /// A plain number.
    Count,
    /// One of these words; the value is its place among them.
    Choice(&'static [&'static str]),
}

/// The choice between two: a feature that is there or not.
pub const OFF_ON: Unit = Unit::Choice(&["off", "on"]);

/// One parameter of a protocol, set in a text by `set NAME VALUE`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Parameter {
    /// The word in the text, kebab-case.
    pub name: &'static str,
    /// How its value is written.
    pub unit: Unit,
    /// Default (lowest, highest); equal for single values. µs for durations.
    pub default: (u64, u64),
    /// Smallest and largest value allowed. µs for durations.
    pub range: (u64, u64),
    /// One sentence.
    pub about: &'static str,
}

/// What an argument of a client operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Argument {
    /// A key such as `x`.
    Key,
    /// A value such as `100`. A workload that leaves it out gets a fresh unique number.
    Value,
}

/// What an argument of an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum OrderArgument {
    /// A server.
    Node,
    /// One server or more, up to the end of the line.
    Nodes,
    /// A plain number.
    Number,
}

/// What an operator tells a server: `tell leader transfer n3`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Order {
    /// The word in the text.
    pub name: &'static str,
    /// Its arguments in order.
    pub arguments: &'static [OrderArgument],
    /// What a menu says, `{n}` standing for the other server: "Hand over to {n}".
    pub label: &'static str,
    /// One sentence.
    pub about: &'static str,
}

/// A client operation, `put x 3`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Operation {
    /// The word in the text.
    pub name: &'static str,
    /// Its arguments in order.
    pub arguments: &'static [Argument],
    /// One sentence.
    pub about: &'static str,
}

/// A rule that can be switched off, and who really made that mistake.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Bug {
    /// The word after `with bug`, kebab-case.
    pub name: &'static str,
    /// The bit of the protocol's rules that it switches off.
    pub rule: u32,
    /// What the mended rule does, as the label of a button: "Keep votes on disk".
    pub repair: &'static str,
    /// What goes wrong without the rule, one sentence.
    pub about: &'static str,
    /// Paper section of the rule, or where the mistake was really made.
    pub source: &'static str,
}

/// A check that runs after every step.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Check {
    /// The plain name, as the page and (in lower case) the text say it: "One leader per term".
    pub plain: &'static str,
    /// The field's formal name: "Election safety".
    pub formal: &'static str,
}

/// A place-holder of an event that captions may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Field {
    /// The node where it happened.
    Node,
    /// Its term, ballot, view, ... at that moment.
    Term,
    /// A log index.
    Index,
    /// The other node: sender.
    From,
    /// The other node: receiver.
    To,
    /// A number that the event carries: what a client asks or is answered; of a protocol's own
    /// event what it marks as its epoch, where that is no epoch.
    Value,
}

impl Field {
    /// The word between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Field::Node => "node",
            Field::Term => "term",
            Field::Index => "index",
            Field::From => "from",
            Field::To => "to",
            Field::Value => "value",
        }
    }
}

/// An event that a text can name: `when NAME say ...`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EventKind {
    /// The word in the text.
    pub name: &'static str,
    /// The place-holders its captions may use.
    pub fields: &'static [Field],
    /// The rule that fired, one sentence.
    pub about: &'static str,
    /// Paper section, or empty for events of the world.
    pub source: &'static str,
    /// The bug without which it never happens, or empty.
    pub only_with: &'static str,
}

impl EventKind {
    /// It never happens unless this bug is switched on.
    #[must_use]
    pub const fn only_with(self, bug: &'static str) -> EventKind {
        EventKind { only_with: bug, ..self }
    }
}

/// A protocol's event of this name says that a server removes the end of its log: what went is
/// shown in the rack for a moment.
pub const TRUNCATE: &str = "truncate";

/// A protocol's event of this name says that a server records its state as its part of a
/// snapshot; its index is the snapshot's number. `Run::cuts` gathers them.
pub const CUT: &str = "record";

/// A protocol's event of this name says that a message leaves that cuts are judged by: its index
/// is the message's number among all that its node sends to that peer.
pub const LEAVES: &str = "transfer";

/// And this one that such a message is taken: with its sender as peer and the same index.
pub const TAKEN: &str = "receive";

/// Events of the world itself, known under every protocol.
pub const WORLD_EVENTS: &[EventKind] = &[
    world_event("crash", "Power is lost: what was not on disk is gone."),
    world_event("kill", "The process dies; what it wrote survives."),
    world_event("restart", "The node boots from its disk."),
    world_event("pause", "The process stops, its clock runs on."),
    world_event("resume", "The process goes on."),
    world_event("partition", "The network falls into groups."),
    world_event("cut", "A link stops carrying."),
    world_event("heal", "Cut links carry again."),
    world_event("wipe", "The disk is lost, and the process with it."),
    world_event("suspend", "The machine stops, its clocks too."),
    world_event("slow", "Everything takes the process longer, or no longer does."),
    world_event("disk", "Something is wrong with a disk, or no longer is."),
    world_event("clog", "A link holds back what is sent, or no longer does."),
    world_event("step", "A wall clock jumps."),
    world_event("slew", "A wall clock is led to another time."),
    world_event("drift", "A clock runs at another rate."),
    world_event("exit", "A process ends itself, or will not start from its disk."),
    event("request", &[Field::Node, Field::Value], "A client begins an operation.", ""),
    event("answer", &[Field::Node, Field::Value], "A client has its answer.", ""),
    event(
        "give-up",
        &[Field::Node, Field::Value],
        "A client stops waiting; its operation stays open.",
        "",
    ),
    event("lost", &[Field::From, Field::To], "A message will not arrive.", ""),
    event("gst", &[], "The global stabilisation time: from now on nothing is lost or late.", ""),
    event("core", &[], "Servers that suffice are made whole for good; the rest stays broken.", ""),
];

const fn world_event(name: &'static str, about: &'static str) -> EventKind {
    event(name, &[Field::Node], about, "")
}

/// How a node's state is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Family {
    /// Resting: tint and outline.
    Follows,
    /// Looking for votes or promises: dashed.
    Seeks,
    /// Acting as leader: filled, second ring.
    Leads,
    /// Listens, does not vote: small.
    Learns,
    /// A client: small ink square.
    Client,
    /// A store or lock service: square with a double base line.
    Store,
}

/// A state that a node can be in.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct State {
    /// The protocol's word: "candidate".
    pub name: &'static str,
    /// How it is drawn.
    pub family: Family,
    /// Whether the word stands beside the node (not for the resting state).
    pub shown: bool,
}

/// How a message is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Sign {
    /// Circle with "?".
    Ask,
    /// Filled circle with a tick.
    Grant,
    /// Open circle with a cross.
    Refuse,
    /// Filled square with a number.
    Carry,
    /// Open square with a tick.
    Stored,
    /// Dot.
    Pulse,
    /// Filled diamond.
    Request,
    /// Open diamond with a tick.
    Reply,
}

/// A kind of message.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageKind {
    /// The word in the text: `drop n3->n1 append #4`.
    pub name: &'static str,
    /// How it is drawn.
    pub sign: Sign,
    /// What the key calls it: "entry".
    pub label: &'static str,
}

/// A kind of node.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Role {
    /// The letter before the number: `n` for n1.
    pub prefix: char,
    /// The word: "server".
    pub name: &'static str,
}

/// Choices that must be made: name of the parameter, word.
pub type Given = &'static [(&'static str, &'static str)];

/// A fault that a protocol does not tolerate.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Beyond {
    /// Its word in `faults::FAULTS`.
    pub fault: &'static str,
    /// What it breaks, one sentence.
    pub because: &'static str,
    /// It breaks it only where these choices are made: name of the parameter, word.
    pub given: Given,
}

/// That a check is never violated, and under which assumptions: a protocol that relies on time,
/// or that has modes, promises not everything always.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Promise {
    /// The formal name of the check.
    pub check: &'static str,
    /// Choices that must be made: name of the parameter, word.
    pub given: Given,
    /// The weakest system under which it holds: `synchronous`, `partial` or `asynchronous`.
    pub timing: &'static str,
    /// The worst failures under which it holds: `crash-stop` or `crash-recovery`.
    pub failures: &'static str,
}

/// What a protocol tolerates and what breaks it, for the page's notes and for `chaos`.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FaultModel {
    /// Faults that break its safety. It survives all others of the vocabulary.
    pub beyond: &'static [Beyond],
    /// What liveness needs, one sentence.
    pub live_while: &'static str,
}

/// The fills of a log's cells.
pub const LOG_CELLS: [&str; 3] = ["written", "on disk", "committed"];

/// The fills of a register's cells: nothing ever counts as committed.
pub const REGISTER_CELLS: [&str; 3] = ["written", "on disk", ""];

/// Everything a protocol declares.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Declaration {
    /// The word after `protocol`.
    pub name: &'static str,
    /// Its name in running text: "Raft".
    pub title: &'static str,
    /// Raised when the protocol's events change for the same text.
    pub version: u32,
    /// The paper it implements.
    pub source: &'static str,
    /// What colour counts: "term".
    pub epoch: &'static str,
    /// What the rack shows, a heading: "Logs"; empty when there is no rack.
    pub rack: &'static str,
    /// What the three fills of its cells mean, lightest first: [`LOG_CELLS`]; one that does not
    /// occur is empty.
    pub cells: [&'static str; 3],
    /// Kinds of nodes: the first is what `nodes` counts, then clients.
    pub roles: &'static [Role],
    /// Nodes beyond those, one of each, between servers and clients: a storage, s1.
    pub services: &'static [Role],
    /// Smallest and largest number of nodes.
    pub nodes: (u16, u16),
    /// States; a node's view names one by its index.
    pub states: &'static [State],
    /// Messages; `Wire::kind` is the index.
    pub messages: &'static [MessageKind],
    /// Events that it marks; `Context::mark` takes the index.
    pub events: &'static [EventKind],
    /// Parameters.
    pub parameters: &'static [Parameter],
    /// Client operations.
    pub operations: &'static [Operation],
    /// What an operator can tell a server; `Process::on_order` takes the index.
    pub orders: &'static [Order],
    /// Rules that can be off.
    pub bugs: &'static [Bug],
    /// Checks; a violation names one by its index.
    pub checks: &'static [Check],
    /// What holds when; with none at all, every check within the fault model.
    pub promises: &'static [Promise],
    /// Whether nodes can start with a log (`log n1 1 1 4`).
    pub starting_log: bool,
    /// Fault model.
    pub faults: FaultModel,
}

/// An event that a protocol marks.
pub const fn event(
    name: &'static str,
    fields: &'static [Field],
    about: &'static str,
    source: &'static str,
) -> EventKind {
    EventKind { name, fields, about: prose(about), source: prose(source), only_with: "" }
}

/// A kind of message.
pub const fn message(name: &'static str, sign: Sign, label: &'static str) -> MessageKind {
    MessageKind { name, sign, label }
}

/// A parameter; durations in µs.
pub const fn parameter(
    name: &'static str,
    unit: Unit,
    default: (u64, u64),
    range: (u64, u64),
    about: &'static str,
) -> Parameter {
    Parameter { name, unit, default, range, about: prose(about) }
}

/// A parameter whose value is one of the unit's words, the first if the text says nothing.
pub const fn choice(name: &'static str, unit: Unit, about: &'static str) -> Parameter {
    let words = if let Unit::Choice(words) = unit { words.len() as u64 } else { 1 };
    parameter(name, unit, (0, 0), (0, words - 1), about)
}

/// A promise that holds however processes fail; `failures` can be set to less.
pub const fn promise(check: &'static str, given: Given, timing: &'static str) -> Promise {
    Promise { check, given, timing, failures: "crash-recovery" }
}

/// A fault that a protocol never tolerates.
pub const fn beyond(fault: &'static str, because: &'static str) -> Beyond {
    Beyond { fault, because: prose(because), given: &[] }
}

/// The operations of the key-value machine, which `machine::Command::parse` reads.
pub const KEY_VALUE_OPERATIONS: &[Operation] = &[
    Operation {
        name: "put",
        arguments: &[Argument::Key, Argument::Value],
        about: prose("Sets a key."),
    },
    Operation { name: "get", arguments: &[Argument::Key], about: prose("Reads a key.") },
    Operation {
        name: "cas",
        arguments: &[Argument::Key, Argument::Value, Argument::Value],
        about: prose("Sets a key if it has the first value."),
    },
    Operation {
        name: "append",
        arguments: &[Argument::Key, Argument::Value],
        about: prose("Adds to the end of a key's value."),
    },
];

/// Those of a register, which is only written and read.
pub const REGISTER_OPERATIONS: &[Operation] = KEY_VALUE_OPERATIONS.split_at(2).0;

/// What a process can hardly tolerate that relies on its disk.
pub const COMMON_BEYOND: &[Beyond] = &[
    Beyond {
        fault: "wipe",
        because: "What a server has on its disk is what it promised.",
        given: &[],
    },
    Beyond { fault: "disk lies", because: "What is acknowledged must be on the disk.", given: &[] },
];

impl Promise {
    /// It holds only where who crashes stays down.
    pub const fn crash_stop(self) -> Promise {
        Promise { failures: "crash-stop", ..self }
    }
}

impl Declaration {
    /// A small protocol of one's own: up to 100 servers without roles, clients that use the
    /// key-value machine, no parameters. What it has beyond that is set by
    /// `Declaration { states: MINE, ..Declaration::minimal("mine", MESSAGES) }`.
    pub const fn minimal(name: &'static str, messages: &'static [MessageKind]) -> Declaration {
        Declaration {
            name,
            title: name,
            version: 1,
            source: "",
            epoch: "",
            rack: "",
            cells: LOG_CELLS,
            roles: &[Role { prefix: 'n', name: "server" }, Role { prefix: 'c', name: "client" }],
            services: &[],
            nodes: (1, 100),
            states: &[State { name: "server", family: Family::Follows, shown: false }],
            messages,
            events: &[],
            parameters: &[],
            operations: KEY_VALUE_OPERATIONS,
            orders: &[],
            bugs: &[],
            checks: &[
                Check { plain: "Clients see one copy", formal: "Linearizable" },
                Check { plain: "Assumptions hold", formal: "Assertions" },
            ],
            promises: &[],
            starting_log: false,
            faults: FaultModel { beyond: COMMON_BEYOND, live_while: "" },
        }
    }

    /// How many nodes a run has beyond servers and clients.
    pub const fn services(&self) -> u16 {
        self.services.len() as u16
    }

    /// The name of a service by its place: s1, s2, t1.
    pub fn service(&self, place: u16) -> Name {
        let prefix = self.services[usize::from(place)].prefix;
        let before = self.services[..usize::from(place)].iter();
        let number = 1 + before.filter(|other| other.prefix == prefix).count() as u16;
        Name { prefix, number }
    }

    /// The place of the check to which broken assumptions belong.
    ///
    /// # Panics
    /// If there is none; at compile time where it is asked in a constant.
    pub const fn assertions(&self) -> u8 {
        let mut place = 0;
        while place < self.checks.len() {
            if same(self.checks[place].formal, "Assertions") {
                return place as u8;
            }
            place += 1;
        }
        panic!("the declaration's checks need one whose formal name is \"Assertions\"");
    }
}

/// Whether two texts are the same, known at compile time.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut same = a.len() == b.len();
    let mut k = 0;
    while same && k < a.len() {
        same = a[k] == b[k];
        k += 1;
    }
    same
}
