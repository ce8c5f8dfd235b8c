//! `omnipaxos` 0.2.4. It writes inside its handlers and takes for granted that what it wrote is
//! stored when the call returns. So its host does what a synchronous disk does: after a write
//! the process handles nothing until the disk has it, and nothing that it said leaves before.

use super::host::{Entry, Guest, KINDS, LEADS, Message, Node, declared, patience};
use happens_before::declare::{Declaration, MessageKind, Sign};
use happens_before::machine::{Command, KeyValue};
use happens_before::process::{Context, Face, NodeId, Process, Wire, WriteId};
use happens_before::scenario::OperationCall;
use happens_before::view::{Cell, Safety};
use happens_before::world::{Protocol, Setup};
use omnipaxos::ballot_leader_election::Ballot;
use omnipaxos::messages::Message as OmniMessage;
use omnipaxos::messages::ballot_leader_election::HeartbeatMsg;
use omnipaxos::messages::sequence_paxos::PaxosMsg;
use omnipaxos::storage::{NoSnapshot, StopSign, Storage, StorageOp, StorageResult};
use omnipaxos::util::LogEntry;
use omnipaxos::{ClusterConfig, OmniPaxos, ServerConfig};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

impl omnipaxos::storage::Entry for Entry {
    type Snapshot = NoSnapshot;
}

/// A message as it travels.
#[derive(Clone, Debug)]
pub struct Packet(OmniMessage<Entry>);

impl Hash for Packet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Its types have no `Hash`; their `Debug` tells every field.
        format!("{:?}", self.0).hash(state);
    }
}

impl Wire for Packet {
    fn kind(&self) -> u8 {
        match &self.0 {
            OmniMessage::BLE(ble) => match ble.msg {
                HeartbeatMsg::Request(_) => 3,
                HeartbeatMsg::Reply(_) => 4,
            },
            OmniMessage::SequencePaxos(paxos) => match &paxos.msg {
                PaxosMsg::PrepareReq(_) | PaxosMsg::Prepare(_) => 5,
                PaxosMsg::Promise(_) => 6,
                PaxosMsg::AcceptSync(_) => 7,
                PaxosMsg::AcceptDecide(_) => 8,
                PaxosMsg::Accepted(_) => 9,
                PaxosMsg::NotAccepted(_) => 10,
                PaxosMsg::Decide(_) => 11,
                _ => 12,
            },
        }
    }
    fn epoch(&self) -> u64 {
        let OmniMessage::SequencePaxos(paxos) = &self.0 else { return 0 };
        let ballot = match &paxos.msg {
            PaxosMsg::PrepareReq(it) => it.n,
            PaxosMsg::Prepare(it) => it.n,
            PaxosMsg::Promise(it) => it.n,
            PaxosMsg::AcceptSync(it) => it.n,
            PaxosMsg::AcceptDecide(it) => it.n,
            PaxosMsg::Accepted(it) => it.n,
            PaxosMsg::NotAccepted(it) => it.n,
            PaxosMsg::Decide(it) => it.n,
            _ => return 0,
        };
        epoch_of(ballot)
    }
    fn number(&self) -> u64 {
        let OmniMessage::SequencePaxos(paxos) = &self.0 else { return 0 };
        match &paxos.msg {
            PaxosMsg::Accepted(it) => it.accepted_idx as u64,
            PaxosMsg::AcceptDecide(it) => (it.decided_idx + it.entries.len()) as u64,
            PaxosMsg::Decide(it) => it.decided_idx as u64,
            _ => 0,
        }
    }
}

/// Ballots of different servers are different epochs.
fn epoch_of(ballot: Ballot) -> u64 {
    u64::from(ballot.n) * 16 + ballot.pid
}

/// One write, as the disk keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// The log up to this length stays, then come these.
    Append(u64, Vec<Entry>),
    Promise(Round),
    Accepted(Round),
    Decided(u64),
}

/// A ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Round {
    config: u32,
    n: u32,
    priority: u32,
    pid: u64,
}

impl Round {
    fn of(ballot: Ballot) -> Round {
        let Ballot { config_id, n, priority, pid } = ballot;
        Round { config: config_id, n, priority, pid }
    }
    fn ballot(self) -> Ballot {
        Ballot { config_id: self.config, n: self.n, priority: self.priority, pid: self.pid }
    }
}

#[derive(Default)]
struct Kept {
    log: Vec<Entry>,
    promise: Option<Round>,
    accepted: Option<Round>,
    decided: u64,
    /// Writes that have not been given to the disk.
    fresh: Vec<Op>,
}

impl Kept {
    fn apply(&mut self, op: &Op) {
        match op {
            Op::Append(keep, entries) => {
                self.log.truncate(*keep as usize);
                self.log.extend(entries.iter().cloned());
            }
            Op::Promise(round) => self.promise = Some(*round),
            Op::Accepted(round) => self.accepted = Some(*round),
            Op::Decided(index) => self.decided = *index,
        }
    }
}

/// The storage that the guest writes to: remembers, and notes what the disk must get.
#[derive(Clone, Default)]
struct Store(Rc<RefCell<Kept>>);

impl Store {
    fn note(&self, op: Op) -> StorageResult<()> {
        let mut kept = self.0.borrow_mut();
        kept.apply(&op);
        kept.fresh.push(op);
        Ok(())
    }
}

impl Storage<Entry> for Store {
    fn write_atomically(&mut self, ops: Vec<StorageOp<Entry>>) -> StorageResult<()> {
        // All ops of a handler are one record: atomic.
        for op in ops {
            match op {
                StorageOp::AppendEntry(entry) => self.append_entry(entry)?,
                StorageOp::AppendEntries(entries) => self.append_entries(entries)?,
                StorageOp::AppendOnPrefix(from, entries) => self.append_on_prefix(from, entries)?,
                StorageOp::SetPromise(ballot) => self.set_promise(ballot)?,
                StorageOp::SetDecidedIndex(index) => self.set_decided_idx(index)?,
                StorageOp::SetAcceptedRound(ballot) => self.set_accepted_round(ballot)?,
                StorageOp::SetCompactedIdx(index) => self.set_compacted_idx(index)?,
                StorageOp::Trim(index) => self.trim(index)?,
                StorageOp::SetStopsign(sign) => self.set_stopsign(sign)?,
                StorageOp::SetSnapshot(snapshot) => self.set_snapshot(snapshot)?,
            }
        }
        Ok(())
    }
    fn append_entry(&mut self, entry: Entry) -> StorageResult<()> {
        self.append_entries(vec![entry])
    }
    fn append_entries(&mut self, entries: Vec<Entry>) -> StorageResult<()> {
        let length = self.0.borrow().log.len() as u64;
        self.note(Op::Append(length, entries))
    }
    fn append_on_prefix(&mut self, from: usize, entries: Vec<Entry>) -> StorageResult<()> {
        self.note(Op::Append(from as u64, entries))
    }
    fn set_promise(&mut self, ballot: Ballot) -> StorageResult<()> {
        self.note(Op::Promise(Round::of(ballot)))
    }
    fn set_decided_idx(&mut self, index: usize) -> StorageResult<()> {
        self.note(Op::Decided(index as u64))
    }
    fn get_decided_idx(&self) -> StorageResult<usize> {
        Ok(self.0.borrow().decided as usize)
    }
    fn set_accepted_round(&mut self, ballot: Ballot) -> StorageResult<()> {
        self.note(Op::Accepted(Round::of(ballot)))
    }
    fn get_accepted_round(&self) -> StorageResult<Option<Ballot>> {
        Ok(self.0.borrow().accepted.map(Round::ballot))
    }
    fn get_entries(&self, from: usize, to: usize) -> StorageResult<Vec<Entry>> {
        Ok(self.0.borrow().log.get(from..to).unwrap_or(&[]).to_vec())
    }
    fn get_log_len(&self) -> StorageResult<usize> {
        Ok(self.0.borrow().log.len())
    }
    fn get_suffix(&self, from: usize) -> StorageResult<Vec<Entry>> {
        Ok(self.0.borrow().log.get(from..).unwrap_or(&[]).to_vec())
    }
    fn get_promise(&self) -> StorageResult<Option<Ballot>> {
        Ok(self.0.borrow().promise.map(Round::ballot))
    }
    // Neither reconfiguration nor compaction is asked for.
    fn set_stopsign(&mut self, _: Option<StopSign>) -> StorageResult<()> {
        Ok(())
    }
    fn get_stopsign(&self) -> StorageResult<Option<StopSign>> {
        Ok(None)
    }
    fn trim(&mut self, _: usize) -> StorageResult<()> {
        Ok(())
    }
    fn set_compacted_idx(&mut self, _: usize) -> StorageResult<()> {
        Ok(())
    }
    fn get_compacted_idx(&self) -> StorageResult<usize> {
        Ok(0)
    }
    fn set_snapshot(&mut self, _: Option<NoSnapshot>) -> StorageResult<()> {
        Ok(())
    }
    fn get_snapshot(&self) -> StorageResult<Option<NoSnapshot>> {
        Ok(None)
    }
}

/// What comes while the process waits for its disk.
enum Input {
    Packet(Packet),
    Entry(Entry),
}

/// A server of OmniPaxos.
pub struct OmniServer {
    omni: OmniPaxos<Entry, Store>,
    store: Store,
    inputs: VecDeque<Input>,
    durable: WriteId,
    /// The last record that it wrote.
    written: WriteId,
    handed: u64,
}

impl OmniServer {
    fn waits(&self) -> bool {
        self.written > self.durable
    }

    /// Gives the disk what was written and the network what was said.
    fn flush(&mut self, cx: &mut Context<Node<Self>>) {
        let fresh = std::mem::take(&mut self.store.0.borrow_mut().fresh);
        if !fresh.is_empty() {
            self.written = cx.write(fresh);
        }
        let mut messages = Vec::new();
        self.omni.take_outgoing_messages(&mut messages);
        for message in messages {
            let to = NodeId(message.get_receiver() as u16 - 1);
            cx.send(to, Message::Guest(Packet(message)), self.written);
        }
    }

    /// One thing after the other, as long as the disk keeps up.
    fn work(&mut self, cx: &mut Context<Node<Self>>) {
        while !self.waits() {
            match self.inputs.pop_front() {
                None => return,
                Some(Input::Packet(packet)) => self.omni.handle_incoming(packet.0),
                // While a leader prepares it refuses; the client asks again.
                Some(Input::Entry(entry)) => drop(self.omni.append(entry)),
            }
            self.flush(cx);
        }
    }
}

impl Guest for OmniServer {
    type Packet = Packet;
    type Record = Vec<Op>;

    fn face(&self) -> Face {
        let promise = self.omni.get_promise();
        let state = match self.omni.get_current_leader() {
            Some((pid, accepts)) if pid == self.omni.get_pid() => {
                if accepts {
                    LEADS
                } else {
                    1
                }
            }
            _ => 0,
        };
        Face { state, epoch: epoch_of(promise) }
    }

    fn boot(cx: &mut Context<Node<Self>>, records: Vec<Vec<Op>>) -> Self {
        let store = Store::default();
        records.iter().flatten().for_each(|op| store.0.borrow_mut().apply(op));
        let cluster = ClusterConfig {
            configuration_id: 1,
            nodes: (1..=u64::from(cx.servers())).collect(),
            flexible_quorum: None,
        };
        let server = ServerConfig {
            pid: u64::from(cx.id().0) + 1,
            election_tick_timeout: 10,
            resend_message_tick_timeout: 20,
            ..ServerConfig::default()
        };
        let omni = cluster.build_for_server(server, store.clone()).expect("a valid configuration");
        let (durable, inputs) = (cx.written(), VecDeque::new());
        OmniServer { omni, store, inputs, durable, written: durable, handed: 0 }
    }

    fn receive(&mut self, _from: NodeId, packet: &Packet, cx: &mut Context<Node<Self>>) {
        self.inputs.push_back(Input::Packet(packet.clone()));
        self.work(cx);
    }

    fn tick(&mut self, cx: &mut Context<Node<Self>>) {
        // A process that waits for its disk sees no clock.
        if !self.waits() {
            self.omni.tick();
            self.flush(cx);
        }
    }

    fn durable(&mut self, upto: WriteId, cx: &mut Context<Node<Self>>) {
        self.durable = upto;
        self.work(cx);
    }

    fn propose(
        &mut self,
        entry: Entry,
        cx: &mut Context<Node<Self>>,
    ) -> Result<(), Option<NodeId>> {
        self.inputs.push_back(Input::Entry(entry));
        self.work(cx);
        Ok(())
    }

    fn settle(&mut self, cx: &mut Context<Node<Self>>) -> Vec<(u64, Option<Entry>)> {
        self.flush(cx);
        if self.waits() {
            return Vec::new(); // that it is decided must be on disk, too
        }
        let decided = self.omni.read_decided_suffix(self.handed as usize).unwrap_or_default();
        let mut handed = Vec::new();
        for entry in decided {
            self.handed += 1;
            let LogEntry::Decided(entry) = entry else { continue };
            handed.push((self.handed, Some(entry)));
        }
        handed
    }

    fn cells(&self) -> Vec<Cell> {
        let kept = self.store.0.borrow();
        let epoch = kept.accepted.map_or(0, |round| epoch_of(round.ballot()));
        let safety = |place: u64| match () {
            () if place < kept.decided => Safety::Committed,
            () if self.written > self.durable => Safety::Written,
            () => Safety::OnDisk,
        };
        let cells = (0..).zip(&kept.log);
        cells
            .map(|(place, entry)| Cell {
                epoch,
                safety: safety(place),
                label: entry.command.short(),
            })
            .collect()
    }
}

const MESSAGES: &[MessageKind] = &[
    KINDS[0],
    KINDS[1],
    KINDS[2],
    MessageKind { name: "heartbeat", sign: Sign::Pulse, label: "heartbeat" },
    MessageKind { name: "beat", sign: Sign::Pulse, label: "heartbeat" },
    MessageKind { name: "prepare", sign: Sign::Ask, label: "prepare" },
    MessageKind { name: "promise", sign: Sign::Grant, label: "promise" },
    MessageKind { name: "accept-sync", sign: Sign::Carry, label: "entries" },
    MessageKind { name: "accept", sign: Sign::Carry, label: "entry" },
    MessageKind { name: "accepted", sign: Sign::Stored, label: "on disk" },
    MessageKind { name: "not-accepted", sign: Sign::Refuse, label: "refused" },
    MessageKind { name: "decide", sign: Sign::Pulse, label: "decide" },
    MessageKind { name: "other", sign: Sign::Pulse, label: "other" },
];

/// The protocol.
pub struct Omni;

impl Protocol for Omni {
    type Process = Node<OmniServer>;
    type Machine = KeyValue;
    type Check = super::host::Agreement;
    const DECLARATION: &'static Declaration =
        &Declaration { title: "OmniPaxos", epoch: "ballot", ..declared("omnipaxos", MESSAGES) };
    fn config(setup: &Setup) -> <Self::Process as Process>::Config {
        patience(setup)
    }
    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}
