//! Plays a recording: a cursor over its events, and the stage as they left it. It can be
//! watched, not changed. Going back begins at the start again; nothing is computed but what
//! the file says.

use crate::declare::{Declaration, Family, Sign};
use crate::run::{
    Beat, FlagView, LineState, LineView, OperationState, OperationView, Outcome, Stop, Verdict,
};
use crate::view::{
    Accused, Ail, Cell, Flight, MessageView, NodeView, OwnLaw, StageView, Status, TimerView, Votes,
    lost_lately,
};
use crate::world::{Event, What};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A copy of a message in flight.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub until_us: u64,
    pub planned_us: u64,
    pub fate: Flight,
}

impl InFlight {
    /// It does not leave the stage when its time comes.
    pub fn stays(&self) -> bool {
        matches!(self.fate, Flight::Held | Flight::Waits)
    }
}

/// What an event changes on stage.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub nodes: Vec<NodeChange>,
    pub flights: Vec<(u32, Vec<InFlight>)>,
    pub committed: Option<u64>,
    pub groups: Option<Vec<Vec<u16>>>,
    pub cuts: Option<Vec<(u16, u16)>>,
    pub clogs: Option<Vec<(u16, u16)>>,
    pub laws: Option<Vec<OwnLaw>>,
}

/// What is different of a node; `Some(None)` takes something away.
#[derive(Debug)]
pub(super) struct NodeChange {
    pub node: u16,
    pub status: Option<Status>,
    pub ails: Option<Vec<Ail>>,
    pub family: Option<Family>,
    pub role: Option<String>,
    pub epoch: Option<(u64, String)>,
    pub timer: Option<Option<TimerView>>,
    pub votes: Option<Option<Votes>>,
    /// Log index of the first cell.
    pub first: Option<u64>,
    /// So many stay, then come these.
    pub cells: Option<(usize, Vec<Cell>)>,
    pub state: Option<String>,
    pub waiting: Option<Option<u64>>,
    pub answer: Option<String>,
    pub fields: Option<Vec<(String, String)>>,
}

/// A violation and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violated {
    /// The check's plain name.
    pub check: String,
    /// When, virtual µs.
    pub time_us: u64,
    /// At which event.
    pub event: u32,
    /// What is wrong.
    pub statement: String,
    /// Nodes concerned.
    pub nodes: Vec<u16>,
    /// Cells concerned: node and index.
    pub cells: Vec<(u16, u64)>,
    /// Messages that did it.
    pub arrows: Vec<(u16, u16)>,
    /// Why it came about.
    pub cause: String,
    /// When that began, virtual µs.
    pub cause_us: Option<u64>,
}

/// See the file's head.
pub struct Recorded {
    pub(super) declaration: &'static Declaration,
    pub(super) names: Vec<String>,
    pub(super) servers: u16,
    pub(super) text: String,
    pub(super) title: String,
    pub(super) seed: String,
    pub(super) made_by: String,
    pub(super) rack_note: String,
    pub(super) median_flight_us: u64,
    pub(super) events: Vec<(Event, Option<Box<Changes>>)>,
    /// Numbers of the events that change what is shown of a node.
    pub(super) faces: Vec<u32>,
    pub(super) operations: Vec<OperationView>,
    /// When the client of each gave up, µs; `u64::MAX` for never.
    pub(super) given_up_us: Vec<u64>,
    pub(super) head_us: u64,
    pub(super) digest: String,
    pub(super) violations: Vec<Violated>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) beats: Vec<Beat>,
    pub(super) beats_total: usize,
    pub(super) flags: Vec<FlagView>,
    pub(super) lines: Vec<LineView>,
    /// Cells of each node as far as the file has been read: how many, from which index on.
    pub(super) cells: Vec<(usize, u64)>,
    now_us: u64,
    /// Events up to the cursor.
    applied: usize,
    stage: StageView,
    fields: Vec<Vec<(String, String)>>,
    flights: Vec<(u32, InFlight)>,
}

impl Recorded {
    pub(super) fn new(
        declaration: &'static Declaration,
        names: Vec<String>,
        servers: u16,
    ) -> Recorded {
        let count = names.len();
        let mut recorded = Recorded {
            declaration,
            names,
            servers,
            text: String::new(),
            title: String::new(),
            seed: String::new(),
            made_by: String::new(),
            rack_note: String::new(),
            median_flight_us: 0,
            events: Vec::new(),
            faces: Vec::new(),
            operations: Vec::new(),
            given_up_us: Vec::new(),
            head_us: 0,
            digest: String::new(),
            violations: Vec::new(),
            verdicts: Vec::new(),
            beats: Vec::new(),
            beats_total: 0,
            flags: Vec::new(),
            lines: Vec::new(),
            cells: alloc::vec![(0, 1); count],
            now_us: 0,
            applied: 0,
            stage: StageView {
                time_us: 0,
                nodes: Vec::new(),
                rack: declaration.rack.to_string(),
                rack_note: String::new(),
                committed: 0,
                groups: Vec::new(),
                cuts: Vec::new(),
                clogs: Vec::new(),
                laws: Vec::new(),
                messages: Vec::new(),
                ghosts: Vec::new(),
                accused: None,
            },
            fields: Vec::new(),
            flights: Vec::new(),
        };
        recorded.rewind();
        recorded
    }

    fn rewind(&mut self) {
        let blank = |name: &String| NodeView {
            name: name.clone(),
            status: Status::Down,
            ails: Vec::new(),
            family: Family::Follows,
            role: String::new(),
            epoch: 0,
            epoch_label: String::new(),
            timer: None,
            votes: None,
            cells: Vec::new(),
            first: 1,
            state: String::new(),
            waiting_since_us: None,
            answer: String::new(),
        };
        self.stage.nodes = self.names.iter().map(blank).collect();
        self.stage.committed = 0;
        self.stage.groups.clear();
        self.stage.cuts.clear();
        self.stage.clogs.clear();
        self.stage.laws.clear();
        self.fields = alloc::vec![Vec::new(); self.names.len()];
        self.flights.clear();
        (self.now_us, self.applied) = (0, 0);
    }

    // ---- what it is ----

    /// The text that was played.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// Its seed.
    pub fn seed(&self) -> &str {
        &self.seed
    }
    /// The version of what wrote it.
    pub fn made_by(&self) -> &str {
        &self.made_by
    }
    /// What its protocol declares.
    pub fn declaration(&self) -> &'static Declaration {
        self.declaration
    }
    /// The nodes' names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
    /// So many of the nodes are servers.
    pub fn servers(&self) -> u16 {
        self.servers
    }
    /// The median flight, µs.
    pub fn median_flight_us(&self) -> u64 {
        self.median_flight_us
    }
    /// The digest of the whole run.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// The cursor, virtual µs.
    pub fn time_us(&self) -> u64 {
        self.now_us
    }
    /// Where it ends, virtual µs.
    pub fn end_us(&self) -> u64 {
        self.head_us
    }
    /// Events up to the cursor.
    pub fn events(&self) -> usize {
        self.applied
    }

    // ---- forward and back ----

    /// When the next event is due, virtual µs.
    pub fn next_time(&self) -> Option<u64> {
        self.events.get(self.applied).map(|(event, _)| event.time_us)
    }

    /// Plays what happens up to `until_us`; stops at a violation.
    pub fn advance(&mut self, until_us: u64) -> Stop {
        self.play(until_us, true)
    }

    fn play(&mut self, until_us: u64, stop_at_violation: bool) -> Stop {
        let until_us = until_us.min(self.head_us);
        while self.next_time().is_some_and(|next_us| next_us <= until_us) {
            let event = self.applied as u32;
            self.step();
            if stop_at_violation && self.violations.iter().any(|v| v.event == event) {
                return Stop::Violated;
            }
        }
        self.now_us = self.now_us.max(until_us);
        if self.now_us >= self.head_us { Stop::Ended } else { Stop::Reached }
    }

    /// The cursor goes to `time_us`, back or forth.
    pub fn seek(&mut self, time_us: u64) -> Stop {
        if time_us < self.now_us {
            self.rewind();
        }
        self.play(time_us, false)
    }

    /// On to the next event; false when nothing is left.
    pub fn step(&mut self) -> bool {
        let Some((event, change)) = self.events.get(self.applied) else { return false };
        self.now_us = event.time_us;
        self.applied += 1;
        let Some(change) = change else { return true };
        for change in &change.nodes {
            let place = usize::from(change.node);
            apply(change, &mut self.stage.nodes[place], &mut self.fields[place]);
        }
        for (id, copies) in &change.flights {
            self.flights.retain(|(known, _)| known != id);
            self.flights.extend(copies.iter().map(|&copy| (*id, copy)));
        }
        if let Some(committed) = change.committed {
            self.stage.committed = committed;
        }
        if let Some(groups) = &change.groups {
            self.stage.groups.clone_from(groups);
        }
        if let Some(cuts) = &change.cuts {
            self.stage.cuts.clone_from(cuts);
        }
        if let Some(clogs) = &change.clogs {
            self.stage.clogs.clone_from(clogs);
        }
        if let Some(laws) = &change.laws {
            self.stage.laws.clone_from(laws);
        }
        let now_us = self.now_us;
        self.flights.retain(|(_, copy)| copy.until_us >= now_us || copy.stays());
        true
    }

    /// Back to the event before; false at the start.
    pub fn step_back(&mut self) -> bool {
        let Some(target) = self.applied.checked_sub(2) else { return false };
        self.rewind();
        while self.applied <= target && self.step() {}
        true
    }

    /// On to the next change that can be seen on stage.
    pub fn step_change(&mut self) -> bool {
        while self.step() {
            let (event, _) = &self.events[self.applied - 1];
            if !matches!(event.what, What::Timer | What::Durable | What::Boot) {
                return true;
            }
        }
        false
    }

    /// Nothing but pulses and timers happens before this time, at most `limit_us`.
    pub fn quiet_until(&self, limit_us: u64) -> u64 {
        let is_pulse = |kind: u8| self.declaration.messages[usize::from(kind)].sign == Sign::Pulse;
        let in_flight = |id: u32| self.events[id as usize].0.sub;
        if self
            .flights
            .iter()
            .any(|&(id, copy)| copy.until_us > self.now_us && !is_pulse(in_flight(id)))
        {
            return self.now_us;
        }
        let loud = |event: &Event| match event.what {
            What::Send | What::Receive => !is_pulse(event.sub),
            What::Lost | What::Timer | What::Durable | What::Boot => false,
            _ => true,
        };
        let ahead = self.events[self.applied..].iter().map(|(event, _)| event);
        let next = ahead.take_while(|event| event.time_us <= limit_us).find(|event| loud(event));
        next.map_or(limit_us, |event| event.time_us)
    }

    /// Time of the next (`forward`) or previous fault or caption.
    pub fn seek_flag(&self, forward: bool) -> Option<u64> {
        let beats = self.beats.iter().map(|beat| beat.time);
        let times = self.flags.iter().map(|flag| flag.time).chain(beats);
        if forward {
            times.filter(|&time| time > self.now_us).min()
        } else {
            times.filter(|&time| time < self.now_us).max()
        }
    }

    // ---- what can be seen ----

    /// The whole stage at the cursor.
    pub fn stage(&self) -> StageView {
        let mut stage = self.stage.clone();
        stage.time_us = self.now_us;
        stage.rack_note.clone_from(&self.rack_note);
        let flying = |&&(_, copy): &&(u32, InFlight)| copy.until_us > self.now_us || copy.stays();
        stage.messages = self
            .flights
            .iter()
            .filter(flying)
            .map(|&(id, copy)| self.message(id, id, copy))
            .collect();
        let happened = self.events[..self.applied].iter().map(|(event, _)| event);
        for (id, event) in lost_lately(happened, self.now_us) {
            let (sent, _) = &self.events[event.cause as usize];
            let planned_us = sent.time_us + u64::from(event.b);
            let copy = InFlight { until_us: event.time_us, planned_us, fate: Flight::Lost };
            stage.messages.push(self.message(id, event.cause, copy));
        }
        crate::order::sort_by_key(&mut stage.messages, |view| (u64::from(view.id), 0));
        stage.accused = self.violation().filter(|v| v.time_us == self.now_us).map(|v| Accused {
            nodes: v.nodes.clone(),
            cells: v.cells.clone(),
            arrows: v.arrows.clone(),
        });
        stage
    }

    fn message(&self, id: u32, sent: u32, copy: InFlight) -> MessageView {
        let (sent, _) = &self.events[sent as usize];
        let kind = self.declaration.messages[usize::from(sent.sub)];
        let (from, to) = (&self.names[sent.node.index()], &self.names[sent.peer.index()]);
        MessageView {
            id,
            from: sent.node.0,
            to: sent.peer.0,
            kind: sent.sub,
            sign: kind.sign,
            epoch: u64::from(sent.a),
            number: u64::from(sent.b),
            sent_us: sent.time_us,
            planned_us: copy.planned_us,
            until_us: copy.until_us,
            flight: copy.fate,
            name: format!("{from}->{to} {} #{}", kind.name, sent.c),
        }
    }

    /// All that a node said of itself.
    pub fn inspect(&self, name: &str) -> Option<&[(String, String)]> {
        let place = self.names.iter().position(|known| known == name)?;
        Some(&self.fields[place])
    }

    /// The first violation, while the cursor is at or behind its event.
    pub fn violation(&self) -> Option<&Violated> {
        self.violations.iter().find(|violated| (violated.event as usize) < self.applied)
    }

    /// How each check and expectation stands, as far as the cursor.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let at_end = self.now_us >= self.head_us;
        let then = |verdict: &Verdict| {
            let mut verdict = verdict.clone();
            let is_check = !verdict.formal.is_empty();
            let violated = self.violations.iter().find(|v| v.check == verdict.plain);
            let ahead = match violated {
                Some(violated) => violated.event as usize >= self.applied,
                None => !is_check && !at_end,
            };
            if ahead {
                verdict.outcome = if is_check { Outcome::Holds } else { Outcome::Pending };
                verdict.detail = String::new();
                verdict.fails = false;
            }
            verdict
        };
        self.verdicts.iter().map(then).collect()
    }

    /// Captions spoken up to the cursor, and how many the text has.
    pub fn beats(&self) -> (Vec<Beat>, usize) {
        let spoken = self.beats.iter().filter(|beat| beat.time <= self.now_us);
        (spoken.cloned().collect(), self.beats_total)
    }

    /// What became of each line of the text, as far as the cursor.
    pub fn lines(&self) -> Vec<LineView> {
        let then = |line: &LineView| {
            let mut line = line.clone();
            if line.at.is_some_and(|at_us| at_us > self.now_us) {
                line.state = LineState::Ahead;
                line.resolved = String::new();
                line.reason = String::new();
            }
            line
        };
        self.lines.iter().map(then).collect()
    }

    /// Faults for the timeline.
    pub fn flags(&self) -> Vec<FlagView> {
        let then = |flag: &FlagView| FlagView { played: flag.time <= self.now_us, ..flag.clone() };
        self.flags.iter().map(then).collect()
    }

    /// Changes of what is shown of nodes in the whole recording, from the `from`-th on.
    pub fn lanes(&self, from: usize) -> impl Iterator<Item = &Event> {
        self.faces.iter().skip(from).map(|&id| &self.events[id as usize].0)
    }

    /// How many such changes there are.
    pub fn lanes_len(&self) -> usize {
        self.faces.len()
    }

    /// Client operations up to the cursor, oldest first.
    pub fn operations(&self) -> Vec<OperationView> {
        let begun = self.operations.iter().take_while(|o| o.invoked <= self.now_us);
        let then = |(operation, &given_up_us): (&OperationView, &u64)| {
            let mut operation = operation.clone();
            let ended_us = operation.returned.unwrap_or(given_up_us);
            if ended_us > self.now_us {
                operation.returned = None;
                operation.answer = String::new();
                operation.state = OperationState::Open;
            }
            operation
        };
        begun.zip(&self.given_up_us).map(then).collect()
    }
}

fn apply(change: &NodeChange, node: &mut NodeView, fields: &mut Vec<(String, String)>) {
    fn set<T: Clone>(to: &mut T, from: Option<&T>) {
        if let Some(from) = from {
            to.clone_from(from);
        }
    }
    set(&mut node.status, change.status.as_ref());
    set(&mut node.ails, change.ails.as_ref());
    set(&mut node.family, change.family.as_ref());
    set(&mut node.role, change.role.as_ref());
    set(&mut node.timer, change.timer.as_ref());
    set(&mut node.votes, change.votes.as_ref());
    set(&mut node.state, change.state.as_ref());
    set(&mut node.waiting_since_us, change.waiting.as_ref());
    set(&mut node.answer, change.answer.as_ref());
    set(fields, change.fields.as_ref());
    if let Some((epoch, label)) = &change.epoch {
        node.epoch = *epoch;
        node.epoch_label.clone_from(label);
    }
    if let Some(first) = change.first {
        let gone = first.checked_sub(node.first).and_then(|gone| usize::try_from(gone).ok());
        let gone = gone.unwrap_or(usize::MAX).min(node.cells.len());
        node.cells.drain(..gone);
        node.first = first;
    }
    if let Some((keep, cells)) = &change.cells {
        node.cells.truncate(*keep);
        node.cells.extend(cells.iter().cloned());
    }
}
