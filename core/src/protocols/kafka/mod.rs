//! Kafka's replication of one partition as a protocol of this crate: a controller names the
//! leader and the in-sync replicas, followers fetch, the high-water mark says what is committed,
//! leader epochs say where logs part (KIP-101, KIP-279). n1 is the controller, all others are
//! brokers. The rules stand in `controller` and `broker`, what must hold in `check`.

mod broker;
mod check;
mod controller;
mod declare;
mod message;
mod rules;
#[cfg(test)]
mod tests;

pub use broker::{Broker, Role};
pub use check::Invariants;
pub use controller::Controller;
pub use message::{Brokers, EpochEnd, EpochRequest, Fetch, Fetched, Message, Partition, Record};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::machine::{Answer, Command, KeyValue};
use crate::process::{
    Cells, Context, DiskEvent, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::protocols::epoch_log::Entry;
use crate::scenario::ast::OperationCall;
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The field `log` names the epochs of so many last records.
const EPOCHS_SHOWN: usize = 200;

/// The protocol.
pub struct Kafka;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Between a broker's signs of life, and how long a fetch waits for records, µs.
    pub heartbeat_us: u64,
    /// How long the controller takes a silent broker for alive, µs.
    pub session_us: u64,
    /// How long a follower may lag, µs.
    pub lag_us: u64,
    /// Between checkpoints of the high-water mark, µs.
    pub checkpoint_us: u64,
    /// Whether a producer waits for all in-sync replicas.
    pub acks_all: bool,
    /// With fewer in-sync replicas nothing is taken from a producer that waits for all.
    pub min_insync: u32,
    /// Whether one that is not in sync may lead when no other can.
    pub unclean: bool,
    /// Whether records count when they are on disk; Kafka has them count in memory.
    pub flush: bool,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the node it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A sign of life, and a look at others'.
    Tick,
    /// A follower asks again.
    Fetch,
    /// The high-water mark goes to disk.
    Checkpoint,
    /// A client's patience.
    Retry,
}

/// The controller, a broker or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// n1.
    Controller(Controller),
    /// n2, n3, ...
    Broker(Broker),
    /// Produces and reads.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Command) -> Message {
        Message::Request(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
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
        if cx.role() == crate::process::Role::Server {
            return match cx.id() {
                NodeId(0) => Controller::boot(config, disk, cx).map(Node::Controller),
                _ => Broker::boot(config, disk, cx).map(Node::Broker),
            };
        }
        let place = usize::from(cx.id().0 - cx.servers());
        let first = config.first_servers.get(place).copied().flatten();
        let brokers = cx.servers().max(2) - 1;
        let target = first.unwrap_or(NodeId(1 + place as u16 % brokers));
        Ok(Node::Client(Client::new(target, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Controller(controller), message) => controller.on_message(from, message, cx),
            (Node::Broker(broker), message) => broker.on_message(from, message, cx),
            (Node::Client(client), Message::Reply(id, said)) => client.on_said(from, *id, said, cx),
            (Node::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match self {
            Node::Controller(controller) => controller.on_tick(cx),
            Node::Broker(broker) => broker.on_timer(timer, cx),
            Node::Client(client) => client.on_retry(cx),
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn on_disk(&mut self, event: DiskEvent, cx: &mut Context<Self>) {
        match (self, event) {
            (Node::Broker(broker), DiskEvent::Durable(upto)) => broker.on_durable(upto, cx),
            (_, DiskEvent::Failed(_)) => cx.exit("a sync has failed"),
            _ => {}
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Controller(controller) => Face { state: 0, epoch: controller.partition.epoch },
            Node::Broker(broker) => {
                let state = match broker.role {
                    Role::Following => 1,
                    Role::Truncating(_) => 2,
                    Role::Leader(_) => 3,
                    Role::Waiting => 4,
                };
                Face { state, epoch: broker.partition.epoch }
            }
            Node::Client(_) => Face { state: 5, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Controller(controller) => {
                let (state, fields) = partition_fields(&controller.partition);
                Inspection { state, fields, ..Inspection::default() }
            }
            Node::Broker(broker) => broker.inspect(),
            Node::Client(client) => {
                let speaks = alloc::format!("n{}", client.target().0 + 1);
                let fields = alloc::vec![("speaks to".to_string(), speaks)];
                Inspection { fields, ..Inspection::default() }
            }
        }
    }

    fn share(&mut self, earlier: &Self) {
        if let (Node::Broker(broker), Node::Broker(earlier)) = (self, earlier) {
            broker.log.share(&earlier.log);
        }
    }

    fn weight(&self, later: Option<&Self>) -> usize {
        match (self, later) {
            (Node::Broker(broker), Some(Node::Broker(later))) => broker.weight(Some(later)),
            (Node::Broker(broker), _) => broker.weight(None),
            (Node::Client(client), _) => client.weight(),
            (Node::Controller(_), _) => 0,
        }
    }

    fn cells(&self, most: usize) -> Cells {
        match self {
            Node::Broker(broker) => broker.cells(most),
            _ => Cells::default(),
        }
    }
}

fn name(node: Option<NodeId>) -> String {
    node.map_or("none".to_string(), |node| alloc::format!("n{}", node.0 + 1))
}

/// "n2, in sync n2 n3", and the same as fields.
fn partition_fields(partition: &Partition) -> (String, Vec<(String, String)>) {
    let isr: Vec<String> = partition.isr.iter().map(|node| name(Some(node))).collect();
    let isr = isr.join(" ");
    let leader = name(partition.leader);
    let fields = alloc::vec![
        ("epoch".to_string(), partition.epoch.to_string()),
        ("leader".to_string(), leader.clone()),
        ("isr".to_string(), isr.clone()),
    ];
    (alloc::format!("{leader}, in sync {isr}"), fields)
}

impl Broker {
    fn cells(&self, most: usize) -> Cells {
        let durable_index = self.log.durable_index(self.durable);
        let safety = |index| {
            if index <= self.mark {
                Safety::Committed
            } else if index <= durable_index {
                Safety::OnDisk
            } else {
                Safety::Written
            }
        };
        let cell = |(index, entry): (u64, &Entry)| Cell {
            epoch: entry.epoch,
            safety: safety(index),
            label: entry.command.as_ref().map_or(String::new(), |(_, command)| command.short()),
        };
        let first = self.log.first_of_last(most);
        Cells { first, cells: (first..).zip(self.log.iter_from(first)).map(cell).collect() }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let first = self.log.first_of_last(EPOCHS_SHOWN);
        let before = (first > 1).then(|| "…".to_string());
        let epochs = self.log.iter_from(first).map(|entry| entry.epoch.to_string());
        let epochs: Vec<String> = before.into_iter().chain(epochs).collect();
        let state = match &self.role {
            Role::Waiting => "waiting",
            Role::Truncating(_) => "truncating",
            Role::Following => "following",
            Role::Leader(_) => "leader",
        };
        let (_, mut fields) = partition_fields(&self.partition);
        fields.extend([
            ("state".to_string(), state.to_string()),
            ("log".to_string(), epochs.join(" ")),
            ("end".to_string(), self.log.last_index().to_string()),
            ("commit".to_string(), self.mark.to_string()),
        ]);
        fields.extend(self.replica.machine.entries());
        let arc =
            matches!(self.role, Role::Following | Role::Truncating(_)).then_some(Timer::Fetch);
        let state = self.replica.machine.short();
        Inspection { arc, votes: None, note: "", state, fields }
    }
}

impl Protocol for Kafka {
    type Process = Node;
    type Machine = KeyValue;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            heartbeat_us: of(p::HEARTBEAT),
            session_us: of(p::SESSION),
            lag_us: of(p::LAG),
            checkpoint_us: of(p::CHECKPOINT),
            acks_all: of(p::ACKS) == 0,
            min_insync: of(p::MIN_INSYNC) as u32,
            unclean: of(p::UNCLEAN) == 1,
            flush: of(p::FLUSH) == 0,
            patience: Patience {
                retry_us: of(p::CLIENT_TIMEOUT),
                pause_us: of(p::CLIENT_TIMEOUT) / 4,
                tries: of(p::CLIENT_TRIES) as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}
