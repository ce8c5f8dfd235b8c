//! What must hold of a Raft cluster, checked after every handler for the server that it
//! touched: the five properties of figure 3, "committed is on a quorum of synced logs", and
//! monotonic state. Logs are compared by chained hashes, so each check is O(log n) in the
//! length of the run. Never looks at messages: only at what servers hold and have on disk.

use super::committed::{Committed, state_of};
use super::configuration::{Configuration, majority};
use super::declare::{check, event};
use super::snapshot::Snapshot;
use super::{Entry, Node, Record, Role};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::draw::{StableHasher, mix};
use crate::process::{Effect, EffectOf, NodeId};
use crate::renaming::Beside;
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// What is known of one server.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    term: u64,
    vote: Option<NodeId>,
    commit: u64,
    leading: bool,
    /// Chained hash of the log in memory up to each index.
    log: Chunked<u64>,
    /// The log as its disk holds it, synced or not: chained hash, and the record's position.
    disk: Chunked<(u64, u64)>,
    /// Records of the disk that `disk` covers.
    records: usize,
    /// So many of them hold every record that removes entries.
    settled: usize,
    /// The configuration that it used last.
    configuration: Option<Configuration>,
    /// It has just read its state from disk.
    booted: bool,
}

impl Known {
    /// The process is gone; only its disk is left.
    fn reset(&mut self, records: &Chunked<Record>, committed: &Committed) {
        let disk = core::mem::take(&mut self.disk);
        *self = Known { disk, records: self.records, settled: self.settled, ..Known::default() };
        self.follow(records, committed);
    }

    /// The log in memory begins with a snapshot: it is the committed history up to there.
    fn begin_at(&mut self, index: u64, committed: &Committed) {
        self.log = (0..index as usize).map(|place| committed.hash_at(place)).collect();
    }

    /// A snapshot, and the entries behind it, take the place of the log in memory.
    fn take_over(&mut self, snapshot: &Snapshot, behind: &[Entry], committed: &Committed) {
        let index = snapshot.last_index as usize;
        // What it commits in this very step is not history yet, and is its own.
        let known = index.checked_sub(1).and_then(|place| committed.entries.get(place));
        let same = known.is_none_or(|(hash, _)| self.log.get(index - 1) == Some(hash));
        if same && self.log.len() == index + behind.len() {
            return;
        }
        self.begin_at(snapshot.last_index, committed);
        for entry in behind {
            self.log.push(chain(self.log.last(), entry));
        }
    }

    /// The same for the log on disk: what it held already it goes on holding, the rest stands
    /// in the snapshot's record.
    fn keep_on_disk(
        &mut self,
        snapshot: &Snapshot,
        behind: &[Entry],
        write: u64,
        committed: &Committed,
    ) {
        let index = snapshot.last_index as usize;
        let last = index.checked_sub(1).map_or(0, |place| committed.hash_at(place));
        let same = index == 0 || self.disk.get(index - 1).is_some_and(|(hash, _)| *hash == last);
        if same && self.disk.len() == index + behind.len() {
            return;
        }
        self.disk = (0..index).map(|place| (committed.hash_at(place), write)).collect();
        for entry in behind {
            let hash = chain(self.disk.last().map(|(hash, _)| hash), entry);
            self.disk.push((hash, write));
        }
        self.settled = write as usize;
    }

    /// Brings `disk` to these records: more of them than it covers, or the first of those.
    fn follow(&mut self, records: &Chunked<Record>, committed: &Committed) {
        if records.len() < self.settled {
            // What a lost record had removed is back: read all anew.
            (self.disk, self.records, self.settled) = (Chunked::default(), 0, 0);
        } else if records.len() < self.records {
            let kept = self.disk.partition_point(|(_, write)| *write <= records.len() as u64);
            self.disk.truncate(kept);
            self.records = records.len();
        }
        for (place, record) in (self.records..).zip(records.iter_from(self.records)) {
            match record {
                Record::Entry(entry) => {
                    let hash = chain(self.disk.last().map(|(hash, _)| hash), entry);
                    self.disk.push((hash, place as u64 + 1));
                }
                Record::Truncate(index) => {
                    self.disk.truncate((*index as usize).max(1) - 1);
                    self.settled = place + 1;
                }
                Record::Snapshot(snapshot, behind) => {
                    self.keep_on_disk(snapshot, behind, place as u64 + 1, committed);
                }
                Record::Term(_) | Record::Vote(_) => {}
            }
        }
        self.records = records.len();
    }
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    /// All of it follows from the servers' processes and disks.
    servers: Beside<Vec<Known>>,
    /// Who led each term, by term.
    leaders: Chunked<(u64, NodeId)>,
    /// By index: for each term in which it had an entry the log up to that, and who had it first.
    entries: Chunked<Vec<(u64, u64, Beside<NodeId>)>>,
    /// The one committed history.
    committed: Committed,
}

fn chain(before: Option<&u64>, entry: &Entry) -> u64 {
    let mut hasher = StableHasher::with_state(mix(before.copied().unwrap_or(0)));
    entry.hash(&mut hasher);
    hasher.finish()
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers: Beside(alloc::vec![Known::default(); usize::from(servers)]),
            leaders: Chunked::default(),
            entries: Chunked::default(),
            committed: Committed::default(),
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Server(server) = process else { return };
        let known = &mut self.servers[node.index()];
        known.reset(records, &self.committed);
        (known.term, known.vote) = (server.current_term, server.voted_for);
        (known.commit, known.booted) = (server.commit_index, true);
        known.configuration = Some(server.configuration().clone());
        known.begin_at(server.log.base(), &self.committed);
        self.committed.begin(server.configuration());
        for entry in server.log.iter() {
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
        let leads = matches!(server.role, Role::Leader(_));
        let before = &self.servers[node.index()];
        let was_leading = before.leading && before.term == server.current_term;
        let old_commit = before.commit;
        // The configuration in use, and the one in use when entries were committed.
        let mut configuration = before.configuration.clone();
        let mut deciding = None;
        self.check_monotonic(node, server, found);
        for effect in fresh {
            match effect {
                Effect::Write(Record::Entry(entry)) => {
                    self.check_log_matching(node, entry, found);
                    configuration = entry.configuration().cloned().or(configuration);
                }
                Effect::Write(Record::Snapshot(snapshot, behind)) => {
                    self.servers[node.index()].take_over(snapshot, behind, &self.committed);
                }
                Effect::Mark(mark) if mark.event == event::COMMIT => {
                    deciding.clone_from(&configuration);
                }
                Effect::Write(Record::Truncate(index)) => {
                    if leads {
                        found.push(leader_rewrites(node, server.current_term, *index));
                    }
                    if *index <= old_commit {
                        found.push(removes_committed(node, *index));
                    }
                    let log = &mut self.servers[node.index()].log;
                    log.truncate((*index as usize).max(1) - 1);
                }
                _ => {}
            }
        }
        let known = &mut self.servers[node.index()];
        known.term = server.current_term;
        known.vote = server.voted_for;
        known.leading = leads;
        known.commit = server.commit_index;
        if leads && !was_leading {
            self.check_election(node, server.current_term, found);
        }
        let known = &mut self.servers[node.index()];
        let latest = server.configuration();
        if known.configuration.as_ref().is_none_or(|known| !known.is(latest)) {
            known.configuration = Some(latest.clone());
        }
        let booted = core::mem::take(&mut known.booted);
        let deciding = deciding.as_ref().unwrap_or(latest);
        for index in old_commit + 1..=server.commit_index {
            self.check_commit(node, index, server, deciding, kernel, found);
        }
        for effect in fresh {
            if let Effect::Write(Record::Snapshot(snapshot, _)) = effect {
                self.check_snapshot(node, snapshot, found);
            }
        }
        if let Some(snapshot) = server.snapshot.as_ref().filter(|_| booted) {
            self.check_snapshot(node, snapshot, found);
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
            known.follow(records, &self.committed);
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        if let Some(known) = self.servers.get_mut(node.index()) {
            known.reset(records, &self.committed);
        }
    }

    fn share(&mut self, earlier: &Invariants) {
        for (known, before) in self.servers.iter_mut().zip(&*earlier.servers) {
            known.log.share(&before.log);
            known.disk.share(&before.disk);
        }
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let servers = self.servers.iter().enumerate().map(|(place, known)| {
            let later = later.and_then(|later| later.servers.get(place));
            known.log.weight(later.map(|later| &later.log), |_| 0)
                + known.disk.weight(later.map(|later| &later.disk), |_| 0)
        });
        size_of_val(&**self.servers)
            + servers.sum::<usize>()
            + self.leaders.weight(later.map(|later| &later.leaders), |_| 0)
            + self.entries.weight(later.map(|later| &later.entries), |terms| {
                size_of_val(&**terms) + 2 * size_of::<usize>()
            })
            + self.committed.weight(later.map(|later| &later.committed))
    }

    fn committed(&self) -> u64 {
        self.committed.entries.len() as u64
    }
}

impl Invariants {
    /// Term, vote and commit index never go back while a server runs; a vote is given once.
    fn check_monotonic(&self, node: NodeId, server: &super::Server, found: &mut Vec<Violation>) {
        let known = &self.servers[node.index()];
        let vote_changed = server.current_term == known.term
            && known.vote.is_some()
            && server.voted_for != known.vote;
        let what = if server.current_term < known.term {
            format!("its term went from {} to {}", known.term, server.current_term)
        } else if vote_changed {
            format!("it changed its vote in term {}", known.term)
        } else if server.commit_index < known.commit {
            format!("its commit index went from {} to {}", known.commit, server.commit_index)
        } else {
            return;
        };
        let statement = format!("{} went back: {what}.", name(node));
        found.push(Violation::at_node(check::MONOTONIC, node, statement));
    }

    /// The log up to the entry of this index and term as the first server had it, and which.
    fn first_with(&mut self, index: u64, term: u64, hash: u64, node: NodeId) -> (u64, NodeId) {
        let place = index as usize - 1;
        while self.entries.len() <= place {
            self.entries.push(Vec::new());
        }
        let of_term = |known: &&(u64, u64, Beside<NodeId>)| known.0 == term;
        let known = self.entries.get(place).and_then(|terms| terms.iter().find(of_term));
        if let Some(&(_, first, who)) = known {
            return (first, *who);
        }
        if let Some(terms) = self.entries.get_mut(place) {
            terms.push((term, hash, Beside(node)));
        }
        (hash, node)
    }

    /// The first leader of a term, which is `node` if none is known.
    fn first_leader(&mut self, term: u64, node: NodeId) -> NodeId {
        let place = self.leaders.partition_point(|(known, _)| *known < term);
        match self.leaders.get(place) {
            Some(&(known, first)) if known == term => first,
            _ => {
                // Nearly always at the end: terms only rise.
                let later: Vec<_> = self.leaders.iter_from(place).copied().collect();
                self.leaders.truncate(place);
                self.leaders.push((term, node));
                later.into_iter().for_each(|leader| self.leaders.push(leader));
                node
            }
        }
    }

    /// "If two logs contain an entry with the same index and term, then the logs are
    /// identical in all entries up through the given index" (figure 3).
    fn check_log_matching(&mut self, node: NodeId, entry: &Entry, found: &mut Vec<Violation>) {
        let known = &mut self.servers[node.index()];
        let hash = chain(known.log.last(), entry);
        known.log.push(hash);
        let index = known.log.len() as u64;
        let (first, who) = self.first_with(index, entry.term, hash, node);
        if first == hash {
            return;
        }
        let term = entry.term;
        let statement = if who == node {
            format!("{} had another log up to entry {index} of term {term} before.", name(node))
        } else {
            format!(
                "{} and {} have entry {index} of term {term}, but not the same log up to it.",
                name(who),
                name(node)
            )
        };
        let mut nodes = alloc::vec![who, node];
        nodes.dedup();
        found.push(Violation {
            cells: nodes.iter().map(|&node| (node, index)).collect(),
            nodes,
            epoch: term,
            index,
            ..Violation::at_node(check::LOG_MATCHING, node, statement)
        });
    }

    /// "At most one leader can be elected in a given term", and "if a log entry is committed
    /// in a given term, then that entry will be present in the logs of the leaders for all
    /// higher-numbered terms" (figure 3).
    fn check_election(&mut self, node: NodeId, term: u64, found: &mut Vec<Violation>) {
        let first = self.first_leader(term, node);
        if first != node {
            found.push(Violation {
                nodes: alloc::vec![first, node],
                epoch: term,
                ..Violation::at_node(
                    check::ELECTION_SAFETY,
                    node,
                    format!("Two leaders in term {term}: {} and {}.", name(first), name(node)),
                )
            });
        }
        let below = self.committed.entries.partition_point(|(_, commit_term)| *commit_term < term);
        self.check_complete(node, term, below as u64, found);
    }

    fn check_complete(&self, node: NodeId, term: u64, index: u64, found: &mut Vec<Violation>) {
        if index == 0 {
            return;
        }
        let Some(&(hash, _)) = self.committed.entries.get(index as usize - 1) else { return };
        let log = &self.servers[node.index()].log;
        if log.get(index as usize - 1) == Some(&hash) {
            return;
        }
        // The first committed entry that it lacks.
        let lacks = (0..index as usize)
            .find(|&k| log.get(k) != self.committed.entries.get(k).map(|(hash, _)| hash));
        let index = lacks.map_or(index, |k| k as u64 + 1);
        found.push(Violation {
            cells: alloc::vec![(node, index)],
            epoch: term,
            index,
            ..Violation::at_node(
                check::LEADER_COMPLETENESS,
                node,
                format!("{} leads term {term} without the committed entry {index}.", name(node)),
            )
        });
    }

    /// A server takes an entry for committed: it must be the one history's entry, and if it is
    /// the first to do so, on a majority of synced logs, and with every leader of a later term.
    fn check_commit(
        &mut self,
        node: NodeId,
        index: u64,
        server: &super::Server,
        deciding: &Configuration,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let (place, term) = (index as usize - 1, server.current_term);
        let Some(&hash) = self.servers[node.index()].log.get(place) else { return };
        match self.committed.entries.get(place) {
            Some((known, _)) if *known == hash => {}
            Some(_) => found.push(Violation {
                cells: alloc::vec![(node, index)],
                index,
                ..Violation::at_node(
                    check::STATE_MACHINE_SAFETY,
                    node,
                    format!("{} applies another entry {index} than others did.", name(node)),
                )
            }),
            None if place == self.committed.entries.len() => {
                self.committed.push(hash, term, server.log.get(index));
                self.check_durable(node, index, hash, deciding, kernel, found);
                for later in 0..self.servers.len() as u16 {
                    let known = &self.servers[usize::from(later)];
                    if known.leading && known.term > term {
                        self.check_complete(NodeId(later), known.term, index, found);
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
        deciding: &Configuration,
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let on_disk = |server: NodeId| {
            let disk = &kernel.node(server).disk;
            let stored = self.servers[server.index()].disk.get(index as usize - 1);
            stored.is_some_and(|&(known, write)| known == hash && disk.holds(write))
        };
        if deciding.has_quorum(majority, on_disk) {
            return;
        }
        let everyone = deciding.everyone();
        let voters = everyone.iter().filter(|&&server| deciding.votes(server));
        let holders = voters.filter(|&&server| on_disk(server)).count();
        let servers = deciding.voting();
        found.push(Violation {
            cells: alloc::vec![(node, index)],
            index,
            ..Violation::at_node(
                check::DURABILITY,
                node,
                format!(
                    "{} takes entry {index} for committed, but it is on {holders} of {servers} disks.",
                    name(node)
                ),
            )
        });
    }
}

/// A snapshot stands for the log that it replaces: the state after its last entry, and the
/// configuration as of it (dissertation §5.1).
impl Invariants {
    fn check_snapshot(&self, node: NodeId, snapshot: &Snapshot, found: &mut Vec<Violation>) {
        let index = snapshot.last_index;
        let lacks = match self.committed.states.get((index as usize).max(1) - 1) {
            _ if index == 0 => return,
            None => "replaces entries that are not committed",
            Some(&state) if state != state_of(&snapshot.items) => "is not the state after it",
            Some(_) if self.committed.configuration_at(index) != Some(&snapshot.configuration) => {
                "does not hold the configuration as of it"
            }
            Some(_) => return,
        };
        let statement = format!("{}'s snapshot up to entry {index} {lacks}.", name(node));
        found.push(Violation {
            index,
            ..Violation::at_node(check::STATE_MACHINE_SAFETY, node, statement)
        });
    }
}

/// "A leader never overwrites or deletes entries in its log; it only appends new entries".
fn leader_rewrites(node: NodeId, term: u64, index: u64) -> Violation {
    let statement = format!(
        "{} leads term {term} and removes entries of its own log from {index} on.",
        name(node)
    );
    Violation {
        epoch: term,
        index,
        cells: alloc::vec![(node, index)],
        ..Violation::at_node(check::LEADER_APPEND_ONLY, node, statement)
    }
}

fn removes_committed(node: NodeId, index: u64) -> Violation {
    let statement = format!("{} removes entry {index}, which it knows as committed.", name(node));
    Violation {
        index,
        cells: alloc::vec![(node, index)],
        ..Violation::at_node(check::LEADER_COMPLETENESS, node, statement)
    }
}
