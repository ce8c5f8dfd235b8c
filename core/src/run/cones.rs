//! Causal past and future of an event, read off the trace: program order at a node, and sending
//! before receipt (Lamport 1978). A past holds a prefix of each node's events, so that one number
//! for each node says it all. What clocks say of the same must agree.

use super::{Run, seconds};
use crate::process::NodeId;
use crate::world::{Event, EventId, NO_NODE, NONE, What};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// How two events stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Order {
    /// It is one event.
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

/// Whether an event is one of its node's: not a fate of a message, nor a line of the text.
const fn stands(event: &Event) -> bool {
    event.node.0 != NO_NODE.0
        && !matches!(
            event.what,
            What::Lost | What::Waits | What::Doubled | What::Cut | What::Clog | What::Law
        )
}

/// For each node: its events with a smaller number than this happened before `of`, or are it.
pub fn causal_past(events: &[Event], of: EventId, nodes: usize) -> Vec<EventId> {
    let mut border = vec![0; nodes];
    let Some(last) = events.get(of as usize).filter(|event| stands(event)) else { return border };
    border[last.node.index()] = of + 1;
    for id in (0..=of).rev() {
        let event = &events[id as usize];
        if event.what == What::Receive && id < border[event.node.index()] {
            let sender = events[event.cause as usize].node.index();
            border[sender] = border[sender].max(event.cause + 1);
        }
    }
    border
}

/// For each node: its events from this number on happened after `of`, or are it; `NONE` for none.
pub fn causal_future(events: &[Event], of: EventId, nodes: usize) -> Vec<EventId> {
    let mut border = vec![NONE; nodes];
    let Some(first) = events.get(of as usize).filter(|event| stands(event)) else { return border };
    border[first.node.index()] = of;
    for (id, event) in (0..).zip(events).skip(of as usize) {
        if event.what == What::Receive {
            let sender = events[event.cause as usize].node.index();
            let place = event.node.index();
            if event.cause >= border[sender] {
                border[place] = border[place].min(id);
            }
        }
    }
    border
}

/// Whether `a` happened before `b`.
pub fn happened_before(events: &[Event], a: EventId, b: EventId, nodes: usize) -> bool {
    let Some(event) = events.get(a as usize).filter(|event| stands(event)) else { return false };
    a < b && a < causal_past(events, b, nodes)[event.node.index()]
}

/// Receipts of the messages on a shortest way from `a` to a later `b`.
fn way(events: &[Event], a: EventId, b: EventId, nodes: usize) -> Vec<EventId> {
    // So many messages led to this node, the last of them received there.
    let mut reached: Vec<Option<(u32, EventId)>> = vec![None; nodes];
    // The same at each sending, and what led to each receipt.
    let mut before: Vec<Option<(u32, EventId)>> = vec![None; (b - a + 1) as usize];
    reached[events[a as usize].node.index()] = Some((0, NONE));
    for (id, event) in (a..=b).zip(&events[a as usize..]) {
        let place = (id - a) as usize;
        if event.what == What::Send {
            before[place] = reached[event.node.index()];
        } else if event.what == What::Receive && event.cause >= a {
            let Some((count, led)) = before[(event.cause - a) as usize] else { continue };
            let here = &mut reached[event.node.index()];
            if here.is_none_or(|(known, _)| count + 1 < known) {
                *here = Some((count + 1, id));
                before[place] = Some((count, led));
            }
        }
    }
    let mut way = Vec::new();
    let mut last = reached[events[b as usize].node.index()].map_or(NONE, |(_, last)| last);
    while last != NONE {
        way.push(last);
        last = before[(last - a) as usize].map_or(NONE, |(_, led)| led);
    }
    way.reverse();
    way
}

impl Run {
    /// For each node: where the causal past of an event ends, see `causal_past`.
    pub fn past_border(&self, of: EventId) -> Vec<EventId> {
        causal_past(self.all_events(), of, self.names().len())
    }

    /// For each node: where the causal future of an event begins, see `causal_future`.
    pub fn future_border(&self, of: EventId) -> Vec<EventId> {
        causal_future(self.all_events(), of, self.names().len())
    }

    /// How two events stand to each other; nothing if the run has no such events.
    pub fn link(&self, a: EventId, b: EventId) -> Option<Link> {
        let events = self.all_events();
        let nodes = self.names().len();
        let stands = |id: EventId| events.get(id as usize).is_some_and(stands);
        if !stands(a) || !stands(b) {
            return None;
        }
        let word = match () {
            () if a == b => Order::Same,
            () if happened_before(events, a, b, nodes) => Order::Before,
            () if happened_before(events, b, a, nodes) => Order::After,
            () => Order::Concurrent,
        };
        let (first, second) = if word == Order::After { (b, a) } else { (a, b) };
        let (one, other) = (self.noun(first), self.noun(second));
        let related = matches!(word, Order::Before | Order::After);
        let receives = if related { way(events, first, second, nodes) } else { Vec::new() };
        let sentence = match word {
            Order::Same => format!("{one} is one event."),
            Order::Concurrent => format!("{one} and {other} are concurrent."),
            _ => {
                format!("{one} happened before {other}, {}.", through(receives.len(), self, first))
            }
        };
        Some(Link { word, sentence, receives })
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

/// "through 3 messages", "at n1 itself"
fn through(messages: usize, run: &Run, first: EventId) -> String {
    match messages {
        0 => format!("at {} itself", run.name_of(run.all_events()[first as usize].node)),
        1 => "through 1 message".to_string(),
        many => format!("through {many} messages"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "protocol raft\nnodes 3\nseed 4\nclient c1 every 50ms put x\nloss 10%\n\
                        at 200ms crash leader\nat 400ms restart all\nend 600ms\n";

    /// Happens-before by its definition: the closure of program order and of messages.
    fn closure(events: &[Event]) -> Vec<Vec<bool>> {
        let mut before: Vec<Vec<bool>> = Vec::new();
        for (id, event) in events.iter().enumerate() {
            let mut row = vec![false; events.len()];
            if stands(event) {
                let mut add = |other: usize, before: &[Vec<bool>]| {
                    row[other] = true;
                    for (k, known) in before[other].iter().enumerate() {
                        row[k] |= known;
                    }
                };
                let same = |k: &usize| stands(&events[*k]) && events[*k].node == event.node;
                if let Some(last) = (0..id).rev().find(same) {
                    add(last, &before);
                }
                if event.what == What::Receive {
                    add(event.cause as usize, &before);
                }
            }
            before.push(row);
        }
        before
    }

    #[test]
    fn cones_and_ways_are_those_of_the_definition() {
        let mut run = Run::new(TEXT).unwrap();
        run.seek(600_000);
        let events = &run.all_events()[..900.min(run.all_events().len())];
        let before = closure(events);
        let nodes = run.names().len();
        for a in (0..events.len()).step_by(7).filter(|&a| stands(&events[a])) {
            let past = causal_past(events, a as u32, nodes);
            let future = causal_future(events, a as u32, nodes);
            for b in (0..events.len()).filter(|&b| stands(&events[b])) {
                let node = events[b].node.index();
                let in_past = (b as u32) < past[node];
                assert_eq!(in_past, b == a || before[a][b], "{b} before {a}");
                let in_future = b as u32 >= future[node];
                assert_eq!(in_future, b == a || before[b][a], "{a} before {b}");
                if b % 5 == 0 {
                    let link = run.link(a as u32, b as u32).unwrap();
                    let word = match () {
                        () if a == b => Order::Same,
                        () if before[b][a] => Order::Before,
                        () if before[a][b] => Order::After,
                        () => Order::Concurrent,
                    };
                    assert_eq!(link.word, word);
                    check_way(events, &link, a.min(b) as u32, a.max(b) as u32);
                }
            }
        }
    }

    /// Each message of a way is sent after the one before it has arrived, at the same node.
    fn check_way(events: &[Event], link: &Link, first: EventId, last: EventId) {
        if !matches!(link.word, Order::Before | Order::After) {
            assert!(link.receives.is_empty());
            return;
        }
        let mut at = first;
        for &receive in &link.receives {
            let send = events[receive as usize].cause;
            assert_eq!(events[send as usize].node, events[at as usize].node);
            assert!(send >= at);
            at = receive;
        }
        assert!(at <= last && events[at as usize].node == events[last as usize].node);
    }

    #[test]
    fn a_relation_is_told_in_a_sentence() {
        let mut run = Run::new(TEXT).unwrap();
        run.seek(600_000);
        let events = run.all_events();
        let receive = events.iter().position(|event| event.what == What::Receive).unwrap();
        let send = events[receive].cause;
        let link = run.link(send, receive as u32).unwrap();
        assert!(link.sentence.ends_with("through 1 message."), "{}", link.sentence);
        assert_eq!(link.receives, [receive as u32]);
        let back = run.link(receive as u32, send).unwrap();
        assert_eq!((back.word, &back.sentence), (Order::After, &link.sentence));
        assert_eq!(run.link(send, send).unwrap().word, Order::Same);
        assert_eq!(run.link(send, u32::MAX), None);
    }
}
