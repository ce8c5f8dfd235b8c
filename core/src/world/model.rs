//! What the text says of the system that it runs on, kept by the world: in a synchronous one
//! nothing is lost, late or slow; in a partially synchronous one from the global stabilisation
//! time on (Dwork, Lynch and Stockmeyer 1988, §2); with crash-stop nobody comes back. And the
//! core: servers that suffice, made whole for good while the rest stays broken, as in
//! TigerBeetle's VOPR. A line that would break the word has no effect and says so.

use super::{
    CORE, Flight, GST, Held, Kernel, LineClass, Links, NO_NODE, Pending, Raised, Skip, What, World,
};
use crate::draw::{Purpose, draw};
use crate::process::NodeId;
use crate::scenario::ast::{Action, DiskFault, Failures, Fate, Law, Timing};
use crate::view::Status;
use alloc::rc::Rc;
use alloc::vec::Vec;

/// What the system promises.
#[derive(Clone, Copy, Debug, Default)]
pub struct Model {
    /// About time; nothing is said when there is none.
    pub timing: Option<Timing>,
    /// How processes fail.
    pub failures: Failures,
}

impl Model {
    /// The longest time on the way of what is sent now, µs; none when there is no bound.
    pub fn bound_us(&self, now_us: u64) -> Option<u64> {
        match self.timing {
            Some(Timing::Synchronous { bound_us }) => Some(bound_us),
            Some(Timing::Partial { bound_us, gst_us }) if now_us >= gst_us => Some(bound_us),
            _ => None,
        }
    }

    /// When what is sent now must have arrived, µs: what is sent before the stabilisation time
    /// counts as sent then.
    pub fn latest_us(&self, sent_us: u64) -> Option<u64> {
        match self.timing {
            Some(Timing::Synchronous { bound_us }) => Some(sent_us + bound_us),
            Some(Timing::Partial { bound_us, gst_us }) => Some(sent_us.max(gst_us) + bound_us),
            _ => None,
        }
    }

    /// Why an action can't be at this time.
    fn forbids(&self, action: &Action, now_us: u64) -> Option<Skip> {
        let stops = self.failures == Failures::CrashStop;
        if stops && matches!(action, Action::Restart(_)) {
            return Some(Skip::IsStopped);
        }
        self.bound_us(now_us)?;
        let breaks = match action {
            Action::Pause(..)
            | Action::Suspend(..)
            | Action::Cut { .. }
            | Action::Clog { .. }
            | Action::Partition(_)
            | Action::Drift(..)
            | Action::Fate(Fate::Drop | Fate::Hold, _)
            | Action::Disk(_, DiskFault::Slow(_), _) => true,
            Action::Slow(_, by_us, _) => *by_us > 0,
            Action::Network(_, Law::Loss(ppm)) => *ppm > 0,
            _ => false,
        };
        breaks.then_some(Skip::IsSynchronous)
    }
}

impl Kernel {
    /// Keeps the word of a text: to be said before anything happens.
    pub fn promise(&mut self, model: Model) {
        self.model = model;
        if let Some(Timing::Partial { gst_us, .. }) = model.timing {
            self.schedule(gst_us, Pending::Stable);
        }
    }
}

impl World {
    /// Whether an operation that began at this time or later has been answered.
    pub fn progressed(&self, since_us: u64) -> bool {
        let history = self.members.history();
        let mut place = history.len();
        while let Some(operation) = place.checked_sub(1).and_then(|last| history.get(last)) {
            if operation.invoked_us < since_us {
                return false;
            }
            if operation.returned_us.is_some() {
                return true;
            }
            place -= 1;
        }
        false
    }

    /// Whether the system's word lets this be.
    pub(super) fn permitted(&self, action: &Action) -> Result<(), super::actions::Skipped> {
        self.kernel
            .model
            .forbids(action, self.kernel.now_us)
            .map_or(Ok(()), |skip| Err((skip, None)))
    }

    /// The global stabilisation time: whatever disturbed is over, and what is on its way
    /// arrives within the bound.
    pub(super) fn stabilise(&mut self) {
        self.kernel.digest(&(self.kernel.now_us, What::Stable as u8));
        let event = self.kernel.event(What::Stable, NO_NODE);
        self.kernel.cause = self.kernel.emit(event);
        self.kernel.raised.push((Raised::World(GST), NO_NODE));
        self.rejoin(|_| true);
        for id in self.kernel.ids() {
            self.freshen(id);
        }
        let model = self.kernel.model;
        let late = |flight: &Flight| {
            flight.lost.is_none()
                && (flight.held.is_some()
                    || model
                        .latest_us(flight.sent_us)
                        .is_some_and(|latest| flight.until_us > latest))
        };
        for slot in self.kernel.find_flights(late) {
            let Some(flight) = self.kernel.flight(slot).copied() else { continue };
            if let Some(latest_us) = model.latest_us(flight.sent_us) {
                self.kernel.redirect(slot, flight.until_us.clamp(self.kernel.now_us, latest_us));
            }
        }
        self.fire_triggers();
    }

    /// `heal core`: drawn servers, as many as suffice, come back and hear each other, all
    /// services, which come back too, and all clients; everybody else is left as it is and cut off from them.
    pub(super) fn heal_core(
        &mut self,
        place: (LineClass, u32),
    ) -> Result<(), super::actions::Skipped> {
        let servers = self.kernel.servers;
        let mut order: Vec<NodeId> = (0..servers).map(NodeId).collect();
        let key = [self.kernel.now_us, place.0 as u64, u64::from(place.1)];
        let drawn = |id: &NodeId| {
            draw(self.kernel.seed, Purpose::Selector, &[key[0], key[1], key[2], u64::from(id.0)])
        };
        crate::order::sort_by_key(&mut order, |id| (drawn(id), 0));
        let mut core: Vec<NodeId> = Vec::new();
        for id in order {
            if self.members.suffices(servers, &core) {
                break;
            }
            if self.revive(id) {
                core.push(id);
            }
        }
        if !self.members.suffices(servers, &core) {
            return Err((Skip::NoCore, None));
        }
        let member = |id: NodeId| id.0 >= servers || core.contains(&id);
        self.rejoin(member);
        for id in core.iter().copied() {
            self.freshen(id);
        }
        let services = (servers..servers + self.kernel.services).map(NodeId);
        for id in services {
            self.revive(id);
            self.freshen(id);
        }
        let group = |id: NodeId| if member(id) { 1 } else { 2 };
        let groups: Vec<u16> = self.kernel.ids().map(group).collect();
        self.kernel.digest(&groups);
        let whole = groups.iter().all(|group| *group == 1);
        self.kernel.links.groups = if whole { Vec::new() } else { groups };
        self.lose_what_is_cut();
        let event = super::Event { sub: 1, ..self.kernel.event(What::Stable, NO_NODE) };
        self.kernel.emit(event);
        self.kernel.raised.push((Raised::World(CORE), NO_NODE));
        Ok(())
    }

    /// Brings a server up; whether it is.
    fn revive(&mut self, id: NodeId) -> bool {
        if self.kernel.node(id).standing() == Status::Down {
            if self.kernel.model.failures == Failures::CrashStop || self.kernel.node(id).halted {
                return false;
            }
            self.freshen(id);
            // One that refuses to start from its disk is no member of a core.
            let _ = self.restart(id);
        }
        self.kernel.node(id).standing() != Status::Down
    }

    /// A node at full speed, with its clocks at their rate and a sound disk.
    fn freshen(&mut self, id: NodeId) {
        let _ = self.end_pause(id);
        let _ = self.slow(id, 0, None);
        if self.kernel.node(id).clock.ppm() != 0 {
            self.drift(id, 0);
        }
        if !self.kernel.node(id).disk.faults.is_empty() {
            let _ = self.harm_disk(id, DiskFault::Sound, None);
        }
    }

    /// The links between these nodes are as the text's laws have them, and nothing waits there.
    fn rejoin(&mut self, member: impl Fn(NodeId) -> bool) {
        let between = |a: u16, b: u16| member(NodeId(a)) && member(NodeId(b));
        let whole = self.whole.clone();
        let links = &mut self.kernel.links;
        links.cuts.retain(|&(a, b)| !between(a, b));
        if !links.groups.is_empty() {
            for id in 0..links.groups.len() as u16 {
                if member(NodeId(id)) {
                    links.groups[usize::from(id)] = 0;
                }
            }
        }
        if links.groups.iter().all(|group| *group == 0) {
            links.groups.clear();
        }
        links.relax(&whole, &between);
        self.unclog(|&(a, b, _)| between(a, b));
        self.kernel.let_go(|flight| {
            flight.held == Some(Held::ByLine) && between(flight.from.0, flight.to.0)
        });
    }
}

/// The links of a text, before any line has touched them.
pub(super) type Whole = Rc<Links>;
