//! From the crates in `wasm/` to `web/generated/`: cargo, then wasm-bindgen as a library (its
//! version stands in `Cargo.lock`, nothing has to be installed), then wasm-opt from npm. Thrice:
//! the playing engine, which the page loads before its first frame and which is pruned to what
//! that needs (`rehearse.rs`), the whole one, and the checker of histories from files.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::{data, rehearse, sweep};
use wasm_bindgen_cli_support::Bindgen;

const ENGINE: &str = "happens-before-wasm";
const CHECKER: &str = "happens-before-checker";
const TARGET: &str = "wasm32-unknown-unknown";

/// One of the modules.
struct Build {
    /// The stem of what the page imports.
    name: &'static str,
    package: &'static str,
    /// How cargo is told what belongs to it.
    features: &'static [&'static str],
    /// Whether it is to be as small as can be, with a core and alloc of its own.
    own_library: bool,
    /// Whether it keeps only what the rehearsal reaches.
    rehearsed: bool,
}

const BUILDS: [Build; 3] = [
    Build {
        name: "playing",
        package: ENGINE,
        features: &["--no-default-features"],
        own_library: true,
        rehearsed: true,
    },
    Build {
        name: "happens_before",
        package: ENGINE,
        features: &[],
        own_library: true,
        rehearsed: false,
    },
    Build {
        name: "checker",
        package: CHECKER,
        features: &[],
        // Fetched when somebody opens a file: that is worth no minutes of compiling std.
        own_library: false,
        rehearsed: false,
    },
];

/// A panic is a trap without words: the native build says them, for the same text. Without them,
/// without places in the sources and without derived `Debug`, the engine is a tenth smaller; the
/// standard library's crates have to be compiled in the same way.
const SMALLER: [&str; 4] =
    ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"];

/// Each constant stays a piece of data of its own, so that `sweep.rs` can tell them apart.
const PIECES: &str = "-Clink-arg=--no-merge-data-segments";
const WASM_OPT: &str = "node_modules/binaryen/bin/wasm-opt";
/// Every engine that runs the page has these; rustc emits them by default.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
const SHRINK: [&str; 5] = [
    "-Oz",
    // Small functions resemble each other, and gzip sees it: 8 % less.
    "--one-caller-inline-max-function-size=0",
    "--converge",
    "--debuginfo",
    // It cuts the zeros from constants, and then their addresses are not where they begin.
    "--skip-pass=memory-packing",
];
const FINISH: [&str; 3] = [
    // Copies of one generic function stand side by side, where gzip sees that they are alike.
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
];

/// Makes `.js`, `.d.ts` and `_bg.wasm` of all modules in `web/generated/`, unless they are made.
pub fn build() -> Result<(), String> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent folder")?;
    let out = root.join("web/generated");
    fs::create_dir_all(&out).map_err(|e| format!("cannot make {}: {e}", out.display()))?;
    data::write(&out)?;
    let smaller = has_library_sources();
    if !smaller {
        println!(
            "wasm: the sources of the standard library are missing, so the engine gets larger \
             than it need be (`rustup component add rust-src` mends that)"
        );
    }
    let how = if smaller { "own core and alloc" } else { "standard library as it comes" };
    data::write_one(&out.join("library.txt"), how)?;
    // While one module is shrunk the next is compiled: each uses one core.
    let compiler = Mutex::new(());
    std::thread::scope(|scope| {
        let (out, compiler) = (&out, &compiler);
        let module = |build| scope.spawn(move || module(root, out, build, smaller, compiler));
        let builds: Vec<_> = BUILDS.iter().map(module).collect();
        builds.into_iter().try_for_each(|build| build.join().map_err(|_| "a build panicked")?)
    })
}

/// One module, unless it is made. `compiler` is held until what cargo wrote has been read: both
/// engines come out under the same name.
fn module(
    root: &Path,
    out: &Path,
    build: &Build,
    smaller: bool,
    compiler: &Mutex<()>,
) -> Result<(), String> {
    let compiling = compiler.lock().map_err(|_| "a build panicked")?;
    let compiled = compile(root, build, smaller)?;
    let stamp = stamp(root, &compiled, build)?;
    let stamp_file = out.join(format!(".{}.stamp", build.name));
    let module = out.join(format!("{}_bg.wasm", build.name));
    if module.exists() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        println!("{}: unchanged", build.name);
        return Ok(());
    }
    bind(&compiled, out, build.name)?;
    drop(compiling);
    let bound = size(&module)?;
    if build.rehearsed {
        keep_rehearsed(root, &module)?;
    } else {
        optimize(root, &module, &SHRINK)?;
        finish(root, &module, false)?;
    }
    println!("{}: {bound} bytes bound, {} bytes after wasm-opt", build.name, size(&module)?);
    fs::write(stamp_file, stamp).map_err(|error| format!("cannot write the stamp: {error}"))
}

/// Shrinks the module to what the rehearsal reaches, and plays that again with what is left.
fn keep_rehearsed(root: &Path, module: &Path) -> Result<(), String> {
    let said = rehearse::prune(root, module)?;
    optimize(root, module, &SHRINK)?;
    let shrunk = read(module)?;
    finish(root, module, true)?;
    if rehearse::play(root, module, &[]).is_ok_and(|again| again == said) {
        return Ok(());
    }
    println!("a constant is read to which nothing points: all of them stay");
    fs::write(module, shrunk).map_err(|e| format!("cannot write {}: {e}", module.display()))?;
    finish(root, module, false)?;
    let again = rehearse::play(root, module, &[])?;
    if again == said { Ok(()) } else { Err("the pruned engine plays differently".into()) }
}

/// Joins the constants, without the `unused` ones if so said, and drops the names.
fn finish(root: &Path, module: &Path, unused: bool) -> Result<(), String> {
    sweep::data(module, unused)?;
    optimize(root, module, &FINISH)
}

/// Whether rustup's component `rust-src` is here.
fn has_library_sources() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc).args(["--print", "sysroot"]).output();
    asked.is_ok_and(|answer| {
        let sysroot = String::from_utf8_lossy(&answer.stdout).into_owned();
        Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock").exists()
    })
}

/// Compiles the crate; cargo itself knows whether there is something to do.
fn compile(root: &Path, build: &Build, smaller: bool) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command.args(["build", "--package", build.package, "--target", TARGET, "--profile", "embed"]);
    command.args(build.features);
    let mut flags = without_home();
    flags.push(PIECES.into());
    if smaller && build.own_library {
        // These options are as stable as the compiler's version, which rust-toolchain.toml pins.
        command.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=core,alloc");
        flags.extend(SMALLER.map(String::from));
    }
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    run(command, "cargo")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    // Cargo writes the package's name with underscores.
    let compiled = format!("{}.wasm", build.package.replace('-', "_"));
    Ok(root.join(target).join(TARGET).join("embed").join(compiled))
}

/// The flags that are set, and one more: panics of dependencies name their place, and that
/// should not be a folder of whoever built the module.
fn without_home() -> Vec<String> {
    let set = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<String> = set.split_whitespace().map(String::from).collect();
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    flags.extend(home.map(|home| format!("--remap-path-prefix={home}=cargo")));
    flags
}

/// Writes the bound module and the files around it.
fn bind(compiled: &Path, out: &Path, name: &str) -> Result<(), String> {
    let failed = |error| format!("wasm-bindgen: {error:#}");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).web(true).map_err(failed)?.typescript(true).out_name(name);
    bindgen.omit_default_module_path(false);
    bindgen.generate(out).map_err(failed)
}

/// Runs wasm-opt on the module in place.
fn optimize(root: &Path, module: &Path, passes: &[&str]) -> Result<(), String> {
    let tool = root.join(WASM_OPT);
    if !tool.exists() {
        return Err(format!("{WASM_OPT} is missing; run `npm ci` first"));
    }
    let mut command = Command::new("node");
    command.arg(tool).args(FEATURES).args(passes).arg(module).arg("--output").arg(module);
    run(command, "wasm-opt")
}

pub fn run(mut command: Command, name: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("cannot start {name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// Changes when the compiled module, this recipe, the rehearsal or the version of wasm-opt do.
/// (The version of wasm-bindgen is written in the module.)
fn stamp(root: &Path, compiled: &Path, build: &Build) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    let mut files = vec![compiled.to_path_buf(), root.join("node_modules/binaryen/package.json")];
    if build.rehearsed {
        files.extend([rehearse::SCRIPT, data::CATALOGUE].map(|name| root.join(name)));
    }
    for file in files {
        hasher.write(&read(&file)?);
    }
    hasher.write(include_bytes!("wasm.rs"));
    hasher.write(include_bytes!("rehearse.rs"));
    hasher.write(include_bytes!("sweep.rs"));
    Ok(format!("{:016x}", hasher.finish()))
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

fn size(file: &Path) -> Result<u64, String> {
    let metadata =
        fs::metadata(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    Ok(metadata.len())
}
