//! Sets, queues, counters and ids, judged by counting as Jepsen's checkers of the same names do.

use super::calls::{Call, Ending};
use super::{Consistency, Found, Judgement, Model, Question, Verdict};
use crate::formats::Unreadable;
use happens_before::check::linear::Value;
use happens_before::check::tallies::{
    Add, CounterOp, Outcome, SetRead, counter, set, set_full, total_queue, unique_ids,
};
use std::collections::BTreeMap;

/// Elements that are shown of each kind.
const SHOWN: usize = 8;

/// Judges what can be counted.
pub fn judge(calls: &[Call], question: &Question) -> Result<Judgement, Unreadable> {
    let mut judgement = match question.model {
        Model::TotalQueue => queues(calls)?,
        Model::Set => sets(calls)?,
        Model::SetFull => sightings(calls, question.consistency == Consistency::Linearizable)?,
        Model::Counter => counters(calls)?,
        _ => ids(calls)?,
    };
    judgement.operations = calls.len();
    Ok(judgement)
}

/// Values by number, so that whatever they are can be counted.
#[derive(Default)]
struct Numbers {
    numbers: BTreeMap<Value, i64>,
    values: Vec<Value>,
}

impl Numbers {
    fn of(&mut self, value: &Value) -> i64 {
        let fresh = self.values.len() as i64;
        *self.numbers.entry(value.clone()).or_insert_with(|| {
            self.values.push(value.clone());
            fresh
        })
    }

    fn all(&mut self, value: &Value) -> Option<Vec<i64>> {
        match value {
            Value::List(values) => Some(values.iter().map(|value| self.of(value)).collect()),
            Value::Nil => Some(Vec::new()),
            _ => None,
        }
    }

    /// The first few, in words.
    fn words(&self, numbers: &[i64]) -> String {
        let value = |number: &i64| usize::try_from(*number).ok().and_then(|n| self.values.get(n));
        let mut words: Vec<String> =
            numbers.iter().take(SHOWN).filter_map(value).map(Value::to_string).collect();
        if numbers.len() > SHOWN {
            words.push(format!("{} more", numbers.len() - SHOWN));
        }
        words.join(", ")
    }
}

fn add(call: &Call, numbers: &mut Numbers) -> Add {
    let outcome = match call.ending() {
        Ending::Ok => Outcome::Ok,
        Ending::Fail => Outcome::Fail,
        Ending::Unknown => Outcome::Info,
    };
    let returned = call.end.as_ref().map_or(call.order, |(_, order)| *order);
    Add { value: numbers.of(&call.event.value), called: call.order, returned, outcome }
}

/// The judgement on kinds of elements: their name, how it is said, the elements, and whether
/// such ones are bad.
fn kinds(numbers: &Numbers, kinds: &[(&str, &str, &[i64], bool)], fine: String) -> Judgement {
    let mut judgement = Judgement::default();
    let mut bad = Vec::new();
    for (name, phrase, elements, is_bad) in kinds {
        if elements.is_empty() {
            continue;
        }
        let line = format!("{name}: {} {phrase}: {}", elements.len(), numbers.words(elements));
        if *is_bad {
            judgement.anomalies.push((*name).to_string());
            bad.push(line);
        } else {
            judgement.explanation.push(line);
        }
    }
    judgement.verdict = match bad.is_empty() {
        true => Verdict::Holds(fine),
        false => {
            let sentence = bad.join("; ");
            Verdict::Violated(Found { at: None, first: true, sentence, shrunk: Vec::new() })
        }
    };
    judgement
}

fn sets(calls: &[Call]) -> Result<Judgement, Unreadable> {
    let (mut numbers, mut adds, mut last) = (Numbers::default(), Vec::new(), None);
    for call in calls {
        match (call.event.function.as_str(), call.answer()) {
            ("add" | "broadcast", _) => adds.push(add(call, &mut numbers)),
            ("read", Some(answer)) => {
                let found = numbers.all(answer).ok_or_else(|| call.stranger(Model::Set))?;
                last = Some((found, call.index()));
            }
            ("read", None) => {}
            _ => return Err(call.stranger(Model::Set)),
        }
    }
    let Some((found, at)) = last else { return Ok(Judgement::default()) };
    let tally = set(&adds, &found);
    let table: [(&str, &str, &[i64], bool); 3] = [
        ("lost", "added and not there", &tally.lost, true),
        ("unexpected", "there, but nobody tried to add", &tally.unexpected, true),
        ("recovered", "there, though nobody knew", &tally.recovered, false),
    ];
    let fine = format!("the last read has all {} that were added", tally.ok.len());
    let mut judgement = kinds(&numbers, &table, fine);
    if let Verdict::Violated(found) = &mut judgement.verdict {
        found.at = Some(at);
    }
    judgement.assumed.push("the last read came when all was added".to_string());
    Ok(judgement)
}

fn sightings(calls: &[Call], linearizable: bool) -> Result<Judgement, Unreadable> {
    let (mut numbers, mut adds, mut reads) = (Numbers::default(), Vec::new(), Vec::new());
    for call in calls {
        match (call.event.function.as_str(), call.answer(), &call.end) {
            ("add" | "broadcast", ..) => adds.push(add(call, &mut numbers)),
            ("read", Some(answer), Some((_, returned))) => {
                let values = numbers.all(answer).ok_or_else(|| call.stranger(Model::SetFull))?;
                reads.push(SetRead { called: call.order, returned: *returned, values });
            }
            ("read", ..) => {}
            _ => return Err(call.stranger(Model::SetFull)),
        }
    }
    let seen = set_full(&adds, &reads);
    let table: [(&str, &str, &[i64], bool); 5] = [
        ("lost", "there and then gone", &seen.lost, true),
        ("duplicated", "more than once in one read", &seen.duplicated, true),
        ("unexpected", "there, but nobody tried to add", &seen.unexpected, true),
        ("stale", "missing from a read after it was there", &seen.stale, linearizable),
        ("never-read", "of which no read tells", &seen.never_read, false),
    ];
    let fine = format!("all {} that reads can tell of stay there", seen.stable.len());
    let mut judgement = kinds(&numbers, &table, fine);
    if seen.holds(linearizable).is_none() {
        judgement.verdict = Verdict::NothingToCheck;
    }
    if !linearizable {
        let stale = "reads may be old (--consistency linearizable: they may not)";
        judgement.assumed.push(stale.to_string());
    }
    Ok(judgement)
}

fn queues(calls: &[Call]) -> Result<Judgement, Unreadable> {
    let (mut numbers, mut puts, mut taken) = (Numbers::default(), Vec::new(), Vec::new());
    for call in calls {
        match (call.event.function.as_str(), call.answer()) {
            ("enqueue", _) => puts.push(add(call, &mut numbers)),
            ("dequeue", Some(Value::Nil)) => {}
            ("dequeue", Some(answer)) => taken.push(numbers.of(answer)),
            ("drain", Some(answer)) => {
                let all = numbers.all(answer).ok_or_else(|| call.stranger(Model::TotalQueue))?;
                taken.extend(all);
            }
            ("dequeue" | "drain", None) => {}
            _ => return Err(call.stranger(Model::TotalQueue)),
        }
    }
    let tally = total_queue(&puts, &taken);
    let table: [(&str, &str, &[i64], bool); 4] = [
        ("lost", "went in and never came out", &tally.lost, true),
        ("unexpected", "came out, but nobody tried to put in", &tally.unexpected, true),
        ("duplicated", "came out more than once", &tally.duplicated, false),
        ("recovered", "came out, though nobody knew", &tally.recovered, false),
    ];
    let fine = format!("all {} that went in came out", tally.ok.len());
    let mut judgement = kinds(&numbers, &table, fine);
    if puts.is_empty() && taken.is_empty() {
        judgement.verdict = Verdict::NothingToCheck;
    }
    judgement.assumed = vec![
        "the queue was emptied at the end".to_string(),
        "a dequeue that never returned took nothing".to_string(),
        "something may come out twice".to_string(),
    ];
    Ok(judgement)
}

fn counters(calls: &[Call]) -> Result<Judgement, Unreadable> {
    let mut numbers = Numbers::default();
    let (mut ops, mut whose, mut reads) = (Vec::new(), Vec::new(), 0);
    for call in calls {
        let stranger = || call.stranger(Model::Counter);
        match (call.event.function.as_str(), &call.event.value, call.answer(), &call.end) {
            ("add", Value::Int(amount), ..) => {
                let Add { called, returned, outcome, .. } = add(call, &mut numbers);
                let amount = u32::try_from(*amount).map_err(|_| {
                    let reason = format!("adds {amount}, but this counter only grows");
                    Unreadable::new(call.event.place.line, reason)
                })?;
                ops.push(CounterOp::Add { amount, called, returned, outcome });
            }
            ("read", _, Some(Value::Int(value)), Some((_, returned))) => {
                let (value, called, returned) = (*value, call.order, *returned);
                ops.push(CounterOp::Read { value, called, returned });
                reads += 1;
            }
            ("read", _, Some(_), _) => return Err(stranger()),
            ("read", ..) => continue,
            _ => return Err(stranger()),
        }
        whose.push(call);
    }
    let out = counter(&ops);
    let mut judgement = Judgement::default();
    let line = |place: usize, least, most, value| {
        let index = whose[place].index();
        format!("operation {index}: read {value}, but the counter was between {least} and {most}")
    };
    judgement.verdict = match out.first() {
        None if reads == 0 => Verdict::NothingToCheck,
        None => Verdict::Holds("every read lies between what was and what may be added".into()),
        Some(first) => {
            judgement.anomalies.push("out-of-bounds".to_string());
            let further = out.iter().skip(1).take(SHOWN);
            judgement.explanation =
                further.map(|it| line(it.op, it.least, it.most, it.value)).collect();
            let sentence = line(first.op, first.least, first.most, first.value);
            let shrunk = out.iter().map(|it| whose[it.op].index()).collect();
            let at = Some(whose[first.op].index());
            Verdict::Violated(Found { at, first: true, sentence, shrunk })
        }
    };
    judgement.assumed.push("the counter is 0 at first".to_string());
    Ok(judgement)
}

fn ids(calls: &[Call]) -> Result<Judgement, Unreadable> {
    let mut numbers = Numbers::default();
    let mut handed_out = Vec::new();
    for call in calls {
        if call.event.function != "generate" {
            return Err(call.stranger(Model::UniqueIds));
        }
        handed_out.extend(call.answer().map(|id| numbers.of(id)));
    }
    let twice: Vec<i64> = unique_ids(&handed_out).iter().map(|it| it.id).collect();
    let table: [(&str, &str, &[i64], bool); 1] =
        [("duplicated", "handed out more than once", &twice, true)];
    let fine = format!("all {} ids differ", handed_out.len());
    let judgement = kinds(&numbers, &table, fine);
    Ok(if handed_out.is_empty() { Judgement::default() } else { judgement })
}
