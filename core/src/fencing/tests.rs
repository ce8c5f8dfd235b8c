use super::*;
use crate::draw::{Purpose, between, draw};
use alloc::vec::Vec;

/// The `k`-th number of this seed, from `low..=high`.
fn pick(seed: u64, k: u64, low: u64, high: u64) -> u64 {
    between(draw(seed, Purpose::Generate, &[900, k]), low, high)
}

/// Cases F1: 33, 34, a late 33, a second 34.
#[test]
fn only_what_is_lower_is_refused() {
    let mut store = Store::new("");
    assert!(store.write(Token(33), "a").is_ok());
    assert!(store.write(Token(34), "b").is_ok());
    assert_eq!(store.write(Token(33), "c"), Err(Stale { seen: Token(34) }));
    assert!(store.write(Token(34), "d").is_ok());
    assert_eq!((*store.peek(), store.highest()), ("d", Token(34)));
}

#[test]
fn who_reads_to_write_keeps_older_holders_out() {
    let mut store = Store::new(0);
    assert_eq!(store.read(Token(34)), Ok(&0));
    assert_eq!(store.write(Token(33), 1), Err(Stale { seen: Token(34) }));
    assert_eq!(store.read(Token(33)), Err(Stale { seen: Token(34) }));
    assert_eq!(*store.peek(), 0);
}

/// Unique, monotonic, available: tokens over restarts that keep the last one.
#[test]
fn tokens_are_unique_monotonic_and_available() {
    for seed in 0..500 {
        let mut tokens = Tokens::after(Token(pick(seed, 0, 0, 100)));
        let mut given: Vec<Token> = Vec::new();
        for k in 1..100 {
            if pick(seed, k, 0, 9) == 0 {
                tokens = Tokens::after(tokens.last());
            }
            let token = tokens.issue();
            assert!(given.iter().all(|known| *known < token), "seed {seed}");
            given.push(token);
        }
        assert_eq!(given.len(), 99);
    }
}

/// By definition: a write counts if no admitted read or write before it had a higher token.
#[test]
fn a_store_admits_what_the_definition_says() {
    let (mut refused, mut admitted) = (0, 0);
    for seed in 0..2_000 {
        let mut store = Store::new(0);
        let mut before: Vec<u64> = Vec::new();
        let mut value = 0;
        for k in 0..20 {
            let token = pick(seed, 3 * k, 1, 8);
            let may = before.iter().all(|known| *known <= token);
            let done = if pick(seed, 3 * k + 1, 0, 2) == 0 {
                store.read(Token(token)).is_ok()
            } else {
                let done = store.write(Token(token), k).is_ok();
                value = if done { k } else { value };
                done
            };
            assert_eq!(done, may, "seed {seed}, step {k}");
            assert_eq!(*store.peek(), value);
            if may {
                before.push(token);
                admitted += 1;
            } else {
                refused += 1;
            }
            if pick(seed, 3 * k + 2, 0, 5) == 0 {
                store = Store::resume(*store.peek(), store.highest());
            }
        }
    }
    assert!(refused > 5_000 && admitted > 5_000, "{refused} refused, {admitted} admitted");
}

/// A clock: shows `offset + floor(t * (10^6 + ppm) / 10^6)` at the real time t.
#[derive(Clone, Copy)]
struct Clock {
    offset_us: u64,
    rate_ppm: u64,
}

impl Clock {
    fn shows_us(self, real_us: u64) -> u64 {
        self.offset_us + real_us * self.rate_ppm / 1_000_000
    }
}

/// One granter, three holders, each with a clock of its own rate within the bound; questions and
/// answers take their time. Whenever somebody believes that it holds the lock, nobody else does,
/// and the granter agrees.
fn two_believe(seed: u64, rates: Rates) -> Option<u64> {
    let bound_ppm = pick(seed, 1, 0, 500_000);
    let clock = |k: u64| Clock {
        offset_us: pick(seed, 10 + k, 0, 1_000_000),
        // No two rates are further apart than the bound.
        rate_ppm: 700_000 + pick(seed, 20 + k, 0, 700_000 * bound_ppm / 1_000_000),
    };
    let rates = if rates == Rates::EQUAL { rates } else { Rates { bound_ppm } };
    let granter = clock(0);
    let mut lock = Lock::first_token(1);
    let mut belief: Vec<Option<(Token, Lease)>> = alloc::vec![None; 3];
    let mut real_us = 0;
    for k in 0..60 {
        let who = pick(seed, 100 + 4 * k, 0, 2) as usize;
        let mine = clock(1 + who as u64);
        let asked_us = mine.shows_us(real_us);
        real_us += pick(seed, 101 + 4 * k, 0, 3_000); // on its way there
        let now_us = granter.shows_us(real_us);
        let length_us = 10_000;
        let renews = belief[who].filter(|(token, _)| lock.renew(*token, now_us, length_us).is_ok());
        let lease = Lease::asked_at(asked_us, length_us, rates);
        if let Some((token, old)) = renews {
            belief[who] = Some((token, old.renewed(lease)));
        } else {
            belief[who] = lock.acquire(who, now_us, length_us).ok().map(|token| (token, lease));
        }
        real_us += pick(seed, 102 + 4 * k, 0, 9_000);
        let believes = |k: usize| {
            let shows_us = clock(1 + k as u64).shows_us(real_us);
            belief[k].is_some_and(|(_, lease)| lease.holds_at(shows_us))
        };
        let sure: Vec<usize> = (0..3).filter(|&k| believes(k)).collect();
        if sure.len() > 1 {
            return Some(real_us);
        }
    }
    None
}

#[test]
fn nobody_believes_in_a_lease_that_another_holds() {
    for seed in 0..20_000 {
        assert_eq!(two_believe(seed, Rates { bound_ppm: 1 }), None, "seed {seed}");
    }
}

#[test]
fn who_does_not_allow_for_the_clocks_is_caught() {
    let caught = (0..20_000).filter(|&seed| two_believe(seed, Rates::EQUAL).is_some()).count();
    assert!(caught > 100, "{caught} of 20,000");
}

#[test]
fn a_lock_is_held_by_one_and_given_again_when_its_lease_ends() {
    for seed in 0..2_000 {
        let mut lock = Lock::first_token(33);
        let (mut now_us, mut last) = (0, Token(32));
        let mut until_us = 0;
        let mut holder = None;
        for k in 0..40 {
            now_us += pick(seed, 200 + 3 * k, 0, 60);
            let who = pick(seed, 201 + 3 * k, 1, 3);
            let free = holder.is_none_or(|(known, _)| known == who) || now_us >= until_us;
            match pick(seed, 202 + 3 * k, 0, 3) {
                0 if holder.is_some() => {
                    let Some((_, token)) = holder else { continue };
                    let held = now_us < until_us;
                    assert_eq!(lock.release(token, now_us).is_ok(), held);
                    holder = holder.filter(|_| !held);
                }
                1 if holder.is_some() => {
                    let Some((_, token)) = holder else { continue };
                    let renewed = lock.renew(token, now_us, 100).is_ok();
                    assert_eq!(renewed, now_us < until_us);
                    until_us = if renewed { now_us + 100 } else { until_us };
                }
                _ => {
                    let got = lock.acquire(who, now_us, 100);
                    assert_eq!(got.is_ok(), free, "seed {seed}, step {k}");
                    let Ok(token) = got else { continue };
                    assert!(token > last, "a token was given twice");
                    (last, holder, until_us) = (token, Some((who, token)), now_us + 100);
                }
            }
            let known = lock.holder(now_us).map(|(who, token)| (*who, token));
            assert_eq!(known, holder.filter(|_| now_us < until_us));
        }
    }
}
