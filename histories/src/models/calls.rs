//! Joins the events of a history to operations: what was called, and how it ended. What they
//! mean is decided elsewhere.

use super::Model;
use crate::formats::{Event, Kind, Place, Unreadable};
use happens_before::check::linear::Value;
use std::collections::BTreeMap;

/// An operation before its meaning is known. Orders are places among all events.
pub struct Call {
    /// The invocation.
    pub event: Event,
    pub order: u64,
    /// What says that it has happened, or has not; none if nobody knows.
    pub end: Option<(Event, u64)>,
}

/// How an operation ended, as its client knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Ok,
    Fail,
    Unknown,
}

impl Call {
    pub fn asked(&self) -> (&str, &Value) {
        (&self.event.function, &self.event.value)
    }

    pub fn ending(&self) -> Ending {
        match &self.end {
            Some((end, _)) if end.kind == Kind::Fail => Ending::Fail,
            Some(_) => Ending::Ok,
            None => Ending::Unknown,
        }
    }

    /// What came back, if it happened.
    pub fn answer(&self) -> Option<&Value> {
        self.end.as_ref().filter(|_| self.ending() == Ending::Ok).map(|(end, _)| &end.value)
    }

    /// What reports call its end, or its invocation if it has none.
    pub fn index(&self) -> u64 {
        let event = self.end.as_ref().map_or(&self.event, |(end, _)| end);
        event.place.index as u64
    }

    /// Its function is nothing that the model knows, or not with such values.
    pub fn stranger(&self, model: Model) -> Unreadable {
        const SHOWN: usize = 40;
        let Event { function, value, place, .. } = &self.event;
        let mut value = value.to_string();
        if let Some((end, _)) = value.char_indices().nth(SHOWN) {
            value.truncate(end);
            value.push_str("...");
        }
        let (model, known) = (model.name(), model.functions());
        let reason = format!("{function} of {value} is nothing that {model} knows: {known}");
        Unreadable::new(place.line, reason)
    }
}

/// Joins calls and returns.
pub fn pair(events: Vec<Event>) -> Result<Vec<Call>, Unreadable> {
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
