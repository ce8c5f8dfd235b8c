//! What Raft's nodes send each other and what they write to disk: two types that never mix
//! with volatile state.

use super::configuration::Configuration;
use super::snapshot::{Item, Snapshot};
use crate::machine::{Answer, Command};
use crate::process::{NodeId, RequestId, Wire};
use crate::protocols::client::Said;
use alloc::rc::Rc;
use core::hash::{Hash, Hasher};

/// A field that came later than the first runs: at its default it leaves no trace in a digest,
/// so that what does not use it is to the bit what it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Later<T>(pub T);

impl<T: Default + PartialEq + Hash> Hash for Later<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.0 != T::default() {
            self.0.hash(state);
        }
    }
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Term of the leader that created it.
    pub term: u64,
    /// What it is for.
    pub content: Content,
}

/// What an entry is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Nothing: an entry of a starting log, or a leader's no-op (§8, dissertation §6.4).
    Nothing,
    /// A client's command and its session (dissertation §6.3).
    Command(RequestId, Command),
    /// Who belongs to the cluster from here on (dissertation §4.1).
    Configuration(Configuration),
}

impl Entry {
    /// An entry without content.
    pub fn empty(term: u64) -> Entry {
        Entry { term, content: Content::Nothing }
    }

    /// Its client's command.
    pub fn command(&self) -> Option<(RequestId, &Command)> {
        match &self.content {
            Content::Command(id, command) => Some((*id, command)),
            _ => None,
        }
    }

    /// The configuration that it holds.
    pub fn configuration(&self) -> Option<&Configuration> {
        match &self.content {
            Content::Configuration(configuration) => Some(configuration),
            _ => None,
        }
    }
}

/// RequestVote (figure 2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestVote {
    /// Candidate's term.
    pub term: u64,
    /// Index of its last entry.
    pub last_index: u64,
    /// Term of its last entry.
    pub last_term: u64,
    /// Its leader told it to: "I have permission to disrupt the leader—it told me to!" (§4.2.3
    /// of the dissertation).
    pub transfer: Later<bool>,
}

/// The result of RequestVote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// Voter's term.
    pub term: u64,
    /// It votes for the candidate.
    pub granted: bool,
}

/// AppendEntries (figure 2); without entries a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AppendEntries {
    /// Leader's term.
    pub term: u64,
    /// Index of the entry before the new ones.
    pub prev_index: u64,
    /// Its term.
    pub prev_term: u64,
    /// New entries.
    pub entries: Rc<[Entry]>,
    /// Leader's commit index.
    pub commit: u64,
    /// Last round of heartbeats that the leader has begun (dissertation §6.4).
    pub round: Later<u64>,
}

/// The result of AppendEntries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Appended {
    /// Follower's term.
    pub term: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// It answers a heartbeat.
    pub heartbeat: bool,
    /// The round of the message that it answers (dissertation §6.4).
    pub round: Later<u64>,
}

/// What became of an AppendEntries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The follower's log equals the leader's up to this index, on disk.
    Stored(u64),
    /// The consistency check failed (§5.3).
    Refused {
        /// The `prev_index` that did not match.
        prev_index: u64,
        /// Term of the conflicting entry, or 0 if there is none.
        conflict_term: u64,
        /// The first index it stores for that term, or the first it lacks.
        conflict_index: u64,
    },
}

/// InstallSnapshot (figure 13; dissertation, figure 5.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstallSnapshot {
    /// Leader's term.
    pub term: u64,
    /// "The snapshot replaces all entries up through and including this index".
    pub last_index: u64,
    /// Its term.
    pub last_term: u64,
    /// Latest configuration as of that entry.
    pub configuration: Configuration,
    /// Where this chunk stands among the snapshot's items.
    pub offset: u64,
    /// The chunk.
    pub data: Rc<[Item]>,
    /// It is the last one.
    pub done: bool,
}

/// The result of InstallSnapshot. The figure answers only the term; how far the follower is
/// lets a leader go on after a restart of either.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Installed {
    /// Follower's term.
    pub term: u64,
    /// Which snapshot.
    pub last_index: u64,
    /// So many of its items have arrived.
    pub received: u64,
    /// The follower's log equals the leader's up to that entry, on disk.
    pub done: bool,
}

/// Everything that travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// §5.2
    RequestVote(RequestVote),
    /// §5.2
    Vote(Vote),
    /// §5.3
    AppendEntries(AppendEntries),
    /// §5.3
    Appended(Appended),
    /// A client asks (§8).
    Request(RequestId, Command),
    /// A server answers a client.
    Reply(RequestId, Said<Answer>),
    /// Would you vote for me in this term? (dissertation §9.6)
    PreVote(RequestVote),
    /// Whether it would.
    PreVoted(Vote),
    /// "Start an election now", from the leader of this term (dissertation §3.10).
    TimeoutNow(u64),
    /// §7, dissertation §5.1
    InstallSnapshot(InstallSnapshot),
    /// §7, dissertation §5.1
    Installed(Installed),
}

impl Message {
    /// A pre-vote and its grant speak of a term that nobody is in yet (dissertation §9.6).
    pub fn is_of_a_term_to_come(&self) -> bool {
        matches!(self, Message::PreVote(_) | Message::PreVoted(Vote { granted: true, .. }))
    }
}

/// Kinds, in the order of the declaration's messages.
pub mod kind {
    /// A candidate asks for a vote.
    pub const VOTE_REQUEST: u8 = 0;
    /// A vote.
    pub const VOTE_GRANTED: u8 = 1;
    /// No vote.
    pub const VOTE_REFUSED: u8 = 2;
    /// Entries.
    pub const APPEND: u8 = 3;
    /// Entries are on disk.
    pub const STORED: u8 = 4;
    /// The consistency check failed.
    pub const REFUSED: u8 = 5;
    /// AppendEntries without entries.
    pub const HEARTBEAT: u8 = 6;
    /// Its answer.
    pub const BEAT: u8 = 7;
    /// A client asks.
    pub const REQUEST: u8 = 8;
    /// Its answer.
    pub const REPLY: u8 = 9;
    /// Not here; perhaps there.
    pub const REDIRECT: u8 = 10;
    /// Would you vote for me?
    pub const PRE_VOTE_REQUEST: u8 = 11;
    /// It would.
    pub const PRE_VOTE_GRANTED: u8 = 12;
    /// It would not.
    pub const PRE_VOTE_REFUSED: u8 = 13;
    /// Start an election now.
    pub const TIMEOUT_NOW: u8 = 14;
    /// A chunk of a snapshot.
    pub const SNAPSHOT: u8 = 15;
    /// A chunk has arrived.
    pub const RECEIVED: u8 = 16;
    /// A snapshot is on disk.
    pub const INSTALLED: u8 = 17;
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::RequestVote(_) => kind::VOTE_REQUEST,
            Message::Vote(vote) if vote.granted => kind::VOTE_GRANTED,
            Message::Vote(_) => kind::VOTE_REFUSED,
            Message::AppendEntries(append) if append.entries.is_empty() => kind::HEARTBEAT,
            Message::AppendEntries(_) => kind::APPEND,
            Message::Appended(Appended { outcome: Outcome::Refused { .. }, .. }) => kind::REFUSED,
            Message::Appended(appended) if appended.heartbeat => kind::BEAT,
            Message::Appended(_) => kind::STORED,
            Message::Request(..) => kind::REQUEST,
            Message::Reply(_, Said::Result(_)) => kind::REPLY,
            Message::Reply(_, Said::Elsewhere(_)) => kind::REDIRECT,
            Message::PreVote(_) => kind::PRE_VOTE_REQUEST,
            Message::PreVoted(vote) if vote.granted => kind::PRE_VOTE_GRANTED,
            Message::PreVoted(_) => kind::PRE_VOTE_REFUSED,
            Message::TimeoutNow(_) => kind::TIMEOUT_NOW,
            Message::InstallSnapshot(_) => kind::SNAPSHOT,
            Message::Installed(installed) if installed.done => kind::INSTALLED,
            Message::Installed(_) => kind::RECEIVED,
        }
    }

    fn epoch(&self) -> u64 {
        match self {
            Message::RequestVote(request) | Message::PreVote(request) => request.term,
            Message::Vote(vote) | Message::PreVoted(vote) => vote.term,
            Message::AppendEntries(append) => append.term,
            Message::Appended(appended) => appended.term,
            Message::TimeoutNow(term) => *term,
            Message::InstallSnapshot(install) => install.term,
            Message::Installed(installed) => installed.term,
            Message::Request(..) | Message::Reply(..) => 0,
        }
    }

    fn number(&self) -> u64 {
        match self {
            Message::AppendEntries(append) if !append.entries.is_empty() => {
                append.prev_index + append.entries.len() as u64
            }
            Message::Appended(Appended { outcome: Outcome::Stored(index), .. }) => *index,
            Message::InstallSnapshot(install) => install.last_index,
            Message::Installed(installed) => installed.last_index,
            Message::Request(id, _) | Message::Reply(id, _) => id.number,
            _ => 0,
        }
    }

    /// Eight bytes for each number and for all flags together.
    fn bytes(&self) -> u32 {
        const HEADER: usize = 64;
        let entry = |entry: &Entry| match &entry.content {
            Content::Nothing => 16,
            Content::Command(_, command) => 16 + command.bytes(),
            Content::Configuration(configuration) => 16 + 8 * configuration.everyone().len(),
        };
        let item = |item: &Item| match item {
            Item::Key(key, value) => 16 + key.len() + value.len(),
            Item::Session(_, _, answer) => 32 + answer.bytes(),
        };
        let body = match self {
            Message::AppendEntries(append) => 32 + append.entries.iter().map(entry).sum::<usize>(),
            Message::InstallSnapshot(install) => 48 + install.data.iter().map(item).sum::<usize>(),
            Message::Request(_, command) => command.bytes(),
            Message::Reply(_, Said::Result(answer)) => 32 + answer.bytes(),
            Message::Reply(_, Said::Elsewhere(_)) => 32,
            Message::RequestVote(_) | Message::PreVote(_) | Message::Installed(_) => 24,
            Message::Appended(Appended { outcome: Outcome::Refused { .. }, .. }) => 40,
            Message::Appended(_) => 24,
            Message::Vote(_) | Message::PreVoted(_) => 16,
            Message::TimeoutNow(_) => 8,
        };
        (HEADER + body) as u32
    }
}

/// What is on disk: figure 2's persistent state as a log of records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// currentTerm; ends the vote of the term before.
    Term(u64),
    /// votedFor in that term.
    Vote(NodeId),
    /// An entry at the end of the log.
    Entry(Entry),
    /// The log ends before this index.
    Truncate(u64),
    /// A snapshot, and the entries behind it: they replace all records before (§7).
    Snapshot(Rc<Snapshot>, Rc<[Entry]>),
}
