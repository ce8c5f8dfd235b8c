//! Rules switched off, one by one: the catalogue's story shows the damage, its mended twin is
//! clean, and random runs find it, too.

use super::{play, violated};
use crate::catalogue::find;
use crate::draw::{Purpose, draw};
use crate::explore::{Extent, judge_run, random_text_of};
use crate::protocols::DECLARATIONS;
use crate::protocols::commitwait::rules::BUGS;
use crate::scenario::{parse, remove_bug};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, its story in the catalogue, the check that catches it there and in random runs.
const STORIES: &[(&str, &str, &str)] = &[
    ("no-commit-wait", "no-commit-wait", "External consistency"),
    ("wait-by-midpoint", "wait-by-midpoint", "External consistency"),
    ("stamp-earliest", "stamp-earliest", "External consistency"),
    ("read-before-safe", "read-before-safe", "Consistent snapshot"),
    ("read-newest", "read-newest", "Consistent snapshot"),
    ("forget-timestamp", "forget-timestamp", "Monotonic timestamps"),
    ("answer-before-sync", "answered-from-memory", "Durability"),
    ("write-again", "write-again", "At most once"),
];

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    assert_eq!(STORIES.len(), BUGS.len());
    for (bug, story, check) in STORIES {
        let text = find(story).expect(story).text;
        let scenario = parse(text, DECLARATIONS).expect(story);
        assert_eq!(scenario.bugs(), [bug.to_string()], "{story}");
        let broken = violated(&play(text));
        assert!(broken.contains(check), "{story}: {broken:?}");
        let mended = play(&remove_bug(text, &scenario, bug));
        assert_eq!(violated(&mended), [""; 0], "{story}, mended");
    }
}

/// Random runs that a hunt may take. Among the first of them each mistake shows itself.
const SEEDS: core::ops::Range<u64> = 100..500;

#[test]
fn random_runs_find_each_mistake() {
    let checks = crate::protocols::find("commit-wait").expect("registered").declaration.checks;
    for (bug, _, check) in STORIES {
        let bugs = [bug.to_string()];
        let caught = SEEDS.into_iter().any(|seed| {
            let text = random_text_of("commit-wait", seed, &bugs);
            let report = judge_run(&text, Extent::default()).expect("parses");
            let formal = |place: u8| checks[usize::from(place)].formal;
            report.violations.iter().any(|violation| formal(violation.check) == *check)
        });
        assert!(caught, "{bug}: {check} holds in all runs of {SEEDS:?}");
    }
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..60 {
        let drawn = draw(seed, Purpose::Generate, &[79]);
        let off = BUGS.iter().enumerate().filter(|(place, _)| drawn >> (2 * place) & 3 == 3);
        let names: Vec<String> = off.map(|(_, bug)| bug.name.to_string()).collect();
        play(&random_text_of("commit-wait", seed, &names));
    }
}
