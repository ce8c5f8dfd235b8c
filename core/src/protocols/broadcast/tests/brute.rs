//! The orders as they are defined, by brute force over the trace of small random runs: the
//! checks must say the same, of correct runs and of wrong ones.

use super::{play, violated};
use crate::protocols::broadcast::event;
use crate::run::Run;
use crate::world::What;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A message: who broadcast it, and its number there.
type Message = (u16, u32);

/// A broadcast (`true`) or a delivery at a node.
type Step = (u16, Message, bool);

fn steps(run: &Run) -> Vec<Step> {
    let marks = run.events().iter().filter(|event| event.what == What::Mark);
    marks
        .filter_map(|mark| match mark.sub {
            event::POST => Some((mark.node.0, (mark.node.0, mark.b), true)),
            event::DELIVER => Some((mark.node.0, (mark.peer.0, mark.b), false)),
            _ => None,
        })
        .collect()
}

/// Of each message those whose broadcast happened before its own: along each node's steps and
/// from a broadcast to its deliveries (Lamport 1978; Birman, Schiper and Stephenson 1991, §3).
fn causes(steps: &[Step]) -> BTreeMap<Message, Vec<Message>> {
    let mut past: BTreeMap<u16, Vec<Message>> = BTreeMap::new();
    let mut causes: BTreeMap<Message, Vec<Message>> = BTreeMap::new();
    for &(node, message, is_broadcast) in steps {
        let known = past.entry(node).or_default();
        if is_broadcast {
            causes.insert(message, known.clone());
        } else {
            known.extend(causes.get(&message).into_iter().flatten());
        }
        known.push(message);
        known.sort_unstable();
        known.dedup();
    }
    causes
}

/// Each node's deliveries in order.
fn deliveries(steps: &[Step]) -> BTreeMap<u16, Vec<Message>> {
    let mut all: BTreeMap<u16, Vec<Message>> = BTreeMap::new();
    for &(node, message, _) in steps.iter().filter(|(.., is_broadcast)| !is_broadcast) {
        all.entry(node).or_default().push(message);
    }
    all
}

/// The orders that a run breaks, by definition.
fn broken(run: &Run) -> (bool, bool, bool) {
    let steps = steps(run);
    let (causes, deliveries) = (causes(&steps), deliveries(&steps));
    let (mut fifo, mut causal, mut total) = (false, false, false);
    for sequence in deliveries.values() {
        for (place, message) in sequence.iter().enumerate() {
            for cause in causes.get(message).into_iter().flatten() {
                let late = !sequence[..place].contains(cause);
                causal |= late;
                fifo |= late && cause.0 == message.0;
            }
        }
        for other in deliveries.values() {
            total |= sequence.iter().zip(other).any(|(one, other)| one != other);
        }
    }
    (fifo, causal, total)
}

fn small(seed: u64, order: &str, bug: &str) -> String {
    let nodes = 2 + seed % 3;
    let clients: String = (1..=nodes)
        .map(|n| format!("client c{n} at n{n} every {}ms post\n", 40 + 13 * n))
        .collect();
    format!(
        "protocol broadcast{bug}\nnodes {nodes}\nseed {seed}\nlatency 5ms..80ms\nloss 10%\n\
         duplicate 10%\nset order {order}\nset resend 60ms\n{clients}end 800ms\n"
    )
}

#[test]
fn checks_say_what_the_definitions_say() {
    let (mut right, mut wrong) = (0, [0; 3]);
    let kinds = [
        ("fifo", ""),
        ("causal", ""),
        ("total", ""),
        ("fifo", " with bug as-it-comes"),
        ("causal", " with bug deliver-on-receipt"),
        ("total", " with bug deliver-unheard"),
        ("total", " with bug ignore-ties"),
    ];
    for (order, bug) in kinds {
        for seed in 0..25 {
            let run = play(&small(seed, order, bug));
            let (fifo, causal, total) = broken(&run);
            let asked = match order {
                "fifo" => [fifo, false, false],
                "causal" => [fifo, causal, false],
                _ => [fifo, causal, total],
            };
            let said = violated(&run);
            let names = ["FIFO order", "Causal order", "Total order"];
            for ((name, by_definition), count) in names.iter().zip(asked).zip(&mut wrong) {
                assert_eq!(said.contains(name), by_definition, "{order}{bug} {seed}: {name}");
                *count += u32::from(by_definition);
            }
            right += u32::from(said.is_empty());
            assert!(!bug.is_empty() || said.is_empty(), "{order} {seed}: {said:?}");
        }
    }
    assert!(right >= 75 && wrong.iter().all(|&count| count > 5), "{right} {wrong:?}");
}

/// Without an order nothing is promised, and something is missed: FIFO order allows what causal
/// order forbids, and causal order what total order forbids.
#[test]
fn each_order_allows_what_the_next_forbids() {
    let broken_in =
        |order: &str| (0..25).map(|seed| broken(&play(&small(seed, order, "")))).collect();
    let none: Vec<(bool, bool, bool)> = broken_in("none");
    let fifo: Vec<(bool, bool, bool)> = broken_in("fifo");
    let causal: Vec<(bool, bool, bool)> = broken_in("causal");
    assert!(none.iter().any(|run| run.0));
    assert!(fifo.iter().all(|run| !run.0) && fifo.iter().any(|run| run.1));
    assert!(causal.iter().all(|run| !run.1) && causal.iter().any(|run| run.2));
}
