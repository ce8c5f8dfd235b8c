//! A key-value map of strings with get, put, append and compare-and-set; each key is a part.

use super::super::specification::{Effect, Outcomes, Specification};
use super::effects::{Edit, Touch, of_register, of_string};
use super::{Datum, join};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A map from keys to strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K> {
    start: Option<String>,
    key: PhantomData<K>,
}

impl<K> Map<K> {
    /// Every key holds this at first.
    pub fn new(start: Option<String>) -> Self {
        Map { start, key: PhantomData }
    }
}

/// What is asked of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapAction {
    /// Read it.
    Get,
    /// Write.
    Put(String),
    /// Write what it holds, followed by this. Nothing is taken for the empty string.
    Append(String),
    /// If it holds the first, write the second.
    Cas(String, String),
}

/// What is asked of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapInput<K> {
    /// Of which key.
    pub key: K,
    /// What.
    pub action: MapAction,
}

/// What a map answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapOutput {
    /// The write has happened.
    Done,
    /// The compare-and-set found something else.
    Refused,
    /// What the key holds.
    Value(Option<String>),
}

impl<K: Datum> Specification for Map<K> {
    type State = Option<String>;
    type Input = MapInput<K>;
    type Output = MapOutput;
    type Key = K;

    const LOOKS_AHEAD: bool = true;

    fn start(&self) -> Option<String> {
        self.start.clone()
    }

    fn step(
        &self,
        state: &Option<String>,
        input: &MapInput<K>,
        output: Option<&MapOutput>,
    ) -> Outcomes<Option<String>> {
        match (&input.action, output) {
            (MapAction::Get, None) => Outcomes::Same,
            (MapAction::Get, Some(MapOutput::Value(value))) if value == state => Outcomes::Same,
            (MapAction::Put(value), None | Some(MapOutput::Done)) => {
                Outcomes::One(Some(value.clone()))
            }
            (MapAction::Append(value), None | Some(MapOutput::Done)) => {
                Outcomes::One(Some([state.as_deref().unwrap_or_default(), value].concat()))
            }
            (MapAction::Cas(from, to), None | Some(MapOutput::Done))
                if Some(from) == state.as_ref() =>
            {
                Outcomes::One(Some(to.clone()))
            }
            (MapAction::Cas(from, _), None | Some(MapOutput::Refused))
                if Some(from) != state.as_ref() =>
            {
                Outcomes::Same
            }
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, input: &MapInput<K>, output: Option<&MapOutput>) -> bool {
        input.action == MapAction::Get || output == Some(&MapOutput::Refused)
    }

    fn tells(&self, input: &MapInput<K>, _output: &MapOutput) -> bool {
        matches!(input.action, MapAction::Get | MapAction::Cas(..))
    }

    fn part(&self, input: &MapInput<K>) -> Option<K> {
        Some(input.key.clone())
    }

    fn can_lead(
        &self,
        state: &Option<String>,
        (_, output): (&MapInput<K>, &MapOutput),
        others: &[&MapInput<K>],
    ) -> bool {
        // What a refused compare-and-set found is not known.
        let MapOutput::Value(seen) = output else { return true };
        // What was there once is not nil again.
        let Some(seen) = seen else { return false };
        let from =
            |text: &str| seen.strip_prefix(text).is_some_and(|rest| can_be_appended(rest, others));
        from(state.as_deref().unwrap_or_default())
            || others.iter().any(|other| match &other.action {
                MapAction::Put(text) | MapAction::Cas(_, text) => from(text),
                MapAction::Get | MapAction::Append(_) => false,
            })
    }

    fn repeats(&self, input: &MapInput<K>) -> bool {
        !matches!(input.action, MapAction::Append(_))
    }

    fn effects(&self, operations: &[(&MapInput<K>, Option<&MapOutput>)]) -> Option<Vec<Effect>> {
        let appends = |it: &(&MapInput<K>, _)| matches!(it.0.action, MapAction::Append(_));
        if operations.iter().any(appends) {
            let edits = operations.iter().map(|(input, output)| edit(&input.action, *output));
            return of_string(self.start.as_deref(), &edits.collect::<Option<Vec<_>>>()?);
        }
        let touches = operations.iter().map(|(input, output)| touch(&input.action, *output));
        of_register(self.start.as_ref(), &touches.collect::<Option<Vec<_>>>()?)
    }

    fn name_input(&self, input: &MapInput<K>) -> String {
        let key = input.key.to_string();
        match &input.action {
            MapAction::Get => join(&["get(", &key, ")"]),
            MapAction::Put(value) => join(&["put(", &key, ", ", &quoted(Some(value)), ")"]),
            MapAction::Append(value) => join(&["append(", &key, ", ", &quoted(Some(value)), ")"]),
            MapAction::Cas(from, to) => {
                let (from, to) = (quoted(Some(from)), quoted(Some(to)));
                join(&["cas(", &key, ", ", &from, ", ", &to, ")"])
            }
        }
    }

    fn name_output(&self, output: &MapOutput) -> String {
        match output {
            MapOutput::Done => "succeeded".to_string(),
            MapOutput::Refused => "was refused".to_string(),
            MapOutput::Value(value) => join(&["returned ", &quoted(value.as_ref())]),
        }
    }

    fn name_state(&self, state: &Option<String>) -> String {
        quoted(state.as_ref())
    }

    fn weight(&self, state: &Option<String>) -> usize {
        state.as_ref().map_or(0, String::capacity)
    }
}

/// Whether some of these can append this text, each at most once; true if there is a choice.
fn can_be_appended<K>(mut rest: &str, others: &[&MapInput<K>]) -> bool {
    let mut taken: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let mut next: Option<&str> = None;
        let mut count = 0;
        for other in others {
            let MapAction::Append(text) = &other.action else { continue };
            if text.is_empty() || !rest.starts_with(text.as_str()) {
                continue;
            }
            if next.is_some_and(|next| next != text) {
                return true;
            }
            next = Some(text);
            count += 1;
        }
        let Some(text) = next else { return false };
        if taken.iter().filter(|taken| **taken == text).count() == count {
            return false;
        }
        taken.push(text);
        rest = &rest[text.len()..];
    }
    true
}

/// What an action does to a key to which nothing is appended.
fn touch<'a>(action: &'a MapAction, output: Option<&'a MapOutput>) -> Option<Touch<'a, String>> {
    match (action, output) {
        (MapAction::Get, Some(MapOutput::Value(value))) => Some(Touch::Reads(value.as_ref())),
        (MapAction::Put(value), None | Some(MapOutput::Done)) => Some(Touch::Writes(Some(value))),
        (MapAction::Cas(from, to), None | Some(MapOutput::Done)) => {
            Some(Touch::Swaps(Some(from), Some(to)))
        }
        _ => None,
    }
}

/// What an action does to a key to which something is appended.
fn edit<'a>(action: &'a MapAction, output: Option<&'a MapOutput>) -> Option<Edit<'a>> {
    match (action, output) {
        (MapAction::Get, Some(MapOutput::Value(value))) => Some(Edit::Reads(value.as_deref())),
        (MapAction::Put(value), None | Some(MapOutput::Done)) => Some(Edit::Writes(value)),
        (MapAction::Append(value), None | Some(MapOutput::Done)) => Some(Edit::Appends(value)),
        _ => None,
    }
}

fn quoted(value: Option<&String>) -> String {
    value.map_or_else(|| "nil".to_string(), |value| join(&["\"", value, "\""]))
}
