//! A run: a text being played. What page, tests and tools all drive. It holds the world at
//! the cursor, the trace up to the head, and checkpoints to go back to.
//!
//! Invariant: the world at the cursor is what a fresh run of the text gives at that time.

mod actions;
mod ails;
mod build;
mod causes;
mod change;
mod checkpoints;
mod compare;
mod cones;
mod counts;
mod cuts;
mod ghosts;
mod judge;
mod look;
mod menus;
#[cfg(test)]
mod papers;
mod stall;
mod story;
mod tell;
#[cfg(test)]
mod tests;

pub use actions::ActionView;
pub use ails::AilNote;
pub use build::names_of;
pub use checkpoints::BYTES_MAX;
pub use compare::{Parting, compare};
pub use cones::{Link, Order};
pub use counts::{Counts, KindCount, Path};
pub use cuts::Cut;
pub use judge::{Outcome, Verdict};
pub use look::{OperationState, OperationView, seconds};
pub use menus::Choice;
pub use story::{Beat, FlagView, LineState, LineView};
pub use tell::words_of;

use crate::check::Violation;
use crate::declare::Declaration;
use crate::protocols::{PROTOCOLS, Registered};
use crate::scenario::ast::{Action, Scenario};
use crate::scenario::{Diagnostic, Switched, insert_action, parse, parse_action, switch};
use crate::stamps::Stamps;
use crate::world::{Event, What, World};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use build::{parameters_of, world_of};
use checkpoints::{Checkpoint, Checkpoints, RECORDS_PER_STEP};
use core::cell::RefCell;
use ghosts::Ghosts;
pub(crate) use judge::Judge;
use story::Story;

/// A tool plays a text without an `end` for so long, µs.
pub const PLAY_US: u64 = 10_000_000;

/// One call of `advance` handles at most so many steps: a run at one instant can't hang a tab.
pub const STEPS_PER_CALL: u64 = 5_000_000;

/// A run has at most so many events: 64 MB of trace. `advance` and `step` go no further.
pub const EVENTS_MAX: usize = 2_000_000;

/// Why `advance` came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The time is reached.
    Reached,
    /// A check failed at the last event.
    Violated,
    /// The text's end is reached.
    Ended,
    /// So many steps are enough for one call, or so many events for a run.
    Budget,
}

/// What an action writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Edit {
    /// Number of the new line, from 1.
    pub line: u32,
    /// The new line.
    pub text: String,
    /// Its time, µs.
    pub at: u64,
    /// The whole new text.
    pub replaced: String,
}

/// See the file's head.
pub struct Run {
    text: String,
    scenario: Scenario,
    /// The protocols that its text may name.
    known: &'static [Registered],
    protocol: &'static Registered,
    names: Vec<String>,
    world: World,
    now_us: u64,
    head_us: u64,
    trace: Vec<Event>,
    checkpoints: Checkpoints,
    story: Story,
    judge: Judge,
    ghosts: Ghosts,
    /// Stamps of the trace's events, as far as somebody has asked.
    stamps: RefCell<Stamps>,
}

impl Run {
    /// A run of this text, at time 0.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn new(text: &str) -> Result<Run, Vec<Diagnostic>> {
        Run::among(text, PROTOCOLS)
    }

    /// A run of a text that names one of these protocols, of this crate or of any other.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn among(text: &str, known: &'static [Registered]) -> Result<Run, Vec<Diagnostic>> {
        let scenario = parse(text, &declarations(known))?;
        let named = |protocol: &&Registered| protocol.declaration.name == scenario.protocol();
        let Some(protocol) = known.iter().find(named) else { return Err(Vec::new()) };
        let world = build::world_of(&scenario, protocol);
        let names =
            names_of(&scenario, protocol.declaration).iter().map(ToString::to_string).collect();
        let story = Story::new(&scenario, protocol.declaration, &world);
        let judge = Judge::new(&scenario, protocol.declaration, &world);
        let mut run = Run {
            text: text.to_string(),
            scenario,
            known,
            protocol,
            names,
            world,
            now_us: 0,
            head_us: 0,
            trace: Vec::new(),
            checkpoints: Checkpoints::new(),
            story,
            judge,
            ghosts: Ghosts::default(),
            stamps: RefCell::default(),
        };
        // The start is no checkpoint: it is made of the text again.
        run.collect();
        Ok(run)
    }

    // ---- what it is ----

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as data.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What its protocol declares.
    pub fn declaration(&self) -> &'static Declaration {
        self.protocol.declaration
    }

    /// The nodes' names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The cursor, virtual µs: everything at or before it has happened.
    pub fn time_us(&self) -> u64 {
        self.now_us
    }

    /// How far the run has been computed, virtual µs.
    pub fn head_us(&self) -> u64 {
        self.head_us
    }

    /// When the text says that it ends, virtual µs.
    pub fn end_us(&self) -> Option<u64> {
        self.scenario.end_us()
    }

    /// Whether the cursor is at the text's end.
    pub fn ended(&self) -> bool {
        self.end_us().is_some_and(|end_us| self.now_us >= end_us)
    }

    /// Events up to the cursor.
    pub fn events(&self) -> &[Event] {
        &self.trace[..self.world.kernel.events as usize]
    }

    /// Events up to the head.
    pub fn all_events(&self) -> &[Event] {
        &self.trace
    }

    /// Steps up to the cursor.
    pub fn steps(&self) -> u64 {
        self.world.kernel.steps
    }

    /// The digest of all steps up to the cursor, 16 hex digits.
    pub fn digest(&self) -> String {
        alloc::format!("{:016x}", self.world.kernel.digest_value())
    }

    /// The world at the cursor.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// When the next step is due, virtual µs.
    pub fn next_time(&mut self) -> Option<u64> {
        self.world.next_time()
    }

    /// Violations up to the cursor, the first of each check.
    pub fn violations(&self) -> &[Violation] {
        self.world.violations()
    }

    // ---- forward ----

    /// Plays all that happens up to `until_us`, at most to the text's end. Stops at a
    /// violation; calling again goes on.
    pub fn advance(&mut self, until_us: u64) -> Stop {
        self.play(until_us, true)
    }

    fn play(&mut self, until_us: u64, stop_at_violation: bool) -> Stop {
        let until_us = until_us.min(self.end_us().unwrap_or(u64::MAX));
        let mut left = STEPS_PER_CALL;
        while let Some(next_us) = self.world.next_time().filter(|&next_us| next_us <= until_us) {
            if left == 0 || self.world.kernel.events as usize >= EVENTS_MAX {
                return Stop::Budget;
            }
            left -= 1;
            let before = self.world.violations().len();
            self.one_step(next_us);
            if stop_at_violation && self.world.violations().len() > before {
                return Stop::Violated;
            }
        }
        self.now_us = self.now_us.max(until_us);
        if self.now_us >= self.head_us {
            self.judge.before(self.now_us + 1, &self.world);
            self.head_us = self.now_us;
        }
        if self.ended() { Stop::Ended } else { Stop::Reached }
    }

    fn one_step(&mut self, next_us: u64) {
        let is_new = self.world.kernel.events as usize == self.trace.len();
        if is_new {
            self.judge.before(next_us, &self.world);
        }
        self.world.step();
        self.now_us = self.world.kernel.now_us;
        let from = self.trace.len();
        self.collect();
        if is_new {
            self.head_us = self.head_us.max(self.now_us);
            self.judge.after(&self.trace[from..], &self.world);
            let due = self.checkpoints.spend(self.effort_since(from));
            // Only after a step that made an event: stepping back may end at a checkpoint.
            if due && self.trace.len() > from {
                self.checkpoints.keep(&mut self.world, self.judge.progress());
            }
        }
    }

    /// Takes the new events out of the world; those of a past that is played again are known.
    fn collect(&mut self) {
        let first = self.world.kernel.events as usize - self.world.kernel.out.len();
        for (k, event) in self.world.kernel.out.drain(..).enumerate() {
            // Somebody's process may do another thing when it is played again: then that is what
            // happened. Ours never do, as the laws show.
            if self.trace.get(first + k) != Some(&event) {
                self.trace.truncate(first + k);
                self.stamps.take();
                self.trace.push(event);
            }
        }
        self.story.scan(self.world.kernel.events, &self.trace, &self.names, &self.world);
    }

    /// What it cost to make the events from this one on.
    fn effort_since(&self, from: usize) -> u64 {
        let boots = self.trace[from..].iter().filter(|event| event.what == What::Boot);
        let read = boots.map(|event| self.world.kernel.node(event.node).disk.written);
        1 + read.sum::<u64>() / RECORDS_PER_STEP
    }

    /// On to the next event; false when nothing is left.
    pub fn step(&mut self) -> bool {
        let before = self.world.kernel.events;
        if before as usize >= EVENTS_MAX {
            return false;
        }
        let end_us = self.end_us().unwrap_or(u64::MAX);
        while self.world.kernel.events == before {
            match self.world.next_time().filter(|&next_us| next_us <= end_us) {
                Some(next_us) => self.one_step(next_us),
                None => return false,
            }
        }
        true
    }

    // ---- back ----

    /// A copy of a world that was kept. Where none is, processes that cannot be cloned are told
    /// again all that they were told, from the start.
    fn copy_of(&self, kept: Option<&Checkpoint>) -> World {
        kept.and_then(|checkpoint| checkpoint.world.copy()).unwrap_or_else(|| {
            let mut world = build::world_of(&self.scenario, self.protocol);
            world.kernel.out.clear();
            world
        })
    }

    /// Back to the event before; false at the start.
    pub fn step_back(&mut self) -> bool {
        let now_events = self.world.kernel.events;
        let target = self.world.kernel.steps;
        if target <= 1 {
            return false;
        }
        // Step counts of the last step that made an event, found by playing up to here.
        self.world = self.copy_of(self.checkpoints.last_with(|kept| kept.steps < target));
        let mut last = self.world.kernel.steps;
        let mut events = self.world.kernel.events;
        while self.world.kernel.steps + 1 < target {
            self.world.step();
            self.collect();
            if self.world.kernel.events > events && self.world.kernel.events < now_events {
                (last, events) = (self.world.kernel.steps, self.world.kernel.events);
            }
        }
        if self.world.kernel.steps != last {
            self.world = self.copy_of(self.checkpoints.last_with(|kept| kept.steps < target));
            while self.world.kernel.steps < last {
                self.world.step();
                self.collect();
            }
        }
        self.now_us = self.world.kernel.now_us;
        true
    }

    /// The cursor goes to `time_us`, back or forth; what was computed beyond stays known.
    pub fn seek(&mut self, time_us: u64) -> Stop {
        let kept = self.checkpoints.last_with(|kept| kept.time_us <= time_us);
        let nearer = kept.is_some_and(|kept| kept.steps > self.world.kernel.steps);
        if time_us < self.now_us || nearer {
            self.world = self.copy_of(kept);
            self.now_us = self.world.kernel.now_us;
        }
        self.play(time_us, false)
    }

    // ---- acting ----

    /// What `act` would write, and where.
    ///
    /// # Errors
    /// What is wrong with the action.
    pub fn ghost(&self, action: &str) -> Result<Edit, Vec<Diagnostic>> {
        self.written(action).map(|(edit, _)| edit)
    }

    fn written(&self, action: &str) -> Result<(Edit, Action), Vec<Diagnostic>> {
        let parsed = parse_action(action, &self.scenario, self.protocol.declaration)?;
        let at = self.now_us + 1;
        let (replaced, line) = insert_action(&self.text, &self.scenario, at, &parsed);
        let text = replaced.lines().nth(line as usize - 1).unwrap_or("").to_string();
        Ok((Edit { line, text, at, replaced }, parsed))
    }

    /// Does something 1 µs after the cursor, by writing a line. What was known of the future
    /// is gone; later lines stay.
    ///
    /// # Errors
    /// What is wrong with the action, or with the text that it would make.
    pub fn act(&mut self, action: &str) -> Result<Edit, Vec<Diagnostic>> {
        let (edit, _) = self.written(action)?;
        self.edit(&edit.replaced)?;
        Ok(edit)
    }

    /// The text under another protocol of this build, by its name.
    ///
    /// # Errors
    /// What keeps it from running there; nothing is said of a protocol that is not known.
    pub fn switched(&self, protocol: &str) -> Result<Switched, Vec<Diagnostic>> {
        let mut known = self.known.iter().map(|known| known.declaration);
        let other = known.find(|other| other.name == protocol).ok_or(Vec::new())?;
        switch(&self.text, self.declaration(), other)
    }

    fn parsed(&self, text: &str) -> Result<Scenario, Vec<Diagnostic>> {
        parse(text, &declarations(self.known))
    }

    /// How many checkpoints there are to go back to, and how many bytes they own.
    pub fn checkpoints(&self) -> (usize, usize) {
        (self.checkpoints.len(), self.checkpoints.bytes())
    }

    // ---- judging ----

    /// Whether each check and each expectation of the text holds, as known at the cursor.
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.judge.verdicts(self.now_us, &self.world)
    }

    /// Plays to the end (or for `PLAY_US`), whatever is violated on the way, and judges all.
    pub fn finish(&mut self) -> Vec<Verdict> {
        let until_us = self.end_us().unwrap_or(PLAY_US);
        while self.now_us < until_us {
            if self.play(until_us, false) == Stop::Budget {
                break;
            }
        }
        self.judge.finish(self.now_us, &self.world);
        self.verdicts()
    }
}

/// What these protocols declare.
fn declarations(known: &[Registered]) -> Vec<&'static Declaration> {
    known.iter().map(|protocol| protocol.declaration).collect()
}
