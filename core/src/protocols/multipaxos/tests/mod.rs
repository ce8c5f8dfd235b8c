//! Multi-Paxos under test: the mistakes, each with its story, what the papers promise as
//! stories, and random runs under any subset of the rules.

mod bugs;
mod stories;

use crate::protocols::testing::violated;
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

/// Lines that a story need not repeat: nobody acts unless a line says so.
const HEADER: &[&str] = &[
    "latency 10ms",
    "disk 1ms",
    "set heartbeat 10s",
    "set election-timeout 30s..60s",
    "set client-timeout 60s",
];

/// Plays a story; what it sets itself stands before the header's.
fn play(protocol: &str, story: &str) -> Run {
    let is_set = |line: &&&str| {
        let mut words = line.split(' ');
        let name = match words.next() {
            Some("set") => alloc::format!("set {}", words.next().unwrap_or_default()),
            other => other.unwrap_or_default().into(),
        };
        !story.contains(&name)
    };
    let header: Vec<&str> = HEADER.iter().filter(is_set).copied().collect();
    let end = if story.contains("\nend ") { "" } else { "\nend 1s" };
    let text: String =
        alloc::format!("protocol multipaxos{protocol}\n{}\n{story}{end}", header.join("\n"));
    let mut run = Run::new(&text).unwrap_or_else(|wrong| panic!("{wrong:#?} in\n{text}"));
    run.finish();
    run
}
