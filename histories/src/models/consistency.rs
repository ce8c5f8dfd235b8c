//! The conditions under which a history can be asked to be possible, by name.

use happens_before::check::{causal, transactions};
use std::str::FromStr;

/// What a history is asked to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// One order of all operations that respects real time (Herlihy and Wing 1990).
    Linearizable,
    /// Of reads and writes: sequential, causal, PRAM, the guarantees of sessions.
    Views(causal::Model),
    /// Of transactions: from read uncommitted to strict serializable.
    Isolation(transactions::Model),
    /// Nothing lost, doubled, from nowhere or out of bounds, as Jepsen's checkers count it.
    Tally,
}

impl Consistency {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Consistency> {
        let views = causal::Model::ALL.into_iter().rev().map(Consistency::Views);
        let isolation = transactions::Model::ALL.into_iter().rev().map(Consistency::Isolation);
        let others = [Consistency::Linearizable, Consistency::Tally].into_iter();
        others.chain(views).chain(isolation)
    }

    /// In words: snapshot isolation.
    pub fn words(self) -> &'static str {
        match self {
            Consistency::Linearizable => "linearizable",
            Consistency::Views(model) => model.name(),
            Consistency::Isolation(model) => model.name(),
            Consistency::Tally => "tally",
        }
    }

    /// Its name on the command line: snapshot-isolation, causal.
    pub fn name(self) -> String {
        self.words().trim_end_matches(" consistency").to_lowercase().replace(' ', "-")
    }
}

impl FromStr for Consistency {
    type Err = String;

    fn from_str(name: &str) -> Result<Consistency, String> {
        let wanted = name.to_lowercase().replace(['_', ' '], "-");
        Consistency::all().find(|it| it.name() == wanted).ok_or_else(|| {
            let names: Vec<String> = Consistency::all().map(Consistency::name).collect();
            format!("there is no consistency {name}; there is {}", names.join(", "))
        })
    }
}
