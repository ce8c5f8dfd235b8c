//! Redlock (Redis documentation, "Distributed Locks with Redis"): a lock on a majority of
//! independent instances, each of which lets it run out by its own clock. And the argument about
//! it (Kleppmann 2016): what clocks, pauses and a store that asks nothing do to it.

mod check;
mod client;
mod declare;
mod instance;
mod message;
mod rules;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use client::{Client, Phase};
pub use instance::Instance;
pub use message::{Message, Mine, Record};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::process::{
    Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::files::{Answer, Ask, Command, Files, Guard, Storage, Told};
use crate::scenario::ast::OperationCall;
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use declare::event;

/// The protocol.
pub struct Redlock;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// A client's patience, µs.
    pub retry_us: u64,
    /// Its tries.
    pub tries: u32,
    /// How long a lock is set for, µs.
    pub ttl_us: u64,
    /// How long a client works on a file, µs.
    pub work_us: u64,
    /// How much faster one clock may run than another, millionths.
    pub drift_ppm: u64,
    /// Whether instances count by a clock that is never set.
    pub monotonic: bool,
    /// Whether the store compares versions.
    pub versions: bool,
}

/// A client's timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Its patience.
    Retry,
    /// It has worked long enough.
    Work,
}

/// An instance, the store, or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Keeps locks.
    Instance(Instance),
    /// Keeps files.
    Store(Storage),
    /// Uses both.
    Client(Client),
}

/// The store takes no notice of tokens: there are none.
fn guard(config: &Config) -> Guard {
    Guard {
        tokens: false,
        versions: config.versions,
        reads: false,
        keeps: true,
        equal: true,
        forward: true,
    }
}

fn boot_store(
    config: &Config,
    disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    cx: &mut Context<Node>,
) -> Result<Storage, Refusal> {
    let mut records = Vec::new();
    for stored in disk {
        match stored {
            Stored::Record(Record::File(record)) => records.push(record.clone()),
            Stored::Record(_) | Stored::Torn => {}
            Stored::Corrupt => return Err(Refusal("a record is corrupt")),
        }
    }
    Ok(Storage::boot(guard(config), records.iter(), cx))
}

fn ask_store(storage: &mut Storage, from: NodeId, ask: &Ask, cx: &mut Context<Node>) {
    let outcome = storage.on_ask(ask);
    for record in &outcome.records {
        cx.write(Record::File(record.clone()));
    }
    let (Ask::Fetch { id, .. } | Ask::Write { id, .. } | Ask::Read { id, .. }) = ask;
    Storage::place(*id, &outcome, cx);
    if outcome.applied.is_some() {
        cx.mark(event::WRITE, Some(from), 0, 0);
    }
    if let Some(Told::Conflict { .. }) = outcome.told {
        cx.mark(event::CONFLICT, Some(from), 0, 0);
    }
    let after = cx.written();
    if let Some(told) = outcome.told {
        cx.send(from, Message::Stored(told), after);
    }
}

impl Process for Node {
    type Message = Message;
    type Record = Record;
    type Request = Command;
    type Response = Answer;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    ) -> Result<Self, Refusal> {
        match cx.role() {
            crate::process::Role::Server => Instance::boot(config, disk, cx).map(Node::Instance),
            crate::process::Role::Service => boot_store(config, disk, cx).map(Node::Store),
            crate::process::Role::Client => Ok(Node::Client(Client::new(config))),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Instance(instance), Message::Set(name, mine)) => {
                instance.on_set(from, name, *mine, cx);
            }
            (Node::Instance(instance), Message::Delete(name, mine)) => {
                instance.on_delete(from, name, *mine, cx);
            }
            (Node::Store(storage), Message::ToStore(ask)) => ask_store(storage, from, ask, cx),
            (Node::Client(client), Message::Yes(mine)) => client.on_said(from, *mine, true, cx),
            (Node::Client(client), Message::No(mine)) => client.on_said(from, *mine, false, cx),
            (Node::Client(client), Message::Stored(told)) => client.on_stored(told, cx),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            (Node::Client(client), Timer::Work) => client.on_worked(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        // What a later sync would say is not to be believed (Rebello et al. 2020).
        if let DiskEvent::Failed(_) = event {
            cx.exit("a sync has failed");
        }
    }

    fn face(&self) -> Face {
        let state = match self {
            Node::Instance(instance) => u8::from(instance.is_locked()),
            Node::Store(_) => 2,
            Node::Client(client) if client.relies_on().is_some() => 5,
            Node::Client(client) if client.phase() == Some(Phase::Locking) => 4,
            Node::Client(_) => 3,
        };
        Face { state, epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Instance(instance) => {
                let fields = instance.fields();
                let state: Vec<&str> = fields.iter().map(|(_, owner)| owner.as_str()).collect();
                Inspection { state: state.join(", "), fields, ..Inspection::default() }
            }
            Node::Store(storage) => Inspection {
                state: storage.short(),
                fields: storage.fields(),
                ..Inspection::default()
            },
            Node::Client(client) => {
                let until = client.relies_on().map(|(lock, lease)| {
                    (lock.to_string(), alloc::format!("until {} ms", lease.end_us() / 1_000))
                });
                Inspection { fields: until.into_iter().collect(), ..Inspection::default() }
            }
        }
    }
}

impl Protocol for Redlock {
    type Process = Node;
    type Machine = Files;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            retry_us: of(p::CLIENT_TIMEOUT),
            tries: of(p::CLIENT_TRIES) as u32,
            ttl_us: of(p::TTL),
            work_us: of(p::WORK),
            drift_ppm: of(p::DRIFT_BOUND),
            monotonic: of(p::CLOCK) == 1,
            versions: of(p::STORE) == 1,
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(call, fresh)
    }
}
