//! What the operations of a history mean, and the verdict on them. Which model has which
//! functions is said here; each way to judge has a file of its own. What holds is decided in the
//! core.

mod calls;
mod consistency;
mod guess;
mod keyed;
mod objects;
mod tallies;
mod transactions;
mod views;

pub use calls::{Call, Ending};
pub use consistency::Consistency;
pub use objects::words;

use crate::case::{Case, Settled};
use crate::formats::{Event, Format, Unreadable};
use happens_before::check::linear::{Budget, Value};

/// What a history is judged against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Model {
    /// read, write; with values [key value] one register for each key.
    Register,
    /// read, write, cas; nil at first; keyed likewise.
    CasRegister,
    /// txn of several [:read key value] and [:write key value] at once.
    MultiRegister,
    /// get, put, append, cas of keys; each holds the empty string at first.
    Kv,
    /// enqueue, dequeue; first in, first out.
    Queue,
    /// enqueue, dequeue, drain: whether all that went in came out.
    TotalQueue,
    /// push, pop.
    Stack,
    /// add, read: whether the last read has all that was added; remove, contains.
    Set,
    /// add (or broadcast), read: when each element was seen and when not.
    SetFull,
    /// add, read of a number that only grows.
    Counter,
    /// generate: whether no id is handed out twice.
    UniqueIds,
    /// acquire, release.
    Mutex,
    /// txn of `[:append key value]` and `[:r key [values]]`.
    ListAppend,
    /// txn of `[:w key value]` and `[:r key value]`.
    RwRegister,
}

impl Model {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Model::Register => "register",
            Model::CasRegister => "cas-register",
            Model::MultiRegister => "multi-register",
            Model::Kv => "kv",
            Model::Queue => "queue",
            Model::TotalQueue => "total-queue",
            Model::Stack => "stack",
            Model::Set => "set",
            Model::SetFull => "set-full",
            Model::Counter => "counter",
            Model::UniqueIds => "unique-ids",
            Model::Mutex => "mutex",
            Model::ListAppend => "list-append",
            Model::RwRegister => "rw-register",
        }
    }

    /// What its operations look like.
    fn functions(self) -> &'static str {
        match self {
            Model::Register => "read, write value",
            Model::CasRegister => "read, write value, cas [old new]",
            Model::MultiRegister => "txn [[:read key nil] [:write key value]]",
            Model::Kv => "get, put value, append value, cas [old new], with a key",
            Model::Queue => "enqueue value, dequeue",
            Model::TotalQueue => "enqueue value, dequeue, drain",
            Model::Stack => "push value, pop",
            Model::Set => "add value, read; remove value, contains value",
            Model::SetFull => "add value or broadcast value, read",
            Model::Counter => "add number, read",
            Model::UniqueIds => "generate",
            Model::Mutex => "acquire, release",
            Model::ListAppend => "txn [[:append key number] [:r key [numbers]]]",
            Model::RwRegister => "txn [[:w key number] [:r key number]]",
        }
    }

    /// Whether it has something that it holds at first and that can be told.
    pub fn has_start(self) -> bool {
        matches!(self, Model::Register | Model::CasRegister | Model::Kv)
    }

    /// Whether histories of this model can be judged so.
    fn knows(self, consistency: Consistency) -> bool {
        let plain = matches!(self, Model::Register | Model::CasRegister | Model::Kv);
        let transactions = matches!(self, Model::ListAppend | Model::RwRegister);
        let counted = matches!(
            self,
            Model::TotalQueue | Model::Set | Model::SetFull | Model::Counter | Model::UniqueIds
        );
        match consistency {
            Consistency::Linearizable => {
                matches!(self, Model::Set | Model::SetFull) || !transactions && !counted
            }
            Consistency::Views(_) => plain,
            Consistency::Isolation(_) => transactions,
            Consistency::Tally => counted,
        }
    }
}

/// What a judge is asked.
pub struct Question<'a> {
    pub format: Format,
    pub model: Model,
    pub consistency: Consistency,
    /// What a register, or each key, holds at first.
    pub init: &'a Value,
    pub budget: Budget,
}

/// The end of a search, in the words of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub operations: usize,
    pub steps: u64,
    /// Names of what was found, as the literature has them, whether or not it matters here.
    pub anomalies: Vec<String>,
    /// Consistency models that this history cannot have come from.
    pub ruled_out: Vec<String>,
    /// What there is to say beyond one sentence, a line each.
    pub explanation: Vec<String>,
    /// What nobody said and was taken for true, a phrase each.
    pub assumed: Vec<String>,
}

/// What a judge says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, because.
    Holds(String),
    /// It holds, as no result says anything.
    #[default]
    NothingToCheck,
    /// It is not known, because.
    Unknown(String),
    Violated(Found),
}

/// A violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Line or index of the first return that nothing explains, if there is one such return.
    pub at: Option<u64>,
    /// Whether that is known to be the first of all keys.
    pub first: bool,
    pub sentence: String,
    /// Lines or indexes of the returns (of open ones: the calls) that are bad already.
    pub shrunk: Vec<u64>,
}

/// Operations that can be judged.
pub struct Opened {
    /// All of them.
    pub calls: Vec<Call>,
    /// Which of them the case is about, in its order; none where it has nothing to show.
    pub judged: Vec<usize>,
    /// What has to be decided.
    pub case: Box<dyn Case>,
}

/// Prepares to judge events.
///
/// # Errors
/// If they make no operations, if the model does not know one of those, or if it cannot be
/// judged so.
pub fn open(events: Vec<Event>, question: &Question) -> Result<Opened, Unreadable> {
    let Question { model, consistency, .. } = *question;
    if !model.knows(consistency) {
        let known: Vec<String> =
            Consistency::all().filter(|it| model.knows(*it)).map(Consistency::name).collect();
        let (model, asked, known) = (model.name(), consistency.name(), known.join(", "));
        let reason = format!("{model} is not judged as {asked}, but as {known}");
        return Err(Unreadable::new(1, reason));
    }
    let calls = calls::pair(events)?;
    let judgement = match consistency {
        Consistency::Linearizable if model != Model::SetFull => {
            return objects::open(calls, question);
        }
        Consistency::Views(wanted) => views::judge(&calls, question, wanted),
        Consistency::Isolation(wanted) => transactions::judge(&calls, question, wanted),
        Consistency::Linearizable | Consistency::Tally => tallies::judge(&calls, question),
    }?;
    Ok(Opened { calls, judged: Vec::new(), case: Box::new(Settled(judgement)) })
}
