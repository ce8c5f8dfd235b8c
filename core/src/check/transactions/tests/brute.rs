//! The definitions themselves, tried in all ways: serializability by every order of the
//! transactions, snapshot isolation by every order of their snapshots and commits. Shares no code
//! with what it judges.

use super::super::{History, Op, Outcome, Transaction};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// Which order from outside has to be kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Nothing,
    Process,
    RealTime,
}

/// Lists and registers alike: a register is a list of which only the end is read.
type Store = BTreeMap<u32, Vec<i64>>;

/// Whether a must come before b.
fn before(a: &Transaction, b: &Transaction, keep: Keep) -> bool {
    match keep {
        Keep::Nothing => false,
        Keep::Process => a.process == b.process && a.called < b.called,
        Keep::RealTime => a.outcome == Outcome::Ok && a.returned < b.called,
    }
}

/// Runs a transaction; false if a read of it shows something else.
fn run(transaction: &Transaction, store: &mut Store) -> bool {
    transaction.ops.iter().all(|op| {
        let cell = store.entry(op.key()).or_default();
        match op {
            Op::Append { value, .. } | Op::Write { value, .. } => {
                cell.push(*value);
                true
            }
            _ if transaction.outcome != Outcome::Ok => true,
            Op::List { values, .. } => values == cell,
            Op::Read { value, .. } => cell.last() == value.as_ref(),
        }
    })
}

/// All choices of transactions that may have happened.
fn choices(history: &History) -> Vec<Vec<&Transaction>> {
    let mut choices = alloc::vec![Vec::new()];
    for transaction in &history.transactions {
        let without = choices.clone();
        if transaction.outcome != Outcome::Fail {
            choices.iter_mut().for_each(|choice| choice.push(transaction));
        }
        if transaction.outcome == Outcome::Info {
            choices.extend(without);
        }
    }
    choices
}

/// Whether some order of the transactions explains all reads.
pub fn serializable(history: &History, keep: Keep) -> bool {
    choices(history).into_iter().any(|rest| orders(&rest, &Store::new(), keep))
}

fn orders(rest: &[&Transaction], store: &Store, keep: Keep) -> bool {
    rest.is_empty()
        || (0..rest.len()).any(|next| {
            let transaction = rest[next];
            let mut others = rest.to_vec();
            others.remove(next);
            let mut store = store.clone();
            others.iter().all(|other| !before(other, transaction, keep))
                && run(transaction, &mut store)
                && orders(&others, &store, keep)
        })
}

/// A transaction with its snapshot taken.
#[derive(Clone)]
struct Begun<'h> {
    transaction: &'h Transaction,
    /// Keys that others have committed to since.
    taken: BTreeSet<u32>,
}

/// Whether some order of snapshots and commits explains all reads, so that of two transactions
/// that write the same key one has committed before the other takes its snapshot.
pub fn snapshot_isolation(history: &History, keep: Keep) -> bool {
    choices(history).into_iter().any(|rest| snapshots(&rest, &[], &Store::new(), keep))
}

fn snapshots(rest: &[&Transaction], begun: &[Begun], store: &Store, keep: Keep) -> bool {
    if rest.is_empty() && begun.is_empty() {
        return true;
    }
    let begins = (0..rest.len()).any(|next| {
        let transaction = rest[next];
        let mut others = rest.to_vec();
        others.remove(next);
        let early = others.iter().any(|other| before(other, transaction, keep))
            || begun.iter().any(|other| before(other.transaction, transaction, keep));
        let mut open = begun.to_vec();
        open.push(Begun { transaction, taken: BTreeSet::new() });
        !early && run(transaction, &mut store.clone()) && snapshots(&others, &open, store, keep)
    });
    begins
        || (0..begun.len()).any(|next| {
            let mut open = begun.to_vec();
            let done = open.remove(next);
            let mut store = store.clone();
            for op in &done.transaction.ops {
                let (Op::Append { key, value } | Op::Write { key, value }) = op else { continue };
                if done.taken.contains(key) {
                    return false;
                }
                store.entry(*key).or_default().push(*value);
                open.iter_mut().for_each(|other| {
                    other.taken.insert(*key);
                });
            }
            snapshots(rest, &open, &store, keep)
        })
}
