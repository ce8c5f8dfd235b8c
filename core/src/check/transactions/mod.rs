//! Histories of transactions, judged after the manner of Elle (Kingsbury and Alvaro, "Elle:
//! Inferring Isolation Anomalies from Experimental Observations", VLDB 2020): what was read tells
//! in which order versions were installed, that order gives the dependencies of Adya's thesis
//! (1999), and a cycle of dependencies is an anomaly with a name. Never looks at how the history
//! came about. What it finds is there; what it does not find it may have had no way to see.

mod cycles;
mod graph;
mod lists;
mod models;
mod order;
mod registers;
#[cfg(test)]
mod tests;
mod validate;
mod words;

pub use cycles::{Because, Step};
pub use models::{Anomaly, Model, Order, Shape, weakest};
pub use validate::{Broken, Rule};

use alloc::string::String;
use alloc::vec::Vec;

/// One micro-operation of a transaction. Of a transaction that is not known to have committed
/// only the writes count: what it read is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds a value to the end of a key's list.
    Append {
        /// Which list.
        key: u32,
        /// What is added; nobody else adds the same to this list.
        value: i64,
    },
    /// Reads a key's whole list.
    List {
        /// Which list.
        key: u32,
        /// What it held; nothing yet is empty.
        values: Vec<i64>,
    },
    /// Sets a register.
    Write {
        /// Which register.
        key: u32,
        /// Its new value; nobody else writes the same to this register.
        value: i64,
    },
    /// Reads a register.
    Read {
        /// Which register.
        key: u32,
        /// What it held; `None` if nothing was written yet.
        value: Option<i64>,
    },
}

impl Op {
    /// The key it touches.
    pub fn key(&self) -> u32 {
        match self {
            Op::Append { key, .. }
            | Op::List { key, .. }
            | Op::Write { key, .. }
            | Op::Read { key, .. } => *key,
        }
    }

    /// What it writes or appends.
    fn written(&self) -> Option<i64> {
        match self {
            Op::Append { value, .. } | Op::Write { value, .. } => Some(*value),
            Op::List { .. } | Op::Read { .. } => None,
        }
    }
}

/// How a transaction ended, as its client knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It committed.
    Ok,
    /// It did not happen.
    Fail,
    /// Nobody knows: it may have happened, or happen later.
    Info,
}

/// One transaction of one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Which client process; it does one thing after another.
    pub process: u64,
    /// Place of its call in the history.
    pub called: u64,
    /// Place of its return; without meaning if the outcome is [`Outcome::Info`]. A return and a
    /// call at the same place are concurrent.
    pub returned: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// What it did, in its own order.
    pub ops: Vec<Op>,
}

/// A whole history. The sentences name its transactions T1, T2 and so on in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// All transactions, in any order.
    pub transactions: Vec<Transaction>,
    /// Names of keys by their numbers; a key without one is called by its number.
    pub keys: Vec<String>,
}

/// One anomaly that is in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub anomaly: Anomaly,
    /// The transactions concerned, by place in the history; those of a cycle in its order.
    pub transactions: Vec<u32>,
    /// The cycle, if it is one.
    pub cycle: Vec<Step>,
    /// What is wrong in plain words, a sentence a line; for a cycle, one for each of its edges.
    pub lines: Vec<String>,
}

/// What a history shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Examples of every anomaly found, at most [`EXAMPLES_MAX`] of each kind; of each kind of
    /// cycle, one that is shortest as far as the search went.
    pub findings: Vec<Finding>,
    /// How often each kind was found; cycles are not counted, only found.
    pub counts: Vec<(Anomaly, usize)>,
    /// Models that this history cannot have come from, in the order of [`Model`].
    pub ruled_out: Vec<Model>,
    /// Kinds of cycle whose absence was not made sure of within the budget.
    pub undecided: Vec<Anomaly>,
    /// Transactions that are known to have committed.
    pub committed: usize,
    /// Reads that tell something: 0 means that nothing was checked.
    pub reads: usize,
    /// Dependencies drawn.
    pub edges: usize,
}

impl Report {
    /// Whether this model is not ruled out.
    pub fn allows(&self, model: Model) -> bool {
        !self.ruled_out.contains(&model)
    }

    /// Whether a kind of cycle that was not looked for to the end would rule this model out.
    pub fn undecided_about(&self, model: Model) -> bool {
        models::ruled_out(self.undecided.iter().copied()).contains(&model)
    }

    /// The first example of an anomaly.
    pub fn finding(&self, anomaly: Anomaly) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.anomaly == anomaly)
    }
}

/// How many examples of one kind of anomaly a report holds at most.
pub const EXAMPLES_MAX: usize = 8;

/// Judges a history. Errors: the first rule of the input that it breaks; nothing can be inferred
/// from such a history.
///
/// For lists, [`Model::Serializable`], [`Model::StrongSessionSerializable`] and
/// [`Model::StrictSerializable`] are ruled out exactly if no order of the transactions explains
/// every read. For registers less is known about the order of versions: that the first value
/// comes first, and that who reads a value and then writes comes after it.
pub fn check(history: &History) -> Result<Report, Broken> {
    let writes = validate::validate(history)?;
    let mut notes = Notes::default();
    let mut graph = graph::Graph::new(history.transactions.len());
    let seen = validate::observed(history, &writes);
    let lists = lists::infer(history, &writes, &seen, &mut graph, &mut notes);
    let registers = registers::infer(history, &writes, &seen, &mut graph, &mut notes);
    let edges = graph.edges();
    order::processes(history, &seen, &mut graph);
    order::real_time(history, &seen, &mut graph);
    let found = cycles::search(&graph.finish());
    for cycle in found.cycles {
        let lines = words::cycle(history, &cycle.steps);
        let transactions = cycle.steps.iter().map(|step| step.from).collect();
        notes.add(Finding { anomaly: cycle.anomaly, transactions, cycle: cycle.steps, lines });
    }
    let ruled_out = models::ruled_out(notes.counts.iter().map(|(anomaly, _)| *anomaly));
    Ok(Report {
        findings: notes.findings,
        counts: notes.counts,
        ruled_out,
        undecided: found.undecided,
        committed: seen.committed.iter().filter(|committed| **committed).count(),
        reads: lists + registers,
        edges,
    })
}

/// Findings as they are made.
#[derive(Default)]
struct Notes {
    findings: Vec<Finding>,
    counts: Vec<(Anomaly, usize)>,
}

impl Notes {
    fn add(&mut self, finding: Finding) {
        if self.count(finding.anomaly) <= EXAMPLES_MAX {
            self.findings.push(finding);
        }
    }

    /// Counts one more and says how many there are.
    fn count(&mut self, anomaly: Anomaly) -> usize {
        match self.counts.iter_mut().find(|(known, _)| *known == anomaly) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((anomaly, 1));
                1
            }
        }
    }

    /// One that is no cycle. The sentence is made only if it is kept.
    fn note(&mut self, anomaly: Anomaly, transactions: &[u32], line: impl FnOnce() -> String) {
        if self.count(anomaly) <= EXAMPLES_MAX {
            self.findings.push(Finding {
                anomaly,
                transactions: transactions.to_vec(),
                cycle: Vec::new(),
                lines: alloc::vec![line()],
            });
        }
    }
}
