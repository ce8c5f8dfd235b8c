//! Whether operations on an object are linearizable. What an object does is said in the core; here
//! is what its functions are called in histories.

use super::calls::{Call, Ending};
use super::keyed::{Keyed, KeyedInput, assumed, held, is_keyed, split};
use super::{Found, Model, Opened, Question, Verdict};
use crate::case::{Case, Judged};
use crate::formats::{Format, Place, Unreadable};
use happens_before::check::linear::{
    self, Access, History, Map, MapAction, MapInput, MapOutput, MultiRegister, Mutex, MutexInput,
    MutexOutput, Queue, QueueInput, QueueOutput, Register, RegisterInput, RegisterOutput, Search,
    Set, SetInput, SetOutput, Specification, Stack, StackInput, StackOutput, Value,
};

/// What an operation is to an object: what was asked, and what came back if it has returned.
type Meaning<S> = (<S as Specification>::Input, Option<<S as Specification>::Output>);

/// Prepares to judge operations on an object.
pub fn open(mut calls: Vec<Call>, question: &Question) -> Result<Opened, Unreadable> {
    let Question { format, model, .. } = *question;
    // What failed has not happened; only etcd's log promises that a refused compare-and-set has
    // seen another value.
    let counts = |call: &Call| {
        call.ending() != Ending::Fail || format == Format::Etcd && call.event.function == "cas"
    };
    let judged: Vec<usize> = (0..calls.len()).filter(|&index| counts(&calls[index])).collect();
    let registers = matches!(model, Model::Register | Model::CasRegister);
    let keyed = registers && is_keyed(judged.iter().map(|&index| &calls[index]));
    if keyed {
        for call in &mut calls {
            call.event.key = split(&call.event.value).map(|(key, _)| key.clone());
        }
    }
    let mut assumed = assumed(keyed);
    assumed.push("what failed has not happened".to_string());
    if format == Format::Etcd {
        assumed.push("a cas that failed saw another value".to_string());
    }
    assumed.push("what never returned may happen late or never".to_string());
    let operations: Vec<&Call> = judged.iter().map(|&index| &calls[index]).collect();
    let (it, start) = (Joined { operations: &operations, question, assumed }, some(question.init));
    let case = match model {
        Model::Register | Model::CasRegister => {
            let cas = model == Model::CasRegister;
            it.case(Keyed(Register { start }), |call| register(call, cas, keyed))
        }
        Model::Kv => it.case(Map::new(start.map(|it| it.to_string())), key_value),
        Model::MultiRegister => it.case(MultiRegister::default(), multi_register),
        Model::Queue => it.case(Queue::default(), queue),
        Model::Stack => it.case(Stack::default(), stack),
        Model::Mutex => it.case(Mutex, mutex),
        _ => it.case(Set::default(), set),
    }?;
    Ok(Opened { calls, judged, case })
}

/// Operations that have no meaning yet.
struct Joined<'a> {
    operations: &'a [&'a Call],
    question: &'a Question<'a>,
    assumed: Vec<String>,
}

impl Joined<'_> {
    fn case<S: Specification + 'static>(
        self,
        specification: S,
        meaning: impl Fn(&Call) -> Option<Meaning<S>>,
    ) -> Result<Box<dyn Case>, Unreadable> {
        let mut history = History::new();
        for call in self.operations {
            let Place { index, .. } = call.event.place;
            let Some((input, output)) = meaning(call) else {
                return Err(call.stranger(self.question.model));
            };
            let operation = history.call(call.event.process, call.order, index as u64, input);
            if let (Some((end, order)), Some(output)) = (&call.end, output) {
                let returned = history.returns(operation, *order, end.place.index as u64, output);
                returned.map_err(|error| Unreadable::new(end.place.line, format!("{error:?}")))?;
            }
        }
        let search = Search::new(specification, history, self.question.budget);
        Ok(Box::new(Judged::new(search, self.assumed)))
    }
}

/// The verdict of a search in the words of the source.
pub fn words<S: Specification>(search: &Search<S>) -> Verdict {
    let operations = search.history().operations();
    let source = |&index: &usize| {
        operations[index].end.as_ref().map_or(operations[index].source, |end| end.source)
    };
    match search.verdict() {
        None => Verdict::Unknown("it is not decided yet".to_string()),
        Some(linear::Verdict::Linearizable) if search.nothing_to_check() => Verdict::NothingToCheck,
        Some(linear::Verdict::Linearizable) => {
            Verdict::Holds("some order explains every result".to_string())
        }
        Some(linear::Verdict::Unknown { steps }) => {
            let reason = format!("the budget ran out after {steps} steps; --budget gives more");
            Verdict::Unknown(reason)
        }
        Some(linear::Verdict::Violated(found)) => {
            let mut shrunk: Vec<u64> = found.shrunk.iter().map(source).collect();
            shrunk.sort_unstable();
            let (at, first, sentence) = (Some(found.source), found.first, found.sentence.clone());
            Verdict::Violated(Found { at, first, sentence, shrunk })
        }
    }
}

impl Call {
    /// What an output becomes if the operation has returned.
    fn ended<O>(&self, output: impl FnOnce(&Value) -> O) -> Option<O> {
        self.end.as_ref().map(|(end, _)| output(&end.value))
    }

    fn refused(&self) -> bool {
        self.ending() == Ending::Fail
    }
}

pub fn some(value: &Value) -> Option<Value> {
    (*value != Value::Nil).then(|| value.clone())
}

/// A read, write or compare-and-set; of the register that its value names, if values do.
fn register(call: &Call, has_cas: bool, keyed: bool) -> Option<Meaning<Keyed>> {
    let answer = if call.refused() { RegisterOutput::Refused } else { RegisterOutput::Done };
    let (function, asked) = call.asked();
    let key = if keyed { Some(split(asked)?.0.clone()) } else { None };
    let (input, output) = match (function, held(asked, keyed)?) {
        ("read", _) => {
            let value = |value: &Value| held(value, keyed).and_then(some);
            (RegisterInput::Read, call.ended(|it| RegisterOutput::Value(value(it))))
        }
        ("write", value) => (RegisterInput::Write(some(value)), call.ended(|_| answer)),
        ("cas", Value::List(values)) if has_cas => {
            let [from, to] = values.as_slice() else { return None };
            (RegisterInput::Cas(some(from), some(to)), call.ended(|_| answer))
        }
        _ => return None,
    };
    Some((KeyedInput { key, input }, output))
}

/// Reads and writes of several registers at once. What a read returned stands in the answer.
fn multi_register(call: &Call) -> Option<Meaning<MultiRegister<Value, Value>>> {
    let accesses = |value: &Value| {
        let Value::List(accesses) = value else { return None };
        accesses.iter().map(access).collect::<Option<Vec<_>>>()
    };
    let input = accesses(&call.event.value)?.into_iter().map(|(access, _)| access).collect();
    let Some(answer) = call.answer() else { return Some((input, None)) };
    let reads = accesses(answer)?.into_iter();
    let output = reads.filter(|(access, _)| matches!(access, Access::Read(_)));
    Some((input, Some(output.map(|(_, value)| value).collect())))
}

fn access(access: &Value) -> Option<(Access<Value, Value>, Option<Value>)> {
    let Value::List(access) = access else { return None };
    match access.as_slice() {
        [Value::Text(read), key, value] if read == "read" || read == "r" => {
            Some((Access::Read(key.clone()), some(value)))
        }
        [Value::Text(write), key, value] if write == "write" || write == "w" => {
            Some((Access::Write(key.clone(), value.clone()), None))
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
