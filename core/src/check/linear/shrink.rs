//! Finds few operations that are bad already. An operation is not simply dropped: without the
//! write, a read of what it wrote would be bad for a reason that the history does not have. It
//! is set free instead: it may happen at any time with any result, or not at all. What stays
//! bad then is bad alone, too. Halves first, then smaller pieces (Zeller's ddmin, 2002).

use super::history::History;
use super::layout::{Chosen, Role};
use super::part::{Part, Standing};
use super::specification::Specification;
use super::unique;
use alloc::vec::Vec;

/// Operations that a trial may try before it counts as failed.
const TRIAL_STEPS: u64 = 20_000;

#[derive(Clone, Debug)]
pub struct Shrink<S: Specification> {
    chosen: Vec<Chosen>,
    /// How many are set free at once, and beginning with which.
    piece: usize,
    at: usize,
    trial: Option<(Part<S>, Vec<Chosen>)>,
    /// The last round of single operations has freed one: one more round may free more.
    freed: bool,
    steps: u64,
}

impl<S: Specification> Shrink<S> {
    /// Begins with operations that are bad together.
    pub fn new(chosen: Vec<Chosen>) -> Self {
        let piece = chosen.len().div_ceil(2).max(1);
        Shrink { chosen, piece, at: 0, trial: None, freed: false, steps: 0 }
    }

    /// How much was done so far, in steps of a search.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// About how many bytes it holds.
    pub fn weight(&self) -> usize {
        self.trial.as_ref().map_or(0, |(part, _)| part.weight())
    }

    /// The operations that are left, as indexes in the history.
    pub fn left(&self) -> Vec<usize> {
        self.chosen
            .iter()
            .filter(|it| it.role != Role::Free)
            .map(|it| it.operation as usize)
            .collect()
    }

    /// Goes on for about so many steps. Whether there is more to do.
    pub fn advance(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        max_steps: u64,
    ) -> bool {
        let end = self.steps.saturating_add(max_steps);
        while self.steps < end {
            let Some((mut part, chosen)) = self.trial.take() else {
                if !self.next_trial(specification, history) {
                    return false;
                }
                continue;
            };
            let before = part.steps();
            let standing =
                part.advance(specification, history, (end - self.steps).min(TRIAL_STEPS));
            self.steps += part.steps() - before;
            match standing {
                Standing::Refuted => {
                    self.chosen = chosen;
                    self.freed = true;
                }
                Standing::Working if part.steps() < TRIAL_STEPS => {
                    self.trial = Some((part, chosen));
                }
                Standing::Working | Standing::Explained => {}
            }
        }
        true
    }

    /// Prepares the next trial, if there is one.
    fn next_trial(&mut self, specification: &S, history: &History<S::Input, S::Output>) -> bool {
        if self.at >= self.chosen.len() {
            if self.piece == 1 && !self.freed {
                return false;
            }
            self.at = 0;
            self.piece = (self.piece / 2).max(1);
            self.freed = false;
        }
        let mut chosen = self.chosen.clone();
        let end = (self.at + self.piece).min(chosen.len());
        let piece = &mut chosen[self.at..end];
        self.at = end;
        if piece.iter().any(|it| it.role != Role::Free) {
            piece.iter_mut().for_each(|it| it.role = Role::Free);
            // Laying out the events, or sorting them, costs about as much as trying each operation
            // a few times.
            self.steps += 4 * chosen.len() as u64;
            match unique::order(specification, history, &chosen) {
                Some(Some(_)) => {}
                Some(None) => {
                    self.chosen = chosen;
                    self.freed = true;
                }
                None => {
                    let part = Part::new(specification, history, &chosen).roughly();
                    self.trial = Some((part, chosen));
                }
            }
        }
        true
    }
}
