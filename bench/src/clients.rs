//! Clients in a closed loop against an object that is linearizable: when they call, when the
//! object acts, when they hear of it. Drawn from a seed; knows no object and no format.

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    /// One of so many.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// One operation of a client; times are of no unit.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// Which process; one whose operation got lost does not come back.
    pub process: u64,
    pub call: u64,
    pub acts: u64,
    /// None if the answer got lost.
    pub end: Option<u64>,
}

/// So many operations of so many clients, in the order in which the object acts; of a thousand
/// so many answers get lost.
pub fn turns(random: &mut Random, clients: u64, operations: usize, lost: u64) -> Vec<Turn> {
    let mut ready: Vec<(u64, u64)> = (0..clients).map(|id| (random.below(1_000), id)).collect();
    let (mut turns, mut next) = (Vec::with_capacity(operations), clients);
    for _ in 0..operations {
        let Some(first) = ready.iter_mut().min() else { break };
        let (call, process) = *first;
        let takes = 100 + random.below(1_900);
        let acts = call + 1 + random.below(takes);
        let is_lost = random.below(1_000) < lost;
        let end = call + takes + 1;
        *first = (end + 1 + random.below(200), process);
        if is_lost {
            first.1 = next;
            next += 1;
        }
        turns.push(Turn { process, call, acts, end: (!is_lost).then_some(end) });
    }
    turns.sort_unstable_by_key(|turn| (turn.acts, turn.process));
    turns
}
