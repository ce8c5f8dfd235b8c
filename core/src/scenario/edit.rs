//! Changes of a text that touch single lines and keep everything else byte for byte: what a
//! click writes, another seed, a bug mended. Never reformats.

use super::action;
use super::ast::*;
use super::chaos::expand;
use super::check::{Context, judge};
use super::cursor::Cursor;
use super::diagnose::Diagnostic;
use super::lex::{Token, lex};
use super::print::Span;
use crate::declare::Declaration;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Writes `at TIME ACTION` where it belongs in time: behind the last line of at most that time,
/// else before the first timed line, else before what is expected, else at the end. Gives the
/// new text and the number of the new line. `scenario` is what `text` parses to.
pub fn insert_action(
    text: &str,
    scenario: &Scenario,
    time_us: u64,
    action: &Action,
) -> (String, u32) {
    let line = place_for(scenario, time_us);
    (insert_line(text, line, &format!("at {} {action}", Span(time_us))), line)
}

/// The number that a line for this time would have.
fn place_for(scenario: &Scenario, time_us: u64) -> u32 {
    let timed = || {
        scenario.lines().filter_map(|(line, kind)| match kind {
            Kind::At { time_us, .. } => Some((line, *time_us)),
            _ => None,
        })
    };
    if let Some((line, _)) = timed().filter(|(_, at)| *at <= time_us).last() {
        return line + 1;
    }
    if let Some((line, _)) = timed().next() {
        return line;
    }
    let closes = |kind: &Kind| {
        matches!(kind, Kind::Expect(_) | Kind::Always(_) | Kind::Never(_) | Kind::End(_))
    };
    let statements = &scenario.statements;
    let Some(mut k) = statements.iter().position(|s| closes(&s.kind)) else {
        return statements.len() as u32 + 1;
    };
    // A comment right above belongs to that line; the blank lines above part it from the rest.
    let above = |k: usize, comment: bool| {
        k > 0
            && statements[k - 1].kind == Kind::Blank
            && statements[k - 1].comment.is_some() == comment
    };
    while above(k, true) {
        k -= 1;
    }
    while above(k, false) {
        k -= 1;
    }
    k as u32 + 1
}

/// Puts a line so that it is number `line`, with the line ending of its neighbour.
fn insert_line(text: &str, line: u32, content: &str) -> String {
    let ending = ending_of(text);
    let above = text.split_inclusive('\n').take(line.saturating_sub(1) as usize);
    let at = above.map(str::len).sum();
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    if before.is_empty() || before.ends_with('\n') {
        return format!("{before}{content}{ending}{after}");
    }
    // Behind a last line without its newline: that stays so.
    format!("{before}{ending}{content}{after}")
}

/// How the lines of a text end.
fn ending_of(text: &str) -> &'static str {
    if text.split('\n').any(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// An action by itself, as a button writes it (`crash n3`), judged within a scenario.
pub fn parse_action(
    text: &str,
    scenario: &Scenario,
    declaration: &Declaration,
) -> Result<Action, Vec<Diagnostic>> {
    let alone = |wrong: Diagnostic| alloc::vec![wrong];
    let mut cursor = Cursor::new(1, lex(1, text).map_err(alone)?);
    let action = action::action(&mut cursor).map_err(alone)?;
    cursor.finish().map_err(alone)?;
    let context = Context {
        declaration: Some(declaration),
        nodes: Some(scenario.nodes()),
        clients: Some(scenario.clients().map(|client| client.name).collect()),
    };
    let wrong: Vec<Diagnostic> = cursor
        .mentions
        .iter()
        .filter_map(|(place, mention)| judge(mention, &context, 1, *place))
        .collect();
    if wrong.is_empty() { Ok(action) } else { Err(wrong) }
}

/// The text with another seed: its `seed` line changed, or one written below the lines that
/// say what runs.
pub fn set_seed(text: &str, scenario: &Scenario, seed: u64) -> String {
    let find = |wanted: fn(&Kind) -> bool| {
        scenario.lines().filter(|(_, kind)| wanted(kind)).map(|(line, _)| line).last()
    };
    if let Some(line) = find(|kind| matches!(kind, Kind::Seed(_))) {
        return replace(text, line, &seed.to_string(), |tokens| {
            tokens.get(1).map(|token| (token.start, token.end()))
        });
    }
    let what_runs =
        |kind: &Kind| matches!(kind, Kind::Title(_) | Kind::Protocol { .. } | Kind::Nodes(_));
    let line = find(what_runs).map_or(1, |line| line + 1);
    insert_line(text, line, &format!("seed {seed}"))
}

/// The text with this bug no longer switched on; the same text if it was not.
pub fn remove_bug(text: &str, scenario: &Scenario, bug: &str) -> String {
    let line = scenario.lines().find(|(_, kind)| matches!(kind, Kind::Protocol { .. }));
    let (Some((line, _)), true) = (line, scenario.bugs().iter().any(|known| known == bug)) else {
        return text.to_string();
    };
    let kept: Vec<&str> =
        scenario.bugs().iter().map(String::as_str).filter(|known| *known != bug).collect();
    let list =
        if kept.is_empty() { String::new() } else { format!(" with bug {}", kept.join(", ")) };
    // From behind the protocol's name to behind the last bug.
    replace(text, line, &list, |tokens| Some((tokens.get(1)?.end(), tokens.last()?.end())))
}

/// The text with this `chaos` line in the place of the one that it has, or without any; and the
/// number of that line, 0 for none. Whether the line is a right one, `parse` tells.
pub fn set_chaos(text: &str, scenario: &Scenario, chaos: Option<&str>) -> (String, u32) {
    match (scenario.chaos(), chaos) {
        (Some((line, _)), Some(chaos)) => (replace(text, line, chaos, statement), line),
        (Some((line, _)), None) => (splice(text, line, ""), 0),
        (None, Some(chaos)) => {
            let line = place_for(scenario, 0);
            (insert_line(text, line, chaos), line)
        }
        (None, None) => (text.to_string(), 0),
    }
}

/// The text with its `chaos` line written out: what it draws as lines of their own, and the line
/// itself as a comment above them. The same run, to the bit. None without a `chaos` line.
pub fn freeze_chaos(text: &str, scenario: &Scenario, declaration: &Declaration) -> Option<String> {
    let (line, chaos) = scenario.chaos()?;
    let ending = ending_of(text);
    let mut lines = format!("# {chaos}{ending}");
    for (time_us, action) in expand(scenario, declaration) {
        lines.push_str(&format!("at {} {action}{ending}", Span(time_us)));
    }
    Some(splice(text, line, &lines))
}

/// From the first to the last token of a line.
fn statement(tokens: &[Token]) -> Option<(usize, usize)> {
    Some((tokens.first()?.start, tokens.last()?.end()))
}

/// Puts finished lines in the place of a line, its ending included.
fn splice(text: &str, line: u32, lines: &str) -> String {
    let mut out = String::new();
    for (place, old) in (1..).zip(text.split_inclusive('\n')) {
        out.push_str(if place == line { lines } else { old });
    }
    out
}

/// Replaces the bytes of one line that `which` picks by its tokens.
fn replace(
    text: &str,
    line: u32,
    new: &str,
    which: impl Fn(&[Token]) -> Option<(usize, usize)>,
) -> String {
    let above = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum::<usize>();
    let source = text.get(above..).unwrap_or("").split('\n').next().unwrap_or("");
    let range = lex(line, source).ok().and_then(|lexed| which(&lexed.tokens));
    let Some((start, end)) = range else { return text.to_string() };
    let mut out = String::new();
    for part in [text.get(..above + start), Some(new), text.get(above + end..)] {
        out.push_str(part.unwrap_or(""));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::random::Random;
    use super::super::sample::{RAFT, TEXTS};
    use super::*;

    fn read(text: &str) -> Scenario {
        parse(text, &[&RAFT]).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"))
    }

    fn inserted(text: &str, time_us: u64) -> (String, u32) {
        let scenario = read(text);
        let crash = parse_action("crash n3", &scenario, &RAFT).expect("parses");
        insert_action(text, &scenario, time_us, &crash)
    }

    #[test]
    fn an_action_finds_its_place() {
        let text = "protocol raft\n\nat 1s  heal # a\nat 3s heal\n\nend 4s\n";
        let at = |line: &str| text.replace("at 3s heal\n", &format!("{line}\nat 3s heal\n"));
        assert_eq!(inserted(text, 2_000_000), (at("at 2s crash n3"), 4));
        assert_eq!(inserted(text, 1_000_000), (at("at 1s crash n3"), 4), "behind its equals");
        let first = text.replace("at 1s", "at 500ms crash n3\nat 1s");
        assert_eq!(inserted(text, 500_000), (first, 3));
        let last = text.replace("at 3s heal\n", "at 3s heal\nat 3500ms crash n3\n");
        assert_eq!(inserted(text, 3_500_000), (last, 5));
    }

    #[test]
    fn without_timed_lines_it_stands_before_what_is_expected() {
        let text = "protocol raft\n# why\n\n# what must hold\nexpect leader\nend 4s\n";
        let expected = "protocol raft\n# why\nat 1234.568ms crash n3\n\n# what must hold\nexpect leader\nend 4s\n";
        assert_eq!(inserted(text, 1_234_568), (expected.to_string(), 3));
        assert_eq!(
            inserted("protocol raft\n", 1),
            ("protocol raft\nat 1us crash n3\n".to_string(), 2)
        );
        assert_eq!(inserted("protocol raft", 1), ("protocol raft\nat 1us crash n3".to_string(), 2));
        let windows = inserted("protocol raft\r\n\r\nend 1s", 1);
        assert_eq!(windows, ("protocol raft\r\nat 1us crash n3\r\n\r\nend 1s".to_string(), 2));
    }

    #[test]
    fn an_inserted_line_is_all_that_changes() {
        for seed in 0..2_000 {
            let mut random = Random(seed);
            let sample = random.scenario();
            let text = sample.to_string();
            let text = if random.coin() { text.replace('\n', "\r\n") } else { text };
            let time_us = random.below(3_000_000) as u64;
            let action = random.action();
            let (new, line) = insert_action(&text, &sample, time_us, &action);
            let mut statements = sample.statements.clone();
            let kind = Kind::At { time_us, action };
            statements.insert(line as usize - 1, Statement { kind, comment: None });
            assert_eq!(read(&new).statements, statements, "seed {seed}");
            let mut lines: Vec<&str> = new.split_inclusive('\n').collect();
            lines.remove(line as usize - 1);
            assert_eq!(lines.concat(), text, "seed {seed}");
        }
    }

    #[test]
    fn actions_of_buttons_are_judged() {
        let scenario = read("protocol raft\nclient c1\n");
        let message = |text: &str| match parse_action(text, &scenario, &RAFT) {
            Ok(action) => action.to_string(),
            Err(wrong) => wrong[0].message.clone(),
        };
        assert_eq!(message("partition n1|n2 n3"), "partition n1 | n2 n3");
        assert_eq!(message("crash n4"), "there is no n4.");
        assert_eq!(message("c1 put x 100"), "c1 put x 100");
        assert_eq!(message("c2 put x 100"), "there is no c2.");
        assert_eq!(message(""), "an action is missing here.");
        assert_eq!(message("heal \"x"), "this text has no end.");
    }

    #[test]
    fn another_seed() {
        let change = |text: &str| set_seed(text, &read(text), 7);
        assert_eq!(change("seed  42 # x\r\nprotocol raft\r\n"), "seed  7 # x\r\nprotocol raft\r\n");
        assert_eq!(
            change("protocol raft\nnodes 5\nend 1s\n"),
            "protocol raft\nnodes 5\nseed 7\nend 1s\n"
        );
        assert_eq!(change("# a\nprotocol raft"), "# a\nprotocol raft\nseed 7");
        for text in TEXTS.iter().filter(|text| !text.is_empty()) {
            assert_eq!(read(&change(text)).seed(), 7, "{text}");
        }
    }

    #[test]
    fn a_bug_is_mended() {
        let mend = |text: &str, bug: &str| remove_bug(text, &read(text), bug);
        let text = "protocol  raft with bug forget-vote,forget-term # x\nnodes 3\n";
        assert_eq!(mend(text, "forget-vote"), "protocol  raft with bug forget-term # x\nnodes 3\n");
        assert_eq!(mend(text, "commit-earlier-term"), text);
        assert_eq!(
            mend("\nprotocol raft with bug forget-vote\n", "forget-vote"),
            "\nprotocol raft\n"
        );
    }

    #[test]
    fn chaos_is_let_in_changed_and_sent_away() {
        let set = |text: &str, chaos| set_chaos(text, &read(text), chaos);
        let text = "protocol raft\n\nat 3s heal\nend 4s\n";
        let (with, line) = set(text, Some("chaos intensity=5 crash"));
        assert_eq!(line, 3);
        assert_eq!(with, "protocol raft\n\nchaos intensity=5 crash\nat 3s heal\nend 4s\n");
        let (other, line) = set(&with, Some("chaos seed=7 intensity=2"));
        assert_eq!((read(&other).chaos().map(|(_, c)| c.seed), line), (Some(Some(7)), 3));
        assert_eq!(set(&other, None), (text.to_string(), 0));
        assert_eq!(set(text, None), (text.to_string(), 0));
        let noted = with.replace("crash\n", "crash # why\n");
        assert!(set(&noted, Some("chaos intensity=1")).0.contains("chaos intensity=1 # why\n"));
    }

    #[test]
    fn a_frozen_text_says_what_its_chaos_line_draws() {
        let text = "protocol raft\nchaos intensity=9 crash link\nend 4s\n";
        let frozen = freeze_chaos(text, &read(text), &RAFT).expect("there is chaos");
        let lines: Vec<(u64, Action)> = read(&frozen)
            .lines()
            .filter_map(|(_, kind)| match kind {
                Kind::At { time_us, action } => Some((*time_us, action.clone())),
                _ => None,
            })
            .collect();
        assert!(lines.len() > 5);
        assert_eq!(lines, expand(&read(text), &RAFT));
        assert!(frozen.starts_with("protocol raft\n# chaos intensity=9 crash link\nat "));
        assert!(frozen.ends_with("\nend 4s\n"));
        assert_eq!(freeze_chaos("protocol raft", &read("protocol raft"), &RAFT), None);
    }
}
