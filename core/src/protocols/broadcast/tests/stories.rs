//! What a group does, and what it cannot do with a process down.

use super::play;
use crate::process::NodeId;
use crate::protocols::testing::field;
use crate::run::Run;
use crate::view::Status;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const ORDERS: [&str; 4] = ["none", "fifo", "causal", "total"];

/// Lost, doubled, overtaken, a power cut: at rest everybody has everything.
#[test]
fn at_rest_everybody_has_delivered_everything() {
    for order in ORDERS {
        for seed in 0..10 {
            let run = play(&format!(
                "protocol broadcast\nnodes 4\nseed {seed}\nset order {order}\nloss 20%\n\
                 duplicate 10%\nreorder 10%\nclient c1 at n1 every 70ms post\n\
                 client c2 at n2 every 90ms post\nat 400ms crash n1 n3\nat 700ms restart n1 n3\n\
                 at 1s partition n1 n2 | n3 n4\nat 1500ms heal\nat 2s pause c1 c2\nend 8s\n"
            ));
            assert!(run.violations().is_empty(), "{order} {seed}: {:?}", run.violations());
            let counts: Vec<String> =
                ["n1", "n2", "n3", "n4"].map(|node| field(&run, node, "count")).to_vec();
            assert!(counts.iter().all(|count| *count == counts[0]), "{order} {seed}: {counts:?}");
            assert!(counts[0].parse::<u64>().unwrap_or(0) >= 3, "{order} {seed}: {counts:?}");
            assert_eq!(field(&run, "n3", "waiting"), "0");
        }
    }
}

/// With a process down FIFO and causal order go on; total order waits for its stamp.
#[test]
fn total_order_waits_for_who_is_down_and_the_others_do_not() {
    for (order, expected) in [("none", "3"), ("fifo", "3"), ("causal", "3"), ("total", "0")] {
        let text = format!(
            "protocol broadcast\nnodes 3\nset order {order}\nat 100ms crash n3\n\
             at 200ms tell n1 broadcast 1\nat 300ms tell n2 broadcast 2\n\
             at 400ms tell n1 broadcast 3\nat 3s restart n3\nend 5s\n"
        );
        let mut run = Run::new(&text).expect("a text");
        run.seek(2_900_000);
        assert_eq!(run.world().kernel.node(NodeId(2)).standing(), Status::Down);
        assert_eq!(field(&run, "n1", "count"), expected, "{order}");
        assert_eq!(field(&run, "n2", "count"), expected, "{order}");
        run.finish();
        for node in ["n1", "n2", "n3"] {
            assert_eq!(field(&run, node, "count"), "3", "{order} {node}");
        }
        assert!(run.violations().is_empty());
    }
}

/// A broadcast to N-1 others with an acknowledgement from each; total order adds everybody's
/// stamp to everybody, acknowledged as well.
#[test]
fn what_a_broadcast_costs() {
    for nodes in [3u64, 5] {
        let others = nodes - 1;
        for (order, messages) in
            [("fifo", 2 * others), ("causal", 2 * others), ("total", 2 * others * (1 + others))]
        {
            let run = play(&format!(
                "protocol broadcast\nnodes {nodes}\nset order {order}\nset resend 500ms\n\
                 at 100ms tell n1 broadcast 1\nend 3s\n"
            ));
            assert_eq!(run.counts().messages, messages, "{order}, {nodes} nodes");
        }
    }
}

#[test]
fn a_client_that_asks_again_is_heard_once() {
    for order in ORDERS {
        let run = play(&format!(
            "protocol broadcast\nnodes 3\nset order {order}\nset client-timeout 20ms\n\
             client c1 at n1\nat 100ms c1 post a\nat 102ms kill n1\nat 150ms restart n1\nend 2s\n"
        ));
        assert_eq!(field(&run, "n3", "delivered"), "a", "{order}");
        assert_eq!(run.world().members.judged().answers, 1, "{order}");
        assert!(run.violations().is_empty());
    }
}
