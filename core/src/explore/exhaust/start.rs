//! From a world in the middle of a run to the first state of a search.

use super::member::{Ask, Member, Setting};
use super::{Bounds, Explored, MessageOf, ProcessOf, TimerOf, Unfit};
use crate::declare::{Argument, Operation};
use crate::process::{EffectOf, NodeId};
use crate::scenario::ast::{DiskFault, OperationCall};
use crate::view::Status;
use crate::world::{Cast, Input, World};
use alloc::string::ToString;
use alloc::vec::Vec;

/// What a search begins with.
pub(super) struct Start<P: Explored> {
    pub setting: Setting<P>,
    pub members: Vec<Member<P>>,
    /// Effects that have not left, by server.
    pub fresh: Vec<Vec<EffectOf<ProcessOf<P>>>>,
    pub flights: Vec<(NodeId, NodeId, MessageOf<P>)>,
    pub check: P::Check,
    pub asks: Vec<Ask<P>>,
    pub origin: Origin,
}

/// Where the search begins, for whoever writes a text.
pub(super) struct Origin {
    /// The requests as a text says them, one for each number.
    pub calls: Vec<OperationCall>,
    /// By link and kind, how many messages have been sent.
    pub sent: Vec<((u16, u16, u8), u32)>,
    /// What was in flight, and the count in the name of each.
    pub flights: Vec<u32>,
    pub counts: Vec<u32>,
}

/// Reads a world's servers, what is in flight between them, and what the checks remember.
pub(super) fn read<P: Explored>(world: &World, bounds: &Bounds) -> Result<Start<P>, Unfit> {
    let unfit = |why: &str| Unfit(why.to_string());
    let Some(cast) = world.members.as_any().downcast_ref::<Cast<P>>() else {
        return Err(unfit("The run is of another protocol."));
    };
    let kernel = &world.kernel;
    let servers = kernel.servers;
    let setting = Setting {
        config: cast.config(),
        servers,
        now_us: kernel.now_us,
        sync_at_once: !bounds.split_sync,
    };
    let (mut members, mut fresh, mut flights, mut counts) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for flight in kernel.flights().filter(|flight| flight.lost.is_none()) {
        if flight.to.0 < servers
            && let Some(message) = cast.message(flight.payload)
        {
            flights.push((flight.from, flight.to, message.clone()));
            counts.push(flight.face.count);
        }
    }
    for id in (0..servers).map(NodeId) {
        let node = kernel.node(id);
        let disk = &node.disk;
        let faulty = disk.faults.iter().any(|(fault, _)| !matches!(fault, DiskFault::Slow(_)))
            || !disk.rotten.is_empty()
            || !disk.holes.is_empty()
            || disk.failed
            || disk.safe != disk.durable;
        if faulty {
            return Err(unfit("Something is wrong with a disk at that time: not explored."));
        }
        for input in &node.inbox {
            match input {
                Input::Message { from, payload, face, .. } => {
                    if let Some(message) = cast.message(*payload) {
                        flights.push((*from, id, message.clone()));
                        counts.push(face.count);
                    }
                }
                Input::Timer { .. } => {}
                _ => {
                    return Err(unfit(
                        "A server has yet to hear of its disk or an order: not explored.",
                    ));
                }
            }
        }
        let still = cast.still(id);
        let armed = |(place, timer): (usize, &TimerOf<P>)| {
            node.timers.get(place).is_some_and(|slot| slot.armed).then_some(*timer)
        };
        members.push(Member {
            node: id,
            process: still.process.filter(|_| node.status != Status::Down),
            halted: node.halted,
            records: still.records,
            durable: disk.durable,
            syncing: disk.syncing,
            compacted: disk.compacted,
            compactions: disk.compactions.clone(),
            held: still.held,
            timers: still.timers.iter().enumerate().filter_map(armed).collect(),
        });
        fresh.push(still.fresh);
    }
    let calls = calls(P::DECLARATION.operations, bounds.requests);
    let ask = |(place, call): (usize, &OperationCall)| {
        let client = NodeId((kernel.nodes.len() + place) as u16);
        Ask::new(&setting, client, &P::request(call, 0)?)
    };
    let asks: Option<Vec<_>> = calls.iter().enumerate().map(ask).collect();
    let Some(asks) = asks else {
        return Err(unfit("The protocol has no operation to ask for."));
    };
    let mut sent = Vec::new();
    for from in 0..kernel.nodes.len() as u16 {
        for to in 0..servers {
            for kind in 0..P::DECLARATION.messages.len() as u8 {
                let count = kernel.sent(from, to, kind);
                if count > 0 {
                    sent.push(((from, to, kind), count));
                }
            }
        }
    }
    let origin = Origin { calls, sent, flights: Vec::new(), counts };
    let check = cast.check().clone();
    Ok(Start { setting, members, fresh, flights, check, asks, origin })
}

/// The first declared operation on one key, each time with another value.
fn calls(operations: &[Operation], requests: u8) -> Vec<OperationCall> {
    let Some(operation) = operations.first() else { return Vec::new() };
    let of = |number: u8| {
        let argument = |argument: &Argument| match argument {
            Argument::Key => "x".to_string(),
            Argument::Value => number.to_string(),
        };
        let arguments = operation.arguments.iter().map(argument).collect();
        OperationCall { name: operation.name.to_string(), arguments }
    };
    (1..=requests).map(of).collect()
}
