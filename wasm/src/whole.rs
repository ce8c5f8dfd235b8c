//! What only the whole engine can do: writing into the text, all protocols, what is asked for by
//! a press. The page loads it after its first frames, so a new export belongs here, unless those
//! frames need it.

use super::{Engine, diagnostics, micros, shape_of};
use crate::objects::object;
use alloc::string::String;
use alloc::vec::Vec;
use happens_before::export;
use happens_before::faults::{self, FAULTS, Fault};
use happens_before::picture::{self, spacetime};
use happens_before::protocols::PROTOCOLS;
use happens_before::run::{Edit, Run, compare, words_of};
use happens_before::scenario::ast::ChaosKind;
use happens_before::scenario::{CHAOS, NEVER_DRAWN, freeze_chaos, remove_bug, set_chaos, set_seed};
use happens_before::stamps::StampKind;
use happens_before::world::{Event, What};
use js_sys::{Float64Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// A node, inspected.
#[derive(Serialize)]
struct Node<'a> {
    name: &'a str,
    fields: &'a [(String, String)],
}

/// What the signs mean, drawn.
#[derive(Serialize)]
struct Legend {
    svg: String,
    width: f64,
    height: f64,
}

/// Its kind as the timeline knows it (0 stands, 1 slow, 2 clock, 3 disk, 4 clogged), and
/// whether it begins.
fn trouble(event: &Event) -> (u8, bool) {
    match event.what {
        What::Suspend => (0, true),
        What::Slow => (1, event.a > 0),
        What::Drift => (2, event.a != 0),
        What::Step | What::Slew => (2, true),
        What::Disk => (3, event.b > 0),
        What::Clog => (4, event.a > 0),
        _ => (0, false),
    }
}

/// A kind of fault that `chaos` draws from.
#[derive(Serialize)]
struct ChaosKindView {
    word: &'static str,
    /// Words of its faults that the protocol tolerates.
    faults: Vec<&'static str>,
    /// Words of those that it does not.
    beyond: Vec<&'static str>,
}

impl ChaosKindView {
    fn of((word, kind): &(&'static str, ChaosKind), run: &Run) -> ChaosKindView {
        let of_kind =
            FAULTS.iter().filter(|fault| fault.kind == *kind && !NEVER_DRAWN.contains(&fault.word));
        let (faults, beyond): (Vec<&Fault>, Vec<&Fault>) =
            of_kind.partition(|fault| faults::tolerated(fault, run.declaration(), run.scenario()));
        // "disk full" of the kind "disk" is "full".
        let short = |fault: &&Fault| fault.word.split(' ').next_back().unwrap_or(fault.word);
        let words = |faults: Vec<&Fault>| faults.iter().map(short).collect();
        ChaosKindView { word, faults: words(faults), beyond: words(beyond) }
    }
}

#[wasm_bindgen]
impl Engine {
    /// Where this run and another of the same beginning part, as far as both are known.
    #[must_use]
    pub fn parting(&self, other: &Engine) -> JsValue {
        compare(&self.run, &other.run).map_or(JsValue::UNDEFINED, |parting| object(&parting))
    }

    /// All that the protocol declares.
    #[must_use]
    pub fn declaration(&self) -> JsValue {
        object(self.run.declaration())
    }

    /// Names of protocols.
    #[must_use]
    pub fn protocols() -> JsValue {
        let names: Vec<&str> = PROTOCOLS.iter().map(|known| known.declaration.name).collect();
        object(&names)
    }

    /// The picture of a text at an instant, as HTML of two drawings.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn poster(text: &str, time: f64, shape: &str) -> Result<String, JsValue> {
        let mut run = Run::new(text).map_err(|wrong| diagnostics(&wrong))?;
        run.seek(micros(time));
        Ok(picture::poster(&run.stage(), run.declaration(), shape_of(shape)))
    }

    /// One event back.
    #[must_use]
    pub fn step_back(&mut self) -> bool {
        self.run.step_back()
    }

    /// Time of the next (1) or previous (-1) fault or caption; NaN for none.
    #[must_use]
    pub fn seek_flag(&self, direction: i32) -> f64 {
        self.run.seek_flag(direction > 0).map_or(f64::NAN, |time_us| time_us as f64)
    }

    /// Does something just after the cursor, by writing a line.
    ///
    /// # Errors
    /// What is wrong with the action.
    pub fn act(&mut self, action: &str) -> Result<JsValue, JsValue> {
        self.run.act(action).map(|edit: Edit| object(&edit)).map_err(|wrong| diagnostics(&wrong))
    }

    /// The line that `act` would write.
    ///
    /// # Errors
    /// What is wrong with the action.
    pub fn ghost(&self, action: &str) -> Result<JsValue, JsValue> {
        self.run.ghost(action).map(|edit| object(&edit)).map_err(|wrong| diagnostics(&wrong))
    }

    /// Another text at the same instant.
    ///
    /// # Errors
    /// What is wrong with the text; the run stays.
    pub fn edit(&mut self, text: &str) -> Result<(), JsValue> {
        self.run.edit(text).map_err(|wrong| diagnostics(&wrong))
    }

    /// The text with another seed.
    #[must_use]
    pub fn with_seed(&self, seed: &str) -> Option<String> {
        let seed = seed.parse().ok()?;
        Some(set_seed(self.run.text(), self.run.scenario(), seed))
    }

    /// The text without a bug.
    #[must_use]
    pub fn without_bug(&self, bug: &str) -> String {
        remove_bug(self.run.text(), self.run.scenario(), bug)
    }

    /// The text under another protocol, and which of its lines are comments there and why:
    /// `{ text, aside: [{ line, why }] }`.
    ///
    /// # Errors
    /// What keeps it from running there.
    pub fn switched(&self, protocol: &str) -> Result<JsValue, JsValue> {
        let switched = self.run.switched(protocol);
        switched.map(|other| object(&other)).map_err(|wrong| diagnostics(&wrong))
    }

    /// What the run has cost up to the cursor: see `happens_before::run::Counts`.
    #[must_use]
    pub fn counts(&self) -> JsValue {
        object(&self.run.counts())
    }

    /// What can be done to a node.
    #[must_use]
    pub fn menu(&self, node: &str) -> JsValue {
        object(&self.run.menu(node))
    }

    /// What can be done to a link.
    #[must_use]
    pub fn link_menu(&self, a: &str, b: &str) -> JsValue {
        object(&self.run.link_menu(a, b))
    }

    /// What can be done to a message in flight.
    #[must_use]
    pub fn message_menu(&self, id: f64) -> JsValue {
        object(&self.run.message_menu(id as u32))
    }

    /// Nothing but pulses and timers happens before this time.
    #[must_use]
    pub fn quiet_until(&self, limit: f64) -> f64 {
        self.run.quiet_until(micros(limit)) as f64
    }

    /// What the signs on stage mean, drawn: markup and size.
    #[must_use]
    pub fn key(&self) -> JsValue {
        let (svg, size) = picture::legend(&self.run.stage(), self.run.declaration());
        object(&Legend { svg, width: size.width, height: size.height })
    }

    /// What can be done to all links and all nodes.
    #[must_use]
    pub fn network_menu(&self) -> JsValue {
        object(&self.run.network_menu())
    }

    /// The text with this `chaos` line, or without any.
    #[must_use]
    pub fn with_chaos(&self, line: Option<String>) -> String {
        set_chaos(self.run.text(), self.run.scenario(), line.as_deref()).0
    }

    /// The text with its `chaos` line written out.
    #[must_use]
    pub fn with_chaos_frozen(&self) -> Option<String> {
        freeze_chaos(self.run.text(), self.run.scenario(), self.run.declaration())
    }

    /// The kinds of fault that `chaos` draws from.
    #[must_use]
    pub fn chaos_kinds(&self) -> JsValue {
        let kinds: Vec<ChaosKindView> =
            CHAOS.iter().map(|known| ChaosKindView::of(known, &self.run)).collect();
        object(&kinds)
    }

    /// What is wrong with a node, and what that models.
    #[must_use]
    pub fn ails(&self, node: &str) -> JsValue {
        object(&self.run.ails(node))
    }

    /// What an action models; nothing for what is no fault.
    #[must_use]
    pub fn note(&self, action: &str) -> JsValue {
        self.run.note(action).map_or(JsValue::UNDEFINED, |note| object(&note))
    }

    /// What began or ended to be wrong, packed: time, node, peer, kind, which of its kind, begins.
    #[must_use]
    pub fn troubles(&self) -> Float64Array {
        let mut packed = Vec::new();
        for event in self.run.troubles() {
            let (kind, begins) = trouble(event);
            let ends = [event.node, event.peer].map(|node| f64::from(node.0));
            packed.extend([event.time_us as f64, ends[0], ends[1]]);
            packed.extend([f64::from(kind), f64::from(event.sub), f64::from(u8::from(begins))]);
        }
        Float64Array::from(packed.as_slice())
    }

    /// Events up to the head from the `from`-th on, at most so many, packed: see
    /// `picture::spacetime::record`.
    #[must_use]
    pub fn spacetime(&self, from: f64, most: u32) -> Uint32Array {
        let events = self.run.all_events().iter().skip(from as usize).take(most as usize);
        Uint32Array::from(spacetime::records(events, self.run.declaration()).as_slice())
    }

    /// For each node: its events with a smaller number happened before an event, or are it.
    #[must_use]
    pub fn causal_past(&self, event: u32) -> Uint32Array {
        Uint32Array::from(self.run.past_border(event).as_slice())
    }

    /// For each node: its events from this number on happened after an event, or are it.
    #[must_use]
    pub fn causal_future(&self, event: u32) -> Uint32Array {
        Uint32Array::from(self.run.future_border(event).as_slice())
    }

    /// How two events stand to each other: see `happens_before::run::Link`.
    #[must_use]
    pub fn relation(&self, a: u32, b: u32) -> JsValue {
        self.run.link(a, b).map_or(JsValue::UNDEFINED, |link| object(&link))
    }

    /// Stamp of an event by a kind of logical clock; empty for what is no event of a process.
    #[must_use]
    pub fn stamp(&self, kind: &str, event: u32) -> String {
        let kind = StampKind::of(kind);
        kind.and_then(|kind| self.run.stamps().text(event, kind)).unwrap_or_default()
    }

    /// Cuts through the run, as a protocol records them.
    #[must_use]
    pub fn cuts(&self) -> JsValue {
        object(&self.run.cuts())
    }

    /// An event in one line of plain words.
    #[must_use]
    pub fn event_words(&self, event: u32) -> String {
        if (event as usize) < self.run.all_events().len() {
            words_of(&self.run, event)
        } else {
            String::new()
        }
    }

    /// Client operations, the last 200.
    #[must_use]
    pub fn operations(&self) -> JsValue {
        let all = self.run.operations();
        object(&all[all.len().saturating_sub(200)..])
    }

    /// The run up to the cursor as another tool reads it; empty for a form that is not known.
    #[must_use]
    pub fn exported(&self, form: &str) -> String {
        match form {
            "shiviz" => export::shiviz(&self.run),
            "jepsen" => export::jepsen(&self.run),
            "mermaid" => export::mermaid(&self.run),
            _ => String::new(),
        }
    }

    /// All that a node says of itself.
    #[must_use]
    pub fn inspect(&self, node: &str) -> JsValue {
        match self.run.inspect(node) {
            Some(fields) => object(&Node { name: node, fields: &fields }),
            None => JsValue::UNDEFINED,
        }
    }
}
