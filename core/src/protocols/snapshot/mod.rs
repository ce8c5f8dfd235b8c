//! Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed
//! Systems", TOCS 3(1), 1985: a bank whose branches send each other money, and a snapshot of it
//! taken while they go on. The two rules stand in `branch`, what must hold in `check`.
//!
//! Assumed, as in the paper: no process fails, no message is lost. Channels that keep the order
//! the room makes itself, by numbers (`channel`).

mod branch;
mod check;
mod declare;
mod message;
mod rules;
#[cfg(test)]
mod tests;

pub use branch::{Branch, Channel, Collected, Recording};
pub use check::Invariants;
pub use message::{Body, Message, Opened, Report};
pub use rules::Rules;

use crate::declare::Declaration;
use crate::process::{
    Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::protocols::errand::{Done, Errand, Errands};
use crate::scenario::ast::OperationCall;
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The protocol.
pub struct Snapshot;

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// What each branch has at the start.
    pub money: u64,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the branch it speaks to first.
    pub first_servers: Vec<Option<NodeId>>,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's patience.
    Retry,
    /// A wrong branch does what it has put off.
    PutOff,
    /// A wrong branch records.
    Appointed,
}

/// A branch or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// n1, n2, ...
    Branch(Branch),
    /// Moves money, asks for snapshots.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Errand) -> Message {
        Message::Request(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Opened;
    type Request = Errand;
    type Response = Done;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Opened>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Branch::boot(config, disk, cx).map(Node::Branch);
        }
        let place = cx.id().0 - cx.servers();
        let first = config.first_servers.get(usize::from(place)).copied().flatten();
        let target = first.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::new(target, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Branch(branch), message) => branch.on_message(from, message, cx),
            (Node::Client(client), Message::Reply(id, said)) => client.on_said(from, *id, said, cx),
            (Node::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Branch(branch), Timer::PutOff) => branch.on_put_off(cx),
            (Node::Branch(branch), Timer::Appointed) => branch.on_appointed(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            _ => {}
        }
    }

    fn on_order(&mut self, order: u8, arguments: &[u64], cx: &mut Context<Self>) {
        match (self, order, arguments) {
            (Node::Branch(branch), declare::order::SNAPSHOT, _) => branch.begin(cx),
            (Node::Branch(branch), declare::order::TRANSFER, &[to, amount]) => {
                branch.transfer(NodeId(to as u16), amount, cx);
            }
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Errand, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn face(&self) -> Face {
        match self {
            Node::Branch(branch) => {
                Face { state: u8::from(!branch.open.is_empty()), epoch: branch.last }
            }
            Node::Client(_) => Face { state: 2, epoch: 0 },
        }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Branch(branch) => branch.inspect(),
            Node::Client(client) => {
                let speaks = alloc::format!("n{}", client.target().0 + 1);
                let fields = alloc::vec![("speaks to".to_string(), speaks)];
                Inspection { fields, ..Inspection::default() }
            }
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Branch(branch) => branch.weight(),
            Node::Client(client) => client.weight(),
        }
    }
}

/// "90 and 10 and 5": what was in a branch, and what came along its channels.
fn sum(recording: &Recording) -> String {
    let mut out = recording.balance.to_string();
    for amount in recording.channels.iter().flat_map(|channel| &channel.transfers) {
        out.push_str(" and ");
        out.push_str(&amount.to_string());
    }
    out
}

impl Branch {
    fn inspect(&self) -> Inspection<Timer> {
        let shown = self.open.last().or(self.complete.as_ref());
        let recorded = shown.map_or("nothing".to_string(), sum);
        let total =
            self.collected.map_or("none".to_string(), |collected| collected.total.to_string());
        let state = match shown {
            Some(_) => alloc::format!("{}, recorded {recorded}", self.balance),
            None => self.balance.to_string(),
        };
        let fields = alloc::vec![
            ("balance".to_string(), self.balance.to_string()),
            ("snapshot".to_string(), self.last.to_string()),
            ("recorded".to_string(), recorded),
            (
                "recording".to_string(),
                (if self.open.is_empty() { "no" } else { "yes" }).to_string()
            ),
            ("total".to_string(), total),
        ];
        Inspection { state, fields, ..Inspection::default() }
    }
}

impl Protocol for Snapshot {
    type Process = Node;
    type Machine = Errands;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        Config {
            rules: Rules::without(setup.rules_off),
            money: of(p::MONEY),
            patience: Patience {
                retry_us: of(p::CLIENT_TIMEOUT),
                pause_us: of(p::CLIENT_TIMEOUT) / 4,
                tries: of(p::CLIENT_TRIES) as u32,
            },
            first_servers: setup.first_servers.clone(),
        }
    }

    fn request(call: &OperationCall, fresh: u64) -> Option<Errand> {
        Some(Errand::parse(call, fresh, false))
    }

    /// A snapshot needs every process.
    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }
}
