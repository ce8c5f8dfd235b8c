//! Rules switched off, one by one, each with the shortest story that shows the damage: the
//! check catches it, and with the rule on the same story breaks nothing.

use super::{play, violated};
use crate::explore::random_text_of;
use crate::protocols::ntp::rules::BUGS;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Bug, what breaks, the story.
const STORIES: &[(&str, &str, &str)] = &[
    (
        // Set forward, so that nothing else is broken: 1050 ms for 50.
        "duration-by-wall-clock",
        "Durations",
        "nodes 2
client c1 at n2
at 0ms step n2 by -1s
at 100ms c1 task 50ms",
    ),
    ("step-back", "Monotone wall clock", "nodes 2\nset correction slew\nat 0ms step n2 by 1s"),
    ("no-filter", "Agreement", "nodes 2\ndelay n1->n2 stamps #2 by 55ms"),
    ("ignore-processing", "Offset bound", "nodes 2\nset processing 50ms"),
    ("any-origin", "Offset bound", "nodes 2\ndelay n1->n2 stamps #1 by 90ms"),
    (
        "trust-one",
        "Agreement",
        "nodes 4
set sources 3
latency n3->n4 5ms
at 0ms step n3 by 1s",
    ),
    ("exchange-across-step", "Offset bound", "nodes 2\nat 110ms step n2 by 200ms"),
];

fn story(bug: &str, text: &str) -> String {
    format!("protocol ntp{bug}\nlatency 20ms\nset poll 100ms\nset task 50ms\n{text}\nend 500ms\n")
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    let mut wrong_stories = Vec::new();
    for (bug, check, text) in STORIES {
        let wrong = violated(&play(&story(&format!(" with bug {bug}"), text)));
        let mut right = violated(&play(&story("", text)));
        // Set ahead by a line, it is set back: that is what the text asks for.
        right.retain(|check| *check != "Monotone wall clock" || text.contains("slew"));
        if !wrong.contains(check) || !right.is_empty() {
            wrong_stories.push((bug, wrong, right));
        }
    }
    assert!(wrong_stories.is_empty(), "{wrong_stories:#?}");
    let told: Vec<&str> = STORIES.iter().map(|(bug, ..)| *bug).collect();
    let declared: Vec<&str> = BUGS.iter().map(|bug| bug.name).collect();
    assert_eq!(told, declared);
}

#[test]
fn random_runs_find_each_mistake() {
    for (bug, check, _) in STORIES {
        let found = (0..200).find(|&seed| {
            let text = random_text_of("ntp", seed, &[bug.to_string()]);
            // What a step may break is no news.
            let slew = *bug != "step-back" || text.contains("set correction slew");
            slew && violated(&play(&text)).contains(check)
        });
        assert!(found.is_some(), "{bug}");
    }
}
