//! The words of the language itself, each with its form: what diagnostics offer
//! and the reference lists. Never a word of a protocol; those are declared.

use super::ast::{ChaosKind, Name, Selector};
use crate::declare::{Check, Declaration, EventKind, WORLD_EVENTS};
use alloc::string::String;
use alloc::vec::Vec;

/// A word that begins a line or an action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub word: &'static str,
    /// How it is used; what stands in capitals is to be filled in.
    pub form: &'static str,
}

const fn form(word: &'static str, form: &'static str) -> Form {
    Form { word, form }
}

/// What a line can begin with.
pub(super) const STATEMENTS: &[Form] = &[
    form("scenario", "scenario \"TITLE\""),
    form("protocol", "protocol NAME with bug A, B"),
    form("nodes", "nodes 5"),
    form("seed", "seed 42"),
    form("latency", "latency 20ms..40ms"),
    form("loss", "loss 1%"),
    form("duplicate", "duplicate 2%"),
    form("reorder", "reorder 5%"),
    form("bandwidth", "bandwidth 100KB/s"),
    form("order", "order fifo"),
    form("disk", "disk 1ms..3ms"),
    form("timing", "timing synchronous 50ms"),
    form("failures", "failures crash-stop"),
    form("set", "set PARAMETER 75ms"),
    form("client", "client c1 at n3 every 100ms OPERATION or OPERATION"),
    form("log", "log n1 1 1 4"),
    form("at", "at 900ms ACTION"),
    form("when", "when EVENT of n1 again by 2s: ACTION"),
    form("drop", "drop n3->n1 MESSAGE #4"),
    form("hold", "hold n3->n1 MESSAGE #4"),
    form("delay", "delay n3->n1 MESSAGE #4 by 50ms"),
    form("chaos", "chaos intensity=5 crash partition pause clock disk link"),
    form("expect", "expect PROPERTY at 2s"),
    form("always", "always PROPERTY"),
    form("never", "never PROPERTY"),
    form("end", "end 4s"),
];

/// What an action can begin with, besides a client's name.
pub(super) const ACTIONS: &[Form] = &[
    form("crash", "crash n3"),
    form("kill", "kill n3"),
    form("restart", "restart n3"),
    form("pause", "pause n3 for 300ms"),
    form("suspend", "suspend n3 for 300ms"),
    form("resume", "resume n3"),
    form("slow", "slow n3 by 5ms for 2s"),
    form("wipe", "wipe n3"),
    form("disk", "disk n3 lies"),
    form("cut", "cut n1--n2"),
    form("heal", "heal"),
    form("partition", "partition n1 n2 | n3 n4 n5"),
    form("clog", "clog n1->n2 for 2s"),
    form("drift", "drift n2 500ppm"),
    form("step", "step n2 by -5s"),
    form("slew", "slew n2 by 20ms"),
    form("timeout", "timeout n3"),
    form("tell", "tell n3 ORDER"),
    form("adversary", "adversary within 200ms"),
    form("drop", "drop n3->n1 MESSAGE #4"),
    form("hold", "hold n3->n1 MESSAGE #4"),
    form("deliver", "deliver n3->n1 MESSAGE #4"),
    form("delay", "delay n3->n1 MESSAGE #4 by 50ms"),
    form("duplicate", "duplicate n3->n1 MESSAGE #4"),
    form("latency", "latency 20ms..40ms"),
    form("loss", "loss 1%"),
    form("reorder", "reorder 5%"),
    form("bandwidth", "bandwidth 100KB/s"),
    form("order", "order fifo"),
    form("say", "say \"CAPTION\" \"WHAT STANDS UNDER IT\""),
];

/// Words that stand for nodes.
pub(super) const SELECTORS: &[(&str, Selector)] = &[
    ("leader", Selector::Leader),
    ("old-leader", Selector::OldLeader),
    ("follower", Selector::Follower),
    ("majority", Selector::Majority),
    ("random", Selector::Random),
    ("all", Selector::All),
];

/// Kinds of fault that `chaos` can draw from.
pub const CHAOS: &[(&str, ChaosKind)] = &[
    ("crash", ChaosKind::Crash),
    ("partition", ChaosKind::Partition),
    ("pause", ChaosKind::Pause),
    ("clock", ChaosKind::Clock),
    ("disk", ChaosKind::Disk),
    ("link", ChaosKind::Link),
];

/// The words of a table.
pub(super) fn heads(forms: &[Form]) -> Vec<&'static str> {
    forms.iter().map(|form| form.word).collect()
}

/// The form of a word, or nothing.
pub(super) fn form_of(forms: &[Form], word: &str) -> &'static str {
    forms.iter().find(|form| form.word == word).map_or("", |form| form.form)
}

/// `n3` as a name: a small letter and a number from 1 without leading zeros.
pub fn name(word: &str) -> Option<Name> {
    let mut rest = word.chars();
    let prefix = rest.next().filter(char::is_ascii_lowercase)?;
    let digits = rest.as_str();
    if digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().map(|number| Name { prefix, number })
}

/// A check's plain name as a text writes it: small letters, no signs.
pub fn check_words(plain: &str) -> String {
    let mut out = String::new();
    for word in plain.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'') {
        if !word.is_empty() {
            out.extend((!out.is_empty()).then_some(' '));
            out.push_str(&word.to_ascii_lowercase());
        }
    }
    out
}

/// The word for the check of clients' histories, whatever its plain name.
pub const LINEARIZABLE: &str = "linearizable";

/// Which declared check a text means; `check` indexes `Declaration::checks`.
pub fn check_index(declaration: &Declaration, name: &str) -> Option<usize> {
    let meant = |check: &Check| {
        check_words(check.plain) == name
            || name == LINEARIZABLE && check_words(check.formal) == LINEARIZABLE
    };
    declaration.checks.iter().position(meant)
}

/// The event that a text means: one of the protocol's or of the world's.
pub fn event(declaration: &Declaration, name: &str) -> Option<&'static EventKind> {
    declaration.events.iter().chain(WORLD_EVENTS).find(|event| event.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name("n3"), Some(Name { prefix: 'n', number: 3 }));
        assert_eq!(name("c65535"), Some(Name { prefix: 'c', number: 65535 }));
        for wrong in ["", "n", "n0", "n03", "N3", "3", "n65536", "n-1", "n+1", "node3", "é1"] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn check_names_in_a_text() {
        assert_eq!(check_words("Same index, same term: same log"), "same index same term same log");
    }
}
