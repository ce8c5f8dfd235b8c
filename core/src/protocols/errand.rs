//! What a client asks of a server that keeps nothing for it: an operation whose answer is that
//! it was done. What must hold in such a room its own checks say, not the clients' history.
//! Shared by rooms; knows none.

use crate::machine::{Machine, Text};
use crate::scenario::ast::OperationCall;
use alloc::string::{String, ToString};
use core::fmt::{self, Display};

/// An operation by its word, with what is said by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Errand {
    /// The word in the text.
    pub word: Text,
    /// Its argument, or else a fresh number that tells it from all others.
    pub said: Text,
    /// Whether it takes an argument.
    speaks: bool,
}

impl Errand {
    /// An operation with an argument, if `speaks`; `fresh` stands for one left out.
    pub fn parse(call: &OperationCall, fresh: u64, speaks: bool) -> Errand {
        let said: Option<&String> = call.arguments.first().filter(|_| speaks);
        let said = said.cloned().unwrap_or_else(|| fresh.to_string());
        Errand { word: call.name.as_str().into(), said: said.as_str().into(), speaks }
    }
}

impl Display for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word)?;
        if self.speaks { write!(f, " {}", self.said) } else { Ok(()) }
    }
}

/// It was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Done;

impl Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ok")
    }
}

/// A machine without a state: every history of errands is one of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Errands;

impl Machine for Errands {
    type Command = Errand;
    type Answer = Done;
    fn apply(&mut self, _command: &Errand) -> Done {
        Done
    }
    fn part<'a>(&self, command: &'a Errand) -> &'a str {
        &command.said
    }
}
