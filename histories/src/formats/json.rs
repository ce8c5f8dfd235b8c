//! Jepsen histories as JSON: an array of objects, or objects one after another.

use super::edn::Edn;
use super::{Record, Unreadable};
use serde_json::Value;

/// The records of a text.
pub fn records(text: &str) -> Result<Vec<Record>, Unreadable> {
    let mut records = Vec::new();
    let (mut line, mut offset) = (1, 0);
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    while let Some(value) = values.next() {
        let value = value.map_err(|error| Unreadable::new(error.line(), error.to_string()))?;
        match value {
            // Where its elements stand is not known; the index of each is said.
            Value::Array(values) => {
                records.extend(values.iter().map(|value| Record { line, value: to_edn(value) }))
            }
            value => records.push(Record { line, value: to_edn(&value) }),
        }
        line += text[offset..values.byte_offset()].matches('\n').count();
        offset = values.byte_offset();
    }
    Ok(records)
}

fn to_edn(value: &Value) -> Edn {
    match value {
        Value::Null => Edn::Nil,
        Value::Bool(value) => Edn::Bool(*value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Edn::Text(number.to_string()), Edn::Int)
        }
        Value::String(text) => Edn::Text(text.clone()),
        Value::Array(values) => Edn::Sequence(values.iter().map(to_edn).collect()),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| (Edn::Text(key.clone()), to_edn(value));
            Edn::Map(entries.iter().map(entry).collect())
        }
    }
}
