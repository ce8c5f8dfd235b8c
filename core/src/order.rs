//! One sort for all lists that are sorted by numbers: the machinery of a sort is compiled
//! once, not once for each type (3 KB of wasm apiece).

use alloc::vec::Vec;

/// Sorts by a pair of numbers; equal ones keep their order.
pub fn sort_by_key<T>(items: &mut Vec<T>, key: impl Fn(&T) -> (u64, u64)) {
    let keys = items.iter().map(key).enumerate();
    let mut order: Vec<(u64, u64, u64)> =
        keys.map(|(place, (first, second))| (first, second, place as u64)).collect();
    order.sort_unstable();
    let mut old: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.iter().filter_map(|&(_, _, place)| old[place as usize].take()));
}
