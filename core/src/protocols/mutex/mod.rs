//! Mutual exclusion among processes that share nothing but messages: Lamport, "Time, Clocks, and
//! the Ordering of Events in a Distributed System", CACM 21(7), 1978, and Ricart and Agrawala,
//! "An Optimal Algorithm for Mutual Exclusion in Computer Networks", CACM 24(1), 1981. The rules
//! stand in `server`, what must hold in `check`.
//!
//! Assumed, as in the papers: no process fails, no message is lost. Channels that keep the
//! order, which Lamport needs and Ricart and Agrawala don't, the room makes itself by numbers
//! (`channel`).

mod check;
mod declare;
mod message;
mod rules;
mod server;
#[cfg(test)]
mod tests;

pub use check::Invariants;
pub use message::{Body, Message, Stamp, Started};
pub use rules::Rules;
pub use server::{Server, Want};

use crate::declare::Declaration;
use crate::process::{
    Context, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::{Client, Patience, Served};
use crate::protocols::errand::{Done, Errand, Errands};
use crate::scenario::ast::OperationCall;
use crate::view::Votes;
use crate::world::{Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub(crate) use declare::event;

/// The protocol.
pub struct Mutex;

/// Whose algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 1978: a queue at every process; request, acknowledgement, release.
    Lamport,
    /// 1981: a reply is a permission; who waits since earlier puts it off.
    RicartAgrawala,
}

/// Parameters and rules of a run.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    /// Which rules are on.
    pub rules: Rules,
    /// Whose algorithm.
    pub algorithm: Algorithm,
    /// How long a process stays inside, µs.
    pub stay_us: u64,
    /// The clients' patience.
    pub patience: Patience,
    /// For each client the process it speaks to.
    pub first_servers: Vec<Option<NodeId>>,
}

/// The timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client's patience.
    Retry,
    /// A process has been inside for long enough.
    Leave,
}

/// A process or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// n1, n2, ...
    Server(Server),
    /// Has its process use the resource.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Errand) -> Message {
        Message::Ask(id, request.clone())
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = Started;
    type Request = Errand;
    type Response = Done;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Started>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Server::boot(config, disk, cx).map(Node::Server);
        }
        let place = cx.id().0 - cx.servers();
        let first = config.first_servers.get(usize::from(place)).copied().flatten();
        let target = first.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::faithful(target, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Server(server), Message::Channel(number, body)) => {
                server.on_channel(from, *number, body, cx);
            }
            (Node::Server(server), Message::Ask(id, _)) => server.on_ask(from, *id, cx),
            (Node::Client(client), Message::Answer(id, said)) => {
                client.on_said(from, *id, said, cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match (self, timer) {
            (Node::Server(server), Timer::Leave) => server.leave(cx),
            (Node::Client(client), Timer::Retry) => client.on_retry(cx),
            _ => {}
        }
    }

    fn on_order(&mut self, order: u8, _arguments: &[u64], cx: &mut Context<Self>) {
        match (self, order) {
            (Node::Server(server), declare::order::ENTER) => server.told_to_enter(cx),
            (Node::Server(server), declare::order::LEAVE) => server.leave(cx),
            _ => {}
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Errand, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn face(&self) -> Face {
        let state = match self {
            Node::Server(server) => match server.want {
                Want::Nothing => 0,
                Want::Waiting(_) => 1,
                Want::Inside(_) => 2,
            },
            Node::Client(_) => 3,
        };
        Face { state, epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => server.inspect(),
            Node::Client(client) => {
                let speaks = alloc::format!("n{}", client.target().0 + 1);
                let fields = alloc::vec![("speaks to".to_string(), speaks)];
                Inspection { fields, ..Inspection::default() }
            }
        }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => server.weight(),
            Node::Client(client) => client.weight(),
        }
    }
}

/// "1 n2, 3 n1": times and processes.
fn listed(stamps: &[Stamp]) -> String {
    let one = |stamp: &Stamp| alloc::format!("{} n{}", stamp.time, stamp.node.0 + 1);
    stamps.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Server {
    fn inspect(&self) -> Inspection<Timer> {
        let others = self.others();
        let state = match self.want {
            Want::Nothing => "outside",
            Want::Waiting(_) => "waiting",
            Want::Inside(_) => "inside",
        };
        let waiting = matches!(self.want, Want::Waiting(_));
        let heard = self.heard_from();
        let votes = waiting.then_some(Votes { have: heard, need: others, of: others });
        let deferred: Vec<String> =
            self.deferred.iter().map(|node| alloc::format!("n{}", node.0 + 1)).collect();
        let asked = self.want.stamp().map_or("no".to_string(), |stamp| stamp.time.to_string());
        let fields = alloc::vec![
            ("clock".to_string(), self.clock.to_string()),
            ("state".to_string(), state.to_string()),
            ("asked".to_string(), asked),
            ("entered".to_string(), self.entered.to_string()),
            ("heard".to_string(), alloc::format!("{heard} of {others}")),
            ("queue".to_string(), listed(&self.queue)),
            ("deferred".to_string(), deferred.join(" ")),
        ];
        let queue = if self.queue.is_empty() { deferred.join(" ") } else { listed(&self.queue) };
        let state = if queue.is_empty() {
            alloc::format!("time {}", self.clock)
        } else {
            alloc::format!("time {}: {queue}", self.clock)
        };
        let arc = matches!(self.want, Want::Inside(_)).then_some(Timer::Leave);
        Inspection { arc, votes, state, fields, ..Inspection::default() }
    }
}

impl Protocol for Mutex {
    type Process = Node;
    type Machine = Errands;
    type Check = Invariants;
    const DECLARATION: &'static Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        use declare::parameter as p;
        let of = |place: usize| setup.parameters[place].0;
        let lamport = of(p::ALGORITHM) == 0;
        Config {
            rules: Rules::without(setup.rules_off),
            algorithm: if lamport { Algorithm::Lamport } else { Algorithm::RicartAgrawala },
            stay_us: of(p::STAY),
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

    /// Nobody commits anything: whoever is inside is inside.
    fn can_commit(_process: &Node, _servers: u16, _reached: &[NodeId]) -> bool {
        true
    }

    /// Everybody must answer.
    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }
}
