//! TiKV's `raft` 0.7. It draws election timeouts from the thread's own generator; with a huge
//! upper bound such a draw cannot be taken for ours, and ours replaces it after every call.
//! Its `Ready` is stored asynchronously: messages that need the disk carry `after`, and
//! `on_persist_ready` is called when the disk says so.

use super::host::{Entry, Guest, KINDS, LEADS, Node, declared, patience};
use happens_before::declare::{Declaration, MessageKind, Sign};
use happens_before::machine::{Command, KeyValue};
use happens_before::process::{Context, Face, NodeId, Process, RequestId, Wire, WriteId};
use happens_before::scenario::OperationCall;
use happens_before::view::{Cell, Safety};
use happens_before::world::{Protocol, Setup};
use raft::eraftpb::{self, HardState, Message, MessageType};
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};
use std::collections::VecDeque;

/// Ticks without a leader before an election: drawn from this range.
const ELECTION_TICKS: (u64, u64) = (15, 30);
const HEARTBEAT_TICKS: usize = 7;

/// A message as it travels: encoded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Packet {
    kind: u8,
    term: u64,
    index: u64,
    bytes: Vec<u8>,
}

impl Wire for Packet {
    fn kind(&self) -> u8 {
        self.kind
    }
    fn epoch(&self) -> u64 {
        self.term
    }
    fn number(&self) -> u64 {
        self.index
    }
    fn bytes(&self) -> u32 {
        40 + self.bytes.len() as u32
    }
}

/// What one `Ready` stores.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    state: Option<Vec<u8>>,
    entries: Vec<Vec<u8>>,
}

/// A server of TiKV's raft.
pub struct TikvRaft {
    node: RawNode<MemStorage>,
    /// `Ready` numbers that wait for the disk, and for which record.
    storing: VecDeque<(u64, WriteId)>,
    durable: WriteId,
    /// The last index on disk.
    stored: VecDeque<(WriteId, u64)>,
    on_disk: u64,
}

fn encoded(message: &impl protobuf::Message) -> Vec<u8> {
    message.write_to_bytes().expect("a message of raft can be encoded")
}

fn decoded<M: protobuf::Message>(bytes: &[u8]) -> M {
    M::parse_from_bytes(bytes).expect("what was encoded can be decoded")
}

impl TikvRaft {
    /// After every call that may have drawn an election timeout.
    fn redraw(&mut self, cx: &mut Context<Node<Self>>) {
        let (low, high) = ELECTION_TICKS;
        let drawn = self.node.raft.randomized_election_timeout() as u64;
        if !(low..=high).contains(&drawn) {
            let ours = cx.random(low, high) as usize;
            self.node.raft.set_randomized_election_timeout(ours);
        }
    }

    fn send(&self, message: Message, after: WriteId, cx: &mut Context<Node<Self>>) {
        let packet = Packet {
            kind: kind_of(&message),
            term: message.term,
            index: message.entries.last().map_or(message.index, |entry| entry.index),
            bytes: encoded(&message),
        };
        cx.send(NodeId(message.to as u16 - 1), super::host::Message::Guest(packet), after);
    }

    /// One `Ready`: send, store, hand over.
    fn take_ready(
        &mut self,
        decided: &mut Vec<(u64, Option<Entry>)>,
        cx: &mut Context<Node<Self>>,
    ) {
        let mut ready = self.node.ready();
        for message in ready.take_messages() {
            self.send(message, WriteId::NONE, cx);
        }
        for entry in ready.take_committed_entries() {
            decided.push((entry.index, entry_of(&entry)));
        }
        let mut written = cx.written();
        if ready.hs().is_some() || !ready.entries().is_empty() {
            let state = ready.hs().map(encoded);
            let entries = ready.entries().iter().map(encoded).collect();
            written = cx.write(Record { state, entries });
            let mut store = self.node.mut_store().wl();
            store.append(ready.entries()).expect("no gap in the log");
            if let Some(state) = ready.hs() {
                store.set_hardstate(state.clone());
            }
        }
        if let Some(last) = ready.entries().last() {
            // What a new leader replaces is no longer on its way to the disk.
            self.on_disk = self.on_disk.min(ready.entries()[0].index - 1);
            self.stored.retain(|&(_, index)| index < ready.entries()[0].index);
            self.stored.push_back((written, last.index));
        }
        for message in ready.take_persisted_messages() {
            self.send(message, written, cx);
        }
        self.storing.push_back((ready.number(), written));
        self.node.advance_append_async(ready);
        self.node.advance_apply();
    }

    fn persisted(&mut self) {
        while let Some(&(number, _)) = self.storing.front().filter(|(_, w)| *w <= self.durable) {
            self.storing.pop_front();
            self.node.on_persist_ready(number);
        }
        while let Some(&(_, index)) = self.stored.front().filter(|(w, _)| *w <= self.durable) {
            self.stored.pop_front();
            self.on_disk = index;
        }
    }
}

impl Guest for TikvRaft {
    type Packet = Packet;
    type Record = Record;

    fn face(&self) -> Face {
        let state = match self.node.raft.state {
            StateRole::Follower => 0,
            StateRole::Candidate | StateRole::PreCandidate => 1,
            StateRole::Leader => LEADS,
        };
        Face { state, epoch: self.node.raft.term }
    }

    fn boot(cx: &mut Context<Node<Self>>, records: Vec<Record>) -> Self {
        let voters: Vec<u64> = (1..=u64::from(cx.servers())).collect();
        let storage = MemStorage::new_with_conf_state((voters, Vec::new()));
        for record in &records {
            let entries: Vec<eraftpb::Entry> =
                record.entries.iter().map(|bytes| decoded(bytes)).collect();
            storage.wl().append(&entries).expect("no gap in the log");
            if let Some(state) = &record.state {
                storage.wl().set_hardstate(decoded::<HardState>(state));
            }
        }
        let config = Config {
            id: u64::from(cx.id().0) + 1,
            election_tick: ELECTION_TICKS.0 as usize,
            heartbeat_tick: HEARTBEAT_TICKS,
            min_election_tick: ELECTION_TICKS.0 as usize,
            max_election_tick: usize::MAX / 2,
            max_size_per_msg: 1 << 20,
            max_inflight_msgs: 256,
            check_quorum: true,
            pre_vote: true,
            ..Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let node = RawNode::new(&config, storage, &logger).expect("a valid configuration");
        let on_disk = node.raft.raft_log.last_index();
        let durable = cx.written();
        let storing = VecDeque::new();
        let mut raft = TikvRaft { node, storing, durable, stored: VecDeque::new(), on_disk };
        raft.redraw(cx);
        raft
    }

    fn receive(&mut self, _from: NodeId, packet: &Packet, cx: &mut Context<Node<Self>>) {
        // It refuses what does not concern it; that is its right.
        let _ = self.node.step(decoded(&packet.bytes));
        self.redraw(cx);
    }

    fn tick(&mut self, cx: &mut Context<Node<Self>>) {
        self.node.tick();
        self.redraw(cx);
    }

    fn durable(&mut self, upto: WriteId, cx: &mut Context<Node<Self>>) {
        self.durable = upto;
        self.persisted();
        self.redraw(cx);
    }

    fn propose(
        &mut self,
        entry: Entry,
        _cx: &mut Context<Node<Self>>,
    ) -> Result<(), Option<NodeId>> {
        let leader = self.node.raft.leader_id;
        let hint = (leader > 0).then(|| NodeId(leader as u16 - 1));
        if self.node.raft.state != StateRole::Leader {
            return Err(hint);
        }
        let Entry { id, command } = entry;
        let data = format!("{} {} {command}", id.client.0, id.number);
        self.node.propose(Vec::new(), data.into_bytes()).map_err(|_| None)
    }

    fn settle(&mut self, cx: &mut Context<Node<Self>>) -> Vec<(u64, Option<Entry>)> {
        let mut decided = Vec::new();
        while self.node.has_ready() {
            self.take_ready(&mut decided, cx);
            self.persisted();
            self.redraw(cx);
        }
        decided
    }

    fn cells(&self) -> Vec<Cell> {
        let log = &self.node.raft.raft_log;
        let entries = log.all_entries();
        let cell = |entry: &eraftpb::Entry| Cell {
            epoch: entry.term,
            safety: if entry.index <= log.committed {
                Safety::Committed
            } else if entry.index <= self.on_disk {
                Safety::OnDisk
            } else {
                Safety::Written
            },
            label: entry_of(entry).map_or(String::new(), |entry| entry.command.short()),
        };
        entries.iter().map(cell).collect()
    }
}

/// An entry without data is the one with which a leader begins its term.
fn entry_of(entry: &eraftpb::Entry) -> Option<Entry> {
    let text = std::str::from_utf8(&entry.data).ok()?;
    let mut words = text.split(' ');
    let client = NodeId(words.next()?.parse().ok()?);
    let number = words.next()?.parse().ok()?;
    let name = words.next()?;
    let arguments: Vec<String> = words.map(str::to_string).collect();
    let command = Command::parse(name, &arguments, 0)?;
    Some(Entry { id: RequestId { client, number }, command })
}

const MESSAGES: &[MessageKind] = &[
    KINDS[0],
    KINDS[1],
    KINDS[2],
    MessageKind { name: "vote-request", sign: Sign::Ask, label: "vote?" },
    MessageKind { name: "vote-granted", sign: Sign::Grant, label: "granted" },
    MessageKind { name: "vote-refused", sign: Sign::Refuse, label: "refused" },
    MessageKind { name: "append", sign: Sign::Carry, label: "entry" },
    MessageKind { name: "commit", sign: Sign::Pulse, label: "commit" },
    MessageKind { name: "stored", sign: Sign::Stored, label: "on disk" },
    MessageKind { name: "refused", sign: Sign::Refuse, label: "refused" },
    MessageKind { name: "heartbeat", sign: Sign::Pulse, label: "heartbeat" },
    MessageKind { name: "other", sign: Sign::Pulse, label: "other" },
];

fn kind_of(message: &Message) -> u8 {
    match message.get_msg_type() {
        MessageType::MsgRequestVote | MessageType::MsgRequestPreVote => 3,
        MessageType::MsgRequestVoteResponse | MessageType::MsgRequestPreVoteResponse => {
            if message.reject { 5 } else { 4 }
        }
        MessageType::MsgAppend if message.entries.is_empty() => 7,
        MessageType::MsgAppend => 6,
        MessageType::MsgAppendResponse if message.reject => 9,
        MessageType::MsgAppendResponse => 8,
        MessageType::MsgHeartbeat | MessageType::MsgHeartbeatResponse => 10,
        _ => 11,
    }
}

/// The protocol.
pub struct Tikv;

impl Protocol for Tikv {
    type Process = Node<TikvRaft>;
    type Machine = KeyValue;
    type Check = super::host::Agreement;
    const DECLARATION: &'static Declaration =
        &Declaration { title: "TiKV's raft", epoch: "term", ..declared("tikv-raft", MESSAGES) };
    fn config(setup: &Setup) -> <Self::Process as Process>::Config {
        patience(setup)
    }
    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}
