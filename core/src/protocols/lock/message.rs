//! What the room's nodes send each other and what they write to disk.

use crate::fencing::Token;
use crate::machine::Text;
use crate::process::{NodeId, Wire};
use crate::protocols::{files, raft};

/// A client's try at a lock: a lock is asked for anew with a new one, and again with the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turn {
    /// Number of the client's operation.
    pub operation: u64,
    /// Which try of that.
    pub attempt: u64,
}

/// What a client asks of the lock service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// The lock. Who waits asks again and again: a lease counts from a question.
    Acquire {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
        /// Which question of that turn, from 1.
        round: u64,
    },
    /// The lease, for longer.
    Renew {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
        /// The token.
        token: Token,
        /// Tells questions apart: an answer to an earlier one says nothing of a later one.
        round: u64,
    },
    /// The lock is given back.
    Release {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
        /// The token.
        token: Token,
    },
    /// A name for somebody, if nobody has it.
    Claim {
        /// Which.
        name: Text,
        /// For whom.
        who: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// Whether somebody has that name.
    Look {
        /// Which.
        name: Text,
        /// For whom.
        who: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// A name for somebody, whoever has it.
    Put {
        /// Which.
        name: Text,
        /// For whom.
        who: Text,
        /// Whose turn.
        turn: Turn,
    },
}

/// What the lock service answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Told {
    /// Yours.
    Granted {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
        /// With this token.
        token: Token,
        /// The last question that had come when the lease began.
        round: u64,
    },
    /// Somebody has it: wait.
    Wait {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// Who waits for you is who you wait for.
    Deadlock {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// The lease begins again with that question.
    Renewed {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
        /// Which question.
        round: u64,
    },
    /// It is yours no longer.
    Gone {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// Given back.
    Released {
        /// Which.
        lock: Text,
        /// Whose turn.
        turn: Turn,
    },
    /// Not here; perhaps there.
    Elsewhere(Turn, Option<NodeId>),
    /// Whether the name is yours now.
    Claimed(Turn, bool),
    /// Whether somebody else has it.
    Looked(Turn, bool),
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Between the servers of the lock service.
    Raft(raft::Message),
    /// To the lock service.
    Ask(Ask),
    /// From it.
    Told(Told),
    /// To the store.
    ToStore(files::Ask),
    /// From it.
    Stored(files::Told),
}

/// Kinds behind those of Raft, in the order of the declaration's messages.
pub mod kind {
    /// Raft's come first.
    pub const FIRST: u8 = 18;
    /// A client asks for a lock.
    pub const ACQUIRE: u8 = FIRST;
    /// It gets it.
    pub const GRANT: u8 = FIRST + 1;
    /// It has to wait.
    pub const WAIT: u8 = FIRST + 2;
    /// It would wait for ever.
    pub const DEADLOCK: u8 = FIRST + 3;
    /// It keeps it alive.
    pub const RENEW: u8 = FIRST + 4;
    /// It may.
    pub const RENEWED: u8 = FIRST + 5;
    /// It is too late.
    pub const GONE: u8 = FIRST + 6;
    /// It gives it back.
    pub const RELEASE: u8 = FIRST + 7;
    /// It has.
    pub const RELEASED: u8 = FIRST + 8;
    /// Not here.
    pub const ELSEWHERE: u8 = FIRST + 9;
    /// A name is claimed, or looked for, or put.
    pub const CLAIM: u8 = FIRST + 10;
    /// What came of that.
    pub const CLAIMED: u8 = FIRST + 11;
    /// A client reads in order to write.
    pub const FETCH: u8 = FIRST + 12;
    /// A file as it is.
    pub const FETCHED: u8 = FIRST + 13;
    /// A client writes.
    pub const WRITE: u8 = FIRST + 14;
    /// It is written.
    pub const WRITTEN: u8 = FIRST + 15;
    /// It is refused: the token is too old.
    pub const REJECTED: u8 = FIRST + 16;
    /// It is refused: the file has changed.
    pub const CONFLICT: u8 = FIRST + 17;
    /// A client only reads.
    pub const READ: u8 = FIRST + 18;
    /// What the file holds.
    pub const CONTENT: u8 = FIRST + 19;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Raft(message) => message.kind(),
            Message::Ask(Ask::Acquire { .. }) => kind::ACQUIRE,
            Message::Ask(Ask::Renew { .. }) => kind::RENEW,
            Message::Ask(Ask::Release { .. }) => kind::RELEASE,
            Message::Ask(Ask::Claim { .. } | Ask::Look { .. } | Ask::Put { .. }) => kind::CLAIM,
            Message::Told(Told::Granted { .. }) => kind::GRANT,
            Message::Told(Told::Wait { .. }) => kind::WAIT,
            Message::Told(Told::Deadlock { .. }) => kind::DEADLOCK,
            Message::Told(Told::Renewed { .. }) => kind::RENEWED,
            Message::Told(Told::Gone { .. }) => kind::GONE,
            Message::Told(Told::Released { .. }) => kind::RELEASED,
            Message::Told(Told::Elsewhere(..)) => kind::ELSEWHERE,
            Message::Told(Told::Claimed(..) | Told::Looked(..)) => kind::CLAIMED,
            Message::ToStore(files::Ask::Fetch { .. }) => kind::FETCH,
            Message::ToStore(files::Ask::Write { .. }) => kind::WRITE,
            Message::ToStore(files::Ask::Read { .. }) => kind::READ,
            Message::Stored(files::Told::Fetched { .. }) => kind::FETCHED,
            Message::Stored(files::Told::Written { .. }) => kind::WRITTEN,
            Message::Stored(files::Told::Refused { .. }) => kind::REJECTED,
            Message::Stored(files::Told::Conflict { .. }) => kind::CONFLICT,
            Message::Stored(files::Told::Content { .. }) => kind::CONTENT,
        }
    }

    fn epoch(&self) -> u64 {
        if let Message::Raft(message) = self { message.epoch() } else { 0 }
    }

    /// The token, where there is one.
    fn number(&self) -> u64 {
        match self {
            Message::Raft(message) => message.number(),
            Message::Ask(Ask::Renew { token, .. } | Ask::Release { token, .. })
            | Message::Told(Told::Granted { token, .. })
            | Message::Stored(files::Told::Refused { token, .. }) => token.0,
            Message::ToStore(files::Ask::Fetch { files, .. }) => {
                files.first().map_or(0, |(_, token)| token.0)
            }
            Message::ToStore(files::Ask::Write { writes, .. }) => {
                writes.first().map_or(0, |write| write.token.0)
            }
            _ => 0,
        }
    }

    fn bytes(&self) -> u32 {
        match self {
            Message::Raft(message) => message.bytes(),
            _ => 128,
        }
    }
}

/// What is on disk: at a server of the lock service Raft's log, at the store its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// Of the lock service.
    Raft(raft::Record),
    /// Of the store.
    File(files::Record),
}

/// Who holds a lock: what stands in the replicated key-value machine under the lock's name. The
/// token stays when the lock is free, or the next one could not be higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holding {
    /// The last token given.
    pub token: Token,
    /// Whose, while somebody holds it.
    pub owner: Option<(NodeId, Turn)>,
}

impl Holding {
    /// "34 @4 1.1" (token, node, turn) or "34 free". An empty value is a lock that nobody has had yet.
    pub fn parse(value: &str, first_token: u64) -> Holding {
        let mut words = value.split([' ', '.']);
        let mut next = || words.next();
        let before = Token(first_token.saturating_sub(1));
        let token = next().and_then(|word| word.parse().ok()).map_or(before, Token);
        let client = next().and_then(|word| word.strip_prefix('@')).and_then(|w| w.parse().ok());
        let mut number = || next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let turn = Turn { operation: number(), attempt: number() };
        Holding { token, owner: client.map(|client| (NodeId(client), turn)) }
    }

    /// As `parse` reads it.
    pub fn text(&self) -> Text {
        match self.owner {
            None => alloc::format!("{} free", self.token),
            Some((client, turn)) => {
                alloc::format!("{} @{} {}.{}", self.token, client.0, turn.operation, turn.attempt)
            }
        }
        .into()
    }

    /// What a cell of the log says: "34 c2".
    pub fn short(&self, before_clients: u16) -> alloc::string::String {
        match self.owner {
            None if self.token == Token::NONE => alloc::string::String::new(),
            None => alloc::format!("{} free", self.token),
            Some((client, _)) => {
                let place = client.0.saturating_sub(before_clients) + 1;
                alloc::format!("{} c{place}", self.token)
            }
        }
    }
}
