//! What a checkpoint of the typed side owns, and what it shares with those beside it. Never
//! changes what happens.

use super::{Cast, Member, Protocol, Slab};
use crate::check::Check;
use crate::chunks::text_weight;
use crate::process::{Effect, EffectOf, Process, Wire};

impl<T: Wire> Slab<T> {
    fn weight(&self) -> usize {
        let heap = self.items.iter().flatten().map(|(item, _)| in_full(item));
        size_of_val(&*self.items) + size_of_val(self.free.as_slice()) + heap.sum::<usize>()
    }
}

/// A message on the heap is about what it is on the wire.
fn in_full(message: &impl Wire) -> usize {
    message.bytes() as usize
}

fn of_effects<P: Process>(effects: &[EffectOf<P>]) -> usize {
    let sent = effects.iter().map(|effect| match effect {
        Effect::Send { message, .. } => in_full(message),
        _ => 0,
    });
    size_of_val(effects) + sent.sum::<usize>()
}

impl<P: Protocol> Member<P> {
    fn weight(&self, later: Option<&Self>) -> usize {
        let process_later = later.and_then(|later| later.process.as_ref());
        let process = self.process.as_ref().map_or(0, |process| process.weight(process_later));
        // What a record holds on the heap it has from a message, and the log has it as well.
        size_of::<Self>()
            + process
            + self.records.weight(later.map(|later| &later.records), |_| 0)
            + self.requests.weight(later.map(|later| &later.requests), |_| 0)
            + size_of_val(&*self.timers)
            + of_effects::<P::Process>(&self.fresh)
            + of_effects::<P::Process>(&self.held)
    }
}

impl<P: Protocol> Cast<P> {
    /// Takes over from an earlier state what says the same.
    pub(super) fn share_with(&mut self, earlier: &Self) {
        for (member, earlier) in self.members.iter_mut().zip(&earlier.members) {
            if let (Some(process), Some(earlier)) = (&mut member.process, &earlier.process) {
                process.share(earlier);
            }
        }
        self.check.share(&earlier.check);
    }

    /// About how many bytes it owns that a `later` state does not share.
    pub(super) fn weight_beyond(&self, later: Option<&Self>) -> usize {
        let members =
            self.members.iter().enumerate().map(|(place, member)| {
                member.weight(later.and_then(|later| later.members.get(place)))
            });
        let violations = self.violations.iter().map(|found| text_weight(&found.statement));
        size_of::<Self>()
            + members.sum::<usize>()
            + self.payloads.weight()
            + self.commands.weight(later.map(|later| &later.commands), |_| 0)
            + self.answers.weight(later.map(|later| &later.answers), |_| 0)
            // Twice, for command and answer hold them as well.
            + self.history.weight(later.map(|later| &later.history), |operation| {
                2 * (text_weight(&operation.request) + text_weight(&operation.answer))
            })
            + self.check.weight(later.map(|later| &later.check))
            + self.witness.weight()
            + self.tags.weight()
            + violations.sum::<usize>()
    }
}
