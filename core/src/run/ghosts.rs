//! Cells that a node's log has just lost: in a crash, or because a leader has overwritten them.
//! They stay visible for about a second on screen. Found by playing once more the step that
//! removed them, when somebody looks; so they are a function of the instant, however one came
//! there, and a run that nobody looks at pays nothing.

use super::Run;
use crate::declare;
use crate::process::{Cells, NodeId};
use crate::view::{Cell, Ghost, Gone, Status};
use crate::world::{Event, EventId, What, World};
use alloc::vec::Vec;
use core::cell::RefCell;

/// How far back the trace is searched, events.
const EVENTS_BACK: usize = 2_000;
/// So much of the end of a log is compared.
const CELLS_COMPARED: usize = 16;
/// Shortest time that a ghost is shown, virtual µs.
const SHORTEST_US: u64 = 5_000;

/// What has been found so far: the event that removed cells, and those cells.
#[derive(Default)]
pub(super) struct Ghosts(RefCell<Vec<(EventId, Vec<Ghost>)>>);

impl Ghosts {
    /// Events from this one on may be others now.
    pub(super) fn forget_from(&mut self, event: EventId) {
        self.0.get_mut().retain(|(known, _)| *known < event);
    }
}

impl Run {
    /// How long a ghost is shown, virtual µs: a median flight takes 600 ms on screen at the
    /// default pace, a ghost one second.
    fn ghost_us(&self) -> u64 {
        (self.median_flight_us() * 5 / 3).max(SHORTEST_US)
    }

    /// Events up to the cursor that removed cells a moment ago, the last first.
    fn removals(&self) -> impl Iterator<Item = (EventId, &Event, Gone)> {
        let shown_us = self.ghost_us();
        let recent = self.events().iter().enumerate().rev().take(EVENTS_BACK);
        recent
            .take_while(move |(_, event)| event.time_us + shown_us > self.now_us)
            .filter_map(|(id, event)| Some((id as EventId, event, self.removes(event)?)))
    }

    /// How the cells go that an event removes, if it may remove any.
    fn removes(&self, event: &Event) -> Option<Gone> {
        if self.world.kernel.is_client(event.node) {
            return None;
        }
        match event.what {
            What::Crash | What::Kill | What::Wipe | What::Exit => Some(Gone::Lost),
            What::Mark => {
                let kind = self.declaration().events.get(usize::from(event.sub))?;
                (kind.name == declare::TRUNCATE).then_some(Gone::Overwritten)
            }
            _ => None,
        }
    }

    /// When the next ghost fades, virtual µs.
    pub fn fades_us(&self) -> Option<u64> {
        self.removals().map(|(_, event, _)| event.time_us + self.ghost_us()).min()
    }

    /// Cells that went a moment ago, each once.
    pub(super) fn ghosts(&self) -> Vec<Ghost> {
        let mut shown: Vec<Ghost> = Vec::new();
        for (id, event, gone) in self.removals() {
            for ghost in self.removed_by(id, event.node, gone) {
                let same = |known: &Ghost| (known.node, known.index) == (ghost.node, ghost.index);
                if !shown.iter().any(same) {
                    shown.push(ghost);
                }
            }
        }
        shown
    }

    /// The cells that the step of this event took from this node.
    fn removed_by(&self, id: EventId, node: NodeId, gone: Gone) -> Vec<Ghost> {
        if let Some((_, found)) = self.ghosts.0.borrow().iter().find(|(known, _)| *known == id) {
            return found.clone();
        }
        let found = self.replayed(id, node, gone);
        self.ghosts.0.borrow_mut().push((id, found.clone()));
        found
    }

    fn replayed(&self, id: EventId, node: NodeId, gone: Gone) -> Vec<Ghost> {
        let kept = self.checkpoints.last_with(|kept| kept.world.kernel.events <= id);
        let mut world = self.copy_of(kept);
        let mut before = Cells::default();
        while world.kernel.events <= id && world.next_time().is_some() {
            before = cells_of(&world, node, CELLS_COMPARED);
            world.step();
            world.kernel.out.clear();
        }
        let after = cells_of(&world, node, CELLS_COMPARED);
        let stayed = |index: u64, cell: &Cell| {
            let place = index.checked_sub(after.first).map(|place| place as usize);
            let there = place.and_then(|place| after.cells.get(place));
            there.is_some_and(|now| (now.epoch, &now.label) == (cell.epoch, &cell.label))
        };
        // What lies before the compared end of the log is still there, or in a snapshot.
        let went = |(index, cell): &(u64, Cell)| *index >= after.first && !stayed(*index, cell);
        let ghost = |(index, cell): (u64, Cell)| {
            let (epoch, label) = (cell.epoch, cell.label);
            Ghost { node: node.0, index, epoch, label, gone }
        };
        (before.first..).zip(before.cells).filter(went).map(ghost).collect()
    }
}

/// The end of a node's log. Of a node that is down: what is on its disk is what it will know
/// again.
pub(super) fn cells_of(world: &World, node: NodeId, most: usize) -> Cells {
    let members = &world.members;
    let is_down = world.kernel.node(node).standing() == Status::Down;
    let cells = members.cells(node, most).filter(|_| !is_down);
    cells.unwrap_or_else(|| members.remains(&world.kernel, node, most))
}
