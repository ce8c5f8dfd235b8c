//! The definitions themselves, tried in all ways: every order of a view, every causal order,
//! every arbitration. Shares no code with what it judges.

use super::super::{Action, History, Model, Op};
use alloc::vec::Vec;

/// A relation between operations, as a matrix.
type Relation = Vec<Vec<bool>>;

/// Whether some order of these operations keeps the relation, so that each of the reads in
/// question returns the last value written to its key.
fn view(history: &History, members: &[usize], reads: &[usize], keeps: &Relation) -> bool {
    extend(history, members, reads, keeps, &mut Vec::new())
}

fn extend(
    history: &History,
    rest: &[usize],
    reads: &[usize],
    keeps: &Relation,
    order: &mut Vec<usize>,
) -> bool {
    rest.is_empty()
        || rest.iter().any(|next| {
            if rest.iter().any(|other| keeps[*other][*next]) {
                return false;
            }
            if reads.contains(next) && !returns(history, order, *next) {
                return false;
            }
            let others: Vec<usize> = rest.iter().copied().filter(|other| other != next).collect();
            order.push(*next);
            let found = extend(history, &others, reads, keeps, order);
            order.pop();
            found
        })
}

/// Whether a read after these operations returns what it did.
fn returns(history: &History, order: &[usize], read: usize) -> bool {
    let Op { key, action, .. } = history.ops[read];
    let last = order.iter().rev().find_map(|op| match history.ops[*op] {
        Op { key: written, action: Action::Write(value), .. } if written == key => Some(value),
        _ => None,
    });
    action == Action::Read(last)
}

fn is_read(op: &Op) -> bool {
    matches!(op.action, Action::Read(_))
}

fn relation(history: &History, holds: impl Fn(usize, usize) -> bool) -> Relation {
    let ops = 0..history.ops.len();
    ops.clone().map(|a| ops.clone().map(|b| holds(a, b)).collect()).collect()
}

/// Program order.
fn program(history: &History) -> Relation {
    relation(history, |a, b| a < b && history.ops[a].process == history.ops[b].process)
}

fn source(history: &History, read: usize) -> Option<usize> {
    let Op { key, action: Action::Read(Some(value)), .. } = history.ops[read] else { return None };
    history.ops.iter().position(|op| op.key == key && op.action == Action::Write(value))
}

/// What a view of this process has to keep in a model of views.
fn kept(history: &History, model: Model) -> Relation {
    let order = program(history);
    let ops = &history.ops;
    relation(history, |a, b| {
        let (reads, writes) =
            (is_read(&ops[a]) && is_read(&ops[b]), !is_read(&ops[a]) && !is_read(&ops[b]));
        match model {
            Model::ReadYourWrites => order[a][b] && !is_read(&ops[a]) && is_read(&ops[b]),
            Model::MonotonicReads => order[a][b] && reads,
            Model::MonotonicWrites => order[a][b] && (reads || writes),
            Model::WritesFollowReads => {
                let follows =
                    (0..ops.len()).any(|read| order[read][b] && source(history, read) == Some(a));
                order[a][b] && reads || writes && follows
            }
            _ => order[a][b],
        }
    })
}

/// Whether a model holds, by its definition. `wide`: so many pairs of operations of different
/// processes at most may be related in all ways for the causal orders; beyond that only the
/// smallest causal order is tried.
pub fn holds(history: &History, model: Model, wide: usize) -> bool {
    let all: Vec<usize> = (0..history.ops.len()).collect();
    let reads: Vec<usize> = all.iter().copied().filter(|op| is_read(&history.ops[*op])).collect();
    match model {
        Model::Sequential => view(history, &all, &reads, &program(history)),
        Model::Causal | Model::CausalConvergence | Model::CausalMemory => {
            orders(history, wide).iter().any(|order| causal(history, model, order))
        }
        _ => {
            let keeps = kept(history, model);
            let mut processes: Vec<u32> = history.ops.iter().map(|op| op.process).collect();
            processes.dedup();
            processes.iter().all(|process| {
                let sees = |op: &&usize| {
                    let Op { process: by, .. } = history.ops[**op];
                    !is_read(&history.ops[**op]) || by == *process
                };
                let members: Vec<usize> = all.iter().filter(sees).copied().collect();
                view(history, &members, &reads, &keeps)
            })
        }
    }
}

/// Whether a model of causality holds with this causal order.
fn causal(history: &History, model: Model, order: &Relation) -> bool {
    let all: Vec<usize> = (0..history.ops.len()).collect();
    let program = program(history);
    let past = |op: usize| -> Vec<usize> {
        all.iter().copied().filter(|cause| *cause == op || order[*cause][op]).collect()
    };
    match model {
        Model::Causal => all.iter().all(|op| {
            let reads: &[usize] = if is_read(&history.ops[*op]) { &[*op] } else { &[] };
            view(history, &past(*op), reads, order)
        }),
        Model::CausalMemory => all.iter().all(|op| {
            let own =
                |read: &usize| is_read(&history.ops[*read]) && (read == op || program[*read][*op]);
            let reads: Vec<usize> = all.iter().copied().filter(own).collect();
            view(history, &past(*op), &reads, order)
        }),
        _ => arbitrations(&all, order, &mut Vec::new(), &|arbitration| {
            all.iter().filter(|op| is_read(&history.ops[**op])).all(|read| {
                let known = past(*read);
                let seen: Vec<usize> =
                    arbitration.iter().copied().filter(|op| known.contains(op)).collect();
                returns(history, &seen, *read)
            })
        }),
    }
}

/// Whether some total order that keeps a relation passes.
fn arbitrations(
    rest: &[usize],
    keeps: &Relation,
    order: &mut Vec<usize>,
    passes: &dyn Fn(&[usize]) -> bool,
) -> bool {
    if rest.is_empty() {
        return passes(order);
    }
    rest.iter().any(|next| {
        if rest.iter().any(|other| keeps[*other][*next]) {
            return false;
        }
        let others: Vec<usize> = rest.iter().copied().filter(|other| other != next).collect();
        order.push(*next);
        let found = arbitrations(&others, keeps, order, passes);
        order.pop();
        found
    })
}

/// Causal orders: strict partial orders that contain program order.
fn orders(history: &History, wide: usize) -> Vec<Relation> {
    let program = program(history);
    let ops = history.ops.len();
    let pairs: Vec<(usize, usize)> = (0..ops)
        .flat_map(|a| (0..a).map(move |b| (a, b)))
        .filter(|(a, b)| history.ops[*a].process != history.ops[*b].process)
        .collect();
    if pairs.len() > wide {
        let mut least = program;
        let seen = (0..ops).filter_map(|read| Some((source(history, read)?, read)));
        seen.for_each(|(write, read)| least[write][read] = true);
        for by in 0..ops {
            for a in 0..ops {
                for b in 0..ops {
                    least[a][b] |= least[a][by] && least[by][b];
                }
            }
        }
        let strict = (0..ops).all(|op| !least[op][op]);
        return if strict { alloc::vec![least] } else { Vec::new() };
    }
    let mut found = Vec::new();
    for choice in 0..3usize.pow(pairs.len() as u32) {
        let (mut order, mut rest) = (program.clone(), choice);
        for (a, b) in &pairs {
            order[*a][*b] = rest % 3 == 1;
            order[*b][*a] = rest % 3 == 2;
            rest /= 3;
        }
        let transitive = (0..ops).all(|by| {
            (0..ops).all(|a| (0..ops).all(|b| !(order[a][by] && order[by][b]) || order[a][b]))
        });
        let strict = (0..ops).all(|op| !order[op][op]);
        if transitive && strict {
            found.push(order);
        }
    }
    found
}
