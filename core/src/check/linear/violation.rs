//! Why a history is not linearizable, in the history's own operations and in one sentence.

use super::history::History;
use super::part::Part;
use super::specification::Specification;
use alloc::string::String;
use alloc::vec::Vec;

/// What a refutation leaves to show. Operations are given as indexes in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation whose return is the first that no linearization reaches.
    pub operation: usize,
    /// When it returned.
    pub time: u64,
    /// Line or index of that return in the source.
    pub source: u64,
    /// Whether it is known that no earlier return of another part is unexplained; if not, the
    /// budget for explanations ran out before that was decided.
    pub first: bool,
    /// Some of the longest partial linearizations of its part: each ends before that return.
    pub longest: Vec<Vec<usize>>,
    /// Few operations, that one among them, that are not linearizable either, even if each of
    /// the others may have happened at any time with any result, or not at all.
    pub shrunk: Vec<usize>,
    /// Why, in one sentence.
    pub sentence: String,
    /// Operations tried until the refutation.
    pub steps: u64,
}

/// The report on a refuted part, but for what shrinking adds.
pub fn report<S: Specification>(
    specification: &S,
    history: &History<S::Input, S::Output>,
    part: &Part<S>,
) -> Option<Violation> {
    let furthest = part.furthest();
    let (time, source, operation) = furthest.blocked?;
    let it = history.operations().get(operation as usize)?;
    let mut sentence = specification.name_input(&it.input);
    sentence.push(' ');
    sentence.push_str(&specification.name_output(it.output()?));
    let states = states(specification, part);
    sentence.push_str(if states.is_empty() {
        // There was no time to look for them.
        "; no order that explains the earlier results permits that"
    } else {
        "; every order that explains the earlier results leaves "
    });
    sentence.push_str(&states);
    let indexes = |way: &Vec<u32>| way.iter().map(|&operation| operation as usize).collect();
    Some(Violation {
        operation: operation as usize,
        time,
        source,
        first: true,
        longest: furthest.ways.iter().map(indexes).collect(),
        shrunk: Vec::new(),
        sentence,
        steps: 0,
    })
}

/// The states that those orders leave, in words.
fn states<S: Specification>(specification: &S, part: &Part<S>) -> String {
    let furthest = part.furthest();
    let mut sentence = String::new();
    let mut names: Vec<String> =
        furthest.states.iter().map(|&state| specification.name_state(part.state(state))).collect();
    names.sort_unstable();
    for (index, name) in names.iter().enumerate() {
        let last = index + 1 == names.len() && !furthest.more_states;
        sentence.push_str(match index {
            0 => "",
            _ if last => " or ",
            _ => ", ",
        });
        sentence.push_str(name);
    }
    if furthest.more_states {
        sentence.push_str(" or other states");
    }
    sentence
}
