//! Your own protocol under chaos, from `cargo test`.
//!
//! Write the protocol as a [`Process`](happens_before::process::Process): it is told what
//! happened and answers with effects, so that a simulated world can run it. [`Harness`] then
//! plays it over as many seeds as you like, with crashes, power cuts, partitions, pauses,
//! drifting clocks, lost and doubled messages, and judges each run: the invariants that you
//! give, and whether the clients' history is linearizable. That last check is free: it needs
//! only the [`Machine`](happens_before::machine::Machine) that the clients believe they talk to.
//!
//! A failure prints the seed, the violated check in words, the shortest scenario that still
//! fails in that way, the path of a recording that the page plays (drop the file on it), a link
//! for protocols of the catalogue, and the command that plays just that seed again.
//!
//! # A whole protocol and its test
//!
//! One server, a key-value store on a disk. Two clients write and read; each message may be
//! lost or doubled, the server may lose power at any moment.
//!
//! ```
#![doc = include_str!("../tests/harness/store.rs")]
//! # survives_chaos();
//! ```
//!
//! Take out the line that remembers what a client was answered, and the test fails within a
//! few seeds: a write that was sent twice takes effect twice, and a client sees it.
//!
//! # What it looks like when it fails
//!
//! ```text
//! “not durable” fails with seed 18, run 19.
//!
//! Clients see one copy: violated at 0.137 s.
//! No order explains what the clients saw: “get x” answered “nothing”.
//!
//! The shortest text that fails in this way:
//!
//!     scenario "not durable"
//!     protocol mistaken
//!     seed 126
//!     nodes 1
//!     client c1
//!     set mistake 1
//!     at 0s bandwidth c1->n1 4KB/s
//!     at 0s c1 append x 24
//!     at 50ms crash n1
//!     at 70.2ms c1 get x
//!     at 70.2ms restart n1
//!     expect violated clients see one copy
//!     end 140ms
//!
//! Recorded:  target/happens-before/not-durable-18.jsonl (drop it on https://…)
//! Replay:    HAPPENS_BEFORE_SEED=18 cargo test -p mistaken survives_chaos
//! ```
//!
//! # What to know
//!
//! - **Time, randomness, order** come from the context alone. Every 16th run is played twice at
//!   once; the first event that differs fails the test by name. A hash map that is iterated, a
//!   clock, a thread or an address makes every run another.
//! - **A panic** of a process is a verdict, "Assumptions hold", with its message and place. The
//!   node halts, the others go on, the test goes on to shrink it.
//! - **Durability is a field**: `cx.send(to, message, after)` leaves when the record `after` is
//!   on disk. A crash is a power cut: what was synced survives, of the rest a drawn prefix, the
//!   next record possibly torn. `WriteId::NONE` waits for nothing.
//! - **A check of one's own** is a closure over the world ([`Harness::always`]), or the
//!   protocol's [`Check`](happens_before::check::Check) where it must see every effect.
//! - **A scenario of one's own** ([`Harness::scenario`]) is a text with its own faults and
//!   expectations; the harness changes its seed only. `docs/scenario.md` has the language.
//! - **More seeds** without a change: `HAPPENS_BEFORE_SEEDS=0..100000 cargo test`.
//! - A test that never had an answer has tested nothing and fails.
//!
//! A protocol that others wrote can be hosted behind the same trait, and need not be `Clone`;
//! `tests/rust/guests` of the repository hosts TiKV's `raft` and `omnipaxos`.

mod failure;
mod guard;
mod play;
mod shrink;

pub use failure::{Failure, link};
pub use happens_before;
pub use happens_before::explore::Tally;

use happens_before::check::Violation;
use happens_before::declare::{Argument, Declaration, Operation};
use happens_before::draw::{Purpose, between, draw};
use happens_before::explore::Shrink;
use happens_before::process::NodeId;
use happens_before::protocols::{Registered, find};
use happens_before::recorded::{Extra, record};
use happens_before::run::{PLAY_US, Run};
use happens_before::scenario::{Diagnostic, check_words, freeze_chaos, parse, set_seed};
use happens_before::world::{Cast, Protocol, World};
use play::Found;
use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};
use std::path::PathBuf;
use std::time::Duration;

/// Every so many runs one is played twice, and one has its whole history searched.
const SHARE: u64 = 16;

/// So many smaller texts are tried for a failure.
const SHRINK_TRIES: u64 = 5_000;

/// What is asked of the world; `Err` says what is wrong with it.
type Holds = Box<dyn Fn(&World) -> Result<(), String>>;

/// A property of the whole cluster, asked after every event.
struct Invariant {
    name: String,
    holds: Holds,
}

/// A test of a protocol over many seeds. See the crate's documentation.
pub struct Harness<P: Protocol> {
    name: String,
    nodes: RangeInclusive<u16>,
    clients: u16,
    workload: String,
    lines: Vec<String>,
    lasting: Duration,
    seeds: Range<u64>,
    scenario: Option<String>,
    chaos: (RangeInclusive<u8>, String),
    invariants: Vec<Invariant>,
    protocol: PhantomData<P>,
}

impl<P: Protocol> Harness<P> {
    pub(crate) const KNOWN: &'static [Registered] = &[Registered {
        declaration: P::DECLARATION,
        cast: |setup| Box::new(Cast::<P>::guest(setup, guard::guard)),
    }];

    /// Three nodes, two clients that use every declared operation each 20 ms, ten seconds,
    /// seeds 0 to 99, chaos of middle intensity. `name` stands in reports and file names.
    #[must_use]
    pub fn new(name: &str) -> Harness<P> {
        Harness {
            name: name.to_string(),
            nodes: 3..=3,
            clients: 2,
            workload: format!("every 20ms {}", operations(P::DECLARATION)),
            lines: Vec::new(),
            lasting: Duration::from_secs(10),
            seeds: 0..100,
            scenario: None,
            chaos: (5..=5, String::new()),
            invariants: Vec::new(),
            protocol: PhantomData,
        }
    }

    /// How many servers; drawn for each seed from the range.
    #[must_use]
    pub fn nodes(mut self, nodes: RangeInclusive<u16>) -> Self {
        self.nodes = nodes;
        self
    }

    /// How many clients.
    #[must_use]
    pub fn clients(mut self, clients: u16) -> Self {
        self.clients = clients;
        self
    }

    /// What each client does, as a scenario says it: `every 20ms put x or get x`.
    #[must_use]
    pub fn workload(mut self, workload: &str) -> Self {
        self.workload = workload.to_string();
        self
    }

    /// A further line of the scenario: `latency 1ms..50ms`, `set heartbeat 75ms`,
    /// `always one leader per term`.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.lines.push(line.to_string());
        self
    }

    /// How long each run lasts, in virtual time.
    #[must_use]
    pub fn lasting(mut self, span: Duration) -> Self {
        self.lasting = span;
        self
    }

    /// Which seeds, unless the environment says otherwise (`HAPPENS_BEFORE_SEED=7`,
    /// `HAPPENS_BEFORE_SEEDS=0..100000`).
    #[must_use]
    pub fn seeds(mut self, seeds: Range<u64>) -> Self {
        self.seeds = seeds;
        self
    }

    /// This text instead of a drawn one. Its seed is replaced by each seed in turn; nodes,
    /// clients, length and faults are its own, and the harness adds none.
    #[must_use]
    pub fn scenario(mut self, text: &str) -> Self {
        self.scenario = Some(text.to_string());
        self
    }

    /// How much goes wrong, from 1, a fault now and then, to 10, drawn for each seed from the
    /// range; `0..=0` is nothing. `kinds` says of which kinds, as a scenario does (`crash
    /// partition pause clock disk link`, all when empty), and may add `keep-majority` or
    /// `beyond-model`.
    #[must_use]
    pub fn chaos(mut self, intensity: RangeInclusive<u8>, kinds: &str) -> Self {
        self.chaos = (intensity, kinds.to_string());
        self
    }

    /// A property of the whole cluster that must hold after every event; `Err` says what is
    /// wrong. [`Servers`] reads the processes.
    #[must_use]
    pub fn always(
        mut self,
        name: &str,
        holds: impl Fn(Servers<'_, P>) -> Result<(), String> + 'static,
    ) -> Self {
        let holds = Box::new(move |world: &World| holds(Servers { world, protocol: PhantomData }));
        self.invariants.push(Invariant { name: name.to_string(), holds });
        self
    }

    /// Plays all seeds and gives what they exercised.
    ///
    /// # Panics
    /// With a report, at the first seed that fails, and when the text cannot be read.
    #[track_caller]
    pub fn run(self) -> Tally {
        match self.try_run() {
            Ok(tally) => tally,
            Err(failure) => panic!("\n{failure}"),
        }
    }

    /// Plays all seeds and gives what they exercised.
    ///
    /// # Errors
    /// The first seed that fails.
    ///
    /// # Panics
    /// When the text cannot be read.
    #[track_caller]
    pub fn try_run(self) -> Result<Tally, Box<Failure>> {
        let wanted = Wanted::of(&self.seeds);
        let mut tally = Tally::default();
        for seed in wanted.seeds.clone() {
            let text = self.text(seed);
            let share = (seed - wanted.seeds.start) % SHARE;
            let played = self.read(self.play(&text, share == 0 || wanted.single), &text);
            tally.merge(&played.tally());
            let mut found = played.found;
            if found.is_none() && (share == 1 || wanted.single) {
                found = self.read(self.parts(&text), &text);
            }
            if let Some(found) = found {
                let runs = seed - wanted.seeds.start + 1;
                return Err(Box::new(self.failure(seed, runs, text, found)));
            }
        }
        if tally.times("operations", "answered") == 0 {
            let text = self.text(wanted.seeds.start);
            let statement = "In no run was any client answered: nothing has been tested.";
            let found = Found {
                check: "Clients are answered".to_string(),
                statement: statement.to_string(),
                time_us: 0,
                searched: false,
            };
            let failure = self.failure(wanted.seeds.start, tally.runs, text, found);
            return Err(Box::new(failure));
        }
        Ok(tally)
    }

    #[track_caller]
    fn read<T>(&self, read: Result<T, Vec<Diagnostic>>, text: &str) -> T {
        match read {
            Ok(read) => read,
            Err(wrong) => {
                let said = wrong.iter().map(|diagnostic| diagnostic.render(text, &self.name));
                panic!("the scenario cannot be read\n{}", said.collect::<Vec<_>>().join("\n"))
            }
        }
    }

    /// The text of a seed.
    fn text(&self, seed: u64) -> String {
        if let Some(text) = &self.scenario {
            return match parse(text, &[P::DECLARATION]) {
                Ok(scenario) => set_seed(text, &scenario, seed),
                Err(_) => text.clone(),
            };
        }
        let drawn = |room: u64, low: u64, high: u64| {
            between(draw(seed, Purpose::Generate, &[room]), low, high.max(low))
        };
        let nodes = drawn(0, (*self.nodes.start()).into(), (*self.nodes.end()).into());
        let end_us = self.lasting.as_micros() as u64;
        let mut lines = vec![
            format!("scenario \"{}\"", self.name.replace(['"', '\\'], "'")),
            format!("protocol {}", P::DECLARATION.name),
            format!("nodes {nodes}"),
            format!("seed {seed}"),
        ];
        lines
            .extend((1..=self.clients).map(|client| format!("client c{client} {}", self.workload)));
        lines.extend(self.lines.iter().cloned());
        let (intensity, kinds) = &self.chaos;
        match drawn(1, (*intensity.start()).into(), (*intensity.end()).into()).min(10) {
            0 => {}
            intensity => lines.push(format!("chaos intensity={intensity} {kinds}")),
        }
        lines.push(format!("end {end_us}us"));
        lines.join("\n") + "\n"
    }

    /// Shrinks what fails, records it and says where.
    fn failure(&self, seed: u64, runs: u64, text: String, found: Found) -> Failure {
        let mut failure = Failure::new(&self.name, seed, runs, text, found);
        let own = self.invariants.iter().any(|invariant| invariant.name == failure.check);
        if own {
            self.shrink_lines(&mut failure);
        } else if !failure.searched {
            Self::shrink_declared(&mut failure);
        }
        failure.trace = self.record(&failure, own);
        let registered = find(P::DECLARATION.name);
        if registered.is_some_and(|known| std::ptr::eq(known.declaration, P::DECLARATION)) {
            failure.link = Some(failure::link(&failure.shrunk, failure.time_us));
        }
        failure
    }
}

impl<P: Protocol> Harness<P> {
    /// By what all of the project shrinks with. What the protocol does not declare as a check,
    /// or what differs from run to run, has no smaller cause: that text stays as it is.
    fn shrink_declared(failure: &mut Failure) {
        let check = Some(check_words(&failure.check));
        let Ok(mut shrink) = Shrink::among(&failure.text, check.as_deref(), Self::KNOWN) else {
            return;
        };
        while shrink.progress().played < SHRINK_TRIES && shrink.step() {}
        failure.shrunk = shrink.text();
        failure.time_us = shrink.time_us();
        let Ok(mut run) = Run::among(&failure.shrunk, Self::KNOWN) else { return };
        run.seek(failure.time_us);
        let checks = P::DECLARATION.checks;
        let named =
            |violation: &&Violation| checks[usize::from(violation.check)].plain == failure.check;
        if let Some(violation) = run.violations().iter().find(named) {
            failure.statement.clone_from(&violation.statement);
        }
    }

    /// A property that only the test knows: lines are taken out as long as it still fails.
    fn shrink_lines(&self, failure: &mut Failure) {
        let found = |text: &str| {
            let found = self.play(text, false).ok().and_then(|played| played.found);
            found.filter(|found| found.check == failure.check)
        };
        let frozen = parse(&failure.text, &[P::DECLARATION])
            .ok()
            .and_then(|scenario| freeze_chaos(&failure.text, &scenario, P::DECLARATION));
        let from = frozen.unwrap_or_else(|| failure.text.clone());
        let shrunk = shrink::shrink(&from, &mut |text| found(text).is_some());
        if let Some(found) = found(&shrunk) {
            (failure.statement, failure.time_us) = (found.statement, found.time_us);
            failure.shrunk = shrunk;
        }
    }

    /// Records the shrunk run up to its failure; where.
    fn record(&self, failure: &Failure, own: bool) -> Result<PathBuf, String> {
        let Ok(mut run) = Run::among(&failure.shrunk, Self::KNOWN) else {
            return Err("its text cannot be read".to_string());
        };
        // What the protocol does not declare is known to the test alone.
        let extra = own.then(|| Extra {
            check: failure.check.clone(),
            statement: failure.statement.clone(),
            time_us: failure.time_us,
        });
        let until_us = if failure.time_us > 0 { failure.time_us } else { PLAY_US };
        let until_us = until_us.min(run.end_us().unwrap_or(u64::MAX));
        let mut file = String::new();
        let mut wrong = None;
        record(&mut run, until_us, extra, &mut |line| match serde_json::to_string(line) {
            Ok(line) => file += &(line + "\n"),
            Err(error) => wrong = Some(error.to_string()),
        });
        let path = failure::trace_path(&self.name, failure.seed);
        let folder = path.parent().unwrap_or(&path);
        let saved = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, file));
        match (wrong, saved) {
            (Some(wrong), _) => Err(wrong),
            (None, Err(error)) => Err(format!("{}: {error}", path.display())),
            (None, Ok(())) => Ok(path),
        }
    }
}

/// The seeds to play.
struct Wanted {
    seeds: Range<u64>,
    /// One seed is asked for by name: it is judged by all means.
    single: bool,
}

impl Wanted {
    /// As the environment says, else as the test does.
    fn of(seeds: &Range<u64>) -> Wanted {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let variable = |name| std::env::var(name).ok();
        if let Some(seed) = variable("HAPPENS_BEFORE_SEED").as_deref().and_then(number) {
            return Wanted { seeds: seed..seed.saturating_add(1), single: true };
        }
        let range = variable("HAPPENS_BEFORE_SEEDS").and_then(|range| {
            let (from, to) = range.split_once("..")?;
            Some(number(from)?..number(to)?)
        });
        Wanted { seeds: range.unwrap_or_else(|| seeds.clone()), single: false }
    }
}

/// The servers of a cluster at one moment, typed.
pub struct Servers<'a, P> {
    world: &'a World,
    protocol: PhantomData<P>,
}

impl<'a, P: Protocol> Servers<'a, P> {
    /// The processes that are up, with their nodes.
    pub fn up(&self) -> impl Iterator<Item = (NodeId, &'a P::Process)> {
        let world = self.world;
        let servers = (0..world.kernel.servers).map(NodeId);
        servers.filter_map(|node| Some((node, world.process_of::<P>(node)?)))
    }

    /// The world itself: clocks, disks, links, the clients' history.
    pub fn world(&self) -> &'a World {
        self.world
    }
}

/// All declared operations on one key, whose values are left to be drawn: "put x or get x".
fn operations(declaration: &Declaration) -> String {
    let drawable = |operation: &&Operation| {
        operation.arguments.iter().filter(|&&argument| argument == Argument::Value).count() <= 1
    };
    let call = |operation: &Operation| match operation.arguments.first() {
        Some(Argument::Key) => format!("{} x", operation.name),
        _ => operation.name.to_string(),
    };
    let calls: Vec<String> = declaration.operations.iter().filter(drawable).map(call).collect();
    calls.join(" or ")
}
