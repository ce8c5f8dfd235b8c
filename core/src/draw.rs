//! Randomness without streams: every draw is a pure function of (seed, purpose, key), so a
//! fault added in one place does not reshuffle what happens elsewhere. Integers only.
//! The mixer is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).

use crate::renaming::Tag;
use core::hash::Hasher;

/// What a draw is for. Draws of different purposes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Fate of a message; each kind of draw about it has its own rank.
    Message = 1,
    /// A process's own randomness.
    Process = 2,
    /// How long a sync takes.
    Sync = 3,
    /// How many unsynced records survive a power cut.
    Survival = 4,
    /// `random` in a line.
    Selector = 5,
    /// Which operation a client does next.
    Workload = 6,
    /// Random scenarios.
    Generate = 7,
    /// `chaos` lines.
    Chaos = 8,
}

/// Scrambles 64 bits so that every input bit moves every output bit.
pub const fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The draw of this seed, purpose and key.
pub fn draw(seed: u64, purpose: Purpose, key: &[u64]) -> u64 {
    let mut state = mix(seed ^ mix(purpose as u64));
    for part in key {
        state = mix(state ^ part);
    }
    state
}

/// Scales a draw to `0..bound`. `bound` 0 gives 0.
pub const fn below(draw: u64, bound: u64) -> u64 {
    if bound <= u32::MAX as u64 {
        // 32-bit product: the 128-bit one is slow in wasm.
        ((draw >> 32) * bound) >> 32
    } else {
        ((draw as u128 * bound as u128) >> 64) as u64
    }
}

/// Scales a draw to `low..=high`.
pub const fn between(draw: u64, low: u64, high: u64) -> u64 {
    low + below(draw, high.saturating_sub(low) + 1)
}

/// True in `ppm` parts of a million.
pub const fn chance(draw: u64, ppm: u32) -> bool {
    below(draw, 1_000_000) < ppm as u64
}

/// A hasher whose result is the same on every platform: `usize` and `isize` are widened to
/// 64 bits (a derived `Hash` differs between native and wasm otherwise), and integers enter
/// by value, not by native bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StableHasher(u64);

impl StableHasher {
    /// Goes on from an earlier state.
    pub const fn with_state(state: u64) -> StableHasher {
        StableHasher(state)
    }
}

impl Hasher for StableHasher {
    fn finish(&self) -> u64 {
        mix(self.0)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
        self.write_u64(bytes.len() as u64);
    }
    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }
    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9fb2_1c65_1e98_df25);
        self.0 ^= self.0 >> 32;
    }
    fn write_u128(&mut self, value: u128) {
        self.write_u64(value as u64);
        self.write_u64((value >> 64) as u64);
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn write_i8(&mut self, value: i8) {
        self.write_u64(value as u64);
    }
    fn write_i16(&mut self, value: i16) {
        self.write_u64(value as u64);
    }
    fn write_i32(&mut self, value: i32) {
        self.write_u64(value as u64);
    }
    fn write_i64(&mut self, value: i64) {
        self.write_u64(value as u64);
    }
    fn write_i128(&mut self, value: i128) {
        match Tag::read(value) {
            Some((_, number)) => self.write_u64(number),
            None => self.write_u128(value as u128),
        }
    }
    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as i64 as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::hash::Hash;

    fn hash_of(value: &impl Hash) -> u64 {
        let mut hasher = StableHasher::default();
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn the_mixer_and_the_hasher_give_known_values_on_every_platform() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf, "first output of SplitMix64 from seed 0");
        assert_eq!(hash_of(&("x", 3usize, -1i32)), hash_of(&("x", 3u64, -1i64)));
        assert_ne!(hash_of(&1u8), hash_of(&2u8));
    }

    #[test]
    fn draws_stay_in_range_and_reach_its_ends() {
        let (mut low, mut high) = (0, 0);
        for k in 0..20_000 {
            let value = between(draw(7, Purpose::Message, &[k]), 20, 40);
            assert!((20..=40).contains(&value));
            low += u32::from(value == 20);
            high += u32::from(value == 40);
        }
        assert!((700..1300).contains(&low) && (700..1300).contains(&high), "{low} {high}");
        assert_eq!(between(u64::MAX, 5, 5), 5);
        assert!(between(u64::MAX, 0, 10_000_000_000) <= 10_000_000_000);
    }

    #[test]
    fn a_draw_depends_on_every_part_of_its_key() {
        let base = draw(1, Purpose::Message, &[1, 2, 3]);
        assert_ne!(base, draw(2, Purpose::Message, &[1, 2, 3]));
        assert_ne!(base, draw(1, Purpose::Process, &[1, 2, 3]));
        assert_ne!(base, draw(1, Purpose::Message, &[1, 2, 4]));
        assert_eq!(base, draw(1, Purpose::Message, &[1, 2, 3]));
    }
}
