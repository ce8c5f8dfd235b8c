//! What must hold of Multi-Paxos, checked after every handler for the server that it touched.
//! What is chosen in a slot is counted here, from what acceptors' disks hold, not taken from
//! what any server says. Values are compared by hashes, so that a step costs the same in a
//! long run.

use super::declare::check;
use super::message::{Ballot, Message, Record, Value};
use super::{Node, Role, Server};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::draw::StableHasher;
use crate::process::{Effect, EffectOf, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// What is known of one server.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    promised: Ballot,
    /// The highest ballot of which it has said that it promised it or acted in it.
    given: Ballot,
    /// The ballot that it leads since this start; none if it does not.
    leads: Ballot,
    /// How often it has been started.
    starts: u32,
    applied: u64,
    /// Records of its disk that have been read.
    records: usize,
    /// Votes on its disk that are not known to be synced: slot, ballot, value, record.
    unsynced: Vec<(u64, Ballot, u64, u64)>,
}

/// What is known of one slot.
#[derive(Clone, Debug, Default, Hash)]
struct Slot {
    /// The value with which it was proposed first in each ballot.
    proposals: Vec<(Ballot, u64)>,
    /// Who has accepted what in each ballot, on a synced disk.
    votes: Vec<(Ballot, u64, Vec<NodeId>)>,
    /// The first proposal to be chosen.
    chosen: Option<(Ballot, u64)>,
    /// What was executed here first, and by whom.
    executed: Option<(u64, NodeId)>,
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    servers: Vec<Known>,
    slots: Chunked<Slot>,
    /// All slots up to this one are chosen.
    prefix: u64,
    /// Who led each ballot, and at which start of its process, by ballot.
    leaders: Chunked<(Ballot, NodeId, u32)>,
    /// The size of a phase-2 quorum.
    quorum: u16,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn hash(value: &Value) -> u64 {
    let mut hasher = StableHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers: alloc::vec![Known::default(); usize::from(servers)],
            slots: Chunked::default(),
            prefix: 0,
            leaders: Chunked::default(),
            quorum: crate::quorum::majority(servers),
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Server(server) = process else { return };
        self.quorum = server.config.quorums(self.servers.len() as u16).1;
        let known = &mut self.servers[node.index()];
        known.promised = server.promised;
        known.leads = Ballot::NONE;
        known.starts += 1;
        known.applied = 0;
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
        let Node::Server(server) = process else { return };
        self.count_synced(node, kernel, found);
        self.check_promises(node, server, fresh, found);
        self.note_answers(node, fresh, kernel);
        self.check_leader(node, server, found);
        let mut last = None;
        for effect in fresh {
            let Effect::Send { message: Message::Accept(accept), .. } = effect else { continue };
            if last == Some(accept) {
                continue; // the same to the next peer
            }
            last = Some(accept);
            for (slot, value) in (accept.first..).zip(accept.values.iter()) {
                self.check_proposal(node, slot, accept.ballot, hash(value), found);
            }
        }
        self.check_executed(node, server, found);
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Some(known) = self.servers.get_mut(node.index()) else { return };
        known.follow(records);
        self.count_synced(node, kernel, found);
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if let Some(known) = self.servers.get_mut(node.index()) {
            known.follow(records);
        }
    }

    fn share(&mut self, earlier: &Invariants) {
        self.leaders.share(&earlier.leaders);
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let slot = |slot: &Slot| {
            size_of_val(&*slot.proposals)
                + size_of_val(&*slot.votes)
                + slot.votes.iter().map(|(.., who)| size_of_val(&**who)).sum::<usize>()
        };
        size_of_val(&*self.servers)
            + self.servers.iter().map(|known| size_of_val(&*known.unsynced)).sum::<usize>()
            + self.slots.weight(later.map(|later| &later.slots), slot)
            + self.leaders.weight(later.map(|later| &later.leaders), |_| 0)
    }

    fn committed(&self) -> u64 {
        self.prefix
    }
}

impl Known {
    /// Reads what is new on the disk, or forgets what is gone.
    fn follow(&mut self, records: &Chunked<Record>) {
        self.unsynced.retain(|(.., write)| *write <= records.len() as u64);
        self.records = self.records.min(records.len());
        for (place, record) in (self.records as u64 + 1..).zip(records.iter_from(self.records)) {
            if let Record::Accepted { vote, .. } = record {
                self.unsynced.push((vote.slot, vote.ballot, hash(&vote.value), place));
            }
        }
        self.records = records.len();
    }
}

fn at_slot(check: u8, node: NodeId, slot: u64, ballot: Ballot, statement: String) -> Violation {
    Violation {
        epoch: ballot.0,
        index: slot,
        cells: alloc::vec![(node, slot)],
        ..Violation::at_node(check, node, statement)
    }
}

impl Invariants {
    fn slot(&mut self, slot: u64) -> Option<&mut Slot> {
        while (self.slots.len() as u64) < slot {
            self.slots.push(Slot::default());
        }
        self.slots.get_mut((slot as usize).checked_sub(1)?)
    }

    /// What an acceptor says now: answers that wait for the disk have not been said.
    fn note_answers(&mut self, node: NodeId, fresh: &[EffectOf<Node>], kernel: &Kernel) {
        let durable = kernel.node(node).disk.durable;
        for effect in fresh {
            if let Effect::Send { message, after, .. } = effect
                && let Message::Promise(ballot, _)
                | Message::Accepted(ballot, ..)
                | Message::Beat(ballot, ..) = message
                && after.0 <= durable
            {
                let given = &mut self.servers[node.index()].given;
                *given = (*given).max(*ballot);
            }
        }
    }

    /// P1a: what is promised stays promised, and nothing below it is accepted.
    fn check_promises(
        &mut self,
        node: NodeId,
        server: &Server,
        fresh: &[EffectOf<Node>],
        found: &mut Vec<Violation>,
    ) {
        let known = &mut self.servers[node.index()];
        let (who, promised) = (name(node), server.promised);
        let below = fresh.iter().find_map(|effect| match effect {
            Effect::Write(Record::Accepted { vote, .. }) if vote.ballot < known.promised => {
                Some(vote.ballot)
            }
            _ => None,
        });
        let wrong = if promised < known.promised {
            format!("{who}'s promise went from {} to {}.", known.promised.0, promised.0)
        } else if let Some(ballot) = below {
            format!("{who} promised {} and accepts in ballot {}.", known.promised.0, ballot.0)
        } else if promised < known.given {
            format!("{who} answered ballot {} and would now accept less.", known.given.0)
        } else {
            String::new()
        };
        known.promised = promised;
        if !wrong.is_empty() {
            let epoch = promised.0;
            found.push(Violation { epoch, ..Violation::at_node(check::PROMISES, node, wrong) });
        }
    }

    /// A ballot is led once, by one process: a restart begins another.
    fn check_leader(&mut self, node: NodeId, server: &Server, found: &mut Vec<Violation>) {
        let known = &mut self.servers[node.index()];
        let Role::Leader(leading) = &server.role else { return };
        let ballot = leading.ballot;
        if core::mem::replace(&mut known.leads, ballot) == ballot {
            return;
        }
        let starts = known.starts;
        let place = self.leaders.partition_point(|(known, ..)| *known < ballot);
        match self.leaders.get(place) {
            Some(&(other, first, at_start)) if other == ballot => {
                if (first, at_start) != (node, starts) {
                    let who = if first == node {
                        format!("{} leads ballot {} again after a restart.", name(node), ballot.0)
                    } else {
                        format!("{} and {} lead ballot {}.", name(first), name(node), ballot.0)
                    };
                    let epoch = ballot.0;
                    let at = Violation::at_node(check::ONE_LEADER, node, who);
                    found.push(Violation { epoch, ..at });
                }
            }
            _ => {
                // Nearly always at the end: ballots only rise.
                let later: Vec<_> = self.leaders.iter_from(place).copied().collect();
                self.leaders.truncate(place);
                self.leaders.push((ballot, node, starts));
                later.into_iter().for_each(|leader| self.leaders.push(leader));
            }
        }
    }

    /// A proposal is issued: the only one of its ballot for this slot, and above a chosen
    /// ballot of the chosen value (P2b).
    fn check_proposal(
        &mut self,
        node: NodeId,
        slot: u64,
        ballot: Ballot,
        value: u64,
        found: &mut Vec<Violation>,
    ) {
        let Some(known) = self.slot(slot) else { return };
        if let Some((first, chosen)) = known.chosen
            && ballot > first
        {
            if value != chosen {
                let statement = format!(
                    "{} proposes another value for slot {slot} in ballot {} than was chosen in \
                     ballot {}.",
                    name(node),
                    ballot.0,
                    first.0
                );
                found.push(at_slot(check::P2B, node, slot, ballot, statement));
            }
            return; // the same value again needs no note
        }
        match known.proposals.iter().find(|(of, _)| *of == ballot) {
            Some((_, other)) if *other != value => {
                let statement =
                    format!("Ballot {} is proposed with two values for slot {slot}.", ballot.0);
                found.push(at_slot(check::ONE_PROPOSAL, node, slot, ballot, statement));
            }
            Some(_) => {}
            None => known.proposals.push((ballot, value)),
        }
    }

    /// Counts what has reached a disk since.
    fn count_synced(&mut self, node: NodeId, kernel: &Kernel, found: &mut Vec<Violation>) {
        let disk = &kernel.node(node).disk;
        let unsynced = &mut self.servers[node.index()].unsynced;
        if unsynced.is_empty() {
            return;
        }
        let mut synced = Vec::new();
        unsynced.retain(|(slot, ballot, value, write)| {
            let holds = disk.holds(*write);
            if holds {
                synced.push((*slot, *ballot, *value));
            }
            !holds
        });
        for (slot, ballot, value) in synced {
            self.count_vote(node, slot, ballot, value, found);
        }
    }

    fn count_vote(
        &mut self,
        node: NodeId,
        slot: u64,
        ballot: Ballot,
        value: u64,
        found: &mut Vec<Violation>,
    ) {
        let quorum = usize::from(self.quorum);
        let Some(known) = self.slot(slot) else { return };
        if known.chosen.is_some_and(|(_, chosen)| chosen == value) {
            return; // it can't be more chosen
        }
        let same = |(b, v, _): &(Ballot, u64, Vec<NodeId>)| (*b, *v) == (ballot, value);
        let place = known.votes.iter().position(same).unwrap_or_else(|| {
            known.votes.push((ballot, value, Vec::new()));
            known.votes.len() - 1
        });
        let who = &mut known.votes[place].2;
        if who.contains(&node) {
            return;
        }
        who.push(node);
        if who.len() < quorum {
            return;
        }
        if let Some((first, _)) = known.chosen {
            let statement = format!(
                "Slot {slot} is chosen in ballot {} with another value than in ballot {}.",
                ballot.0, first.0
            );
            let nodes = who.clone();
            found.push(Violation {
                cells: nodes.iter().map(|&node| (node, slot)).collect(),
                nodes,
                ..at_slot(check::AGREEMENT, node, slot, ballot, statement)
            });
            return;
        }
        self.is_chosen(node, slot, ballot, value, found);
    }

    /// A phase-2 quorum has it on disk.
    fn is_chosen(
        &mut self,
        node: NodeId,
        slot: u64,
        ballot: Ballot,
        value: u64,
        found: &mut Vec<Violation>,
    ) {
        let Some(known) = self.slot(slot) else { return };
        known.chosen = Some((ballot, value));
        let above = known.proposals.iter().find(|(b, other)| *b > ballot && *other != value);
        if let Some((higher, _)) = above.copied() {
            let statement = format!(
                "Slot {slot} is chosen in ballot {}, but ballot {} proposes another value.",
                ballot.0, higher.0
            );
            found.push(at_slot(check::P2B, node, slot, ballot, statement));
        }
        known.votes.retain(|(_, other, _)| *other != value);
        known.proposals.retain(|(b, other)| *b <= ballot && *other != value || *b == ballot);
        let is_chosen = |slot: u64| {
            self.slots.get(slot as usize - 1).is_some_and(|known| known.chosen.is_some())
        };
        let mut prefix = self.prefix;
        while is_chosen(prefix + 1) {
            prefix += 1;
        }
        self.prefix = prefix;
    }

    /// What a server executes: slot after slot, everywhere the same, and really chosen.
    fn check_executed(&mut self, node: NodeId, server: &Server, found: &mut Vec<Violation>) {
        let from = self.servers[node.index()].applied;
        self.servers[node.index()].applied = server.applied;
        let servers = self.servers.len();
        for slot in from + 1..=server.applied {
            let who = name(node);
            let Some((ballot, value)) = server.log.chosen(slot) else {
                let statement =
                    format!("{who} executes slot {} before slot {slot}.", server.applied);
                let at = at_slot(check::STATE_MACHINE, node, slot, Ballot::NONE, statement);
                found.push(at);
                continue;
            };
            let (ballot, value) = (*ballot, hash(value));
            let Some(known) = self.slot(slot) else { return };
            match known.executed {
                Some((other, first)) if other != value => {
                    let statement = format!(
                        "{who} executes another command in slot {slot} than {}.",
                        name(first)
                    );
                    found.push(at_slot(check::STATE_MACHINE, node, slot, ballot, statement));
                    continue;
                }
                Some(_) => continue,
                None => known.executed = Some((value, node)),
            }
            match known.chosen {
                Some((_, chosen)) if chosen == value => {}
                Some((first, _)) => {
                    let statement = format!(
                        "{who} takes another value for chosen in slot {slot} than ballot {} chose.",
                        first.0
                    );
                    found.push(at_slot(check::AGREEMENT, node, slot, ballot, statement));
                }
                None => {
                    let votes = known.votes.iter().filter(|(_, v, _)| *v == value);
                    let disks = votes.map(|(.., who)| who.len()).max().unwrap_or(0);
                    let statement = format!(
                        "{who} takes slot {slot} for chosen, but it is on {disks} of {servers} disks."
                    );
                    found.push(at_slot(check::DURABILITY, node, slot, ballot, statement));
                }
            }
        }
    }
}
