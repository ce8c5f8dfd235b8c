//! Each fault by itself, in a text that leaves it no way out.

use super::{play, times};
use crate::process::NodeId;
use crate::run::Run;
use crate::view::Status;
use crate::world::{Event, WALL_START_US, What};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Three nodes on a steady network; n1 leads from 20 ms on and nobody else wants to.
fn steady(lines: &str) -> Run {
    play(&format!(
        "protocol raft\nnodes 3\nlatency 5ms\ndisk 1ms\nset heartbeat 20ms\n\
         set election-timeout 5s..6s\nclient c1 at n1\nat 1ms timeout n1\n{lines}"
    ))
}

/// (sent, handled) of all messages of a kind on a link, µs.
fn flights(run: &Run, from: u16, to: u16, kind: &str) -> Vec<(u64, u64)> {
    let kinds = run.declaration().messages;
    let events = run.events();
    let is_it = |event: &&Event| {
        event.what == What::Receive
            && (event.peer, event.node) == (NodeId(from), NodeId(to))
            && kinds[usize::from(event.sub)].name == kind
    };
    let span = |event: &Event| (events[event.cause as usize].time_us, event.time_us);
    events.iter().filter(is_it).map(span).collect()
}

fn field(run: &Run, node: &str, wanted: &str) -> String {
    let fields = run.inspect(node).expect("there is such a node");
    fields.into_iter().find(|(name, _)| name == wanted).map(|(_, value)| value).unwrap_or_default()
}

#[test]
fn a_clog_holds_back_and_lets_go_in_order() {
    let run = steady("at 100ms clog n1->n2 for 200ms\nend 500ms\n");
    let beats = flights(&run, 0, 1, "heartbeat");
    let held: Vec<_> = beats.iter().filter(|(sent, _)| (95_001..295_000).contains(sent)).collect();
    assert!(held.len() >= 9, "{beats:?}");
    assert!(held.iter().all(|(_, handled)| *handled == 300_000), "{held:?}");
    assert!(held.is_sorted_by_key(|(sent, _)| *sent));
    let after: Vec<_> = beats.iter().filter(|(sent, _)| *sent > 300_000).collect();
    assert!(after.iter().all(|(sent, handled)| handled - sent == 5_000), "{after:?}");
    // The other direction is as it was.
    assert!(flights(&run, 1, 0, "beat").iter().all(|(sent, handled)| handled - sent == 5_000));
    let healed = steady("at 100ms clog n1->n2\nat 150ms heal n1--n2\nend 200ms\n");
    assert!(flights(&healed, 0, 1, "heartbeat").iter().any(|flight| flight.1 == 150_000));
}

#[test]
fn on_a_fifo_link_a_late_message_holds_up_what_comes_after_it() {
    let run = steady("order fifo\ndelay n1->n2 heartbeat #3 by 100ms\nend 300ms\n");
    let beats = flights(&run, 0, 1, "heartbeat");
    let late = beats[2];
    assert_eq!(late.1 - late.0, 105_000);
    let behind = beats[3..].iter().filter(|(sent, _)| *sent < late.1 - 5_000);
    let behind: Vec<_> = behind.collect();
    assert!(behind.len() >= 4 && behind.iter().all(|beat| beat.1 == late.1), "{beats:?}");
    // What is dropped holds up nobody.
    let lines =
        "order fifo\nhold n1->n2 heartbeat #3\nat 200ms drop n1->n2 heartbeat #3\nend 300ms\n";
    let run = steady(lines);
    let beats = flights(&run, 0, 1, "heartbeat");
    assert!(beats[2..].iter().filter(|beat| beat.1 == 200_000).count() >= 4, "{beats:?}");
    let datagrams = steady("hold n1->n2 heartbeat #3\nend 300ms\n");
    assert!(flights(&datagrams, 0, 1, "heartbeat").iter().all(|beat| beat.1 - beat.0 == 5_000));
}

#[test]
fn a_thin_link_sends_one_thing_after_the_other() {
    // 96 bytes take 9.6 ms, and they queue: what is sent every 20 ms still gets through.
    let run = steady("bandwidth n1->n2 10KB/s\nend 300ms\n");
    let beats = flights(&run, 0, 1, "heartbeat");
    assert!(beats.iter().skip(2).all(|beat| beat.1 - beat.0 == 9_600 + 5_000), "{beats:?}");
    // At 4 KB/s a heartbeat takes 24 ms: the queue grows.
    let run = steady("at 100ms bandwidth n1->n2 4KB/s\nend 600ms\n");
    let waits: Vec<u64> =
        flights(&run, 0, 1, "heartbeat").iter().map(|beat| beat.1 - beat.0).collect();
    assert!(waits[waits.len() - 1] > 50_000 && waits.is_sorted(), "{waits:?}");
}

#[test]
fn latencies_are_spread_as_said() {
    let of = |spread: &str| {
        let run = play(&format!(
            "protocol raft\nnodes 5\nlatency 1ms..3ms {spread}\ndisk 1ms\nset heartbeat 2ms\n\
             set election-timeout 5s..6s\nat 1ms timeout n1\nend 6s\n"
        ));
        let mut spans: Vec<u64> =
            flights(&run, 0, 1, "heartbeat").iter().map(|beat| beat.1 - beat.0).collect();
        spans.sort_unstable();
        assert!(spans.len() > 2_000);
        let share = |low: u64, high: u64| {
            let within = spans.iter().filter(|span| (low..=high).contains(span)).count();
            within as f64 / spans.len() as f64
        };
        (share(1_000, 3_000), share(1_500, 2_500), spans[spans.len() - 1])
    };
    let (inside, middle, most) = of("uniform");
    assert!(inside > 0.999 && (0.45..0.55).contains(&middle) && most <= 3_000);
    let (inside, middle, most) = of("normal");
    assert!(inside > 0.999 && middle > 0.8 && most <= 3_000, "{middle}");
    let (inside, _, most) = of("heavy");
    // A quarter is doubled; half of those leave the range.
    assert!((0.82..0.92).contains(&inside) && most > 8_000, "{inside} {most}");
}

#[test]
fn what_is_reordered_is_overtaken() {
    let run = steady("reorder n1->n2 30%\nend 2s\n");
    let beats = flights(&run, 0, 1, "heartbeat");
    let late = beats.iter().filter(|beat| beat.1 - beat.0 > 5_000).count();
    assert!((15..45).contains(&late), "{late} of {}", beats.len());
    assert!(beats.iter().all(|beat| beat.1 - beat.0 <= 20_000));
}

#[test]
fn a_slow_node_answers_late_and_one_after_the_other() {
    let run = steady("at 100ms slow n2 by 8ms for 200ms\nend 500ms\n");
    let beats = flights(&run, 0, 1, "heartbeat");
    let answers = flights(&run, 1, 0, "beat");
    for (beat, answer) in beats.iter().zip(&answers) {
        let slow = (100_000..300_000).contains(&beat.1);
        assert_eq!(answer.0 - beat.1, if slow { 8_000 } else { 0 }, "{beat:?} {answer:?}");
    }
    // A crash in between takes along what had not left.
    let run = steady("at 100ms slow n2 by 50ms\nat 130ms crash n2\nend 200ms\n");
    let sent = times(&run, What::Send, 1);
    assert!(!sent.iter().any(|time_us| (106_000..).contains(time_us)), "{sent:?}");
}

#[test]
fn the_timers_of_a_suspended_machine_stand_and_those_of_a_paused_one_run_out() {
    let lines = |fault: &str| {
        format!(
            "protocol raft\nnodes 3\nlatency 5ms\ndisk 1ms\nset heartbeat 20ms\n\
             set election-timeout 200ms..201ms\nat 1ms timeout n1\nat 100ms {fault} n2 for 1s\n\
             at 101ms partition n2 | n1 n3\nend 1400ms\n"
        )
    };
    let paused = play(&lines("pause"));
    let suspended = play(&lines("suspend"));
    let first =
        |run: &Run| times(run, What::Timer, 1).into_iter().find(|at| *at > 100_000).unwrap();
    assert_eq!(first(&paused), 1_100_000, "due long ago, handled when it can");
    // Heard a leader at about 90 ms: some 190 ms of patience were left.
    assert!((1_280_000..1_301_000).contains(&first(&suspended)), "{}", first(&suspended));
    let clock = |run: &Run| field(run, "n2", "clock");
    assert_eq!((clock(&paused).as_str(), clock(&suspended).as_str()), ("1.400 s", "0.400 s"));
}

#[test]
fn a_step_moves_the_wall_clock_and_no_timer() {
    let plain = steady("end 1s\n");
    let stepped = steady("at 100ms step n1 by -5s\nat 200ms step n2 by 1s\nend 1s\n");
    let strip = |run: &Run| -> Vec<(u64, What)> {
        let told = |e: &&Event| !matches!(e.what, What::Line | What::Step);
        run.events().iter().filter(told).map(|e| (e.time_us, e.what)).collect()
    };
    assert_eq!(strip(&plain), strip(&stepped));
    let wall = |run: &Run, node: usize| {
        let node = &run.world().kernel.nodes[node];
        node.wall.show_us(node.clock.local_us(run.time_us()))
    };
    assert_eq!(wall(&plain, 0), WALL_START_US + 1_000_000);
    assert_eq!(wall(&stepped, 0), WALL_START_US - 4_000_000);
    assert_eq!(wall(&stepped, 1), WALL_START_US + 2_000_000);
    let slewed = steady("at 100ms slew n1 by 400us at 1000ppm\nend 1s\n");
    assert_eq!(wall(&slewed, 0), WALL_START_US + 1_000_400);
}

fn status(run: &Run, node: usize) -> Status {
    run.stage().nodes[node].status
}

#[test]
fn a_failed_sync_ends_the_process_and_a_restart_reads_what_is_there() {
    for fault in ["fails", "full"] {
        let run = steady(&format!(
            "at 100ms disk n2 {fault} for 100ms\nat 110ms c1 put x 1\nat 130ms c1 put y 1\nend 190ms\n"
        ));
        assert_eq!(status(&run, 1), Status::Down, "{fault}");
        assert_eq!(times(&run, What::Failed, 1).len(), 1);
        assert_eq!(times(&run, What::Exit, 1).len(), 1);
        let back = steady(&format!(
            "at 100ms disk n2 {fault} for 100ms\nat 110ms c1 put x 1\nat 300ms restart n2\n\
             expect n2 log 1\nend 500ms\n"
        ));
        assert_eq!(status(&back, 1), Status::Up, "nothing was acknowledged: nothing is missing");
    }
}

#[test]
fn a_sync_that_fails_after_its_process_has_died_stores_nothing() {
    let lines = "at 100ms c1 put x 1\nat 110500us kill n2\nat 110500us disk n2 full for 10ms\n\
                 at 130ms restart n2\n";
    let run = steady(&format!("{lines}end 131ms\n"));
    assert_eq!(field(&run, "n2", "log"), "", "the next process does not find it");
    assert_eq!(field(&steady(&format!("{lines}end 400ms\n")), "n2", "log"), "1");
}

#[test]
fn a_lying_disk_loses_what_it_called_synced_and_a_sound_one_does_not() {
    let lines = |disk: &str| {
        format!(
            "at 100ms {disk}\nat 110ms c1 put x 1\nat 200ms crash n2\nat 201ms partition n2 | n1 n3\n\
             at 210ms restart n2\nend 300ms\n"
        )
    };
    // Not one of these draws is looked at: whatever survives is a prefix.
    let text = lines("disk n2 lies");
    let run = steady(&text);
    let disk = &run.world().kernel.nodes[1].disk;
    assert!(disk.safe < 4, "the cache is empty: {disk:?}");
    let mended = steady(&lines("disk n2 lies for 50ms"));
    assert_eq!(field(&mended, "n2", "log"), "1");
    assert_eq!(field(&steady(&lines("disk n3 lies")), "n2", "log"), "1");
}

#[test]
fn a_torn_record_is_read_as_torn_and_a_rotten_one_keeps_the_process_from_starting() {
    // The sync takes 30 ms: power fails in the middle of it.
    let run = steady(
        "at 90ms disk n2 tears\nat 91ms disk n2 slow by 30ms\nat 100ms c1 put x 1\nat 118ms crash n2\n\
         at 119ms partition n2 | n1 n3\nat 130ms restart n2\nend 200ms\n",
    );
    let boots: Vec<u32> = run
        .events()
        .iter()
        .filter(|e| e.what == What::Boot && e.node.0 == 1)
        .map(|e| e.b)
        .collect();
    assert_eq!(boots, [0, 1]);
    assert_eq!(status(&run, 1), Status::Up);
    let run = steady(
        "at 100ms c1 put x 1\nat 200ms disk n2 corrupts last\nat 300ms crash n2\nat 310ms restart n2\n\
         when exit of n2 say \"It will not start.\"\nend 400ms\n",
    );
    assert_eq!(status(&run, 1), Status::Down);
    assert_eq!(run.beats().0.len(), 1);
}

#[test]
fn a_wiped_node_starts_with_nothing() {
    let run = steady(
        "at 100ms c1 put x 1\nat 200ms wipe n2\nat 201ms partition n2 | n1 n3\nat 210ms restart n2\n\
         expect n2 term 0\nend 250ms\n",
    );
    assert_eq!(run.world().kernel.nodes[1].disk.written, 0);
    assert_eq!(times(&run, What::Wipe, 1), [200_000]);
}
