//! What must hold of the Dynamo register, checked after every handler for the node that it
//! touched. What is on disks is read from the disks; what clients know, from what they are told.

mod disks;

use super::declare::{check, event};
use super::message::{Message, Record};
use super::object::{Object, Version};
use super::{Client, Config, Node, Quorum, Server};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use disks::{Known, Rounds};
use litemap::LiteMap;

/// A write that no acknowledged one has replaced.
#[derive(Clone, Debug)]
struct Write {
    key: Text,
    version: Version,
    is_acknowledged: bool,
    /// What had been acknowledged when its client began it.
    before: Vec<Version>,
    /// On whose disk it is, or what replaces it, and by which record.
    disks: Vec<(NodeId, u64)>,
}

impl Write {
    /// Whether that one may stand in its place: it knew of it; or, where the last write wins,
    /// it is later by the clock and had not been acknowledged when this one began.
    fn may_yield_to(&self, other: &Version, last_write_wins: bool) -> bool {
        let earlier = self.before.iter().any(|known| known.is(other));
        other.replaces(&self.version, last_write_wins) && !(last_write_wins && earlier)
    }
}

/// The checks' state.
#[derive(Clone, Debug)]
pub struct Invariants {
    servers: Vec<Known>,
    writes: Vec<Write>,
    /// Operations under way: the key, and what had been acknowledged when they began.
    begun: LiteMap<RequestId, (Text, Vec<Version>)>,
    /// What coordinators have answered to reads under way, and who.
    answers: LiteMap<RequestId, Vec<(NodeId, Object)>>,
    /// Whose write has which dot.
    dots: LiteMap<(Text, super::Dot), RequestId>,
    rounds: Rounds,
    /// A process has ended: what it lost may have been the last copy.
    is_less: bool,
    /// Keys of which a write has been acknowledged.
    keys: Vec<Text>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers: alloc::vec![Known::default(); usize::from(servers)],
            writes: Vec::new(),
            begun: LiteMap::new(),
            answers: LiteMap::new(),
            dots: LiteMap::new(),
            rounds: Rounds::default(),
            is_less: false,
            keys: Vec::new(),
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        match process {
            Node::Client(client) => self.check_client(node, client, fresh, kernel, found),
            Node::Server(server) => self.check_server(node, server, fresh, found),
        }
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        _kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        self.follow(node, records);
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        self.follow(node, records);
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        known.read_again(records);
        // What nobody keeps and nobody has heard of was never written: its dot is free.
        let knows = |(key, dot): &(Text, super::Dot)| {
            let mut objects = self.servers.iter().filter_map(|known| known.objects.get(key));
            objects.any(|object| object.seen.knows(*dot))
        };
        let free: Vec<(Text, super::Dot)> = self
            .dots
            .iter()
            .map(|(place, _)| place.clone())
            .filter(|place| !knows(place))
            .collect();
        for place in &free {
            self.dots.remove(place);
        }
        self.rounds.begin();
        self.is_less = true;
    }

    fn weight(&self, _later: Option<&Invariants>) -> usize {
        let version = |version: &Version| size_of::<Version>() + 16 * version.seen.servers();
        let write = |write: &Write| {
            size_of::<Write>()
                + version(&write.version)
                + write.before.iter().map(version).sum::<usize>()
                + size_of_val(&*write.disks)
        };
        let begun = |(_, (_, before)): (&RequestId, &(Text, Vec<Version>))| {
            size_of::<(RequestId, (Text, Vec<Version>))>()
                + before.iter().map(version).sum::<usize>()
        };
        self.servers.iter().map(Known::weight).sum::<usize>()
            + self.writes.iter().map(write).sum::<usize>()
            + self.begun.iter().map(begun).sum::<usize>()
            + self.dots.len() * size_of::<((Text, super::Dot), RequestId)>()
            + self.rounds.weight()
    }

    /// How many registers hold what has been acknowledged.
    fn committed(&self) -> u64 {
        self.keys.len() as u64
    }
}

impl Invariants {
    // ---- what clients begin, and are told ----

    fn check_client(
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
                Effect::GiveUp(request) => drop(self.answers.remove(request)),
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
        self.begun.insert(id, (key.clone(), before));
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
        let (config, by) = (&client.config, client.answered_by);
        // Who asked two coordinators has made two versions.
        let is_it = |v: &Version| v.request == id && v.dot.server == by;
        if let Some(place) = self.writes.iter().position(|write| is_it(&write.version)) {
            self.is_acknowledged(node, place, config, kernel, found);
        } else if let Some(answers) = self.answers.remove(&id) {
            let Some((_, before)) = self.begun.remove(&id) else { return };
            let last = config.last_write_wins;
            let shows = |object: &Object, write: &Version| {
                let is = |v: &Version| v.is(write) || v.replaces(write, last);
                object.versions.iter().any(is)
            };
            let answers = answers.iter().filter(|(from, _)| *from == by);
            let all = |(_, object): &(NodeId, Object)| before.iter().all(|w| shows(object, w));
            if !answers.clone().any(all) {
                let objects = || answers.clone().map(|(_, object)| object);
                let missed = before.iter().find(|write| !objects().any(|o| shows(o, write)));
                let missed = missed.map_or("an acknowledged write", |write| &*write.text);
                let statement =
                    format!("A read does not show {missed}, acknowledged before it began.");
                found.push(Violation::at_node(check::REGULAR, node, statement));
            }
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
        let servers = kernel.servers;
        drop(self.begun.remove(&self.writes[place].version.request));
        let write = &mut self.writes[place];
        write.is_acknowledged = true;
        if !self.keys.contains(&write.key) {
            self.keys.push(write.key.clone());
        }
        let n = usize::from(config.n(servers));
        let homes: Vec<NodeId> = config.ring(&write.key, servers).take(n).collect();
        let counts = |server: &NodeId| config.quorum == Quorum::Sloppy || homes.contains(server);
        let holds = |(server, record): &&(NodeId, u64)| {
            counts(server) && kernel.node(*server).disk.holds(*record)
        };
        let disks = write.disks.iter().filter(holds).count();
        let w = usize::from(config.w(servers));
        if disks < w {
            let text = &write.version.text;
            let statement = format!("{text} is acknowledged and on {disks} disks of {w}.");
            found.push(Violation::at_node(check::DURABILITY, node, statement));
        }
        let version = write.version.clone();
        self.check_kept(node, config.last_write_wins, found);
        // Of acknowledged writes those count that none of them has replaced.
        let last = config.last_write_wins;
        let own = self.writes.iter().find(|write| write.version.is(&version));
        let Some(key) = own.map(|write| write.key.clone()) else { return };
        let yields = |own: &Write| {
            let mut others =
                self.writes.iter().filter(|other| other.is_acknowledged && other.key == key);
            others.any(|other| own.may_yield_to(&other.version, last))
        };
        let is_replaced = own.is_some_and(yields);
        self.writes.retain(|write| match write.version.is(&version) {
            true => !is_replaced,
            false => write.key != key || !write.may_yield_to(&version, last),
        });
    }

    /// Every acknowledged write is somewhere, or what may stand in its place is.
    fn check_kept(&mut self, node: NodeId, last: bool, found: &mut Vec<Violation>) {
        let servers = &self.servers;
        let is_kept = |write: &Write| {
            let stands =
                |version: &Version| version.is(&write.version) || write.may_yield_to(version, last);
            let here = |known: &Known| {
                known.objects.get(&write.key).is_some_and(|o| o.versions.iter().any(stands))
            };
            servers.iter().any(here)
        };
        self.writes.retain(|write| {
            let lost = write.is_acknowledged && !is_kept(write);
            if lost {
                let text = &write.version.text;
                let statement = format!("{text} was acknowledged, and no server has it any more.");
                found.push(Violation::at_node(check::SURVIVES, node, statement));
            }
            !lost
        });
    }

    // ---- what servers do ----

    fn check_server(
        &mut self,
        node: NodeId,
        server: &Server,
        fresh: &[EffectOf<Node>],
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
                    self.check_delivered(node, *home, key, found);
                }
                Effect::Send { message: Message::Found(id, object), .. } => {
                    if self.begun.contains_key(id) {
                        match self.answers.get_mut(id) {
                            Some(answers) => answers.push((node, object.clone())),
                            None => {
                                let first = alloc::vec![(node, object.clone())];
                                self.answers.insert(*id, first);
                            }
                        }
                    }
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
        for version in &object.versions {
            let place = (key.clone(), version.dot);
            match self.dots.get(&place) {
                Some(first) if *first != version.request => {
                    let dot = format!("{} of {}", version.dot.count, name(version.dot.server));
                    let statement = format!("Write {dot} of {key} is that of two requests.");
                    found.push(Violation::at_node(check::DOTS, node, statement));
                }
                Some(_) => {}
                None => {
                    self.dots.insert(place, version.request);
                    self.issue(key, version.clone());
                }
            }
        }
        // One that lost at once, by its timestamp, is in no object.
        for effect in fresh {
            let Effect::Placed { number, writer, request } = effect else { continue };
            let known = self.writes.iter().any(|write| write.version.request == *request);
            let dot = super::Dot {
                server: NodeId((*writer >> 48) as u16),
                count: *writer & ((1u64 << 48) - 1),
            };
            let place = (key.clone(), dot);
            if !known && *number > 0 && dot.server == node && self.dots.get(&place).is_none() {
                self.dots.insert(place, *request);
                self.issue(
                    key,
                    Version {
                        dot,
                        seen: super::Seen::default(),
                        stamp_us: *number,
                        request: *request,
                        text: "a write".into(),
                    },
                );
            }
        }
    }

    fn issue(&mut self, key: &Text, version: Version) {
        let begun = self.begun.get(&version.request);
        let before = begun.map_or(Vec::new(), |(_, before)| before.clone());
        self.rounds.begin();
        self.writes.push(Write {
            key: key.clone(),
            version,
            is_acknowledged: false,
            before,
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
        let n = usize::from(config.n(self.servers.len() as u16));
        let homes: Vec<NodeId> = config.ring(key, self.servers.len() as u16).take(n).collect();
        let others = homes.iter().filter(|&&home| home != node);
        let is_known = |version: &Version| {
            let mut objects =
                others.clone().filter_map(|o| self.servers[o.index()].objects.get(key));
            objects.any(|object| object.seen.knows(version.dot))
        };
        if homes.contains(&node) && !object.versions.iter().all(is_known) {
            self.rounds.begin();
        }
        let before = self.servers[node.index()].objects.insert(key.clone(), object.clone());
        let Some(before) = before else { return false };
        let stamp_us = |of: &Object| of.versions.first().map_or(0, |version| version.stamp_us);
        let back = config.last_write_wins && stamp_us(object) < stamp_us(&before);
        if !object.seen.covers(&before.seen) || back {
            let (who, was, is) = (name(node), before.short(), object.short());
            let statement = format!("{who} knew more of {key} when it had {was} than with {is}.");
            found.push(Violation::at_node(check::MONOTONIC, node, statement));
        }
        let stays = |version: &Version| object.versions.iter().any(|v| v.is(version));
        !before.versions.iter().all(stays)
    }

    /// Who keeps something on behalf of another forgets that when the other has it.
    fn check_delivered(
        &mut self,
        node: NodeId,
        home: NodeId,
        key: &Text,
        found: &mut Vec<Violation>,
    ) {
        let of = |node: NodeId| self.servers.get(node.index()).and_then(|k| k.objects.get(key));
        let Some(own) = of(node) else { return };
        if !of(home).is_some_and(|there| there.seen.covers(&own.seen)) {
            let (who, whom) = (name(node), name(home));
            let statement = format!("{who} forgets that {key} is for {whom}, which lacks it.");
            found.push(Violation::at_node(check::HANDOFF, node, statement));
        }
    }

    /// Since the last new version each of a key's servers has compared with each other one.
    fn check_agreement(&mut self, node: NodeId, config: &Config, found: &mut Vec<Violation>) {
        let servers = self.servers.len() as u16;
        let n = usize::from(config.n(servers));
        for key in &self.keys {
            let homes: Vec<NodeId> = config.ring(key, servers).take(n).collect();
            if !self.rounds.all_among(&homes) {
                continue;
            }
            let has = |home: &NodeId| self.servers[home.index()].objects.get(key);
            let versions = |home: &NodeId| has(home).map(|object| &object.versions);
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

    // ---- what is on disks ----

    /// Reads what is new on a disk, or forgets what is gone.
    fn follow(&mut self, node: NodeId, records: &Chunked<Record>) {
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        let len = records.len() as u64;
        if (*known.records as u64) > len {
            for write in &mut self.writes {
                write.disks.retain(|(server, record)| *server != node || *record <= len);
            }
            *known.records = records.len();
        }
        let from = *known.records;
        for (place, record) in (from as u64 + 1..).zip(records.iter_from(from)) {
            let Record::Object(key, object) = record else { continue };
            for write in self.writes.iter_mut().filter(|write| write.key == *key) {
                let is = |v: &Version| v.is(&write.version);
                let has = object.versions.iter().any(is) || object.seen.knows(write.version.dot);
                if has && write.disks.iter().all(|(server, _)| *server != node) {
                    write.disks.push((node, place));
                }
            }
        }
        *known.records = records.len();
    }
}
