//! Events as operations on an object, and their verdict. What an object does is said in the
//! library; here is what its functions are called in histories.

use crate::case::{Case, Judged};
use crate::formats::{Event, Format, Kind, Place, Unreadable};
use happens_before::check::linear::{
    Budget, History, Map, MapAction, MapInput, MapOutput, Mutex, MutexInput, MutexOutput, Queue,
    QueueInput, QueueOutput, Register, RegisterInput, RegisterOutput, Set, SetInput, SetOutput,
    Specification, Stack, StackInput, StackOutput, Value,
};
use std::collections::BTreeMap;

/// What a history is judged against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Model {
    /// read, write.
    Register,
    /// read, write, cas; nil at first.
    CasRegister,
    /// get, put, append, cas of keys; each holds the empty string at first.
    Kv,
    /// enqueue, dequeue.
    Queue,
    /// push, pop.
    Stack,
    /// add, remove, contains, read.
    Set,
    /// acquire, release.
    Mutex,
}

impl Model {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Model::Register => "register",
            Model::CasRegister => "cas-register",
            Model::Kv => "kv",
            Model::Queue => "queue",
            Model::Stack => "stack",
            Model::Set => "set",
            Model::Mutex => "mutex",
        }
    }

    /// The object that has the functions of these events; none if no known object has them.
    pub fn guess(events: &[Event]) -> Option<Model> {
        let any = |names: &[&str]| events.iter().any(|it| names.contains(&it.function.as_str()));
        let known = [
            (Model::Kv, ["get", "put", "append"].as_slice()),
            (Model::Queue, &["enqueue", "dequeue"]),
            (Model::Stack, &["push", "pop"]),
            (Model::Set, &["add", "remove", "contains"]),
            (Model::Mutex, &["acquire", "release"]),
            (Model::CasRegister, &["read", "write", "cas"]),
        ];
        if events.is_empty() {
            return Some(Model::CasRegister);
        }
        known.iter().find(|(_, names)| any(names)).map(|(model, _)| *model)
    }
}

/// The end of a search, in the words of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Ok holds: whether there was anything to check. Else the violation, or none if unknown.
    pub verdict: Result<bool, Option<Found>>,
    pub operations: usize,
    pub steps: u64,
}

/// A violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Line or index of the first return that nothing explains.
    pub at: u64,
    /// Whether that is known to be the first of all keys.
    pub first: bool,
    pub sentence: String,
    /// Lines or indexes of the returns (of open ones: the calls) that are bad already.
    pub shrunk: Vec<u64>,
}

/// An operation before its meaning is known. Orders are places among all events.
pub struct Call {
    pub event: Event,
    pub order: u64,
    pub end: Option<(Event, u64)>,
}

/// Joins calls and returns.
fn pair(events: Vec<Event>) -> Result<Vec<Call>, Unreadable> {
    let mut calls: Vec<Call> = Vec::new();
    let mut running: BTreeMap<u64, usize> = BTreeMap::new();
    for (order, event) in events.into_iter().enumerate() {
        let (process, order) = (event.process, order as u64);
        let Place { line, .. } = event.place;
        let wrong = |reason: String| Err(Unreadable::new(line, reason));
        if event.kind == Kind::Invoke {
            if let Some(&call) = running.get(&process) {
                let since = calls[call].event.place.line;
                return wrong(format!(
                    "process {process} invokes again, but its operation of line {since} runs"
                ));
            }
            running.insert(process, calls.len());
            calls.push(Call { event, order, end: None });
            continue;
        }
        match running.remove(&process).map(|call| &mut calls[call]) {
            Some(call) if call.event.function != event.function => {
                let (asked, got) = (&call.event.function, &event.function);
                return wrong(format!("process {process} asked to {asked}, but this ends {got}"));
            }
            Some(_) if event.kind == Kind::Info => {}
            Some(call) => call.end = Some((event, order)),
            None if event.kind == Kind::Info => {}
            None => return wrong(format!("process {process} has invoked nothing that could end")),
        }
    }
    Ok(calls)
}

/// What an operation is to an object: what was asked, and what came back if it has returned.
type Meaning<S> = (<S as Specification>::Input, Option<<S as Specification>::Output>);

/// Events that can be judged.
pub struct Opened {
    /// All operations.
    pub calls: Vec<Call>,
    /// Which of them are judged, in the order of the case.
    pub judged: Vec<usize>,
    /// What has to be decided.
    pub case: Box<dyn Case>,
}

/// Prepares to judge events against a model.
pub fn open(
    events: Vec<Event>,
    format: Format,
    model: Model,
    init: &Value,
    budget: Budget,
) -> Result<Opened, Unreadable> {
    let all = pair(events)?;
    // What failed has not happened; only etcd's log promises that a refused compare-and-set has
    // seen another value.
    let counts = |call: &Call| match &call.end {
        Some((end, _)) if end.kind == Kind::Fail => {
            format == Format::Etcd && call.event.function == "cas"
        }
        _ => true,
    };
    let judged: Vec<usize> = (0..all.len()).filter(|&index| counts(&all[index])).collect();
    let calls: Vec<&Call> = judged.iter().map(|&index| &all[index]).collect();
    let start = (*init != Value::Nil).then(|| init.clone());
    let case = match model {
        Model::Register | Model::CasRegister => {
            let cas = model == Model::CasRegister;
            run(Register { start }, &calls, budget, |call| register(call, cas))
        }
        Model::Kv => run(Map::new(start.map(|it| it.to_string())), &calls, budget, key_value),
        Model::Queue => run(Queue::default(), &calls, budget, queue),
        Model::Stack => run(Stack::default(), &calls, budget, stack),
        Model::Set => run(Set::default(), &calls, budget, set),
        Model::Mutex => run(Mutex, &calls, budget, mutex),
    }?;
    Ok(Opened { calls: all, judged, case })
}

fn run<S: Specification + 'static>(
    specification: S,
    calls: &[&Call],
    budget: Budget,
    meaning: impl Fn(&Call) -> Option<Meaning<S>>,
) -> Result<Box<dyn Case>, Unreadable> {
    let mut history = History::new();
    for call in calls {
        let Place { line, index } = call.event.place;
        let Some((input, output)) = meaning(call) else {
            let Event { function, .. } = &call.event;
            let reason = format!("{function} with such values is nothing that this model knows");
            return Err(Unreadable::new(line, reason));
        };
        let operation = history.call(call.event.process, call.order, index as u64, input);
        if let (Some((end, order)), Some(output)) = (&call.end, output) {
            let returned = history.returns(operation, *order, end.place.index as u64, output);
            returned.map_err(|error| Unreadable::new(end.place.line, format!("{error:?}")))?;
        }
    }
    Ok(Box::new(Judged::new(specification, history, budget)))
}

impl Call {
    fn asked(&self) -> (&str, &Value) {
        (&self.event.function, &self.event.value)
    }

    /// What an output becomes if the operation has returned.
    fn ended<O>(&self, output: impl FnOnce(&Value) -> O) -> Option<O> {
        self.end.as_ref().map(|(end, _)| output(&end.value))
    }

    fn refused(&self) -> bool {
        self.end.as_ref().is_some_and(|(end, _)| end.kind == Kind::Fail)
    }
}

fn some(value: &Value) -> Option<Value> {
    (*value != Value::Nil).then(|| value.clone())
}

fn register(call: &Call, has_cas: bool) -> Option<Meaning<Register<Value>>> {
    let answer = if call.refused() { RegisterOutput::Refused } else { RegisterOutput::Done };
    match call.asked() {
        ("read", _) => {
            Some((RegisterInput::Read, call.ended(|value| RegisterOutput::Value(some(value)))))
        }
        ("write", value) => Some((RegisterInput::Write(some(value)), call.ended(|_| answer))),
        ("cas", Value::List(values)) if has_cas => {
            let [from, to] = values.as_slice() else { return None };
            Some((RegisterInput::Cas(some(from), some(to)), call.ended(|_| answer)))
        }
        _ => None,
    }
}

fn key_value(call: &Call) -> Option<Meaning<Map<Value>>> {
    let key = call.event.key.clone().unwrap_or(Value::Nil);
    let text = |value: &Value| some(value).map(|value| value.to_string());
    let written = |value: &Value| text(value).unwrap_or_default();
    let action = match call.asked() {
        ("get" | "read", _) => {
            let input = MapInput { key, action: MapAction::Get };
            return Some((input, call.ended(|value| MapOutput::Value(text(value)))));
        }
        ("put" | "write", value) => MapAction::Put(written(value)),
        ("append", value) => MapAction::Append(written(value)),
        ("cas", Value::List(values)) => {
            let [from, to] = values.as_slice() else { return None };
            MapAction::Cas(written(from), written(to))
        }
        _ => return None,
    };
    let answer = if call.refused() { MapOutput::Refused } else { MapOutput::Done };
    Some((MapInput { key, action }, call.ended(|_| answer)))
}

fn queue(call: &Call) -> Option<Meaning<Queue<Value>>> {
    match call.asked() {
        ("enqueue", value) => {
            Some((QueueInput::Enqueue(value.clone()), call.ended(|_| QueueOutput::Done)))
        }
        ("dequeue", _) => Some((
            QueueInput::Dequeue,
            call.ended(|value| some(value).map_or(QueueOutput::Empty, QueueOutput::Value)),
        )),
        _ => None,
    }
}

fn stack(call: &Call) -> Option<Meaning<Stack<Value>>> {
    match call.asked() {
        ("push", value) => {
            Some((StackInput::Push(value.clone()), call.ended(|_| StackOutput::Done)))
        }
        ("pop", _) => Some((
            StackInput::Pop,
            call.ended(|value| some(value).map_or(StackOutput::Empty, StackOutput::Value)),
        )),
        _ => None,
    }
}

fn set(call: &Call) -> Option<Meaning<Set<Value>>> {
    let was = |value: &Value| match value {
        Value::Bool(was) => SetOutput::Was(*was),
        _ => SetOutput::Done,
    };
    match call.asked() {
        ("add", value) => Some((SetInput::Add(value.clone()), call.ended(|_| SetOutput::Done))),
        ("remove", value) => {
            Some((SetInput::Remove(value.clone()), call.ended(|_| SetOutput::Done)))
        }
        ("contains", value) => Some((SetInput::Contains(value.clone()), call.ended(was))),
        ("read", _) => {
            let elements = |value: &Value| match value {
                Value::List(values) => SetOutput::Elements(values.iter().cloned().collect()),
                _ => SetOutput::Elements(some(value).into_iter().collect()),
            };
            Some((SetInput::Read, call.ended(elements)))
        }
        _ => None,
    }
}

/// Histories do not say whose lock it is: anybody may give it back.
fn mutex(call: &Call) -> Option<Meaning<Mutex>> {
    let input = match call.asked().0 {
        "acquire" => MutexInput::Acquire(0),
        "release" => MutexInput::Release(0),
        _ => return None,
    };
    Some((input, call.ended(|_| MutexOutput::Done)))
}
