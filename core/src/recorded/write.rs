//! Writes a recording of a run, line by line: plays it from the start and says what each
//! event changed on stage. Never changes the run but for its cursor.

use super::line::{Change, End, EventLine, FlightChange, Header, NodeChange, ViolationLine};
use super::{FORMAT, VERSION, family_word, fate_word, safety_word, status_word};
use crate::run::Run;
use crate::view::{Flight, MessageView, NodeView, StageView, Status};
use crate::world::{Event, NO_NODE, NONE, What};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde::Serialize;

/// One line, whichever.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Line<'a> {
    /// The first.
    Header(Header<'a>),
    /// An event.
    Event(EventLine<'a>),
    /// The last.
    End(End),
}

/// A violation that a test found by means of its own.
#[derive(Clone, Debug)]
pub struct Extra {
    /// The check's plain name.
    pub check: String,
    /// What is wrong.
    pub statement: String,
    /// When, virtual µs.
    pub time_us: u64,
}

/// Ends of the copies of a message in flight: (ends at, planned at, fate).
type Copies = Vec<(u64, u64, &'static str)>;

/// What has been written.
struct Known {
    stage: StageView,
    fields: Vec<Vec<(String, String)>>,
    flights: BTreeMap<u32, Copies>,
}

/// Plays a run from its start to `until_us` and hands over its recording, line by line.
pub fn record(run: &mut Run, until_us: u64, extra: Option<Extra>, out: &mut dyn FnMut(&Line)) {
    run.seek(0);
    let names = run.names().to_vec();
    let text = run.text().to_string();
    let title = run.scenario().title().to_string();
    out(&Line::Header(Header {
        format: FORMAT,
        version: VERSION,
        made_by: env!("CARGO_PKG_VERSION"),
        protocol: run.declaration(),
        scenario: &text,
        title: &title,
        seed: run.scenario().seed().to_string(),
        servers: run.scenario().nodes(),
        nodes: &names,
        median_flight: run.median_flight_us(),
        rack_note: run.stage().rack_note,
    }));
    let mut known = Known {
        stage: StageView { nodes: names.iter().map(|name| blank(name)).collect(), ..empty() },
        fields: alloc::vec![Vec::new(); names.len()],
        flights: BTreeMap::new(),
    };
    let mut from = 0;
    loop {
        let to = run.events().len();
        let mut change = known.change(run, &names, from);
        for place in from..to {
            let mut line = line_of(run, place, &names);
            if place + 1 == to {
                line.now = core::mem::take(&mut change);
            }
            out(&Line::Event(line));
        }
        from = to;
        let more = run.next_time().is_some_and(|next_us| next_us <= until_us);
        if !more || !run.step() || run.time_us() > until_us {
            break;
        }
    }
    run.seek(until_us);
    out(&Line::End(end_of(run, until_us, extra)));
}

fn empty() -> StageView {
    StageView {
        time_us: 0,
        nodes: Vec::new(),
        rack: String::new(),
        rack_note: String::new(),
        committed: 0,
        groups: Vec::new(),
        cuts: Vec::new(),
        clogs: Vec::new(),
        laws: Vec::new(),
        messages: Vec::new(),
        ghosts: Vec::new(),
        accused: None,
    }
}

/// A node of which nothing has been said.
fn blank(name: &str) -> NodeView {
    NodeView {
        name: name.to_string(),
        status: Status::Down,
        ails: Vec::new(),
        family: crate::declare::Family::Follows,
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
    }
}

impl Known {
    /// What is on stage now and was not, or was otherwise; from now on it is known.
    fn change<'a>(&mut self, run: &Run, names: &'a [String], from: usize) -> Change<'a> {
        let now = run.stage();
        let mut change = Change::default();
        let touched = |place: usize| {
            let events = &run.events()[from..];
            events.iter().any(|event| event.node.index() == place)
        };
        for (place, (was, is)) in self.stage.nodes.iter().zip(&now.nodes).enumerate() {
            let mut node = node_change(was, is, &names[place]);
            if touched(place) {
                let said = run.inspect(&names[place]).unwrap_or_default();
                // Clocks run without being told.
                let said: Vec<_> =
                    said.into_iter().filter(|(name, _)| !name.ends_with("clock")).collect();
                if said != self.fields[place] {
                    node.fields = Some(said.clone());
                    self.fields[place] = said;
                }
            }
            if node != (NodeChange { node: &names[place], ..NodeChange::default() }) {
                change.nodes.push(node);
            }
        }
        let set = |differs: bool| differs.then_some(());
        change.committed = set(self.stage.committed != now.committed).map(|()| now.committed);
        change.groups = set(self.stage.groups != now.groups).map(|()| now.groups.clone());
        change.cuts = set(self.stage.cuts != now.cuts).map(|()| now.cuts.clone());
        change.clogs = set(self.stage.clogs != now.clogs).map(|()| now.clogs.clone());
        change.laws = set(self.stage.laws != now.laws)
            .map(|()| now.laws.iter().map(|law| (law.from, law.to, law.words.clone())).collect());
        change.flights = self.flown(run.all_events(), &now);
        self.stage = now;
        change
    }

    /// Messages whose copies in flight are others than was said, those that have landed aside.
    fn flown(&mut self, trace: &[Event], stage: &StageView) -> Vec<FlightChange> {
        let mut now: BTreeMap<u32, Copies> = BTreeMap::new();
        let sent = |message: &&MessageView| trace[message.id as usize].what == What::Send;
        for message in stage.messages.iter().filter(sent) {
            let copy = (message.until_us, message.planned_us, fate_word(message.flight));
            now.entry(message.id).or_default().push(copy);
        }
        let stays = [Flight::Held, Flight::Waits].map(fate_word);
        for copies in self.flights.values_mut() {
            copies.retain(|&(until_us, _, fate)| until_us > stage.time_us || stays.contains(&fate));
        }
        self.flights.retain(|_, copies| !copies.is_empty());
        let mut changes = Vec::new();
        for (&id, copies) in &now {
            if self.flights.get(&id) != Some(copies) {
                changes.push(FlightChange { id, copies: copies.clone() });
            }
        }
        for &id in self.flights.keys().filter(|id| !now.contains_key(id)) {
            changes.push(FlightChange { id, copies: Vec::new() });
        }
        self.flights = now;
        changes
    }
}

fn node_change<'a>(was: &NodeView, is: &NodeView, name: &'a str) -> NodeChange<'a> {
    let mut change = NodeChange { node: name, ..NodeChange::default() };
    if was.status != is.status {
        change.status = Some(status_word(is.status));
    }
    if was.ails != is.ails {
        change.ails = Some(is.ails.iter().map(|ail| (ail.fault, ail.words.clone())).collect());
    }
    if was.family != is.family {
        change.family = Some(family_word(is.family));
    }
    if was.role != is.role {
        change.role = Some(is.role.clone());
    }
    if (was.epoch, &was.epoch_label) != (is.epoch, &is.epoch_label) {
        change.epoch = Some((is.epoch, is.epoch_label.clone()));
    }
    if was.timer != is.timer {
        change.timer =
            Some(is.timer.map_or(Vec::new(), |timer| alloc::vec![timer.since_us, timer.due_us]));
    }
    if was.votes != is.votes {
        let numbers = |votes: crate::view::Votes| alloc::vec![votes.have, votes.need, votes.of];
        change.votes = Some(is.votes.map_or(Vec::new(), numbers));
    }
    // Cells are compared by log index: the view of a long log moves on with its end.
    let gone = is.first.checked_sub(was.first).map(|gone| gone as usize);
    let still = gone.and_then(|gone| was.cells.get(gone..)).unwrap_or(&[]);
    if was.first != is.first {
        change.first = Some(is.first);
    }
    if still != is.cells {
        let same = still.iter().zip(&is.cells).take_while(|(was, is)| was == is).count();
        let cells = is.cells[same..].iter();
        change.keep = Some(same);
        change.cells = Some(
            cells.map(|c| (c.epoch, safety_word(c.safety), c.label.clone())).collect::<Vec<_>>(),
        );
    }
    if was.state != is.state {
        change.state = Some(is.state.clone());
    }
    if was.waiting_since_us != is.waiting_since_us {
        change.waiting = Some(is.waiting_since_us.into_iter().collect());
    }
    if was.answer != is.answer {
        change.answer = Some(is.answer.clone());
    }
    change
}

fn line_of<'a>(run: &Run, place: usize, names: &'a [String]) -> EventLine<'a> {
    let event = &run.all_events()[place];
    let declaration = run.declaration();
    let sub = usize::from(event.sub);
    let operations = run.world().members.history();
    let mut line = EventLine {
        id: place as u32,
        t: event.time_us,
        kind: event.what.word(),
        node: names.get(event.node.index()).map(String::as_str),
        peer: names.get(event.peer.index()).map(String::as_str),
        cause: (event.cause != NONE).then_some(event.cause),
        name: None,
        epoch: None,
        number: None,
        count: None,
        status: None,
        operation: None,
        text: None,
        planned: None,
        detail: None,
        now: Change::default(),
    };
    debug_assert!(line.node.is_some() || event.node == NO_NODE);
    match event.what {
        What::Send | What::Receive => {
            line.name = declaration.messages.get(sub).map(|kind| kind.name);
            (line.epoch, line.number) = (Some(event.a), Some(event.b));
            line.count = Some(event.c);
        }
        What::Lost => {
            (line.epoch, line.planned) = (Some(event.a), Some(event.b));
            line.detail = Some(u32::from(event.sub));
        }
        What::Mark => {
            line.name = declaration.events.get(sub).map(|known| known.name);
            (line.epoch, line.number) = (Some(event.a), Some(event.b));
        }
        What::Face => {
            line.name = declaration.states.get(sub).map(|state| state.name);
            line.epoch = Some(event.a);
            line.status = [Status::Up, Status::Paused, Status::Down]
                .into_iter()
                .find(|&status| status as u32 == event.b)
                .map(status_word);
        }
        What::Request | What::Answer | What::GiveUp => {
            line.operation = Some(event.a);
            let operation = operations.get(event.a as usize);
            line.text = operation.map(|operation| match event.what {
                What::Answer => operation.answer.clone(),
                _ => operation.request.clone(),
            });
        }
        What::Violated => line.name = declaration.checks.get(sub).map(|check| check.plain),
        _ => line.detail = Some(event.a),
    }
    line
}

fn end_of(run: &Run, until_us: u64, extra: Option<Extra>) -> End {
    let checks = run.declaration().checks;
    let members = &run.world().members;
    let known = |violation: &crate::check::Violation| {
        let cause = members.explain(violation, run.events(), run.names());
        ViolationLine {
            check: checks[usize::from(violation.check)].plain.to_string(),
            t: violation.time_us,
            event: violation.event,
            statement: violation.statement.clone(),
            nodes: violation.nodes.iter().map(|node| node.0).collect(),
            cells: violation.cells.iter().map(|&(node, index)| (node.0, index)).collect(),
            arrows: cause.arrows,
            cause: cause.sentence,
            cause_t: cause.time_us,
        }
    };
    let found = |extra: Extra| ViolationLine {
        check: extra.check,
        t: extra.time_us,
        event: run.events().len().saturating_sub(1) as u32,
        statement: extra.statement,
        nodes: Vec::new(),
        cells: Vec::new(),
        arrows: Vec::new(),
        cause: String::new(),
        cause_t: None,
    };
    let (captions, captions_total) = run.beats();
    End {
        end: until_us,
        digest: run.digest(),
        violations: run.violations().iter().map(known).chain(extra.map(found)).collect(),
        verdicts: run.verdicts(),
        captions,
        captions_total,
        flags: run.flags(),
        lines: run.lines(),
    }
}
