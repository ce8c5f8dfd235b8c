//! Small histories whose verdicts follow from a look at them.

use super::super::*;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// (process, call, return, input, output); a return of 0 is none.
type Row<I, O> = (u64, u64, u64, I, Option<O>);

/// Sources are the times.
fn history<I: Clone, O: Clone>(rows: &[Row<I, O>]) -> History<I, O> {
    let mut history = History::new();
    for (process, call, end, input, output) in rows.iter().cloned() {
        let operation = history.call(process, call, call, input);
        if let Some(output) = output {
            history.returns(operation, end, end, output).unwrap();
        }
    }
    history
}

fn verdict<S: Specification>(specification: S, rows: &[Row<S::Input, S::Output>]) -> Verdict {
    check(specification, history(rows), Budget::default())
}

#[track_caller]
fn violated<S: Specification>(specification: S, rows: &[Row<S::Input, S::Output>]) -> Violation {
    match verdict(specification, rows) {
        Verdict::Violated(violation) => *violation,
        other => panic!("{other:?}"),
    }
}

const NIL: Register<i64> = Register { start: None };

fn read(
    process: u64,
    call: u64,
    end: u64,
    value: i64,
) -> Row<RegisterInput<i64>, RegisterOutput<i64>> {
    (process, call, end, RegisterInput::Read, Some(RegisterOutput::Value(Some(value))))
}

fn write(
    process: u64,
    call: u64,
    end: u64,
    value: i64,
) -> Row<RegisterInput<i64>, RegisterOutput<i64>> {
    let output = (end != 0).then_some(RegisterOutput::Done);
    (process, call, end, RegisterInput::Write(Some(value)), output)
}

fn cas(
    process: u64,
    (call, end): (u64, u64),
    (from, to): (i64, i64),
    output: Option<RegisterOutput<i64>>,
) -> Row<RegisterInput<i64>, RegisterOutput<i64>> {
    (process, call, end, RegisterInput::Cas(Some(from), Some(to)), output)
}

#[test]
fn a_stale_read_is_found_with_its_line_its_reason_and_what_it_takes() {
    let violation = violated(
        NIL,
        &[
            write(0, 1, 2, 7),
            read(1, 3, 4, 7),
            write(0, 5, 6, 1),
            write(0, 7, 8, 2),
            read(1, 9, 10, 2),
            read(2, 11, 12, 1),
            write(0, 13, 14, 3),
            read(1, 15, 16, 1),
        ],
    );
    assert_eq!((violation.operation, violation.source), (5, 12));
    assert_eq!(
        violation.sentence,
        "read returned 1; every order that explains the earlier results leaves 2"
    );
    assert_eq!(violation.longest, [[0, 1, 2, 3, 4]]);
    // The read of 2 forbids 1 as well as the write does; one of them is enough.
    assert_eq!(violation.shrunk, [2, 4, 5]);
}

#[test]
fn a_read_of_what_nobody_wrote_is_bad_alone() {
    let violation = violated(NIL, &[write(0, 1, 2, 0), read(1, 3, 6, 3), write(2, 4, 7, 4)]);
    assert_eq!((violation.source, violation.shrunk.as_slice()), (6, [1].as_slice()));
    assert_eq!(
        violation.sentence,
        "read returned 3; every order that explains the earlier results leaves 0 or 4"
    );
}

#[test]
fn two_reads_may_not_go_back() {
    let new_then_old = [write(0, 1, 2, 0), write(0, 3, 0, 1), read(1, 4, 5, 1), read(2, 6, 7, 0)];
    assert_eq!(violated(NIL, &new_then_old).source, 7);
    let at_once = [write(0, 1, 2, 0), write(0, 3, 0, 1), read(1, 4, 6, 1), read(2, 5, 7, 0)];
    assert_eq!(verdict(NIL, &at_once), Verdict::Linearizable);
}

#[test]
fn what_returns_when_another_is_called_is_concurrent_with_it() {
    let rows = |read_at| [write(0, 1, 2, 1), write(0, 3, 5, 2), read(1, read_at, 9, 1)];
    assert_eq!(verdict(NIL, &rows(5)), Verdict::Linearizable);
    assert_eq!(violated(NIL, &rows(6)).source, 9);
}

#[test]
fn what_never_returned_may_happen_late_or_never() {
    let open = write(0, 1, 0, 5);
    let late = [open.clone(), write(1, 2, 3, 1), read(1, 4, 5, 1), read(1, 6, 7, 5)];
    assert_eq!(verdict(NIL, &late), Verdict::Linearizable);
    let never = [open.clone(), write(1, 2, 3, 1), read(1, 4, 5, 1)];
    assert_eq!(verdict(NIL, &never), Verdict::Linearizable);
    let twice = [open, write(1, 2, 3, 1), read(1, 4, 5, 5), write(1, 6, 7, 1), read(1, 8, 9, 5)];
    assert_eq!(violated(NIL, &twice).source, 9);
    let before_its_call = [write(1, 1, 2, 1), read(1, 3, 4, 5), write(0, 5, 0, 5)];
    assert_eq!(violated(NIL, &before_its_call).source, 4);
}

#[test]
fn a_compare_and_set_without_answer_may_have_worked_or_not() {
    let unknown = cas(0, (3, 0), (1, 2), None);
    for seen in [1, 2] {
        let rows = [write(0, 1, 2, 1), unknown.clone(), read(1, 4, 5, seen)];
        assert_eq!(verdict(NIL, &rows), Verdict::Linearizable);
    }
    let refused = cas(0, (3, 4), (1, 2), Some(RegisterOutput::Refused));
    let violation = violated(NIL, &[write(0, 1, 2, 1), refused]);
    assert_eq!(
        violation.sentence,
        "cas(1, 2) was refused; every order that explains the earlier results leaves 1"
    );
    let done = cas(0, (3, 4), (9, 2), Some(RegisterOutput::Done));
    assert_eq!(violated(NIL, &[write(0, 1, 2, 1), done]).source, 4);
}

#[test]
fn where_nothing_is_read_there_is_nothing_to_check() {
    let search = |rows: &[_]| Search::new(NIL, history(rows), Budget::default());
    assert!(search(&[]).nothing_to_check());
    assert!(search(&[write(0, 1, 2, 1)]).nothing_to_check());
    assert!(search(&[(0, 1, 0, RegisterInput::Read, None)]).nothing_to_check());
    assert!(!search(&[read(0, 1, 2, 1)]).nothing_to_check());
    assert_eq!(verdict(NIL, &[]), Verdict::Linearizable);
}

#[test]
fn the_first_unexplained_return_is_the_first_of_all_keys() {
    let get = |key: &str, call, value: &str| {
        let input = MapInput { key: key.to_string(), action: MapAction::Get };
        (0, call, call + 1, input, Some(MapOutput::Value(Some(value.to_string()))))
    };
    let append = |key: &str, call, end, value: &str| {
        let action = MapAction::Append(value.to_string());
        (1, call, end, MapInput { key: key.to_string(), action }, Some(MapOutput::Done))
    };
    // The search turns to "a" first, but "b" goes wrong earlier.
    let rows = [
        append("a", 1, 2, "x"),
        append("b", 3, 4, "x"),
        append("b", 5, 6, "y"),
        get("b", 7, "yx"),
        get("a", 9, "y"),
    ];
    let violation = violated(Map::new(Some(String::new())), &rows);
    assert_eq!((violation.source, violation.first), (8, true));
    assert_eq!(
        violation.sentence,
        "get(b) returned \"yx\"; every order that explains the earlier results leaves \"xy\""
    );
    assert_eq!(violation.shrunk, [1, 2, 3]);
}

#[test]
fn one_hard_key_does_not_hide_a_refutation_in_another() {
    let mut rows = Vec::new();
    // Twenty appends at once, and a result that none of their orders gives.
    for process in 0..20 {
        let action = MapAction::Append(process.to_string());
        rows.push((process, 1, 3, MapInput { key: 0, action }, Some(MapOutput::Done)));
    }
    let get = MapInput { key: 0, action: MapAction::Get };
    rows.push((20, 4, 5, get, Some(MapOutput::Value(Some("no".to_string())))));
    let easy = MapInput { key: 1, action: MapAction::Get };
    rows.push((21, 6, 7, easy, Some(MapOutput::Value(Some("no".to_string())))));
    let budget = Budget { steps: 10_000, bytes: 64 << 20, explanation_steps: 10_000 };
    let Verdict::Violated(violation) = check(Map::new(None), history(&rows), budget) else {
        panic!("not refuted");
    };
    assert_eq!(violation.source, 7);
    // Whether the hard key goes wrong earlier was not found out, and that is said.
    assert!(!violation.first && violation.steps < 1_000);
}

#[test]
fn budgets_end_a_search_and_more_can_be_given() {
    // One value is there twice, so that a search is needed.
    let mut rows: Vec<_> = (0..12).map(|n| write(n, 1, 3, n as i64 % 11)).collect();
    rows.extend([read(20, 4, 5, 99)]);
    let steps = Budget { steps: 500, ..Budget::default() };
    assert_eq!(check(NIL, history(&rows), steps), Verdict::Unknown { steps: 500 });
    let bytes = Budget { bytes: 20_000, ..Budget::default() };
    assert!(matches!(check(NIL, history(&rows), bytes), Verdict::Unknown { steps: 1.. }));
    let mut search = Search::new(NIL, history(&rows), steps);
    while matches!(search.advance(7), Progress::Working { .. }) {}
    search.raise(Budget::default());
    let decided = loop {
        if let Progress::Done(verdict) = search.advance(7) {
            break verdict;
        }
    };
    let Verdict::Violated(violation) = decided else { panic!("{decided:?}") };
    assert_eq!((violation.source, violation.shrunk.as_slice()), (5, [12].as_slice()));
}

#[test]
fn queues_and_stacks_differ_in_what_comes_first() {
    let put =
        |call, value| (0, call, call + 1, QueueInput::Enqueue(value), Some(QueueOutput::Done));
    let take = |call, output| (0, call, call + 1, QueueInput::Dequeue, Some(output));
    let first_in = [put(1, 1), put(3, 2), take(5, QueueOutput::Value(1))];
    assert_eq!(verdict(Queue::default(), &first_in), Verdict::Linearizable);
    let last_in = [put(1, 1), put(3, 2), take(5, QueueOutput::Value(2))];
    let violation = violated(Queue::default(), &last_in);
    assert_eq!(
        violation.sentence,
        "dequeue returned 2; every order that explains the earlier results leaves [1 2]"
    );
    let empty = [put(1, 1), take(3, QueueOutput::Empty)];
    assert_eq!(violated(Queue::default(), &empty).source, 4);

    let push = |call, value| (0, call, call + 1, StackInput::Push(value), Some(StackOutput::Done));
    let pop = |call, output| (0, call, call + 1, StackInput::Pop, Some(output));
    let last_in = [push(1, 1), push(3, 2), pop(5, StackOutput::Value(2))];
    assert_eq!(verdict(Stack::default(), &last_in), Verdict::Linearizable);
    let first_in = [push(1, 1), push(3, 2), pop(5, StackOutput::Value(1))];
    assert_eq!(violated(Stack::default(), &first_in).source, 6);
}

#[test]
fn a_lock_has_one_holder() {
    let acquire =
        |who, call| (who, call, call + 1, MutexInput::Acquire(who), Some(MutexOutput::Done));
    let violation = violated(Mutex, &[acquire(1, 1), acquire(2, 3)]);
    assert_eq!(
        violation.sentence,
        "acquire(2) succeeded; every order that explains the earlier results leaves the lock \
         with 1"
    );
    let release = (1, 3, 4, MutexInput::Release(1), Some(MutexOutput::Done));
    let handed_on = [acquire(1, 1), release, acquire(2, 5)];
    assert_eq!(verdict(Mutex, &handed_on), Verdict::Linearizable);
    let open = (1, 3, 0, MutexInput::Release(1), None);
    let handed_on = [acquire(1, 1), open, acquire(2, 5)];
    assert_eq!(verdict(Mutex, &handed_on), Verdict::Linearizable);
}

#[test]
fn sets_and_several_registers() {
    let add = |call, value| (0, call, call + 1, SetInput::Add(value), Some(SetOutput::Was(false)));
    assert_eq!(verdict(Set::default(), &[add(1, 1), add(3, 2)]), Verdict::Linearizable);
    assert_eq!(violated(Set::default(), &[add(1, 1), add(3, 1)]).source, 4);

    let write =
        (0, 1, 4, alloc::vec![Access::Write("x", 1), Access::Write("y", 1)], Some(Vec::new()));
    let both = alloc::vec![Access::Read("x"), Access::Read("y")];
    let torn = (1, 1, 3, both.clone(), Some(alloc::vec![Some(1), None]));
    let violation = violated(MultiRegister::default(), &[write.clone(), torn]);
    assert_eq!(
        violation.sentence,
        "read(x) and read(y) returned 1 and nil; every order that explains the earlier results \
         leaves nothing written or x=1, y=1"
    );
    let whole = (1, 1, 3, both, Some(alloc::vec![None, None]));
    assert_eq!(verdict(MultiRegister::default(), &[write, whole]), Verdict::Linearizable);
}

#[test]
fn events_that_make_no_history_are_refused() {
    let mut history: History<RegisterInput<i64>, RegisterOutput<i64>> = History::new();
    let operation = history.call(0, 5, 0, RegisterInput::Read);
    let output = RegisterOutput::Value(None);
    assert_eq!(
        history.returns(operation, 4, 1, output.clone()),
        Err(HistoryError::ReturnsBeforeCall)
    );
    assert_eq!(history.returns(7, 6, 1, output.clone()), Err(HistoryError::NeverCalled));
    assert_eq!(history.returns(operation, 5, 1, output.clone()), Ok(()));
    assert_eq!(history.returns(operation, 6, 2, output), Err(HistoryError::ReturnedBefore));
}

#[test]
fn long_histories_take_a_step_or_two_for_each_operation() {
    let mut rows = Vec::new();
    for n in 0..20_000 {
        rows.push(write(0, n * 10 + 1, n * 10 + 4, n as i64));
        rows.push(read(1, n * 10 + 2, n * 10 + 5, n as i64));
    }
    let mut search = Search::new(NIL, history(&rows), Budget::default());
    assert_eq!(search.advance(200_000), Progress::Done(Verdict::Linearizable));
}
