//! What the page calls: a thin shell over `Run`. No logic lives here: what is many crosses
//! as typed arrays, what is looked at as plain objects. Times are virtual µs as plain
//! numbers, seeds as strings.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(feature = "whole")]
mod explore;
mod json;
mod objects;
#[cfg(feature = "whole")]
mod recording;
#[cfg(feature = "whole")]
mod whole;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use happens_before::declare::{Declaration, Family};
use happens_before::picture::{self, Group, Picture, Shape};
use happens_before::run::{Run, Stop};
use happens_before::scenario::Diagnostic;
use happens_before::view::Status;
use happens_before::world::Event;
use js_sys::Float64Array;
use objects::{Beats, CheckView, Description, ViolationView, object};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Half the size of the standard library's, and its time has a bound.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Numbers of one change in `lanes`: time, node, status, family, epoch.
const LANE_STRIDE: usize = 5;
/// Numbers of one operation in `operation_bars`: node, invoked, returned.
const BAR_STRIDE: usize = 3;

/// A panic ends the engine and nothing else; the page says so, and where.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn stop(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// One scenario being played.
#[wasm_bindgen]
pub struct Engine {
    run: Run,
    shape: Shape,
    /// What the page has of each group of the picture.
    shown: Vec<(String, u64)>,
}

fn diagnostics(wrong: &Vec<Diagnostic>) -> JsValue {
    object(wrong)
}

fn shape_of(name: &str) -> Shape {
    if name == "phone" { Shape::Phone } else { Shape::Wide }
}

fn micros(time: f64) -> u64 {
    // Saturates: Infinity is the end of time, NaN is 0.
    time as u64
}

fn status_number(status: u32) -> f64 {
    const _: () = assert!(Status::Up as u32 == 0 && Status::Paused as u32 == 1);
    f64::from(status)
}

fn family_number(family: Family) -> f64 {
    f64::from(family as u8)
}

#[wasm_bindgen]
impl Engine {
    /// The version of the engine.
    #[must_use]
    pub fn version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    /// A run of this text, at time 0.
    ///
    /// # Errors
    /// What is wrong with the text, as a list of diagnostics.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Result<Engine, JsValue> {
        let run = Run::new(text).map_err(|wrong| diagnostics(&wrong))?;
        Ok(Engine { run, shape: Shape::Wide, shown: Vec::new() })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.run.text().into()
    }

    /// The cursor.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.run.time_us() as f64
    }

    /// How far the run has been computed.
    #[must_use]
    pub fn head(&self) -> f64 {
        self.run.head_us() as f64
    }

    /// The text's own end.
    #[must_use]
    pub fn end(&self) -> Option<f64> {
        self.run.end_us().map(|end_us| end_us as f64)
    }

    /// The cursor is at the text's end.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.run.ended()
    }

    /// Events up to the cursor.
    #[must_use]
    pub fn events(&self) -> f64 {
        self.run.events().len() as f64
    }

    /// 16 hex digits.
    #[must_use]
    pub fn digest(&self) -> String {
        self.run.digest()
    }

    /// When the next step is due; Infinity for never.
    #[must_use]
    pub fn next_time(&mut self) -> f64 {
        self.run.next_time().map_or(f64::INFINITY, |time_us| time_us as f64)
    }

    /// When a ghost in the rack fades next; Infinity for never.
    #[must_use]
    pub fn fades(&self) -> f64 {
        self.run.fades_us().map_or(f64::INFINITY, |time_us| time_us as f64)
    }

    /// Plays on; 0 reached, 1 stopped at a violation, 2 ended, 3 budget of one call spent.
    #[must_use]
    pub fn advance(&mut self, until: f64) -> u8 {
        match self.run.advance(micros(until)) {
            Stop::Reached => 0,
            Stop::Violated => 1,
            Stop::Ended => 2,
            Stop::Budget => 3,
        }
    }

    /// The cursor goes there, back or forth.
    pub fn seek(&mut self, time: f64) {
        self.run.seek(micros(time));
    }

    /// One event on.
    #[must_use]
    pub fn step(&mut self) -> bool {
        self.run.step()
    }

    /// On to the next change that can be seen.
    #[must_use]
    pub fn step_change(&mut self) -> bool {
        self.run.step_change()
    }

    /// What the run is.
    #[must_use]
    pub fn describe(&self) -> JsValue {
        object(&Description::of(&self.run))
    }

    /// What became of each line of the text.
    #[must_use]
    pub fn lines(&self) -> JsValue {
        object(&self.run.lines())
    }

    /// Checks and expectations.
    #[must_use]
    pub fn checks(&self) -> JsValue {
        let views: Vec<CheckView> = self.run.verdicts().into_iter().map(CheckView::of).collect();
        object(&views)
    }

    /// Captions.
    #[must_use]
    pub fn beats(&self) -> JsValue {
        object(&Beats::of(&self.run))
    }

    /// Actions for the bar.
    #[must_use]
    pub fn actions(&self) -> JsValue {
        object(&self.run.actions())
    }

    /// The first violation up to the cursor.
    #[must_use]
    pub fn violation(&self) -> JsValue {
        ViolationView::of(&self.run).map_or(JsValue::UNDEFINED, |view| object(&view))
    }

    /// Layout and all groups of the picture.
    #[must_use]
    pub fn picture(&mut self, shape: &str) -> JsValue {
        self.shape = shape_of(shape);
        let picture: Picture =
            picture::picture(&self.run.stage(), self.run.declaration(), self.shape);
        self.shown = picture.groups.iter().map(remember).collect();
        object(&picture)
    }

    /// Groups that are not what the page has of them.
    #[must_use]
    pub fn changed_groups(&mut self) -> JsValue {
        let groups = picture::groups(&self.run.stage(), self.run.declaration(), self.shape);
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
        Float64Array::from(picture::frame(&self.run.stage(), self.shape).as_slice())
    }

    /// Changes of what is shown of nodes, from the `from`-th on, packed.
    #[must_use]
    pub fn lanes(&self, from: f64) -> Float64Array {
        let servers = self.run.world().kernel.servers;
        pack_lanes(self.run.lanes(from as usize), self.run.declaration(), servers)
    }

    /// How many such changes there are.
    #[must_use]
    pub fn lanes_length(&self) -> f64 {
        self.run.lanes_len() as f64
    }

    /// Client operations, packed: node, invoked, returned (NaN while open).
    #[must_use]
    pub fn operation_bars(&self) -> Float64Array {
        let mut packed = Vec::new();
        for operation in self.run.world().members.history().iter() {
            packed.push(f64::from(operation.id.client.0));
            packed.push(operation.invoked_us as f64);
            packed.push(operation.returned_us.map_or(f64::NAN, |time_us| time_us as f64));
        }
        debug_assert_eq!(packed.len() % BAR_STRIDE, 0);
        Float64Array::from(packed.as_slice())
    }

    /// Faults for the timeline.
    #[must_use]
    pub fn flags(&self) -> JsValue {
        object(&self.run.flags())
    }
}

/// Changes of what is shown of nodes, packed.
fn pack_lanes<'a>(
    faces: impl Iterator<Item = &'a Event>,
    declaration: &Declaration,
    servers: u16,
) -> Float64Array {
    let mut packed = Vec::new();
    for event in faces {
        let Event { time_us, node, sub, a, b, .. } = *event;
        let is_client = node.0 >= servers;
        let family =
            if is_client { Family::Client } else { declaration.states[usize::from(sub)].family };
        packed.extend([time_us as f64, f64::from(node.0), status_number(b)]);
        packed.extend([family_number(family), f64::from(a)]);
    }
    debug_assert_eq!(packed.len() % LANE_STRIDE, 0);
    Float64Array::from(packed.as_slice())
}

/// Key and hash of a group.
fn remember(group: &Group) -> (String, u64) {
    use core::hash::Hasher;
    let mut hasher = happens_before::draw::StableHasher::default();
    hasher.write(group.svg.as_bytes());
    hasher.write(group.label.as_bytes());
    (group.key.to_string(), hasher.finish())
}
