//! A deterministic state machine, and the key-value machine that replicated logs carry. The
//! same code is what a server applies and what a history is judged by. Knows no protocol.

use crate::chunks::text_weight;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use core::fmt::{self, Debug, Display};
use core::hash::Hash;
use litemap::LiteMap;

/// A deterministic state machine.
pub trait Machine: Clone + Default + Eq + Hash + Debug + 'static {
    /// What changes or reads it.
    type Command: Clone + Debug + Hash + Eq;
    /// What a command answers.
    type Answer: Clone + Debug + Hash + Eq;
    /// Does one command.
    fn apply(&mut self, command: &Self::Command) -> Self::Answer;
    /// Whether a command changes nothing in this state.
    fn only_reads(&self, command: &Self::Command) -> bool {
        let _ = command;
        false
    }
    /// The part of the state that a command reads or writes: histories are judged part by
    /// part (locality, Herlihy and Wing 1990, §3).
    fn part<'a>(&self, command: &'a Self::Command) -> &'a str;
    /// About how many bytes its state owns on the heap.
    fn weight(&self) -> usize {
        0
    }
}

/// A short text, cheap to copy.
pub type Text = Rc<str>;

/// A command of the key-value machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Sets a key.
    Put(Text, Text),
    /// Reads a key.
    Get(Text),
    /// Sets a key if it has the value `from`.
    Cas {
        /// Key.
        key: Text,
        /// Needed value.
        from: Text,
        /// New value.
        to: Text,
    },
    /// Adds to the end of a key's value; not idempotent, so a doubled one shows.
    Append(Text, Text),
}

impl Command {
    /// One of `declare::KEY_VALUE_OPERATIONS`; `fresh` stands for a value left out.
    pub fn parse(name: &str, arguments: &[String], fresh: u64) -> Option<Command> {
        let argument = |place: usize| arguments.get(place).map(|text| text.as_str().into());
        let value = |place: usize| argument(place).unwrap_or_else(|| fresh.to_string().into());
        let key = argument(0)?;
        Some(match name {
            "put" => Command::Put(key, value(1)),
            "get" => Command::Get(key),
            "cas" => Command::Cas { key, from: argument(1)?, to: value(2) },
            "append" => Command::Append(key, value(1)),
            _ => return None,
        })
    }

    /// The key.
    pub fn key(&self) -> &Text {
        match self {
            Command::Put(key, _) | Command::Get(key) | Command::Append(key, _) => key,
            Command::Cas { key, .. } => key,
        }
    }

    /// About how many bytes it takes on the wire with the number of its client and its own: 8
    /// for each of these and for the operation, and its words.
    pub fn bytes(&self) -> usize {
        24 + match self {
            Command::Get(key) => key.len(),
            Command::Put(key, value) | Command::Append(key, value) => key.len() + value.len(),
            Command::Cas { key, from, to } => key.len() + from.len() + to.len(),
        }
    }

    /// As short as a log cell allows.
    pub fn short(&self) -> String {
        match self {
            Command::Put(key, value) => alloc::format!("{key} = {value}"),
            Command::Get(key) => alloc::format!("{key}?"),
            Command::Cas { key, from, to } => alloc::format!("{key} {from}→{to}"),
            Command::Append(key, value) => alloc::format!("{key} + {value}"),
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Put(key, value) => write!(f, "put {key} {value}"),
            Command::Get(key) => write!(f, "get {key}"),
            Command::Cas { key, from, to } => write!(f, "cas {key} {from} {to}"),
            Command::Append(key, value) => write!(f, "append {key} {value}"),
        }
    }
}

/// An answer of the key-value machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Done.
    Done,
    /// The value, or none.
    Value(Option<Text>),
    /// Whether a `cas` found what it needed.
    Swapped(bool),
}

impl Answer {
    /// Bytes of the value that it carries.
    pub fn bytes(&self) -> usize {
        if let Answer::Value(Some(value)) = self { value.len() } else { 0 }
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done => f.write_str("ok"),
            Answer::Value(None) => f.write_str("nothing"),
            Answer::Value(Some(value)) => f.write_str(value),
            Answer::Swapped(true) => f.write_str("swapped"),
            Answer::Swapped(false) => f.write_str("not swapped"),
        }
    }
}

/// A map from keys to values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyValue(LiteMap<Text, Text>);

impl KeyValue {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Text> {
        self.0.get(key)
    }

    /// Keys and values as they are, the keys in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&Text, &Text)> {
        self.0.iter()
    }

    /// Keys and values, the keys in order.
    pub fn entries(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(|(key, value)| (key.to_string(), value.to_string()))
    }

    /// "x = 3", the keys in order.
    pub fn short(&self) -> String {
        let mut out = String::new();
        for (key, value) in &self.0 {
            if !out.is_empty() {
                out.push_str(", ");
            }
            out.push_str(key);
            out.push_str(" = ");
            out.push_str(value);
        }
        out
    }
}

impl Machine for KeyValue {
    type Command = Command;
    type Answer = Answer;

    fn apply(&mut self, command: &Command) -> Answer {
        match command {
            Command::Put(key, value) => {
                self.0.insert(key.clone(), value.clone());
                Answer::Done
            }
            Command::Get(key) => Answer::Value(self.0.get(key).cloned()),
            Command::Cas { key, from, to } => {
                let found = self.0.get(key) == Some(from);
                if found {
                    self.0.insert(key.clone(), to.clone());
                }
                Answer::Swapped(found)
            }
            Command::Append(key, value) => {
                let joined = match self.0.get(key) {
                    Some(old) => alloc::format!("{old}{value}"),
                    None => value.to_string(),
                };
                self.0.insert(key.clone(), joined.into());
                Answer::Done
            }
        }
    }

    fn only_reads(&self, command: &Command) -> bool {
        matches!(command, Command::Get(_))
    }

    fn part<'a>(&self, command: &'a Command) -> &'a str {
        command.key()
    }

    fn weight(&self) -> usize {
        let of = |(key, value): (&Text, &Text)| text_weight(key) + text_weight(value);
        self.0.iter().map(of).sum()
    }
}
