//! The world's own rules, judged from outside over runs full of chaos: a monitor reads the
//! trace and asks of every event whether the faults in force allow it. Never asks the world
//! what it believes to be in force.

use happens_before::explore::chaos_text;
use happens_before::process::NodeId;
use happens_before::protocols::DECLARATIONS;
use happens_before::run::Run;
use happens_before::scenario::{Action, Kind, Scenario, Span, expand, parse};
use happens_before::world::{Event, INBOX_MAX, Loss, NO_NODE, What};
use std::collections::BTreeMap;

/// How many chaotic runs each law is judged by.
const RUNS: u64 = 100;

struct Case {
    seed: u64,
    text: String,
}

impl Case {
    fn new(seed: u64) -> Case {
        Case { seed, text: chaos_text(seed, &[]) }
    }

    fn played(&self) -> Run {
        let mut run = Run::new(&self.text).unwrap_or_else(|wrong| {
            panic!("{}", wrong[0].render(&self.text, "chaos.hb"));
        });
        run.finish();
        run
    }

    fn name(&self) -> String {
        let Case { seed, .. } = self;
        let next = seed + 1;
        format!(
            "seed {seed}: happens-before sweep --catalogue --seeds {seed}..{next} --print | happens-before run -"
        )
    }
}

/// What the trace says to be in force.
struct Monitor {
    up: Vec<bool>,
    stopped: Vec<bool>,
    cuts: Vec<(NodeId, NodeId)>,
    clogs: Vec<(NodeId, NodeId)>,
    slow_us: Vec<u64>,
    /// When the last handler began at each node.
    handled_us: Vec<Option<u64>>,
    fifo: bool,
    /// For each link the sending of the last message handled there.
    last: BTreeMap<(u16, u16), u32>,
    seen: BTreeMap<&'static str, u64>,
}

impl Monitor {
    fn new(run: &Run) -> Monitor {
        let nodes = run.names().len();
        Monitor {
            up: vec![false; nodes],
            stopped: vec![false; nodes],
            cuts: Vec::new(),
            clogs: Vec::new(),
            slow_us: vec![0; nodes],
            handled_us: vec![None; nodes],
            fifo: run.text().lines().any(|line| line == "order fifo"),
            last: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.seen.entry(what).or_insert(0) += 1;
    }

    fn event(&mut self, id: u32, event: &Event, what: &str) {
        let node = event.node.index();
        match event.what {
            What::Exit if event.sub == 1 => self.count("refusals to start"),
            What::Boot => (self.up[node], self.stopped[node]) = (true, false),
            What::Crash | What::Kill | What::Exit => {
                assert!(self.up[node], "{event:?} of a node that is down, {what}");
                (self.up[node], self.stopped[node]) = (false, false);
                self.handled_us[node] = None;
                self.count("stops");
            }
            What::Pause | What::Suspend => self.stopped[node] = true,
            What::Resume => self.stopped[node] = false,
            What::Slow => self.slow_us[node] = u64::from(event.a),
            What::Cut => {
                self.cuts.push((event.node, event.peer));
                if event.a == 1 {
                    self.cuts.push((event.peer, event.node));
                }
            }
            What::Clog if event.a == 1 => self.clogs.push((event.node, event.peer)),
            What::Clog => self.clogs.retain(|clog| *clog != (event.node, event.peer)),
            What::Send => self.sends(event, what),
            What::Receive => self.receives(id, event, what),
            What::Timer | What::Durable | What::Failed => self.handles(event, what),
            _ => {}
        }
    }

    fn handles(&mut self, event: &Event, what: &str) {
        let node = event.node.index();
        assert!(self.up[node] && !self.stopped[node], "{event:?} at a node that stands, {what}");
        if let Some(before_us) = self.handled_us[node].filter(|_| self.slow_us[node] > 0) {
            // The next thing is begun when the one before is done.
            let gap_us = event.time_us - before_us;
            let fine = gap_us >= self.slow_us[node];
            assert!(fine, "{event:?} {gap_us} µs after the one before at a slow node, {what}");
            self.count("slow handlers");
        }
        self.handled_us[node] = (self.slow_us[node] > 0).then_some(event.time_us);
    }

    fn sends(&mut self, event: &Event, what: &str) {
        let node = event.node.index();
        assert!(self.up[node] && !self.stopped[node], "{event:?} from a node that stands, {what}");
    }

    fn receives(&mut self, id: u32, event: &Event, what: &str) {
        self.handles(event, what);
        let link = (event.peer, event.node);
        assert!(event.cause < id, "received before it was sent: {event:?}, {what}");
        if self.clogs.contains(&link) {
            // It may have arrived before and waited in the inbox of a node that was busy.
            self.count("handled behind a clog");
        }
        if self.fifo {
            let last = self.last.insert((link.0.0, link.1.0), event.cause);
            let in_order = last.is_none_or(|last| last <= event.cause);
            assert!(in_order, "{event:?} overtakes {last:?}, {what}");
            self.count("in order");
        }
    }
}

fn judged(
    seeds: std::ops::Range<u64>,
    change: impl Fn(&str) -> String,
) -> BTreeMap<&'static str, u64> {
    let mut seen = BTreeMap::new();
    for seed in seeds {
        let mut case = Case::new(seed);
        case.text = change(&case.text);
        let run = case.played();
        let mut monitor = Monitor::new(&run);
        for (id, event) in (0u32..).zip(run.events()) {
            monitor.event(id, event, &case.name());
        }
        for (what, times) in monitor.seen {
            *seen.entry(what).or_insert(0) += times;
        }
    }
    seen
}

#[test]
fn nodes_that_stand_do_nothing_and_slow_ones_take_their_time() {
    let seen = judged(0..RUNS, str::to_string);
    assert!(seen["refusals to start"] > 0, "{seen:?}");
    assert!(seen["stops"] > 400 && seen["slow handlers"] > 500, "{seen:?}");
}

#[test]
fn where_order_is_promised_nothing_overtakes() {
    let seen = judged(RUNS..RUNS + 40, |text| {
        // Duplicates are copies: the second may come after what was sent later.
        let lines = text.lines().filter(|line| !line.contains("duplicate"));
        let lines: Vec<&str> = lines.collect();
        format!("{}\norder fifo\n", lines.join("\n").replace("chaos", "duplicate 0%\nchaos"))
    });
    assert!(seen["in order"] > 10_000, "{seen:?}");
}

/// No message arrives that crossed a cut: between its sending and its arrival the link was
/// whole, or it is lost.
#[test]
fn nothing_crosses_a_cut() {
    let mut kept = 0;
    for seed in 0..RUNS {
        let case = Case::new(seed);
        let scenario = parsed(&case.text);
        let run = case.played();
        // When each link was cut or divided, as the lines that acted say.
        let mut broken: Vec<(u64, NodeId, NodeId)> = Vec::new();
        for (time_us, action) in timed(&scenario) {
            let find = |name| run.world().names().iter().position(|n| *n == name).unwrap();
            let id = |name| NodeId(find(name) as u16);
            if let Action::Cut { a, b, both } = action {
                broken.push((time_us, id(a), id(b)));
                if both {
                    broken.push((time_us, id(b), id(a)));
                }
            }
        }
        let events = run.events();
        for event in events.iter().filter(|event| event.what == What::Receive) {
            let sent_us = events[event.cause as usize].time_us;
            let (from, to) = (event.peer, event.node);
            // Arrived and waiting in an inbox is across: only what the node could take at once
            // is judged here.
            let idle = !events.iter().any(|other| {
                other.node == to && matches!(other.what, What::Pause | What::Suspend | What::Slow)
            });
            if idle {
                let crossed = broken
                    .iter()
                    .any(|&(at, a, b)| (a, b) == (from, to) && sent_us < at && at <= event.time_us);
                assert!(!crossed, "{event:?} crossed a cut, {}", case.name());
                kept += 1;
            }
        }
    }
    assert!(kept > 10_000, "{kept}");
}

fn parsed(text: &str) -> Scenario {
    parse(text, DECLARATIONS).unwrap_or_else(|wrong| panic!("{}", wrong[0].render(text, "x.hb")))
}

/// What happens at a time, chaos included.
fn timed(scenario: &Scenario) -> Vec<(u64, Action)> {
    let declaration = DECLARATIONS.iter().find(|d| d.name == scenario.protocol()).unwrap();
    let written = scenario.lines().filter_map(|(_, kind)| match kind {
        Kind::At { time_us, action } => Some((*time_us, action.clone())),
        _ => None,
    });
    written.chain(expand(scenario, declaration)).collect()
}

#[test]
fn a_frozen_chaos_run_is_the_same_run() {
    let mut actions = 0;
    for seed in 0..RUNS {
        let case = Case::new(seed);
        let scenario = parsed(&case.text);
        let mut lines = Vec::new();
        for line in case.text.lines() {
            if !line.starts_with("chaos") {
                lines.push(line.to_string());
                continue;
            }
            let declaration = DECLARATIONS.iter().find(|d| d.name == scenario.protocol()).unwrap();
            let drawn = expand(&scenario, declaration);
            actions += drawn.len();
            lines.extend(drawn.iter().map(|(us, action)| format!("at {} {action}", Span(*us))));
        }
        let mut frozen = Run::new(&(lines.join("\n") + "\n")).unwrap_or_else(|wrong| {
            panic!("{}, {}", wrong[0].message, case.name());
        });
        frozen.finish();
        assert_eq!(frozen.digest(), case.played().digest(), "{}", case.name());
    }
    assert!(actions > 2_000, "only {actions} actions");
}

/// What chaos draws before an instant does not depend on where it stops.
#[test]
fn chaos_has_the_prefix_law() {
    for seed in 0..RUNS {
        let case = Case::new(seed);
        let scenario = parsed(&case.text);
        let end_us = scenario.end_us().expect("has an end");
        let short = case
            .text
            .replace(&format!("end {}", Span(end_us)), &format!("end {}", Span(end_us / 2)));
        assert_ne!(short, case.text);
        let run = case.played();
        let mut half = Run::new(&short).expect("parses");
        half.finish();
        let upto = end_us / 2;
        let before = |run: &Run| -> Vec<Event> {
            run.events().iter().filter(|e| e.time_us < upto).copied().collect()
        };
        let (whole, half) = (before(&run), before(&half));
        assert!(whole == half, "{}", case.name());
    }
}

#[test]
fn a_majority_is_kept_when_that_is_asked_for() {
    let mut stops = 0;
    for seed in 0..RUNS {
        let case = Case::new(seed);
        let chaos =
            format!("chaos seed={seed} intensity=9 crash pause partition link keep-majority");
        let text =
            format!("protocol raft\nnodes 5\nclient c1 every 100ms put x\n{chaos}\nend 20s\n");
        let mut run = Run::new(&text).expect("parses");
        run.finish();
        let mut able = [true; 5];
        let mut groups = Vec::new();
        for event in run.events() {
            let node = event.node.index();
            match event.what {
                What::Crash | What::Kill | What::Pause | What::Suspend if node < 5 => {
                    able[node] = false;
                    stops += 1;
                }
                What::Boot | What::Resume if node < 5 => able[node] = true,
                What::Partition => groups.push(event.time_us),
                _ => {}
            }
            let left = able.iter().filter(|able| **able).count();
            assert!(left >= 3, "{left} of 5 at {} µs, {}", event.time_us, case.name());
        }
        assert!(run.violations().is_empty(), "{text}");
    }
    assert!(stops > 1_000);
}

#[test]
fn a_law_and_its_end_leave_no_trace() {
    // A link that was lossy for a while is as good as new afterwards.
    let text = "protocol raft\nnodes 3\nseed 5\nclient c1 every 100ms put x\nend 3s\n";
    let mut plain = Run::new(text).expect("parses");
    plain.finish();
    let with = format!("{text}at 1s loss n1->n2 100%\nat 1s loss n1->n2 0%\n");
    let mut again = Run::new(&with).expect("parses");
    again.finish();
    let bare = |run: &Run| -> Vec<Event> {
        let events = run.events().iter().filter(|e| !matches!(e.what, What::Line | What::Law));
        let strip = |e: &Event| Event { cause: 0, node: e.node, ..*e };
        events.map(strip).collect()
    };
    assert!(bare(&plain) == bare(&again));
    assert!(
        again.events().iter().filter(|e| e.what == What::Law && e.peer != NO_NODE).count() == 2
    );
}

/// A node that stands still keeps so many messages, and what comes beyond is lost and said so.
#[test]
fn an_inbox_is_bounded() {
    let text = "protocol raft\nnodes 2\nseed 1\nlatency 100us..200us\ndisk 20us\n\
                set election-timeout 20s..30s\nset heartbeat 1ms\nat 1ms timeout n1\n\
                at 100ms pause n2 for 6s\nend 7s\n";
    let mut run = Run::new(text).expect("a text");
    run.finish();
    let of = |what: What, from_us: u64, until_us: u64| {
        let between = move |event: &&Event| (from_us..until_us).contains(&event.time_us);
        run.events().iter().filter(between).filter(move |event| event.what == what)
    };
    let resumed_us = 6_100_000;
    let full = |event: &&Event| event.sub == Loss::Full as u8;
    let lost = of(What::Lost, 0, resumed_us).filter(full).count();
    // All that waited are handled at once, before anything else arrives.
    let kept = of(What::Receive, resumed_us, resumed_us + 1).filter(|e| e.node == NodeId(1));
    assert_eq!(kept.count(), INBOX_MAX);
    assert!((1_800..2_000).contains(&lost), "{lost} lost of some 6,000");
    assert_eq!(of(What::Lost, resumed_us, u64::MAX).filter(full).count(), 0);
}
