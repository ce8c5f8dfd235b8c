//! What the reads of registers tell. Less than those of lists: that whoever reads a value comes
//! after its writer, that the first value, which nobody wrote, comes before all others, and that
//! who reads a value and then writes comes after that value and so after its other readers.

use super::graph::{Edge, Graph, WR};
use super::validate::{Observed, Writes};
use super::{Anomaly, History, Notes, Op, Outcome, words};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// One version of a register: who read it, and who wrote after it what.
#[derive(Default)]
struct Version {
    readers: Vec<u32>,
    followers: Vec<(u32, i64)>,
    /// Those among the followers that read this version before they wrote.
    updates: Vec<u32>,
}

/// Draws the dependencies between transactions on registers, notes what is no cycle, and says how
/// many reads there were.
pub(super) fn infer(
    history: &History,
    writes: &Writes,
    seen: &Observed,
    graph: &mut Graph,
    notes: &mut Notes,
) -> usize {
    let mut versions: BTreeMap<(u32, Option<i64>), Version> = BTreeMap::new();
    let mut reads = 0;
    for (place, transaction) in history.transactions.iter().enumerate() {
        let by = place as u32;
        if !seen.committed[place] {
            continue;
        }
        // What the transaction knows of a key, and whether it wrote it itself.
        let mut known: BTreeMap<u32, (Option<i64>, bool)> = BTreeMap::new();
        for op in &transaction.ops {
            match op {
                Op::Write { key, value } => {
                    let before = known.insert(*key, (Some(*value), true));
                    if before.is_some_and(|(_, own)| own) {
                        continue;
                    }
                    let first = versions.entry((*key, None)).or_default();
                    first.followers.push((by, *value));
                    if let Some((read, _)) = before {
                        let version = versions.entry((*key, read)).or_default();
                        version.updates.push(by);
                        if read.is_some() {
                            version.followers.push((by, *value));
                        }
                    }
                }
                Op::Read { key, value } if transaction.outcome == Outcome::Ok => {
                    reads += 1;
                    let before = known.get(key).copied();
                    if let Some((expected, own)) = before
                        && expected != *value
                    {
                        notes.note(Anomaly::Internal, &[by], || {
                            let line = words::sentence(history).txn(by).text(" read ");
                            let line = line.maybe(*value).text(" from ").key(*key);
                            let line = line.text(" after it had itself ");
                            let line = line.text(if own { "written " } else { "read " });
                            line.maybe(expected).text(" there.").done()
                        });
                    }
                    if before.is_some_and(|(_, own)| own) {
                        continue;
                    }
                    known.insert(*key, (*value, false));
                    versions.entry((*key, *value)).or_default().readers.push(by);
                    let read = Read { by, key: *key, value: *value };
                    look(history, writes, seen, read, graph, notes);
                }
                _ => {}
            }
        }
    }
    for ((key, value), version) in &versions {
        let readers: Vec<_> = version.readers.iter().map(|by| (*by, *value)).collect();
        graph.overwritten(*key, &readers, &version.followers);
        if version.updates.len() > 1 {
            notes.note(Anomaly::LostUpdate, &version.updates, || {
                let line = words::sentence(history).all(&version.updates).text(" all read ");
                let line = line.maybe(*value).text(" from ").key(*key);
                line.text(" and then wrote to it; only one of them can have been next.").done()
            });
        }
    }
    reads
}

/// A read of something that the reader has not written.
struct Read {
    by: u32,
    key: u32,
    value: Option<i64>,
}

/// Who wrote what was read, and whether that may be read.
fn look(
    history: &History,
    writes: &Writes,
    seen: &Observed,
    Read { by, key, value }: Read,
    graph: &mut Graph,
    notes: &mut Notes,
) {
    let Some(value) = value else { return };
    let Some(written) = writes.get(&(key, value)) else {
        notes.note(Anomaly::GarbageRead, &[by], || {
            let line = words::sentence(history).txn(by).text(" observed ").value(value);
            line.text(" in ").key(key).text(", which nobody wrote.").done()
        });
        return;
    };
    if written.by == by {
        notes.note(Anomaly::FutureRead, &[by], || words::future(history, by, key, value));
        return;
    }
    if history.transactions[written.by as usize].outcome == Outcome::Fail {
        notes.note(Anomaly::G1a, &[written.by, by], || {
            words::aborted(history, by, written.by, key, value)
        });
    }
    if !written.last {
        notes.note(Anomaly::G1b, &[written.by, by], || {
            words::intermediate(history, by, written.by, key, value)
        });
    }
    if seen.committed[written.by as usize] {
        let (from, value) = (written.by, Some(value));
        graph.add(Edge { from, to: by, kind: WR, key, before: value, after: value });
    }
}
