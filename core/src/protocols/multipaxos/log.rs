//! The slots of one server in memory: what it has accepted in each, and what it knows as
//! chosen. Knows nothing of leaders.

use super::message::{Ballot, Value, Vote};
use crate::chunks::Chunked;
use crate::process::WriteId;

/// One slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// What was accepted last.
    pub accepted: Option<(Ballot, Value)>,
    /// The write that puts that on disk.
    pub write: WriteId,
    /// What is chosen, as far as it is known, and a ballot in which it was proposed.
    pub chosen: Option<(Ballot, Value)>,
}

impl Default for Slot {
    fn default() -> Self {
        Slot { accepted: None, write: WriteId::NONE, chosen: None }
    }
}

/// Slots from 1 on; those in between may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    slots: Chunked<Slot>,
    /// In all slots up to this one it is known what is chosen.
    prefix: u64,
}

impl Log {
    /// The last slot that holds anything, 0 when there is none.
    pub fn last(&self) -> u64 {
        self.slots.len() as u64
    }

    /// In all slots up to this one it is known what is chosen.
    pub fn prefix(&self) -> u64 {
        self.prefix
    }

    /// A slot that holds something.
    pub fn get(&self, slot: u64) -> Option<&Slot> {
        self.slots.get((slot as usize).checked_sub(1)?)
    }

    /// What is known as chosen in a slot.
    pub fn chosen(&self, slot: u64) -> Option<&(Ballot, Value)> {
        self.get(slot)?.chosen.as_ref()
    }

    fn get_or_add(&mut self, slot: u64) -> Option<&mut Slot> {
        while self.last() < slot {
            self.slots.push(Slot::default());
        }
        self.slots.get_mut((slot as usize).checked_sub(1)?)
    }

    /// Accepts a vote that this write puts on disk.
    pub fn accept(&mut self, vote: &Vote, write: WriteId) {
        if let Some(slot) = self.get_or_add(vote.slot) {
            slot.accepted = Some((vote.ballot, vote.value.clone()));
            slot.write = write;
        }
    }

    /// Notes what is chosen in a slot; the first to say so counts.
    pub fn choose(&mut self, slot: u64, ballot: Ballot, value: &Value) {
        if let Some(slot) = self.get_or_add(slot) {
            slot.chosen.get_or_insert_with(|| (ballot, value.clone()));
        }
        while self.chosen(self.prefix + 1).is_some() {
            self.prefix += 1;
        }
    }

    /// What was accepted in slots from this one on.
    pub fn votes_from(&self, slot: u64) -> impl Iterator<Item = Vote> + '_ {
        let first = slot.max(1);
        let slots = self.slots.iter_from(first as usize - 1);
        (first..).zip(slots).filter_map(|(slot, known)| {
            let (ballot, value) = known.accepted.clone()?;
            Some(Vote { slot, ballot, value })
        })
    }

    /// The slots from `slot` on.
    pub fn iter_from(&self, slot: u64) -> impl Iterator<Item = &Slot> {
        self.slots.iter_from((slot.max(1) - 1) as usize)
    }

    /// The first of the last `most` slots.
    pub fn first_of_last(&self, most: usize) -> u64 {
        self.slots.len().saturating_sub(most) as u64 + 1
    }

    /// Takes over from another log the chunks that say the same.
    pub fn share(&mut self, other: &Log) {
        self.slots.share(&other.slots);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub fn weight(&self, later: Option<&Log>) -> usize {
        self.slots.weight(later.map(|later| &later.slots), |_| 0)
    }
}
