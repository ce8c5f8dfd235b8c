//! What is wrong with nodes and links, in words: for the stage and for who asks what it models.
//! Decides nothing.

use super::Run;
use crate::faults::{self, FAULTS};
use crate::scenario::ast::{Action, DiskFault, Law};
use crate::scenario::{Shift, Span};
use crate::view::{Ail, OwnLaw, Status};
use crate::world::{Links, Node, WALL_START_US};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What is wrong with a node besides that it is paused or down.
pub(super) fn of(node: &Node, now_us: u64) -> Vec<Ail> {
    let mut ails = Vec::new();
    let mut ail = |fault: &'static str, words: String| ails.push(Ail { fault, words });
    if node.status == Status::Down && !node.parting.is_empty() {
        ail("", node.parting.to_string());
    }
    if node.status == Status::Paused && node.clock.is_stopped() {
        ail("suspend", "suspended".to_string());
    }
    if node.slow.0 > 0 {
        ail("slow", format!("slow by {}", Span(node.slow.0)));
    }
    let ppm = node.clock.ppm();
    if ppm != 0 {
        let way = if ppm > 0 { "fast" } else { "slow" };
        let much = match ppm.unsigned_abs() {
            ppm if ppm.is_multiple_of(10_000) => format!("{}%", ppm / 10_000),
            ppm => format!("{ppm}ppm"),
        };
        ail("drift", format!("clocks {much} {way}"));
    }
    // One that somebody has moved: how far it was from the true time at the last step, which is all
    // that a recording can know. A clock that is led by a time server is moved all the time, and
    // right. In whole ms: a slew moves it in every instant.
    let local_us = node.clock.local_us(now_us);
    if node.wall.moved_us(local_us) / 1_000 != 0 {
        let wrong_us = node.wall.show_us(local_us) as i64 - (WALL_START_US + now_us) as i64;
        let wrong_us = wrong_us / 1_000 * 1_000;
        if wrong_us != 0 {
            ail("step", format!("wall clock {}", Shift(wrong_us)));
        }
    }
    for (fault, _) in &node.disk.faults {
        match fault {
            DiskFault::Lies => ail("disk lies", "disk lies".to_string()),
            DiskFault::Fails => ail("disk fails", "disk fails".to_string()),
            DiskFault::Full => ail("disk full", "disk full".to_string()),
            DiskFault::Tears => ail("disk tears", "disk tears".to_string()),
            DiskFault::Slow(us) => ail("disk slow", format!("disk slow by {}", Span(*us))),
            DiskFault::Corrupts(_) | DiskFault::Sound => {}
        }
    }
    match node.disk.rotten.as_slice() {
        [] => {}
        [record] => ail("disk corrupts", format!("record {record} rotten")),
        more => ail("disk corrupts", format!("{} records rotten", more.len())),
    }
    ails
}

/// Links with laws of their own, where these are not those of all links.
pub(super) fn own_laws(links: &Links) -> Vec<OwnLaw> {
    let all = links.laws.each();
    let mut views = Vec::new();
    for ((from, to), laws) in links.own() {
        let words: Vec<String> =
            laws.iter().filter(|law| !all.contains(law)).map(in_short).collect();
        if !words.is_empty() {
            views.push(OwnLaw { from, to, words: words.join(", ") });
        }
    }
    views
}

/// "200ms", "loss 20%"
fn in_short(law: &Law) -> String {
    let line = Action::Network(None, *law).to_string();
    match line.strip_prefix("latency ") {
        Some(range) => range.to_string(),
        None => line,
    }
}

/// What is wrong with a node, and what that models.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AilNote {
    /// "disk slow by 20ms"
    pub words: String,
    /// What it models in the real world.
    pub models: &'static str,
    /// Why the protocol does not tolerate it; empty when it does.
    pub beyond: &'static str,
}

impl Run {
    /// All that is wrong with a node now, and what it models.
    pub fn ails(&self, name: &str) -> Vec<AilNote> {
        let kernel = &self.world.kernel;
        let Some(place) = self.names.iter().position(|known| known == name) else {
            return Vec::new();
        };
        let node = &kernel.nodes[place];
        let mut ails = of(node, kernel.now_us);
        if node.status == Status::Paused && !node.clock.is_stopped() {
            ails.insert(0, Ail { fault: "pause", words: "paused".to_string() });
        }
        let note = |Ail { fault, words }: Ail| {
            let known = FAULTS.iter().find(|known| known.word == fault);
            let beyond =
                known.map_or("", |known| faults::beyond(known, self.declaration(), &self.scenario));
            AilNote { words, models: known.map_or("", |known| known.models), beyond }
        };
        ails.into_iter().map(note).collect()
    }

    /// What a fault models that is written as an action.
    pub fn note(&self, action: &str) -> Option<AilNote> {
        let parsed = crate::scenario::parse_action(action, &self.scenario, self.declaration());
        let fault = faults::of_action(&parsed.ok()?)?;
        let beyond = faults::beyond(fault, self.declaration(), &self.scenario);
        Some(AilNote { words: action.to_string(), models: fault.models, beyond })
    }
}
