//! How far the orders of one part of a history come, return by return: the configurations of
//! just-in-time linearization (Lowe 2017). Where the search asks whether there is an order, this
//! keeps what all orders have in common and the longest order through each operation: for
//! explaining a violation, not for finding it, since operations that never returned make it slow.

use super::history::History;
use super::memory::States;
use super::specification::{Outcomes, Specification};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// No step: where all orders begin.
const ROOT: u32 = 0;

/// One operation taken after others.
#[derive(Clone, Copy, Debug)]
struct Step {
    parent: u32,
    operation: u32,
    /// The state that it leaves.
    state: u32,
    /// How many operations were taken, this one among them.
    length: u32,
}

/// Where an order stands: its last step, and what it took of the operations that still run.
#[derive(Clone, Debug)]
struct Configuration {
    step: u32,
    taken: Vec<u32>,
}

/// Partial orders of the operations of one part.
#[derive(Clone, Debug)]
pub struct JustInTime<S: Specification> {
    states: States<S::State>,
    /// The first is [`ROOT`].
    steps: Vec<Step>,
    steps_max: usize,
    /// Called, and not returned: these can be taken now.
    running: Vec<u32>,
    agreed: u32,
    ends: Vec<Configuration>,
    complete: bool,
}

impl<S: Specification> JustInTime<S> {
    /// Follows these operations, as indexes in the history, through all their returns up to a
    /// time and source; takes at most so many steps, over all orders.
    pub fn new(
        specification: &S,
        history: &History<S::Input, S::Output>,
        operations: &[usize],
        until: (u64, u64),
        steps_max: usize,
    ) -> JustInTime<S> {
        let mut states = States::new();
        let state = states.number(specification.start(), |state| specification.weight(state));
        let mut it = JustInTime {
            states,
            steps: alloc::vec![Step { parent: ROOT, operation: 0, state, length: 0 }],
            steps_max,
            running: Vec::new(),
            agreed: ROOT,
            ends: Vec::new(),
            complete: false,
        };
        it.follow(specification, history, operations, until);
        it
    }

    /// Whether it came to a return that no order reaches, or to the end; else it ran out of steps.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The longest beginning that all orders share (each taking an operation as late as results
    /// permit, and what only reads as early): as indexes in the history.
    pub fn agreed(&self) -> Vec<usize> {
        self.way(self.agreed)
    }

    /// The orders that come furthest and from which nothing goes on, the longest first; at most
    /// so many.
    pub fn ends(&self, most: usize) -> Vec<Vec<usize>> {
        let mut ends: Vec<u32> = self.ends.iter().map(|end| end.step).collect();
        ends.sort_by_key(|&step| core::cmp::Reverse(self.steps[step as usize].length));
        ends.into_iter().take(most).map(|step| self.way(step)).collect()
    }

    /// The order that comes furthest of those that take an operation.
    pub fn furthest_with(&self, operation: usize) -> Option<Vec<usize>> {
        // What is taken later comes after more returns.
        let mut through = alloc::vec![false; self.steps.len()];
        let mut last = None;
        for (index, step) in self.steps.iter().enumerate().skip(1) {
            through[index] = through[step.parent as usize] || step.operation as usize == operation;
            if through[index] {
                last = Some(index as u32);
            }
        }
        last.map(|step| self.way(step))
    }

    fn way(&self, mut step: u32) -> Vec<usize> {
        let mut way = Vec::new();
        while step != ROOT {
            let it = self.steps[step as usize];
            way.push(it.operation as usize);
            step = it.parent;
        }
        way.reverse();
        way
    }

    fn follow(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        operations: &[usize],
        until: (u64, u64),
    ) {
        // Calls before returns where times are equal, as in the search.
        let mut events: Vec<(u64, bool, u64, u32)> = Vec::new();
        for &operation in operations {
            let it = &history.operations()[operation];
            events.push((it.call, false, it.source, operation as u32));
            if let Some(end) = &it.end {
                events.push((end.time, true, end.source, operation as u32));
            }
        }
        events.sort_unstable();
        let mut front = alloc::vec![Configuration { step: ROOT, taken: Vec::new() }];
        for (time, returns, source, operation) in events {
            if returns && (time, source) > until {
                break;
            }
            if !returns {
                self.running.push(operation);
                front.iter_mut().for_each(|it| self.read(specification, history, it));
                continue;
            }
            let Some(next) = self.pass(specification, history, front, operation) else { return };
            self.running.retain(|&it| it != operation);
            if next.is_empty() {
                break;
            }
            if let [only] = next.as_slice() {
                self.agreed = only.step;
            }
            front = next;
        }
        self.complete = true;
    }

    /// The configurations in which an operation that now returns has been taken; none if the
    /// steps ran out. If there are no such, all ends are noted.
    fn pass(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        front: Vec<Configuration>,
        returning: u32,
    ) -> Option<Vec<Configuration>> {
        let mut met: BTreeSet<(u32, Vec<u32>)> = BTreeSet::new();
        let (mut next, mut ends) = (Vec::new(), Vec::new());
        let mut open = front;
        while let Some(mut at) = open.pop() {
            let state = self.steps[at.step as usize].state;
            if !met.insert((state, at.taken.clone())) {
                continue;
            }
            if at.taken.contains(&returning) {
                at.taken.retain(|&it| it != returning);
                next.push(at);
                continue;
            }
            if self.steps.len() > self.steps_max {
                return None;
            }
            let before = open.len();
            for index in 0..self.running.len() {
                if self.waits(history, &at, index) {
                    continue;
                }
                for state in self.after(specification, history, &at, self.running[index]) {
                    let mut after = at.clone();
                    self.take(&mut after, self.running[index], state);
                    self.read(specification, history, &mut after);
                    open.push(after);
                }
            }
            if open.len() == before {
                ends.push(at);
            }
        }
        // Ways that meet in one configuration go on as one.
        next.sort_by(|a: &Configuration, b| self.key(a).cmp(&self.key(b)));
        next.dedup_by(|a, b| self.key(a) == self.key(b));
        if next.is_empty() {
            self.ends = ends;
        }
        Some(next)
    }

    fn key<'a>(&self, at: &'a Configuration) -> (u32, &'a [u32]) {
        (self.steps[at.step as usize].state, &at.taken)
    }

    /// Whether a running operation is taken already, or an equal one that never returns goes
    /// before it.
    fn waits(
        &self,
        history: &History<S::Input, S::Output>,
        at: &Configuration,
        index: usize,
    ) -> bool {
        let operation = self.running[index];
        let it = &history.operations()[operation as usize];
        let is_twin = |other: &u32| {
            let its = &history.operations()[*other as usize];
            its.end.is_none() && its.input == it.input && !at.taken.contains(other)
        };
        at.taken.contains(&operation)
            || it.end.is_none() && self.running[..index].iter().any(is_twin)
    }

    /// The states in which an operation may leave a configuration.
    fn after(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        at: &Configuration,
        operation: u32,
    ) -> Vec<u32> {
        let it = &history.operations()[operation as usize];
        let before = self.steps[at.step as usize].state;
        let after = match specification.step(self.states.get(before), &it.input, it.output()) {
            Outcomes::Illegal => Vec::new(),
            Outcomes::Same => alloc::vec![self.states.get(before).clone()],
            Outcomes::One(after) => alloc::vec![after],
            Outcomes::Several(after) => after,
        };
        let number = |state| self.states.number(state, |state| specification.weight(state));
        let mut after: Vec<u32> = after.into_iter().map(number).collect();
        // What never returned and changes nothing might as well not have happened.
        after.retain(|&state| it.end.is_some() || state != before);
        after
    }

    /// Takes at once what is running, legal and only reads.
    fn read(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        at: &mut Configuration,
    ) {
        for index in 0..self.running.len() {
            let operation = self.running[index];
            let it = &history.operations()[operation as usize];
            let only_reads = it.end.is_some() && specification.only_reads(&it.input, it.output());
            let state = self.steps[at.step as usize].state;
            if only_reads
                && !at.taken.contains(&operation)
                && self.after(specification, history, at, operation).contains(&state)
            {
                self.take(at, operation, state);
            }
        }
    }

    fn take(&mut self, at: &mut Configuration, operation: u32, state: u32) {
        let length = self.steps[at.step as usize].length + 1;
        self.steps.push(Step { parent: at.step, operation, state, length });
        at.step = self.steps.len() as u32 - 1;
        let place = at.taken.partition_point(|&it| it < operation);
        at.taken.insert(place, operation);
    }
}
