//! What can be seen of a run at the cursor: made when someone looks, decides nothing.

use super::{Run, ails, ghosts};
use crate::check::Violation;
use crate::declare::Family;
use crate::process::{NodeId, Role};
use crate::view::{
    Accused, Flight as Fate, MessageView, NodeView, StageView, Status, TimerView, lost_lately,
};
use crate::world::{Cause, Event, Flight, Held, Skip, TimerSlot, What};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A client operation, as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OperationView {
    /// The client.
    pub client: String,
    /// "put x 3"
    pub request: String,
    /// "ok", empty while there is none.
    pub answer: String,
    /// Virtual µs.
    pub invoked: u64,
    /// Virtual µs.
    pub returned: Option<u64>,
    /// How it stands.
    pub state: OperationState,
}

/// How an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum OperationState {
    /// No answer yet.
    #[cfg_attr(feature = "serde", serde(rename = "open"))]
    Open,
    /// Answered.
    #[cfg_attr(feature = "serde", serde(rename = "ok"))]
    Answered,
    /// The client has stopped waiting; it may have happened or not.
    #[cfg_attr(feature = "serde", serde(rename = "gave up"))]
    GaveUp,
}

/// "1.318 s"
pub fn seconds(time_us: u64) -> String {
    format!("{}.{:03} s", time_us / 1_000_000, time_us / 1_000 % 1_000)
}

/// A log may be long; so much of its end is enough for every rack.
const CELLS_SHOWN: usize = 64;

impl Run {
    /// The whole stage at the cursor.
    pub fn stage(&self) -> StageView {
        let world = &self.world;
        let kernel = &world.kernel;
        let groups = &kernel.links.groups;
        let group_count = groups.iter().copied().max().unwrap_or(0);
        let members_of = |group: u16| {
            let of = (0..groups.len() as u16).filter(|&id| groups[usize::from(id)] == group);
            of.collect::<Vec<u16>>()
        };
        let declaration = self.declaration();
        let rack_note = match declaration.epoch {
            "" => String::new(),
            epoch => format!("the number in a cell is its {epoch}"),
        };
        StageView {
            time_us: self.now_us,
            nodes: kernel.ids().map(|id| self.node_view(id)).collect(),
            rack: declaration.rack.to_string(),
            rack_note,
            committed: world.members.committed(),
            groups: (1..=group_count).map(members_of).filter(|group| !group.is_empty()).collect(),
            cuts: kernel.links.cuts.to_vec(),
            clogs: kernel.links.clogs.iter().map(|clog| (clog.0, clog.1)).collect(),
            laws: ails::own_laws(&kernel.links),
            messages: self.messages(),
            ghosts: self.ghosts(),
            accused: self.accused(),
        }
    }

    fn node_view(&self, id: NodeId) -> NodeView {
        let kernel = &self.world.kernel;
        let declaration = self.declaration();
        let node = kernel.node(id);
        let status = node.standing();
        let face = self.world.members.face(id).filter(|_| status != Status::Down);
        let seen = self.world.members.inspect(id).filter(|_| status != Status::Down);
        let is_client = kernel.is_client(id);
        let resting = match node.role {
            Role::Server => declaration.states[0].family,
            Role::Service => Family::Store,
            Role::Client => Family::Client,
        };
        let family = match face {
            Some(face) if !is_client => self.world.family(face.state),
            _ => resting,
        };
        let role = match face {
            Some(face) if declaration.states[usize::from(face.state)].shown => {
                let word = declaration.states[usize::from(face.state)].name;
                let alone = family == Family::Leads && !self.reaches_quorum(id);
                if alone { format!("{word}, cannot commit") } else { word.to_string() }
            }
            _ => String::new(),
        };
        let epoch = face.map_or(0, |face| face.epoch);
        let epoch_label = match declaration.epoch {
            "" => String::new(),
            _ if is_client => String::new(),
            word => format!("{word} {epoch}"),
        };
        let timer = seen.as_ref().and_then(|seen| seen.arc).and_then(|slot| {
            // The clock of a suspended machine stands: nothing runs out.
            let runs = |timer: &&TimerSlot| timer.armed && !node.clock.is_stopped();
            let timer = node.timers.get(usize::from(slot)).filter(runs)?;
            let due_us = node.clock.due_us(timer.deadline_us);
            Some(TimerView { since_us: timer.since_us, due_us })
        });
        let history = self.world.members.history();
        let last = if is_client { history.iter().rev().find(|o| o.id.client == id) } else { None };
        // A client that is down waits for nothing, though its operation stays open.
        let waits = |o: &&crate::world::Operation| o.returned_us.is_none() && !o.given_up;
        let open = last.filter(waits).filter(|_| status != Status::Down);
        let cells = ghosts::cells_of(&self.world, id, CELLS_SHOWN);
        let machine = seen.as_ref().map_or(String::new(), |seen| seen.state.clone());
        NodeView {
            name: self.names[id.index()].clone(),
            status,
            ails: ails::of(node, kernel.now_us),
            family,
            role,
            epoch,
            epoch_label,
            timer,
            votes: seen.and_then(|seen| seen.votes),
            first: cells.first,
            cells: cells.cells,
            state: last.map_or(machine, |operation| operation.request.clone()),
            waiting_since_us: open.map(|operation| operation.invoked_us),
            answer: last.map_or(String::new(), |operation| operation.answer.clone()),
        }
    }

    /// Whether a leader's messages reach as many running servers as it needs.
    fn reaches_quorum(&self, id: NodeId) -> bool {
        let kernel = &self.world.kernel;
        let reached = (0..kernel.servers).map(NodeId).filter(|&peer| {
            peer == id
                || (kernel.node(peer).ready()
                    && kernel.links.connected(id, peer)
                    && kernel.links.connected(peer, id))
        });
        let reached: Vec<NodeId> = reached.collect();
        self.world.members.can_commit(id, kernel.servers, &reached)
    }

    fn messages(&self) -> Vec<MessageView> {
        let mut views: Vec<MessageView> =
            self.world.kernel.flights().map(|flight| self.message_view(flight)).collect();
        for (id, event) in lost_lately(self.events().iter(), self.now_us) {
            views.push(self.lost_view(id, event));
        }
        crate::order::sort_by_key(&mut views, |view| (u64::from(view.id), 0));
        views
    }

    fn message_view(&self, flight: &Flight) -> MessageView {
        let kind = self.declaration().messages[usize::from(flight.face.kind)];
        let fate = match (flight.held, flight.lost) {
            (Some(Held::ByLine), _) => Fate::Held,
            (Some(_), _) => Fate::Waits,
            (None, Some(_)) => Fate::Lost,
            // Due and not let in: somebody holds it back.
            (None, None) if flight.planned_us < self.now_us => Fate::Waits,
            (None, None) => Fate::Arrives,
        };
        MessageView {
            id: flight.face.send,
            from: flight.from.0,
            to: flight.to.0,
            kind: flight.face.kind,
            sign: kind.sign,
            epoch: flight.face.epoch,
            number: flight.face.number,
            sent_us: flight.sent_us,
            planned_us: flight.planned_us,
            until_us: flight.until_us,
            flight: fate,
            name: self.message_name(flight.from, flight.to, kind.name, flight.face.count),
        }
    }

    fn message_name(&self, from: NodeId, to: NodeId, kind: &str, count: u32) -> String {
        format!("{}->{} {kind} #{count}", self.names[from.index()], self.names[to.index()])
    }

    fn lost_view(&self, id: u32, lost: &Event) -> MessageView {
        let sent = &self.trace[lost.cause as usize];
        let kind = self.declaration().messages[usize::from(sent.sub)];
        MessageView {
            id,
            from: sent.node.0,
            to: sent.peer.0,
            kind: sent.sub,
            sign: kind.sign,
            epoch: u64::from(sent.a),
            number: u64::from(sent.b),
            sent_us: sent.time_us,
            planned_us: sent.time_us + u64::from(lost.b),
            until_us: lost.time_us,
            flight: Fate::Lost,
            name: self.message_name(sent.node, sent.peer, kind.name, sent.c),
        }
    }

    /// The first violation, while the cursor is at its event.
    pub fn violation(&self) -> Option<(&Violation, Cause)> {
        let violation = self.violations().first()?;
        Some((violation, self.world.members.explain(violation, &self.trace, &self.names)))
    }

    fn accused(&self) -> Option<Accused> {
        let (violation, cause) =
            self.violation().filter(|(violation, _)| violation.time_us == self.now_us)?;
        Some(Accused {
            nodes: violation.nodes.iter().map(|node| node.0).collect(),
            cells: violation.cells.iter().map(|&(node, index)| (node.0, index)).collect(),
            arrows: cause.arrows,
        })
    }

    /// All that a node says of itself, by name; a node that is down says nothing but that.
    pub fn inspect(&self, name: &str) -> Option<Vec<(String, String)>> {
        let place = self.names.iter().position(|known| known == name)?;
        let id = NodeId(place as u16);
        let node = self.world.kernel.node(id);
        let status = match node.status {
            Status::Up if node.halted => "halted",
            Status::Up => "up",
            Status::Paused => "paused",
            Status::Down => "down",
        };
        let mut fields = alloc::vec![("status".to_string(), status.to_string())];
        if let Some(seen) = self.world.members.inspect(id) {
            fields.extend(seen.fields);
        }
        let disk = &node.disk;
        fields.push((
            "disk".to_string(),
            format!("{} records, {} synced", disk.written, disk.durable),
        ));
        let clock_us = node.clock.local_us(self.now_us);
        fields.push(("clock".to_string(), seconds(clock_us)));
        let wall_us = node.wall.show_us(clock_us);
        let (minutes, rest_us) = (wall_us / 60_000_000, wall_us % 60_000_000);
        let wall = format!(
            "{}:{:02}:{:02}.{:03}",
            minutes / 60,
            minutes % 60,
            rest_us / 1_000_000,
            rest_us / 1_000 % 1_000
        );
        fields.push(("wall clock".to_string(), wall));
        fields.push(("inbox".to_string(), node.inbox.len().to_string()));
        Some(fields)
    }

    /// Client operations up to the cursor, oldest first.
    pub fn operations(&self) -> Vec<OperationView> {
        let view = |operation: &crate::world::Operation| OperationView {
            client: self.names[operation.id.client.index()].clone(),
            request: operation.request.clone(),
            answer: operation.answer.clone(),
            invoked: operation.invoked_us,
            returned: operation.returned_us,
            state: match (operation.returned_us, operation.given_up) {
                (Some(_), _) => OperationState::Answered,
                (None, true) => OperationState::GaveUp,
                (None, false) => OperationState::Open,
            },
        };
        self.world.members.history().iter().map(view).collect()
    }

    /// Captions spoken up to the cursor, and how many the text has.
    pub fn beats(&self) -> (Vec<super::Beat>, usize) {
        (self.story.beats(self.world.kernel.events, self.now_us), self.story.total())
    }

    /// Captions of the text that have not been spoken by the head: their lines.
    pub fn unspoken(&self) -> Vec<u32> {
        self.story.unspoken(self.head_us).collect()
    }

    /// Lines that had no effect by the head: (line, why).
    pub fn without_effect(&self) -> Vec<(u32, String)> {
        let script = self.world.script();
        let line = |class: u8, rank: u32| {
            let rank = rank as usize;
            match class {
                0 => script.at.get(rank).map(|at| at.line),
                1 => script.when.get(rank).map(|when| when.line),
                _ => script.fates.get(rank).map(|fate| fate.line),
            }
        };
        // What a `chaos` line draws need not have an effect.
        let chaos = self.scenario.chaos().map(|(line, _)| line);
        let skipped = self.story.skipped().filter_map(|(class, rank, why, node)| {
            // What the system's word forbids is meant to have none.
            if [Skip::IsSynchronous, Skip::IsStopped].iter().any(|skip| *skip as u32 == why) {
                return None;
            }
            let line = line(class, rank).filter(|line| Some(*line) != chaos)?;
            Some((line, super::story::reason(why, node, &self.names)))
        });
        let unused = self.world.kernel.fates.iter().filter(|fate| !fate.used).filter_map(|fate| {
            let (class, rank) = fate.line;
            Some((line(class, rank)?, "that message was never sent".to_string()))
        });
        skipped.chain(unused).collect()
    }

    /// What became of each line.
    pub fn lines(&self) -> Vec<super::LineView> {
        let events = self.world.kernel.events;
        let mut lines =
            self.story.lines(&self.scenario, events, self.now_us, &self.world, &self.names);
        for verdict in self.verdicts() {
            if verdict.outcome == super::Outcome::Violated && verdict.line > 0 {
                lines[verdict.line as usize - 1].violated = true;
            }
        }
        lines
    }

    /// Faults for the timeline.
    pub fn flags(&self) -> Vec<super::FlagView> {
        self.story.flags(&self.scenario, self.now_us, &self.world)
    }

    /// Changes of what is shown of nodes, up to the head, from the `from`-th on.
    pub fn lanes(&self, from: usize) -> impl Iterator<Item = &Event> {
        self.story.faces().iter().skip(from).map(|&id| &self.trace[id as usize])
    }

    /// What began or ended to be wrong, up to the head.
    pub fn troubles(&self) -> impl Iterator<Item = &Event> {
        self.story.troubles().iter().map(|&id| &self.trace[id as usize])
    }

    /// How many such changes there are.
    pub fn lanes_len(&self) -> usize {
        self.story.faces().len()
    }

    /// Nothing but pulses and timers happens before this time, at most `limit_us`. Found by
    /// running a clone ahead; at most `STEPS_AHEAD` steps.
    pub fn quiet_until(&self, limit_us: u64) -> u64 {
        const STEPS_AHEAD: u32 = 2_000;
        let messages = self.declaration().messages;
        let is_pulse = |kind: u8| messages[usize::from(kind)].sign == crate::declare::Sign::Pulse;
        if self.world.kernel.flights().any(|flight| !is_pulse(flight.face.kind)) {
            return self.now_us;
        }
        let Some(mut world) = self.world.copy() else { return self.now_us };
        for _ in 0..STEPS_AHEAD {
            match world.next_time() {
                None => return limit_us,
                Some(next_us) if next_us > limit_us => return limit_us,
                Some(_) => {}
            }
            world.step();
            let loud = world.kernel.out.drain(..).any(|event| match event.what {
                What::Send | What::Receive => !is_pulse(event.sub),
                What::Lost | What::Timer | What::Durable | What::Boot => false,
                _ => true,
            });
            if loud {
                return world.kernel.now_us;
            }
        }
        world.kernel.now_us
    }

    /// On to the next change that can be seen on stage: a message leaves or lands, a node
    /// changes, a line acts.
    pub fn step_change(&mut self) -> bool {
        loop {
            let before = self.world.kernel.events as usize;
            if !self.step() {
                return false;
            }
            let seen = self.trace[before..self.world.kernel.events as usize]
                .iter()
                .any(|event| !matches!(event.what, What::Timer | What::Durable | What::Boot));
            if seen {
                return true;
            }
        }
    }

    /// Time of the next (`forward`) or previous fault or caption.
    pub fn seek_flag(&self, forward: bool) -> Option<u64> {
        let flags = self.flags();
        let (beats, _) = self.beats();
        let times = flags.iter().map(|flag| flag.time).chain(beats.iter().map(|beat| beat.time));
        if forward {
            times.filter(|&time| time > self.now_us).min()
        } else {
            times.filter(|&time| time < self.now_us).max()
        }
    }

    /// The median flight, µs: what sets the default pace.
    pub fn median_flight_us(&self) -> u64 {
        let (range, _) = self.world.kernel.links.laws.latency;
        (range.low + range.high) / 2
    }
}
