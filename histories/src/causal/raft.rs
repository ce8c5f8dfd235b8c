//! Interaction traces of etcd's raft (`testdata/*.txt`): who sent and received which message, so
//! that vector clocks can be given to what has none. A line `1->2 MsgVote Term:1 ...` behind
//! `Messages:` was sent, all together in one step of the sender; elsewhere it was received, in a
//! step of its own. What was `dropped: ` never arrived.

use super::log::{Entry, Execution};
use crate::formats::Unreadable;
use std::collections::{BTreeMap, VecDeque};

/// A trace of more nodes is refused: each step has a clock of all.
const NODES_MAX: usize = 100;

type Clock = BTreeMap<String, u32>;

/// Whether a text is such a trace: commands with output, and messages in it.
pub fn looks_so(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "----")
        && text.lines().any(|it| message(it).is_some())
}

/// From, to and all of a message.
fn message(line: &str) -> Option<(&str, &str, &str)> {
    let line = line.trim();
    let (link, what) = line.split_once(' ')?;
    let (from, to) = link.split_once("->")?;
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric());
    (is_name(from) && is_name(to) && what.starts_with("Msg")).then_some((from, to, line))
}

/// The steps of a trace, in its order.
///
/// # Errors
/// If it has too many nodes or steps.
pub fn read(text: &str) -> Result<Execution, Unreadable> {
    let mut clocks: BTreeMap<&str, Clock> = BTreeMap::new();
    let mut sent: BTreeMap<&str, VecDeque<Clock>> = BTreeMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    // Whether the lines are those of `Messages:`, and in which step of whom they were sent.
    let mut sending: Option<Option<usize>> = None;
    for (index, line) in text.lines().enumerate() {
        let Some((from, to, whole)) = message(line) else {
            sending = (line.trim() == "Messages:").then_some(None);
            continue;
        };
        clocks.entry(from).or_default();
        clocks.entry(to).or_default();
        if clocks.len() > NODES_MAX {
            let reason = format!("the trace has more than {NODES_MAX} nodes");
            return Err(Unreadable::new(index + 1, reason));
        }
        let what = whole.split_whitespace().nth(1).unwrap_or_default();
        let mut step = |host: &str, clock: Clock, text: String| {
            entries.push(Entry { line: index + 1, host: host.to_string(), clock, text });
            entries.len() - 1
        };
        match sending {
            Some(Some(at)) => {
                sent.entry(whole).or_default().push_back(entries[at].clock.clone());
                entries[at].text += &format!(", {what} to {to}");
            }
            Some(None) => {
                let clock = tick(clocks.entry(from).or_default(), from, None, index + 1)?;
                sent.entry(whole).or_default().push_back(clock.clone());
                sending = Some(Some(step(from, clock, format!("sends {what} to {to}"))));
            }
            None => {
                let known = sent.get_mut(whole).and_then(VecDeque::pop_front);
                let clock = tick(clocks.entry(to).or_default(), to, known, index + 1)?;
                step(to, clock, format!("receives {what} from {from}"));
            }
        }
    }
    let label = String::new();
    Ok(Execution { label, line: 1, entries, unmatched: 0, unmatched_first: None })
}

/// The clock of a host's next step, which learns what a message knew.
fn tick(
    clock: &mut Clock,
    host: &str,
    known: Option<Clock>,
    line: usize,
) -> Result<Clock, Unreadable> {
    for (other, count) in known.into_iter().flatten() {
        let own = clock.entry(other).or_default();
        *own = (*own).max(count);
    }
    let own = clock.entry(host.to_string()).or_default();
    *own = own.checked_add(1).ok_or_else(|| Unreadable::new(line, "there are too many steps"))?;
    Ok(clock.clone())
}

#[cfg(test)]
mod tests {
    use super::super::{Options, causal};

    #[test]
    fn messages_order_what_they_connect() {
        let trace = "campaign 1\n----\nok\n\nstabilize\n----\n\
            > 1 handling Ready\n  Ready MustSync=true:\n  Messages:\n\
            \x20 1->2 MsgVote Term:1 Log:1/2\n  1->3 MsgVote Term:1 Log:1/2\n  INFO 1 waits\n\
            > 2 receiving messages\n  1->2 MsgVote Term:1 Log:1/2\n\
            > 2 handling Ready\n  Messages:\n  2->1 MsgVoteResp Term:1 Log:0/0\n\
            > 3 receiving messages\n  1->3 MsgVote Term:1 Log:1/2\n\n\
            deliver-msgs 1 drop=(3)\n----\n2->1 MsgVoteResp Term:1 Log:0/0\n\
            dropped: 3->1 MsgVoteResp Term:1 Log:0/0\n";
        let relation = Some(("3#1".to_string(), "1#2".to_string()));
        let report = causal(trace, &Options { relation, ..Options::default() }).unwrap();
        let hosts: Vec<_> = report.hosts.iter().map(|it| (it.name.as_str(), it.events)).collect();
        assert_eq!(hosts, [("1", 2), ("2", 2), ("3", 1)]);
        assert_eq!((report.edges, report.events, report.warnings_total), (3, 5, 0));
        let related = report.relation.unwrap();
        assert_eq!(related.relation, "concurrent");
        assert_eq!((related.b.line, related.b.text.as_str()), (23, "receives MsgVoteResp from 2"));
    }
}
