//! How two events are related, and what lies before and after one. Each answer walks the steps
//! between, once.

use super::{Stamps, Step};
use crate::process::NodeId;
use crate::world::{EventId, NONE};
use alloc::vec::Vec;

/// A message on the way from one event to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its sending.
    pub send: EventId,
    /// Its receipt.
    pub receive: EventId,
}

/// How an event a is related to an event b.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Both belong to one step of one process.
    Same,
    /// a happened before b, through these messages in order: one of the ways with the fewest,
    /// each leaving as early as it can. Without any, both are of the same node.
    Before(Vec<Hop>),
    /// b happened before a, in the same way.
    After(Vec<Hop>),
    /// Neither: no chain of messages leads from one to the other.
    Concurrent,
}

/// A message and how it goes on to the end.
#[derive(Clone, Copy)]
struct Link {
    hop: Hop,
    next: u32,
    /// Messages from here to the end.
    length: u32,
}

impl Stamps {
    /// How a is related to b. None if one of them is no event of a process.
    pub fn relation(&self, a: EventId, b: EventId) -> Option<Relation> {
        let [a, b] = [a, b].map(|event| self.step_of.get(event as usize).copied());
        let (a, b) = (a.filter(|&a| a != NONE)?, b.filter(|&b| b != NONE)?);
        let found = |way: Option<Vec<Hop>>, ordered: fn(Vec<Hop>) -> Relation| {
            way.map_or(Relation::Concurrent, ordered)
        };
        // Steps begin in an order that happened-before never goes against.
        Some(match a.cmp(&b) {
            core::cmp::Ordering::Equal => Relation::Same,
            core::cmp::Ordering::Less => found(self.way(a, b), Relation::Before),
            core::cmp::Ordering::Greater => found(self.way(b, a), Relation::After),
        })
    }

    /// For each node the last event, of its last step, that happened before an event or belongs
    /// to its step: what can have influenced it. All of the node's steps up to there did.
    pub fn past(&self, event: EventId) -> Option<Vec<Option<EventId>>> {
        let counts = self.counts(event)?;
        let last = |(place, &count): (usize, &u32)| {
            let step = self.lanes[place].steps.get(count.checked_sub(1)? as usize)?;
            Some(self.steps[*step as usize].last)
        };
        Some(counts.iter().enumerate().map(last).collect())
    }

    /// For each node the first event that an event happened before, or that begins its own step:
    /// all of the node's steps from there on it may have influenced.
    pub fn future(&self, event: EventId) -> Option<Vec<Option<EventId>>> {
        let start = *self.step_of.get(event as usize)?;
        let mut from: Vec<Option<&Step>> = alloc::vec![None; self.lanes.len()];
        from[self.steps.get(start as usize)?.node.index()] = self.steps.get(start as usize);
        for step in &self.steps[start as usize + 1..] {
            if from[step.node.index()].is_none()
                && let Some(sender) = self.step(step.sent)
                && from[sender.node.index()].is_some_and(|reached| reached.rank <= sender.rank)
            {
                from[step.node.index()] = Some(step);
            }
        }
        Some(from.into_iter().map(|step| step.map(|step| step.first)).collect())
    }

    /// The messages that lead from step a to a later one, if any do: backwards over the steps
    /// between, keeping for each node the shortest way from its next step to the end.
    fn way(&self, a: u32, b: u32) -> Option<Vec<Hop>> {
        let mut links: Vec<Link> = Vec::new();
        // For each step between, the link that a message of its begins.
        let mut begun = alloc::vec![NONE; (b - a) as usize];
        // For each node whether its steps from here on lead to b, and by which link.
        let mut leads: Vec<Option<u32>> = alloc::vec![None; self.lanes.len()];
        leads[self.steps[b as usize].node.index()] = Some(NONE);
        let length = |links: &[Link], link: u32| links.get(link as usize).map_or(0, |l| l.length);
        for place in (a..=b).rev() {
            let step = &self.steps[place as usize];
            let begins = begun.get((place - a) as usize).copied().unwrap_or(NONE);
            let lead = &mut leads[step.node.index()];
            let nearer = |known: u32| length(&links, begins) <= length(&links, known);
            if begins != NONE && lead.is_none_or(nearer) {
                *lead = Some(begins);
            }
            let Some(next) = *lead else { continue };
            if place == a {
                return Some(unfold(&links, next));
            }
            let Some(&sender) = self.step_of.get(step.sent as usize) else { continue };
            if sender < a || sender == NONE {
                continue;
            }
            let length = length(&links, next) + 1;
            let known = &mut begun[(sender - a) as usize];
            if links.get(*known as usize).is_none_or(|known| length <= known.length) {
                *known = links.len() as u32;
                let hop = Hop { send: step.sent, receive: step.first };
                links.push(Link { hop, next, length });
            }
        }
        None
    }

    /// A step's vector, kept or made by walking its past: each step there is looked at once.
    pub(super) fn counts_of(&self, step: u32) -> Vec<u32> {
        let width = self.lanes.len();
        let from = step as usize * width;
        if let Some(kept) = self.vectors.get(from..from + width) {
            return kept.to_vec();
        }
        let Step { node, rank, .. } = self.steps[step as usize];
        let mut counts = alloc::vec![0; width];
        let mut open: Vec<(NodeId, u32)> = alloc::vec![(node, rank)];
        while let Some((node, rank)) = open.pop() {
            let known = counts[node.index()];
            counts[node.index()] = known.max(rank);
            let lane = &self.lanes[node.index()].steps;
            for &step in lane.get(known as usize..rank as usize).unwrap_or(&[]) {
                if let Some(sender) = self.step(self.steps[step as usize].sent)
                    && counts[sender.node.index()] < sender.rank
                {
                    open.push((sender.node, sender.rank));
                }
            }
        }
        counts
    }
}

fn unfold(links: &[Link], first: u32) -> Vec<Hop> {
    let mut way = Vec::new();
    let mut next = links.get(first as usize);
    while let Some(link) = next {
        way.push(link.hop);
        next = links.get(link.next as usize);
    }
    way
}
