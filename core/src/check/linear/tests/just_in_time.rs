//! What explains a verdict, on random small histories: an order that explains all results does;
//! all orders that come furthest end before the return that nothing explains, and begin with
//! what they agree on.

use super::super::*;
use super::agreement::random_history;
use super::brute::{Apply, replays};
use super::objects::*;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

const STEPS: usize = 1_000_000;

fn explains<S, M>(
    name: &str,
    specification: &S,
    start: &M,
    apply: Apply<M, S::Input, S::Output>,
    input: fn(&mut Random) -> S::Input,
) where
    S: Specification + Clone,
    S::Output: PartialEq,
    M: Clone,
{
    let (mut bad, mut agreed) = (0, 0);
    for seed in 0..2_000u64 {
        let mut random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let history = random_history(&mut random, start, apply, input);
        let operations = history.operations();
        let mut search = Search::new(specification.clone(), history.clone(), Budget::default());
        while matches!(search.advance(u64::MAX), Progress::Working { .. }) {}
        let all = search.operations(0);
        let end = (u64::MAX, u64::MAX);
        let reached = JustInTime::new(specification, &history, &all, end, STEPS);
        assert!(reached.is_complete(), "{name} {seed}");
        let begin = reached.agreed();
        assert!(replays(operations, &begin, start, apply), "{name} {seed}: {begin:?}");
        let ends = reached.ends(usize::MAX);
        match search.verdict() {
            Some(Verdict::Linearizable) => {
                assert_eq!(search.part(0), Decided::Explained);
                let order: Vec<usize> =
                    search.order(0).unwrap().into_iter().map(|(index, _)| index).collect();
                assert!(replays(operations, &order, start, apply), "{name} {seed}: {order:?}");
                let returned = |index: &usize| operations[*index].end.is_some();
                assert!(all.iter().filter(|it| returned(it)).all(|it| order.contains(it)));
                assert!(ends.is_empty(), "{name} {seed}: {ends:?}");
            }
            Some(Verdict::Violated(violation)) => {
                bad += 1;
                agreed += usize::from(!begin.is_empty());
                assert_eq!((search.part(0), search.order(0)), (Decided::Refuted, None));
                assert!(!ends.is_empty(), "{name} {seed}");
                for way in &ends {
                    assert!(replays(operations, way, start, apply), "{name} {seed}: {way:?}");
                    assert!(!way.contains(&violation.operation), "{name} {seed}: {way:?}");
                    assert!(way.starts_with(&begin), "{name} {seed}: {way:?}, {begin:?}");
                    for &operation in way {
                        let with = reached.furthest_with(operation).unwrap();
                        assert!(with.contains(&operation));
                        assert!(replays(operations, &with, start, apply), "{name} {seed}");
                    }
                }
            }
            other => panic!("{name} {seed}: {other:?}"),
        }
    }
    assert!(bad > 100 && agreed > 10, "{name}: {bad} are bad, {agreed} begin alike");
}

#[test]
fn orders_that_end_at_a_violation_are_orders_and_share_their_beginning() {
    explains("register", &Register { start: None }, &None, register, register_input);
    explains("queue", &Queue::default(), &VecDeque::new(), queue, queue_input);
    explains("mutex", &Mutex, &None, mutex, mutex_input);
    explains("sloppy", &Sloppy, &0, sloppy, sloppy_input);
}
