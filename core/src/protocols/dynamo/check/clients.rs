//! What clients were promised: what they were told is stored is on enough disks and stays, and
//! reads show it.

use super::super::declare::check;
use super::super::message::Message;
use super::super::object::{Dot, Object, Version};
use super::super::{Client, Config, Node, Quorum};
use super::{Invariants, Write};
use crate::check::Violation;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::Kernel;
use alloc::format;
use alloc::vec::Vec;

impl Invariants {
    pub(super) fn check_client(
        &mut self,
        node: NodeId,
        client: &Client,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        // An answer comes before the next question.
        for effect in fresh {
            match effect {
                Effect::Reply { request, .. } => {
                    self.is_told(node, *request, client, kernel, found);
                }
                Effect::GiveUp(request) => drop(self.begun.remove(request)),
                Effect::Send { message: Message::Put(id, key, ..), .. }
                | Effect::Send { message: Message::Get(id, key), .. } => self.begins(*id, key),
                _ => {}
            }
        }
    }

    fn begins(&mut self, id: RequestId, key: &Text) {
        if self.begun.contains_key(&id) {
            return; // it asks again
        }
        let known = self.writes.iter().filter(|write| write.is_acknowledged && write.key == *key);
        let before = known.map(|write| write.version.clone()).collect();
        self.begun.insert(id, before);
    }

    /// A client has its answer.
    fn is_told(
        &mut self,
        node: NodeId,
        id: RequestId,
        client: &Client,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let before = self.begun.remove(&id).unwrap_or_default();
        let config = &client.config;
        match &client.told {
            // Who asked twice has made two versions: this one is acknowledged.
            Some((Some(dot), _)) => {
                let is = |v: &Version| v.request == id && v.dot() == *dot;
                if let Some(place) = self.writes.iter().position(|write| is(&write.version)) {
                    self.is_acknowledged(node, place, config, kernel, found);
                }
            }
            Some((None, object)) => {
                check_shown(node, object, &before, config.last_write_wins, found);
            }
            None => {}
        }
    }

    /// A write is acknowledged: W disks have it, of those that count, and it is not lost.
    fn is_acknowledged(
        &mut self,
        node: NodeId,
        place: usize,
        config: &Config,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let (key, last) = (self.writes[place].key.clone(), config.last_write_wins);
        if !self.keys.contains(&key) {
            self.keys.push(key.clone());
        }
        let homes = self.homes(&key, config);
        // Who is none of its servers counts if it knows for whom it keeps it.
        let counts = |server: NodeId| {
            let on_disk = |record| kernel.node(server).disk.holds(record);
            let stands_in = || self.servers[server.index()].has_hint(&key, on_disk);
            homes.contains(&server) || config.quorum == Quorum::Sloppy && stands_in()
        };
        let write = &self.writes[place];
        let holds = |(server, record): &&(NodeId, u64)| {
            counts(*server) && kernel.node(*server).disk.holds(*record)
        };
        let disks = write.disks.iter().filter(holds).count();
        let w = usize::from(config.w(kernel.servers));
        if disks < w {
            let text = &write.version.text;
            let statement = format!("{text} is acknowledged and on {disks} disks of {w}.");
            found.push(Violation::at_node(check::DURABILITY, node, statement));
        }
        self.writes[place].is_acknowledged = true;
        self.check_kept(node, last, found);
        self.forget_replaced(&key, self.writes[place].version.clone(), last);
    }

    /// Of acknowledged writes those count that none of them has replaced.
    fn forget_replaced(&mut self, key: &Text, new: Version, last: bool) {
        let of_key = |write: &&Write| write.key == *key;
        let own = self.writes.iter().find(|write| of_key(write) && write.version.is(&new));
        let yields = |own: &Write| {
            let mut others = self.writes.iter().filter(|w| of_key(w) && w.is_acknowledged);
            others.any(|other| own.may_yield_to(&other.version, last))
        };
        let is_replaced = own.is_some_and(yields);
        self.writes.retain(|write| {
            if write.key != *key {
                return true;
            }
            if write.version.is(&new) { !is_replaced } else { !write.may_yield_to(&new, last) }
        });
    }
}

/// A read shows all that was acknowledged before it began, or what has replaced it.
fn check_shown(
    node: NodeId,
    object: &Object,
    before: &[Version],
    last: bool,
    found: &mut Vec<Violation>,
) {
    let shows = |write: &Version| {
        let dot: Dot = write.dot();
        let is = |v: &Version| (v.dot(), v.request) == (dot, write.request);
        object.versions().any(|v| is(v) || v.replaces(write, last))
    };
    if let Some(missed) = before.iter().find(|write| !shows(write)) {
        let text = &missed.text;
        let statement = format!("A read does not show {text}, acknowledged before it began.");
        found.push(Violation::at_node(check::REGULAR, node, statement));
    }
}
