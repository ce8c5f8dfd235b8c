//! Linearizability by its definition: try every order that respects real time. Shares no code
//! with the search, not even the specifications: an object is a function from a state and an
//! input to whatever may come of it.

use super::super::{History, Operation};
use alloc::vec::Vec;

/// What may come of an input: states and what comes back.
pub type Apply<M, I, O> = fn(&M, &I) -> Vec<(M, O)>;

/// Whether some order of all operations that `must` happen, and of any that `may`, explains
/// their results.
fn explains<M, I, O: PartialEq>(
    operations: &[Operation<I, O>],
    (must, may): (&[bool], &[bool]),
    taken: &mut Vec<bool>,
    state: &M,
    apply: Apply<M, I, O>,
) -> bool {
    if (0..operations.len()).all(|index| taken[index] || !must[index]) {
        return true;
    }
    for (index, next) in operations.iter().enumerate() {
        let waits = (0..operations.len()).any(|other| {
            let end = operations[other].end.as_ref();
            !taken[other] && must[other] && end.is_some_and(|end| end.time < next.call)
        });
        if taken[index] || waits || !(must[index] || may[index]) {
            continue;
        }
        taken[index] = true;
        for (after, output) in apply(state, &next.input) {
            let fits = next.end.as_ref().is_none_or(|end| end.output == output);
            if fits && explains(operations, (must, may), taken, &after, apply) {
                return true;
            }
        }
        taken[index] = false;
    }
    false
}

/// Whether these operations alone are linearizable.
pub fn linearizable<M, I: Clone, O: Clone + PartialEq>(
    operations: &[Operation<I, O>],
    start: &M,
    apply: Apply<M, I, O>,
) -> bool {
    let must: Vec<bool> = operations.iter().map(|it| it.end.is_some()).collect();
    let may: Vec<bool> = must.iter().map(|must| !must).collect();
    explains(operations, (&must, &may), &mut alloc::vec![false; must.len()], start, apply)
}

/// The source of the first return such that no order explains all returns up to it; none if the
/// history is linearizable.
pub fn first_unexplained<M, I: Clone, O: Clone + PartialEq>(
    history: &History<I, O>,
    start: &M,
    apply: Apply<M, I, O>,
) -> Option<u64> {
    let operations = history.operations();
    let mut returns: Vec<(u64, u64)> =
        operations.iter().filter_map(|it| it.end.as_ref()).map(|it| (it.time, it.source)).collect();
    returns.sort_unstable();
    let bad = returns.iter().find(|&&moment| {
        let must: Vec<bool> = operations
            .iter()
            .map(|it| it.end.as_ref().is_some_and(|end| (end.time, end.source) <= moment))
            .collect();
        let may: Vec<bool> = operations.iter().map(|it| it.call <= moment.0).collect();
        !explains(operations, (&must, &may), &mut alloc::vec![false; must.len()], start, apply)
    });
    bad.map(|&(_, source)| source)
}

/// Whether these operations can happen in just this order, which respects real time.
pub fn replays<M: Clone, I, O: PartialEq>(
    operations: &[Operation<I, O>],
    order: &[usize],
    start: &M,
    apply: Apply<M, I, O>,
) -> bool {
    let in_time = order.iter().enumerate().all(|(place, &later)| {
        order[..place].iter().all(|&earlier| {
            let end = operations[later].end.as_ref();
            end.is_none_or(|end| end.time >= operations[earlier].call)
        })
    });
    let mut states = alloc::vec![start.clone()];
    for &index in order {
        let it = &operations[index];
        let mut after = Vec::new();
        for state in &states {
            for (state, output) in apply(state, &it.input) {
                if it.end.as_ref().is_none_or(|end| end.output == output) {
                    after.push(state);
                }
            }
        }
        states = after;
    }
    in_time && !states.is_empty()
}
