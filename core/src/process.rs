//! The one trait that every protocol implements, and what it sees of the world. Sans-I/O: a
//! process is told what happened and answers with effects pushed into a buffer that the
//! caller owns. It sees no time but its own clocks, no randomness but the context's, and it
//! can't tell a slow peer from a dead one, because the world can't tell it either.

use crate::draw::{Purpose, between, draw};
use crate::renaming::Tag;
use crate::view::{Cell, Votes};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;
use core::hash::{Hash, Hasher};

/// A node of a run: servers first (n1 is 0), then services, then clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub u16);

impl Hash for NodeId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Tag::Node.mark(u64::from(self.0), state);
    }
}

impl NodeId {
    /// Its place in the run's list of nodes.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the protocol.
    Server,
    /// Serves beside them: a storage, a time server; what the declaration calls `services`.
    Service,
    /// Asks the servers; the workload speaks to it.
    Client,
}

/// A position in a node's record log over all incarnations: the number of records written
/// up to and including this one. `WriteId::NONE` waits for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteId(pub u64);

impl Hash for WriteId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Tag::Write.mark(self.0, state);
    }
}

impl WriteId {
    /// Before every record.
    pub const NONE: WriteId = WriteId(0);
}

/// A client operation: the `number`-th (from 1) that the workload gave to this client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId {
    /// The client's node.
    pub client: NodeId,
    /// 1...
    pub number: u64,
}

/// What travels or is stored: its face for people, and its content by `Hash` and `Debug`.
pub trait Wire: Clone + Debug + Hash {
    /// Index of its kind in the declaration's messages.
    fn kind(&self) -> u8;
    /// Its term, ballot, ...; 0 for none.
    fn epoch(&self) -> u64 {
        0
    }
    /// The number printed on it, a log index or request number; 0 for none.
    fn number(&self) -> u64 {
        0
    }
    /// About how many bytes it takes on the wire, headers included: what `bandwidth` counts.
    fn bytes(&self) -> u32 {
        64
    }
}

/// What a process reads of its disk at boot, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored<'a, R> {
    /// A whole record.
    Record(&'a R),
    /// The last record, cut short by a power cut.
    Torn,
    /// A record that doesn't match its checksum.
    Corrupt,
}

/// What a disk reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiskEvent {
    /// All records up to this one are synced.
    Durable(WriteId),
    /// A sync has failed: this record and those after it may be lost, whatever a later sync
    /// says (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
    Failed(WriteId),
}

/// A process that won't start, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

/// An event worth a name; `event` is its index in the declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Which.
    pub event: u8,
    /// The other node it concerns.
    pub peer: Option<NodeId>,
    /// The epoch at that moment.
    pub epoch: u64,
    /// A log index or another number.
    pub index: u64,
}

/// What is shown of a process all the time: cheap, asked after every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Face {
    /// Index in the declaration's states.
    pub state: u8,
    /// Term, ballot, ...; 0 for none yet.
    pub epoch: u64,
}

/// What is shown of a process when someone looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection<T> {
    /// The timer whose arc is drawn.
    pub arc: Option<T>,
    /// Votes that it has.
    pub votes: Option<Votes>,
    /// Added to the role's word: "cannot commit".
    pub note: &'static str,
    /// Its state machine in a few characters.
    pub state: String,
    /// All else by name, in the order in which it is shown.
    pub fields: Vec<(String, String)>,
}

/// Cells of a log, from one index on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Index of the first cell, from 1.
    pub first: u64,
    /// The cells.
    pub cells: Vec<Cell>,
}

impl Default for Cells {
    fn default() -> Self {
        Cells { first: 1, cells: Vec::new() }
    }
}

impl<T> Default for Inspection<T> {
    fn default() -> Self {
        Inspection { arc: None, votes: None, note: "", state: String::new(), fields: Vec::new() }
    }
}

/// A protocol's state at one node, a server or a client. Going back in time is quick where it
/// is `Clone`; where it isn't, a run is played again from its start.
pub trait Process: Sized + 'static {
    /// Between nodes.
    type Message: Wire;
    /// To disk.
    type Record: Clone + Debug + Hash;
    /// From the workload to a client.
    type Request: Clone + Debug + Hash;
    /// From a client to the workload.
    type Response: Clone + Debug + Hash + PartialEq;
    /// Timers by name; setting one replaces the one of the same name.
    type Timer: Copy + Eq + Debug + Hash;
    /// Parameters and rules, the same for every node of a run.
    type Config: 'static;

    /// First start and restart alike: everything known is in `disk`. What is read here counts
    /// as synced: opening the log syncs it, as a careful recovery does.
    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Self::Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Self::Record>>,
    ) -> Result<Self, Refusal>;
    /// A message arrives.
    fn on_message(&mut self, from: NodeId, message: &Self::Message, cx: &mut Context<Self>);
    /// A timer runs out.
    fn on_timer(&mut self, timer: Self::Timer, cx: &mut Context<Self>);
    /// An operator tells a server: `order` is its index in the declaration, `arguments` are
    /// places of nodes (`NodeId`) and numbers. Not part of the protocol's history.
    fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        let _ = (order, arguments, cx);
    }
    /// The workload asks a client. Servers never hear of it.
    fn on_request(&mut self, id: RequestId, request: &Self::Request, cx: &mut Context<Self>);
    /// The disk reports. What only waits to leave says so by `after` and needs nothing here;
    /// by default a failed sync ends the process, so that it starts from what is really stored.
    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        if let DiskEvent::Failed(_) = event {
            cx.exit("a sync failed");
        }
    }
    /// What is shown all the time; by default the first declared state.
    fn face(&self) -> Face {
        Face { state: 0, epoch: 0 }
    }
    /// What is shown when someone looks; by default nothing.
    fn inspect(&self) -> Inspection<Self::Timer> {
        Inspection::default()
    }
    /// The end of its log, or all of its register: at most so many cells, and the index of the
    /// first. Asked in every frame, so a long log must not cost more than a short one.
    fn cells(&self, most: usize) -> Cells {
        let _ = most;
        Cells::default()
    }
    /// Takes over from an earlier state of the same node the chunks that say what its own say
    /// (`Chunked::share`): a copy of it then costs less beside one of that.
    fn share(&mut self, earlier: &Self) {
        let _ = earlier;
    }
    /// About how many bytes it owns on the heap that a `later` state of the same node does not
    /// share. A process that keeps much should say so: it bounds the memory of going back.
    fn weight(&self, later: Option<&Self>) -> usize {
        let _ = later;
        0
    }
}

/// What a process wants done. The effects of one handler leave together when it ends; its
/// writes are one batch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect<M, R, A, T> {
    /// Send when all up to `after` is on disk.
    Send {
        /// Receiver.
        to: NodeId,
        /// What.
        message: M,
        /// Not before this is on disk.
        after: WriteId,
    },
    /// Append to the record log.
    Write(R),
    /// Wake at this time of the monotonic local clock, µs.
    SetTimer(T, u64),
    /// Forget this timer.
    CancelTimer(T),
    /// The operation's result.
    Reply {
        /// Which operation.
        request: RequestId,
        /// Its result.
        response: A,
        /// Not before this is on disk.
        after: WriteId,
    },
    /// The client stops waiting; the operation stays open.
    GiveUp(RequestId),
    /// A command has been applied at this position of the protocol's order.
    Applied {
        /// Position, from 1.
        index: u64,
        /// Whose, if a client's.
        request: Option<RequestId>,
    },
    /// Something worth a name.
    Mark(Mark),
    /// The process ends itself, and says why. What this handler did besides is not done.
    Exit(&'static str),
    /// An assumption is broken: a violation at this event, and the node halts.
    Broken(&'static str),
    /// Once record `at` is on disk, all records up to `upto` are gone from it.
    Compact {
        /// The last record that goes.
        upto: WriteId,
        /// The record that makes them needless.
        at: WriteId,
    },
    /// A command that only reads was answered from the state after this position of the
    /// protocol's order, without a place of its own in it.
    Read {
        /// Position; 0 for the state before the first.
        index: u64,
        /// Whose.
        request: RequestId,
    },
    /// An operation on a register has a tag, the protocol's own order where it keeps no log: a
    /// write its own, a read that of the write whose value it returns.
    Placed {
        /// The number that its writer chose; 0 for the state before the first write.
        number: u64,
        /// Tells it from another write's of the same number, and orders the two.
        writer: u64,
        /// Whose.
        request: RequestId,
    },
    /// The node's wall clock jumps by so much, µs, as the line `step` makes it.
    StepClock(i64),
    /// The node's wall clock is led to another time, as by the line `slew`.
    SlewClock {
        /// By how much, µs.
        by_us: i64,
        /// At which extra rate, parts per million of the monotonic clock.
        ppm: u32,
    },
    /// The only copy there is boots: of its own order so many positions are on its disk, which
    /// are told again from the first. A power cut takes back what was behind them.
    Recovered(u64),
}

impl<M, R, A, T> Effect<M, R, A, T> {
    /// What must be on disk before this may leave.
    pub fn after(&self) -> WriteId {
        match self {
            Effect::Send { after, .. } | Effect::Reply { after, .. } => *after,
            _ => WriteId::NONE,
        }
    }
}

/// The effects of a protocol's process.
pub type EffectOf<P> = Effect<
    <P as Process>::Message,
    <P as Process>::Record,
    <P as Process>::Response,
    <P as Process>::Timer,
>;

/// What a process sees of the world while it handles one thing, and where its effects go.
pub struct Context<'a, P: Process> {
    pub(crate) id: NodeId,
    pub(crate) role: Role,
    pub(crate) servers: u16,
    pub(crate) services: u16,
    pub(crate) monotonic_us: u64,
    pub(crate) wall_us: u64,
    pub(crate) seed: u64,
    pub(crate) draw_key: u64,
    pub(crate) draws: &'a mut u64,
    pub(crate) written: u64,
    pub(crate) compacted: u64,
    pub(crate) effects: &'a mut Vec<EffectOf<P>>,
}

impl<P: Process> Context<'_, P> {
    /// This node.
    pub fn id(&self) -> NodeId {
        self.id
    }
    /// What this node is for.
    pub fn role(&self) -> Role {
        self.role
    }
    /// How many servers the run has; they are `NodeId(0)..NodeId(servers)`.
    pub fn servers(&self) -> u16 {
        self.servers
    }
    /// The services, in the declaration's order.
    pub fn services(&self) -> impl Iterator<Item = NodeId> + use<P> {
        (self.servers..self.servers + self.services).map(NodeId)
    }
    /// A client's place among the clients, from 0; 0 for all else.
    pub fn client_place(&self) -> u16 {
        self.id.0.saturating_sub(self.servers + self.services)
    }
    /// The other servers.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.id;
        (0..self.servers).map(NodeId).filter(move |&node| node != me)
    }
    /// The local monotonic clock, µs: drifts, never steps.
    pub fn now_us(&self) -> u64 {
        self.monotonic_us
    }
    /// The local wall clock, µs: may be stepped.
    pub fn wall_us(&self) -> u64 {
        self.wall_us
    }
    /// A number from `low..=high`.
    pub fn random(&mut self, low: u64, high: u64) -> u64 {
        *self.draws += 1;
        between(draw(self.seed, Purpose::Process, &[self.draw_key, *self.draws]), low, high)
    }
    /// Appends to the record log; the id tells when it is on disk.
    pub fn write(&mut self, record: P::Record) -> WriteId {
        self.written += 1;
        self.effects.push(Effect::Write(record));
        WriteId(self.written)
    }
    /// Removes all records up to `upto` as soon as record `at` is on disk, atomically: a
    /// snapshot that makes the log before it needless. A power cut before that leaves them.
    pub fn compact(&mut self, upto: WriteId, at: WriteId) {
        self.effects.push(Effect::Compact { upto, at });
    }
    /// The first record that the disk still has or will have: boot reads from there on.
    pub fn first_record(&self) -> WriteId {
        WriteId(self.compacted + 1)
    }
    /// The last record written so far.
    pub fn written(&self) -> WriteId {
        WriteId(self.written)
    }
    /// Sends when all up to `after` is on disk.
    pub fn send(&mut self, to: NodeId, message: P::Message, after: WriteId) {
        self.effects.push(Effect::Send { to, message, after });
    }
    /// Returns an operation's result to the workload when all up to `after` is on disk.
    pub fn reply(&mut self, request: RequestId, response: P::Response, after: WriteId) {
        self.effects.push(Effect::Reply { request, response, after });
    }
    /// The operation stays open; the client goes on to the next.
    pub fn give_up(&mut self, request: RequestId) {
        self.effects.push(Effect::GiveUp(request));
    }
    /// Wakes after `delay_us` of the local monotonic clock.
    pub fn set_timer(&mut self, timer: P::Timer, delay_us: u64) {
        self.effects.push(Effect::SetTimer(timer, self.monotonic_us + delay_us));
    }
    /// Forgets this timer.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.effects.push(Effect::CancelTimer(timer));
    }
    /// Says that a command has been applied at this position of the protocol's own order.
    pub fn applied(&mut self, index: u64, request: Option<RequestId>) {
        self.effects.push(Effect::Applied { index, request });
    }
    /// Says that a command that only reads was answered from the state after this position of
    /// the protocol's own order: its read point, by which the history is judged.
    pub fn read_at(&mut self, index: u64, request: RequestId) {
        self.effects.push(Effect::Read { index, request });
    }
    /// Says that the only copy there is has found so many positions of its own order on its disk;
    /// they are told again, by `applied`, from the first.
    pub fn recovered(&mut self, positions: u64) {
        self.effects.push(Effect::Recovered(positions));
    }
    /// Says which tag an operation on a register has: that of a write before it can be read,
    /// that of a read before it returns. Both zero: nothing has been written.
    pub fn placed(&mut self, number: u64, writer: u64, request: RequestId) {
        self.effects.push(Effect::Placed { number, writer, request });
    }
    /// Sets this node's wall clock: it jumps by so much, µs, when the effects of this handler
    /// leave; `wall_us` shows it from the next handler on. Timers go by the monotonic clock and
    /// are not moved. A slew that is under way goes on: `slew_clock(0, ppm)` ends it.
    pub fn step_clock(&mut self, by_us: i64) {
        self.effects.push(Effect::StepClock(by_us));
    }
    /// Leads this node's wall clock to another time, by so much in all, µs, at this extra rate in
    /// parts per million, as adjtime does. What an earlier slew had still to do is given up. At
    /// less than 1,000,000 ppm the clock never goes back.
    pub fn slew_clock(&mut self, by_us: i64, ppm: u32) {
        self.effects.push(Effect::SlewClock { by_us, ppm });
    }
    /// Lends this context to a process that stands within this one: the same node, clocks, draws
    /// and disk. What it wants done is added to `effects`, and is done when the outer process
    /// hands it on, in that order: then what it has written has the positions that it was told.
    pub fn lend<Inner: Process>(
        &mut self,
        effects: &mut Vec<EffectOf<Inner>>,
        run: impl FnOnce(&mut Context<Inner>),
    ) {
        run(&mut Context {
            id: self.id,
            role: self.role,
            servers: self.servers,
            services: self.services,
            monotonic_us: self.monotonic_us,
            wall_us: self.wall_us,
            seed: self.seed,
            draw_key: self.draw_key,
            draws: self.draws,
            written: self.written,
            compacted: self.compacted,
            effects,
        });
    }
    /// Names what happened.
    pub fn mark(&mut self, event: u8, peer: Option<NodeId>, epoch: u64, index: u64) {
        self.effects.push(Effect::Mark(Mark { event, peer, epoch, index }));
    }
    /// Ends the process: the node is down until it is restarted. What this handler did besides
    /// is not done.
    pub fn exit(&mut self, why: &'static str) {
        self.effects.push(Effect::Exit(why));
    }
    /// States what the protocol relies on. If it doesn't hold, that is a violation at this
    /// event and the node halts; returns whether it holds.
    pub fn ensure(&mut self, condition: bool, name: &'static str) -> bool {
        if !condition {
            self.effects.push(Effect::Broken(name));
        }
        condition
    }
}
