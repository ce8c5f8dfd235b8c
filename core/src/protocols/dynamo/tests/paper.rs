//! What the paper says, step by step; and what R + W > N does not give.

use super::super::object::{Dot, Object, Seen, Version};
use super::{play, violated};
use crate::clocks::DottedVersion;
use crate::process::{NodeId, RequestId};
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

const CALM: &str = "latency 10ms\ndisk 1ms\n";

fn answers(run: &Run) -> Vec<String> {
    let answered = run.world().members.history().iter().filter(|op| op.returned_us.is_some());
    answered.map(|op| op.answer.clone()).collect()
}

fn version(server: u16, count: u64, seen: &Seen, text: &str) -> Version {
    Version {
        clock: DottedVersion::new(Dot { replica: NodeId(server), count }, seen.clone()),
        stamp_us: count,
        request: RequestId { client: NodeId(9), number: u64::from(server) * 100 + count },
        text: text.into(),
    }
}

#[test]
fn the_shopping_cart_of_ddia_figure_5_13() {
    // Case C4: one server, two clients; each write gives back what there is now.
    let (mut cart, mut one, mut two) = (Object::new(false), Seen::default(), Seen::default());
    let mut write = |seen: &mut Seen, text: &str| {
        let dot = cart.next_dot(NodeId(0), seen);
        cart.add(version(0, dot.count, seen, text), false, true);
        *seen = cart.context();
        cart.short()
    };
    assert_eq!(write(&mut one, "milk"), "milk");
    assert_eq!(write(&mut two, "eggs"), "eggs | milk");
    assert_eq!(write(&mut one, "milk,flour"), "eggs | milk,flour");
    assert_eq!(write(&mut two, "eggs,milk,ham"), "eggs,milk,ham | milk,flour");
    assert_eq!(write(&mut one, "milk,flour,eggs,bacon"), "eggs,milk,ham | milk,flour,eggs,bacon");
}

/// Some history of three replicas: writes by clients that have seen some replica, and merges.
fn random_replicas(seed: u64) -> Vec<Object> {
    let pick = |k: u64, high: u64| {
        use crate::draw::{Purpose, between, draw};
        between(draw(seed, Purpose::Generate, &[k]), 0, high) as usize
    };
    let mut replicas = alloc::vec![Object::new(false); 3];
    for step in 0..12 {
        let (a, b) = (pick(10 * step, 2), pick(10 * step + 1, 2));
        if pick(10 * step + 2, 1) == 0 {
            let seen =
                if pick(10 * step + 3, 2) == 0 { Seen::default() } else { replicas[b].context() };
            // A client's context is of one replica at a time; the coordinator has all its own.
            let dot = replicas[a].next_dot(NodeId(a as u16), &seen);
            replicas[a].add(version(a as u16, dot.count, &seen, "v"), false, true);
        } else {
            let other = replicas[b].clone();
            replicas[a].merge(&other, true);
        }
    }
    replicas
}

#[test]
fn merging_is_commutative_associative_and_idempotent() {
    let merged = |a: &Object, b: &Object| {
        let mut out = a.clone();
        out.merge(b, true);
        out
    };
    for seed in 0..2_000 {
        let replicas = random_replicas(seed);
        let [a, b, c] = [&replicas[0], &replicas[1], &replicas[2]];
        assert_eq!(merged(a, b), merged(b, a), "seed {seed}");
        assert_eq!(merged(&merged(a, b), c), merged(a, &merged(b, c)), "seed {seed}");
        assert_eq!(merged(a, a), *a, "seed {seed}");
        // By definition: a version stays unless one of the merged has seen its dot replaced.
        let all = merged(&merged(a, b), c);
        for one in all.versions() {
            let newer = all.versions().any(|other| other.clock.knows(&one.clock.dot));
            assert!(!newer, "seed {seed}: {one:?} is replaced and stays");
        }
    }
}

#[test]
fn r_plus_w_greater_than_n_is_not_enough() {
    // DDIA figure 9-6, case Q1: N = 3, W = 3, R = 2; the write has reached n1 only.
    let text = "protocol dynamo\nnodes 3\nlatency 10ms\ndisk 1ms\nset r 2\nset w 3
set read-repair off\nset anti-entropy off\nset client-timeout 60s\nset silence 10s
client c1 at n1\nclient c2 at n1\nclient c3 at n3
at 10ms c1 put x 0\nhold n1->n2 store #2\nhold n1->n3 store #2\ndrop n1->n3 fetch #1
at 100ms c1 put x 1\nat 200ms c2 get x\nat 300ms cut n3--n1\nat 301ms c3 get x\nend 500ms";
    let run = play(text);
    assert_eq!(answers(&run), ["ok", "1", "0"]);
    assert_eq!(violated(&run), ["Linearizable"], "and reads see what is acknowledged");
}

#[test]
fn an_acknowledgement_too_few_is_neither_success_nor_failure() {
    // Case Q4: W = 2 of 3, one stores it, then the coordinator fails.
    let run = play(&alloc::format!(
        "protocol dynamo\nnodes 3\n{CALM}client c1 at n1\nclient c2 at n2\nset anti-entropy off\n\
         drop n1->n2 store #1\nat 10ms c1 put x 1\nat 35ms crash n1\nat 50ms c2 get x\n\
         at 700ms c2 get x\nend 900ms"
    ));
    let mut history = run.world().members.history().iter();
    let write = history.next().expect("a write");
    assert_eq!((write.returned_us, write.given_up), (None, true), "open: nobody knows");
    assert_eq!(answers(&run), ["1", "1"], "n3 has it");
    assert!(violated(&run).is_empty());
}

#[test]
fn a_sloppy_quorum_writes_where_a_strict_one_cannot_and_hands_over_later() {
    let text = |quorum: &str| {
        alloc::format!(
            "protocol dynamo\nnodes 5\n{CALM}client c1 at n4\nset quorum {quorum}\n\
             set anti-entropy off\nat 1ms partition n4 n5 c1 | n1 n2 n3\nat 10ms c1 put x 1\n\
             at 900ms heal\nend 2s"
        )
    };
    assert_eq!(answers(&play(&text("strict"))), [""; 0]);
    let run = play(
        &(text("sloppy")
            + "\nexpect n4 hints x for n1 at 500ms\nexpect n2 x 1\nexpect n4 hints none"),
    );
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
    assert_eq!(answers(&run), ["ok"]);
}

#[test]
fn who_stands_in_is_the_next_that_answers() {
    // x belongs to n1 and n2 of five; n2, and n3, which would stand in for it, are down. The next
    // write remembers that, and waits for nobody.
    let run = play(&alloc::format!(
        "protocol dynamo\nnodes 5\n{CALM}set n 2\nset quorum sloppy\nset client-timeout 5s\n\
         client c1 at n1\nat 1ms crash n2 n3\nat 10ms c1 put x 1\nat 500ms c1 put x 2\n\
         at 900ms restart all\nend 2s\nexpect c1 answer ok at 260ms\nexpect c1 answer ok at 550ms\n\
         expect n4 hints x for n2 at 800ms\nexpect n4 hints none\nexpect n2 x 2"
    ));
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
    let took = |place: usize| {
        let history = run.world().members.history();
        history.get(place).map(|op| op.returned_us.unwrap_or(u64::MAX) - op.invoked_us)
    };
    assert!(took(0) > Some(200_000) && took(1) < Some(50_000), "{:?} {:?}", took(0), took(1));
}

#[test]
fn a_read_repairs_what_it_finds_stale() {
    let run = play(&alloc::format!(
        "protocol dynamo\nnodes 3\n{CALM}client c1 at n1\nset anti-entropy off\n\
         drop n1->n3 store #1\nat 10ms c1 put x 1\nat 100ms c1 get x\nend 300ms\n\
         expect n3 x 1"
    ));
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}

/// What decides the run of a text: no captions, nothing that is expected.
fn what_happens(text: &str) -> Vec<&str> {
    let told = ["scenario", "when", "expect"];
    let decides = |line: &&str| {
        let says = line.contains(" say ") || told.iter().any(|word| line.starts_with(word));
        !line.is_empty() && !says
    };
    text.lines().filter(decides).collect()
}

#[test]
fn one_word_is_the_switch_between_consistent_and_available() {
    let text = |name| crate::catalogue::find(name).expect("in the catalogue").text;
    let (waits, answers) = (what_happens(text("cap-wait")), what_happens(text("cap-answer")));
    assert_eq!(waits.len(), answers.len());
    let differ: Vec<_> = waits.iter().zip(&answers).filter(|(a, b)| a != b).collect();
    assert_eq!(differ, [(&"set quorum strict", &"set quorum sloppy")]);
}
