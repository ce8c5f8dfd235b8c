//! A last-in, first-out stack.

use super::super::specification::{Outcomes, Specification};
use super::{Datum, join, list};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A stack; empty at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack<V>(PhantomData<V>);

impl<V> Default for Stack<V> {
    fn default() -> Self {
        Stack(PhantomData)
    }
}

/// What is asked of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackInput<V> {
    /// Put on top.
    Push(V),
    /// Take from the top.
    Pop,
}

/// What a stack answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackOutput<V> {
    /// It is on top.
    Done,
    /// There was nothing on it.
    Empty,
    /// What was taken.
    Value(V),
}

impl<V: Datum> Specification for Stack<V> {
    type State = Vec<V>;
    type Input = StackInput<V>;
    type Output = StackOutput<V>;
    type Key = ();

    fn start(&self) -> Vec<V> {
        Vec::new()
    }

    fn step(
        &self,
        state: &Vec<V>,
        input: &StackInput<V>,
        output: Option<&StackOutput<V>>,
    ) -> Outcomes<Vec<V>> {
        match (input, output, state.as_slice()) {
            (StackInput::Push(value), None | Some(StackOutput::Done), _) => {
                let mut after = state.clone();
                after.push(value.clone());
                Outcomes::One(after)
            }
            (StackInput::Pop, None | Some(StackOutput::Empty), []) => Outcomes::Same,
            (StackInput::Pop, None, [rest @ .., _]) => Outcomes::One(rest.to_vec()),
            (StackInput::Pop, Some(StackOutput::Value(value)), [rest @ .., top])
                if value == top =>
            {
                Outcomes::One(rest.to_vec())
            }
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, _input: &StackInput<V>, output: Option<&StackOutput<V>>) -> bool {
        output == Some(&StackOutput::Empty)
    }

    fn tells(&self, input: &StackInput<V>, _output: &StackOutput<V>) -> bool {
        *input == StackInput::Pop
    }

    fn repeats(&self, input: &StackInput<V>) -> bool {
        *input == StackInput::Pop
    }

    fn name_input(&self, input: &StackInput<V>) -> String {
        match input {
            StackInput::Push(value) => join(&["push(", &value.to_string(), ")"]),
            StackInput::Pop => "pop".to_string(),
        }
    }

    fn name_output(&self, output: &StackOutput<V>) -> String {
        match output {
            StackOutput::Done => "succeeded".to_string(),
            StackOutput::Empty => "found nothing".to_string(),
            StackOutput::Value(value) => join(&["returned ", &value.to_string()]),
        }
    }

    fn name_state(&self, state: &Vec<V>) -> String {
        list(state.iter())
    }

    fn weight(&self, state: &Vec<V>) -> usize {
        state.capacity() * size_of::<V>()
    }
}
