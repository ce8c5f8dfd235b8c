//! Histories of reads and writes of single keys, judged against the models between nothing and
//! sequential consistency. Every written value is unique, so it is known which write a read saw,
//! and then all but sequential consistency can be decided in polynomial time: causal consistency
//! and its two stronger forms by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza ("On
//! Verifying Causal Consistency", POPL 2017), PRAM (Lipton and Sandberg 1988) and the session
//! guarantees (Terry et al. 1994) by what each process could have seen (Brzeziński, Sobaniec and
//! Wawrzyniak, "From session causality to causal consistency", 2004).
//!
//! Here a model is about views: for each process there is one order of all writes and of that
//! process's reads in which each read returns the last value written before it, and which keeps
//!
//! - read your writes: a process's own write before its later reads;
//! - monotonic reads: the order of the process's reads;
//! - monotonic writes: that, and the order of each process's writes;
//! - writes follow reads: that, and each write after the writes its process had read from;
//! - PRAM: the order of each process.
//!
//! Monotonic writes and writes follow reads include the order of the reads because without it
//! they forbid next to nothing that can be seen.

mod converge;
mod graph;
mod patterns;
mod sequential;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub use converge::{Convergence, converged};

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Writes a value; nobody else writes the same to this key.
    Write(i64),
    /// Reads a value; `None` is the initial one.
    Read(Option<i64>),
}

/// One operation on one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    /// Which process; its operations come one after another.
    pub process: u32,
    /// Which key.
    pub key: u32,
    /// What it does.
    pub action: Action,
}

/// A whole history. Reads without an answer and writes that failed are left out; a write of
/// unknown end is the last operation of its process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// All operations; those of one process in its order.
    pub ops: Vec<Op>,
    /// Names of keys by their numbers; a key without one is called by its number.
    pub keys: Vec<String>,
}

/// Two operations that write the same value to the same key: nothing can be inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenTwice {
    /// The two, by place in the history.
    pub ops: (u32, u32),
}

/// A consistency model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// A process sees its own writes.
    ReadYourWrites,
    /// A process sees no older state than before.
    MonotonicReads,
    /// Writes of a process are seen in its order.
    MonotonicWrites,
    /// A write is seen after those that its process had seen.
    WritesFollowReads,
    /// Everybody sees each process's writes in its order; also called FIFO consistency.
    Pram,
    /// CC: what depends on something is seen after it; views may change in retrospect.
    Causal,
    /// CCv: causal, and all agree on the order of conflicting writes: causal convergence.
    CausalConvergence,
    /// CM: causal, and no process changes its view in retrospect: causal memory.
    CausalMemory,
    /// One order explains what all see.
    Sequential,
}

impl Model {
    /// All of them.
    pub const ALL: [Model; 9] = [
        Model::ReadYourWrites,
        Model::MonotonicReads,
        Model::MonotonicWrites,
        Model::WritesFollowReads,
        Model::Pram,
        Model::Causal,
        Model::CausalConvergence,
        Model::CausalMemory,
        Model::Sequential,
    ];

    /// The name in the literature.
    pub fn name(self) -> &'static str {
        match self {
            Model::ReadYourWrites => "read your writes",
            Model::MonotonicReads => "monotonic reads",
            Model::MonotonicWrites => "monotonic writes",
            Model::WritesFollowReads => "writes follow reads",
            Model::Pram => "PRAM",
            Model::Causal => "causal consistency",
            Model::CausalConvergence => "causal convergence",
            Model::CausalMemory => "causal memory",
            Model::Sequential => "sequential consistency",
        }
    }
}

/// Why a model does not hold. The first seven are the bad patterns of Bouajjani et al. 2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// A read of a value that nobody wrote.
    ThinAirRead,
    /// An operation is among its own causes.
    CyclicCO,
    /// A read of the initial value with a write to the key among its causes.
    WriteCOInitRead,
    /// A read of a value with a newer write to the key among its causes.
    WriteCORead,
    /// Conflicting writes that would have to come before each other.
    CyclicCF,
    /// A process that read the initial value after it must have seen a write to the key.
    WriteHBInitRead,
    /// A process that saw writes which would have to come before each other.
    CyclicHB,
    /// No order of one process's view explains its reads.
    NoView,
    /// No single order explains all reads.
    NoOrder,
}

impl Pattern {
    /// The name in the paper, or one in its manner.
    pub fn name(self) -> &'static str {
        match self {
            Pattern::ThinAirRead => "ThinAirRead",
            Pattern::CyclicCO => "CyclicCO",
            Pattern::WriteCOInitRead => "WriteCOInitRead",
            Pattern::WriteCORead => "WriteCORead",
            Pattern::CyclicCF => "CyclicCF",
            Pattern::WriteHBInitRead => "WriteHBInitRead",
            Pattern::CyclicHB => "CyclicHB",
            Pattern::NoView => "NoView",
            Pattern::NoOrder => "NoOrder",
        }
    }
}

/// One reason why a model does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The pattern.
    pub pattern: Pattern,
    /// The operations involved, by place in the history: of a cycle in its order, otherwise the
    /// read last.
    pub ops: Vec<u32>,
    /// The same in a plain sentence.
    pub sentence: String,
}

/// Whether a model holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not.
    Violated(Violation),
    /// The budget ran out.
    Unknown,
}

/// The verdicts on a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// For each model, in the order of [`Model::ALL`].
    pub verdicts: Vec<(Model, Verdict)>,
    /// How many reads there were: with none, nothing was checked.
    pub reads: usize,
}

impl Report {
    /// The verdict on a model.
    pub fn verdict(&self, model: Model) -> &Verdict {
        let found = self.verdicts.iter().find(|(known, _)| *known == model);
        found.map_or(&Verdict::Unknown, |(_, verdict)| verdict)
    }
}

/// Judges a history. `budget` is how many steps each of the models may take, and so how much
/// memory at most; one step is about an edge looked at. Errors: a value written twice.
pub fn check(history: &History, budget: usize) -> Result<Report, WrittenTwice> {
    let facts = Facts::new(history)?;
    let mut verdicts: Vec<(Model, Verdict)> = Vec::new();
    for model in Model::ALL {
        let verdict = match (&facts.thin_air, model) {
            (Some(violation), _) => Verdict::Violated(violation.clone()),
            (None, Model::Causal) => patterns::causal(&facts, budget),
            (None, Model::CausalConvergence) => {
                stronger(&verdicts, Model::Causal, || patterns::convergence(&facts, budget))
            }
            (None, Model::CausalMemory) => {
                stronger(&verdicts, Model::Causal, || view::all(&facts, model, budget))
            }
            // All the others are weaker.
            (None, Model::Sequential) => {
                let broken = |verdict: &Verdict| matches!(verdict, Verdict::Violated(_));
                match verdicts.iter().find(|(_, verdict)| broken(verdict)) {
                    Some((_, verdict)) => verdict.clone(),
                    None => sequential::search(&facts, budget),
                }
            }
            (None, _) => view::all(&facts, model, budget),
        };
        verdicts.push((model, verdict));
    }
    Ok(Report { verdicts, reads: facts.reads })
}

/// What breaks a model breaks a stronger one.
fn stronger(
    verdicts: &[(Model, Verdict)],
    weaker: Model,
    decide: impl FnOnce() -> Verdict,
) -> Verdict {
    match verdicts.iter().find(|(model, _)| *model == weaker) {
        Some((_, Verdict::Violated(violation))) => Verdict::Violated(violation.clone()),
        _ => decide(),
    }
}

/// A history with what follows from it at once.
struct Facts<'h> {
    history: &'h History,
    /// Operations of each process in its order, by number of process.
    processes: Vec<Vec<u32>>,
    /// Which write each read saw; `None` for the initial value, and for writes.
    source: Vec<Option<u32>>,
    reads: usize,
    thin_air: Option<Violation>,
}

impl Facts<'_> {
    fn new(history: &History) -> Result<Facts<'_>, WrittenTwice> {
        let mut by_value: BTreeMap<(u32, i64), u32> = BTreeMap::new();
        let mut processes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (place, op) in history.ops.iter().enumerate() {
            let place = place as u32;
            processes.entry(op.process).or_default().push(place);
            let Action::Write(value) = op.action else { continue };
            if let Some(earlier) = by_value.insert((op.key, value), place) {
                return Err(WrittenTwice { ops: (earlier, place) });
            }
        }
        let mut source = alloc::vec![None; history.ops.len()];
        let (mut thin_air, mut reads) = (None, 0);
        for (place, op) in history.ops.iter().enumerate() {
            let Action::Read(seen) = op.action else { continue };
            reads += 1;
            let Some(value) = seen else { continue };
            source[place] = by_value.get(&(op.key, value)).copied();
            if source[place].is_none() && thin_air.is_none() {
                thin_air = Some(words::thin_air(history, place as u32));
            }
        }
        let processes = processes.into_values().collect();
        Ok(Facts { history, processes, source, reads, thin_air })
    }

    /// Program order and reads-from: the causal order is what these two generate.
    fn causes(&self) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for ops in &self.processes {
            edges.extend(ops.windows(2).map(|pair| (pair[0], pair[1])));
        }
        for (place, source) in self.source.iter().enumerate() {
            edges.extend(source.map(|source| (source, place as u32)));
        }
        edges
    }

    fn op(&self, place: u32) -> &Op {
        &self.history.ops[place as usize]
    }

    fn is_read(&self, place: u32) -> bool {
        matches!(self.op(place).action, Action::Read(_))
    }
}
