//! What runs exercised, counted: a sweep that never crashed a node, or never saw a vote
//! refused, has shown nothing about it, and must not pass. Reads events; decides nothing.

use crate::declare::Declaration;
use crate::scenario::ast::{Action, DiskFault, Fate, Kind, Law, Scenario};
use crate::world::{Event, Loss, What, World};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// From so many random runs on, a count of 0 fails the sweep.
const JUDGED_FROM: u64 = 100;

/// One count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Count {
    /// How often.
    pub times: u64,
    /// In so many runs it could have happened.
    pub enabled: u64,
}

/// Counts of one or many runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tally {
    /// Runs.
    pub runs: u64,
    /// So many of them were drawn.
    drawn: u64,
    /// Steps.
    pub steps: u64,
    /// Events.
    pub events: u64,
    /// Steps and answered operations of each run.
    sizes: Vec<(u64, u64)>,
    /// By heading, then by name.
    rows: BTreeMap<String, BTreeMap<String, Count>>,
}

/// Headings of the table, in its order.
pub const HEADINGS: &[&str] = &["operations", "events", "faults", "lost", "also"];

impl Tally {
    /// Everything that another sweep exercised, too.
    pub fn merge(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.drawn += other.drawn;
        self.steps += other.steps;
        self.events += other.events;
        self.sizes.extend(&other.sizes);
        for (heading, rows) in &other.rows {
            for (name, count) in rows {
                self.count(heading, name, *count);
            }
        }
    }

    fn count(&mut self, heading: &str, name: &str, more: Count) {
        let rows = self.rows.entry(heading.to_string()).or_default();
        let row = rows.entry(name.to_string()).or_default();
        row.times += more.times;
        row.enabled += more.enabled;
    }

    fn add(&mut self, heading: &'static str, name: &str, times: u64, enabled: bool) {
        self.count(heading, name, Count { times, enabled: u64::from(enabled) });
    }

    /// The rows under a heading.
    pub fn rows(&self, heading: &str) -> impl Iterator<Item = (&str, Count)> {
        let rows = self.rows.get(heading).into_iter().flatten();
        rows.map(|(name, count)| (name.as_str(), *count))
    }

    /// How often something happened.
    pub fn times(&self, heading: &'static str, name: &str) -> u64 {
        let row = self.rows.get(heading).and_then(|rows| rows.get(name));
        row.map_or(0, |count| count.times)
    }

    /// The median run: its steps, and its answered operations.
    pub fn median(&self) -> (u64, u64) {
        let middle = |of: fn(&(u64, u64)) -> u64| {
            let mut values: Vec<u64> = self.sizes.iter().map(of).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or(0)
        };
        (middle(|size| size.0), middle(|size| size.1))
    }

    /// What could have happened and never did: "faults: crash". A few random runs need not
    /// reach everything.
    pub fn missing(&self) -> Vec<String> {
        if (1..JUDGED_FROM).contains(&self.drawn) {
            return Vec::new();
        }
        let is_missing = |count: &Count| count.enabled > 0 && count.times == 0;
        let mut missing = Vec::new();
        for (heading, rows) in &self.rows {
            let never = rows.iter().filter(|(_, count)| is_missing(count));
            missing.extend(never.map(|(name, _)| alloc::format!("{heading}: {name}")));
        }
        missing
    }
}

/// Counts the events of one run as they come.
#[derive(Debug)]
pub struct Counter {
    marks: Vec<u64>,
    losses: [u64; 5],
    /// How often lines acted, by class and rank, those without effect taken off.
    lines: [BTreeMap<u32, i64>; 3],
    violated: u64,
    torn: u64,
    skipped: u64,
}

const LOSSES: [(Loss, &str); 5] = [
    (Loss::Drawn, "by chance"),
    (Loss::Cut, "link cut"),
    (Loss::Dropped, "dropped by a line"),
    (Loss::Down, "receiver down"),
    (Loss::Full, "inbox full"),
];

impl Counter {
    /// Nothing yet.
    pub fn new(declaration: &Declaration) -> Counter {
        Counter {
            marks: alloc::vec![0; declaration.events.len()],
            losses: [0; 5],
            lines: [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()],
            violated: 0,
            torn: 0,
            skipped: 0,
        }
    }

    /// One event.
    pub fn take(&mut self, event: &Event) {
        match event.what {
            What::Mark => self.marks[usize::from(event.sub)] += 1,
            What::Lost => self.losses[usize::from(event.sub)] += 1,
            What::Line => *self.lines[usize::from(event.sub)].entry(event.a).or_insert(0) += 1,
            What::Skipped => {
                *self.lines[usize::from(event.sub)].entry(event.a).or_insert(0) -= 1;
                self.skipped += 1;
            }
            What::Boot => self.torn += u64::from(event.b),
            What::Violated => self.violated += 1,
            _ => {}
        }
    }

    /// The tally of the run; `random`: its text was drawn to reach all that can be reached.
    pub fn finish(self, scenario: &Scenario, world: &World, random: bool) -> Tally {
        let mut tally = Tally {
            runs: 1,
            drawn: u64::from(random),
            steps: world.kernel.steps,
            events: u64::from(world.kernel.events),
            ..Tally::default()
        };
        let answered = operations(&mut tally, world, random);
        tally.sizes.push((tally.steps, answered));
        let declared = world.members.declaration();
        let bugs = scenario.bugs();
        for (event, times) in declared.events.iter().zip(&self.marks) {
            let may = event.only_with.is_empty() || bugs.iter().any(|bug| bug == event.only_with);
            tally.add("events", event.name, *times, random && may);
        }
        self.faults(&mut tally, world);
        self.losses(&mut tally, scenario, random);
        let beyond = world.members.declaration().faults.beyond;
        let may_tear = random && !beyond.iter().any(|beyond| beyond.fault == "disk tears");
        tally.add("also", "boots with a torn record", self.torn, may_tear);
        tally.add("also", "lines without effect", self.skipped, false);
        // Where clients are not promised one copy nothing is committed.
        let commits = declared.checks.iter().any(|check| check.formal == "Linearizable");
        tally.add("also", "committed entries", world.members.committed(), random && commits);
        tally.add("also", "checks violated", self.violated, false);
        tally
    }

    fn faults(&self, tally: &mut Tally, world: &World) {
        let (script, declared) = (world.script(), world.members.declaration());
        let at = (0u32..).zip(&script.at).map(|(rank, line)| (0u8, rank, &line.action));
        let when = (0u32..).zip(&script.when).map(|(rank, line)| (1u8, rank, &line.action));
        for (class, rank, action) in at.chain(when) {
            let acted = self.lines[usize::from(class)].get(&rank).copied().unwrap_or(0);
            // A fate planned for later is seen twice, when it is planned and when it befalls.
            let planned = world.kernel.fates.iter().filter(|fate| fate.line == (class, rank));
            let twice: i64 = planned.map(|fate| 1 + i64::from(fate.used)).sum();
            let times = acted.saturating_sub(twice).max(0) as u64;
            tally.add("faults", word(action), times, !mends_in_vain(action, declared));
            if class == 1 {
                tally.add("also", "triggers", times, false);
            }
        }
        for fate in &world.kernel.fates {
            tally.add("faults", fate_word(fate.fate), u64::from(fate.used), true);
        }
    }

    fn losses(&self, tally: &mut Tally, scenario: &Scenario, random: bool) {
        let mut has = [false; 5];
        let cuts = |action: &Action| matches!(action, Action::Cut { .. } | Action::Partition(_));
        for (_, kind) in scenario.lines() {
            match kind {
                Kind::Network { law: Law::Loss(ppm), .. } => {
                    has[Loss::Drawn as usize] |= *ppm > 0 && random;
                }
                Kind::At { action, .. } | Kind::When { then: action, .. } => {
                    has[Loss::Cut as usize] |= cuts(action) && random;
                    let stops = matches!(action, Action::Crash(_) | Action::Kill(_));
                    has[Loss::Down as usize] |= stops && random;
                }
                Kind::Fate { fate: Fate::Drop, .. } => has[Loss::Dropped as usize] |= random,
                _ => {}
            }
        }
        for (why, name) in LOSSES {
            let place = why as usize;
            tally.add("lost", name, self.losses[place], has[place]);
        }
    }
}

fn operations(tally: &mut Tally, world: &World, random: bool) -> u64 {
    let (mut answered, mut gave_up, mut open) = (0, 0, 0);
    for operation in world.members.history().iter() {
        match (operation.returned_us, operation.given_up) {
            (Some(_), _) => answered += 1,
            (None, true) => gave_up += 1,
            (None, false) => open += 1,
        }
    }
    let random = random && !world.members.declaration().operations.is_empty();
    tally.add("operations", "answered", answered, random);
    tally.add("operations", "given up", gave_up, random);
    tally.add("operations", "open at the end", open, random);
    answered
}

/// Whether a line only mends what random runs of the protocol never break: chaos ends with lines
/// that bring everybody back.
fn mends_in_vain(action: &Action, declared: &Declaration) -> bool {
    let never = |faults: &[&str]| {
        let beyond = |fault| declared.faults.beyond.iter().any(|known| known.fault == fault);
        faults.iter().all(|fault| beyond(*fault))
    };
    match action {
        Action::Restart(_) => never(&["crash", "kill"]),
        Action::Heal(Some(_)) => never(&["cut"]),
        Action::Heal(None) => never(&["cut", "partition"]),
        _ => false,
    }
}

fn word(action: &Action) -> &'static str {
    match action {
        Action::Crash(_) => "crash",
        Action::Kill(_) => "kill",
        Action::Restart(_) => "restart",
        Action::Pause(_, Some(_)) => "pause for",
        Action::Pause(_, None) => "pause",
        Action::Resume(_) => "resume",
        Action::Cut { both: false, .. } => "cut one way",
        Action::Cut { both: true, .. } => "cut both ways",
        Action::Heal(Some(_)) => "heal a link",
        Action::Heal(None) => "heal",
        Action::HealCore => "heal core",
        Action::Partition(_) => "partition",
        Action::Drift(..) => "drift",
        Action::Suspend(..) => "suspend",
        Action::Slow(..) => "slow",
        Action::Wipe(_) => "wipe",
        Action::Disk(_, fault, _) => disk_word(*fault),
        Action::Clog { .. } => "clog",
        Action::Step(..) => "step",
        Action::Slew(..) => "slew",
        Action::Network(_, law) => law_word(*law),
        Action::Timeout(_) => "timeout",
        Action::Tell(..) => "tell",
        Action::Adversary(_) => "adversary",
        Action::Request(..) => "request",
        Action::Fate(fate, _) => fate_word(*fate),
        Action::Deliver(_) => "deliver",
        Action::Say(..) => "say",
    }
}

fn disk_word(fault: DiskFault) -> &'static str {
    match fault {
        DiskFault::Lies => "disk lies",
        DiskFault::Fails => "disk fails",
        DiskFault::Full => "disk full",
        DiskFault::Tears => "disk tears",
        DiskFault::Slow(_) => "disk slow",
        DiskFault::Corrupts(_) => "disk corrupts",
        DiskFault::Sound => "disk sound",
    }
}

fn law_word(law: Law) -> &'static str {
    match law {
        Law::Latency(..) => "latency at a time",
        Law::Loss(_) => "loss at a time",
        Law::Duplicate(_) => "duplicate at a time",
        Law::Reorder(_) => "reorder at a time",
        Law::Bandwidth(_) => "bandwidth at a time",
        Law::Fifo(_) => "order at a time",
    }
}

fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Drop => "drop",
        Fate::Hold => "hold",
        Fate::Duplicate => "duplicate",
        Fate::Delay(_) => "delay",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally_of(times: u64) -> Tally {
        let mut tally = Tally { runs: 1, drawn: 1, ..Tally::default() };
        tally.add("faults", "crash", times, true);
        tally.add("lost", "inbox full", 0, false);
        tally.sizes.push((times, 1));
        tally
    }

    #[test]
    fn what_was_enabled_and_never_happened_is_missing() {
        let mut all = Tally::default();
        for _ in 1..JUDGED_FROM {
            all.merge(&tally_of(0));
        }
        assert!(all.missing().is_empty(), "too few runs to say so");
        all.merge(&tally_of(0));
        assert_eq!(all.missing(), ["faults: crash"]);
        all.merge(&tally_of(3));
        assert!(all.missing().is_empty());
        assert_eq!((all.times("faults", "crash"), all.median()), (3, (0, 1)));
    }
}
