//! Snapshots (dissertation ch. 5; figure 13 of the paper), rule by rule and under the schedules
//! that break careless ones: case R20, crashes between writes, lost and late chunks.

use super::stories::violated;
use super::*;
use crate::process::Stored;
use crate::run::Run;

fn item(key: &str, value: &str) -> Item {
    Item::Key(key.into(), value.into())
}

const STATE: [(&str, &str); 3] = [("a", "1"), ("b", "2"), ("c", "3")];

fn configuration() -> Configuration {
    Configuration::first(0, 3)
}

/// InstallSnapshot up to `last` = (index, term), the chunk of these items.
fn install(term: u64, last: (u64, u64), items: core::ops::Range<usize>) -> Message {
    Message::InstallSnapshot(InstallSnapshot {
        term,
        last_index: last.0,
        last_term: last.1,
        configuration: configuration(),
        offset: items.start as u64,
        done: items.end == STATE.len(),
        data: STATE[items].iter().map(|(key, value)| item(key, value)).collect(),
    })
}

fn installed(sent: &[(NodeId, Message)]) -> (u64, u64, bool) {
    match sent {
        [(_, Message::Installed(installed))] => {
            (installed.last_index, installed.received, installed.done)
        }
        _ => panic!("one answer expected, not {sent:?}"),
    }
}

fn state(bench: &Bench) -> String {
    bench.s().machine.short()
}

const WHOLE: &str = "a = 1, b = 2, c = 3";

// ---- R20: InstallSnapshot, the receiver ----

#[test]
fn r20_what_is_behind_a_matching_entry_stays() {
    let mut bench = Bench::new(3, 2, &[1, 1, 1, 2, 2, 2, 2]);
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 0..3))), (5, 3, true));
    assert_eq!((bench.log(), bench.s().log.base()), (alloc::vec![2, 2], 5), "6 and 7");
    assert_eq!((bench.s().last_applied, bench.s().commit_index), (5, 5));
    assert_eq!(state(&bench), WHOLE);
    bench.crash(0);
    assert_eq!((bench.log(), bench.s().log.last_index()), (alloc::vec![2, 2], 7));
    assert_eq!((state(&bench).as_str(), bench.s().last_applied), (WHOLE, 5));
}

#[test]
fn r20_a_log_that_differs_or_ends_before_goes() {
    for log in [&[1, 1, 1, 1, 1, 1][..], &[1, 1, 1], &[]] {
        let mut bench = Bench::new(3, 2, log);
        assert!(installed(&bench.ask(N2, install(2, (5, 2), 0..3))).2);
        assert!(bench.log().is_empty());
        assert_eq!((bench.s().log.last_index(), bench.s().log.last_term()), (5, 2));
        assert_eq!(state(&bench), WHOLE);
        let answer = bench.ask(N2, append(2, (5, 2), &[2], 6));
        assert_eq!((outcome(&answer), bench.s().commit_index), (Outcome::Stored(6), 6));
        bench.crash(0);
        assert_eq!((bench.log(), bench.s().log.last_index()), (alloc::vec![2], 6));
    }
}

#[test]
fn r20_an_older_term_is_refused_and_an_older_snapshot_changes_nothing() {
    let mut bench = Bench::new(3, 2, &[]);
    assert_eq!(installed(&bench.ask(N2, install(1, (5, 1), 0..3))), (5, 0, false));
    assert_eq!(bench.s().log.last_index(), 0);

    bench.ask(N2, install(2, (5, 2), 0..3));
    bench.ask(N2, append(2, (5, 2), &[2, 2], 6));
    let records = bench.records.len();
    assert_eq!(installed(&bench.ask(N2, install(2, (4, 2), 0..3))), (4, 0, true));
    assert_eq!(installed(&bench.ask(N2, install(2, (6, 2), 0..3))), (6, 0, true));
    assert_eq!((bench.s().log.base(), bench.s().last_applied), (5, 6));
    assert_eq!(bench.records.len(), records, "nothing was written");
}

// ---- chunks ----

#[test]
fn chunks_come_in_order_or_are_asked_for_again() {
    let mut bench = Bench::new(3, 2, &[]);
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 0..1))), (5, 1, false));
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 2..3))), (5, 1, false), "a gap");
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 0..1))), (5, 1, false), "twice");
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 1..2))), (5, 2, false));
    bench.crash(0);
    assert_eq!(installed(&bench.ask(N2, install(2, (5, 2), 2..3))), (5, 0, false), "forgotten");
    bench.ask(N2, install(2, (5, 2), 0..1));
    // A new leader, and another snapshot: the first one's chunks are gone.
    assert_eq!(installed(&bench.ask(N3, install(3, (6, 2), 0..2))), (6, 2, false));
    assert_eq!(installed(&bench.ask(N3, install(3, (6, 2), 2..3))), (6, 3, true));
    assert_eq!((state(&bench).as_str(), bench.s().last_applied), (WHOLE, 6));
}

#[test]
fn a_snapshot_is_acknowledged_when_it_is_on_disk() {
    let mut bench = Bench::new(3, 2, &[1]);
    assert!(bench.tell(N2, install(2, (5, 2), 0..3)).is_empty());
    // Nor is what stands on it.
    assert!(bench.tell(N2, append(2, (5, 2), &[], 5)).is_empty());
    assert_eq!(bench.sync().len(), 2);
}

// ---- crashes while a snapshot is written ----

/// n1 has voted for n3 in term 4 and applied two of its four entries.
fn before_snapshot() -> Bench {
    let mut bench = Bench::new(3, 2, &[]);
    bench.ask(N3, request_vote(4, (0, 0)));
    bench.ask(N3, append(4, (0, 0), &[4, 4, 4], 2));
    bench.tell(N3, append(4, (3, 4), &[4], 2));
    bench
}

#[test]
fn whatever_survives_a_power_cut_says_the_same() {
    for compacted in [false, true] {
        for survivors in 0..=5 {
            let mut bench = before_snapshot();
            let durable = bench.durable;
            bench.handle(|server, cx| server.take_snapshot(cx));
            assert_eq!(bench.records.len(), durable + 4, "entry, snapshot, term, vote");
            assert_eq!(bench.compactions, [(durable as u64 + 1, durable as u64 + 4)]);
            assert_eq!(bench.s().log.base(), 0, "the log stays until the snapshot is on disk");
            if compacted {
                bench.sync();
                assert_eq!(bench.s().log.base(), 2);
            }
            bench.crash(survivors);
            assert_eq!((bench.term(), bench.s().voted_for), (4, Some(N3)), "{survivors}");
            let last = if survivors == 0 && !compacted { 3 } else { 4 };
            assert_eq!(bench.s().log.last_index(), last, "{survivors} {compacted}");
            let applied = if survivors >= 2 || compacted { 2 } else { 0 };
            assert_eq!(bench.s().last_applied, applied);
            assert!(!grants(&bench.ask(N2, request_vote(4, (9, 9)))));
        }
    }
}

// ---- the leader ----

/// n1 leads term 5 with six entries, of which a snapshot holds the first four (and one key).
fn leader() -> Bench {
    let snapshot = Snapshot {
        last_index: 4,
        last_term: 4,
        configuration: configuration(),
        items: STATE.iter().map(|(key, value)| item(key, value)).collect(),
    };
    let behind: Rc<[Entry]> = [4, 4].map(Entry::empty).into();
    let mut bench =
        Bench::with(3, 0, 1, [Record::Snapshot(Rc::new(snapshot), behind), Record::Term(4)]);
    assert_eq!((bench.s().last_applied, bench.s().log.last_index()), (4, 6));
    bench.lead();
    bench.ask(N2, stored(5, 6));
    bench
}

/// Offsets and sizes of the chunks that leave.
fn chunks(sent: &[(NodeId, Message)]) -> Vec<(u64, usize, bool)> {
    let of = |(_, message): &(NodeId, Message)| match message {
        Message::InstallSnapshot(install) => {
            Some((install.offset, install.data.len(), install.done))
        }
        _ => None,
    };
    sent.iter().filter_map(of).collect()
}

fn received(term: u64, last_index: u64, received: u64, done: bool) -> Message {
    Message::Installed(Installed { term, last_index, received, done })
}

#[test]
fn who_needs_what_is_gone_gets_the_snapshot_in_chunks() {
    let mut bench = leader();
    assert_eq!(chunks(&bench.ask(N3, refused(5, 6, (0, 5)))), [], "entry 5 is there");
    let mut bench = leader();
    assert_eq!(chunks(&bench.ask(N3, refused(5, 6, (0, 4)))), [(0, 2, false)]);
    assert_eq!(chunks(&bench.ask(N3, received(5, 4, 2, false))), [(2, 1, true)]);
    let sent = bench.ask(N3, received(5, 4, 3, true));
    assert_eq!(appends(&sent), [(N3, 4, 2)], "and then the entries behind it");
    assert_eq!(bench.progress(N3).matched, 4);
}

#[test]
fn lost_chunks_are_sent_again_and_late_answers_do_not_multiply() {
    let mut bench = leader();
    bench.ask(N3, refused(5, 6, (0, 1)));
    bench.now_us += HEARTBEAT_US;
    assert_eq!(appends(&bench.fire(Timer::Heartbeat)), [(N2, 6, 0), (N3, 0, 0)], "it waits");
    // The answer to that heartbeat says nothing of the snapshot.
    assert!(bench.ask(N3, stored(5, 0)).is_empty());
    bench.now_us += HEARTBEAT_US;
    assert_eq!(chunks(&bench.fire(Timer::Heartbeat)), [(0, 2, false)], "now again");
    assert_eq!(chunks(&bench.ask(N3, received(5, 4, 2, false))), [(2, 1, true)]);
    assert!(bench.ask(N3, received(5, 4, 2, false)).is_empty(), "the same answer again");
    assert!(bench.ask(N3, received(4, 4, 9, false)).is_empty(), "of another term");
    // It was restarted and has nothing any more: the next heartbeats begin anew.
    assert!(bench.ask(N3, received(5, 4, 0, false)).is_empty());
    bench.now_us += 2 * HEARTBEAT_US;
    assert_eq!(chunks(&bench.fire(Timer::Heartbeat)), [(0, 2, false)]);
    // New commands wait behind it.
    assert_eq!(appends(&bench.ask(CLIENT, command(1))), [(N2, 6, 1)]);
}

/// etcd's snapshot_succeed_via_app_resp.txt.
#[test]
fn a_follower_that_got_enough_by_another_way_needs_no_snapshot() {
    let mut bench = leader();
    bench.ask(N3, refused(5, 6, (0, 1)));
    assert!(bench.progress(N3).snapshot.is_some());
    assert_eq!(appends(&bench.ask(N3, stored(5, 5))), [(N3, 5, 1)]);
    assert!(bench.progress(N3).snapshot.is_none());
}

#[test]
fn what_a_snapshot_has_replaced_is_neither_refused_nor_stored_again() {
    let mut bench = Bench::new(3, 2, &[]);
    bench.ask(N2, install(2, (5, 2), 0..3));
    assert_eq!(outcome(&bench.ask(N2, append(2, (3, 1), &[2, 2, 2], 5))), Outcome::Stored(6));
    assert_eq!(bench.log(), [2], "only entry 6");
    assert_eq!(outcome(&bench.ask(N2, append(2, (0, 0), &[], 6))), Outcome::Stored(0));
}

// ---- in the world ----

const COMPACTED: &str = "protocol raft
nodes 3
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set snapshot-every 4
set snapshot-chunk 1
client c1 at n1
client c2 at n1
at 5ms timeout n1
at 100ms cut n1--n3
at 101ms cut n2--n3
at 110ms c1 put x 1
at 120ms c2 append y a
at 130ms c1 put z 1
at 140ms c2 append y b
at 150ms c1 put x 2
";

fn play(text: &str) -> Run {
    let mut run = Run::new(text).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let failed: Vec<_> = run.finish().into_iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:#?} in\n{text}");
    assert!(run.without_effect().is_empty(), "{:?} in\n{text}", run.without_effect());
    assert!(violated(&run).is_empty());
    run
}

/// etcd's slow_follower_after_compaction.txt: who was cut off while the log was compacted gets
/// the snapshot and what is behind it.
#[test]
fn a_follower_behind_the_compaction_catches_up() {
    play(&alloc::format!(
        "{COMPACTED}at 200ms heal
expect n1 snapshot 4 at 199ms
expect n2 snapshot 4 at 299ms
expect n3 snapshot 4
expect n3 commit 5
expect n3 x 2
expect n3 y ab
end 1s"
    ));
}

#[test]
fn a_restart_reads_the_snapshot_and_the_log_behind_it() {
    for seed in 0..20 {
        let run = play(&alloc::format!(
            "seed {seed}\n{COMPACTED}at 200ms heal\nat 210ms crash n3\nat 230ms restart n3
at 400ms crash n1 n2 n3\nat 410ms restart all\nat 500ms timeout n2
at 600ms c1 put x 3
expect n3 commit 6
expect n3 x 3
expect n3 y ab
expect answered 6
end 1500ms"
        ));
        assert!(run.world().kernel.node(N2).disk.compacted > 0);
    }
}

/// R21 through a snapshot: the leader that applied the command is gone, the one that answers the
/// retry knows the session from a snapshot only.
#[test]
fn r21_a_session_lives_on_in_a_snapshot() {
    play(
        "protocol raft
nodes 3
latency 5ms
disk 1ms
set heartbeat 50ms
set election-timeout 30s..60s
set client-timeout 300ms
client c1 at n1
client c2 at n1
drop n1->c1 reply #1
at 5ms timeout n1
at 100ms cut n1--n3
at 101ms cut n2--n3
at 110ms c1 append x a
at 150ms tell n1 snapshot
at 200ms heal
at 300ms crash n1
at 310ms crash n2
at 311ms restart n2
at 320ms timeout n3
expect n3 snapshot 1 at 299ms
expect answered 1
expect n3 x a
expect n2 x a
end 2s",
    );
}

#[test]
fn a_disk_without_its_first_records_boots_from_the_snapshot() {
    let mut bench = before_snapshot();
    bench.handle(|server, cx| server.take_snapshot(cx));
    let snapshot = bench.records.len() - 3;
    let config = bench.config.clone();
    let records: Vec<Record> = bench.records[snapshot..].to_vec();
    bench.with_context(|server, cx| {
        cx.compacted = snapshot as u64;
        let mut disk = records.iter().map(Stored::Record);
        *server = Server::boot(&config, &mut disk, cx).ok();
    });
    assert_eq!((bench.s().log.base(), bench.s().log.last_index()), (2, 4));
    assert_eq!((bench.term(), bench.s().voted_for), (4, Some(N3)));
    assert_eq!(bench.s().log.write_of(4), WriteId(snapshot as u64 + 1));
}
