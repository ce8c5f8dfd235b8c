//! DDIA's figures 8-4 and 8-5, event for event.

use super::{catalogue, play, told, violated};

const EVENTS: &[&str] = &["grant", "expire", "write", "fence"];

/// Figure 8-4: get lease, ok; pause; lease expired; get lease, ok; write, ok; write, ok: corrupt.
#[test]
fn figure_8_4() {
    let run = play(catalogue("two-holders"));
    assert_eq!(
        told(&run, EVENTS),
        [
            "grant c1 33",
            "pause c1",
            "expire c1 33",
            "grant c2 34",
            "write c2 34",
            "answer c2",
            "resume c1",
            "write c1 33",
            "answer c1",
        ]
    );
    assert_eq!(violated(&run), ["Fenced", "No lost update", "Linearizable"]);
}

/// Figure 8-5: token 33; pause; lease expired; token 34; write with 34, ok; write with 33,
/// rejected. What follows is not in the figure: client 1 starts over.
#[test]
fn figure_8_5() {
    let run = play(catalogue("fencing-tokens"));
    assert_eq!(
        told(&run, EVENTS),
        [
            "grant c1 33",
            "pause c1",
            "expire c1 33",
            "grant c2 34",
            "write c2 34",
            "answer c2",
            "resume c1",
            "fence c1 33",
            "grant c1 35",
            "write c1 35",
            "answer c1",
        ]
    );
    assert!(violated(&run).is_empty());
}

/// The two figures differ by one rule.
#[test]
fn figure_8_4_with_tokens_is_figure_8_5() {
    let mended = catalogue("two-holders").replace(" with bug ignore-tokens", "");
    let until_the_late_write = |text: &str| {
        let mut told = told(&play(text), EVENTS);
        told.truncate(8);
        told
    };
    let figure = until_the_late_write(catalogue("fencing-tokens"));
    assert_eq!(until_the_late_write(&mended), figure);
}
