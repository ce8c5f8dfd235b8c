//! What the page is told of histories that hold, that do not, and that are not decided.

use super::*;
use crate::inquiry::Progress;
use crate::report::Options;

/// Two keys; a read of the second that comes after a newer value was read.
const STALE: &str = r#"
{:process 0, :type :invoke, :f :put, :key "a", :value "1"}
{:process 0, :type :ok, :f :put, :key "a", :value "1"}
{:process 1, :type :invoke, :f :put, :key "b", :value "1"}
{:process 1, :type :ok, :f :put, :key "b", :value "1"}
{:process 2, :type :invoke, :f :put, :key "b", :value "2"}
{:process 1, :type :invoke, :f :get, :key "b", :value nil}
{:process 1, :type :ok, :f :get, :key "b", :value "2"}
{:process 0, :type :invoke, :f :get, :key "b", :value nil}
{:process 0, :type :ok, :f :get, :key "b", :value "1"}
"#;

fn decided(text: &str, options: &Options) -> Inquiry {
    let mut inquiry = Inquiry::new(text.trim_start(), options).unwrap();
    while inquiry.advance(3) {}
    inquiry
}

#[test]
fn a_violation_says_where_every_order_ends_and_why() {
    let mut inquiry = decided(STALE, &Options::default());
    let picture = inquiry.picture();
    let verdicts: Vec<_> =
        picture.keys.iter().map(|key| (key.name.as_str(), key.verdict)).collect();
    assert_eq!(verdicts, [("a", "holds"), ("b", "violated")]);
    assert_eq!((picture.unit, picture.processes.len()), ("line", 3));
    let bad = picture.bad.unwrap();
    assert_eq!((bad.key, bad.operation, bad.agreed), (1, 4, 3));
    let [order] = bad.orders.as_slice() else { panic!("one order: {:?}", bad.orders) };
    assert_eq!(
        (order.operations.as_slice(), order.before.as_str()),
        ([1, 2, 3].as_slice(), "\"\"")
    );
    let states: Vec<&str> = order.last.iter().map(|step| step.state.as_str()).collect();
    assert_eq!(states, ["\"1\"", "\"2\"", "\"2\""]);
    let reason = "get(b) returned \"1\", but this order leaves \"2\"".to_string();
    assert_eq!(order.refused, [Refusal { operation: 4, reason }]);
    let columns = inquiry.columns();
    assert_eq!(columns.process, [0, 1, 2, 1, 0]);
    assert_eq!(columns.key, [0, 1, 1, 1, 1]);
    assert_eq!((columns.call, columns.end), (vec![0, 2, 4, 5, 7], vec![1, 3, u32::MAX, 6, 8]));
    assert_eq!(columns.fate, [0, 0, 1, 0, 0]);
    assert_eq!((columns.call_at[4], columns.end_at[4], columns.end_at[2]), (8, 9, 5));
    assert!(columns.labels.ends_with("get(b) → \"1\""), "{}", columns.labels);
    assert_eq!(columns.label_ends.last(), Some(&(columns.labels.len() as u32)));
}

#[test]
fn an_operation_is_looked_at_in_the_best_order_that_takes_it() {
    let mut inquiry = decided(STALE, &Options::default());
    inquiry.picture();
    let look = inquiry.look(3).unwrap();
    assert_eq!((look.place, look.order.as_slice()), (Some(3), [1, 2, 3].as_slice()));
    assert_eq!((look.before.as_deref(), look.after.as_deref()), (Some("\"2\""), Some("\"2\"")));
    // No order takes what was refused.
    assert_eq!(inquiry.look(4).map(|look| (look.place, look.order)), Some((None, Vec::new())));
    // A key that holds has an order, too.
    assert_eq!(inquiry.look(0).unwrap().place, Some(1));
    assert_eq!(inquiry.order(0), [0]);
    assert!(inquiry.look(99).is_none());
}

#[test]
fn an_order_takes_every_operation_where_its_state_allows() {
    let text = "[0 :invoke :write 1]\n[1 :invoke :read nil]\n[1 :ok :read nil]\n[0 :ok :write 1]\n\
                [2 :invoke :cas [9 8]]\n[2 :fail :cas [9 8]]\n[1 :invoke :read nil]\n[1 :ok :read 1]";
    let mut inquiry = decided(text, &Options::default());
    assert_eq!(inquiry.picture().bad, None);
    assert_eq!(inquiry.order(0), [1, 0, 3]);
    // What failed has a row, and is not judged.
    let columns = inquiry.columns();
    assert_eq!(columns.fate, [0, 0, 2, 0]);
    assert!(columns.labels.contains("cas [9 8], failed"), "{}", columns.labels);
    assert_eq!(inquiry.look(2), None);
}

/// Values are written more than once: nothing but a search decides.
const TWICE: &str = "[0 :invoke :write 1]\n[1 :invoke :write 1]\n[2 :invoke :write 2]\n\
    [0 :ok :write 1]\n[1 :ok :write 1]\n[2 :ok :write 2]\n[3 :invoke :read nil]\n[3 :ok :read 1]\n\
    [3 :invoke :read nil]\n[3 :ok :read 2]";

#[test]
fn a_spent_budget_is_unknown_until_it_is_raised() {
    let options = Options { steps: 2, ..Options::default() };
    let mut inquiry = decided(TWICE, &options);
    let picture = inquiry.picture();
    assert_eq!((picture.report.verdict, picture.bad), ("unknown", None));
    let Progress { steps_max, decided, parts, done, .. } = inquiry.progress();
    assert_eq!((steps_max, decided, parts, done), (2, 0, 1, true));
    inquiry.raise(1_000, options.bytes);
    assert!(!inquiry.progress().done);
    while inquiry.advance(1) {}
    let bad = inquiry.picture().bad.unwrap();
    assert_eq!(bad.operation, 4);
    assert!(bad.orders.iter().all(|order| order.operations.len() == 4));
}

#[test]
fn faults_are_bands_from_their_begin_to_what_takes_them_back() {
    let text = "[:nemesis :info :start nil]\n[0 :invoke :write 1]\n\
                [:nemesis :info :start [:isolated n1]]\n[0 :ok :write 1]\n[1 :invoke :read nil]\n\
                [:nemesis :info :stop nil]\n[:nemesis :info :stop nil]\n[1 :ok :read 1]\n\
                [:nemesis :info :bump nil]\n[:nemesis :info :bump nil]\n[:nemesis :info :kill n2]";
    let picture = decided(text, &Options::default()).picture();
    let bands: Vec<_> =
        picture.faults.iter().map(|band| (band.name.as_str(), band.from, band.to)).collect();
    assert_eq!(
        bands,
        [("start [isolated n1]", 0, Some(3)), ("bump", 4, Some(4)), ("kill n2", 4, None)]
    );
}

#[test]
fn faults_of_several_nodes_end_one_by_one_or_all_at_once() {
    let fault = |function: &str, whom: &str| {
        format!("{{:process :nemesis, :type :info, :f :{function}, :value {whom}}}\n")
    };
    let write = |value: u8| format!("[{value} :invoke :write 1]\n");
    let text = fault("crash", "[n1]")
        + &write(0)
        + &fault("crash", "[n2]")
        + &write(1)
        + &fault("restart", "[n1]")
        + &write(2)
        + &fault("restart", "nil")
        + &fault("heal", "nil");
    let picture = decided(&text, &Options::default()).picture();
    let bands: Vec<_> = picture.faults.iter().map(|band| (band.from, band.to)).collect();
    assert_eq!(bands, [(0, Some(2)), (1, Some(3))]);
}

#[test]
fn what_has_no_order_to_show_has_its_operations_and_its_reasons() {
    let text = "[0 :invoke :txn [[:append x 1] [:r y nil]]]\n[1 :invoke :txn [[:append y 1] [:r x nil]]]\n\
                [0 :ok :txn [[:append x 1] [:r y []]]]\n[1 :ok :txn [[:append y 1] [:r x []]]]\n\
                [2 :invoke :txn [[:r x nil] [:r y nil]]]\n[2 :ok :txn [[:r x [1]] [:r y [1]]]]";
    let mut inquiry = decided(text, &Options::default());
    let picture = inquiry.picture();
    assert_eq!((picture.report.verdict, picture.bad), ("violated", None));
    assert!(!picture.report.explanation.is_empty());
    let [key] = picture.keys.as_slice() else { panic!("{:?}", picture.keys) };
    assert_eq!((key.verdict, key.operations), ("violated", 3));
    let columns = inquiry.columns();
    assert_eq!(
        (columns.fate.as_slice(), columns.key.as_slice()),
        ([0; 3].as_slice(), [0; 3].as_slice())
    );
    assert_eq!((inquiry.look(0), inquiry.order(0)), (None, Vec::new()));
}
