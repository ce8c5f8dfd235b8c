//! Random scenarios of a protocol, one for each seed, as texts: every knob is drawn anew for every
//! seed (swarm testing, Groce et al. 2012), because no single mix of faults finds every
//! mistake. Stays inside the protocol's fault model: a violation found here is a real one. What
//! differs between protocols stands in `dialect`.

use super::dialect::{Dialect, Pace, dialect};
use super::trials::{System, Trial};
use crate::declare::{Parameter, Unit};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::protocols::DECLARATIONS;
use crate::scenario::ast::*;
use crate::scenario::parse;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// What of a run its other parts are measured by.
struct Frame {
    dialect: &'static Dialect,
    nodes: u16,
    clients: u16,
    /// Mean latency, µs.
    latency_us: u64,
    /// Longest election timeout, µs.
    election_us: u64,
    end_us: u64,
}

/// The text of the random Raft run of this seed, with some of its rules off.
pub fn random_text(seed: u64, bugs: &[String]) -> String {
    random_scenario(seed, bugs).to_string()
}

/// The random Raft run of this seed.
pub fn random_scenario(seed: u64, bugs: &[String]) -> Scenario {
    random_scenario_of("raft", seed, bugs)
}

/// The text of the random run of this protocol and seed, with some of its rules off.
pub fn random_text_of(protocol: &str, seed: u64, bugs: &[String]) -> String {
    random_scenario_of(protocol, seed, bugs).to_string()
}

/// The random run of this protocol and seed. One without a dialect has a trial in its declared
/// fault model, its choices drawn.
pub fn random_scenario_of(protocol: &str, seed: u64, bugs: &[String]) -> Scenario {
    let Some(dialect) = dialect(protocol) else { return trial(protocol, seed, bugs) };
    let mut kinds = vec![
        Kind::Title(format!("Random run {seed}")),
        Kind::Protocol { name: dialect.protocol.to_string(), bugs: bugs.to_vec() },
        Kind::Seed(seed),
    ];
    let frame = header(dialect, seed, &mut kinds);
    let mut timed = Vec::new();
    faults(seed, &frame, &mut timed);
    named_messages(seed, &frame, &mut kinds, &mut timed);
    triggers(seed, &frame, &mut kinds, &mut timed);
    requests(seed, &frame, &mut timed);
    orders(seed, &frame, &mut timed);
    chaos(seed, &mut kinds);
    more_network(seed, &frame, &mut kinds);
    if relies_on_clocks(dialect, &kinds) {
        // What its clocks may do its dialect has said.
        timed.retain(|(_, action)| !matches!(action, Action::Drift(..)));
    }
    timed.retain(|&(time_us, _)| time_us < frame.end_us);
    timed.sort_by_key(|&(time_us, _)| time_us);
    kinds.extend(timed.into_iter().map(|(time_us, action)| Kind::At { time_us, action }));
    kinds.push(Kind::End(frame.end_us));
    let statements = kinds.into_iter().map(|kind| Statement { kind, comment: None }).collect();
    Scenario { statements }
}

/// Whether a protocol tolerates no drift, whatever it is set to, and the text promises time.
fn relies_on_clocks(dialect: &Dialect, kinds: &[Kind]) -> bool {
    let declared = DECLARATIONS.iter().find(|known| known.name == dialect.protocol);
    let beyond = declared.map_or(&[][..], |known| known.faults.beyond);
    let is_timeless = kinds.contains(&Kind::Timing(Timing::Asynchronous));
    !is_timeless && beyond.iter().any(|fault| fault.fault == "drift" && fault.given.is_empty())
}

fn is_tries(parameter: &Parameter) -> bool {
    parameter.name == "client-tries"
}

fn trial(protocol: &str, seed: u64, bugs: &[String]) -> Scenario {
    let mut dice = Dice::new(seed, Purpose::Generate, 9);
    let mut lines = String::new();
    let declared = DECLARATIONS.iter().find(|known| known.name == protocol);
    for parameter in declared.map_or(&[][..], |known| known.parameters) {
        if let Unit::Choice(words) = parameter.unit {
            lines.push_str(&format!("set {} {}\n", parameter.name, dice.pick(words)));
        }
    }
    // Numbers for which one value would show little.
    let mut counts = Dice::new(seed, Purpose::Generate, 25);
    for (name, values) in [
        ("sources", [1, 1, 3, 3]),
        ("slew-rate", [500, 5_000, 83_333, 500_000]),
        ("anti-entropy", [0, 1, 3, 10]),
    ] {
        let value = counts.pick(&values);
        let is_count = |p: &Parameter| {
            p.name == name && !matches!(p.unit, Unit::DurationRange | Unit::Duration)
        };
        if declared.is_some_and(|known| known.parameters.iter().any(is_count)) {
            lines.push_str(&format!("set {name} {value}\n"));
        }
    }
    let bugs: Vec<&str> = bugs.iter().map(String::as_str).collect();
    // Where nothing is said of time only what needs no time is promised, whatever happens. A
    // protocol without such a table promises everything, but only within its fault model.
    let says_when = declared.is_some_and(|known| !known.promises.is_empty());
    let timeless = dice.percent(50);
    let system = if timeless && says_when { System::Wild } else { System::Calm };
    if timeless {
        lines.push_str("timing asynchronous\n");
    }
    let one_copy =
        declared.is_some_and(|known| known.checks.iter().any(|it| it.formal == "Linearizable"));
    if (!says_when || !one_copy)
        && declared.is_some_and(|known| known.parameters.iter().any(is_tries))
    {
        // Now and then a client loses its patience.
        lines.push_str(&format!("set client-tries {}\n", dice.pick(&[2, 3, 5, 20])));
    }
    let (least, most) = declared
        .map_or((2, 5), |known| (u64::from(known.nodes.0.max(2)), u64::from(known.nodes.1.min(5))));
    let trial =
        Trial { protocol, lines: lines.trim_end(), bugs: &bugs, system, nodes: (least, most) };
    parse(&trial.text(seed), DECLARATIONS).unwrap_or_default()
}

fn server(number: u64) -> Name {
    Name { prefix: 'n', number: number as u16 }
}

fn client(number: u64) -> Name {
    Name { prefix: 'c', number: number as u16 }
}

fn one(name: Name) -> Selector {
    Selector::Names(vec![name])
}

// ---- what runs ----

/// Nodes, network, disks, timeouts, clients; decides how long the run is.
fn header(dialect: &'static Dialect, seed: u64, kinds: &mut Vec<Kind>) -> Frame {
    let mut dice = Dice::new(seed, Purpose::Generate, 1);
    let nodes = *dice.pick(&[1, 2, 3, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 6, 7]);
    let unit_us = *dice.pick(&[1_000, 2_000, 5_000, 10_000, 20_000]);
    kinds.push(Kind::Nodes(nodes as u16));
    let latency = latency(&mut dice, unit_us);
    kinds.push(network(None, Law::Latency(latency, Spread::Uniform)));
    let mean_us = (latency.low + latency.high) / 2;
    let (low, high) = *dice.pick(&[(5, 20), (10, 100), (10, 100), (50, 300), (100, 600)]);
    let disk = Range { low: unit_us * low / 100, high: unit_us * high / 100 };
    kinds.push(Kind::Disk(disk));
    link_rates(&mut dice, nodes, unit_us, kinds);
    let (heartbeat_us, election) = timeouts(&mut dice, latency, disk);
    let pace = Pace { latency, disk, heartbeat_us, election, nodes };
    (dialect.parameters)(&pace, seed, kinds);
    let mut features = Dice::new(seed, Purpose::Generate, 9);
    if features.percent(60) {
        (dialect.features)(&pace, &mut features, kinds);
    }
    let operation_us = 4 * mean_us + disk.low + disk.high;
    let clients = *dice.pick(&[1, 2, 2, 3, 3, 4]);
    let mut dice = Dice::new(seed, Purpose::Generate, 2);
    let mut each_us = 0;
    for number in 1..=clients {
        let every_us = (mean_us * dice.between(50, 1_200) / 100).max(1_000);
        each_us += operation_us + every_us / 2;
        kinds.push(clients_line(dialect, &mut dice, number, nodes, every_us));
    }
    let patience_us = (operation_us * dice.between(100, 500) / 100).max(1_000);
    kinds.push(set("client-timeout", Range { low: patience_us, high: patience_us }));
    let tries = Value::Count(dice.between(3, 20));
    kinds.push(Kind::Set { name: "client-tries".to_string(), value: tries });
    // As long as this many steps take when nothing is wrong.
    let steps = dice.between(5_000, 12_000);
    let each_us = each_us / clients;
    let beats = if dialect.heartbeats { 2 * nodes - 1 } else { 0 };
    let per_second = clients * (dialect.operation_steps)(nodes) * 1_000_000 / each_us
        + beats * 1_000_000 / heartbeat_us;
    let end_us = (steps * 1_000_000 / per_second.max(1)).max(200 * each_us / clients);
    Frame {
        dialect,
        nodes: nodes as u16,
        clients: clients as u16,
        latency_us: mean_us,
        election_us: election.high,
        end_us: end_us.min(3_000_000_000),
    }
}

fn latency(dice: &mut Dice, unit_us: u64) -> Range {
    // From a steady network to one where a message overtakes a dozen others.
    let (low, high) = *dice.pick(&[(80, 120), (50, 150), (30, 200), (10, 400), (5, 1_000)]);
    Range { low: unit_us * low / 100, high: unit_us * high / 100 }
}

fn network(link: Option<Link>, law: Law) -> Kind {
    Kind::Network { link, law }
}

fn link_rates(dice: &mut Dice, nodes: u64, unit_us: u64, kinds: &mut Vec<Kind>) {
    if dice.percent(60) {
        let ppm = dice.small(150_000) as u32;
        kinds.push(network(None, Law::Loss(ppm)));
    }
    if dice.percent(50) {
        let ppm = dice.small(100_000) as u32;
        kinds.push(network(None, Law::Duplicate(ppm)));
    }
    if nodes < 2 || dice.percent(70) {
        return;
    }
    let (a, b) = dice.two_of(nodes);
    let link = Some(Link { from: server(a), to: server(b) });
    kinds.push(network(link, Law::Latency(latency(dice, 2 * unit_us), Spread::Uniform)));
    let ppm = dice.small(300_000) as u32;
    kinds.push(network(link, Law::Loss(ppm)));
    let ppm = dice.small(300_000) as u32;
    kinds.push(network(link, Law::Duplicate(ppm)));
}

pub(super) fn set(name: &str, range: Range) -> Kind {
    Kind::Set { name: name.to_string(), value: Value::Duration(range) }
}

/// Heartbeat and election timeout, mostly in ratios under which a leader lasts.
fn timeouts(dice: &mut Dice, latency: Range, disk: Range) -> (u64, Range) {
    let mean_us = (latency.low + latency.high) / 2;
    let heartbeat_us = (mean_us * dice.between(100, 400) / 100).max(1_000);
    let round_us = 2 * latency.high + 2 * disk.high;
    let least_us = (2 * heartbeat_us).max(round_us);
    let low = (least_us * dice.between(70, 250) / 100).max(2_000);
    // A narrow range splits votes.
    let width = *dice.pick(&[105, 120, 150, 150, 200, 200, 300]);
    let election = Range { low, high: low * width / 100 };
    (heartbeat_us, election)
}

fn clients_line(
    dialect: &Dialect,
    dice: &mut Dice,
    number: u64,
    nodes: u64,
    every_us: u64,
) -> Kind {
    let keys = &["x", "y", "z"][..dice.between(1, 3) as usize];
    let operations = (0..dice.between(1, 5)).map(|_| call(dialect, dice, keys)).collect();
    let at = dice.percent(30).then(|| server(dice.between(1, nodes)));
    Kind::Client { name: client(number), at, every_us: Some(every_us), operations }
}

fn call(dialect: &Dialect, dice: &mut Dice, keys: &[&str]) -> OperationCall {
    // A value left out is a fresh number; a few small ones let `cas` succeed now and then.
    const FORMS: &[&[&str]] = &[
        &["put"],
        &["put", "1"],
        &["get"],
        &["get"],
        &["append"],
        &["cas", "1", "2"],
        &["cas", "2", "1"],
        &["cas", "1"],
    ];
    let words = *dice.pick(FORMS);
    let key = dice.pick(keys).to_string();
    if !dialect.operation.is_empty() {
        return OperationCall { name: dialect.operation.to_string(), arguments: Vec::new() };
    }
    // A register knows neither `append` nor `cas`, and no value is written to it twice.
    let words: &[&str] = match words {
        ["append"] | ["put", _] if !dialect.knows("append") => &["put"],
        ["cas", "1", ..] if dialect.knows("snapshot") => &["snapshot", "y"],
        ["cas", ..] if !dialect.knows("cas") => &["get"],
        words => words,
    };
    let values = words[1..].iter().map(ToString::to_string);
    OperationCall {
        name: words[0].to_string(),
        arguments: core::iter::once(key).chain(values).collect(),
    }
}

// ---- what happens at a time ----

/// All kinds of fault that `chaos` knows.
pub(super) const CHAOS_KINDS: [ChaosKind; 6] = [
    ChaosKind::Crash,
    ChaosKind::Partition,
    ChaosKind::Pause,
    ChaosKind::Clock,
    ChaosKind::Disk,
    ChaosKind::Link,
];

type Timed = Vec<(u64, Action)>;

/// The kinds of fault that one seed draws from.
#[derive(Clone, Copy)]
enum Fault {
    Crash,
    Kill,
    CrashClient,
    Pause,
    PauseFor,
    CutOneWay,
    CutBothWays,
    Partition,
    Drift,
    Timeout,
}

const FAULTS: &[Fault] = &[
    Fault::Crash,
    Fault::Crash,
    Fault::Kill,
    Fault::CrashClient,
    Fault::Pause,
    Fault::PauseFor,
    Fault::CutOneWay,
    Fault::CutBothWays,
    Fault::Partition,
    Fault::Partition,
    Fault::Drift,
    Fault::Timeout,
];

/// Faults, each with its end, some time apart; at last all is well again in half the runs.
fn faults(seed: u64, frame: &Frame, timed: &mut Timed) {
    let mut dice = Dice::new(seed, Purpose::Generate, 3);
    let mut enabled: Vec<Fault> = FAULTS.iter().copied().filter(|_| dice.percent(60)).collect();
    let has_patience = !frame.dialect.messages.is_empty();
    enabled.retain(|fault| has_patience || !matches!(fault, Fault::Timeout));
    let (low, high) = *dice.pick(&[(1, 1), (1, 1), (1, 3), (2, 6), (2, 6), (5, 15), (20, 60)]);
    let mut time_us = 0;
    for _ in 0..300 {
        time_us += frame.election_us * dice.between(low * 50, high * 150) / 100;
        if time_us >= frame.end_us || enabled.is_empty() {
            break;
        }
        // How long it lasts: a moment, about an election, many elections.
        let (least, most) = *dice.pick(&[(0, 30), (30, 200), (30, 200), (100, 400), (300, 1_500)]);
        let lasts_us = frame.election_us * dice.between(least, most) / 100;
        let fault = *dice.pick(&enabled);
        one_fault(&mut dice, frame, fault, time_us, time_us + lasts_us.max(1), timed);
    }
    if dice.percent(50) {
        let calm_us = frame.end_us * 4 / 5;
        timed.retain(|&(time_us, _)| time_us < calm_us);
        timed.push((calm_us, Action::Heal(None)));
        timed.push((calm_us, Action::Restart(Selector::All)));
        timed.push((calm_us, Action::Resume(Selector::All)));
        for number in 1..=u64::from(frame.clients) {
            timed.push((calm_us, Action::Restart(one(client(number)))));
            timed.push((calm_us, Action::Resume(one(client(number)))));
        }
    }
}

fn one_fault(
    dice: &mut Dice,
    frame: &Frame,
    fault: Fault,
    from_us: u64,
    to_us: u64,
    timed: &mut Timed,
) {
    match fault {
        Fault::Crash | Fault::Kill => {
            let who = whom(dice, frame);
            let named = matches!(who, Selector::Names(_));
            let back = if named { who.clone() } else { Selector::All };
            let crash = matches!(fault, Fault::Crash);
            timed.push((from_us, if crash { Action::Crash(who) } else { Action::Kill(who) }));
            timed.push((to_us, Action::Restart(back)));
        }
        Fault::CrashClient => {
            let who = one(client(dice.between(1, u64::from(frame.clients))));
            timed.push((from_us, Action::Crash(who.clone())));
            timed.push((to_us, Action::Restart(who)));
        }
        Fault::Pause => {
            let who = one(any_node(dice, frame));
            timed.push((from_us, Action::Pause(who.clone(), None)));
            timed.push((to_us, Action::Resume(who)));
        }
        Fault::PauseFor => {
            let who = whom(dice, frame);
            timed.push((from_us, Action::Pause(who, Some(to_us - from_us))));
        }
        Fault::CutOneWay | Fault::CutBothWays => {
            let a = server(dice.between(1, u64::from(frame.nodes)));
            let b = other_node(dice, frame, a);
            let both = matches!(fault, Fault::CutBothWays);
            let (a, b) = if dice.percent(50) { (a, b) } else { (b, a) };
            timed.push((from_us, Action::Cut { a, b, both }));
            let all = dice.percent(20);
            timed.push((to_us, Action::Heal((!all).then_some((a, b)))));
        }
        Fault::Partition => {
            timed.push((from_us, Action::Partition(groups(dice, frame))));
            timed.push((to_us, Action::Heal(None)));
        }
        Fault::Drift => {
            let ppm = dice.small(300_000) as i32;
            let who = one(any_node(dice, frame));
            timed.push((from_us, Action::Drift(who, if dice.percent(50) { -ppm } else { ppm })));
        }
        Fault::Timeout => timed.push((from_us, Action::Timeout(whom(dice, frame)))),
    }
}

/// Whom a fault is for: mostly one server.
fn whom(dice: &mut Dice, frame: &Frame) -> Selector {
    match dice.between(0, 19) {
        0..=3 => Selector::Leader,
        4 => Selector::OldLeader,
        5 | 6 => Selector::Follower,
        7 | 8 => Selector::Random,
        9 => Selector::Majority,
        10 => Selector::All,
        _ => one(server(dice.between(1, u64::from(frame.nodes)))),
    }
}

fn any_node(dice: &mut Dice, frame: &Frame) -> Name {
    if dice.percent(15) {
        client(dice.between(1, u64::from(frame.clients)))
    } else {
        server(dice.between(1, u64::from(frame.nodes)))
    }
}

fn other_node(dice: &mut Dice, frame: &Frame, than: Name) -> Name {
    loop {
        let name = any_node(dice, frame);
        if name != than {
            return name;
        }
    }
}

/// In some runs everything else of the vocabulary as well, a little or a lot of it.
fn chaos(seed: u64, kinds: &mut Vec<Kind>) {
    let mut dice = Dice::new(seed, Purpose::Generate, 7);
    if dice.percent(65) {
        return;
    }
    let mut wanted: Vec<_> = CHAOS_KINDS.into_iter().filter(|_| dice.percent(50)).collect();
    let lease = Value::Word("lease".to_string());
    let by_lease = |kind: &Kind| matches!(kind, Kind::Set { value, .. } if *value == lease);
    let is_timed = kinds.iter().any(|kind| matches!(kind, Kind::Timing(_)));
    if !is_timed && kinds.iter().any(by_lease) {
        // A machine that is suspended does not see its lease run out: outside the model.
        wanted.retain(|kind| *kind != ChaosKind::Pause);
        if wanted.is_empty() {
            wanted.push(ChaosKind::Crash);
        }
    }
    kinds.push(Kind::Chaos(Chaos {
        seed: None,
        intensity: dice.between(1, 6) as u8,
        kinds: wanted,
        keep_majority: dice.percent(30),
        beyond_model: false,
        from_us: 0,
        until_us: None,
    }));
}

/// Links that are spread otherwise, reorder, are thin, or keep the order.
fn more_network(seed: u64, frame: &Frame, kinds: &mut Vec<Kind>) {
    let mut dice = Dice::new(seed, Purpose::Generate, 8);
    if dice.percent(60) {
        return;
    }
    let spread = *dice.pick(&[Spread::Uniform, Spread::Normal, Spread::Heavy]);
    for kind in kinds.iter_mut() {
        if let Kind::Network { law: Law::Latency(_, of), .. } = kind {
            *of = spread;
        }
    }
    if dice.percent(50) {
        kinds.push(network(None, Law::Reorder(dice.small(200_000) as u32)));
    }
    if dice.percent(30) {
        kinds.push(network(None, Law::Fifo(true)));
    }
    if dice.percent(30) {
        // So thin that a message of 100 bytes takes up to about as long as its way.
        let most = 100 * 1_000_000 / frame.latency_us.max(1);
        kinds.push(network(None, Law::Bandwidth(most * dice.between(1, 20) + 1)));
    }
}

/// Two or three groups; a client is in one of them or reaches everyone.
fn groups(dice: &mut Dice, frame: &Frame) -> Vec<Selector> {
    if frame.nodes > 1 && dice.percent(40) {
        // Clients still reach the lonely leader: its log grows and is overwritten later.
        return vec![Selector::Leader, Selector::All];
    }
    let count = if frame.nodes > 3 && dice.percent(25) { 3 } else { 2 };
    let mut groups: Vec<Vec<Name>> = vec![Vec::new(); count];
    let isolated = dice.percent(30).then(|| dice.between(1, u64::from(frame.nodes)));
    for number in 1..=u64::from(frame.nodes) {
        let group = match isolated {
            Some(alone) => usize::from(number != alone),
            None => dice.between(0, count as u64 - 1) as usize,
        };
        groups[group].push(server(number));
    }
    for number in 1..=u64::from(frame.clients) {
        if dice.percent(40) {
            groups[dice.between(0, count as u64 - 1) as usize].push(client(number));
        }
    }
    groups.retain(|group| !group.is_empty());
    if groups.len() < 2 {
        // A line needs two groups: the first client is alone.
        let alone = client(1);
        groups.iter_mut().for_each(|group| group.retain(|name| *name != alone));
        groups.insert(0, vec![alone]);
    }
    groups.into_iter().map(Selector::Names).collect()
}

// ---- single messages ----

/// Fates of single named messages; what is held is delivered some time later.
fn named_messages(seed: u64, frame: &Frame, kinds: &mut Vec<Kind>, timed: &mut Timed) {
    let mut dice = Dice::new(seed, Purpose::Generate, 4);
    if frame.nodes < 2 || dice.percent(50) {
        return;
    }
    for _ in 0..dice.between(1, 12) {
        let message = message(&mut dice, frame);
        let later_us = dice.between(0, frame.end_us);
        let fate = match dice.between(0, 3) {
            0 => Fate::Drop,
            1 => Fate::Hold,
            2 => Fate::Duplicate,
            _ => Fate::Delay(frame.election_us * dice.between(10, 800) / 100),
        };
        if fate == Fate::Hold {
            timed.push((later_us, Action::Deliver(message.clone())));
        }
        if dice.percent(60) {
            kinds.push(Kind::Fate { fate, message });
        } else {
            timed.push((later_us / 2, Action::Fate(fate, message)));
        }
    }
}

fn message(dice: &mut Dice, frame: &Frame) -> MessageName {
    let (a, b) = dice.two_of(u64::from(frame.nodes));
    let with_client = dice.percent(20) || frame.dialect.messages.is_empty();
    let asks = frame.dialect.asks();
    let who = client(dice.between(1, u64::from(frame.clients)));
    let (from, to, kinds): (Name, Name, &[&str]) = match with_client {
        true if dice.percent(50) => (who, server(a), &asks[..]),
        true => (server(a), who, frame.dialect.answers),
        false => (server(a), server(b), frame.dialect.messages),
    };
    let kind = dice.pick(kinds).to_string();
    let count = dice.small(200) as u32 + 1;
    MessageName { link: Link { from, to }, kind, count }
}

// ---- triggers ----

/// Faults at the worst moments: between what a handler decides and what leaves.
fn triggers(seed: u64, frame: &Frame, kinds: &mut Vec<Kind>, timed: &mut Timed) {
    let mut dice = Dice::new(seed, Purpose::Generate, 5);
    if dice.percent(65) {
        return;
    }
    let until_us = frame.end_us * dice.between(30, 90) / 100;
    for _ in 0..dice.between(1, 3) {
        kinds.push(trigger(&mut dice, frame, until_us));
    }
    let when = |name: &str, then: Action| Kind::When {
        event: EventName { name: name.to_string(), of: None },
        again: true,
        by_us: None,
        then,
    };
    if dice.percent(50) {
        // Back at once: only what was in memory is lost.
        kinds.push(when("crash", Action::Restart(Selector::All)));
        kinds.push(when("kill", Action::Restart(Selector::All)));
        return;
    }
    let gap_us = (frame.election_us * dice.between(50, 500) / 100).max(frame.end_us / 200);
    let mut time_us = gap_us;
    while time_us < frame.end_us {
        timed.push((time_us, Action::Restart(Selector::All)));
        time_us += gap_us;
    }
}

fn trigger(dice: &mut Dice, frame: &Frame, until_us: u64) -> Kind {
    let name = *dice.pick(frame.dialect.events);
    let rare = *dice.pick(frame.dialect.rare);
    let name = if dice.percent(20) { rare } else { name };
    let at = server(dice.between(1, u64::from(frame.nodes)));
    let of = dice.percent(60).then_some(at);
    let often = !frame.dialect.frequent.contains(&name);
    let who = match dice.between(0, 5) {
        0 => Selector::Random,
        1 => Selector::Leader,
        2 => Selector::Follower,
        _ => one(at),
    };
    let span_us = frame.latency_us * dice.between(50, 1_000) / 100;
    let then = match dice.between(0, 9) {
        0..=4 => Action::Crash(who),
        5 | 6 => Action::Kill(who),
        7 if !frame.dialect.messages.is_empty() => Action::Timeout(who),
        _ => Action::Pause(who, Some(span_us.max(1))),
    };
    Kind::When {
        event: EventName { name: name.to_string(), of },
        again: often && !matches!(then, Action::Timeout(_)) && dice.percent(70),
        by_us: Some(until_us),
        then,
    }
}

/// A few operations that lines ask for, beside the clients' own.
fn requests(seed: u64, frame: &Frame, timed: &mut Timed) {
    let mut dice = Dice::new(seed, Purpose::Generate, 6);
    for _ in 0..dice.between(0, 3) {
        let who = client(dice.between(1, u64::from(frame.clients)));
        let operation = call(frame.dialect, &mut dice, &["x", "y"]);
        timed.push((dice.between(1, frame.end_us), Action::Request(who, operation)));
    }
}

/// What an operator tells the servers, in some runs again and again.
fn orders(seed: u64, frame: &Frame, timed: &mut Timed) {
    let mut dice = Dice::new(seed, Purpose::Generate, 10);
    if dice.percent(60) {
        return;
    }
    for _ in 0..*dice.pick(&[1, 3, 10, 30]) {
        if let Some((whom, order)) = (frame.dialect.order)(&mut dice, u64::from(frame.nodes)) {
            timed.push((dice.between(1, frame.end_us), Action::Tell(whom, order)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::DECLARATIONS;
    use crate::scenario::parse;

    #[test]
    fn every_random_run_is_a_text() {
        for protocol in super::super::dialect::DIALECTS.iter().map(|known| known.protocol) {
            for seed in 0..500 {
                let scenario = random_scenario_of(protocol, seed, &[]);
                let text = scenario.to_string();
                match parse(&text, DECLARATIONS) {
                    Ok(read) => assert_eq!(read, scenario, "{protocol}, seed {seed}"),
                    Err(wrong) => panic!("seed {seed}: {}", wrong[0].render(&text, "random.hb")),
                }
            }
        }
    }

    #[test]
    fn a_bug_leaves_all_else_as_it_is() {
        let with = random_text(3, &["forget-vote".to_string()]);
        let without = random_text(3, &[]);
        assert_eq!(with.replace(" with bug forget-vote", ""), without);
    }
}
