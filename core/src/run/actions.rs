//! What a visitor can do now, as labels and the lines they write: the bar under the stage. Read
//! off the world, from declared families; knows no protocol.

use super::Run;
use crate::declare::{Argument, Family, State};
use crate::process::NodeId;
use crate::scenario::ast::Selector;
use crate::view::Status;
use crate::world::LineClass;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// An action that makes sense now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ActionView {
    /// What the button says.
    pub label: String,
    /// What it writes, without the time. What begins with `!` is for the page itself.
    pub action: String,
    /// Its key.
    pub key: String,
    /// Whom a selector means now.
    pub resolved: String,
}

fn action(label: impl Into<String>, writes: impl Into<String>, key: &str) -> ActionView {
    ActionView {
        label: label.into(),
        action: writes.into(),
        key: key.to_string(),
        resolved: String::new(),
    }
}

impl Run {
    fn selected(&self, who: &Selector) -> Option<NodeId> {
        self.world.select(who, (LineClass::At, 0)).first().copied()
    }

    pub(super) fn is_cut(&self) -> bool {
        let links = &self.world.kernel.links;
        !links.cuts.is_empty() || !links.groups.is_empty()
    }

    /// At most four actions for the bar, the best first.
    pub fn actions(&self) -> Vec<ActionView> {
        if let Some((violation, _)) = self.violation()
            && violation.time_us == self.now_us
        {
            return self.actions_at_violation();
        }
        let kernel = &self.world.kernel;
        let name = |id: NodeId| self.names[id.index()].clone();
        let servers = || (0..kernel.servers).map(NodeId);
        let down = servers().find(|&id| kernel.node(id).standing() == Status::Down);
        let paused = servers().find(|&id| kernel.node(id).status == Status::Paused);
        let mut bar = Vec::new();
        if self.is_cut() {
            bar.push(action("Heal the network", "heal", "H"));
        }
        if let Some(id) = down {
            bar.push(action(format!("Restart {}", name(id)), format!("restart {}", name(id)), "R"));
        }
        bar.extend(self.crash_action());
        if !self.is_cut() && kernel.servers > 1 {
            bar.push(action("Cut the network in two", "!partition", "X"));
        }
        bar.push(match paused {
            Some(id) => action(format!("Resume {}", name(id)), format!("resume {}", name(id)), "Z"),
            None => self.pause_action(),
        });
        bar.extend(self.write_action());
        bar.truncate(4);
        bar
    }

    fn actions_at_violation(&self) -> Vec<ActionView> {
        let mut bar = alloc::vec![action("Why?", "!why", "Y")];
        if self.violation().is_some_and(|(_, cause)| cause.time_us.is_some()) {
            bar.push(action("Go to the first cause", "!first-cause", "G"));
        }
        let on = |name: &str| self.declaration().bugs.iter().find(|bug| bug.name == name);
        if let Some(bug) = self.scenario.bugs().first().and_then(|name| on(name)) {
            let repair = bug.repair;
            let mut label = String::from("Fix it: ");
            for (place, c) in repair.chars().enumerate() {
                label.push(if place == 0 { c.to_ascii_lowercase() } else { c });
            }
            bar.push(action(label, format!("!repair {}", bug.name), ""));
        }
        bar.push(action("Play on anyway", "!play-on", ""));
        bar
    }

    fn crash_action(&self) -> Option<ActionView> {
        let name = |id: NodeId| self.names[id.index()].clone();
        if let Some(leader) = self.selected(&Selector::Leader) {
            let two = self.selected(&Selector::OldLeader).is_some();
            let epoch = self.world.members.face(leader).map_or(0, |face| face.epoch);
            let Some(word) = self.leading_word() else {
                let name = name(leader);
                return Some(action(format!("Crash {name}"), format!("crash {name}"), "C"));
            };
            let label = if two {
                let of = self.declaration().epoch;
                format!("Crash {}, the {word} of {of} {epoch}", name(leader))
            } else {
                format!("Crash the {word}")
            };
            return Some(ActionView {
                resolved: name(leader),
                ..action(label, "crash leader", "C")
            });
        }
        let follower = self.selected(&Selector::Follower)?;
        let writes = format!("crash {}", name(follower));
        Some(action(format!("Crash {}", name(follower)), writes, "C"))
    }

    fn pause_action(&self) -> ActionView {
        let name = |id: NodeId| self.names[id.index()].clone();
        if let Some(old) = self.selected(&Selector::OldLeader) {
            let writes = format!("pause {} for 300ms", name(old));
            return action(format!("Pause {} for 300 ms", name(old)), writes, "Z");
        }
        match (self.selected(&Selector::Leader), self.leading_word()) {
            (Some(leader), Some(word)) => {
                let label = format!("Pause the {word} for 300 ms");
                ActionView {
                    resolved: name(leader),
                    ..action(label, "pause leader for 300ms", "Z")
                }
            }
            _ => action("Pause n1 for 300 ms", "pause n1 for 300ms", "Z"),
        }
    }

    /// What one who leads is called: "leader", "primary"; none where the family's colour stands
    /// for something else, as for those who tell a rumour.
    fn leading_word(&self) -> Option<&'static str> {
        let leads = |state: &&State| state.family == Family::Leads;
        let state = self.declaration().states.iter().find(leads)?;
        ["leader", "primary"].contains(&state.name).then_some(state.name)
    }

    fn write_action(&self) -> Option<ActionView> {
        let kernel = &self.world.kernel;
        let clients = (kernel.servers + kernel.services..kernel.nodes.len() as u16).map(NodeId);
        let client = clients.into_iter().find(|&id| kernel.node(id).ready())?;
        let operation = self.declaration().operations.first()?;
        let value = 100 * (1 + self.written_by_hand());
        let words = operation.arguments.iter().map(|argument| match argument {
            Argument::Key => "x".to_string(),
            Argument::Value => value.to_string(),
        });
        let words: Vec<String> = words.collect();
        let label = match words.as_slice() {
            [key, value] => format!("Write {key} = {value}"),
            _ => format!("Send {} {}", operation.name, words.join(" ")),
        };
        let client = &self.names[client.index()];
        Some(action(label, format!("{client} {} {}", operation.name, words.join(" ")), "W"))
    }

    fn written_by_hand(&self) -> u64 {
        use crate::scenario::ast::{Action, Kind};
        let by_hand =
            |(_, kind): &(u32, &Kind)| matches!(kind, Kind::At { action: Action::Request(..), .. });
        self.scenario.lines().filter(by_hand).count() as u64
    }
}
