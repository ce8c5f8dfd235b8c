//! What the text lets happen, compiled: names are node ids, lines stand in lists whose
//! members keep their rank when other lines are added (that is what the trace refers to).
//! Captions and expectations are not here: they decide nothing.

use super::kernel::Raised;
use crate::declare::{Declaration, WORLD_EVENTS};
use crate::process::NodeId;
use crate::scenario::ast::{Action, Fate, Kind, MessageName, Name, OperationCall, Scenario};
use crate::scenario::expand;
use alloc::vec::Vec;

/// A line with a time.
#[derive(Clone, Debug)]
pub struct AtLine {
    /// When, µs.
    pub time_us: u64,
    /// What.
    pub action: Action,
    /// Its number in the text, from 1.
    pub line: u32,
}

/// A line that waits for an event.
#[derive(Clone, Debug)]
pub struct WhenLine {
    /// For which.
    pub event: Raised,
    /// Only at this node.
    pub of: Option<NodeId>,
    /// Every time.
    pub again: bool,
    /// Not later, µs.
    pub by_us: Option<u64>,
    /// What then.
    pub action: Action,
    /// Its number in the text.
    pub line: u32,
}

/// The fate of a message named before it is sent.
#[derive(Clone, Debug)]
pub struct FateLine {
    /// Which message.
    pub message: MessageName,
    /// What befalls it.
    pub fate: Fate,
    /// Its number in the text.
    pub line: u32,
}

/// A client's regular operations.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The client.
    pub client: NodeId,
    /// Time between them, µs.
    pub every_us: u64,
    /// One of these, drawn.
    pub operations: Vec<OperationCall>,
}

/// The lines of a text that decide something.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// By time, then place.
    pub at: Vec<AtLine>,
    /// By place.
    pub when: Vec<WhenLine>,
    /// By place.
    pub fates: Vec<FateLine>,
    /// By place.
    pub workloads: Vec<Workload>,
}

impl Script {
    /// Compiles a checked text; `names` are the run's nodes in order.
    pub fn new(scenario: &Scenario, declaration: &Declaration, names: &[Name]) -> Script {
        let mut script = Script::default();
        for (place, statement) in scenario.statements.iter().enumerate() {
            let line = place as u32 + 1;
            match &statement.kind {
                Kind::At { action: Action::Say(..), .. } => {}
                Kind::When { then: Action::Say(..), .. } => {}
                Kind::At { time_us, action } => {
                    script.at.push(AtLine { time_us: *time_us, action: action.clone(), line });
                }
                Kind::When { event, again, by_us, then } => {
                    let Some(raised) = raised_by(&event.name, declaration) else { continue };
                    script.when.push(WhenLine {
                        event: raised,
                        of: event.of.and_then(|name| find(names, name)),
                        again: *again,
                        by_us: *by_us,
                        action: then.clone(),
                        line,
                    });
                }
                Kind::Fate { fate, message } => {
                    script.fates.push(FateLine { message: message.clone(), fate: *fate, line });
                }
                Kind::Client { name, every_us: Some(every_us), operations, .. } => {
                    if let Some(client) = find(names, *name)
                        && !operations.is_empty()
                    {
                        let operations = operations.clone();
                        script.workloads.push(Workload {
                            client,
                            every_us: (*every_us).max(1),
                            operations,
                        });
                    }
                }
                _ => {}
            }
        }
        if let Some((line, _)) = scenario.chaos() {
            let drawn = expand(scenario, declaration);
            let at = |(time_us, action)| AtLine { time_us, action, line };
            script.at.extend(drawn.into_iter().map(at));
        }
        crate::order::sort_by_key(&mut script.at, |line| (line.time_us, u64::from(line.line)));
        script
    }
}

/// The event of this name: the protocol's own first.
pub fn raised_by(name: &str, declaration: &Declaration) -> Option<Raised> {
    let own = declaration.events.iter().position(|event| event.name == name);
    let world = WORLD_EVENTS.iter().position(|event| event.name == name);
    own.map(|place| Raised::Mark(place as u8)).or(world.map(|place| Raised::World(place as u8)))
}

/// The node of this name.
pub fn find(names: &[Name], name: Name) -> Option<NodeId> {
    names.iter().position(|&known| known == name).map(|place| NodeId(place as u16))
}
