//! Cuts by brute force: what is consistent by definition (closed under happens-before), found by
//! reachability and by enumeration, against what `Run::cuts` and the checks say.

use super::{play, violated};
use crate::protocols::snapshot::event;
use crate::run::Run;
use crate::world::{Event, What};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The computation that a snapshot looks at: what branches send, take and record. By node, the
/// places in the list.
fn computation(run: &Run) -> Vec<(u32, Event)> {
    let is_part = |event: &Event| {
        let of = [event::TRANSFER, event::RECEIVE, event::RECORD];
        event.what == What::Mark && of.contains(&event.sub)
    };
    (0..).zip(run.events().iter().copied()).filter(|(_, event)| is_part(event)).collect()
}

/// For each event those that happened before it, as a list of truths.
fn pasts(events: &[(u32, Event)]) -> Vec<Vec<bool>> {
    let mut pasts: Vec<Vec<bool>> = Vec::new();
    for (place, (_, event)) in events.iter().enumerate() {
        let mut past = alloc::vec![false; events.len()];
        let earlier = events[..place].iter();
        let at_node = earlier.clone().rposition(|(_, other)| other.node == event.node);
        let sent = earlier.clone().rposition(|(_, other)| {
            event.sub == event::RECEIVE
                && other.sub == event::TRANSFER
                && (other.node, other.peer, other.b) == (event.peer, event.node, event.b)
        });
        for before in at_node.into_iter().chain(sent) {
            past[before] = true;
            past.iter_mut().zip(&pasts[before]).for_each(|(mine, theirs)| *mine |= theirs);
        }
        pasts.push(past);
    }
    pasts
}

/// Whether a cut is closed: with an event all that happened before it lies before the cut. A cut
/// is for each node its last event in it, as a place in the list.
fn is_closed(cut: &[Option<usize>], events: &[(u32, Event)], pasts: &[Vec<bool>]) -> bool {
    let inside = |place: usize| cut[events[place].1.node.index()].is_some_and(|last| place <= last);
    let whole = |last: usize| (0..events.len()).all(|place| !pasts[last][place] || inside(place));
    cut.iter().flatten().all(|&last| whole(last))
}

fn small(seed: u64, bug: &str) -> String {
    let nodes = 2 + seed % 2;
    format!(
        "protocol snapshot{bug}\nnodes {nodes}\nseed {seed}\nlatency 5ms..60ms\n\
         client c1 at n1 every 21ms transfer\nclient c2 at n2 every 26ms transfer\n\
         at 40ms step n2 by -90ms\nat 60ms tell n1 snapshot\nat 90ms tell n2 snapshot\n\
         at 170ms pause c1 c2\nend 700ms\n"
    )
}

const KINDS: [&str; 5] = [
    "",
    " with bug marker-late",
    " with bug overtaking",
    " with bug by-wall-clock",
    " with bug record-later",
];

#[test]
fn a_cut_is_consistent_exactly_if_it_is_closed() {
    let (mut consistent, mut not) = (0, 0);
    for bug in KINDS {
        for seed in 0..20 {
            let run = play(&small(seed, bug));
            let events = computation(&run);
            let pasts = pasts(&events);
            let servers = usize::from(run.world().kernel.servers);
            let cuts = run.cuts();
            let complete = cuts.iter().filter(|cut| cut.complete);
            for cut in complete.clone() {
                let mut places = alloc::vec![None; servers];
                for &(node, id) in &cut.events {
                    let place = events.iter().position(|(known, _)| *known == id);
                    places[usize::from(node)] = place;
                }
                let closed = is_closed(&places, &events, &pasts);
                assert_eq!(cut.is_consistent(), closed, "{bug} {seed}: {cut:?}");
                if closed { consistent += 1 } else { not += 1 }
            }
            // And the checks say the same.
            let said = violated(&run).contains(&"Consistent cut");
            assert_eq!(said, cuts.iter().any(|cut| !cut.is_consistent()), "{bug} {seed}");
            assert!(!bug.is_empty() || !said, "{seed}");
        }
    }
    assert!(consistent > 60 && not > 20, "{consistent} {not}");
}

/// Every cut of a small run: closed under happens-before exactly if no message is taken before
/// it that leaves after it. The recorded one is among the consistent ones, and there are others.
#[test]
fn the_recorded_cut_is_one_of_all_consistent_ones() {
    let mut all = 0;
    for seed in (0..20).step_by(2) {
        let run = play(&small(seed, ""));
        let events: Vec<(u32, Event)> = computation(&run).into_iter().take(40).collect();
        let pasts = pasts(&events);
        let of = |node: u16| -> Vec<Option<usize>> {
            let places = (0..events.len()).filter(|&place| events[place].1.node.0 == node);
            core::iter::once(None).chain(places.map(Some)).collect()
        };
        let (firsts, seconds) = (of(0), of(1));
        let mut closed_ones = Vec::new();
        for &first in &firsts {
            for &second in &seconds {
                let cut = [first, second];
                let inside = |place: usize| {
                    cut[events[place].1.node.index()].is_some_and(|last| place <= last)
                };
                let backwards = (0..events.len()).any(|taken| {
                    let (_, event) = events[taken];
                    let sent = events.iter().position(|(_, other)| {
                        other.sub == event::TRANSFER
                            && (other.node, other.peer, other.b)
                                == (event.peer, event.node, event.b)
                    });
                    event.sub == event::RECEIVE
                        && inside(taken)
                        && sent.is_none_or(|sent| !inside(sent))
                });
                let closed = is_closed(&cut, &events, &pasts);
                assert_eq!(closed, !backwards, "seed {seed}: {cut:?}");
                if closed {
                    closed_ones.push(cut);
                }
            }
        }
        for cut in run.cuts().iter().filter(|cut| cut.complete) {
            let place = |node: u16| {
                let id = cut.events.iter().find(|(known, _)| *known == node).map(|(_, id)| *id);
                events.iter().position(|(known, _)| Some(*known) == id)
            };
            let recorded = [place(0), place(1)];
            if recorded.iter().all(Option::is_some) {
                assert!(closed_ones.contains(&recorded), "seed {seed}");
            }
        }
        assert!(closed_ones.len() > 2, "seed {seed}");
        all += closed_ones.len();
    }
    assert!(all > 300, "{all}");
}
