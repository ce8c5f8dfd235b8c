//! The scheduler of Fischer, Lynch and Paterson: as long as it may hold messages back, nothing
//! is decided and nothing is unsafe, and each message arrives all the same.

use crate::run::Run;
use crate::world::What;
use alloc::string::String;

fn paxos(seed: u64, lines: &str, end: &str) -> Run {
    let text: String = alloc::format!(
        "protocol paxos
nodes 3
seed {seed}
latency 20ms..40ms
set client-timeout 600s
client c1 at n1
client c2 at n2
at 20ms c1 propose X
at 40ms c2 propose Y
{lines}
end {end}"
    );
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    assert!(run.violations().is_empty(), "seed {seed}: {:?}", run.violations());
    run
}

fn ballots(run: &Run) -> usize {
    run.events().iter().filter(|e| e.what == What::Mark && e.sub == 0).count()
}

#[test]
fn it_keeps_paxos_undecided_for_as_long_as_one_likes_and_delivers_all() {
    for seed in 1..=3 {
        let run = paxos(seed, "at 0s adversary", "30s");
        assert_eq!(run.stage().committed, 0, "seed {seed}");
        assert!(ballots(&run) > 150, "seed {seed}: {} ballots", ballots(&run));
        // Admissible: no message waits for long, none is lost.
        let events = run.events();
        assert!(events.iter().all(|event| event.what != What::Lost));
        let waits = events.iter().filter(|event| event.what == What::Receive);
        let longest = waits.map(|e| e.time_us - events[e.cause as usize].time_us).max();
        assert!(longest.unwrap_or(0) < 2_000_000, "seed {seed}: {longest:?} µs");
        let old = |sent_us: u64| sent_us + 2_000_000 < 30_000_000;
        assert!(run.stage().messages.iter().all(|message| !old(message.sent_us)), "seed {seed}");
    }
}

#[test]
fn a_bound_on_time_ends_it() {
    for seed in 1..=5 {
        // Without it, or bounded by less than the proposers' waits: decided.
        for lines in [
            "",
            "at 0s adversary\nat 3s adversary off",
            "at 0s adversary\nat 3s adversary within 60ms",
            "timing synchronous 60ms\nat 0s adversary",
            "timing partial 60ms gst 3s\nat 0s adversary",
        ] {
            let run = paxos(seed, lines, "20s");
            assert_eq!(run.stage().committed, 1, "seed {seed}: {lines}");
        }
    }
}

#[test]
fn it_knows_no_protocol() {
    for protocol in ["raft", "multipaxos"] {
        let text = |line: &str| {
            alloc::format!(
                "protocol {protocol}\nnodes 3\nlatency 20ms..40ms\nclient c1 every 100ms put x
{line}\nend 6s"
            )
        };
        let committed = |line: &str| {
            let mut run = Run::new(&text(line)).expect("a text");
            run.finish();
            assert!(run.violations().is_empty(), "{protocol}: {:?}", run.violations());
            run.stage().committed
        };
        assert_eq!(committed("at 0s adversary"), 0, "{protocol}");
        assert!(committed("at 0s adversary within 60ms") > 5, "{protocol}");
    }
}

#[test]
fn what_it_does_is_the_same_again_and_stands_in_the_digest() {
    let (one, two) = (paxos(1, "at 0s adversary", "3s"), paxos(1, "at 0s adversary", "3s"));
    assert_eq!(one.digest(), two.digest());
    assert_ne!(one.digest(), paxos(1, "", "3s").digest());
    // Nothing before a line depends on it, and seeking is playing.
    let mut whole = paxos(1, "at 0s adversary\nat 2s adversary off", "3s");
    let mut short = paxos(1, "at 0s adversary", "3s");
    whole.seek(1_999_999);
    short.seek(1_999_999);
    assert_eq!(whole.events(), short.events());
}
