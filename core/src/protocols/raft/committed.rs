//! The one committed history as the checks keep it: the log up to each index, the state it
//! comes to, the configurations in it. Knows no server.

use super::configuration::Configuration;
use super::message::Entry;
use super::snapshot::{Item, Sessions};
use crate::chunks::Chunked;
use crate::draw::StableHasher;
use crate::machine::{Answer, KeyValue, Machine, Text};
use crate::process::NodeId;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// What the cluster as a whole has committed, and what that comes to.
#[derive(Clone, Debug, Default, Hash)]
pub struct Committed {
    /// Hash of the log up to each index, and the term of its commit.
    pub entries: Chunked<(u64, u64)>,
    /// Hash of the state after each index.
    pub states: Chunked<u64>,
    /// The state after the last one.
    machine: KeyValue,
    sessions: Sessions,
    /// The configurations by index, the initial one at 0.
    configurations: Vec<(u64, Configuration)>,
}

impl Committed {
    /// A server starts: the first one brings the initial configuration.
    pub fn begin(&mut self, configuration: &Configuration) {
        if self.configurations.is_empty() {
            self.configurations.push((0, configuration.clone()));
        }
    }

    /// Hash of the log up to the entry at a place, 0 if it is not committed.
    pub fn hash_at(&self, place: usize) -> u64 {
        self.entries.get(place).map_or(0, |(hash, _)| *hash)
    }

    /// The latest configuration as of an entry.
    pub fn configuration_at(&self, index: u64) -> Option<&Configuration> {
        let as_of = self.configurations.iter().rev().find(|(known, _)| *known <= index);
        as_of.map(|(_, configuration)| configuration)
    }

    /// The next entry of the history. The hash of the state is a sum over its pieces, so that a
    /// command costs what it changes.
    pub fn push(&mut self, hash: u64, term: u64, entry: Option<&Entry>) {
        self.entries.push((hash, term));
        let mut state = self.states.last().copied().unwrap_or(0);
        if let Some((id, command)) = entry.and_then(Entry::command)
            && self.sessions.get(&id.client).is_none_or(|(last, _)| id.number > *last)
        {
            let key: &Text = command.key();
            let value = |machine: &KeyValue| {
                machine.get(key).map_or(0, |value| piece(&Item::Key(key.clone(), value.clone())))
            };
            let before = value(&self.machine);
            let answer = self.machine.apply(command);
            state = state.wrapping_sub(before).wrapping_add(value(&self.machine));
            let session = Item::Session(id.client, id.number, answer.clone());
            if let Some((last, old)) = self.sessions.insert(id.client, (id.number, answer)) {
                state = state.wrapping_sub(piece(&Item::Session(id.client, last, old)));
            }
            state = state.wrapping_add(piece(&session));
        }
        self.states.push(state);
        if let Some(configuration) = entry.and_then(Entry::configuration) {
            self.configurations.push((self.entries.len() as u64, configuration.clone()));
        }
    }

    /// About how many bytes it owns that a `later` one does not share.
    pub fn weight(&self, later: Option<&Committed>) -> usize {
        self.entries.weight(later.map(|later| &later.entries), |_| 0)
            + self.states.weight(later.map(|later| &later.states), |_| 0)
            + self.machine.weight()
            + self.sessions.len() * size_of::<(NodeId, (u64, Answer))>()
            + size_of_val(&*self.configurations)
    }
}

fn piece(item: &Item) -> u64 {
    let mut hasher = StableHasher::default();
    item.hash(&mut hasher);
    hasher.finish()
}

/// Hash of a state in pieces.
pub fn state_of(items: &[Item]) -> u64 {
    items.iter().fold(0, |state, item| state.wrapping_add(piece(item)))
}
