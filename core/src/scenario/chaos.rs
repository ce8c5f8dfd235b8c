//! What a `chaos` line lets happen: a list of timed actions that depends on nothing but the
//! line and the text's header, so that writing the list out gives the same run. Faults come
//! and go with quiet times between them, as in TigerBeetle's VOPR. Never looks at a run.

use super::ast::*;
use crate::declare::Declaration;
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::faults;
use alloc::vec;
use alloc::vec::Vec;

/// Without `until` and `end` the faults stop here, µs.
const HORIZON_US: u64 = 60_000_000;
/// A chaos line makes at most so many actions.
const ACTIONS_MOST: usize = 10_000;

/// Faults that chaos never draws: a transport's order is no accident, and a single message has
/// no name before it is sent.
pub const NEVER_DRAWN: [&str; 4] = ["order", "drop", "hold", "delay"];

/// The kinds, each with the mean quiet time between two of its faults at intensity 1, in
/// highest latencies.
const KINDS: [(ChaosKind, u64); 6] = [
    (ChaosKind::Crash, 120),
    (ChaosKind::Partition, 200),
    (ChaosKind::Pause, 120),
    (ChaosKind::Clock, 300),
    (ChaosKind::Disk, 200),
    (ChaosKind::Link, 150),
];

/// The actions of a text's `chaos` line in order of time, µs; none without such a line.
pub fn expand(scenario: &Scenario, declaration: &Declaration) -> Vec<(u64, Action)> {
    let Some((_, chaos)) = scenario.chaos() else { return Vec::new() };
    let until_us = chaos.until_us.or(scenario.end_us()).unwrap_or(HORIZON_US);
    let seed = chaos.seed.unwrap_or(scenario.seed());
    let mut plan = Plan {
        scenario,
        declaration,
        chaos,
        servers: u64::from(scenario.nodes()),
        nodes: u64::from(scenario.nodes() + declaration.services()),
        clients: scenario.clients().map(|client| client.name).collect(),
        unit_us: scenario.latency().high.max(1_000),
        out: Vec::new(),
        timed: Vec::new(),
    };
    let wanted = |kind: &ChaosKind| chaos.kinds.is_empty() || chaos.kinds.contains(kind);
    let mut sources: Vec<Source> = Vec::new();
    for (room, (kind, quiet)) in (1u64..).zip(KINDS).filter(|(_, (kind, _))| wanted(kind)) {
        let quiet_us = plan.unit_us * quiet / u64::from(chaos.intensity);
        let mut dice = Dice::new(seed, Purpose::Chaos, room);
        let next_us = chaos.from_us + round(dice.between(quiet_us / 4, quiet_us * 7 / 4));
        sources.push(Source { kind, dice, next_us, quiet_us });
    }
    // In the order of time over all kinds: whether a majority is left depends on what was before.
    while let Some(source) = sources.iter_mut().min_by_key(|source| source.next_us) {
        if source.next_us >= until_us || plan.timed.len() >= ACTIONS_MOST {
            break;
        }
        let from_us = source.next_us;
        let most = *source.dice.pick(&[10, 20, 40]);
        let lasts_us = round(plan.unit_us * source.dice.between(2, most));
        plan.fault(source.kind, &mut source.dice, from_us, from_us + lasts_us);
        let quiet_us = round(source.dice.between(source.quiet_us / 4, source.quiet_us * 7 / 4));
        source.next_us = from_us + lasts_us + quiet_us;
    }
    crate::order::sort_by_key(&mut plan.timed, |(time_us, _)| (*time_us, 0));
    plan.timed
}

/// A span that reads well: whole milliseconds, at least one.
fn round(us: u64) -> u64 {
    (us / 1_000).max(1) * 1_000
}

/// One kind of fault and when it strikes next.
struct Source {
    kind: ChaosKind,
    dice: Dice,
    next_us: u64,
    quiet_us: u64,
}

struct Plan<'a> {
    scenario: &'a Scenario,
    declaration: &'a Declaration,
    chaos: &'a Chaos,
    servers: u64,
    /// Servers and services.
    nodes: u64,
    clients: Vec<Name>,
    /// The highest latency, µs: what all spans are measured by.
    unit_us: u64,
    /// Servers that cannot work with the others, from when to when.
    out: Vec<(Name, u64, u64)>,
    timed: Vec<(u64, Action)>,
}

fn one(name: Name) -> Selector {
    Selector::Names(vec![name])
}

impl Plan<'_> {
    /// A server by its number, or a service by what is left of it.
    fn server(&self, number: u64) -> Name {
        if number > self.servers {
            return self.declaration.service((number - self.servers - 1) as u16);
        }
        let prefix = self.declaration.roles.first().map_or('n', |role| role.prefix);
        Name { prefix, number: number as u16 }
    }

    /// Does it unless the protocol does not tolerate it; whether it was done.
    fn act(&mut self, time_us: u64, action: Action) -> bool {
        let fault = faults::of_action(&action);
        let beyond = fault.is_some_and(|f| !faults::tolerated(f, self.declaration, self.scenario));
        let done = !beyond || self.chaos.beyond_model;
        if done {
            self.timed.push((time_us, action));
        }
        done
    }

    /// Servers that are out at some time of this span.
    fn out_between(&self, from_us: u64, to_us: u64) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for &(name, out_us, back_us) in &self.out {
            if out_us <= to_us && back_us >= from_us && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Takes these servers out for a span, if none of them is out already and, where that is
    /// asked for, more than half of all are left.
    fn take_out(&mut self, names: &[Name], from_us: u64, to_us: u64) -> bool {
        let out = self.out_between(from_us, to_us);
        let letter = self.declaration.roles.first().map(|role| role.prefix);
        let servers =
            |names: &[Name]| names.iter().filter(|name| Some(name.prefix) == letter).count() as u64;
        let left = self.servers.saturating_sub(servers(&out) + servers(names));
        let too_few = self.chaos.keep_majority && left <= self.servers / 2;
        if too_few || names.iter().any(|name| out.contains(name)) {
            return false;
        }
        self.out.extend(names.iter().map(|&name| (name, from_us, to_us)));
        true
    }

    fn fault(&mut self, kind: ChaosKind, dice: &mut Dice, from_us: u64, to_us: u64) {
        match kind {
            ChaosKind::Crash => self.crash(dice, from_us, to_us),
            ChaosKind::Partition => self.partition(dice, from_us, to_us),
            ChaosKind::Pause => self.pause(dice, from_us, to_us),
            ChaosKind::Clock => self.clock(dice, from_us, to_us),
            ChaosKind::Disk => self.disk(dice, from_us, to_us),
            ChaosKind::Link => self.link(dice, from_us, to_us),
        }
    }

    /// One server, sometimes two, now and then all of them or a client.
    fn victims(&self, dice: &mut Dice) -> Vec<Name> {
        let first = dice.between(1, self.nodes);
        let second = dice.between(1, self.nodes);
        let which = dice.between(1, 100);
        let mut numbers = match which {
            1..=8 => {
                return self.clients.first().map_or(vec![self.server(first)], |_| {
                    let place = (first + second) as usize % self.clients.len();
                    vec![self.clients[place]]
                });
            }
            9..=14 => (1..=self.nodes).collect(),
            15..=30 if second != first => vec![first, second],
            _ => vec![first],
        };
        numbers.sort_unstable();
        numbers.into_iter().map(|number| self.server(number)).collect()
    }

    fn crash(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let names = self.victims(dice);
        let which = dice.between(0, 9);
        let is_client = names.iter().all(|name| self.clients.contains(name));
        if !is_client && !self.take_out(&names, from_us, to_us) {
            return;
        }
        let who = Selector::Names(names);
        let wiped = which >= 8 && !is_client && self.act(from_us, Action::Wipe(who.clone()));
        if !wiped {
            let cut = which < 5;
            let kill = if cut { Action::Crash(who.clone()) } else { Action::Kill(who.clone()) };
            self.act(from_us, kill);
        }
        self.act(to_us, Action::Restart(who));
    }

    fn pause(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let names = self.victims(dice);
        let which = dice.between(0, 9);
        let by_us = round(self.unit_us * dice.between(5, 100) / 100);
        let is_client = names.iter().all(|name| self.clients.contains(name));
        if !is_client && !self.take_out(&names, from_us, to_us) {
            return;
        }
        let (who, span_us) = (Selector::Names(names), Some(to_us - from_us));
        let action = match which {
            0..=4 => Action::Pause(who, span_us),
            5 | 6 => Action::Suspend(who, span_us),
            _ => Action::Slow(who, by_us, span_us),
        };
        self.act(from_us, action);
    }

    fn partition(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let alone = dice.between(1, self.nodes);
        let isolate = dice.percent(35);
        let sides: Vec<bool> = (0..self.nodes).map(|_| dice.percent(50)).collect();
        let side_of = |number: u64| {
            if isolate { number == alone } else { sides[number as usize - 1] }
        };
        let (few, many): (Vec<u64>, Vec<u64>) = (1..=self.nodes).partition(|&n| side_of(n));
        let (few, many) = if few.len() <= many.len() { (few, many) } else { (many, few) };
        let client_moves = dice.percent(40);
        if few.is_empty() {
            return;
        }
        let names = |numbers: &[u64]| numbers.iter().map(|&n| self.server(n)).collect::<Vec<_>>();
        let (mut few, many) = (names(&few), names(&many));
        if !self.take_out(&few.clone(), from_us, to_us) {
            return;
        }
        // A client on the lonely side keeps its leader busy; else clients reach everyone.
        few.extend(self.clients.first().filter(|_| client_moves));
        let groups = vec![Selector::Names(few), Selector::Names(many)];
        self.act(from_us, Action::Partition(groups));
        self.act(to_us, Action::Heal(None));
    }

    fn clock(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let who = one(self.server(dice.between(1, self.nodes)));
        let which = dice.between(0, 9);
        let ppm = 1_000 * (dice.small(199) as i32 + 1);
        let by_us = 10_000 * (dice.small(499) as i64 + 1);
        let back = dice.percent(50);
        match which {
            0..=5 => {
                let ppm = if back { -ppm } else { ppm };
                if self.act(from_us, Action::Drift(who.clone(), ppm)) {
                    self.act(to_us, Action::Drift(who, 0));
                }
            }
            6 | 7 => drop(self.act(from_us, Action::Step(who, if back { -by_us } else { by_us }))),
            _ => {
                let by_us = by_us / 100;
                let by_us = if back { -by_us } else { by_us };
                self.act(from_us, Action::Slew(who, by_us, 500));
            }
        }
    }

    fn disk(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let name = self.server(dice.between(1, self.nodes));
        let which = dice.between(0, 19);
        let by_us = round(self.unit_us * dice.between(10, 300) / 100);
        let (who, span_us) = (one(name), Some(to_us - from_us));
        match which {
            0..=7 => {
                self.act(from_us, Action::Disk(who, DiskFault::Slow(by_us), span_us));
            }
            8..=11 => {
                // Power fails while it tears: that is what makes it seen.
                if self.take_out(&[name], from_us, to_us) {
                    self.act(from_us, Action::Disk(who.clone(), DiskFault::Tears, span_us));
                    self.act(from_us + round((to_us - from_us) / 2), Action::Crash(who.clone()));
                    self.act(to_us, Action::Restart(who));
                }
            }
            12..=15 => {
                let fault = if which < 14 { DiskFault::Fails } else { DiskFault::Full };
                if self.take_out(&[name], from_us, to_us) {
                    self.act(from_us, Action::Disk(who.clone(), fault, span_us));
                    self.act(to_us, Action::Restart(who));
                }
            }
            16 => {
                // A server that finds a rotten record never starts again: only one of them.
                let rotten = |(_, action): &(u64, Action)| {
                    matches!(action, Action::Disk(_, DiskFault::Corrupts(_), _))
                };
                if !self.timed.iter().any(rotten) && self.take_out(&[name], from_us, u64::MAX) {
                    self.act(from_us, Action::Disk(who, DiskFault::Corrupts(0), None));
                }
            }
            _ => {
                self.act(from_us, Action::Disk(who, DiskFault::Lies, span_us));
            }
        }
    }

    fn link(&mut self, dice: &mut Dice, from_us: u64, to_us: u64) {
        let ends = self.nodes + self.clients.len() as u64;
        if ends < 2 {
            return;
        }
        // One end at least is a server: clients do not speak to each other.
        let (server, other) = (dice.between(1, self.nodes), dice.between(1, ends - 1));
        let other = if other >= server { other + 1 } else { other };
        let (first, second) = if dice.percent(50) { (server, other) } else { (other, server) };
        let (which, ppm) = (dice.between(0, 19), 10_000 * (dice.small(39) as u32 + 1));
        let times = dice.between(2, 20);
        let name = |number: u64| match number.checked_sub(self.nodes + 1) {
            None => self.server(number),
            Some(place) => self.clients[place as usize],
        };
        let (a, b) = (name(first), name(second));
        let law = match which {
            0..=7 => {
                // Cuts of servers count: two of them may leave nobody a majority.
                let lonely: Vec<Name> = if first <= self.nodes { vec![a] } else { Vec::new() };
                if !self.take_out(&lonely, from_us, to_us) {
                    return;
                }
                self.act(from_us, Action::Cut { a, b, both: which < 4 });
                self.act(to_us, Action::Heal(Some((a, b))));
                return;
            }
            8..=11 => {
                let span_us = Some(to_us - from_us);
                self.act(from_us, Action::Clog { a, b, both: which < 10, span_us });
                return;
            }
            12 | 13 => Law::Loss(ppm),
            14 => Law::Duplicate(ppm),
            15 => Law::Reorder(ppm),
            16 => Law::Bandwidth(1_000 * dice.between(1, 20)),
            _ => {
                let range = Range { low: self.unit_us, high: self.unit_us * times };
                Law::Latency(range, if which == 17 { Spread::Heavy } else { Spread::Uniform })
            }
        };
        let link = Link { from: a, to: b };
        if self.act(from_us, Action::Network(Some(link), law)) {
            self.act(
                to_us,
                Action::Network(Some(link), self.scenario.law_at_start(Some(link), law)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::sample::RAFT;
    use super::*;

    #[test]
    fn chaos_draws_every_fault_but_those_that_it_never_draws() {
        let mut drawn: Vec<&str> = Vec::new();
        for seed in 0..40 {
            let text = alloc::format!(
                "protocol raft\nnodes 5\nchaos seed={seed} intensity=10 beyond-model\n"
            );
            let scenario = parse(&text, &[&RAFT]).expect("parses");
            let actions = expand(&scenario, &RAFT);
            let faults = actions.iter().filter_map(|(_, action)| faults::of_action(action));
            drawn.extend(faults.map(|fault| fault.word));
        }
        for fault in faults::FAULTS {
            assert_eq!(
                drawn.contains(&fault.word),
                !NEVER_DRAWN.contains(&fault.word),
                "{fault:?}"
            );
        }
    }
}
