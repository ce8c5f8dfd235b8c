//! Lays out the operations of a part for its search: a doubly linked list of calls and returns
//! in the order of their times, calls first where times are equal.

use super::history::History;
use super::memory::Linearized;
use super::specification::Specification;
use alloc::vec::Vec;

/// The head of the list; the event with index 0 follows it as node 1.
pub const HEAD: u32 = 0;

/// What an operation counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is as the history says.
    Bound,
    /// It need not happen, but if it does it has the result that the history says.
    Optional,
    /// It may happen at any time with any result, or not at all; where the specification says
    /// that it may be repeated: any number of times.
    Free,
}

/// One operation of a part, as it is given: its index in the history, and its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub operation: u32,
    pub role: Role,
}

/// What has a say in whether the returns up to a moment, (time, source), can be explained: what
/// is called after it has none, and what returns after it need not have happened.
pub fn prefix<I, O>(
    history: &History<I, O>,
    operations: impl Iterator<Item = u32>,
    moment: (u64, u64),
) -> Vec<Chosen> {
    let all = history.operations();
    let role = |operation: u32| {
        let end = all[operation as usize].end.as_ref();
        match end.is_some_and(|end| (end.time, end.source) > moment) {
            true => Role::Optional,
            false => Role::Bound,
        }
    };
    operations
        .filter(|&operation| all[operation as usize].call <= moment.0)
        .map(|operation| Chosen { operation, role: role(operation) })
        .collect()
}

/// An operation as the search sees it.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Index in the history.
    pub operation: u32,
    pub bit: u32,
    /// The node of its return; none for an open one.
    pub returns: Option<u32>,
    /// The open operation with the same input that was called just before: it goes first, since
    /// whatever takes this one could take that one.
    pub twin: Option<u32>,
    /// Its result is known, so it has to be legal with that one.
    pub knows: bool,
    /// It is free to happen any number of times.
    pub repeats: bool,
    /// It has a result, and only reads.
    pub reads: bool,
}

/// A call or a return, linked to those around it that are not lifted.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub member: u32,
    pub is_return: bool,
    pub next: u32,
    pub previous: u32,
}

/// A member that is being laid out.
struct Kept {
    operation: u32,
    returned: bool,
    knows: bool,
    repeats: bool,
    reads: bool,
}

/// Where a search begins.
pub struct Layout {
    pub members: Vec<Member>,
    /// The head, then all events in order.
    pub nodes: Vec<Node>,
    /// How many operations have to be linearized.
    pub left: usize,
    /// None yet.
    pub linearized: Linearized,
}

impl Layout {
    /// Lays out these operations, given in any order. What can only read and need not happen is
    /// left out: it explains nothing.
    pub fn new<S: Specification>(
        specification: &S,
        history: &History<S::Input, S::Output>,
        chosen: &[Chosen],
    ) -> Layout {
        let operations = history.operations();
        // Time, calls before returns, source, then which member and whether it returns.
        let mut events: Vec<(u64, bool, u64, u32)> = Vec::new();
        let mut kept: Vec<Kept> = Vec::new();
        for &Chosen { operation, role } in chosen {
            let it = &operations[operation as usize];
            let free = role == Role::Free;
            let end = it.end.as_ref().filter(|_| role == Role::Bound);
            let knows = it.end.is_some() && !free;
            let output = it.output().filter(|_| knows);
            if end.is_none() && specification.only_reads(&it.input, output) {
                continue;
            }
            let repeats = free && specification.repeats(&it.input);
            let same = |other: &Kept| {
                other.repeats && operations[other.operation as usize].input == it.input
            };
            if repeats && kept.iter().any(same) {
                continue;
            }
            let member = kept.len() as u32;
            let (call, source) = if free { (0, 0) } else { (it.call, it.source) };
            events.push((call, false, source, member));
            if let Some(end) = end {
                events.push((end.time, true, end.source, member));
            }
            let reads = output.is_some() && specification.only_reads(&it.input, output);
            kept.push(Kept { operation, returned: end.is_some(), knows, repeats, reads });
        }
        events.sort_unstable();
        let left = kept.iter().filter(|it| it.returned).count();
        let member = |&Kept { operation, knows, repeats, reads, .. }: &Kept| Member {
            operation,
            bit: 0,
            returns: None,
            twin: None,
            knows,
            repeats,
            reads,
        };
        let mut layout = Layout {
            members: kept.iter().map(member).collect(),
            nodes: Vec::with_capacity(events.len() + 1),
            left,
            linearized: Linearized::new(left, kept.len() - left),
        };
        layout.nodes.push(Node { member: 0, is_return: false, next: 1, previous: 0 });
        let (mut returned, mut open) = (0, Vec::<u32>::new());
        for (index, &(_, is_return, _, member)) in events.iter().enumerate() {
            let node = index as u32 + 1;
            layout.nodes.push(Node { member, is_return, next: node + 1, previous: node - 1 });
            let it = &mut layout.members[member as usize];
            if is_return {
                it.returns = Some(node);
            } else if kept[member as usize].returned {
                it.bit = returned;
                returned += 1;
            } else if !it.repeats {
                it.bit = layout.linearized.open_bit(open.len()) as u32;
                let input = |of: u32| &operations[kept[of as usize].operation as usize].input;
                let is_twin = |twin: u32| {
                    !kept[member as usize].knows
                        && !kept[twin as usize].knows
                        && input(twin) == input(member)
                };
                it.twin = open.iter().rev().copied().find(|&twin| is_twin(twin));
                open.push(member);
            }
        }
        if let Some(last) = layout.nodes.last_mut() {
            last.next = HEAD;
        }
        layout
    }
}
