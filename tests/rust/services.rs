//! Nodes beside servers and clients: a storage that servers write to, named s1.

use happens_before::declare::{Check, Declaration, Family, MessageKind, Role, Sign, State};
use happens_before::machine::{Answer, Command, KeyValue};
use happens_before::process::{
    Context, Face, NodeId, Process, Refusal, RequestId, Role as Kind, Stored, Wire, WriteId,
};
use happens_before::protocols::Registered;
use happens_before::protocols::client::{Client, Patience, Said, Served};
use happens_before::run::Run;
use happens_before::scenario::ast::OperationCall;
use happens_before::view::Status;
use happens_before::world::{Event, Protocol, Setup, What};
use std::rc::Rc;

/// Servers pass everything on to the one storage, which keeps it on disk.
struct Store;

#[derive(Clone, Debug, Hash)]
enum Message {
    Ask(RequestId, Command),
    Store(NodeId, RequestId, Command),
    Back(RequestId, Said<Answer>),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        match self {
            Message::Ask(..) => 0,
            Message::Store(..) => 1,
            Message::Back(..) => 2,
        }
    }
}

#[derive(Clone)]
enum Node {
    Server,
    Storage(KeyValue, u64),
    Client(Client<Node>),
}

impl Served for Node {
    fn ask(id: RequestId, request: &Command) -> Message {
        Message::Ask(id, request.clone())
    }
    const RETRY: () = ();
}

impl Process for Node {
    type Message = Message;
    type Record = Command;
    type Request = Command;
    type Response = Answer;
    type Timer = ();
    type Config = ();

    fn boot(
        cx: &mut Context<Self>,
        _config: &Rc<()>,
        disk: &mut dyn Iterator<Item = Stored<'_, Command>>,
    ) -> Result<Self, Refusal> {
        use happens_before::machine::Machine;
        let patience = Patience { retry_us: 200_000, pause_us: 50_000, tries: 3 };
        Ok(match cx.role() {
            Kind::Server => Node::Server,
            Kind::Service => {
                let (mut machine, mut applied) = (KeyValue::default(), 0);
                for stored in disk {
                    if let Stored::Record(command) = stored {
                        machine.apply(command);
                        applied += 1;
                    }
                }
                Node::Storage(machine, applied)
            }
            Kind::Client => {
                Node::Client(Client::new(NodeId(cx.client_place() % cx.servers()), patience))
            }
        })
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        use happens_before::machine::Machine;
        match (self, message) {
            (Node::Server, Message::Ask(id, command)) => {
                let storage = cx.services().next().expect("there is one");
                cx.send(storage, Message::Store(from, *id, command.clone()), WriteId::NONE);
            }
            (Node::Storage(machine, applied), Message::Store(client, id, command)) => {
                let at = cx.write(command.clone());
                *applied += 1;
                cx.applied(*applied, Some(*id));
                let answer = Said::Result(machine.apply(command));
                cx.send(*client, Message::Back(*id, answer), at);
            }
            (Node::Client(client), Message::Back(id, said)) => client.on_said(from, *id, said, cx),
            _ => {}
        }
    }

    fn on_timer(&mut self, (): (), cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_retry(cx);
        }
    }

    fn on_request(&mut self, id: RequestId, request: &Command, cx: &mut Context<Self>) {
        if let Node::Client(client) = self {
            client.on_request(id, request, cx);
        }
    }

    fn face(&self) -> Face {
        let state = match self {
            Node::Server => 0,
            Node::Storage(..) => 1,
            Node::Client(_) => 2,
        };
        Face { state, epoch: 0 }
    }
}

const DECLARATION: Declaration = Declaration {
    services: &[Role { prefix: 's', name: "storage" }],
    states: &[
        State { name: "server", family: Family::Follows, shown: false },
        State { name: "storage", family: Family::Store, shown: false },
        State { name: "client", family: Family::Client, shown: false },
    ],
    checks: &[Check { plain: "Assumptions hold", formal: "Assertions" }],
    ..Declaration::minimal(
        "store",
        &[
            MessageKind { name: "ask", sign: Sign::Request, label: "ask" },
            MessageKind { name: "store", sign: Sign::Carry, label: "put" },
            MessageKind { name: "back", sign: Sign::Reply, label: "ok" },
        ],
    )
};

impl Protocol for Store {
    type Process = Node;
    type Machine = KeyValue;
    type Check = ();
    const DECLARATION: &'static Declaration = &DECLARATION;
    fn config(setup: &Setup) {
        assert_eq!(setup.services, 1);
    }
    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}

static KNOWN: &[Registered] = &[Registered::of::<Store>()];

const HEAD: &str = "protocol store\nnodes 3\nseed 1\nclient c1 at n1 every 100ms put x\n";

fn at_end(text: &str) -> Run {
    let mut run = Run::among(text, KNOWN).unwrap_or_else(|wrong| panic!("{text}\n{wrong:?}"));
    run.seek(2_000_000);
    run
}

fn answered(run: &Run) -> usize {
    run.operations().iter().filter(|operation| operation.returned.is_some()).count()
}

#[test]
fn a_service_stands_between_servers_and_clients() {
    let run = at_end(&format!("{HEAD}end 2s"));
    let stage = run.stage();
    let names: Vec<&str> = stage.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["n1", "n2", "n3", "s1", "c1"]);
    assert_eq!(stage.nodes[3].family, Family::Store);
    assert!(answered(&run) >= 15);
}

#[test]
fn it_fails_and_comes_back_as_servers_do() {
    let down = at_end(&format!("{HEAD}at 500ms crash s1\nend 2s"));
    assert_eq!(down.stage().nodes[3].status, Status::Down);
    assert_eq!(down.stage().nodes[3].family, Family::Store);
    let back = at_end(&format!("{HEAD}at 500ms crash s1\nat 700ms restart s1\nend 2s"));
    assert!(answered(&down) <= 5 && answered(&back) > answered(&down));
    let cut = at_end(&format!("{HEAD}at 500ms partition n1 n2 n3 | s1\nend 2s"));
    assert!(answered(&cut) <= 5);
    let menu = back.menu("s1");
    assert!(menu.iter().any(|choice| choice.action == "crash s1"), "{menu:?}");
}

#[test]
fn chaos_strikes_it_too_and_a_wrong_name_is_told() {
    let mut struck = 0;
    for seed in 0..30 {
        let text = HEAD.replace("seed 1", &format!("seed {seed}"));
        let run = at_end(&format!("{text}chaos intensity=5 crash pause\nend 2s"));
        let faults = [What::Crash, What::Kill, What::Pause, What::Suspend];
        let of_storage = |e: &&Event| e.node == NodeId(3) && faults.contains(&e.what);
        struck += usize::from(run.events().iter().any(|event| of_storage(&event)));
    }
    assert!(struck >= 10, "{struck}");
    let wrong = Run::among(&format!("{HEAD}at 1s crash s2"), KNOWN).err().expect("no s2");
    assert_eq!(wrong[0].message, "there is no s2.");
    assert_eq!(wrong[0].hint, "Possible here: n1 to n3, s1, c1.");
}
