use happens_before_test::Harness;
use happens_before_test::happens_before::declare::{Declaration, MessageKind, Sign};
use happens_before_test::happens_before::machine::{Answer, Command, KeyValue, Machine};
use happens_before_test::happens_before::process::{
    Context, NodeId, Process, Refusal, RequestId, Role, Stored, Wire,
};
use happens_before_test::happens_before::protocols::client::{Client, Patience, Said, Served};
use happens_before_test::happens_before::scenario::OperationCall;
use happens_before_test::happens_before::world::{Protocol, Setup};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What travels.
#[derive(Clone, Debug, Hash)]
pub enum Message {
    Ask(RequestId, Command),
    Back(RequestId, Answer),
}

impl Wire for Message {
    fn kind(&self) -> u8 {
        u8::from(matches!(self, Message::Back(..))) // its place in the declaration
    }
}

/// A server, or a client of the stock kind: it asks again until it is answered.
pub enum Node {
    Server { store: KeyValue, answered: BTreeMap<NodeId, (u64, Answer)>, applied: u64 },
    Client(Client<Node>),
}

impl Node {
    /// Does a command that has not been done, and gives its answer.
    fn apply(&mut self, id: RequestId, command: &Command) -> Option<Answer> {
        let Node::Server { store, answered, applied } = self else { return None };
        let answer = store.apply(command);
        answered.insert(id.client, (id.number, answer.clone()));
        *applied += 1;
        Some(answer)
    }
}

impl Process for Node {
    type Message = Message;
    type Record = (RequestId, Command);
    type Request = Command;
    type Response = Answer;
    type Timer = ();
    type Config = ();

    fn boot(
        cx: &mut Context<Self>,
        _config: &Rc<()>,
        disk: &mut dyn Iterator<Item = Stored<'_, Self::Record>>,
    ) -> Result<Self, Refusal> {
        if cx.role() == Role::Client {
            let patience = Patience { retry_us: 150_000, pause_us: 50_000, tries: 20 };
            return Ok(Node::Client(Client::new(NodeId(0), patience)));
        }
        let (store, answered) = (KeyValue::default(), BTreeMap::new());
        let mut server = Node::Server { store, answered, applied: 0 };
        for stored in disk {
            match stored {
                Stored::Record((id, command)) => drop(server.apply(*id, command)),
                Stored::Torn => {} // was never acknowledged
                Stored::Corrupt => return Err(Refusal("a record is corrupt")),
            }
        }
        Ok(server)
    }

    fn on_message(&mut self, from: NodeId, message: &Message, cx: &mut Context<Self>) {
        match (self, message) {
            (Node::Client(client), Message::Back(id, answer)) => {
                client.on_said(from, *id, &Said::Result(answer.clone()), cx);
            }
            (server @ Node::Server { .. }, Message::Ask(id, command)) => {
                let Node::Server { answered, .. } = &server else { return };
                let last = answered.get(&id.client).cloned();
                let answer = match last {
                    Some((number, answer)) if number == id.number => Some(answer),
                    Some((number, _)) if number > id.number => None, // an old copy
                    _ => {
                        cx.write((*id, command.clone()));
                        server.apply(*id, command)
                    }
                };
                if let Some(answer) = answer {
                    // Not before all that it depends on is on disk.
                    cx.send(from, Message::Back(*id, answer), cx.written());
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

/// The protocol: its process, what its clients believe that they talk to, its names.
pub struct Store;

impl Protocol for Store {
    type Process = Node;
    type Machine = KeyValue;
    type Check = ();
    const DECLARATION: &'static Declaration = &Declaration {
        nodes: (1, 1),
        ..Declaration::minimal(
            "store",
            &[
                MessageKind { name: "ask", sign: Sign::Request, label: "request" },
                MessageKind { name: "back", sign: Sign::Reply, label: "reply" },
            ],
        )
    };
    fn config(_setup: &Setup) {}
    fn request(call: &OperationCall, fresh: u64) -> Option<Command> {
        Command::parse(&call.name, &call.arguments, fresh)
    }
}

// In a test of your own: #[test]
pub fn survives_chaos() {
    Harness::<Store>::new("a store with one disk").nodes(1..=1).seeds(0..50).run();
}
