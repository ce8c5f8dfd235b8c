//! The console log of Jepsen's etcd test: `INFO  jepsen.util - PROCESS :TYPE :F VALUE`.

use super::{Event, Kind, Place, Unreadable, edn};
use happens_before::check::linear::Value;

/// The events of a log; their places are lines.
pub fn read(text: &str) -> Result<Vec<Event>, Unreadable> {
    let mut events = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = Place { line: index + 1, index: index + 1 };
        if !line.trim().is_empty() {
            events.push(event(line, place)?);
        }
    }
    Ok(events)
}

fn event(line: &str, place: Place) -> Result<Event, Unreadable> {
    let wrong = |what: String| Unreadable::new(place.line, what);
    let Some((head, tail)) = line.split_once(" - ") else {
        return Err(wrong("this is not `INFO jepsen.util - PROCESS :TYPE :F VALUE`".to_string()));
    };
    if head.split_whitespace().next() != Some("INFO") {
        return Err(wrong("the line does not begin with INFO".to_string()));
    }
    let mut columns = tail.split_whitespace();
    let mut column = |what: &str| columns.next().ok_or_else(|| wrong(format!("{what} is missing")));
    let process = column("the process")?;
    let process =
        process.parse().map_err(|_| wrong(format!("{process} is no number of a process")))?;
    let kind = match column("the type")? {
        ":invoke" => Kind::Invoke,
        ":ok" => Kind::Ok,
        ":fail" => Kind::Fail,
        ":info" => Kind::Info,
        other => return Err(wrong(format!("there is no type {other}"))),
    };
    let function = column("what was asked")?.trim_start_matches(':').to_string();
    let rest: Vec<&str> = columns.collect();
    let value = edn::value(&rest.join(" ")).map_err(|wrong| wrong.in_line(place.line))?;
    let value = value.to_value();
    // The reason of a failure stands where the value would be.
    let is_reason = matches!(kind, Kind::Fail | Kind::Info) && matches!(value, Value::Text(_));
    let value = if is_reason { Value::Nil } else { value };
    Ok(Event { place, process, kind, function, key: None, value })
}
