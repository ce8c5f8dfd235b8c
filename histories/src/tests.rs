//! Every format with a history that holds and one that does not, and what is unreadable.

use crate::formats::{Format, Unreadable};
use crate::models::{Found, Judgement, Model, open};
use happens_before::check::linear::{Budget, Value};

fn judged(text: &str) -> Result<(Format, Model, Judgement), Unreadable> {
    let format = Format::guess(text);
    let events = format.read(text)?.events;
    let model = Model::guess(&events).unwrap_or(Model::CasRegister);
    let init = if model == Model::Kv { Value::Text(String::new()) } else { Value::Nil };
    let mut case = open(events, format, model, &init, Budget::default())?.case;
    while case.advance(u64::MAX) {}
    Ok((format, model, case.judgement()))
}

#[track_caller]
fn holds(text: &str, format: Format, model: Model, operations: usize) {
    let (its_format, its_model, judgement) = judged(text).unwrap();
    assert_eq!((its_format, its_model), (format, model));
    assert_eq!((judgement.verdict, judgement.operations), (Ok(true), operations));
}

#[track_caller]
fn found(text: &str, format: Format) -> Found {
    let (its_format, _, judgement) = judged(text).unwrap();
    assert_eq!(its_format, format);
    judgement.verdict.unwrap_err().unwrap()
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
    assert_eq!((found.at, found.shrunk.as_slice()), (12, [4, 10, 12].as_slice()));
    // A cas that fails although it must have found what it wanted.
    let refused = "INFO  jepsen.util - 0 :invoke :cas [nil 8]\n\
                   INFO  jepsen.util - 0 :fail :cas [nil 8]\n";
    let found = self::found(refused, Format::Etcd);
    assert_eq!(found.at, 2);
}

#[test]
fn an_empty_log_has_nothing_to_check() {
    let (format, _, judgement) = judged("").unwrap();
    assert_eq!((format, judgement.verdict), (Format::Etcd, Ok(false)));
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
    assert_eq!(found.at, 7);
    assert_eq!(
        found.sentence,
        "get(b) returned \"x\"; every order that explains the earlier results leaves \"\" or \"z\""
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
    assert_eq!(found(&stale, Format::Edn).at, 6);
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
    assert_eq!(found(&bad, Format::Json).at, 4);
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
    assert_eq!(found(&set.replace("#{2 1}", "#{2}"), Format::Edn).at, 5);
    holds(&run([":acquire", ":release", ":acquire"], ["nil"; 3]), Format::Edn, Model::Mutex, 3);
    let twice = run([":acquire", ":acquire", ":release"], ["nil"; 3]);
    assert_eq!(found(&twice, Format::Edn).at, 3);
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
    unreadable("{:type :ok}", 1, "record 0: it has no :process");
    unreadable("{:process 0 :type :ok}", 1, "record 0: it has no :f");
    unreadable("[{\"process\":0,\n\"type\":}]", 2, "expected value");
    let cas = "{:process 0 :type :invoke :f :cas :value 3}";
    unreadable(cas, 1, "cas with such values is nothing that this model knows");
    let deep = "[".repeat(100_000);
    unreadable(&deep, 1, "values are nested too deeply");
    unreadable(&"#_".repeat(100_000), 1, "values are nested too deeply");
    unreadable(&"#a ".repeat(100_000), 1, "values are nested too deeply");
}
