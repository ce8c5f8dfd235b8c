//! On random small histories the search says what the definition says: the verdict, the first
//! return that nothing explains, and that what it shows for evidence is so.

use super::super::*;
use super::brute::{Apply, first_unexplained, linearizable, replays};
use super::objects::*;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;

/// A history of up to six operations. Results come from a run, so that it is linearizable; then
/// some results are replaced by what another state would have given.
pub fn random_history<M: Clone, I: Clone, O: Clone>(
    random: &mut Random,
    start: &M,
    apply: Apply<M, I, O>,
    input: fn(&mut Random) -> I,
) -> History<I, O> {
    let count = 1 + random.below(5).max(random.below(6)) as usize;
    let mut drawn = Vec::new();
    for _ in 0..count {
        let call = random.below(14);
        let end = call + random.below(4);
        drawn.push((call + random.below(end - call + 1), call, end, input(random)));
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&index| drawn[index].0);
    let mut state = start.clone();
    let mut states = Vec::new();
    let mut outputs: Vec<Option<O>> = alloc::vec![None; count];
    for &index in &order {
        states.push(state.clone());
        // An operation that will stay open may never happen.
        let mut results = apply(&state, &drawn[index].3);
        let (after, output) = results.swap_remove(random.below(results.len() as u64) as usize);
        if random.below(4) == 0 {
            if random.below(2) == 0 {
                state = after;
            }
        } else {
            state = after;
            outputs[index] = Some(output);
        }
    }
    for _ in 0..random.below(5) {
        let index = random.below(count as u64) as usize;
        let other = &states[random.below(states.len() as u64) as usize];
        if outputs[index].is_some() {
            let mut results = apply(other, &drawn[index].3);
            let result = random.below(results.len() as u64) as usize;
            outputs[index] = Some(results.swap_remove(result).1);
        }
    }
    let mut history = History::new();
    for (index, (output, (_, call, end, input))) in outputs.into_iter().zip(drawn).enumerate() {
        let operation = history.call(index as u64, call, index as u64 * 2, input);
        if let Some(output) = output {
            history.returns(operation, end, index as u64 * 2 + 1, output).unwrap();
        }
    }
    history
}

/// Compares so many random histories of one object.
fn agree<S, M>(
    name: &str,
    specification: &S,
    start: &M,
    apply: Apply<M, S::Input, S::Output>,
    input: fn(&mut Random) -> S::Input,
    seeds: u64,
) where
    S: Specification + Clone,
    S::Output: PartialEq,
    M: Clone,
{
    let mut bad = 0;
    for seed in 0..seeds {
        let mut random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let history = random_history(&mut random, start, apply, input);
        let expected = first_unexplained(&history, start, apply);
        let operations = history.operations();
        assert_eq!(expected.is_none(), linearizable(operations, start, apply), "{name} {seed}");
        let mut search = Search::new(specification.clone(), history.clone(), Budget::default());
        // However it is cut into slices.
        let verdict = loop {
            if let Progress::Done(verdict) = search.advance(1 + random.below(9)) {
                break verdict;
            }
        };
        let (violation, expected) = match (verdict, expected) {
            (Verdict::Linearizable, None) => continue,
            (Verdict::Violated(violation), Some(expected)) => (violation, expected),
            (verdict, expected) => {
                panic!("{name} {seed}: {verdict:?}, but {expected:?}: {operations:#?}")
            }
        };
        bad += 1;
        assert_eq!(violation.source, expected, "{name} {seed}: {operations:#?}");
        assert!(violation.first && !violation.sentence.is_empty());
        let shrunk: Vec<_> =
            violation.shrunk.iter().map(|&index| operations[index].clone()).collect();
        assert!(!linearizable(&shrunk, start, apply), "{name} {seed}: {shrunk:#?}");
        assert!(violation.shrunk.contains(&violation.operation), "{name} {seed}");
        assert!(!violation.longest.is_empty());
        for way in &violation.longest {
            assert!(replays(operations, way, start, apply), "{name} {seed}: {way:?}");
            assert!(!way.contains(&violation.operation));
        }
    }
    // Neither verdict is rare.
    assert!(bad * 20 > seeds && bad * 20 < seeds * 19, "{name}: {bad} of {seeds} are bad");
}

/// So many histories over all specifications.
fn agree_on_all(histories: u64) {
    let seeds = histories / 8;
    agree("register", &Register { start: None }, &None, register, register_input, seeds);
    agree("map", &Map::new(None), &BTreeMap::new(), map, map_input, seeds);
    agree("queue", &Queue::default(), &VecDeque::new(), queue, queue_input, seeds);
    agree("stack", &Stack::default(), &VecDeque::new(), stack, stack_input, seeds);
    agree("set", &Set::default(), &BTreeSet::new(), set, set_input, seeds);
    agree("mutex", &Mutex, &None, mutex, mutex_input, seeds);
    let registers = MultiRegister::default();
    agree("registers", &registers, &[None; 2], multi_register, multi_register_input, seeds);
    agree("sloppy", &Sloppy, &0, sloppy, sloppy_input, seeds);
}

#[test]
fn says_what_the_definition_says() {
    agree_on_all(20_000);
}

#[test]
#[ignore = "a minute or so; in release"]
fn says_what_the_definition_says_a_million_times() {
    agree_on_all(1_000_000);
}
