//! What the page calls: a thin shell over `Run`. No logic lives here.

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a panic in Rust readable in the console.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// One scenario being played.
#[wasm_bindgen]
pub struct Engine {}

#[wasm_bindgen]
impl Engine {
    /// The version of the engine.
    #[must_use]
    pub fn version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }
}
