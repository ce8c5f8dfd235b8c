//! What servers owe each other: a dot for each write, nothing forgotten, hints kept until they
//! are delivered, and agreement once all have compared.

use super::super::declare::{check, event};
use super::super::message::Record;
use super::super::object::{Dot, Object, Seen, Version};
use super::super::{Config, Node, Server};
use super::{Invariants, Write, name};
use crate::check::Violation;
use crate::clocks::DottedVersion;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

impl Invariants {
    pub(super) fn check_server(
        &mut self,
        node: NodeId,
        server: &Server,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let config = &server.config;
        let mut is_less = core::mem::take(&mut self.is_less);
        for effect in fresh {
            match effect {
                Effect::Write(Record::Object(key, object)) => {
                    self.note_versions(node, key, object, fresh, found);
                    is_less |= self.is_kept_now(node, key, object, config, found);
                }
                Effect::Write(Record::Delivered(home, key)) => {
                    self.check_delivered(node, *home, key, kernel, found);
                }
                Effect::Mark(mark) if mark.event == event::COMPARE => {
                    self.rounds.starts(node, mark.peer, mark.index);
                }
                Effect::Mark(mark) if mark.event == event::COMPARED => {
                    self.rounds.ends(node, mark.peer, mark.index);
                    self.check_agreement(node, config, found);
                }
                _ => {}
            }
        }
        if is_less {
            self.check_kept(node, config.last_write_wins, found);
        }
    }

    /// New versions: each has a dot of its own.
    fn note_versions(
        &mut self,
        node: NodeId,
        key: &Text,
        object: &Object,
        fresh: &[EffectOf<Node>],
        found: &mut Vec<Violation>,
    ) {
        for version in object.versions() {
            let place = (key.clone(), version.dot());
            match self.dots.get(&place) {
                Some(first) if *first != version.request => {
                    let dot = version.dot();
                    let dot = format!("{} of {}", dot.count, name(dot.replica));
                    let statement = format!("Write {dot} of {key} is that of two requests.");
                    found.push(Violation::at_node(check::DOTS, node, statement));
                }
                Some(_) => {}
                None => self.issue(place, version.clone()),
            }
        }
        // One that lost at once, by its timestamp, is in no object.
        for effect in fresh {
            let Effect::Placed { number, writer, request } = effect else { continue };
            let replica = NodeId((*writer >> 48) as u16);
            let dot = Dot { replica, count: *writer & ((1u64 << 48) - 1) };
            let place = (key.clone(), dot);
            if replica == node && dot.count > 0 && !self.dots.contains_key(&place) {
                let version = Version {
                    clock: DottedVersion::new(dot, Seen::new()),
                    stamp_us: *number,
                    request: *request,
                    text: "a write".into(),
                };
                self.issue(place, version);
            }
        }
    }

    fn issue(&mut self, place: (Text, Dot), version: Version) {
        self.dots.insert(place.clone(), version.request);
        self.rounds.begin();
        self.writes.push(Write {
            key: place.0,
            before: self.begun.get(&version.request).cloned().unwrap_or_default(),
            version,
            is_acknowledged: false,
            is_lost: false,
            disks: Vec::new(),
        });
    }

    /// What a server knew it knows; whether a version has gone.
    fn is_kept_now(
        &mut self,
        node: NodeId,
        key: &Text,
        object: &Object,
        config: &Config,
        found: &mut Vec<Violation>,
    ) -> bool {
        let homes = self.homes(key, config);
        let others = homes.iter().filter(|&&home| home != node);
        let is_known = |version: &Version| {
            let mut objects =
                others.clone().filter_map(|o| self.servers[o.index()].objects.get(key));
            objects.any(|object| object.knows(&version.dot()))
        };
        if homes.contains(&node) && !object.versions().all(is_known) {
            self.rounds.begin();
        }
        let before = self.servers[node.index()].objects.insert(key.clone(), object.clone());
        let Some(before) = before else { return false };
        let stamp_us = |of: &Object| of.versions().next().map_or(0, |version| version.stamp_us);
        let back = config.last_write_wins && stamp_us(object) < stamp_us(&before);
        if !object.context().descends(&before.context()) || back {
            let (who, was, is) = (name(node), before.short(), object.short());
            let statement = format!("{who} knew more of {key} when it had {was} than with {is}.");
            found.push(Violation::at_node(check::MONOTONIC, node, statement));
        }
        let stays = |version: &Version| object.versions().any(|v| v.is(version));
        !before.versions().all(stays)
    }

    /// Who keeps something on behalf of another forgets that when the other has it on disk.
    fn check_delivered(
        &mut self,
        node: NodeId,
        home: NodeId,
        key: &Text,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let own = self.servers.get(node.index()).and_then(|known| known.objects.get(key));
        let (Some(own), Some(there)) = (own, self.servers.get(home.index())) else { return };
        let on_disk = |record| kernel.node(home).disk.holds(record);
        if !there.has_all(key, &own.context(), on_disk) {
            let (who, whom) = (name(node), name(home));
            let statement = format!("{who} forgets that {key} is for {whom}, which lacks it.");
            found.push(Violation::at_node(check::HANDOFF, node, statement));
        }
    }

    /// Since the last new version each of a key's servers has compared with each other one.
    fn check_agreement(&mut self, node: NodeId, config: &Config, found: &mut Vec<Violation>) {
        for key in &self.keys {
            let homes = self.homes(key, config);
            if !self.rounds.all_among(&homes) {
                continue;
            }
            let has = |home: &NodeId| self.servers[home.index()].objects.get(key);
            let versions = |home: &NodeId| has(home).map(|o| o.versions().collect::<Vec<_>>());
            if homes.iter().any(|home| versions(home) != versions(&homes[0])) {
                let said = homes.iter().map(|home| {
                    format!("{} {}", name(*home), has(home).map_or("nothing".into(), Object::short))
                });
                let said: Vec<String> = said.collect();
                let statement = format!("All have compared {key}, and have {}.", said.join(", "));
                found.push(Violation::at_node(check::CONVERGENCE, node, statement));
                return;
            }
        }
    }
}
