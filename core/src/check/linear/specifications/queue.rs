//! A first-in, first-out queue.

use super::super::specification::{Outcomes, Specification};
use super::{Datum, join, list};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A queue; empty at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue<V>(PhantomData<V>);

impl<V> Default for Queue<V> {
    fn default() -> Self {
        Queue(PhantomData)
    }
}

/// What is asked of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueInput<V> {
    /// Put in at the back.
    Enqueue(V),
    /// Take out at the front.
    Dequeue,
}

/// What a queue answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueOutput<V> {
    /// It is in.
    Done,
    /// There was nothing in it.
    Empty,
    /// What was taken out.
    Value(V),
}

impl<V: Datum> Specification for Queue<V> {
    type State = Vec<V>;
    type Input = QueueInput<V>;
    type Output = QueueOutput<V>;
    type Key = ();

    fn start(&self) -> Vec<V> {
        Vec::new()
    }

    fn step(
        &self,
        state: &Vec<V>,
        input: &QueueInput<V>,
        output: Option<&QueueOutput<V>>,
    ) -> Outcomes<Vec<V>> {
        match (input, output, state.as_slice()) {
            (QueueInput::Enqueue(value), None | Some(QueueOutput::Done), _) => {
                let mut after = state.clone();
                after.push(value.clone());
                Outcomes::One(after)
            }
            (QueueInput::Dequeue, None | Some(QueueOutput::Empty), []) => Outcomes::Same,
            (QueueInput::Dequeue, None, [_, rest @ ..]) => Outcomes::One(rest.to_vec()),
            (QueueInput::Dequeue, Some(QueueOutput::Value(value)), [front, rest @ ..])
                if value == front =>
            {
                Outcomes::One(rest.to_vec())
            }
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, _input: &QueueInput<V>, output: Option<&QueueOutput<V>>) -> bool {
        output == Some(&QueueOutput::Empty)
    }

    fn tells(&self, input: &QueueInput<V>, _output: &QueueOutput<V>) -> bool {
        *input == QueueInput::Dequeue
    }

    fn repeats(&self, input: &QueueInput<V>) -> bool {
        *input == QueueInput::Dequeue
    }

    fn name_input(&self, input: &QueueInput<V>) -> String {
        match input {
            QueueInput::Enqueue(value) => join(&["enqueue(", &value.to_string(), ")"]),
            QueueInput::Dequeue => "dequeue".to_string(),
        }
    }

    fn name_output(&self, output: &QueueOutput<V>) -> String {
        match output {
            QueueOutput::Done => "succeeded".to_string(),
            QueueOutput::Empty => "found nothing".to_string(),
            QueueOutput::Value(value) => join(&["returned ", &value.to_string()]),
        }
    }

    fn name_state(&self, state: &Vec<V>) -> String {
        list(state.iter())
    }

    fn weight(&self, state: &Vec<V>) -> usize {
        state.capacity() * size_of::<V>()
    }
}
