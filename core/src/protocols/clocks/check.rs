//! What the stamps must say, against what really happened before, which the checks follow on
//! their own: with a vector for each event, by the numbers that messages carry for them.

use super::declare::check;
use super::{ClockKind, Conclusion, Node, Record, Stamp};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::clocks::VectorClock;
use crate::process::{EffectOf, NodeId};
use crate::world::{Kernel, WALL_START_US};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use litemap::LiteMap;

/// An event as it really stands, and its stamp.
#[derive(Clone, Debug)]
struct Known {
    past: VectorClock<NodeId>,
    stamp: Stamp,
}

/// The events of one process.
#[derive(Clone, Debug, Default)]
struct Lane {
    /// By their numbers, from 1: of a life that was forgotten nothing stands here.
    events: Chunked<Known>,
    /// The last event that its disk or its memory knows, if any.
    last: Option<u64>,
    /// It has begun again at nothing: numbers that travel may be of an earlier life.
    anew: bool,
}

/// The checks.
#[derive(Clone, Debug)]
pub struct Checks {
    lanes: Vec<Lane>,
    /// How far wall clocks have been behind and ahead of true time at events, µs.
    skew_us: Option<(i64, i64)>,
    /// For each wall time of a hybrid stamp how many events have it: the latest times.
    alike: LiteMap<u64, u32>,
    /// Of earlier ones nobody knows how many.
    forgotten: u64,
}

/// About so many wall times are remembered.
const TIMES: usize = 2_048;

impl Checks {
    fn known(&self, node: NodeId, event: u64) -> Option<&Known> {
        self.lanes.get(node.index())?.events.get(event.checked_sub(1)? as usize)
    }

    fn is_anew(&self, node: NodeId) -> bool {
        self.lanes.get(node.index()).is_none_or(|lane| lane.anew)
    }

    /// Another event of a process: its causes must have smaller stamps.
    fn count(&mut self, node: NodeId, process: &Node, found: &mut Vec<Violation>) {
        let concluded = process.concluded.filter(|known| known.own + 1 == process.events);
        let own = self.lanes[node.index()].last;
        let own = own.map(|event| (node, event));
        let sent = concluded.map(|known| (known.from, known.sent));
        let sent = sent.filter(|(from, _)| !self.is_anew(*from));
        let mut past = VectorClock::new();
        for (from, event) in [own, sent].into_iter().flatten() {
            let Some(cause) = self.known(from, event) else { continue };
            past.merge(&cause.past);
            if !cause.stamp.is_before(&process.stamp) {
                let statement = format!(
                    "Event {event} of n{} happened before event {} of n{}, but its stamp {} is \
                     not smaller than {}.",
                    from.0 + 1,
                    process.events,
                    node.0 + 1,
                    cause.stamp.text(process.of),
                    process.stamp.text(process.of),
                );
                found.push(violation(check::CONDITION, node, from, statement));
            }
        }
        // Only vectors claim to tell; an order of numbers is read into them at one's own risk.
        let tells = process.config.clock == ClockKind::Vector && !self.is_anew(node);
        if let Some(known) = concluded.filter(|known| tells && !self.is_anew(known.from)) {
            self.conclude(node, known, found);
        }
        past.set(node, process.events);
        let lane = &mut self.lanes[node.index()];
        lane.events.truncate(process.events.saturating_sub(1) as usize);
        lane.events.push(Known { past, stamp: process.stamp.clone() });
        lane.last = Some(process.events);
    }

    /// What a process concludes from two stamps must be true.
    fn conclude(&self, node: NodeId, known: Conclusion, found: &mut Vec<Violation>) {
        let of = |node, event| Some(&self.known(node, event)?.past);
        let (Some(own), Some(sent)) = (of(node, known.own), of(known.from, known.sent)) else {
            return;
        };
        let really = own.partial_cmp(sent);
        if really == known.order {
            return;
        }
        let word = |order| match order {
            Some(Ordering::Less) => "before",
            Some(_) => "after",
            None => "concurrent with",
        };
        let statement = format!(
            "Event {} of n{} is {} event {} of n{}; by their stamps n{} takes it to be {} it.",
            known.own,
            node.0 + 1,
            word(really),
            known.sent,
            known.from.0 + 1,
            node.0 + 1,
            word(known.order),
        );
        found.push(violation(check::STRONG, node, known.from, statement));
    }

    /// The bounds of Kulkarni et al. 2014: l is not behind the wall clock, and ahead of it by no
    /// more than wall clocks differ; c counts events with the same l.
    fn bound(&mut self, node: NodeId, process: &Node, now_us: u64, found: &mut Vec<Violation>) {
        let Stamp::Hlc(stamp) = &process.stamp else { return };
        let skew_us = process.wall_us as i64 - (WALL_START_US + now_us) as i64;
        let (low, high) = self.skew_us.unwrap_or((skew_us, skew_us));
        let (low, high) = (low.min(skew_us), high.max(skew_us));
        self.skew_us = Some((low, high));
        let alike = self.alike.get(&stamp.wall()).copied().unwrap_or(0);
        self.alike.insert(stamp.wall(), alike + 1);
        if self.alike.len() == 2 * TIMES
            && let Some((&border, _)) = self.alike.iter().nth(TIMES)
        {
            self.alike.retain(|&time, _| time > border);
            self.forgotten = border;
        }
        let is_counted = stamp.wall() > self.forgotten;
        let ahead_us = stamp.wall() as i64 - process.wall_us as i64;
        let spread_us = high - low;
        let most_us = process.config.max_offset_us as i64;
        let said = if ahead_us < 0 {
            format!("is {} µs behind its wall clock", -ahead_us)
        } else if ahead_us > spread_us {
            format!("is {ahead_us} µs ahead of its wall clock; clocks differ by {spread_us}")
        } else if is_counted && stamp.count() > alike {
            format!("counts {} events at one time; there were {alike}", stamp.count())
        } else if ahead_us > most_us {
            format!("is {ahead_us} µs ahead of its wall clock; {most_us} are allowed")
        } else {
            return;
        };
        let statement = format!("The hybrid clock of n{} {said}.", node.0 + 1);
        found.push(violation(check::BOUND, node, node, statement));
    }
}

fn violation(check: u8, node: NodeId, from: NodeId, statement: String) -> Violation {
    let mut nodes = alloc::vec![node];
    if from != node {
        nodes.push(from);
    }
    Violation { nodes, ..Violation::at_node(check, node, statement) }
}

impl Check<Node> for Checks {
    fn new(servers: u16) -> Checks {
        let lanes = alloc::vec![Lane::default(); usize::from(servers)];
        Checks { lanes, skew_us: None, alike: LiteMap::new(), forgotten: 0 }
    }

    fn booted(&mut self, node: NodeId, process: &Node, records: &Chunked<Record>) {
        let Some(lane) = self.lanes.get_mut(node.index()) else { return };
        // What is not on its disk has reached nobody, if it keeps a disk at all.
        lane.last = records.last().map(|(_, event)| *event);
        if !process.config.storage {
            lane.anew = !lane.events.is_empty();
            lane.events.truncate(0);
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        _fresh: &[EffectOf<Node>],
        kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Some(lane) = self.lanes.get(node.index()) else { return };
        if process.events == lane.last.unwrap_or(0) {
            return; // no event: a refused message, a word from the disk
        }
        self.count(node, process, found);
        if process.config.clock == ClockKind::Hlc {
            self.bound(node, process, kernel.now_us, found);
        }
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        let of = |(place, lane): (usize, &Lane)| {
            let later = later.and_then(|later| later.lanes.get(place));
            lane.events.weight(later.map(|lane| &lane.events), |_| 128)
        };
        self.lanes.iter().enumerate().map(of).sum::<usize>() + 16 * self.alike.len()
    }
}
