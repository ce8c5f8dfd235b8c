//! A node's clocks in integers over virtual time: the monotonic one, a piecewise line that
//! never steps back, and the wall clock, which is that line and a correction. Never floats.

/// local = `local0` + floor((t - `global0`) · (10^6 + ppm) / 10^6), all µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    global0_us: u64,
    local0_us: u64,
    ppm: i32,
    stopped: bool,
}

const MILLION: u64 = 1_000_000;

impl Clock {
    /// Starts at zero with virtual time and runs at its rate.
    pub const fn new() -> Clock {
        Clock { global0_us: 0, local0_us: 0, ppm: 0, stopped: false }
    }

    fn rate(&self) -> u64 {
        (1_000_000 + i64::from(self.ppm)) as u64
    }

    /// What it shows at virtual time `global_us`.
    pub fn local_us(&self, global_us: u64) -> u64 {
        if self.stopped {
            return self.local0_us;
        }
        let passed = global_us - self.global0_us;
        // Whole seconds apart: no product leaves 64 bits.
        let (whole, rest) = (passed / MILLION, passed % MILLION);
        self.local0_us + whole * self.rate() + rest * self.rate() / MILLION
    }

    /// The first virtual µs at which it shows `deadline_us` or more; never, while it stands.
    pub fn due_us(&self, deadline_us: u64) -> u64 {
        if self.stopped {
            return u64::MAX;
        }
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

    /// The machine is suspended: it stands still.
    pub fn stop(&mut self, global_us: u64) {
        self.local0_us = self.local_us(global_us);
        self.stopped = true;
    }

    /// It goes on from where it stood.
    pub fn go_on(&mut self, global_us: u64) {
        self.global0_us = global_us;
        self.stopped = false;
    }

    /// How much too fast it runs (negative: too slow), parts per million.
    pub fn ppm(&self) -> i32 {
        self.ppm
    }

    /// Whether it stands still.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

/// What a wall clock shows when virtual time begins, µs: ten o'clock, so that it can go back.
pub const WALL_START_US: u64 = 36_000_000_000;

/// The wall clock: the monotonic one, corrected. Steps move it at once; a slew leads it to the
/// right time at a small extra rate, as adjtime does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wall {
    /// Steps and finished slews, µs.
    offset_us: i64,
    /// What is still to be slewed, µs, from `since_us` of the monotonic clock on.
    slew_us: i64,
    since_us: u64,
    ppm: u32,
}

impl Wall {
    /// How much of the slew is done when the monotonic clock shows `local_us`, µs.
    fn slewed_us(&self, local_us: u64) -> i64 {
        let passed = local_us.saturating_sub(self.since_us);
        let (whole, rest) = (passed / MILLION, passed % MILLION);
        let ppm = u64::from(self.ppm);
        let done = whole.saturating_mul(ppm).saturating_add(rest * ppm / MILLION);
        let done = done.min(self.slew_us.unsigned_abs()) as i64;
        if self.slew_us < 0 { -done } else { done }
    }

    /// What it shows when the monotonic clock shows `local_us`; never below zero.
    pub fn show_us(&self, local_us: u64) -> u64 {
        (local_us + WALL_START_US).saturating_add_signed(self.moved_us(local_us))
    }

    /// By how much steps and slews have moved it when the monotonic clock shows `local_us`, µs.
    pub fn moved_us(&self, local_us: u64) -> i64 {
        self.offset_us.saturating_add(self.slewed_us(local_us))
    }

    /// What a slew has still to do when the monotonic clock shows `local_us`, µs.
    pub fn left_us(&self, local_us: u64) -> i64 {
        self.slew_us - self.slewed_us(local_us)
    }

    /// It jumps.
    pub fn step(&mut self, by_us: i64) {
        self.offset_us = self.offset_us.saturating_add(by_us);
    }

    /// From the monotonic `local_us` on it is led by `by_us` at `ppm`; what an earlier slew had
    /// still to do is given up.
    pub fn slew(&mut self, local_us: u64, by_us: i64, ppm: u32) {
        self.offset_us = self.moved_us(local_us);
        (self.slew_us, self.since_us, self.ppm) = (by_us, local_us, ppm);
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
    fn a_suspended_clock_stands_and_its_timers_are_never_due() {
        let mut clock = Clock::new();
        clock.drift(1_000, 100_000);
        clock.stop(11_000);
        assert_eq!((clock.local_us(11_000), clock.local_us(99_000)), (12_000, 12_000));
        assert_eq!(clock.due_us(12_500), u64::MAX);
        clock.go_on(50_000);
        assert_eq!(clock.local_us(60_000), 23_000);
        assert_eq!(clock.due_us(23_000), 60_000);
    }

    #[test]
    fn a_slewed_wall_clock_never_jumps_and_arrives() {
        let mut wall = Wall::default();
        assert_eq!(wall.show_us(5), WALL_START_US + 5);
        wall.step(-5_000_000);
        assert_eq!(wall.show_us(0), WALL_START_US - 5_000_000);
        wall.slew(0, 20_000, 500);
        let mut before = wall.show_us(0);
        for second in 1..=60 {
            let shown = wall.show_us(second * 1_000_000);
            let gained = shown - before - 1_000_000;
            assert_eq!(gained, if second <= 40 { 500 } else { 0 }, "second {second}");
            before = shown;
        }
        wall.slew(60_000_000, -7, 500_000);
        assert_eq!(wall.show_us(60_000_010), before + 10 - 5);
        assert_eq!(wall.show_us(60_001_000), before + 1_000 - 7);
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
