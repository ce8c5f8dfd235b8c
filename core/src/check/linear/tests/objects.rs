//! The objects of the specifications once more, as plain functions, and random inputs for them.

use super::super::{
    Access, MapAction, MapInput, MapOutput, MutexInput, MutexOutput, Outcomes, QueueInput,
    QueueOutput, RegisterInput, RegisterOutput, SetInput, SetOutput, Specification, StackInput,
    StackOutput,
};
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

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

    fn value(&mut self) -> i64 {
        self.below(2) as i64
    }

    fn maybe(&mut self) -> Option<i64> {
        if self.below(4) == 0 { None } else { Some(self.value()) }
    }

    fn text(&mut self) -> String {
        if self.below(2) == 0 { "a".to_string() } else { "b".to_string() }
    }
}

pub fn register_input(random: &mut Random) -> RegisterInput<i64> {
    match random.below(5) {
        0 | 1 => RegisterInput::Read,
        2 | 3 => RegisterInput::Write(random.maybe()),
        _ => RegisterInput::Cas(random.maybe(), random.maybe()),
    }
}

pub fn register(
    state: &Option<i64>,
    input: &RegisterInput<i64>,
) -> Vec<(Option<i64>, RegisterOutput<i64>)> {
    alloc::vec![match input {
        RegisterInput::Read => (*state, RegisterOutput::Value(*state)),
        RegisterInput::Write(value) => (*value, RegisterOutput::Done),
        RegisterInput::Cas(from, to) if state == from => (*to, RegisterOutput::Done),
        RegisterInput::Cas(..) => (*state, RegisterOutput::Refused),
    }]
}

pub fn map_input(random: &mut Random) -> MapInput<u64> {
    let action = match random.below(6) {
        0..=2 => MapAction::Get,
        3 => MapAction::Put(random.text()),
        4 => MapAction::Append(random.text()),
        _ => MapAction::Cas(random.text(), random.text()),
    };
    MapInput { key: random.below(2), action }
}

pub fn map(
    state: &BTreeMap<u64, String>,
    input: &MapInput<u64>,
) -> Vec<(BTreeMap<u64, String>, MapOutput)> {
    let mut after = state.clone();
    let held = state.get(&input.key).cloned();
    let output = match &input.action {
        MapAction::Get => MapOutput::Value(held),
        MapAction::Put(value) => {
            after.insert(input.key, value.clone());
            MapOutput::Done
        }
        MapAction::Append(value) => {
            after.entry(input.key).or_default().push_str(value);
            MapOutput::Done
        }
        MapAction::Cas(from, to) if held.as_ref() == Some(from) => {
            after.insert(input.key, to.clone());
            MapOutput::Done
        }
        MapAction::Cas(..) => MapOutput::Refused,
    };
    alloc::vec![(after, output)]
}

pub fn queue_input(random: &mut Random) -> QueueInput<i64> {
    if random.below(2) == 0 { QueueInput::Dequeue } else { QueueInput::Enqueue(random.value()) }
}

pub fn queue(
    state: &VecDeque<i64>,
    input: &QueueInput<i64>,
) -> Vec<(VecDeque<i64>, QueueOutput<i64>)> {
    let mut after = state.clone();
    let output = match input {
        QueueInput::Enqueue(value) => {
            after.push_back(*value);
            QueueOutput::Done
        }
        QueueInput::Dequeue => after.pop_front().map_or(QueueOutput::Empty, QueueOutput::Value),
    };
    alloc::vec![(after, output)]
}

pub fn stack_input(random: &mut Random) -> StackInput<i64> {
    if random.below(2) == 0 { StackInput::Pop } else { StackInput::Push(random.value()) }
}

pub fn stack(
    state: &VecDeque<i64>,
    input: &StackInput<i64>,
) -> Vec<(VecDeque<i64>, StackOutput<i64>)> {
    let mut after = state.clone();
    let output = match input {
        StackInput::Push(value) => {
            after.push_front(*value);
            StackOutput::Done
        }
        StackInput::Pop => after.pop_front().map_or(StackOutput::Empty, StackOutput::Value),
    };
    alloc::vec![(after, output)]
}

pub fn set_input(random: &mut Random) -> SetInput<i64> {
    match random.below(4) {
        0 => SetInput::Add(random.value()),
        1 => SetInput::Remove(random.value()),
        2 => SetInput::Contains(random.value()),
        _ => SetInput::Read,
    }
}

/// Additions and removals may say what they found, or not.
pub fn set(state: &BTreeSet<i64>, input: &SetInput<i64>) -> Vec<(BTreeSet<i64>, SetOutput<i64>)> {
    let mut after = state.clone();
    match input {
        SetInput::Add(value) => {
            let was = !after.insert(*value);
            alloc::vec![(after.clone(), SetOutput::Done), (after, SetOutput::Was(was))]
        }
        SetInput::Remove(value) => {
            let was = after.remove(value);
            alloc::vec![(after.clone(), SetOutput::Was(was)), (after, SetOutput::Done)]
        }
        SetInput::Contains(value) => {
            let was = after.contains(value);
            alloc::vec![(after, SetOutput::Was(was))]
        }
        SetInput::Read => alloc::vec![(after.clone(), SetOutput::Elements(after))],
    }
}

pub fn mutex_input(random: &mut Random) -> MutexInput {
    let who = random.below(2);
    if random.below(2) == 0 { MutexInput::Acquire(who) } else { MutexInput::Release(who) }
}

pub fn mutex(state: &Option<u64>, input: &MutexInput) -> Vec<(Option<u64>, MutexOutput)> {
    alloc::vec![match (state, input) {
        (None, MutexInput::Acquire(who)) => (Some(*who), MutexOutput::Done),
        (Some(holder), MutexInput::Release(who)) if holder == who => (None, MutexOutput::Done),
        _ => (*state, MutexOutput::Refused),
    }]
}

pub fn multi_register_input(random: &mut Random) -> Vec<Access<u64, i64>> {
    (0..1 + random.below(2))
        .map(|_| match random.below(2) {
            0 => Access::Read(random.below(2)),
            _ => Access::Write(random.below(2), random.value()),
        })
        .collect()
}

/// Two registers.
pub type Registers = [Option<i64>; 2];

pub fn multi_register(
    state: &Registers,
    input: &Vec<Access<u64, i64>>,
) -> Vec<(Registers, Vec<Option<i64>>)> {
    let (mut after, mut output) = (*state, Vec::new());
    for access in input {
        match access {
            Access::Read(key) => output.push(after[*key as usize]),
            Access::Write(key, value) => after[*key as usize] = Some(*value),
        }
    }
    alloc::vec![(after, output)]
}

/// A counter that adds one or two when asked to add: an object with several outcomes. Asked to
/// read it returns what it holds.
#[derive(Clone, Debug)]
pub struct Sloppy;

impl Specification for Sloppy {
    type State = u64;
    type Input = bool;
    type Output = Option<u64>;
    type Key = ();

    fn start(&self) -> u64 {
        0
    }

    fn step(&self, state: &u64, adds: &bool, output: Option<&Option<u64>>) -> Outcomes<u64> {
        match (adds, output) {
            (true, None | Some(None)) => Outcomes::Several(alloc::vec![state + 1, state + 2]),
            (false, None) => Outcomes::Same,
            (false, Some(Some(value))) if value == state => Outcomes::Same,
            _ => Outcomes::Illegal,
        }
    }

    fn only_reads(&self, adds: &bool, _output: Option<&Option<u64>>) -> bool {
        !adds
    }

    fn name_input(&self, adds: &bool) -> String {
        if *adds { "add".to_string() } else { "read".to_string() }
    }

    fn name_output(&self, output: &Option<u64>) -> String {
        output.map_or_else(|| "succeeded".to_string(), |value| value.to_string())
    }

    fn name_state(&self, state: &u64) -> String {
        state.to_string()
    }
}

pub fn sloppy_input(random: &mut Random) -> bool {
    random.below(2) == 0
}

pub fn sloppy(state: &u64, adds: &bool) -> Vec<(u64, Option<u64>)> {
    if *adds {
        alloc::vec![(state + 1, None), (state + 2, None)]
    } else {
        alloc::vec![(*state, Some(*state))]
    }
}
