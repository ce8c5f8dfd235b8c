//! Freezing: an equivalent text that leaves nothing to chance or to circumstance. Selectors
//! become names, rates become single messages, triggers become lines with a time where that
//! gives the same run. Never changes what is run, only how it is said.

use super::trial::{Recording, befallen, record};
use crate::declare::Declaration;
use crate::draw::StableHasher;
use crate::process::NodeId;
use crate::protocols::{DECLARATIONS, find};
use crate::run::PLAY_US;
use crate::scenario::ast::*;
use crate::scenario::{Diagnostic, expand, parse};
use crate::world::{Event, EventId, LineClass, Loss, NONE, What, law_code};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// A frozen text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// The text.
    pub text: String,
    /// Its run has the same digest. If not, all is the same but the moment at which messages
    /// are noted as lost: what a line does to a message moves that place on its way.
    pub exact: bool,
}

/// Freezes a text.
///
/// # Errors
/// What is wrong with the text.
pub fn freeze(text: &str) -> Result<Frozen, Vec<Diagnostic>> {
    let scenario = parse(text, DECLARATIONS)?;
    let Some(protocol) = find(scenario.protocol()) else { return Err(Vec::new()) };
    let until_us = scenario.end_us().unwrap_or(PLAY_US);
    let scenario = chaos(&scenario, protocol.declaration);
    let original = record(&scenario, protocol, until_us);
    let mut frozen = rates(&selectors(&scenario, &original), &original);
    // One trigger after the other, the last first: what was tried does not move the rest.
    for line in lines_of_triggers(&frozen).into_iter().rev() {
        let recording = record(&frozen, protocol, until_us);
        let known = course(&recording.trace);
        let ways = [trigger_timed, trigger_named, trigger_upon];
        let mut others = ways.into_iter().map(|way| way(&frozen, &recording, line));
        let same = |other: &Scenario| course(&record(other, protocol, until_us).trace) == known;
        if let Some(other) = others.find(same) {
            frozen = other;
        }
    }
    let digest = record(&frozen, protocol, until_us).world.kernel.digest_value();
    let exact = digest == original.world.kernel.digest_value();
    Ok(Frozen { text: frozen.to_string(), exact })
}

/// Everything that happens, but for losses, rates and what lines say of themselves.
pub(super) fn course(trace: &[Event]) -> u64 {
    let rate_codes = [Law::Loss(0), Law::Duplicate(0), Law::Reorder(0)].map(|law| law_code(law).0);
    let mut hasher = StableHasher::default();
    for event in trace {
        let is_rate = event.what == What::Law && rate_codes.contains(&event.sub);
        if !is_rate
            && !matches!(event.what, What::Lost | What::Line | What::Skipped | What::Doubled)
        {
            let of = (event.time_us, event.what as u8, event.sub, event.node, event.peer);
            (of, event.a, event.b, event.c).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// The faults of a `chaos` line, written out in its place.
pub(super) fn chaos(scenario: &Scenario, declaration: &Declaration) -> Scenario {
    let Some((line, _)) = scenario.chaos() else { return scenario.clone() };
    let drawn = expand(scenario, declaration).into_iter();
    let lines = drawn
        .map(|(time_us, action)| Statement { kind: Kind::At { time_us, action }, comment: None });
    let mut frozen = scenario.clone();
    let place = line as usize - 1;
    frozen.statements.splice(place..=place, lines);
    frozen
}

/// Lines with a time name their nodes; those without effect are gone.
pub(super) fn selectors(scenario: &Scenario, recording: &Recording) -> Scenario {
    let mut frozen = scenario.clone();
    for acted in &recording.lines {
        let statement = &mut frozen.statements[acted.line as usize - 1];
        let Kind::At { action, .. } = &mut statement.kind else { continue };
        match &acted.action {
            Some(named) => *action = named.clone(),
            None => statement.kind = Kind::Blank,
        }
    }
    // A line that has become blank goes, unless it carries a comment.
    let was_blank = |place: usize| scenario.statements[place].kind == Kind::Blank;
    let mut place = 0;
    frozen.statements.retain(|statement| {
        place += 1;
        statement.kind != Kind::Blank || statement.comment.is_some() || was_blank(place - 1)
    });
    frozen
}

/// Says how often messages are lost, doubled or overtaken.
pub(super) fn is_rate(kind: &Kind) -> bool {
    let (Kind::Network { law, .. } | Kind::At { action: Action::Network(_, law), .. }) = kind
    else {
        return false;
    };
    matches!(law, Law::Loss(_) | Law::Duplicate(_) | Law::Reorder(_))
}

/// What `loss`, `duplicate` and `reorder` did to single messages, said of those messages.
pub(super) fn rates(scenario: &Scenario, recording: &Recording) -> Scenario {
    let mut frozen = scenario.clone();
    if !frozen.statements.iter().any(|s| is_rate(&s.kind)) {
        return frozen;
    }
    frozen.statements.retain(|statement| !is_rate(&statement.kind));
    let fates = drawn_fates(recording);
    let fates = fates.into_iter().map(|kind| Statement { kind, comment: None });
    let at = place_of_timed(&frozen);
    frozen.statements.splice(at..at, fates);
    frozen
}

/// Messages that were lost, arrived twice or were overtaken by a draw.
fn drawn_fates(recording: &Recording) -> Vec<Kind> {
    let (trace, names) = (&recording.trace, recording.world.names());
    let kinds = recording.world.members.declaration().messages;
    let fated = |send: EventId, fate: Fate| {
        let sent = trace[send as usize];
        let link = Link { from: names[sent.node.index()], to: names[sent.peer.index()] };
        let kind = kinds[usize::from(sent.sub)].name.to_string();
        Kind::Fate { fate, message: MessageName { link, kind, count: sent.c } }
    };
    let mut fates = Vec::new();
    let mut lost = Vec::new();
    for event in trace {
        match event.what {
            What::Lost if event.sub == Loss::Drawn as u8 => {
                lost.push(event.cause);
                fates.push(fated(event.cause, Fate::Drop));
            }
            What::Doubled => fates.push(fated(event.cause, Fate::Duplicate)),
            _ => {}
        }
    }
    for &(send, by_us) in recording.overtaken.iter().filter(|(send, _)| !lost.contains(send)) {
        fates.push(fated(send, Fate::Delay(by_us)));
    }
    fates
}

/// Where a block of timed lines stands or would stand: before the first one, else before what
/// is expected.
fn place_of_timed(scenario: &Scenario) -> usize {
    let statements = &scenario.statements;
    let timed = statements.iter().position(|s| matches!(s.kind, Kind::At { .. }));
    let closes = |s: &Statement| {
        matches!(s.kind, Kind::Expect(_) | Kind::Always(_) | Kind::Never(_) | Kind::End(_))
    };
    let closing = || statements.iter().position(closes);
    timed.or_else(closing).unwrap_or(statements.len())
}

/// More lines with a time, each behind those that stand for the same time.
pub(super) fn with_timed(scenario: &Scenario, more: Vec<(u64, Action)>) -> Scenario {
    let at = place_of_timed(scenario);
    let mut rest = scenario.statements.clone();
    let mut timed: Vec<(u64, Statement)> = Vec::new();
    rest.retain(|statement| match statement.kind {
        Kind::At { time_us, .. } => {
            timed.push((time_us, statement.clone()));
            false
        }
        _ => true,
    });
    let new = |(time_us, action)| {
        (time_us, Statement { kind: Kind::At { time_us, action }, comment: None })
    };
    timed.extend(more.into_iter().map(new));
    timed.sort_by_key(|&(time_us, _)| time_us);
    let at = at.min(rest.len());
    rest.splice(at..at, timed.into_iter().map(|(_, statement)| statement));
    Scenario { statements: rest }
}

// ---- triggers ----

/// Numbers of the lines that do something on an event.
pub(super) fn lines_of_triggers(scenario: &Scenario) -> Vec<u32> {
    let acts =
        |kind: &Kind| matches!(kind, Kind::When { then, .. } if !matches!(then, Action::Say(..)));
    scenario.lines().filter(|(_, kind)| acts(kind)).map(|(line, _)| line).collect()
}

/// One firing of a trigger: when, at whose event, and to whom it did something.
struct Firing {
    time_us: u64,
    at: Option<NodeId>,
    nodes: Vec<NodeId>,
}

fn firings(recording: &Recording, line: u32) -> Vec<Firing> {
    let script = &recording.world.script().when;
    let Some(rank) = script.iter().position(|when| when.line == line) else { return Vec::new() };
    let trace = &recording.trace;
    let of_rank = |e: &Event| e.sub == LineClass::When as u8 && e.a == rank as u32;
    let skipped: Vec<u32> =
        trace.iter().filter(|e| e.what == What::Skipped && of_rank(e)).map(|e| e.cause).collect();
    let mut firings = Vec::new();
    for (id, event) in (0u32..).zip(trace) {
        if event.what != What::Line || !of_rank(event) || skipped.contains(&id) {
            continue;
        }
        let cause = trace.get(event.cause as usize);
        let at = cause.map(|cause| cause.node).filter(|node| *node != crate::world::NO_NODE);
        firings.push(Firing { time_us: event.time_us, at, nodes: befallen(trace, id) });
    }
    firings
}

/// The action with these nodes in place of its selector.
fn upon(action: &Action, nodes: &[NodeId], names: &[Name]) -> Action {
    let mut action = action.clone();
    if let Some(who) = super::names::selector_mut(&mut action)
        && !nodes.is_empty()
    {
        *who = Selector::Names(nodes.iter().map(|id| names[id.index()]).collect());
    }
    action
}

fn triggered(scenario: &Scenario, line: u32) -> Option<&Action> {
    match &scenario.statements.get(line as usize - 1)?.kind {
        Kind::When { then, .. } => Some(then),
        _ => None,
    }
}

/// Each firing as a line at its time, and the trigger gone. Not the same where it acted between
/// a handler and the release of its effects.
pub(super) fn trigger_timed(scenario: &Scenario, recording: &Recording, line: u32) -> Scenario {
    let Some(then) = triggered(scenario, line) else { return scenario.clone() };
    let names = recording.world.names();
    let timed = firings(recording, line)
        .iter()
        .map(|firing| (firing.time_us, upon(then, &firing.nodes, names)))
        .collect();
    let mut rest = scenario.clone();
    rest.statements.remove(line as usize - 1);
    with_timed(&rest, timed)
}

/// The trigger says upon whom, where all its firings agree; one that never fired is gone.
pub(super) fn trigger_upon(scenario: &Scenario, recording: &Recording, line: u32) -> Scenario {
    let mut named = scenario.clone();
    let all = firings(recording, line);
    let Some(first) = all.first() else {
        named.statements.remove(line as usize - 1);
        return named;
    };
    if let Kind::When { then, .. } = &mut named.statements[line as usize - 1].kind
        && all.iter().all(|firing| firing.nodes == first.nodes)
    {
        *then = upon(then, &first.nodes, recording.world.names());
    }
    named
}

/// The same, and at which node, where all firings agree. Not the same if what it waits for is
/// done to one node by another's handler.
pub(super) fn trigger_named(scenario: &Scenario, recording: &Recording, line: u32) -> Scenario {
    let mut named = trigger_upon(scenario, recording, line);
    let all = firings(recording, line);
    let Some(at) = all.first().and_then(|firing| firing.at) else { return named };
    if let Kind::When { event, .. } = &mut named.statements[line as usize - 1].kind
        && event.of.is_none()
        && all.iter().all(|firing| firing.at == Some(at))
    {
        event.of = Some(recording.world.names()[at.index()]);
    }
    named
}

// ---- clients ----

/// Regular operations of the clients as single requests.
pub(super) fn workloads(scenario: &Scenario, recording: &Recording) -> Scenario {
    let names = recording.world.names();
    let history = recording.world.members.history();
    let mut requests = Vec::new();
    for event in &recording.trace {
        // A line's request has that line as its cause.
        if event.what != What::Request || event.cause != NONE {
            continue;
        }
        let Some(operation) = history.get(event.a as usize) else { continue };
        let mut words = operation.request.split(' ').map(ToString::to_string);
        let name = words.next().unwrap_or_default();
        let call = OperationCall { name, arguments: words.collect() };
        requests.push((event.time_us, Action::Request(names[event.node.index()], call)));
    }
    let mut idle = scenario.clone();
    for statement in &mut idle.statements {
        if let Kind::Client { every_us, operations, .. } = &mut statement.kind {
            *every_us = None;
            operations.clear();
        }
    }
    with_timed(&idle, requests)
}

#[cfg(all(test, feature = "raft"))]
mod tests {
    use super::*;
    use crate::explore::random_text;

    /// The course of a text's run.
    fn course_of(text: &str) -> u64 {
        let scenario = parse(text, DECLARATIONS).expect("parses");
        let protocol = find(scenario.protocol()).expect("is known");
        course(&record(&scenario, protocol, scenario.end_us().unwrap_or(PLAY_US)).trace)
    }

    fn frozen(text: &str) -> (Scenario, bool) {
        let frozen = freeze(text).expect("parses");
        (parse(&frozen.text, DECLARATIONS).expect("a frozen text is a text"), frozen.exact)
    }

    #[test]
    fn a_frozen_text_names_nodes_and_messages_and_gives_the_same_run() {
        let text = "protocol raft\nnodes 5\nseed 7\nduplicate 3%\nclient c1 every 50ms put x\n\
                    at 900ms crash leader\nat 950ms resume all\nat 1500ms restart all\n\
                    at 2s partition leader | all\nat 3s heal\nend 4s\n";
        let (scenario, exact) = frozen(text);
        assert!(exact, "nothing is lost by a draw");
        let text = scenario.to_string();
        assert!(!text.contains("leader") && !text.contains("all"), "{text}");
        assert!(!text.contains("resume") && text.contains("duplicate n"), "{text}");
        assert_eq!(text.matches("restart n").count(), 1, "{text}");
        assert_eq!(freeze(&text).expect("parses").text, text, "it is frozen already");
    }

    #[test]
    fn a_drawn_loss_is_a_dropped_message() {
        let text = "protocol raft\nseed 7\nloss 10%\nclient c1 every 50ms put x\nend 3s\n";
        let (scenario, _) = frozen(text);
        let frozen = scenario.to_string();
        assert!(frozen.contains("drop n") && !frozen.contains("loss"), "{frozen}");
        assert_eq!(course_of(text), course_of(&frozen));
    }

    #[test]
    fn an_overtaken_message_is_a_delayed_one() {
        let text = "protocol raft\nseed 7\nreorder 10%\nclient c1 every 50ms put x\nend 3s\n";
        let (scenario, exact) = frozen(text);
        let frozen = scenario.to_string();
        assert!(exact && frozen.contains("delay n") && !frozen.contains("reorder"), "{frozen}");
        assert_eq!(course_of(text), course_of(&frozen));
    }

    #[test]
    fn a_trigger_becomes_a_line_where_that_is_the_same() {
        let (scenario, exact) =
            frozen("protocol raft\nseed 7\nat 1s crash n2\nwhen crash: restart all\nend 2s\n");
        assert!(exact);
        let text = scenario.to_string();
        assert!(text.contains("at 1s crash n2\nat 1s restart n2\n"), "{text}");
        // Between a handler and what it sends there is no time for a line.
        let (scenario, exact) =
            frozen("protocol raft\nseed 7\nwhen leader: pause leader for 300ms\nend 2s\n");
        assert!(exact);
        let text = scenario.to_string();
        assert!(text.contains("when leader of n") && text.contains(": pause n"), "{text}");
    }

    #[test]
    fn chaos_is_written_out() {
        let text = "protocol raft\nseed 9\nlatency 5ms..10ms\nchaos intensity=8\n\
                    client c1 every 20ms put x\nend 5s\n";
        let (scenario, _) = frozen(text);
        assert!(scenario.chaos().is_none());
        assert!(scenario.statements.len() > 10, "{scenario}");
        assert_eq!(course_of(text), course_of(&scenario.to_string()));
    }

    #[test]
    fn random_runs_freeze_to_the_same_course() {
        for seed in 0..60 {
            let text = random_text(seed, &[]);
            let (scenario, exact) = frozen(&text);
            let again = scenario.to_string();
            assert_eq!(course_of(&text), course_of(&again), "seed {seed}\n{again}");
            // A message that waits and is cut off is noted as lost elsewhere on its way, too;
            // chaos may do all of it.
            let elsewhere = ["loss", "reorder", "chaos"].iter().any(|word| text.contains(word));
            assert!(exact || elsewhere, "seed {seed}");
        }
    }
}
