//! One sort for all lists that are sorted by numbers: the machinery of a sort is compiled
//! once, not once for each type (6 KB of wasm apiece), and it is a heap's, which is small.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

/// Sorts by a pair of numbers; equal ones keep their order.
pub fn sort_by_key<T>(items: &mut [T], key: impl Fn(&T) -> (u64, u64)) {
    let mut keys = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let (first, second) = key(item);
        keys.push((first, second, place));
    }
    for (to, from) in swaps(keys).into_iter().enumerate() {
        items.swap(to, from);
    }
}

/// With which place each is swapped, from the first on, so that the keys are in order: every item
/// moves once.
fn swaps(keys: Vec<(u64, u64, usize)>) -> Vec<usize> {
    let heap = BinaryHeap::from(keys);
    // Where each stands now, and who stands there.
    let mut stands: Vec<usize> = (0..heap.len()).collect();
    let mut holds = stands.clone();
    let mut swaps = Vec::with_capacity(heap.len());
    for (to, (_, _, item)) in heap.into_sorted_vec().into_iter().enumerate() {
        let from = stands[item];
        let moved = holds[to];
        holds.swap(to, from);
        stands[moved] = from;
        stands[item] = to;
        swaps.push(from);
    }
    swaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let mut items = alloc::vec![(3, 'a'), (1, 'b'), (2, 'c'), (1, 'd'), (3, 'e'), (0, 'f')];
        sort_by_key(&mut items, |&(key, _)| (key, 0));
        assert_eq!(items, [(0, 'f'), (1, 'b'), (1, 'd'), (2, 'c'), (3, 'a'), (3, 'e')]);
    }
}
