//! Random runs inside the fault model: nothing breaks, everybody gets in once the faults are
//! over, and grants agree with a brute-force reading of Lamport's condition II on the trace.

use super::{play, violated};
use crate::explore::random_text_of;
use crate::protocols::mutex::event;
use crate::run::Run;
use crate::world::{Event, NONE, What};
use alloc::vec::Vec;

/// For each event the events that happened before it, as bits: by program order at a node and
/// from send to receive, nothing else (Lamport 1978).
fn pasts(events: &[Event], nodes: usize) -> Vec<Vec<u64>> {
    let words = events.len().div_ceil(64);
    let mut last: Vec<Option<usize>> = alloc::vec![None; nodes];
    let mut pasts: Vec<Vec<u64>> = Vec::new();
    for (id, event) in events.iter().enumerate() {
        let mut past = alloc::vec![0u64; words];
        let at_node = last.get(event.node.index()).copied().flatten();
        let sent = (event.what == What::Receive && event.cause != NONE).then_some(event.cause);
        for before in at_node.into_iter().chain(sent.map(|send| send as usize)) {
            for (word, known) in past.iter_mut().zip(&pasts[before]) {
                *word |= known;
            }
            past[before / 64] |= 1 << (before % 64);
        }
        pasts.push(past);
        if let Some(last) = last.get_mut(event.node.index()) {
            *last = Some(id);
        }
    }
    pasts
}

/// Requests with the events of asking and of entering, none if that has not come.
fn requests(run: &Run) -> Vec<(usize, Option<usize>)> {
    let is = |event: &Event, sub: u8| event.what == What::Mark && event.sub == sub;
    let asked = run.events().iter().enumerate().filter(|(_, e)| is(e, event::REQUEST));
    let entered = |ask: &Event| {
        let of = |e: &Event| is(e, event::ENTER) && e.node == ask.node && e.b == ask.b;
        run.events().iter().position(of)
    };
    asked.map(|(id, ask)| (id, entered(ask))).collect()
}

#[test]
fn random_runs_break_nothing_and_let_everybody_in() {
    let mut entered = 0;
    for seed in 0..60 {
        let run = play(&random_text_of("mutex", seed, &[]));
        assert_eq!(violated(&run), [""; 0], "seed {seed}");
        // The faults end at nine tenths; who asked in the first half has been in.
        let half_us = run.end_us().unwrap_or(0) / 2;
        for (ask, enter) in requests(&run) {
            let early = run.events()[ask].time_us < half_us;
            assert!(enter.is_some() || !early, "seed {seed}: event {ask} is not granted");
            entered += usize::from(enter.is_some());
        }
    }
    assert!(entered > 60 * 20, "{entered}");
}

#[test]
fn what_happened_before_is_granted_before() {
    let mut pairs = 0;
    for seed in 0..12 {
        let run = play(&random_text_of("mutex", seed, &[]));
        let few = &run.events()[..run.events().len().min(4_000)];
        let pasts = pasts(few, run.names().len());
        let known: Vec<_> =
            requests(&run).into_iter().filter(|(ask, _)| *ask < few.len()).collect();
        for (first, granted) in &known {
            for (second, later) in &known {
                let before = pasts[*second][first / 64] >> (first % 64) & 1 == 1;
                if let (true, Some(granted), Some(later)) = (before, granted, later) {
                    assert!(granted < later, "seed {seed}: events {first} and {second}");
                    pairs += 1;
                }
            }
        }
    }
    assert!(pairs > 500, "{pairs}");
}
