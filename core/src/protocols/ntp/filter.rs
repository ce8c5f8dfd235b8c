//! The clock filter (RFC 5905, section 10): of the last eight samples of a source the one with
//! the least delay is the best, since an offset is wrong by half the delay at most.

use alloc::vec::Vec;

/// So many samples are kept of each source.
pub const STAGES: usize = 8;

/// What one exchange has told of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sample {
    /// The poll's number.
    pub number: u64,
    /// By how much the source's wall clock is ahead of this node's *monotonic* one, µs. Against
    /// that a sample stays true when the wall clock is set: only drift makes it old.
    pub ahead_us: i64,
    /// Both ways together, µs.
    pub delay_us: i64,
}

impl Sample {
    /// The offset is wrong by no more than this, µs.
    pub fn error_us(&self) -> i64 {
        (self.delay_us + 1).div_euclid(2)
    }

    /// From where to where the source's clock may be ahead, µs.
    pub fn span(&self) -> (i64, i64) {
        (self.ahead_us - self.error_us(), self.ahead_us + self.error_us())
    }
}

/// The last samples of a source, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter(Vec<Sample>);

impl Filter {
    /// One more; the oldest goes.
    pub fn add(&mut self, sample: Sample) {
        if self.0.len() == STAGES {
            self.0.remove(0);
        }
        self.0.push(sample);
    }

    /// The sample with the least delay, of several the last. None before the first.
    pub fn best(&self) -> Option<Sample> {
        self.0.iter().rev().min_by_key(|sample| sample.delay_us).copied()
    }

    /// The last one.
    pub fn newest(&self) -> Option<Sample> {
        self.0.last().copied()
    }

    /// All of them, the oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_delay_of_the_last_eight_counts() {
        let mut filter = Filter::default();
        assert_eq!((filter.best(), filter.newest()), (None, None));
        let delays = [40, 30, 30, 90, 80, 70, 60, 50, 45, 99];
        let best: Vec<u64> = (1..)
            .zip(delays)
            .map(|(number, delay_us)| {
                filter.add(Sample { number, ahead_us: 0, delay_us });
                filter.best().map_or(0, |sample| sample.number)
            })
            .collect();
        assert_eq!(best, [1, 2, 3, 3, 3, 3, 3, 3, 3, 3]);
        assert_eq!((filter.samples().len(), filter.newest().map(|s| s.number)), (8, Some(10)));
        filter.add(Sample { number: 11, ahead_us: 0, delay_us: 46 });
        assert_eq!(filter.best().map(|sample| sample.number), Some(9), "3 is too old");
    }

    #[test]
    fn an_error_is_half_the_delay_rounded_up() {
        let sample = Sample { number: 1, ahead_us: -100, delay_us: 41 };
        assert_eq!((sample.error_us(), sample.span()), (21, (-121, -79)));
    }
}
