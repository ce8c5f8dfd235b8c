//! Worlds kept to go back to, within a bound of memory: how many there are depends on what
//! they weigh. Never more than `BYTES_MAX` in all beyond what they share with the run itself;
//! when that is reached every second one goes, so that the way from one to the next stays
//! even.

use super::judge::Progress;
use crate::world::World;
use alloc::vec::Vec;

/// All checkpoints of a run together own at most so many bytes.
pub const BYTES_MAX: usize = 16 << 20;

/// Effort between checkpoints at first. A step is 1; a boot is more, for it reads a whole disk.
const EFFORT: u64 = 1_000;

/// So many records read at a boot cost as much as one step.
pub const RECORDS_PER_STEP: u64 = 8;

/// What a world has in common with so many checkpoints before it, it shares with them.
const LEAN_ON: usize = 4;

/// A world, and how far the judge was.
pub struct Checkpoint {
    /// Steps of that world.
    pub steps: u64,
    /// Its time, virtual µs.
    pub time_us: u64,
    /// It goes on exactly as the run did.
    pub world: World,
    /// What was decided by then.
    pub judge: Progress,
    /// What it owns beyond what the next one has, bytes.
    weight: usize,
}

/// See the file's head.
pub struct Checkpoints {
    kept: Vec<Checkpoint>,
    /// Effort between two of them.
    spacing: u64,
    /// Effort at the head since the last.
    effort: u64,
}

impl Checkpoints {
    /// None yet.
    pub fn new() -> Checkpoints {
        Checkpoints { kept: Vec::new(), spacing: EFFORT, effort: 0 }
    }

    /// So much has been done at the head; whether the next checkpoint is due.
    pub fn spend(&mut self, effort: u64) -> bool {
        self.effort += effort;
        self.effort >= self.spacing
    }

    /// Keeps the world as it is, if it can be copied.
    pub fn keep(&mut self, world: &mut World, judge: Progress) {
        self.effort = 0;
        // Not only on the last: a node may have been down then.
        self.kept.iter().rev().take(LEAN_ON).for_each(|earlier| world.lean_on(&earlier.world));
        if let Some(last) = self.kept.last_mut() {
            last.weigh(world);
        }
        let Some(copy) = world.copy() else { return };
        let (steps, time_us) = (world.kernel.steps, world.kernel.now_us);
        let mut checkpoint = Checkpoint { steps, time_us, world: copy, judge, weight: 0 };
        // What the world beside it shares now, it may change later; then it owns that.
        checkpoint.weigh(world);
        self.kept.push(checkpoint);
        while self.bytes() > BYTES_MAX && !self.kept.is_empty() {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let alone = self.kept.len() == 1;
        let mut rank = 0;
        self.kept.retain(|_| {
            rank += 1;
            rank % 2 == 1 && !alone
        });
        for place in 1..self.kept.len() {
            let (before, from) = self.kept.split_at_mut(place);
            before[place - 1].weigh(&from[0].world);
        }
        self.spacing *= 2;
    }

    /// What all of them own, bytes.
    pub fn bytes(&self) -> usize {
        self.kept.iter().map(|checkpoint| checkpoint.weight).sum()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// The last of those of which this holds up to there.
    pub fn last_with(&self, holds: impl Fn(&Checkpoint) -> bool) -> Option<&Checkpoint> {
        self.kept[..self.kept.partition_point(holds)].last()
    }

    /// Forgets those from `time_us` on.
    pub fn forget_from(&mut self, time_us: u64) {
        let kept = self.kept.partition_point(|checkpoint| checkpoint.time_us < time_us);
        if kept < self.kept.len() {
            self.kept.truncate(kept);
            self.effort = 0;
        }
    }

    /// The run is judged anew: what was decided after so many steps.
    pub fn judged(&mut self, steps: u64, judge: impl FnOnce() -> Progress) {
        if let Ok(place) = self.kept.binary_search_by_key(&steps, |kept| kept.steps) {
            self.kept[place].judge = judge();
        }
    }

    /// All worlds, to give them another script.
    pub fn worlds(&mut self) -> impl Iterator<Item = &mut World> {
        self.kept.iter_mut().map(|checkpoint| &mut checkpoint.world)
    }
}

impl Checkpoint {
    fn weigh(&mut self, next: &World) {
        self.weight = size_of::<Checkpoint>() + self.judge.weight() + self.world.weight(next);
    }
}
