//! Keeps of a module what a rehearsal reaches. The module is marked with probes, a script plays
//! with it what the page will play, and every stretch of code that was not reached becomes a trap,
//! which wasm-opt then removes with all that only it needed. What is left does exactly what the
//! module does, or stops: never something else.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use walrus::ir::{Const, Instr, InstrSeqId, MemArg, Store, StoreKind, Unreachable, Value};
use walrus::{LocalFunction, MemoryId, Module};

/// What plays, from the root.
pub const SCRIPT: &str = "scripts/rehearse.mjs";
const PAGE: u64 = 65_536;

/// Where a stretch of code begins: a sequence of instructions and an index in it.
type Probe = (InstrSeqId, usize);

/// Prunes the module in place; gives what it said in the rehearsal.
pub fn prune(root: &Path, module: &Path) -> Result<String, String> {
    let bytes = fs::read(module).map_err(|e| format!("cannot read {}: {e}", module.display()))?;
    let (reached, said) = rehearse(root, module, &bytes)?;
    let mut pruned = parsed(&bytes)?;
    let mut marks = reached.iter();
    for (_, function) in pruned.funcs.iter_local_mut() {
        let dead: Vec<Probe> =
            probes(function).into_iter().filter(|_| marks.next() != Some(&1)).collect();
        // From the last to the first: the first cut of a sequence counts.
        for (sequence, at) in dead.into_iter().rev() {
            let instructions = &mut function.block_mut(sequence).instrs;
            instructions.truncate(at);
            instructions.push((Instr::Unreachable(Unreachable {}), Default::default()));
        }
    }
    write(module, &pruned.emit_wasm())?;
    Ok(said)
}

/// Plays with a module; a hash of all that it said.
pub fn play(root: &Path, module: &Path, marks: &[String]) -> Result<String, String> {
    let mut node = Command::new("node");
    node.current_dir(root).arg(SCRIPT).arg(module).args(marks).stderr(Stdio::inherit());
    let done = node.output().map_err(|error| format!("cannot start node: {error}"))?;
    if !done.status.success() {
        return Err(format!("{SCRIPT} failed ({})", done.status));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Plays with a marked copy: for each probe 1 when it was reached, and what was said.
fn rehearse(root: &Path, module: &Path, bytes: &[u8]) -> Result<(Vec<u8>, String), String> {
    let mut marked = parsed(bytes)?;
    let memory = marked.memories.iter().next().map(|memory| memory.id());
    let memory = memory.ok_or("the module has no memory")?;
    // The marks stand behind all memory that the module begins with.
    let base = marked.memories.get(memory).initial * PAGE;
    let mut next = base;
    for (_, function) in marked.funcs.iter_local_mut() {
        let probes = probes(function);
        // From the last to the first, so that earlier indexes stay right.
        for (k, &(sequence, at)) in probes.iter().enumerate().rev() {
            let mark = set(memory, next + k as u64);
            function.block_mut(sequence).instrs.splice(at..at, mark);
        }
        next += probes.len() as u64;
    }
    marked.memories.get_mut(memory).initial += (next - base).div_ceil(PAGE);
    let copy = module.with_extension("marked.wasm");
    let marks = module.with_extension("marks");
    write(&copy, &marked.emit_wasm())?;
    let said =
        play(root, &copy, &[base.to_string(), next.to_string(), marks.display().to_string()])?;
    let reached = fs::read(&marks).map_err(|e| format!("cannot read {}: {e}", marks.display()))?;
    for file in [copy, marks] {
        fs::remove_file(&file).map_err(|e| format!("cannot remove {}: {e}", file.display()))?;
    }
    Ok((reached, said))
}

/// The beginning of each sequence, and what follows an instruction that may leave it.
fn probes(function: &LocalFunction) -> Vec<Probe> {
    let mut found = Vec::new();
    let mut open = vec![function.entry_block()];
    while let Some(sequence) = open.pop() {
        found.push((sequence, 0));
        let instructions = &function.block(sequence).instrs;
        for (k, (instruction, _)) in instructions.iter().enumerate() {
            match instruction {
                Instr::Block(block) => open.push(block.seq),
                Instr::Loop(body) => open.push(body.seq),
                Instr::IfElse(fork) => open.extend([fork.consequent, fork.alternative]),
                Instr::BrIf(_) => {}
                _ => continue,
            }
            if k + 1 < instructions.len() {
                found.push((sequence, k + 1));
            }
        }
    }
    found
}

/// Stores 1 at an address.
fn set(memory: MemoryId, address: u64) -> [(Instr, walrus::ir::InstrLocId); 3] {
    let number = |value| Instr::Const(Const { value: Value::I32(value) });
    let store = Store {
        memory,
        kind: StoreKind::I32_8 { atomic: false },
        arg: MemArg { align: 1, offset: 0 },
    };
    [number(address as i32), number(1), Instr::Store(store)]
        .map(|instruction| (instruction, Default::default()))
}

fn parsed(bytes: &[u8]) -> Result<Module, String> {
    Module::from_buffer(bytes).map_err(|error| format!("walrus: {error:#}"))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(file, bytes).map_err(|e| format!("cannot write {}: {e}", file.display()))
}
