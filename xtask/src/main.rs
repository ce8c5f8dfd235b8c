//! Builds what the page needs from Rust: `cargo run -p xtask -- wasm` compiles `wasm/`, makes
//! its JavaScript and TypeScript bindings and shrinks it, into `web/generated/`, beside the
//! catalogue and the signs. Writes nowhere else and does nothing when the compiled modules are
//! the same.

mod data;
mod rehearse;
mod sweep;
mod wasm;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["wasm"] => wasm::build(),
        _ => Err("usage: cargo run -p xtask -- wasm".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
