//! Follows an order that was found without a search.

use super::super::history::History;
use super::super::layout::Node;
use super::super::specification::{Outcomes, Specification};
use super::{Frame, Part, Standing};
use alloc::vec::Vec;

impl<S: Specification> Part<S> {
    /// Takes operations in this order; whether it explains all results. If not, nothing has
    /// happened. Before any search.
    pub fn follow(
        &mut self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        order: &[u32],
    ) -> bool {
        let mut calls: Vec<(u32, u32)> = Vec::with_capacity(self.members.len());
        for (node, it) in self.nodes.iter().enumerate().skip(1).filter(|(_, it)| !it.is_return) {
            calls.push((self.members[it.member as usize].operation, node as u32));
        }
        calls.sort_unstable();
        let mut before = 1;
        for operation in order {
            let call = calls.binary_search_by_key(operation, |&(operation, _)| operation);
            let call = call.ok().map(|place| calls[place].1);
            let went = call.is_some_and(|node| {
                before = self.first_return(before);
                node < before && self.go(specification, history, node)
            });
            if !went {
                break;
            }
        }
        if self.left == 0 {
            self.standing = Standing::Explained;
            return true;
        }
        while let Some(frame) = self.stack.pop() {
            self.unlift(frame.node);
            self.state = frame.before;
        }
        false
    }

    /// The first return, from this node on, of what has not been taken.
    fn first_return(&self, from: u32) -> u32 {
        let waits = |node: &&Node| {
            node.is_return && !self.linearized.has(self.members[node.member as usize].bit as usize)
        };
        let after = self.nodes.get(from as usize..).unwrap_or_default();
        after.iter().take_while(|node| !waits(node)).count() as u32 + from
    }

    /// Takes the operation of a call, if it is legal and leaves one state.
    fn go(&mut self, specification: &S, history: &History<S::Input, S::Output>, node: u32) -> bool {
        let member = &self.members[self.nodes[node as usize].member as usize];
        let it = &history.operations()[member.operation as usize];
        let output = it.output().filter(|_| member.knows);
        let after = match specification.step(self.states.get(self.state), &it.input, output) {
            Outcomes::Same => self.state,
            Outcomes::One(after) => self.number(specification, after),
            Outcomes::Illegal | Outcomes::Several(_) => return false,
        };
        self.steps += 1;
        let (before, value) = (self.state, self.value);
        self.lift(Frame { node, outcome: 0, before, value, only_reads: false });
        self.state = after;
        true
    }
}
