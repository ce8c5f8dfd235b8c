//! The shortest text that still fails in the same way: lines are taken out as long as the
//! rest fails, those that a `chaos` line stands for among them.

use happens_before::declare::Declaration;
use happens_before::scenario::{Kind, Statement, expand, parse};

/// Texts that may be tried.
const TRIES: u32 = 2_000;

/// The same run without a `chaos` line: what it draws is written out.
pub fn frozen(text: &str, declaration: &'static Declaration) -> String {
    let Ok(mut scenario) = parse(text, &[declaration]) else { return text.to_string() };
    let drawn = expand(&scenario, declaration);
    scenario.statements.retain(|statement| !matches!(statement.kind, Kind::Chaos(_)));
    let line = |(time_us, action)| Statement { kind: Kind::At { time_us, action }, comment: None };
    scenario.statements.extend(drawn.into_iter().map(line));
    scenario.to_string()
}

/// Takes out lines, many at once at first, while `fails` says that the rest still fails.
pub fn shrink(text: &str, fails: &mut dyn FnMut(&str) -> bool) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut chunk = lines.len().div_ceil(2);
    let mut tries = 0;
    while chunk > 0 && tries < TRIES {
        let mut from = 0;
        let mut shorter = false;
        while from < lines.len() && tries < TRIES {
            let to = (from + chunk).min(lines.len());
            let rest: Vec<&str> = lines[..from].iter().chain(&lines[to..]).copied().collect();
            tries += 1;
            if fails(&(rest.join("\n") + "\n")) {
                lines = rest;
                shorter = true;
            } else {
                from = to;
            }
        }
        if !(shorter && chunk == 1) {
            chunk /= 2;
        }
    }
    lines.join("\n") + "\n"
}
