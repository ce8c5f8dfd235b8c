//! From the crate in `wasm/` to `web/generated/`: cargo, then wasm-bindgen as a library (its
//! version stands in `Cargo.lock`, nothing has to be installed), then wasm-opt from npm.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

const PACKAGE: &str = "happens-before-wasm";
const TARGET: &str = "wasm32-unknown-unknown";
/// The file in the target folder; cargo writes the package's name with underscores.
const COMPILED: &str = "happens_before_wasm.wasm";
/// The stem of what the page imports.
const OUT_NAME: &str = "happens_before";
const STAMP: &str = ".stamp";
const WASM_OPT: &str = "node_modules/binaryen/bin/wasm-opt";
/// Every engine that runs the page has these; rustc emits them by default.
const WASM_OPT_FLAGS: [&str; 13] = [
    "-Oz",
    // Small functions resemble each other, and gzip sees it: 8 % less.
    "--one-caller-inline-max-function-size=0",
    "--converge",
    // Copies of one generic function stand side by side, where gzip sees that they are alike.
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Makes `web/generated/happens_before.js`, `.d.ts` and `_bg.wasm`, unless they are made.
pub fn build() -> Result<(), String> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent folder")?;
    let compiled = compile(root)?;
    let out = root.join("web/generated");
    fs::create_dir_all(&out).map_err(|e| format!("cannot make {}: {e}", out.display()))?;
    crate::catalogue::write(root)?;
    let stamp = stamp(root, &compiled)?;
    let module = out.join(format!("{OUT_NAME}_bg.wasm"));
    if module.exists() && fs::read_to_string(out.join(STAMP)).is_ok_and(|old| old == stamp) {
        println!("wasm: unchanged");
        return Ok(());
    }
    bind(&compiled, &out)?;
    let bound = size(&module)?;
    optimize(root, &module)?;
    println!("wasm: {bound} bytes bound, {} bytes after wasm-opt", size(&module)?);
    fs::write(out.join(STAMP), stamp).map_err(|error| format!("cannot write the stamp: {error}"))
}

/// Compiles the crate; cargo itself knows whether there is something to do.
fn compile(root: &Path) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command.args(["build", "--package", PACKAGE, "--target", TARGET, "--profile", "embed"]);
    command.env("CARGO_ENCODED_RUSTFLAGS", without_home());
    run(command, "cargo")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Ok(root.join(target).join(TARGET).join("embed").join(COMPILED))
}

/// The flags that are set, and one more: panics of dependencies name their place, and that
/// should not be a folder of whoever built the module.
fn without_home() -> String {
    let set = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<String> = set.split_whitespace().map(String::from).collect();
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    flags.extend(home.map(|home| format!("--remap-path-prefix={home}=cargo")));
    flags.join("\u{1f}")
}

/// Writes the bound module and the files around it.
fn bind(compiled: &Path, out: &Path) -> Result<(), String> {
    let failed = |error| format!("wasm-bindgen: {error:#}");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).web(true).map_err(failed)?.typescript(true).out_name(OUT_NAME);
    bindgen.omit_default_module_path(false);
    bindgen.generate(out).map_err(failed)
}

/// Shrinks the module in place.
fn optimize(root: &Path, module: &Path) -> Result<(), String> {
    let tool = root.join(WASM_OPT);
    if !tool.exists() {
        return Err(format!("{WASM_OPT} is missing; run `npm ci` first"));
    }
    let mut command = Command::new("node");
    command.arg(tool).args(WASM_OPT_FLAGS).arg(module).arg("--output").arg(module);
    run(command, "wasm-opt")
}

fn run(mut command: Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot start {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// Changes when the compiled module, this recipe or the version of wasm-opt do. (The version of
/// wasm-bindgen is written in the module.)
fn stamp(root: &Path, compiled: &Path) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    for file in [compiled.to_path_buf(), root.join("node_modules/binaryen/package.json")] {
        let bytes = fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
        hasher.write(&bytes);
    }
    hasher.write(include_bytes!("wasm.rs"));
    Ok(format!("{:016x}", hasher.finish()))
}

fn size(file: &Path) -> Result<u64, String> {
    let metadata =
        fs::metadata(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    Ok(metadata.len())
}
