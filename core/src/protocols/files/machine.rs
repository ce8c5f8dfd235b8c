//! Files and names, as the clients of a lock service believe that they see them.

use crate::declare::{Argument, Operation, prose};
use crate::machine::{Machine, Text};
use crate::scenario::ast::OperationCall;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};
use litemap::LiteMap;

/// So many of a file's last edits are shown.
const SHOWN: usize = 4;

/// A file: what its edits have come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct File {
    /// How many edits it has.
    pub edits: u64,
    /// The last ones.
    pub tail: Text,
}

impl File {
    /// Read, changed, to be written back: one edit more.
    #[must_use]
    pub fn edited(&self, value: &str) -> File {
        let mut words: Vec<&str> = self.tail.split(' ').filter(|word| !word.is_empty()).collect();
        words.push(value);
        let tail = words[words.len().saturating_sub(SHOWN)..].join(" ");
        File { edits: self.edits + 1, tail: tail.into() }
    }
}

impl Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = if self.edits > SHOWN as u64 { "… " } else { "" };
        let tail: &str = if self.edits == 0 { "empty" } else { &self.tail };
        write!(f, "{before}{tail}")
    }
}

/// What clients ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Reads a file, adds an edit, writes it back: under its lock.
    Edit(Text, Text),
    /// The same with two files, under both locks, taken in this order.
    Both(Text, Text, Text),
    /// Reads a file.
    Read(Text),
    /// Registers a name for somebody, if nobody has it.
    Claim(Text, Text),
}

/// The operations that these commands come from.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "edit",
        arguments: &[Argument::Key, Argument::Value],
        about: prose("Locks a file, reads it, adds a value and writes it back."),
    },
    Operation {
        name: "both",
        arguments: &[Argument::Key, Argument::Key, Argument::Value],
        about: prose("The same with two files; their locks are taken in this order."),
    },
    Operation {
        name: "read",
        arguments: &[Argument::Key],
        about: prose("Reads a file without a lock."),
    },
    Operation {
        name: "claim",
        arguments: &[Argument::Key, Argument::Value],
        about: prose("Registers a name for somebody, if nobody has it yet."),
    },
];

impl Command {
    /// One of `OPERATIONS`; `fresh` stands for a value left out.
    pub fn parse(call: &OperationCall, fresh: u64) -> Option<Command> {
        let argument =
            |place: usize| call.arguments.get(place).map(|text| -> Text { text.as_str().into() });
        let value = |place: usize| argument(place).unwrap_or_else(|| fresh.to_string().into());
        let key = argument(0)?;
        Some(match &*call.name {
            "edit" => Command::Edit(key, value(1)),
            "both" => Command::Both(key, argument(1)?, value(2)),
            "read" => Command::Read(key),
            "claim" => Command::Claim(key, value(1)),
            _ => return None,
        })
    }

    /// The files whose locks it needs, in the order in which it takes them.
    pub fn locks(&self) -> Vec<Text> {
        match self {
            Command::Edit(file, _) => alloc::vec![file.clone()],
            Command::Both(a, b, _) if a == b => alloc::vec![a.clone()],
            Command::Both(a, b, _) => alloc::vec![a.clone(), b.clone()],
            Command::Read(_) | Command::Claim(..) => Vec::new(),
        }
    }

    /// What it adds to a file.
    pub fn value(&self) -> &str {
        match self {
            Command::Edit(_, value) | Command::Both(_, _, value) | Command::Claim(_, value) => {
                value
            }
            Command::Read(_) => "",
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Edit(file, value) => write!(f, "edit {file} {value}"),
            Command::Both(a, b, value) => write!(f, "both {a} {b} {value}"),
            Command::Read(file) => write!(f, "read {file}"),
            Command::Claim(name, who) => write!(f, "claim {name} {who}"),
        }
    }
}

/// What they are told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The files as they are now.
    Files(Vec<File>),
    /// Whether the name is the claimer's.
    Claimed(bool),
}

impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Files(files) => {
                let words: Vec<String> = files.iter().map(|file| format!("{file}")).collect();
                f.write_str(&words.join(", "))
            }
            Answer::Claimed(true) => f.write_str("yours"),
            Answer::Claimed(false) => f.write_str("taken"),
        }
    }
}

/// One copy of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Files {
    files: LiteMap<Text, File>,
    names: LiteMap<Text, Text>,
}

impl Files {
    fn edit(&mut self, file: &Text, value: &str) -> File {
        let edited = self.files.get(file).cloned().unwrap_or_default().edited(value);
        self.files.insert(file.clone(), edited.clone());
        edited
    }
}

impl Machine for Files {
    type Command = Command;
    type Answer = Answer;

    fn apply(&mut self, command: &Command) -> Answer {
        match command {
            Command::Edit(file, value) => Answer::Files(alloc::vec![self.edit(file, value)]),
            Command::Both(a, b, value) if a == b => Answer::Files(alloc::vec![self.edit(a, value)]),
            Command::Both(a, b, value) => {
                let first = self.edit(a, value);
                Answer::Files(alloc::vec![first, self.edit(b, value)])
            }
            Command::Read(file) => {
                Answer::Files(alloc::vec![self.files.get(file).cloned().unwrap_or_default()])
            }
            Command::Claim(name, who) => {
                let owner = self.names.get(name).is_none();
                if owner {
                    self.names.insert(name.clone(), who.clone());
                }
                Answer::Claimed(owner)
            }
        }
    }

    fn only_reads(&self, command: &Command) -> bool {
        matches!(command, Command::Read(_))
    }

    /// Files that are edited together are one part; each name is one of its own.
    fn part<'a>(&self, command: &'a Command) -> &'a str {
        match command {
            Command::Claim(name, _) => name,
            _ => "",
        }
    }

    fn weight(&self) -> usize {
        (self.files.len() + self.names.len()) * 64
    }
}
