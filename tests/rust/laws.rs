//! The laws of the world, as properties of random runs: what a text means does not depend on
//! how it came about, and a run at an instant does not depend on the way there. A failure
//! names its seed and a command that plays the run.

use happens_before::draw::{Purpose, between, draw};
use happens_before::explore::{Extent, judge_run, random_text};
use happens_before::process::NodeId;
use happens_before::protocols::DECLARATIONS;
use happens_before::run::{BYTES_MAX, Run, compare};
use happens_before::scenario::{insert_action, parse, parse_action, set_seed};
use happens_before::view::{Cell, Safety, Status};
use happens_before::world::{Clock, DiskState, Event, Loss, TimerSlot, What};
use std::collections::BTreeMap;

/// A random run and what a failure says of it.
struct Case {
    seed: u64,
    text: String,
    end_us: u64,
    drawn: u64,
}

impl Case {
    fn new(seed: u64) -> Case {
        Case::of(seed, random_text(seed, &[]))
    }

    fn of(seed: u64, text: String) -> Case {
        let end_us = run_of(&text).end_us().expect("a random run has an end");
        Case { seed, text, end_us, drawn: 0 }
    }

    fn run(&self) -> Run {
        run_of(&self.text)
    }

    /// Where it came from.
    fn name(&self) -> String {
        let Case { seed, .. } = self;
        let next = seed + 1;
        format!(
            "seed {seed}: happens-before sweep --seeds {seed}..{next} --print | happens-before run -"
        )
    }

    fn pick(&mut self, low: u64, high: u64) -> u64 {
        self.drawn += 1;
        between(draw(self.seed, Purpose::Generate, &[1_000, self.drawn]), low, high)
    }

    fn time(&mut self) -> u64 {
        self.pick(1, self.end_us - 1)
    }

    /// Something that a visitor might do.
    fn action(&mut self, run: &Run) -> String {
        let names = run.names();
        let who = names[self.pick(0, names.len() as u64 - 1) as usize].clone();
        let server = format!("n{}", self.pick(1, u64::from(run.scenario().nodes())));
        match self.pick(0, 11) {
            0 => format!("crash {who}"),
            1 => format!("kill {who}"),
            2 => "restart all".to_string(),
            3 => format!("pause {who} for {}ms", self.pick(1, 200)),
            4 => format!("pause {who}"),
            5 => format!("resume {who}"),
            6 if who != server => format!("cut {who}->{server}"),
            7 => format!("partition {server} | c1"),
            8 => "heal".to_string(),
            9 => format!("drift {who} {}ppm", self.pick(1, 100_000)),
            10 => format!("timeout {server}"),
            _ => format!("c1 put x {}", self.pick(1, 99)),
        }
    }
}

fn run_of(text: &str) -> Run {
    match Run::new(text) {
        Ok(run) => run,
        Err(wrong) => panic!("{}", wrong[0].render(text, "random.hb")),
    }
}

fn fresh(text: &str, until_us: u64) -> Run {
    let mut run = run_of(text);
    run.seek(until_us);
    run
}

/// All that can be seen of a run at its cursor is the same.
fn assert_same(a: &Run, b: &Run, what: &str) {
    assert_eq!(a.time_us(), b.time_us(), "{what}");
    assert_eq!(a.digest(), b.digest(), "digest at {} µs, {what}", a.time_us());
    assert!(a.events() == b.events(), "trace up to {} µs, {what}", a.time_us());
    for name in a.names() {
        assert_eq!(a.inspect(name), b.inspect(name), "{name} at {} µs, {what}", a.time_us());
    }
    assert_eq!(a.stage(), b.stage(), "stage at {} µs, {what}", a.time_us());
    assert_eq!(a.operations(), b.operations(), "operations at {} µs, {what}", a.time_us());
}

#[test]
fn prefix_law() {
    for seed in 0..60 {
        let mut case = Case::new(seed);
        let at_us = case.time();
        let before = fresh(&case.text, at_us - 1);
        let mut text = case.text.clone();
        for _ in 0..case.pick(1, 4) {
            let action = case.action(&before);
            let scenario = parse(&text, DECLARATIONS).expect("parses");
            let action = parse_action(&action, &scenario, before.declaration()).expect("parses");
            let time_us = if case.pick(0, 1) == 0 { at_us } else { case.pick(at_us, case.end_us) };
            text = insert_action(&text, &scenario, time_us, &action).0;
        }
        assert_same(&before, &fresh(&text, at_us - 1), &case.name());
    }
}

#[test]
fn clicks_equal_their_text() {
    for seed in 100..160 {
        let mut case = Case::new(seed);
        let mut run = case.run();
        for _ in 0..case.pick(1, 6) {
            run.seek(case.time());
            let action = case.action(&run);
            run.act(&action).expect("a visitor's action parses");
        }
        run.seek(case.end_us);
        let text = run.text().to_string();
        assert_same(&run, &fresh(&text, case.end_us), &format!("{}\n{text}", case.name()));
    }
}

#[test]
fn seek_equals_a_fresh_run() {
    for seed in 200..240 {
        let mut case = Case::new(seed);
        let mut run = case.run();
        for _ in 0..5 {
            let time_us = case.time();
            run.seek(time_us);
            assert_same(&run, &fresh(&case.text, time_us), &case.name());
        }
    }
}

/// The text without one of its lines that let something happen, drawn.
fn without_a_line(case: &mut Case, text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = ["at ", "when ", "drop ", "delay ", "hold ", "duplicate ", "expect "];
    let acts = |line: &&str| starts.iter().any(|start| line.starts_with(start));
    let places: Vec<usize> = (0..lines.len()).filter(|&k| acts(&lines[k])).collect();
    let last = (places.len() as u64).checked_sub(1)?;
    let gone = places[case.pick(0, last) as usize];
    let kept = lines.iter().enumerate().filter(|(k, _)| *k != gone);
    Some(kept.map(|(_, line)| format!("{line}\n")).collect())
}

/// The text with one more line, before or after the cursor.
fn with_a_line(case: &mut Case, run: &Run) -> String {
    let link = format!("n{}->n1", run.scenario().nodes());
    let line = match case.pick(0, 5) {
        0 => format!("drop {link} append #{}", case.pick(1, 60)),
        1 => format!("delay {link} stored #{} by 30ms", case.pick(1, 60)),
        2 => "when commit: pause n1 for 20ms".to_string(),
        3 => format!("expect committed 1 within {}ms of crash", case.pick(1, 900)),
        _ => {
            let action = case.action(run);
            let parsed = parse_action(&action, run.scenario(), run.declaration()).expect("parses");
            let time_us = case.time();
            return insert_action(run.text(), run.scenario(), time_us, &parsed).0;
        }
    };
    format!("{}{line}\n", run.text())
}

#[test]
fn an_edit_of_the_past_is_a_fresh_run_of_the_text() {
    let (mut edits, mut quick) = (0, 0);
    for seed in 250..330 {
        let mut case = Case::new(seed);
        let mut run = case.run();
        run.seek(case.end_us);
        for _ in 0..5 {
            run.seek(case.time());
            let before = run.head_us();
            let text = match case.pick(0, 1) {
                0 => without_a_line(&mut case, run.text()),
                _ => Some(with_a_line(&mut case, &run)),
            };
            let Some(text) = text else { continue };
            // A line may say what another already does, or lack the client of another.
            if run.edit(&text).is_err() {
                continue;
            }
            edits += 1;
            quick += u32::from(run.head_us() > run.time_us() && run.head_us() <= before);
            if case.pick(0, 2) == 0 {
                run.step_back();
                run.seek(case.time());
            }
            let what = format!("{}\n{text}", case.name());
            let mut other = fresh(&text, run.time_us());
            assert_same(&run, &other, &what);
            assert_eq!(run.verdicts(), other.verdicts(), "{what}");
            assert_eq!(run.lines(), other.lines(), "{what}");
            assert_eq!(run.beats(), other.beats(), "{what}");
            run.seek(case.end_us);
            other.seek(case.end_us);
            assert_same(&run, &other, &what);
            assert_eq!(run.verdicts(), other.verdicts(), "{what}");
        }
    }
    assert!(edits > 200 && quick > 20, "{edits} edits, {quick} kept what was known ahead");
}

#[test]
fn two_runs_part_where_their_texts_do() {
    let mut parted = 0;
    for seed in 930..960 {
        let mut case = Case::new(seed);
        let one = fresh(&case.text, case.end_us);
        assert_eq!(compare(&one, &fresh(&case.text, case.end_us)), None, "{}", case.name());
        let mut other = case.run();
        other.seek(case.time());
        let at_us = other.time_us() + 1;
        let action = case.action(&other);
        other.act(&action).expect("a visitor's action parses");
        other.seek(case.end_us);
        let Some(parting) = compare(&one, &other) else { continue };
        parted += 1;
        assert!(parting.time >= at_us, "{parting:?}, {}", case.name());
        let before = parting.time - 1;
        let digests = [&case.text, other.text()].map(|text| fresh(text, before).digest());
        assert_eq!(digests[0], digests[1], "{parting:?}, {}", case.name());
    }
    assert!(parted > 20, "only {parted} actions did something");
}

#[test]
fn checkpoints_stay_within_their_bound() {
    let mut text = String::from("protocol raft\nnodes 9\nseed 3\nloss 1%\n");
    for client in 1..=6 {
        text.push_str(&format!("client c{client} every 5ms append k{client}\n"));
    }
    for second in 1..40 {
        let node = second % 9 + 1;
        text.push_str(&format!("at {second}s crash n{node}\nat {second}500ms restart n{node}\n"));
    }
    text.push_str("end 40s\n");
    let mut run = run_of(&text);
    let mut most = (0, 0);
    for tenth in 1..=400 {
        run.advance(tenth * 100_000);
        let (count, bytes) = run.checkpoints();
        assert!(bytes <= BYTES_MAX, "{bytes} bytes of {count} checkpoints at {tenth}");
        most = (most.0.max(count), most.1.max(bytes));
    }
    assert!(run.events().len() > 80_000, "{} events", run.events().len());
    assert!(most.0 > 30 && most.1 > BYTES_MAX / 2, "{most:?}: the bound was never near");
}

/// What a checkpoint is said to weigh is about what a copy of the world allocates.
#[test]
fn a_checkpoint_weighs_what_it_allocates() {
    for seed in 900..920 {
        let mut case = Case::new(seed);
        let mut run = case.run();
        for _ in 0..4 {
            run.seek(case.time());
            let mut copy = None;
            let info = allocation_counter::measure(|| copy = run.world().copy());
            let weight = copy.expect("Raft can be copied").weight(run.world());
            let allocated = info.bytes_total as usize;
            assert!(weight * 10 >= allocated * 8, "{weight} of {allocated}, {}", case.name());
            assert!(weight <= allocated * 3 + 20_000, "{weight} of {allocated}, {}", case.name());
        }
    }
}

#[test]
fn stepping_back_undoes_stepping() {
    for seed in 300..380 {
        let mut case = Case::new(seed);
        let mut run = case.run();
        run.seek(case.time());
        if !run.step() {
            continue;
        }
        let mut way = vec![(run.time_us(), run.digest())];
        for _ in 0..40 {
            if run.step() {
                way.push((run.time_us(), run.digest()));
            }
        }
        way.pop();
        for (time_us, digest) in way.into_iter().rev() {
            assert!(run.step_back(), "{}", case.name());
            assert_eq!((run.time_us(), run.digest()), (time_us, digest), "{}", case.name());
        }
    }
}

#[test]
fn the_digest_is_that_of_the_text_and_the_seed() {
    for seed in 400..420 {
        let case = Case::new(seed);
        let digest = fresh(&case.text, case.end_us).digest();
        assert_eq!(digest, fresh(&case.text, case.end_us).digest(), "{}", case.name());
        let swept = judge_run(&case.text, Extent::default()).expect("parses").digest;
        assert_eq!(digest, swept, "{}", case.name());
        let scenario = parse(&case.text, DECLARATIONS).expect("parses");
        let other = set_seed(&case.text, &scenario, seed + 1_000);
        assert_ne!(digest, fresh(&other, case.end_us).digest(), "{}", case.name());
    }
}

/// Message by (from, to, sent at, k-th on that link at that time): how long its copies take.
type Latencies = BTreeMap<(u16, u16, u64, u32), Vec<u64>>;

fn latencies(run: &Run) -> Latencies {
    let events = run.events();
    let mut sent: BTreeMap<u32, (u16, u16, u64, u32)> = BTreeMap::new();
    let mut burst: BTreeMap<(u16, u16, u64), u32> = BTreeMap::new();
    let mut taken = Latencies::new();
    for (id, event) in (0u32..).zip(events) {
        match event.what {
            What::Send => {
                let link = (event.node.0, event.peer.0, event.time_us);
                let rank = burst.entry(link).or_insert(0);
                *rank += 1;
                sent.insert(id, (link.0, link.1, link.2, *rank));
            }
            What::Receive => {
                let key = sent[&event.cause];
                taken.entry(key).or_default().push(event.time_us - key.2);
            }
            What::Lost if event.sub != Loss::Drawn as u8 => {
                taken.entry(sent[&event.cause]).or_default().push(u64::from(event.b));
            }
            _ => {}
        }
    }
    taken.values_mut().for_each(|copies| copies.sort_unstable());
    taken
}

#[test]
fn a_crash_leaves_the_fates_of_other_messages_as_they_were() {
    let mut shared_later = 0;
    for seed in 0..20u64 {
        let text = format!(
            "protocol raft\nnodes 5\nseed {seed}\nloss 5%\nduplicate 5%\n\
             client c1 every 50ms put x\nclient c2 at n2 every 70ms append y\nend 3s\n"
        );
        let crash_us = 1_000_000;
        let with = format!("{text}at 1s crash n5\n");
        let (plain, crashed) = (fresh(&text, 3_000_000), fresh(&with, 3_000_000));
        let (plain, crashed) = (latencies(&plain), latencies(&crashed));
        // What left shortly before the end may not have arrived.
        let arrived = plain.iter().filter(|((_, _, sent_us, _), _)| *sent_us < 2_900_000);
        for (key, copies) in arrived {
            if let Some(others) = crashed.get(key) {
                assert_eq!(copies, others, "seed {seed}, message {key:?}");
                shared_later += u32::from(key.2 > crash_us);
            }
        }
    }
    assert!(shared_later > 1_000, "only {shared_later} messages are in both runs");
}

#[test]
fn a_line_elsewhere_leaves_what_random_means_as_it_was() {
    for seed in 0..20u64 {
        let text = format!("protocol raft\nnodes 5\nseed {seed}\nat 2s pause random\nend 3s\n");
        let paused = |text: &str| {
            let run = fresh(text, 3_000_000);
            let pause = run.events().iter().find(|event| event.what == What::Pause);
            pause.map(|event| event.node)
        };
        assert_eq!(paused(&text), paused(&format!("{text}at 1s heal\n")), "seed {seed}");
    }
}

/// Plays a case step by step; `look` sees the run before each step, and after it with the
/// step's events.
fn watch(case: &Case, mut look: impl FnMut(&Run, Option<&[Event]>)) {
    let mut run = case.run();
    loop {
        look(&run, None);
        let from = run.events().len();
        if !run.step() {
            break;
        }
        let events = run.events()[from..].to_vec();
        look(&run, Some(&events));
    }
}

#[test]
fn a_timer_is_never_early_by_its_own_clock() {
    let mut fired = 0;
    for seed in 500..530 {
        let mut case = Case::new(seed);
        let run = case.run();
        for _ in 0..8 {
            let scenario = parse(&case.text, DECLARATIONS).expect("parses");
            let who = run.names()[case.pick(0, run.names().len() as u64 - 1) as usize].clone();
            let ppm = case.pick(0, 1_000_000) as i64 - 500_000;
            let drift = format!("drift {who} {ppm}ppm");
            let action = parse_action(&drift, &scenario, run.declaration()).expect("parses");
            let time_us = case.time();
            case.text = insert_action(&case.text, &scenario, time_us, &action).0;
        }
        let mut before: Vec<(Clock, Vec<TimerSlot>)> = Vec::new();
        watch(&case, |run, step| {
            let nodes = &run.world().kernel.nodes;
            let Some(events) = step else {
                before = nodes.iter().map(|node| (node.clock, node.timers.clone())).collect();
                return;
            };
            // A line `timeout` lets a timer run out before its time.
            let acted = events.iter().any(|event| event.what == What::Line);
            for event in events.iter().filter(|event| event.what == What::Timer && !acted) {
                let (clock, timers) = &before[event.node.index()];
                let deadline_us = timers[usize::from(event.sub)].deadline_us;
                assert!(clock.local_us(event.time_us) >= deadline_us, "{}", case.name());
                fired += 1;
            }
        });
    }
    assert!(fired > 1_000, "only {fired} timers ran out");
}

#[test]
fn nothing_is_delivered_across_a_cut() {
    let mut received = 0;
    for seed in 600..630 {
        // A paused node handles later what has arrived before the cut.
        let text = random_text(seed, &[]);
        let kept = text.lines().filter(|line| !line.contains("pause") && !line.contains("resume"));
        let case = Case::of(seed, kept.map(|line| format!("{line}\n")).collect());
        // Number of events when the link was last seen cut.
        let mut cut_at: BTreeMap<(u16, u16), usize> = BTreeMap::new();
        watch(&case, |run, step| {
            let kernel = &run.world().kernel;
            let whole = kernel.links.cuts.is_empty() && kernel.links.groups.is_empty();
            for from in kernel.ids().filter(|_| !whole) {
                for to in kernel.ids().filter(|&to| !kernel.links.connected(from, to)) {
                    cut_at.insert((from.0, to.0), run.events().len());
                }
            }
            let events = step.unwrap_or(&[]);
            for event in events.iter().filter(|event| event.what == What::Receive) {
                let link = (event.peer.0, event.node.0);
                let cut = cut_at.get(&link).copied().unwrap_or(0);
                assert!(event.cause as usize >= cut, "{link:?}, {}", case.name());
                received += 1;
            }
        });
    }
    assert!(received > 1_000);
}

/// A server's log as people see it, and how much of it is on disk.
fn log_of(run: &Run, node: usize) -> (Vec<(u64, String, u64)>, usize) {
    let world = run.world();
    let (id, all) = (NodeId(node as u16), usize::MAX);
    let log = world.members.cells(id, all);
    let log = log.unwrap_or_else(|| world.members.remains(&world.kernel, id, all));
    let synced = log.cells.iter().filter(|cell| cell.safety != Safety::Written).count();
    let entry = |(index, cell): (u64, &Cell)| (cell.epoch, cell.label.clone(), index);
    ((log.first..).zip(&log.cells).map(entry).collect(), synced)
}

#[test]
fn what_is_synced_survives_a_crash_and_of_the_rest_only_a_prefix() {
    let mut crashes = 0;
    let mut partly = 0;
    for seed in 700..900 {
        let case = Case::new(seed);
        let mut run = case.run();
        let crash_lines: Vec<u64> = case
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("at ")?.split_once(" crash n"))
            .filter_map(|(time, _)| micros(time))
            .take(6)
            .collect();
        for time_us in crash_lines {
            run.seek(time_us.saturating_sub(1));
            if run.time_us() + 1 != time_us {
                continue;
            }
            let disks: Vec<_> =
                run.world().kernel.nodes.iter().map(|node| node.disk.clone()).collect();
            let statuses: Vec<_> = run.stage().nodes.iter().map(|node| node.status).collect();
            let logs: Vec<_> = (0..disks.len()).map(|node| log_of(&run, node)).collect();
            let from = run.events().len();
            run.seek(time_us);
            let events = run.events()[from..].to_vec();
            for event in events.iter().filter(|event| event.what == What::Crash) {
                let node = event.node.index();
                let touched = events.iter().filter(|other| other.node == event.node).count();
                let server = node < usize::from(run.scenario().nodes());
                if touched > 2 || !server || statuses[node] == Status::Down {
                    continue; // it did more than crash in this µs
                }
                let sick = |disk: &DiskState| {
                    !disk.faults.is_empty() || !disk.rotten.is_empty() || !disk.holes.is_empty()
                };
                if sick(&disks[node]) {
                    continue; // the fault says what is lost
                }
                let (disk, left) = (&disks[node], &run.world().kernel.nodes[node].disk);
                assert!(left.written >= disk.durable, "synced is lost: {}", case.name());
                assert!(left.written <= disk.written, "{}", case.name());
                partly += u32::from(left.written > disk.durable && left.written < disk.written);
                crashes += 1;
                let mut again = fresh(&case.text, time_us);
                again.act(&format!("restart {}", run.names()[node])).expect("parses");
                again.seek(time_us + 1);
                let (back, _) = log_of(&again, node);
                let (log, synced) = &logs[node];
                // What a snapshot covers is no entry any more.
                let none = if left.compacted > 0 { u64::MAX } else { 0 };
                let first = back.first().map_or(none, |(.., index)| *index);
                let kept = log[..*synced].iter().filter(|(.., index)| *index >= first);
                let kept: Vec<_> = kept.cloned().collect();
                assert!(back.starts_with(&kept), "{}", case.name());
            }
        }
    }
    assert!(crashes > 30 && partly > 0, "{crashes} crashes, {partly} kept a part");
}

/// The µs of `1500ms`.
fn micros(text: &str) -> Option<u64> {
    let line = format!("protocol raft\nend {text}\n");
    parse(&line, DECLARATIONS).ok()?.end_us()
}

#[test]
fn a_paused_node_handles_nothing() {
    let mut pauses = 0;
    for seed in 800..860 {
        let case = Case::new(seed);
        let run = fresh(&case.text, case.end_us);
        let mut paused = vec![false; run.names().len()];
        for event in run.events() {
            let Some(is_paused) = paused.get_mut(event.node.index()) else { continue };
            match event.what {
                What::Pause => {
                    *is_paused = true;
                    pauses += 1;
                }
                What::Resume | What::Crash | What::Kill => *is_paused = false,
                What::Send | What::Receive | What::Timer | What::Durable | What::Mark => {
                    assert!(!*is_paused, "{event:?}, {}", case.name());
                }
                _ => {}
            }
        }
    }
    assert!(pauses > 10, "only {pauses} pauses");
}
