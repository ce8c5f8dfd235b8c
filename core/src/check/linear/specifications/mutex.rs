//! A lock that knows who holds it.

use super::super::specification::{Outcomes, Specification};
use super::join;
use alloc::string::{String, ToString};

/// A lock; free at first. Of a lock that anybody may release, let the owner always be 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutex;

/// What is asked of a lock, and who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutexInput {
    /// Take it.
    Acquire(u64),
    /// Give it back.
    Release(u64),
}

/// What a lock answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutexOutput {
    /// It was taken, or given back.
    Done,
    /// To one who wants it: somebody holds it. To one who gives it back: you do not hold it.
    Refused,
}

impl Specification for Mutex {
    type State = Option<u64>;
    type Input = MutexInput;
    type Output = MutexOutput;
    type Key = ();

    fn start(&self) -> Option<u64> {
        None
    }

    fn step(
        &self,
        state: &Option<u64>,
        input: &MutexInput,
        output: Option<&MutexOutput>,
    ) -> Outcomes<Option<u64>> {
        let (possible, after) = match input {
            MutexInput::Acquire(who) => (state.is_none(), Some(*who)),
            MutexInput::Release(who) => (*state == Some(*who), None),
        };
        match (possible, output) {
            (true, None | Some(MutexOutput::Done)) => Outcomes::One(after),
            (false, None | Some(MutexOutput::Refused)) => Outcomes::Same,
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, _input: &MutexInput, output: Option<&MutexOutput>) -> bool {
        output == Some(&MutexOutput::Refused)
    }

    fn repeats(&self, _input: &MutexInput) -> bool {
        true
    }

    fn name_input(&self, input: &MutexInput) -> String {
        match input {
            MutexInput::Acquire(who) => join(&["acquire(", &who.to_string(), ")"]),
            MutexInput::Release(who) => join(&["release(", &who.to_string(), ")"]),
        }
    }

    fn name_output(&self, output: &MutexOutput) -> String {
        let words = match output {
            MutexOutput::Done => "succeeded",
            MutexOutput::Refused => "was refused",
        };
        words.to_string()
    }

    fn name_state(&self, state: &Option<u64>) -> String {
        state.map_or_else(
            || "the lock free".to_string(),
            |who| join(&["the lock with ", &who.to_string()]),
        )
    }
}
