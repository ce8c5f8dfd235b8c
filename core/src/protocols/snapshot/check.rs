//! What must hold of snapshots, checked after every handler for the branch that it touched. All
//! of it is judged by what this check itself has seen leave and arrive, channel by channel;
//! what branches recorded is only compared with it.

use super::declare::check;
use super::{Body, Branch, Message, Node, Recording, event};
use crate::check::{Check, Violation};
use crate::chunks::Chunked;
use crate::process::{Effect, EffectOf, Mark, NodeId};
use crate::world::Kernel;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What went along one channel: number and amount of each transfer.
#[derive(Clone, Debug, Default)]
struct Channel {
    sent: Chunked<(u64, u64)>,
    received: Chunked<u64>,
    /// The highest number received.
    highest: u64,
}

/// Where a branch's record lies, on each of its channels.
#[derive(Clone, Debug)]
struct Place {
    balance: u64,
    /// By node: transfers sent there before.
    sent: Vec<usize>,
    /// By node: transfers received from there before, and the highest number among them.
    received: Vec<(usize, u64)>,
    /// What it recorded of itself and its channels, once it is complete.
    recorded: Option<u64>,
}

/// One snapshot that is not complete.
#[derive(Clone, Debug)]
struct Taken {
    number: u64,
    places: Vec<Option<Place>>,
}

/// The checks' state.
#[derive(Clone, Debug)]
pub struct Invariants {
    servers: usize,
    /// What all branches have together.
    money: u64,
    /// By sender, then receiver.
    channels: Vec<Channel>,
    /// What each branch must have, by what it has sent and received.
    balances: Vec<Option<u64>>,
    taken: Vec<Taken>,
    /// Snapshots that are complete.
    complete: u64,
}

fn name(node: usize) -> String {
    format!("n{}", node + 1)
}

fn found_at(check: u8, nodes: [usize; 2], number: u64, statement: String) -> Violation {
    let of = |node: usize| NodeId(node as u16);
    let nodes: Vec<NodeId> = nodes.into_iter().map(of).collect();
    Violation { nodes, index: number, ..Violation::at_node(check, of(0), statement) }
}

impl Check<Node> for Invariants {
    fn new(servers: u16) -> Invariants {
        let servers = usize::from(servers);
        Invariants {
            servers,
            money: 0,
            channels: alloc::vec![Channel::default(); servers * servers],
            balances: alloc::vec![None; servers],
            taken: Vec::new(),
            complete: 0,
        }
    }

    fn handled(
        &mut self,
        node: NodeId,
        process: &Node,
        fresh: &[EffectOf<Node>],
        _kernel: &Kernel,
        found: &mut Vec<Violation>,
    ) {
        let Node::Branch(branch) = process else { return };
        let at = node.index();
        if self.balances.get(at).is_some_and(Option::is_none) {
            self.balances[at] = Some(branch.config.money);
            self.money = branch.config.money * self.servers as u64;
        }
        for effect in fresh {
            match effect {
                Effect::Send {
                    to, message: Message::Channel(number, Body::Transfer(sum)), ..
                } => {
                    self.sends(at, to.index(), *number, *sum);
                }
                Effect::Mark(mark) => self.marked(at, branch, mark, found),
                _ => {}
            }
        }
    }

    fn share(&mut self, earlier: &Invariants) {
        for (channel, before) in self.channels.iter_mut().zip(&earlier.channels) {
            channel.sent.share(&before.sent);
            channel.received.share(&before.received);
        }
    }

    fn weight(&self, later: Option<&Invariants>) -> usize {
        let channels = self.channels.iter().enumerate().map(|(place, channel)| {
            let later = later.and_then(|later| later.channels.get(place));
            channel.sent.weight(later.map(|later| &later.sent), |_| 0)
                + channel.received.weight(later.map(|later| &later.received), |_| 0)
        });
        let place = self.servers * (size_of::<Place>() + 3 * size_of::<usize>() * self.servers);
        size_of_val(&*self.channels) + channels.sum::<usize>() + self.taken.len() * place
    }

    fn committed(&self) -> u64 {
        self.complete
    }
}

impl Invariants {
    fn sends(&mut self, from: usize, to: usize, number: u64, amount: u64) {
        if let Some(channel) = self.channels.get_mut(from * self.servers + to) {
            channel.sent.push((number, amount));
        }
        if let Some(Some(balance)) = self.balances.get_mut(from) {
            *balance = balance.saturating_sub(amount);
        }
    }

    fn receives(&mut self, from: usize, to: usize, number: u64, amount: u64) {
        if let Some(channel) = self.channels.get_mut(from * self.servers + to) {
            channel.received.push(number);
            channel.highest = channel.highest.max(number);
        }
        if let Some(Some(balance)) = self.balances.get_mut(to) {
            *balance += amount;
        }
    }

    fn marked(&mut self, at: usize, branch: &Branch, mark: &Mark, found: &mut Vec<Violation>) {
        match (mark.event, mark.peer) {
            (event::RECEIVE, Some(from)) => {
                self.receives(from.index(), at, mark.index, mark.epoch);
            }
            (event::RECORD, _) => self.records(at, mark.index, mark.epoch, found),
            (event::COMPLETE, _) => {
                let done = branch.complete.as_ref().filter(|done| done.snapshot == mark.index);
                if let Some(done) = done {
                    self.check_recorded(at, done, found);
                    self.check_sum(at, done, found);
                }
            }
            _ => {}
        }
    }

    /// A branch records: the cut goes through it here.
    fn records(&mut self, at: usize, number: u64, balance: u64, found: &mut Vec<Violation>) {
        let servers = self.servers;
        let channel = |from: usize, to: usize| &self.channels[from * servers + to];
        let received = |from: usize| (channel(from, at).received.len(), channel(from, at).highest);
        let place = Place {
            balance: self.balances[at].unwrap_or(0),
            sent: (0..servers).map(|to| channel(at, to).sent.len()).collect(),
            received: (0..servers).map(received).collect(),
            recorded: None,
        };
        if balance != place.balance {
            let statement = format!(
                "{} recorded {balance} in snapshot {number}, and had {}.",
                name(at),
                place.balance
            );
            found.push(found_at(check::STATE, [at, at], number, statement));
        }
        let of = self.taken.iter().position(|taken| taken.number == number);
        let of = of.unwrap_or_else(|| {
            self.taken.push(Taken { number, places: alloc::vec![None; servers] });
            self.taken.len() - 1
        });
        self.taken[of].places[at].get_or_insert(place);
        for other in (0..servers).filter(|&other| other != at) {
            self.check_consistent(of, at, other, found);
            self.check_consistent(of, other, at, found);
        }
    }

    /// What `to` received from `from` before the cut was sent before it (Chandy and Lamport
    /// 1985, §2: no event after the recording at one process comes before it at another).
    fn check_consistent(&self, of: usize, from: usize, to: usize, found: &mut Vec<Violation>) {
        let taken = &self.taken[of];
        let (Some(sender), Some(receiver)) = (&taken.places[from], &taken.places[to]) else {
            return;
        };
        let sent = &self.channels[from * self.servers + to].sent;
        let last = sender.sent[to].checked_sub(1).and_then(|place| sent.get(place));
        if receiver.received[from].1 > last.map_or(0, |(number, _)| *number) {
            let after = sent.iter_from(sender.sent[to]);
            let amount = after.map(|(_, amount)| *amount).next().unwrap_or(0);
            let statement = format!(
                "In snapshot {} the {amount} from {} to {} have arrived, but were not sent.",
                taken.number,
                name(from),
                name(to)
            );
            found.push(found_at(check::CONSISTENT, [from, to], taken.number, statement));
        }
    }

    /// The recorded channels hold what was sent before the cut and received after it.
    fn check_recorded(&self, at: usize, done: &Recording, found: &mut Vec<Violation>) {
        let Some(taken) = self.taken.iter().find(|taken| taken.number == done.snapshot) else {
            return;
        };
        let Some(own) = &taken.places[at] else { return };
        for (from, recorded) in done.channels.iter().enumerate() {
            let Some(sender) = &taken.places[from] else { continue };
            let channel = &self.channels[from * self.servers + at];
            let (count, highest) = own.received[from];
            // The first so many, if it is those that were received: else each is looked for.
            let is_first = count > 0
                && channel.sent.get(count - 1).is_some_and(|(number, _)| *number == highest);
            let skipped = if is_first { count } else { 0 };
            let was_received =
                |number: u64| channel.received.iter().take(count).any(|known| *known == number);
            let sent = sender.sent[at].saturating_sub(skipped);
            let before = channel.sent.iter_from(skipped).take(sent);
            let on_the_way = before
                .filter(|(number, _)| count == skipped || !was_received(*number))
                .map(|(_, amount)| *amount);
            let on_the_way: Vec<u64> = on_the_way.collect();
            if on_the_way != recorded.transfers {
                let statement = format!(
                    "In snapshot {} {:?} were on the way from {} to {}, and {:?} are recorded.",
                    done.snapshot,
                    on_the_way,
                    name(from),
                    name(at),
                    recorded.transfers
                );
                found.push(found_at(check::STATE, [from, at], done.snapshot, statement));
                return;
            }
        }
    }

    /// When all parts are there they hold all the money.
    fn check_sum(&mut self, at: usize, done: &Recording, found: &mut Vec<Violation>) {
        let Some(of) = self.taken.iter().position(|taken| taken.number == done.snapshot) else {
            return;
        };
        if let Some(Some(place)) = self.taken[of].places.get_mut(at) {
            place.recorded = Some(done.balance + done.on_the_way());
        }
        let parts = self.taken[of].places.iter().flatten().filter_map(|place| place.recorded);
        let parts: Vec<u64> = parts.collect();
        if parts.len() < self.servers {
            return;
        }
        self.taken.remove(of);
        self.complete += 1;
        let total: u64 = parts.iter().sum();
        if total != self.money {
            let statement = format!(
                "Snapshot {} shows {total}, and the bank has {}.",
                done.snapshot, self.money
            );
            found.push(found_at(check::CONSERVED, [at, at], done.snapshot, statement));
        }
    }
}
