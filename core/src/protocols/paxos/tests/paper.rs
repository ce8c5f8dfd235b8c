//! One server as a sans-I/O process: the test is its disk, its timers and all other nodes. The
//! cases are the paper's, with its numbers.

use crate::process::{Effect, EffectOf, NodeId, RequestId, Role, Stored, WriteId};
use crate::protocols::client::Patience;
use crate::protocols::paxos::{
    Attempt, Ballot, Config, Context, Message, Node, Propose, Record, Rules, Server, Timer, Value,
};
use alloc::rc::Rc;
use alloc::vec::Vec;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn value(text: &str) -> Value {
    let request = RequestId { client: NodeId(90), number: u64::from(text.as_bytes()[0]) };
    Value { request, text: text.into() }
}

fn wish(text: &str) -> Message {
    Message::Request(value(text).request, Propose(text.into()))
}

/// A server, its disk and its timers; the test is the rest of the world.
struct Bench {
    id: NodeId,
    server: Server,
    config: Rc<Config>,
    records: Vec<Record>,
    held: Vec<EffectOf<Node>>,
    sent: Vec<(NodeId, Message)>,
    durable: usize,
    back_off_us: Option<u64>,
}

impl Bench {
    fn new(id: NodeId) -> Bench {
        let config = Rc::new(Config {
            rules: Rules::without(0),
            back_off_us: (10, 20),
            round_us: 1_000,
            patience: Patience { retry_us: 1, pause_us: 1, tries: 1 },
            first_servers: Vec::new(),
        });
        let mut server = None;
        run(id, 0, &mut Vec::new(), |cx| {
            server = Server::boot(&config, &mut core::iter::empty(), cx).ok();
        });
        Bench {
            id,
            server: server.expect("an empty disk"),
            config,
            records: Vec::new(),
            held: Vec::new(),
            sent: Vec::new(),
            durable: 0,
            back_off_us: None,
        }
    }

    /// A power cut that so many unsynced records survive, and a restart.
    fn crash(&mut self, survivors: usize) {
        self.records.truncate(self.durable + survivors);
        self.durable = self.records.len();
        self.held.clear();
        let mut disk = self.records.iter().map(Stored::Record).chain([Stored::Torn]);
        let mut server = None;
        run(self.id, self.durable as u64, &mut Vec::new(), |cx| {
            server = Server::boot(&self.config, &mut disk, cx).ok();
        });
        self.server = server.expect("it boots");
    }

    fn handle(&mut self, act: impl FnOnce(&mut Server, &mut Context<Node>)) {
        let (written, server) = (self.records.len() as u64, &mut self.server);
        let mut effects = Vec::new();
        run(self.id, written, &mut effects, |cx| act(server, cx));
        for effect in effects {
            match effect {
                Effect::Write(record) => self.records.push(record),
                Effect::SetTimer(Timer::Round, at_us) => self.back_off_us = Some(at_us),
                effect => self.held.push(effect),
            }
        }
        self.release();
    }

    fn release(&mut self) {
        for effect in core::mem::take(&mut self.held) {
            match effect {
                Effect::Send { after, .. } if after.0 > self.durable as u64 => {
                    self.held.push(effect);
                }
                Effect::Send { to, message, .. } => self.sent.push((to, message)),
                _ => {}
            }
        }
    }

    /// A message arrives; what leaves without waiting for the disk.
    fn tell(&mut self, from: NodeId, message: Message) -> Vec<(NodeId, Message)> {
        self.handle(|server, cx| server.on_message(from, &message, cx));
        core::mem::take(&mut self.sent)
    }

    /// The disk keeps up with all that is written.
    fn sync(&mut self) -> Vec<(NodeId, Message)> {
        while self.durable < self.records.len() {
            self.durable = self.records.len();
            self.release();
            let upto = WriteId(self.durable as u64);
            self.handle(|server, cx| server.on_durable(upto, cx));
        }
        core::mem::take(&mut self.sent)
    }

    /// A message arrives and the disk keeps up; the only answer.
    fn ask(&mut self, from: NodeId, message: Message) -> Message {
        let mut sent = self.tell(from, message);
        sent.extend(self.sync());
        assert_eq!(sent.len(), 1, "{sent:?}");
        sent.remove(0).1
    }

    fn ballot(&self) -> Option<(Ballot, Option<Value>)> {
        match &self.server.attempt {
            Attempt::None => None,
            Attempt::Preparing(ballot, ..) => Some((*ballot, None)),
            Attempt::Proposing(ballot, value) => Some((*ballot, Some(value.clone()))),
        }
    }
}

fn run(
    id: NodeId,
    written: u64,
    effects: &mut Vec<EffectOf<Node>>,
    act: impl FnOnce(&mut Context<Node>),
) {
    let mut draws = 0;
    let mut cx = Context {
        id,
        role: Role::Server,
        servers: 3,
        services: 0,
        monotonic_us: 0,
        wall_us: 0,
        seed: 1,
        draw_key: 0,
        draws: &mut draws,
        written,
        compacted: 0,
        effects,
    };
    act(&mut cx);
}

#[test]
fn ballots_are_disjoint_and_rise() {
    for servers in 1..=7u16 {
        for node in 0..servers {
            let of = |ballot: Ballot| (ballot.0 - 1) % u64::from(servers) == u64::from(node);
            for known in (0..40).map(Ballot) {
                let next = known.above(NodeId(node), servers);
                let none_between = (known.0 + 1..next.0).all(|between| !of(Ballot(between)));
                assert!(next > known && of(next) && none_between, "{servers} {node} {known:?}");
            }
        }
    }
}

/// P1: acceptor 1 has accepted (1, X); proposer 2 heard acceptors 2 and 3, who had nothing,
/// and Y is accepted there; proposer 3 hears 1 and 2 and must propose Y.
#[test]
fn a_proposer_takes_the_value_of_the_highest_ballot() {
    let (one, two) = (Ballot(1), Ballot(2));
    let mut second = Bench::new(N2);
    second.tell(NodeId(90), wish("Y"));
    second.sync();
    second.tell(N3, Message::Promise(two, None));
    assert_eq!(second.ballot(), Some((two, Some(value("Y")))), "it is free");

    let mut third = Bench::new(N3);
    third.tell(NodeId(90), wish("Z"));
    third.sync();
    assert_eq!(third.ballot(), Some((Ballot(3), None)), "its own promise is one of three");
    // Its own acceptor has nothing; to hear 1 and 2 alone it must not count.
    let Attempt::Preparing(_, said, count) = &mut third.server.attempt else { panic!() };
    (said[2], *count) = (None, 0);
    third.tell(N1, Message::Promise(Ballot(3), Some((one, value("X")))));
    third.tell(N2, Message::Promise(Ballot(3), Some((two, value("Y")))));
    assert_eq!(third.ballot(), Some((Ballot(3), Some(value("Y")))));
}

/// P1: a promise refuses prepare and accept below it, and survives a restart.
#[test]
fn a_promise_refuses_what_is_below_it_and_survives_a_restart() {
    let mut bench = Bench::new(N1);
    let promise = |ballot, accepted| Message::Promise(Ballot(ballot), accepted);
    assert_eq!(bench.ask(N2, Message::Prepare(Ballot(5))), promise(5, None));
    for _ in 0..2 {
        let refusal = Message::Nack(Ballot(2), Ballot(5));
        assert_eq!(bench.ask(N2, Message::Prepare(Ballot(2))), refusal);
        assert_eq!(bench.ask(N2, Message::Accept(Ballot(2), value("X"))), refusal);
        bench.crash(0);
    }
    let accepted = Message::Accepted(Ballot(6), value("Y"));
    assert_eq!(bench.ask(N3, Message::Accept(Ballot(6), value("Y"))), accepted);
    bench.crash(0);
    let low = bench.ask(N2, Message::Accept(Ballot(5), value("X")));
    assert_eq!(low, Message::Nack(Ballot(5), Ballot(6)), "having accepted 6 it accepts no less");
    let known = Some((Ballot(6), value("Y")));
    assert_eq!(bench.ask(N2, Message::Prepare(Ballot(8))), promise(8, known));
    // The network doubles a request: the same answer.
    let known = Some((Ballot(6), value("Y")));
    assert_eq!(bench.ask(N2, Message::Prepare(Ballot(8))), promise(8, known));
}

/// §2.5: nothing leaves before what it depends on is on disk; a power cut takes back only what
/// was never said.
#[test]
fn answers_wait_for_the_disk() {
    let mut bench = Bench::new(N1);
    assert!(bench.tell(N2, Message::Prepare(Ballot(2))).is_empty());
    bench.crash(0);
    assert_eq!(bench.server.promised, Ballot::NONE);
    assert!(bench.tell(N2, Message::Prepare(Ballot(2))).is_empty());
    bench.crash(1);
    assert_eq!(bench.server.promised, Ballot(2));
    assert!(bench.tell(N2, Message::Accept(Ballot(2), value("X"))).is_empty());
    bench.crash(0);
    assert_eq!(bench.server.accepted, None);

    assert!(bench.tell(NodeId(90), wish("Y")).is_empty(), "no prepare before its number is kept");
    assert_eq!(bench.sync().len(), 2);
    bench.crash(0);
    bench.tell(NodeId(90), wish("Y"));
    assert_eq!(bench.ballot(), Some((Ballot(7), None)), "4 is used, and never again");
}

/// P2, seen by n1: prepare 1, (prepare 2), accept 1 refused, prepare 4, ... and with a back-off
/// it waits.
#[test]
fn a_refused_proposer_backs_off_and_then_outbids() {
    let mut bench = Bench::new(N1);
    bench.tell(NodeId(90), wish("X"));
    bench.sync();
    let mut ballot = Ballot(1);
    for _ in 0..5 {
        assert_eq!(bench.ballot(), Some((ballot, None)));
        bench.tell(N3, Message::Promise(ballot, None));
        bench.sync();
        assert!(matches!(bench.ballot(), Some((_, Some(_)))));
        // n2 was faster with the next ballot, at n3 and here.
        let higher = Ballot(ballot.0 + 1);
        bench.tell(N2, Message::Prepare(higher));
        bench.tell(N3, Message::Nack(ballot, higher));
        bench.sync();
        assert_eq!(bench.ballot(), None);
        assert!((10..=20).contains(&bench.back_off_us.expect("it waits")));
        bench.handle(|server, cx| server.on_timer(Timer::Round, cx));
        bench.sync();
        ballot = Ballot(ballot.0 + 3);
    }
    assert_eq!(bench.server.chosen, None, "never unsafe, never done");
    // An old refusal is no reason to give up.
    bench.tell(N3, Message::Nack(Ballot(1), Ballot(2)));
    assert_eq!(bench.ballot(), Some((ballot, None)));
}

/// §2.3: a majority of acceptances in one ballot is a choice, and everyone is told.
#[test]
fn a_majority_in_one_ballot_is_chosen() {
    let mut bench = Bench::new(N1);
    bench.tell(NodeId(90), wish("X"));
    bench.sync();
    bench.tell(N2, Message::Promise(Ballot(1), None));
    bench.tell(N2, Message::Accepted(Ballot(1), value("X")));
    assert_eq!(bench.server.chosen, None, "its own acceptance is not on disk");
    let sent = bench.sync();
    assert_eq!(bench.server.chosen, Some((Ballot(1), value("X"))));
    let told = |(_, message): &&(NodeId, Message)| matches!(message, Message::Chosen(..));
    assert_eq!(sent.iter().filter(told).count(), 2);
    assert!(sent.iter().any(|(to, message)| to.0 == 90 && matches!(message, Message::Reply(..))));
}
