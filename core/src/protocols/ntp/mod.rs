//! Clocks that are led by others: NTP's exchange of four timestamps, its clock filter, its
//! choice among several sources, and the discipline that slews a clock or steps it (Mills,
//! "Internet Time Synchronization: the Network Time Protocol", 1991; RFC 5905). The first nodes
//! are *sources*: their wall clocks are right unless a line moves them. The others, *hosts*, poll
//! them and set their own wall clocks. Every node has a monotonic clock, too, which nobody sets,
//! and measures its tasks by both.
//!
//! What is left out: the loop that also corrects a clock's rate, the adaptive poll interval, the
//! cluster and combine algorithms, strata, and the patience before a step (NTP waits for 900 s).

mod check;
mod declare;
mod filter;
mod host;
mod message;
mod rules;
mod server;
mod source;
#[cfg(test)]
mod tests;

pub use filter::{Filter, STAGES, Sample};
pub use host::{Association, Correction, Host, Taken};
pub use message::{Answer, Call, Message, Midnight};
pub use rules::Rules;
pub use server::{Duty, Measured, Server};
pub use source::Source;

use crate::process::{
    Cells, Context as Cx, Face, Inspection, NodeId, Process, Refusal, RequestId, Role, Stored,
};
use crate::protocols::client::{Client, Patience, Said, Served};
use crate::scenario::ast::OperationCall;
use crate::scenario::{Shift, span_us};
use crate::view::{Cell, Safety};
use crate::world::{Protocol, Setup};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use declare::{parameter, state};
use message::duration;

/// The protocol.
pub struct NetworkTime;

/// The same for every node of a run; spans in µs.
#[derive(Clone, Debug, Hash)]
pub struct Config {
    rules: Rules,
    sources: u16,
    may_step: bool,
    poll_us: u64,
    threshold_us: u64,
    slew_ppm: u32,
    processing_us: (u64, u64),
    task_us: u64,
    patience: Patience,
    /// The node of each client.
    homes: Vec<NodeId>,
}

/// Timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// A client asks again.
    Retry,
    /// A host polls.
    Poll,
    /// A source answers.
    Answer,
    /// A task is done.
    Task,
}

/// A node or a client.
#[derive(Clone, Debug, Hash)]
pub enum Node {
    /// Source or host.
    Server(Server),
    /// Asks.
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, call: &Call) -> Message {
        Message::Ask(id, *call)
    }
    const RETRY: Timer = Timer::Retry;
}

impl Process for Node {
    type Message = Message;
    type Record = ();
    type Request = Call;
    type Response = Answer;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Cx<Self>,
        config: &Rc<Config>,
        _disk: &mut dyn Iterator<Item = Stored<'_, ()>>,
    ) -> Result<Self, Refusal> {
        if cx.role() != Role::Client {
            return Ok(Node::Server(Server::boot(config, cx)));
        }
        let place = cx.client_place();
        let home = config.homes.get(usize::from(place)).copied();
        let home = home.unwrap_or(NodeId(place % cx.servers().max(1)));
        Ok(Node::Client(Client::faithful(home, config.patience)))
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Cx<Self>) {
        match (self, message) {
            (Node::Server(server), message) => server.on_message(from, message, cx),
            (Node::Client(client), Message::Told(id, answer)) => {
                client.on_said(from, *id, &Said::Result(*answer), cx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<Self>) {
        match self {
            Node::Server(server) => server.on_timer(timer, cx),
            Node::Client(client) => client.on_retry(cx),
        }
    }

    fn on_request(&mut self, id: RequestId, call: &Call, cx: &mut Cx<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, call, cx);
        }
    }

    fn face(&self) -> Face {
        let state = match self {
            Node::Client(_) => state::CLIENT,
            Node::Server(server) => match &server.duty {
                Duty::Source(_) => state::SOURCE,
                Duty::Host(host) if host.target_us.is_some() => state::HOST,
                Duty::Host(_) => state::UNSET,
            },
        };
        Face { state, epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        match self {
            Node::Server(server) => inspect(server),
            Node::Client(_) => Inspection::default(),
        }
    }

    /// The delays of the samples in ms, that which counts standing out; of several sources only
    /// that of each.
    fn cells(&self, most: usize) -> Cells {
        let Node::Server(Server { duty: Duty::Host(host), .. }) = self else {
            return Cells::default();
        };
        let cell = |sample: &Sample, counts: bool| Cell {
            epoch: 0,
            safety: if counts { Safety::Committed } else { Safety::Written },
            label: ((sample.delay_us + 500) / 1_000).to_string(),
        };
        let mut cells = Vec::new();
        if let [known] = host.associations.as_slice() {
            let best = known.filter.best();
            let samples = known.filter.samples().iter();
            cells.extend(samples.map(|sample| cell(sample, Some(*sample) == best)));
            // The rack has one column less than the filter has stages.
            if cells.len() == STAGES {
                cells.remove(usize::from(cells[0].safety == Safety::Committed));
            }
        } else {
            let best = host.associations.iter().filter_map(|known| known.filter.best());
            cells.extend(best.map(|sample| cell(&sample, true)));
        }
        cells.truncate(most);
        Cells { first: 1, cells }
    }

    fn weight(&self, _later: Option<&Self>) -> usize {
        match self {
            Node::Server(server) => match &server.duty {
                Duty::Source(source) => source.waiting() * 40,
                Duty::Host(host) => {
                    host.associations.len()
                        * (size_of::<Association>() + STAGES * size_of::<Sample>())
                }
            },
            Node::Client(client) => client.weight(),
        }
    }
}

fn inspect(server: &Server) -> Inspection<Timer> {
    let mut seen = Inspection { ..Inspection::default() };
    let mut say = |name: &str, value: String| seen.fields.push((name.to_string(), value));
    match &server.duty {
        Duty::Source(source) => say("waiting", source.waiting().to_string()),
        Duty::Host(host) => {
            seen.arc = Some(Timer::Poll);
            if let Some(taken) = &host.taken {
                let exchange = taken.exchange;
                let error = duration(exchange.error());
                seen.state = Shift(taken.offset_us).to_string();
                say("source", format!("n{}", taken.source.0 + 1));
                say("there", Shift(exchange.t2 - exchange.t1).to_string());
                say("back", Shift(exchange.t4 - exchange.t3).to_string());
                say("offset", Shift(taken.offset_us).to_string());
                say("delay", duration(exchange.delay()).to_string());
                say("error", error.to_string());
            }
            if let Some(correction) = &host.correction {
                let way = if correction.step { "step" } else { "slew" };
                say("correction", format!("{way} {}", Shift(correction.by_us)));
            }
        }
    }
    if server.busy() > 0 {
        say("tasks", server.busy().to_string());
    }
    if let Some(measured) = &server.measured {
        say("took-by-wall", duration(measured.wall_us).to_string());
        say("took-by-monotonic", duration(measured.monotonic_us).to_string());
    }
    seen
}

impl Protocol for NetworkTime {
    type Process = Node;
    type Machine = Midnight;
    type Check = check::Checks;
    const DECLARATION: &'static crate::declare::Declaration = &declare::DECLARATION;

    fn config(setup: &Setup) -> Config {
        let value = |place: usize| setup.parameters[place].0;
        let own = |place: usize| NodeId(place as u16 % setup.servers.max(1));
        let homes = setup.first_servers.iter().enumerate();
        let retry_us = value(parameter::CLIENT_TIMEOUT);
        let tries = value(parameter::CLIENT_TRIES) as u32;
        let sources = value(parameter::SOURCES) as u16;
        Config {
            rules: Rules::without(setup.rules_off),
            sources: sources.min(setup.servers.saturating_sub(1)).max(1),
            may_step: value(parameter::CORRECTION) == 0,
            poll_us: value(parameter::POLL),
            threshold_us: value(parameter::THRESHOLD),
            slew_ppm: value(parameter::SLEW_RATE) as u32,
            processing_us: setup.parameters[parameter::PROCESSING],
            task_us: value(parameter::TASK),
            patience: Patience { retry_us, pause_us: retry_us, tries },
            homes: homes.map(|(place, home)| home.unwrap_or(own(place))).collect(),
        }
    }

    fn request(call: &OperationCall, _fresh: u64) -> Option<Call> {
        match call.name.as_str() {
            "time" => Some(Call::Time),
            // A length that is no span of time leaves it to the text.
            "task" => Some(Call::Task(call.arguments.first().and_then(|word| span_us(word)))),
            _ => None,
        }
    }

    /// Nobody stands in for another: a client's node must be up.
    fn suffices(_config: &Config, servers: u16, up: &[NodeId]) -> bool {
        up.len() == usize::from(servers)
    }
}
