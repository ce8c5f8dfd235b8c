//! Jepsen's operations: maps with :process, :type, :f and :value, or vectors of these four.

use super::edn::Edn;
use super::{Entry, Event, Fault, Kind, Place, Reading, Record, Unreadable};
use happens_before::check::linear::Value;

/// Reads records; their places are the records' indexes, those of faults counted, too.
pub fn read(records: Vec<Record>, reading: &mut Reading) -> Result<(), Unreadable> {
    for (index, Record { line, value }) in records.iter().enumerate() {
        reading.push(entry(value, Place { line: *line, index })?);
    }
    Ok(())
}

/// What a record says.
pub fn entry(record: &Edn, place: Place) -> Result<Entry, Unreadable> {
    let wrong = |what: &str| Unreadable::new(place.line, format!("record {}: {what}", place.index));
    let field = |name: &str, position: usize| match record {
        Edn::Sequence(fields) => fields.get(position),
        _ => record.get(name),
    };
    if !matches!(record, Edn::Map(_) | Edn::Sequence(_)) {
        return Err(wrong("this is neither a map nor a vector"));
    }
    let kind = match field("type", 1).and_then(Edn::word) {
        Some(word) => Kind::of(word).ok_or_else(|| wrong(&format!("there is no :type {word}"))),
        None => Err(wrong("it has no :type")),
    };
    let value = || field("value", 3).map_or(Value::Nil, Edn::to_value);
    let function = field("f", 2).and_then(Edn::word);
    let time = match record.get("time") {
        Some(Edn::Int(time)) => u64::try_from(*time).ok(),
        _ => None,
    };
    let process = match field("process", 0) {
        Some(Edn::Int(process)) => {
            u64::try_from(*process).map_err(|_| wrong("a process has a negative number"))?
        }
        // The nemesis and its like are no clients.
        Some(Edn::Keyword(name) | Edn::Text(name)) => {
            let (process, function) = (name.clone(), function.unwrap_or_default().to_string());
            let (kind, value) = (kind.unwrap_or(Kind::Info), value());
            let fault = Fault { place, after: 0, process, kind, function, value, time };
            return Ok(Entry::Fault(fault));
        }
        // Elle's examples leave out what they do not need.
        None if field("f", 2).is_none() && field("value", 3).is_some() => 0,
        _ => return Err(wrong("it has no :process")),
    };
    let transaction = matches!(field("value", 3), Some(Edn::Sequence(_))).then_some("txn");
    let function = if field("f", 2).is_none() { transaction } else { function };
    Ok(Entry::Event(Event {
        place,
        process,
        kind: kind?,
        function: function.ok_or_else(|| wrong("it has no :f"))?.to_string(),
        key: record.get("key").map(Edn::to_value),
        value: value(),
        time,
    }))
}
