//! Cycles of dependencies, each named by its own edges. Whether there is a cycle that a model
//! forbids the strongly connected components tell, in linear time; only where there is one,
//! breadth-first searches look for a short one, within a budget.

use super::graph::{Edge, Graph, ON, PROCESS, REAL_TIME, RW, View, WR, WW};
use super::models::{Anomaly, Order, Shape};
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// Why one transaction comes before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// ww: the second installed the version after the first's.
    Overwrote {
        /// Of which key.
        key: u32,
        /// The first's version.
        before: i64,
        /// The second's version.
        after: i64,
    },
    /// wr: the second read what the first wrote.
    Observed {
        /// Of which key.
        key: u32,
        /// The version.
        value: i64,
    },
    /// rw: the first read a version older than the second's.
    Missed {
        /// Of which key.
        key: u32,
        /// What the first read; `None` is the initial version.
        before: Option<i64>,
        /// The second's version.
        after: i64,
    },
    /// One process executed the first before the second.
    Process,
    /// The first returned before the second was called.
    RealTime,
}

/// One edge of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The transaction that comes first, by place in the history.
    pub from: u32,
    /// The transaction that comes after.
    pub to: u32,
    /// Why.
    pub because: Because,
}

pub(super) struct Cycle {
    pub anomaly: Anomaly,
    pub steps: Vec<Step>,
}

pub(super) struct Found {
    pub cycles: Vec<Cycle>,
    pub undecided: Vec<Anomaly>,
}

/// How many edges one search may look at; what it has begun to look at it looks at to the end.
const BUDGET: usize = 500_000;
/// The same for the one search whose answer the components do not give.
const BUDGET_SINGLE: usize = 8_000_000;

/// The shortest cycles of each kind that searches through all components find.
pub(super) fn search(graph: &Graph) -> Found {
    let nodes = graph.nodes as usize * 2;
    let mut search = Search {
        graph,
        cycles: Vec::new(),
        seen: alloc::vec![Reached::default(); nodes],
        round: 0,
        spent: 0,
        place: alloc::vec![0; graph.nodes as usize],
    };
    let mut undecided = Vec::new();
    let orders = [
        (Order::Data, 0, 0),
        (Order::Process, PROCESS, PROCESS),
        (Order::RealTime, PROCESS | REAL_TIME, REAL_TIME),
    ];
    for (order, outside, newest) in orders {
        let plain = |kinds| View { graph, kinds: kinds | outside, apart: false };
        // Without orders from outside any edge may be on the cycle; with one the cycles without
        // it are found already.
        let any = |kinds| if newest == 0 { kinds } else { newest };
        search.through(plain(WW), any(WW), plain(WW), BUDGET);
        search.through(plain(WW | WR), any(WR), plain(WW | WR), BUDGET);
        let apart = View { apart: true, ..plain(WW | WR | RW) };
        if !search.through(apart, RW, plain(WW | WR), BUDGET_SINGLE) {
            undecided.push(Anomaly::Cycle(Shape::GSingle, order));
        }
        search.through(apart, any(RW), apart, BUDGET);
        search.through(plain(WW | WR | RW), any(RW), plain(WW | WR | RW), BUDGET);
    }
    let cycles = search.cycles;
    undecided.retain(|anomaly| cycles.iter().all(|cycle| cycle.anomaly != *anomaly));
    Found { cycles, undecided }
}

/// How a search reached a state.
#[derive(Clone, Copy, Default)]
struct Reached {
    round: u32,
    distance: u32,
    edge: u32,
    from: u32,
}

struct Search<'g> {
    graph: &'g Graph,
    cycles: Vec<Cycle>,
    /// By state: when and how a search reached it.
    seen: Vec<Reached>,
    round: u32,
    spent: usize,
    /// By node: where it last stood in a walk.
    place: Vec<u32>,
}

impl Search<'_> {
    /// Looks for cycles through each edge of these kinds that lies in a component of one view,
    /// going back in another. False if the budget ended before all were tried.
    fn through(&mut self, within: View, kinds: u8, back: View, budget: usize) -> bool {
        let components = within.components();
        self.spent = 0;
        // No longer one is of use once one of these is known, whatever its name.
        let mut shortest = u32::MAX;
        for (place, edge) in self.graph.list.iter().enumerate() {
            if edge.kind & kinds == 0 {
                continue;
            }
            for from in [edge.from * 2, edge.from * 2 + 1] {
                let Some(to) = within.step(from, edge) else { continue };
                let component = components[from as usize];
                if component == 0 || component == u32::MAX || component != components[to as usize] {
                    continue;
                }
                if self.spent > budget {
                    return false;
                }
                let (start, goal) =
                    if back.apart { (to, from) } else { (edge.to * 2, edge.from * 2) };
                if let Some(mut path) = self.path(back, start, goal, shortest) {
                    path.insert(0, place as u32);
                    shortest = self.keep(path, shortest);
                }
                if !back.apart {
                    break;
                }
            }
        }
        true
    }

    /// The shortest way from one state to another, as edges, if with one edge more it is shorter
    /// than `limit`. Edges that leave helpers do not count.
    fn path(&mut self, view: View, start: u32, goal: u32, limit: u32) -> Option<Vec<u32>> {
        self.round += 1;
        let mut queue = VecDeque::from([(start, 0)]);
        self.seen[start as usize] = Reached { round: self.round, ..Reached::default() };
        while let Some((state, distance)) = queue.pop_front() {
            if state == goal {
                return Some(self.way(start, goal));
            }
            if self.seen[state as usize].distance < distance {
                continue;
            }
            for place in view.leaving(state) {
                self.spent += 1;
                let edge = &self.graph.list[place as usize];
                let Some(next) = view.step(state, edge) else { continue };
                let length = distance + u32::from(edge.kind != ON);
                let known = self.seen[next as usize];
                if length + 1 >= limit || (known.round == self.round && known.distance <= length) {
                    continue;
                }
                self.seen[next as usize] =
                    Reached { round: self.round, distance: length, edge: place, from: state };
                match edge.kind {
                    ON => queue.push_front((next, length)),
                    _ => queue.push_back((next, length)),
                }
            }
        }
        None
    }

    fn way(&self, start: u32, goal: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut state = goal;
        while state != start {
            let reached = self.seen[state as usize];
            way.push(reached.edge);
            state = reached.from;
        }
        way.reverse();
        way
    }

    /// Takes a closed walk apart into cycles that pass through no node twice, and keeps each that
    /// is the first or the shortest of its name. Gives back the new limit of length.
    fn keep(&mut self, walk: Vec<u32>, shortest: u32) -> u32 {
        let mut limit = shortest;
        let mut open: Vec<&Edge> = Vec::new();
        for place in walk {
            let edge = &self.graph.list[place as usize];
            self.place[edge.from as usize] = open.len() as u32;
            open.push(edge);
            // What was passed before and is closed already has been taken out of the open part.
            let start = self.place[edge.to as usize] as usize;
            if open.get(start).is_some_and(|earlier| earlier.from == edge.to) {
                let piece = open.split_off(start);
                if let Some((anomaly, steps)) = self.name(piece) {
                    limit = limit.min(steps.len() as u32);
                    match self.cycles.iter_mut().find(|cycle| cycle.anomaly == anomaly) {
                        Some(known) if known.steps.len() > steps.len() => known.steps = steps,
                        Some(_) => {}
                        None => self.cycles.push(Cycle { anomaly, steps }),
                    }
                }
            }
        }
        limit
    }

    /// The steps of a cycle from transaction to transaction, and its name.
    fn name(&self, mut cycle: Vec<&Edge>) -> Option<(Anomaly, Vec<Step>)> {
        let transactions = self.graph.transactions;
        let first = cycle.iter().position(|edge| edge.from < transactions)?;
        cycle.rotate_left(first);
        let mut steps: Vec<Step> = Vec::new();
        let mut kinds: Vec<u8> = Vec::new();
        let mut begun = *cycle.first()?;
        for edge in &cycle {
            if edge.kind != ON {
                begun = edge;
            }
            if edge.to >= transactions {
                continue;
            }
            let (key, before, after) = (begun.key, begun.before, edge.after);
            let because = match begun.kind {
                WW => Because::Overwrote { key, before: before?, after: after? },
                WR => Because::Observed { key, value: after? },
                RW => Because::Missed { key, before, after: after? },
                PROCESS => Because::Process,
                _ => Because::RealTime,
            };
            steps.push(Step { from: begun.from, to: edge.to, because });
            kinds.push(begun.kind);
        }
        let all = kinds.iter().fold(0, |all, kind| all | kind);
        let missed = kinds.iter().filter(|kind| **kind == RW).count();
        let next = kinds.iter().cycle().skip(1);
        let neighbours = kinds.iter().zip(next).any(|(one, other)| *one == RW && *other == RW);
        let shape = match missed {
            0 if all & WR == 0 => Shape::G0,
            0 => Shape::G1c,
            1 => Shape::GSingle,
            _ if neighbours => Shape::G2Item,
            _ => Shape::GNonadjacent,
        };
        let order = match all {
            _ if all & REAL_TIME != 0 => Order::RealTime,
            _ if all & PROCESS != 0 => Order::Process,
            _ => Order::Data,
        };
        (steps.len() > 1).then_some((Anomaly::Cycle(shape, order), steps))
    }
}
