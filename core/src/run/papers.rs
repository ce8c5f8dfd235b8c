//! What the papers say that their protocols cost, asserted of ours. Every flight takes 10 ms and
//! every sync 2 ms, so that a time says how many of each followed one another. Where our figure
//! is another than the paper's, the test says why.

use super::counts::Counts;
use super::{Path, Run};
use crate::declare::Family;
use crate::world::What;
use alloc::format;
use alloc::vec::Vec;

/// A flight and a sync, µs.
const FLIGHT_US: u64 = 10_000;
const SYNC_US: u64 = 2_000;
/// Commands in the window that is counted.
const COMMANDS: u64 = 10;

impl Counts {
    fn of_kind(&self, name: &str) -> u64 {
        self.kinds.iter().find(|kind| kind.name == name).map_or(0, |kind| kind.messages)
    }
}

fn played(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"));
    let verdicts = run.finish();
    assert!(verdicts.iter().all(|verdict| !verdict.fails), "{text}\n{verdicts:?}");
    run
}

/// A calm run: `header` names the protocol, n1 is made leader at 50 ms, and c1 puts a value of
/// `length` bytes every 200 ms, first at 1 s.
fn calm(header: &str, nodes: u64, length: usize) -> Run {
    let value = "v".repeat(length);
    let mut text = format!(
        "protocol {header}\nnodes {nodes}\nlatency 10ms..10ms\ndisk 2ms\nclient c1 at n1\n\
         at 50ms timeout n1\n"
    );
    for k in 0..=COMMANDS {
        text += &format!("at {}ms c1 put x {value}\n", 1_000 + 200 * k);
    }
    played(&(text + "end 4s\n"))
}

/// What the ten commands from 1.2 s on have cost.
struct Steady {
    before: Counts,
    after: Counts,
}

impl Steady {
    fn of(run: &mut Run) -> Steady {
        run.seek(1_199_999);
        let before = run.counts();
        run.seek(1_200_000 + COMMANDS * 200_000 - 1);
        let steady = Steady { before, after: run.counts() };
        assert_eq!(steady.after.answered - steady.before.answered, COMMANDS);
        steady
    }

    /// Messages of these kinds for each command.
    fn messages(&self, kinds: &[&str]) -> u64 {
        let of = |counts: &Counts| -> u64 {
            let chosen = counts.kinds.iter().filter(|kind| kinds.contains(&kind.name.as_str()));
            chosen.map(|kind| kind.messages).sum()
        };
        let messages = of(&self.after) - of(&self.before);
        assert_eq!(messages % COMMANDS, 0, "{kinds:?}: {messages}");
        messages / COMMANDS
    }

    /// All messages between servers that are of none of these kinds.
    fn others(&self, kinds: &[&str]) -> u64 {
        let all = self.after.messages - self.before.messages;
        all - COMMANDS * self.messages(kinds)
    }

    fn syncs(&self) -> u64 {
        let syncs = self.after.syncs - self.before.syncs;
        assert_eq!(syncs % COMMANDS, 0);
        syncs / COMMANDS
    }
}

/// The path to the last answer, and how long that took, µs.
fn last_answer(run: &Run) -> (Path, u64) {
    let answers = run.events().iter().rposition(|event| event.what == What::Answer);
    let path = answers.and_then(|id| run.path_to(id as u32)).expect("a path to the answer");
    let history = run.world().members.history();
    let last = history.iter().rfind(|operation| operation.returned_us.is_some());
    let wait_us = last.and_then(|last| Some(last.returned_us? - last.invoked_us));
    (path, wait_us.expect("it is answered"))
}

fn takes(messages: u32, syncs: u32) -> (Path, u64) {
    let path = Path { messages, syncs };
    (path, u64::from(messages) * FLIGHT_US + u64::from(syncs) * SYNC_US)
}

/// When a server first leads, µs.
fn first_leads(run: &Run) -> u64 {
    let leads = |event: &&crate::world::Event| {
        event.what == What::Face && run.world().family(event.sub) == Family::Leads
    };
    run.events().iter().find(leads).map(|event| event.time_us).expect("somebody leads")
}

/// "Raft achieves this using the minimal number of messages (a single round-trip from the leader
/// to half the cluster)" (Raft, extended version, §9.3). The figure is of what must happen; the
/// leader asks the other half, too, or it would never have the entry: 2(n-1) messages. Heartbeats
/// go on beside them and carry the commit index: none is sent for that alone. One sync is waited
/// for: the leader "can write to its disk in parallel with replicating to the followers"
/// (dissertation §10.2.1).
#[test]
fn raft_commits_in_one_round_trip() {
    for nodes in [3, 5, 7] {
        let mut run = calm("raft", nodes, 1);
        assert_eq!(last_answer(&run), takes(4, 1), "two of the four are the client's");
        let steady = Steady::of(&mut run);
        assert_eq!(steady.messages(&["append", "stored"]), 2 * (nodes - 1));
        assert_eq!(steady.messages(&["append"]), nodes - 1);
        assert_eq!(steady.messages(&["request", "reply"]), 2);
        assert_eq!(steady.syncs(), nodes);
        let beats = ["append", "stored", "heartbeat", "beat"];
        assert_eq!(steady.others(&["append", "stored"]), steady_beats(&steady));
        assert!(steady.after.kinds.iter().all(|kind| {
            beats.contains(&kind.name.as_str())
                || ["vote-request", "vote-granted", "request", "reply"].contains(&&*kind.name)
        }));
    }
}

fn steady_beats(steady: &Steady) -> u64 {
    let of = |counts: &Counts| -> u64 {
        let beats = counts.kinds.iter().filter(|kind| kind.name.ends_with("beat"));
        beats.map(|kind| kind.messages).sum()
    };
    of(&steady.after) - of(&steady.before)
}

/// A candidate asks for votes "in parallel" of all other servers (Raft, §5.2): 2(n-1) messages and one round trip. Term and vote are on disk before either side speaks (figure 2,
/// persistent state): two syncs, one after the other.
#[test]
fn raft_elects_in_one_round_trip() {
    for nodes in [3, 5, 7] {
        let mut run = calm("raft", nodes, 1);
        assert_eq!(first_leads(&run), 50_000 + takes(2, 2).1);
        run.seek(1_000_000);
        let counts = run.counts();
        let of = |name: &str| counts.of_kind(name);
        assert_eq!((of("vote-request"), of("vote-granted")), (nodes - 1, nodes - 1));
        assert_eq!(counts.leaders, 1);
    }
}

/// "The effective cost of executing a state machine command [...] is the cost of executing only
/// phase 2", which "has the minimum possible cost of any algorithm for reaching agreement in the
/// presence of faults" (Paxos Made Simple, §3): accept and accepted, one round trip, 2(n-1)
/// messages. Followers learn what is chosen by the next heartbeat, the paper's "can send short
/// messages": none is sent for that alone. The leader's own acceptance is synced in parallel.
#[test]
fn multi_paxos_commits_by_phase_two_alone() {
    for nodes in [3, 5, 7] {
        let mut run = calm("multipaxos", nodes, 1);
        assert_eq!(last_answer(&run), takes(4, 1), "two of the four are the client's");
        let steady = Steady::of(&mut run);
        assert_eq!(steady.messages(&["accept", "accepted"]), 2 * (nodes - 1));
        assert_eq!(steady.messages(&["prepare", "promise"]), 0);
        assert_eq!(steady.messages(&["request", "reply"]), 2);
        assert_eq!(steady.syncs(), nodes);
        assert_eq!(steady.others(&["accept", "accepted"]), steady_beats(&steady));
    }
}

/// "A newly chosen leader executes phase 1 for infinitely many instances of the consensus
/// algorithm" by one message to each (Paxos Made Simple, §3): 2(n-1) messages, one round trip,
/// and as in Raft two syncs: the ballot's, the promise's.
#[test]
fn multi_paxos_prepares_all_slots_in_one_round_trip() {
    for nodes in [3, 5, 7] {
        let mut run = calm("multipaxos", nodes, 1);
        assert_eq!(first_leads(&run), 50_000 + takes(2, 2).1);
        run.seek(1_000_000);
        let counts = run.counts();
        let of = |name: &str| counts.of_kind(name);
        assert_eq!((of("prepare"), of("promise")), (nodes - 1, nodes - 1));
    }
}

/// While nothing fails, all three move the same messages, in as many rounds, after as many syncs:
/// what differs is what happens when something does.
#[test]
fn while_nothing_fails_the_three_cost_the_same() {
    for nodes in [3, 5, 7] {
        let cost = |header: &str| {
            let run = calm(header, nodes, 1);
            let Counts { messages, client_messages, syncs, wait, rounds, .. } = run.counts();
            (messages, client_messages, syncs, wait, rounds)
        };
        assert_eq!(cost("raft"), cost("multipaxos"));
        assert_eq!(cost("raft"), cost("primary-backup"), "in sync, its default");
    }
}

/// A read index needs a round of heartbeats and no entry (dissertation §6.4): 2(n-1) messages,
/// four delays with the client's, no sync. A lease needs nothing (§6.4.1).
#[test]
fn raft_reads_without_the_log() {
    for (reads, (path, wait_us)) in [("index", takes(4, 0)), ("lease", takes(2, 0))] {
        let mut run = played(&format!(
            "protocol raft\nset reads {reads}\nset no-op on\nnodes 5\nlatency 10ms..10ms\n\
             disk 2ms\nclient c1 at n1\nat 50ms timeout n1\nat 1s c1 put x 1\n\
             at 2s c1 get x\nend 3s\n"
        ));
        assert_eq!(last_answer(&run), (path, wait_us), "{reads}");
        run.seek(1_999_999);
        let before = run.counts();
        run.seek(2_999_999);
        let after = run.counts();
        assert_eq!(after.syncs, before.syncs, "{reads}");
        assert_eq!(after.of_kind("append"), before.of_kind("append"), "{reads}");
    }
}

/// "When the leader crashes, the system will be unavailable for roughly the election timeout"
/// (Raft, §5.6), as long as the time to send a message to all is much shorter: here 2 ms of
/// 150 to 300. Less by the time since the last heartbeat; more where votes are split, and until
/// the clients have found the new leader.
#[test]
fn without_a_leader_for_roughly_the_election_timeout() {
    for header in ["raft", "multipaxos"] {
        let mut spans: Vec<u64> = Vec::new();
        for seed in 0..60 {
            let mut run = played(&format!(
                "protocol {header}\nnodes 5\nseed {seed}\nlatency 1ms..1ms\ndisk 200us\n\
                 set election-timeout 150ms..300ms\nset client-timeout 20ms\n\
                 set client-tries 1000\nclient c1 every 10ms put x\n\
                 at 1s crash leader\nend 3s\n"
            ));
            run.seek(2_999_000);
            let all = run.counts();
            run.seek(999_999);
            spans.push(all.unavailable - run.counts().unavailable);
        }
        spans.sort_unstable();
        let middle = spans[spans.len() / 2];
        assert!((75_000..300_000).contains(&middle), "{header}: {spans:?}");
        assert!(spans[0] >= 75_000, "{header}: {spans:?}");
        let within = spans.iter().filter(|&&span_us| span_us <= 330_000).count();
        assert!(within * 10 >= spans.len() * 9, "{header}: {spans:?}");
    }
}

/// Both phases (Paxos Made Simple, §2.2) are a round trip each: four delays from the proposer's
/// beginning to a chosen value, six with the client's two. Each speaks after its disk (§2.5: an
/// acceptor "records its intended response in stable storage before actually sending"): the
/// proposer's ballot, the promise, the acceptance. 4(n-1) messages, and n-1 for the learners
/// (§2.3, with the proposer as the distinguished learner).
#[test]
fn paxos_decides_in_two_round_trips() {
    for nodes in [3, 5, 7] {
        let run = played(&format!(
            "protocol paxos\nnodes {nodes}\nlatency 10ms..10ms\ndisk 2ms\nclient c1 at n1\n\
             at 1s c1 propose 1\nend 2s\n"
        ));
        assert_eq!(last_answer(&run), takes(6, 3));
        let counts = run.counts();
        for kind in &counts.kinds {
            let servers = ["prepare", "promise", "accept", "accepted", "chosen"];
            let expected = if servers.contains(&kind.name.as_str()) { nodes - 1 } else { 1 };
            assert_eq!(kind.messages, expected, "{}", kind.name);
        }
        assert_eq!(counts.messages, 5 * (nodes - 1));
    }
}

/// A primary "informs the backup of the state change, and then replies to the client"; in a
/// non-blocking protocol it "need not wait for acknowledgements from the backups" (Budhiraja and
/// Marzullo, Tradeoffs in Implementing Primary-Backup Protocols, abstract). Either way each backup is
/// told and answers: 2(n-1) messages. In `sync` and `semi-sync` they are waited for, which is one
/// round trip, as in Raft; in `async` none is: two delays, both the client's. One sync is waited
/// for in each: the paper's servers keep their state in memory and need none.
#[test]
fn primary_backup_waits_for_its_backups_or_does_not() {
    let modes = [("sync", takes(4, 1)), ("semi-sync", takes(4, 1)), ("async", takes(2, 1))];
    for nodes in [3, 5, 7] {
        for (mode, cost) in modes {
            let mut run = calm(&format!("primary-backup\nset mode {mode}"), nodes, 1);
            assert_eq!(last_answer(&run), cost, "{mode}");
            let steady = Steady::of(&mut run);
            assert_eq!(steady.messages(&["append", "stored"]), 2 * (nodes - 1), "{mode}");
            assert_eq!(steady.messages(&["request", "reply"]), 2);
            assert_eq!(steady.syncs(), nodes);
            assert_eq!(steady.others(&["append", "stored"]), steady_beats(&steady));
        }
    }
}

/// What is asked for once it is chosen is known to whoever has learned it: no round at all.
#[test]
fn what_is_chosen_costs_nothing_more() {
    let run = played(
        "protocol paxos\nnodes 5\nlatency 10ms..10ms\ndisk 2ms\nclient c1 at n1\nclient c2 at n2\n\
         at 1s c1 propose 1\nat 1500ms c2 propose 2\nend 2s\n",
    );
    assert_eq!(last_answer(&run), takes(2, 0));
}

/// A value that is 100 bytes longer costs 100 bytes more wherever it travels, and nowhere else.
#[test]
fn bytes_are_those_of_what_travels() {
    let carrying = [
        ("raft", ["append", "request"]),
        ("multipaxos", ["accept", "request"]),
        ("primary-backup", ["append", "request"]),
    ];
    for (header, carriers) in carrying {
        let (short, long) = (calm(header, 5, 1).counts(), calm(header, 5, 101).counts());
        for (short, long) in short.kinds.iter().zip(&long.kinds) {
            assert_eq!((&short.name, short.messages), (&long.name, long.messages), "{header}");
            let more = if carriers.contains(&short.name.as_str()) { 100 } else { 0 };
            let grown = long.bytes - short.bytes;
            assert_eq!(grown, more * short.messages, "{header}: {}", short.name);
        }
        let answered = |value: &str| {
            let text = format!(
                "protocol {header}\nnodes 3\nseed 1\nclient c1 at n1\nat 50ms timeout n1\n\
                 at 1s c1 put x {value}\nat 2s c1 get x\nend 3s\n"
            );
            let counts = played(&text).counts();
            counts.kinds.iter().find(|kind| kind.name == "reply").map_or(0, |kind| kind.bytes)
        };
        assert_eq!(answered(&"v".repeat(101)) - answered("v"), 100, "{header}: a value read");
    }
}
