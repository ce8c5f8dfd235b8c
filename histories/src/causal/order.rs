//! Happened-before on a log with vector clocks (Fidge 1988, Mattern 1989): what the clocks say,
//! checked, and made transitive where they forget.

use super::log::{Entry, Execution};
use crate::formats::Unreadable;
use std::collections::BTreeMap;

/// Events times hosts; more are refused. Four bytes each.
const ENTRIES_MAX: usize = 32_000_000;

/// An event among its host's, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventId {
    pub host: usize,
    pub place: usize,
}

/// How one event is related to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    Before,
    After,
    Concurrent,
}

impl Relation {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Same => "same",
            Relation::Before => "before",
            Relation::After => "after",
            Relation::Concurrent => "concurrent",
        }
    }
}

/// An event whose clock says less than follows from the clocks before it. ShiViz accepts these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    pub line: usize,
    pub event: EventId,
    /// Of which host it knows more than it says, what it says, and what it knows.
    pub host: usize,
    pub says: u32,
    pub knows: u32,
}

/// An execution in order.
pub struct Order<'a> {
    /// In the order in which they first appear.
    pub hosts: Vec<&'a str>,
    /// By host, each in the order of its own count.
    pub events: Vec<Vec<&'a Entry>>,
    /// By event, one host's behind the other's: how many of each host's events happened before
    /// it or are it.
    known: Vec<u32>,
    /// Where each host's events begin in that.
    first: Vec<usize>,
    pub forgotten: Vec<Forgotten>,
}

impl Order<'_> {
    /// Orders an execution.
    ///
    /// # Errors
    /// If a host does not count its events 1, 2, 3, ..., if a clock counts what is not there, or
    /// if clocks run in a circle.
    pub fn of(execution: &Execution) -> Result<Order<'_>, Unreadable> {
        let mut hosts: Vec<&str> = Vec::new();
        let mut place: BTreeMap<&str, usize> = BTreeMap::new();
        let mut events: Vec<Vec<&Entry>> = Vec::new();
        for entry in &execution.entries {
            let host = *place.entry(&entry.host).or_insert_with(|| {
                hosts.push(&entry.host);
                events.push(Vec::new());
                hosts.len() - 1
            });
            events[host].push(entry);
        }
        let entries = execution.entries.len().saturating_mul(hosts.len());
        if entries > ENTRIES_MAX {
            let reason = format!(
                "{} events of {} hosts are too many: at most {ENTRIES_MAX} in their product",
                execution.entries.len(),
                hosts.len()
            );
            return Err(Unreadable::new(execution.line, reason));
        }
        for (host, events) in hosts.iter().zip(&mut events) {
            count_up(host, events)?;
        }
        for entry in &execution.entries {
            exist(entry, &place, &events)?;
        }
        let mut first = Vec::new();
        let mut total = 0;
        for events in &events {
            first.push(total);
            total += events.len();
        }
        let known = vec![0; entries];
        let mut order = Order { hosts, events, known, first, forgotten: Vec::new() };
        order.close(&place)?;
        Ok(order)
    }

    /// Walks the events so that each comes after all that its clock counts, and adds to what it
    /// counts what those know.
    fn close(&mut self, place: &BTreeMap<&str, usize>) -> Result<(), Unreadable> {
        let width = self.hosts.len();
        let mut done = vec![0usize; width];
        // Hosts that wait until another has come so far.
        let mut waiting: Vec<Vec<(usize, usize)>> = vec![Vec::new(); width];
        let mut ready: Vec<usize> = (0..width).rev().collect();
        while let Some(host) = ready.pop() {
            while let Some(&entry) = self.events[host].get(done[host]) {
                let counts =
                    || entry.clock.iter().map(|(name, &count)| (place[name.as_str()], count));
                let ahead =
                    |&(other, count): &(usize, u32)| other != host && done[other] < count as usize;
                if let Some((other, count)) = counts().find(ahead) {
                    waiting[other].push((host, count as usize));
                    break;
                }
                let event = EventId { host, place: done[host] };
                let known = self.knowledge(event, counts());
                let says = |at: usize| entry.clock.get(self.hosts[at]).copied().unwrap_or(0);
                let more = (0..width).find(|&at| known[at] > says(at));
                if let Some(at) = more {
                    let (says, knows) = (says(at), known[at]);
                    let line = entry.line;
                    self.forgotten.push(Forgotten { line, event, host: at, says, knows });
                }
                let row = self.row(event);
                self.known[row..row + width].copy_from_slice(&known);
                done[host] += 1;
                let reached = done[host];
                waiting[host].retain(|&(other, count)| {
                    let stays = count > reached;
                    if !stays {
                        ready.push(other);
                    }
                    stays
                });
            }
        }
        self.forgotten.sort_by_key(|it| it.line);
        let stuck = (0..width).find(|&host| done[host] < self.events[host].len());
        stuck.map_or(Ok(()), |host| {
            let entry = self.events[host][done[host]];
            let reason = format!(
                "the clocks run in a circle: {}#{} counts an event that counts it",
                self.hosts[host],
                done[host] + 1
            );
            Err(Unreadable::new(entry.line, reason))
        })
    }

    /// What an event knows by itself, by its host's event before, and by all it counts.
    fn knowledge(&self, event: EventId, counts: impl Iterator<Item = (usize, u32)>) -> Vec<u32> {
        let mut known = vec![0u32; self.hosts.len()];
        let mut learn = |of: EventId| {
            let row = self.row(of);
            for (own, &other) in known.iter_mut().zip(&self.known[row..]) {
                *own = (*own).max(other);
            }
        };
        if let Some(place) = event.place.checked_sub(1) {
            learn(EventId { place, ..event });
        }
        for (host, count) in counts.filter(|&(host, _)| host != event.host) {
            learn(EventId { host, place: count as usize - 1 });
        }
        known[event.host] = event.place as u32 + 1;
        known
    }

    fn row(&self, event: EventId) -> usize {
        (self.first[event.host] + event.place) * self.hosts.len()
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.iter().map(Vec::len).sum()
    }

    /// How `a` is related to `b`.
    pub fn relation(&self, a: EventId, b: EventId) -> Relation {
        let knows = |later: EventId, earlier: EventId| {
            self.known[self.row(later) + earlier.host] > earlier.place as u32
        };
        match (a == b, knows(b, a), knows(a, b)) {
            (true, ..) => Relation::Same,
            (_, true, _) => Relation::Before,
            (_, _, true) => Relation::After,
            _ => Relation::Concurrent,
        }
    }

    /// How many pairs of events there are, and how many of them are concurrent.
    pub fn pairs(&self) -> (u64, u64) {
        let count = self.len() as u64;
        let all = count * (count.saturating_sub(1)) / 2;
        // Each event knows itself and all that happened before it.
        let ordered = self.known.iter().map(|&it| u64::from(it)).sum::<u64>() - count;
        (all, all - ordered)
    }

    /// The edges between hosts, as ShiViz draws them: an event has one from the last event of
    /// another host that its clock counts, if the clocks of its own host did not count that far
    /// before, and if no other event that it has such an edge from counts just as far.
    pub fn edges(&self) -> Vec<(EventId, EventId)> {
        let mut edges = Vec::new();
        let place: BTreeMap<&str, usize> =
            self.hosts.iter().enumerate().map(|(at, &name)| (name, at)).collect();
        for (host, events) in self.events.iter().enumerate() {
            let mut counted = vec![0u32; self.hosts.len()];
            for (at, entry) in events.iter().enumerate() {
                let mut from: Vec<(usize, u32)> = Vec::new();
                for (name, &count) in &entry.clock {
                    let other = place[name.as_str()];
                    if other != host && counted[other] < count {
                        counted[other] = count;
                        from.push((other, count));
                    }
                }
                let clock_of =
                    |&(other, count): &(usize, u32)| &self.events[other][count as usize - 1].clock;
                let implied = |one: &(usize, u32)| {
                    let name = self.hosts[one.0];
                    let others = from.iter().filter(|other| other.0 != one.0);
                    others.map(clock_of).any(|clock| clock.get(name) == Some(&one.1))
                };
                let to = EventId { host, place: at };
                edges.extend(from.iter().filter(|one| !implied(one)).map(|&(other, count)| {
                    (EventId { host: other, place: count as usize - 1 }, to)
                }));
            }
        }
        edges
    }

    /// The event that is called `host#n`, n from 1.
    pub fn named(&self, name: &str) -> Option<EventId> {
        let (host, count) = name.rsplit_once('#')?;
        let host = self.hosts.iter().position(|known| *known == host)?;
        let place = count.parse::<usize>().ok()?.checked_sub(1)?;
        (place < self.events[host].len()).then_some(EventId { host, place })
    }

    /// What an event is called.
    pub fn name(&self, event: EventId) -> String {
        format!("{}#{}", self.hosts[event.host], event.place + 1)
    }
}

/// Sorts a host's events by their own count, which must be 1, 2, 3, ...
fn count_up(host: &str, events: &mut [&Entry]) -> Result<(), Unreadable> {
    events.sort_by_key(|entry| entry.clock[host]);
    for (expected, entry) in (1u32..).zip(events.iter()) {
        let count = entry.clock[host];
        if count != expected {
            let reason = if count < expected {
                format!("host {host:?} counts {count} twice; each event is one more")
            } else {
                format!("host {host:?} counts {count} here, but no event of it counts {expected}")
            };
            return Err(Unreadable::new(entry.line, reason));
        }
    }
    Ok(())
}

/// Checks that all that a clock counts is there.
fn exist(
    entry: &Entry,
    place: &BTreeMap<&str, usize>,
    events: &[Vec<&Entry>],
) -> Result<(), Unreadable> {
    for (name, &count) in &entry.clock {
        let wrong = |reason: String| Err(Unreadable::new(entry.line, reason));
        let host = &entry.host;
        match place.get(name.as_str()).map(|&at| events[at].len()) {
            None => {
                return wrong(format!(
                    "the clock of host {host:?} counts {name:?}, a host without events"
                ));
            }
            Some(there) if (count as usize) > there => {
                return wrong(format!(
                    "the clock of host {host:?} counts {count} events of {name:?}, \
                     which has {there}"
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
