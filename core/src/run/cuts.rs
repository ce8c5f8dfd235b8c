//! Cuts through a run: for each snapshot that a protocol takes, the event at which each server
//! recorded its state. A protocol says so by an event called `declare::CUT` whose index is the
//! snapshot's number. Whether a cut is consistent is judged here by the trace alone: by what
//! left and what was taken, whatever the protocol believes.

use super::Run;
use crate::declare;
use crate::process::NodeId;
use crate::world::{Event, EventId, What};
use alloc::vec::Vec;
use litemap::LiteMap;

/// One snapshot, as a line through the space-time diagram: what happened at a node up to and
/// with its event lies before the cut, all else after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cut {
    /// The snapshot's number.
    pub number: u64,
    /// Node (its place in the run) and event at which it recorded, in the order of time; a node
    /// that records twice counts by the first.
    pub events: Vec<(u16, EventId)>,
    /// Whether every server has recorded.
    pub complete: bool,
    /// What makes it inconsistent: the events (leaves, taken) of each message that is taken before
    /// the cut and leaves after it. Only among nodes that have recorded.
    pub backwards: Vec<(EventId, EventId)>,
    /// What is on its way through it: the events (leaves, taken) of each message that leaves
    /// before the cut and is taken after it, as far as it has been taken.
    pub across: Vec<(EventId, EventId)>,
}

impl Cut {
    /// No message is received before it that is sent after it (Chandy and Lamport 1985, §2;
    /// Mattern 1989): some instant of some run with the same messages looks like this.
    pub fn is_consistent(&self) -> bool {
        self.backwards.is_empty()
    }

    /// The event at which a node recorded.
    fn of(&self, node: u16) -> Option<EventId> {
        self.events.iter().find(|(known, _)| *known == node).map(|(_, event)| *event)
    }

    /// Where a message lies that goes from one recorded node to another.
    fn place(&mut self, send: (EventId, &Event), receive: (EventId, &Event)) {
        let (Some(from), Some(to)) = (self.of(send.1.node.0), self.of(receive.1.node.0)) else {
            return;
        };
        match (send.0 <= from, receive.0 <= to) {
            (false, true) => self.backwards.push((send.0, receive.0)),
            (true, false) => self.across.push((send.0, receive.0)),
            _ => {}
        }
    }
}

impl Run {
    /// The cuts up to the cursor, in the order in which they began; none under a protocol that
    /// declares no event `declare::CUT`. A message counts from the event by which its sender
    /// says that it leaves (`declare::LEAVES`) to the one by which its receiver takes it
    /// (`declare::TAKEN`): one that waits in its receiver for an earlier one is still on its way,
    /// and markers are not part of what a snapshot looks at.
    pub fn cuts(&self) -> Vec<Cut> {
        let events = self.events();
        let declared = self.declaration().events;
        let marks = (0..).zip(events).filter(|(_, event): &(EventId, _)| event.what == What::Mark);
        let named = marks.filter_map(|(id, event)| {
            Some((id, event, declared.get(usize::from(event.sub))?.name))
        });
        let (mut cuts, mut taken) = (Vec::<Cut>::new(), Vec::new());
        let mut leaves: LiteMap<(NodeId, NodeId, u32), EventId> = LiteMap::new();
        for (id, event, name) in named {
            match name {
                declare::CUT => note(&mut cuts, id, event),
                declare::LEAVES => {
                    leaves.insert((event.node, event.peer, event.b), id);
                }
                declare::TAKEN => taken.push((id, event)),
                _ => {}
            }
        }
        for (id, event) in taken {
            let Some(&left) = leaves.get(&(event.peer, event.node, event.b)) else { continue };
            let (send, receive) = ((left, &events[left as usize]), (id, event));
            cuts.iter_mut().for_each(|cut| cut.place(send, receive));
        }
        let servers = usize::from(self.world().kernel.servers);
        cuts.iter_mut().for_each(|cut| cut.complete = cut.events.len() == servers);
        cuts
    }
}

/// A node records its part of a snapshot.
fn note(cuts: &mut Vec<Cut>, id: EventId, event: &Event) {
    let number = u64::from(event.b);
    let place = cuts.iter().position(|cut| cut.number == number).unwrap_or(cuts.len());
    if place == cuts.len() {
        cuts.push(Cut { number, ..Cut::default() });
    }
    if cuts[place].of(event.node.0).is_none() {
        cuts[place].events.push((event.node.0, id));
    }
}
