//! What must hold of the Dynamo register, checked after every handler for the node that it
//! touched. What is on disks is read from the disks; what clients know, from what they are told.
//! Here: the checks' state and who is asked when. What clients were promised stands in `clients`,
//! what servers owe each other in `servers`.

mod clients;
mod disks;
mod servers;

use super::message::Record;
use super::object::{Dot, Version};
use super::{Config, Node};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{EffectOf, NodeId, RequestId};
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
    /// It is nowhere any more, and that has been said.
    is_lost: bool,
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
    /// Operations under way: what had been acknowledged when they began.
    begun: LiteMap<RequestId, Vec<Version>>,
    /// Whose write has which dot.
    dots: LiteMap<(Text, Dot), RequestId>,
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
            Node::Server(server) => self.check_server(node, server, fresh, kernel, found),
        }
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        self.follow(node, records);
        if let Some(known) = self.servers.get_mut(node.index()) {
            known.forget_old(|record| kernel.node(node).disk.holds(record));
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        self.follow(node, records);
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        known.read_again(records);
        // What nobody keeps and nobody has heard of was never written: its dot is free.
        let knows = |key: &Text, dot: &Dot| {
            let mut objects = self.servers.iter().filter_map(|known| known.objects.get(key));
            objects.any(|object| object.knows(dot))
        };
        let places = self.dots.iter().map(|(place, _)| place);
        let free: Vec<_> = places.filter(|(key, dot)| !knows(key, dot)).cloned().collect();
        for place in &free {
            self.dots.remove(place);
        }
        self.writes.retain(|write| {
            let is = |(key, dot): &(Text, Dot)| *key == write.key && *dot == write.version.dot();
            write.is_acknowledged || !free.iter().any(is)
        });
        self.rounds.begin();
        self.is_less = true;
    }

    fn weight(&self, _later: Option<&Invariants>) -> usize {
        let version = |version: &Version| {
            size_of::<Version>() + 16 * super::object::servers(&version.clock.past)
        };
        let write = |write: &Write| {
            size_of::<Write>()
                + version(&write.version)
                + write.before.iter().map(version).sum::<usize>()
                + size_of_val(&*write.disks)
        };
        let begun = |(_, before): (&RequestId, &Vec<Version>)| {
            size_of::<(RequestId, Vec<Version>)>() + before.iter().map(version).sum::<usize>()
        };
        self.servers.iter().map(Known::weight).sum::<usize>()
            + self.writes.iter().map(write).sum::<usize>()
            + self.begun.iter().map(begun).sum::<usize>()
            + self.dots.len() * size_of::<((Text, Dot), RequestId)>()
            + self.rounds.weight()
    }

    /// How many registers hold what has been acknowledged.
    fn committed(&self) -> u64 {
        self.keys.len() as u64
    }
}

impl Invariants {
    /// The servers that keep a key.
    fn homes(&self, key: &Text, config: &Config) -> Vec<NodeId> {
        let servers = self.servers.len() as u16;
        config.ring(key, servers).take(usize::from(config.n(servers))).collect()
    }

    /// Every acknowledged write is somewhere, or what may stand in its place is.
    fn check_kept(&mut self, node: NodeId, last: bool, found: &mut Vec<Violation>) {
        let servers = &self.servers;
        for write in self.writes.iter_mut().filter(|w| w.is_acknowledged && !w.is_lost) {
            let stands =
                |version: &Version| version.is(&write.version) || write.may_yield_to(version, last);
            let here = |known: &Known| {
                known.objects.get(&write.key).is_some_and(|object| object.versions().any(stands))
            };
            if !servers.iter().any(here) {
                let text = &write.version.text;
                let statement = format!("{text} was acknowledged, and no server has it any more.");
                let check = super::declare::check::SURVIVES;
                found.push(Violation::at_node(check, node, statement));
                write.is_lost = true;
            }
        }
    }

    /// Reads what is new on a disk, or forgets what is gone.
    fn follow(&mut self, node: NodeId, records: &Chunked<Record>) {
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        let len = records.len() as u64;
        if (*known.records as u64) > len {
            for write in &mut self.writes {
                write.disks.retain(|(server, record)| *server != node || *record <= len);
            }
            known.forget_beyond(len);
        }
        let from = *known.records;
        for (place, record) in (from as u64 + 1..).zip(records.iter_from(from)) {
            known.take(place, record);
            let Record::Object(key, object) = record else { continue };
            for write in self.writes.iter_mut().filter(|write| write.key == *key) {
                let has = object.knows(&write.version.dot());
                if has && write.disks.iter().all(|(server, _)| *server != node) {
                    write.disks.push((node, place));
                }
            }
        }
        *known.records = records.len();
    }
}
