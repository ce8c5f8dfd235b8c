//! Every format with a history that holds and one that does not, and what is unreadable.

use crate::models::Model;
use crate::{Consistency, Format, Options, Report, Unreadable, check};

fn judged(text: &str) -> Result<Report, Unreadable> {
    check(text, &Options::default())
}

fn asked(text: &str, consistency: &str) -> Result<Report, Unreadable> {
    let consistency = Some(consistency.parse::<Consistency>().unwrap());
    check(text, &Options { consistency, ..Options::default() })
}

#[track_caller]
fn holds(text: &str, format: Format, model: Model, operations: usize) {
    let report = judged(text).unwrap();
    assert_eq!((report.format, report.model), (format.name(), model.name()));
    assert_eq!((report.verdict, report.operations), ("ok", operations), "{}", report.reason);
    assert!(!report.nothing_to_check);
}

/// The report on what is violated, if it is.
#[track_caller]
fn found(text: &str, format: Format) -> Report {
    let report = judged(text).unwrap();
    assert_eq!((report.format, report.verdict), (format.name(), "violated"));
    report
}

#[track_caller]
fn unreadable(text: &str, line: usize, reason: &str) {
    let wrong = judged(text).unwrap_err();
    assert_eq!((wrong.line, wrong.reason.as_str()), (line, reason));
}

const ETCD: &str = "\
INFO  jepsen.util - 0\t:invoke\t:write\t3
INFO  jepsen.util - 1  :invoke  :read  nil
INFO  jepsen.util - 1\t:fail\t:read\t:timed-out
INFO  jepsen.util - 0\t:ok\t:write\t3
INFO  jepsen.util - 2\t:invoke\t:cas\t[3 4]
INFO  jepsen.util - 2\t:info\t:cas\t:timed-out
INFO  jepsen.util - 0\t:invoke\t:cas\t[7 8]
INFO  jepsen.util - 0\t:fail\t:cas\t[7 8]
INFO  jepsen.util - 3\t:invoke\t:read\tnil
INFO  jepsen.util - 3\t:ok\t:read\t4
";

#[test]
fn a_console_log_of_etcd() {
    // The read that timed out has not happened; the cas that failed has.
    holds(ETCD, Format::Etcd, Model::CasRegister, 4);
    let stale = ETCD.to_string()
        + "INFO  jepsen.util - 3\t:invoke\t:read\tnil\nINFO  jepsen.util - 3\t:ok\t:read\t3\n";
    let found = found(&stale, Format::Etcd);
    assert_eq!((found.first_unexplained, found.shrunk), (Some(12), [10, 12].to_vec()));
    // A cas that fails although it must have found what it wanted.
    let refused = "INFO  jepsen.util - 0 :invoke :cas [nil 8]\n\
                   INFO  jepsen.util - 0 :fail :cas [nil 8]\n";
    assert_eq!(self::found(refused, Format::Etcd).first_unexplained, Some(2));
}

#[test]
fn an_empty_log_has_nothing_to_check() {
    let report = judged("").unwrap();
    assert_eq!((report.format, report.verdict), ("etcd", "ok"));
    assert!(report.nothing_to_check);
}

#[test]
fn a_key_value_log_of_porcupine() {
    let log = "\
{:process 0, :type :invoke, :f :append, :key \"a\", :value \"x\"}
{:process 1, :type :invoke, :f :put, :key \"b\", :value \"z\"}
{:process 0, :type :ok, :f :append, :key \"a\", :value \"x\"}
{:process 0, :type :invoke, :f :get, :key \"a\", :value nil}
{:process 0, :type :ok, :f :get, :key \"a\", :value \"x\"}
{:process 0, :type :invoke, :f :get, :key \"b\", :value nil}
";
    let ok = log.to_string() + "{:process 0, :type :ok, :f :get, :key \"b\", :value \"z\"}\n";
    holds(&ok, Format::PorcupineKv, Model::Kv, 4);
    let bad = log.to_string() + "{:process 0, :type :ok, :f :get, :key \"b\", :value \"x\"}\n";
    let found = found(&bad, Format::PorcupineKv);
    assert_eq!(found.first_unexplained, Some(7));
    assert_eq!(
        found.reason,
        "line 7: get(b) returned \"x\"; every order that explains the earlier results leaves \"\" or \"z\""
    );
}

#[test]
fn an_edn_history_however_it_is_laid_out() {
    let records = "\
; first a write
{:process 0, :type :invoke, :f :write, :value 1, :index 10, :extra #{1 \\a 2.5}}
#jepsen.history.Op{:process 0 :type :ok :f :write :value 1}
{:process :nemesis, :type :info, :f :start, :value {\"n1\" #inst \"2020\"}}
#_{:process 9 :type :ok}
{:process 1, :type :invoke, :f :cas, :value [1 2]}
{:process 1, :type :fail, :f :cas, :value [1 2], :error [:oh \"no\"]}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
";
    holds(records, Format::Edn, Model::CasRegister, 2);
    holds(&format!("[{records}]"), Format::Edn, Model::CasRegister, 2);
    holds(&format!("; all\n({records})"), Format::Edn, Model::CasRegister, 2);
    let stale = records
        .replace(":read :value 1", ":read, :value 7")
        .replace(":read, :value 1}", ":read, :value 7}");
    // The index of the record, though records have indexes of their own.
    assert_eq!(found(&stale, Format::Edn).first_unexplained, Some(6));
    let old = "[0 :invoke :write 1]\n[0 :ok :write 1]\n[1 :invoke :read nil]\n[1 :ok :read 1]";
    holds(old, Format::Edn, Model::CasRegister, 2);
    holds(&format!("[{old}]"), Format::Edn, Model::CasRegister, 2);
}

#[test]
fn a_json_history() {
    let text = r#"[{"process":0,"type":"invoke","f":"enqueue","value":1},
        {"process":0,"type":"ok","f":"enqueue","value":1},
        {"process":"nemesis","type":"info","f":"kill","value":["n1"]},
        {"process":1,"type":"invoke","f":"dequeue","value":null},
        {"process":1,"type":"ok","f":"dequeue","value":1}]"#;
    holds(text, Format::Json, Model::Queue, 2);
    let bad = text.replace("\"dequeue\",\"value\":1", "\"dequeue\",\"value\":5");
    assert_eq!(found(&bad, Format::Json).first_unexplained, Some(4));
    assert_eq!(Format::guess("[\n  {\n \"process\": 0}]"), Format::Json);
}

#[test]
fn other_objects_have_other_functions() {
    let run = |f: [&str; 3], values: [&str; 3]| {
        let record = |(f, value): (&str, &str)| {
            format!("{{:process 0 :type :invoke :f {f} :value {value}}}\n")
                + &format!("{{:process 0 :type :ok :f {f} :value {value}}}\n")
        };
        f.into_iter().zip(values).map(record).collect::<String>()
    };
    let pops = run([":push", ":push", ":pop"], ["1", "2", "2"]);
    holds(&pops, Format::Edn, Model::Stack, 3);
    let set = run([":add", ":add", ":read"], ["1", "2", "#{2 1}"]);
    holds(&set, Format::Edn, Model::Set, 3);
    assert_eq!(found(&set.replace("#{2 1}", "#{2}"), Format::Edn).first_unexplained, Some(5));
    holds(&run([":acquire", ":release", ":acquire"], ["nil"; 3]), Format::Edn, Model::Mutex, 3);
    let twice = run([":acquire", ":acquire", ":release"], ["nil"; 3]);
    assert_eq!(found(&twice, Format::Edn).first_unexplained, Some(3));
    let fruit = run(
        [":txn", ":txn", ":txn"],
        ["[[:write :x 1] [:write :y 2]]", "[[:read :x 1]]", "[[:read :x 1] [:read :y 2]]"],
    );
    holds(&fruit, Format::Edn, Model::MultiRegister, 3);
    let torn = fruit.replace("[:read :x 1] [:read :y 2]", "[:read :x 1] [:read :y nil]");
    assert_eq!(found(&torn, Format::Edn).first_unexplained, Some(5));
}

#[test]
fn what_is_unreadable_is_named_with_its_line() {
    let line = "INFO  jepsen.util - 0 :invoke :read nil\n";
    unreadable(
        &(line.to_string() + "WARN what"),
        2,
        "this is not `INFO jepsen.util - PROCESS :TYPE :F VALUE`",
    );
    unreadable(
        &(line.to_string() + line),
        2,
        "process 0 invokes again, but its operation of line 1 runs",
    );
    unreadable("INFO x - 0 :ok :read 1", 1, "process 0 has invoked nothing that could end");
    unreadable("INFO x - 0 :when :read 1", 1, "there is no type :when");
    unreadable("INFO x - p :ok :read 1", 1, "p is no number of a process");
    unreadable("\n\n{:process 0", 3, "what begins in line 3 is never closed");
    unreadable(
        "[{:process 0 :type :ok :f :read :value 1}\n",
        2,
        "what begins in line 1 is never closed",
    );
    unreadable("{:process 0 :type}", 1, "a key of this map has no value");
    unreadable("{:type :ok, :f :read}", 1, "record 0: it has no :process");
    unreadable("{:process 0 :type :ok}", 1, "record 0: it has no :f");
    unreadable("[{\"process\":0,\n\"type\":}]", 2, "expected value");
    let cas = "{:process 0 :type :invoke :f :cas :value 3}";
    let known = "cas of 3 is nothing that cas-register knows: read, write value, cas [old new]";
    unreadable(cas, 1, known);
    let deep = "[".repeat(100_000);
    unreadable(&deep, 1, "values are nested too deeply");
    unreadable(&"#_".repeat(100_000), 1, "values are nested too deeply");
    unreadable(&"#a ".repeat(100_000), 1, "values are nested too deeply");
}

/// Calls and returns as EDN, one after another: process, function, what was asked, and what came
/// back or how else it ended.
fn edn(operations: &[(u64, &str, &str, &str)]) -> String {
    let mut text = String::new();
    for (process, function, asked, answer) in operations {
        let event = |kind: &str, value: &str| {
            format!("{{:process {process}, :type :{kind}, :f :{function}, :value {value}}}\n")
        };
        text += &event("invoke", asked);
        text += &match *answer {
            "fail" | "info" => event(answer, asked),
            _ => event("ok", answer),
        };
    }
    text
}

#[test]
fn values_with_keys_are_of_a_register_for_each_key() {
    let text = edn(&[
        (0, "write", "[7 1]", "[7 1]"),
        (1, "write", "[8 2]", "[8 2]"),
        (0, "cas", "[7 [1 3]]", "[7 [1 3]]"),
        (1, "read", "[7 nil]", "[7 3]"),
        (0, "read", "[8 nil]", "[8 2]"),
    ]);
    holds(&text, Format::Edn, Model::CasRegister, 5);
    let assumed = judged(&text).unwrap().assumed.join("; ");
    assert!(assumed.contains("a register for each key (guessed)"), "{assumed}");
    let bad = found(&text.replace("[7 3]", "[7 2]"), Format::Edn);
    assert_eq!(bad.first_unexplained, Some(7));
    assert!(bad.reason.starts_with("operation 7: read of 7 returned 2; every order"));
}

#[test]
fn weaker_than_linearizable() {
    // What was written is read late, but everybody agrees on the order.
    let late = edn(&[
        (0, "write", "1", "1"),
        (1, "read", "nil", "nil"),
        (1, "read", "nil", "1"),
        (0, "write", "2", "info"),
    ]);
    assert_eq!(found(&late, Format::Edn).first_unexplained, Some(3));
    let sequential = asked(&late, "sequential").unwrap();
    assert_eq!((sequential.verdict, sequential.ruled_out.len()), ("ok", 0));
    assert_eq!(sequential.heading(), "possible under sequential");
    // Back to what was there before.
    let back = edn(&[(0, "write", "1", "1"), (0, "read", "nil", "nil")]);
    for consistency in ["sequential", "causal", "causal-memory", "pram", "read-your-writes"] {
        let report = asked(&back, consistency).unwrap();
        assert_eq!(report.verdict, "violated", "{consistency}");
    }
    assert_eq!(asked(&back, "monotonic-reads").unwrap().verdict, "ok");
    assert_eq!(asked(&back, "causal").unwrap().anomalies, ["WriteCOInitRead"]);
    let wrong = asked(&edn(&[(0, "cas", "[1 2]", "[1 2]")]), "causal").unwrap_err();
    assert_eq!(wrong.reason, "this consistency is about reads and writes, not cas");
    let wrong = asked(&back, "serializable").unwrap_err();
    assert!(wrong.reason.starts_with("cas-register is not judged as serializable, but as "));
    assert!("sorted".parse::<Consistency>().unwrap_err().contains("snapshot-isolation"));
}

/// Two transactions that each miss what the other appends.
const WRITE_SKEW: [(u64, &str, &str, &str); 3] = [
    (0, "txn", "[[:append :x 1] [:append :y 1]]", "[[:append :x 1] [:append :y 1]]"),
    (1, "txn", "[[:r :x nil] [:append :y 2]]", "[[:r :x [1]] [:append :y 2]]"),
    (3, "txn", "[[:r :x nil] [:r :y nil]]", "[[:r :x [1 2]] [:r :y [1 2]]]"),
];

#[test]
fn transactions_on_lists() {
    let skew = edn(&WRITE_SKEW[..1])
        + "{:process 1, :type :invoke, :f :txn, :value [[:r :x nil] [:append :y 2]]}\n"
        + "{:process 2, :type :invoke, :f :txn, :value [[:r :y nil] [:append :x 2]]}\n"
        + "{:process 1, :type :ok, :f :txn, :value [[:r :x [1]] [:append :y 2]]}\n"
        + "{:process 2, :type :ok, :f :txn, :value [[:r :y [1]] [:append :x 2]]}\n"
        + &edn(&WRITE_SKEW[2..]);
    let report = found(&skew, Format::Edn);
    assert_eq!((report.model, report.consistency.as_str()), ("list-append", "strict-serializable"));
    assert_eq!((report.anomalies.as_slice(), report.operations), (&["G2-item".to_string()][..], 4));
    assert!(report.ruled_out.contains(&"serializable".to_string()));
    assert_eq!(report.explanation[0], "G2-item:");
    let named = "T3 is operation 5 of process 2: [r y [1]] [append x 2]".to_string();
    assert!(report.explanation.contains(&named));
    assert_eq!(asked(&skew, "snapshot-isolation").unwrap().verdict, "ok");
    assert_eq!(asked(&skew, "serializable").unwrap().heading(), "not serializable");
    // Elle's own examples leave out process and function.
    let bare = "{:index 0 :type :invoke :value [[:append 1 1] [:r 1 nil]]}\n\
                {:index 1 :type :ok :value [[:append 1 1] [:r 1 [1]]]}\n";
    holds(bare, Format::Edn, Model::ListAppend, 1);
    let twice = edn(&[WRITE_SKEW[0], (1, "txn", "[[:append :x 1]]", "info")]);
    let reason = "each value is written to a key at most once, but 1 to x twice (the other one \
                  is in line 1)";
    unreadable(&twice, 3, reason);
    unreadable(
        &edn(&[(0, "txn", "[[:append :x :a]]", "info")]),
        1,
        "txn of [[append x a]] is nothing that list-append knows: \
         txn [[:append key number] [:r key [numbers]]]",
    );
}

#[test]
fn transactions_on_registers() {
    let text = edn(&[
        (0, "txn", "[[:w :x 1]]", "fail"),
        (0, "txn", "[[:w :x 2] [:r :y nil]]", "[[:w :x 2] [:r :y nil]]"),
        (1, "txn", "[[:r :x nil]]", "[[:r :x 1]]"),
        (1, "txn", "[[:r :x nil] [:r :x nil]]", "[[:r :x 2] [:r :x nil]]"),
    ]);
    let report = found(&text, Format::Edn);
    assert_eq!(report.model, "rw-register");
    for name in ["G1a", "internal"] {
        assert!(report.anomalies.iter().any(|it| it == name), "{:?}", report.anomalies);
    }
    assert_eq!(asked(&text, "read-uncommitted").unwrap().verdict, "ok");
}

#[test]
fn what_is_judged_by_counting() {
    let set = edn(&[(0, "add", "1", "1"), (0, "add", "2", "info"), (1, "read", "nil", "#{2 3}")]);
    let report = found(&set, Format::Edn);
    assert_eq!((report.model, report.anomalies.join(" ")), ("set", "lost unexpected".into()));
    assert_eq!(report.first_unexplained, Some(5));
    assert_eq!(report.explanation, ["recovered: 1 there, though nobody knew: 2"]);
    let all = [
        (0, "broadcast", "1", "nil"),
        (1, "read", "nil", "[1]"),
        (1, "read", "nil", "[]"),
        (1, "read", "nil", "[1]"),
    ];
    holds(&edn(&all), Format::Edn, Model::SetFull, 4);
    let strictly = asked(&edn(&all), "linearizable").unwrap();
    assert_eq!((strictly.verdict, strictly.anomalies.join(" ")), ("violated", "stale".into()));
    assert_eq!(found(&edn(&all[..3]), Format::Edn).anomalies, ["lost"]);
    let queue = [
        (0, "enqueue", "1", "1"),
        (0, "enqueue", "2", "2"),
        (1, "dequeue", "nil", "2"),
        (1, "drain", "nil", "[1]"),
    ];
    holds(&edn(&queue), Format::Edn, Model::TotalQueue, 4);
    let report = found(&edn(&queue).replace("[1]", "[]"), Format::Edn);
    assert_eq!(report.reason, "lost: 1 went in and never came out: 1");
    let counter = [
        (0, "add", "1", "1"),
        (1, "add", "5", "info"),
        (0, "read", "nil", "6"),
        (0, "read", "nil", "2"),
        (0, "read", "nil", "0"),
    ];
    holds(&edn(&counter[..4]), Format::Edn, Model::Counter, 4);
    let report = found(&edn(&counter), Format::Edn);
    assert_eq!(report.first_unexplained, Some(9));
    assert!(report.reason.ends_with("read 0, but the counter was between 1 and 6"));
    let ids = [(0, "generate", "nil", "\"a\""), (1, "generate", "nil", "\"b\"")];
    holds(&edn(&ids), Format::Edn, Model::UniqueIds, 2);
    let report = found(&edn(&ids).replace("\"b\"", "\"a\""), Format::Edn);
    assert_eq!(report.reason, "duplicated: 1 handed out more than once: a");
}

#[test]
fn who_brings_a_log_with_clocks_is_told_what_reads_it() {
    let log = "[a] sends\na {\"a\":1}\n[b] receives\nb {\"a\":1, \"b\":1}\n";
    let wrong = check(log, &Options::default()).unwrap_err();
    assert!(wrong.reason.ends_with("which the command causal reads"), "{wrong}");
}
