//! What the reads of lists tell. A list only grows at its end, so a read shows the whole order of
//! the versions up to the one it saw; the longest read shows the most, and every other read must
//! be a beginning of it.

use super::graph::{Edge, Graph, WR, WW};
use super::validate::{Observed, Writes};
use super::{Anomaly, History, Notes, Op, Outcome, words};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// One read of a list by a committed transaction.
struct Reading<'h> {
    by: u32,
    values: &'h [i64],
}

/// One key: its reads and who appends to it.
#[derive(Default)]
struct List<'h> {
    reads: Vec<Reading<'h>>,
    /// Transaction and value, in the order of the history.
    appends: Vec<(u32, i64)>,
}

/// Draws the dependencies between transactions on lists, notes what is no cycle, and says how
/// many reads there were.
pub(super) fn infer(
    history: &History,
    writes: &Writes,
    seen: &Observed,
    graph: &mut Graph,
    notes: &mut Notes,
) -> usize {
    let mut lists: BTreeMap<u32, List> = BTreeMap::new();
    let mut reads = 0;
    for (place, transaction) in history.transactions.iter().enumerate() {
        let by = place as u32;
        for op in &transaction.ops {
            match op {
                Op::Append { key, value } => {
                    lists.entry(*key).or_default().appends.push((by, *value));
                }
                Op::List { key, values } if transaction.outcome == Outcome::Ok => {
                    lists.entry(*key).or_default().reads.push(Reading { by, values });
                    reads += 1;
                }
                _ => {}
            }
        }
        if transaction.outcome == Outcome::Ok {
            internal(history, by, notes);
        }
    }
    for (key, list) in &lists {
        Inference { history, writes, seen, key: *key, list }.draw(graph, notes);
    }
    lost_updates(history, notes);
    reads
}

/// Whether each read of a transaction follows from its own reads and appends before it.
fn internal(history: &History, by: u32, notes: &mut Notes) {
    /// What the transaction knows of a key.
    #[derive(Default)]
    struct Known<'h> {
        read: Option<&'h [i64]>,
        since: Vec<i64>,
    }
    let mut known: BTreeMap<u32, Known> = BTreeMap::new();
    for op in &history.transactions[by as usize].ops {
        match op {
            Op::Append { key, value } => known.entry(*key).or_default().since.push(*value),
            Op::List { key, values } => {
                let known = known.entry(*key).or_default();
                let fits = match known.read {
                    Some(read) => values.strip_prefix(read).is_some_and(|rest| rest == known.since),
                    None => values.ends_with(&known.since),
                };
                if !fits {
                    notes.note(Anomaly::Internal, &[by], || {
                        let line = words::sentence(history).txn(by).text(" read ").values(values);
                        let line = line.text(" from ").key(*key).text(", which does not follow");
                        line.text(" from what it had itself read and appended before.").done()
                    });
                }
                known.read = Some(values);
                known.since.clear();
            }
            _ => {}
        }
    }
}

struct Inference<'a, 'h> {
    history: &'h History,
    writes: &'a Writes,
    seen: &'a Observed,
    key: u32,
    list: &'a List<'h>,
}

impl Inference<'_, '_> {
    fn writer(&self, value: i64) -> Option<u32> {
        self.writes.get(&(self.key, value)).map(|written| written.by)
    }

    /// The writer, if it counts: one that failed has no place among the dependencies.
    fn committed(&self, value: i64) -> Option<u32> {
        self.writer(value).filter(|by| self.seen.committed[*by as usize])
    }

    fn draw(&self, graph: &mut Graph, notes: &mut Notes) {
        let mut whole: Vec<&Reading> = Vec::new();
        for read in &self.list.reads {
            if self.look(read, notes) {
                whole.push(read);
            }
        }
        let mut order: &[i64] = &[];
        let mut longest = 0;
        for read in &whole {
            if read.values.len() > order.len() {
                (order, longest) = (read.values, read.by);
            }
        }
        whole.retain(|read| {
            let fits = order.starts_with(read.values);
            if !fits {
                notes.note(Anomaly::IncompatibleOrder, &[longest, read.by], || {
                    let line = words::sentence(self.history).key(self.key).text(" was ");
                    let line = line.values(order).text(" for ").txn(longest).text(", but ");
                    let line = line.values(read.values).text(" for ").txn(read.by);
                    line.text(": neither is a beginning of the other.").done()
                });
            }
            fits
        });
        self.own_order(order, longest, notes);
        self.dirty_update(order, notes);
        let before = self.versions(order, graph);
        let (mut at_end, mut at) = (Vec::new(), BTreeMap::<usize, Vec<u32>>::new());
        for read in &whole {
            self.observed(read, graph);
            match before.get(read.values.len()).copied().flatten() {
                None => at_end.push((read.by, read.values.last().copied())),
                Some(_) => at.entry(read.values.len()).or_default().push(read.by),
            }
        }
        for (length, readers) in at {
            let value = before.get(length).copied().flatten();
            let Some((value, writer)) = value.and_then(|v| Some((v, self.committed(v)?))) else {
                continue;
            };
            let last = length.checked_sub(1).and_then(|last| order.get(last)).copied();
            for reader in readers {
                graph.add(Edge {
                    from: reader,
                    to: writer,
                    kind: super::graph::RW,
                    key: self.key,
                    before: last,
                    after: Some(value),
                });
            }
        }
        self.unobserved(order, &at_end, graph);
    }

    /// What one read shows by itself; whether it can tell about the order.
    fn look(&self, read: &Reading, notes: &mut Notes) -> bool {
        let mut sorted = read.values.to_vec();
        sorted.sort_unstable();
        let twice = sorted.windows(2).find(|pair| pair[0] == pair[1]);
        if let Some(pair) = twice {
            notes.note(Anomaly::DuplicateElements, &[read.by], || {
                let line = words::sentence(self.history).txn(read.by).text(" read ");
                let line = line.values(read.values).text(" from ").key(self.key);
                line.text(", which holds ").value(pair[0]).text(" more than once.").done()
            });
        }
        for value in read.values {
            let Some(writer) = self.writer(*value) else {
                notes.note(Anomaly::GarbageRead, &[read.by], || {
                    let line = words::sentence(self.history).txn(read.by).text(" observed ");
                    let line = line.value(*value).text(" in ").key(self.key);
                    line.text(", which nobody appended.").done()
                });
                continue;
            };
            if self.history.transactions[writer as usize].outcome == Outcome::Fail {
                notes.note(Anomaly::G1a, &[writer, read.by], || {
                    words::aborted(self.history, read.by, writer, self.key, *value)
                });
            }
        }
        self.future(read, notes);
        if let Some(value) = read.values.last()
            && let Some(written) = self.writes.get(&(self.key, *value))
            && written.by != read.by
            && !written.last
        {
            notes.note(Anomaly::G1b, &[written.by, read.by], || {
                words::intermediate(self.history, read.by, written.by, self.key, *value)
            });
        }
        twice.is_none()
    }

    /// Whether a transaction sees what it appends only afterwards.
    fn future(&self, read: &Reading, notes: &mut Notes) {
        let own = read.values.iter().rev().find(|v| self.writer(**v) == Some(read.by));
        let Some(value) = own else { return };
        let mut appended = false;
        for op in &self.history.transactions[read.by as usize].ops {
            match op {
                Op::Append { key, value: own } if *key == self.key && own == value => {
                    appended = true;
                }
                Op::List { values, .. } if core::ptr::eq(values.as_slice(), read.values) => break,
                _ => {}
            }
        }
        if !appended {
            notes.note(Anomaly::FutureRead, &[read.by], || {
                words::future(self.history, read.by, self.key, *value)
            });
        }
    }

    /// A committed transaction's appends stand in its own order, without a gap at their beginning.
    fn own_order(&self, order: &[i64], longest: u32, notes: &mut Notes) {
        let places: BTreeMap<i64, usize> =
            order.iter().enumerate().map(|(place, value)| (*value, place)).collect();
        for pair in self.list.appends.windows(2) {
            let ((by, first), (also_by, second)) = (pair[0], pair[1]);
            if by != also_by || !self.seen.committed[by as usize] {
                continue;
            }
            let Some(later) = places.get(&second) else { continue };
            if places.get(&first).is_none_or(|earlier| earlier > later) {
                notes.note(Anomaly::IncompatibleOrder, &[by, longest], || {
                    let line = words::sentence(self.history).txn(by).text(" appended ");
                    let line = line.value(first).text(" to ").key(self.key).text(" before ");
                    let line = line.value(second).text(", but ").txn(longest).text(" read ");
                    line.values(order).text(".").done()
                });
            }
        }
    }

    /// Committed appends behind those of a transaction that failed.
    fn dirty_update(&self, order: &[i64], notes: &mut Notes) {
        let failed = |by: &u32| self.history.transactions[*by as usize].outcome == Outcome::Fail;
        let mut aborted: Option<(u32, i64)> = None;
        for value in order {
            let Some(writer) = self.writer(*value) else { continue };
            match aborted {
                _ if failed(&writer) => aborted = Some((writer, *value)),
                Some((failed, stays)) => {
                    notes.note(Anomaly::DirtyUpdate, &[failed, writer], || {
                        let line = words::sentence(self.history).txn(writer).text(" appended ");
                        let line = line.value(*value).text(" to ").key(self.key);
                        let line = line.text(" on top of ").value(stays).text(", which ");
                        line.txn(failed).text(" had appended and which did not happen.").done()
                    });
                    return;
                }
                None => {}
            }
        }
    }

    /// Each committed transaction before the one whose append comes next; and for each length of
    /// the list the next value that was installed.
    fn versions(&self, order: &[i64], graph: &mut Graph) -> Vec<Option<i64>> {
        let mut last: Option<(u32, i64)> = None;
        for value in order {
            let Some(writer) = self.committed(*value) else { continue };
            if let Some((from, before)) = last {
                let (before, after) = (Some(before), Some(*value));
                graph.add(Edge { from, to: writer, kind: WW, key: self.key, before, after });
            }
            last = Some((writer, *value));
        }
        let mut next = alloc::vec![None; order.len() + 1];
        for (place, value) in order.iter().enumerate().rev() {
            let committed = self.committed(*value).is_some();
            next[place] = if committed { Some(*value) } else { next[place + 1] };
        }
        next
    }

    /// The transaction whose append was the last that a read saw, before the reader.
    fn observed(&self, read: &Reading, graph: &mut Graph) {
        for value in read.values.iter().rev() {
            let Some(writer) = self.committed(*value) else { continue };
            if writer != read.by {
                let after = Some(*value);
                let (from, to) = (writer, read.by);
                graph.add(Edge { from, to, kind: WR, key: self.key, before: after, after });
                return;
            }
        }
    }

    /// Committed appends that no read saw come after all that were seen.
    fn unobserved(&self, order: &[i64], at_end: &[(u32, Option<i64>)], graph: &mut Graph) {
        let mut followers: Vec<(u32, i64)> = Vec::new();
        for (by, value) in &self.list.appends {
            let hidden = !self.seen.values.contains(&(self.key, *value));
            let known = followers.last().is_some_and(|(last, _)| last == by);
            if hidden && !known && self.seen.committed[*by as usize] {
                followers.push((*by, *value));
            }
        }
        let last = order.iter().rev().find_map(|v| Some((self.committed(*v)?, *v)));
        if let Some((from, before)) = last {
            for (to, after) in &followers {
                let (before, after) = (Some(before), Some(*after));
                graph.add(Edge { from, to: *to, kind: WW, key: self.key, before, after });
            }
        }
        graph.overwritten(self.key, at_end, &followers);
    }
}

/// Transactions that read the same version of a list and then both appended to it.
fn lost_updates(history: &History, notes: &mut Notes) {
    let mut updates: BTreeMap<(u32, &[i64]), Vec<u32>> = BTreeMap::new();
    for (place, transaction) in history.transactions.iter().enumerate() {
        if transaction.outcome != Outcome::Ok {
            continue;
        }
        let mut first: BTreeMap<u32, Option<&[i64]>> = BTreeMap::new();
        for op in &transaction.ops {
            match op {
                Op::List { key, values } => {
                    first.entry(*key).or_insert(Some(values));
                }
                Op::Append { key, .. } => {
                    if let Some(values) = first.entry(*key).or_insert(None).take() {
                        updates.entry((*key, values)).or_default().push(place as u32);
                    }
                }
                _ => {}
            }
        }
    }
    for ((key, values), by) in updates {
        if by.len() > 1 {
            notes.note(Anomaly::LostUpdate, &by, || {
                let line = words::sentence(history).all(&by).text(" all read ").values(values);
                line.text(" from ")
                    .key(key)
                    .text(" and then appended to it; only one of them can have been next.")
                    .done()
            });
        }
    }
}
