//! Clocks that are led: against the world's real ones, which no process sees.

mod bugs;
mod random;

use crate::dice::Dice;
use crate::draw::Purpose;
use crate::process::NodeId;
use crate::protocols::testing::{field, play, violated};
use crate::run::{Run, words_of};
use crate::stamps::Stamps;
use crate::world::{WALL_START_US, What};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What a node's wall clock really shows, µs.
fn wall_us(run: &Run, node: usize) -> i64 {
    let node = &run.world().kernel.nodes[node];
    node.wall.show_us(node.clock.local_us(run.time_us())) as i64
}

/// By how much it is wrong, µs.
fn wrong_us(run: &Run, node: usize) -> i64 {
    wall_us(run, node) - (WALL_START_US + run.time_us()) as i64
}

/// Times and amounts of what moved a node's wall clock.
fn moves(run: &Run, node: u16, what: What) -> Vec<(u64, i64)> {
    let by = |a: u32, b: u32| (u64::from(b) << 32 | u64::from(a)) as i64;
    let of = run.events().iter().filter(|e| e.what == what && e.node == NodeId(node));
    of.map(|event| (event.time_us, by(event.a, event.b))).collect()
}

const TWO: &str = "protocol ntp\nnodes 2\nlatency 20ms\nset poll 100ms\n";

#[test]
fn a_process_sets_its_clock_as_a_line_does_and_the_trace_says_so() {
    let run = play(&format!("{TWO}at 0ms step n2 by -5s\nend 150ms\n"));
    assert_eq!(moves(&run, 1, What::Step), [(0, -5_000_000), (140_000, 5_000_000)]);
    assert_eq!(moves(&run, 1, What::Slew), [], "the end of a slew that there was none of");
    assert_eq!(wrong_us(&run, 1), 0);
    let step = run.events().iter().rposition(|e| e.what == What::Step).expect("a step");
    assert_eq!(words_of(&run, step as u32), "n2: wall clock steps by +5s");
    let cause = run.events()[run.events()[step].cause as usize];
    assert_eq!((cause.what, cause.node), (What::Receive, NodeId(1)));

    let run = play(&format!(
        "{TWO}set correction slew\nset slew-rate 100000\nat 0ms step n2 by 5s\nend 190ms\n"
    ));
    assert_eq!(moves(&run, 1, What::Slew), [(140_000, -5_000_000)]);
    assert_eq!(wrong_us(&run, 1), 5_000_000 - 5_000, "a tenth of 50 ms");
    let slew = run.events().iter().rposition(|e| e.what == What::Slew).expect("a slew");
    assert_eq!(words_of(&run, slew as u32), "n2: wall clock is led by -5s at 100000ppm");
    // Whoever reads the trace alone knows what the clocks showed.
    let stamps = Stamps::of(2, run.events());
    let last = (0..run.events().len() as u32)
        .rev()
        .find(|&e| run.events()[e as usize].node == NodeId(1) && stamps.has(e));
    let last = last.expect("an event of n2");
    let mut then = play(&format!(
        "{TWO}set correction slew\nset slew-rate 100000\nat 0ms step n2 by 5s\nend 190ms\n"
    ));
    then.seek(run.events()[last as usize].time_us);
    assert_eq!(stamps.wall_us(last).map(|us| us as i64), Some(wall_us(&then, 1)));
}

#[test]
fn a_step_ends_a_slew_that_is_under_way() {
    // 100 ms are slewed, 300 are stepped; by then 40 ms have passed at half speed.
    let run = play(&format!(
        "{TWO}set slew-rate 500000\nat 0ms step n2 by 100ms\nat 190ms step n2 by -400ms\nend 900ms\n"
    ));
    assert_eq!(moves(&run, 1, What::Slew)[..1], [(140_000, -100_000)]);
    let (at_us, by_us) = moves(&run, 1, What::Step)[2];
    assert_eq!((at_us, by_us), (240_000, 350_000));
    assert_eq!(wrong_us(&run, 1), 0);
    assert_eq!(violated(&run), [""; 0]);
}

/// The offset is off by half of the difference of the two ways, exactly; and the clocks agree
/// within half the delay from then on.
#[test]
fn clocks_agree_within_half_of_what_the_ways_differ_by() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Generate, 26);
        let [there, back] = [dice.between(1, 60_000), dice.between(1, 60_000)];
        let skew = 20 * (dice.between(0, 40_000) as i64 - 20_000);
        let processing = dice.between(0, 30_000);
        let run = play(&format!(
            "protocol ntp\nnodes 2\nseed {seed}\nlatency n2->n1 {there}us\nlatency n1->n2 {back}us\n\
             set poll 300ms\nset processing {processing}us\nset slew-rate 500000\n\
             at 0ms step n2 by {skew}us\nend 2s\n"
        ));
        assert_eq!(
            violated(&run).iter().filter(|check| **check != "Monotone wall clock").count(),
            0
        );
        let asymmetry = (there as i64 - back as i64).div_euclid(2);
        assert_eq!(wrong_us(&run, 1), asymmetry, "seed {seed}: {there} there, {back} back");
        assert!(asymmetry.unsigned_abs() <= (there + back).div_ceil(2));
    }
}

#[test]
fn a_clock_that_is_only_led_never_goes_back() {
    for seed in 0..40 {
        let mut dice = Dice::new(seed, Purpose::Generate, 27);
        let skew = 100 * (dice.between(0, 20_000) as i64 - 10_000);
        let rate = *dice.pick(&[500, 5_000, 83_333, 500_000]);
        let ppm = dice.between(0, 200_000) as i64 - 100_000;
        let mut run = Run::new(&format!(
            "protocol ntp\nnodes 2\nseed {seed}\nlatency 2ms..60ms heavy\nloss 10%\n\
             set correction slew\nset poll 150ms\nset slew-rate {rate}\n\
             at 0ms step n2 by {skew}us\nat 1ms drift n2 {ppm}ppm\nend 5s\n"
        ))
        .expect("parses");
        let mut last_us = i64::MIN;
        while run.time_us() < 5_000_000 && run.step() {
            if run.time_us() >= 1_000 {
                assert!(wall_us(&run, 1) >= last_us, "seed {seed} at {}", run.time_us());
                last_us = wall_us(&run, 1);
            }
        }
        assert_eq!(violated(&run), [""; 0]);
        assert!(!moves(&run, 1, What::Slew).is_empty());
        assert_eq!(moves(&run, 1, What::Step).len(), 1, "that of the line");
    }
}

#[test]
fn the_sample_with_the_least_delay_counts() {
    // Every third answer is late; what it says would be off by tens of milliseconds.
    let late: String =
        (2..30).step_by(3).map(|k| format!("delay n1->n2 stamps #{k} by 55ms\n")).collect();
    let run = play(&format!("{TWO}{late}set slew-rate 500000\nend 3s\n"));
    assert_eq!((wrong_us(&run, 1), moves(&run, 1, What::Slew)), (0, Vec::new()));
    let naive = play(
        &format!("{TWO}{late}set slew-rate 500000\nend 3s\n")
            .replace("protocol ntp", "protocol ntp with bug no-filter"),
    );
    assert!(!moves(&naive, 1, What::Slew).is_empty());
}

#[test]
fn as_long_as_most_sources_are_right_the_others_have_no_say() {
    for liars in 0..=2 {
        let lies: String =
            (1..=liars).map(|n| format!("at 0ms step n{n} by {}s\n", 10 * n)).collect();
        let run = play(&format!(
            "protocol ntp\nnodes 6\nlatency 5ms..30ms\nset sources 5\nset poll 100ms\n\
             {lies}at 0ms step n6 by -200ms\nend 3s\n"
        ));
        assert_eq!(violated(&run), [""; 0], "{liars} liars");
        assert!(wrong_us(&run, 5).abs() <= 15_000, "{liars} liars: {}", wrong_us(&run, 5));
    }
    // Three of five in three directions: nobody knows, and nobody moves.
    let run = play(
        "protocol ntp\nnodes 6\nset sources 5\nset poll 100ms\nat 0ms step n1 by 10s\n\
         at 0ms step n2 by 20s\nat 0ms step n3 by 30s\nat 0ms step n6 by -200ms\nend 3s\n",
    );
    assert_eq!(wrong_us(&run, 5), -200_000);
    assert_eq!(run.stage().nodes[5].role, "not set");
}

#[test]
fn only_the_answer_to_the_last_poll_counts_and_once() {
    let bogus = |run: &Run| {
        let marks = run.events().iter().filter(|e| e.what == What::Mark);
        marks.filter(|e| e.sub == super::declare::event::BOGUS).count()
    };
    assert_eq!(bogus(&play(&format!("{TWO}end 1s\n"))), 0);
    assert_eq!(bogus(&play(&format!("{TWO}duplicate n1->n2 stamps #2\nend 1s\n"))), 1);
    assert_eq!(bogus(&play(&format!("{TWO}delay n1->n2 stamps #2 by 90ms\nend 1s\n"))), 1);
    // One from before a restart, with the number of one from after it.
    let again = "delay n1->n2 stamps #1 by 170ms\nat 150ms kill n2\nat 160ms restart n2\n";
    let run = play(&format!("{TWO}{again}end 350ms\n"));
    assert_eq!((bogus(&run), violated(&run)), (1, Vec::new()));
}

#[test]
fn a_task_asked_for_twice_is_done_once_at_a_time() {
    let run = play(&format!(
        "{TWO}set client-timeout 100ms\nclient c1 at n2\nat 10ms c1 task 120ms\nend 400ms\n"
    ));
    let marks =
        |of: u8| run.events().iter().filter(|e| e.what == What::Mark && e.sub == of).count();
    let (begun, done) = (super::declare::event::BEGIN, super::declare::event::FINISH);
    assert_eq!((marks(begun), marks(done)), (1, 1));
    assert_eq!(run.operations()[0].answer, "120ms");
    assert_eq!(field(&run, "n2", "took-by-monotonic"), "120ms");
}

#[test]
fn a_clock_that_drifts_is_kept_within_what_it_drifts_between_samples() {
    // 1000 ppm and a poll every 100 ms: eight samples are 800 ms, 800 µs of drift.
    let run = play(&format!("{TWO}set slew-rate 500000\nat 0ms drift n2 1000ppm\nend 20s\n"));
    assert_eq!(violated(&run), [""; 0]);
    assert!(wrong_us(&run, 1).abs() <= 1_000, "{}", wrong_us(&run, 1));
    assert!(run.world().kernel.nodes[1].wall.moved_us(20_000_000) < -15_000);
    assert!(run.stage().nodes[1].ails.iter().all(|ail| ail.fault != "step"), "led, and right");
}
