//! A node's monotonic clock: a piecewise line in integers over virtual time. Never floats,
//! never steps back.

/// local = `local0` + floor((t - `global0`) · (10^6 + ppm) / 10^6), all µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    global0_us: u64,
    local0_us: u64,
    ppm: i32,
}

const MILLION: u64 = 1_000_000;

impl Clock {
    /// Starts at zero with virtual time and runs at its rate.
    pub const fn new() -> Clock {
        Clock { global0_us: 0, local0_us: 0, ppm: 0 }
    }

    fn rate(&self) -> u64 {
        (1_000_000 + i64::from(self.ppm)) as u64
    }

    /// What it shows at virtual time `global_us`.
    pub fn local_us(&self, global_us: u64) -> u64 {
        let passed = global_us - self.global0_us;
        // Whole seconds apart: no product leaves 64 bits.
        let (whole, rest) = (passed / MILLION, passed % MILLION);
        self.local0_us + whole * self.rate() + rest * self.rate() / MILLION
    }

    /// The first virtual µs at which it shows `deadline_us` or more.
    pub fn due_us(&self, deadline_us: u64) -> u64 {
        let ahead = deadline_us.saturating_sub(self.local0_us);
        let (whole, rest) = (ahead / self.rate(), ahead % self.rate());
        self.global0_us + whole * MILLION + (rest * MILLION).div_ceil(self.rate())
    }

    /// From `global_us` on it runs `ppm` parts per million fast (negative: slow).
    pub fn drift(&mut self, global_us: u64, ppm: i32) {
        self.local0_us = self.local_us(global_us);
        self.global0_us = global_us;
        self.ppm = ppm.clamp(-900_000, 9_000_000);
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Purpose, between, draw};

    #[test]
    fn a_timer_is_never_early_and_never_a_tick_late_by_its_own_clock() {
        for case in 0..50_000u64 {
            let pick = |k, low, high| between(draw(11, Purpose::Generate, &[case, k]), low, high);
            let mut clock = Clock::new();
            let mut now = 0;
            for change in 0..pick(0, 0, 4) {
                now += pick(10 + change, 0, 3_000_000);
                clock.drift(now, pick(20 + change, 0, 400_000) as i32 - 200_000);
            }
            let deadline = clock.local_us(now) + pick(1, 0, 2_000_000);
            let due = clock.due_us(deadline);
            assert!(due >= now && clock.local_us(due) >= deadline, "early in case {case}");
            assert!(due == now || clock.local_us(due - 1) < deadline, "late in case {case}");
        }
    }

    #[test]
    fn a_change_of_rate_does_not_move_the_hands() {
        let mut clock = Clock::new();
        clock.drift(1_000, 500_000);
        assert_eq!(clock.local_us(1_000), 1_000);
        assert_eq!(clock.local_us(3_000), 4_000);
        clock.drift(3_000, 0);
        assert_eq!(clock.local_us(3_000), 4_000);
    }
}
