//! Another text in the middle of a run: how much of what has been played still holds. By the
//! prefix law it is all that lies before the first line that differs; what can't be told apart
//! so is played anew from the start.

use super::Run;
use super::judge::Judge;
use super::story::Story;
use crate::scenario::Diagnostic;
use crate::scenario::ast::{Kind, Scenario};
use crate::world::{Event, LineClass, Script, What, World};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// Lines that say what the world is, before anything happens: when they differ, all differs.
fn laws(scenario: &Scenario) -> impl Iterator<Item = &Kind> {
    scenario.lines().map(|(_, kind)| kind).filter(|kind| {
        !matches!(
            kind,
            Kind::Blank
                | Kind::Title(_)
                | Kind::At { .. }
                | Kind::When { .. }
                | Kind::Fate { .. }
                | Kind::Chaos(_)
                | Kind::Expect(_)
                | Kind::Always(_)
                | Kind::Never(_)
                | Kind::End(_)
        )
    })
}

/// Where two lists begin to differ; none when they don't.
fn differ<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> Option<usize> {
    let common = a.iter().zip(b).take_while(|(a, b)| same(a, b)).count();
    (common < a.len().max(b.len())).then_some(common)
}

fn when_at_lines_differ(old: &Script, new: &Script) -> u64 {
    let same = differ(&old.at, &new.at, |a, b| a.time_us == b.time_us && a.action == b.action);
    let Some(place) = same else { return u64::MAX };
    let next = [old, new].map(|script| script.at.get(place).map(|line| line.time_us));
    next.into_iter().flatten().min().unwrap_or(u64::MAX)
}

/// Triggers that are gone matter from their first time on. Of one that is new nobody knows when
/// it would have fired: what a handler raised need not stand in the trace.
fn when_triggers_differ(old: &Script, new: &Script, trace: &[Event]) -> u64 {
    let same = |a: &crate::world::WhenLine, b: &crate::world::WhenLine| {
        (a.event, a.of, a.again, a.by_us) == (b.event, b.of, b.again, b.by_us)
            && a.action == b.action
    };
    let Some(place) = differ(&old.when, &new.when, same) else { return u64::MAX };
    let gone = old.when.len().saturating_sub(new.when.len());
    let rest = old.when.get(place + gone..).unwrap_or(&[]);
    if gone == 0 || differ(rest, &new.when[place..], same).is_some() {
        return 0;
    }
    let fired = |event: &&Event| {
        event.what == What::Line && event.sub == LineClass::When as u8 && event.a as usize >= place
    };
    trace.iter().find(fired).map_or(u64::MAX, |event| event.time_us)
}

/// Fates matter from the sending of their message on.
fn when_fates_differ(old: &Script, new: &Script, world: &World, trace: &[Event]) -> u64 {
    let same = differ(&old.fates, &new.fates, |a, b| a.message == b.message && a.fate == b.fate);
    let Some(place) = same else { return u64::MAX };
    let changed = [old, new].into_iter().flat_map(|script| &script.fates[place..]);
    let messages: Vec<_> = changed.filter_map(|line| world.message_key(&line.message)).collect();
    let sent = |event: &&Event| {
        event.what == What::Send
            && messages.contains(&(event.node.0, event.peer.0, event.sub, event.c))
    };
    trace.iter().find(sent).map_or(u64::MAX, |event| event.time_us)
}

impl Run {
    /// From when on, in virtual µs, a run of another text may differ from what this one has
    /// computed; 0 is from the start.
    fn differs_from(&self, scenario: &Scenario, script: &Script) -> u64 {
        if !laws(&self.scenario).eq(laws(scenario)) {
            return 0;
        }
        let old = self.world.script();
        let beyond_end = scenario.end_us().map_or(u64::MAX, |end_us| end_us + 1);
        when_at_lines_differ(old, script)
            .min(when_triggers_differ(old, script, &self.trace))
            .min(when_fates_differ(old, script, &self.world, &self.trace))
            .min(beyond_end)
    }

    /// Another text at the same instant. What was played before the first line that differs
    /// stays as it is.
    ///
    /// # Errors
    /// Everything that is wrong with the text; the run stays as it is.
    pub fn edit(&mut self, text: &str) -> Result<(), Vec<Diagnostic>> {
        let now_us = self.now_us;
        let scenario = self.parsed(text)?;
        let names = self.world.names();
        let script = Script::new(&scenario, self.protocol.declaration, names);
        match self.differs_from(&scenario, &script) {
            0 => *self = Run::among(text, self.known)?,
            from_us => {
                self.text = text.into();
                self.scenario = scenario;
                self.forget_from(from_us, Rc::new(script));
            }
        }
        self.seek(now_us);
        Ok(())
    }

    /// Forgets all from `from_us` on, for it is to be played with other lines.
    fn forget_from(&mut self, from_us: u64, script: Rc<Script>) {
        let events = self.trace.partition_point(|event| event.time_us < from_us);
        self.trace.truncate(events);
        self.stamps.take();
        self.ghosts.forget_from(events as u32);
        self.checkpoints.forget_from(from_us);
        self.checkpoints.worlds().for_each(|world| world.set_script(script.clone()));
        self.world.set_script(script);
        self.head_us = self.head_us.min(from_us - 1);
        self.now_us = self.now_us.min(self.head_us);
        self.look_again();
    }

    /// Captions and expectations may be others: reads the trace again, and judges what has to
    /// be judged. The states for that are those since the last checkpoint, or all of them when
    /// the expectations have changed.
    fn look_again(&mut self) {
        let declaration = self.protocol.declaration;
        let before = core::mem::replace(
            &mut self.judge,
            Judge::new(&self.scenario, declaration, &self.world),
        );
        let same = self.judge.expects_the_same(&before);
        let kept = self.checkpoints.last_with(|_| true).filter(|_| same);
        let mut world = match kept {
            Some(checkpoint) => {
                self.judge.resume(&checkpoint.judge);
                self.copy_of(Some(checkpoint))
            }
            None => self.copy_of(None),
        };
        while (world.kernel.events as usize) < self.trace.len() {
            let Some(next_us) = world.next_time() else { break };
            self.judge.before(next_us, &world);
            let seen = world.kernel.events as usize;
            world.step();
            world.kernel.out.clear();
            self.judge.after(&self.trace[seen..world.kernel.events as usize], &world);
            if !same {
                self.checkpoints.judged(world.kernel.steps, || self.judge.progress());
            }
        }
        self.judge.before(self.head_us + 1, &world);
        self.story = Story::new(&self.scenario, declaration, &world);
        self.story.scan(world.kernel.events, &self.trace, &self.names, &world);
        if self.world.kernel.now_us > self.head_us {
            self.world = world;
        }
    }
}
