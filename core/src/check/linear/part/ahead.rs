//! What the next read shows: orders that it cannot follow lead nowhere and are given up.

use super::super::history::History;
use super::super::layout::{HEAD, Member, Node};
use super::super::memory::Visited;
use super::super::specification::{Outcomes, Specification};
use super::{Furthest, Part, Standing};
use alloc::vec::Vec;

/// Events that are looked at for the next read, at most.
const AHEAD_MAX: usize = 256;

impl<S: Specification> Part<S> {
    /// Whether the next read to return can still have its result once the operation of a call has
    /// left this state: by what was called before that return.
    pub(super) fn leads_on(
        &self,
        specification: &S,
        history: &History<S::Input, S::Output>,
        taken: u32,
        after: u32,
    ) -> bool {
        let mut others: Vec<&S::Input> = Vec::new();
        let mut node = self.nodes[HEAD as usize].next;
        for _ in 0..AHEAD_MAX {
            let Node { member, is_return, next, .. } = self.nodes[node as usize];
            if node == HEAD || node >= self.ahead {
                return true;
            }
            let Member { operation, repeats, reads, .. } = self.members[member as usize];
            let it = &history.operations()[operation as usize];
            match it.output() {
                Some(output) if is_return && reads => {
                    let state = self.states.get(after);
                    return specification.step(state, &it.input, Some(output)) != Outcomes::Illegal
                        || specification.can_lead(state, (&it.input, output), &others);
                }
                _ if !is_return && !reads && (repeats || node != taken) => {
                    others.push(&it.input);
                }
                _ => {}
            }
            node = next;
        }
        true
    }

    /// Everything was tried. What was given up may have come further than what was not, but as
    /// all that is left ends before some return, only what a read before that one shows to lead
    /// nowhere may be given up: once more, with that in mind.
    pub(super) fn refuted(&mut self) {
        if !(S::LOOKS_AHEAD && self.exact && self.ahead == u32::MAX) {
            self.standing = Standing::Refuted;
            return;
        }
        self.ahead = self.furthest.node;
        self.furthest = Furthest::default();
        self.visited = Visited::default();
        self.reached = 0;
        self.entered = true;
    }
}
