//! An operation as Jepsen prints it: `PROCESS :TYPE :F VALUE [ERROR]`, with tabs or other white
//! space between. Lines of history.txt are so, and, behind a head, those of the console.

use super::edn::Edn;
use super::{Entry, Event, Fault, Kind, Place, Unreadable, edn};
use happens_before::check::linear::Value;

/// Whether a line begins as such an operation does.
pub fn looks_so(line: &str) -> bool {
    let mut columns = line.split_whitespace();
    let process = columns.next().unwrap_or_default();
    let kind = columns.next().and_then(|kind| kind.strip_prefix(':')).and_then(Kind::of);
    kind.is_some() && (process.starts_with(':') || process.bytes().all(|it| it.is_ascii_digit()))
}

/// What a line says. The value may be left out; what stands behind it is an error in words.
pub fn entry(line: &str, place: Place) -> Result<Entry, Unreadable> {
    let wrong = |what: String| Unreadable::new(place.line, what);
    let mut rest = line;
    let mut column = |what: &str| {
        let line = rest.trim_start();
        let end = line.find(char::is_whitespace).unwrap_or(line.len());
        let (column, behind) = line.split_at(end);
        rest = behind;
        if column.is_empty() { Err(wrong(format!("{what} is missing"))) } else { Ok(column) }
    };
    let process = column("the process")?;
    let kind = column("the type")?;
    let kind = kind
        .strip_prefix(':')
        .and_then(Kind::of)
        .ok_or_else(|| wrong(format!("there is no type {kind}")))?;
    let function = column("what was asked")?.trim_start_matches(':').to_string();
    let value = if rest.trim().is_empty() { Ok(Edn::Nil) } else { edn::first_value(rest) };
    let time = None;
    if let Some(process) = process.strip_prefix(':') {
        // What a nemesis did may be told in any words.
        let words = || Value::Text(rest.trim().to_string());
        let (process, value) =
            (process.to_string(), value.map_or_else(|_| words(), |it| it.to_value()));
        return Ok(Entry::Fault(Fault { place, after: 0, process, kind, function, value, time }));
    }
    let process =
        process.parse().map_err(|_| wrong(format!("{process} is no number of a process")))?;
    let value = value.map_err(|wrong| wrong.in_line(place.line))?.to_value();
    // The reason of a failure stands where the value would be.
    let is_reason = matches!(kind, Kind::Fail | Kind::Info) && matches!(value, Value::Text(_));
    let value = if is_reason { Value::Nil } else { value };
    Ok(Entry::Event(Event { place, process, kind, function, key: None, value, time }))
}
