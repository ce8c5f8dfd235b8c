//! The search through all parts, in slices. First those are decided that need no search. The others take turns, so that one hard part does not
//! hide a refutation in another; the first refutation decides. Then it is told apart which
//! unexplained return is the first of all parts, and the culprit's operations are shrunk.

use super::history::History;
use super::layout::{Chosen, Role, prefix};
use super::part::{Part, Standing};
use super::shrink::Shrink;
use super::specification::Specification;
use super::unique::{self, Guide};
use super::violation::{Violation, report};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::vec::Vec;

/// Steps of a part's first turn; each round of turns has twice the steps of the one before.
const FIRST_TURN: u64 = 256;

/// Memory is looked at after so many steps.
const WEIGHED_EVERY: u64 = 4096;

/// What a search may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Operations tried for the verdict, over all parts.
    pub steps: u64,
    /// About how many bytes, over all parts.
    pub bytes: usize,
    /// Operations tried, after a refutation, to explain it.
    pub explanation_steps: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { steps: 50_000_000, bytes: 256 << 20, explanation_steps: 4_000_000 }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Some order explains every result.
    Linearizable,
    /// No order does.
    Violated(Box<Violation>),
    /// The budget ran out.
    Unknown {
        /// Operations tried.
        steps: u64,
    },
}

/// How far a search is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    Working {
        /// Operations tried so far.
        steps: u64,
    },
    /// It has ended.
    Done(Verdict),
}

#[derive(Clone, Debug)]
enum Phase<S: Specification> {
    /// Some part may be refuted.
    Deciding,
    /// This part is refuted; another may be so by an earlier return.
    Comparing {
        culprit: usize,
    },
    /// It was refuted without a search: one shows where its orders end.
    Explaining {
        culprit: usize,
        first: bool,
    },
    /// Its operations are shrunk.
    Shrinking {
        violation: Box<Violation>,
        shrink: Box<Shrink<S>>,
    },
    Done(Verdict),
}

/// A search that can be driven in slices, by a worker for example.
#[derive(Clone, Debug)]
pub struct Search<S: Specification> {
    specification: S,
    history: History<S::Input, S::Output>,
    budget: Budget,
    parts: Vec<Part<S>>,
    /// How many parts have been looked at for whether they need a search.
    sorted: usize,
    /// Parts that were refuted without one.
    refuted: Vec<usize>,
    /// Undecided parts; the first has the turn.
    turns: VecDeque<usize>,
    /// What is left of the turn.
    turn_left: u64,
    /// How long this round's turns are, and how many of them are left.
    turn: u64,
    round_left: usize,
    weights: Vec<usize>,
    steps: u64,
    explanation_steps: u64,
    checkable: bool,
    phase: Phase<S>,
}

impl<S: Specification> Search<S> {
    /// A search that has not begun.
    pub fn new(
        specification: S,
        history: History<S::Input, S::Output>,
        budget: Budget,
    ) -> Search<S> {
        let mut groups: BTreeMap<Option<S::Key>, Vec<Chosen>> = BTreeMap::new();
        let mut checkable = false;
        for (index, it) in history.operations().iter().enumerate() {
            let chosen = Chosen { operation: index as u32, role: Role::Bound };
            groups.entry(specification.part(&it.input)).or_default().push(chosen);
            checkable |= it.output().is_some_and(|output| specification.tells(&it.input, output));
        }
        let parts: Vec<Part<S>> =
            groups.values().map(|chosen| Part::new(&specification, &history, chosen)).collect();
        Search {
            specification,
            history,
            budget,
            sorted: 0,
            refuted: Vec::new(),
            turns: VecDeque::new(),
            turn_left: FIRST_TURN,
            turn: FIRST_TURN,
            round_left: 0,
            weights: parts.iter().map(Part::weight).collect(),
            parts,
            steps: 0,
            explanation_steps: 0,
            checkable,
            phase: Phase::Deciding,
        }
    }

    /// The history that is judged.
    pub fn history(&self) -> &History<S::Input, S::Output> {
        &self.history
    }

    /// What it is judged against.
    pub fn specification(&self) -> &S {
        &self.specification
    }

    /// Whether no result says anything about the state: the verdict is then that there is
    /// nothing to check, whatever it is called.
    pub fn nothing_to_check(&self) -> bool {
        !self.checkable
    }

    /// How many parts the history has.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// Operations tried so far for the verdict.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Allows more: a search that ended as unknown goes on where it stopped.
    pub fn raise(&mut self, budget: Budget) {
        self.budget = budget;
        if matches!(self.phase, Phase::Done(Verdict::Unknown { .. })) {
            self.phase = Phase::Deciding;
        }
    }

    /// Goes on for about so many steps.
    pub fn advance(&mut self, max_steps: u64) -> Progress {
        let mut left = max_steps.max(1);
        loop {
            if let Phase::Done(verdict) = &self.phase {
                return Progress::Done(verdict.clone());
            }
            if left == 0 {
                return Progress::Working { steps: self.steps + self.explanation_steps };
            }
            let before = self.steps + self.explanation_steps;
            match self.phase {
                Phase::Deciding => self.decide(left),
                Phase::Comparing { culprit } => self.compare(culprit, left),
                Phase::Explaining { culprit, first } => self.explain(culprit, first, left),
                Phase::Shrinking { .. } => self.shrink(left),
                Phase::Done(_) => {}
            }
            left = left.saturating_sub(self.steps + self.explanation_steps - before);
        }
    }

    fn decide(&mut self, left: u64) {
        if self.sorted < self.parts.len() {
            self.decide_at_once(self.sorted);
            self.sorted += 1;
            return;
        }
        let moment = |part: &usize| self.parts[*part].furthest().blocked;
        if let Some(culprit) = self.refuted.iter().copied().min_by_key(moment) {
            self.phase = Phase::Comparing { culprit };
            return;
        }
        let Some(&part) = self.turns.front() else {
            self.phase = Phase::Done(Verdict::Linearizable);
            return;
        };
        let allowed = self.budget.steps.saturating_sub(self.steps);
        if allowed == 0 || self.weights.iter().sum::<usize>() > self.budget.bytes {
            self.phase = Phase::Done(Verdict::Unknown { steps: self.steps });
            return;
        }
        let (steps, standing) = self.take_turn(part, left.min(allowed));
        self.steps += steps;
        if standing == Standing::Refuted {
            self.phase = Phase::Comparing { culprit: part };
        }
    }

    /// Decides a part without a search, if that can be done; else it will take turns.
    fn decide_at_once(&mut self, part: usize) {
        let Search { specification, history, .. } = self;
        let it = &mut self.parts[part];
        let chosen: Vec<Chosen> =
            it.operations().map(|operation| Chosen { operation, role: Role::Bound }).collect();
        let decided = match unique::order(specification, history, &chosen) {
            None => false,
            // Only an order that has been followed to its end counts.
            Some(Some(order)) => it.follow(specification, history, &order),
            Some(None) => {
                let operations: Vec<u32> = it.operations().collect();
                let blocked = unique::first_unexplained(specification, history, &operations);
                if let Some(blocked) = blocked {
                    it.refute(blocked);
                    self.refuted.push(part);
                }
                blocked.is_some()
            }
        };
        self.steps += chosen.len() as u64;
        self.weights[part] = it.weight();
        if !decided {
            self.turns.push_back(part);
            self.round_left += 1;
        }
    }

    /// Advances the part that has the turn; passes the turn on if it is over or the part is
    /// decided. How many steps that took.
    fn take_turn(&mut self, part: usize, allowed: u64) -> (u64, Standing) {
        let it = &mut self.parts[part];
        let before = it.steps();
        let slice = allowed.min(self.turn_left).min(WEIGHED_EVERY);
        let standing = it.advance(&self.specification, &self.history, slice);
        let steps = it.steps() - before;
        if standing == Standing::Explained {
            it.forget();
        }
        self.weights[part] = it.weight();
        self.turn_left = self.turn_left.saturating_sub(steps);
        if standing != Standing::Working || self.turn_left == 0 {
            self.turns.pop_front();
            if standing == Standing::Working {
                self.turns.push_back(part);
            }
            self.pass_turn();
        }
        (steps, standing)
    }

    fn pass_turn(&mut self) {
        self.round_left = self.round_left.saturating_sub(1);
        if self.round_left == 0 {
            self.round_left = self.turns.len();
            self.turn = self.turn.saturating_mul(2);
        }
        self.turn_left = self.turn;
    }

    /// Goes on with the parts that may have an earlier unexplained return.
    fn compare(&mut self, culprit: usize, left: u64) {
        let Some((time, source, _)) = self.parts[culprit].furthest().blocked else {
            // A part is only refuted at a return.
            self.phase = Phase::Done(Verdict::Unknown { steps: self.steps });
            return;
        };
        let Some(&part) = self.turns.front() else {
            self.begin_to_explain(culprit, true);
            return;
        };
        if self.parts[part].has_passed(&self.history, (time, source)) {
            self.turns.pop_front();
            self.pass_turn();
            return;
        }
        let allowed = self.left_to_explain();
        if allowed == 0 || self.weights.iter().sum::<usize>() > self.budget.bytes {
            self.begin_to_explain(culprit, false);
            return;
        }
        let (steps, standing) = self.take_turn(part, left.min(allowed));
        self.explanation_steps += steps;
        let its = self.parts[part].furthest().blocked;
        if standing == Standing::Refuted
            && its.is_some_and(|(its_time, its_source, _)| (its_time, its_source) < (time, source))
        {
            self.phase = Phase::Comparing { culprit: part };
        }
    }

    /// A part that was refuted without a search is searched first.
    fn begin_to_explain(&mut self, culprit: usize, first: bool) {
        let Search { specification, history, .. } = self;
        let part = &mut self.parts[culprit];
        let blocked = part.furthest().blocked.filter(|_| self.refuted.contains(&culprit));
        let guide = |moment: (u64, u64, u32)| {
            let guide = Guide::new(specification, history, part.operations(), moment)?;
            Some((guide, moment.2))
        };
        match blocked.and_then(guide) {
            Some((guide, blocked)) => {
                part.explain(guide, blocked);
                self.phase = Phase::Explaining { culprit, first };
            }
            None => self.begin_to_shrink(culprit, first),
        }
    }

    /// Goes on with the search for where the orders of a refuted part end.
    fn explain(&mut self, culprit: usize, first: bool, left: u64) {
        let allowed = self.left_to_explain();
        let part = &mut self.parts[culprit];
        let before = part.steps();
        let slice = left.min(allowed).min(WEIGHED_EVERY);
        let standing = part.advance(&self.specification, &self.history, slice);
        self.explanation_steps += part.steps() - before;
        if standing != Standing::Working {
            self.begin_to_shrink(culprit, first);
        } else if allowed == 0 || part.weight() > self.budget.bytes {
            let operations: Vec<u32> = part.operations().collect();
            let (specification, history) = (&self.specification, &self.history);
            if let Some(blocked) = unique::first_unexplained(specification, history, &operations) {
                part.refute(blocked);
            }
            self.begin_to_shrink(culprit, first);
        }
    }

    /// Steps that explaining may take; a quarter of all is left for shrinking.
    fn left_to_explain(&self) -> u64 {
        (self.budget.explanation_steps / 4 * 3).saturating_sub(self.explanation_steps)
    }

    fn begin_to_shrink(&mut self, culprit: usize, first: bool) {
        let part = &self.parts[culprit];
        let Some(mut violation) = report(&self.specification, &self.history, part) else {
            self.phase = Phase::Done(Verdict::Unknown { steps: self.steps });
            return;
        };
        violation.first = first;
        violation.steps = self.steps;
        // It is that return that is to be explained.
        let moment = (violation.time, violation.source);
        let bad = prefix(&self.history, part.operations(), moment);
        // Memory of other parts is not needed any more.
        self.parts.iter_mut().for_each(Part::forget);
        let shrink = Box::new(Shrink::new(bad));
        self.phase = Phase::Shrinking { violation: Box::new(violation), shrink };
    }

    fn shrink(&mut self, left: u64) {
        let Phase::Shrinking { violation, shrink } = &mut self.phase else { return };
        let allowed = self.budget.explanation_steps.saturating_sub(self.explanation_steps);
        let before = shrink.steps();
        let more = allowed > 0
            && shrink.weight() <= self.budget.bytes
            && shrink.advance(
                &self.specification,
                &self.history,
                left.min(allowed).min(WEIGHED_EVERY),
            );
        self.explanation_steps += shrink.steps() - before;
        if !more {
            violation.shrunk = shrink.left();
            violation.shrunk.sort_unstable();
            self.phase = Phase::Done(Verdict::Violated(violation.clone()));
        }
    }
}
