//! Draws for random scenarios and for `chaos`: keyed by seed, room and count, so that a knob added in one room
//! leaves the others as they are.

use crate::draw::{Purpose, between, draw};

/// One room's draws.
pub struct Dice {
    seed: u64,
    purpose: Purpose,
    room: u64,
    count: u64,
}

impl Dice {
    /// Draws of a room.
    pub fn new(seed: u64, purpose: Purpose, room: u64) -> Dice {
        Dice { seed, purpose, room, count: 0 }
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        draw(self.seed, self.purpose, &[self.room, self.count])
    }

    /// A number from `low..=high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        between(self.next(), low, high)
    }

    /// True so often.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.between(1, 100) <= percent
    }

    /// A number from `0..=most`, small ones more often.
    pub fn small(&mut self, most: u64) -> u64 {
        let within = self.between(0, most);
        self.between(0, within)
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let place = self.between(0, items.len() as u64 - 1);
        &items[place as usize]
    }

    /// Two different numbers from `1..=most`; `most` is at least 2.
    pub fn two_of(&mut self, most: u64) -> (u64, u64) {
        let a = self.between(1, most);
        let b = self.between(1, most - 1);
        (a, if b >= a { b + 1 } else { b })
    }
}
