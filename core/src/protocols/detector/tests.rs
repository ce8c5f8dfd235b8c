//! What is promised holds under random faults, and each mistake is caught; what a timeout costs
//! is measured: false suspicions against the time until a death is noticed.

extern crate std;

use super::rules::BUGS;
use crate::catalogue::CATALOGUE;
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{Extent, System, Trial, judge_run};
use crate::protocols::testing::{play, violated};
use crate::run::Run;
use crate::world::What;
use alloc::format;
use alloc::vec::Vec;

#[test]
fn what_is_promised_holds_under_random_faults() {
    for seed in 0..90 {
        let mut dice = Dice::new(seed, Purpose::Generate, 304);
        let wild = seed % 2 == 1;
        let lines = format!(
            "{}set detector {}\nset verdict {}",
            if wild { "timing asynchronous\n" } else { "" },
            dice.pick(&["heartbeat", "ping", "phi"]),
            dice.pick(&["alone", "majority", "refutable"]),
        );
        let system = if wild { System::Wild } else { System::Calm };
        let trial = Trial { protocol: "detector", lines: &lines, bugs: &[], system, nodes: (2, 7) };
        let text = trial.text(seed);
        let report = judge_run(&text, Extent::of_seed(seed, true)).expect("parses");
        assert!(report.holds(), "seed {seed}: {report:?} in\n{text}");
    }
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    for bug in BUGS {
        let header = format!("protocol detector with bug {}\n", bug.name);
        let entry = CATALOGUE.iter().find(|entry| entry.text.contains(&header));
        let text = entry.unwrap_or_else(|| panic!("{} has no scenario", bug.name)).text;
        let of = |text: &str| -> Vec<_> {
            // In a network that falls apart those who live are suspected: nobody promises less.
            violated(&play(text)).into_iter().filter(|check| *check != "Accuracy").collect()
        };
        assert!(!of(text).is_empty(), "{}", bug.name);
        assert_eq!(of(&text.replace(&header, "protocol detector\n")), [""; 0], "{}", bug.name);
    }
}

#[test]
fn a_detector_that_never_suspects_and_one_that_always_does_are_both_caught() {
    let text = |timeout: &str, more: &str| {
        let text = format!(
            "protocol detector\nnodes 3\nlatency 30ms\nset heartbeat 75ms\nset timeout {timeout}\n\
             {more}end 5s\n"
        );
        violated(&play(&text))
    };
    assert_eq!(text("250ms", "at 1s crash n3\n"), [""; 0]);
    // Shorter than the interval: everybody is suspected all the time.
    assert!(text("40ms", "").contains(&"Accuracy"));
    // A word from before the crash that comes long after it.
    let deaf = text("250ms", "delay n3->n1 heartbeat #12 by 950ms\nat 1s crash n3\n");
    assert!(deaf.contains(&"Completeness"), "{deaf:?}");
}

/// False suspicions a minute between all five, and the mean time until all four others have
/// noticed a crash, ms; over some seeds.
fn cost(lines: &str, seeds: u64) -> (f64, f64) {
    let header = |seed: u64| {
        format!(
            "protocol detector\nnodes 5\nseed {seed}\nlatency 10ms..60ms heavy\nloss 5%\ndisk 1us\n\
             set heartbeat 100ms\n{lines}\n"
        )
    };
    let silent = |run: &Run, from_us: u64| -> Vec<(u64, u16)> {
        let marks = run.events().iter().filter(|event| event.what == What::Mark);
        let marks = marks.filter(|event| event.sub == super::event::SILENT);
        marks.filter(|e| e.time_us >= from_us).map(|e| (e.time_us, e.peer.0)).collect()
    };
    let (mut wrong, mut delay_us, mut noticed) = (0, 0, 0);
    for seed in 0..seeds {
        wrong += silent(&play(&format!("{}end 60s\n", header(seed))), 5_000_000).len();
        // The beat before the crash comes at another moment for every seed.
        let crash_us = 20_000_000 + seed * 7_919;
        let text = format!("{}at {crash_us}us crash n5\nend 40s\n", header(seed));
        let run = play(&text);
        let mut last = [None; 4];
        let marks = run.events().iter().filter(|event| event.what == What::Mark);
        for mark in marks.filter(|e| e.sub == super::event::SILENT && e.peer.0 == 4) {
            let first: &mut Option<u64> = &mut last[mark.node.index()];
            if mark.time_us >= crash_us {
                first.get_or_insert(mark.time_us);
            }
        }
        // One who suspected it before by mistake has nothing left to notice.
        for at_us in last.into_iter().flatten() {
            delay_us += at_us - crash_us;
            noticed += 1;
        }
    }
    (wrong as f64 / seeds as f64 * 60.0 / 55.0, delay_us as f64 / f64::from(noticed) / 1_000.0)
}

/// `node scripts/plots.mjs` reads what this prints.
#[test]
fn a_longer_timeout_errs_less_and_notices_later() {
    let table = |name: &str, values: &[&str], line: &dyn Fn(&str) -> alloc::string::String| {
        let mut rows: Vec<(f64, f64)> = Vec::new();
        for value in values {
            let (wrong, delay) = cost(&line(value), 3);
            std::println!(
                "{name} {value}: {wrong:.1} false suspicions a minute, noticed after {delay:.0} ms"
            );
            rows.push((wrong, delay));
        }
        let (first, last) = (rows[0], rows[rows.len() - 1]);
        assert!(first.0 > last.0 && first.1 < last.1, "{name}: {rows:?}");
    };
    let timeouts = ["120 ms", "160 ms", "200 ms", "250 ms", "300 ms", "400 ms", "500 ms", "600 ms"];
    let timeout = |value: &str| format!("set timeout {}", value.replace(' ', ""));
    table("heartbeat, timeout", &timeouts, &timeout);
    table("ping, timeout", &timeouts, &|value| format!("set detector ping\n{}", timeout(value)));
    table("phi, threshold", &["1", "2", "3", "4", "6", "8", "12"], &|value| {
        format!("set detector phi\nset threshold {value}0")
    });
}
