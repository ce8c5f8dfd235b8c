//! Messages of a Maelstrom network, a JSON object each: `{"src", "dest", "body"}`. What clients
//! (`c1`, `c2`, ...) ask of nodes and are answered is the history; what nodes say to each other
//! is passed over. A request stands where it was sent, a reply where it was received.

use super::{Entry, Event, Kind, Place, Reading, Unreadable, json};
use happens_before::check::linear::Value;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Whether the first record of JSON is a message.
pub fn looks_so(text: &str) -> bool {
    let first = json::elements(text).next().and_then(Result::ok);
    first.is_some_and(|(_, it)| ["src", "dest", "body"].iter().all(|key| it.get(key).is_some()))
}

/// A request that no reply has been seen of.
struct Asked {
    process: u64,
    function: String,
    value: Value,
}

/// Who waits for what.
#[derive(Default)]
struct Clients {
    /// By client and number of its message.
    asked: BTreeMap<(String, i64), Option<Asked>>,
    /// The process of a client that waits for nothing.
    idle: BTreeMap<String, u64>,
    processes: u64,
}

/// Reads messages; their places are lines.
pub fn read(text: &str, reading: &mut Reading) -> Result<(), Unreadable> {
    let mut clients = Clients::default();
    for message in json::elements(text) {
        let (line, message) = message?;
        let wrong = |what: &str| Unreadable::new(line, what);
        let word = |key: &str| message.get(key).and_then(Json::as_str);
        let (Some(src), Some(dest)) = (word("src"), word("dest")) else {
            return Err(wrong("this is no message: it has no \"src\" and \"dest\""));
        };
        let body = message.get("body").filter(|body| body.is_object());
        let body = body.ok_or_else(|| wrong("this message has no \"body\" that is an object"))?;
        let kind = body.get("type").and_then(Json::as_str);
        let kind = kind.ok_or_else(|| wrong("this message has no \"type\" in its body"))?;
        let number = |key: &str| body.get(key).and_then(Json::as_i64);
        let event = if let (true, Some(number)) = (is_client(dest), number("in_reply_to")) {
            clients.reply(dest, number, kind, body)
        } else if let (true, Some(number)) = (is_client(src), number("msg_id")) {
            clients.request(src, number, kind, body)
        } else {
            None
        };
        if let Some(event) = event {
            let (place, time) = (Place::of_line(line), message.get("time").and_then(Json::as_u64));
            reading.push(Entry::Event(Event { place, time, ..event }));
        }
    }
    Ok(())
}

fn is_client(name: &str) -> bool {
    name.strip_prefix('c').is_some_and(|it| it.parse::<u64>().is_ok())
}

impl Clients {
    /// A client that asks before it is answered goes on as another process, as in Jepsen.
    fn request(&mut self, client: &str, number: i64, kind: &str, body: &Json) -> Option<Event> {
        let id = (client.to_string(), number);
        // What the test itself says to nodes at the beginning; a message that is sent once more.
        if matches!(kind, "init" | "topology") || self.asked.contains_key(&id) {
            return None;
        }
        let process = self.idle.remove(client).unwrap_or_else(|| {
            self.processes += 1;
            self.processes - 1
        });
        let (function, value) = (kind.to_string(), asked_value(kind, body));
        let event = event(process, Kind::Invoke, &function, value.clone());
        self.asked.insert(id, Some(Asked { process, function, value }));
        Some(event)
    }

    /// None for a second reply, and one to what was not asked in this file.
    fn reply(&mut self, client: &str, number: i64, kind: &str, body: &Json) -> Option<Event> {
        let asked = self.asked.get_mut(&(client.to_string(), number))?.take()?;
        let Asked { process, function, value } = asked;
        let code = body.get("code").and_then(Json::as_i64);
        let kind = match kind {
            "error" if code.is_some_and(is_definite) => Kind::Fail,
            "error" => Kind::Info,
            _ => Kind::Ok,
        };
        let value = if kind == Kind::Ok { answered_value(&function, value, body) } else { value };
        if kind != Kind::Info {
            self.idle.insert(client.to_string(), process);
        }
        Some(event(process, kind, &function, value))
    }
}

/// Error codes that say that nothing has happened; all others, 0 (timeout) and 13 (crash) among
/// them, leave it open.
fn is_definite(code: i64) -> bool {
    matches!(code, 1 | 10 | 11 | 12 | 14 | 20 | 21 | 22 | 30)
}

/// An event whose place and time are not said yet.
fn event(process: u64, kind: Kind, function: &str, value: Value) -> Event {
    let (place, function) = (Place::of_line(1), function.to_string());
    Event { place, process, kind, function, key: None, value, time: None }
}

/// What a request asks with, as Maelstrom's own histories write it: key and value in a pair.
fn asked_value(kind: &str, body: &Json) -> Value {
    let field = |name: &str| body.get(name).map_or(Value::Nil, |it| json::to_edn(it).to_value());
    let keyed = |value: Value| Value::List(vec![field("key"), value]);
    match kind {
        "read" if body.get("key").is_some() => keyed(Value::Nil),
        "write" if body.get("key").is_some() => keyed(field("value")),
        "cas" => keyed(Value::List(vec![field("from"), field("to")])),
        _ => rest_of(body).unwrap_or(Value::Nil),
    }
}

/// What a reply tells. One without a value of its own tells that what was asked is done.
fn answered_value(function: &str, asked: Value, body: &Json) -> Value {
    match (function, asked, rest_of(body)) {
        ("read", Value::List(pair), value) if pair.len() == 2 => {
            Value::List(vec![pair[0].clone(), value.unwrap_or(Value::Nil)])
        }
        (_, asked, value) => value.unwrap_or(asked),
    }
}

/// What a body holds beside what every body does: the value if it is one, else all, by name.
fn rest_of(body: &Json) -> Option<Value> {
    let own = ["type", "msg_id", "in_reply_to"];
    let fields = body.as_object()?.iter().filter(|(key, _)| !own.contains(&key.as_str()));
    let mut fields: Vec<(&String, Value)> =
        fields.map(|(key, value)| (key, json::to_edn(value).to_value())).collect();
    if fields.len() <= 1 {
        return fields.pop().map(|(_, value)| value);
    }
    let pair = |(key, value): (&String, Value)| Value::List(vec![Value::Text(key.clone()), value]);
    Some(Value::List(fields.into_iter().map(pair).collect()))
}
