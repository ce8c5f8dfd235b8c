//! Shrinking: every mistake of Raft that random search finds becomes a small text that fails in
//! the same way, of which no line can be left out, and which holds with the mistake mended.
//! By hand: `cargo run --release -p happens-before-cli -- explore --bug NAME --seeds 0..20000`.

use happens_before::explore::{Extent, Shrink, judge_run, random_text, random_text_of};
use happens_before::protocols::DECLARATIONS;
use happens_before::run::Run;
use happens_before::scenario::{Kind, Scenario, parse, remove_bug};

/// A text of more lines of faults than this explains little.
const FAULT_LINES_MOST: usize = 12;
/// Seeds searched from the one that is known to fail.
const SEEDS: u64 = 512;

fn scenario_of(text: &str) -> Scenario {
    parse(text, DECLARATIONS).expect("parses")
}

/// The first random run from this seed on that breaks a check.
fn failing(bug: &str, seed: u64) -> String {
    let bugs = [bug.to_string()];
    let breaks =
        |text: &String| !judge_run(text, Extent::default()).expect("a text").violations.is_empty();
    (seed..seed + SEEDS)
        .map(|seed| random_text(seed, &bugs))
        .find(breaks)
        .unwrap_or_else(|| panic!("{bug}: seeds {seed}..{} hold", seed + SEEDS))
}

fn shrunk(text: &str) -> Shrink {
    let mut shrink = Shrink::new(text, None).expect("its run violates a check");
    while shrink.step() {}
    shrink
}

/// Whether a text does all that it expects, the violation among it.
fn holds(text: &str) -> bool {
    Run::new(text).is_ok_and(|mut run| run.finish().iter().all(|verdict| !verdict.fails))
}

/// What stands in a text for its own sake and not for what happens.
fn is_structure(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Blank
            | Kind::Title(_)
            | Kind::Protocol { .. }
            | Kind::Nodes(_)
            | Kind::Seed(_)
            | Kind::Expect(_)
            | Kind::End(_)
    )
}

/// From a random failing run to a small text.
fn shrinks(bug: &str, seed: u64) {
    let text = failing(bug, seed);
    let shrink = shrunk(&text);
    let (small, progress) = (shrink.text(), shrink.progress());
    println!("{bug}: {progress:?}\n{small}");
    assert!(progress.now.faults <= FAULT_LINES_MOST, "{bug}: {small}");
    assert!(holds(&small), "{bug}: it expects what it violates\n{small}");
    let mended = remove_bug(&small, &scenario_of(&small), bug);
    let mut run = Run::new(&mended).expect("parses");
    run.finish();
    assert!(run.violations().is_empty(), "{bug}: it is this mistake that shows\n{small}");
    let scenario = scenario_of(&small);
    for place in 0..scenario.statements.len() {
        if !is_structure(&scenario.statements[place].kind) {
            let mut less = scenario.clone();
            let gone = less.statements.remove(place);
            assert!(!holds(&less.to_string()), "{bug}: “{gone}” is not needed\n{small}");
        }
    }
}

#[test]
fn mistakes_that_show_at_once() {
    for bug in ["half-is-enough", "drop-vote", "truncate-always", "ack-before-sync"] {
        shrinks(bug, 0);
    }
    shrinks("leader-rewrites", 0);
    shrinks("vote-for-anyone", 3);
    shrinks("forget-vote", 66);
}

#[test]
fn a_command_applied_twice() {
    shrinks("apply-twice", 3);
}

#[test]
fn the_previous_term_ignored() {
    shrinks("ignore-prev-term", 4);
}

#[test]
fn a_term_forgotten() {
    shrinks("forget-term", 32);
}

#[test]
fn a_vote_counted_twice() {
    shrinks("count-votes-twice", 138);
}

#[test]
fn the_longest_log_preferred() {
    shrinks("longest-log-wins", 88);
}

#[test]
fn stale_entries_committed() {
    shrinks("commit-beyond-match", 60);
}

#[test]
fn an_entry_of_an_earlier_term_committed() {
    shrinks("commit-earlier-term", 65);
}

#[test]
fn a_failed_sync_tried_again() {
    shrinks("sync-again", 15);
}

#[test]
fn a_rotten_record_taken_for_a_torn_one() {
    shrinks("rot-is-torn", 1148);
}

#[test]
fn shrinking_at_once_gives_what_shrinking_one_by_one_gives() {
    let text = failing("commit-beyond-match", 60);
    let alone = shrunk(&text);
    let mut many = Shrink::new(&text, None).expect("its run violates a check");
    while !many.progress().over {
        let proposals = many.ask(5);
        let went: Vec<_> = proposals.iter().map(|proposal| proposal.play()).collect();
        many.tell(proposals, &went);
    }
    assert_eq!((many.text(), many.progress()), (alone.text(), alone.progress()));
}

/// With `acks leader` clients may see more than one copy, and soon do; that is not what fails.
#[test]
fn what_is_not_promised_is_not_shrunk_to() {
    let bugs = ["one-epoch-lookup".to_string()];
    let text = random_text_of("kafka", 138, &bugs);
    let shrink = shrunk(&text);
    assert_eq!(shrink.check(), "Same index, same epoch: same log");
    let small = shrink.text();
    assert!(holds(&small), "{small}");
    let report = judge_run(&small, Extent::default()).expect("a text");
    let checks = DECLARATIONS.iter().find(|known| known.name == "kafka").unwrap().checks;
    let failed = report.violations.first().map(|violation| checks[usize::from(violation.check)]);
    assert_eq!(failed.map(|check| check.formal), Some("Log matching"), "{small}");
}
