//! What the page calls to check a history from a file: a thin shell over `Inquiry`, in a module
//! of its own that is fetched when a file is opened. No logic lives here: what is many crosses
//! as typed arrays, what is looked at as plain objects.

use happens_before_histories::{Columns, Inquiry, Options, Unreadable};
use js_sys::{Float64Array, JSON, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// About how many bytes a search may hold: half of what the module can address with ease.
const BYTES: usize = 1 << 30;

/// The check of one history.
#[wasm_bindgen]
pub struct Checker {
    inquiry: Inquiry,
}

/// Why a text cannot be read, and the line itself.
#[derive(Serialize)]
struct Refusal<'a> {
    line: usize,
    reason: String,
    text: &'a str,
}

/// A plain object; these types always serialize.
fn object<T: Serialize + ?Sized>(value: &T) -> JsValue {
    let text = serde_json::to_string(value).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::UNDEFINED)
}

fn refusal(text: &str, Unreadable { line, reason }: Unreadable) -> JsValue {
    let its = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let end = its.char_indices().nth(200).map_or(its.len(), |(end, _)| end);
    object(&Refusal { line, reason, text: &its[..end] })
}

fn rows(rows: &[usize]) -> Uint32Array {
    let rows: Vec<u32> = rows.iter().map(|&row| row as u32).collect();
    Uint32Array::from(rows.as_slice())
}

/// A number of steps; what is not a number is 0, what is too large the largest.
fn steps(steps: f64) -> u64 {
    steps as u64
}

#[wasm_bindgen]
impl Checker {
    /// Reads a history; its format and model are guessed. Nothing is decided.
    ///
    /// # Errors
    /// The line that cannot be read, why, and its text.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, steps_max: f64) -> Result<Checker, JsValue> {
        let options = Options { steps: steps(steps_max), bytes: BYTES, ..Options::default() };
        let inquiry = Inquiry::new(text, &options).map_err(|wrong| refusal(text, wrong))?;
        Ok(Checker { inquiry })
    }

    /// Goes on for about so many steps; how far it is then.
    #[must_use]
    pub fn advance(&mut self, most: f64) -> JsValue {
        self.inquiry.advance(steps(most));
        object(&self.inquiry.progress())
    }

    /// Allows so many steps in all.
    pub fn raise(&mut self, steps_max: f64) {
        self.inquiry.raise(steps(steps_max), BYTES);
    }

    /// What is said once.
    #[must_use]
    pub fn picture(&mut self) -> JsValue {
        object(&self.inquiry.picture())
    }

    /// Numbers of all operations, one column after another: process, key, call, end, call_at,
    /// end_at, fate, where the label ends. Then the labels, as UTF-8, and the times, µs.
    #[must_use]
    pub fn columns(&self) -> Box<[JsValue]> {
        let Columns { process, key, call, end, call_at, end_at, fate, labels, label_ends, time } =
            self.inquiry.columns();
        let numbers = [process, key, call, end, call_at, end_at, fate, label_ends];
        let mut columns: Vec<JsValue> =
            numbers.iter().map(|it| Uint32Array::from(it.as_slice()).into()).collect();
        columns.push(Uint8Array::from(labels.as_bytes()).into());
        columns.push(Float64Array::from(time.as_slice()).into());
        columns.into()
    }

    /// The rows of a key in an order that explains it, or that comes furthest.
    #[must_use]
    pub fn order(&self, key: u32) -> Uint32Array {
        rows(&self.inquiry.order(key as usize))
    }

    /// A single operation.
    #[must_use]
    pub fn look(&self, row: u32) -> JsValue {
        self.inquiry.look(row as usize).map_or(JsValue::UNDEFINED, |look| object(&look))
    }
}
