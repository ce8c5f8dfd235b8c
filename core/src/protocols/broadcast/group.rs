//! The orders: what a process delivers of what it has received, and when. A state machine that
//! is driven by what is on disk: the same inputs in the same order give the same state, so that
//! a process that starts again is where it was. Knows no network.
//!
//! FIFO: by the sender's numbers. Causal: Birman, Schiper and Stephenson, "Lightweight Causal
//! and Atomic Group Multicast", TOCS 9(3), 1991: by vectors that count delivered messages.
//! Total: Lamport's stamps (CACM 21(7), 1978) with an acknowledgement from everybody to
//! everybody, on streams that keep the order.

use super::message::{Item, Post};
use super::{Order, Rules};
use crate::chunks::Chunked;
use crate::machine::Text;
use crate::process::{NodeId, RequestId};
use alloc::rc::Rc;
use alloc::vec::Vec;

/// A message that has been delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delivered {
    /// Who broadcast it.
    pub origin: NodeId,
    /// Its number among the items of that process.
    pub number: u64,
    /// What it says.
    pub text: Text,
    /// Whose request it was, where this process broadcast it.
    pub request: Option<RequestId>,
}

/// A message that has come and is not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Waiting {
    origin: NodeId,
    number: u64,
    post: Post,
}

/// What has come of one process's items, where they are taken in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Stream {
    /// Items taken: all up to this one.
    taken: u64,
    early: Vec<(u64, Item)>,
}

/// One process's view of the group.
#[derive(Clone, Debug)]
pub struct Group {
    id: NodeId,
    order: Order,
    rules: Rules,
    /// This process's own items, in their order, from number 1 on.
    pub own: Chunked<Item>,
    /// Whose request each of them was.
    requests: Chunked<Option<RequestId>>,
    streams: Vec<Stream>,
    /// Lamport's clock.
    clock: u64,
    /// Causal order: by process, how many of its messages have been delivered.
    vector: Vec<u64>,
    /// Total order: by process, the latest time that was heard from it.
    heard: Vec<u64>,
    /// Causal order: what has come, in that order. Total order: by stamp.
    waiting: Vec<Waiting>,
    /// All that has been delivered, in that order.
    pub delivered: Chunked<Delivered>,
}

impl Group {
    /// Of so many processes.
    pub fn new(id: NodeId, servers: u16, order: Order, rules: Rules) -> Group {
        let servers = usize::from(servers);
        Group {
            id,
            order,
            rules,
            own: Chunked::default(),
            requests: Chunked::default(),
            streams: alloc::vec![Stream::default(); servers],
            clock: 0,
            vector: alloc::vec![0; servers],
            heard: alloc::vec![0; servers],
            waiting: Vec::new(),
            delivered: Chunked::default(),
        }
    }

    /// Broadcasts a text: it becomes this process's next item. Gives the item's number.
    pub fn post(&mut self, text: Text, request: Option<RequestId>) -> u64 {
        self.clock += 1; // Lamport's IR1
        let mut vector: Rc<[u64]> = Rc::new([]);
        if self.order == Order::Causal {
            // The sender counts its own message; it delivers it at once.
            let mut counts = self.vector.clone();
            counts[self.id.index()] += 1;
            vector = counts.into();
        }
        let post = Post { text, time: self.clock, vector };
        self.own.push(Item::Post(post.clone()));
        self.requests.push(request);
        let number = self.own.len() as u64;
        match self.order {
            Order::Total => {
                self.enqueue(Waiting { origin: self.id, number, post });
                self.deliver_heard();
            }
            _ => self.deliver(self.id, number, post),
        }
        number
    }

    /// Takes an item of another process. It has not been taken before.
    pub fn take(&mut self, origin: NodeId, number: u64, item: &Item) {
        match (self.order, item) {
            (Order::None, Item::Post(post)) => self.deliver(origin, number, post.clone()),
            (Order::Causal, Item::Post(post)) => {
                self.waiting.push(Waiting { origin, number, post: post.clone() });
                self.deliver_caused();
            }
            (Order::Fifo, _) if !self.rules.has(Rules::IN_SEQUENCE) => {
                self.take_next(origin, number, item);
            }
            (Order::Fifo | Order::Total, _) => self.take_in_sequence(origin, number, item),
            (_, Item::Stamp(_)) => {}
        }
    }

    fn take_in_sequence(&mut self, origin: NodeId, number: u64, item: &Item) {
        let stream = &mut self.streams[origin.index()];
        if number <= stream.taken {
            return;
        }
        stream.early.push((number, item.clone()));
        loop {
            let stream = &mut self.streams[origin.index()];
            let next = stream.taken + 1;
            let Some(place) = stream.early.iter().position(|(number, _)| *number == next) else {
                return;
            };
            let (number, item) = stream.early.swap_remove(place);
            stream.taken = next;
            self.take_next(origin, number, &item);
        }
    }

    /// The next item of a stream.
    fn take_next(&mut self, origin: NodeId, number: u64, item: &Item) {
        match (self.order, item) {
            (Order::Total, Item::Post(post)) => {
                self.hear(origin, post.time);
                self.enqueue(Waiting { origin, number, post: post.clone() });
                // Everybody tells everybody: "whatever I send from now on is later".
                self.clock += 1;
                self.own.push(Item::Stamp(self.clock));
                self.requests.push(None);
                self.deliver_heard();
            }
            (Order::Total, Item::Stamp(time)) => {
                self.hear(origin, *time);
                self.deliver_heard();
            }
            (_, Item::Post(post)) => self.deliver(origin, number, post.clone()),
            (_, Item::Stamp(_)) => {}
        }
    }

    /// Lamport's IR2: after a message the clock is beyond the message's time.
    fn hear(&mut self, origin: NodeId, time: u64) {
        self.clock = self.clock.max(time) + 1;
        let heard = &mut self.heard[origin.index()];
        *heard = (*heard).max(time);
    }

    /// By time, then by process.
    fn enqueue(&mut self, waiting: Waiting) {
        let ties = self.rules.has(Rules::TIES);
        let before = |known: &Waiting| {
            if ties {
                (known.post.time, known.origin) < (waiting.post.time, waiting.origin)
            } else {
                known.post.time <= waiting.post.time
            }
        };
        let place = self.waiting.partition_point(before);
        self.waiting.insert(place, waiting);
    }

    /// Total order: delivers what stands first, as long as nothing that is to come can stand
    /// before it: every process but its sender has been heard with a later time. (Of the sender
    /// the message itself says so, as streams keep the order.)
    fn deliver_heard(&mut self) {
        while let Some(first) = self.waiting.first() {
            let stamp = (first.post.time, first.origin);
            let later = |(place, &time): (usize, &u64)| {
                let node = NodeId(place as u16);
                let time = if node == self.id { self.clock } else { time };
                let passes = if self.rules.has(Rules::TIES) {
                    (time, node) > stamp
                } else {
                    time >= stamp.0
                };
                node == first.origin || passes
            };
            let all = self.heard.iter().enumerate().all(later);
            if !all && self.rules.has(Rules::HEAR_ALL) {
                return;
            }
            let Waiting { origin, number, post } = self.waiting.remove(0);
            self.deliver(origin, number, post);
        }
    }

    /// Causal order: a message of j with the vector V is delivered when it is the next of j, and
    /// of every other process as many have been delivered as j had delivered: V[j] is one more
    /// than the own count, V[k] is at most that for all others.
    fn deliver_caused(&mut self) {
        let has_causes =
            |group: &Group, waiting: &Waiting| {
                let of = waiting.origin.index();
                let counts = waiting.post.vector.iter().zip(&group.vector).enumerate();
                !group.rules.has(Rules::AFTER_CAUSES)
                    || counts.into_iter().all(|(k, (theirs, own))| {
                        if k == of { *theirs == own + 1 } else { theirs <= own }
                    })
            };
        while let Some(place) = self.waiting.iter().position(|one| has_causes(self, one)) {
            let Waiting { origin, number, post } = self.waiting.remove(place);
            self.deliver(origin, number, post);
        }
    }

    fn deliver(&mut self, origin: NodeId, number: u64, post: Post) {
        self.vector[origin.index()] += 1;
        let own = if origin == self.id { self.requests.get(number as usize - 1) } else { None };
        let request = own.copied().flatten();
        self.delivered.push(Delivered { origin, number, text: post.text, request });
    }

    /// Messages that have come and wait for others.
    pub fn waits(&self) -> usize {
        self.waiting.len() + self.streams.iter().map(|stream| stream.early.len()).sum::<usize>()
    }

    /// Lamport's clock.
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// By process, how many of its messages have been delivered.
    pub fn vector(&self) -> &[u64] {
        &self.vector
    }

    /// Takes over from an earlier state the chunks that say what its own say.
    pub fn share(&mut self, earlier: &Group) {
        self.own.share(&earlier.own);
        self.requests.share(&earlier.requests);
        self.delivered.share(&earlier.delivered);
    }

    /// About how many bytes it owns on the heap that a later state does not share.
    pub fn weight(&self, later: Option<&Group>) -> usize {
        let streams = self.streams.iter().map(|stream| size_of_val(&*stream.early));
        self.own.weight(later.map(|later| &later.own), |_| 32)
            + self.requests.weight(later.map(|later| &later.requests), |_| 0)
            + self.delivered.weight(later.map(|later| &later.delivered), |_| 32)
            + size_of_val(&*self.waiting)
            + streams.sum::<usize>()
    }
}
