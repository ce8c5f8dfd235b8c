//! What a run's clients did as a Jepsen history (EDN), a map in each line, faults as operations
//! of the nemesis. Operations of the key-value machine are written as Porcupine does, so that
//! checkers know them: `:f :get :key "x" :value nil`.

use super::is_fault;
use crate::run::Run;
use crate::world::{Event, NO_NODE, Operation, What};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The history, up to the run's cursor. Times are nanoseconds of virtual time. A client that gave
/// up goes on as another process, whose number is higher by the number of clients; so does one
/// that asks before it is answered. A key that was never set holds the empty string. What is asked and
/// answered at one instant is concurrent: invocations stand before returns.
pub fn jepsen(run: &Run) -> String {
    let history: Vec<&Operation> = run.world().members.history().iter().collect();
    let ends = |what| matches!(what, What::Answer | What::GiveUp);
    let told =
        |event: &&Event| ends(event.what) || event.what == What::Request || is_fault(event.what);
    let mut events: Vec<&Event> = run.events().iter().filter(told).collect();
    events.sort_by_key(|event| (event.time_us, ends(event.what)));
    let servers = usize::from(run.scenario().nodes());
    let mut processes = Processes::new(run.names().len().saturating_sub(servers).max(1));
    let mut out = String::new();
    for (index, event) in events.iter().enumerate() {
        let place = event.a as usize;
        let words = match history.get(place).filter(|_| !is_fault(event.what)) {
            None => nemesis(run, event),
            Some(operation) => {
                let client = event.node.index().saturating_sub(servers);
                let process = match event.what {
                    What::Request => processes.begin(client, place),
                    what => processes.end(client, place, what == What::Answer),
                };
                format!(":process {process}, {}", asked(operation, event.what))
            }
        };
        out += &format!("{{:index {index}, :time {}, {words}}}\n", event.time_us * 1000);
    }
    out
}

/// Which process does what: one operation at a time, and nothing after one that stays open.
struct Processes {
    /// How many clients there are.
    clients: usize,
    /// For each process what it does: nothing, an operation, or nothing ever again.
    does: Vec<Does>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Does {
    Nothing,
    Operation(usize),
    Gone,
}

impl Processes {
    fn new(clients: usize) -> Processes {
        Processes { clients, does: Vec::new() }
    }

    /// The client's first process that is free.
    fn begin(&mut self, client: usize, operation: usize) -> usize {
        let mut process = client;
        while self.does.get(process).is_some_and(|&does| does != Does::Nothing) {
            process += self.clients;
        }
        if self.does.len() <= process {
            self.does.resize(process + 1, Does::Nothing);
        }
        self.does[process] = Does::Operation(operation);
        process
    }

    /// The process that did the operation; it is free if it was answered.
    fn end(&mut self, client: usize, operation: usize, answered: bool) -> usize {
        let does = |does: &Does| *does == Does::Operation(operation);
        let process = self.does.iter().position(does).unwrap_or(client);
        if let Some(does) = self.does.get_mut(process) {
            *does = if answered { Does::Nothing } else { Does::Gone };
        }
        process
    }
}

/// `:type`, `:f`, `:key` and `:value` of an operation when this happens to it.
fn asked(operation: &Operation, what: What) -> String {
    let (function, rest) = operation.request.split_once(' ').unwrap_or((&operation.request, ""));
    let (key, value) = rest.split_once(' ').unwrap_or((rest, ""));
    let answer = operation.answer.as_str();
    let ends = what == What::Answer;
    let (function, key, value) = match function {
        "get" if ends && answer == "nothing" => ("get", Some(key), quoted("")),
        "get" if ends => ("get", Some(key), quoted(answer)),
        "get" => ("get", Some(key), String::from("nil")),
        "put" | "append" => (function, Some(key), quoted(value)),
        "cas" => {
            let (from, to) = value.split_once(' ').unwrap_or((value, ""));
            ("cas", Some(key), format!("[{} {}]", quoted(from), quoted(to)))
        }
        function if ends => (function, None, quoted(answer)),
        function => {
            let words: Vec<String> = rest.split_whitespace().map(quoted).collect();
            (function, None, format!("[{}]", words.join(" ")))
        }
    };
    let kind = match what {
        What::Request => "invoke",
        What::Answer if function == "cas" && answer == "not swapped" => "fail",
        What::Answer => "ok",
        _ => "info",
    };
    let key = key.map_or(String::new(), |key| format!(", :key {}", quoted(key)));
    format!(":type :{kind}, :f :{function}{key}, :value {value}")
}

/// A fault: who did what to whom.
fn nemesis(run: &Run, event: &Event) -> String {
    let name = |node: crate::process::NodeId| run.names().get(node.index()).map(|it| quoted(it));
    let whom: Vec<String> = [event.node, event.peer]
        .into_iter()
        .filter(|&node| node != NO_NODE)
        .filter_map(name)
        .collect();
    let word = event.what.word();
    // What a line did to the whole network it says in its own words.
    let said = || {
        let flags = run.flags();
        let by = flags.iter().find(|it| it.time == event.time_us && it.label.starts_with(word));
        by.map_or(String::from("nil"), |flag| quoted(&flag.label))
    };
    let value = if whom.is_empty() { said() } else { format!("[{}]", whom.join(" ")) };
    format!(":process :nemesis, :type :info, :f :{word}, :value {value}")
}

/// As a string of EDN.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
