//! Stamps and relations of events, on random runs of every protocol, against what they mean by
//! definition: happened-before as the closure of program order and messages.

use happens_before::catalogue::CATALOGUE;
use happens_before::draw::{Purpose, below, draw};
use happens_before::explore::{chaos_text, random_text_of};
use happens_before::protocols::DECLARATIONS;
use happens_before::run::Run;
use happens_before::stamps::{Hop, Relation, StampKind, Stamps, WIDE};
use happens_before::world::{Event, NONE, What};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Events of a run that are looked at.
const EVENTS: usize = 2_000;

/// Steps and what reaches what, straight from the definition.
struct Meant {
    /// The step of each event.
    step: Vec<Option<usize>>,
    /// The events of each step.
    events: Vec<Vec<usize>>,
    /// The steps that happened before each step, one bit each.
    before: Vec<Vec<u64>>,
    /// For each step the one before on its node, and the one that sent what it receives.
    direct: Vec<[Option<usize>; 2]>,
}

impl Meant {
    fn of(trace: &[Event], nodes: usize) -> Meant {
        let mut meant = Meant { step: vec![], events: vec![], before: vec![], direct: vec![] };
        let mut last = vec![None; nodes];
        for (id, event) in trace.iter().enumerate() {
            let begins = matches!(
                event.what,
                What::Boot
                    | What::Receive
                    | What::Timer
                    | What::Durable
                    | What::Failed
                    | What::Told
                    | What::Request
            );
            let goes_on = matches!(
                event.what,
                What::Send | What::Mark | What::Answer | What::GiveUp | What::Exit
            );
            if begins {
                let sent = (event.what == What::Receive).then(|| {
                    assert_eq!(trace[event.cause as usize].what, What::Send);
                    meant.step[event.cause as usize].expect("a sending is a process's")
                });
                let new = meant.events.len();
                let mut before = vec![0u64; new / 64 + 1];
                let direct = [last[event.node.index()], sent];
                for from in direct.into_iter().flatten() {
                    for (word, known) in before.iter_mut().zip(&meant.before[from]) {
                        *word |= known;
                    }
                    before[from / 64] |= 1 << (from % 64);
                }
                meant.before.push(before);
                meant.direct.push(direct);
                meant.events.push(vec![id]);
                last[event.node.index()] = Some(new);
                meant.step.push(Some(new));
            } else if goes_on {
                let step = last[event.node.index()].expect("somebody started");
                meant.events[step].push(id);
                meant.step.push(Some(step));
            } else {
                meant.step.push(None);
            }
        }
        meant
    }

    fn is_before(&self, a: usize, b: usize) -> bool {
        self.before[b].get(a / 64).is_some_and(|word| word >> (a % 64) & 1 == 1)
    }

    fn ordering(&self, a: usize, b: usize) -> Option<Ordering> {
        match (self.is_before(a, b), self.is_before(b, a), a == b) {
            (true, ..) => Some(Ordering::Less),
            (_, true, _) => Some(Ordering::Greater),
            (.., true) => Some(Ordering::Equal),
            _ => None,
        }
    }

    /// The fewest messages from a to b, by trying all ways.
    fn fewest(&self, a: usize, b: usize) -> usize {
        let mut fewest = vec![usize::MAX; b + 1];
        fewest[a] = 0;
        for step in a + 1..=b {
            let [own, sent] = self.direct[step];
            let own = own.map_or(usize::MAX, |own| fewest[own]);
            let sent = sent.map_or(usize::MAX, |sent| fewest[sent].saturating_add(1));
            fewest[step] = own.min(sent);
        }
        fewest[b]
    }
}

/// The messages really lead from a to b.
fn assert_way(trace: &[Event], meant: &Meant, a: usize, b: usize, way: &[Hop]) {
    let step = |event: u32| meant.step[event as usize].expect("a process's");
    let node = |step: usize| trace[meant.events[step][0]].node;
    let mut here = a;
    for hop in way {
        let [send, receive] = [hop.send, hop.receive].map(|event| &trace[event as usize]);
        assert_eq!((send.what, receive.what), (What::Send, What::Receive));
        assert_eq!(receive.cause, hop.send);
        assert_eq!(node(here), send.node);
        assert!(here <= step(hop.send), "it leaves when it can");
        here = step(hop.receive);
    }
    assert!(node(here) == node(b) && here <= b);
    assert_eq!(way.len(), meant.fewest(a, b), "there is no shorter way");
}

struct Seen {
    before: u32,
    concurrent: u32,
    hops: usize,
    protocols: BTreeSet<&'static str>,
}

fn compare(text: &str, seed: u64, seen: &mut Seen) {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:?} in\n{text}"));
    while run.events().len() < EVENTS && run.step() {}
    seen.protocols.insert(run.declaration().name);
    let trace = run.all_events();
    let meant = Meant::of(trace, run.names().len());
    let stamps = run.stamps();
    for (id, step) in meant.step.iter().enumerate() {
        assert_eq!(stamps.has(id as u32), step.is_some());
        let hlc = stamps.hlc(id as u32);
        assert!(hlc.is_none_or(|hlc| hlc.wall() >= stamps.wall_us(id as u32).expect("both")));
    }
    let pick = |k: u64, which: u64| {
        let drawn = draw(seed, Purpose::Generate, &[77, k, which]);
        let step = below(drawn, meant.events.len() as u64) as usize;
        (step, meant.events[step][below(drawn << 20, meant.events[step].len() as u64) as usize])
    };
    for k in 0..150 {
        let (a, event_a) = pick(k, 0);
        // Every other pair lies close together: what is far apart is hardly ever concurrent.
        let (mut b, mut event_b) = pick(k, 1);
        if k % 2 == 0 {
            b = (a + b % 30).min(meant.events.len() - 1);
            event_b = meant.events[b][0];
        }
        let [in_a, in_b] = [event_a as u32, event_b as u32];
        let ordering = meant.ordering(a, b);
        let relation = stamps.relation(in_a, in_b).expect("both are of processes");
        let vectors = [in_a, in_b].map(|event| stamps.vector(event).expect("a process's"));
        assert_eq!(vectors[0].partial_cmp(&vectors[1]), ordering, "vectors in\n{text}");
        let numbers = [in_a, in_b].map(|event| (stamps.lamport(event), stamps.hlc(event)));
        match &relation {
            Relation::Same => assert_eq!(ordering, Some(Ordering::Equal)),
            Relation::Concurrent => assert_eq!(ordering, None, "in\n{text}"),
            Relation::Before(way) => {
                assert_eq!(ordering, Some(Ordering::Less), "in\n{text}");
                assert_way(trace, &meant, a, b, way);
                assert!(numbers[0].0 < numbers[1].0 && numbers[0].1 < numbers[1].1);
                seen.hops = seen.hops.max(way.len());
            }
            Relation::After(way) => {
                assert_eq!(ordering, Some(Ordering::Greater), "in\n{text}");
                assert_way(trace, &meant, b, a, way);
            }
        }
        seen.before += u32::from(matches!(relation, Relation::Before(_)));
        seen.concurrent += u32::from(relation == Relation::Concurrent);
        if k < 10 {
            assert_cone(trace, &meant, &stamps, a, in_a);
        }
    }
}

/// Causal past and future, by looking at every step.
fn assert_cone(trace: &[Event], meant: &Meant, stamps: &Stamps, a: usize, event: u32) {
    let past = stamps.past(event).expect("a process's");
    let future = stamps.future(event).expect("a process's");
    for node in 0..past.len() {
        let of = |&step: &usize| trace[meant.events[step][0]].node.index() == node;
        let steps = || (0..meant.events.len()).filter(of);
        let last = steps().filter(|&step| step == a || meant.is_before(step, a)).max();
        let last = last.and_then(|step| meant.events[step].last().copied());
        assert_eq!(past[node].map(|event| event as usize), last);
        let first = steps().find(|&step| step == a || meant.is_before(a, step));
        assert_eq!(
            future[node].map(|event| event as usize),
            first.map(|step| meant.events[step][0])
        );
    }
}

#[test]
fn relations_are_what_vectors_say_and_what_happened_before_means() {
    let mut seen = Seen { before: 0, concurrent: 0, hops: 0, protocols: BTreeSet::new() };
    for seed in 0..200 {
        compare(&chaos_text(seed, &[]), seed, &mut seen);
    }
    for seed in 0..20 {
        for protocol in ["raft", "paxos", "multipaxos"] {
            compare(&random_text_of(protocol, seed, &[]), seed, &mut seen);
        }
    }
    for (seed, entry) in CATALOGUE.iter().enumerate() {
        compare(entry.text, seed as u64, &mut seen);
    }
    let many = "protocol echo\nnodes 40\nseed 1\nlatency 10ms..40ms\n".to_string()
        + &(1..=8)
            .map(|c| format!("client c{c} at n{} every 30ms echo\n", 5 * c - 2))
            .collect::<String>();
    assert!(Run::new(&many).expect("a text").names().len() > WIDE, "vectors are made when asked");
    compare(&many, 0, &mut seen);
    let all: BTreeSet<&str> = DECLARATIONS.iter().map(|declaration| declaration.name).collect();
    assert_eq!(seen.protocols, all, "every protocol");
    assert!(seen.before > 5_000 && seen.concurrent > 1_000 && seen.hops > 2, "enough of each");
}

#[test]
fn wall_clocks_are_read_as_processes_read_them() {
    let (mut read, mut moved) = (0, 0);
    for seed in 0..90 {
        let mut run = Run::new(&chaos_text(seed, &[])).expect("a text");
        let mut from = run.events().len();
        while run.events().len() < EVENTS && run.step() {
            let new = &run.events()[from..];
            let moves = |event: &Event| matches!(event.what, What::Drift | What::Step | What::Slew);
            let stood = |event: &Event| matches!(event.what, What::Suspend | What::Resume);
            let is_quiet = !new.iter().any(|event| moves(event) || stood(event));
            moved += u32::from(new.iter().any(moves));
            for (id, event) in new.iter().enumerate().filter(|_| is_quiet) {
                let begins = matches!(event.what, What::Receive | What::Timer | What::Durable);
                if begins {
                    let node = run.world().kernel.node(event.node);
                    let shown = node.wall.show_us(node.clock.local_us(event.time_us));
                    assert_eq!(
                        run.stamps().wall_us((from + id) as u32),
                        Some(shown),
                        "seed {seed}"
                    );
                    read += 1;
                }
            }
            from = run.events().len();
        }
    }
    assert!(read > 5_000 && moved > 10, "{read}, {moved}");
}

#[test]
fn stamps_stay_right_when_the_run_goes_back_on_and_elsewhere() {
    let mut run = Run::new(&chaos_text(3, &[])).expect("a text");
    run.seek(600_000);
    let known = run.stamps().known();
    run.seek(1_200_000);
    assert!(run.stamps().known() > known);
    run.seek(300_000);
    run.act("crash n1").expect("an action");
    run.seek(900_000);
    let fresh = Stamps::of(run.names().len(), run.all_events());
    for event in 0..run.all_events().len() as u32 {
        for kind in [StampKind::Lamport, StampKind::Vector, StampKind::Hlc] {
            assert_eq!(run.stamps().text(event, kind), fresh.text(event, kind));
        }
        let anchor = run.anchor(event);
        assert!(anchor.is_none_or(|anchor| run.stamps().has(anchor) && anchor <= event));
    }
    let crash = run.all_events().iter().rposition(|event| event.what == What::Crash);
    assert!(run.anchor(crash.expect("one") as u32).is_some_and(|anchor| anchor != NONE));
}

#[test]
fn a_hundred_thousand_events_are_stamped() {
    let text = "protocol raft\nnodes 5\nseed 7\nlatency 1ms..2ms\nset heartbeat 2ms\n\
                set election-timeout 20ms..40ms\nclient c1 every 1ms put x\nend 60s\n";
    let mut run = Run::new(text).expect("a text");
    while run.events().len() < 100_000 && run.step() {}
    let events = run.all_events().len();
    assert!(events >= 100_000);
    assert_eq!(run.stamps().known(), events);
    let last = (0..events as u32).rev().find(|&event| run.stamps().has(event)).expect("one");
    assert!(matches!(run.relation(0, last), Some(Relation::Before(_))));
}
