//! Random scenarios and random damage for the tests of the language. The generator is
//! SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixer, so a failure is found again
//! from the printed seed.

use super::ast::*;
use super::sample::RAFT;
use super::words::check_words;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

pub(super) struct Random(pub u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0..bound
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(super) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.coin() { Some(make(self)) } else { None }
    }

    /// A time with a few digits in one of the units.
    fn us(&mut self) -> u64 {
        let unit = *self.pick(&[1, 10, 1_000, 1_000_000]);
        (1 + self.below(3_000) as u64) * unit
    }

    fn range(&mut self) -> Range {
        let (a, b) = (self.us(), self.us());
        Range { low: a.min(b), high: if self.coin() { a.max(b) } else { a.min(b) } }
    }

    fn ppm(&mut self) -> u32 {
        self.below(1_000_001) as u32
    }

    fn server(&mut self) -> Name {
        Name { prefix: 'n', number: 1 + self.below(9) as u16 }
    }

    fn client(&mut self) -> Name {
        Name { prefix: 'c', number: 1 + self.below(3) as u16 }
    }

    fn node(&mut self) -> Name {
        if self.below(4) == 0 { self.client() } else { self.server() }
    }

    fn link(&mut self) -> Link {
        let (a, b) = self.ends();
        Link { from: a, to: b }
    }

    fn ends(&mut self) -> (Name, Name) {
        let a = self.node();
        loop {
            let b = self.node();
            if a != b {
                return (a, b);
            }
        }
    }

    fn message(&mut self) -> MessageName {
        let kind = self.pick(RAFT.messages).name.to_string();
        MessageName { link: self.link(), kind, count: 1 + self.below(1_000_000) as u32 }
    }

    fn fate(&mut self) -> Fate {
        match self.below(4) {
            0 => Fate::Drop,
            1 => Fate::Hold,
            2 => Fate::Duplicate,
            _ => Fate::Delay(self.us()),
        }
    }

    fn call(&mut self) -> OperationCall {
        let operation = self.pick(RAFT.operations);
        let many = 1 + self.below(operation.arguments.len());
        let words = ["x", "y", "100", "-3", "long_key", "at"];
        let arguments = (0..many).map(|_| self.pick(&words).to_string()).collect();
        OperationCall { name: operation.name.to_string(), arguments }
    }

    fn selector(&mut self) -> Selector {
        match self.below(9) {
            0 => Selector::Leader,
            1 => Selector::OldLeader,
            2 => Selector::Follower,
            3 => Selector::Majority,
            4 => Selector::Random,
            5 => Selector::All,
            _ => {
                let (a, b) = self.ends();
                Selector::Names(if self.coin() { vec![a] } else { vec![a, b] })
            }
        }
    }

    /// Any characters that a line can hold.
    fn text(&mut self) -> String {
        let letters = ['a', 'B', ' ', '#', '"', '\\', '“', '”', '→', 'ß', '|', '-', '>', '🜁', '\''];
        (0..self.below(12)).map(|_| *self.pick(&letters)).collect()
    }

    fn event(&mut self) -> EventName {
        let own = self.pick(RAFT.events).name;
        let name = self.pick(&[own, "crash", "heal", "give-up"]).to_string();
        EventName { name, of: self.maybe(Self::server) }
    }

    fn check(&mut self) -> String {
        if self.below(8) == 0 {
            return "linearizable".to_string();
        }
        check_words(self.pick(RAFT.checks).plain)
    }

    fn property(&mut self) -> Property {
        match self.below(7) {
            0 => Property::Check(self.check()),
            1 => Property::Leader(self.maybe(Self::server)),
            2 => Property::NoLeader,
            3 => Property::Committed(self.below(1_000) as u64),
            4 => Property::Progress,
            5 => Property::Answered(self.below(1_000) as u64),
            _ => Property::Field {
                node: self.node(),
                field: self.pick(&["term", "log", "role"]).to_string(),
                value: self.pick(&["2", "1 1 2", "leader", "-", "at large", "1 | 2"]).to_string(),
            },
        }
    }

    fn expectation(&mut self) -> Expectation {
        match self.below(4) {
            0 => Expectation::Finally(self.property()),
            1 => Expectation::At(self.property(), self.us()),
            2 => Expectation::Within(self.property(), self.us(), self.event()),
            _ => Expectation::Violated(self.check(), self.maybe(Self::us)),
        }
    }

    pub(super) fn action(&mut self) -> Action {
        match self.below(29) {
            16 => Action::Suspend(self.selector(), self.maybe(Self::us)),
            17 => Action::Slow(self.selector(), self.us(), self.maybe(Self::us)),
            18 => Action::Wipe(self.selector()),
            19 => self.disk(),
            20 => {
                let (a, b) = self.ends();
                Action::Clog { a, b, both: self.coin(), span_us: self.maybe(Self::us) }
            }
            21 => Action::Network(self.maybe(Self::link), self.law()),
            22 => Action::Step(self.selector(), self.signed()),
            23 => Action::Slew(self.selector(), self.signed(), 1 + self.below(500_000) as u32),
            24 => Action::Slew(self.selector(), self.signed(), 500),
            27 => Action::HealCore,
            28 => match self.below(3) {
                0 => Action::Adversary(Adversary::Off),
                1 => Action::Adversary(Adversary::Patient),
                _ => Action::Adversary(Adversary::Within(1 + self.us())),
            },
            25 => Action::Tell(self.selector(), self.order("transfer", 1)),
            26 => {
                let many = self.below(3);
                Action::Tell(self.selector(), self.order("members", 1 + many))
            }
            0 => Action::Crash(self.selector()),
            1 => Action::Kill(self.selector()),
            2 => Action::Restart(self.selector()),
            3 => Action::Pause(self.selector(), self.maybe(Self::us)),
            4 => Action::Resume(self.selector()),
            5 => {
                let (a, b) = self.ends();
                Action::Cut { a, b, both: self.coin() }
            }
            6 => Action::Heal(self.maybe(Self::ends)),
            7 => Action::Partition(vec![
                Selector::Names(vec![Name { prefix: 'n', number: 1 }]),
                Selector::Majority,
            ]),
            8 => Action::Partition(vec![self.selector(), Selector::Leader]),
            9 => Action::Drift(self.selector(), self.below(1_000_001) as i32 - 500_000),
            10 => Action::Timeout(self.selector()),
            11 => Action::Request(self.client(), self.call()),
            12 | 13 => Action::Fate(self.fate(), self.message()),
            14 => Action::Deliver(self.message()),
            _ => Action::Say(self.text(), self.maybe(Self::text)),
        }
    }

    fn order(&mut self, name: &str, many: usize) -> OrderCall {
        let arguments = (0..many).map(|_| OrderWord::Node(self.server())).collect();
        OrderCall { name: name.to_string(), arguments }
    }

    fn timing(&mut self) -> Timing {
        match self.below(3) {
            0 => Timing::Asynchronous,
            1 => Timing::Partial { bound_us: 1 + self.us(), gst_us: self.us() },
            _ => Timing::Synchronous { bound_us: 1 + self.us() },
        }
    }

    fn signed(&mut self) -> i64 {
        let us = self.us() as i64;
        if self.coin() { -us } else { us }
    }

    fn disk(&mut self) -> Action {
        let fault = match self.below(8) {
            0 => DiskFault::Lies,
            1 => DiskFault::Fails,
            2 => DiskFault::Full,
            3 => DiskFault::Tears,
            4 => DiskFault::Slow(self.us()),
            5 => DiskFault::Corrupts(0),
            6 => DiskFault::Corrupts(1 + self.below(1_000_000) as u64),
            _ => DiskFault::Sound,
        };
        let at_once = matches!(fault, DiskFault::Corrupts(_) | DiskFault::Sound);
        let span_us = if at_once { None } else { self.maybe(Self::us) };
        Action::Disk(self.selector(), fault, span_us)
    }

    fn law(&mut self) -> Law {
        match self.below(6) {
            0 => {
                let spread = *self.pick(&[Spread::Uniform, Spread::Normal, Spread::Heavy]);
                Law::Latency(self.range(), spread)
            }
            1 => Law::Loss(self.ppm()),
            2 => Law::Duplicate(self.ppm()),
            3 => Law::Reorder(self.ppm()),
            4 => Law::Bandwidth(*self.pick(&[0, 1, 999, 1_000, 64_000, 1_500_000, 3_000_000])),
            _ => Law::Fifo(self.coin()),
        }
    }

    fn chaos(&mut self) -> Chaos {
        let mut kinds: Vec<ChaosKind> = super::words::CHAOS.iter().map(|(_, kind)| *kind).collect();
        kinds.retain(|_| self.coin());
        Chaos {
            seed: self.maybe(Self::next),
            intensity: 1 + self.below(10) as u8,
            kinds,
            keep_majority: self.coin(),
            beyond_model: self.coin(),
            from_us: if self.coin() { self.us() } else { 0 },
            until_us: self.maybe(Self::us),
        }
    }

    /// A line that a text may hold more than once.
    fn kind(&mut self) -> Kind {
        match self.below(8) {
            0 => Kind::Blank,
            1 => Kind::Fate { fate: self.fate(), message: self.message() },
            2 => Kind::When {
                event: self.event(),
                again: self.coin(),
                by_us: self.maybe(Self::us),
                then: self.action(),
            },
            3 => Kind::Expect(self.expectation()),
            4 => Kind::Always(self.property()),
            5 => Kind::Never(self.property()),
            _ => Kind::At { time_us: self.us(), action: self.action() },
        }
    }

    /// Lines that stand once, some of them left out.
    fn header(&mut self) -> Vec<Kind> {
        let bug = |random: &mut Self| random.pick(RAFT.bugs).name.to_string();
        let mut kinds = vec![
            Kind::Protocol {
                name: "raft".to_string(),
                bugs: self.maybe(bug).into_iter().collect(),
            },
            Kind::Nodes(9),
        ];
        for number in 1..=3 {
            let every_us = self.maybe(|random| 1_000 + random.us());
            let many = if every_us.is_some() { 1 + self.below(3) } else { 0 };
            kinds.push(Kind::Client {
                name: Name { prefix: 'c', number },
                at: self.maybe(Self::server),
                every_us,
                operations: (0..many).map(|_| self.call()).collect(),
            });
        }
        let mut optional = vec![
            Kind::Title(self.text()),
            Kind::Seed(self.next()),
            Kind::Network { link: None, law: Law::Latency(self.range(), Spread::Uniform) },
            Kind::Network { link: Some(self.link()), law: self.law() },
            Kind::Network { link: None, law: Law::Loss(self.ppm()) },
            Kind::Network { link: None, law: Law::Duplicate(self.ppm()) },
            Kind::Network { link: None, law: Law::Bandwidth(1 + self.below(10_000) as u64) },
            Kind::Network { link: None, law: Law::Fifo(true) },
            Kind::Chaos(self.chaos()),
            Kind::Disk(self.range()),
            Kind::Timing(self.timing()),
            Kind::Failures(if self.coin() { Failures::CrashStop } else { Failures::CrashRecovery }),
            Kind::Set { name: "batch".to_string(), value: Value::Count(1 + self.next() % 1_000) },
            Kind::Set {
                name: "election-timeout".to_string(),
                value: Value::Duration(Range { low: 1_000 + self.us() / 1_000, high: 10_000_000 }),
            },
            Kind::Set { name: "pre-vote".to_string(), value: Value::Word("on".to_string()) },
            Kind::Log { node: self.server(), terms: vec![1, 1, 4] },
            Kind::End(self.us()),
        ];
        optional.retain(|_| self.coin());
        kinds.extend(optional);
        kinds
    }

    /// A scenario that the parser must accept.
    pub(super) fn scenario(&mut self) -> Scenario {
        let mut kinds = self.header();
        for _ in 0..self.below(30) {
            let at = self.below(kinds.len() + 1);
            let kind = self.kind();
            kinds.insert(at, kind);
        }
        let comment = |random: &mut Self| match random.below(6) {
            0 => Some(random.text().trim().to_string()),
            1 => Some(format!("{} times", random.below(9))),
            _ => None,
        };
        let statements =
            kinds.into_iter().map(|kind| Statement { kind, comment: comment(self) }).collect();
        Scenario { statements }
    }

    /// The text with one to six small injuries.
    pub(super) fn damage(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..1 + self.below(6) {
            self.injure(&mut chars);
        }
        chars.into_iter().collect()
    }

    fn injure(&mut self, chars: &mut Vec<char>) {
        const SIGNS: &[char] = &[
            ' ', '\n', '\r', '\t', '"', '“', '”', '\\', '#', '|', ':', ',', '-', '>', '→', '—',
            '.', '…', '{', '}', '0', '9', 'n', 'c', '1', '%', 'é', '🜁', '\u{0}', '\u{a0}',
            '\u{feff}', '\u{301}', 'İ',
        ];
        const WORDS: &[&str] = &[
            "at",
            "n1",
            "->",
            "--",
            "20ms..",
            "99999999999999999999",
            "when",
            "say \"",
            "#4",
            "or",
            "by",
            "0",
            "expect",
            "1e9ms",
            "-1ppm",
            "leader",
            "client c1",
            "protocol",
            "nodes 0",
            "\r\n",
            "within 1s of",
        ];
        let at = self.below(chars.len() + 1);
        let end = (at + self.below(12)).min(chars.len());
        match self.below(8) {
            0 => drop(chars.drain(at..end)),
            1 => chars.insert(at, *self.pick(SIGNS)),
            2 => {
                let again: Vec<char> = chars[at..end].to_vec();
                chars.splice(at..at, again);
            }
            3 if at + 1 < chars.len() => chars.swap(at, at + 1),
            4 => drop(chars.splice(at..at, self.pick(WORDS).chars())),
            5 => self.move_line(chars),
            6 if at < chars.len() => chars[at] = *self.pick(SIGNS),
            _ => chars.truncate(at.max(chars.len() / 2)),
        }
    }

    /// A line is doubled, or taken away and put elsewhere.
    fn move_line(&mut self, chars: &mut Vec<char>) {
        let text: String = chars.iter().collect();
        let mut lines: Vec<&str> = text.split('\n').collect();
        let from = self.below(lines.len());
        let line = if self.coin() { lines[from] } else { lines.remove(from) };
        let to = self.below(lines.len() + 1);
        lines.insert(to, line);
        *chars = lines.join("\n").chars().collect();
    }
}
