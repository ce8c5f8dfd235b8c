//! What must hold of a broadcast, checked after every handler for the process that it touched.
//! Each order is judged only where it was asked for. What caused a message this check knows by
//! itself: what its sender had broadcast and delivered before, never a vector or a stamp of the
//! protocol's.

use super::declare::check;
use super::group::Delivered;
use super::message::{Item, Record};
use super::{Node, Order, Server, event};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::draw::StableHasher;
use crate::process::{Effect, EffectOf, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// A message: who broadcast it, its number there, and a hash of its text.
type Message = (NodeId, u64, u64);

/// A message as its sender broadcast it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Posted {
    number: u64,
    text: u64,
    /// So many messages its sender had delivered before.
    causes: usize,
}

/// What is known of one process.
#[derive(Clone, Debug, Default)]
struct Known {
    posted: Chunked<Posted>,
    /// All that it has ever delivered.
    delivered: Chunked<Message>,
    /// So many of these its present incarnation has delivered, or knows of.
    seen: usize,
    /// By sender: how many of its messages have been delivered.
    counts: Vec<usize>,
    /// By sender, as bits by number: what has been delivered.
    has: Vec<Vec<u64>>,
    /// By sender: so many of the messages that it has delivered this process has, too.
    covers: Vec<usize>,
    /// By sender and number: hashes of the items on its disk or on their way there.
    holds: Vec<Chunked<u64>>,
    /// Records of its disk that have been read.
    records: usize,
    /// By process: its own items up to this one are known to be there, as they should.
    owed: Vec<u64>,
}

impl Known {
    fn has(&self, origin: NodeId, number: u64) -> bool {
        let words = &self.has[origin.index()];
        words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    fn note(&mut self, (origin, number, text): Message) {
        let words = &mut self.has[origin.index()];
        let word = number as usize / 64;
        if words.len() <= word {
            words.resize(word + 1, 0);
        }
        words[word] |= 1 << (number % 64);
        self.counts[origin.index()] += 1;
        self.delivered.push((origin, number, text));
        self.seen = self.delivered.len();
    }

    /// Reads on in its records.
    fn follow(&mut self, records: &Chunked<Record>) {
        for record in records.iter_from(self.records) {
            let Record::Got(origin, number, item) = record else { continue };
            let Some(items) = self.holds.get_mut(origin.index()) else { continue };
            while (items.len() as u64) < *number {
                items.push(0);
            }
            if let Some(place) = items.get_mut(*number as usize - 1) {
                *place = hash_of(item);
            }
        }
        self.records = records.len();
    }
}

/// The checks' state.
#[derive(Clone, Debug)]
pub struct Invariants {
    known: Vec<Known>,
    /// Total order: the messages as the first to deliver so many delivered them.
    sequence: Chunked<Message>,
}

fn hash_of(content: &impl Hash) -> u64 {
    let mut hasher = StableHasher::default();
    content.hash(&mut hasher);
    hasher.finish()
}

fn name(node: NodeId) -> String {
    format!("n{}", node.0 + 1)
}

fn said(message: &Delivered) -> String {
    format!("“{}” of {}", message.text, name(message.origin))
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        let servers = usize::from(servers);
        let known = Known {
            counts: alloc::vec![0; servers],
            has: alloc::vec![Vec::new(); servers],
            covers: alloc::vec![0; servers],
            holds: alloc::vec![Chunked::default(); servers],
            owed: alloc::vec![0; servers],
            ..Known::default()
        };
        Invariants { known: alloc::vec![known; servers], sequence: Chunked::default() }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let (Node::Server(server), Some(known)) = (process, self.known.get_mut(node.index()))
        else {
            return;
        };
        known.follow(records);
        known.seen = 0;
        // What was on disk when the process ended, before it could say that it broadcast it.
        let posts = (1..).zip(server.group.own.iter());
        let posts = posts.filter(|(_, item)| matches!(item, Item::Post(_)));
        let missed: Vec<u64> =
            posts.skip(known.posted.len()).map(|(number, _): (u64, _)| number).collect();
        missed.into_iter().for_each(|number| self.posts(node, server, number));
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Node::Server(server) = process else { return };
        let is_delivery = |effect: &&EffectOf<Node>| matches!(effect, Effect::Mark(mark) if mark.event == event::DELIVER);
        let fresh_count = fresh.iter().filter(is_delivery).count();
        let replayed = server.group.delivered.len().saturating_sub(fresh_count);
        self.check_replay(node, server, replayed, found);
        for effect in fresh {
            match effect {
                Effect::Mark(mark) if mark.event == event::POST => {
                    self.posts(node, server, mark.index);
                }
                Effect::Mark(mark) if mark.event == event::DELIVER => {
                    let one = server.group.delivered.get((mark.epoch as usize).max(1) - 1);
                    one.into_iter().for_each(|one| self.delivers(node, server, one, found));
                }
                _ => {}
            }
        }
        self.check_owed(node, server, found);
    }

    fn released(
        &mut self,
        node: NodeId,
        records: &Chunked<Record>,
        _kernel: &Kernel,
        _found: &mut Vec<Violation>,
    ) {
        if let Some(known) = self.known.get_mut(node.index()) {
            known.follow(records);
        }
    }

    fn ended(&mut self, node: NodeId, records: &Chunked<Record>) {
        let Some(known) = self.known.get_mut(node.index()) else { return };
        known.records = 0;
        known.holds.iter_mut().for_each(|items| *items = Chunked::default());
        known.follow(records);
        // What others took for settled may be gone.
        self.known.iter_mut().for_each(|other| other.owed[node.index()] = 0);
        self.known[node.index()].owed.fill(0);
    }

    fn share(&mut self, earlier: &Invariants) {
        self.sequence.share(&earlier.sequence);
        for (known, before) in self.known.iter_mut().zip(&earlier.known) {
            known.posted.share(&before.posted);
            known.delivered.share(&before.delivered);
            for (items, before) in known.holds.iter_mut().zip(&before.holds) {
                items.share(before);
            }
        }
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let of = |(place, known): (usize, &Known)| {
            let later = later.and_then(|later| later.known.get(place));
            let holds = known.holds.iter().enumerate().map(|(place, items)| {
                items.weight(later.and_then(|later| later.holds.get(place)), |_| 0)
            });
            known.posted.weight(later.map(|later| &later.posted), |_| 0)
                + known.delivered.weight(later.map(|later| &later.delivered), |_| 0)
                + holds.sum::<usize>()
                + known.has.iter().map(|words| size_of_val(&**words)).sum::<usize>()
        };
        self.known.iter().enumerate().map(of).sum::<usize>()
            + self.sequence.weight(later.map(|later| &later.sequence), |_| 0)
    }

    fn committed(&self) -> u64 {
        self.known.iter().map(|known| known.delivered.len() as u64).min().unwrap_or(0)
    }
}

impl Invariants {
    /// What a process that has started again finds that it has delivered, it had delivered.
    fn check_replay(
        &mut self,
        node: NodeId,
        server: &Server,
        upto: usize,
        found: &mut Vec<Violation>,
    ) {
        while self.known[node.index()].seen < upto {
            let seen = self.known[node.index()].seen;
            let Some(one) = server.group.delivered.get(seen) else { return };
            let message = (one.origin, one.number, hash_of(&one.text));
            match self.known[node.index()].delivered.get(seen) {
                Some(known) if *known == message => self.known[node.index()].seen += 1,
                Some(_) => {
                    let statement = format!(
                        "{} has delivered {} as its message {}, where it had delivered another.",
                        name(node),
                        said(one),
                        seen + 1
                    );
                    found.push(Violation::at_node(check::INTEGRITY, node, statement));
                    self.known[node.index()].seen = upto;
                }
                // It was on disk, and the process ended before it could say so.
                None => self.delivers(node, server, one, found),
            }
        }
    }

    fn posts(&mut self, node: NodeId, server: &Server, number: u64) {
        let Some(Item::Post(post)) = server.group.own.get((number as usize).max(1) - 1) else {
            return;
        };
        let known = &mut self.known[node.index()];
        let causes = known.delivered.len();
        known.posted.push(Posted { number, text: hash_of(&post.text), causes });
    }

    fn delivers(
        &mut self,
        node: NodeId,
        server: &Server,
        one: &Delivered,
        found: &mut Vec<Violation>,
    ) {
        let message = (one.origin, one.number, hash_of(&one.text));
        let place = self.known[node.index()].seen;
        let known = self.known[node.index()].delivered.get(place);
        if known.is_some_and(|known| *known == message) {
            // After a restart that lost its log: the application hears it again.
            self.known[node.index()].seen += 1;
            return;
        }
        self.check_integrity(node, one, message, found);
        if server.config().order != Order::None {
            self.check_fifo(node, one, found);
        }
        if matches!(server.config().order, Order::Causal | Order::Total) {
            self.check_causal(node, one, found);
        }
        if server.config().order == Order::Total {
            self.check_total(node, one, message, found);
        }
        self.known[node.index()].note(message);
    }

    /// Delivered once, and only what was broadcast.
    fn check_integrity(
        &self,
        node: NodeId,
        one: &Delivered,
        (origin, number, text): Message,
        found: &mut Vec<Violation>,
    ) {
        let is_it = |posted: &Posted| posted.number == number && posted.text == text;
        let was_posted = self.known[origin.index()].posted.iter().rev().any(is_it);
        let twice = self.known[node.index()].has(origin, number);
        // What a process broadcast and does not know any more it may have said to others.
        if was_posted && !twice {
            return;
        }
        let what = if twice { "again" } else { "though nobody broadcast it" };
        let statement = format!("{} delivers {} {what}.", name(node), said(one));
        found.push(Violation::at_node(check::INTEGRITY, node, statement));
    }

    /// Messages of one process are delivered in the order in which it broadcast them.
    fn check_fifo(&self, node: NodeId, one: &Delivered, found: &mut Vec<Violation>) {
        let count = self.known[node.index()].counts[one.origin.index()];
        let expected = self.known[one.origin.index()].posted.get(count);
        if expected.is_some_and(|posted| posted.number != one.number) {
            let statement = format!(
                "{} delivers {} before an earlier message of the same sender.",
                name(node),
                said(one)
            );
            found.push(Violation::at_node(check::FIFO, node, statement));
        }
    }

    /// What a message's sender had delivered before it broadcast it has been delivered here.
    /// That is enough: if what caused one of those were missing, its own delivery broke the order.
    fn check_causal(&mut self, node: NodeId, one: &Delivered, found: &mut Vec<Violation>) {
        let sender = &self.known[one.origin.index()];
        let posted = sender.posted.iter().rev().find(|posted| posted.number == one.number);
        let Some(causes) = posted.map(|posted| posted.causes) else { return };
        let mut covers = self.known[node.index()].covers[one.origin.index()];
        while covers < causes {
            let Some(&(origin, number, _)) = sender.delivered.get(covers) else { break };
            if !self.known[node.index()].has(origin, number) {
                let statement = format!(
                    "{} delivers {} before message {number} of {}, which {} had delivered when it \
                     broadcast it.",
                    name(node),
                    said(one),
                    name(origin),
                    name(one.origin)
                );
                let nodes = alloc::vec![node, one.origin];
                found.push(Violation {
                    nodes,
                    ..Violation::at_node(check::CAUSAL, node, statement)
                });
                break;
            }
            covers += 1;
        }
        self.known[node.index()].covers[one.origin.index()] = covers;
    }

    /// All deliver the same sequence: what one has delivered is a beginning of it.
    fn check_total(
        &mut self,
        node: NodeId,
        one: &Delivered,
        message: Message,
        found: &mut Vec<Violation>,
    ) {
        let place = self.known[node.index()].delivered.len();
        match self.sequence.get(place) {
            None => self.sequence.push(message),
            Some(known) if *known == message => {}
            Some((origin, number, _)) => {
                let index = place as u64 + 1;
                let statement = format!(
                    "{} delivers {} as its message {index}, where others deliver message {number} \
                     of {}.",
                    name(node),
                    said(one),
                    name(*origin)
                );
                let cells = alloc::vec![(node, index)];
                let violation = Violation::at_node(check::TOTAL, node, statement);
                found.push(Violation { cells, index, ..violation });
            }
        }
    }

    /// A process is done with an item only when all others have it: so everybody gets it in the
    /// end, as long as its sender comes back.
    fn check_owed(&mut self, node: NodeId, server: &Server, found: &mut Vec<Violation>) {
        for (place, peer) in server.peers.iter().enumerate() {
            let mut owed = self.known[node.index()].owed[place];
            while owed < peer.has && place != node.index() {
                let item = server.group.own.get(owed as usize);
                let there = self.known[place].holds[node.index()].get(owed as usize);
                if item.map(hash_of) != there.copied() {
                    let other = NodeId(place as u16);
                    let statement = format!(
                        "{} takes item {} for received by {}, which does not have it.",
                        name(server.id()),
                        owed + 1,
                        name(other)
                    );
                    let nodes = alloc::vec![node, other];
                    let violation = Violation::at_node(check::AGREEMENT, node, statement);
                    found.push(Violation { nodes, ..violation });
                    break;
                }
                owed += 1;
            }
            self.known[node.index()].owed[place] = owed;
        }
    }
}
