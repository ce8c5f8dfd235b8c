//! Jepsen's operations: maps with :process, :type, :f and :value, or vectors of these four.

use super::edn::Edn;
use super::{Event, Kind, Place, Record, Unreadable};
use happens_before::check::linear::Value;

/// The events of records; their places are the records' indexes.
pub fn events(records: Vec<Record>) -> Result<Vec<Event>, Unreadable> {
    let mut events = Vec::new();
    for (index, Record { line, value }) in records.iter().enumerate() {
        events.extend(event(value, Place { line: *line, index })?);
    }
    Ok(events)
}

/// The event of a record; none if no client did it.
pub fn event(record: &Edn, place: Place) -> Result<Option<Event>, Unreadable> {
    let wrong = |what: &str| Unreadable::new(place.line, format!("record {}: {what}", place.index));
    let field = |name: &str, position: usize| match record {
        Edn::Sequence(fields) => fields.get(position),
        _ => record.get(name),
    };
    if !matches!(record, Edn::Map(_) | Edn::Sequence(_)) {
        return Err(wrong("this is neither a map nor a vector"));
    }
    let process = match field("process", 0) {
        Some(Edn::Int(process)) => {
            u64::try_from(*process).map_err(|_| wrong("a process has a negative number"))?
        }
        // The nemesis and its like are no clients.
        Some(Edn::Keyword(_) | Edn::Text(_)) => return Ok(None),
        // Elle's examples leave out what they do not need.
        None if field("f", 2).is_none() && field("value", 3).is_some() => 0,
        _ => return Err(wrong("it has no :process")),
    };
    let kind = match field("type", 1).and_then(Edn::word) {
        Some("invoke") => Kind::Invoke,
        Some("ok") => Kind::Ok,
        Some("fail") => Kind::Fail,
        Some("info") => Kind::Info,
        Some(other) => return Err(wrong(&format!("there is no :type {other}"))),
        None => return Err(wrong("it has no :type")),
    };
    let transaction = matches!(field("value", 3), Some(Edn::Sequence(_))).then_some("txn");
    let function = field("f", 2).map_or(transaction, Edn::word);
    let function = function.ok_or_else(|| wrong("it has no :f"))?;
    Ok(Some(Event {
        place,
        process,
        kind,
        function: function.to_string(),
        key: record.get("key").map(Edn::to_value),
        value: field("value", 3).map_or(Value::Nil, Edn::to_value),
    }))
}
