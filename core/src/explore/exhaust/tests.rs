//! Which planted mistakes are found, in how many steps, and that the correct protocols hold in
//! every state within stated bounds. The large ones are for `npm run test:all`:
//! `cargo test --release -p happens-before --lib exhaust -- --ignored`.

use super::{Bounds, Count, Outcome, Way, begin, retell};
use crate::catalogue;
use crate::protocols::find;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Nothing happens but that messages arrive.
const STILL: Bounds = Bounds {
    epochs: 1,
    requests: 0,
    retries: 0,
    campaigns: 1,
    beats: 0,
    crashes: 0,
    duplicates: 0,
    split_sync: false,
    depth: u32::MAX,
    states: 20_000_000,
    symmetry: true,
    drop_inert: true,
};

/// A mistake, and where it shows.
struct Planted {
    protocol: &'static str,
    bug: &'static str,
    /// The rest of the text.
    text: &'static str,
    bounds: Bounds,
    /// The formal name of the check that fails.
    check: &'static str,
    /// So many steps are the shortest way.
    steps: usize,
    /// A text of these steps is found, too.
    told: bool,
}

const fn raft(
    bug: &'static str,
    text: &'static str,
    bounds: Bounds,
    check: &'static str,
    steps: usize,
) -> Planted {
    Planted { protocol: "raft", bug, text, bounds, check, steps, told: true }
}

const fn paxos(
    bug: &'static str,
    text: &'static str,
    bounds: Bounds,
    check: &'static str,
    steps: usize,
) -> Planted {
    Planted { protocol: "paxos", bug, text, bounds, check, steps, told: true }
}

const ZOO: &[Planted] = &[
    raft("drop-vote", "nodes 3\n", STILL, "Monotonic state", 4),
    raft(
        "forget-vote",
        "nodes 3\n",
        Bounds { campaigns: 2, crashes: 1, ..STILL },
        "Election safety",
        7,
    ),
    raft(
        "forget-term",
        "nodes 3\n",
        Bounds { campaigns: 2, crashes: 1, ..STILL },
        "Election safety",
        7,
    ),
    raft(
        "ack-before-sync",
        "nodes 3\n",
        Bounds { campaigns: 2, crashes: 1, split_sync: true, ..STILL },
        "Election safety",
        7,
    ),
    raft(
        "vote-for-anyone",
        "nodes 3\n",
        Bounds { epochs: 2, campaigns: 2, requests: 1, ..STILL },
        "Leader completeness",
        11,
    ),
    raft(
        "leader-rewrites",
        "nodes 3\n",
        Bounds { epochs: 2, campaigns: 2, requests: 1, ..STILL },
        "Leader append-only",
        10,
    ),
    Planted {
        // One copy of a message arrives, and the other one later: a line lets both go on.
        told: false,
        ..raft(
            "truncate-always",
            "nodes 3\n",
            Bounds { requests: 2, duplicates: 1, ..STILL },
            "Leader completeness",
            11,
        )
    },
    raft("half-is-enough", "nodes 4\n", Bounds { campaigns: 2, ..STILL }, "Election safety", 6),
    raft(
        "ignore-prev-term",
        "nodes 3\nlog n1 1 1\nlog n2 1 2\nlog n3 1 1\n",
        Bounds { requests: 1, ..STILL },
        "Log matching",
        7,
    ),
    Planted {
        // The heartbeat that says "committed" has no line.
        told: false,
        ..raft(
            "commit-beyond-match",
            "nodes 3\nlog n1 1\nlog n2 1\nlog n3 1 1 1\n",
            Bounds { requests: 1, beats: 1, ..STILL },
            "State machine safety",
            12,
        )
    },
    raft(
        "longest-log-wins",
        "nodes 3\nlog n1 1 1 1 1\nlog n2 1 2\nlog n3 1 2\n",
        Bounds { epochs: 2, campaigns: 2, requests: 1, ..STILL },
        "Leader completeness",
        12,
    ),
    paxos("forget-promise", "nodes 3\n", TWO_PROPOSERS, "P1a", 3),
    paxos("forget-accepted", "nodes 3\n", TWO_PROPOSERS, "Durability", 5),
    paxos(
        "answer-before-sync",
        "nodes 3\n",
        Bounds { split_sync: true, ..TWO_PROPOSERS },
        "P1a",
        3,
    ),
    paxos("own-value", "nodes 3\n", TWO_PROPOSERS, "P2b", 7),
    paxos("shared-ballots", "nodes 3\n", TWO_PROPOSERS, "Distinct ballots", 6),
    paxos("accept-below-promise", "nodes 3\n", TWO_PROPOSERS, "P1a", 5),
    paxos("accept-without-promise", "nodes 3\n", TWO_PROPOSERS, "P1a", 4),
    paxos(
        "reuse-ballot",
        "nodes 3\n",
        Bounds { split_sync: true, ..TWO_PROPOSERS },
        "Distinct ballots",
        9,
    ),
    paxos("half-is-enough", "nodes 2\n", TWO_PROPOSERS, "Durability", 1),
    paxos(
        "count-old-promises",
        "nodes 3\n",
        Bounds { campaigns: 1, crashes: 0, ..TWO_PROPOSERS },
        "P2b",
        8,
    ),
    paxos(
        "count-twice",
        "nodes 3\n",
        Bounds { duplicates: 1, crashes: 0, ..TWO_PROPOSERS },
        "Durability",
        8,
    ),
    paxos(
        "count-across-ballots",
        "nodes 3\n",
        Bounds { campaigns: 1, crashes: 0, ..TWO_PROPOSERS },
        "Durability",
        10,
    ),
];

/// Two values are proposed, wherever, and power fails once.
const TWO_PROPOSERS: Bounds = Bounds { epochs: 6, requests: 2, campaigns: 0, crashes: 1, ..STILL };

fn search(text: &str, from_us: u64, bounds: &Bounds) -> (Outcome, Count) {
    let mut search =
        begin(text, from_us, bounds, None).unwrap_or_else(|why| panic!("{why:?} in\n{text}"));
    search.advance(u64::MAX);
    (search.outcome().clone(), search.count())
}

fn way(text: &str, from_us: u64, bounds: &Bounds) -> Way {
    match search(text, from_us, bounds) {
        (Outcome::Violated(way), _) => way,
        other => panic!("{other:?} of\n{text}"),
    }
}

fn formal(protocol: &str, way: &Way) -> &'static str {
    find(protocol).expect("known").declaration.checks[usize::from(way.check)].formal
}

/// The text with its bug and without.
fn texts(planted: &Planted) -> (String, String) {
    let Planted { protocol, bug, text, .. } = planted;
    (format!("protocol {protocol} with bug {bug}\n{text}"), format!("protocol {protocol}\n{text}"))
}

#[test]
fn planted_mistakes_are_found_by_the_shortest_way() {
    let mut wrong = Vec::new();
    for planted in ZOO {
        let (text, _) = texts(planted);
        let way = way(&text, 0, &planted.bounds);
        let check = formal(planted.protocol, &way);
        let told = retell(&text, 0, &way).is_some();
        if (check, way.steps.len(), told) != (planted.check, planted.steps, planted.told) {
            let steps = way.steps.join("\n");
            wrong.push(format!("{}: {check}, told {told}\n{steps}", planted.bug));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn without_the_mistake_raft_holds_in_all_of_these_states() {
    for planted in ZOO.iter().filter(|planted| planted.protocol == "raft") {
        let (_, text) = texts(planted);
        let (outcome, count) = search(&text, 0, &planted.bounds);
        assert_eq!(outcome, Outcome::Clean, "{}: {count:?}", planted.bug);
        assert!(count.states > 10, "{}: {count:?}", planted.bug);
    }
}

/// Figure 8 needs four terms: the scenario goes as far as (c), the rest is searched.
#[test]
fn from_the_middle_of_figure_8_the_search_finds_its_end() {
    let text = text_of("figure-8");
    let way = way(&text, 775_000, &STILL);
    assert_eq!(formal("raft", &way), "Leader completeness");
    let told = retell(&text, 775_000, &way).expect("can be told");
    assert!(told.contains("timeout n5") && told.contains("expect violated"), "{told}");
}

fn text_of(name: &str) -> String {
    catalogue::find(name).expect("in the catalogue").text.to_string()
}

#[test]
fn a_bound_that_is_reached_is_said() {
    let few = Bounds { states: 500, ..TWO_PROPOSERS };
    let (outcome, count) = search("protocol paxos\nnodes 3\n", 0, &few);
    assert_eq!(outcome, Outcome::CutOff);
    assert!(count.states >= 500 && count.waiting > 0, "{count:?}");
    let (outcome, count) =
        search("protocol paxos\nnodes 3\n", 0, &Bounds { depth: 4, ..TWO_PROPOSERS });
    assert_eq!((outcome, count.depth), (Outcome::CutOff, 4));
    let (outcome, _) = search("protocol echo\nnodes 2\n", 0, &Bounds { requests: 2, ..STILL });
    assert_eq!(outcome, Outcome::Clean);
}

/// States in which all holds.
fn clean(text: &str, bounds: &Bounds) -> u64 {
    let (outcome, count) = search(text, 0, bounds);
    assert_eq!(outcome, Outcome::Clean, "{count:?} of\n{text}");
    count.states
}

#[test]
#[ignore = "long"]
fn raft_holds_in_all_states_within_the_stated_bounds() {
    let two_terms = Bounds { epochs: 2, requests: 1, crashes: 1, ..STILL };
    let text = "protocol raft\nnodes 3\n";
    assert!(clean(text, &Bounds { campaigns: 6, ..two_terms }) > 1_000_000);
    assert!(clean(text, &Bounds { campaigns: 2, split_sync: true, ..two_terms }) > 100_000);
    assert!(clean(text, &Bounds { campaigns: 2, beats: 2, ..two_terms }) > 100_000);
    let doubled = Bounds { campaigns: 2, requests: 2, duplicates: 1, crashes: 0, ..two_terms };
    assert!(clean(text, &doubled) > 1_000_000);
}

#[test]
#[ignore = "long"]
fn paxos_holds_in_all_states_within_the_stated_bounds() {
    let text = "protocol paxos\nnodes 3\n";
    assert!(clean(text, &TWO_PROPOSERS) > 1_000_000);
    assert!(clean(text, &Bounds { crashes: 0, duplicates: 1, ..TWO_PROPOSERS }) > 1_000_000);
}

#[test]
#[ignore = "long"]
fn planted_mistakes_that_need_five_servers_or_a_prefix_are_found() {
    let count_votes = "protocol raft with bug count-votes-twice\nnodes 5\n";
    let twice = Bounds { campaigns: 2, duplicates: 1, ..STILL };
    assert_eq!(formal("raft", &way(count_votes, 0, &twice)), "Election safety");
    let old_acks = way(&text_of("count-old-acks"), 800_000, &Bounds { requests: 1, ..STILL });
    assert_eq!(formal("raft", &old_acks), "Durability");
    let earlier = Bounds { epochs: 2, campaigns: 2, ..STILL };
    let figure_8 = way(&text_of("figure-8"), 620_000, &earlier);
    assert_eq!(formal("raft", &figure_8), "Leader completeness");
    // Two of five have accepted X in ballot 1, then three Y in ballot 3: X is the more frequent.
    let frequent = "protocol paxos with bug most-frequent
nodes 5
latency 10ms
set round-timeout 250ms
client c1 at n1
client c3 at n3
at 10ms c1 propose X
at 35ms cut n1->n3
at 35ms cut n1->n4
at 35ms cut n1->n5
at 70ms partition n1 n2 | n3 n4 n5
at 80ms c3 propose Y
";
    let further = Bounds { epochs: 5, ..STILL };
    assert_eq!(formal("paxos", &way(frequent, 190_000, &further)), "P2b");
}
