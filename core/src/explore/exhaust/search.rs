//! The search itself, breadth first. Servers, messages and what the checks remember are kept
//! once each and named by numbers; a step of one server is computed once. A state is then a
//! row of numbers, and its fingerprint a sum: equal whatever came first.

use super::hash::{Renamed, exact, renamings};
use super::member::{Ask, Call, Doing, Input, Member, Setting};
use super::table::{Seen, Table};
use super::{Bounds, Count, Ends, Explored, MessageOf, Outcome, ProcessOf, Unfit, Way};
use crate::check::{Check, Violation};
use crate::draw::mix;
use crate::process::{NodeId, Process, Wire};
use crate::view::Status;
use crate::world::{Kernel, World};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Kinds of parts, for their fingerprints.
const SERVER: u64 = 1;
const PACKET: u64 = 2;
const CHECKS: u64 = 3;

/// A message on its way.
pub(super) struct Packet<P: Explored> {
    pub from: NodeId,
    pub to: NodeId,
    pub message: Rc<MessageOf<P>>,
}

/// What has been done of what is bounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub requests: u8,
    pub retries: u8,
    pub campaigns: u8,
    pub beats: u8,
    pub crashes: u8,
    pub duplicates: u8,
}

impl Spent {
    fn packed(self) -> u64 {
        let parts = [
            self.requests,
            self.retries,
            self.campaigns,
            self.beats,
            self.crashes,
            self.duplicates,
        ];
        parts.into_iter().fold(0, |all, part| (all << 8) | u64::from(part))
    }

    fn unpacked(packed: u64) -> Spent {
        let part = |place: u32| (packed >> (8 * (5 - place))) as u8;
        Spent {
            requests: part(0),
            retries: part(1),
            campaigns: part(2),
            beats: part(3),
            crashes: part(4),
            duplicates: part(5),
        }
    }
}

/// One of the things that can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A message arrives, and perhaps stays in flight.
    Deliver { packet: u32, stays: bool },
    /// A timer runs out: its place among the server's armed ones.
    Timer { server: u16, place: u16 },
    /// A sync completes.
    Sync { server: u16 },
    /// Power fails; so many unsynced records survive.
    Cut { server: u16, keep: u16 },
    /// A server that was down boots.
    Boot { server: u16 },
    /// A client's request arrives.
    Request { server: u16, number: u8 },
}

/// A state as numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Servers.
    pub members: Vec<u32>,
    /// What the checks remember.
    pub check: u32,
    pub spent: Spent,
    /// What is in flight, sorted; twice if it is there twice.
    pub net: Vec<u32>,
    /// Its number among all states.
    pub index: u32,
}

/// States in a row of numbers.
#[derive(Default)]
struct Row {
    words: Vec<u32>,
    len: u64,
}

impl Row {
    fn push(&mut self, state: &State, index: u32) {
        let packed = state.spent.packed();
        let head =
            [index, state.check, (packed >> 32) as u32, packed as u32, state.net.len() as u32];
        self.words.extend_from_slice(&head);
        self.words.extend_from_slice(&state.members);
        self.words.extend_from_slice(&state.net);
        self.len += 1;
    }

    /// Reads one state; where the next begins.
    fn read(&self, at: usize, servers: usize, state: &mut State) -> usize {
        let words = &self.words[at..];
        state.index = words[0];
        state.check = words[1];
        state.spent = Spent::unpacked((u64::from(words[2]) << 32) | u64::from(words[3]));
        let net = words[4] as usize;
        state.members.clear();
        state.members.extend_from_slice(&words[5..5 + servers]);
        state.net.clear();
        state.net.extend_from_slice(&words[5 + servers..5 + servers + net]);
        at + 5 + servers + net
    }
}

/// What a step of one server comes to.
struct Step {
    to: u32,
    /// What it sends, in order.
    sends: Vec<u32>,
    epoch: u64,
}

/// What the checks say of a step.
struct Judged {
    check: u32,
    violations: Vec<Violation>,
}

/// See the file's head.
pub(super) struct Space<P: Explored> {
    pub(super) bounds: Bounds,
    wanted: Option<u8>,
    pub(super) setting: Setting<P>,
    /// Only its disks and who is up are looked at.
    kernel: Kernel,
    /// What clients ask, by number from 1.
    asks: Vec<Ask<P>>,
    /// Clients that no text knows have these places and later ones.
    pub(super) clients_from: u16,
    epochs_end: u64,
    names: Vec<Vec<u16>>,
    members: Vec<Rc<Member<P>>>,
    member_ids: Table,
    member_hashes: Vec<u64>,
    packets: Vec<Packet<P>>,
    packet_ids: Table,
    packet_hashes: Vec<u64>,
    checks: Vec<P::Check>,
    check_ids: Table,
    check_hashes: Vec<u64>,
    steps: Vec<Step>,
    step_ids: Table,
    judged: Vec<Judged>,
    judged_ids: Table,
    seen: Seen,
    unreduced: u64,
    taken: u64,
    /// For each state the one before it, and which of its acts led on.
    parents: Vec<(u32, u16)>,
    pub(super) start: State,
    now: Row,
    at: usize,
    next: Row,
    depth: u32,
    outcome: Outcome,
    sums: Vec<u64>,
    pub(super) world_names: Vec<alloc::string::String>,
    pub(super) origin: super::start::Origin,
}

impl<P: Explored> Space<P> {
    /// Begins at a world's present state.
    pub(super) fn new(
        world: &World,
        bounds: &Bounds,
        wanted: Option<u8>,
    ) -> Result<Space<P>, Unfit> {
        let start = super::start::read::<P>(world, bounds)?;
        let servers = world.kernel.servers;
        let alike = P::alike(&start.setting.config, servers);
        let alike = if bounds.symmetry { &alike[..] } else { &[] };
        let mut space = Space {
            bounds: *bounds,
            wanted,
            setting: start.setting,
            kernel: world.kernel.clone(),
            asks: start.asks,
            clients_from: world.kernel.nodes.len() as u16,
            epochs_end: 0,
            names: renamings(servers, alike),
            members: Vec::new(),
            member_ids: Table::default(),
            member_hashes: Vec::new(),
            packets: Vec::new(),
            packet_ids: Table::default(),
            packet_hashes: Vec::new(),
            checks: Vec::new(),
            check_ids: Table::default(),
            check_hashes: Vec::new(),
            steps: Vec::new(),
            step_ids: Table::default(),
            judged: Vec::new(),
            judged_ids: Table::default(),
            seen: Seen::default(),
            unreduced: 0,
            taken: 0,
            parents: Vec::new(),
            start: State::default(),
            now: Row::default(),
            at: 0,
            next: Row::default(),
            depth: 0,
            outcome: Outcome::Searching,
            sums: Vec::new(),
            world_names: world.names().iter().map(alloc::string::ToString::to_string).collect(),
            origin: start.origin,
        };
        space.kernel.out.clear();
        for ask in &space.asks {
            let mut node = space.kernel.nodes[0].clone();
            node.role = crate::process::Role::Client;
            node.disk = crate::world::DiskState::default();
            debug_assert_eq!(ask.client.index(), space.kernel.nodes.len());
            space.kernel.nodes.push(node);
        }
        space.begin(start.members, start.fresh, start.flights, start.check);
        Ok(space)
    }

    /// The first state: what waited to leave has left, and with syncs at once all is synced.
    fn begin(
        &mut self,
        members: Vec<Member<P>>,
        fresh: Vec<Vec<crate::process::EffectOf<ProcessOf<P>>>>,
        flights: Vec<(NodeId, NodeId, MessageOf<P>)>,
        check: P::Check,
    ) {
        let mut state = State::default();
        let epoch = |member: &Member<P>| member.process.as_ref().map_or(0, |p| p.face().epoch);
        self.epochs_end = members.iter().map(epoch).max().unwrap_or(0) + self.bounds.epochs;
        for (from, to, message) in flights {
            let packet = self.packet(from, to, message);
            state.net.push(packet);
        }
        self.origin.flights.clone_from(&state.net);
        for member in &members {
            let member = self.member(member.clone());
            state.members.push(member);
        }
        state.check = self.check(check);
        for (place, fresh) in fresh.into_iter().enumerate() {
            let member = (*self.members[state.members[place] as usize]).clone();
            let mut doing = Doing::new(&self.setting, member);
            doing.take_up(fresh);
            let (sent, moments, broken) = (doing.sent, doing.moments, doing.broken);
            let member = doing.member;
            let node = member.node;
            let (check, _) = self.judge(state.check, &state.members, node, &moments, broken, None);
            state.check = self.check(check);
            state.members[place] = self.member(member);
            for (to, message) in sent {
                let packet = self.packet(node, to, message);
                state.net.push(packet);
            }
        }
        self.drop_inert(&mut state, None);
        state.net.sort_unstable();
        let (fingerprint, orbit) = self.fingerprint(&state);
        self.seen.put(fingerprint);
        self.unreduced = orbit;
        self.parents.push((0, 0));
        self.now.push(&state, 0);
        self.start = state;
    }

    // ---- everything once ----

    fn member(&mut self, member: Member<P>) -> u32 {
        let mut hasher = crate::draw::StableHasher::default();
        member.tell_all(&mut hasher);
        let (id, new) = self.member_ids.put(hasher.finish(), self.members.len() as u32);
        if new {
            for names in &self.names {
                let mut hasher = Renamed::new(SERVER, names, member.durable);
                member.tell(&mut hasher);
                self.member_hashes.push(hasher.finish());
            }
            self.members.push(Rc::new(member));
        }
        id
    }

    fn packet(&mut self, from: NodeId, to: NodeId, message: MessageOf<P>) -> u32 {
        let content = (from, to, message);
        let (id, new) = self.packet_ids.put(exact(&content), self.packets.len() as u32);
        if new {
            for names in &self.names {
                let mut hasher = Renamed::new(PACKET, names, 0);
                content.hash(&mut hasher);
                self.packet_hashes.push(hasher.finish());
            }
            let (from, to, message) = content;
            self.packets.push(Packet { from, to, message: Rc::new(message) });
        }
        id
    }

    fn check(&mut self, check: P::Check) -> u32 {
        let (id, new) = self.check_ids.put(exact(&check), self.checks.len() as u32);
        if new {
            for names in &self.names {
                let mut hasher = Renamed::new(CHECKS, names, 0);
                check.hash(&mut hasher);
                self.check_hashes.push(hasher.finish());
            }
            self.checks.push(check);
        }
        id
    }

    /// The least hash under all renamings, and how many different ones there are: so many
    /// states has this one stood for.
    fn fingerprint(&mut self, state: &State) -> (u64, u64) {
        let ways = self.names.len();
        self.sums.clear();
        self.sums.resize(ways, mix(state.spent.packed()));
        let mut add = |hashes: &[u64], id: u32| {
            let from = id as usize * ways;
            for (sum, hash) in self.sums.iter_mut().zip(&hashes[from..from + ways]) {
                *sum = sum.wrapping_add(*hash);
            }
        };
        state.members.iter().for_each(|&id| add(&self.member_hashes, id));
        state.net.iter().for_each(|&id| add(&self.packet_hashes, id));
        add(&self.check_hashes, state.check);
        if ways == 1 {
            return (mix(self.sums[0]), 1);
        }
        self.sums.sort_unstable();
        let least = self.sums[0];
        self.sums.dedup();
        (mix(least), self.sums.len() as u64)
    }

    pub(super) fn member_at(&self, state: &State, server: u16) -> &Rc<Member<P>> {
        &self.members[state.members[usize::from(server)] as usize]
    }

    pub(super) fn packet_of(&self, id: u32) -> &Packet<P> {
        &self.packets[id as usize]
    }

    // ---- what can happen next ----

    /// All acts, always in the same order.
    pub(super) fn acts(&self, state: &State, acts: &mut Vec<Act>) {
        acts.clear();
        let (bounds, spent) = (&self.bounds, state.spent);
        for (place, &packet) in state.net.iter().enumerate() {
            if place > 0 && state.net[place - 1] == packet {
                continue;
            }
            let to = self.member_at(state, self.packets[packet as usize].to.0);
            if to.process.is_some() && !to.halted {
                acts.push(Act::Deliver { packet, stays: false });
                if spent.duplicates < bounds.duplicates {
                    acts.push(Act::Deliver { packet, stays: true });
                }
            }
        }
        for server in 0..self.setting.servers {
            let member = self.member_at(state, server);
            if member.halted {
                continue;
            }
            if member.process.is_none() {
                acts.push(Act::Boot { server });
                continue;
            }
            for (place, timer) in member.timers.iter().enumerate() {
                let campaign = Some(*timer) == P::patience();
                let left = if campaign {
                    spent.campaigns < bounds.campaigns
                } else {
                    spent.beats < bounds.beats
                };
                if left {
                    acts.push(Act::Timer { server, place: place as u16 });
                }
            }
            if member.syncing.is_some() {
                acts.push(Act::Sync { server });
            }
            if spent.crashes < bounds.crashes {
                let loose = member.written() - member.durable;
                acts.extend((0..=loose as u16).map(|keep| Act::Cut { server, keep }));
            }
            let fresh = u8::from(spent.requests < bounds.requests);
            let known = if spent.retries < bounds.retries { spent.requests } else { 0 };
            let first = if known > 0 { 1 } else { spent.requests + 1 };
            for number in first..=spent.requests + fresh {
                acts.push(Act::Request { server, number });
            }
        }
    }

    /// The state after an act, if it is taken and changes anything; what the checks say.
    pub(super) fn after(&mut self, state: &State, act: Act, to: &mut State) -> Option<u32> {
        let (server, input) = self.input(state, act);
        let before = state.members[usize::from(server)];
        let step = self.step(before, act, input);
        let (after, epoch) = (self.steps[step].to, self.steps[step].epoch);
        // Only a campaign goes on to another epoch by itself.
        if epoch > self.epochs_end {
            return None;
        }
        let judged = self.judged(state, server, before, step, act);
        to.clone_from(state);
        to.members[usize::from(server)] = after;
        to.check = self.judged[judged as usize].check;
        // What changes nothing is no step: whatever can follow it can follow without it.
        let same = |hashes: &[u64], a: u32, b: u32| {
            hashes[a as usize * self.names.len()] == hashes[b as usize * self.names.len()]
        };
        let idle = same(&self.member_hashes, after, before)
            && self.steps[step].sends.is_empty()
            && same(&self.check_hashes, to.check, state.check)
            && self.judged[judged as usize].violations.is_empty();
        if idle {
            return None;
        }
        spend(act, self.is_campaign(state, act), &mut to.spent);
        if let Act::Deliver { packet, stays: false } = act
            && let Ok(place) = to.net.binary_search(&packet)
        {
            to.net.remove(place);
        }
        to.net.extend_from_slice(&self.steps[step].sends);
        let same = |spent: &Spent| (spent.crashes, spent.campaigns);
        let touched = (same(&to.spent) == same(&state.spent)).then_some(server);
        self.drop_inert(to, touched);
        to.net.sort_unstable();
        Some(judged)
    }

    /// What the server sends at an act, in order.
    pub(super) fn sends(&mut self, state: &State, act: Act) -> Vec<u32> {
        let (server, input) = self.input(state, act);
        let step = self.step(state.members[usize::from(server)], act, input);
        self.steps[step].sends.clone()
    }

    pub(super) fn is_campaign(&self, state: &State, act: Act) -> bool {
        let Act::Timer { server, place } = act else { return false };
        let timers = &self.member_at(state, server).timers;
        P::patience().is_some() && timers.get(usize::from(place)).copied() == P::patience()
    }

    fn input(&self, state: &State, act: Act) -> (u16, Input<P>) {
        match act {
            Act::Deliver { packet, .. } => {
                let packet = &self.packets[packet as usize];
                (packet.to.0, Input::Message(packet.from, packet.message.clone()))
            }
            Act::Timer { server, place } => {
                let timer = self.member_at(state, server).timers[usize::from(place)];
                (server, Input::Timer(timer))
            }
            Act::Sync { server } => (server, Input::Sync),
            Act::Cut { server, keep } => (server, Input::Cut(u64::from(keep))),
            Act::Boot { server } => (server, Input::Boot),
            Act::Request { server, number } => {
                let ask = &self.asks[usize::from(number) - 1];
                (server, Input::Message(ask.client, ask.message.clone()))
            }
        }
    }

    /// What a server does with an input, computed once.
    fn step(&mut self, before: u32, act: Act, input: Input<P>) -> usize {
        let key = mix(mix(u64::from(before)) ^ act_key(act));
        if let Some(known) = self.step_ids.get(key) {
            return known as usize;
        }
        let member = (*self.members[before as usize]).clone();
        let node = member.node;
        let mut doing = Doing::new(&self.setting, member);
        doing.handle(&input);
        let (member, sent) = (doing.member, doing.sent);
        let epoch = member.process.as_ref().map_or(0, |process| process.face().epoch);
        let to = self.member(member);
        let sends = sent.into_iter().map(|(to, message)| self.packet(node, to, message)).collect();
        let id = self.steps.len();
        self.steps.push(Step { to, sends, epoch });
        self.step_ids.put(key, id as u32);
        id
    }

    // ---- checks ----

    /// What the checks say of a step, computed once for what they remember and all disks.
    fn judged(&mut self, state: &State, server: u16, before: u32, step: usize, act: Act) -> u32 {
        let mut key = mix((step as u64) << 32 | u64::from(state.check));
        for other in 0..self.setting.servers {
            if other != server {
                let member = self.member_at(state, other);
                let up = u64::from(member.process.is_some());
                key = mix(key ^ (member.written() << 33 | member.durable << 1 | up));
            }
        }
        if let Some(known) = self.judged_ids.get(key) {
            return known;
        }
        let (_, input) = self.input(state, act);
        let member = (*self.members[before as usize]).clone();
        let mut doing = Doing::new(&self.setting, member);
        doing.handle(&input);
        let (moments, broken) = (doing.moments, doing.broken);
        let ask = match act {
            Act::Request { number, .. } => Some(usize::from(number) - 1),
            _ => None,
        };
        let node = NodeId(server);
        let (check, violations) =
            self.judge(state.check, &state.members, node, &moments, broken, ask);
        let check = self.check(check);
        let id = self.judged.len() as u32;
        self.judged.push(Judged { check, violations });
        self.judged_ids.put(key, id);
        id
    }

    /// Tells the checks of a step.
    fn judge(
        &mut self,
        check: u32,
        members: &[u32],
        node: NodeId,
        moments: &[super::member::Moment<P>],
        broken: Option<&'static str>,
        ask: Option<usize>,
    ) -> (P::Check, Vec<Violation>) {
        let mut check = self.checks[check as usize].clone();
        let mut found = Vec::new();
        for &id in members {
            let member = &self.members[id as usize];
            let up = member.process.is_some();
            set_disk(&mut self.kernel, member.node, member.written(), member.durable, up);
        }
        if let Some(ask) = ask.and_then(|ask| self.asks.get(ask)) {
            check.handled(ask.client, &ask.process, &ask.fresh, &self.kernel, &mut found);
        }
        for moment in moments {
            let (records, up) = (&moment.records, moment.process.is_some());
            set_disk(&mut self.kernel, node, records.len() as u64, moment.durable, up);
            match (&moment.call, &moment.process) {
                (Call::Booted, Some(process)) => check.booted(node, process, records),
                (Call::Handled, Some(process)) => {
                    check.handled(node, process, &moment.fresh, &self.kernel, &mut found);
                }
                (Call::Released, _) => check.released(node, records, &self.kernel, &mut found),
                (Call::Ended, _) => check.ended(node, records),
                _ => {}
            }
        }
        if let Some(name) = broken {
            let assertions = const { P::DECLARATION.assertions() };
            let statement = alloc::format!("An assumption of the protocol is broken: {name}.");
            found.push(Violation::at_node(assertions, node, statement));
        }
        (check, found)
    }

    // ---- messages that change nothing ----

    /// Drops what is inert; only what this server has to do with can have become so.
    fn drop_inert(&self, state: &mut State, touched: Option<u16>) {
        if !self.bounds.drop_inert {
            return;
        }
        let epochs_end = self.epochs_end(state);
        let mut net = core::mem::take(&mut state.net);
        net.retain(|&id| {
            let packet = &self.packets[id as usize];
            let concerned =
                touched.is_none_or(|server| packet.from.0 == server || packet.to.0 == server);
            !concerned || !self.is_inert(state, packet, epochs_end)
        });
        state.net = net;
    }

    /// Nobody gets beyond this epoch: without a campaign it is the highest there is.
    fn epochs_end(&self, state: &State) -> u64 {
        if state.spent.campaigns < self.bounds.campaigns || P::patience().is_none() {
            return self.epochs_end;
        }
        let process = |&id: &u32| self.members[id as usize].process.as_ref();
        let message = |&id: &u32| &self.packets[id as usize].message;
        let goes_on = state.members.iter().filter_map(process).any(P::incites)
            || state.net.iter().map(message).any(|message| P::is_inciting(message));
        if goes_on {
            return self.epochs_end;
        }
        let known = state.members.iter().filter_map(process).map(|process| process.face().epoch);
        let told = state.net.iter().map(message).map(|message| message.epoch());
        known.chain(told).max().unwrap_or(0).min(self.epochs_end)
    }

    fn is_inert(&self, state: &State, packet: &Packet<P>, epochs_end: u64) -> bool {
        let process = |node: NodeId| {
            let id = *state.members.get(node.index())?;
            self.members[id as usize].process.as_ref()
        };
        let ends = Ends {
            from: process(packet.from),
            to: process(packet.to),
            sender: packet.from,
            epochs_end,
            may_crash: state.spent.crashes < self.bounds.crashes,
        };
        P::is_inert(&packet.message, &ends)
    }

    // ---- the search ----

    /// The first violation that ends the search.
    fn ends(&self, judged: u32) -> Option<&Violation> {
        let mut violations = self.judged[judged as usize].violations.iter();
        violations.find(|violation| self.wanted.is_none_or(|wanted| wanted == violation.check))
    }

    fn look_at(&mut self, state: &State, acts: &mut Vec<Act>, to: &mut State) {
        self.acts(state, acts);
        for (ordinal, &act) in acts.iter().enumerate() {
            let Some(judged) = self.after(state, act, to) else { continue };
            self.taken += 1;
            if let Some(violation) = self.ends(judged).cloned() {
                self.depth += 1;
                self.outcome = Outcome::Violated(self.way(state.index, ordinal as u16, &violation));
                return;
            }
            let (fingerprint, orbit) = self.fingerprint(to);
            if self.seen.put(fingerprint) {
                self.unreduced += orbit;
                let index = self.parents.len() as u32;
                self.parents.push((state.index, ordinal as u16));
                self.next.push(to, index);
            }
        }
    }

    /// The acts that lead to a state and one more.
    fn way(&mut self, state: u32, last: u16, violation: &Violation) -> Way {
        let mut ordinals = alloc::vec![last];
        let mut at = state;
        while at > 0 {
            let (parent, ordinal) = self.parents[at as usize];
            ordinals.push(ordinal);
            at = parent;
        }
        ordinals.reverse();
        super::way::tell(self, &ordinals, violation)
    }
}

fn set_disk(kernel: &mut Kernel, node: NodeId, written: u64, durable: u64, up: bool) {
    let node = kernel.node_mut(node);
    node.status = if up { Status::Up } else { Status::Down };
    let disk = &mut node.disk;
    (disk.written, disk.durable, disk.safe) = (written, durable, durable);
}

#[cfg(test)]
mod tests;

fn spend(act: Act, campaign: bool, spent: &mut Spent) {
    match act {
        Act::Deliver { stays: true, .. } => spent.duplicates += 1,
        Act::Timer { .. } if campaign => spent.campaigns += 1,
        Act::Timer { .. } => spent.beats += 1,
        Act::Cut { .. } => spent.crashes += 1,
        Act::Request { number, .. } if number > spent.requests => spent.requests = number,
        Act::Request { .. } => spent.retries += 1,
        Act::Deliver { .. } | Act::Sync { .. } | Act::Boot { .. } => {}
    }
}

/// What one server can tell of an act.
fn act_key(act: Act) -> u64 {
    match act {
        Act::Deliver { packet, .. } => 1 << 60 | u64::from(packet),
        Act::Timer { place, .. } => 2 << 60 | u64::from(place),
        Act::Sync { .. } => 3 << 60,
        Act::Cut { keep, .. } => 4 << 60 | u64::from(keep),
        Act::Boot { .. } => 5 << 60,
        Act::Request { number, .. } => 6 << 60 | u64::from(number),
    }
}

impl<P: Explored> super::Search for Space<P> {
    fn advance(&mut self, states: u64) {
        let (mut state, mut to, mut acts) = (State::default(), State::default(), Vec::new());
        let servers = usize::from(self.setting.servers);
        for _ in 0..states {
            if self.outcome != Outcome::Searching {
                return;
            }
            if self.at == self.now.words.len() {
                self.at = 0;
                self.now = core::mem::take(&mut self.next);
                if self.now.len == 0 {
                    self.outcome = Outcome::Clean;
                    return;
                }
                self.depth += 1;
            }
            if self.depth >= self.bounds.depth || self.seen.len() >= self.bounds.states {
                self.outcome = Outcome::CutOff;
                return;
            }
            self.at = self.now.read(self.at, servers, &mut state);
            self.now.len -= 1;
            self.look_at(&state, &mut acts, &mut to);
        }
    }

    fn count(&self) -> Count {
        Count {
            states: self.seen.len(),
            unreduced: self.unreduced,
            steps: self.taken,
            depth: self.depth,
            waiting: self.now.len + self.next.len,
        }
    }

    fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}
