//! Builds the wasm module and its TypeScript bindings into `web/generated/`.

fn main() {}
