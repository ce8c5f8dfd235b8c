//! What must hold of clocks that are led, asserted against the world's real ones: what a process
//! never sees.

use super::declare::{check, event};
use super::filter::STAGES;
use super::host::{Host, Taken};
use super::message::{Answer, Message, duration};
use super::{Duty, Node};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, NodeId, RequestId};
use crate::world::{Kernel, WALL_START_US};
use alloc::format;
use alloc::vec::Vec;
use litemap::LiteMap;

/// What a node's clocks really show at an instant, µs.
#[derive(Clone, Copy, Debug)]
struct Shown {
    true_us: i64,
    monotonic_us: i64,
    wall_us: i64,
    /// What a slew will still move the wall clock by.
    left_us: i64,
}

impl Shown {
    fn of(kernel: &Kernel, node: NodeId) -> Shown {
        let clocks = kernel.node(node);
        let local_us = clocks.clock.local_us(kernel.now_us);
        Shown {
            true_us: kernel.now_us as i64,
            monotonic_us: local_us as i64,
            wall_us: clocks.wall.show_us(local_us) as i64,
            left_us: clocks.wall.left_us(local_us),
        }
    }

    /// By how much the wall clock is wrong.
    fn wrong_us(&self) -> i64 {
        self.wall_us - WALL_START_US as i64 - self.true_us
    }

    /// By how much the monotonic clock has gained, or lost, since the run began.
    fn drifted_us(&self) -> i64 {
        self.monotonic_us - self.true_us
    }
}

/// What is really true of an answer that a host has taken.
#[derive(Clone, Copy, Debug)]
struct Truth {
    /// Both ways together, by the host's monotonic clock and the source's wall clock, µs.
    delay_us: i64,
    /// How wrong the offset may be, µs: half the delay, and what the clocks drifted meanwhile.
    bound_us: i64,
    /// By how much the source's wall clock was ahead of the host's monotonic one, µs.
    ahead_us: i64,
}

/// One source and one host: what was sent lately, with the clocks at that instant, and what was
/// taken. All by the poll's number, the oldest first.
#[derive(Clone, Debug, Default)]
struct Pair {
    /// Polls that left, by the host's clocks.
    polls: Vec<(u64, Shown)>,
    /// Polls that the source took its time over: its clocks when they came.
    received: Vec<(u64, Shown)>,
    /// Answers that left: the source's clocks when the poll came, and then.
    answers: Vec<(u64, Shown, Shown)>,
    taken: Vec<Truth>,
}

/// So many of each are remembered: what is later still is not judged.
const KNOWN_MOST: usize = 64;

fn remember<T>(list: &mut Vec<T>, most: usize, item: T) {
    if list.len() >= most {
        list.remove(0);
    }
    list.push(item);
}

/// The checks.
#[derive(Clone, Debug)]
pub struct Checks {
    /// By host and source.
    pairs: LiteMap<(NodeId, NodeId), Pair>,
    /// Tasks that are being done, by node, client and number: the clocks at their beginning.
    tasks: LiteMap<(NodeId, NodeId, u64), Shown>,
    servers: u16,
}

/// Readings are whole microseconds: a sum of some of them is off by this much, µs.
const ROUNDING_US: i64 = 3;

impl Checks {
    fn pair(&mut self, host: NodeId, source: NodeId) -> &mut Pair {
        self.pairs.entry((host, source)).or_default()
    }

    /// A poll or an answer leaves.
    fn sent(&mut self, from: NodeId, to: NodeId, message: &Message, now: Shown) {
        match message {
            Message::Poll { number, .. } => {
                remember(&mut self.pair(from, to).polls, KNOWN_MOST, (*number, now));
            }
            Message::Stamps { number, received, .. } => {
                let pair = self.pair(to, from);
                let came = |known: &&(u64, Shown)| {
                    known.0 == *number && known.1.wall_us == *received as i64
                };
                let then = pair.received.iter().rev().find(came).map_or(now, |known| known.1);
                remember(&mut pair.answers, KNOWN_MOST, (*number, then, now));
            }
            _ => {}
        }
    }

    /// How wrong the offset may be that a host has read off an answer. With one way of length p
    /// and one of q it is (p - q) / 2 off, hence no more than half of p + q; and what the two
    /// clocks gain on true time between the four readings comes on top.
    fn truth(&mut self, node: NodeId, taken: &Taken, host: Shown, source: Shown) -> Option<Truth> {
        let pair = self.pair(node, taken.source);
        let number = taken.number;
        let (_, left) = pair.polls.iter().rev().find(|known| known.0 == number)?;
        let (t2, t3) = (taken.exchange.t2, taken.exchange.t3);
        let same = |known: &&(u64, Shown, Shown)| {
            (known.0, known.1.wall_us, known.2.wall_us) == (number, t2, t3)
        };
        let (_, received, answered) = pair.answers.iter().rev().find(same)?;
        let apart = |a: &Shown, b: &Shown| (a.wrong_us() - b.wrong_us()).abs();
        let at_source =
            apart(received, answered) + apart(received, &source) + apart(answered, &source);
        let at_host = (host.drifted_us() - left.drifted_us()).abs();
        let delay_us = host.monotonic_us - left.monotonic_us - (t3 - t2);
        let truth = Truth {
            delay_us,
            bound_us: (delay_us + 1).div_euclid(2) + at_host + at_source / 2 + ROUNDING_US,
            ahead_us: source.wall_us - host.monotonic_us,
        };
        remember(&mut pair.taken, STAGES, truth);
        Some(truth)
    }

    /// How far from a source's clock the best sample may lead a host, µs: of the last samples
    /// that with the least delay, and what the clocks have drifted since. With `around`, anywhere
    /// in that sample's span.
    fn bound_us(&self, host: NodeId, source: NodeId, ahead_us: i64, around: bool) -> Option<i64> {
        let taken = &self.pairs.get(&(host, source))?.taken;
        let least_us = taken.iter().map(|truth| truth.delay_us).min()?;
        let best = taken.iter().filter(|truth| truth.delay_us == least_us);
        let half_us = if around { (least_us + 1).div_euclid(2) } else { 0 };
        best.map(|truth| truth.bound_us + (ahead_us - truth.ahead_us).abs() + half_us).max()
    }

    /// The host has corrected its clock, or has seen no need to: where that leads is where more
    /// than half of its sources are.
    fn agrees(
        &self,
        node: NodeId,
        host: &Host,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
    ) -> Option<Violation> {
        host.target_us?;
        let now = Shown::of(kernel, node);
        let (mut wall_us, mut left_us) = (now.wall_us, now.left_us);
        for effect in fresh {
            match effect {
                Effect::StepClock(by_us) => wall_us += by_us,
                Effect::SlewClock { by_us, .. } => left_us = *by_us,
                _ => {}
            }
        }
        let aim_us = wall_us + left_us - now.monotonic_us;
        let sources = host.associations.len();
        let mut near = 0;
        let mut far = None;
        for known in &host.associations {
            let ahead_us = Shown::of(kernel, known.source).wall_us - now.monotonic_us;
            let apart_us = (ahead_us - aim_us).abs();
            match self.bound_us(node, known.source, ahead_us, sources > 1) {
                Some(bound_us) if apart_us <= bound_us => near += 1,
                Some(bound_us) => far = Some((known.source, apart_us, bound_us)),
                None => {}
            }
        }
        let (source, apart_us, bound_us) = far?;
        if 2 * near > sources {
            return None;
        }
        let statement = format!(
            "n{} leads its clock to {} from that of n{}, where {} is the most; {near} of {sources} \
             sources are near.",
            node.0 + 1,
            duration(apart_us),
            source.0 + 1,
            duration(bound_us),
        );
        Some(Violation::at_node(check::AGREEMENT, node, statement))
    }

    /// A host has taken an answer.
    fn taken(
        &mut self,
        node: NodeId,
        host: &Host,
        fresh: &[EffectOf<Node>],
        kernel: &Kernel,
    ) -> Option<Violation> {
        let taken = host.taken?;
        let (now, source) = (Shown::of(kernel, node), Shown::of(kernel, taken.source));
        if let Some(truth) = self.truth(node, &taken, now, source) {
            let real_us = source.wall_us - now.wall_us;
            let wrong_us = (taken.offset_us - real_us).abs();
            if wrong_us > truth.bound_us {
                let statement = format!(
                    "n{} reckons that n{} is {} ahead; it is {}: {} off, and the delay allows for \
                     {}.",
                    node.0 + 1,
                    taken.source.0 + 1,
                    duration(taken.offset_us),
                    duration(real_us),
                    duration(wrong_us),
                    duration(truth.bound_us),
                );
                return Some(Violation::at_node(check::OFFSET, node, statement));
            }
        }
        self.agrees(node, host, fresh, kernel)
    }

    /// A node tells how long a task took.
    fn told(&mut self, node: NodeId, id: RequestId, took_us: i64, now: Shown) -> Option<Violation> {
        let begun = self.tasks.remove(&(node, id.client, id.number))?;
        let passed_us = now.true_us - begun.true_us;
        let drift_us = (now.drifted_us() - begun.drifted_us()).abs();
        if took_us >= 0 && (took_us - passed_us).abs() <= drift_us + 1 {
            return None;
        }
        let statement = format!(
            "n{} says that operation {} of c{} took {}; {} have passed.",
            node.0 + 1,
            id.number,
            id.client.0 + 1 - self.servers,
            duration(took_us),
            duration(passed_us),
        );
        Some(Violation::at_node(check::DURATION, node, statement))
    }
}

impl Check<Node> for Checks {
    fn new(servers: u16) -> Checks {
        Checks { pairs: LiteMap::new(), tasks: LiteMap::new(), servers }
    }

    fn booted(&mut self, node: NodeId, _process: &Node, _records: &Chunked<()>) {
        // A process that starts anew has no samples and does no tasks.
        self.tasks.retain(|(known, ..), _| *known != node);
        for (_, pair) in self.pairs.iter_mut().filter(|((host, _), _)| *host == node) {
            pair.taken.clear();
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
        let now = Shown::of(kernel, node);
        for effect in fresh {
            match effect {
                Effect::Mark(mark) if mark.event == event::WORK => {
                    if let Some(host) = mark.peer {
                        let received = &mut self.pair(host, node).received;
                        remember(received, KNOWN_MOST, (mark.index, now));
                    }
                }
                Effect::Mark(mark) if mark.event == event::BEGIN => {
                    if let Some(client) = mark.peer {
                        self.tasks.insert((node, client, mark.index), now);
                    }
                }
                Effect::Mark(mark) if mark.event == event::SAMPLE => {
                    if let Duty::Host(host) = &server.duty {
                        found.extend(self.taken(node, host, fresh, kernel));
                    }
                }
                Effect::Send { message: Message::Told(id, Answer::Took(us)), .. } => {
                    found.extend(self.told(node, *id, *us, now));
                }
                Effect::Send { to, message, .. } => self.sent(node, *to, message, now),
                Effect::StepClock(by_us) if *by_us < 0 => {
                    let by = duration(by_us.saturating_neg());
                    let statement = format!("n{} sets its clock back by {by}.", node.0 + 1);
                    found.push(Violation::at_node(check::MONOTONE, node, statement));
                }
                _ => {}
            }
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        let of = |pair: &Pair| {
            size_of_val(&*pair.polls)
                + size_of_val(&*pair.received)
                + size_of_val(&*pair.answers)
                + size_of_val(&*pair.taken)
        };
        let pairs = self.pairs.iter().map(|(_, pair)| size_of::<Pair>() + of(pair));
        pairs.sum::<usize>() + self.tasks.len() * size_of::<((NodeId, NodeId, u64), Shown)>()
    }
}
