//! Real implementations as guests: TiKV's `raft` and `omnipaxos`, hosted behind `Process` with
//! the key-value machine and the stock clients, under the same chaos and the same checks. What
//! is theirs is untouched; what is ours is the host: disk, timers, sessions.
//!
//! 10,000 chaos runs each:
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
    judge(&test_of::<tikv::Tikv>("TiKV raft").run());
}

/// OmniPaxos is made for sessions such as TCP's, in which nothing overtakes anything.
#[test]
fn omnipaxos_survives_chaos() {
    judge(&test_of::<omni::Omni>("OmniPaxos").line("order fifo").run());
}

/// Tells what the runs exercised (`--nocapture` shows it); it must be something.
fn judge(tally: &happens_before::explore::Tally) {
    println!("{} runs, {} steps, {} events", tally.runs, tally.steps, tally.events);
    for heading in happens_before::explore::HEADINGS {
        for (name, count) in tally.rows(heading) {
            println!("  {heading}: {name} {}", count.times);
        }
    }
    assert!(tally.times("operations", "answered") > 20 * tally.runs, "{tally:?}");
    assert!(tally.times("also", "committed entries") > 20 * tally.runs, "{tally:?}");
}
