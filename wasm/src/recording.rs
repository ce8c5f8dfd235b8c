//! A recorded run as the page plays it: the same questions as to the engine, answered from a
//! file. Nothing is executed; what would change the run the page itself refuses.

use super::{diagnostics, micros, pack_lanes, remember, shape_of};
use crate::objects::{CheckView, object};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use happens_before::declare::Declaration;
use happens_before::picture::{self, Group, Picture, Shape};
use happens_before::recorded::{Recorded, Value, Violated};
use happens_before::run::{ActionView, Beat, Stop};
use happens_before::scenario::Diagnostic;
use js_sys::{Array, Float64Array, JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// JSON as the browser reads it.
struct Json(JsValue);

impl Value for Json {
    fn field(&self, name: &str) -> Option<Self> {
        let field = Reflect::get(&self.0, &JsValue::from_str(name)).ok()?;
        (!field.is_undefined() && !field.is_null()).then_some(Json(field))
    }
    fn items(&self) -> Option<Vec<Self>> {
        let list = self.0.dyn_ref::<Array>()?;
        Some(list.iter().map(Json).collect())
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn text(&self) -> Option<String> {
        self.0.as_string()
    }
    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }
}

fn parse(line: &str) -> Result<Json, String> {
    JSON::parse(line).map(Json).map_err(|_| "This is not JSON.".to_string())
}

fn complaint(line: u32, message: String) -> JsValue {
    let hint = String::new();
    diagnostics(&alloc::vec![Diagnostic { line, column: 1, length: 1, message, hint }])
}

#[derive(Serialize)]
struct Description<'a> {
    title: &'a str,
    protocol: &'static Declaration,
    subtitle: String,
    seed: &'a str,
    nodes: &'a [String],
    servers: u16,
    median_flight: f64,
    bugs: &'a [String],
}

#[derive(Serialize)]
struct Beats {
    total: usize,
    position: usize,
    spoken: Vec<Beat>,
}

#[derive(Serialize)]
struct Node<'a> {
    name: &'a str,
    fields: &'a [(String, String)],
}

#[derive(Serialize)]
struct ViolationView<'a> {
    time: f64,
    event: u32,
    check: &'a str,
    statement: &'a str,
    cause: &'a str,
    cause_time: Option<f64>,
    expected: bool,
}

fn action(label: &str, writes: &str, key: &str) -> ActionView {
    ActionView {
        label: label.to_string(),
        action: writes.to_string(),
        key: key.to_string(),
        resolved: String::new(),
    }
}

/// A recorded run being watched.
#[wasm_bindgen]
pub struct Recording {
    recorded: Recorded,
    shape: Shape,
    /// What the page has of each group of the picture.
    shown: Vec<(String, u64)>,
}

#[wasm_bindgen]
impl Recording {
    /// The run of a file, at time 0.
    ///
    /// # Errors
    /// What is wrong with the file, as a list of one diagnostic.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &str) -> Result<Recording, JsValue> {
        let recorded = Recorded::read(file.lines().map(parse))
            .map_err(|wrong| complaint(wrong.line, wrong.message))?;
        Ok(Recording { recorded, shape: Shape::Wide, shown: Vec::new() })
    }

    /// The text that was played.
    #[must_use]
    pub fn text(&self) -> String {
        self.recorded.text().into()
    }

    /// The cursor.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.recorded.time_us() as f64
    }

    /// How far it is known: to its end.
    #[must_use]
    pub fn head(&self) -> f64 {
        self.recorded.end_us() as f64
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> Option<f64> {
        Some(self.recorded.end_us() as f64)
    }

    /// The cursor is at its end.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.recorded.time_us() >= self.recorded.end_us()
    }

    /// Events up to the cursor.
    #[must_use]
    pub fn events(&self) -> f64 {
        self.recorded.events() as f64
    }

    /// The digest of the whole run.
    #[must_use]
    pub fn digest(&self) -> String {
        self.recorded.digest().into()
    }

    /// A recording does not say what was lost: no ghosts.
    #[must_use]
    pub fn fades(&self) -> f64 {
        f64::INFINITY
    }

    /// When the next event is due; Infinity for never.
    #[must_use]
    pub fn next_time(&self) -> f64 {
        self.recorded.next_time().map_or(f64::INFINITY, |time_us| time_us as f64)
    }

    /// Plays on; 0 reached, 1 stopped at a violation, 2 ended.
    #[must_use]
    pub fn advance(&mut self, until: f64) -> u8 {
        match self.recorded.advance(micros(until)) {
            Stop::Violated => 1,
            Stop::Ended => 2,
            Stop::Reached | Stop::Budget => 0,
        }
    }

    /// The cursor goes there, back or forth.
    pub fn seek(&mut self, time: f64) {
        self.recorded.seek(micros(time));
    }

    /// One event on.
    #[must_use]
    pub fn step(&mut self) -> bool {
        self.recorded.step()
    }

    /// One event back.
    #[must_use]
    pub fn step_back(&mut self) -> bool {
        self.recorded.step_back()
    }

    /// On to the next change that can be seen.
    #[must_use]
    pub fn step_change(&mut self) -> bool {
        self.recorded.step_change()
    }

    /// Nothing but pulses and timers happens before this time.
    #[must_use]
    pub fn quiet_until(&self, limit: f64) -> f64 {
        self.recorded.quiet_until(micros(limit)) as f64
    }

    /// Time of the next (1) or previous (-1) fault or caption; NaN for none.
    #[must_use]
    pub fn seek_flag(&self, direction: i32) -> f64 {
        self.recorded.seek_flag(direction > 0).map_or(f64::NAN, |time_us| time_us as f64)
    }

    /// What the run is.
    #[must_use]
    pub fn describe(&self) -> JsValue {
        let Recording { recorded, .. } = self;
        let protocol = recorded.declaration();
        let servers = recorded.servers();
        let plural = if servers == 1 { "" } else { "s" };
        let made_of = format!("{} · {servers} node{plural}", protocol.title);
        object(&Description {
            title: recorded.title(),
            protocol,
            subtitle: format!("{made_of} · seed {} · recorded", recorded.seed()),
            seed: recorded.seed(),
            nodes: recorded.names(),
            servers,
            median_flight: recorded.median_flight_us() as f64,
            bugs: &[],
        })
    }

    /// All that the protocol declares, as far as the file says.
    #[must_use]
    pub fn declaration(&self) -> JsValue {
        object(self.recorded.declaration())
    }

    /// What became of each line of the text.
    #[must_use]
    pub fn lines(&self) -> JsValue {
        object(&self.recorded.lines())
    }

    /// Checks and expectations.
    #[must_use]
    pub fn checks(&self) -> JsValue {
        let verdicts = self.recorded.verdicts().into_iter();
        object(&verdicts.map(CheckView::of).collect::<Vec<_>>())
    }

    /// Captions.
    #[must_use]
    pub fn beats(&self) -> JsValue {
        let (spoken, total) = self.recorded.beats();
        object(&Beats { total, position: spoken.len(), spoken })
    }

    /// Actions for the bar: what only looks.
    #[must_use]
    pub fn actions(&self) -> JsValue {
        let now_us = self.recorded.time_us();
        let found = self.recorded.violation().filter(|violated| violated.time_us == now_us);
        let mut bar = Vec::new();
        if let Some(violated) = found {
            bar.push(action("Why?", "!why", "Y"));
            if violated.cause_us.is_some() {
                bar.push(action("Go to the first cause", "!first-cause", "G"));
            }
            if now_us < self.recorded.end_us() {
                bar.push(action("Play on anyway", "!play-on", ""));
            }
        }
        object(&bar)
    }

    /// Client operations, the last 200.
    #[must_use]
    pub fn operations(&self) -> JsValue {
        let all = self.recorded.operations();
        object(&all[all.len().saturating_sub(200)..])
    }

    /// All that a node said of itself.
    #[must_use]
    pub fn inspect(&self, node: &str) -> JsValue {
        match self.recorded.inspect(node) {
            Some(fields) => object(&Node { name: node, fields }),
            None => JsValue::UNDEFINED,
        }
    }

    /// The first violation up to the cursor.
    #[must_use]
    pub fn violation(&self) -> JsValue {
        let Some(violated) = self.recorded.violation() else { return JsValue::UNDEFINED };
        let Violated { check, time_us, event, statement, cause, cause_us, .. } = violated;
        let verdicts = self.recorded.verdicts();
        let expected = verdicts.iter().any(|v| v.plain == *check && v.expected);
        object(&ViolationView {
            time: *time_us as f64,
            event: *event,
            check,
            statement,
            cause,
            cause_time: cause_us.map(|time_us| time_us as f64),
            expected,
        })
    }

    /// Layout and all groups of the picture.
    #[must_use]
    pub fn picture(&mut self, shape: &str) -> JsValue {
        self.shape = shape_of(shape);
        let declaration = self.recorded.declaration();
        let picture: Picture = picture::picture(&self.recorded.stage(), declaration, self.shape);
        self.shown = picture.groups.iter().map(remember).collect();
        object(&picture)
    }

    /// Groups that are not what the page has of them.
    #[must_use]
    pub fn changed_groups(&mut self) -> JsValue {
        let declaration = self.recorded.declaration();
        let groups = picture::groups(&self.recorded.stage(), declaration, self.shape);
        let now: Vec<(String, u64)> = groups.iter().map(remember).collect();
        let changed: Vec<&Group> =
            groups.iter().filter(|group| !self.shown.contains(&remember(group))).collect();
        let changed = object(&changed);
        self.shown = now;
        changed
    }

    /// Messages and timers, packed: see `picture::frame`.
    #[must_use]
    pub fn frame(&self) -> Float64Array {
        Float64Array::from(picture::frame(&self.recorded.stage(), self.shape).as_slice())
    }

    /// Changes of what is shown of nodes, from the `from`-th on, packed.
    #[must_use]
    pub fn lanes(&self, from: f64) -> Float64Array {
        let Recording { recorded, .. } = self;
        pack_lanes(recorded.lanes(from as usize), recorded.declaration(), recorded.servers())
    }

    /// How many such changes there are.
    #[must_use]
    pub fn lanes_length(&self) -> f64 {
        self.recorded.lanes_len() as f64
    }

    /// Client operations, packed: node, invoked, returned (NaN while open).
    #[must_use]
    pub fn operation_bars(&self) -> Float64Array {
        let names = self.recorded.names();
        let mut packed = Vec::new();
        for operation in self.recorded.operations() {
            let place = names.iter().position(|name| *name == operation.client).unwrap_or(0);
            packed.push(place as f64);
            packed.push(operation.invoked as f64);
            packed.push(operation.returned.map_or(f64::NAN, |time_us| time_us as f64));
        }
        Float64Array::from(packed.as_slice())
    }

    /// Faults for the timeline.
    #[must_use]
    pub fn flags(&self) -> JsValue {
        object(&self.recorded.flags())
    }
}
