//! Every answer against its definition, by enumeration of all subsets of few members.

use super::*;
use crate::draw::{Purpose, between, draw};

/// Some system of up to seven members, sensible or not.
fn random(seed: u64, rank: u64) -> Quorums {
    let pick =
        |k: u64, low, high| between(draw(seed, Purpose::Generate, &[rank, k]), low, high) as u16;
    match pick(0, 0, 2) {
        0 => Quorums::any(pick(1, 0, 8), pick(2, 0, 7)),
        1 => {
            let votes: Vec<u16> =
                (0..pick(1, 0, 7)).map(|k| pick(10 + u64::from(k), 0, 4)).collect();
            Quorums::Votes { votes, need: u32::from(pick(2, 0, 14)) }
        }
        _ => {
            let take =
                [Take::Row, Take::Column, Take::Cover, Take::CoverAndColumn, Take::RowAndColumn]
                    [usize::from(pick(1, 0, 4))];
            let (rows, columns) = [(1, 1), (2, 2), (2, 3), (3, 2), (1, 5), (6, 1), (0, 3)]
                [usize::from(pick(2, 0, 6))];
            Quorums::grid(rows, columns, take)
        }
    }
}

fn subsets(of: u16) -> impl Iterator<Item = Members> {
    (0..1u64 << of).map(Members::of_bits)
}

#[test]
fn a_larger_set_suffices_as_well() {
    for seed in 0..400 {
        let system = random(seed, 0);
        for who in subsets(system.of()).filter(|&who| system.suffices(who)) {
            for member in 0..system.of() {
                assert!(system.suffices(who.with(member)), "{system:?} {who:?} {member}");
            }
        }
    }
}

#[test]
fn minimal_quorums_are_those_that_lose_by_every_loss() {
    for seed in 0..1_000 {
        let system = random(seed, 1);
        let is_minimal = |who: &Members| {
            let smaller = |other: Members| other != *who && who.includes(other);
            system.suffices(*who)
                && !subsets(system.of()).any(|other| smaller(other) && system.suffices(other))
        };
        let expected: Vec<Members> = subsets(system.of()).filter(is_minimal).collect();
        assert_eq!(system.minimal(), expected, "{system:?}");
        let smallest = expected.iter().map(|who| who.count()).min();
        assert_eq!(system.smallest(), smallest, "{system:?}");
    }
}

#[test]
fn tolerated_failures_are_those_that_always_leave_a_quorum() {
    for seed in 0..1_000 {
        let system = random(seed, 2);
        let survives = |failures: u16| {
            let gone = subsets(system.of()).filter(|gone| gone.count() == failures);
            let mut left = gone.map(|gone| Members::first(system.of()).both(gone.others()));
            left.all(|left| system.suffices(left))
        };
        let expected = (0..=system.of()).take_while(|&failures| survives(failures)).last();
        assert_eq!(system.tolerates(), expected, "{system:?}");
    }
}

#[test]
fn two_systems_meet_if_all_their_quorums_do() {
    let mut counts = [0; 2];
    for seed in 0..2_000 {
        let (one, other) = (random(seed, 3), random(seed, 4));
        let quorums = |of: &Quorums| -> Vec<Members> {
            subsets(of.of()).filter(|&who| of.suffices(who)).collect()
        };
        let (ours, theirs) = (quorums(&one), quorums(&other));
        let expected = ours.iter().all(|a| theirs.iter().all(|b| a.meets(*b)));
        assert_eq!(one.meets(&other), expected, "{one:?} {other:?}");
        assert_eq!(other.meets(&one), expected, "{one:?} {other:?}");
        if let Some((a, b)) = one.disjoint(&other) {
            assert!(!a.meets(b) && one.suffices(a) && other.suffices(b), "{one:?} {other:?}");
        }
        counts[usize::from(expected)] += 1;
    }
    assert!(counts[0] > 300 && counts[1] > 300, "{counts:?}");
}

#[test]
fn counting_is_arithmetic() {
    for of in 0..=7 {
        assert!(Quorums::majority(of).meets(&Quorums::majority(of)));
        let less = majority(of).saturating_sub(1);
        assert!(less == 0 || !overlap(less, less, of), "a majority is the fewest: {of}");
        for (a, b) in (1..=of).flat_map(|a| (1..=of).map(move |b| (a, b))) {
            let meet = Quorums::any(a, of).meets(&Quorums::any(b, of));
            assert_eq!(overlap(a, b, of), meet, "{a} {b} of {of}");
            assert_eq!(fewest_that_meet(b, of) <= a, meet, "{a} {b} of {of}");
            assert_eq!(Phases::with_second(b, of).first, Quorums::any(fewest_that_meet(b, of), of));
            assert!(Phases::with_second(b, of).are_safe());
            let replication = Replication::new(of, a, b).expect("1 to N");
            let (reads, writes) = (replication.reads(), replication.writes());
            assert_eq!(replication.reads_meet_writes(), reads.meets(&writes));
            assert_eq!(replication.writes_meet(), writes.meets(&writes));
            assert_eq!(Some(replication.reads_tolerate()), reads.tolerates());
            assert_eq!(Some(replication.writes_tolerate()), writes.tolerates());
            let shared = |(read, write): (Members, Members)| read.both(write).count();
            let pairs = reads
                .minimal()
                .into_iter()
                .flat_map(|read| writes.minimal().into_iter().map(move |write| (read, write)));
            assert_eq!(Some(replication.shared()), pairs.map(shared).min());
        }
    }
}

#[test]
fn numbers_of_the_papers() {
    // Gifford 1979: votes and quorums; Maekawa 1985: about the square root of n.
    let grid = Quorums::grid(5, 5, Take::RowAndColumn);
    assert_eq!((grid.of(), grid.smallest(), grid.tolerates()), (25, Some(9), Some(4)));
    assert!(grid.suffices([0, 1, 2, 3, 4, 5, 10, 15, 20].into()));
    // Dynamo §6: (3, 2, 2) is what most of its services used.
    let usual = Replication::new(3, 2, 2).expect("valid");
    assert_eq!((usual.shared(), usual.reads_tolerate(), usual.writes_tolerate()), (1, 1, 1));
    assert_eq!(Replication::majorities(3), usual);
    assert_eq!([Replication::new(3, 0, 2), Replication::new(3, 2, 4)], [None, None]);
    // Flexible Paxos §1: "a system of 10 acceptors ... 3 ... 8".
    assert_eq!(Phases::with_second(3, 10).first, Quorums::any(8, 10));
}

#[test]
fn more_than_64_are_not_looked_at() {
    assert_eq!(Members::first(100).count(), 64);
    assert!(!Members::from([70]).has(70));
    let many = Quorums::any(3, 100);
    assert_eq!((many.of(), many.suffices(Members::first(100))), (64, true));
}
