//! Takes operations out of the list of calls and returns, and puts them back.

use super::super::layout::Node;
use super::super::specification::Specification;
use super::{Frame, Part};

impl<S: Specification> Part<S> {
    pub(super) fn lift(&mut self, frame: Frame) {
        let member = &self.members[self.nodes[frame.node as usize].member as usize];
        let (bit, returns) = (member.bit as usize, member.returns);
        if let Some(guide) = &mut self.guide {
            self.value = guide.take(self.value, member.operation);
        }
        self.linearized.set(bit);
        self.unlink(frame.node);
        if let Some(returns) = returns {
            self.unlink(returns);
            self.left -= 1;
        }
        self.stack.push(frame);
    }

    pub(super) fn unlift(&mut self, node: u32) {
        let member = &self.members[self.nodes[node as usize].member as usize];
        if member.repeats {
            return;
        }
        let (bit, returns) = (member.bit as usize, member.returns);
        if let Some(guide) = &mut self.guide {
            guide.give_back(member.operation);
        }
        if let Some(returns) = returns {
            self.relink(returns);
            self.left += 1;
        }
        self.relink(node);
        self.linearized.clear(bit);
    }

    fn unlink(&mut self, node: u32) {
        let Node { next, previous, .. } = self.nodes[node as usize];
        self.nodes[previous as usize].next = next;
        self.nodes[next as usize].previous = previous;
    }

    fn relink(&mut self, node: u32) {
        let Node { next, previous, .. } = self.nodes[node as usize];
        self.nodes[previous as usize].next = node;
        self.nodes[next as usize].previous = node;
    }
}
