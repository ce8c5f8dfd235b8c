//! What is promised of clocks: within the bound no order is wrong, however they stand; beyond it
//! the bound itself is found broken, and what rests on the disk alone still holds.

use super::{calm, violated};
use crate::dice::Dice;
use crate::draw::Purpose;
use alloc::format;
use alloc::string::String;

/// Three writers, one after the other, at servers whose clocks are off by so much.
fn relay(off_us: [i64; 3]) -> crate::run::Run {
    let mut lines = String::from("nodes 3\nclient c1\nclient c2\nclient c3\nclient c4\n");
    for (place, off_us) in (1..).zip(off_us).filter(|(_, off_us)| *off_us != 0) {
        lines += &format!("at 0us step n{place} by {off_us}us\n");
    }
    // Each begins 1 µs after the one before it has ended: flights and the wait take 9001 µs.
    lines += "at 1ms c1 put x 1\nat 10002us c2 put y 2\nat 19004us c3 put z 3\n\
              at 28006us c4 snapshot x z\nend 60ms\nexpect answered 4";
    calm(&lines)
}

#[test]
fn within_the_bound_every_order_is_right() {
    let mut dice = Dice::new(1, Purpose::Generate, 900);
    for _ in 0..200 {
        let mut off = || *dice.pick(&[-4_000, -3_999, -1_000, 0, 1, 2_500, 4_000]);
        let off_us = [off(), off(), off()];
        let run = relay(off_us);
        assert!(violated(&run).is_empty(), "{off_us:?}: {:?}", run.violations());
        assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{off_us:?}");
    }
}

#[test]
fn a_microsecond_beyond_the_bound_is_seen() {
    assert_eq!(violated(&relay([4_001, 0, 0])), ["Clock uncertainty"]);
    assert_eq!(violated(&relay([0, -4_001, 0])), ["Clock uncertainty"]);
}

#[test]
fn when_the_uncertainty_is_told_too_small_the_order_breaks() {
    // The first 20 ms ahead: its timestamp is not over when the second begins.
    let run = relay([20_000, 0, 0]);
    assert_eq!(violated(&run), ["Clock uncertainty", "External consistency"]);
}

#[test]
fn a_clock_that_nobody_reads_while_it_is_off_breaks_no_promise() {
    let run = calm(
        "nodes 1\nclient c1\nat 1ms c1 put x 1\nat 15ms step n1 by 5ms\n\
         at 16ms step n1 by -5ms\nat 17ms c1 put x 2\nend 60ms\nexpect c1 stamp 21.500ms",
    );
    assert!(violated(&run).is_empty());
    assert!(run.verdicts().iter().all(|verdict| !verdict.fails), "{:?}", run.verdicts());
}
