//! The reference of the scenario language names the words that Raft really declares.

use happens_before::declare::WORLD_EVENTS;
use happens_before::protocols::{DECLARATIONS, find};
use happens_before::scenario::{fenced, parse};

const REFERENCE: &str = include_str!("../../docs/scenario.md");

#[test]
fn its_scenarios_parse() {
    let blocks = fenced(REFERENCE);
    assert!(!blocks.is_empty());
    for (line, text) in blocks {
        if let Err(wrong) = parse(&text, DECLARATIONS) {
            panic!("block at line {line}:\n{}", wrong[0].render(&text, "docs/scenario.md"));
        }
    }
}

#[test]
fn it_names_every_word_of_raft() {
    let raft = find("raft").expect("raft is registered").declaration;
    let messages = raft.messages.iter().map(|message| message.name);
    let events = raft.events.iter().chain(WORLD_EVENTS).map(|event| event.name);
    for word in messages.chain(events) {
        assert!(REFERENCE.contains(&format!("`{word}`")), "{word}");
    }
    for operation in raft.operations {
        assert!(REFERENCE.contains(&format!("`{} KEY", operation.name)), "{}", operation.name);
    }
}
