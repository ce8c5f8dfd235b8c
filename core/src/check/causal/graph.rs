//! Edges between operations, by where they end; cycles; an order that keeps them all.

use alloc::vec::Vec;

/// Predecessors of each operation.
pub(super) struct Before {
    starts: Vec<u32>,
    from: Vec<u32>,
}

impl Before {
    pub fn new(ops: usize, edges: &[(u32, u32)]) -> Before {
        let mut starts = alloc::vec![0u32; ops + 2];
        for (_, to) in edges {
            starts[*to as usize + 2] += 1;
        }
        for op in 0..ops {
            starts[op + 2] += starts[op + 1];
        }
        let mut from = alloc::vec![0; edges.len()];
        for (source, to) in edges {
            let next = &mut starts[*to as usize + 1];
            from[*next as usize] = *source;
            *next += 1;
        }
        Before { starts, from }
    }

    pub fn of(&self, op: u32) -> &[u32] {
        &self.from[self.starts[op as usize] as usize..self.starts[op as usize + 1] as usize]
    }

    /// All operations so that each comes after its predecessors; or else a cycle, in its order.
    pub fn sorted(&self) -> Result<Vec<u32>, Vec<u32>> {
        let ops = self.starts.len() as u32 - 2;
        // Kahn's algorithm from the end: takes what nothing is left to come after.
        let mut after = alloc::vec![0u32; ops as usize];
        self.from.iter().for_each(|op| after[*op as usize] += 1);
        let mut order: Vec<u32> = (0..ops).filter(|op| after[*op as usize] == 0).collect();
        let mut next = 0;
        while let Some(op) = order.get(next).copied() {
            next += 1;
            for earlier in self.of(op) {
                after[*earlier as usize] -= 1;
                if after[*earlier as usize] == 0 {
                    order.push(*earlier);
                }
            }
        }
        if order.len() == ops as usize {
            order.reverse();
            return Ok(order);
        }
        Err(self.cycle(&after))
    }

    /// A short cycle among operations of which each has one left that comes after it.
    fn cycle(&self, after: &[u32]) -> Vec<u32> {
        let left = |op: u32| after[op as usize] > 0;
        // Forwards from any of them one comes round; the way is that of the last to be left.
        let mut next = alloc::vec![u32::MAX; after.len()];
        for op in (0..after.len() as u32).filter(|op| left(*op)) {
            for earlier in self.of(op).iter().filter(|op| left(**op)) {
                next[*earlier as usize] = op;
            }
        }
        let Some(mut op) = (0..after.len() as u32).find(|op| left(*op)) else { return Vec::new() };
        let mut place = alloc::vec![usize::MAX; after.len()];
        let mut way: Vec<u32> = Vec::new();
        while place[op as usize] == usize::MAX {
            place[op as usize] = way.len();
            way.push(op);
            op = next[op as usize];
        }
        way.split_off(place[op as usize])
    }
}
