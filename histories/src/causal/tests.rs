//! Logs as ShiViz reads them, and what it does not say of them.

use super::{Options, Report, causal};
use crate::formats::Unreadable;

/// Two hosts, a message each way, then both go on.
const LOG: &str = "\
begin
a {\"a\": 1, \"b\": 0}
hear
b {\"a\":1,\"b\":1}
answer
b {\"a\":1,\"b\":2}
hear too
a {\"a\":2,\"b\":2}
alone
b {\"a\":1,\"b\":3}
";

#[track_caller]
fn told(text: &str, options: &Options) -> Report {
    causal(text, options).unwrap()
}

#[track_caller]
fn unreadable(text: &str, line: usize, reason: &str) {
    assert_eq!(causal(text, &Options::default()), Err(Unreadable::new(line, reason)));
}

fn asking(a: &str, b: &str) -> Options {
    Options { relation: Some((a.to_string(), b.to_string())), ..Options::default() }
}

#[test]
fn shiviz_default_and_its_numbers() {
    let report = told(LOG, &Options::default());
    let hosts: Vec<_> = report.hosts.iter().map(|it| (it.name.as_str(), it.events)).collect();
    assert_eq!((report.events, hosts), (5, vec![("a", 2), ("b", 3)]));
    assert_eq!((report.edges, report.pairs, report.concurrent), (2, 10, 1));
    assert!(report.warnings.is_empty() && report.unmatched_lines == 0);
    let relation = |a, b| told(LOG, &asking(a, b)).relation.unwrap().relation;
    assert_eq!(relation("a#1", "b#3"), "before");
    assert_eq!(relation("a#2", "b#1"), "after");
    assert_eq!(relation("a#2", "b#3"), "concurrent");
    assert_eq!(relation("b#2", "b#2"), "same");
}

#[test]
fn an_edge_is_drawn_from_the_nearest_only() {
    // c hears of a through b: one edge, from b.
    let log = "x\na {\"a\":1}\nx\nb {\"a\":1,\"b\":1}\nx\nc {\"a\":1,\"b\":1,\"c\":1}\n";
    assert_eq!(told(log, &Options::default()).edges, 2);
    // Clocks that do not say what b knew: ShiViz draws the same two, and so is it told.
    let lost = log.replace("c {\"a\":1,", "c {");
    let report = told(&lost, &Options::default());
    assert_eq!((report.edges, report.concurrent, report.warnings_total), (2, 0, 1));
    let warning = &report.warnings[0];
    assert_eq!(warning.line, 6);
    assert_eq!(
        warning.reason,
        "the clock of c#1 counts 0 of a, but what it counts knows of 1: it has forgotten what it \
         must know"
    );
}

#[test]
fn a_file_carries_its_parser_and_its_delimiter() {
    let file = "(?<host>\\w+) (?<date>[^ ]+) (?<clock>{.*}) (?<event>.*)\r\n\
        =+ (?<trace>\\w*) =+\r\n\
        == one ==\r\n\
        a now {\"a\":1} x\r\n\
        what is this\r\n\
        a now {\"a\":2} y\r\n\
        == two ==\r\n\
        c now {\\\"c\\\":1} z\r\n";
    let report = told(file, &Options::default());
    assert_eq!((report.execution.as_str(), report.events, report.unmatched_lines), ("one", 2, 1));
    assert_eq!(report.executions, ["one", "two"]);
    assert_eq!((report.warnings[0].line, report.warnings_total), (5, 1));
    let two = Options { execution: Some("two".to_string()), ..Options::default() };
    assert_eq!(told(file, &two).events, 1);
    let again = file.replace("two", "one");
    unreadable(&again, 7, "two executions are called \"one\"; a label says which is meant");
    let wrong = file.replace("=+ (?", "=+ ((?");
    unreadable(&wrong, 2, "the delimiter: unclosed group");
}

#[test]
fn options_stand_in_for_the_first_lines() {
    let options = Options {
        parser: Some(r"(?<host>\w+) (?<clock>{.*}) (?<event>.*)".to_string()),
        delimiter: Some("^---$".to_string()),
        ..Options::default()
    };
    let log = "\n a {\"a\":1} x\n---\nb {\"b\":1} y\n---\n\n";
    let report = told(log, &options);
    assert_eq!(report.executions, ["", "1"]);
    assert_eq!(report.events, 1);
    let bare = Options { parser: Some("(?<host>.)(?<clock>.)".to_string()), ..options };
    let wrong = causal(log, &bare).unwrap_err();
    assert_eq!(wrong.reason, "the parser: it has no group (?<event>...)");
}

#[test]
fn what_is_wrong_is_named_with_host_and_line() {
    let swap = |from: &str, to: &str| LOG.replacen(from, to, 1);
    unreadable("", 1, "there is no log, only white space");
    unreadable("a\nb\n", 1, "the parser matches nothing here: it must fit the log");
    unreadable(
        &swap("{\"a\": 1, \"b\": 0}", "{\"a\": 1, }"),
        2,
        "\"{\\\"a\\\": 1, }\" is no clock: that is JSON like {\"a\": 1}",
    );
    unreadable(&swap("\"b\":2", "\"b\":-2"), 6, "the clock says -2 for \"b\", which is no count");
    unreadable(
        &swap("b {\"a\":1,\"b\":1}", "c {\"a\":1,\"b\":1}"),
        4,
        "the clock of an event of host \"c\" does not count \"c\"",
    );
    unreadable(
        &swap("\"b\":2}\nhear", "\"b\":1}\nhear"),
        6,
        "host \"b\" counts 1 twice; each event is one more",
    );
    unreadable(
        &swap("\"b\":3", "\"b\":4"),
        10,
        "host \"b\" counts 4 here, but no event of it counts 3",
    );
    unreadable(
        &swap("\"b\": 0", "\"c\": 1"),
        2,
        "the clock of host \"a\" counts \"c\", a host without events",
    );
    unreadable(
        &swap("\"b\": 0", "\"b\": 9"),
        2,
        "the clock of host \"a\" counts 9 events of \"b\", which has 3",
    );
    unreadable(
        &swap("\"b\": 0", "\"b\": 1"),
        2,
        "the clocks run in a circle: a#1 counts an event that counts it",
    );
    let no_event = causal(LOG, &asking("a#1", "a#9")).unwrap_err();
    assert!(no_event.reason.starts_with("there is no event a#9; they are called host#1"));
}
