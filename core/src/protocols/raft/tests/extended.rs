//! What the dissertation adds to figure 2, for one server and as texts: pre-vote (§9.6),
//! stickiness (§4.2.3), check-quorum (§6.2), leadership transfer (§3.10), reads (§6.4), windows
//! (§10.2.2). Cases R16, R19 and R22, and how partial connectivity deposes a leader for ever.

use super::stories::{field, number, play, violated};
use super::*;
use crate::run::Run;
use crate::world::What;

impl Bench {
    /// Another configuration of the same server, booted anew.
    fn of(servers: u16, term: u64, log: &[u64], set: impl FnOnce(&mut Config)) -> Bench {
        let mut bench = Bench::new(servers, term, log);
        let mut config = (*bench.config).clone();
        set(&mut config);
        bench.config = Rc::new(config);
        bench.boot(false);
        bench
    }
}

fn pre_vote(term: u64, (last_term, last_index): (u64, u64)) -> Message {
    Message::PreVote(RequestVote { term, last_index, last_term, transfer: Later(false) })
}

fn pre_voted(term: u64, granted: bool) -> Message {
    Message::PreVoted(Vote { term, granted })
}

fn get(number: u64) -> Message {
    Message::Request(RequestId { client: CLIENT, number }, Command::Get("x".into()))
}

/// An answer to the last thing sent, with its round.
fn beat(term: u64, index: u64, round: u64) -> Message {
    let outcome = Outcome::Stored(index);
    Message::Appended(Appended { term, outcome, heartbeat: true, round: Later(round) })
}

// ---- pre-vote (§9.6) ----

#[test]
fn asking_whether_it_could_win_changes_nothing_anywhere() {
    let mut bench = Bench::of(3, 1, &[1], |config| config.pre_vote = true);
    let asked = bench.fire(Timer::Election);
    assert_eq!(asked, [(N2, pre_vote(2, (1, 1))), (N3, pre_vote(2, (1, 1)))]);
    assert_eq!((bench.role(), bench.term(), bench.records.len()), ("pre-candidate", 1, 2));

    // Refused by both: a follower as before. Refused from a higher term: it learns that.
    bench.ask(N2, pre_voted(1, false));
    assert_eq!(bench.role(), "pre-candidate");
    bench.ask(N3, pre_voted(1, false));
    assert_eq!((bench.role(), bench.term()), ("follower", 1));
    bench.fire(Timer::Election);
    bench.ask(N2, pre_voted(4, false));
    assert_eq!((bench.role(), bench.term()), ("follower", 4));

    // Granted by one of two: now it begins a term.
    bench.fire(Timer::Election);
    bench.tell(N3, pre_voted(5, true));
    assert_eq!((bench.role(), bench.term()), ("candidate", 5));
}

#[test]
fn who_would_vote_says_so_and_stays_as_it_is() {
    // The voter's log, the asker's term and log, whether a leader was heard, the answer.
    type Row = (&'static [u64], u64, (u64, u64), bool, bool);
    let table: &[Row] = &[
        (&[1], 3, (1, 1), false, true),
        (&[1], 3, (1, 1), true, false),
        (&[1, 1], 3, (1, 1), false, false),
        (&[1], 1, (1, 1), false, false),
    ];
    for &(log, term, last, heard, granted) in table {
        let mut bench = Bench::of(3, 2, log, |config| config.pre_vote = true);
        if heard {
            bench.ask(N2, append(2, (0, 0), &[], 0));
        }
        let before = (bench.election_due_us(), bench.records.len());
        let said = if granted { term } else { 2 };
        let answer = bench.tell(N3, pre_vote(term, last));
        assert_eq!(answer, [(N3, pre_voted(said, granted))], "{log:?} {term} {heard}");
        assert_eq!((bench.election_due_us(), bench.records.len()), before);
        assert_eq!((bench.term(), bench.s().voted_for), (2, None));
    }
}

#[test]
fn r16_an_isolated_node_stays_in_its_term_with_pre_vote() {
    let mut run = Run::new(
        "protocol raft
nodes 3
latency 5ms
set pre-vote on
at 1ms timeout n1
at 1s partition n1 n2 | n3
at 3250ms heal
end 4s",
    )
    .expect("a text");
    run.seek(1_000_000);
    let before = number(&run, "n3", "term");
    run.seek(3_249_000);
    assert_eq!(
        (number(&run, "n3", "term"), field(&run, "n3", "state").as_str()),
        (before, "pre-candidate")
    );
    run.seek(4_000_000);
    for node in ["n1", "n2", "n3"] {
        assert_eq!(number(&run, node, "term"), before, "and deposes nobody when it is back");
    }
}

// ---- stickiness (§4.2.3) and check-quorum (§6.2) ----

#[test]
fn r19_who_hears_a_leader_ignores_a_candidate() {
    let mut bench = Bench::of(3, 1, &[1], |config| config.check_quorum = true);
    bench.now_us = 1_000_000;
    bench.ask(N2, append(1, (1, 1), &[], 0));
    let (due_us, records) = (bench.election_due_us(), bench.records.len());

    // Within the minimum election timeout, from a removed server, say.
    bench.now_us += 10 * TICK_US - 1;
    assert!(bench.ask(N3, request_vote(7, (1, 1))).is_empty(), "not even an answer");
    assert_eq!((bench.term(), bench.s().voted_for, bench.s().leader), (1, None, Some(N2)));
    assert_eq!((bench.election_due_us(), bench.records.len()), (due_us, records));

    // Unless the leader told it to.
    let mut told = Bench::of(3, 1, &[1], |config| config.check_quorum = true);
    told.ask(N2, append(1, (1, 1), &[], 0));
    let request = RequestVote { term: 2, last_index: 1, last_term: 1, transfer: Later(true) };
    assert!(grants(&told.ask(N3, Message::RequestVote(request))));

    // And not a moment longer.
    bench.now_us += 1;
    assert!(grants(&bench.ask(N3, request_vote(7, (1, 1)))));
    assert_eq!(bench.term(), 7);
}

#[test]
fn a_leader_ignores_candidates_and_learns_a_higher_term_all_the_same() {
    let mut bench = Bench::of(3, 0, &[], |config| config.check_quorum = true);
    bench.lead();
    assert!(bench.ask(N2, request_vote(9, (9, 9))).is_empty());
    assert_eq!((bench.role(), bench.term()), ("leader", 1));
    bench.ask(N2, refused(9, 0, (0, 1)));
    assert_eq!((bench.role(), bench.term()), ("follower", 9), "n2 would never follow it");
}

#[test]
fn r16_a_leader_without_a_majority_steps_down_within_one_timeout() {
    let run = play(
        "protocol raft
nodes 5
latency 5ms
set check-quorum on
at 1ms timeout n1
at 1s partition n1 n2 | n3 n4 n5
expect leader n1 at 999ms
expect n1 state leader at 1150ms
expect n1 state follower at 1310ms
expect leader
end 2s",
    );
    assert_eq!(violated(&run), [""; 0]);
    // With a majority it stays, with the slowest answers that are in time.
    play(
        "protocol raft
nodes 5
latency 5ms
set check-quorum on
at 1ms timeout n1
at 1s partition n1 n2 n3 | n4 n5
at 1s latency n2->n1 200ms
at 1s latency n3->n1 200ms
expect leader n1
expect n1 term 1
end 5s",
    );
}

// ---- leadership transfer (§3.10) ----

#[test]
fn a_leader_hands_over_when_the_other_has_its_whole_log() {
    let mut bench = Bench::of(3, 0, &[], |_| {});
    bench.lead();
    bench.ask(N2, stored(1, 0));
    bench.ask(CLIENT, command(1));
    bench.handle(|server, cx| server.transfer_leadership(N2, cx));
    assert!(core::mem::take(&mut bench.sent).is_empty(), "n2 lacks entry 1");
    assert_eq!(kinds(&bench.ask(CLIENT, command(2))), [kind::REDIRECT], "no new commands");
    let sent = bench.ask(N2, stored(1, 1));
    assert!(sent.contains(&(N2, Message::TimeoutNow(1))), "{sent:?}");
    assert!(bench.ask(N2, stored(1, 1)).is_empty(), "told once");

    // Nothing comes of it: it goes on.
    bench.fire(Timer::Transfer);
    bench.ask(CLIENT, command(2));
    assert_eq!(bench.log(), [1, 1]);
}

#[test]
fn who_is_told_campaigns_at_once_and_says_why() {
    let set = |config: &mut Config| (config.pre_vote, config.check_quorum) = (true, true);
    let mut bench = Bench::of(3, 1, &[1], set);
    bench.ask(N2, append(1, (1, 1), &[], 0));
    bench.tell(N2, Message::TimeoutNow(1));
    let request = RequestVote { term: 2, last_index: 1, last_term: 1, transfer: Later(true) };
    assert_eq!(bench.sync(), [N2, N3].map(|to| (to, Message::RequestVote(request.clone()))));

    let mut late = Bench::of(3, 2, &[1], set);
    late.tell(N2, Message::TimeoutNow(1));
    assert_eq!((late.role(), late.term()), ("follower", 2), "from a leader of an earlier term");
}

// ---- reads (§6.4) ----

#[test]
fn r22_a_read_waits_for_an_own_entry_and_for_a_round_begun_after_it() {
    let mut bench = Bench::of(3, 1, &[1], |config| config.reads = ReadMode::Index);
    bench.lead();
    assert_eq!(bench.log(), [1, 2], "a no-op begins its term");
    bench.ask(N2, refused(2, 1, (0, 1)));
    assert_eq!(kinds(&bench.tell(CLIENT, get(1))), [kind::HEARTBEAT; 2]);

    // Confirmed, but nothing of its own term is committed.
    assert!(!kinds(&bench.ask(N3, beat(2, 0, 1))).contains(&kind::REPLY));
    assert_eq!(bench.s().reads.waiting(), 1);
    assert!(kinds(&bench.ask(N3, stored(2, 2))).contains(&kind::REPLY));

    // The next read: what was sent before it confirms nothing.
    bench.tell(CLIENT, get(2));
    assert!(!kinds(&bench.ask(N2, beat(2, 2, 1))).contains(&kind::REPLY));
    assert!(kinds(&bench.ask(N2, beat(2, 2, 2))).contains(&kind::REPLY));
    assert!(bench.tell(CLIENT, get(1)).iter().all(|(to, _)| *to != CLIENT), "asked again: anew");

    // Deposed: who waits is sent away.
    bench.tell(CLIENT, get(3));
    let sent = bench.ask(N2, append(3, (0, 0), &[], 0));
    assert!(kinds(&sent).contains(&kind::REDIRECT) && bench.s().reads.waiting() == 0);
}

#[test]
fn r22_an_isolated_old_leader_answers_nothing() {
    for reads in ["log", "index", "lease"] {
        let run = play(&alloc::format!(
            "protocol raft
nodes 3
latency 5ms
set reads {reads}
set client-timeout 10s
client c1 at n1
client c2 at n2
client c3 at n1
at 200ms timeout n1
at 400ms c1 put x old
at 600ms partition n1 c1 c3 | n2 n3
at 1400ms c2 put x new
at 1800ms c3 get x
expect linearizable
expect answered 2 at 3s
end 3s"
        ));
        let answers: Vec<_> = run.operations().into_iter().map(|o| o.answer).collect();
        assert_eq!(answers, ["ok", "ok", ""], "reads {reads}");
    }
}

#[test]
fn a_lease_saves_the_round_and_ends_by_the_clock() {
    let mut bench = Bench::of(3, 0, &[], |config| {
        (config.reads, config.check_quorum, config.drift_ppm) = (ReadMode::Lease, true, 250_000);
    });
    bench.lead();
    bench.ask(N2, stored(1, 1));
    let sent_us = bench.now_us;
    bench.fire(Timer::Heartbeat);
    bench.now_us += 2 * TICK_US;
    bench.ask(N2, beat(1, 1, 2));

    // Ten ticks by a bound of 5/4 are eight, counted from when the round was sent.
    bench.now_us = sent_us + 8 * TICK_US - 3;
    assert_eq!(kinds(&bench.tell(CLIENT, get(1))), [kind::REPLY]);
    bench.now_us = sent_us + 8 * TICK_US;
    assert_eq!(kinds(&bench.tell(CLIENT, get(2))), [kind::HEARTBEAT; 2]);
}

#[test]
fn who_may_have_promised_waits_after_a_restart() {
    let set = |config: &mut Config| (config.reads, config.check_quorum) = (ReadMode::Lease, true);
    let mut bench = Bench::of(3, 1, &[1], set);
    bench.now_us = 10 * TICK_US - 1;
    assert!(bench.ask(N3, request_vote(2, (1, 1))).is_empty());
    bench.fire(Timer::Election);
    assert_eq!(bench.role(), "follower", "nor does it campaign when its timer is early");
    bench.now_us += 1;
    assert!(grants(&bench.ask(N3, request_vote(2, (1, 1)))));
    let mut fresh = Bench::of(3, 0, &[], set);
    fresh.records.clear();
    fresh.boot(false);
    assert!(grants(&fresh.ask(N3, request_vote(1, (0, 0)))), "it has heard nobody yet");
}

// ---- batches and windows (§10.2.2) ----

#[test]
fn a_full_window_lets_only_heartbeats_through_and_acknowledgements_free_it() {
    let mut bench = Bench::of(3, 0, &[], |config| (config.in_flight, config.batch) = (3, 2));
    bench.lead();
    bench.ask(N2, stored(1, 0));
    let sizes: Vec<_> =
        (1..=6).map(|number| appends(&bench.ask(CLIENT, command(number)))).collect();
    let one = |prev| alloc::vec![(N2, prev, 1)];
    assert_eq!(sizes[..3], [one(0), one(1), one(2)]);
    assert!(sizes[3..].iter().all(Vec::is_empty), "three are on their way");
    assert_eq!(appends(&bench.fire(Timer::Heartbeat))[0], (N2, 0, 0));
    assert_eq!(appends(&bench.ask(N2, stored(1, 1))), [(N2, 3, 1)]);
    assert_eq!(appends(&bench.ask(N2, stored(1, 3))), [(N2, 4, 2)], "what waited goes together");
}

// ---- partial connectivity ----

/// Leaders elected and operations answered in 4 s while n4 reaches only n2, and n5 only n3.
fn half_connected(set: &str) -> (usize, u64) {
    let text = crate::catalogue::find("deposed").expect("a scenario").text;
    let kept = text.lines().filter(|line| !line.starts_with("when") && !line.starts_with("expect"));
    let text = kept.collect::<Vec<_>>().join("\n") + set;
    let mut run = Run::new(&text).expect("a text");
    run.finish();
    let leaders = run.events().iter().filter(|e| e.what == What::Mark && e.sub == event::LEADER);
    let answered = run.operations().iter().filter(|o| !o.answer.is_empty()).count();
    (leaders.count(), answered as u64)
}

#[test]
fn r25_partial_connectivity_deposes_a_leader_for_ever_unless_it_is_left_in_peace() {
    let (leaders, answered) = half_connected("");
    assert!(leaders >= 5, "{leaders} leaders in 4 s");
    for set in
        ["\nset pre-vote on", "\nset check-quorum on", "\nset pre-vote on\nset check-quorum on"]
    {
        let (calm, more) = half_connected(set);
        assert_eq!(calm, 1, "{set}");
        assert!(more * 10 >= answered * 15, "{answered} answers, {more} with {set}");
    }
}
