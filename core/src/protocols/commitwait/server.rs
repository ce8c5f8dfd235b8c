//! A server: it owns some keys and keeps every version of them. A write gets a timestamp, is put
//! on the disk, and is answered when that timestamp has certainly passed; a read at a timestamp
//! is answered when no write can get that one or an earlier one any more.

use super::message::{Found, Message, Record, now, since_start_us};
use super::rules::Rules;
use super::{Config, Node, Timer, event};
use crate::clocks::Interval;
use crate::machine::Text;
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use alloc::rc::Rc;
use alloc::vec::Vec;
use litemap::LiteMap;

type Context<'a> = crate::process::Context<'a, Node>;

/// A version of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// Its timestamp, µs.
    pub stamp: u64,
    /// Its value.
    pub value: Text,
    /// The record that holds it.
    pub write: WriteId,
}

/// A write that has its timestamp and is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Commit {
    /// Whose.
    pub request: RequestId,
    /// Its timestamp, µs.
    pub stamp: u64,
    write: WriteId,
    /// When it began to wait, µs of the monotonic clock.
    since_us: u64,
}

/// A read that waits until its timestamp is safe.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reader {
    request: RequestId,
    keys: Vec<Text>,
    /// Its timestamp, µs.
    at: u64,
    since_us: u64,
}

/// All that a server knows.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    pub(super) config: Rc<Config>,
    /// By key, the lowest timestamp first.
    pub(super) versions: LiteMap<Text, Vec<Version>>,
    /// The highest timestamp that it has given, µs.
    pub(super) highest: u64,
    /// The last write of each client: its number, timestamp and record.
    taken: LiteMap<NodeId, (u64, u64, WriteId)>,
    /// Writes that wait for their timestamps to pass.
    pub(super) commits: Vec<Commit>,
    /// Reads that wait for theirs to be safe.
    pub(super) readers: Vec<Reader>,
    pub(super) durable: WriteId,
    /// How long the last write waited that was answered, µs.
    pub(super) waited_us: Option<u64>,
}

impl Server {
    /// Starts from what the disk holds. Nobody is owed an answer: who still waits asks again.
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
        cx: &mut Context,
    ) -> Result<Server, Refusal> {
        let mut server = Server {
            config: config.clone(),
            versions: LiteMap::new(),
            highest: 0,
            taken: LiteMap::new(),
            commits: Vec::new(),
            readers: Vec::new(),
            durable: cx.written(),
            waited_us: None,
        };
        let mut write = cx.first_record();
        for stored in disk {
            match stored {
                Stored::Record(record) => {
                    if config.rules.has(Rules::REMEMBER_HIGHEST) {
                        server.highest = server.highest.max(record.stamp);
                    }
                    server.keep(record, write);
                    write.0 += 1;
                }
                // Nobody has heard of what it was to store.
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(server)
    }

    fn keep(&mut self, record: &Record, write: WriteId) {
        let taken = (record.request.number, record.stamp, write);
        self.taken.insert(record.request.client, taken);
        let versions = self.versions.entry(record.key.clone()).or_default();
        let place = versions.partition_point(|version| version.stamp <= record.stamp);
        let value = record.value.clone();
        versions.insert(place, Version { stamp: record.stamp, value, write });
    }

    fn interval(&self, cx: &Context) -> Interval {
        now(cx.wall_us(), self.config.uncertainty_us)
    }

    /// Everything that arrives.
    pub fn on_message(&mut self, message: &Message, cx: &mut Context) {
        match message {
            Message::Write(id, key, value) => self.write(*id, key, value, cx),
            Message::Read(id, keys, at) => self.read(*id, keys, *at, cx),
            Message::Done(..) | Message::Values(..) => return,
        }
        self.settle(cx);
    }

    /// A write gets its timestamp: no earlier than the latest that true time may be, and above
    /// all that this server has given (Corbett et al. 2012, section 4.2.1).
    fn write(&mut self, request: RequestId, key: &Text, value: &Text, cx: &mut Context) {
        let rules = self.config.rules;
        let since_us = cx.now_us();
        let known = self.taken.get(&request.client).filter(|_| rules.has(Rules::ONCE));
        match known.copied() {
            // Its client has gone on to another one.
            Some((number, ..)) if number > request.number => {}
            Some((number, stamp, write)) if number == request.number => {
                let waits = |commit: &Commit| commit.request == request;
                if !self.commits.iter().any(waits) {
                    self.commits.push(Commit { request, stamp, write, since_us });
                }
            }
            _ => {
                let now = self.interval(cx);
                let latest = rules.has(Rules::STAMP_LATEST);
                let present = if latest { now.latest } else { now.earliest };
                let stamp = present.max(self.highest + 1);
                self.highest = stamp;
                let (key, value) = (key.clone(), value.clone());
                let record = Record { request, stamp, key, value };
                let write = cx.write(record.clone());
                self.keep(&record, write);
                cx.mark(event::STAMP, Some(request.client), 0, since_start_us(stamp));
                self.commits.push(Commit { request, stamp, write, since_us });
            }
        }
    }

    fn read(&mut self, request: RequestId, keys: &[Text], at: u64, cx: &mut Context) {
        if self.readers.iter().any(|reader| reader.request == request) {
            return;
        }
        if !self.is_safe(at, cx) {
            cx.mark(event::HOLD, Some(request.client), 0, since_start_us(at));
        }
        let keys = keys.to_vec();
        self.readers.push(Reader { request, keys, at, since_us: cx.now_us() });
    }

    /// Whether no write can get this timestamp or an earlier one any more: it has passed, and
    /// what is written from now on gets one that has not.
    fn is_safe(&self, at: u64, cx: &Context) -> bool {
        !self.config.rules.has(Rules::SAFE_TIME) || self.interval(cx).is_after(at)
    }

    /// Whether the commit wait of this timestamp is over: `TT.after(s)`.
    fn has_passed(&self, stamp: u64, cx: &Context) -> bool {
        let rules = self.config.rules;
        if !rules.has(Rules::COMMIT_WAIT) {
            return true;
        }
        if !rules.has(Rules::WAIT_OUT_UNCERTAINTY) {
            return cx.wall_us() > stamp;
        }
        self.interval(cx).is_after(stamp)
    }

    /// Time has passed, or something has come: answers what has waited for long enough, and
    /// sets the timer for the rest. A clock may have been moved meanwhile, so it is asked anew.
    pub fn settle(&mut self, cx: &mut Context) {
        let commits = core::mem::take(&mut self.commits).into_iter();
        let (passed, ahead): (Vec<Commit>, Vec<Commit>) =
            commits.partition(|commit| self.has_passed(commit.stamp, cx));
        self.commits = ahead;
        for commit in passed {
            let waited_us = cx.now_us().saturating_sub(commit.since_us);
            self.waited_us = Some(waited_us);
            let client = commit.request.client;
            cx.mark(event::COMMIT, Some(client), waited_us, since_start_us(commit.stamp));
            let after = self.synced(commit.write);
            cx.send(client, Message::Done(commit.request, commit.stamp), after);
        }
        let readers = core::mem::take(&mut self.readers).into_iter();
        let (safe, unsafe_yet): (Vec<Reader>, Vec<Reader>) =
            readers.partition(|reader| self.is_safe(reader.at, cx));
        self.readers = unsafe_yet;
        for reader in safe {
            self.serve(&reader, cx);
        }
        let whole = self.config.rules.has(Rules::WAIT_OUT_UNCERTAINTY);
        let uncertainty_us = self.config.uncertainty_us;
        let commit_us = if whole { uncertainty_us } else { 0 };
        let commits = self.commits.iter().map(|commit| commit.stamp + commit_us);
        let readers = self.readers.iter().map(|reader| reader.at + uncertainty_us);
        if let Some(due_us) = commits.chain(readers).min() {
            // Passed is what lies before the earliest that it may be now.
            let delay_us = (due_us + 1).saturating_sub(cx.wall_us());
            cx.set_timer(Timer::Passed, delay_us.max(1));
        }
    }

    fn synced(&self, write: WriteId) -> WriteId {
        let sync = self.config.rules.has(Rules::SYNC_BEFORE_ANSWER);
        if sync { write } else { WriteId::NONE }
    }

    /// Answers a read with each key's last version up to its timestamp.
    fn serve(&self, reader: &Reader, cx: &mut Context) {
        let mut after = WriteId::NONE;
        let mut found: Vec<Found> = Vec::new();
        for key in &reader.keys {
            let versions = self.versions.get(key).map_or(&[][..], Vec::as_slice);
            let upto = versions.partition_point(|version| version.stamp <= reader.at);
            let bound = self.config.rules.has(Rules::READ_AT_TIMESTAMP);
            let version = if bound { &versions[..upto] } else { versions }.last();
            after = after.max(version.map_or(WriteId::NONE, |version| version.write));
            let version = version.map(|version| (version.stamp, version.value.clone()));
            found.push((key.clone(), version));
        }
        let waited_us = cx.now_us().saturating_sub(reader.since_us);
        let client = reader.request.client;
        cx.mark(event::SERVE, Some(client), waited_us, since_start_us(reader.at));
        cx.send(client, Message::Values(reader.request, found), self.synced(after));
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        let versions = self.versions.iter().map(|(_, versions)| size_of_val(&**versions));
        versions.sum::<usize>()
            + self.taken.len() * size_of::<(NodeId, (u64, u64, WriteId))>()
            + size_of_val(&*self.commits)
            + size_of_val(&*self.readers)
    }
}
