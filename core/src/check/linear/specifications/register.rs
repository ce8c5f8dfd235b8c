//! One register with read, write and compare-and-set.

use super::super::specification::{Effect, Outcomes, Specification};
use super::effects::{Touch, of_register};
use super::{Datum, join, name};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A register; it holds a value or nil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register<V> {
    /// What it holds at first.
    pub start: Option<V>,
}

/// What is asked of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterInput<V> {
    /// Read it.
    Read,
    /// Write.
    Write(Option<V>),
    /// If it holds the first, write the second.
    Cas(Option<V>, Option<V>),
}

/// What a register answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterOutput<V> {
    /// The write, or the compare-and-set, has happened.
    Done,
    /// The compare-and-set found something else.
    Refused,
    /// What it holds.
    Value(Option<V>),
}

impl<V: Datum> Specification for Register<V> {
    type State = Option<V>;
    type Input = RegisterInput<V>;
    type Output = RegisterOutput<V>;
    type Key = ();

    const LOOKS_AHEAD: bool = true;

    fn start(&self) -> Option<V> {
        self.start.clone()
    }

    fn step(
        &self,
        state: &Option<V>,
        input: &RegisterInput<V>,
        output: Option<&RegisterOutput<V>>,
    ) -> Outcomes<Option<V>> {
        match (input, output) {
            (RegisterInput::Read, None) => Outcomes::Same,
            (RegisterInput::Read, Some(RegisterOutput::Value(value))) if value == state => {
                Outcomes::Same
            }
            (RegisterInput::Write(value), None | Some(RegisterOutput::Done)) => {
                Outcomes::One(value.clone())
            }
            (RegisterInput::Cas(from, to), None | Some(RegisterOutput::Done)) if from == state => {
                Outcomes::One(to.clone())
            }
            (RegisterInput::Cas(from, _), None | Some(RegisterOutput::Refused))
                if from != state =>
            {
                Outcomes::Same
            }
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, input: &RegisterInput<V>, output: Option<&RegisterOutput<V>>) -> bool {
        *input == RegisterInput::Read || output == Some(&RegisterOutput::Refused)
    }

    fn tells(&self, input: &RegisterInput<V>, _output: &RegisterOutput<V>) -> bool {
        !matches!(input, RegisterInput::Write(_))
    }

    fn can_lead(
        &self,
        _state: &Option<V>,
        (_, output): (&RegisterInput<V>, &RegisterOutput<V>),
        others: &[&RegisterInput<V>],
    ) -> bool {
        // What a refused compare-and-set found is not known.
        let RegisterOutput::Value(seen) = output else { return true };
        others.iter().any(|other| match other {
            RegisterInput::Read => false,
            RegisterInput::Write(value) | RegisterInput::Cas(_, value) => value == seen,
        })
    }

    fn repeats(&self, _input: &RegisterInput<V>) -> bool {
        true
    }

    fn effects(
        &self,
        operations: &[(&RegisterInput<V>, Option<&RegisterOutput<V>>)],
    ) -> Option<Vec<Effect>> {
        let touches = operations.iter().map(|(input, output)| touch(input, *output));
        of_register(self.start.as_ref(), &touches.collect::<Option<Vec<_>>>()?)
    }

    fn name_input(&self, input: &RegisterInput<V>) -> String {
        match input {
            RegisterInput::Read => "read".to_string(),
            RegisterInput::Write(value) => join(&["write(", &name(value.as_ref()), ")"]),
            RegisterInput::Cas(from, to) => {
                join(&["cas(", &name(from.as_ref()), ", ", &name(to.as_ref()), ")"])
            }
        }
    }

    fn name_output(&self, output: &RegisterOutput<V>) -> String {
        match output {
            RegisterOutput::Done => "succeeded".to_string(),
            RegisterOutput::Refused => "was refused".to_string(),
            RegisterOutput::Value(value) => join(&["returned ", &name(value.as_ref())]),
        }
    }

    fn name_state(&self, state: &Option<V>) -> String {
        name(state.as_ref())
    }
}

fn touch<'a, V>(
    input: &'a RegisterInput<V>,
    output: Option<&'a RegisterOutput<V>>,
) -> Option<Touch<'a, V>> {
    match (input, output) {
        (RegisterInput::Read, Some(RegisterOutput::Value(value))) => {
            Some(Touch::Reads(value.as_ref()))
        }
        (RegisterInput::Write(value), None | Some(RegisterOutput::Done)) => {
            Some(Touch::Writes(value.as_ref()))
        }
        (RegisterInput::Cas(from, to), None | Some(RegisterOutput::Done)) => {
            Some(Touch::Swaps(from.as_ref(), to.as_ref()))
        }
        // What a refused compare-and-set found is not known.
        _ => None,
    }
}
