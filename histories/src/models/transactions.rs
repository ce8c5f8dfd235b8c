//! Transactions on lists and registers, as Elle's workloads write them: `[[:append x 1] [:r x [1
//! 2]]]` and `[[:w x 1] [:r x nil]]`. Their anomalies in words.

use super::calls::{Call, Ending};
use super::{Consistency, Found, Judgement, Model, Question, Verdict};
use crate::formats::{Event, Unreadable};
use happens_before::check::linear::Value;
use happens_before::check::transactions::{
    self as elle, Anomaly, Broken, Finding, History, Op, Outcome, Report, Transaction,
};
use std::collections::{BTreeMap, BTreeSet};

/// Operations of a transaction that are shown where it is named.
const OPS_SHOWN: usize = 6;

/// The model of transactions that these events are of; none if they are not transactions.
pub fn guess(events: &[Event]) -> Option<Model> {
    let values = events.iter().filter_map(|it| micro(&it.value));
    let mut reads = None;
    for (function, _, value) in values.flatten() {
        match function {
            "append" => return Some(Model::ListAppend),
            "w" => return Some(Model::RwRegister),
            "read" | "write" => return Some(Model::MultiRegister),
            _ if matches!(value, Value::List(_)) => reads = Some(Model::ListAppend),
            _ => {}
        }
    }
    let transactions = || events.iter().any(|it| it.function == "txn");
    reads.or_else(|| transactions().then_some(Model::RwRegister))
}

/// The parts of a transaction; none if it is no transaction.
fn micro(value: &Value) -> Option<impl Iterator<Item = (&str, &Value, &Value)>> {
    let Value::List(ops) = value else { return None };
    ops.iter().all(|op| part(op).is_some()).then(|| ops.iter().filter_map(part))
}

fn part(op: &Value) -> Option<(&str, &Value, &Value)> {
    let Value::List(op) = op else { return None };
    let [Value::Text(function), key, value] = op.as_slice() else { return None };
    let known = matches!(function.as_str(), "append" | "r" | "w" | "read" | "write");
    known.then_some((function.as_str(), key, value))
}

/// Judges transactions.
pub fn judge(
    calls: &[Call],
    question: &Question,
    wanted: elle::Model,
) -> Result<Judgement, Unreadable> {
    let history = read(calls, question.model)?;
    let report = elle::check(&history).map_err(|rule| broken(&rule, &history, calls))?;
    let mut judgement = Judgement {
        operations: calls.len(),
        anomalies: report.counts.iter().map(|(anomaly, _)| anomaly.name().to_string()).collect(),
        ruled_out: report.ruled_out.iter().map(|it| Consistency::Isolation(*it).name()).collect(),
        explanation: explain(&report, calls),
        ..Judgement::default()
    };
    judgement.verdict = verdict(&report, wanted);
    judgement.assumed = vec![
        "lists are empty and registers nil at first".to_string(),
        "transactions of unknown end have committed if somebody saw their writes".to_string(),
    ];
    Ok(judgement)
}

fn verdict(report: &Report, wanted: elle::Model) -> Verdict {
    let names = |models: &[elle::Model]| {
        let names: Vec<&str> = models.iter().map(|model| model.name()).collect();
        names.join(", ")
    };
    let kinds: Vec<&str> = report.counts.iter().map(|(anomaly, _)| anomaly.name()).collect();
    let kinds = kinds.join(", ");
    let not = names(&elle::weakest(&report.ruled_out));
    if !report.allows(wanted) {
        let allowed = match names(&strongest(report)).as_str() {
            "" => "nothing weaker is possible either".to_string(),
            others => format!("possible: {others}"),
        };
        let sentence = format!("{kinds}: not {not}, and so not {}; {allowed}", wanted.name());
        return Verdict::Violated(Found { at: None, first: true, sentence, shrunk: Vec::new() });
    }
    if report.undecided_about(wanted) {
        let kinds: Vec<&str> = report.undecided.iter().map(|anomaly| anomaly.name()).collect();
        let kinds = kinds.join(", ");
        return Verdict::Unknown(format!("the budget ran out in the search for {kinds}"));
    }
    match (report.reads, kinds.is_empty()) {
        (0, _) => Verdict::NothingToCheck,
        (_, true) => Verdict::Holds("there is no anomaly that these reads could show".to_string()),
        (_, false) => Verdict::Holds(format!("{kinds} only rules out {not}")),
    }
}

/// The strongest models that are not ruled out.
fn strongest(report: &Report) -> Vec<elle::Model> {
    let allowed = || elle::Model::ALL.into_iter().filter(|model| report.allows(*model));
    allowed().filter(|it| !allowed().any(|other| other.implies().contains(it))).collect()
}

/// The transactions of a history, for the core.
fn read(calls: &[Call], model: Model) -> Result<History, Unreadable> {
    let mut history = History::default();
    let mut keys: BTreeMap<Value, u32> = BTreeMap::new();
    for call in calls {
        let (outcome, value) = match (call.ending(), call.answer()) {
            (Ending::Ok, Some(answer)) => (Outcome::Ok, answer),
            (Ending::Fail, _) => (Outcome::Fail, &call.event.value),
            _ => (Outcome::Info, &call.event.value),
        };
        let mut ops = Vec::new();
        for (function, key, value) in micro(value).ok_or_else(|| call.stranger(model))? {
            let fresh = keys.len() as u32;
            let key = *keys.entry(key.clone()).or_insert_with_key(|key| {
                history.keys.push(key.to_string());
                fresh
            });
            ops.push(op(model, function, key, value).ok_or_else(|| call.stranger(model))?);
        }
        history.transactions.push(Transaction {
            process: call.event.process,
            called: call.event.place.index as u64,
            returned: call.index(),
            outcome,
            ops,
        });
    }
    Ok(history)
}

fn op(model: Model, function: &str, key: u32, value: &Value) -> Option<Op> {
    let number = |value: &Value| match value {
        Value::Int(value) => Some(*value),
        _ => None,
    };
    match (model, function, value) {
        (Model::ListAppend, "append", _) => Some(Op::Append { key, value: number(value)? }),
        (Model::ListAppend, "r", Value::Nil) => Some(Op::List { key, values: Vec::new() }),
        (Model::ListAppend, "r", Value::List(values)) => {
            let values = values.iter().map(number).collect::<Option<_>>()?;
            Some(Op::List { key, values })
        }
        (Model::RwRegister, "w", _) => Some(Op::Write { key, value: number(value)? }),
        (Model::RwRegister, "r", Value::Nil) => Some(Op::Read { key, value: None }),
        (Model::RwRegister, "r", _) => Some(Op::Read { key, value: Some(number(value)?) }),
        _ => None,
    }
}

/// The rule that is broken, with the transactions that break it.
fn broken(rule: &Broken, history: &History, calls: &[Call]) -> Unreadable {
    let (first, second) = rule.transactions;
    let [first, second] = [first, second].map(|it| &calls[it as usize].event.place);
    let mut reason = format!("{}; it is not so here", rule.rule.text());
    if let (Some(key), Some(value)) = (rule.key, rule.value) {
        let key = history.keys.get(key as usize).map_or("?", String::as_str);
        reason = format!("{}, but {value} to {key} twice", rule.rule.text());
    }
    if first != second {
        reason = format!("{reason} (the other one is in line {})", first.line);
    }
    Unreadable::new(second.line, reason)
}

/// An example of each anomaly, and which transactions those are.
fn explain(report: &Report, calls: &[Call]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut named: BTreeSet<u32> = BTreeSet::new();
    for (anomaly, count) in &report.counts {
        let Some(Finding { transactions, lines: sentences, .. }) = report.finding(*anomaly) else {
            continue;
        };
        lines.push(match anomaly {
            Anomaly::Cycle(..) => format!("{}:", anomaly.name()),
            _ => format!("{} ({count} found):", anomaly.name()),
        });
        lines.extend(sentences.iter().map(|sentence| format!("  {sentence}")));
        named.extend(transactions);
    }
    for it in named {
        let call = &calls[it as usize];
        let (process, index) = (call.event.process, call.index());
        let ops = shown(call.answer().unwrap_or(&call.event.value));
        lines.push(format!("T{} is operation {index} of process {process}: {ops}", it + 1));
    }
    lines
}

/// The operations of a transaction, the first few of them.
fn shown(value: &Value) -> String {
    let Value::List(ops) = value else { return value.to_string() };
    let mut words: Vec<String> = ops.iter().take(OPS_SHOWN).map(Value::to_string).collect();
    if ops.len() > OPS_SHOWN {
        words.push(format!("and {} more", ops.len() - OPS_SHOWN));
    }
    words.join(" ")
}
