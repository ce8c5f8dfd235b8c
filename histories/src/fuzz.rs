//! Broken files: valid ones of every kind, mutilated. Whatever is read answers, and what it
//! refuses it names: a line that there is, and a reason.

use crate::causal::{self, causal};
use crate::formats::{Format, Unreadable};
use crate::{Options, check, quorum};
use happens_before::draw::{Purpose, below, draw};
use std::fmt::Write;

/// Draws of one case.
struct Draws {
    seed: u64,
    case: u64,
    count: u64,
}

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.count += 1;
        below(draw(self.seed, Purpose::Generate, &[self.case, self.count]), bound as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// One event of a client, or of the nemesis.
struct Told {
    process: Option<usize>,
    kind: &'static str,
    function: &'static str,
    value: String,
}

/// A history of a few clients on a register; lists are written in EDN.
fn history(draws: &mut Draws) -> Vec<Told> {
    let mut running: [Option<(&str, String)>; 4] = [const { None }; 4];
    let mut told = Vec::new();
    for _ in 0..draws.below(16) {
        let process = draws.below(5);
        let number = draws.below(4);
        let Some(runs) = running.get_mut(process) else {
            let (function, value) = (draws.pick(&["kill", "start"]), "[\"n1\"]".to_string());
            told.push(Told { process: None, kind: "info", function, value });
            continue;
        };
        let (kind, (function, value)) = match runs.take() {
            None => {
                let call = match draws.pick(&["read", "write", "cas", "txn"]) {
                    "read" => ("read", "nil".to_string()),
                    "write" => ("write", number.to_string()),
                    "txn" => ("txn", format!("[[:append {number} 1] [:r 2 nil]]")),
                    _ => ("cas", format!("[{number} 2]")),
                };
                *runs = Some(call.clone());
                ("invoke", call)
            }
            Some(("read", _)) => ("ok", ("read", number.to_string())),
            Some(call) => (draws.pick(&["ok", "fail", "info"]), call),
        };
        told.push(Told { process: Some(process), kind, function, value });
    }
    told
}

/// A history of any format.
fn recorded(draws: &mut Draws) -> String {
    let told = history(draws);
    let form = draws.below(6);
    let line = |(at, it): (usize, &Told)| {
        let Told { kind, function, value, .. } = it;
        let process = it.process.map_or(":nemesis".to_string(), |it| it.to_string());
        let json = |text: &str| text.replace("nil", "null").replace(":append", "\"append\"");
        let json_value = json(value).replace(":r", "\"r\"").replace(' ', ",");
        let json_process = process.replace(":nemesis", "\"nemesis\"");
        match form {
            0 => format!("INFO  jepsen.util - {process}\t:{kind}\t:{function}\t{value}"),
            1 => format!("{process}\t:{kind}\t:{function}\t{value}\t:an-error"),
            2 => format!(
                "{{:process {process}, :type :{kind}, :f :{function}, :key \"k\", :value {value}}}"
            ),
            3 => format!(
                "#jepsen.history.Op{{:index {at}, :time {at}00, :type :{kind}, :process {process}, \
                 :f :{function}, :value {value}}} ; a comment"
            ),
            _ => format!(
                "{{\"process\":{json_process},\"type\":\"{kind}\",\"f\":\"{function}\",\
                 \"value\":{json_value},\"time\":{at}}}"
            ),
        }
    };
    let lines: Vec<String> = told.iter().enumerate().map(line).collect();
    match form {
        5 => format!("[{}]", lines.join(",\n")),
        _ => lines.join(draws.pick(&["\n", "\r\n"])),
    }
}

/// Messages of a Maelstrom network.
fn messages(draws: &mut Draws) -> String {
    let mut out = String::new();
    for id in 0..draws.below(10) {
        let client = draws.below(3);
        let ask = draws.pick(&[
            "\"type\":\"read\",\"key\":1",
            "\"type\":\"write\",\"key\":1,\"value\":2",
            "\"type\":\"broadcast\",\"message\":[7]",
            "\"type\":\"txn\",\"txn\":[[\"r\",1,null]]",
        ]);
        let answer = draws.pick(&["\"type\":\"ok\",\"value\":3", "\"type\":\"error\",\"code\":13"]);
        let _ = writeln!(
            out,
            "{{\"src\":\"c{client}\",\"dest\":\"n1\",\"body\":{{{ask},\"msg_id\":{id}}}}}\n\
             {{\"src\":\"n1\",\"dest\":\"c{client}\",\"body\":{{{answer},\"in_reply_to\":{id}}}}}"
        );
    }
    out
}

/// A log of three hosts that tell each other all they know.
fn clocks(draws: &mut Draws) -> String {
    let carries = draws.below(2) == 0;
    let mut out = if carries {
        "(?<host>\\w+) (?<clock>{.*}) (?<event>.*)\n---(?<trace>.*)---\n".to_string()
    } else {
        String::new()
    };
    let mut known = [[0usize; 3]; 3];
    for _ in 0..draws.below(14) {
        let (host, from) = (draws.below(3), draws.below(3));
        let told = known[from];
        for (own, told) in known[host].iter_mut().zip(told) {
            *own = told.max(*own);
        }
        known[host][host] += 1;
        let entries =
            known[host].iter().enumerate().map(|(at, count)| format!("\"h{at}\":{count}"));
        let clock = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
        let _ = match carries {
            true => writeln!(out, "h{host} {clock} hears h{from}"),
            false => writeln!(out, "hears h{from}\nh{host} {clock}"),
        };
    }
    out
}

/// A table of quorums.
fn quorums(draws: &mut Draws) -> String {
    let mut out = String::new();
    for _ in 0..draws.below(5) {
        let said: Vec<String> = (0..3).map(|_| (1 + draws.below(5)).to_string()).collect();
        let joint = draws.pick(&["", " cfgj=(2,3)", " cfgj=zero"]);
        let _ = match draws.below(2) {
            0 => writeln!(
                out,
                "# a vote\nvote cfg=(1,2,3){joint} votes=(y,_,n)\n----\nVotePending\n"
            ),
            _ => writeln!(out, "committed cfg=(1,2,3){joint} idx=({})\n----\n1\n", said.join(",")),
        };
    }
    out
}

/// An expression that a user may type for a parser.
fn expression(draws: &mut Draws) -> String {
    let parts =
        ["(?<host>\\w+)", "(?<clock>{.*})", "(?<event>.*)", "[^ ]+", "\\n", "a{2,3}?", "(?:x|y)*"];
    (0..1 + draws.below(7)).map(|_| draws.pick(&parts)).collect()
}

fn seed_text(draws: &mut Draws) -> String {
    match draws.below(8) {
        0 => messages(draws),
        1 => clocks(draws),
        2 => quorums(draws),
        3 => expression(draws),
        _ => recorded(draws),
    }
}

/// Signs that mean something somewhere.
const SIGNS: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\n",
    "\r",
    "\t",
    ":",
    ",",
    "#",
    "#_",
    ";",
    "-",
    "0",
    "99999999999999999999999",
    "1e999",
    "nil",
    "\u{feff}",
    "é",
    "\\ud800",
];

/// One change.
fn mutate(text: &mut Vec<u8>, draws: &mut Draws) {
    let at = draws.below(text.len() + 1);
    let most = if draws.below(4) == 0 { text.len() } else { 12 };
    let to = at + draws.below((text.len() - at).min(most) + 1);
    match draws.below(9) {
        0 if at < text.len() => text[at] ^= 1 << draws.below(8),
        1 => drop(text.drain(at..to)),
        2 => {
            let part = text[at..to].to_vec();
            text.splice(to..to, part);
        }
        3 => {
            let other = seed_text(draws).into_bytes();
            let from = draws.below(other.len() + 1);
            text.splice(at..to, other[from..].iter().copied());
        }
        4 => text.truncate(at),
        5 if draws.below(20) == 0 => {
            let bomb = draws.pick(&SIGNS).repeat(1 + draws.below(3_000));
            text.splice(at..at, bomb.bytes());
        }
        _ => drop(text.splice(at..at, draws.pick(&SIGNS).bytes())),
    }
}

/// A broken file.
fn broken(draws: &mut Draws) -> String {
    let mut text = seed_text(draws).into_bytes();
    let changes = 1 + draws.below(4);
    for _ in 0..=draws.below(changes) {
        mutate(&mut text, draws);
        text.truncate(100_000);
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// How often something was read, and how often refused.
#[derive(Debug, Default)]
struct Answers {
    read: u64,
    refused: u64,
}

impl Answers {
    #[track_caller]
    fn count<T>(&mut self, result: Result<T, Unreadable>, text: &str) -> Option<T> {
        match result {
            Ok(read) => {
                self.read += 1;
                Some(read)
            }
            Err(wrong) => {
                self.refused += 1;
                let lines = text.matches(['\n', '\r']).count() + 1;
                assert!((1..=lines).contains(&wrong.line), "line {} of {lines}", wrong.line);
                assert!(!wrong.reason.is_empty());
                None
            }
        }
    }

    /// Everything that reads, on one text.
    fn read_all(&mut self, text: &str, expression: &str) {
        for format in Format::ALL {
            if let Some(reading) = self.count(format.read(text), text) {
                assert!(reading.events.len() + reading.faults.len() <= text.len());
                assert!(reading.faults.iter().all(|fault| fault.after <= reading.events.len()));
            }
        }
        let options = Options { steps: 500, bytes: 1 << 20, ..Options::default() };
        self.count(check(text, &options), text);
        self.count(causal(text, &causal::Options::default()), text);
        let parser = Some(expression.to_string());
        self.count(causal(text, &causal::Options { parser, ..Default::default() }), text);
        self.count(quorum::table(text), text);
    }
}

/// Says which case was read when a test panics.
struct Case(u64);

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("case {}", self.0);
        }
    }
}

fn run(seed: u64, cases: std::ops::Range<u64>) {
    println!("seed {seed}");
    let mut answers = Answers::default();
    for case in cases {
        let _case = Case(case);
        let mut draws = Draws { seed, case, count: 0 };
        let text = broken(&mut draws);
        let expression = match draws.below(2) {
            0 => broken(&mut draws),
            _ => self::expression(&mut draws),
        };
        answers.read_all(&text, &expression);
    }
    println!("{answers:?}");
    // Most texts are right for one or two of the ten readers that see them.
    assert!(answers.read > answers.refused / 20, "what is broken beyond recognition tests little");
}

#[test]
fn what_is_broken_is_refused_with_its_line() {
    run(1, 0..3_000);
}

#[test]
#[ignore = "long"]
fn a_million_broken_files() {
    run(2, 0..1_000_000);
}

#[test]
fn what_is_not_broken_is_read() {
    for case in 0..300 {
        let _case = Case(case);
        let mut draws = Draws { seed: 3, case, count: 0 };
        let text = recorded(&mut draws);
        Format::guess(&text).read(&text).unwrap();
        let text = messages(&mut draws);
        Format::guess(&text).read(&text).unwrap();
        let text = quorums(&mut draws);
        quorum::table(&text).unwrap();
    }
}
