//! What must hold of timestamps: against real time, which no server knows, and against all that
//! was written. Looked at after every handler, for what it may have changed.

use super::declare::check;
use super::message::{Answer, Found, Message, Record, shown, span};
use super::{Config, Node, owner};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::{Kernel, WALL_START_US};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use litemap::LiteMap;

/// A version that a server has written.
#[derive(Clone, Debug)]
struct Version {
    stamp: u64,
    value: Text,
    request: RequestId,
    at: NodeId,
    /// Its record's place on the disk, from 1.
    place: u64,
    /// A client was told of it.
    answered: bool,
}

/// What is known of a key.
#[derive(Clone, Debug, Default)]
struct Truth {
    /// The lowest timestamp first.
    versions: Vec<Version>,
    /// The highest timestamp at which it was read, and whose read that was.
    read: Option<(u64, RequestId)>,
}

impl Truth {
    /// The last version up to a timestamp.
    fn upto(&mut self, at: u64) -> Option<&mut Version> {
        let upto = self.versions.partition_point(|version| version.stamp <= at);
        self.versions[..upto].last_mut()
    }
}

/// A transaction that a client has begun and that has not ended.
#[derive(Clone, Debug)]
struct Asked {
    /// The highest timestamp of what had ended when it began, and whose.
    floor: Option<(u64, RequestId)>,
    /// What it writes.
    key: Option<Text>,
}

/// The checks.
#[derive(Clone, Debug)]
pub struct Checks {
    servers: usize,
    keys: LiteMap<Text, Truth>,
    /// By client, then number.
    asked: LiteMap<(NodeId, u64), Asked>,
    /// The highest timestamp of what has ended, and whose.
    floor: Option<(u64, RequestId)>,
    /// The highest timestamp on the disk of each server.
    highest: Vec<u64>,
    /// The last write of each client that has a timestamp: its number and key.
    written: LiteMap<NodeId, (u64, Text)>,
    /// A clock has been found further off than it may be: the first counts.
    off: bool,
    /// What a crash took that clients had been told of: at whom, and what.
    lost: Vec<(NodeId, String)>,
}

/// What a handler gives: a check, and what is wrong.
type Wrong = Vec<(u8, String)>;

fn key_of(request: RequestId) -> (NodeId, u64) {
    (request.client, request.number)
}

impl Checks {
    /// A transaction as people call it: clients stand behind the servers.
    fn name(&self, request: RequestId) -> String {
        let client = (request.client.index() + 1).saturating_sub(self.servers);
        format!("operation {} of c{client}", request.number)
    }

    fn truth(&mut self, key: &Text) -> &mut Truth {
        self.keys.entry(key.clone()).or_default()
    }

    /// Whether the interval of a node's clock holds the true time, which is virtual time.
    fn clock(&mut self, node: NodeId, config: &Config, kernel: &Kernel, wrong: &mut Wrong) {
        let of = kernel.node(node);
        let wall_us = of.wall.show_us(of.clock.local_us(kernel.now_us));
        let true_us = kernel.now_us + WALL_START_US;
        let off_us = wall_us.abs_diff(true_us);
        if off_us > config.uncertainty_us && !core::mem::replace(&mut self.off, true) {
            let statement = format!(
                "The clock shows {} at {}: it is {} off, and may be {} off.",
                shown(wall_us),
                shown(true_us),
                span(off_us),
                span(config.uncertainty_us),
            );
            wrong.push((check::CLOCK, statement));
        }
    }

    /// A transaction has a timestamp: it must lie above those of all that ended before it began.
    fn follows(&self, request: RequestId, stamp: u64, wrong: &mut Wrong) {
        let Some(asked) = self.asked.get(&key_of(request)) else { return };
        if let Some((floor, by)) = asked.floor.filter(|(floor, _)| *floor >= stamp) {
            let (own, by) = (self.name(request), self.name(by));
            let (stamp, floor) = (shown(stamp), shown(floor));
            let statement = format!(
                "The timestamp of {own} is {stamp}; that of {by}, which ended before it began, \
                 is {floor}."
            );
            wrong.push((check::REAL_TIME, statement));
        }
    }

    /// A server gives a write its timestamp.
    fn stamped(&mut self, at: NodeId, record: &Record, place: u64, wrong: &mut Wrong) {
        let (request, stamp) = (record.request, record.stamp);
        self.follows(request, stamp, wrong);
        let highest = core::mem::replace(&mut self.highest[at.index()], stamp);
        if stamp <= highest {
            let (own, now, before) = (self.name(request), shown(stamp), shown(highest));
            let statement =
                format!("The timestamp of {own} is {now}; the server gave {before} before it.");
            wrong.push((check::MONOTONIC, statement));
        }
        self.highest[at.index()] = highest.max(stamp);
        let before = self.written.insert(request.client, (request.number, record.key.clone()));
        if before.is_some_and(|(number, _)| number == request.number) {
            let (own, stamp) = (self.name(request), shown(stamp));
            let statement = format!("The write of {own} is done again, at {stamp}.");
            wrong.push((check::ONCE, statement));
        }
        let read = self.truth(&record.key).read;
        if let Some((at, by)) = read.filter(|(at, _)| *at >= stamp) {
            let (own, by) = (self.name(request), self.name(by));
            let (key, stamp, at) = (&record.key, shown(stamp), shown(at));
            let statement =
                format!("The write of {own} gets {stamp}; {by} has read {key} at {at} without it.");
            wrong.push((check::SNAPSHOT, statement));
        }
        let value = record.value.clone();
        let version = Version { stamp, value, request, at, place, answered: false };
        let versions = &mut self.truth(&record.key).versions;
        let place = versions.partition_point(|known| known.stamp <= stamp);
        versions.insert(place, version);
    }

    /// A client asks or is answered. What it gives up may still be written.
    fn client(&mut self, process: &Node, fresh: &[EffectOf<Node>], kernel: &Kernel) -> Wrong {
        let mut wrong = Vec::new();
        for effect in fresh {
            match effect {
                Effect::Send { message: Message::Write(id, key, _), .. } => {
                    self.begun(*id, Some(key));
                }
                Effect::Send { message: Message::Read(id, _, at), .. } => {
                    let is_new = self.begun(*id, None);
                    // Who reads the past has asked for it.
                    if is_new && process.config().staleness_us == 0 {
                        self.follows(*id, *at, &mut wrong);
                    }
                }
                Effect::Reply { request, response, .. } => {
                    let asked = self.asked.remove(&key_of(*request));
                    match response {
                        Answer::Done(stamp) => {
                            let key = asked.and_then(|asked| asked.key);
                            self.ended(*request, *stamp);
                            if let Some(key) = key {
                                self.told(*request, &key, *stamp, kernel, &mut wrong);
                            }
                        }
                        Answer::Values(at, found) => {
                            self.ended(*request, *at);
                            self.read(*request, *at, found, kernel, &mut wrong);
                        }
                    }
                }
                _ => {}
            }
        }
        wrong
    }

    /// Whether this is the first that is heard of it.
    fn begun(&mut self, request: RequestId, key: Option<&Text>) -> bool {
        let place = key_of(request);
        let is_new = !self.asked.contains_key(&place);
        if is_new {
            self.asked.insert(place, Asked { floor: self.floor, key: key.cloned() });
        }
        is_new
    }

    fn ended(&mut self, request: RequestId, stamp: u64) {
        if self.floor.is_none_or(|(floor, _)| floor < stamp) {
            self.floor = Some((stamp, request));
        }
    }

    /// A client is told of a version: it must be on the disk, and stay.
    fn told(
        &mut self,
        request: RequestId,
        key: &Text,
        stamp: u64,
        kernel: &Kernel,
        wrong: &mut Wrong,
    ) {
        let known = self.truth(key).upto(stamp).filter(|version| version.stamp == stamp);
        let holds = known.is_some_and(|version| {
            version.answered = true;
            kernel.node(version.at).disk.holds(version.place)
        });
        if !holds {
            let (own, stamp) = (self.name(request), shown(stamp));
            let at = owner(key, self.servers as u16).0 + 1;
            let statement =
                format!("{own} was told of {key} at {stamp}, which is not on the disk of n{at}.");
            wrong.push((check::DURABILITY, statement));
        }
    }

    /// A read has been answered: with the last version up to its timestamp, of each key.
    fn read(
        &mut self,
        request: RequestId,
        at: u64,
        found: &[Found],
        kernel: &Kernel,
        wrong: &mut Wrong,
    ) {
        for (key, version) in found {
            let truth = self.truth(key);
            let expected = truth.upto(at).map(|known| (known.stamp, known.value.clone()));
            if truth.read.is_none_or(|(known, _)| known < at) {
                truth.read = Some((at, request));
            }
            if *version != expected {
                let said = |version: &Option<(u64, Text)>| {
                    let of = |(stamp, value): &(u64, Text)| format!("{value} of {}", shown(*stamp));
                    version.as_ref().map_or("nothing".into(), of)
                };
                let statement = format!(
                    "{} read {key} at {}: {}, where {} was written.",
                    self.name(request),
                    shown(at),
                    said(version),
                    said(&expected),
                );
                wrong.push((check::SNAPSHOT, statement));
            }
            if let Some((stamp, _)) = version {
                self.told(request, key, *stamp, kernel, wrong);
            }
        }
    }
}

impl Check<Node> for Checks {
    fn new(servers: u16) -> Checks {
        Checks {
            servers: usize::from(servers),
            keys: LiteMap::new(),
            asked: LiteMap::new(),
            floor: None,
            highest: alloc::vec![0; usize::from(servers)],
            written: LiteMap::new(),
            off: false,
            lost: Vec::new(),
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
        for (at, statement) in core::mem::take(&mut self.lost) {
            found.push(Violation::at_node(check::DURABILITY, at, statement));
        }
        let mut wrong = Vec::new();
        self.clock(node, process.config(), kernel, &mut wrong);
        match process {
            Node::Client(_) => wrong.extend(self.client(process, fresh, kernel)),
            Node::Server(_) => {
                let mut place = kernel.node(node).disk.written;
                for effect in fresh {
                    if let Effect::Write(record) = effect {
                        place += 1;
                        self.stamped(node, record, place, &mut wrong);
                    }
                }
            }
        }
        let violation = |(check, statement)| Violation::at_node(check, node, statement);
        found.extend(wrong.into_iter().map(violation));
    }

    /// What is not on the disk any more was never written, unless somebody was told of it.
    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if node.index() >= self.servers {
            return;
        }
        let kept = records.len() as u64;
        let highest = records.iter().map(|record| record.stamp).max();
        self.highest[node.index()] = highest.unwrap_or(0);
        let mut gone = Vec::new();
        for (key, truth) in self.keys.iter_mut() {
            let is_gone = |version: &mut Version| version.at == node && version.place > kept;
            gone.extend(truth.versions.extract_if(.., is_gone).map(|gone| (key.clone(), gone)));
        }
        for (key, version) in gone {
            let request = version.request;
            let last = self.written.get(&request.client);
            if last.is_some_and(|(number, of)| (*number, of) == (request.number, &key)) {
                self.written.remove(&request.client);
            }
            if version.answered {
                let (own, stamp) = (self.name(request), shown(version.stamp));
                let statement = format!("The write of {own}, {key} at {stamp}, is lost.");
                self.lost.push((node, statement));
            }
        }
    }

    fn weight(&self, _later: Option<&Checks>) -> usize {
        let versions = self.keys.iter().map(|(_, truth)| size_of_val(&*truth.versions));
        versions.sum::<usize>()
            + self.keys.len() * size_of::<(Text, Truth)>()
            + self.asked.len() * size_of::<((NodeId, u64), Asked)>()
    }
}
