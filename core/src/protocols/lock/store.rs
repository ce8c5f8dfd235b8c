//! The store as a node of this room: hands questions to it and sends what it answers when what
//! it has written is on disk.

use super::declare::event;
use super::rules::Rules;
use super::{Config, Message, Node, Record};
use crate::process::{Context, NodeId, Stored, WriteId};
use crate::protocols::files::{Ask, Guard, Storage, Told};

/// Which of the store's rules are on in this run.
fn guard(config: &Config) -> Guard {
    let has = |rule| config.rules.has(rule);
    Guard {
        tokens: !config.versions && has(Rules::CHECK_TOKENS),
        versions: config.versions,
        reads: has(Rules::FENCE_READS),
        keeps: has(Rules::KEEP_HIGHEST),
        equal: has(Rules::EQUAL_IS_WELCOME),
        forward: has(Rules::LOWER_IS_REFUSED),
    }
}

/// From what is on disk. A rotten record may have been acknowledged.
pub fn boot(
    config: &Config,
    disk: &mut dyn Iterator<Item = Stored<'_, Record>>,
    cx: &mut Context<Node>,
) -> Result<Storage, crate::process::Refusal> {
    let mut records = alloc::vec::Vec::new();
    for stored in disk {
        match stored {
            Stored::Record(Record::File(record)) => records.push(record.clone()),
            Stored::Record(Record::Raft(_)) | Stored::Torn => {}
            Stored::Corrupt => return Err(crate::process::Refusal("a record is corrupt")),
        }
    }
    Ok(Storage::boot(guard(config), records.iter(), cx))
}

/// A client asks.
pub fn on_ask(storage: &mut Storage, from: NodeId, ask: &Ask, cx: &mut Context<Node>) {
    let outcome = storage.on_ask(ask);
    for record in &outcome.records {
        cx.write(Record::File(record.clone()));
    }
    let (Ask::Fetch { id, .. } | Ask::Write { id, .. } | Ask::Read { id, .. }) = ask;
    Storage::place(*id, &outcome, cx);
    if outcome.applied.is_some() {
        let Ask::Write { writes, .. } = ask else { return };
        let token = writes.first().map_or(0, |write| write.token.0);
        cx.mark(event::WRITE, Some(from), 0, token);
    }
    match &outcome.told {
        Some(Told::Refused { token, .. }) => cx.mark(event::FENCE, Some(from), 0, token.0),
        Some(Told::Conflict { .. }) => cx.mark(event::CONFLICT, Some(from), 0, 0),
        _ => {}
    }
    // Also what changes nothing waits: it may tell of what is still on its way to the disk.
    let after: WriteId = cx.written();
    if let Some(told) = outcome.told {
        cx.send(from, Message::Stored(told), after);
    }
}
