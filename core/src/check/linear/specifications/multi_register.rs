//! Several registers, read and written in one atomic operation.

use super::super::specification::{Outcomes, Specification};
use super::{Datum, join, name};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Registers; all hold nil at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiRegister<K, V>(PhantomData<(K, V)>);

impl<K, V> Default for MultiRegister<K, V> {
    fn default() -> Self {
        MultiRegister(PhantomData)
    }
}

/// One access within an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access<K, V> {
    /// Read a register.
    Read(K),
    /// Write a register.
    Write(K, V),
}

impl<K: Datum, V: Datum> Specification for MultiRegister<K, V> {
    type State = BTreeMap<K, V>;
    /// Accesses, one after another; a read sees the writes before it.
    type Input = Vec<Access<K, V>>;
    /// What the reads returned, in their order.
    type Output = Vec<Option<V>>;
    type Key = ();

    fn start(&self) -> BTreeMap<K, V> {
        BTreeMap::new()
    }

    fn step(
        &self,
        state: &BTreeMap<K, V>,
        input: &Vec<Access<K, V>>,
        output: Option<&Vec<Option<V>>>,
    ) -> Outcomes<BTreeMap<K, V>> {
        let mut after = state.clone();
        let mut results = output.map(|output| output.iter());
        for access in input {
            match (access, &mut results) {
                (Access::Write(key, value), _) => {
                    after.insert(key.clone(), value.clone());
                }
                (Access::Read(_), None) => {}
                (Access::Read(key), Some(results)) => {
                    if results.next().is_none_or(|value| value.as_ref() != after.get(key)) {
                        return Outcomes::Illegal;
                    }
                }
            }
        }
        if results.is_some_and(|mut results| results.next().is_some()) {
            return Outcomes::Illegal;
        }
        Outcomes::One(after)
    }

    fn only_reads(&self, input: &Vec<Access<K, V>>, _output: Option<&Vec<Option<V>>>) -> bool {
        input.iter().all(|access| matches!(access, Access::Read(_)))
    }

    fn tells(&self, _input: &Vec<Access<K, V>>, output: &Vec<Option<V>>) -> bool {
        !output.is_empty()
    }

    fn repeats(&self, _input: &Vec<Access<K, V>>) -> bool {
        true
    }

    fn name_input(&self, input: &Vec<Access<K, V>>) -> String {
        let access = |access: &Access<K, V>| match access {
            Access::Read(key) => join(&["read(", &key.to_string(), ")"]),
            Access::Write(key, value) => {
                join(&["write(", &key.to_string(), ", ", &value.to_string(), ")"])
            }
        };
        let accesses: Vec<String> = input.iter().map(access).collect();
        accesses.join(" and ")
    }

    fn name_output(&self, output: &Vec<Option<V>>) -> String {
        if output.is_empty() {
            return "succeeded".to_string();
        }
        let values: Vec<String> = output.iter().map(|value| name(value.as_ref())).collect();
        join(&["returned ", &values.join(" and ")])
    }

    fn name_state(&self, state: &BTreeMap<K, V>) -> String {
        let entry = |(key, value): (&K, &V)| join(&[&key.to_string(), "=", &value.to_string()]);
        let entries: Vec<String> = state.iter().map(entry).collect();
        if entries.is_empty() { "nothing written".to_string() } else { entries.join(", ") }
    }

    fn weight(&self, state: &BTreeMap<K, V>) -> usize {
        state.len() * 2 * size_of::<(K, V)>()
    }
}
