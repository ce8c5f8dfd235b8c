//! What should hold of a replicated partition, checked after every handler for the broker that
//! it touched. Which of it is promised depends on what is set: see `declare`. Logs are compared
//! by chained hashes. Never looks at messages: only at what brokers hold and have on disk.

use super::declare::check;
use super::{Broker, Node, Record, Role};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId};
use crate::protocols::epoch_log::{Change, Entry, OnDisk, chain};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What is known of one broker.
#[derive(Clone, Debug, Default)]
struct Known {
    epoch: u64,
    mark: u64,
    acknowledged: u64,
    leading: bool,
    /// Chained hash of the log in memory up to each index.
    log: Chunked<u64>,
    disk: OnDisk,
}

/// The checks' state.
#[derive(Clone, Debug)]
pub struct Invariants {
    brokers: Vec<Known>,
    /// Who led in each epoch, in the order of time.
    leaders: Chunked<(u64, NodeId)>,
    /// By index: for each epoch in which it had an entry the log up to that, and who had it first.
    entries: Chunked<Vec<(u64, u64, NodeId)>>,
    /// Below the high-water mark, as the first leader said so: the log up to each index.
    committed: Chunked<u64>,
    /// What producers were told of: the log up to each index, and the epoch of who told them.
    acknowledged: Chunked<(u64, u64)>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn change(record: &Record) -> Change<'_> {
    match record {
        Record::Entry(entry) => Change::Entry(entry),
        Record::Truncate(index) => Change::Truncate(*index),
        Record::Mark(_) | Record::Partition(_) => Change::None,
    }
}

fn at_cell(check: u8, node: NodeId, index: u64, epoch: u64, statement: String) -> Violation {
    let cells = alloc::vec![(node, index)];
    Violation { cells, epoch, index, ..Violation::at_node(check, node, statement) }
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            brokers: alloc::vec![Known::default(); usize::from(servers)],
            leaders: Chunked::default(),
            entries: Chunked::default(),
            committed: Chunked::default(),
            acknowledged: Chunked::default(),
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Broker(broker) = process else { return };
        let known = &mut self.brokers[node.index()];
        known.disk.follow(records, change);
        known.mark = broker.mark;
        for entry in broker.log.iter_from(1) {
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
        let Node::Broker(broker) = process else { return };
        for effect in fresh {
            match effect {
                Effect::Write(Record::Entry(entry)) => self.check_log_matching(node, entry, found),
                Effect::Write(Record::Truncate(index)) => {
                    let log = &mut self.brokers[node.index()].log;
                    log.truncate((*index as usize).max(1) - 1);
                }
                _ => {}
            }
        }
        let known = &mut self.brokers[node.index()];
        let was_leading = known.leading && known.epoch == broker.partition.epoch;
        let (mark, told) = (known.mark, known.acknowledged);
        (known.epoch, known.leading) = (broker.partition.epoch, broker.leads());
        (known.mark, known.acknowledged) = (broker.mark, broker.acknowledged());
        if broker.mark < mark {
            let statement = format!(
                "The high-water mark of {} went from {mark} to {}.",
                name(node),
                broker.mark
            );
            found.push(Violation::at_node(check::MONOTONIC, node, statement));
        }
        if broker.leads() && !was_leading {
            self.check_leader(node, broker.partition.epoch, found);
        }
        for index in mark + 1..=broker.mark {
            self.check_committed(node, index, broker, kernel, found);
        }
        for index in told + 1..=broker.acknowledged() {
            self.check_acknowledged(node, index, broker.partition.epoch, found);
        }
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        _kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        if let Some(known) = self.brokers.get_mut(node.index()) {
            known.disk.follow(records, change);
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if let Some(known) = self.brokers.get_mut(node.index()) {
            let disk = core::mem::take(&mut known.disk);
            *known = Known { disk, ..Known::default() };
            known.disk.follow(records, change);
        }
    }

    fn share(&mut self, earlier: &Invariants) {
        for (known, before) in self.brokers.iter_mut().zip(&earlier.brokers) {
            known.log.share(&before.log);
            known.disk.share(&before.disk);
        }
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let brokers = self.brokers.iter().enumerate().map(|(place, known)| {
            let later = later.and_then(|later| later.brokers.get(place));
            known.log.weight(later.map(|later| &later.log), |_| 0)
                + known.disk.weight(later.map(|later| &later.disk))
        });
        size_of_val(&*self.brokers)
            + brokers.sum::<usize>()
            + self.leaders.weight(later.map(|later| &later.leaders), |_| 0)
            + self.entries.weight(later.map(|later| &later.entries), |epochs| {
                size_of_val(&**epochs) + 2 * size_of::<usize>()
            })
            + self.committed.weight(later.map(|later| &later.committed), |_| 0)
            + self.acknowledged.weight(later.map(|later| &later.acknowledged), |_| 0)
    }

    fn committed(&self) -> u64 {
        self.committed.len() as u64
    }
}

impl Broker {
    /// The last record that a producer may have been told of: with `acks all` what lies below
    /// the high-water mark, else what the leader has.
    pub(super) fn acknowledged(&self) -> u64 {
        match (&self.role, self.config.acks_all) {
            (Role::Leader(_), true) => self.mark,
            (Role::Leader(_), false) => self.own_end(),
            _ => 0,
        }
    }
}

impl Invariants {
    /// An epoch has one leader, and it has everything that was acknowledged.
    fn check_leader(&mut self, node: NodeId, epoch: u64, found: &mut Vec<Violation>) {
        let first = self.leaders.iter().rev().find(|(known, _)| *known == epoch);
        if let Some(&(_, first)) = first {
            let statement =
                format!("{} leads epoch {epoch}, which {} has led.", name(node), name(first));
            let mut nodes = alloc::vec![first, node];
            nodes.dedup();
            let violation = Violation::at_node(check::EPOCHS, node, statement);
            found.push(Violation { nodes, epoch, ..violation });
        }
        self.leaders.push((epoch, node));
        self.check_has_all(node, epoch, found);
    }

    /// Whether a leader has what was acknowledged in earlier epochs. One that hears late of its
    /// own epoch may be without what a later leader has acknowledged.
    fn check_has_all(&self, node: NodeId, epoch: u64, found: &mut Vec<Violation>) {
        let log = &self.brokers[node.index()].log;
        let told = |place: usize| self.acknowledged.get(place);
        let later = (0..self.acknowledged.len()).rev().map_while(told);
        let later = later.take_while(|(_, by)| *by >= epoch).count();
        let last = self.acknowledged.len() - later;
        let has = |place: usize| log.get(place) == told(place).map(|(hash, _)| hash);
        if last == 0 || has(last - 1) {
            return;
        }
        let lacks = (0..last).find(|&place| !has(place)).unwrap_or(last - 1);
        let index = lacks as u64 + 1;
        let statement = format!(
            "{} leads epoch {epoch} without entry {index}, which was acknowledged.",
            name(node)
        );
        found.push(at_cell(check::SURVIVES, node, index, epoch, statement));
    }

    /// A producer may be told of a record: no other was acknowledged at its place, and no leader
    /// of a later epoch is without it.
    fn check_acknowledged(
        &mut self,
        node: NodeId,
        index: u64,
        epoch: u64,
        found: &mut Vec<Violation>,
    ) {
        let place = index as usize - 1;
        let Some(&hash) = self.brokers[node.index()].log.get(place) else { return };
        match self.acknowledged.get(place) {
            Some((known, _)) if *known == hash => {}
            Some(_) => {
                let statement = format!(
                    "{} acknowledges another entry {index} than was acknowledged before.",
                    name(node)
                );
                found.push(at_cell(check::SURVIVES, node, index, epoch, statement));
            }
            None if place == self.acknowledged.len() => {
                self.acknowledged.push((hash, epoch));
                for other in (0..self.brokers.len() as u16).map(NodeId) {
                    let known = &self.brokers[other.index()];
                    if other != node && known.leading && known.epoch > epoch {
                        self.check_has_all(other, known.epoch, found);
                    }
                }
            }
            None => {}
        }
    }

    /// A broker's high-water mark passes a record: it is the one that all others have there, and
    /// if a leader says so, all whom it needs have it.
    fn check_committed(
        &mut self,
        node: NodeId,
        index: u64,
        broker: &Broker,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let place = index as usize - 1;
        let epoch = broker.partition.epoch;
        let Some(&hash) = self.brokers[node.index()].log.get(place) else { return };
        match self.committed.get(place) {
            Some(known) if *known == hash => {}
            Some(_) => {
                let statement = format!(
                    "{} has another entry {index} below its high-water mark than was committed.",
                    name(node)
                );
                found.push(at_cell(check::CONSISTENCY, node, index, epoch, statement));
            }
            None if place == self.committed.len() => self.committed.push(hash),
            None => {}
        }
        if !broker.leads() || !broker.config.flush {
            return;
        }
        let stored = |who: NodeId| {
            let stored = self.brokers.get(who.index()).and_then(|known| known.disk.get(index));
            let disk = &kernel.node(who).disk;
            stored.is_some_and(|(known, write)| known == hash && disk.holds(write))
        };
        if let Some(without) = broker.demanded().iter().find(|who| !stored(*who)) {
            let statement = format!(
                "{} commits entry {index}, which is not on the disk of {}.",
                name(node),
                name(without)
            );
            found.push(at_cell(check::DURABILITY, node, index, epoch, statement));
        }
    }

    /// Two logs that have an entry with the same index and epoch are the same up to there.
    fn check_log_matching(&mut self, node: NodeId, entry: &Entry, found: &mut Vec<Violation>) {
        let known = &mut self.brokers[node.index()];
        let hash = chain(known.log.last(), entry);
        known.log.push(hash);
        let (place, epoch) = (known.log.len() - 1, entry.epoch);
        while self.entries.len() <= place {
            self.entries.push(Vec::new());
        }
        let Some(epochs) = self.entries.get_mut(place) else { return };
        let Some(&(_, first, who)) = epochs.iter().find(|known| known.0 == epoch) else {
            epochs.push((epoch, hash, node));
            return;
        };
        if first == hash {
            return;
        }
        let index = place as u64 + 1;
        let statement = format!(
            "{} and {} have entry {index} of epoch {epoch}, but not the same log up to it.",
            name(who),
            name(node)
        );
        let mut nodes = alloc::vec![who, node];
        nodes.dedup();
        let violation = at_cell(check::LOG_MATCHING, node, index, epoch, statement);
        found.push(Violation { nodes, ..violation });
    }
}
