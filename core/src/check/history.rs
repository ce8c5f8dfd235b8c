//! Whether one copy of a machine could have given clients their answers (linearizability,
//! Herlihy and Wing 1990). Cheapest way first: the protocol's own order as a witness, O(1)
//! per answer; where that does not explain an answer, a search after Wing and Gong (1993)
//! with memory (Lowe 2017), part by part, within a budget.

use crate::chunks::Chunked;
use crate::draw::{StableHasher, mix};
use crate::machine::Machine;
use crate::process::RequestId;
use crate::world::Operation;
use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use litemap::LiteMap;

/// What a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Some order explains every answer.
    Linearizable,
    /// No order does.
    Violated,
    /// The budget ran out.
    Unknown,
}

/// The protocol's own order, replayed on one copy of the machine.
#[derive(Clone, Debug)]
pub struct Witness<M: Machine> {
    copy: M,
    next: u64,
    /// Highest operation of each client that the order holds.
    sessions: LiteMap<u16, u64>,
    /// Place in the order and the one copy's answer, for operations not yet returned.
    explained: LiteMap<RequestId, (u64, M::Answer)>,
    /// Read points of commands that stand in no place of the order, not yet returned: a client
    /// that asks again may be read for twice, and either answer may reach it.
    reads: LiteMap<RequestId, Vec<(u64, M::Answer)>>,
    /// From the first read point on: the last states of the copy, for servers that read behind
    /// what others have applied.
    states: VecDeque<(u64, M)>,
    /// The highest place among returned operations.
    floor: u64,
    /// That floor when an operation began: what returned before must stand before.
    floors: LiteMap<RequestId, u64>,
    /// Parts of which it failed to explain an answer: some other order has to explain that one
    /// together with all that follow, so of them it explains nothing any more.
    refuted: Vec<String>,
}

impl<M: Machine> Default for Witness<M> {
    fn default() -> Self {
        Witness {
            copy: M::default(),
            next: 0,
            sessions: LiteMap::new(),
            explained: LiteMap::new(),
            reads: LiteMap::new(),
            states: VecDeque::new(),
            floor: 0,
            floors: LiteMap::new(),
            refuted: Vec::new(),
        }
    }
}

impl<M: Machine> Witness<M> {
    /// About how many bytes it owns on the heap.
    pub fn weight(&self) -> usize {
        self.copy.weight()
            + self.sessions.len() * size_of::<(u16, u64)>()
            + self.floors.len() * size_of::<(RequestId, u64)>()
            + self.explained.len() * size_of::<(RequestId, (u64, M::Answer))>()
            + self.reads.iter().map(|(_, points)| size_of_val(&**points)).sum::<usize>()
            + self.states.iter().map(|(_, copy)| size_of::<M>() + copy.weight()).sum::<usize>()
    }

    /// An operation begins.
    pub fn invoked(&mut self, id: RequestId) {
        self.floors.insert(id, self.floor);
    }

    /// Some node has applied the command at this place of the order; the first to do so
    /// counts. A command counts once, however often the order holds it.
    pub fn applied(
        &mut self,
        index: u64,
        command: Option<(RequestId, usize)>,
        commands: &Chunked<M::Command>,
    ) {
        if index != self.next + 1 {
            return;
        }
        if !self.states.is_empty() {
            self.keep_state();
        }
        self.next = index;
        let Some((id, place)) = command else { return };
        if self.sessions.get(&id.client.0).is_some_and(|&last| id.number <= last) {
            return;
        }
        self.sessions.insert(id.client.0, id.number);
        let Some(command) = commands.get(place) else { return };
        let answer = self.copy.apply(command);
        if self.floors.contains_key(&id) {
            self.explained.insert(id, (index, answer));
        }
    }

    /// The order ends behind so many positions: what stood further on is taken back, and nobody
    /// was told of it. They are applied again from the first, unless all of them are known.
    pub fn recovered(&mut self, positions: u64) {
        if positions >= self.next {
            return;
        }
        let known = core::mem::take(self);
        self.floor = known.floor;
        self.floors = known.floors;
        self.refuted = known.refuted;
        for (id, mut points) in known.reads {
            points.retain(|(index, _)| *index <= positions);
            self.reads.insert(id, points);
        }
    }

    /// The copy as it is now is one that somebody may yet read.
    fn keep_state(&mut self) {
        if self.states.back().is_none_or(|(last, _)| *last < self.next) {
            self.states.push_back((self.next, self.copy.clone()));
        }
        if self.states.len() > STATES_KEPT {
            self.states.pop_front();
        }
    }

    /// Some node has answered a command that only reads from the state after this place of the
    /// order.
    pub fn read(&mut self, index: u64, id: RequestId, command: &M::Command) {
        self.keep_state();
        let state = self.states.iter_mut().rev().find(|(known, _)| *known == index);
        let (Some((_, state)), true) = (state, self.floors.contains_key(&id)) else { return };
        if state.only_reads(command) {
            let point = (index, state.apply(command));
            match self.reads.get_mut(&id) {
                Some(points) => points.push(point),
                None => drop(self.reads.insert(id, alloc::vec![point])),
            }
        }
    }

    /// A client stops waiting: nothing has to be explained to it any more.
    pub fn given_up(&mut self, id: RequestId) {
        self.floors.remove(&id);
        self.explained.remove(&id);
        self.reads.remove(&id);
    }

    /// An operation returns: does the order explain its answer and its place in time?
    pub fn returned(&mut self, id: RequestId, answer: &M::Answer) -> bool {
        self.returned_in("", id, answer)
    }

    /// The same of an operation on a part of the state (locality, Herlihy and Wing 1990, §3).
    pub fn returned_in(&mut self, part: &str, id: RequestId, answer: &M::Answer) -> bool {
        let floor = self.floors.remove(&id).unwrap_or(0);
        let in_order = self.explained.remove(&id).filter(|(index, _)| *index > floor);
        // A read stands right behind the entry of its read point, beside other reads.
        let points = self.reads.remove(&id).unwrap_or_default().into_iter();
        let candidates = points.filter(|(index, _)| *index >= floor).chain(in_order);
        let explaining = candidates.filter(|(_, expected)| expected == answer);
        let index = explaining.map(|(index, _)| index).min();
        self.floor = self.floor.max(index.unwrap_or(0));
        let explained = index.is_some();
        let refuted = self.refuted.iter().any(|known| known == part);
        if !explained && !refuted {
            self.refuted.push(part.to_string());
        }
        explained && !refuted
    }
}

/// So many states are kept for reads behind what others have applied. A read further behind is
/// searched for.
const STATES_KEPT: usize = 64;

struct Op<'a, M: Machine> {
    call_us: u64,
    return_us: u64,
    command: &'a M::Command,
    answer: Option<&'a M::Answer>,
}

/// Searches for an order that explains the history: all of it, or only the part of the state
/// that the operation at place `only` touches. Open operations may have happened or not;
/// operations that touch at one instant are concurrent. `budget` counts machine steps.
pub fn search<M: Machine>(
    history: &Chunked<Operation>,
    commands: &Chunked<M::Command>,
    answers: &Chunked<Option<M::Answer>>,
    only: Option<usize>,
    budget: u64,
) -> Verdict {
    let machine = M::default();
    let wanted = only.and_then(|place| commands.get(place)).map(|command| machine.part(command));
    let mut parts: LiteMap<&str, Vec<Op<M>>> = LiteMap::new();
    for ((operation, command), answer) in history.iter().zip(commands.iter()).zip(answers.iter()) {
        let part = machine.part(command);
        if wanted.is_some_and(|wanted| wanted != part) {
            continue;
        }
        let op = Op {
            call_us: operation.invoked_us,
            return_us: operation.returned_us.unwrap_or(u64::MAX),
            command,
            answer: answer.as_ref(),
        };
        match parts.get_mut(part) {
            Some(ops) => ops.push(op),
            None => drop(parts.insert(part, alloc::vec![op])),
        }
    }
    let mut left = budget;
    let mut verdict = Verdict::Linearizable;
    for (_, ops) in parts.iter() {
        match search_part(ops, &mut left) {
            Verdict::Linearizable => {}
            Verdict::Violated => return Verdict::Violated,
            Verdict::Unknown => verdict = Verdict::Unknown,
        }
    }
    verdict
}

/// What is done and the state it led to, in 128 bits: two such pairs taken for one would need
/// a collision of both hashes.
fn fingerprint<M: Machine>(done: &[u64], state: &M) -> (u64, u64) {
    let half = |salt: u64| {
        let mut hasher = StableHasher::with_state(salt);
        done.hash(&mut hasher);
        state.hash(&mut hasher);
        hasher.finish()
    };
    (half(0), half(mix(1)))
}

/// Fingerprints met, by the first bits of their first half.
struct Seen(Vec<Vec<(u64, u64)>>);

const BUCKETS: usize = 4_096;

impl Seen {
    /// Whether it is new.
    fn insert(&mut self, fingerprint: (u64, u64)) -> bool {
        let bucket = &mut self.0[fingerprint.0 as usize % BUCKETS];
        let is_new = !bucket.contains(&fingerprint);
        if is_new {
            bucket.push(fingerprint);
        }
        is_new
    }
}

/// One choice on the way: the state before it, and where to look for the next alternative.
struct Choice<M> {
    before: M,
    op: usize,
}

fn search_part<M: Machine>(ops: &[Op<M>], left: &mut u64) -> Verdict {
    let mut done = alloc::vec![0u64; ops.len().div_ceil(64)];
    let is_done = |done: &[u64], k: usize| done[k / 64] >> (k % 64) & 1 == 1;
    let mut open = ops.iter().filter(|op| op.answer.is_some()).count();
    let mut state = M::default();
    let mut path: Vec<Choice<M>> = Vec::new();
    let mut seen = Seen(alloc::vec![Vec::new(); BUCKETS]);
    let mut from = 0;
    while open > 0 {
        // An operation may come next if it was called before any undone one returned.
        let first = done.iter().take_while(|&&word| word == u64::MAX).count() * 64;
        let mut bound_us = u64::MAX;
        for k in (first..ops.len()).filter(|&k| !is_done(&done, k)) {
            if ops[k].call_us > bound_us {
                break; // so are all that follow: they stand in the order of their calls
            }
            bound_us = bound_us.min(ops[k].return_us);
        }
        let mut found = None;
        for k in from.max(first)..ops.len() {
            if ops[k].call_us > bound_us {
                break;
            }
            if is_done(&done, k) {
                continue;
            }
            if *left == 0 {
                return Verdict::Unknown;
            }
            *left -= 1;
            let mut next = state.clone();
            let answer = next.apply(ops[k].command);
            if ops[k].answer.is_some_and(|seen| *seen != answer) {
                continue;
            }
            // An open operation that changes nothing may as well never have happened.
            if ops[k].answer.is_none() && next == state {
                continue;
            }
            done[k / 64] |= 1 << (k % 64);
            if seen.insert(fingerprint(&done, &next)) {
                found = Some((k, next));
                break;
            }
            done[k / 64] &= !(1 << (k % 64));
        }
        match found {
            Some((op, next)) => {
                open -= usize::from(ops[op].answer.is_some());
                path.push(Choice { before: core::mem::replace(&mut state, next), op });
                from = 0;
            }
            None => {
                let Some(choice) = path.pop() else { return Verdict::Violated };
                done[choice.op / 64] &= !(1 << (choice.op % 64));
                open += usize::from(ops[choice.op].answer.is_some());
                state = choice.before;
                from = choice.op + 1;
            }
        }
    }
    Verdict::Linearizable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Purpose, between, draw};
    use crate::machine::{Answer, Command, KeyValue};
    use crate::process::NodeId;
    use alloc::string::{String, ToString};

    fn judge(rows: &[(u64, u64, Command, Option<Answer>)]) -> Verdict {
        let mut history = Chunked::default();
        let mut commands = Chunked::default();
        let mut answers = Chunked::default();
        for (place, (call, end, command, answer)) in rows.iter().enumerate() {
            history.push(Operation {
                id: RequestId { client: NodeId(place as u16), number: 1 },
                invoked_us: *call,
                returned_us: answer.is_some().then_some(*end),
                given_up: answer.is_none(),
                request: String::new(),
                answer: String::new(),
            });
            commands.push(command.clone());
            answers.push(answer.clone());
        }
        search::<KeyValue>(&history, &commands, &answers, None, 100_000)
    }

    fn put(value: &str) -> Command {
        Command::Put("x".into(), value.into())
    }
    fn get() -> Command {
        Command::Get("x".into())
    }
    fn read(value: &str) -> Option<Answer> {
        Some(Answer::Value(Some(value.into())))
    }

    #[test]
    fn a_read_after_a_write_must_see_it_and_a_concurrent_one_may() {
        let done = Some(Answer::Done);
        assert_eq!(
            judge(&[(0, 5, put("1"), done.clone()), (6, 9, get(), read("1"))]),
            Verdict::Linearizable
        );
        let nothing = Some(Answer::Value(None));
        assert_eq!(
            judge(&[(0, 5, put("1"), done.clone()), (6, 9, get(), nothing.clone())]),
            Verdict::Violated
        );
        assert_eq!(
            judge(&[(0, 5, put("1"), done.clone()), (5, 9, get(), nothing)]),
            Verdict::Linearizable,
            "touching is concurrent"
        );
    }

    #[test]
    fn new_then_old_is_violated_even_while_the_write_is_open() {
        // DDIA figure 9-6: one reader sees the new value, a later one the old.
        let history = [
            (0, 1, put("0"), Some(Answer::Done)),
            (2, 99, put("1"), None),
            (3, 4, get(), read("1")),
            (5, 6, get(), read("0")),
        ];
        assert_eq!(judge(&history), Verdict::Violated);
        let history = [
            (0, 1, put("0"), Some(Answer::Done)),
            (2, 99, put("1"), None),
            (3, 4, get(), read("0")),
            (5, 6, get(), read("1")),
        ];
        assert_eq!(judge(&history), Verdict::Linearizable, "an open write may happen late");
    }

    #[test]
    fn an_append_done_twice_is_violated() {
        let append = Command::Append("x".into(), "a".into());
        let history = [(0, 5, append, Some(Answer::Done)), (6, 9, get(), read("aa"))];
        assert_eq!(judge(&history), Verdict::Violated);
    }

    #[test]
    fn a_witness_that_failed_once_explains_nothing_more() {
        let client = |number| RequestId { client: NodeId(3), number };
        let commands = [put("1"), get(), get()].into_iter().collect();
        let mut witness = Witness::<KeyValue>::default();
        for number in 1..=3 {
            witness.invoked(client(number));
            witness.applied(number, Some((client(number), number as usize - 1)), &commands);
        }
        assert!(witness.returned(client(1), &Answer::Done));
        assert!(!witness.returned(client(2), &Answer::Value(None)), "its order says 1");
        assert!(!witness.returned(client(3), &Answer::Value(Some("1".into()))));
    }

    /// Clients 1 to 9 of one operation each; the first ones put 1, 2, ... and are applied in
    /// that order, the others read.
    fn witness_of(puts: u16) -> (Witness<KeyValue>, impl Fn(u16) -> RequestId) {
        let client = |number| RequestId { client: NodeId(number), number: 1 };
        let commands: Chunked<Command> = (1..=puts).map(|put_| put(&put_.to_string())).collect();
        let mut witness = Witness::<KeyValue>::default();
        (1..=9).for_each(|number| witness.invoked(client(number)));
        witness.read(0, client(9), &get());
        for place in 1..=puts {
            let command = Some((client(place), usize::from(place) - 1));
            witness.applied(place.into(), command, &commands);
        }
        (witness, client)
    }

    #[test]
    fn a_read_is_explained_by_its_read_point() {
        // Behind what others have applied, and two that return in the other order.
        let (mut witness, client) = witness_of(3);
        witness.read(2, client(4), &get());
        witness.read(1, client(5), &get());
        assert!(witness.returned(client(4), &read("2").unwrap()));
        assert!(witness.returned(client(5), &read("1").unwrap()), "it began before that returned");
        assert!(witness.returned(client(9), &Answer::Value(None)), "before the first entry");

        // Beside another read of the same state, not behind it.
        witness.invoked(client(6));
        witness.read(2, client(6), &get());
        assert!(witness.returned(client(6), &read("2").unwrap()));
        witness.invoked(client(7));
        witness.read(1, client(7), &get());
        assert!(!witness.returned(client(7), &read("1").unwrap()), "2 was read before it began");
    }

    #[test]
    fn a_read_asked_for_twice_may_return_either_answer() {
        for (answer, explained) in [("1", true), ("3", true), ("2", false)] {
            let (mut witness, client) = witness_of(3);
            witness.read(3, client(4), &get());
            witness.read(1, client(4), &get());
            assert_eq!(witness.returned(client(4), &read(answer).unwrap()), explained, "{answer}");
        }
    }

    #[test]
    fn what_a_power_cut_takes_back_is_not_explained() {
        let (mut witness, client) = witness_of(3);
        let commands = ["1", "2", "3", "4"].map(put).into_iter().collect();
        witness.read(1, client(5), &get());
        witness.read(3, client(6), &get());
        witness.recovered(2);
        for place in [1, 2] {
            witness.applied(place, Some((client(place as u16), place as usize - 1)), &commands);
        }
        witness.applied(3, Some((client(4), 3)), &commands);
        witness.read(3, client(7), &get());
        assert!(witness.returned(client(2), &Answer::Done));
        assert!(witness.returned(client(7), &read("4").unwrap()), "4 took the place of 3");
        let mut again = witness.clone();
        assert!(!again.returned(client(6), &read("3").unwrap()), "3 was never there");
        assert!(!witness.returned(client(3), &Answer::Done), "it has no place any more");
    }

    #[test]
    fn what_is_no_read_has_no_read_point() {
        let (mut witness, client) = witness_of(2);
        witness.read(2, client(4), &put("7"));
        assert!(!witness.returned(client(4), &Answer::Done));
        let (mut witness, client) = witness_of(70);
        witness.read(1, client(4), &get());
        assert!(!witness.returned(client(4), &read("1").unwrap()), "too far behind: search");
    }

    type Row = (u64, u64, Command, Option<Answer>);

    /// By definition: some order of all answered and any open operations that gives every
    /// answer and keeps what ended before something else began before it.
    fn by_definition(rows: &[Row], order: &mut Vec<usize>) -> bool {
        let ends_us = |k: usize| if rows[k].3.is_some() { rows[k].1 } else { u64::MAX };
        let mut copy = KeyValue::default();
        let legal = order.iter().all(|&k| {
            let answer = copy.apply(&rows[k].2);
            rows[k].3.as_ref().is_none_or(|seen| *seen == answer)
        });
        let early =
            |place: usize| order[place..].iter().any(|&k| ends_us(k) < rows[order[place]].0);
        if !legal || (0..order.len()).any(early) {
            return false;
        }
        if (0..rows.len()).all(|k| rows[k].3.is_none() || order.contains(&k)) {
            return true;
        }
        for k in 0..rows.len() {
            if !order.contains(&k) {
                order.push(k);
                if by_definition(rows, order) {
                    return true;
                }
                order.pop();
            }
        }
        false
    }

    /// Up to six operations at random times on one key, with the answers of a random order or
    /// a wrong one.
    fn random_rows(seed: u64) -> Vec<Row> {
        let pick = |k: u64, high: u64| between(draw(seed, Purpose::Generate, &[k]), 0, high);
        let mut copy = KeyValue::default();
        let mut rows = Vec::new();
        for k in 0..1 + pick(0, 5) {
            let value = |rank| alloc::format!("{}", pick(10 * k + rank, 1)).into();
            let command = match pick(10 * k + 1, 3) {
                0 => put(&pick(10 * k + 2, 1).to_string()),
                1 => Command::Append("x".into(), value(2)),
                2 => Command::Cas { key: "x".into(), from: value(2), to: value(3) },
                _ => get(),
            };
            let answer = copy.apply(&command);
            let seen = match pick(10 * k + 4, 9) {
                0 => None,
                1 => Some(Answer::Swapped(true)),
                2 => read(&pick(10 * k + 5, 1).to_string()),
                _ => Some(answer),
            };
            let call_us = pick(10 * k + 6, 12);
            rows.push((call_us, call_us + pick(10 * k + 7, 6), command, seen));
        }
        crate::order::sort_by_key(&mut rows, |row| (row.0, 0));
        rows
    }

    #[test]
    fn the_search_finds_what_the_definition_says() {
        let mut counts = [0; 2];
        for seed in 0..4_000 {
            let rows = random_rows(seed);
            let expected = by_definition(&rows, &mut Vec::new());
            let wanted = if expected { Verdict::Linearizable } else { Verdict::Violated };
            assert_eq!(judge(&rows), wanted, "seed {seed}: {rows:#?}");
            counts[usize::from(expected)] += 1;
        }
        assert!(counts[0] > 800 && counts[1] > 800, "{counts:?}");
    }

    #[test]
    fn a_spent_budget_is_unknown() {
        let rows: Vec<_> = (0..40)
            .map(|k| (0, 100, put(if k % 2 == 0 { "a" } else { "b" }), Some(Answer::Done)))
            .chain([(101, 102, get(), read("c"))])
            .collect();
        assert_eq!(judge(&rows), Verdict::Unknown);
    }
}
