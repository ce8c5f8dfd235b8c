//! What must hold of Paxos, checked after every handler for the server that it touched. What
//! is chosen is counted here, from what acceptors' disks hold, not taken from what any server
//! says: a proposal is chosen when a majority has it, or has had it, on a synced disk.

use super::declare::check;
use super::message::{Ballot, Message, Record, Value};
use super::{Attempt, Node, Server};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId};
use crate::renaming::Beside;
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What is known of one server.
#[derive(Clone, Debug, Default, Hash)]
struct Known {
    promised: Ballot,
    accepted: Ballot,
    /// The highest ballot of which it has said that it promised or accepted it: a restart
    /// does not unsay it.
    given: Ballot,
    /// Records of its disk that have been read.
    records: Beside<usize>,
    /// Acceptances on its disk that are not known to be synced, with their record's position.
    unsynced: Vec<(Ballot, Value, u64)>,
}

/// The checks' state.
#[derive(Clone, Debug, Hash)]
pub struct Invariants {
    servers: Vec<Known>,
    /// Values that clients have asked for.
    wanted: Vec<Value>,
    /// The value with which each ballot was proposed first.
    proposals: LiteMap<Ballot, Value>,
    /// Who has accepted what in each ballot, on a synced disk.
    votes: LiteMap<Ballot, Vec<(Value, Vec<NodeId>)>>,
    /// The first proposal to be chosen.
    chosen: Option<(Ballot, Value)>,
    /// The first value that a server took for chosen, and which.
    learned: Option<(Value, NodeId)>,
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        Invariants {
            servers: alloc::vec![Known::default(); usize::from(servers)],
            wanted: Vec::new(),
            proposals: LiteMap::new(),
            votes: LiteMap::new(),
            chosen: None,
            learned: None,
        }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Node::Server(server) = process else { return };
        let known = &mut self.servers[node.index()];
        known.promised = server.promised;
        known.accepted = accepted(server);
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
        let Node::Server(server) = process else {
            self.note_wishes(fresh);
            return;
        };
        self.count_synced(node, kernel, found);
        self.check_promises(node, server, found);
        self.note_answers(node, fresh, kernel);
        if let Attempt::Proposing(ballot, value) = &server.attempt {
            self.check_proposal(node, *ballot, value, found);
        }
        if let Some((ballot, value)) = &server.chosen {
            self.check_learned(node, *ballot, value, found);
        }
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

    fn weight(&self, _later: Option<&Invariants>) -> usize {
        let vote = |(_, of): (&Ballot, &Vec<(Value, Vec<NodeId>)>)| {
            size_of_val(&**of) + of.iter().map(|(_, who)| size_of_val(&**who)).sum::<usize>()
        };
        size_of_val(&*self.servers)
            + self.servers.iter().map(|known| size_of_val(&*known.unsynced)).sum::<usize>()
            + size_of_val(&*self.wanted)
            + self.proposals.len() * size_of::<(Ballot, Value)>()
            + self.votes.len() * size_of::<(Ballot, Vec<(Value, Vec<NodeId>)>)>()
            + self.votes.iter().map(vote).sum::<usize>()
    }

    /// The one decree, once it is chosen.
    fn committed(&self) -> u64 {
        u64::from(self.chosen.is_some())
    }
}

impl Known {
    /// Reads what is new on the disk, or forgets what is gone.
    fn follow(&mut self, records: &Chunked<Record>) {
        self.unsynced.retain(|(_, _, write)| *write <= records.len() as u64);
        *self.records = self.records.min(records.len());
        for (place, record) in (*self.records as u64 + 1..).zip(records.iter_from(*self.records)) {
            if let Record::Accepted(ballot, value) = record {
                self.unsynced.push((*ballot, value.clone(), place));
            }
        }
        *self.records = records.len();
    }
}

fn accepted(server: &Server) -> Ballot {
    server.accepted.as_ref().map_or(Ballot::NONE, |(ballot, _)| *ballot)
}

impl Invariants {
    /// What clients ask for.
    fn note_wishes(&mut self, fresh: &[EffectOf<Node>]) {
        for effect in fresh {
            if let Effect::Send { message: Message::Request(request, propose), .. } = effect {
                let value = Value { request: *request, text: propose.0.clone() };
                if !self.wanted.contains(&value) {
                    self.wanted.push(value);
                }
            }
        }
    }

    /// What an acceptor says now: answers that wait for the disk have not been said.
    fn note_answers(&mut self, node: NodeId, fresh: &[EffectOf<Node>], kernel: &Kernel) {
        let durable = kernel.node(node).disk.durable;
        for effect in fresh {
            if let Effect::Send { message, after, .. } = effect
                && let Message::Promise(ballot, _) | Message::Accepted(ballot, _) = message
                && after.0 <= durable
            {
                let given = &mut self.servers[node.index()].given;
                *given = (*given).max(*ballot);
            }
        }
    }

    /// P1a: what is promised stays promised, and nothing below it is accepted.
    fn check_promises(&mut self, node: NodeId, server: &Server, found: &mut Vec<Violation>) {
        let known = &mut self.servers[node.index()];
        let (promised, now) = (server.promised, accepted(server));
        let who = name(node);
        let wrong = if promised < known.promised {
            format!("{who}'s promise went from {} to {}.", known.promised.0, promised.0)
        } else if now != known.accepted && now < known.promised {
            format!("{who} promised {} and accepts in ballot {}.", known.promised.0, now.0)
        } else if promised < now {
            format!("{who} accepted in ballot {} and would accept less.", now.0)
        } else if promised < known.given {
            format!("{who} answered ballot {} and would now accept less.", known.given.0)
        } else {
            String::new()
        };
        (known.promised, known.accepted) = (promised, now);
        if !wrong.is_empty() {
            let epoch = promised.0;
            found.push(Violation {
                epoch,
                cells: alloc::vec![(node, 1)],
                ..Violation::at_node(check::PROMISES, node, wrong)
            });
        }
    }

    /// A proposal is issued: the only one of its ballot, of a value that some client wants,
    /// and above a chosen ballot of that value (P2b).
    fn check_proposal(
        &mut self,
        node: NodeId,
        ballot: Ballot,
        value: &Value,
        found: &mut Vec<Violation>,
    ) {
        let mut wrong = |check, statement| {
            found.push(Violation {
                epoch: ballot.0,
                index: 1,
                ..Violation::at_node(check, node, statement)
            });
        };
        let (who, text) = (name(node), &value.text);
        if !self.wanted.contains(value) {
            let statement = format!("{who} proposes {text}, which no client has asked for.");
            wrong(check::VALIDITY, statement);
        }
        if let Some((first, chosen)) = &self.chosen
            && ballot > *first
        {
            if value != chosen {
                let statement = format!(
                    "{who} proposes {text} in ballot {}, but {} is chosen in ballot {}.",
                    ballot.0, chosen.text, first.0
                );
                wrong(check::P2B, statement);
            }
            return; // the same value again needs no note
        }
        match self.proposals.get(&ballot) {
            Some(other) if other != value => {
                let statement =
                    format!("Ballot {} is proposed with {} and with {text}.", ballot.0, other.text);
                wrong(check::ONE_PROPOSAL, statement);
            }
            Some(_) => {}
            None => drop(self.proposals.insert(ballot, value.clone())),
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
        unsynced.retain(|(ballot, value, write)| {
            let holds = disk.holds(*write);
            if holds {
                synced.push((*ballot, value.clone()));
            }
            !holds
        });
        for (ballot, value) in synced {
            self.count_vote(node, ballot, value, found);
        }
    }

    fn count_vote(
        &mut self,
        node: NodeId,
        ballot: Ballot,
        value: Value,
        found: &mut Vec<Violation>,
    ) {
        if self.chosen.as_ref().is_some_and(|(_, chosen)| *chosen == value) {
            return; // it can't be more chosen
        }
        if !self.votes.contains_key(&ballot) {
            self.votes.insert(ballot, Vec::new());
        }
        let Some(of_ballot) = self.votes.get_mut(&ballot) else { return };
        let place = of_ballot.iter().position(|(known, _)| *known == value).unwrap_or_else(|| {
            of_ballot.push((value.clone(), Vec::new()));
            of_ballot.len() - 1
        });
        let who = &mut of_ballot[place].1;
        if who.contains(&node) {
            return;
        }
        who.push(node);
        if who.len() > self.servers.len() / 2 {
            let who = who.clone();
            self.is_chosen(&who, ballot, &value, found);
        }
    }

    /// A majority has it on disk.
    fn is_chosen(
        &mut self,
        who: &[NodeId],
        ballot: Ballot,
        value: &Value,
        found: &mut Vec<Violation>,
    ) {
        let node = who[who.len() - 1];
        let violation = |check, statement| Violation {
            nodes: who.to_vec(),
            cells: who.iter().map(|&node| (node, 1)).collect(),
            epoch: ballot.0,
            index: 1,
            ..Violation::at_node(check, node, statement)
        };
        if let Some((first, chosen)) = &self.chosen {
            let statement = format!(
                "{} is chosen in ballot {}, but {} was chosen in ballot {}.",
                value.text, ballot.0, chosen.text, first.0
            );
            found.push(violation(check::AGREEMENT, statement));
            return;
        }
        self.chosen = Some((ballot, value.clone()));
        let above = self.proposals.iter().find(|(higher, of)| **higher > ballot && *of != value);
        if let Some((higher, other)) = above {
            let statement = format!(
                "{} is chosen in ballot {}, but ballot {} proposes {}.",
                value.text, ballot.0, higher.0, other.text
            );
            found.push(violation(check::P2B, statement));
        }
    }

    /// A server takes a value for chosen: it is, and no other was.
    fn check_learned(
        &mut self,
        node: NodeId,
        ballot: Ballot,
        value: &Value,
        found: &mut Vec<Violation>,
    ) {
        let who = name(node);
        let violation = |check, statement| Violation {
            epoch: ballot.0,
            index: 1,
            cells: alloc::vec![(node, 1)],
            ..Violation::at_node(check, node, statement)
        };
        match &self.learned {
            Some((first, other)) if first != value => {
                let statement = format!(
                    "{who} takes {} for chosen, {} took {}.",
                    value.text,
                    name(*other),
                    first.text
                );
                found.push(violation(check::AGREEMENT, statement));
            }
            Some(_) => return,
            None => self.learned = Some((value.clone(), node)),
        }
        let really = self.chosen.as_ref().is_some_and(|(_, chosen)| chosen == value);
        if !really {
            // If a majority has it, another value was chosen before: that is known by then.
            let votes = self.votes.get(&ballot).into_iter().flatten();
            let disks =
                votes.filter(|(of, _)| of == value).map(|(_, who)| who.len()).sum::<usize>();
            let statement = format!(
                "{who} takes {} for chosen in ballot {}, but it is on {disks} of {} disks.",
                value.text,
                ballot.0,
                self.servers.len()
            );
            if disks <= self.servers.len() / 2 {
                found.push(violation(check::DURABILITY, statement));
            }
        }
    }
}
