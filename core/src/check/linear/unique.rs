//! Registers that never hold the same value twice: then each read tells which write it saw, and
//! whether an order explains all results is decided by sorting (Gibbons and Korach, "Testing
//! Shared Memories", 1997). What happens while the register holds one value stands together in
//! any such order, and so do values of which each takes the place of the one before: a block. A
//! block has to come before another if one of its operations returned before one of the other
//! was called, and an order exists unless two blocks have to come before each other.
//!
//! Appends to a string are such operations, too, where what was read shows which state each of
//! them found. Searches nothing: it finds the order, or there is none.

use super::history::History;
use super::layout::{Chosen, Role, prefix};
use super::specification::{Effect, Specification};
use alloc::vec::Vec;

/// A time, or before or after all times that histories have.
type Moment = i128;

const BEFORE_ALL: Moment = -1;

const NEVER: Moment = 1 << 64;

/// An operation that counts.
#[derive(Clone, Copy, Debug)]
struct Item {
    operation: u32,
    effect: Effect,
    call: Moment,
    end: Moment,
    /// It has to happen.
    bound: bool,
}

/// Who reads and writes a value, as indexes of items.
#[derive(Clone, Debug, Default)]
struct Value {
    writer: Option<u32>,
    /// Those that have to happen.
    reads: Vec<u32>,
    /// What has to happen and puts another value in this one's place.
    next: Option<u32>,
}

/// Operations that stand together in every order, in their order.
#[derive(Debug)]
struct Block {
    items: Vec<u32>,
    first_end: Moment,
    last_call: Moment,
}

impl Block {
    fn new() -> Block {
        Block { items: Vec::new(), first_end: NEVER, last_call: BEFORE_ALL }
    }

    /// Operations come next, in any order; none of them may have ended before one of those that
    /// are there was called.
    fn push(&mut self, items: &[Item], next: &[u32]) -> Option<()> {
        let before = self.last_call;
        for &index in next {
            let item = &items[index as usize];
            if item.end < before {
                return None;
            }
            self.first_end = self.first_end.min(item.end);
            self.last_call = self.last_call.max(item.call);
        }
        self.items.extend_from_slice(next);
        Some(())
    }
}

/// The order in which these operations explain all results: `Some(None)` if there is no such
/// order, `None` if they are not such that this can be told without a search.
pub fn order<S: Specification>(
    specification: &S,
    history: &History<S::Input, S::Output>,
    chosen: &[Chosen],
) -> Option<Option<Vec<u32>>> {
    let items = read(specification, history, chosen)?;
    let operations = |blocks: Vec<Block>| {
        let items = blocks.iter().flat_map(|block| &block.items).map(|&it| &items[it as usize]);
        items.map(|item| item.operation).collect()
    };
    Some(values(&items).and_then(|it| blocks(&items, &it)).and_then(sort).map(operations))
}

/// The first return, as (time, source, operation), such that no order of these operations
/// explains all returns up to it. They must be such that no order explains them all.
pub fn first_unexplained<S: Specification>(
    specification: &S,
    history: &History<S::Input, S::Output>,
    operations: &[u32],
) -> Option<(u64, u64, u32)> {
    let ending = |&operation: &u32| {
        let end = history.operations()[operation as usize].end.as_ref()?;
        Some((end.time, end.source, operation))
    };
    let mut returns: Vec<(u64, u64, u32)> = operations.iter().filter_map(ending).collect();
    returns.sort_unstable();
    let explained = |&(time, source, _): &(u64, u64, u32)| {
        let chosen = prefix(history, operations.iter().copied(), (time, source));
        matches!(order(specification, history, &chosen), Some(Some(_)))
    };
    let first = returns.partition_point(explained);
    returns.get(first).copied()
}

/// The operations that count, with what they do.
fn read<S: Specification>(
    specification: &S,
    history: &History<S::Input, S::Output>,
    chosen: &[Chosen],
) -> Option<Vec<Item>> {
    let (mut items, mut asked) = (Vec::new(), Vec::new());
    for &Chosen { operation, role } in chosen {
        let it = &history.operations()[operation as usize];
        let output = it.output().filter(|_| role != Role::Free);
        let end = it.end.as_ref().filter(|_| role == Role::Bound);
        // It explains nothing.
        if end.is_none() && specification.only_reads(&it.input, output) {
            continue;
        }
        items.push(Item {
            operation,
            effect: Effect::Hidden,
            call: if role == Role::Free { 0 } else { Moment::from(it.call) },
            end: end.map_or(NEVER, |end| Moment::from(end.time)),
            bound: end.is_some(),
        });
        asked.push((&it.input, output));
    }
    let effects = specification.effects(&asked)?;
    for (item, effect) in items.iter_mut().zip(effects) {
        item.effect = effect;
    }
    Some(items)
}

/// All values with those who have to read and to write them; none if there is one that has to
/// be found and is never there.
fn values(items: &[Item]) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = Vec::new();
    values.resize(items.len() + 1, Value::default());
    for (index, item) in items.iter().enumerate() {
        if let Effect::Writes(value) | Effect::Swaps(_, value) = item.effect {
            values.get_mut(value as usize)?.writer = Some(index as u32);
        }
    }
    // What happens, and what has to have happened for it.
    let bound = (0..items.len() as u32).filter(|&index| items[index as usize].bound);
    let mut needed: Vec<u32> = bound.collect();
    let mut is_needed: Vec<bool> = items.iter().map(|item| item.bound).collect();
    while let Some(index) = needed.pop() {
        let found = match items[index as usize].effect {
            Effect::Reads(found) => {
                values.get_mut(found as usize)?.reads.push(index);
                found
            }
            Effect::Swaps(found, _) => {
                let other = values.get_mut(found as usize)?.next.replace(index);
                if other.is_some() {
                    return None;
                }
                found
            }
            Effect::Writes(_) | Effect::Hidden => continue,
        };
        if found == Effect::START {
            continue;
        }
        let writer = values[found as usize].writer?;
        if !core::mem::replace(&mut is_needed[writer as usize], true) {
            needed.push(writer);
        }
    }
    for value in &mut values {
        value.writer = value.writer.filter(|&writer| is_needed[writer as usize]);
        value.reads.sort_unstable_by_key(|&read| (items[read as usize].call, read));
    }
    Some(values)
}

/// All blocks; none if one of them contradicts itself.
fn blocks(items: &[Item], values: &[Value]) -> Option<Vec<Block>> {
    let mut start = Block::new();
    start.first_end = BEFORE_ALL;
    let mut blocks = Vec::new();
    chain(items, values, Effect::START, &mut start)?;
    let mut taken = start.items.len();
    blocks.push(start);
    for (index, item) in items.iter().enumerate() {
        let index = index as u32;
        let mut block = Block::new();
        match item.effect {
            Effect::Writes(value) if values[value as usize].writer == Some(index) => {
                chain(items, values, value, &mut block)?;
            }
            Effect::Hidden if item.bound => block.push(items, &[index])?,
            _ => continue,
        }
        taken += block.items.len();
        blocks.push(block);
    }
    // What is left waits for each other in a circle.
    let bound = items.iter().filter(|item| item.bound).count();
    let open = values.iter().filter_map(|it| it.writer).filter(|&it| !items[it as usize].bound);
    (taken == bound + open.count()).then_some(blocks)
}

/// A value, what reads it, and the values that take its place one after another.
fn chain(items: &[Item], values: &[Value], head: u32, block: &mut Block) -> Option<()> {
    let mut value = &values[head as usize];
    block.push(items, value.writer.as_slice())?;
    loop {
        block.push(items, &value.reads)?;
        let Some(next) = value.next else { return Some(()) };
        block.push(items, &[next])?;
        let Effect::Swaps(_, after) = items[next as usize].effect else { return Some(()) };
        value = &values[after as usize];
    }
}

/// Blocks in the order in which they have to come; none if there is no order. A block that has
/// to come before another has the smaller sum, unless that other has to come before it, too: it
/// is called earlier than that one ends at the latest.
fn sort(mut blocks: Vec<Block>) -> Option<Vec<Block>> {
    blocks.sort_by_key(|block| block.first_end + block.last_call);
    let mut last_call = BEFORE_ALL;
    for block in &blocks {
        if block.first_end < last_call {
            return None;
        }
        last_call = last_call.max(block.last_call);
    }
    Some(blocks)
}

/// What keeps a search from orders in which somebody waits for ever: as long as somebody has yet
/// to find a value, only they can put another one in its place.
#[derive(Clone, Debug)]
pub struct Guide {
    /// By operation of the history; those without one change nothing.
    effects: Vec<Option<Effect>>,
    /// By value: how many operations that have to happen have yet to find it.
    waiting: Vec<u32>,
    /// By operation: whether it is one of those.
    counts: Vec<bool>,
}

impl Guide {
    /// For a search that explains why no order comes to the return at this moment.
    pub fn new<S: Specification>(
        specification: &S,
        history: &History<S::Input, S::Output>,
        operations: impl Iterator<Item = u32>,
        (time, source, blocked): (u64, u64, u32),
    ) -> Option<Guide> {
        let mut chosen = prefix(history, operations, (time, source));
        for it in chosen.iter_mut().filter(|it| it.operation == blocked) {
            it.role = Role::Optional;
        }
        let items = read(specification, history, &chosen)?;
        let count = history.len();
        let mut guide = Guide {
            effects: alloc::vec![None; count],
            waiting: alloc::vec![0; items.len() + 1],
            counts: alloc::vec![false; count],
        };
        for item in &items {
            guide.effects[item.operation as usize] = Some(item.effect);
            if let Effect::Reads(found) | Effect::Swaps(found, _) = item.effect
                && item.bound
            {
                *guide.waiting.get_mut(found as usize)? += 1;
                guide.counts[item.operation as usize] = true;
            }
        }
        Some(guide)
    }

    /// Whether an operation can come next while the register holds this value.
    pub fn allows(&self, value: u32, operation: u32) -> bool {
        let waiting = self.waiting.get(value as usize).copied().unwrap_or(0);
        match self.effects[operation as usize] {
            None | Some(Effect::Reads(_)) => true,
            Some(Effect::Swaps(found, _)) => {
                found == value && waiting == u32::from(self.counts[operation as usize])
            }
            Some(Effect::Writes(_) | Effect::Hidden) => waiting == 0,
        }
    }

    /// An operation has happened; the value that is there then.
    pub fn take(&mut self, value: u32, operation: u32) -> u32 {
        if let Some(waiting) = self.waiting_with(operation) {
            *waiting -= 1;
        }
        match self.effects[operation as usize] {
            None | Some(Effect::Reads(_)) => value,
            Some(Effect::Writes(after) | Effect::Swaps(_, after)) => after,
            Some(Effect::Hidden) => Effect::NOWHERE,
        }
    }

    /// That is taken back.
    pub fn give_back(&mut self, operation: u32) {
        if let Some(waiting) = self.waiting_with(operation) {
            *waiting += 1;
        }
    }

    /// How many wait for what an operation finds, if it is counted there.
    fn waiting_with(&mut self, operation: u32) -> Option<&mut u32> {
        let (Effect::Reads(found) | Effect::Swaps(found, _)) = self.effects[operation as usize]?
        else {
            return None;
        };
        let counts = self.counts[operation as usize];
        self.waiting.get_mut(found as usize).filter(|_| counts)
    }
}
