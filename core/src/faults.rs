//! The vocabulary of faults: each with its word in a text, what it models in the real world,
//! and the kind under which `chaos` draws it. Only names and sentences; what they do stands in
//! `world`.

use crate::declare::{Beyond, Declaration, Unit, prose};
use crate::scenario::ast::{Action, ChaosKind, DiskFault, Fate, Kind, Law, Scenario, Value};

/// One fault of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its word in a text: `pause`, `disk lies`.
    pub word: &'static str,
    /// What it models in the real world.
    pub models: &'static str,
    /// Under which kind `chaos` draws it.
    pub kind: ChaosKind,
}

const fn fault(word: &'static str, kind: ChaosKind, models: &'static str) -> Fault {
    Fault { word, models: prose(models), kind }
}

/// All of them.
pub const FAULTS: &[Fault] = &[
    fault("crash", ChaosKind::Crash, "Power is gone: a pulled plug, a reset, a kernel panic."),
    fault(
        "kill",
        ChaosKind::Crash,
        "The process dies, the machine lives: kill -9, the out-of-memory killer, a bug.",
    ),
    fault(
        "wipe",
        ChaosKind::Crash,
        "The machine comes back with an empty disk: replaced hardware, a container without its volume.",
    ),
    fault(
        "pause",
        ChaosKind::Pause,
        "The process stands still while its clock runs: a long garbage collection, kill -STOP, a starved machine.",
    ),
    fault(
        "suspend",
        ChaosKind::Pause,
        "The machine stands still with its clocks: a virtual machine suspended or moved, a closed lid.",
    ),
    fault(
        "slow",
        ChaosKind::Pause,
        "Everything takes longer: a noisy neighbour, a throttled processor, swapping.",
    ),
    fault(
        "partition",
        ChaosKind::Partition,
        "The network falls apart: a dead switch, a lost route, a cut line between data centres.",
    ),
    fault(
        "cut",
        ChaosKind::Link,
        "A link carries nothing: an unplugged cable; one way only: a wrong firewall rule.",
    ),
    fault(
        "clog",
        ChaosKind::Link,
        "Packets wait and then come all at once: a full buffer, a stalled proxy, TCP after an outage.",
    ),
    fault(
        "latency",
        ChaosKind::Link,
        "A longer way: a detour, a congested link, another continent.",
    ),
    fault("loss", ChaosKind::Link, "Packets vanish: an overflowing queue, a dirty optic, radio."),
    fault(
        "duplicate",
        ChaosKind::Link,
        "A packet comes twice: sent again although the first one had arrived.",
    ),
    fault("reorder", ChaosKind::Link, "Packets overtake each other: several paths, retries."),
    fault("bandwidth", ChaosKind::Link, "A thin link: what is large holds up what comes after it."),
    fault(
        "order",
        ChaosKind::Link,
        "How the transport keeps order: a stream as TCP, or single datagrams as UDP.",
    ),
    fault("drop", ChaosKind::Link, "This one packet is lost."),
    fault("hold", ChaosKind::Link, "This one packet hangs somewhere, for as long as you like."),
    fault(
        "delay",
        ChaosKind::Link,
        "This one packet is late: it is sent again, or takes a detour.",
    ),
    fault(
        "drift",
        ChaosKind::Clock,
        "A quartz runs fast or slow: some 50 ppm when it is well, far more when it is hot or emulated.",
    ),
    fault(
        "step",
        ChaosKind::Clock,
        "The wall clock jumps: NTP after an outage, a leap second, a hand on the settings.",
    ),
    fault("slew", ChaosKind::Clock, "NTP leads the wall clock to the right time, as adjtime does."),
    fault(
        "disk lies",
        ChaosKind::Disk,
        "The disk says “synced” and means its cache: a drive without power-loss protection, a host that ignores flushes.",
    ),
    fault(
        "disk fails",
        ChaosKind::Disk,
        "fsync returns an error: a dying drive, a lost volume. What it should have stored is gone.",
    ),
    fault(
        "disk full",
        ChaosKind::Disk,
        "No space is left: logs, a neighbour, a volume that was promised more than there is.",
    ),
    fault("disk tears", ChaosKind::Disk, "Power fails in the middle of a record."),
    fault(
        "disk slow",
        ChaosKind::Disk,
        "Syncs take long: a drive that retries or cleans up, a throttled volume.",
    ),
    fault(
        "disk corrupts",
        ChaosKind::Disk,
        "A record rots: a bad cell, a misdirected write, a bug in firmware. Its checksum tells.",
    ),
];

fn named(word: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|fault| fault.word == word)
}

/// The fault that a law is; none for one that lets everything through.
fn law(law: &Law) -> Option<&'static str> {
    Some(match law {
        Law::Loss(0) | Law::Duplicate(0) | Law::Reorder(0) | Law::Bandwidth(0) => return None,
        Law::Latency(..) => "latency",
        Law::Loss(_) => "loss",
        Law::Duplicate(_) => "duplicate",
        Law::Reorder(_) => "reorder",
        Law::Bandwidth(_) => "bandwidth",
        Law::Fifo(_) => "order",
    })
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Drop => "drop",
        Fate::Hold => "hold",
        Fate::Duplicate => "duplicate",
        Fate::Delay(_) => "delay",
    }
}

/// The fault that an action is; none for what ends a fault, a request, a caption.
pub fn of_action(action: &Action) -> Option<&'static Fault> {
    named(match action {
        Action::Crash(_) => "crash",
        Action::Kill(_) => "kill",
        Action::Wipe(_) => "wipe",
        Action::Pause(..) => "pause",
        Action::Suspend(..) => "suspend",
        Action::Slow(_, by_us, _) if *by_us > 0 => "slow",
        Action::Cut { .. } => "cut",
        Action::Partition(_) => "partition",
        Action::Clog { .. } => "clog",
        Action::Drift(_, ppm) if *ppm != 0 => "drift",
        Action::Step(..) => "step",
        Action::Slew(..) => "slew",
        Action::Network(_, of) => law(of)?,
        Action::Fate(of, _) => fate(*of),
        Action::Disk(_, fault, _) => match fault {
            DiskFault::Lies => "disk lies",
            DiskFault::Fails => "disk fails",
            DiskFault::Full => "disk full",
            DiskFault::Tears => "disk tears",
            DiskFault::Slow(_) => "disk slow",
            DiskFault::Corrupts(_) => "disk corrupts",
            DiskFault::Sound => return None,
        },
        _ => return None,
    })
}

/// The fault that a line is, whenever it acts.
pub fn of_line(kind: &Kind) -> Option<&'static Fault> {
    match kind {
        Kind::At { action, .. } | Kind::When { then: action, .. } => of_action(action),
        Kind::Fate { fate: of, .. } => named(fate(*of)),
        // How long the way is when a run begins is no fault.
        Kind::Network { law: Law::Latency(..), .. } => None,
        Kind::Network { law: of, .. } => named(law(of)?),
        _ => None,
    }
}

/// Whether a protocol tolerates a fault, with what the text sets.
pub fn tolerated(fault: &Fault, declaration: &Declaration, scenario: &Scenario) -> bool {
    of_model(fault, declaration, scenario).is_none()
}

/// Why a protocol does not tolerate a fault; empty when it does, and in a build without prose.
pub fn beyond(fault: &Fault, declaration: &Declaration, scenario: &Scenario) -> &'static str {
    of_model(fault, declaration, scenario).map_or("", |beyond| beyond.because)
}

fn of_model(
    fault: &Fault,
    declaration: &Declaration,
    scenario: &Scenario,
) -> Option<&'static Beyond> {
    let is_set = |choice: &(&str, &str)| chosen(choice.0, declaration, scenario) == choice.1;
    let breaks = |beyond: &&Beyond| beyond.fault == fault.word && beyond.given.iter().all(is_set);
    declaration.faults.beyond.iter().find(breaks)
}

/// The word that a text chooses for a parameter.
fn chosen<'a>(name: &str, declaration: &Declaration, scenario: &'a Scenario) -> &'a str {
    let set = scenario.lines().find_map(|(_, kind)| match kind {
        Kind::Set { name: of, value: Value::Word(word) } if of == name => Some(word.as_str()),
        _ => None,
    });
    let parameter = declaration.parameters.iter().find(|parameter| parameter.name == name);
    set.or_else(|| match parameter.map(|parameter| (parameter.unit, parameter.default.0)) {
        Some((Unit::Choice(words), place)) => words.get(place as usize).copied(),
        _ => None,
    })
    .unwrap_or("")
}
