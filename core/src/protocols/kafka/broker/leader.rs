//! The leader's side: records from clients, fetches from followers, the high-water mark, and
//! who is in sync.

use super::{Broker, CONTROLLER, Context, Role};
use crate::machine::{Answer, Command, Machine};
use crate::process::{NodeId, RequestId, WriteId};
use crate::protocols::client::Said;
use crate::protocols::kafka::message::{
    Brokers, Entry, EpochEnd, EpochRequest, Fetch, Fetched, Message, Partition, Record,
};
use crate::protocols::kafka::{Rules, event};
use alloc::vec::Vec;

/// At most so many records in one answer.
const ENTRIES_MAX: usize = 64;

/// What a leader knows of a follower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Follower {
    /// Its log end, as its last fetch said.
    end: u64,
    /// The leader's log end when it was answered last.
    seen: u64,
    /// When it had all that it had been told of, local time, µs.
    caught_us: u64,
    /// A fetch of it waits for news.
    parked: bool,
    /// The high-water mark that it was told.
    told: u64,
}

/// What a leader knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leading {
    followers: Vec<Follower>,
    /// In-sync replicas that it has asked the controller for last, and all that it has asked
    /// for since the controller's last word: any of that may have been granted.
    wanted: Option<Brokers>,
    asked: Brokers,
    /// Where its log ended when it became one.
    start: u64,
    /// Reads that wait until the high-water mark has reached that.
    reads: Vec<(RequestId, Command)>,
}

impl Leading {
    pub(super) fn weight(&self) -> usize {
        size_of_val(&*self.followers) + size_of_val(&*self.reads)
    }
}

impl Broker {
    pub(super) fn become_leader(&mut self, cx: &mut Context) {
        let follower = Follower { caught_us: cx.now_us(), ..Follower::default() };
        self.role = Role::Leader(Leading {
            followers: alloc::vec![follower; usize::from(cx.servers())],
            wanted: None,
            asked: Brokers::default(),
            start: self.log.last_index(),
            reads: Vec::new(),
        });
        cx.cancel_timer(super::Timer::Fetch);
        cx.mark(event::LEADER, None, self.partition.epoch, self.log.last_index());
        self.advance_mark(cx);
    }

    // ---- Clients ----

    /// A record is appended at once. With `acks all` the client hears when the high-water mark
    /// has passed it, with `acks leader` when this broker has it.
    pub(super) fn on_produce(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        let alone = !self.config.acks_all && !matches!(command, Command::Cas { .. });
        if self.has(Rules::DEDUPLICATE) {
            let pending = self.log.holds(id, self.replica.index + 1);
            match self.replica.answered(id) {
                Some(Some(answer)) => {
                    let reply = Message::Reply(id, Said::Result(answer.clone()));
                    cx.send(id.client, reply, WriteId::NONE);
                }
                None if pending && alone => {
                    let after = self.after(self.log.write_of(self.log.last_index()));
                    cx.send(id.client, Message::Reply(id, Said::Result(Answer::Done)), after);
                }
                None if !pending => self.append(id, command, alone, cx),
                _ => {}
            }
        } else {
            self.append(id, command, alone, cx);
        }
    }

    fn append(&mut self, id: RequestId, command: &Command, alone: bool, cx: &mut Context) {
        // "Leader epochs are stamped on messages as they enter the leader" (KIP-101).
        let entry = Entry { epoch: self.partition.epoch, command: Some((id, command.clone())) };
        let write = cx.write(Record::Entry(entry.clone()));
        self.log.push(entry, write);
        cx.mark(event::APPEND, None, self.partition.epoch, self.log.last_index());
        if alone {
            let reply = Message::Reply(id, Said::Result(Answer::Done));
            cx.send(id.client, reply, self.after(write));
        }
        self.advance_mark(cx);
        self.answer_parked(false, cx);
    }

    /// Consumers read up to the high-water mark. A new leader's may lie behind what an old one
    /// has said; so it waits until it has caught up with its own log (KIP-207).
    pub(super) fn on_read(&mut self, id: RequestId, command: &Command, cx: &mut Context) {
        let wait = self.has(Rules::READ_AFTER_MARK);
        let Role::Leader(leading) = &mut self.role else { return };
        if wait && self.mark < leading.start {
            leading.reads.retain(|(known, _)| known.client != id.client);
            leading.reads.push((id, command.clone()));
            return;
        }
        let answer = self.replica.machine.clone().apply(command);
        cx.read_at(self.replica.index, id);
        cx.send(id.client, Message::Reply(id, Said::Result(answer)), WriteId::NONE);
    }

    // ---- Followers ----

    /// A follower asks for records and says by that what it has.
    pub(super) fn on_fetch(&mut self, from: NodeId, fetch: &Fetch, cx: &mut Context) {
        let (now_us, epoch) = (cx.now_us(), self.partition.epoch);
        let Role::Leader(leading) = &mut self.role else { return };
        if fetch.epoch != epoch {
            return; // it follows another leader, or another time of this one (KIP-320)
        }
        let Some(follower) = leading.followers.get_mut(from.index()) else { return };
        follower.end = fetch.end;
        follower.parked = true;
        if fetch.end >= follower.seen {
            follower.caught_us = now_us; // it has all that there was when it was answered last
        }
        self.change_isr(false, cx);
        self.answer_parked(false, cx);
    }

    /// Fetches that wait are answered when there are records or a new high-water mark, or, with
    /// `all`, because they have waited long enough.
    pub(super) fn answer_parked(&mut self, all: bool, cx: &mut Context) {
        let last = self.log.last_index();
        for peer in cx.peers() {
            let Role::Leader(leading) = &mut self.role else { return };
            let follower = &mut leading.followers[peer.index()];
            let news = follower.end != last || self.mark > follower.told;
            if !follower.parked || !(news || all) {
                continue;
            }
            (follower.parked, follower.told, follower.seen) = (false, self.mark, last);
            let end = follower.end;
            let fetched = Fetched {
                epoch: self.partition.epoch,
                end,
                entries: self.log.slice(end + 1, ENTRIES_MAX),
                mark: self.mark,
                out_of_range: (end > last).then_some(last),
            };
            cx.send(peer, Message::Fetched(fetched), WriteId::NONE);
        }
    }

    /// Where does this epoch end? "The leader responds with the largest epoch less than or equal
    /// to the requested epoch and the end offset of this epoch" (KIP-279).
    pub(super) fn on_epoch_request(
        &mut self,
        from: NodeId,
        request: &EpochRequest,
        cx: &mut Context,
    ) {
        let EpochRequest { epoch, session, asked } = *request;
        if !self.leads() || epoch != self.partition.epoch {
            return;
        }
        let (_, behind) = self.log.range_of(asked);
        let end = behind - 1;
        let found = self.log.epoch_at(end).unwrap_or(0);
        let answer = EpochEnd { epoch, session, asked, found, end };
        cx.send(from, Message::EpochEnd(answer), WriteId::NONE);
    }

    // ---- In-sync replicas and the high-water mark ----

    /// Each tick: empty answers for those who wait, and a look at who lags.
    pub(super) fn lead_on(&mut self, cx: &mut Context) {
        if self.leads() {
            self.change_isr(true, cx);
            self.answer_parked(true, cx);
        }
    }

    /// Who has not caught up for `replica-lag` leaves the in-sync replicas, who has reached the
    /// high-water mark and the start of this epoch comes back. The controller decides; with
    /// `again` it is asked once more.
    fn change_isr(&mut self, again: bool, cx: &mut Context) {
        let (now_us, me, mark) = (cx.now_us(), cx.id(), self.mark);
        let Role::Leader(leading) = &mut self.role else { return };
        let mut isr = self.partition.isr;
        for (peer, follower) in (0..).map(NodeId).zip(&leading.followers).skip(1) {
            let lags = now_us - follower.caught_us > self.config.lag_us;
            if peer == me {
                continue;
            } else if isr.has(peer) && lags {
                isr = isr.without(peer);
            } else if !isr.has(peer) && !lags && follower.end >= mark.max(leading.start) {
                isr = isr.with(peer);
            }
        }
        let open = isr != self.partition.isr || leading.asked != Brokers::default();
        if open && (again || leading.wanted != Some(isr)) {
            leading.wanted = Some(isr);
            leading.asked = leading.asked.or(isr);
            let wanted = Partition { isr, ..self.partition };
            cx.send(CONTROLLER, Message::AlterIsr(wanted), WriteId::NONE);
        }
        self.advance_mark(cx);
    }

    /// The controller has changed the in-sync replicas.
    pub(super) fn on_isr(&mut self, cx: &mut Context) {
        if let Role::Leader(leading) = &mut self.role {
            (leading.wanted, leading.asked) = (None, Brokers::default());
            cx.mark(event::ISR, None, self.partition.epoch, u64::from(self.partition.isr.count()));
            self.advance_mark(cx);
            self.answer_parked(false, cx);
        }
    }

    /// Those who must have a record before it counts: "always assume the most conservative
    /// current ISR when advancing the high watermark given a pending update" (KIP-497).
    pub(in crate::protocols::kafka) fn demanded(&self) -> Brokers {
        let Role::Leader(leading) = &self.role else { return self.partition.isr };
        match leading.wanted {
            Some(wanted) if !self.has(Rules::CONFIRM_ISR) => wanted,
            _ => self.partition.isr.or(leading.asked),
        }
    }

    /// The high-water mark is the lowest log end of those who must have it. It never goes back.
    pub(super) fn advance_mark(&mut self, cx: &mut Context) {
        let Role::Leader(leading) = &self.role else { return };
        let me = cx.id();
        let end = |node: NodeId| {
            let known = leading.followers.get(node.index()).map_or(0, |follower| follower.end);
            if node == me { self.own_end() } else { known }
        };
        let lowest = self.demanded().iter().map(end).min().unwrap_or(0);
        let lowest = lowest.min(self.log.last_index());
        if lowest <= self.mark {
            return;
        }
        self.mark = lowest;
        cx.mark(event::COMMIT, None, self.partition.epoch, lowest);
        self.apply(cx);
        let Role::Leader(leading) = &mut self.role else { return };
        if self.mark >= leading.start {
            for (id, command) in core::mem::take(&mut leading.reads) {
                self.on_read(id, &command, cx);
            }
        }
        self.answer_parked(false, cx);
    }
}
