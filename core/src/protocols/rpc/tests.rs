//! The six silences are one to a client; what each choice promises holds under random faults;
//! each mistake is caught, and its mending is clean.

use super::rules::BUGS;
use crate::catalogue::{CATALOGUE, find};
use crate::dice::Dice;
use crate::draw::Purpose;
use crate::explore::{Extent, System, Trial, judge_run};
use crate::protocols::testing::{play, violated};
use crate::run::Run;
use crate::world::What;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// All that a client can know: what it handled, what it sent, and its clock at that. The place
/// of an operation in the history is ours, not the client's.
fn seen_by(run: &Run, client: &str) -> Vec<(u64, What, u32, u32)> {
    let place = run.names().iter().position(|name| name == client).expect("a client");
    let own = run.events().iter().filter(|event| event.node.index() == place);
    own.filter(|event| {
        let own = [
            What::Boot,
            What::Send,
            What::Receive,
            What::Timer,
            What::Mark,
            What::Request,
            What::Answer,
            What::GiveUp,
        ];
        own.contains(&event.what)
    })
    .map(|event| {
        let ours = [What::Request, What::Answer, What::GiveUp].contains(&event.what);
        (event.time_us, event.what, if ours { 0 } else { event.a }, event.b)
    })
    .collect()
}

const CLIENTS: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];

#[test]
fn the_six_silences_are_the_same_to_the_client() {
    let run = play(find("six-silences").expect("in the catalogue").text);
    let until_gave_up = |client| -> Vec<_> {
        let seen = seen_by(&run, client);
        let end = seen.iter().position(|(_, what, ..)| *what == What::GiveUp);
        seen[..=end.expect("it gives up")].to_vec()
    };
    let first = until_gave_up("c1");
    let kinds: Vec<What> = first.iter().map(|(_, what, ..)| *what).collect();
    let expected = [What::Boot, What::Request, What::Send, What::Timer, What::Mark, What::GiveUp];
    assert_eq!(kinds, expected);
    for client in CLIENTS {
        assert_eq!(until_gave_up(client), first, "{client}");
    }
    // And yet six different things have happened: n1 and n3 have done nothing, n5 and n6 have
    // added 1 before that, n2 and n4 after it.
    let executed = |server: usize| {
        let marks = run.events().iter().filter(|event| event.what == What::Mark);
        marks.filter(|event| event.node.index() == server).map(|event| event.time_us).next()
    };
    let gave_up_us = first.last().map_or(0, |(time_us, ..)| *time_us);
    assert_eq!([executed(0), executed(2)], [None, None]);
    assert!(executed(4).is_some_and(|at| at < gave_up_us));
    assert!(executed(5).is_some_and(|at| at < gave_up_us));
    assert!(executed(1).is_some_and(|at| at > gave_up_us));
    assert!(executed(3).is_some_and(|at| at > gave_up_us));
}

#[test]
fn only_the_choice_of_the_client_decides_what_the_silences_cost() {
    let counters = |name: &str| -> Vec<String> {
        let run = play(find(name).expect("in the catalogue").text);
        let counter = |server: &str| {
            let fields = run.inspect(server).into_iter().flatten();
            fields.filter(|(name, _)| name == "counter").map(|(_, value)| value).collect()
        };
        ["n1", "n2", "n3", "n4", "n5", "n6"].map(counter).to_vec()
    };
    // n3 stays down in the first.
    assert_eq!(counters("six-silences"), ["0", "1", "", "1", "1", "1"]);
    assert_eq!(counters("asking-again"), ["1", "2", "1", "2", "2", "2"]);
    assert_eq!(counters("with-a-key"), ["1"; 6]);
}

const CHOICES: [&str; 4] = [
    "set retry never\nset keys off",
    "set retry until-answered\nset keys off",
    "set retry never\nset keys on",
    "set retry until-answered\nset keys on",
];

#[test]
fn what_a_choice_promises_holds_under_random_faults() {
    let mut twice = 0;
    for lines in CHOICES {
        for seed in 0..40 {
            let wild = seed % 2 == 1;
            let system = if wild { System::Wild } else { System::Calm };
            let timing = if wild { "timing asynchronous\n" } else { "" };
            let lines = format!("{timing}{lines}");
            let trial = Trial { protocol: "rpc", lines: &lines, bugs: &[], system, nodes: (1, 3) };
            let text = trial.text(seed);
            let report = judge_run(&text, Extent::of_seed(seed, true)).expect("parses");
            assert!(report.holds(), "seed {seed}: {report:?} in\n{text}");
            twice += report.beyond.len();
        }
    }
    assert!(twice > 10, "what is not promised does happen: {twice}");
}

#[test]
fn each_mistake_is_caught_and_its_mending_is_clean() {
    for bug in BUGS {
        let header = format!("protocol rpc with bug {}\n", bug.name);
        let entry = CATALOGUE.iter().find(|entry| entry.text.contains(&header));
        let text = entry.unwrap_or_else(|| panic!("{} has no scenario", bug.name)).text;
        assert!(!violated(&play(text)).is_empty(), "{}", bug.name);
        let mended = text.replace(&header, "protocol rpc\n");
        assert_eq!(violated(&play(&mended)), [""; 0], "{}", bug.name);
    }
}

#[test]
fn no_subset_of_the_rules_makes_it_panic() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed, Purpose::Generate, 301);
        let bugs: Vec<&str> =
            BUGS.iter().filter(|_| dice.percent(30)).map(|bug| bug.name).collect();
        let lines = *dice.pick(&CHOICES);
        let system = System::Wild;
        play(&Trial { protocol: "rpc", lines, bugs: &bugs, system, nodes: (1, 3) }.text(seed));
    }
}
