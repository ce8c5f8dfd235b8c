//! Histories in which no value is there twice: what is said of them without a search is what the
//! search says, to the word.

use super::super::*;
use super::objects::Random;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The same object, but always searched.
#[derive(Clone)]
struct Searched<S>(S);

impl<S: Specification> Specification for Searched<S> {
    type State = S::State;
    type Input = S::Input;
    type Output = S::Output;
    type Key = S::Key;

    fn start(&self) -> S::State {
        self.0.start()
    }

    fn step(
        &self,
        state: &S::State,
        input: &S::Input,
        output: Option<&S::Output>,
    ) -> Outcomes<S::State> {
        self.0.step(state, input, output)
    }

    fn only_reads(&self, input: &S::Input, output: Option<&S::Output>) -> bool {
        self.0.only_reads(input, output)
    }

    fn tells(&self, input: &S::Input, output: &S::Output) -> bool {
        self.0.tells(input, output)
    }

    fn part(&self, input: &S::Input) -> Option<S::Key> {
        self.0.part(input)
    }

    fn repeats(&self, input: &S::Input) -> bool {
        self.0.repeats(input)
    }

    fn name_input(&self, input: &S::Input) -> String {
        self.0.name_input(input)
    }

    fn name_output(&self, output: &S::Output) -> String {
        self.0.name_output(output)
    }

    fn name_state(&self, state: &S::State) -> String {
        self.0.name_state(state)
    }
}

/// Says what an object would do next: from its state and a fresh value the input, what comes
/// back, and the state after.
type Next<S, I, O> = fn(&mut Random, &S, u64) -> (I, O, S);

/// A history of up to eight operations: a run, of which some results are exchanged for others
/// and some operations never return, or never happen.
fn random_history<S: Clone, I, O: Clone>(
    random: &mut Random,
    start: &S,
    next: Next<S, I, O>,
    spoil: fn(&mut Random, &S) -> O,
    reads: fn(&I) -> bool,
) -> History<I, O> {
    let count = 1 + random.below(8);
    let mut times: Vec<(u64, u64, u64)> = (0..count)
        .map(|_| {
            let call = random.below(14);
            let end = call + random.below(5);
            (call + random.below(end - call + 1), call, end)
        })
        .collect();
    times.sort_unstable();
    let (mut history, mut state) = (History::new(), start.clone());
    let mut states = alloc::vec![start.clone()];
    for (index, &(_, call, end)) in times.iter().enumerate() {
        let index = index as u64;
        let (input, mut output, after) = next(random, &state, index + 1);
        let happens = random.below(6) != 0;
        if happens {
            state = after;
            states.push(state.clone());
        }
        if reads(&input) && random.below(3) == 0 {
            let other = random.below(states.len() as u64) as usize;
            output = spoil(random, &states[other]);
        }
        let operation = history.call(index, call, index * 2, input);
        if happens && random.below(8) != 0 {
            history.returns(operation, end, index * 2 + 1, output).unwrap();
        }
    }
    history
}

fn verdict<S: Specification>(search: &mut Search<S>) -> Verdict {
    loop {
        if let Progress::Done(verdict) = search.advance(7) {
            return verdict;
        }
    }
}

/// Both say the same, of so many seeds.
fn agree<S>(
    name: &str,
    specification: &S,
    seeds: u64,
    draw: impl Fn(&mut Random) -> History<S::Input, S::Output>,
) where
    S: Specification + Clone,
{
    let mut bad = 0;
    for seed in 0..seeds {
        let mut random = Random(seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
        let history = draw(&mut random);
        let mut search = Search::new(specification.clone(), history.clone(), Budget::default());
        let mut slow =
            Search::new(Searched(specification.clone()), history.clone(), Budget::default());
        let (quick, slow) = (verdict(&mut search), verdict(&mut slow));
        let (quick, slow) = match (quick, slow) {
            (Verdict::Linearizable, Verdict::Linearizable) => continue,
            (Verdict::Violated(quick), Verdict::Violated(slow)) => (quick, slow),
            (quick, slow) => panic!("{name} {seed}: {quick:?}, but {slow:?}: {history:#?}"),
        };
        bad += 1;
        let told = |it: &Violation| {
            let longest = it.longest.first().map(Vec::len);
            (it.operation, it.source, it.first, it.sentence.clone(), longest)
        };
        assert_eq!(told(&quick), told(&slow), "{name} {seed}: {history:#?}");
        // What is left is bad alone.
        let mut alone = History::new();
        for &index in &quick.shrunk {
            let it = &history.operations()[index];
            let operation = alone.call(it.process, it.call, it.source, it.input.clone());
            if let Some(end) = &it.end {
                alone.returns(operation, end.time, end.source, end.output.clone()).unwrap();
            }
        }
        let verdict =
            verdict(&mut Search::new(Searched(specification.clone()), alone, Budget::default()));
        assert!(matches!(verdict, Verdict::Violated(_)), "{name} {seed}: {:?}", quick.shrunk);
    }
    assert!(bad * 20 > seeds && bad * 20 < seeds * 19, "{name}: {bad} of {seeds} are bad");
}

fn register(
    random: &mut Random,
    state: &Option<u64>,
    fresh: u64,
) -> (RegisterInput<u64>, RegisterOutput<u64>, Option<u64>) {
    match random.below(8) {
        0..=3 => (RegisterInput::Read, RegisterOutput::Value(*state), *state),
        4 | 5 => (RegisterInput::Write(Some(fresh)), RegisterOutput::Done, Some(fresh)),
        6 if random.below(8) == 0 => {
            let from = Some(random.below(8)).filter(|from| Some(*from) != *state);
            match from == *state {
                true => (RegisterInput::Read, RegisterOutput::Value(*state), *state),
                false => (RegisterInput::Cas(from, Some(fresh)), RegisterOutput::Refused, *state),
            }
        }
        _ => (RegisterInput::Cas(*state, Some(fresh)), RegisterOutput::Done, Some(fresh)),
    }
}

fn text(
    random: &mut Random,
    state: &Option<String>,
    fresh: u64,
) -> (MapInput<u64>, MapOutput, Option<String>) {
    let fresh = char::from(b'a' + fresh as u8).to_string();
    let (action, output, after) = match random.below(8) {
        0..=3 => (MapAction::Get, MapOutput::Value(state.clone()), state.clone()),
        4 => (MapAction::Put(fresh.clone()), MapOutput::Done, Some(fresh)),
        _ => {
            let after = [state.as_deref().unwrap_or_default(), &fresh].concat();
            (MapAction::Append(fresh), MapOutput::Done, Some(after))
        }
    };
    (MapInput { key: 0, action }, output, after)
}

/// What another state would have given, or nothing that ever was.
fn other_text(random: &mut Random, state: &Option<String>) -> MapOutput {
    MapOutput::Value(match random.below(6) {
        0 => None,
        1 => Some(["b", state.as_deref().unwrap_or_default()].concat()),
        2 => Some([state.as_deref().unwrap_or_default(), "z"].concat()),
        _ => state.clone(),
    })
}

fn agree_on_all(histories: u64) {
    let seeds = histories / 5;
    let is_read = |input: &RegisterInput<u64>| *input == RegisterInput::Read;
    for start in [None, Some(99)] {
        let other = |_: &mut Random, state: &Option<u64>| RegisterOutput::Value(*state);
        let draw = |random: &mut Random| random_history(random, &start, register, other, is_read);
        agree("register", &Register { start }, seeds, draw);
    }
    let is_get = |input: &MapInput<u64>| input.action == MapAction::Get;
    for start in [None, Some(String::new()), Some("z".to_string())] {
        let draw = |random: &mut Random| random_history(random, &start, text, other_text, is_get);
        agree("string", &Map::new(start.clone()), seeds, draw);
    }
}

#[test]
fn without_a_search_the_same_is_said() {
    agree_on_all(5_000);
}

#[test]
#[ignore = "a minute or so; in release"]
fn without_a_search_the_same_is_said_a_million_times() {
    agree_on_all(1_000_000);
}

#[test]
fn many_clients_on_one_key_need_no_search() {
    // Fifty appends at once, all seen by a read in some order: 50! orders to choose from.
    let mut history = History::new();
    let append = |n: u64| MapInput { key: 0, action: MapAction::Append(alloc::format!("<{n}>")) };
    for n in 0..50 {
        let operation = history.call(n, 0, n, append(n));
        history.returns(operation, 100, 100 + n, MapOutput::Done).unwrap();
    }
    let all: String = (0..50).map(|n| alloc::format!("<{}>", n * 7 % 50)).collect();
    let get = MapInput { key: 0, action: MapAction::Get };
    let read = history.call(50, 101, 200, get.clone());
    history.returns(read, 102, 201, MapOutput::Value(Some(all.clone()))).unwrap();
    let map = Map::new(None);
    let mut search = Search::new(map.clone(), history.clone(), Budget::default());
    assert_eq!(search.advance(1_000), Progress::Done(Verdict::Linearizable));
    let stale = history.call(51, 103, 300, get);
    let less = MapOutput::Value(Some(all[..all.len() - 4].to_string()));
    history.returns(stale, 104, 301, less).unwrap();
    let Verdict::Violated(violation) = check(map, history, Budget::default()) else { panic!() };
    assert_eq!(violation.source, 301);
    let leaves = alloc::format!("leaves \"{all}\"");
    assert!(violation.sentence.ends_with(&leaves), "{}", violation.sentence);
    // The two reads contradict each other, whoever appended.
    assert_eq!(violation.shrunk, [50, 51]);
}
