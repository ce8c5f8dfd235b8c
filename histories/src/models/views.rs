//! Reads and writes of single keys, judged against what is weaker than linearizable: sequential
//! and causal consistency, PRAM, the guarantees of sessions.

use super::calls::{Call, Ending};
use super::keyed::{assumed, held, is_keyed, split};
use super::{Consistency, Found, Judgement, Model, Question, Verdict};
use crate::formats::Unreadable;
use happens_before::check::causal::{self, Action, History, Op};
use happens_before::check::linear::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Judges reads and writes.
pub fn judge(
    calls: &[Call],
    question: &Question,
    wanted: causal::Model,
) -> Result<Judgement, Unreadable> {
    let keyed = is_keyed(calls.iter());
    let (history, kept) = read(calls, question, keyed)?;
    let budget = usize::try_from(question.budget.steps).unwrap_or(usize::MAX);
    let report = causal::check(&history, budget).map_err(|twice| {
        let [first, second] = [twice.ops.0, twice.ops.1].map(|it| &kept[it as usize].event);
        let (value, line) = (&second.value, first.place.line);
        let reason = format!(
            "each value is written to a key at most once, but {value} was in line {line}, too; \
             --consistency linearizable can do without"
        );
        Unreadable::new(second.place.line, reason)
    })?;
    let violated =
        |model: &causal::Model| matches!(report.verdict(*model), causal::Verdict::Violated(_));
    let ruled_out = causal::Model::ALL.iter().filter(|model| violated(model));
    let mut judgement = Judgement {
        operations: history.ops.len(),
        ruled_out: ruled_out.map(|model| Consistency::Views(*model).name()).collect(),
        assumed: assumed(keyed),
        ..Judgement::default()
    };
    judgement.assumed.push("what failed has not happened".to_string());
    judgement.verdict = match report.verdict(wanted) {
        causal::Verdict::Holds if report.reads == 0 => Verdict::NothingToCheck,
        causal::Verdict::Holds => Verdict::Holds("views of all processes explain it".to_string()),
        causal::Verdict::Unknown => {
            Verdict::Unknown("the budget ran out; --budget gives more".to_string())
        }
        causal::Verdict::Violated(found) => {
            judgement.anomalies.push(found.pattern.name().to_string());
            let shrunk: BTreeSet<u64> =
                found.ops.iter().map(|&op| kept[op as usize].index()).collect();
            let (sentence, shrunk) = (found.sentence.clone(), shrunk.into_iter().collect());
            Verdict::Violated(Found { at: None, first: true, sentence, shrunk })
        }
    };
    Ok(judgement)
}

/// The reads and writes that count, for the core, and whose they are.
fn read<'a>(
    calls: &'a [Call],
    question: &Question,
    keyed: bool,
) -> Result<(History, Vec<&'a Call>), Unreadable> {
    let mut history = History::default();
    let mut kept: Vec<&Call> = Vec::new();
    let mut keys: BTreeMap<Value, u32> = BTreeMap::new();
    let mut gone: BTreeMap<u64, usize> = BTreeMap::new();
    for call in calls {
        let (process, line) = (call.event.process, call.event.place.line);
        if let Some(since) = gone.get(&process) {
            let reason = format!(
                "process {process} goes on, but its operation of line {since} never returned: the next one is to be of another process"
            );
            return Err(Unreadable::new(line, reason));
        }
        if call.ending() == Ending::Unknown {
            gone.insert(process, line);
        }
        let Some((key, action)) = meaning(call, question, keyed)? else { continue };
        let fresh = keys.len() as u32;
        let key = *keys.entry(key).or_insert_with_key(|key| {
            let name =
                if *key == Value::Nil { "the register".to_string() } else { key.to_string() };
            history.keys.push(name);
            fresh
        });
        let process = u32::try_from(process)
            .map_err(|_| Unreadable::new(line, "numbers of processes end at 4294967295"))?;
        history.ops.push(Op { process, key, action });
        kept.push(call);
    }
    Ok((history, kept))
}

/// What a call means; nothing if it failed, or if it read and never returned.
fn meaning(
    call: &Call,
    question: &Question,
    keyed: bool,
) -> Result<Option<(Value, Action)>, Unreadable> {
    let (function, asked) = call.asked();
    let key = if keyed { split(asked).map(|(key, _)| key) } else { call.event.key.as_ref() };
    let key = key.cloned().unwrap_or(Value::Nil);
    let wrong = |reason: String| Unreadable::new(call.event.place.line, reason);
    let number = |value: &Value| match value {
        Value::Int(value) => Ok(*value),
        _ => Err(wrong(format!("values are whole numbers under this consistency, not {value}"))),
    };
    // A key of a map that holds nothing is read as nil, too.
    let initial = |value: &Value| {
        value == question.init || question.model == Model::Kv && *value == Value::Nil
    };
    match function {
        "read" | "get" => {
            let Some(value) = call.answer().and_then(|it| held(it, keyed)) else { return Ok(None) };
            let seen = if initial(value) { None } else { Some(number(value)?) };
            Ok(Some((key, Action::Read(seen))))
        }
        "write" | "put" => {
            let Some(value) = held(asked, keyed) else { return Err(call.stranger(question.model)) };
            if initial(value) {
                let reason = format!("{value} is written, but that is what is there at first");
                return Err(wrong(reason));
            }
            let write = Action::Write(number(value)?);
            Ok((call.ending() != Ending::Fail).then_some((key, write)))
        }
        _ => Err(wrong(format!("this consistency is about reads and writes, not {function}"))),
    }
}
