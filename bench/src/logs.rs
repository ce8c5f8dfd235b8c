//! Histories as texts in the formats of other projects. What is linearizable but for the stale
//! reads that are asked for is so because an object was there that acted.

use crate::clients::{Random, Turn, turns};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Lines in the order of time.
struct Log(Vec<(u64, u64, String)>);

impl Log {
    /// The lines of a call and of its return.
    fn add(&mut self, turn: &Turn, call: String, end: String) {
        self.0.push((turn.call, turn.process, call));
        self.0.extend(turn.end.map(|time| (time, turn.process, end)));
    }

    fn text(mut self) -> String {
        self.0.sort();
        self.0.into_iter().fold(String::new(), |text, (_, _, line)| text + &line + "\n")
    }
}

/// What is said of an operation whose answer got lost, and when.
const TIMED_OUT: (&str, u64) = (":timed-out", 5_000);

/// A console log of one register in the manner of Jepsen's etcd test: five clients, five values.
pub fn register(seed: u64, operations: usize) -> String {
    let mut random = Random(seed);
    let (mut log, mut held) = (Log(Vec::new()), None);
    for turn in turns(&mut random, 5, operations, 20) {
        let line = |kind: &str, f: &str, value: &str| {
            format!("INFO  jepsen.util - {}\t:{kind}\t:{f}\t{value}", turn.process)
        };
        let value = random.below(5);
        let asked = random.below(3);
        if turn.end.is_none() {
            let (words, after) = TIMED_OUT;
            let f = if asked == 2 { "cas" } else { "write" };
            log.0.push((turn.call + after, turn.process, line("info", f, words)));
        }
        match asked {
            0 if turn.end.is_some() => {
                let seen = held.map_or("nil".to_string(), |value: u64| value.to_string());
                log.add(&turn, line("invoke", "read", "nil"), line("ok", "read", &seen));
            }
            2 => {
                let from = random.below(5);
                let pair = format!("[{from} {value}]");
                let fits = held == Some(from);
                held = if fits { Some(value) } else { held };
                let end = line(if fits { "ok" } else { "fail" }, "cas", &pair);
                log.add(&turn, line("invoke", "cas", &pair), end);
            }
            _ => {
                held = Some(value);
                let value = value.to_string();
                log.add(&turn, line("invoke", "write", &value), line("ok", "write", &value));
            }
        }
    }
    log.text()
}

/// A log of strings by keys in the manner of Porcupine's key-value tests: half appends, a
/// twentieth puts, the rest gets. On the first `stale` keys one get in forty returns what was
/// there a while before. With few `values` they are written again and again.
pub fn strings(seed: u64, clients: u64, operations: usize, stale: u64, values: u64) -> String {
    const KEYS: u64 = 10;
    let mut random = Random(seed);
    let mut log = Log(Vec::new());
    let mut held: BTreeMap<u64, Vec<(u64, String)>> = BTreeMap::new();
    for (number, turn) in turns(&mut random, clients, operations, 0).iter().enumerate() {
        let key = random.below(KEYS);
        let states = held.entry(key).or_insert_with(|| vec![(0, String::new())]);
        let line = |kind: &str, f: &str, value: &str| {
            let process = turn.process;
            format!(
                "{{:process {process}, :type :{kind}, :f :{f}, :key \"{key}\", :value {value}}}"
            )
        };
        let value = format!("x {} {} y", turn.process, number as u64 % values);
        let quoted = format!("\"{value}\"");
        let now = states.last().map(|(_, state)| state.clone()).unwrap_or_default();
        let (f, after) = match random.below(1_000) {
            0..500 => ("append", now.clone() + &value),
            500..550 => ("put", value),
            _ => {
                let old = states.iter().rev().find(|(at, _)| at + 2_000 < turn.call);
                let is_stale = key < stale && random.below(40) == 0;
                let seen = old.filter(|_| is_stale).map_or(&now, |(_, state)| state);
                let end = line("ok", "get", &format!("\"{seen}\""));
                log.add(turn, line("invoke", "get", "nil"), end);
                continue;
            }
        };
        states.push((turn.acts, after));
        log.add(turn, line("invoke", f, &quoted), line("ok", f, &quoted));
    }
    log.text()
}

/// Registers by keys, as Jepsen's independent workloads write them, with so many values.
pub fn registers(seed: u64, keys: u64, operations: usize, values: u64) -> String {
    let mut random = Random(seed);
    let mut log = Log(Vec::new());
    let mut held: BTreeMap<u64, u64> = BTreeMap::new();
    for (number, turn) in turns(&mut random, keys * 5, operations, 0).iter().enumerate() {
        // A key has its own five clients.
        let key = turn.process / 5;
        let line = |kind: &str, f: &str, value: &str| {
            let process = turn.process;
            format!("{{:process {process}, :type :{kind}, :f :{f}, :value [{key} {value}]}}")
        };
        if random.below(2) == 0 {
            let seen = held.get(&key).map_or("nil".to_string(), u64::to_string);
            log.add(turn, line("invoke", "read", "nil"), line("ok", "read", &seen));
        } else {
            let value = number as u64 % values;
            held.insert(key, value);
            let value = value.to_string();
            log.add(turn, line("invoke", "write", &value), line("ok", "write", &value));
        }
    }
    log.text()
}

/// Transactions on lists as Elle's workloads write them: one to four operations, keys that are
/// given up after a while. Of a hundred so many reads see the list as it was a while before.
pub fn transactions(seed: u64, operations: usize, stale: u64) -> String {
    /// Lists in use at a time, and transactions until one of them is replaced.
    const LISTS: u64 = 10;
    const LIFE: u64 = 30;
    let mut random = Random(seed);
    let mut log = Log(Vec::new());
    let mut lists: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
    for (number, turn) in turns(&mut random, 20, operations, 5).iter().enumerate() {
        let (mut asked, mut got) = (String::new(), String::new());
        for _ in 0..1 + random.below(4) {
            let key = number as u64 / LIFE + random.below(LISTS);
            let list = lists.entry(key).or_default();
            if random.below(2) == 0 {
                let value = list.last().map_or(1, |(_, value)| value + 1);
                list.push((turn.acts, value));
                let append = format!("[:append {key} {value}] ");
                asked += &append;
                got += &append;
            } else {
                let is_stale = random.below(100) < stale;
                let seen = list.iter().filter(|(at, _)| !is_stale || at + 2_000 < turn.call);
                let seen: Vec<String> = seen.map(|(_, value)| value.to_string()).collect();
                let _ = write!(asked, "[:r {key} nil] ");
                let _ = write!(got, "[:r {key} [{}]] ", seen.join(" "));
            }
        }
        let line = |kind: &str, value: &str| {
            let process = turn.process;
            format!("{{:process {process}, :type :{kind}, :f :txn, :value [{value}]}}")
        };
        log.add(turn, line("invoke", &asked), line("ok", &got));
    }
    log.text()
}
