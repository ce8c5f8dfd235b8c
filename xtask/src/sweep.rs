//! Removes constants that no code and no other constant points to: wasm-opt removes only code.
//! Needs a module whose constants are segments of their own, and joins them. Never proves that a
//! constant is not read: whoever calls it plays with the module afterwards.

use std::fs;
use std::path::Path;
use walrus::ir::{Instr, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, DataKind, Module};

/// A constant: its address and its bytes.
struct Piece {
    address: u32,
    bytes: Vec<u8>,
    kept: bool,
}

impl Piece {
    /// Its end, too: a loop may begin or stop there.
    fn holds(&self, address: u32) -> bool {
        (self.address..=self.address + self.bytes.len() as u32).contains(&address)
    }
}

/// Joins the constants in place, without the `unused` ones if so said.
pub fn data(file: &Path, unused: bool) -> Result<(), String> {
    let mut module = Module::from_file(file).map_err(|error| format!("walrus: {error:#}"))?;
    let mut pieces = pieces(&module)?;
    let mut open = addresses(&module);
    while let Some(address) = open.pop() {
        for piece in pieces.iter_mut().filter(|piece| !piece.kept && piece.holds(address)) {
            piece.kept = true;
            // A pointer stands at a multiple of its size.
            let skipped = (4 - piece.address as usize % 4) % 4;
            let words = piece.bytes.get(skipped..).unwrap_or(&[]).chunks_exact(4);
            open.extend(words.map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])));
        }
    }
    let memory = module.memories.iter().next().map(|memory| memory.id());
    let memory = memory.ok_or("the module has no memory")?;
    let old: Vec<_> = module.data.iter().map(|segment| segment.id()).collect();
    for id in old {
        module.data.delete(id);
    }
    for (address, bytes) in joined(pieces.into_iter().filter(|piece| piece.kept || !unused)) {
        let offset = ConstExpr::Value(Value::I32(address as i32));
        module.data.add(DataKind::Active { memory, offset }, bytes);
    }
    fs::write(file, module.emit_wasm()).map_err(|e| format!("cannot write {}: {e}", file.display()))
}

fn pieces(module: &Module) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for segment in module.data.iter() {
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(address)), .. } = segment.kind
        else {
            return Err("a segment of data has no fixed address".into());
        };
        let bytes = segment.value.clone();
        pieces.push(Piece { address: address as u32, bytes, kept: false });
    }
    pieces.sort_by_key(|piece| piece.address);
    Ok(pieces)
}

/// Every number in the code that may be an address.
fn addresses(module: &Module) -> Vec<u32> {
    #[derive(Default)]
    struct Found(Vec<u32>);
    impl<'a> Visitor<'a> for Found {
        fn visit_instr(&mut self, instruction: &'a Instr, _: &'a walrus::InstrLocId) {
            match instruction {
                Instr::Const(number) => match number.value {
                    Value::I32(value) => self.0.push(value as u32),
                    // A pointer and a length in one.
                    Value::I64(value) => self.0.extend([value as u32, (value >> 32) as u32]),
                    _ => {}
                },
                Instr::Load(load) => self.0.push(load.arg.offset as u32),
                Instr::Store(store) => self.0.push(store.arg.offset as u32),
                _ => {}
            }
        }
    }
    let mut found = Found::default();
    for (_, function) in module.funcs.iter_local() {
        dfs_in_order(&mut found, function, function.entry_block());
    }
    found.0
}

/// Neighbours as one segment: a gap costs less than another segment.
fn joined(pieces: impl Iterator<Item = Piece>) -> Vec<(u32, Vec<u8>)> {
    const GAP: usize = 8;
    let mut all: Vec<(u32, Vec<u8>)> = Vec::new();
    for piece in pieces {
        match all.last_mut() {
            Some((address, bytes))
                if piece.address as usize <= *address as usize + bytes.len() + GAP =>
            {
                bytes.resize((piece.address - *address) as usize, 0);
                bytes.extend(piece.bytes);
            }
            _ => all.push((piece.address, piece.bytes)),
        }
    }
    all
}
