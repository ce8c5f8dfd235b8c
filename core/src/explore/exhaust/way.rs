//! The way to a violation, step by step: in words, and in names that a text can use.

use super::search::{Act, Space, State};
use super::{Explored, Way};
use crate::check::Violation;
use crate::process::{NodeId, Wire};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use litemap::LiteMap;

/// A step as a text can say it. Servers by their names, messages by their place in
/// `Way::messages`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// A message arrives, and perhaps stays in flight.
    Deliver(usize, bool),
    /// The timer that `timeout` fires.
    Timeout(String),
    /// Another timer.
    Beat(String),
    /// A sync completes.
    Sync(String),
    /// Power fails and comes back.
    Cut(String),
    /// A server that was down boots.
    Boot(String),
    /// This request of a new client arrives at a server: number, server.
    Request(usize, String),
}

/// A message that the way knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// As a text names it: "n1->n2 append #4".
    pub name: String,
    /// It was in flight at the start.
    pub from_before: bool,
    /// It has arrived.
    pub arrived: bool,
}

/// A sync that a step of the way has begun, where syncs are steps of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syncing {
    /// Whose disk.
    pub server: String,
    /// The step that began it, from 0.
    pub begun: usize,
    /// The step at which it completes; none if it never does.
    pub ended: Option<usize>,
}

/// What has happened to the messages on the way so far.
struct Mail {
    counts: LiteMap<(u16, u16, u8), u32>,
    messages: Vec<Sent>,
    /// In flight: packet, and its place among the messages.
    flying: Vec<(u32, usize)>,
}

impl Mail {
    fn send<P: Explored>(&mut self, space: &Space<P>, id: u32, known: Option<u32>) {
        let packet = space.packet_of(id);
        let link = (packet.from.0, packet.to.0, packet.message.kind());
        let count = match known {
            Some(count) => count,
            None => {
                let count = self.counts.get(&link).copied().unwrap_or(0) + 1;
                self.counts.insert(link, count);
                count
            }
        };
        let (from, to) = (called(space, packet.from), called(space, packet.to));
        let name = format!("{from}->{to} {} #{count}", kind_of::<P>(link.2));
        self.flying.push((id, self.messages.len()));
        self.messages.push(Sent { name, from_before: known.is_some(), arrived: false });
    }

    fn arrive(&mut self, id: u32, stays: bool) -> usize {
        let Some(place) = self.flying.iter().position(|(packet, _)| *packet == id) else {
            return 0;
        };
        let (_, message) = self.flying[place];
        if !stays {
            self.flying.remove(place);
        }
        self.messages[message].arrived = true;
        message
    }
}

/// Goes the way again from the start.
pub(super) fn tell<P: Explored>(
    space: &mut Space<P>,
    ordinals: &[u16],
    violation: &Violation,
) -> Way {
    let mut mail = Mail { counts: LiteMap::new(), messages: Vec::new(), flying: Vec::new() };
    for &(link, count) in &space.origin.sent {
        mail.counts.insert(link, count);
    }
    for (place, &id) in space.origin.flights.iter().enumerate() {
        mail.send(space, id, space.origin.counts.get(place).copied());
    }
    let (mut state, mut to, mut acts) = (space.start.clone(), State::default(), Vec::new());
    let (mut steps, mut moves, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
    for (at, &ordinal) in ordinals.iter().enumerate() {
        space.acts(&state, &mut acts);
        let Some(&act) = acts.get(usize::from(ordinal)) else { break };
        steps.push(words(space, &state, act));
        moves.push(move_of(space, &state, act, &mut mail));
        for id in space.sends(&state, act) {
            mail.send(space, id, None);
        }
        if space.after(&state, act, &mut to).is_none() {
            break;
        }
        let completes = matches!(act, Act::Sync { .. });
        note_sync(space, (&state, &to), at, completes, &mut syncs);
        core::mem::swap(&mut state, &mut to);
    }
    Way {
        check: violation.check,
        statement: violation.statement.clone(),
        steps,
        moves,
        messages: mail.messages,
        syncs,
        calls: space.origin.calls.clone(),
    }
}

/// Which sync a step has ended, and which it has begun.
fn note_sync<P: Explored>(
    space: &Space<P>,
    (before, after): (&State, &State),
    at: usize,
    completes: bool,
    syncs: &mut Vec<Syncing>,
) {
    for server in 0..space.setting.servers {
        let (was, is) = (space.member_at(before, server), space.member_at(after, server));
        if was.syncing == is.syncing && was.durable == is.durable {
            continue;
        }
        let name = called(space, NodeId(server));
        if completes && let Some(known) = syncs.iter_mut().rev().find(|sync| sync.server == name) {
            known.ended = Some(at);
        }
        if is.syncing.is_some() {
            syncs.push(Syncing { server: name, begun: at, ended: None });
        }
    }
}

fn called<P: Explored>(space: &Space<P>, node: NodeId) -> String {
    match space.world_names.get(node.index()) {
        Some(name) => name.clone(),
        None => format!("client {}", node.0 - space.clients_from + 1),
    }
}

fn kind_of<P: Explored>(kind: u8) -> &'static str {
    P::DECLARATION.messages.get(usize::from(kind)).map_or("message", |kind| kind.name)
}

fn move_of<P: Explored>(space: &Space<P>, state: &State, act: Act, mail: &mut Mail) -> Move {
    let name = |server: u16| called(space, NodeId(server));
    match act {
        Act::Deliver { packet, stays } => Move::Deliver(mail.arrive(packet, stays), stays),
        Act::Timer { server, .. } if space.is_campaign(state, act) => Move::Timeout(name(server)),
        Act::Timer { server, .. } => Move::Beat(name(server)),
        Act::Sync { server } => Move::Sync(name(server)),
        Act::Cut { server, .. } => Move::Cut(name(server)),
        Act::Boot { server } => Move::Boot(name(server)),
        Act::Request { server, number } => Move::Request(usize::from(number), name(server)),
    }
}

fn words<P: Explored>(space: &Space<P>, state: &State, act: Act) -> String {
    let name = |server: u16| called(space, NodeId(server));
    match act {
        Act::Deliver { packet, stays } => {
            let packet = space.packet_of(packet);
            let kind = kind_of::<P>(packet.message.kind());
            let stays = if stays { " and stays in flight" } else { "" };
            let (from, to) = (called(space, packet.from), called(space, packet.to));
            format!("{from}->{to} {kind} arrives{stays}: {:?}", packet.message)
        }
        Act::Timer { server, place } => {
            let timer = space.member_at(state, server).timers.get(usize::from(place));
            let timer = timer.map_or(String::new(), |timer| format!("{timer:?}"));
            format!("{}: the timer {timer} runs out", name(server))
        }
        Act::Sync { server } => format!("{}: a sync completes", name(server)),
        Act::Cut { server, keep } => {
            let member = space.member_at(state, server);
            let lost = match member.written() - member.durable {
                0 => String::new(),
                loose => format!("; {keep} of {loose} unsynced records survive"),
            };
            format!("{}: power fails and comes back{lost}", name(server))
        }
        Act::Boot { server } => format!("{} boots", name(server)),
        Act::Request { server, number } => {
            let call = space.origin.calls.get(usize::from(number) - 1);
            let call = call.map_or(String::new(), ToString::to_string);
            format!("a client's request arrives at {}: {call}", name(server))
        }
    }
}
