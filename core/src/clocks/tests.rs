//! The laws of the clocks, on random executions and against what they mean by definition.

use super::*;
use crate::draw::{Purpose, below, draw};
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

fn pick(seed: u64, key: &[u64], bound: u64) -> u64 {
    below(draw(seed, Purpose::Generate, key), bound)
}

fn vector(counts: &[(&'static str, u64)]) -> VectorClock<&'static str> {
    counts.iter().copied().collect()
}

// ---- C1 ----

#[test]
fn c1_three_clocks_of_rates_6_8_and_10() {
    // Each clock runs by itself; here they are where the figure has them when messages arrive.
    let mut p2 = Lamport::at(16);
    assert_eq!(p2.receive_running(6), 16, "m1: sent at 6, arrives at 16: nothing to correct");
    let mut p3 = Lamport::at(40);
    assert_eq!(p3.receive_running(24), 40, "m2");
    let mut p2 = Lamport::at(56);
    assert_eq!(p2.receive_running(60), 61, "m3: the clock is moved");
    let mut p1 = Lamport::at(54);
    assert_eq!(p1.receive_running(69), 70, "m4");
    let order = |number, process| Stamp { number, process };
    assert!(order(6, 1) < order(6, 2) && order(6, 9) < order(7, 1));
}

// ---- C2 ----

#[test]
fn c2_vectors_compare_and_merge() {
    assert!(vector(&[("a", 1)]) < vector(&[("a", 1), ("b", 1)]));
    assert!(vector(&[("a", 2), ("b", 1)]).is_concurrent(&vector(&[("a", 1), ("b", 2)])));
    assert!(vector(&[("a", 1)]).is_concurrent(&vector(&[("b", 1)])));
    assert_eq!(vector(&[("a", 1), ("b", 0)]), vector(&[("a", 1)]), "missing is 0");
    let mut b = vector(&[("a", 1), ("b", 4)]);
    b.receive(&vector(&[("a", 3), ("c", 2)]), "b");
    assert_eq!(b, vector(&[("a", 3), ("b", 5), ("c", 2)]));
}

/// An execution: for each event its process, and the event whose message it receives.
struct Execution {
    events: Vec<(u64, Option<usize>)>,
}

impl Execution {
    fn random(seed: u64) -> Execution {
        let processes = 1 + pick(seed, &[0], 5);
        let mut events: Vec<(u64, Option<usize>)> = Vec::new();
        for k in 0..pick(seed, &[1], 40) {
            let process = pick(seed, &[2, k], processes);
            let sent = (k > 0 && pick(seed, &[3, k], 2) == 0)
                .then(|| pick(seed, &[4, k], k) as usize)
                .filter(|&sent: &usize| events[sent].0 != process);
            events.push((process, sent));
        }
        Execution { events }
    }

    /// The event before on the same process.
    fn previous(&self, event: usize) -> Option<usize> {
        (0..event).rev().find(|&before| self.events[before].0 == self.events[event].0)
    }

    /// Happened-before by its definition: the closure of program order and messages.
    fn reaches(&self) -> Vec<Vec<bool>> {
        let mut reaches = vec![vec![false; self.events.len()]; self.events.len()];
        for later in 0..self.events.len() {
            for direct in [self.previous(later), self.events[later].1].into_iter().flatten() {
                for row in reaches.iter_mut() {
                    row[later] |= row[direct];
                }
                reaches[direct][later] = true;
            }
        }
        reaches
    }

    /// Each event's stamp, by how a process goes on from its last and from a message's.
    fn stamps<S: Clone>(&self, zero: &S, step: impl Fn(usize, S, Option<&S>) -> S) -> Vec<S> {
        let mut stamps: Vec<S> = Vec::new();
        for (event, (_, sent)) in self.events.iter().enumerate() {
            let own = self.previous(event).map_or(zero, |before| &stamps[before]);
            let stamp = step(event, own.clone(), sent.map(|sent| &stamps[sent]));
            stamps.push(stamp);
        }
        stamps
    }
}

fn ordering(forth: bool, back: bool, same: bool) -> Option<Ordering> {
    match (forth, back, same) {
        (true, ..) => Some(Ordering::Less),
        (_, true, _) => Some(Ordering::Greater),
        (.., true) => Some(Ordering::Equal),
        _ => None,
    }
}

#[test]
fn a_vector_is_smaller_exactly_if_the_event_happened_before() {
    for seed in 0..400 {
        let execution = Execution::random(seed);
        let process = |event: usize| execution.events[event].0;
        let vectors =
            execution.stamps(&VectorClock::new(), |event, mut own: VectorClock<u64>, sent| {
                match sent {
                    Some(sent) => own.receive(sent, process(event)),
                    None => own.tick(process(event)),
                }
                own
            });
        let reaches = execution.reaches();
        for a in 0..vectors.len() {
            for b in 0..vectors.len() {
                let meant = ordering(reaches[a][b], reaches[b][a], a == b);
                assert_eq!(vectors[a].partial_cmp(&vectors[b]), meant, "seed {seed}: {a}, {b}");
                // C2: it suffices to look at one entry.
                let host = process(a);
                let by_one = a != b && vectors[b].get(&host) >= vectors[a].get(&host);
                assert_eq!(by_one, reaches[a][b], "seed {seed}: {a}, {b}");
            }
        }
    }
}

#[test]
fn lamport_numbers_and_their_total_order_extend_happened_before() {
    let mut ordered_though_concurrent = 0;
    for seed in 0..400 {
        let execution = Execution::random(seed);
        let clocks = execution.stamps(&Lamport::new(), |_, mut own: Lamport, sent| {
            let _ = match sent {
                Some(sent) => own.receive(sent.now()),
                None => own.tick(),
            };
            own
        });
        let stamp = |event: usize| Stamp {
            number: clocks[event].now(),
            process: execution.events[event].0,
        };
        let reaches = execution.reaches();
        for a in 0..clocks.len() {
            for b in 0..clocks.len() {
                assert!(!reaches[a][b] || clocks[a] < clocks[b], "seed {seed}: {a} -> {b}");
                assert!(a == b || stamp(a) != stamp(b), "seed {seed}: total");
                let smaller = clocks[a] < clocks[b];
                ordered_though_concurrent += u32::from(smaller && !reaches[a][b]);
            }
        }
    }
    assert!(ordered_though_concurrent > 1_000, "the converse does not hold");
}

#[test]
fn merging_vectors_is_a_least_upper_bound() {
    for seed in 0..2_000 {
        let some = |which: u64| -> VectorClock<u64> {
            (0..4).map(|p| (p, pick(seed, &[which, p], 4))).collect()
        };
        let (a, b, c) = (some(1), some(2), some(3));
        let join = |a: &VectorClock<u64>, b: &VectorClock<u64>| {
            let mut a = a.clone();
            a.merge(b);
            a
        };
        assert_eq!(join(&a, &b), join(&b, &a));
        assert_eq!(join(&a, &join(&b, &c)), join(&join(&a, &b), &c));
        assert_eq!(join(&a, &a), a);
        let least = join(&a, &b);
        assert!(least.descends(&a) && least.descends(&b));
        assert!(!(c.descends(&a) && c.descends(&b)) || c.descends(&least));
    }
}

// ---- C4 ----

#[test]
fn c4_a_shopping_cart_with_versions() {
    // DDIA, figure 5-13: one replica, whose count of writes is the version number.
    let mut cart = Siblings::new();
    let upto = |version| VersionVector::from_iter([("n1", version)]);
    let nothing = VersionVector::new();
    let mut put = |seen: &VersionVector<_>, items: &'static str| {
        let version = cart.write("n1", seen, items).count;
        (version, cart.values().copied().collect::<Vec<_>>())
    };
    assert_eq!(put(&nothing, "milk"), (1, vec!["milk"]));
    assert_eq!(put(&nothing, "eggs"), (2, vec!["milk", "eggs"]));
    assert_eq!(put(&upto(1), "milk,flour"), (3, vec!["eggs", "milk,flour"]));
    assert_eq!(put(&upto(2), "eggs,milk,ham"), (4, vec!["milk,flour", "eggs,milk,ham"]));
    let last = put(&upto(3), "milk,flour,eggs,bacon");
    assert_eq!(last, (5, vec!["eggs,milk,ham", "milk,flour,eggs,bacon"]));
}

/// What siblings mean, by definition: the set of all writes that a replica has heard of, each
/// with the set of writes that its writer had seen. A value stays if no known write has seen it.
#[derive(Clone, Default)]
struct Histories {
    /// By the write's number.
    known: Vec<usize>,
}

impl Histories {
    fn values(&self, seen: &[Vec<usize>]) -> Vec<usize> {
        let replaced = |write: &usize| self.known.iter().any(|by| seen[*by].contains(write));
        self.known.iter().copied().filter(|write| !replaced(write)).collect()
    }
}

#[test]
fn siblings_are_exactly_the_writes_that_no_known_write_has_seen() {
    let mut most_siblings = 0;
    for seed in 0..600 {
        let replicas = 1 + pick(seed, &[0], 3) as usize;
        let mut stored = vec![Siblings::<usize, usize>::new(); replicas];
        let mut meant = vec![Histories::default(); replicas];
        // What each write's writer had seen, and the contexts that clients hold.
        let mut seen: Vec<Vec<usize>> = Vec::new();
        let mut dots = Vec::new();
        let mut held = vec![(VersionVector::new(), Vec::new()); 3];
        for k in 0..30 {
            let r = pick(seed, &[1, k], replicas as u64) as usize;
            let client = pick(seed, &[2, k], 3) as usize;
            match pick(seed, &[3, k], 4) {
                0 => held[client] = (stored[r].context(), meant[r].known.clone()),
                1 => {
                    let other = pick(seed, &[4, k], replicas as u64) as usize;
                    let (theirs, known) = (stored[other].clone(), meant[other].known.clone());
                    stored[r].merge(&theirs);
                    for write in known {
                        if !meant[r].known.contains(&write) {
                            meant[r].known.push(write);
                        }
                    }
                }
                _ => {
                    let (context, past) = held[client].clone();
                    let write = seen.len();
                    let dot = stored[r].write(r, &context, write);
                    dots.push(DottedVersion::new(dot, context));
                    for old in &past {
                        if !meant[r].known.contains(old) {
                            meant[r].known.push(*old);
                        }
                    }
                    meant[r].known.push(write);
                    seen.push(past);
                }
            }
            for (stored, meant) in stored.iter().zip(&meant) {
                let mut values: Vec<usize> = stored.values().copied().collect();
                values.sort_unstable();
                let mut wanted = meant.values(&seen);
                wanted.sort_unstable();
                assert_eq!(values, wanted, "seed {seed}, step {k}");
                most_siblings = most_siblings.max(values.len());
            }
        }
        for a in 0..seen.len() {
            for b in 0..seen.len() {
                let meant = ordering(seen[b].contains(&a), seen[a].contains(&b), a == b);
                assert_eq!(dots[a].partial_cmp(&dots[b]), meant, "seed {seed}: {a}, {b}");
            }
        }
    }
    assert!(most_siblings >= 5, "{most_siblings}");
}

#[test]
fn merging_siblings_commutes_associates_and_repeats_without_effect() {
    for seed in 0..500 {
        let mut stored = vec![Siblings::<u64, u64>::new(); 3];
        for k in 0..12 {
            let r = pick(seed, &[1, k], 3) as usize;
            let from = pick(seed, &[2, k], 3) as usize;
            let theirs = stored[from].clone();
            if pick(seed, &[3, k], 3) == 0 {
                stored[r].merge(&theirs);
            }
            let seen = theirs.context();
            stored[r].write(r as u64, &seen, k);
        }
        let join = |a: &Siblings<u64, u64>, b: &Siblings<u64, u64>| {
            let mut a = a.clone();
            a.merge(b);
            a
        };
        let [a, b, c] = &stored[..] else { unreachable!("three") };
        assert_eq!(join(a, b), join(b, a), "seed {seed}");
        assert_eq!(join(a, &join(b, c)), join(&join(a, b), c), "seed {seed}");
        assert_eq!(join(a, a), *a, "seed {seed}");
    }
}

// ---- hybrid logical clocks ----

#[test]
fn an_hlc_keeps_the_clock_condition_and_the_published_bounds() {
    let (mut ahead, mut counted) = (0, 0);
    for seed in 0..400 {
        let execution = Execution::random(seed);
        let epsilon = pick(seed, &[10], 30);
        // Real time passes between events; each process is off by less than ε, and changes.
        let real = |event: usize| 1_000 + event as u64 / 2;
        let process = |event: usize| execution.events[event].0;
        let skew = |event: usize| pick(seed, &[11, process(event)], epsilon + 1);
        let pt = |event: usize| real(event) + skew(event);
        let clocks = execution.stamps(&Hlc::default(), |event, mut own: Hlc, sent| match sent {
            Some(sent) => own.receive(*sent, pt(event)),
            None => own.tick(pt(event)),
        });
        let reaches = execution.reaches();
        for b in 0..clocks.len() {
            let before = (0..b).filter(|&a| reaches[a][b]);
            let same = before.clone().filter(|&a| clocks[a].wall() == clocks[b].wall()).count();
            for a in before {
                assert!(clocks[a] < clocks[b], "seed {seed}: {a} -> {b}");
            }
            assert!(clocks[b].wall() >= pt(b), "seed {seed}: l is not behind");
            assert!(clocks[b].wall() - pt(b) <= epsilon, "seed {seed}: l is not too far ahead");
            assert!(clocks[b].count() as usize <= same, "seed {seed}: c counts");
            ahead += u32::from(clocks[b].wall() > pt(b));
            counted += u32::from(clocks[b].count() > 0);
        }
    }
    assert!(ahead > 500 && counted > 500, "{ahead}, {counted}");
}

#[test]
fn a_message_from_too_far_ahead_changes_nothing() {
    let mut clock = Hlc::at(1_000, 2);
    assert_eq!(clock.receive_within(Hlc::at(2_000, 0), 1_001, 500), Err(TooFarAhead { by: 999 }));
    assert_eq!(clock, Hlc::at(1_000, 2));
    assert_eq!(clock.receive_within(Hlc::at(1_500, 7), 1_001, 500), Ok(Hlc::at(1_500, 8)));
}

// ---- intervals ----

#[test]
fn after_commit_wait_every_later_commit_has_a_greater_stamp() {
    for seed in 0..2_000 {
        let epsilon = pick(seed, &[0], 50);
        // Two clocks, each off by at most ε; real time t.
        let off = |which| pick(seed, &[1, which], 2 * epsilon + 1) as i64 - epsilon as i64;
        let now = |which, t: u64| Interval::around(t.saturating_add_signed(off(which)), epsilon);
        let start = 10_000 + pick(seed, &[2], 1_000);
        let first = now(0, start).latest;
        let shown = (start..).find(|&t| now(0, t).is_after(first)).expect("time passes");
        assert!(shown > first, "s1 is past in real time when T1 is shown");
        assert!(shown - start <= 4 * epsilon + 1, "it takes about 2ε on average");
        let second = now(1, shown).latest;
        assert!(first < second, "seed {seed}: external consistency");
    }
    let (a, b) = (Interval::around(10, 3), Interval::around(17, 3));
    assert!(a.precedes(b) && !b.precedes(a) && !a.overlaps(b));
    assert!(a.overlaps(Interval::around(16, 3)) && Interval::around(9, 4).uncertainty() == 4);
    assert!(a.is_before(14) && !a.is_before(13));
}

// ---- C7 ----

#[test]
fn c7_ntp_cristian_and_berkeley() {
    let exchange = |t1, t2, t3, t4| Exchange { t1, t2, t3, t4 };
    let first = exchange(100, 160, 165, 125);
    assert_eq!((first.offset(), first.delay(), first.error()), (50, 20, 10));
    let second = exchange(1_000, 1_150, 1_160, 1_050);
    assert_eq!((second.offset(), second.delay()), (130, 40));
    assert_eq!(cristian(0, 20, 0).error, 10);
    assert_eq!(cristian(0, 20, 4).error, 6);
    assert_eq!(berkeley(&[180, 205, 170], 60), [5, -20, 15]);
    assert_eq!(berkeley(&[180, 205, 170, 900], 60), [5, -20, 15, -715], "an outlier has no say");
    assert!(berkeley(&[], 1).is_empty());
}

#[test]
fn an_exchange_is_never_further_off_than_half_its_delay() {
    let mut worst = 0;
    for seed in 0..5_000 {
        let skew = pick(seed, &[0], 2_001) as i64 - 1_000;
        let [there, held, back] = [1, 2, 3].map(|k| pick(seed, &[k], 200) as i64);
        let sent = pick(seed, &[4], 10_000) as i64;
        let (t2, t4) = (sent + there + skew, sent + there + held + back);
        let exchange = Exchange { t1: sent, t2, t3: t2 + held, t4 };
        let wrong = (exchange.offset() - skew).abs();
        assert_eq!(exchange.delay(), there + back, "seed {seed}");
        assert!(wrong <= exchange.error(), "seed {seed}: {exchange:?}, {skew}");
        worst = worst.max(200 * wrong / (1 + exchange.delay()));
        let reading = cristian(t2 + held, there + back, there.min(back));
        assert!((reading.time - (t4 + skew)).abs() <= reading.error, "seed {seed}");
    }
    assert!(worst >= 95, "the bound is reached: {worst}");
}

#[test]
fn where_most_sources_agree_is_where_the_right_ones_do() {
    assert_eq!(marzullo(&[]), None);
    assert_eq!(marzullo(&[(3, 3)]), Some((1, 3, 3)));
    assert_eq!(marzullo(&[(5, 4)]), None, "a span that ends before it begins says nothing");
    assert_eq!(marzullo(&[(0, 10), (4, 6), (6, 20), (30, 31)]), Some((3, 6, 6)));
    let mut decided = 0;
    for seed in 0..5_000 {
        // More than half are right: the true value lies in their spans.
        let count = 1 + 2 * pick(seed, &[0], 4);
        let wrong = pick(seed, &[1], count.div_ceil(2));
        let truth = 1_000;
        let spans: Vec<(i64, i64)> = (0..count)
            .map(|source| {
                let [before, after, off] =
                    [10, 11, 12].map(|k| pick(seed, &[k, source], 50) as i64);
                let middle = if source < wrong { truth + 20 * (off - 25) } else { truth };
                (middle - before, middle + after)
            })
            .collect();
        let (most, from, to) = marzullo(&spans).expect("there are sources");
        assert!(from <= to && most as u64 >= count - wrong, "seed {seed}: {spans:?}");
        for at in -100..2_100 {
            let holds = spans.iter().filter(|span| span.0 <= at && at <= span.1).count();
            assert!(holds <= most, "seed {seed}: at {at} in {spans:?}");
            assert!(holds == most || !(from..=to).contains(&at), "seed {seed}: at {at}");
        }
        if wrong == 0 {
            assert!((from..=to).contains(&truth), "seed {seed}");
            decided += 1;
        }
    }
    assert!(decided > 500, "{decided}");
}
