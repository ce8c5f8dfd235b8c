//! A recording shows what the run showed, at every instant; and no file, however damaged,
//! brings its reader down.

use happens_before::catalogue::{CATALOGUE, Entry};
use happens_before::draw::{Purpose, between, draw};
use happens_before::explore::random_text;
use happens_before::recorded::{Recorded, Value, Wrong, record};
use happens_before::run::{PLAY_US, Run};
use happens_before::view::StageView;

/// JSON as `serde_json` reads it.
struct Json(serde_json::Value);

impl Value for Json {
    fn field(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|field| !field.is_null()).cloned().map(Json)
    }
    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().cloned().map(Json).collect())
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_string)
    }
    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }
}

fn read(file: &str) -> Result<Recorded, Wrong> {
    let parse = |line| serde_json::from_str(line).map(Json).map_err(|wrong| wrong.to_string());
    Recorded::read(file.lines().map(parse))
}

fn written(text: &str) -> (Run, String) {
    let mut run = Run::new(text).expect("a text");
    let until_us = run.end_us().unwrap_or(PLAY_US);
    let mut file = String::new();
    record(&mut run, until_us, None, &mut |line| {
        file += &serde_json::to_string(line).expect("can be written");
        file.push('\n');
    });
    (run, file)
}

/// Two stages are the same; says where they are not, for a stage of a thousand nodes is long.
fn assert_alike(left: &StageView, right: &StageView, what: &str) {
    for (left, right) in left.nodes.iter().zip(&right.nodes) {
        assert_eq!(left, right, "{what}");
    }
    let only = |a: &StageView, b: &StageView| -> Vec<_> {
        a.messages.iter().filter(|message| !b.messages.contains(message)).cloned().collect()
    };
    assert_eq!(only(left, right), only(right, left), "{what}");
    assert_eq!(left, right, "{what}");
}

/// At every tenth of the run, at its violations and at random instants.
fn compare(name: &str, text: &str, seed: u64) {
    let (mut run, file) = written(text);
    let mut recorded = read(&file).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
    let end_us = recorded.end_us();
    let mut instants: Vec<u64> = (0..=10).map(|tenth| end_us * tenth / 10).collect();
    let random = |k| between(draw(seed, Purpose::Generate, &[k]), 0, end_us);
    instants.extend((0..6).map(random));
    instants.extend(run.violations().iter().map(|violation| violation.time_us));
    for at_us in instants {
        run.seek(at_us);
        recorded.seek(at_us);
        // A recording has no ghosts: what a cell was is not in it.
        let stage = StageView { ghosts: Vec::new(), ..run.stage() };
        assert_alike(&recorded.stage(), &stage, &format!("{name} at {at_us} µs"));
        assert_eq!(recorded.events(), run.events().len(), "{name} at {at_us} µs");
        assert_eq!(recorded.operations(), run.operations(), "{name} at {at_us} µs");
        assert_eq!(recorded.beats().0, run.beats().0, "{name} at {at_us} µs");
    }
    recorded.seek(end_us);
    run.seek(end_us);
    assert_eq!(recorded.verdicts(), run.verdicts(), "{name}");
    assert_eq!(recorded.digest(), run.digest(), "{name}");
    assert!(recorded.lanes(0).eq(run.lanes(0)), "{name}");
}

/// What an adversary holds back moves without an event: a recording knows when it began to wait
/// and when it arrived, not each try between.
fn can_be_compared(entry: &&Entry) -> bool {
    !entry.text.contains(" adversary")
}

#[test]
fn a_recording_shows_what_its_run_shows() {
    // Some of each protocol: the texts of one stand together.
    for entry in CATALOGUE.iter().filter(can_be_compared).step_by(4) {
        compare(entry.name, entry.text, 1);
    }
}

#[test]
#[ignore = "long: npm run test:all runs it"]
fn a_recording_of_the_whole_catalogue_shows_what_its_runs_show() {
    for entry in CATALOGUE.iter().filter(can_be_compared) {
        compare(entry.name, entry.text, 1);
    }
}

#[test]
fn a_recording_of_a_random_run_shows_what_the_run_shows() {
    for seed in 0..3 {
        compare(&format!("seed {seed}"), &random_text(seed, &[]), seed);
    }
}

#[test]
fn stepping_back_and_forth_comes_to_the_same_stage() {
    let (_, file) = written(CATALOGUE[0].text);
    let mut recorded = read(&file).expect("reads");
    recorded.seek(600_000);
    let (stage, events) = (recorded.stage(), recorded.events());
    assert!(recorded.step_back() && recorded.events() == events - 1);
    assert!(recorded.step() && recorded.events() == events);
    recorded.seek(600_000);
    assert_eq!(recorded.stage(), stage);
    while recorded.step_back() {}
    assert_eq!(recorded.events(), 1);
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let (_, file) = written(CATALOGUE[0].text);
    let lines: Vec<&str> = file.lines().collect();
    let said = |file: &str| read(file).err().map(|wrong| (wrong.line, wrong.message));
    let with = |place: usize, line: &str| {
        let mut lines = lines.clone();
        lines[place] = line;
        lines.join("\n")
    };
    assert_eq!(said(""), Some((1, "The file is empty.".to_string())));
    let (line, message) = said("{}").expect("no header");
    assert!(line == 1 && message.contains("happens-before-trace"), "{message}");
    let newer = with(0, &lines[0].replacen("\"version\":1", "\"version\":9", 1));
    assert!(said(&newer).expect("too new").1.contains("9"));
    let cases = [
        (7, "{", "EOF"),
        (7, "{\"id\":6,\"t\":0,\"kind\":\"dance\"}", "“dance”"),
        (7, "{\"id\":6,\"t\":0,\"kind\":\"crash\",\"node\":\"n99\"}", "“n99”"),
        (7, "{\"id\":6,\"t\":0,\"kind\":\"crash\",\"cause\":6}", "earlier event"),
        (7, "{\"id\":6,\"t\":-1,\"kind\":\"crash\"}", "whole number"),
        (7, "{\"id\":9,\"t\":0,\"kind\":\"crash\"}", "Event 6 is missing"),
    ];
    for (place, line, part) in cases {
        let (at, message) = said(&with(place, line)).expect(line);
        assert!(at as usize == place + 1 && message.contains(part), "{line}: {at} {message}");
    }
}

/// Bytes changed, lines left out, doubled or exchanged, files cut off: read or refused.
#[test]
fn no_damaged_file_brings_the_reader_down() {
    let (_, file) = written(CATALOGUE[0].text);
    let file: String = file.lines().take(400).flat_map(|line| [line, "\n"]).collect();
    let (mut refused, mut played) = (0, 0);
    for seed in 0..300u64 {
        let pick = |k: u64, most: usize| {
            between(draw(seed, Purpose::Generate, &[k]), 0, most as u64 - 1) as usize
        };
        let mut lines: Vec<Vec<u8>> = file.lines().map(|line| line.as_bytes().to_vec()).collect();
        let (a, b) = (pick(0, lines.len()), pick(1, lines.len()));
        match pick(2, 6) {
            0 => lines.swap(a, b),
            1 => drop(lines.remove(a)),
            2 => lines.truncate(a),
            3 => lines.insert(a, lines[b].clone()),
            4 => {
                let at = pick(3, lines[a].len());
                lines[a][at] = b"0123456789{}[],\"an"[pick(4, 18)];
            }
            _ => {
                // A whole number becomes another one.
                for byte in lines[a].iter_mut().filter(|byte| byte.is_ascii_digit()) {
                    *byte = b'0' + pick(5, 10) as u8;
                }
            }
        }
        let damaged = String::from_utf8(lines.join(&b'\n')).expect("ASCII and µ whole");
        match read(&damaged) {
            Err(wrong) => {
                assert!(!wrong.message.is_empty(), "seed {seed}");
                refused += 1;
            }
            Ok(mut recorded) => {
                let end_us = recorded.end_us();
                for part in 0..=4 {
                    recorded.seek(end_us / 4 * part);
                    recorded.stage();
                    recorded.verdicts();
                    recorded.quiet_until(end_us);
                }
                played += 1;
            }
        }
    }
    assert!(refused > 50 && played > 50, "{refused} {played}");
}

#[test]
fn the_examples_of_the_documentation_can_be_read() {
    let docs = include_str!("../../docs/trace.md");
    let blocks: Vec<String> = docs
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block.replace('\n', " "))
        .collect();
    let [header, event, end] = &blocks[..] else { panic!("three examples: {blocks:?}") };
    let recorded = read(&format!("{header}\n{end}")).expect("reads");
    assert_eq!((recorded.names().len(), recorded.end_us()), (6, 1_500_000));
    // The event stands alone: all that is wrong with it is its number.
    let wrong = read(&format!("{header}\n{event}")).err().expect("events before are missing");
    assert!(wrong.message.starts_with("Event 0 is missing"), "{}", wrong.message);
}

#[test]
fn a_recording_of_an_earlier_version_can_be_read() {
    let file = include_str!("../browser/recordings/not-durable.jsonl");
    let mut recorded = read(file).expect("reads");
    recorded.seek(u64::MAX);
    let violated = recorded.violation().expect("it was recorded for that");
    assert_eq!(violated.check, "Clients see one copy");
    assert_eq!(recorded.stage().accused.map(|accused| accused.nodes), Some(vec![1]));
}
