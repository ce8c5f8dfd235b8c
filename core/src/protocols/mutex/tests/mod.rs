//! Both algorithms as their papers count and order them, and each mistake caught.

mod bugs;
mod random;

use crate::protocols::testing::{play, violated};
use crate::run::{Counts, Run};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Who entered, in the order of time, with the time of its request.
fn entries(run: &Run) -> Vec<(u16, u32)> {
    let enter = |event: &&crate::world::Event| {
        event.what == crate::world::What::Mark && event.sub == super::event::ENTER
    };
    run.events().iter().filter(enter).map(|event| (event.node.0 + 1, event.b)).collect()
}

const ALGORITHMS: [&str; 2] = ["lamport", "ricart-agrawala"];

/// Messages per entry of one process alone, and of all at once: 3(N-1) for Lamport's, 2(N-1) for
/// Ricart and Agrawala's (case C1).
#[test]
fn an_entry_costs_what_the_papers_say() {
    for nodes in [3, 5, 7] {
        for (algorithm, factor) in [("lamport", 3), ("ricart-agrawala", 2)] {
            for all in [false, true] {
                let count = if all { nodes } else { 1 };
                let tell: String =
                    (1..=count).map(|n| format!("at 100ms tell n{n} enter\n")).collect();
                let run = play(&format!(
                    "protocol mutex\nnodes {nodes}\nset algorithm {algorithm}\n{tell}end 10s\n"
                ));
                assert_eq!(entries(&run).len(), count as usize, "{algorithm}, {nodes} nodes");
                let Counts { messages, .. } = run.counts();
                assert_eq!(messages, count * factor * (nodes - 1), "{algorithm}, {nodes} nodes");
            }
        }
    }
}

#[test]
fn requests_of_one_time_are_granted_by_process() {
    for algorithm in ALGORITHMS {
        let run = play(&format!(
            "protocol mutex\nnodes 4\nset algorithm {algorithm}\nat 100ms tell n4 n2 n3 n1 enter\n\
             end 5s\n"
        ));
        assert_eq!(entries(&run), [(1, 1), (2, 1), (3, 1), (4, 1)], "{algorithm}");
        assert!(violated(&run).is_empty());
    }
}

/// Lamport's condition II is about what was made first as far as anybody can tell: who has heard
/// of a request asks after it.
#[test]
fn who_has_heard_of_a_request_goes_after_it() {
    for algorithm in ALGORITHMS {
        let run = play(&format!(
            "protocol mutex\nnodes 3\nset algorithm {algorithm}\nlatency 20ms\nlatency n2->n1 200ms\n\
             at 100ms tell n3 enter\nat 125ms tell n1 enter\nat 130ms tell n2 enter\nend 3s\n"
        ));
        let order: Vec<u16> = entries(&run).iter().map(|(node, _)| *node).collect();
        assert_eq!(order, [3, 1, 2], "{algorithm}");
    }
}

/// Neither paper knows of crashes: one that is down and nobody enters; one that comes back has
/// forgotten who waits and does not take part.
#[test]
fn a_crash_of_anybody_stops_everybody() {
    for algorithm in ALGORITHMS {
        let run = play(&format!(
            "protocol mutex\nnodes 5\nset algorithm {algorithm}\nclient c1 at n1\n\
             at 100ms crash n5\nat 200ms c1 enter\nat 2s restart n5\nat 3s restart n5\nend 9s\n"
        ));
        assert!(entries(&run).is_empty());
        assert!(violated(&run).is_empty());
        assert_eq!(run.world().members.judged().answers, 0);
    }
}

#[test]
fn a_client_that_asks_again_enters_once() {
    for algorithm in ALGORITHMS {
        let run = play(&format!(
            "protocol mutex\nnodes 3\nset algorithm {algorithm}\nset client-timeout 30ms\n\
             client c1 at n1\nat 100ms c1 enter\nend 3s\n"
        ));
        assert_eq!(entries(&run).len(), 1);
        assert_eq!(run.world().members.judged().answers, 1);
    }
}
