//! Whether ids that were handed out are unique.

use alloc::vec::Vec;

/// An id that was handed out more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The id.
    pub id: i64,
    /// How often.
    pub times: usize,
}

/// Ids that were handed out more than once, in order; none is as it should be.
pub fn unique_ids(handed_out: &[i64]) -> Vec<Duplicate> {
    let mut sorted = handed_out.to_vec();
    sorted.sort_unstable();
    let same = sorted.chunk_by(|a, b| a == b).filter(|same| same.len() > 1);
    same.map(|same| Duplicate { id: same[0], times: same.len() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_twice() {
        assert_eq!(unique_ids(&[3, 1, 2]), []);
        let twice = |id, times| Duplicate { id, times };
        assert_eq!(unique_ids(&[3, 1, 3, 2, 1, 3]), [twice(1, 2), twice(3, 3)]);
    }
}
