//! A branch of the bank: a process of Chandy and Lamport's paper, whose state is its money. The
//! two rules of §3.2 stand in `record` (marker-sending) and in `on_marker` (marker-receiving).

use super::message::{Body, Message, Opened, Report};
use super::{Config, Node, Rules, Timer, event};
use crate::process::{NodeId, Refusal, RequestId, Stored, WriteId};
use crate::protocols::channel::Channels;
use crate::protocols::client::Said;
use crate::protocols::errand::{Done, Errand};
use alloc::rc::Rc;
use alloc::vec::Vec;

type Context<'a> = crate::process::Context<'a, Node>;

/// Without the rules `MARKER_FIRST` and `RECORD_AT_ONCE`: how long that is put off, µs.
const PUT_OFF_US: u64 = 20_000;
/// Without the rule `MARKERS`: so long ahead is the appointment, µs.
const APPOINTED_US: u64 = 100_000;

/// A branch's part of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Recording {
    /// Number of the snapshot.
    pub snapshot: u64,
    /// The state of the process: its money.
    pub balance: u64,
    /// By node the state of the channel from there.
    pub channels: Vec<Channel>,
}

/// The state of one channel, as it is being recorded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Channel {
    /// The marker has not come along it.
    pub open: bool,
    /// Transfers that came along it since the process was recorded.
    pub transfers: Vec<u64>,
}

impl Recording {
    /// Whether all markers have come.
    fn is_complete(&self) -> bool {
        self.channels.iter().all(|channel| !channel.open)
    }

    /// What was on its way.
    pub fn on_the_way(&self) -> u64 {
        self.channels.iter().flat_map(|channel| &channel.transfers).sum()
    }
}

/// What the initiator of a snapshot has been told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Collected {
    /// Number of the snapshot.
    pub snapshot: u64,
    /// Parts that have come.
    pub parts: u16,
    /// Money in them, in processes and channels.
    pub total: u64,
}

/// A branch's state. Nothing of it survives a crash.
#[derive(Clone, Debug, Hash)]
pub struct Branch {
    pub(super) config: Rc<Config>,
    id: NodeId,
    servers: u16,
    /// What it has.
    pub(super) balance: u64,
    channels: Channels<Body>,
    /// Nothing leaves before the disk says that this branch has been opened.
    opened: WriteId,
    /// Snapshots that it has begun.
    begun: u64,
    /// Its parts of snapshots that are not complete.
    pub(super) open: Vec<Recording>,
    /// The last one that was completed.
    pub(super) complete: Option<Recording>,
    /// The last snapshot for which it recorded.
    pub(super) last: u64,
    /// What it has been told of snapshots that it has begun and that are not complete.
    collecting: Vec<Collected>,
    /// The last one that is.
    pub(super) collected: Option<Collected>,
    /// Snapshots whose markers, or whose recording, are put off.
    put_off: Vec<(u64, Option<NodeId>)>,
    /// An appointment: time of the wall clock, µs, and number of the snapshot.
    appointment: Option<(u64, u64)>,
}

impl Branch {
    /// Opens the branch. One that finds on its disk that it has been open before has lost its
    /// money and its part in every snapshot: it does not open again (the paper knows no crashes).
    pub fn boot(
        config: &Rc<Config>,
        disk: &mut dyn Iterator<Item = Stored<'_, Opened>>,
        cx: &mut Context,
    ) -> Result<Branch, Refusal> {
        for stored in disk {
            if !matches!(stored, Stored::Torn) {
                return Err(Refusal("it has forgotten what it had"));
            }
        }
        let servers = cx.servers();
        Ok(Branch {
            config: config.clone(),
            id: cx.id(),
            servers,
            balance: config.money,
            channels: Channels::new(servers, config.rules.has(Rules::IN_ORDER)),
            opened: cx.write(Opened),
            begun: 0,
            open: Vec::new(),
            complete: None,
            last: 0,
            collecting: Vec::new(),
            collected: None,
            put_off: Vec::new(),
            appointment: None,
        })
    }

    fn say(&mut self, to: NodeId, body: Body, cx: &mut Context) -> u64 {
        let number = self.channels.next_to(to.index());
        cx.send(to, Message::Channel(number, body), self.opened);
        number
    }

    /// A message comes along a channel.
    pub fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context) {
        match message {
            Message::Channel(number, body) => {
                for (number, body) in self.channels.take(from.index(), *number, body) {
                    match body {
                        Body::Transfer(amount) => self.on_transfer(from, number, amount, cx),
                        Body::Marker(snapshot) => self.on_marker(from, snapshot, cx),
                        Body::Report(report) => self.on_report(report, cx),
                        Body::Appointment(snapshot, wall_us) => self.appoint(snapshot, wall_us, cx),
                    }
                }
            }
            Message::Request(id, errand) => self.on_request(from, *id, errand, cx),
            Message::Reply(..) => {}
        }
    }

    fn on_request(&mut self, client: NodeId, id: RequestId, errand: &Errand, cx: &mut Context) {
        if &*errand.word == "snapshot" {
            self.begin(cx);
        } else {
            let amount = cx.random(1, self.config.money.max(1));
            let place = cx.random(1, u64::from(self.servers.max(2)) - 1) as u16;
            let to = NodeId((self.id.0 + place) % self.servers);
            self.transfer(to, amount, cx);
        }
        cx.send(client, Message::Reply(id, Said::Result(Done)), self.opened);
    }

    /// Sends money, at most what there is.
    pub fn transfer(&mut self, to: NodeId, amount: u64, cx: &mut Context) {
        let amount = amount.min(self.balance);
        if amount == 0 || to == self.id || to.0 >= self.servers {
            return;
        }
        self.balance -= amount;
        let number = self.say(to, Body::Transfer(amount), cx);
        cx.mark(event::TRANSFER, Some(to), amount, number);
    }

    fn on_transfer(&mut self, from: NodeId, number: u64, amount: u64, cx: &mut Context) {
        self.balance += amount;
        cx.mark(event::RECEIVE, Some(from), amount, number);
        // A channel's state is what came along it after the process was recorded and before the
        // marker came (§3.2).
        let records = self.config.rules.has(Rules::RECORD_CHANNELS);
        for recording in self.open.iter_mut().filter(|_| records) {
            if let Some(channel) = recording.channels.get_mut(from.index()).filter(|c| c.open) {
                channel.transfers.push(amount);
            }
        }
    }

    /// Begins a snapshot, as any process may of its own accord: it records and sends markers.
    pub fn begin(&mut self, cx: &mut Context) {
        self.begun += 1;
        // No two branches ever choose the same number.
        let snapshot = (self.begun - 1) * u64::from(self.servers) + u64::from(self.id.0) + 1;
        cx.mark(event::SNAPSHOT, None, 0, snapshot);
        self.collecting.push(Collected { snapshot, parts: 0, total: 0 });
        if self.config.rules.has(Rules::MARKERS) {
            self.record(snapshot, None, cx);
            return;
        }
        let wall_us = cx.wall_us() + APPOINTED_US;
        for peer in cx.peers() {
            self.say(peer, Body::Appointment(snapshot, wall_us), cx);
        }
        self.appoint(snapshot, wall_us, cx);
    }

    /// Records the state of the process. Marker-sending rule (§3.2): along each of its channels
    /// it sends one marker, after it has recorded and before it sends anything else there.
    fn record(&mut self, snapshot: u64, marker_from: Option<NodeId>, cx: &mut Context) {
        cx.mark(event::RECORD, marker_from, self.balance, snapshot);
        self.last = snapshot;
        let markers = self.config.rules.has(Rules::MARKERS);
        // The channel along which the first marker came is empty: all that was sent there before
        // the marker has come. Of the others it does not know yet.
        let open = |node: NodeId| node != self.id && Some(node) != marker_from && markers;
        let channel = |node| Channel { open: open(node), transfers: Vec::new() };
        let channels = (0..self.servers).map(NodeId).map(channel).collect();
        self.open.push(Recording { snapshot, balance: self.balance, channels });
        if markers && self.config.rules.has(Rules::MARKER_FIRST) {
            self.send_markers(snapshot, cx);
        } else if markers {
            self.put_off.push((snapshot, None));
            cx.set_timer(Timer::PutOff, PUT_OFF_US);
        }
        self.complete(cx);
    }

    fn send_markers(&mut self, snapshot: u64, cx: &mut Context) {
        for peer in cx.peers() {
            self.say(peer, Body::Marker(snapshot), cx);
        }
    }

    /// Marker-receiving rule (§3.2): whoever has not recorded does so now, and the marker's
    /// channel is empty; for whoever has, the state of that channel is what came along it since.
    fn on_marker(&mut self, from: NodeId, snapshot: u64, cx: &mut Context) {
        if self.config.rules.has(Rules::RECORD_AT_ONCE) {
            self.take_marker(from, snapshot, cx);
        } else {
            self.put_off.push((snapshot, Some(from)));
            cx.set_timer(Timer::PutOff, PUT_OFF_US);
        }
    }

    fn take_marker(&mut self, from: NodeId, snapshot: u64, cx: &mut Context) {
        let Some(recording) = self.open.iter_mut().find(|open| open.snapshot == snapshot) else {
            self.record(snapshot, Some(from), cx);
            return;
        };
        if let Some(channel) = recording.channels.get_mut(from.index()) {
            channel.open = false;
        }
        self.complete(cx);
    }

    /// What a wrong branch has put off.
    pub fn on_put_off(&mut self, cx: &mut Context) {
        for (snapshot, first) in core::mem::take(&mut self.put_off) {
            match first {
                Some(from) => self.take_marker(from, snapshot, cx),
                None => self.send_markers(snapshot, cx),
            }
        }
    }

    /// Termination (§3.3): a process is done when it has recorded its state and the state of
    /// all incoming channels. How the parts are collected the paper leaves open: they are sent
    /// to whoever began.
    fn complete(&mut self, cx: &mut Context) {
        while let Some(place) = self.open.iter().position(Recording::is_complete) {
            let done = self.open.remove(place);
            cx.mark(event::COMPLETE, None, done.balance + done.on_the_way(), done.snapshot);
            let report = Report {
                snapshot: done.snapshot,
                balance: done.balance,
                on_the_way: done.on_the_way(),
            };
            self.complete = Some(done);
            let began = NodeId(((report.snapshot - 1) % u64::from(self.servers)) as u16);
            if began == self.id {
                self.on_report(report, cx);
            } else {
                self.say(began, Body::Report(report), cx);
            }
        }
    }

    fn on_report(&mut self, report: Report, cx: &mut Context) {
        let known = self.collecting.iter().position(|known| known.snapshot == report.snapshot);
        let Some(place) = known else { return };
        let collected = &mut self.collecting[place];
        collected.parts += 1;
        collected.total += report.balance + report.on_the_way;
        if collected.parts == self.servers {
            let collected = self.collecting.remove(place);
            cx.mark(event::TOTAL, None, collected.total, collected.snapshot);
            self.collected = Some(collected);
        }
    }

    fn appoint(&mut self, snapshot: u64, wall_us: u64, cx: &mut Context) {
        if self.appointment.is_none() {
            self.appointment = Some((snapshot, wall_us));
            cx.set_timer(Timer::Appointed, wall_us.saturating_sub(cx.wall_us()));
        }
    }

    /// The appointed time has come, by this branch's clock.
    pub fn on_appointed(&mut self, cx: &mut Context) {
        if let Some((snapshot, _)) = self.appointment.take() {
            self.record(snapshot, None, cx);
        }
    }

    /// About how many bytes it owns on the heap.
    pub(super) fn weight(&self) -> usize {
        let recordings = self.open.iter().chain(&self.complete);
        let channels = recordings.map(|recording| {
            size_of_val(&*recording.channels)
                + recording.channels.iter().map(|c| size_of_val(&*c.transfers)).sum::<usize>()
        });
        self.channels.weight() + channels.sum::<usize>()
    }
}
