//! The two reductions against the search without them: nothing is lost, and what is merged is
//! exactly what may be.

use super::*;
use crate::explore::exhaust::Search;
use crate::protocols::find;
use crate::protocols::raft::Raft;
use crate::run::world_of;
use crate::scenario::parse;

/// One term, every fault there is.
const ONE_TERM: Bounds = Bounds {
    epochs: 1,
    requests: 1,
    retries: 0,
    campaigns: 3,
    beats: 0,
    crashes: 1,
    duplicates: 0,
    split_sync: false,
    depth: u32::MAX,
    states: 1_000_000,
    symmetry: false,
    drop_inert: false,
};

fn space(text: &str, bounds: &Bounds) -> Space<Raft> {
    let raft = find("raft").expect("known");
    let scenario = parse(text, &[raft.declaration]).expect("parses");
    Space::new(&world_of(&scenario, raft), bounds, None).expect("can be explored")
}

fn count(text: &str, bounds: &Bounds) -> (Count, bool) {
    let mut space = space(text, bounds);
    space.advance(u64::MAX);
    (space.count(), *space.outcome() == Outcome::Clean)
}

const CASES: [Bounds; 4] = [
    ONE_TERM,
    Bounds { crashes: 0, duplicates: 1, campaigns: 2, ..ONE_TERM },
    Bounds { crashes: 1, split_sync: true, campaigns: 1, ..ONE_TERM },
    Bounds { crashes: 0, beats: 1, campaigns: 2, ..ONE_TERM },
];

#[test]
fn each_state_stands_for_as_many_as_there_are_without_symmetry() {
    let two = Bounds { epochs: 2, campaigns: 2, crashes: 0, drop_inert: true, ..ONE_TERM };
    for (nodes, bounds) in CASES.map(|bounds| (3, bounds)).into_iter().chain([(3, two), (2, two)]) {
        let text = alloc::format!("protocol raft\nnodes {nodes}\n");
        let (plain, clean) = count(&text, &bounds);
        assert!(clean && plain.states > 50, "{bounds:?}: {plain:?}");
        for drop_inert in [false, true] {
            let bounds = Bounds { drop_inert, ..bounds };
            let (plain, clean) = count(&text, &bounds);
            let (reduced, also) = count(&text, &Bounds { symmetry: true, ..bounds });
            assert!(clean && also);
            assert_eq!(plain.unreduced, plain.states);
            assert_eq!(reduced.unreduced, plain.states, "{bounds:?}");
            assert!(reduced.states < plain.states, "{bounds:?}");
        }
    }
}

#[test]
fn dropping_what_is_inert_loses_nothing_else() {
    // All states of the whole search, each without its inert messages, are the states of the
    // search that drops them at once, and no more.
    for bounds in CASES {
        let dropping = Bounds { drop_inert: true, ..bounds };
        let (mut whole, mut judge) = (space("protocol raft\nnodes 3\n", &bounds), Seen::default());
        let mut queue = alloc::vec![whole.start.clone()];
        let (mut acts, mut to, mut known) = (Vec::new(), State::default(), Seen::default());
        known.put(whole.fingerprint(&whole.start.clone()).0);
        while let Some(state) = queue.pop() {
            let mut normal = state.clone();
            whole.bounds.drop_inert = true;
            whole.drop_inert(&mut normal, None);
            whole.bounds.drop_inert = false;
            judge.put(whole.fingerprint(&normal).0);
            whole.acts(&state, &mut acts);
            for act in acts.clone() {
                let Some(judged) = whole.after(&state, act, &mut to) else { continue };
                assert!(whole.judged[judged as usize].violations.is_empty());
                if known.put(whole.fingerprint(&to).0) {
                    queue.push(to.clone());
                }
            }
        }
        let (dropped, clean) = count("protocol raft\nnodes 3\n", &dropping);
        assert!(clean && dropped.states < known.len(), "{bounds:?}");
        assert_eq!(dropped.states, judge.len(), "{bounds:?}");
    }
}

#[test]
fn a_search_says_the_same_every_time_and_in_any_portions() {
    let bounds = Bounds { symmetry: true, ..CASES[0] };
    let (once, _) = count("protocol raft\nnodes 3\n", &bounds);
    let mut space = space("protocol raft\nnodes 3\n", &bounds);
    while *space.outcome() == Outcome::Searching {
        space.advance(7);
    }
    assert_eq!(space.count(), once);
    assert_eq!(once.waiting, 0);
}
