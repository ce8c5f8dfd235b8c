//! One server under the schedules that break careless implementations: crashes between write
//! and sync, late, doubled and lost messages, retried commands.

use super::*;

// ---- what waits for the disk ----

#[test]
fn nothing_that_depends_on_a_write_leaves_before_it() {
    let mut bench = Bench::new(3, 1, &[1]);

    // A vote.
    assert!(bench.tell(N2, request_vote(2, (1, 1))).is_empty());
    assert!(grants(&bench.sync()));

    // An acknowledgement, of new entries and of a removed one.
    assert!(bench.tell(N2, append(2, (1, 1), &[2, 2], 0)).is_empty());
    assert_eq!(outcome(&bench.sync()), Outcome::Stored(3));
    assert!(bench.tell(N2, append(3, (1, 1), &[3], 0)).is_empty());
    assert_eq!(outcome(&bench.sync()), Outcome::Stored(2));

    // The same again: it is on disk already.
    assert_eq!(outcome(&bench.tell(N2, append(3, (1, 1), &[3], 0))), Outcome::Stored(2));

    // A refusal that tells a new term.
    assert!(bench.tell(N2, append(4, (7, 4), &[], 0)).is_empty());
    assert!(matches!(outcome(&bench.sync()), Outcome::Refused { .. }));
}

#[test]
fn a_crash_before_the_sync_unsays_only_what_was_never_said() {
    // Term and vote are two records: none, the first, or both survive a power cut.
    for (survivors, term, voted_for) in [(0, 1, None), (1, 2, None), (2, 2, Some(N2))] {
        let mut bench = Bench::new(3, 1, &[1]);
        assert!(bench.tell(N2, request_vote(2, (1, 1))).is_empty(), "the vote has not left");
        bench.crash(survivors);
        assert_eq!((bench.term(), bench.s().voted_for), (term, voted_for));
        assert!(bench.sync().is_empty(), "what was held died with the process");
        assert_eq!(grants(&bench.ask(N3, request_vote(2, (1, 1)))), voted_for.is_none());
    }

    // A removal and two entries: any prefix is a log that the leader may build on.
    for (survivors, log) in [(0, &[1, 1][..]), (1, &[1]), (2, &[1, 2]), (3, &[1, 2, 2])] {
        let mut bench = Bench::new(3, 2, &[1, 1]);
        assert!(bench.tell(N2, append(2, (1, 1), &[2, 2], 0)).is_empty());
        bench.crash(survivors);
        assert_eq!(bench.log(), log);
        let answer = bench.ask(N2, append(2, (1, 1), &[2, 2], 3));
        assert_eq!((outcome(&answer), bench.log()), (Outcome::Stored(3), alloc::vec![1, 2, 2]));
    }
}

#[test]
fn positions_on_disk_are_used_again_after_a_crash() {
    let mut bench = Bench::new(3, 1, &[1]);
    bench.tell(N2, append(1, (1, 1), &[1, 1], 0));
    bench.crash(0);
    assert!(bench.tell(N2, append(2, (1, 1), &[2], 0)).is_empty(), "another entry 2");
    assert_eq!(bench.s().log.durable_index(bench.s().durable), 1);
    assert_eq!(outcome(&bench.sync()), Outcome::Stored(2));
    assert_eq!(bench.s().log.durable_index(bench.s().durable), 2);
}

#[test]
fn an_acknowledgement_may_leave_after_the_term_it_was_given_in() {
    let mut bench = Bench::new(3, 1, &[]);
    assert!(bench.tell(N2, append(1, (0, 0), &[1], 0)).is_empty());
    bench.tell(N3, append(2, (0, 0), &[2], 0));
    let sent = bench.sync();
    let said: Vec<_> = sent.iter().map(|(to, message)| (*to, message.epoch())).collect();
    assert_eq!(said, [(N2, 1), (N3, 2)], "it was true, and n3's entry came after it");
}

#[test]
fn without_the_sync_rule_it_answers_at_once() {
    let records = [Record::Term(1)];
    let mut bench = Bench::with(3, Rules::SYNC_BEFORE_ACK, 1, records);
    assert!(grants(&bench.tell(N2, request_vote(1, (0, 0)))));
    assert_eq!(outcome(&bench.tell(N2, append(1, (0, 0), &[1], 0))), Outcome::Stored(1));
}

// ---- what a leader knows of a follower ----

#[test]
fn a_new_leader_probes_then_streams() {
    let mut bench = Bench::new(3, 1, &[1, 1, 1]);
    let first = bench.lead();
    assert_eq!(appends(&first), [(N2, 3, 0), (N3, 3, 0)], "empty, at the end of its own log");

    // n2 agrees: commands go to it as they come. n3 has not spoken: one message at a time.
    bench.ask(N2, stored(2, 3));
    assert_eq!(appends(&bench.tell(CLIENT, command(1))), [(N2, 3, 1)]);
    assert_eq!(appends(&bench.tell(CLIENT, command(2))), [(N2, 4, 1)]);
    assert_eq!(bench.progress(N3).matched, 0);

    // n3 has only entry 1: the leader goes back in one step and sends the rest.
    let sent = bench.ask(N3, refused(2, 3, (0, 2)));
    assert_eq!(appends(&sent), [(N3, 1, 4)]);
    bench.ask(N3, stored(2, 5));
    assert_eq!((bench.progress(N3).matched, bench.progress(N3).probing), (5, false));
    assert_eq!(bench.s().commit_index, 5);
}

#[test]
fn back_over_a_whole_term_at_a_time() {
    // Figure 7: the leader's log, the follower's last term and where it begins there.
    let leader = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let follower = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]; // follower (f)
    let mut bench = Bench::new(7, 7, &leader);
    bench.lead();
    let mut other = Bench::new(7, 8, &follower);
    let mut rounds = 0;
    let mut sent = append(8, (10, 6), &[], 0);
    while let Outcome::Refused { .. } = {
        let answer = other.ask(N2, sent.clone());
        let said = outcome(&answer);
        let next = bench.ask(N3, answer[0].1.clone());
        if let Some((_, message)) = next.into_iter().next() {
            sent = message;
        }
        said
    } {
        rounds += 1;
        assert!(rounds <= 3, "one round for each term that differs");
    }
    assert_eq!(other.log(), leader);
    assert_eq!(bench.progress(N3).matched, 10);
}

#[test]
fn late_and_doubled_answers_move_nothing_back() {
    let mut bench = Bench::new(3, 1, &[1, 1, 1, 1]);
    bench.lead();
    bench.ask(N2, refused(2, 4, (0, 3)));
    bench.ask(N2, stored(2, 4));
    let known = bench.progress(N2);
    for late in [stored(2, 2), stored(1, 4), refused(2, 4, (0, 3)), refused(2, 3, (0, 1))] {
        assert!(bench.ask(N2, late).is_empty());
        assert_eq!(bench.progress(N2), known);
    }
    bench.ask(N3, stored(1, 4));
    assert!(bench.progress(N3).probing, "said in an earlier term");
}

#[test]
fn lost_entries_are_sent_again() {
    let mut bench = Bench::new(3, 0, &[]);
    bench.lead();
    bench.ask(N2, stored(1, 0));
    assert_eq!(appends(&bench.ask(CLIENT, command(1))), [(N2, 0, 1)]);

    // The heartbeat after it still waits for the answer, the second one does not.
    bench.now_us += HEARTBEAT_US;
    assert_eq!(appends(&bench.fire(Timer::Heartbeat)), [(N2, 0, 0), (N3, 0, 1)]);
    bench.now_us += HEARTBEAT_US;
    assert_eq!(appends(&bench.fire(Timer::Heartbeat)), [(N2, 0, 1), (N3, 0, 1)]);

    // A gap shows at once: the follower refuses what comes after it.
    bench.ask(CLIENT, command(2));
    let sent = bench.ask(N2, refused(1, 1, (0, 1)));
    assert_eq!(appends(&sent), [(N2, 0, 2)]);
}

#[test]
fn a_long_log_travels_in_pieces() {
    let mut bench = Bench::new(3, 1, &[1; 150]);
    bench.lead();
    // One piece until it is known where the logs agree, then all of it, one behind the other.
    assert_eq!(appends(&bench.ask(N2, refused(2, 150, (0, 1)))), [(N2, 0, 64)]);
    let sent = bench.ask(N2, stored(2, 64));
    assert_eq!(appends(&sent), [(N2, 64, 64), (N2, 128, 22)]);
}

#[test]
fn entries_of_an_earlier_term_are_committed_only_with_one_of_its_own() {
    let mut bench = Bench::new(3, 1, &[1]);
    bench.lead();
    bench.ask(N2, stored(2, 1));
    bench.ask(N3, stored(2, 1));
    assert_eq!(bench.s().commit_index, 0, "on every disk, and not committed (§5.4.2)");
    bench.ask(CLIENT, command(1));
    bench.ask(N2, stored(2, 2));
    assert_eq!(bench.s().commit_index, 2);
}

#[test]
fn a_deposed_leader_keeps_its_log_and_answers_nobody() {
    let mut bench = Bench::new(3, 0, &[]);
    bench.lead();
    bench.ask(CLIENT, command(1));
    bench.ask(N2, request_vote(2, (1, 9)));
    assert_eq!((bench.role(), bench.log()), ("follower", alloc::vec![1]));
    assert!(bench.ask(N3, stored(1, 1)).is_empty(), "too late to count");
    assert_eq!(bench.s().commit_index, 0);
    let answer = bench.ask(CLIENT, command(1));
    assert_eq!(kinds(&answer), [kind::REDIRECT]);
}

#[test]
fn a_second_leader_in_its_term_is_said_and_not_survived() {
    let mut bench = Bench::new(3, 0, &[]);
    bench.lead();
    bench.ask(N2, append(1, (0, 0), &[], 0));
    assert_eq!(bench.broken, ["raft.one_leader_per_term"]);
}

// ---- sessions (§8, dissertation §6.3) ----

#[test]
fn a_retried_command_is_logged_once_in_a_term_and_applied_once() {
    let mut bench = Bench::new(3, 0, &[]);
    bench.lead();
    let x = |bench: &Bench| bench.s().machine.get("x").map(ToString::to_string);

    // On its way: not logged again.
    bench.ask(CLIENT, command(1));
    assert!(bench.ask(CLIENT, command(1)).is_empty());
    assert_eq!(bench.log(), [1]);

    // Applied: the same answer again, without another entry.
    assert_eq!(kinds(&bench.ask(N2, stored(1, 1))), [kind::REPLY]);
    assert_eq!(kinds(&bench.ask(CLIENT, command(1))), [kind::REPLY]);
    assert_eq!((bench.log(), x(&bench)), (alloc::vec![1], Some("a".into())));

    // Logged in an earlier term and not committed: logged again, since only an entry of the
    // own term commits it; applied once all the same.
    bench.ask(CLIENT, command(2));
    bench.ask(N2, request_vote(2, (0, 0)));
    bench.lead();
    bench.ask(CLIENT, command(2));
    assert_eq!(bench.log(), [1, 1, 3]);
    bench.ask(N2, stored(3, 3));
    assert_eq!((bench.s().last_applied, x(&bench)), (3, Some("aa".into())));

    // Older than the last one applied: nobody waits for it any more.
    assert!(bench.ask(CLIENT, command(1)).is_empty());
}

#[test]
fn with_apply_twice_a_retry_is_applied_again() {
    let mut bench = Bench::with(1, Rules::DEDUPLICATE, 1, [Record::Term(0)]);
    bench.lead();
    bench.ask(CLIENT, command(1));
    bench.ask(CLIENT, command(1));
    assert_eq!(bench.s().machine.get("x").map(ToString::to_string), Some("aa".into()));
}

#[test]
fn who_does_not_lead_says_who_does() {
    let hint = |sent: &[(NodeId, Message)]| match sent {
        [(_, Message::Reply(_, Said::Elsewhere(hint)))] => *hint,
        _ => panic!("one answer expected, not {sent:?}"),
    };
    let mut bench = Bench::new(3, 0, &[]);
    assert_eq!(hint(&bench.ask(CLIENT, command(1))), None, "before any leader");
    bench.ask(N2, append(1, (0, 0), &[], 0));
    assert_eq!(hint(&bench.ask(CLIENT, command(1))), Some(N2));
    bench.ask(N3, request_vote(2, (0, 0)));
    assert_eq!(hint(&bench.ask(CLIENT, command(1))), None, "n2's term is over");
    bench.campaign();
    assert_eq!(hint(&bench.ask(CLIENT, command(1))), None, "a candidate knows no leader");
}

// ---- boot ----

#[test]
fn a_torn_tail_is_dropped_and_a_corrupt_record_refused() {
    let mut bench = Bench::new(3, 3, &[1, 2]);
    bench.crash(0);
    assert_eq!((bench.term(), bench.log()), (3, alloc::vec![1, 2]));
    assert!(bench.election_due_us().is_some());

    let config = bench.config.clone();
    bench.with_context(|server, cx| {
        let mut disk = [Stored::Record(&Record::Term(1)), Stored::Corrupt].into_iter();
        assert!(Server::boot(&config, &mut disk, cx).is_err());
        *server = None;
    });
}
