//! What the paper and etcd's tests of it say of one server, as tables.

use super::*;

// ---- §5.1 terms ----

#[test]
fn r1_a_higher_term_makes_a_follower_of_everyone() {
    for role in ["follower", "candidate", "leader"] {
        let mut bench = Bench::new(3, if role == "follower" { 1 } else { 0 }, &[]);
        match role {
            "candidate" => drop(bench.campaign()),
            "leader" => drop(bench.lead()),
            _ => {}
        }
        assert_eq!((bench.role(), bench.term()), (role, 1));
        bench.ask(N2, append(2, (0, 0), &[], 0));
        assert_eq!((bench.role(), bench.term(), bench.s().leader), ("follower", 2, Some(N2)));
        assert!(bench.election_due_us().is_some(), "it waits for that leader");
        assert!(!bench.timers.iter().any(|(timer, _)| *timer == Timer::Heartbeat));
    }
}

#[test]
fn r2_an_older_leader_is_refused_and_changes_nothing() {
    let mut bench = Bench::new(3, 2, &[1, 2]);
    assert!(grants(&bench.ask(N3, request_vote(2, (2, 2)))));
    let (due_us, records) = (bench.election_due_us(), bench.records.len());
    bench.now_us += 1_000;

    let answer = bench.ask(N2, append(1, (1, 1), &[1, 1], 2));

    assert!(matches!(outcome(&answer), Outcome::Refused { .. }));
    assert_eq!(answer[0].1.epoch(), 2, "the old leader learns of the new term");
    assert_eq!((bench.log(), bench.s().voted_for), (alloc::vec![1, 2], Some(N3)));
    assert_eq!((bench.election_due_us(), bench.records.len()), (due_us, records));
    assert_eq!((bench.s().leader, bench.s().commit_index), (None, 0));
}

// ---- §5.2 elections ----

#[test]
fn r3_an_election_timeout_is_drawn_from_ten_ticks_to_nineteen() {
    let mut hit = [false; 10];
    for seed in 0..500 {
        let mut bench =
            Bench::with(3, 0, seed, [Record::Term(1)].into_iter().chain(entries_of(&[1])));
        let due_us = bench.election_due_us().expect("it waits");
        hit[(due_us / TICK_US) as usize - 10] = true;
        bench.now_us = due_us;

        let at_once = bench.fire(Timer::Election);
        assert_eq!((bench.role(), bench.term(), bench.s().voted_for), ("candidate", 2, Some(N1)));
        assert!(at_once.is_empty(), "not before its own vote is on disk");
        let asked = bench.sync();

        let request = request_vote(2, (1, 1));
        assert_eq!(asked, [(N2, request.clone()), (N3, request)]);
        assert!(bench.election_due_us() >= Some(due_us + 10 * TICK_US), "drawn anew");
    }
    assert_eq!(hit, [true; 10], "all ten ticks");
}

#[test]
fn r3_of_five_servers_two_rarely_time_out_in_the_same_tick() {
    let mut ties = 0;
    for round in 0..1_000 {
        let due = |server: u64| {
            let bench = Bench::with(5, 0, round * 5 + server, [Record::Term(1)]);
            bench.election_due_us().map(|due_us| due_us / TICK_US)
        };
        let ticks: Vec<_> = (0..5).map(due).collect();
        let first = ticks.iter().min();
        ties += u32::from(ticks.iter().filter(|tick| Some(*tick) == first).count() > 1);
    }
    assert!(ties <= 300, "{ties} of 1,000");
}

#[test]
fn r4_what_becomes_of_a_candidate() {
    const Y: bool = true;
    const N: bool = false;
    let table: &[(u16, &[bool], &str)] = &[
        (1, &[], "leader"),
        (3, &[Y], "leader"),
        (3, &[N, N], "follower"),
        (3, &[], "candidate"),
        (5, &[Y, Y], "leader"),
        (5, &[Y, N, N, N], "follower"),
        (5, &[Y], "candidate"),
        (5, &[N, N], "candidate"),
    ];
    for &(servers, votes, expected) in table {
        let mut bench = Bench::new(servers, 0, &[]);
        bench.campaign();
        for (place, &granted) in votes.iter().enumerate() {
            bench.ask(NodeId(place as u16 + 1), vote(1, granted));
        }
        assert_eq!((bench.role(), bench.term()), (expected, 1), "{servers} {votes:?}");
        let waits = bench.election_due_us().is_some();
        assert_eq!(waits, expected != "leader", "the next election comes");
    }
}

#[test]
fn a_voter_counts_once_and_only_in_its_term() {
    let mut bench = Bench::new(5, 0, &[]);
    bench.campaign();
    for _ in 0..3 {
        bench.ask(N2, vote(1, true));
    }
    assert_eq!(bench.role(), "candidate", "one voter, delivered three times");
    bench.campaign();
    bench.ask(N3, vote(1, true));
    bench.ask(N2, vote(2, true));
    assert_eq!((bench.role(), bench.term()), ("candidate", 2), "n3's vote was for term 1");
    bench.ask(N3, vote(2, true));
    assert_eq!(bench.role(), "leader");
}

#[test]
fn its_own_vote_counts_once_it_is_on_disk() {
    let mut alone = Bench::new(1, 0, &[]);
    alone.fire(Timer::Election);
    assert_eq!(alone.role(), "candidate");
    alone.sync();
    assert_eq!(alone.role(), "leader");
}

#[test]
fn r5_one_vote_in_a_term_kept_across_a_crash() {
    // votedFor, then what n2 and n3 get.
    let table = [(None, true, true), (Some(N2), true, false), (Some(N3), false, true)];
    for (voted_for, n2_gets, n3_gets) in table {
        for (candidate, expected) in [(N2, n2_gets), (N3, n3_gets)] {
            let mut bench = Bench::new(3, 1, &[]);
            if let Some(voted_for) = voted_for {
                bench.ask(voted_for, request_vote(1, (0, 0)));
            }
            assert_eq!(bench.s().voted_for, voted_for);
            assert_eq!(grants(&bench.ask(candidate, request_vote(1, (0, 0)))), expected);
            bench.crash(0);
            assert_eq!(grants(&bench.ask(candidate, request_vote(1, (0, 0)))), expected);
        }
    }
}

#[test]
fn r6_a_vote_only_for_a_log_at_least_as_up_to_date() {
    // The voter's log, the candidate's (last term, last index), its answer.
    let table: &[(&[u64], (u64, u64), bool)] = &[
        (&[1], (1, 1), true),
        (&[1], (1, 2), true),
        (&[1], (2, 1), true),
        (&[1, 1], (1, 1), false),
        (&[1, 1], (2, 1), true),
        (&[2], (1, 1), false),
        (&[2], (1, 2), false),
        (&[2, 2], (1, 1), false),
    ];
    for &(log, last, expected) in table {
        let mut bench = Bench::new(3, 3, log);
        assert_eq!(grants(&bench.ask(N2, request_vote(3, last))), expected, "{log:?} {last:?}");
    }
}

#[test]
fn r7_a_candidate_follows_the_leader_of_its_own_or_a_later_term() {
    for term in [1, 2] {
        let mut bench = Bench::new(3, 0, &[]);
        bench.campaign();
        bench.ask(N2, append(term, (0, 0), &[], 0));
        assert_eq!((bench.role(), bench.term()), ("follower", term));
    }
}

// ---- §5.3 replication ----

#[test]
fn r8_the_consistency_check() {
    // (prev index, prev term) against a log of terms 1, 2.
    let table = [((0, 0), true), ((1, 1), true), ((2, 2), true), ((2, 1), false), ((3, 3), false)];
    for (prev, accepted) in table {
        let mut bench = Bench::new(3, 3, &[1, 2]);
        let answer = bench.ask(N2, append(3, prev, &[], 0));
        let said = matches!(outcome(&answer), Outcome::Stored(_));
        assert_eq!(said, accepted, "{prev:?}");
        assert_eq!(bench.log(), [1, 2]);
    }
}

#[test]
fn r9_entries_are_removed_only_where_they_conflict() {
    type Row = ((u64, u64), &'static [u64], &'static [u64]); // prev, entries, the log then
    let table: &[Row] = &[
        ((2, 2), &[3], &[1, 2, 3]),
        ((1, 1), &[3, 4], &[1, 3, 4]),
        ((0, 0), &[1], &[1, 2]),
        ((0, 0), &[3], &[3]),
    ];
    for &(prev, sent, log) in table {
        let mut bench = Bench::new(3, 4, &[1, 2]);
        let answer = bench.ask(N2, append(4, prev, sent, 0));
        assert_eq!(bench.log(), log, "{prev:?} {sent:?}");
        assert_eq!(outcome(&answer), Outcome::Stored(prev.0 + sent.len() as u64));
        bench.crash(0);
        assert_eq!(bench.log(), log, "the disk says the same");
    }
}

#[test]
fn r12_committed_is_on_a_majority_of_disks() {
    let table = [(1, 0, true), (3, 0, false), (3, 1, true), (5, 1, false), (5, 2, true)];
    for (servers, acks, committed) in table {
        let mut bench = Bench::new(servers, 0, &[]);
        bench.lead();
        bench.ask(CLIENT, command(1));
        let mut sent = Vec::new();
        for peer in 1..=acks {
            sent = bench.ask(NodeId(peer), stored(1, 1));
        }
        assert_eq!(bench.s().commit_index == 1, committed, "{servers} servers, {acks} acks");
        assert_eq!(bench.s().last_applied, bench.s().commit_index);
        if acks > 0 {
            assert_eq!(kinds(&sent).contains(&kind::REPLY), committed, "the client hears of it");
        }
    }
}

#[test]
fn the_leaders_own_disk_counts_like_any_other() {
    let mut bench = Bench::new(3, 0, &[]);
    bench.lead();
    bench.tell(CLIENT, command(1));
    bench.tell(N2, stored(1, 1));
    assert_eq!(bench.s().commit_index, 0, "on n2's disk only");
    bench.sync();
    assert_eq!(bench.s().commit_index, 1);

    bench.tell(CLIENT, command(2));
    bench.tell(N2, stored(1, 2));
    bench.tell(N3, stored(1, 2));
    assert_eq!(bench.s().commit_index, 2, "a majority without the leader");
}

#[test]
fn a_follower_commits_no_further_than_what_matches() {
    let mut bench = Bench::new(3, 2, &[1, 1, 1]);
    bench.ask(N2, append(2, (1, 1), &[], 3));
    assert_eq!(bench.s().commit_index, 1, "entries 2 and 3 may be stale");
    bench.ask(N2, append(2, (1, 1), &[2], 3));
    assert_eq!((bench.log(), bench.s().commit_index), (alloc::vec![1, 2], 2));
    bench.ask(N2, append(2, (0, 0), &[1], 1));
    assert_eq!((bench.log(), bench.s().commit_index), (alloc::vec![1, 2], 2), "late: no step back");
}
