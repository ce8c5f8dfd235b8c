//! Random runs of any protocol that speaks the key-value operations, as texts: a header drawn
//! for each seed with times in the ratios that a synchronous system needs, and `chaos` written
//! out as lines. Two systems: `Calm` draws the faults that the declaration tolerates, `Wild` all
//! but disks that forget, so that a promise can be tried where it holds and where it does not.

use crate::declare::{
    Argument, COMMON_BEYOND, Declaration, FaultModel, Operation, Parameter, Unit,
};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::faults::FAULTS;
use crate::protocols::DECLARATIONS;
use crate::run::parameters_of;
use crate::scenario::ast::*;
use crate::scenario::{expand, parse};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Where a trial takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// The declared fault model.
    Calm,
    /// Everything but disks that are wiped or lie.
    Wild,
}

/// What a trial is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// Name of the protocol.
    pub protocol: &'a str,
    /// Lines that are the same for all seeds: `set mode async`.
    pub lines: &'a str,
    /// Bugs to switch on.
    pub bugs: &'a [&'a str],
    /// Which faults.
    pub system: System,
    /// Smallest and largest number of servers.
    pub nodes: (u64, u64),
}

impl Trial<'_> {
    /// The text of the trial of this seed.
    pub fn text(&self, seed: u64) -> String {
        let mut dice = Dice::new(seed, Purpose::Generate, 200);
        let unit_us = *dice.pick(&[5_000, 10_000, 20_000]);
        let latency_us = (unit_us, unit_us * dice.between(10, 20) / 10);
        // A synchronous system: whoever lives is heard of within one heartbeat and one flight.
        let heartbeat_us = latency_us.1 * dice.between(10, 25) / 10;
        let low_us = (heartbeat_us + latency_us.1) * dice.between(11, 20) / 10 + 2 * latency_us.1;
        let high_us = low_us * dice.between(10, 20) / 10;
        let answers_us = 2 * latency_us.1 + latency_us.0;
        let bugs = if self.bugs.is_empty() {
            String::new()
        } else {
            format!(" with bug {}", self.bugs.join(", "))
        };
        let mut text = format!(
            "protocol {}{bugs}\nnodes {}\nseed {seed}\nlatency {}us..{}us\ndisk {}us..{}us\n",
            self.protocol,
            dice.between(self.nodes.0, self.nodes.1),
            latency_us.0,
            latency_us.1,
            unit_us / 100,
            unit_us / *dice.pick(&[10, 2]),
        );
        text += self.lines;
        text.push('\n');
        let client_us = latency_us.1 * dice.between(5, 15);
        let known = DECLARATIONS.iter().find(|known| known.name == self.protocol);
        let has_store = known.is_some_and(|known| !known.services.is_empty());
        for (name, (low_us, high_us)) in [
            ("heartbeat", (heartbeat_us, heartbeat_us)),
            ("round", (heartbeat_us, heartbeat_us)),
            ("timeout", (low_us, low_us)),
            ("suspicion", (2 * high_us, 2 * high_us)),
            ("election-timeout", (low_us, high_us)),
            ("answer-timeout", (answers_us, answers_us)),
            ("client-timeout", (client_us, client_us)),
            ("session-timeout", (high_us, high_us)),
            ("replica-lag", (2 * high_us, 2 * high_us)),
            ("checkpoint", (high_us, high_us)),
            // A few operations long: now and then one outlives its lease.
            ("lease", (3 * client_us, 3 * client_us)),
            ("ttl", (2 * client_us, 2 * client_us)),
            ("work", (latency_us.1, latency_us.1)),
            ("resend", (3 * latency_us.1, 3 * latency_us.1)),
            ("stay", (latency_us.0, latency_us.0)),
            ("chatter", (unit_us, unit_us)),
            ("max-offset", (latency_us.1, latency_us.1)),
            ("anti-entropy", (heartbeat_us, heartbeat_us)),
            // Long enough for an exchange; now and then an answer comes after the next poll.
            ("poll", (5 * latency_us.1, 5 * latency_us.1)),
            ("step-threshold", (unit_us, unit_us)),
            ("processing", (0, latency_us.0)),
            ("task", (2 * latency_us.1, 2 * latency_us.1)),
        ] {
            let of_locks = ["lease", "ttl", "work"].contains(&name);
            if self.lacks(name) && (has_store || !of_locks) {
                text += &format!("set {name} {low_us}us..{high_us}us\n");
            }
        }
        let asks = known.is_some_and(|known| !known.operations.is_empty());
        let clients = dice.between(1, 3);
        for client in (1..=clients).filter(|_| asks) {
            let every_us = latency_us.1 * dice.between(2, 20) / 2;
            text +=
                &format!("client c{client} every {every_us}us {}\n", self.operations(&mut dice));
        }
        let words: Vec<&str> = ["crash", "partition", "pause", "clock", "disk", "link"]
            .into_iter()
            .filter(|_| dice.percent(50))
            .collect();
        let calm_us = unit_us * 100;
        // What needs a lock and a store takes its time.
        let long = if has_store { 5 } else { 1 };
        text += &format!(
            "chaos intensity={} {} from {calm_us}us until {}us\nend {}us\n",
            dice.between(1, 10),
            words.join(" "),
            unit_us * 900 * long,
            unit_us * 1_000 * long
        );
        self.written_out(&text)
    }

    /// What a client does: the operations of the key-value machine, or else all that there are.
    fn operations(&self, dice: &mut Dice) -> String {
        let known = DECLARATIONS.iter().find(|known| known.name == self.protocol);
        let declared = known.map_or(&[][..], |known| known.operations);
        if declared.iter().any(|operation| operation.name == "put") {
            let said = key_value(dice);
            let appends = declared.iter().any(|operation| operation.name == "append");
            return if appends { said } else { said.replace("append", "put") };
        }
        // Keys in both orders, where there is more than one.
        let form = |operation: &Operation, keys: [&str; 2]| {
            let is_key = |argument: &&Argument| **argument == Argument::Key;
            let count = operation.arguments.iter().filter(is_key).count().min(2);
            let words = core::iter::once(operation.name).chain(keys.into_iter().take(count));
            words.collect::<Vec<_>>().join(" ")
        };
        let mut forms: Vec<String> = declared.iter().map(|one| form(one, ["x", "y"])).collect();
        let two = |one: &&Operation| {
            one.arguments.iter().filter(|argument| **argument == Argument::Key).count() > 1
        };
        forms.extend(declared.iter().filter(two).map(|one| form(one, ["y", "x"])));
        forms.join(" or ")
    }

    /// Whether this span of time is to be set: declared as one, and not set by the trial's lines.
    fn lacks(&self, parameter: &str) -> bool {
        let known = DECLARATIONS.iter().find(|known| known.name == self.protocol);
        let span = |p: &&Parameter| matches!(p.unit, Unit::Duration | Unit::DurationRange);
        let mut declared = known.into_iter().flat_map(|known| known.parameters).filter(span);
        let set = |line: &str| line.split(' ').nth(1) == Some(parameter);
        declared.any(|p| p.name == parameter) && !self.lines.lines().any(set)
    }

    /// The chaos as lines, drawn within this trial's system.
    fn written_out(&self, text: &str) -> String {
        let Some(known) = DECLARATIONS.iter().find(|known| known.name == self.protocol) else {
            return text.to_string();
        };
        let Ok(scenario) = parse(text, DECLARATIONS) else { return text.to_string() };
        // Of what is not stored nothing can be lost: such lines would have no effect.
        let mut of_disks = FAULTS.iter().filter(|fault| fault.kind == ChaosKind::Disk);
        let own = known.faults.beyond;
        let stores_nothing = of_disks.all(|fault| own.iter().any(|b| b.fault == fault.word));
        let beyond = if stores_nothing { own } else { COMMON_BEYOND };
        let wild = FaultModel { beyond, ..known.faults };
        let faults = if self.system == System::Wild { wild } else { known.faults };
        let model = Declaration { faults, ..**known };
        let mut out = scenario.clone();
        out.statements.retain(|statement| !matches!(statement.kind, Kind::Chaos(_)));
        let line =
            |(time_us, action)| Statement { kind: Kind::At { time_us, action }, comment: None };
        out.statements.extend(expand(&scenario, &model).into_iter().map(line));
        out.to_string()
    }
}

fn key_value(dice: &mut Dice) -> String {
    const FORMS: &[&str] = &["put x", "get x", "get x", "append x", "append y", "get y"];
    let some: Vec<&str> = FORMS.iter().copied().filter(|_| dice.percent(50)).collect();
    if some.is_empty() { "append x or get x".to_string() } else { some.join(" or ") }
}

/// Whether a violation of the check at this place counts for a text: whether it was promised
/// with what the text sets, in the system that it names. One that does not say is what the
/// fault model allows: as good as synchronous where a protocol relies on that.
pub fn is_promised(scenario: &Scenario, declaration: &Declaration, check: usize) -> bool {
    let timing = match scenario.timing() {
        Some(Timing::Asynchronous) => "asynchronous",
        Some(Timing::Partial { .. }) => "partial",
        Some(Timing::Synchronous { .. }) | None => "synchronous",
    };
    let failures = scenario.failures().to_string();
    promised_under(scenario, declaration, check, timing, &failures)
}

/// The same in a system named by the words of a `Promise`.
pub fn promised_under(
    scenario: &Scenario,
    declaration: &Declaration,
    check: usize,
    timing: &str,
    failures: &str,
) -> bool {
    if declaration.promises.is_empty() {
        return true;
    }
    let Some(check) = declaration.checks.get(check) else { return true };
    let rank = |word: &str| {
        let order = ["synchronous", "partial", "asynchronous", "crash-stop", "crash-recovery"];
        order.iter().position(|known| *known == word)
    };
    let values = parameters_of(scenario, declaration);
    let is_set = |(name, word): &(&str, &str)| {
        let known = declaration.parameters.iter().zip(&values).find(|(p, _)| p.name == *name);
        known.is_some_and(|(parameter, value)| match parameter.unit {
            Unit::Choice(words) => words.get(value.0 as usize) == Some(word),
            _ => false,
        })
    };
    declaration.promises.iter().any(|promise| {
        promise.check == check.formal
            && rank(timing) <= rank(promise.timing)
            && rank(failures) <= rank(promise.failures)
            && promise.given.iter().all(is_set)
    })
}
