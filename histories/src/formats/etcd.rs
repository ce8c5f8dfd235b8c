//! The console log of Jepsen's etcd test: `INFO  jepsen.util - PROCESS :TYPE :F VALUE`.

use super::{Place, Reading, Unreadable, columns};

/// Reads a log; its places are lines.
pub fn read(text: &str, reading: &mut Reading) -> Result<(), Unreadable> {
    for (index, line) in text.lines().enumerate() {
        let place = Place::of_line(index + 1);
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |what: &str| Unreadable::new(place.line, what);
        let Some((head, tail)) = line.split_once(" - ") else {
            return Err(wrong("this is not `INFO jepsen.util - PROCESS :TYPE :F VALUE`"));
        };
        if head.split_whitespace().next() != Some("INFO") {
            return Err(wrong("the line does not begin with INFO"));
        }
        reading.push(columns::entry(tail, place)?);
    }
    Ok(())
}
