//! Searching seeds and shrinking what they break, in slices: a worker, or the page between two
//! frames, asks for so many runs at a time. No logic lives here.

use super::{diagnostics, micros};
use crate::objects::object;
use alloc::string::{String, ToString};
use happens_before::explore::{Shrink, violates_under};
use happens_before::protocols::DECLARATIONS;
use happens_before::scenario::{Scenario, parse, set_seed};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// A scenario being explored.
#[wasm_bindgen]
pub struct Explorer {
    text: String,
    scenario: Scenario,
    shrink: Option<Shrink>,
}

#[wasm_bindgen]
impl Explorer {
    /// Nothing has been played.
    ///
    /// # Errors
    /// What is wrong with the text, as a list of diagnostics.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Result<Explorer, JsValue> {
        let scenario = parse(text, DECLARATIONS).map_err(|wrong| diagnostics(&wrong))?;
        Ok(Explorer { text: text.to_string(), scenario, shrink: None })
    }

    /// Plays so many seeds from one on; the first whose run violates a check, NaN if none does.
    #[must_use]
    pub fn search(&self, from: f64, count: u32) -> f64 {
        let from = micros(from);
        let mut seeds = from..from.saturating_add(u64::from(count));
        seeds.find(|&seed| violates_under(&self.scenario, seed)).map_or(f64::NAN, |s| s as f64)
    }

    /// Begins to shrink the run of a seed; false if it violates nothing.
    #[must_use]
    pub fn begin(&mut self, seed: f64) -> bool {
        let text = set_seed(&self.text, &self.scenario, micros(seed));
        self.shrink = Shrink::new(&text, None).ok();
        self.shrink.is_some()
    }

    /// Plays at most so many smaller texts; how far the shrinking is.
    #[must_use]
    pub fn shrink(&mut self, most: u32) -> JsValue {
        let Some(shrink) = &mut self.shrink else { return JsValue::UNDEFINED };
        for _ in 0..most {
            if !shrink.step() {
                break;
            }
        }
        object(&shrink.progress())
    }

    /// The smallest text so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.shrink.as_ref().map_or_else(|| self.text.clone(), Shrink::text)
    }

    /// The violated check in words.
    #[must_use]
    pub fn check(&self) -> String {
        self.shrink.as_ref().map_or_else(String::new, |shrink| shrink.check().to_string())
    }
}
