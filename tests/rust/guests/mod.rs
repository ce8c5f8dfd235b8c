//! Real implementations as guests: TiKV's `raft` and `omnipaxos`, hosted behind `Process` with
//! the key-value machine and the stock clients, under the same chaos and the same checks. What
//! is theirs is untouched; what is ours is the host: disk, timers, sessions.
//!
//! 10,000 chaos runs each, with the guests' own assertions on:
//! `HAPPENS_BEFORE_SEEDS=0..10000 cargo test -p happens-before-tests guests -- --nocapture`

mod host;
mod omni;
mod tikv;

use happens_before::world::Protocol;
use happens_before_test::Harness;

/// Chaos of every intensity, of all kinds that a guest tolerates.
fn test_of<P: Protocol>(name: &str) -> Harness<P> {
    Harness::<P>::new(name)
        .nodes(2..=5)
        .clients(3)
        .workload("every 50ms put x or get x or append y or get y")
        .chaos(1..=10, "")
        .seeds(0..24)
}

#[test]
fn tikvs_raft_survives_chaos() {
    let tally = test_of::<tikv::Tikv>("TiKV raft").run();
    assert!(tally.times("operations", "answered") > 500, "{tally:?}");
    assert!(tally.times("also", "committed entries") > 500, "{tally:?}");
    println!("{}", said(&tally));
}

/// OmniPaxos is made for sessions such as TCP's, in which nothing overtakes anything.
#[test]
fn omnipaxos_survives_chaos() {
    let tally = test_of::<omni::Omni>("OmniPaxos").line("order fifo").run();
    assert!(tally.times("operations", "answered") > 500, "{tally:?}");
    assert!(tally.times("also", "committed entries") > 500, "{tally:?}");
    println!("{}", said(&tally));
}

/// What the runs exercised, for `--nocapture`.
fn said(tally: &happens_before::explore::Tally) -> String {
    let mut out = format!("{} runs, {} steps", tally.runs, tally.steps);
    for heading in happens_before::explore::HEADINGS {
        for (name, count) in tally.rows(heading) {
            out += &format!("\n  {heading}: {name} {}", count.times);
        }
    }
    out
}
