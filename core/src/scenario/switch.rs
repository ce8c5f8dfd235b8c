//! A text under another protocol: same seed, same network, same faults at the same times, same
//! clients. What the other protocol has no word for becomes a comment that says whose line it
//! is, `# only raft: set pre-vote on`; switching back makes it a line again. All other bytes
//! stay. Never reformats, never plays.

use super::ast::*;
use super::chaos::expand;
use super::diagnose::Diagnostic;
use super::edit::freeze_chaos;
use super::lex::lex;
use super::parse::{self, parse};
use crate::declare::Declaration;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How a line begins that only one protocol understands: this, its name, a colon, a blank, and
/// the line as it was.
const ONLY: &str = "# only ";
/// What stands between a protocol's line and the mistakes that only another has.
const WITH: &str = " with bug";

/// A text for another protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Switched {
    /// The whole new text.
    pub text: String,
    /// Lines that are comments now, in order, and why.
    pub aside: Vec<Aside>,
}

/// A line that the other protocol has no word for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Aside {
    /// Its number in the new text, from 1.
    pub line: u32,
    /// One sentence.
    pub why: String,
}

/// The text of a run of `from` for `to`, with as many lines: only a `chaos` line from which `to`
/// would draw other faults, because it tolerates others, is written out.
///
/// # Errors
/// What is wrong with the text, or the `nodes` on which `to` does not run.
pub fn switch(
    text: &str,
    from: &Declaration,
    to: &Declaration,
) -> Result<Switched, Vec<Diagnostic>> {
    let scenario = parse(text, &[from])?;
    if from.name == to.name {
        return Ok(Switched { text: text.to_string(), aside: Vec::new() });
    }
    let (switched, other) = switch_lines(text, &scenario, from, to)?;
    if expand(&scenario, from) == expand(&other, to) {
        return Ok(switched);
    }
    let Some(frozen) = freeze_chaos(text, &scenario, from) else { return Ok(switched) };
    let scenario = parse(&frozen, &[from])?;
    switch_lines(&frozen, &scenario, from, to).map(|(switched, _)| switched)
}

/// A line on its way to the other protocol.
struct Line<'a> {
    /// As it stands in the text, without its ending.
    body: &'a str,
    /// `\n`, `\r\n`, or nothing behind the last one.
    ending: &'a str,
    /// Whose line it is: the protocol's that the text names, or the one that a comment names.
    of: &'a str,
    /// What it says to that protocol.
    says: String,
    /// Why it is no line for the other one.
    aside: Option<String>,
}

impl Line<'_> {
    fn was_aside(&self) -> bool {
        self.says.len() < self.body.len() && self.body.starts_with(ONLY)
    }

    fn written(&self) -> String {
        match &self.aside {
            Some(_) if self.was_aside() => self.body.to_string(),
            Some(_) => format!("{ONLY}{}: {}", self.of, self.body),
            None => self.says.clone(),
        }
    }
}

/// The other text, and what it parses to.
fn switch_lines(
    text: &str,
    scenario: &Scenario,
    from: &Declaration,
    to: &Declaration,
) -> Result<(Switched, Scenario), Vec<Diagnostic>> {
    let mut lines: Vec<Line> = text.split_inclusive('\n').map(|raw| line_of(raw, from)).collect();
    let mut mended = false;
    for (line, statement) in lines.iter_mut().zip(&scenario.statements) {
        if let Kind::Protocol { bugs, .. } = &statement.kind {
            (line.says, mended) = protocol_line(line.body, bugs, from, to);
        }
    }
    for line in lines.iter_mut().filter(|line| line.of != to.name) {
        let kind = parse::kind_of(&line.says);
        line.aside =
            kind.and_then(|kind| claim(&kind, mended || line.was_aside())).map(String::from);
    }
    loop {
        let text: String = lines.iter().map(|line| line.written() + line.ending).collect();
        match parse(&text, &[to]) {
            Ok(other) => {
                // What was a comment before is none of this switch's doing.
                let of_lines = (1u32..).zip(lines).filter(|(_, line)| !line.was_aside());
                let aside = of_lines
                    .filter_map(|(line, left)| left.aside.map(|why| Aside { line, why }))
                    .collect();
                return Ok((Switched { text, aside }, other));
            }
            Err(wrong) => set_aside(&mut lines, scenario, wrong)?,
        }
    }
}

fn line_of<'a>(raw: &'a str, from: &Declaration) -> Line<'a> {
    let body = raw.trim_end_matches(['\r', '\n']);
    let named = body.strip_prefix(ONLY).and_then(|rest| rest.split_once(": "));
    let (of, says) = named.filter(|(of, _)| is_name(of)).unwrap_or((from.name, body));
    let ending = raw.get(body.len()..).unwrap_or("");
    Line { body, ending, of, says: says.to_string(), aside: None }
}

/// Whether a comment could mean a protocol by this.
fn is_name(word: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !word.is_empty() && word.chars().all(fine)
}

/// What a line says of the run of its own protocol, and of no other: why it is set aside although
/// its words are known.
fn claim(kind: &Kind, mended: bool) -> Option<&'static str> {
    let property = match kind {
        Kind::At { action: Action::Say(..), .. } | Kind::When { then: Action::Say(..), .. } => {
            return Some("It tells of the other protocol's run.");
        }
        Kind::Expect(Expectation::Violated(..)) => {
            return mended.then_some("The mistake that breaks it is not there.");
        }
        Kind::Expect(
            Expectation::Finally(property)
            | Expectation::At(property, _)
            | Expectation::Within(property, ..),
        )
        | Kind::Always(property)
        | Kind::Never(property) => property,
        _ => return None,
    };
    let own = match property {
        Property::Field { field, .. } => field != "status",
        other => matches!(other, Property::Leader(Some(_)) | Property::Committed(_)),
    };
    own.then_some("It says what the other protocol's servers are, have or know.")
}

/// The lines of which the other protocol complains become comments: first those that were
/// comments before, since a line may only be wrong beside one of them.
fn set_aside(
    lines: &mut [Line],
    scenario: &Scenario,
    wrong: Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let place = |diagnostic: &Diagnostic| diagnostic.line.saturating_sub(1) as usize;
    let was_aside = |k: usize| lines.get(k).is_some_and(Line::was_aside);
    let before = wrong.iter().any(|diagnostic| was_aside(place(diagnostic)));
    let chosen: Vec<bool> = wrong.iter().map(|d| !before || was_aside(place(d))).collect();
    for (diagnostic, _) in wrong.iter().zip(chosen).filter(|(_, chosen)| *chosen) {
        let k = place(diagnostic);
        let kind = scenario.statements.get(k).map(|statement| &statement.kind);
        let needed = matches!(kind, Some(Kind::Protocol { .. } | Kind::Nodes(_)));
        match lines.get_mut(k) {
            Some(line) if !needed => {
                line.aside.get_or_insert_with(|| sentence(&diagnostic.message));
            }
            _ => return Err(wrong),
        }
    }
    Ok(())
}

/// What a complaint says, to be read by itself.
fn sentence(message: &str) -> String {
    let mut rest = message.chars();
    let first = rest.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(rest).collect()
}

/// The line that names the protocol, with the other's name, and whether mistakes were left out.
/// Those that the other does not have stand behind it in a comment, `# only raft: with bug x`,
/// and those that such a comment has kept for it come back.
fn protocol_line(
    body: &str,
    bugs: &[String],
    from: &Declaration,
    to: &Declaration,
) -> (String, bool) {
    let tokens = lex(1, body).map(|lexed| lexed.tokens).unwrap_or_default();
    let (Some(name), Some(last)) = (tokens.get(1), tokens.last()) else {
        return (body.to_string(), false);
    };
    let part = |from: usize, to: usize| body.get(from..to).unwrap_or("");
    let (tail, mut notes) = notes_of(part(last.end(), body.len()));
    let restored = notes.iter().position(|(of, _)| *of == to.name).map(|k| notes.remove(k).1);
    let known = |bug: &&str| to.bugs.iter().any(|known| known.name == *bug);
    let (kept, gone): (Vec<&str>, Vec<&str>) = bugs.iter().map(String::as_str).partition(known);
    let as_written = part(name.end(), last.end());
    let gone_as = if kept.is_empty() { as_written.to_string() } else { with_bugs(&gone) };
    let with = match (restored, gone.is_empty()) {
        (None, true) => as_written.to_string(),
        (Some(restored), _) if kept.is_empty() => restored,
        (restored, _) => {
            let more = restored.as_deref().unwrap_or("").trim_start_matches(WITH);
            let more = more.trim_start_matches('s').split(',');
            let more = more.map(str::trim).filter(|bug| !bug.is_empty() && !kept.contains(bug));
            let all: Vec<&str> = kept.iter().copied().chain(more).collect();
            with_bugs(&all)
        }
    };
    let mended = !gone.is_empty();
    if mended {
        notes.push((from.name, gone_as));
    }
    let mut line = format!("{}{}{with}{tail}", part(0, name.start), to.name);
    for (of, bugs) in notes {
        line += &format!(" {ONLY}{of}:{bugs}");
    }
    (line, mended)
}

fn with_bugs(bugs: &[&str]) -> String {
    if bugs.is_empty() { String::new() } else { format!("{WITH} {}", bugs.join(", ")) }
}

/// What stands behind a protocol's line: its own part, and what comments keep for others.
fn notes_of(tail: &str) -> (&str, Vec<(&str, String)>) {
    let mut pieces = tail.split(" # only ");
    let own = pieces.next().unwrap_or("");
    let mut notes = Vec::new();
    for piece in pieces {
        match piece.split_once(':') {
            Some((of, bugs)) if is_name(of) && bugs.starts_with(WITH) => {
                notes.push((of, bugs.to_string()));
            }
            // It only looks like one of these: the comment is the author's own.
            _ => return (tail, Vec::new()),
        }
    }
    (own, notes)
}

#[cfg(test)]
mod tests {
    use super::super::sample::RAFT;
    use super::*;
    use crate::declare::{Beyond, Bug, FaultModel, MessageKind, Sign};

    /// Knows little of what `RAFT` knows, and a mistake of its own.
    const OTHER: Declaration = Declaration {
        bugs: &[Bug { name: "hasty", rule: 1, repair: "", about: "", source: "" }],
        nodes: (2, 9),
        ..Declaration::minimal("other", &[MessageKind { name: "ask", sign: Sign::Ask, label: "" }])
    };

    fn there(text: &str) -> Switched {
        switch(text, &RAFT, &OTHER).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"))
    }

    fn back(text: &str) -> String {
        switch(text, &OTHER, &RAFT).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}")).text
    }

    #[test]
    fn what_the_other_has_no_word_for_is_a_comment_and_comes_back() {
        let text = "scenario \"A\"\r\nprotocol  raft with bug forget-vote # why\n\tset heartbeat 80ms\n\
                    client c1 every 100ms put x\nlog n1 1\ndrop n1->n2 append #4 # not this\n\
                    at 1s crash n1\nat 2s say \"Look.\"\nwhen vote: crash n2\n\
                    expect linearizable\nexpect one leader per term\nexpect n1 term 2 at 1s\n\
                    expect leader\nexpect violated linearizable\nend 4s";
        let switched = there(text);
        let expected = "scenario \"A\"\r\nprotocol  other # why # only raft: with bug forget-vote\n\
                        # only raft: \tset heartbeat 80ms\nclient c1 every 100ms put x\n\
                        # only raft: log n1 1\n# only raft: drop n1->n2 append #4 # not this\n\
                        at 1s crash n1\n# only raft: at 2s say \"Look.\"\n\
                        # only raft: when vote: crash n2\nexpect linearizable\n\
                        # only raft: expect one leader per term\n\
                        # only raft: expect n1 term 2 at 1s\nexpect leader\n\
                        # only raft: expect violated linearizable\nend 4s";
        assert_eq!(switched.text, expected);
        let why: Vec<(u32, &str)> =
            switched.aside.iter().map(|aside| (aside.line, aside.why.as_str())).collect();
        assert_eq!(why[0], (3, "No parameter is called “heartbeat”."));
        assert_eq!(why[1], (5, "Other starts without logs."));
        assert_eq!(why.len(), 8);
        assert_eq!(back(&switched.text), text);
        assert_eq!(switch(text, &RAFT, &RAFT).map(|same| same.text), Ok(text.to_string()));
    }

    #[test]
    fn mistakes_wait_in_a_comment() {
        let text = "protocol raft with bugs forget-vote,forget-term\n";
        let other = "protocol other # only raft: with bugs forget-vote,forget-term\n";
        assert_eq!(there(text).text, other);
        assert_eq!(back(other), text);
        let both = "protocol other with bug hasty # only raft: with bug forget-vote\n";
        let text = "protocol raft with bug forget-vote # only other: with bug hasty\n";
        assert_eq!(back(both), text);
        assert_eq!(there(text).text, both);
        let own = "protocol raft # only other: things\n";
        assert_eq!(there(own).text, own.replace("raft", "other"), "an author's comment");
    }

    #[test]
    fn a_comment_that_no_protocol_can_read_stays() {
        let text = "protocol raft\n# only raft: a story\n# only others: at 1s crash n1\n";
        let other = "protocol other\n# only raft: a story\nat 1s crash n1\n";
        assert_eq!(there(text).text, other, "whoever can read a line takes it");
        assert_eq!(back(other), "protocol raft\n# only raft: a story\nat 1s crash n1\n");
    }

    #[test]
    fn it_must_be_possible_at_all() {
        let wrong = switch("protocol raft\nnodes 1\n", &RAFT, &OTHER).expect_err("too few");
        assert_eq!(wrong[0].message, "other does not run on 1 nodes.");
        assert!(switch("protocol raft\nnonsense\n", &RAFT, &OTHER).is_err());
    }

    #[test]
    fn chaos_is_the_same_even_where_the_other_tolerates_less() {
        const FRAIL: Declaration = Declaration {
            faults: FaultModel {
                beyond: &[Beyond { fault: "crash", because: "", given: &[] }],
                live_while: "",
            },
            ..OTHER
        };
        let text = "protocol raft\nchaos intensity=9 crash\nend 4s\n";
        let lines = |text: &str| text.lines().filter(|line| line.starts_with("at ")).count();
        assert_eq!(lines(&there(text).text), 0);
        let frail = switch(text, &RAFT, &FRAIL).expect("it can be read").text;
        assert!(lines(&frail) > 5, "{frail}");
        assert!(frail.contains("# chaos intensity=9 crash"));
        let drawn = parse(text, &[&RAFT]).map(|scenario| expand(&scenario, &RAFT).len());
        assert_eq!(Ok(lines(&frail)), drawn);
    }
}
