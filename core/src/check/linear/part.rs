//! The search on one part of a history: Wing and Gong's, over a linked list of calls and
//! returns, with Lowe's memory. Where a call that can be next is legal it is lifted out of the
//! list together with its return; where the search stands before a return with nothing left to
//! try, it goes back. Knows no budget: whoever drives it does.

mod ahead;
mod follow;
mod links;

use super::history::History;
use super::layout::{Chosen, HEAD, Layout, Member, Node};
use super::memory::{Linearized, States, Visited};
use super::specification::{Effect, Outcomes, Specification};
use super::unique::Guide;
use alloc::vec::Vec;

/// Dead ends of which the way is kept.
const WAYS_KEPT: usize = 4;

/// States before the return that nothing explains of which a report can speak.
const STATES_KEPT: usize = 8;

/// Where a search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is more to try.
    Working,
    /// An order explains all results.
    Explained,
    /// No order does.
    Refuted,
}

/// One linearized operation.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: u32,
    /// Which of several outcomes.
    outcome: u32,
    /// The state before.
    before: u32,
    /// The number of the value before, where a guide counts values.
    value: u32,
    /// It only read: nothing else needs to be tried in its place.
    only_reads: bool,
}

/// The furthest that any order comes.
#[derive(Clone, Debug, Default)]
pub struct Furthest {
    /// The return before which all those orders end, as (time, source, operation).
    pub blocked: Option<(u64, u64, u32)>,
    /// States that those orders leave there, the first few.
    pub states: Vec<u32>,
    /// Whether there are more states than are kept.
    pub more_states: bool,
    /// Some of the longest of those orders, as indexes in the history.
    pub ways: Vec<Vec<u32>>,
    node: u32,
}

#[derive(Clone, Debug)]
pub struct Part<S: Specification> {
    members: Vec<Member>,
    nodes: Vec<Node>,
    /// Operations that returned and are not linearized yet.
    left: usize,
    linearized: Linearized,
    states: States<S::State>,
    visited: Visited,
    stack: Vec<Frame>,
    state: u32,
    /// What is tried next: a node, and which of its outcomes.
    cursor: (u32, u32),
    /// The configuration was just entered.
    entered: bool,
    standing: Standing,
    steps: u64,
    furthest: Furthest,
    /// The last first return that any configuration stood before.
    reached: u32,
    guide: Option<Guide>,
    /// The number of the value that is there, where there is a guide.
    value: u32,
    /// Orders are given up of which a read that returns before this node shows that they lead
    /// nowhere. They might come further than such a read, but not further than this node.
    ahead: u32,
    /// It matters how far orders come.
    exact: bool,
}

impl<S: Specification> Part<S> {
    /// A search over these operations, in any order.
    pub fn new(
        specification: &S,
        history: &History<S::Input, S::Output>,
        chosen: &[Chosen],
    ) -> Part<S> {
        let Layout { members, nodes, left, linearized } =
            Layout::new(specification, history, chosen);
        let mut states = States::new();
        let state = states.number(specification.start(), |state| specification.weight(state));
        Part {
            members,
            nodes,
            left,
            linearized,
            states,
            visited: Visited::default(),
            stack: Vec::new(),
            state,
            cursor: (HEAD, 0),
            entered: true,
            standing: Standing::Working,
            steps: 0,
            furthest: Furthest::default(),
            reached: 0,
            guide: None,
            value: Effect::START,
            ahead: u32::MAX,
            exact: true,
        }
    }

    /// A search of which only the verdict matters.
    pub fn roughly(self) -> Part<S> {
        Part { exact: false, ..self }
    }

    /// No order explains all returns up to this one, (time, source, operation).
    pub fn refute(&mut self, blocked: (u64, u64, u32)) {
        self.standing = Standing::Refuted;
        self.furthest = Furthest { blocked: Some(blocked), ..Furthest::default() };
    }

    /// Searches for where the orders end that come as far as any does, which is up to the return
    /// of an operation.
    pub fn explain(&mut self, guide: Guide, blocked: u32) {
        self.standing = Standing::Working;
        self.furthest = Furthest::default();
        self.guide = Some(guide);
        let blocked = self.members.iter().find(|member| member.operation == blocked);
        self.ahead = blocked.and_then(|member| member.returns).unwrap_or(HEAD);
    }

    /// How many operations were tried so far, in all places.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// About how many bytes it holds.
    pub fn weight(&self) -> usize {
        self.visited.weight()
            + self.states.weight()
            + self.stack.capacity() * size_of::<Frame>()
            + self.nodes.capacity() * size_of::<Node>()
            + self.members.capacity() * size_of::<Member>()
    }

    /// The furthest that any order came so far; final once it is refuted.
    pub fn furthest(&self) -> &Furthest {
        &self.furthest
    }

    /// Whether some order explains all returns up to this one, (time, source).
    pub fn has_passed(&self, history: &History<S::Input, S::Output>, bound: (u64, u64)) -> bool {
        self.standing == Standing::Explained
            || self
                .moment(history, self.reached)
                .is_some_and(|(time, source, _)| (time, source) > bound)
    }

    /// Its operations, as indexes in the history.
    pub fn operations(&self) -> impl Iterator<Item = u32> + '_ {
        self.members.iter().map(|member| member.operation)
    }

    /// Frees what only a search that goes on needs.
    pub fn forget(&mut self) {
        self.visited = Visited::default();
    }

    /// A state that [`Furthest`] names.
    pub fn state(&self, number: u32) -> &S::State {
        self.states.get(number)
    }

    /// Tries so many operations more, or fewer if it is decided earlier.
    pub fn advance(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        max_steps: u64,
    ) -> Standing {
        let end = self.steps.saturating_add(max_steps);
        while self.standing == Standing::Working && self.steps < end {
            if self.entered {
                self.enter(specification, history);
            } else {
                self.try_next(specification, history);
            }
        }
        self.standing
    }

    /// Linearizes at once what is legal and only reads: any order that takes it later can take
    /// it now, for it changes nothing.
    fn enter(&mut self, specification: &S, history: &History<S::Input, S::Output>) {
        self.entered = false;
        let mut node = self.nodes[HEAD as usize].next;
        while node != HEAD && !self.nodes[node as usize].is_return {
            let next = self.nodes[node as usize].next;
            let member = &self.members[self.nodes[node as usize].member as usize];
            let it = &history.operations()[member.operation as usize];
            let output = it.output().filter(|_| member.knows);
            if output.is_some() && specification.only_reads(&it.input, output) {
                self.steps += 1;
                let state = self.states.get(self.state);
                let stays = match specification.step(state, &it.input, output) {
                    Outcomes::Illegal => false,
                    Outcomes::Same => true,
                    Outcomes::One(after) => after == *state,
                    Outcomes::Several(after) => after.contains(state),
                };
                if stays {
                    let returns = member.returns;
                    let (before, value) = (self.state, self.value);
                    self.lift(Frame { node, outcome: 0, before, value, only_reads: true });
                    // Its own return may have been what comes next.
                    node = if Some(next) == returns { self.after(node) } else { next };
                    continue;
                }
            }
            node = next;
        }
        if self.left == 0 {
            self.standing = Standing::Explained;
            return;
        }
        self.reached = self.reached.max(node);
        self.cursor = (self.nodes[HEAD as usize].next, 0);
    }

    /// The node that comes after one that was just lifted.
    fn after(&self, lifted: u32) -> u32 {
        // Its own link is what it was before its return was lifted, too: ask its predecessor.
        self.nodes[self.nodes[lifted as usize].previous as usize].next
    }

    /// Tries the operation at the cursor.
    fn try_next(&mut self, specification: &S, history: &History<S::Input, S::Output>) {
        self.steps += 1;
        let (at, outcome) = self.cursor;
        let node = self.nodes[at as usize];
        if at == HEAD || node.is_return {
            self.dead_end(history, at);
            return;
        }
        let member = &self.members[node.member as usize];
        let twin_waits = member
            .twin
            .is_some_and(|twin| !self.linearized.has(self.members[twin as usize].bit as usize));
        let guided = self.guide.as_ref();
        if twin_waits || guided.is_some_and(|it| !it.allows(self.value, member.operation)) {
            self.cursor = (node.next, 0);
            return;
        }
        let it = &history.operations()[member.operation as usize];
        let open = member.returns.is_none();
        let output = it.output().filter(|_| member.knows);
        let state = self.states.get(self.state);
        let after = match specification.step(state, &it.input, output) {
            Outcomes::Illegal => None,
            Outcomes::Same => (outcome == 0).then_some((self.state, false)),
            Outcomes::One(after) => {
                (outcome == 0).then(|| (self.number(specification, after), false))
            }
            Outcomes::Several(mut after) => {
                let more = after.len() > outcome as usize + 1;
                ((outcome as usize) < after.len()).then(|| {
                    let after = after.swap_remove(outcome as usize);
                    (self.number(specification, after), more)
                })
            }
        };
        let Some((after, more)) = after else {
            self.cursor = (node.next, 0);
            return;
        };
        self.cursor = if more { (at, outcome + 1) } else { (node.next, 0) };
        // An open operation that changes nothing might as well not have happened.
        if open && after == self.state {
            return;
        }
        if S::LOOKS_AHEAD && !self.leads_on(specification, history, at, after) {
            return;
        }
        let (before, value) = (self.state, self.value);
        let frame = Frame { node: at, outcome, before, value, only_reads: false };
        let member = &self.members[node.member as usize];
        if member.repeats {
            if self.visited.insert(&self.linearized, after) {
                self.stack.push(frame);
                self.state = after;
                self.entered = true;
            }
            return;
        }
        let bit = member.bit as usize;
        self.linearized.set(bit);
        if self.visited.insert(&self.linearized, after) {
            self.lift(frame);
            self.state = after;
            self.entered = true;
        } else {
            self.linearized.clear(bit);
        }
    }

    fn number(&mut self, specification: &S, state: S::State) -> u32 {
        self.states.number(state, |state| specification.weight(state))
    }

    /// No order goes on from here: notes how far it came, and takes back the last choice.
    fn dead_end(&mut self, history: &History<S::Input, S::Output>, blocked: u32) {
        self.note(history, blocked);
        loop {
            let Some(frame) = self.stack.pop() else {
                self.refuted();
                return;
            };
            self.unlift(frame.node);
            self.state = frame.before;
            self.value = frame.value;
            if !frame.only_reads {
                // Past its outcomes the cursor moves on by itself.
                self.cursor = (frame.node, frame.outcome + 1);
                return;
            }
        }
    }

    fn note(&mut self, history: &History<S::Input, S::Output>, blocked: u32) {
        if blocked > self.furthest.node {
            self.furthest = Furthest {
                blocked: self.moment(history, blocked),
                node: blocked,
                ..Furthest::default()
            };
        }
        if blocked < self.furthest.node {
            return;
        }
        let furthest = &mut self.furthest;
        if !furthest.states.contains(&self.state) {
            if furthest.states.len() < STATES_KEPT {
                furthest.states.push(self.state);
            } else {
                furthest.more_states = true;
            }
        }
        let longest = furthest.ways.first().map_or(0, Vec::len);
        if self.stack.len() > longest {
            furthest.ways.clear();
        }
        if self.stack.len() >= longest && furthest.ways.len() < WAYS_KEPT {
            let operation = |frame: &Frame| {
                self.members[self.nodes[frame.node as usize].member as usize].operation
            };
            furthest.ways.push(self.stack.iter().map(operation).collect());
        }
    }

    /// The return at a node: (time, source, operation).
    fn moment(&self, history: &History<S::Input, S::Output>, node: u32) -> Option<(u64, u64, u32)> {
        let node = self.nodes.get(node as usize).filter(|node| node.is_return)?;
        let operation = self.members[node.member as usize].operation;
        let end = history.operations()[operation as usize].end.as_ref()?;
        Some((end.time, end.source, operation))
    }
}
