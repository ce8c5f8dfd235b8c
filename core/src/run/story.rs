//! What the text says while it is played: captions tied to events, and what became of each
//! line. Reads the trace once, as it grows; never decides anything.

use crate::declare::{Declaration, Field};
use crate::faults;
use crate::order::sort_by_key;
use crate::process::NodeId;
use crate::scenario::ast::{Action, Kind, Scenario};
use crate::world::{
    self, Event, LineClass, NO_NODE, NONE, Raised, Skip, What, World, find, raised_by,
};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A caption that has been spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Beat {
    /// When, virtual µs.
    pub time: u64,
    /// Its line in the text.
    pub line: u32,
    /// The caption.
    pub text: String,
    /// What stands under it.
    pub under: String,
    /// The event that it hangs on, or the number of events at its time.
    pub event: u32,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum LineState {
    /// It says what runs, or nothing.
    Header,
    /// It has acted.
    Played,
    /// Its time will come.
    Ahead,
    /// It had no effect.
    Skipped,
    /// It waits for an event, or states what must hold.
    Standing,
}

/// A line of the text as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LineView {
    /// What became of it.
    pub state: LineState,
    /// Its time, virtual µs.
    pub at: Option<u64>,
    /// Whom its selector meant: "n3".
    pub resolved: String,
    /// Why it had no effect.
    pub reason: String,
    /// The check that it names is violated.
    pub violated: bool,
    /// What the fault that it is models in the real world; empty for no fault.
    pub models: &'static str,
    /// Why the protocol does not tolerate it; empty when it does.
    pub beyond: &'static str,
}

/// A fault on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FlagView {
    /// When, virtual µs.
    pub time: u64,
    /// The action.
    pub label: String,
    /// Its line in the text.
    pub line: u32,
    /// Whether it lies behind the cursor.
    pub played: bool,
}

#[derive(Clone, Debug)]
struct Saying {
    line: u32,
    trigger: Trigger,
    again: bool,
    by_us: u64,
    text: String,
    under: String,
    spoken: bool,
}

#[derive(Clone, Copy, Debug)]
enum Trigger {
    At(u64),
    On(Raised, Option<NodeId>),
}

/// A line that acted: which, by which event, on whom, or why not.
#[derive(Clone, Debug)]
struct Done {
    class: u8,
    rank: u32,
    event: u32,
    time_us: u64,
    nodes: Vec<NodeId>,
    skip: Option<(u32, NodeId)>,
}

/// See the file's head.
#[derive(Clone, Debug)]
pub struct Story {
    sayings: Vec<Saying>,
    beats: Vec<Beat>,
    done: Vec<Done>,
    faces: Vec<u32>,
    troubles: Vec<u32>,
    scanned: u32,
}

impl Story {
    /// Of a text, nothing seen yet.
    pub fn new(scenario: &Scenario, declaration: &Declaration, world: &World) -> Story {
        let mut sayings = Vec::new();
        for (place, statement) in scenario.statements.iter().enumerate() {
            let line = place as u32 + 1;
            let (trigger, again, by_us, action) = match &statement.kind {
                Kind::At { time_us, action } => (Trigger::At(*time_us), false, None, action),
                Kind::When { event, again, by_us, then } => {
                    let Some(raised) = raised_by(&event.name, declaration) else { continue };
                    let of = event.of.and_then(|name| find(world.names(), name));
                    (Trigger::On(raised, of), *again, *by_us, then)
                }
                _ => continue,
            };
            let Action::Say(text, under) = action else { continue };
            sayings.push(Saying {
                line,
                trigger,
                again,
                by_us: by_us.unwrap_or(u64::MAX),
                text: text.clone(),
                under: under.clone().unwrap_or_default(),
                spoken: false,
            });
        }
        Story {
            sayings,
            beats: Vec::new(),
            done: Vec::new(),
            faces: Vec::new(),
            troubles: Vec::new(),
            scanned: 0,
        }
    }

    /// Reads the events up to number `upto` that it has not read.
    pub fn scan(&mut self, upto: u32, trace: &[Event], names: &[String], world: &World) {
        while self.scanned < upto {
            let id = self.scanned;
            let event = &trace[id as usize];
            self.scanned += 1;
            self.note(id, event);
            let Some(raised) = raised_of(event) else { continue };
            for saying in &mut self.sayings {
                let Trigger::On(wanted, of) = saying.trigger else { continue };
                let due = wanted == raised
                    && of.is_none_or(|of| of == event.node)
                    && event.time_us <= saying.by_us
                    && (saying.again || !saying.spoken);
                if due {
                    saying.spoken = true;
                    self.beats.push(Beat {
                        time: event.time_us,
                        line: saying.line,
                        text: fill(&saying.text, event, names, world),
                        under: fill(&saying.under, event, names, world),
                        event: id,
                    });
                }
            }
        }
    }

    fn note(&mut self, id: u32, event: &Event) {
        if is_trouble(event.what) {
            self.troubles.push(id);
        }
        match event.what {
            What::Face => self.faces.push(id),
            What::Line => self.done.push(Done {
                class: event.sub,
                rank: event.a,
                event: id,
                time_us: event.time_us,
                nodes: Vec::new(),
                skip: None,
            }),
            _ if event.cause != NONE => {
                let found = self.done.binary_search_by_key(&event.cause, |done| done.event);
                let Ok(place) = found else { return };
                let done = &mut self.done[place];
                if event.what == What::Skipped {
                    done.skip = Some((event.b, event.node));
                } else if is_fault(event.what)
                    && event.node != NO_NODE
                    && !done.nodes.contains(&event.node)
                {
                    done.nodes.push(event.node);
                }
            }
            _ => {}
        }
    }

    /// Numbers of the events at which what is shown of a node changed.
    pub fn faces(&self) -> &[u32] {
        &self.faces
    }

    /// Numbers of the events at which something began to be wrong, or ended.
    pub fn troubles(&self) -> &[u32] {
        &self.troubles
    }

    /// Captions spoken up to an instant: those of events before number `events`, those of
    /// times up to `now_us`.
    pub fn beats(&self, events: u32, now_us: u64) -> Vec<Beat> {
        let mut beats: Vec<Beat> =
            self.beats.iter().filter(|beat| beat.event < events).cloned().collect();
        for saying in &self.sayings {
            if let Trigger::At(time) = saying.trigger
                && time <= now_us
            {
                beats.push(Beat {
                    time,
                    line: saying.line,
                    text: saying.text.clone(),
                    under: saying.under.clone(),
                    event: 0,
                });
            }
        }
        sort_by_key(&mut beats, |beat| (beat.time, u64::from(beat.line)));
        beats
    }

    /// How many captions the text has.
    pub fn total(&self) -> usize {
        self.sayings.len()
    }

    /// Lines of captions that have not been spoken.
    pub fn unspoken(&self, now_us: u64) -> impl Iterator<Item = u32> {
        self.sayings.iter().filter_map(move |saying| match saying.trigger {
            Trigger::At(time_us) => (time_us > now_us).then_some(saying.line),
            Trigger::On(..) => (!saying.spoken).then_some(saying.line),
        })
    }

    fn find_done(&self, class: LineClass, rank: u32, events: u32) -> Option<&Done> {
        let is_it =
            |done: &&Done| done.class == class as u8 && done.rank == rank && done.event < events;
        self.done.iter().find(is_it)
    }

    /// What became of every line, up to an instant.
    pub fn lines(
        &self,
        scenario: &Scenario,
        events: u32,
        now_us: u64,
        world: &World,
        names: &[String],
    ) -> Vec<LineView> {
        let spoken: Vec<u32> = self.beats(events, now_us).iter().map(|beat| beat.line).collect();
        let view = |(place, statement): (usize, &crate::scenario::ast::Statement)| {
            let line = place as u32 + 1;
            let mut view = LineView {
                state: LineState::Header,
                at: None,
                resolved: String::new(),
                reason: String::new(),
                violated: false,
                models: "",
                beyond: "",
            };
            if let Some(fault) = faults::of_line(&statement.kind) {
                view.models = fault.models;
                view.beyond = faults::beyond(fault, world.members.declaration(), scenario);
            }
            let done = match rank_of(world, line) {
                Some((class, rank)) => self.find_done(class, rank, events),
                None => None,
            };
            match &statement.kind {
                Kind::At { time_us, .. } => {
                    view.at = Some(*time_us);
                    view.state =
                        if *time_us <= now_us { LineState::Played } else { LineState::Ahead };
                }
                Kind::When { .. } | Kind::Fate { .. } => {
                    let played = done.is_some() || spoken.contains(&line);
                    view.state = if played { LineState::Played } else { LineState::Standing };
                    view.at = done.map(|done| done.time_us);
                }
                Kind::Chaos(_) => {
                    view.state = LineState::Standing;
                    return view;
                }
                Kind::Expect(_) | Kind::Always(_) | Kind::Never(_) | Kind::End(_) => {
                    view.state = LineState::Standing;
                }
                _ => {}
            }
            if let Some(done) = done {
                let resolved: Vec<&str> =
                    done.nodes.iter().map(|node| names[node.index()].as_str()).collect();
                view.resolved = resolved.join(" ");
                if let Some((why, node)) = done.skip {
                    view.state = LineState::Skipped;
                    view.reason = reason(why, node, names);
                }
            }
            view
        };
        scenario.statements.iter().enumerate().map(view).collect()
    }

    /// Lines that did nothing at all: for `test`.
    pub fn skipped(&self) -> impl Iterator<Item = (u8, u32, u32, NodeId)> {
        let skip = |done: &Done| done.skip.map(|(why, node)| (done.class, done.rank, why, node));
        self.done.iter().filter_map(skip)
    }

    /// Faults for the timeline: lines with a time, and triggers that have fired.
    pub fn flags(&self, scenario: &Scenario, now_us: u64, world: &World) -> Vec<FlagView> {
        let mut flags = Vec::new();
        for (place, statement) in scenario.statements.iter().enumerate() {
            let line = place as u32 + 1;
            match &statement.kind {
                Kind::At { action: Action::Say(..), .. } => {}
                Kind::At { time_us, action } => flags.push(FlagView {
                    time: *time_us,
                    label: action.to_string(),
                    line,
                    played: *time_us <= now_us,
                }),
                Kind::When { then, .. } if !matches!(then, Action::Say(..)) => {
                    let Some((class, rank)) = rank_of(world, line) else { continue };
                    for done in &self.done {
                        if done.class == class as u8 && done.rank == rank {
                            flags.push(FlagView {
                                time: done.time_us,
                                label: then.to_string(),
                                line,
                                played: done.time_us <= now_us,
                            });
                        }
                    }
                }
                Kind::Chaos(_) => {
                    let drawn = world.script().at.iter().filter(|at| at.line == line);
                    flags.extend(drawn.map(|at| FlagView {
                        time: at.time_us,
                        label: at.action.to_string(),
                        line,
                        played: at.time_us <= now_us,
                    }));
                }
                _ => {}
            }
        }
        sort_by_key(&mut flags, |flag| (flag.time, u64::from(flag.line)));
        flags
    }
}

/// Class and rank of a line that decides something.
fn rank_of(world: &World, line: u32) -> Option<(LineClass, u32)> {
    let script = world.script();
    let at = script.at.iter().position(|at| at.line == line);
    let when = script.when.iter().position(|when| when.line == line);
    let fate = script.fates.iter().position(|fate| fate.line == line);
    at.map(|rank| (LineClass::At, rank as u32))
        .or(when.map(|rank| (LineClass::When, rank as u32)))
        .or(fate.map(|rank| (LineClass::Fate, rank as u32)))
}

/// What the lanes of the timeline show besides that a node is paused or down.
fn is_trouble(what: What) -> bool {
    matches!(
        what,
        What::Suspend
            | What::Resume
            | What::Crash
            | What::Kill
            | What::Slow
            | What::Drift
            | What::Step
            | What::Slew
            | What::Disk
            | What::Clog
    )
}

fn is_fault(what: What) -> bool {
    matches!(
        what,
        What::Crash
            | What::Kill
            | What::Restart
            | What::Pause
            | What::Resume
            | What::Drift
            | What::Wipe
            | What::Suspend
            | What::Slow
            | What::Step
            | What::Slew
            | What::Disk
            | What::Timer
    )
}

/// The name under which captions and triggers know an event.
pub fn raised_of(event: &Event) -> Option<Raised> {
    Some(Raised::World(match event.what {
        What::Mark => return Some(Raised::Mark(event.sub)),
        What::Crash => world::CRASH,
        What::Kill => world::KILL,
        What::Restart => world::RESTART,
        What::Pause => world::PAUSE,
        What::Resume => world::RESUME,
        What::Partition => world::PARTITION,
        What::Cut => world::CUT,
        What::Heal => world::HEAL,
        What::Wipe => world::WIPE,
        What::Suspend => world::SUSPEND,
        What::Slow => world::SLOW,
        What::Disk => world::DISK,
        What::Clog => world::CLOG,
        What::Step => world::STEP,
        What::Slew => world::SLEW,
        What::Drift => world::DRIFT,
        What::Exit => world::EXIT,
        What::Request => world::REQUEST,
        What::Answer => world::ANSWER,
        What::GiveUp => world::GIVE_UP,
        What::Lost => world::LOST,
        What::Stable if event.sub == 1 => world::CORE,
        What::Stable => world::GST,
        _ => return None,
    }))
}

/// A caption with its place-holders filled from the event.
fn fill(text: &str, event: &Event, names: &[String], world: &World) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let hole = behind.split_once('}');
        let field = hole.and_then(|(word, _)| FIELDS.iter().find(|field| field.name() == word));
        if let (Some(&field), Some((_, after))) = (field, hole) {
            out.push_str(&value_of(field, event, names, world));
            rest = after;
        } else {
            out.push('{');
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

const FIELDS: [Field; 6] =
    [Field::Node, Field::Term, Field::Index, Field::From, Field::To, Field::Value];

fn value_of(field: Field, event: &Event, names: &[String], world: &World) -> String {
    let name = |node: NodeId| names.get(node.index()).cloned().unwrap_or_default();
    let lost = event.what == What::Lost;
    match field {
        Field::Node => name(event.node),
        Field::Term => event.a.to_string(),
        Field::Index => event.b.to_string(),
        Field::From if lost => name(event.node),
        Field::From | Field::To => name(event.peer),
        Field::Value if event.what == What::Mark => event.a.to_string(),
        Field::Value => {
            let operation = world.members.history().get(event.a as usize);
            operation.map_or(String::new(), |operation| match event.what {
                What::Answer => operation.answer.clone(),
                _ => operation.request.clone(),
            })
        }
    }
}

/// Why a line had no effect, in words.
pub fn reason(why: u32, node: NodeId, names: &[String]) -> String {
    let name = names.get(node.index()).map_or("it", String::as_str);
    let is = |skip: Skip| skip as u32 == why;
    if is(Skip::Nobody) {
        "nobody is that now".to_string()
    } else if is(Skip::IsDown) {
        alloc::format!("{name} is already down")
    } else if is(Skip::IsUp) {
        alloc::format!("{name} is already up")
    } else if is(Skip::IsPaused) {
        alloc::format!("{name} is already paused")
    } else if is(Skip::NotPaused) {
        alloc::format!("{name} is not paused")
    } else if is(Skip::NoTimer) {
        alloc::format!("{name} has no such timer running")
    } else if is(Skip::IsCut) {
        "that link is already cut".to_string()
    } else if is(Skip::Whole) {
        "nothing is cut there".to_string()
    } else if is(Skip::NoMessage) {
        "no such message is on its way".to_string()
    } else if is(Skip::NoRecord) {
        alloc::format!("{name} has no such record on its disk")
    } else if is(Skip::IsSound) {
        alloc::format!("the disk of {name} is sound")
    } else if is(Skip::IsSynchronous) {
        "in a synchronous system nothing is lost, late or slow".to_string()
    } else if is(Skip::IsStopped) {
        "with failures crash-stop who is down stays down".to_string()
    } else if is(Skip::NoCore) {
        "too few servers can be made whole".to_string()
    } else if is(Skip::IsSo) {
        "it is so already".to_string()
    } else {
        "that leaves the network as it is".to_string()
    }
}
