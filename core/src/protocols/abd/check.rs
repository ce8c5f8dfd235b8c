//! What must hold of the ABD register, checked after every handler for the node that it
//! touched. What is on disks is read from the disks, not taken from what any replica says.

use super::declare::check;
use super::message::{Content, Message, Record, Tag};
use super::{Client, Node};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{Effect, EffectOf, NodeId};
use crate::quorum::majority;
use crate::renaming::Beside;
use crate::world::Kernel;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use litemap::LiteMap;

/// What is known of one replica.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    /// The tag of each register when it was touched last.
    tags: LiteMap<Text, Tag>,
    /// The highest tag that it has acknowledged: a restart does not unsay it.
    acked: LiteMap<Text, Tag>,
    /// The highest tag that has been on its synced disk.
    synced: LiteMap<Text, Tag>,
    /// Records of its disk that have been read.
    records: Beside<usize>,
    /// What is on its disk and not known to be synced, with the record's position.
    unsynced: Vec<(Text, Tag, u64)>,
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    replicas: Vec<Known>,
    /// The first value seen with each tag.
    values: LiteMap<(Text, Tag), Content>,
    /// The highest tag of a complete operation, by register.
    complete: LiteMap<Text, Tag>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

/// Keeps the highest.
fn raise(tags: &mut LiteMap<Text, Tag>, key: &Text, tag: Tag) {
    match tags.get_mut(key) {
        Some(known) => *known = (*known).max(tag),
        None => drop(tags.insert(key.clone(), tag)),
    }
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            replicas: alloc::vec![Known::default(); usize::from(servers)],
            values: LiteMap::new(),
            complete: LiteMap::new(),
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Replica(replica) = process else { return };
        let known = &mut self.replicas[node.index()];
        let registers = replica.registers.iter();
        known.tags = registers.map(|(key, register)| (key.clone(), register.tag)).collect();
        known.follow(records);
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
            Node::Client(client) => self.check_client(node, client, fresh, found),
            Node::Replica(_) => {
                self.replicas[node.index()].count_synced(node, kernel);
                self.check_records(node, fresh, found);
                self.check_acked(node, fresh, kernel, found);
            }
        }
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        if let Some(known) = self.replicas.get_mut(node.index()) {
            known.follow(records);
            known.count_synced(node, kernel);
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if let Some(known) = self.replicas.get_mut(node.index()) {
            known.follow(records);
        }
    }

    fn weight(&self, _later: Option<&Invariants>) -> usize {
        let of = |known: &Known| {
            let tags = known.tags.len() + known.acked.len() + known.synced.len();
            tags * size_of::<(Text, Tag)>() + size_of_val(&*known.unsynced)
        };
        size_of_val(&*self.replicas)
            + self.replicas.iter().map(of).sum::<usize>()
            + self.values.len() * size_of::<((Text, Tag), Content)>()
            + self.complete.len() * size_of::<(Text, Tag)>()
    }

    /// How many registers hold what a complete operation wrote or read.
    fn committed(&self) -> u64 {
        self.complete.len() as u64
    }
}

impl Known {
    /// Reads what is new on the disk, or forgets what is gone.
    fn follow(&mut self, records: &Chunked<Record>) {
        self.unsynced.retain(|(_, _, write)| *write <= records.len() as u64);
        *self.records = self.records.min(records.len());
        for (place, record) in (*self.records as u64 + 1..).zip(records.iter_from(*self.records)) {
            if let Record::Stored(key, tag, _) = record {
                self.unsynced.push((key.clone(), *tag, place));
            }
        }
        *self.records = records.len();
    }

    /// Counts what has reached the medium since.
    fn count_synced(&mut self, node: NodeId, kernel: &Kernel) {
        let disk = &kernel.node(node).disk;
        let synced = &mut self.synced;
        self.unsynced.retain(|(key, tag, write)| {
            let holds = disk.holds(*write);
            if holds {
                raise(synced, key, *tag);
            }
            !holds
        });
    }
}

impl Invariants {
    /// A replica takes what is newer, and one value has one tag.
    fn check_records(
        &mut self,
        node: NodeId,
        fresh: &[EffectOf<Node>],
        found: &mut Vec<Violation>,
    ) {
        for effect in fresh {
            let Effect::Write(Record::Stored(key, tag, content)) = effect else { continue };
            let wrong = |check, statement| Violation {
                epoch: tag.number,
                ..Violation::at_node(check, node, statement)
            };
            let known = &mut self.replicas[node.index()];
            let before = known.tags.get(key).copied().unwrap_or_default();
            if *tag < before {
                let (now, before) = (tag.short(), before.short());
                let statement = format!("{}'s {key} goes from tag {before} to {now}.", name(node));
                found.push(wrong(check::MONOTONIC, statement));
            }
            known.tags.insert(key.clone(), *tag);
            let place = (key.clone(), *tag);
            match self.values.get(&place) {
                Some(first) if first != content => {
                    let said =
                        |of: &Content| of.as_ref().map_or("nothing".into(), |v| v.to_string());
                    let (first, second): (String, String) = (said(first), said(content));
                    let tag = tag.short();
                    let statement =
                        format!("Tag {tag} of {key} is that of {first} and of {second}.");
                    found.push(wrong(check::ONE_VALUE, statement));
                }
                Some(_) => {}
                None => drop(self.values.insert(place, content.clone())),
            }
        }
    }

    /// What it has acknowledged it has, also after a restart.
    fn check_acked(
        &mut self,
        node: NodeId,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let known = &mut self.replicas[node.index()];
        for (key, acked) in known.acked.iter() {
            let has = known.tags.get(key).copied().unwrap_or_default();
            if has < *acked {
                let (has, acked) = (has.short(), acked.short());
                let statement =
                    format!("{} acknowledged tag {acked} of {key} and has {has}.", name(node));
                let violation = Violation::at_node(check::MONOTONIC, node, statement);
                found.push(violation);
            }
        }
        // Answers that wait for the disk have not been said.
        let durable = kernel.node(node).disk.durable;
        for effect in fresh {
            if let Effect::Send { message: Message::Ack(_, key, tag), after, .. } = effect
                && after.0 <= durable
            {
                raise(&mut known.acked, key, *tag);
            }
        }
    }

    /// An operation is done: what it wrote or returns is on a majority of synced disks.
    fn check_client(
        &mut self,
        node: NodeId,
        client: &Client,
        fresh: &[EffectOf<Node>],
        found: &mut Vec<Violation>,
    ) {
        let done = |effect: &EffectOf<Node>| matches!(effect, Effect::Reply { .. });
        let (true, Some((_, key, tag))) = (fresh.iter().any(done), &client.last) else { return };
        raise(&mut self.complete, key, *tag);
        let has = |known: &&Known| known.synced.get(key).is_some_and(|synced| synced >= tag);
        let disks = self.replicas.iter().filter(has).count();
        let of = self.replicas.len();
        if *tag != Tag::NONE && disks < usize::from(majority(of as u16)) {
            let who = format!("c{}", usize::from(node.0) + 1 - of);
            let tag = tag.short();
            let statement = format!(
                "{who} is done with tag {tag} of {key}, which is on {disks} of {of} disks."
            );
            found.push(Violation::at_node(check::DURABILITY, node, statement));
        }
    }
}
