//! A set with add, remove, contains and a read of the whole.

use super::super::specification::{Outcomes, Specification};
use super::{Datum, join, list};
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use core::marker::PhantomData;

/// A set; empty at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<V>(PhantomData<V>);

impl<V> Default for Set<V> {
    fn default() -> Self {
        Set(PhantomData)
    }
}

/// What is asked of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetInput<V> {
    /// Put in.
    Add(V),
    /// Take out.
    Remove(V),
    /// Is it in?
    Contains(V),
    /// All elements.
    Read,
}

/// What a set answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetOutput<V> {
    /// The addition or removal has happened; whether it changed anything is not said.
    Done,
    /// Whether it was in.
    Was(bool),
    /// All elements.
    Elements(BTreeSet<V>),
}

impl<V: Datum> Specification for Set<V> {
    type State = BTreeSet<V>;
    type Input = SetInput<V>;
    type Output = SetOutput<V>;
    type Key = ();

    fn start(&self) -> BTreeSet<V> {
        BTreeSet::new()
    }

    fn step(
        &self,
        state: &BTreeSet<V>,
        input: &SetInput<V>,
        output: Option<&SetOutput<V>>,
    ) -> Outcomes<BTreeSet<V>> {
        let fits = match (input, output) {
            (_, None) => true,
            (SetInput::Read, Some(SetOutput::Elements(elements))) => elements == state,
            (SetInput::Add(_) | SetInput::Remove(_), Some(SetOutput::Done)) => true,
            (
                SetInput::Add(value) | SetInput::Remove(value) | SetInput::Contains(value),
                Some(SetOutput::Was(was)),
            ) => state.contains(value) == *was,
            _ => false,
        };
        if !fits {
            return Outcomes::Illegal;
        }
        let mut after = state.clone();
        let changed = match input {
            SetInput::Add(value) => after.insert(value.clone()),
            SetInput::Remove(value) => after.remove(value),
            SetInput::Contains(_) | SetInput::Read => false,
        };
        if changed { Outcomes::One(after) } else { Outcomes::Same }
    }

    fn only_reads(&self, input: &SetInput<V>, output: Option<&SetOutput<V>>) -> bool {
        match input {
            SetInput::Add(_) => output == Some(&SetOutput::Was(true)),
            SetInput::Remove(_) => output == Some(&SetOutput::Was(false)),
            SetInput::Contains(_) | SetInput::Read => true,
        }
    }

    fn tells(&self, _input: &SetInput<V>, output: &SetOutput<V>) -> bool {
        *output != SetOutput::Done
    }

    fn repeats(&self, _input: &SetInput<V>) -> bool {
        true
    }

    fn name_input(&self, input: &SetInput<V>) -> String {
        match input {
            SetInput::Add(value) => join(&["add(", &value.to_string(), ")"]),
            SetInput::Remove(value) => join(&["remove(", &value.to_string(), ")"]),
            SetInput::Contains(value) => join(&["contains(", &value.to_string(), ")"]),
            SetInput::Read => "read".to_string(),
        }
    }

    fn name_output(&self, output: &SetOutput<V>) -> String {
        match output {
            SetOutput::Done => "succeeded".to_string(),
            SetOutput::Was(true) => "found it there".to_string(),
            SetOutput::Was(false) => "did not find it there".to_string(),
            SetOutput::Elements(elements) => join(&["returned ", &list(elements.iter())]),
        }
    }

    fn name_state(&self, state: &BTreeSet<V>) -> String {
        list(state.iter())
    }

    fn weight(&self, state: &BTreeSet<V>) -> usize {
        state.len() * 2 * size_of::<V>()
    }
}
