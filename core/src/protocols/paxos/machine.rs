//! What clients believe that they talk to: a register that is written once. The first value
//! stays, and every answer is that value.

use crate::chunks::text_weight;
use crate::machine::{Machine, Text};
use core::fmt::{self, Display};

/// "Let this be the value", `propose 7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Propose(pub Text);

impl Display for Propose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "propose {}", self.0)
    }
}

/// The value that was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chosen(pub Text);

impl Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The one decree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decree(Option<Text>);

impl Machine for Decree {
    type Command = Propose;
    type Answer = Chosen;

    fn apply(&mut self, command: &Propose) -> Chosen {
        Chosen(self.0.get_or_insert_with(|| command.0.clone()).clone())
    }

    /// Once written, all that a proposal does is to read.
    fn only_reads(&self, _command: &Propose) -> bool {
        self.0.is_some()
    }

    fn part<'a>(&self, _command: &'a Propose) -> &'a str {
        ""
    }

    fn weight(&self) -> usize {
        self.0.as_ref().map_or(0, |text| text_weight(text))
    }
}
