//! A scheduler that wants nothing to be decided, as in the proof that in an asynchronous system
//! no protocol that tolerates one crash always decides (Fischer, Lynch and Paterson 1985).
//! Before a message is let in, the adversary tries on a copy of the world what it would do. If
//! something would be decided that is not, the message waits and others go first; it is tried
//! again and again, and let in when it decides nothing any more, or has waited as long as the
//! text allows. Nothing is lost, and each message arrives in the end. Knows no protocol: what
//! is decided the protocol's own check counts (`Members::committed`).

use super::{Event, NONE, Skip, What, World};
use crate::scenario::ast::Adversary;

/// How often it tries a message again that it holds back, µs.
const TRIES_EVERY_US: u64 = 1_000;
/// A patient adversary holds no message longer than that, µs.
const PATIENCE_US: u64 = 60_000_000;
/// In a copy the disks finish what they have been given: at most so many syncs.
const SYNCS_MOST: u32 = 64;

impl World {
    /// Another adversary, or none.
    pub(super) fn set_adversary(
        &mut self,
        adversary: Adversary,
    ) -> Result<(), super::actions::Skipped> {
        if self.kernel.adversary == adversary {
            return Err((Skip::IsSo, None));
        }
        self.kernel.adversary = adversary;
        self.kernel.digest(&(self.kernel.now_us, adversary));
        Ok(())
    }

    /// Whether the adversary holds back a message that is due. It then comes again.
    pub(super) fn holds_back(&mut self, slot: u32) -> bool {
        let patience_us = match self.kernel.adversary {
            Adversary::Off => return false,
            Adversary::Patient => PATIENCE_US,
            Adversary::Within(us) => us,
        };
        let Some(flight) = self.kernel.flight(slot).copied() else { return false };
        let now_us = self.kernel.now_us;
        // What the system promises about time the adversary keeps as well.
        let latest_us = flight.sent_us.saturating_add(patience_us);
        let latest_us =
            self.kernel.model.latest_us(flight.sent_us).unwrap_or(u64::MAX).min(latest_us);
        if flight.lost.is_some() || now_us >= latest_us || !self.would_decide(slot) {
            return false;
        }
        let again_us = (now_us + TRIES_EVERY_US).min(latest_us);
        if flight.until_us <= flight.planned_us {
            let (cause, peer) = (flight.face.send, flight.to);
            let waits = Event { cause, peer, ..self.kernel.event(What::Waits, flight.from) };
            self.kernel.emit(waits);
        }
        self.kernel.digest(&(now_us, flight.from, flight.to, again_us));
        self.kernel.redirect(slot, again_us);
        true
    }

    /// Whether something is decided once this message is handled, and all that is written by
    /// then is on disk. False where processes cannot be copied.
    fn would_decide(&self, slot: u32) -> bool {
        let Some(mut copy) = self.copy() else { return false };
        copy.kernel.adversary = Adversary::Off;
        copy.kernel.cause = NONE;
        copy.end_flight(slot);
        for _ in 0..SYNCS_MOST {
            let waits = |node: &super::Node| node.disk.syncing.is_some();
            let Some(place) = copy.kernel.nodes.iter().position(waits) else { break };
            let Some(id) = copy.kernel.ids().nth(place) else { break };
            copy.end_sync(id);
        }
        copy.members.committed() > self.members.committed()
    }
}
