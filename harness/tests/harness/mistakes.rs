//! A store that makes one mistake, by a parameter, and what the harness says of each.

use happens_before_test::Harness;
use happens_before_test::happens_before::declare::{
    Declaration, MessageKind, Parameter, Sign, Unit,
};
use happens_before_test::happens_before::machine::{Answer, Command, KeyValue, Machine};
use happens_before_test::happens_before::process::{
    Context, NodeId, Process, Refusal, RequestId, Role, Stored, Wire, WriteId,
};
use happens_before_test::happens_before::protocols::client::{Client, Patience, Said, Served};
use happens_before_test::happens_before::scenario::OperationCall;
use happens_before_test::happens_before::world::{Protocol, Setup};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

const NOT_DURABLE: u64 = 1;
const PANICS: u64 = 2;
const DRAWS_ELSEWHERE: u64 = 3;
const SILENT: u64 = 4;

#[derive(Clone, Debug, Hash)]
enum Message {
    Ask(RequestId, Command),
    Back(RequestId, Answer),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        u8::from(matches!(self, Message::Back(..)))
    }
}

enum Node {
    Server { store: KeyValue, last: Option<(RequestId, Answer)>, mistake: u64, asked: u64 },
    Client(Client<Node>),
}

impl Process for Node {
    type Message = Message;
    type Record = (RequestId, Command);
    type Request = Command;
    type Response = Answer;
    type Timer = ();
    type Config = u64;

    fn boot(
        cx: &mut Context<Self>,
        mistake: &Rc<u64>,
        disk: &mut dyn Iterator<Item = Stored<'_, Self::Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == Role::Client {
            let patience = Patience { retry_us: 150_000, pause_us: 50_000, tries: 20 };
            return Ok(Node::Client(Client::new(NodeId(0), patience)));
        }
        let (mut store, mut last) = (KeyValue::default(), None);
        for stored in disk {
            match stored {
                Stored::Record((id, command)) => last = Some((*id, store.apply(command))),
                Stored::Torn => {}
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(Node::Server { store, last, mistake: **mistake, asked: 0 })
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Client(client), Message::Back(id, answer)) => {
                client.on_said(from, *id, &Said::Result(answer.clone()), cx);
            }
            (Node::Server { store, last, mistake, asked }, Message::Ask(id, command)) => {
                *asked += 1;
                assert!(*mistake != PANICS || *asked < 30, "thirty is too many");
                if last.as_ref().is_some_and(|(known, _)| known.number > id.number) {
                    return; // an old copy
                }
                let known = last.clone().filter(|(known, _)| known == id);
                let (answer, written) = match known {
                    Some((_, answer)) => (answer, cx.written()),
                    None => (store.apply(command), cx.write((*id, command.clone()))),
                };
                *last = Some((*id, answer.clone()));
                let after = if *mistake == NOT_DURABLE { WriteId::NONE } else { written };
                let coin = || RandomState::new().hash_one(0) % 8;
                let drops = *mistake == DRAWS_ELSEWHERE && *asked > 5 && coin() == 0;
                if *mistake != SILENT && !drops {
                    cx.send(from, Message::Back(*id, answer), after);
                }
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, _timer: (), cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_retry(cx);
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }
}

impl Served for Node {
    const RETRY: () = ();
    fn ask(id: RequestId, request: &Command) -> Message {
        Message::Ask(id, request.clone())
    }
}

struct Mistaken;

impl Protocol for Mistaken {
    type Process = Node;
    type Machine = KeyValue;
    type Check = ();
    const DECLARATION: &'static Declaration = &Declaration {
        nodes: (1, 1),
        parameters: &[Parameter {
            name: "mistake",
            unit: Unit::Count,
            default: (0, 0),
            range: (0, 9),
            about: "Which mistake it makes.",
        }],
        ..Declaration::minimal(
            "mistaken",
            &[
                MessageKind { name: "ask", sign: Sign::Request, label: "request" },
                MessageKind { name: "back", sign: Sign::Reply, label: "reply" },
            ],
        )
    };
    fn config(setup: &Setup) -> u64 {
        setup.parameters[0].0
    }
    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}

/// One client: what it was answered last is all that the server must remember.
fn test_of(mistake: u64, name: &str) -> Harness<Mistaken> {
    let set = format!("set mistake {mistake}");
    Harness::new(name).nodes(1..=1).clients(1).line(&set).seeds(0..60)
}

#[test]
fn without_a_mistake_it_holds_and_says_what_was_tested() {
    let tally = test_of(0, "no mistake").run();
    assert_eq!(tally.runs, 60);
    assert!(tally.times("operations", "answered") > 1_000, "{tally:?}");
    assert!(tally.times("faults", "crash") > 20, "{tally:?}");
}

#[test]
fn what_is_answered_before_it_is_on_disk_is_found_and_shrunk() {
    let failure = test_of(NOT_DURABLE, "not durable").try_run().expect_err("a crash loses it");
    assert_eq!(failure.check, "Clients see one copy");
    let faults = failure.shrunk.lines().filter(|line| line.starts_with("at ")).count();
    assert!(faults <= 8, "few of dozens are needed: {}", failure.shrunk);
    assert!(failure.shrunk.contains("crash n1"), "{}", failure.shrunk);
    assert!(failure.link.is_none(), "the page does not have this protocol");
    let said = failure.to_string();
    assert!(said.contains(&format!("HAPPENS_BEFORE_SEED={}", failure.seed)), "{said}");
    let file = std::fs::read_to_string(failure.trace.as_ref().expect("recorded")).expect("there");
    assert!(file.starts_with("{\"format\":\"happens-before-trace\""));
    assert!(file.trim_end().ends_with('}') && file.contains("\"violations\":[{\"check\""));
}

#[test]
fn a_panic_is_a_verdict_with_its_message_and_place() {
    let failure = test_of(PANICS, "panics").try_run().expect_err("it panics");
    assert_eq!(failure.check, "Assumptions hold");
    assert!(failure.statement.contains("thirty is too many"), "{failure}");
    assert!(failure.statement.contains("mistakes.rs:"), "{failure}");
}

#[test]
fn what_differs_between_two_runs_of_a_seed_is_named() {
    let failure = test_of(DRAWS_ELSEWHERE, "draws elsewhere").try_run().expect_err("it differs");
    assert_eq!(failure.check, "The same seed gives the same run");
    assert!(failure.statement.contains("n1 sends back"), "{failure}");
}

#[test]
fn a_test_that_tested_nothing_fails() {
    let failure = test_of(SILENT, "silent").seeds(0..2).try_run().expect_err("no answers");
    assert_eq!(failure.check, "Clients are answered");
}

#[test]
fn an_invariant_of_ones_own_is_asked_after_every_event() {
    let few = |servers: happens_before_test::Servers<'_, Mistaken>| {
        for (node, process) in servers.up() {
            if let Node::Server { asked, .. } = process
                && *asked > 10
            {
                return Err(format!("n{} was asked {asked} times", node.0 + 1));
            }
        }
        Ok(())
    };
    let failure = test_of(0, "own").always("Nobody is asked much", few).try_run();
    let failure = failure.expect_err("it is asked more often");
    assert_eq!(failure.check, "Nobody is asked much");
    assert_eq!(failure.statement, "n1 was asked 11 times");
}

#[test]
fn a_text_of_ones_own_keeps_its_faults_and_its_expectations() {
    let text = "protocol mistaken\nnodes 1\nclient c1 every 50ms put x\n\
                at 1s crash n1\nend 2s\nexpect answered 15\n";
    let test = || Harness::<Mistaken>::new("text").seeds(3..4);
    let failure = test().scenario(text).try_run().expect_err("it is down from 1 s on");
    assert_eq!(failure.check, "expect answered 15");
    assert!(failure.text.contains("seed 3\n"), "{}", failure.text);
    let restarts = text.replace("end 2s", "at 1100ms restart n1\nend 3s");
    test().scenario(&restarts).run();
}

#[test]
#[should_panic(expected = "no action is called")]
fn a_text_that_cannot_be_read_says_where() {
    Harness::<Mistaken>::new("text").scenario("protocol mistaken\nat 1s crush n1\n").run();
}
