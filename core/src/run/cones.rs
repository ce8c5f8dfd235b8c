//! Causal past and future of an event, and how two events stand to each other, as the page asks
//! for them and says them. What happened before what is read off the trace by `crate::stamps`.

use super::{Run, seconds};
use crate::process::NodeId;
use crate::stamps::Relation;
use crate::world::{EventId, NONE, What};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// How two events stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Order {
    /// They belong to one step of one process.
    Same,
    /// The first happened before the second.
    Before,
    /// The second happened before the first.
    After,
    /// Neither can have caused the other.
    Concurrent,
}

/// How two events stand to each other, and through which messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Link {
    /// In a word.
    pub word: Order,
    /// In a sentence.
    pub sentence: String,
    /// Receipts of the messages on a shortest way from the earlier to the later one, in order.
    pub receives: Vec<EventId>,
}

impl Run {
    /// For each node: its events with a smaller number happened before an event, or belong to
    /// its step.
    pub fn past_border(&self, of: EventId) -> Vec<EventId> {
        let past = self.anchor(of).and_then(|of| self.past(of));
        past.map_or(vec![0; self.names().len()], |past| {
            past.into_iter().map(|last| last.map_or(0, |last| last + 1)).collect()
        })
    }

    /// For each node: its events from this number on happened after an event, or belong to its
    /// step; `NONE` for none.
    pub fn future_border(&self, of: EventId) -> Vec<EventId> {
        let future = self.anchor(of).and_then(|of| self.future(of));
        future.map_or(vec![NONE; self.names().len()], |future| {
            future.into_iter().map(|first| first.unwrap_or(NONE)).collect()
        })
    }

    /// How two events stand to each other; nothing if no process has to do with one of them.
    pub fn link(&self, a: EventId, b: EventId) -> Option<Link> {
        let relation = self.relation(self.anchor(a)?, self.anchor(b)?)?;
        let (one, other) = (self.noun(a), self.noun(b));
        let through = |first: EventId, messages: usize| match messages {
            0 => format!("at {} itself", self.name_of(self.all_events()[first as usize].node)),
            1 => "through 1 message".to_string(),
            many => format!("through {many} messages"),
        };
        let (word, sentence, hops) = match relation {
            Relation::Same if a == b => (Order::Same, format!("{one} is one event."), Vec::new()),
            Relation::Same => {
                (Order::Same, format!("{one} and {other} belong to one step."), Vec::new())
            }
            Relation::Concurrent => {
                (Order::Concurrent, format!("{one} and {other} are concurrent."), Vec::new())
            }
            Relation::Before(hops) => {
                let through = through(a, hops.len());
                (Order::Before, format!("{one} happened before {other}, {through}."), hops)
            }
            Relation::After(hops) => {
                let through = through(b, hops.len());
                (Order::After, format!("{other} happened before {one}, {through}."), hops)
            }
        };
        Some(Link { word, sentence, receives: hops.iter().map(|hop| hop.receive).collect() })
    }

    /// "n1's send of append #4 at 1.131 s"
    fn noun(&self, id: EventId) -> String {
        let event = &self.all_events()[id as usize];
        let declaration = self.declaration();
        let node = self.name_of(event.node);
        let kind =
            || declaration.messages.get(usize::from(event.sub)).map_or("?", |kind| kind.name);
        let what = match event.what {
            What::Send => format!("sending of {} #{}", kind(), event.c),
            What::Receive => format!("receipt of {} #{}", kind(), event.c),
            What::Timer => "timeout".to_string(),
            What::Mark => {
                let mark = declaration.events.get(usize::from(event.sub));
                format!("“{}”", mark.map_or("?", |mark| mark.name))
            }
            what => what.word().to_string(),
        };
        format!("{node}'s {what} at {}", seconds(event.time_us))
    }

    fn name_of(&self, node: NodeId) -> &str {
        self.names().get(node.index()).map_or("?", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "protocol raft\nnodes 3\nseed 4\nclient c1 every 50ms put x\nloss 10%\n\
                        at 200ms crash leader\nat 400ms restart all\nend 600ms\n";

    /// Each message of a way is sent after the one before it has arrived, at the same node, and
    /// the borders of pasts and futures say the same as the word.
    #[test]
    fn words_ways_and_borders_agree() {
        let mut run = Run::new(TEXT).unwrap();
        run.seek(600_000);
        let events = run.all_events();
        let count = events.len().min(700) as u32;
        let mut seen = [0; 3];
        for a in (0..count).step_by(3).filter(|&a| run.stamps().has(a)) {
            let (past, future) = (run.past_border(a), run.future_border(a));
            for b in (0..count).step_by(2).filter(|&b| run.stamps().has(b)) {
                let link = run.link(a, b).unwrap();
                let node = events[b as usize].node.index();
                let (before, after) = (b < past[node], b >= future[node]);
                let word = match (before, after) {
                    (true, true) => Order::Same,
                    (true, false) => Order::After,
                    (false, true) => Order::Before,
                    (false, false) => Order::Concurrent,
                };
                assert_eq!(link.word, word, "{a} {b}");
                seen[usize::from(!link.receives.is_empty())] += 1;
                seen[2] += usize::from(word == Order::Concurrent);
                let (first, last) = if word == Order::After { (b, a) } else { (a, b) };
                let mut at = events[first as usize].node;
                for &receive in &link.receives {
                    let send = events[receive as usize].cause;
                    assert_eq!(events[send as usize].node, at);
                    at = events[receive as usize].node;
                }
                let ends = word == Order::Concurrent || at == events[last as usize].node;
                assert!(ends, "{a} {b}");
            }
        }
        assert!(seen.iter().all(|&count| count > 100), "{seen:?}");
    }

    #[test]
    fn a_relation_is_told_in_a_sentence() {
        let mut run = Run::new(TEXT).unwrap();
        run.seek(600_000);
        let events = run.all_events();
        let receive = events.iter().position(|event| event.what == What::Receive).unwrap() as u32;
        let send = events[receive as usize].cause;
        let link = run.link(send, receive).unwrap();
        assert!(link.sentence.ends_with("through 1 message."), "{}", link.sentence);
        assert_eq!(link.receives, [receive]);
        let back = run.link(receive, send).unwrap();
        assert_eq!((back.word, &back.sentence), (Order::After, &link.sentence));
        assert_eq!(run.link(send, send).unwrap().word, Order::Same);
        assert_eq!(run.link(send, u32::MAX), None);
    }
}
