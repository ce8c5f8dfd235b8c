//! Interval clocks: a clock that says how little it knows (Corbett et al., "Spanner: Google's
//! Globally-Distributed Database", 2012, section 3: TrueTime).

/// A reading with its uncertainty: true time lies between the two, ends included.
///
/// ```
/// use happens_before::clocks::Interval;
///
/// let commit = Interval::around(1_000, 7).latest; // s: no earlier than any true time now
/// assert_eq!(commit, 1_007);
/// // Commit-wait: its effects are shown only when s is past everywhere.
/// assert!(!Interval::around(1_010, 7).is_after(commit));
/// assert!(Interval::around(1_015, 7).is_after(commit));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// True time is not before this.
    pub earliest: u64,
    /// True time is not after this.
    pub latest: u64,
}

impl Interval {
    /// What is known when a clock shows `reading` and is at most `uncertainty` off.
    pub const fn around(reading: u64, uncertainty: u64) -> Interval {
        Interval {
            earliest: reading.saturating_sub(uncertainty),
            latest: reading.saturating_add(uncertainty),
        }
    }

    /// `TT.after(t)`: t has definitely passed.
    pub const fn is_after(self, t: u64) -> bool {
        t < self.earliest
    }

    /// `TT.before(t)`: t has definitely not arrived.
    pub const fn is_before(self, t: u64) -> bool {
        self.latest < t
    }

    /// Everything in this one lies before everything in the other: the order is certain.
    pub const fn precedes(self, other: Interval) -> bool {
        self.latest < other.earliest
    }

    /// Some time may lie in both: the order is not known.
    pub const fn overlaps(self, other: Interval) -> bool {
        !self.precedes(other) && !other.precedes(self)
    }

    /// Half the width, ε.
    pub const fn uncertainty(self) -> u64 {
        (self.latest - self.earliest) / 2
    }

    /// How uncertain a clock is that was set `elapsed` ago with an error of at most `error`, and
    /// drifts by at most `ppm` parts per million. In all three the same unit of time.
    ///
    /// ```
    /// use happens_before::clocks::Interval;
    ///
    /// // Spanner: 200 µs/s and a poll every 30 s, on top of 1 ms: ε is a sawtooth from 1 to 7 ms.
    /// assert_eq!(Interval::drifted(1_000, 30_000_000, 200), 7_000);
    /// ```
    pub const fn drifted(error: u64, elapsed: u64, ppm: u32) -> u64 {
        let (whole, rest) = (elapsed / 1_000_000, elapsed % 1_000_000);
        let ppm = ppm as u64;
        error
            .saturating_add(whole.saturating_mul(ppm))
            .saturating_add((rest * ppm).div_ceil(1_000_000))
    }
}
