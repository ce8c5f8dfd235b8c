//! What should hold of a primary-backup group, checked after every handler for the server that
//! it touched. Which of it is promised depends on the mode and on the system: see `declare`.
//! Logs are compared by chained hashes, so each check is O(log n) in the length of the run.
//! Never looks at messages: only at what servers hold and have on disk.

use super::declare::check;
use super::{Mode, Node, Record, Server};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId};
use crate::protocols::epoch_log::{Change, Entry, OnDisk, chain};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What is known of one server.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    epoch: u64,
    commit: u64,
    leading: bool,
    /// It leads, and its epoch is on disk: the others may hear of it.
    announced: bool,
    /// Chained hash of the log in memory up to each index; none while it is down.
    log: Chunked<u64>,
    disk: OnDisk,
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    servers: Vec<Known>,
    /// Who led in each epoch, in the order of time.
    leaders: Chunked<(u64, NodeId)>,
    /// By index: for each epoch in which it had an entry the log up to that, and who had it first.
    entries: Chunked<Vec<(u64, u64, NodeId)>>,
    /// What was acknowledged: by index the log up to there, as the first primary said so.
    acknowledged: Chunked<u64>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn change(record: &Record) -> Change<'_> {
    match record {
        Record::Entry(entry) => Change::Entry(entry),
        Record::Truncate(index) => Change::Truncate(*index),
        Record::Epoch(_) => Change::None,
    }
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers: alloc::vec![Known::default(); usize::from(servers)],
            leaders: Chunked::default(),
            entries: Chunked::default(),
            acknowledged: Chunked::default(),
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Server(server) = process else { return };
        let known = &mut self.servers[node.index()];
        known.disk.follow(records, change);
        known.epoch = server.epoch;
        for entry in server.log.iter_from(1) {
            let hash = chain(known.log.last(), entry);
            known.log.push(hash);
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
        let Node::Server(server) = process else { return };
        let known = &self.servers[node.index()];
        let was_leading = known.leading && known.epoch == server.epoch;
        let was_announced = known.announced && known.epoch == server.epoch;
        let mut commit = known.commit;
        if server.epoch < known.epoch {
            let statement =
                format!("{} went back from epoch {} to {}.", name(node), known.epoch, server.epoch);
            found.push(Violation::at_node(check::MONOTONIC, node, statement));
        }
        for effect in fresh {
            match effect {
                Effect::Write(Record::Entry(entry)) => {
                    self.check_log_matching(node, entry, server.config.epochs, found);
                }
                Effect::Write(Record::Truncate(index)) => {
                    commit = commit.min((*index).max(1) - 1);
                    let log = &mut self.servers[node.index()].log;
                    log.truncate((*index as usize).max(1) - 1);
                }
                _ => {}
            }
        }
        let known = &mut self.servers[node.index()];
        known.epoch = server.epoch;
        known.leading = server.leads();
        known.commit = server.commit;
        known.announced = server.is_announced();
        if server.is_announced() && !was_announced && server.config.epochs {
            self.check_epoch(node, server.epoch, found);
        }
        if server.leads() {
            if !was_leading {
                self.check_take_over(node, server, found);
            }
            for index in commit + 1..=server.commit {
                self.check_acknowledged(node, index, server, kernel, found);
            }
        }
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        _kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        if let Some(known) = self.servers.get_mut(node.index()) {
            known.disk.follow(records, change);
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if let Some(known) = self.servers.get_mut(node.index()) {
            let disk = core::mem::take(&mut known.disk);
            *known = Known { disk, ..Known::default() };
            known.disk.follow(records, change);
        }
    }

    fn share(&mut self, earlier: &Invariants) {
        for (known, before) in self.servers.iter_mut().zip(&earlier.servers) {
            known.log.share(&before.log);
            known.disk.share(&before.disk);
        }
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let servers = self.servers.iter().enumerate().map(|(place, known)| {
            let later = later.and_then(|later| later.servers.get(place));
            known.log.weight(later.map(|later| &later.log), |_| 0)
                + known.disk.weight(later.map(|later| &later.disk))
        });
        size_of_val(&*self.servers)
            + servers.sum::<usize>()
            + self.leaders.weight(later.map(|later| &later.leaders), |_| 0)
            + self.entries.weight(later.map(|later| &later.entries), |epochs| {
                size_of_val(&**epochs) + 2 * size_of::<usize>()
            })
            + self.acknowledged.weight(later.map(|later| &later.acknowledged), |_| 0)
    }

    fn committed(&self) -> u64 {
        self.acknowledged.len() as u64
    }
}

impl Invariants {
    /// No epoch is led twice. It counts from when the epoch is on disk: before, nobody can have
    /// heard of it, and a crash may take it back.
    fn check_epoch(&mut self, node: NodeId, epoch: u64, found: &mut Vec<Violation>) {
        let first = self.leaders.iter().rev().find(|(known, _)| *known == epoch);
        if let Some(&(_, first)) = first {
            let statement = if first == node {
                format!("{} is the primary of epoch {epoch} for the second time.", name(node))
            } else {
                format!("Two primaries of epoch {epoch}: {} and {}.", name(first), name(node))
            };
            let mut nodes = alloc::vec![first, node];
            nodes.dedup();
            let violation = Violation::at_node(check::EPOCHS, node, statement);
            found.push(Violation { nodes, epoch, ..violation });
        }
        self.leaders.push((epoch, node));
    }

    /// "At any time, there is at most one server whose state satisfies Prmy" (Budhiraja et al.
    /// 1993, Pb1), and who takes over has what was acknowledged.
    fn check_take_over(&mut self, node: NodeId, server: &Server, found: &mut Vec<Violation>) {
        let epoch = server.epoch;
        let other = (0..).map(NodeId).zip(&self.servers).find(|(who, k)| *who != node && k.leading);
        if let Some((other, _)) = other {
            let statement = format!("Two primaries: {} and {}.", name(other), name(node));
            found.push(Violation {
                nodes: alloc::vec![other, node],
                epoch,
                ..Violation::at_node(check::ONE_PRIMARY, node, statement)
            });
        }
        self.check_has_all(node, epoch, found);
    }

    /// Whether a primary's log holds everything that was acknowledged so far.
    fn check_has_all(&self, node: NodeId, epoch: u64, found: &mut Vec<Violation>) {
        let log = &self.servers[node.index()].log;
        let last = self.acknowledged.len();
        if last == 0 || log.get(last - 1) == self.acknowledged.get(last - 1) {
            return;
        }
        // The first acknowledged entry that it lacks: chained hashes differ from there on.
        let (mut low, mut high) = (0, last);
        while low < high {
            let middle = low + (high - low) / 2;
            let same = log.get(middle) == self.acknowledged.get(middle);
            if same { low = middle + 1 } else { high = middle }
        }
        let index = low as u64 + 1;
        let statement =
            format!("{} is the primary without entry {index}, which was acknowledged.", name(node));
        found.push(Violation {
            cells: alloc::vec![(node, index)],
            epoch,
            index,
            ..Violation::at_node(check::SURVIVES, node, statement)
        });
    }

    /// A primary acknowledges an entry: on the disks that its mode asks for, no other than was
    /// acknowledged before, and no other primary that came later may be without it.
    fn check_acknowledged(
        &mut self,
        node: NodeId,
        index: u64,
        server: &Server,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let place = index as usize - 1;
        let Some(&hash) = self.servers[node.index()].log.get(place) else { return };
        self.check_durable(node, index, hash, server, kernel, found);
        match self.acknowledged.get(place) {
            Some(known) if *known == hash => {}
            Some(_) => {
                let statement = format!(
                    "{} acknowledges another entry {index} than was acknowledged before.",
                    name(node)
                );
                found.push(Violation {
                    cells: alloc::vec![(node, index)],
                    epoch: server.epoch,
                    index,
                    ..Violation::at_node(check::SURVIVES, node, statement)
                });
            }
            None if place == self.acknowledged.len() => {
                self.acknowledged.push(hash);
                for other in (0..self.servers.len() as u16).map(NodeId) {
                    let known = &self.servers[other.index()];
                    let later = known.epoch > server.epoch || !server.config.epochs;
                    if other != node && known.leading && later {
                        self.check_has_all(other, known.epoch, found);
                    }
                }
            }
            None => {}
        }
    }

    fn check_durable(
        &self,
        node: NodeId,
        index: u64,
        hash: u64,
        server: &Server,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let has = |who: &NodeId| {
            let stored = self.servers[who.index()].disk.get(index);
            let disk = &kernel.node(*who).disk;
            stored.is_some_and(|(known, write)| known == hash && disk.holds(write))
        };
        let others = || (0..self.servers.len() as u16).map(NodeId).filter(|who| *who != node);
        let holders = others().filter(has).count();
        let demanded = others().filter(|who| server.demands(who.index()));
        let enough = match server.config.mode {
            Mode::Sync => demanded.clone().all(|who| has(&who)),
            Mode::SemiSync => holders >= usize::from(server.config.acks).min(demanded.count()),
            Mode::Async => true,
        };
        if enough && has(&node) {
            return;
        }
        let own = if has(&node) { "on its own disk" } else { "not on its own disk" };
        let statement = format!(
            "{} acknowledges entry {index}, which is {own} and on {holders} others.",
            name(node)
        );
        found.push(Violation {
            cells: alloc::vec![(node, index)],
            epoch: server.epoch,
            index,
            ..Violation::at_node(check::DURABILITY, node, statement)
        });
    }

    /// Two logs that have an entry with the same index and epoch are the same up to there. Where
    /// nobody counts epochs, the logs of two servers that run are the same as far as both go.
    fn check_log_matching(
        &mut self,
        node: NodeId,
        entry: &Entry,
        epochs: bool,
        found: &mut Vec<Violation>,
    ) {
        let known = &mut self.servers[node.index()];
        let hash = chain(known.log.last(), entry);
        known.log.push(hash);
        let index = known.log.len() as u64;
        let first = if epochs {
            self.first_with(index, entry.epoch, hash, node)
        } else {
            let other = |known: &Known| known.log.get(index as usize - 1).copied();
            let others = (0..).map(NodeId).zip(&self.servers);
            let mut others = others.filter_map(|(who, known)| Some((other(known)?, who)));
            others.find(|(other, _)| *other != hash).unwrap_or((hash, node))
        };
        let (first, who) = first;
        if first == hash {
            return;
        }
        let of = if epochs { format!(" of epoch {}", entry.epoch) } else { String::new() };
        let statement = if who == node {
            format!("{} had another log up to entry {index}{of} before.", name(node))
        } else {
            let (a, b) = (name(who), name(node));
            format!("{a} and {b} have entry {index}{of}, but not the same log up to it.")
        };
        let mut nodes = alloc::vec![who, node];
        nodes.dedup();
        found.push(Violation {
            cells: nodes.iter().map(|&node| (node, index)).collect(),
            nodes,
            epoch: entry.epoch,
            index,
            ..Violation::at_node(check::LOG_MATCHING, node, statement)
        });
    }

    /// The log up to the entry of this index and epoch as the first server had it, and which.
    fn first_with(&mut self, index: u64, epoch: u64, hash: u64, node: NodeId) -> (u64, NodeId) {
        let place = index as usize - 1;
        while self.entries.len() <= place {
            self.entries.push(Vec::new());
        }
        let Some(epochs) = self.entries.get_mut(place) else { return (hash, node) };
        match epochs.iter().find(|known| known.0 == epoch) {
            Some(&(_, first, who)) => (first, who),
            None => {
                epochs.push((epoch, hash, node));
                (hash, node)
            }
        }
    }
}
