//! The store: it keeps files, notes the highest token that it has seen of each, and applies
//! each operation once. What it answers may leave when what it has written is on disk.

use super::machine::File;
use crate::fencing::{Store, Token};
use crate::machine::Text;
use crate::process::{Context, NodeId, Process, RequestId};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use litemap::LiteMap;

/// Which of its rules are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Guard {
    /// A token lower than the highest seen is refused (DDIA, chapter 8, "Fencing tokens").
    pub tokens: bool,
    /// A file that has changed since it was read is not written: compare-and-set.
    pub versions: bool,
    /// Who reads in order to write shows its token, too.
    pub reads: bool,
    /// The highest token survives a restart.
    pub keeps: bool,
    /// The same token again is welcome.
    pub equal: bool,
    /// Lower ones are refused, not higher ones.
    pub forward: bool,
}

/// One file to be written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    /// Which.
    pub file: Text,
    /// The holder's token; none without a lock.
    pub token: Token,
    /// How many edits it had when it was read.
    pub from: u64,
    /// What it is to be.
    pub content: File,
}

/// What a client asks of the store. `attempt` tells its tries of one operation apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// To read files in order to write them.
    Fetch {
        /// The operation.
        id: RequestId,
        /// Which try.
        attempt: u64,
        /// Files and the tokens for them.
        files: Rc<[(Text, Token)]>,
    },
    /// To write files, all or none.
    Write {
        /// The operation.
        id: RequestId,
        /// Which try.
        attempt: u64,
        /// The files.
        writes: Rc<[Write]>,
    },
    /// To read a file.
    Read {
        /// The operation.
        id: RequestId,
        /// Which.
        file: Text,
    },
}

/// What the store answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// The files as they are.
    Fetched {
        /// The operation.
        id: RequestId,
        /// Which try.
        attempt: u64,
        /// In the order asked for.
        files: Rc<[File]>,
    },
    /// Written, now or by an earlier try.
    Written {
        /// The operation.
        id: RequestId,
        /// The files as they were then.
        files: Rc<[File]>,
    },
    /// Somebody with a higher token has been here.
    Refused {
        /// The operation.
        id: RequestId,
        /// Which try.
        attempt: u64,
        /// The token that was shown.
        token: Token,
        /// The highest seen.
        seen: Token,
    },
    /// A file has changed since it was read.
    Conflict {
        /// The operation.
        id: RequestId,
        /// Which try.
        attempt: u64,
    },
    /// A file, for who only reads.
    Content {
        /// The operation.
        id: RequestId,
        /// The file.
        file: File,
    },
}

/// What the store has on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// The highest token seen of a file.
    Seen(Text, Token),
    /// An operation's writes.
    Written(RequestId, Rc<[Write]>),
}

/// What has become of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer.
    pub told: Option<Told>,
    /// To be written first.
    pub records: Vec<Record>,
    /// The place at which an operation was applied.
    pub applied: Option<u64>,
    /// The place behind which a read was answered.
    pub read: Option<u64>,
}

/// The store's state.
#[derive(Clone, Debug, Hash)]
pub struct Storage {
    guard: Guard,
    files: LiteMap<Text, Store<File>>,
    /// The last operation written for each client, and what came of it.
    sessions: LiteMap<NodeId, (u64, Rc<[File]>)>,
    /// Operations written so far.
    place: u64,
    /// The last writes, for people.
    shown: Vec<(Token, Text)>,
}

/// So many writes are kept for people.
const SHOWN: usize = 64;

impl Storage {
    /// From what is on disk.
    pub fn boot<'a, P: Process>(
        guard: Guard,
        records: impl Iterator<Item = &'a Record>,
        cx: &mut Context<P>,
    ) -> Storage {
        let mut storage = Storage {
            guard,
            files: LiteMap::new(),
            sessions: LiteMap::new(),
            place: 0,
            shown: Vec::new(),
        };
        let mut order = Vec::new();
        for record in records {
            match record {
                Record::Seen(file, token) if guard.keeps => storage.note(file, *token),
                Record::Seen(..) => {}
                Record::Written(id, writes) => {
                    storage.take(*id, writes);
                    order.push(*id);
                }
            }
        }
        cx.recovered(storage.place);
        for (place, id) in (1..).zip(order) {
            cx.applied(place, Some(id));
        }
        if !guard.keeps {
            for (_, store) in storage.files.iter_mut() {
                *store = Store::resume(store.peek().clone(), Token::NONE);
            }
        }
        storage
    }

    /// The highest token seen of a file.
    pub fn highest(&self, file: &str) -> Token {
        self.files.get(file).map_or(Token::NONE, Store::highest)
    }

    /// The highest token seen of any file.
    pub fn highest_of_all(&self) -> Token {
        self.files.iter().map(|(_, store)| store.highest()).max().unwrap_or_default()
    }

    /// A file as it is.
    pub fn file(&self, file: &str) -> File {
        self.files.get(file).map(|store| store.peek().clone()).unwrap_or_default()
    }

    /// All files, in the order of their names.
    pub fn files(&self) -> impl Iterator<Item = (&Text, &Store<File>)> {
        self.files.iter()
    }

    /// "x = 1 2", the files in order.
    pub fn short(&self) -> String {
        let words: Vec<String> = self
            .files
            .iter()
            .map(|(name, store)| alloc::format!("{name} = {}", store.peek()))
            .collect();
        words.join(", ")
    }

    /// The last writes: token and what was added.
    pub fn shown(&self) -> (u64, &[(Token, Text)]) {
        (self.place + 1 - self.shown.len() as u64, &self.shown)
    }

    /// Whether this token is refused.
    fn refuses(&self, file: &str, token: Token) -> bool {
        let highest = self.highest(file);
        if !self.guard.tokens {
            return false;
        }
        if !self.guard.forward {
            return highest > Token::NONE && token > highest;
        }
        // "Reject only token < highest": the same holder may come again.
        token < highest || (token == highest && !self.guard.equal && token > Token::NONE)
    }

    fn note(&mut self, file: &Text, token: Token) {
        let highest = self.highest(file).max(token);
        let content = self.file(file);
        self.files.insert(file.clone(), Store::resume(content, highest));
    }

    fn take(&mut self, id: RequestId, writes: &[Write]) -> Rc<[File]> {
        self.place += 1;
        for write in writes {
            let highest = self.highest(&write.file).max(write.token);
            let store = Store::resume(write.content.clone(), highest);
            self.files.insert(write.file.clone(), store);
        }
        if let Some(write) = writes.first() {
            if self.shown.len() == SHOWN {
                self.shown.remove(0);
            }
            self.shown.push((write.token, write.content.tail.clone()));
        }
        let files: Rc<[File]> = writes.iter().map(|write| write.content.clone()).collect();
        self.sessions.insert(id.client, (id.number, files.clone()));
        files
    }

    /// Says where an operation stands.
    pub fn place<P: Process>(id: RequestId, outcome: &Outcome, cx: &mut Context<P>) {
        if let Some(place) = outcome.applied {
            cx.applied(place, Some(id));
        }
        if let Some(place) = outcome.read {
            cx.read_at(place, id);
        }
    }

    /// Answers.
    pub fn on_ask(&mut self, ask: &Ask) -> Outcome {
        match ask {
            Ask::Fetch { id, attempt, files } => self.on_fetch(*id, *attempt, files),
            Ask::Write { id, attempt, writes } => self.on_write(*id, *attempt, writes),
            Ask::Read { id, file } => Outcome {
                told: Some(Told::Content { id: *id, file: self.file(file) }),
                read: Some(self.place),
                ..Outcome::default()
            },
        }
    }

    /// An operation that has been written is not written again; an older one is nobody's any more.
    fn known(&self, id: RequestId) -> Option<Outcome> {
        let (last, files) = self.sessions.get(&id.client)?;
        let told = Told::Written { id, files: files.clone() };
        let told = (*last == id.number).then_some(told);
        (id.number <= *last).then_some(Outcome { told, ..Outcome::default() })
    }

    fn refusal(&self, id: RequestId, attempt: u64, file: &str, token: Token) -> Outcome {
        let told = Told::Refused { id, attempt, token, seen: self.highest(file) };
        Outcome { told: Some(told), ..Outcome::default() }
    }

    fn on_fetch(&mut self, id: RequestId, attempt: u64, files: &[(Text, Token)]) -> Outcome {
        if let Some(known) = self.known(id) {
            return known;
        }
        let mut out = Outcome::default();
        if self.guard.reads {
            if let Some((file, token)) =
                files.iter().find(|(file, t)| self.refuses_reader(file, *t))
            {
                return self.refusal(id, attempt, file, *token);
            }
            for (file, token) in files {
                if *token > self.highest(file) && self.guard.tokens && self.guard.forward {
                    self.note(file, *token);
                    out.records.push(Record::Seen(file.clone(), *token));
                }
            }
        }
        let files = files.iter().map(|(file, _)| self.file(file)).collect();
        out.told = Some(Told::Fetched { id, attempt, files });
        out
    }

    /// Of a reader only what is lower is refused, also where a writer's equal token is.
    fn refuses_reader(&self, file: &str, token: Token) -> bool {
        self.guard.tokens && self.guard.forward && token < self.highest(file)
    }

    fn on_write(&mut self, id: RequestId, attempt: u64, writes: &Rc<[Write]>) -> Outcome {
        if let Some(known) = self.known(id) {
            return known;
        }
        if let Some(write) = writes.iter().find(|write| self.refuses(&write.file, write.token)) {
            return self.refusal(id, attempt, &write.file, write.token);
        }
        let changed = |write: &Write| self.file(&write.file).edits != write.from;
        if self.guard.versions && writes.iter().any(changed) {
            return Outcome { told: Some(Told::Conflict { id, attempt }), ..Outcome::default() };
        }
        let files = self.take(id, writes);
        Outcome {
            told: Some(Told::Written { id, files }),
            records: alloc::vec![Record::Written(id, writes.clone())],
            applied: Some(self.place),
            read: None,
        }
    }

    /// Its fields, for people.
    pub fn fields(&self) -> Vec<(String, String)> {
        let highest = ("token".to_string(), self.highest_of_all().to_string());
        let files =
            self.files.iter().map(|(name, store)| (name.to_string(), store.peek().to_string()));
        core::iter::once(highest).chain(files).collect()
    }
}
