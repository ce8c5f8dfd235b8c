//! The scenarios that come with the crate, as a file of the page's own: `catalogue.json` in
//! `web/generated/`. They are texts, so the wasm does not carry them.

use happens_before::catalogue::CATALOGUE;
use std::fs;
use std::path::Path;

/// Writes the file, unless it says that already.
pub fn write(root: &Path) -> Result<(), String> {
    let file = root.join("web/generated/catalogue.json");
    let text = serde_json::to_string(CATALOGUE).map_err(|error| error.to_string())?;
    if fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
}
