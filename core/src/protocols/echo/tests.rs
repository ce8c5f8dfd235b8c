//! The stock client by hand, speaking Echo: retry, hint, patience. And Echo in the world.

use super::*;
use crate::process::Effect;
use crate::run::Run;
use alloc::string::String;
use alloc::vec::Vec;

const SERVERS: u16 = 3;
const ME: NodeId = NodeId(SERVERS);

/// A client at a bench: the test is the network, the clock and the workload.
struct Bench {
    client: Client<Node>,
    timer_us: Option<u64>,
}

impl Bench {
    fn new(tries: u32) -> Bench {
        let patience = Patience { retry_us: 100, pause_us: 25, tries };
        Bench { client: Client::new(NodeId(0), patience), timer_us: None }
    }

    /// What it does, in words: "ask n1 1", "reply 1", "give up 1".
    fn does(&mut self, act: impl FnOnce(&mut Client<Node>, &mut Context<'_, Node>)) -> Vec<String> {
        let (mut effects, mut draws) = (Vec::new(), 0);
        let mut cx = Context {
            id: ME,
            role: crate::process::Role::Client,
            servers: SERVERS,
            services: 0,
            monotonic_us: 0,
            wall_us: 0,
            seed: 1,
            draw_key: 0,
            draws: &mut draws,
            written: 0,
            compacted: 0,
            effects: &mut effects,
        };
        act(&mut self.client, &mut cx);
        let mut said = Vec::new();
        for effect in effects {
            match effect {
                Effect::Send { to, message: Message::Ask(id, _), .. } => {
                    said.push(alloc::format!("ask n{} {}", to.0 + 1, id.number));
                }
                Effect::Reply { request, .. } => {
                    said.push(alloc::format!("reply {}", request.number));
                }
                Effect::GiveUp(request) => said.push(alloc::format!("give up {}", request.number)),
                Effect::SetTimer(_, at_us) => self.timer_us = Some(at_us),
                Effect::CancelTimer(_) => self.timer_us = None,
                effect => panic!("a client does not do this: {effect:?}"),
            }
        }
        said
    }

    fn request(&mut self, number: u64) -> Vec<String> {
        self.does(|client, cx| client.on_request(id(number), &shout(), cx))
    }

    fn said(&mut self, from: u16, number: u64, said: Said<Shout>) -> Vec<String> {
        self.does(|client, cx| client.on_said(NodeId(from - 1), id(number), &said, cx))
    }

    fn times_out(&mut self) -> Vec<String> {
        assert!(self.timer_us.take().is_some(), "it waits for nothing");
        self.does(|client, cx| client.on_retry(cx))
    }
}

fn id(number: u64) -> RequestId {
    RequestId { client: ME, number }
}

fn shout() -> Shout {
    Shout("hey".into())
}

#[test]
fn one_operation_after_the_other() {
    let mut bench = Bench::new(5);
    assert_eq!(bench.request(1), ["ask n1 1"]);
    assert!(bench.request(2).is_empty(), "the second waits for the first");
    assert_eq!(bench.said(1, 1, Said::Result(shout())), ["reply 1", "ask n1 2"]);
    assert!(bench.said(1, 1, Said::Result(shout())).is_empty(), "the answer to an earlier try");
    assert_eq!(bench.said(1, 2, Said::Result(shout())), ["reply 2"]);
    assert_eq!(bench.timer_us, None);
}

#[test]
fn a_retry_goes_round_the_servers_and_ends() {
    let mut bench = Bench::new(4);
    assert_eq!(bench.request(1), ["ask n1 1"]);
    assert_eq!(bench.timer_us, Some(100));
    assert_eq!(bench.times_out(), ["ask n2 1"]);
    assert_eq!(bench.times_out(), ["ask n3 1"]);
    assert_eq!(bench.times_out(), ["ask n1 1"]);
    assert_eq!(bench.times_out(), ["give up 1"]);
    assert_eq!(bench.request(2), ["ask n2 2"], "the next one has all its tries");
}

#[test]
fn a_hint_is_followed_and_remembered() {
    let mut bench = Bench::new(9);
    bench.request(1);
    assert_eq!(bench.said(1, 1, Said::Elsewhere(Some(NodeId(2)))), ["ask n3 1"]);
    assert!(bench.said(1, 1, Said::Elsewhere(Some(NodeId(1)))).is_empty(), "no longer asked");
    assert_eq!(bench.said(3, 1, Said::Result(shout())), ["reply 1"]);
    assert_eq!(bench.request(2), ["ask n3 2"]);
}

#[test]
fn hints_that_never_end_take_its_tries() {
    let mut bench = Bench::new(3);
    assert_eq!(bench.request(1), ["ask n1 1"]);
    assert_eq!(bench.said(1, 1, Said::Elsewhere(Some(NodeId(1)))), ["ask n2 1"]);
    assert_eq!(bench.said(2, 1, Said::Elsewhere(Some(NodeId(0)))), ["ask n1 1"]);
    assert!(bench.said(1, 1, Said::Elsewhere(Some(NodeId(1)))).is_empty());
    assert_eq!(bench.times_out(), ["give up 1"]);
}

#[test]
fn hints_to_a_silent_server_do_not_lead_in_a_circle() {
    // n1 leads on the wrong side of a cut, and n2 is with it.
    let mut bench = Bench::new(9);
    bench.request(1);
    assert_eq!(bench.times_out(), ["ask n2 1"]);
    assert_eq!(bench.said(2, 1, Said::Elsewhere(Some(NodeId(0)))), ["ask n1 1"]);
    assert_eq!(bench.times_out(), ["ask n3 1"], "not n2 again");
}

#[test]
fn when_nobody_knows_it_pauses_and_asks_the_next() {
    let mut bench = Bench::new(9);
    bench.request(1);
    assert!(bench.said(1, 1, Said::Elsewhere(None)).is_empty());
    assert_eq!(bench.timer_us, Some(25));
    assert_eq!(bench.times_out(), ["ask n2 1"]);
}

#[test]
fn an_echo_survives_loss_and_a_dead_server() {
    let mut run = Run::new(
        "protocol echo
nodes 2
seed 4
latency 5ms..10ms
loss 20%
duplicate 20%
client c1 every 50ms echo
client c2 every 70ms echo
at 1s crash n1
at 2s restart n1
end 3s
expect linearizable
expect answered 30",
    )
    .expect("a text");
    let failed: Vec<_> = run.finish().into_iter().filter(|verdict| verdict.fails).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let counts: Vec<_> = run.inspect("n2").into_iter().flatten().collect();
    assert!(counts.iter().any(|(name, value)| name == "echoes" && value != "0"), "{counts:?}");
}
