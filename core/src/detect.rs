//! Failure detectors as plain data: how long a silence is too long. They know no network and no
//! world; whoever uses them says when something was heard, in µs of one monotonic clock.
//!
//! No detector can tell a dead process from a slow one or a lost message: each trades false
//! suspicions for the time until a death is noticed (Chandra and Toueg 1996). [`Timeout`] draws
//! the line at a fixed silence, [`PhiAccrual`] at one that is unlikely for what was seen before
//! (Hayashibara, Défago, Yared and Katayama, "The φ Accrual Failure Detector", 2004).
//!
//! ```
//! use happens_before::detect::{PhiAccrual, Timeout};
//!
//! let mut fixed = Timeout::new(300_000);
//! fixed.heard(1_000_000);
//! assert!(!fixed.suspects(1_300_000) && fixed.suspects(1_300_001));
//!
//! let mut phi = PhiAccrual::new(10, 5_000);
//! for beat in 0..20 {
//!     phi.heard(beat * 100_000);
//! }
//! // 10 ms late is two deviations: such a silence is to be expected once in 44 times.
//! assert_eq!(phi.milli_phi(1_900_000 + 110_000), 1_643);
//! // Twice the interval: nothing like it was ever seen.
//! assert!(phi.milli_phi(1_900_000 + 200_000) > 8_000);
//! ```
//!
//! All arithmetic is of integers, so that native code and wasm agree to the bit: φ comes from a
//! table of the normal distribution's tail, in thousandths, interpolated.

use alloc::collections::VecDeque;

/// Suspects after a fixed silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timeout {
    timeout_us: u64,
    last_us: Option<u64>,
}

impl Timeout {
    /// Suspects after more than `timeout_us` of silence.
    pub const fn new(timeout_us: u64) -> Timeout {
        Timeout { timeout_us, last_us: None }
    }

    /// Something was heard.
    pub fn heard(&mut self, now_us: u64) {
        self.last_us = Some(now_us);
    }

    /// How long nothing has been heard, µs; none before the first time.
    pub fn silence_us(&self, now_us: u64) -> Option<u64> {
        Some(now_us.saturating_sub(self.last_us?))
    }

    /// Whether the silence is too long. Nobody is suspected who was never heard.
    pub fn suspects(&self, now_us: u64) -> bool {
        self.silence_us(now_us).is_some_and(|silence_us| silence_us > self.timeout_us)
    }
}

/// Says how unlikely a silence is, after the intervals at which something was heard before: φ is
/// minus the decimal logarithm of the probability that the next one comes later still. φ = 1
/// is wrong once in 10 times, φ = 8 once in 10^8, if the intervals are normal (§4.2 of the paper).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhiAccrual {
    window: VecDeque<u64>,
    most: u32,
    floor_us: u64,
    last_us: Option<u64>,
}

/// -1000 log10 of the probability that a normal value lies more than z deviations above the
/// mean, for z from -3 to 12 in steps of 1/4.
const TAIL: [u32; 61] = [
    1, 1, 3, 5, 10, 18, 30, 48, 75, 112, 160, 223, 301, 397, 511, 645, 800, 976, 1175, 1397, 1643,
    1913, 2207, 2526, 2870, 3239, 3633, 4053, 4499, 4971, 5469, 5993, 6543, 7119, 7721, 8350, 9006,
    9688, 10396, 11131, 11893, 12681, 13496, 14338, 15206, 16101, 17023, 17972, 18947, 19950,
    20979, 22035, 23118, 24228, 25365, 26528, 27719, 28936, 30181, 31452, 32750,
];

/// Longer intervals, of more than twelve days, count as this one.
const INTERVAL_MOST_US: u64 = 1 << 40;

/// Steps of the table between two deviations, and parts of one step.
const STEPS: i64 = 4;
const PARTS: i64 = 256;

impl PhiAccrual {
    /// Keeps the last `window` intervals. `floor_us`: the deviation is taken to be at least this,
    /// or else a heart that never wavered would be suspected at the first waver.
    pub fn new(window: u32, floor_us: u64) -> PhiAccrual {
        let (most, floor_us) = (window.max(1), floor_us.max(1));
        PhiAccrual { window: VecDeque::new(), most, floor_us, last_us: None }
    }

    /// Something was heard.
    pub fn heard(&mut self, now_us: u64) {
        if let Some(last_us) = self.last_us {
            if self.window.len() as u64 >= u64::from(self.most) {
                self.window.pop_front();
            }
            self.window.push_back(now_us.saturating_sub(last_us).min(INTERVAL_MOST_US));
        }
        self.last_us = Some(now_us);
    }

    /// Intervals that it knows.
    pub fn samples(&self) -> u32 {
        self.window.len() as u32
    }

    /// Mean and standard deviation of the intervals, µs; none before there are two of them.
    pub fn intervals_us(&self) -> Option<(u64, u64)> {
        let count = self.window.len() as u128;
        if count < 2 {
            return None;
        }
        let sum: u128 = self.window.iter().map(|&us| u128::from(us)).sum();
        let squares: u128 = self.window.iter().map(|&us| u128::from(us) * u128::from(us)).sum();
        // Var = E[x²] - E[x]², over the common denominator count².
        let variance = (squares * count - sum * sum) / (count * count);
        Some(((sum / count) as u64, (variance.isqrt() as u64).max(self.floor_us)))
    }

    /// φ in thousandths; 0 before there is anything to compare with, at most 32,750.
    pub fn milli_phi(&self, now_us: u64) -> u32 {
        let (Some(last_us), Some((mean_us, deviation_us))) = (self.last_us, self.intervals_us())
        else {
            return 0;
        };
        let late_us = i128::from(now_us.saturating_sub(last_us)) - i128::from(mean_us);
        let scaled = late_us * i128::from(STEPS * PARTS) / i128::from(deviation_us);
        // From the table's first entry on, which stands for z = -3.
        let place = scaled + i128::from(3 * STEPS * PARTS);
        let last = TAIL.len() as i128 - 1;
        let step = place.div_euclid(i128::from(PARTS));
        if step < 0 {
            return 0;
        }
        if step >= last {
            return TAIL[TAIL.len() - 1];
        }
        let (low, high) = (TAIL[step as usize], TAIL[step as usize + 1]);
        let part = place.rem_euclid(i128::from(PARTS)) as u32;
        low + (high - low) * part / PARTS as u32
    }

    /// Whether φ exceeds a threshold, in thousandths.
    pub fn suspects(&self, now_us: u64, threshold: u32) -> bool {
        self.milli_phi(now_us) > threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Purpose, between, draw};
    use alloc::vec::Vec;

    fn random(seed: u64, k: u64, low: u64, high: u64) -> u64 {
        between(draw(seed, Purpose::Generate, &[400, k]), low, high)
    }

    fn after(intervals: &[u64], window: u32) -> (PhiAccrual, u64) {
        let mut phi = PhiAccrual::new(window, 1);
        let mut now_us = 0;
        phi.heard(now_us);
        for us in intervals {
            now_us += us;
            phi.heard(now_us);
        }
        (phi, now_us)
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_last_intervals() {
        for seed in 0..200 {
            let count = random(seed, 0, 2, 40) as usize;
            let intervals: Vec<u64> =
                (0..count as u64).map(|k| random(seed, k + 1, 1_000, 2_000_000)).collect();
            let window = random(seed, 99, 2, 20) as usize;
            let (phi, _) = after(&intervals, window as u32);
            let last = &intervals[count.saturating_sub(window)..];
            let mean = last.iter().sum::<u64>() as f64 / last.len() as f64;
            let squares: f64 = last.iter().map(|&us| (us as f64 - mean) * (us as f64 - mean)).sum();
            let deviation = libm::sqrt(squares / last.len() as f64);
            let (own_mean, own_deviation) = phi.intervals_us().expect("two or more");
            assert!((own_mean as f64 - mean).abs() <= 1.0, "seed {seed}");
            assert!((own_deviation as f64 - deviation).abs() <= 2.0, "seed {seed}");
        }
    }

    #[test]
    fn phi_grows_with_silence_and_is_that_of_the_normal_tail() {
        for seed in 0..100 {
            let intervals: Vec<u64> = (0..30).map(|k| random(seed, k, 80_000, 120_000)).collect();
            let (phi, last_us) = after(&intervals, 30);
            let (mean, deviation) = phi.intervals_us().expect("thirty");
            let mut before = 0;
            for k in 0..200u64 {
                let silence_us = k * 1_500;
                let now = phi.milli_phi(last_us + silence_us);
                assert!(now >= before, "seed {seed}: it never shrinks");
                before = now;
                let z = (silence_us as f64 - mean as f64) / deviation as f64;
                if (-2.5..8.0).contains(&z) {
                    let tail = 0.5 * libm::erfc(z / libm::sqrt(2.0));
                    let exact = -1_000.0 * libm::log10(tail);
                    assert!((f64::from(now) - exact).abs() < 15.0, "z = {z}: {now}, {exact}");
                }
            }
        }
    }

    #[test]
    fn a_fixed_timeout_suspects_exactly_the_silences_that_are_longer() {
        for seed in 0..100 {
            let (timeout, last) = (random(seed, 0, 1, 1_000_000), random(seed, 1, 0, 1_000_000));
            let mut detector = Timeout::new(timeout);
            assert!(!detector.suspects(u64::MAX), "nobody is suspected who was never heard");
            detector.heard(last);
            let silence = random(seed, 2, 0, 2_000_000);
            assert_eq!(detector.suspects(last + silence), silence > timeout);
        }
    }

    #[test]
    fn nothing_is_too_large() {
        let mut phi = PhiAccrual::new(3, 1);
        for at in [0, u64::MAX, 0, u64::MAX, u64::MAX] {
            phi.heard(at);
            phi.milli_phi(u64::MAX);
            phi.milli_phi(0);
        }
    }
}
