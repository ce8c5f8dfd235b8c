//! A process that wants a resource now and then. Lamport's five rules (CACM 21(7), 1978,
//! "Ordering the Events Totally") and Ricart and Agrawala's three (CACM 24(1), 1981) stand
//! side by side; the switch between them is at the top of each handler.

use super::message::{Body, Message, Stamp, Started};
use super::{Algorithm, Config, Node, Rules, Timer, event};
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use crate::protocols::channel::Channels;
use crate::protocols::client::Said;
use crate::protocols::errand::Done;
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// For whom a process enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Errand {
    /// An operator's order.
    Told,
    /// A client's operation.
    Asked(RequestId),
}

/// How far a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// It wants nothing.
    Nothing,
    /// It has asked.
    Waiting(Stamp),
    /// It has the resource.
    Inside(Stamp),
}

impl Want {
    /// The stamp of its request.
    pub fn stamp(self) -> Option<Stamp> {
        match self {
            Want::Nothing => None,
            Want::Waiting(stamp) | Want::Inside(stamp) => Some(stamp),
        }
    }
}

/// A process. Nothing of it survives a crash.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    config: Rc<Config>,
    id: NodeId,
    channels: Channels<Body>,
    /// Nothing leaves before the disk says that this process has started.
    started: WriteId,
    /// Lamport's clock; Ricart and Agrawala's highest sequence number.
    pub(super) clock: u64,
    pub(super) want: Want,
    /// Lamport's request queue, in the order of the stamps.
    pub(super) queue: Vec<Stamp>,
    /// Lamport: by process, the latest time that was heard from it.
    heard: Vec<u64>,
    /// Ricart and Agrawala: by process, whether its reply is missing.
    awaits: Vec<bool>,
    /// Ricart and Agrawala: who is answered when this process leaves.
    pub(super) deferred: Vec<NodeId>,
    /// For whom it enters next; for the first it has asked already.
    errands: Vec<Errand>,
    /// The last operation done for each client.
    done: Vec<RequestId>,
    /// How often it has been inside.
    pub(super) entered: u64,
}

impl Server {
    /// Starts. One that finds on its disk that it has run before has lost its place in every
    /// queue: it does not take part again (neither paper knows of crashes).
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Started>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        for stored in disk {
            if !matches!(stored, Stored::Torn) {
                return Err(Refusal("it has forgotten who waits"));
            }
        }
        // Ricart and Agrawala's messages need not keep the order.
        let ordered = config.algorithm == Algorithm::Lamport && config.rules.has(Rules::IN_ORDER);
        let servers = cx.servers();
        Ok(Server {
            config: config.clone(),
            id: cx.id(),
            channels: Channels::new(servers, ordered),
            started: cx.write(Started),
            clock: 0,
            want: Want::Nothing,
            queue: Vec::new(),
            heard: alloc::vec![0; usize::from(servers)],
            awaits: alloc::vec![false; usize::from(servers)],
            deferred: Vec::new(),
            errands: Vec::new(),
            done: Vec::new(),
            entered: 0,
        })
    }

    fn say(&mut self, to: NodeId, body: Body, cx: &mut Context) {
        let number = self.channels.next_to(to.index());
        cx.send(to, Message::Channel(number, body), self.started);
    }

    fn say_to_all(&mut self, body: &Body, cx: &mut Context) {
        for peer in cx.peers() {
            self.say(peer, body.clone(), cx);
        }
    }

    // ---- for whom ----

    /// A client asks; its operation is done once, however often it asks.
    pub fn on_ask(&mut self, client: NodeId, id: RequestId, cx: &mut Context) {
        if self.done.contains(&id) {
            cx.send(client, Message::Answer(id, Said::Result(Done)), self.started);
        } else if !self.errands.contains(&Errand::Asked(id)) {
            self.errands.push(Errand::Asked(id));
            self.next(cx);
        }
    }

    /// An operator wants it to enter.
    pub fn told_to_enter(&mut self, cx: &mut Context) {
        self.errands.push(Errand::Told);
        self.next(cx);
    }

    fn next(&mut self, cx: &mut Context) {
        if self.want == Want::Nothing && !self.errands.is_empty() {
            self.request(cx);
        }
    }

    // ---- the rules ----

    /// Lamport's rule 1: the request goes with its time to every other process and into the own
    /// queue. Ricart and Agrawala: a process chooses a number above all that it has heard of, and
    /// sends its request to all others.
    fn request(&mut self, cx: &mut Context) {
        self.clock += 1; // IR1
        let stamp = Stamp { time: self.clock, node: self.id };
        self.want = Want::Waiting(stamp);
        cx.mark(event::REQUEST, None, 0, stamp.time);
        match self.config.algorithm {
            Algorithm::Lamport => self.enqueue(stamp),
            Algorithm::RicartAgrawala => {
                self.awaits.fill(true);
                self.awaits[self.id.index()] = false;
            }
        }
        self.say_to_all(&Body::Request(stamp.time), cx);
        self.enter_if_granted(cx);
    }

    /// A message comes along a channel.
    pub fn on_channel(&mut self, from: NodeId, number: u64, body: &Body, cx: &mut Context) {
        for (_, body) in self.channels.take(from.index(), number, body) {
            match self.config.algorithm {
                Algorithm::Lamport => self.lamport(from, &body, cx),
                Algorithm::RicartAgrawala => self.ricart_agrawala(from, &body, cx),
            }
            self.enter_if_granted(cx);
        }
    }

    fn lamport(&mut self, from: NodeId, body: &Body, cx: &mut Context) {
        let (Body::Request(time) | Body::Reply(time) | Body::Release(time)) = *body;
        self.advance(time);
        let heard = &mut self.heard[from.index()];
        *heard = (*heard).max(time);
        match body {
            // Rule 2: the request goes into the queue, and an acknowledgement with its own time
            // goes back.
            Body::Request(_) => {
                self.enqueue(Stamp { time, node: from });
                self.clock += 1;
                cx.mark(event::REPLY, Some(from), 0, self.clock);
                self.say(from, Body::Reply(self.clock), cx);
            }
            Body::Reply(_) => {}
            // Rule 4: the sender's request goes from the queue.
            Body::Release(_) => self.queue.retain(|stamp| stamp.node != from),
        }
    }

    fn ricart_agrawala(&mut self, from: NodeId, body: &Body, cx: &mut Context) {
        match body {
            Body::Request(time) => {
                self.advance(*time);
                let theirs = Stamp { time: *time, node: from };
                if self.defers(theirs) {
                    cx.mark(event::DEFER, Some(from), 0, *time);
                    self.deferred.push(from);
                } else {
                    cx.mark(event::REPLY, Some(from), 0, *time);
                    self.say(from, Body::Reply(0), cx);
                }
            }
            Body::Reply(_) => self.awaits[from.index()] = false,
            Body::Release(_) => {}
        }
    }

    /// Lamport's IR2: after a message the clock is beyond the message's time. Ricart and Agrawala
    /// keep the highest number that they have heard of: the next is one above that.
    fn advance(&mut self, time: u64) {
        if self.config.rules.has(Rules::ADVANCE) {
            self.clock = self.clock.max(time);
            if self.config.algorithm == Algorithm::Lamport {
                self.clock += 1;
            }
        }
    }

    /// Ricart and Agrawala: the reply is put off by who is inside, and by who wants to enter and
    /// has the lower number, or the same number and the lower name.
    fn defers(&self, theirs: Stamp) -> bool {
        match self.want {
            Want::Nothing => false,
            Want::Inside(_) => true,
            Want::Waiting(mine) => self.config.rules.has(Rules::DEFER) && self.before(mine, theirs),
        }
    }

    /// Whether a request of this process stands before another's.
    fn before(&self, mine: Stamp, theirs: Stamp) -> bool {
        if self.config.rules.has(Rules::TIES) { mine < theirs } else { mine.time < theirs.time }
    }

    fn enqueue(&mut self, stamp: Stamp) {
        let by_stamp = self.config.rules.has(Rules::QUEUE_BY_STAMP);
        let place = if by_stamp {
            self.queue.partition_point(|&known| known < stamp)
        } else {
            self.queue.len()
        };
        self.queue.insert(place, stamp);
    }

    fn enter_if_granted(&mut self, cx: &mut Context) {
        let Want::Waiting(mine) = self.want else { return };
        if !self.is_granted(mine) {
            return;
        }
        self.want = Want::Inside(mine);
        self.entered += 1;
        cx.mark(event::ENTER, None, 0, mine.time);
        cx.set_timer(Timer::Leave, self.config.stay_us);
    }

    fn is_granted(&self, mine: Stamp) -> bool {
        if self.config.algorithm == Algorithm::RicartAgrawala {
            return !self.awaits.contains(&true);
        }
        // Rule 5(i): its own request stands before every other in its queue.
        let is_first = if self.config.rules.has(Rules::TIES) {
            self.queue.first() == Some(&mine)
        } else {
            self.queue.iter().all(|stamp| stamp.time >= mine.time)
        };
        // Rule 5(ii): it has heard something from every other process that is later than its
        // request.
        let later = |(node, &time): (usize, &u64)| {
            node == self.id.index() || Stamp { time, node: NodeId(node as u16) } > mine
        };
        let has_heard =
            !self.config.rules.has(Rules::HEAR_ALL) || self.heard.iter().enumerate().all(later);
        is_first && has_heard
    }

    /// It leaves. Lamport's rule 3: its request goes from its queue, and a release with its time
    /// to every other process. Ricart and Agrawala: it sends the replies that it has put off.
    pub fn leave(&mut self, cx: &mut Context) {
        let Want::Inside(stamp) = self.want else { return };
        self.want = Want::Nothing;
        cx.cancel_timer(Timer::Leave);
        cx.mark(event::LEAVE, None, 0, stamp.time);
        match self.config.algorithm {
            Algorithm::Lamport => {
                self.queue.retain(|known| known.node != self.id);
                self.clock += 1;
                self.say_to_all(&Body::Release(self.clock), cx);
            }
            Algorithm::RicartAgrawala => {
                for node in core::mem::take(&mut self.deferred) {
                    cx.mark(event::REPLY, Some(node), 0, 0);
                    self.say(node, Body::Reply(0), cx);
                }
            }
        }
        if !self.errands.is_empty()
            && let Errand::Asked(id) = self.errands.remove(0)
        {
            self.done.retain(|known| known.client != id.client);
            self.done.push(id);
            cx.send(id.client, Message::Answer(id, Said::Result(Done)), self.started);
        }
        self.next(cx);
    }

    /// Others from whom it has what it needs to enter.
    pub(super) fn heard_from(&self) -> u16 {
        let Some(mine) = self.want.stamp() else { return 0 };
        let heard = |node: usize| match self.config.algorithm {
            Algorithm::Lamport => {
                Stamp { time: self.heard[node], node: NodeId(node as u16) } > mine
            }
            Algorithm::RicartAgrawala => !self.awaits[node],
        };
        (0..self.heard.len()).filter(|&node| node != self.id.index() && heard(node)).count() as u16
    }

    /// How many others there are.
    pub(super) fn others(&self) -> u16 {
        self.heard.len() as u16 - 1
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        self.channels.weight()
            + size_of_val(&*self.queue)
            + size_of_val(&*self.heard)
            + size_of_val(&*self.awaits)
            + size_of_val(&*self.deferred)
            + size_of_val(&*self.errands)
            + size_of_val(&*self.done)
    }
}
