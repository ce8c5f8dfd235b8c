//! Whether a run does what its text expects. Looks at the world between steps; decides each
//! expectation once and remembers when.

use crate::declare::{Declaration, Family};
use crate::process::NodeId;
use crate::scenario::ast::{Expectation, Kind, Property, Scenario};
use crate::scenario::check_index;
use crate::view::Status;
use crate::world::{Event, Raised, World, find, raised_by};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Outcome {
    /// So far, or for good.
    Holds,
    /// It does not hold.
    Violated,
    /// The budget of a search ran out.
    Unknown,
    /// Its time has not come.
    Pending,
}

/// A check or an expectation, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Verdict {
    /// In plain words.
    pub plain: String,
    /// The formal name, empty for an expectation.
    pub formal: String,
    /// How it stands.
    pub outcome: Outcome,
    /// "violated at 1.318 s", "18 operations", "not due yet".
    pub detail: String,
    /// A violation that the text itself expects.
    pub expected: bool,
    /// Its line in the text, from 1; 0 for none.
    pub line: u32,
    /// Whether this alone makes a run fail.
    pub fails: bool,
}

#[derive(Clone, Debug)]
struct Item {
    line: u32,
    what: What,
    words: String,
    /// Decided: how, and when (µs).
    decided: Decided,
    /// For `within`: deadlines of events seen and not yet satisfied, µs.
    windows: Vec<u64>,
    /// Why there is no progress, found when that was decided.
    missing: String,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Finally(Property),
    At(Property, u64),
    Within(Property, u64, Raised, Option<NodeId>),
    Violated(usize, Option<u64>),
    Always(Property, bool),
}

impl What {
    fn is_progress(&self) -> bool {
        matches!(self, What::Within(Property::Progress, ..))
    }
}

/// What has been decided of each expectation and when, and the deadlines that are open.
#[derive(Clone, Debug, Default)]
pub struct Progress(Vec<(Decided, Vec<u64>)>);

type Decided = Option<(bool, u64)>;

impl Progress {
    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        let windows = self.0.iter().map(|(_, windows)| size_of_val(&**windows));
        size_of_val(&*self.0) + windows.sum::<usize>()
    }
}

/// All expectations of a text, in their state at the head.
#[derive(Clone, Debug)]
pub struct Judge {
    declaration: &'static Declaration,
    items: Vec<Item>,
}

impl Judge {
    /// Nothing is decided yet.
    pub fn new(scenario: &Scenario, declaration: &'static Declaration, world: &World) -> Judge {
        let names = world.names();
        let mut items = Vec::new();
        for (place, statement) in scenario.statements.iter().enumerate() {
            let what = match &statement.kind {
                Kind::Always(property) => What::Always(property.clone(), true),
                Kind::Never(property) => What::Always(property.clone(), false),
                Kind::Expect(expectation) => match expectation {
                    Expectation::Finally(property) => What::Finally(property.clone()),
                    Expectation::At(property, time_us) => What::At(property.clone(), *time_us),
                    Expectation::Within(property, span_us, event) => {
                        let Some(raised) = raised_by(&event.name, declaration) else { continue };
                        let of = event.of.and_then(|name| find(names, name));
                        What::Within(property.clone(), *span_us, raised, of)
                    }
                    Expectation::Violated(check, by_us) => {
                        let Some(check) = check_index(declaration, check) else { continue };
                        What::Violated(check, *by_us)
                    }
                },
                _ => continue,
            };
            let words = statement.kind.to_string();
            let line = place as u32 + 1;
            items.push(Item {
                line,
                what,
                words,
                decided: None,
                windows: Vec::new(),
                missing: String::new(),
            });
        }
        Judge { declaration, items }
    }

    /// Whether the text expects nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether another text expects the same, in the same order.
    pub fn expects_the_same(&self, other: &Judge) -> bool {
        self.items.iter().map(|item| &item.what).eq(other.items.iter().map(|item| &item.what))
    }

    /// How far it is, to go on from there later.
    pub fn progress(&self) -> Progress {
        let of = |item: &Item| (item.decided, item.windows.clone());
        Progress(self.items.iter().map(of).collect())
    }

    /// Goes on from there.
    pub fn resume(&mut self, progress: &Progress) {
        for (item, (decided, windows)) in self.items.iter_mut().zip(&progress.0) {
            (item.decided, item.windows) = (*decided, windows.clone());
        }
    }

    /// The state of `world` lasts until `next_us`: decides what is due before.
    pub fn before(&mut self, next_us: u64, world: &World) {
        for item in &mut self.items {
            if item.decided.is_some() {
                continue;
            }
            match &item.what {
                What::At(property, time_us) if *time_us < next_us => {
                    item.decided = Some((holds(property, 0, world), *time_us));
                }
                What::Within(..) => {
                    let late = item.windows.iter().find(|&&deadline_us| deadline_us < next_us);
                    if let Some(&late) = late {
                        item.decided = Some((false, late));
                        if item.what.is_progress() {
                            item.missing = super::stall::missing(world);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// A step has been made; `events` are its events.
    pub fn after(&mut self, events: &[Event], world: &World) {
        let now_us = world.kernel.now_us;
        for item in &mut self.items {
            if item.decided.is_some() {
                continue;
            }
            match &item.what {
                What::Always(property, wanted) if holds(property, 0, world) != *wanted => {
                    item.decided = Some((false, now_us));
                }
                What::Within(property, span_us, raised, of) => {
                    let happens = |event: &&Event| {
                        super::story::raised_of(event) == Some(*raised)
                            && of.is_none_or(|of| of == event.node)
                    };
                    let seen = events.iter().filter(happens).count();
                    item.windows.extend(core::iter::repeat_n(now_us + span_us, seen));
                    let waits = |deadline_us: &u64| !holds(property, deadline_us - span_us, world);
                    if !item.windows.is_empty() {
                        item.windows.retain(waits);
                    }
                }
                _ => {}
            }
        }
    }

    /// The run is over: decides the rest.
    pub fn finish(&mut self, now_us: u64, world: &World) {
        for item in &mut self.items {
            if item.decided.is_some() {
                continue;
            }
            let result = match &item.what {
                What::Finally(property) => holds(property, 0, world),
                What::At(..) => false, // the run is over before its time
                What::Within(..) | What::Always(..) => true,
                What::Violated(check, by_us) => world.violations().iter().any(|violation| {
                    usize::from(violation.check) == *check
                        && by_us.is_none_or(|by_us| violation.time_us <= by_us)
                }),
            };
            item.decided = Some((result, now_us));
        }
    }

    /// How all stands at `now_us`, when `world` is the world.
    pub fn verdicts(&self, now_us: u64, world: &World) -> Vec<Verdict> {
        let checks = (0..self.declaration.checks.len()).map(|check| self.of_check(check, world));
        // The protocol's own assumptions are news only when one is broken.
        let checks = checks.filter(|v| v.formal != "Assertions" || v.outcome == Outcome::Violated);
        let items = self.items.iter().filter(|item| !self.is_a_check(item));
        checks.chain(items.map(|item| self.of_item(item, now_us))).collect()
    }

    /// `expect one leader per term` says nothing that the check's own row doesn't.
    fn is_a_check(&self, item: &Item) -> bool {
        matches!(&item.what, What::Finally(Property::Check(_)))
    }

    fn expects(&self, check: usize) -> bool {
        self.items.iter().any(|item| matches!(item.what, What::Violated(c, _) if c == check))
    }

    fn of_check(&self, check: usize, world: &World) -> Verdict {
        let declared = &self.declaration.checks[check];
        let violation = world.violations().iter().find(|v| usize::from(v.check) == check);
        let judged = world.members.judged();
        let linearizable = declared.formal == "Linearizable";
        let line_of = |item: &&Item| {
            matches!(&item.what, What::Finally(Property::Check(name))
                if check_index(self.declaration, name) == Some(check))
        };
        let (outcome, detail) = match violation {
            Some(violation) => {
                let at = super::look::seconds(violation.time_us);
                (Outcome::Violated, alloc::format!("violated at {at}"))
            }
            None if linearizable && judged.unknown => (
                Outcome::Unknown,
                alloc::format!("unknown: budget spent at {} operations", judged.answers),
            ),
            None if linearizable => {
                (Outcome::Holds, alloc::format!("{} operations", judged.answers))
            }
            None => (Outcome::Holds, String::new()),
        };
        let expected = self.expects(check);
        Verdict {
            plain: declared.plain.to_string(),
            formal: declared.formal.to_string(),
            outcome,
            detail,
            expected,
            line: self.items.iter().find(line_of).map_or(0, |item| item.line),
            fails: outcome == Outcome::Violated && !expected,
        }
    }

    fn of_item(&self, item: &Item, now_us: u64) -> Verdict {
        let decided = item.decided.filter(|&(_, at_us)| at_us <= now_us);
        let (outcome, detail) = match decided {
            Some((true, at_us)) => {
                (Outcome::Holds, alloc::format!("held at {}", super::look::seconds(at_us)))
            }
            Some((false, at_us)) => {
                let at = super::look::seconds(at_us);
                let why = if item.missing.is_empty() { "" } else { ": " };
                (Outcome::Violated, alloc::format!("not met at {at}{why}{}", item.missing))
            }
            None => (Outcome::Pending, "not due yet".to_string()),
        };
        Verdict {
            plain: item.words.clone(),
            formal: String::new(),
            outcome,
            detail,
            expected: false,
            line: item.line,
            fails: outcome == Outcome::Violated,
        }
    }
}

/// Whether a property holds of the cluster now; progress is counted from `since_us` on.
pub fn holds(property: &Property, since_us: u64, world: &World) -> bool {
    let leads = |id: NodeId| {
        let face = world.members.face(id);
        world.kernel.node(id).standing() != Status::Down
            && face.is_some_and(|face| world.family(face.state) == Family::Leads)
    };
    let mut servers = (0..world.kernel.servers).map(NodeId);
    match property {
        Property::Check(name) => {
            let check = check_index(world.members.declaration(), name);
            !world.violations().iter().any(|v| Some(usize::from(v.check)) == check)
        }
        Property::Leader(None) => servers.any(leads),
        Property::Leader(Some(name)) => find(world.names(), *name).is_some_and(leads),
        Property::NoLeader => !servers.any(leads),
        Property::Committed(index) => world.members.committed() >= *index,
        Property::Progress => world.progressed(since_us),
        Property::Answered(count) => world.members.judged().answers >= *count,
        Property::Field { node, field, value } => {
            let Some(id) = find(world.names(), *node) else { return false };
            if field == "status" {
                let node = world.kernel.node(id);
                let status = match node.status {
                    Status::Up if node.halted => "halted",
                    Status::Up => "up",
                    Status::Paused => "paused",
                    Status::Down => "down",
                };
                return value == status;
            }
            let seen = world.members.inspect(id);
            seen.is_some_and(|seen| {
                seen.fields.iter().any(|(name, text)| name == field && text == value)
            })
        }
    }
}
