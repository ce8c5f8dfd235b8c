//! Dependencies between transactions, and their strongly connected components (Tarjan 1972,
//! without recursion).

use alloc::vec::Vec;

/// Kinds of dependency; one bit each.
pub(super) const WW: u8 = 1;
/// One reads what the other wrote.
pub(super) const WR: u8 = 2;
/// One overwrites what the other read.
pub(super) const RW: u8 = 4;
/// One follows the other in a process.
pub(super) const PROCESS: u8 = 8;
/// One was called after the other returned.
pub(super) const REAL_TIME: u8 = 16;
/// Goes on from a helper node with the dependency that led there.
pub(super) const ON: u8 = 32;

/// One dependency, or a piece of one that goes by way of helper nodes: the first piece has the
/// kind and what came before, the last one what came after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub from: u32,
    pub to: u32,
    pub kind: u8,
    pub key: u32,
    /// The earlier version.
    pub before: Option<i64>,
    /// The later version.
    pub after: Option<i64>,
}

/// Transactions and helpers, and the edges between them.
pub(super) struct Graph {
    /// Nodes from here on are helpers.
    pub transactions: u32,
    pub nodes: u32,
    pub list: Vec<Edge>,
    /// Where each node's edges begin in the list, once finished.
    pub starts: Vec<u32>,
}

impl Graph {
    pub fn new(transactions: usize) -> Graph {
        let nodes = transactions as u32;
        Graph { transactions: nodes, nodes, list: Vec::new(), starts: Vec::new() }
    }

    pub fn helper(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes - 1
    }

    pub fn edges(&self) -> usize {
        self.list.iter().filter(|edge| edge.kind != ON).count()
    }

    pub fn add(&mut self, edge: Edge) {
        if edge.from != edge.to {
            self.list.push(edge);
        }
    }

    /// From every reader, with what it saw, a dependency to every follower but itself; as many
    /// edges as there are readers and followers, not as many as pairs.
    pub fn overwritten(
        &mut self,
        key: u32,
        readers: &[(u32, Option<i64>)],
        followers: &[(u32, i64)],
    ) {
        let (Some(_), Some(_)) = (readers.first(), followers.first()) else { return };
        let piece = |from, to, after| Edge { from, to, kind: ON, key, before: None, after };
        // A chain of helpers that leads to all up to one place, and one to all from it on.
        let up_to: Vec<u32> = followers.iter().map(|_| self.helper()).collect();
        let from_on: Vec<u32> = followers.iter().map(|_| self.helper()).collect();
        for (place, (follower, value)) in followers.iter().enumerate() {
            self.list.push(piece(up_to[place], *follower, Some(*value)));
            self.list.push(piece(from_on[place], *follower, Some(*value)));
            if place > 0 {
                self.list.push(piece(up_to[place], up_to[place - 1], None));
                self.list.push(piece(from_on[place - 1], from_on[place], None));
            }
        }
        let mut places: Vec<(u32, usize)> =
            followers.iter().enumerate().map(|(place, (by, _))| (*by, place)).collect();
        places.sort_unstable();
        for (reader, before) in readers {
            let mut missed = |to| {
                let (from, before) = (*reader, *before);
                self.list.push(Edge { from, to, kind: RW, key, before, after: None });
            };
            match places.binary_search_by_key(reader, |(by, _)| *by) {
                Err(_) => missed(from_on[0]),
                Ok(found) => {
                    let place = places[found].1;
                    if place > 0 {
                        missed(up_to[place - 1]);
                    }
                    if place + 1 < followers.len() {
                        missed(from_on[place + 1]);
                    }
                }
            }
        }
    }

    /// Sorts the edges by where they begin; each only once.
    pub fn finish(mut self) -> Graph {
        self.list.sort_by_key(|edge| (edge.from, edge.kind, edge.to));
        self.list.dedup_by_key(|edge| (edge.from, edge.kind, edge.to));
        self.starts = alloc::vec![0; self.nodes as usize + 1];
        for edge in &self.list {
            self.starts[edge.from as usize + 1] += 1;
        }
        for node in 0..self.nodes as usize {
            self.starts[node + 1] += self.starts[node];
        }
        self
    }
}

/// A part of a graph: edges of some kinds, and, if `apart`, no two rw dependencies one after the
/// other. A state is twice a node, plus one where an rw dependency led there and that matters.
#[derive(Clone, Copy)]
pub(super) struct View<'g> {
    pub graph: &'g Graph,
    pub kinds: u8,
    pub apart: bool,
}

impl View<'_> {
    /// Where an edge leads from a state, if it may be taken.
    pub fn step(&self, state: u32, edge: &Edge) -> Option<u32> {
        if edge.kind == ON {
            return Some(edge.to * 2 + state % 2);
        }
        if edge.kind & self.kinds == 0 {
            return None;
        }
        if !self.apart || edge.kind != RW {
            return Some(edge.to * 2);
        }
        state.is_multiple_of(2).then_some(edge.to * 2 + 1)
    }

    /// Places in the list of edges that leave a state.
    pub fn leaving(&self, state: u32) -> core::ops::Range<u32> {
        let node = (state / 2) as usize;
        self.graph.starts[node]..self.graph.starts[node + 1]
    }

    /// The component of each state; 0 for a state that is one by itself.
    pub fn components(&self) -> Vec<u32> {
        const NEW: u32 = u32::MAX;
        let states = self.graph.nodes as usize * 2;
        let mut entered = alloc::vec![NEW; states];
        let mut low = alloc::vec![0; states];
        let mut component = alloc::vec![NEW; states];
        let (mut clock, mut components) = (0, 0);
        let mut open: Vec<u32> = Vec::new();
        let mut calls: Vec<(u32, u32)> = Vec::new();
        for root in 0..states as u32 {
            if entered[root as usize] != NEW || (!self.apart && root % 2 == 1) {
                continue;
            }
            calls.push((root, self.leaving(root).start));
            entered[root as usize] = clock;
            low[root as usize] = clock;
            clock += 1;
            open.push(root);
            while let Some((state, cursor)) = calls.pop() {
                let at = state as usize;
                if cursor < self.leaving(state).end {
                    calls.push((state, cursor + 1));
                    let Some(next) = self.step(state, &self.graph.list[cursor as usize]) else {
                        continue;
                    };
                    let to = next as usize;
                    if entered[to] == NEW {
                        entered[to] = clock;
                        low[to] = clock;
                        clock += 1;
                        open.push(next);
                        calls.push((next, self.leaving(next).start));
                    } else if component[to] == NEW {
                        low[at] = low[at].min(entered[to]);
                    }
                    continue;
                }
                if let Some((caller, _)) = calls.last() {
                    let caller = *caller as usize;
                    low[caller] = low[caller].min(low[at]);
                }
                if low[at] != entered[at] {
                    continue;
                }
                let alone = open.last() == Some(&state);
                components += u32::from(!alone);
                while let Some(member) = open.pop() {
                    component[member as usize] = if alone { 0 } else { components };
                    if member == state {
                        break;
                    }
                }
            }
        }
        component
    }
}
