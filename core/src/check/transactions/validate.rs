//! What a history has to keep to so that something can be inferred from it, and who wrote what.

use super::{History, Op, Outcome};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// A rule of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A value is written to a key at most once, by whomever: otherwise nobody knows whose was
    /// read.
    UniqueWrites,
    /// A key is a list or a register, not both.
    OneKind,
    /// A transaction returns after its call.
    ReturnAfterCall,
    /// A process has one transaction at a time.
    OneAtATime,
    /// At most 2³⁰ transactions.
    Size,
}

impl Rule {
    /// The rule in plain words.
    pub fn text(self) -> &'static str {
        match self {
            Rule::UniqueWrites => "each value is written to a key at most once",
            Rule::OneKind => "a key is either a list or a register",
            Rule::ReturnAfterCall => "a transaction returns after its call",
            Rule::OneAtATime => "a process has one transaction at a time",
            Rule::Size => "a history has at most 2^30 transactions",
        }
    }
}

/// A rule of the input that a history breaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which rule.
    pub rule: Rule,
    /// The transactions concerned, by place in the history; twice the same if it is one.
    pub transactions: (u32, u32),
    /// The key concerned, if any.
    pub key: Option<u32>,
    /// The value concerned, if any.
    pub value: Option<i64>,
}

/// One write of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The transaction.
    pub by: u32,
    /// Whether that transaction's last to this key.
    pub last: bool,
}

/// Who wrote what, by key and value.
pub(super) type Writes = BTreeMap<(u32, i64), Written>;

/// What committed transactions saw.
pub(super) struct Observed {
    /// Values that were read.
    pub values: BTreeSet<(u32, i64)>,
    /// Transactions known to have committed: reported so, or of unknown end and seen.
    pub committed: Vec<bool>,
}

/// Who wrote what. Errors: the first rule that is broken.
pub(super) fn validate(history: &History) -> Result<Writes, Broken> {
    let transactions = &history.transactions;
    if transactions.len() > 1 << 30 {
        return Err(broken(Rule::Size, 0, 0));
    }
    let mut writes = Writes::new();
    let mut kinds: BTreeMap<u32, (bool, u32)> = BTreeMap::new();
    for (place, transaction) in transactions.iter().enumerate() {
        let by = place as u32;
        if transaction.outcome != Outcome::Info && transaction.returned < transaction.called {
            return Err(broken(Rule::ReturnAfterCall, by, by));
        }
        let mut newest: BTreeMap<u32, i64> = BTreeMap::new();
        for op in &transaction.ops {
            let key = op.key();
            let is_list = matches!(op, Op::Append { .. } | Op::List { .. });
            let (known, first) = *kinds.entry(key).or_insert((is_list, by));
            if known != is_list {
                return Err(Broken { key: Some(key), ..broken(Rule::OneKind, first, by) });
            }
            let Some(value) = op.written() else { continue };
            if let Some(earlier) = writes.insert((key, value), Written { by, last: true }) {
                let rule = broken(Rule::UniqueWrites, earlier.by, by);
                return Err(Broken { key: Some(key), value: Some(value), ..rule });
            }
            if let Some(older) = newest.insert(key, value)
                && let Some(written) = writes.get_mut(&(key, older))
            {
                written.last = false;
            }
        }
    }
    one_at_a_time(history)?;
    Ok(writes)
}

fn broken(rule: Rule, first: u32, second: u32) -> Broken {
    Broken { rule, transactions: (first, second), key: None, value: None }
}

fn one_at_a_time(history: &History) -> Result<(), Broken> {
    let by_process = by_process(history);
    for pair in by_process.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        let (earlier, later) =
            (&history.transactions[first as usize], &history.transactions[second as usize]);
        let overlaps = earlier.outcome == Outcome::Info || earlier.returned >= later.called;
        if earlier.process == later.process && overlaps {
            return Err(broken(Rule::OneAtATime, first, second));
        }
    }
    Ok(())
}

/// All transactions, process by process, in the order of their calls.
pub(super) fn by_process(history: &History) -> Vec<u32> {
    let mut places: Vec<u32> = (0..history.transactions.len() as u32).collect();
    places.sort_unstable_by_key(|place| {
        let transaction = &history.transactions[*place as usize];
        (transaction.process, transaction.called, *place)
    });
    places
}

/// What was seen, and who has committed therefore.
pub(super) fn observed(history: &History, writes: &Writes) -> Observed {
    let mut values = BTreeSet::new();
    let mut committed: Vec<bool> =
        history.transactions.iter().map(|transaction| transaction.outcome == Outcome::Ok).collect();
    let readers = history.transactions.iter().filter(|reader| reader.outcome == Outcome::Ok);
    for op in readers.flat_map(|reader| &reader.ops) {
        let seen = match op {
            Op::List { values, .. } => values.as_slice(),
            Op::Read { value, .. } => value.as_slice(),
            _ => continue,
        };
        for value in seen {
            let pair = (op.key(), *value);
            if values.insert(pair)
                && let Some(written) = writes.get(&pair)
                && history.transactions[written.by as usize].outcome == Outcome::Info
            {
                committed[written.by as usize] = true;
            }
        }
    }
    Observed { values, committed }
}
