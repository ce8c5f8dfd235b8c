//! What each format may hold, read; which line is named when it cannot be.

use super::{Event, Format, Kind, Reading, Unreadable};
use happens_before::check::linear::Value;

/// Reads a text in the format that it is guessed to have.
#[track_caller]
fn reading(text: &str, format: Format) -> Reading {
    assert_eq!(Format::guess(text), format);
    format.read(text).unwrap()
}

/// An event in a line of its own: process, kind, function, value.
fn shown(event: &Event) -> String {
    let Event { process, kind, function, value, .. } = event;
    format!("{process} {kind:?} {function} {value}")
}

#[track_caller]
fn events(text: &str, format: Format, expected: &[&str]) {
    let reading = reading(text, format);
    assert_eq!(reading.events.iter().map(shown).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn unreadable(text: &str, format: Format, line: usize, reason: &str) {
    assert_eq!(Format::guess(text), format);
    assert_eq!(format.read(text), Err(Unreadable::new(line, reason)));
}

#[test]
fn history_txt_has_columns() {
    let text = "0\t:invoke\t:write\t3\r\n\
        :nemesis\t:info\t:start-partition\t[:isolated {\"n1\" #{\"n2\"}}]\r\n\
        0\t:info\t:write\t3\t:timed-out and more {words\r\n\
        1\t:invoke\t:read\tnil\r\n\
        1\t:ok\t:read\t\"a\\tb\"\r\n\
        2\t:invoke\t:cas\t[1 2]\r\n\
        2\t:fail\t:cas\t[1 2]\t[:not-found \"no\"]\r\n";
    let expected = [
        "0 Invoke write 3",
        "0 Info write 3",
        "1 Invoke read nil",
        "1 Ok read a\tb",
        "2 Invoke cas [1 2]",
        "2 Fail cas [1 2]",
    ];
    events(text, Format::HistoryTxt, &expected);
    let fault = &reading(text, Format::HistoryTxt).faults[0];
    assert_eq!((fault.after, fault.place.line, fault.kind), (1, 2, Kind::Info));
    assert_eq!((fault.process.as_str(), fault.function.as_str()), ("nemesis", "start-partition"));
    assert_eq!(fault.value.to_string(), "[isolated [[n1 [n2]]]]");
    let words = reading(":nemesis :info :kill [killed \"n1\n", Format::HistoryTxt);
    assert_eq!(words.faults[0].value.to_string(), "[killed \"n1");
    unreadable("0 :ok :read 1\n0 :ok\n", Format::HistoryTxt, 2, "what was asked is missing");
    unreadable(
        "0 :ok :read 1\n0 :ok :read [1\n",
        Format::HistoryTxt,
        2,
        "what begins in line 1 is never closed",
    );
}

#[test]
fn edn_of_every_kind() {
    let text = "\u{feff}#jepsen.history.Op{:index 7, :time 120, :type :invoke, :process 0, :f :write, :value #{3 1 2}}\r\n\
        #_ #_ {:a 1} {:b \\newline}\r\n\
        {:index 90 :process :nemesis :type :info :f :kill :value nil :time 500}\n\
        {:process 0 :type :ok :f :write :value #{1 2 3} :error nil :node \"n1\"}\n\
        {:process 1 :type :invoke :f :read :value 1/3}, {:process 1 :type :ok :f :read\n\
        :value 123456789012345678901234567890N}\n\
        {:process 2 :type :invoke :f :write :value [\\a \\space \\u0041 \\newline ##Inf 1.5M +7 42N]}\n\
        {:process 2 :type :ok :f :write :value #:ns{:z 1 :a #inst \"2020\"}}\n";
    let expected = [
        "0 Invoke write [1 2 3]",
        "0 Ok write [1 2 3]",
        "1 Invoke read 1/3",
        "1 Ok read 123456789012345678901234567890N",
        "2 Invoke write [a   A \n #Inf 1.5M 7 42]",
        "2 Ok write [[a 2020] [z 1]]",
    ];
    events(text, Format::Edn, &expected);
    let reading = reading(text, Format::Edn);
    let places: Vec<_> = reading.events.iter().map(|it| (it.place.line, it.place.index)).collect();
    assert_eq!(places, [(1, 0), (4, 2), (5, 3), (5, 4), (7, 5), (8, 6)]);
    assert_eq!((reading.events[0].time, reading.events[1].time), (Some(120), None));
    let fault = &reading.faults[0];
    assert_eq!((fault.after, fault.time, fault.function.as_str()), (1, Some(500), "kill"));
    let missing = "{:process 0 :type :ok\n :f :read}\n{:process 1\n :type :ok}";
    unreadable(missing, Format::Edn, 3, "record 1: it has no :f");
}

#[test]
fn json_names_the_line_of_each_record() {
    let array = "[ {\"process\": 0, \"type\": \"invoke\", \"f\": \"txn\",\n\
        \"value\": [[\"r\", \"x]\\\"\", null]]}\n\n, {\"process\": 0, \"type\": \"ok\",\n\
        \"f\": \"txn\", \"value\": [[\"r\", \"x]\\\"\", [1]]], \"time\": 9} ]\n";
    events(array, Format::Json, &["0 Invoke txn [[r x]\" nil]]", "0 Ok txn [[r x]\" [1]]]"]);
    let read = reading(array, Format::Json);
    assert_eq!((read.events[0].place.line, read.events[1].place.line), (1, 4));
    assert_eq!(read.events[1].time, Some(9));
    let line = "{\"process\":3,\"type\":\"info\",\"f\":\"read\",\"value\":1e400}\n";
    unreadable(line, Format::Json, 1, "number out of range");
    let line = "{\"process\":3,\"type\":\"info\",\"f\":\"read\",\"value\":18446744073709551616}\n";
    events(line, Format::Json, &["3 Info read 1.8446744073709552e+19"]);
    let lines = "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}\r\n\
        {\"process\":\"nemesis\",\"type\":\"info\",\"f\":null}\r\n\
        {\"process\":0,\"type\":\"ok\",\"f\":\"read\",\"value\":false,\"time\":1.5}";
    events(lines, Format::Json, &["0 Invoke read nil", "0 Ok read false"]);
    assert_eq!(reading(lines, Format::Json).faults[0].place.line, 2);

    let wrong = |text: &str, line, reason| unreadable(text, Format::Json, line, reason);
    wrong("[{\"process\":0}\n{}]", 2, "a comma is missing between two elements");
    wrong("{\"process\":0,\n\n\"type\"}", 3, "expected `:`");
    wrong("\n[{\"process\":\n0", 3, "EOF while parsing an object");
    let good = "{\"process\":0,\"type\":\"ok\",\"f\":\"r\"}";
    wrong(&format!("[{good},\n"), 2, "what begins in line 1 is never closed");
    wrong(&format!("[{good}]\n]"), 2, "more follows after the end");
    wrong(&format!("[{good},\n{good},\n]"), 3, "expected value");
    wrong(
        &format!("{good}\n{good}\n{{\"process\":-1}}"),
        3,
        "record 2: a process has a negative number",
    );
}

#[test]
fn a_maelstrom_network_is_what_its_clients_saw() {
    let text = r#"
{"id":0,"src":"c0","dest":"n0","body":{"type":"init","node_id":"n0","node_ids":["n0"],"msg_id":1}}
{"id":1,"src":"n0","dest":"c0","body":{"type":"init_ok","in_reply_to":1}}
{"id":2,"time":700,"src":"c1","dest":"n0","body":{"type":"write","key":0,"value":4,"msg_id":1}}
{"id":3,"src":"n0","dest":"lin-kv","body":{"type":"write","key":0,"value":4,"msg_id":9}}
{"id":4,"src":"c2","dest":"n0","body":{"type":"cas","key":0,"from":3,"to":5,"msg_id":1}}
{"id":5,"src":"n0","dest":"c1","body":{"type":"write_ok","in_reply_to":1}}
{"id":6,"src":"n0","dest":"c2","body":{"type":"error","code":22,"text":"no","in_reply_to":1}}
{"id":7,"src":"c1","dest":"n0","body":{"type":"read","key":0,"msg_id":2}}
{"id":8,"src":"n0","dest":"c1","body":{"type":"read_ok","value":4,"in_reply_to":2}}
{"id":8,"src":"n0","dest":"c1","body":{"type":"read_ok","value":4,"in_reply_to":2}}
{"id":9,"src":"c1","dest":"n0","body":{"type":"write","key":1,"value":1,"msg_id":3}}
{"id":10,"src":"n0","dest":"c1","body":{"type":"error","code":0,"in_reply_to":3}}
{"id":11,"src":"c1","dest":"n0","body":{"type":"write","key":1,"value":2,"msg_id":4}}
{"id":12,"src":"c1","dest":"n0","body":{"type":"write","key":1,"value":3,"msg_id":5}}
{"id":13,"src":"n0","dest":"c1","body":{"type":"error","code":1234,"in_reply_to":5}}
"#;
    let expected = [
        "0 Invoke write [0 4]",
        "1 Invoke cas [0 [3 5]]",
        "0 Ok write [0 4]",
        "1 Fail cas [0 [3 5]]",
        "0 Invoke read [0 nil]",
        "0 Ok read [0 4]",
        "0 Invoke write [1 1]",
        "0 Info write [1 1]",
        "2 Invoke write [1 2]",
        "3 Invoke write [1 3]",
        "3 Info write [1 3]",
    ];
    events(text, Format::Maelstrom, &expected);
    let read = reading(text, Format::Maelstrom);
    assert_eq!((read.events[0].place.line, read.events[0].time), (4, Some(700)));
    let wrong = |text: &str, line, reason| unreadable(text, Format::Maelstrom, line, reason);
    let good = r#"{"src":"c1","dest":"n0","body":{"type":"echo","msg_id":1}}"#;
    wrong(&format!("{good}\n{{}}"), 2, "this is no message: it has no \"src\" and \"dest\"");
    let bare = r#"{"src":"c1","dest":"n0","body":{}}"#;
    wrong(&format!("{good}\n\n{bare}"), 3, "this message has no \"type\" in its body");
}

#[test]
fn each_maelstrom_workload_has_its_words() {
    let pair = |request: &str, reply: &str| {
        format!(
            "{{\"src\":\"c1\",\"dest\":\"n1\",\"body\":{{\"msg_id\":1,{request}}}}}\n\
             {{\"src\":\"n1\",\"dest\":\"c1\",\"body\":{{\"in_reply_to\":1,{reply}}}}}\n"
        )
    };
    let told = |request: &str, reply: &str, expected: [&str; 2]| {
        let expected = [format!("0 Invoke {}", expected[0]), format!("0 Ok {}", expected[1])];
        events(
            &pair(request, reply),
            Format::Maelstrom,
            &[expected[0].as_str(), expected[1].as_str()],
        );
    };
    told(r#""type":"echo","echo":"hi""#, r#""type":"echo_ok","echo":"hi""#, ["echo hi"; 2]);
    told(r#""type":"generate""#, r#""type":"generate_ok","id":7"#, ["generate nil", "generate 7"]);
    told(r#""type":"broadcast","message":5"#, r#""type":"broadcast_ok""#, ["broadcast 5"; 2]);
    told(r#""type":"add","element":5"#, r#""type":"add_ok""#, ["add 5"; 2]);
    told(r#""type":"add","delta":-2"#, r#""type":"add_ok""#, ["add -2"; 2]);
    told(r#""type":"read""#, r#""type":"read_ok","messages":[1,2]"#, ["read nil", "read [1 2]"]);
    told(r#""type":"read""#, r#""type":"read_ok","value":9"#, ["read nil", "read 9"]);
    told(
        r#""type":"txn","txn":[["r",1,null],["append",1,2]]"#,
        r#""type":"txn_ok","txn":[["r",1,[3]],["append",1,2]]"#,
        ["txn [[r 1 nil] [append 1 2]]", "txn [[r 1 [3]] [append 1 2]]"],
    );
    told(
        r#""type":"send","key":"k","msg":1"#,
        r#""type":"send_ok","offset":3"#,
        ["send [[key k] [msg 1]]", "send 3"],
    );
}

#[test]
fn formats_are_told_apart() {
    let guess = |text: &str| Format::guess(text);
    assert_eq!(guess("\n  \n"), Format::Etcd);
    assert_eq!(guess(":nemesis :info :start"), Format::HistoryTxt);
    assert_eq!(guess("{:process 0, :type :ok, :f :get, :key \"a\"}"), Format::PorcupineKv);
    assert_eq!(guess("; {\"a\": 1}\n{:process 0}"), Format::Edn);
    assert_eq!(guess("\u{feff}[\r\n {\r\n \"process\" : 1"), Format::Json);
    assert_eq!(guess("[{\"dest\":1,\"src\":2,\"body\":3}]"), Format::Maelstrom);
    let value = Value::List(vec![Value::Int(1)]);
    let read = Format::Edn.read("{:process 1 :type :ok :f :read :value (1)}").unwrap();
    assert_eq!(read.events[0].value, value);
}
