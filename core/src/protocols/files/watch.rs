//! What must hold of a store: looks at what it writes and refuses, and remembers by itself what
//! the store ought to remember.

use super::store::{Record, Storage, Told, Write};
use crate::fencing::Token;
use crate::machine::Text;
use alloc::format;
use alloc::string::String;
use litemap::LiteMap;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A write from an older holder than one that has been here.
    Older(String),
    /// A write of a file that was not as the writer had read it.
    Lost(String),
    /// The highest token went back.
    Back(String),
    /// The newest holder was refused.
    Newest(String),
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Known {
    /// The highest token that wrote or read it in order to write.
    highest: Token,
    /// Its edits.
    edits: u64,
    /// The highest token as the store itself said last.
    said: Token,
}

/// What is known of all files.
#[derive(Clone, Debug, Default, Hash)]
pub struct Watch(LiteMap<Text, Known>, u64);

impl Watch {
    /// What the store has just written, before it is noted.
    pub fn written(&mut self, record: &Record, found: &mut impl FnMut(Found)) {
        match record {
            Record::Seen(file, token) => {
                let mut known = self.of(file);
                known.highest = known.highest.max(*token);
                self.0.insert(file.clone(), known);
            }
            Record::Written(_, writes) => {
                self.1 += 1;
                writes.iter().for_each(|write| self.judge(write, found));
            }
        }
    }

    /// Operations that are written.
    pub fn count(&self) -> u64 {
        self.1
    }

    fn of(&self, file: &Text) -> Known {
        self.0.get(file).copied().unwrap_or_default()
    }

    fn judge(&mut self, write: &Write, found: &mut impl FnMut(Found)) {
        let mut known = self.of(&write.file);
        if write.token < known.highest {
            found(Found::Older(format!(
                "The holder with token {} writes {} after the one with {}.",
                write.token, write.file, known.highest
            )));
        }
        if write.from != known.edits {
            found(Found::Lost(format!(
                "{} has {} edits and is overwritten by who had read it with {}.",
                write.file, known.edits, write.from
            )));
        }
        known.highest = known.highest.max(write.token);
        known.edits = write.content.edits;
        self.0.insert(write.file.clone(), known);
    }

    /// What the store answers.
    pub fn told(&self, files: &[Text], told: &Told, found: &mut impl FnMut(Found)) {
        let Told::Refused { token, .. } = told else { return };
        let newest = files.iter().map(|file| self.of(file).highest).max().unwrap_or_default();
        if *token >= newest {
            found(Found::Newest(format!(
                "The holder with token {token} is refused; none is newer."
            )));
        }
    }

    /// What the store says of itself.
    pub fn seen(&mut self, storage: &Storage, found: &mut impl FnMut(Found)) {
        for (file, store) in storage.files() {
            let mut known = self.of(file);
            if store.highest() < known.said {
                found(Found::Back(format!(
                    "The highest token of {file} went from {} to {}.",
                    known.said,
                    store.highest()
                )));
            }
            if known.said != store.highest() {
                known.said = store.highest();
                self.0.insert(file.clone(), known);
            }
        }
    }

    /// Its process has ended; these records are left. What was not on disk it may forget.
    pub fn ended<'a>(&mut self, records: impl Iterator<Item = &'a Record>) {
        let mut left = Watch::default();
        for record in records {
            left.written(record, &mut |_| {});
        }
        for (_, known) in left.0.iter_mut() {
            known.said = known.highest;
        }
        *self = left;
    }
}
