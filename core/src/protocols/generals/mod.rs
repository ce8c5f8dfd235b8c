//! Two generals (Akkoyunlu, Ekanadham and Huber 1975; Gray 1978, "Notes on Data Base Operating
//! Systems"; Lynch 1996, chapter 5): they win if both attack and lose if one does, and their
//! only means is a messenger who may be caught. The first proposes, the other acknowledges, the
//! first acknowledges that, and so on, as often as is set. At dawn a general attacks if every
//! messenger came whom it expected. Whoever sends the last message never learns whether it
//! arrived, and attacks.

#[cfg(test)]
mod tests;

use crate::check::{Check as Watch, Violation};
use crate::declare::{
    Beyond, Check, Declaration, Family, FaultModel, Field, MessageKind, Parameter, Role, Sign,
    State, Unit, event, prose,
};
use crate::machine::{Machine, Text};
use crate::process::{
    Context, EffectOf, Face, Inspection, NodeId, Process, Refusal, RequestId, Stored, Wire, WriteId,
};
use crate::scenario::ast::OperationCall;
use crate::world::{Kernel, Protocol, Setup};
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

/// The protocol.
pub struct TwoGenerals;

/// A messenger: 0 carries the plan, every other acknowledges the one before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Messenger(pub u64);

impl Wire for Messenger {
    fn kind(&self) -> u8 {
        u8::from(self.0 > 0)
    }
    fn number(&self) -> u64 {
        self.0
    }
}

/// When they march, and how often they acknowledge.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Config {
    /// When the plan is sent, µs.
    plan_us: u64,
    /// When both decide, µs.
    dawn_us: u64,
    /// Number of the last messenger.
    last: u64,
}

/// The hours of the night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The first general sends the plan.
    Plan,
    /// Both decide.
    Dawn,
}

/// What a general has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It is night.
    None,
    /// It attacks.
    Attack,
    /// It stays.
    Stay,
}

/// A general.
#[derive(Clone, Debug, Hash)]
pub struct General {
    config: Config,
    first: bool,
    /// Messengers that came so far: the next that is expected.
    next: u64,
    decision: Decision,
}

impl General {
    /// The last messenger that this general waits for; none if it waits for nobody. The first
    /// gets the odd ones, the second the even ones.
    fn expects(&self) -> Option<u64> {
        let last = self.config.last;
        let own = u64::from(self.first);
        if last < own { None } else { Some(last - (last - own) % 2) }
    }

    /// Whether all came.
    fn is_sure(&self) -> bool {
        self.expects().is_none_or(|last| self.next > last)
    }
}

/// What never happens: nobody asks a general.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order(Text);

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// No state: there are no clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nothing;

impl Machine for Nothing {
    type Command = Order;
    type Answer = Order;
    fn apply(&mut self, command: &Order) -> Order {
        command.clone()
    }
    fn part<'a>(&self, command: &'a Order) -> &'a str {
        &command.0
    }
}

/// Indexes of the declaration's events.
mod event {
    pub const SEND: u8 = 0;
    pub const HEAR: u8 = 1;
    pub const ATTACK: u8 = 2;
    pub const STAY: u8 = 3;
}

impl Process for General {
    type Message = Messenger;
    type Record = ();
    type Request = Order;
    type Response = Order;
    type Timer = Timer;
    type Config = Config;

    fn boot(
        cx: &mut Context<Self>,
        config: &Rc<Config>,
        _disk: &mut dyn Iterator<Item = Stored<'_, ()>>,
    ) -> Result<Self, Refusal> {
        let first = cx.id() == NodeId(0);
        if cx.role() == crate::process::Role::Server {
            cx.set_timer(Timer::Dawn, config.dawn_us.saturating_sub(cx.now_us()));
            if first && cx.now_us() <= config.plan_us {
                cx.set_timer(Timer::Plan, config.plan_us - cx.now_us());
            }
        }
        let next = u64::from(first);
        Ok(General { config: **config, first, next, decision: Decision::None })
    }

    fn on_message(&mut self, from: NodeId, message: &Messenger, cx: &mut Context<Self>) {
        if message.0 != self.next {
            return; // he came twice
        }
        self.next += 2;
        cx.mark(event::HEAR, Some(from), 0, message.0);
        if message.0 < self.config.last {
            cx.mark(event::SEND, Some(from), 0, message.0 + 1);
            cx.send(from, Messenger(message.0 + 1), WriteId::NONE);
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Context<Self>) {
        match timer {
            Timer::Plan => {
                cx.mark(event::SEND, Some(NodeId(1)), 0, 0);
                cx.send(NodeId(1), Messenger(0), WriteId::NONE);
            }
            Timer::Dawn if self.is_sure() => {
                self.decision = Decision::Attack;
                cx.mark(event::ATTACK, None, 0, self.next);
            }
            Timer::Dawn => {
                self.decision = Decision::Stay;
                cx.mark(event::STAY, None, 0, self.next);
            }
        }
    }

    fn on_request(&mut self, _: RequestId, _: &Order, _: &mut Context<Self>) {}

    fn face(&self) -> Face {
        Face { state: self.decision as u8, epoch: 0 }
    }

    fn inspect(&self) -> Inspection<Timer> {
        let decision = match self.decision {
            Decision::None => "none",
            Decision::Attack => "attack",
            Decision::Stay => "stay",
        };
        let sure = if self.is_sure() { "yes" } else { "no" };
        Inspection {
            arc: (self.decision == Decision::None).then_some(Timer::Dawn),
            state: decision.to_string(),
            fields: alloc::vec![
                ("decision".to_string(), decision.to_string()),
                ("heard".to_string(), (self.next / 2).to_string()),
                ("sure".to_string(), sure.to_string()),
            ],
            ..Inspection::default()
        }
    }
}

/// Both attack or neither.
#[derive(Clone, Debug)]
pub struct Together(Vec<Decision>);

impl Watch<General> for Together {
    fn new(servers: u16) -> Together {
        Together(alloc::vec![Decision::None; usize::from(servers)])
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &General,
        _fresh: &[EffectOf<General>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Some(known) = self.0.get_mut(node.index()) else { return };
        let news = *known != process.decision;
        *known = process.decision;
        let apart = self.0.contains(&Decision::Attack) && self.0.contains(&Decision::Stay);
        if news && apart {
            let attacks = self.0.iter().position(|d| *d == Decision::Attack).unwrap_or(0);
            let statement = alloc::format!("n{} attacks alone.", attacks + 1);
            let nodes = alloc::vec![NodeId(0), NodeId(1)];
            found.push(Violation { nodes, ..Violation::at_node(0, node, statement) });
        }
    }
}

const fn beyond(fault: &'static str) -> Beyond {
    Beyond {
        fault,
        given: &[],
        because: prose("A messenger that does not come in time leaves his sender sure and alone."),
    }
}

/// Two generals.
const DECLARATION: Declaration = Declaration {
    name: "two-generals",
    title: "Two generals",
    version: 1,
    source: prose(
        "Akkoyunlu, Ekanadham and Huber, Some Constraints and Trade-offs in the Design of Network \
             Communications, 1975; Gray 1978; Lynch, Distributed Algorithms, chapter 5",
    ),
    epoch: "",
    rack: "",
    cells: crate::declare::LOG_CELLS,
    roles: &[Role { prefix: 'n', name: "general" }, Role { prefix: 'c', name: "client" }],
    services: &[],
    nodes: (2, 2),
    states: &[
        State { name: "waiting", family: Family::Follows, shown: false },
        State { name: "attacks", family: Family::Leads, shown: true },
        State { name: "stays", family: Family::Learns, shown: true },
    ],
    messages: &[
        MessageKind { name: "plan", sign: Sign::Carry, label: "attack at dawn" },
        MessageKind { name: "acknowledgement", sign: Sign::Stored, label: "I know" },
    ],
    events: &[
        event("send", &[Field::Node, Field::To, Field::Index], "A messenger sets out.", ""),
        event(
            "hear",
            &[Field::Node, Field::From, Field::Index],
            "A messenger has come through.",
            "",
        ),
        event("attack", &[Field::Node], "It is dawn, and everyone came whom it expected.", ""),
        event("stay", &[Field::Node], "It is dawn, and someone did not come.", ""),
    ],
    parameters: &[
        Parameter {
            name: "acknowledgements",
            unit: Unit::Count,
            default: (1, 1),
            range: (0, 100),
            about: prose(
                "How many messengers acknowledge: the plan, the acknowledgement, and so on.",
            ),
        },
        Parameter {
            name: "plan",
            unit: Unit::Duration,
            default: (100_000, 100_000),
            range: (0, 60_000_000),
            about: prose("When the first messenger sets out."),
        },
        Parameter {
            name: "dawn",
            unit: Unit::Duration,
            default: (1_000_000, 1_000_000),
            range: (1, 600_000_000),
            about: prose("When both decide."),
        },
    ],
    operations: &[],
    orders: &[],
    bugs: &[],
    checks: &[
        Check { plain: "Both attack or neither", formal: "Coordinated attack" },
        Check { plain: "Assumptions hold", formal: "Assertions" },
    ],
    promises: &[],
    starting_log: false,
    faults: FaultModel {
        beyond: &[
            beyond("loss"),
            beyond("drop"),
            beyond("hold"),
            beyond("delay"),
            beyond("cut"),
            beyond("partition"),
            beyond("clog"),
            beyond("latency"),
            beyond("reorder"),
            beyond("bandwidth"),
            beyond("crash"),
            beyond("kill"),
            beyond("wipe"),
            beyond("pause"),
            beyond("suspend"),
            beyond("slow"),
            beyond("drift"),
            beyond("disk tears"),
            beyond("disk fails"),
            beyond("disk full"),
            beyond("disk corrupts"),
        ],
        live_while: prose("It is night."),
    },
};

impl Protocol for TwoGenerals {
    type Process = General;
    type Machine = Nothing;
    type Check = Together;
    const DECLARATION: &'static Declaration = &DECLARATION;

    fn config(setup: &Setup) -> Config {
        let of = |place: usize| setup.parameters[place].0;
        Config { last: of(0), plan_us: of(1), dawn_us: of(2) }
    }

    fn request(_call: &OperationCall, _fresh: u64) -> Option<Order> {
        None
    }
}
